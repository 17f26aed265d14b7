from typing import Any

import pytest

from records.app_client import RefreshTokenRotation
from records.evaluation import Severity
from records.snapshot import Snapshot
from records.user_pool import CUSTOM_AUTH_TRIGGERS, DynamicClientRegistration, LambdaTrigger
from rules.app_clients import (
    access_token_lives_too_long,
    admin_password_flow_needs_no_secret,
    anyone_can_register_app_clients,
    anyone_can_register_machine_clients,
    callback_is_plain_http,
    custom_auth_lacks_triggers,
    errors_reveal_users,
    implicit_grant_is_allowed,
    password_is_sent_without_srp,
    public_client_has_secret,
    refresh_token_lives_too_long,
    token_revocation_is_off,
)
from rules.engine import Rule
from tests.builders import make_app_client, make_machine_client
from tests.rules.judging import (
    NO_USER_POOL,
    Case,
    app_client,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
    user_pool,
)

IMPLICIT = frozenset({"code", "implicit"})
MANY = "raised because the user pool has more than 1,000 users"
UNROTATED = RefreshTokenRotation(is_enabled=False, grace_seconds=None)
PASSWORDS = make_app_client(explicit_auth_flows=frozenset({"ALLOW_USER_PASSWORD_AUTH"}))
MIGRATION = LambdaTrigger(
    stage="UserMigration",
    function_arn="arn:aws:lambda:eu-west-1:111122223333:function:migrate",
    version=None,
)
CUSTOM_AUTH = make_app_client(
    explicit_auth_flows=frozenset({"ALLOW_CUSTOM_AUTH"}), refresh_token_rotation=UNROTATED
)


def machine(**overrides: Any) -> Snapshot:
    return user_pool(clients=(make_machine_client(**overrides),))


def custom_auth(*stages: str, **overrides: Any) -> Snapshot:
    triggers = tuple(
        LambdaTrigger(
            stage=stage, function_arn=f"arn:aws:lambda:eu-west-1:111122223333:function:{stage}", version=None
        )
        for stage in stages
    )
    return user_pool(**{"clients": (CUSTOM_AUTH,), "triggers": triggers, **overrides})


def registration(**overrides: Any) -> Snapshot:
    settings: dict[str, Any] = {
        "is_enabled": True,
        "is_open": True,
        "authenticated_grant_types": frozenset(),
        "open_grant_types": frozenset({"code"}),
        "allowed_scopes": frozenset(),
    }
    return user_pool(dynamic_client_registration=DynamicClientRegistration(**{**settings, **overrides}))


CASES = [
    fails(
        implicit_grant_is_allowed,
        "beside the code grant",
        app_client(oauth_flows=IMPLICIT),
        "allows the implicit grant",
        evidence=(("AllowedOAuthFlows", ("code", "implicit")),),
    ),
    passes(implicit_grant_is_allowed, "code grant only", app_client()),
    passes(
        implicit_grant_is_allowed,
        "listed while OAuth is off",
        app_client(oauth_flows=IMPLICIT, is_oauth_enabled=False),
    ),
    fails(
        callback_is_plain_http,
        "two of four callbacks",
        app_client(
            callback_urls=(
                "http://shop.example.com/a",
                "https://shop.example.com/b",
                "http://localhost:3000/c",
                "myapp://d",
            ),
            default_redirect_uri="HTTP://old.example.com/e",
        ),
        "sends users back to http://shop.example.com/a without encryption",
        "sends users back to HTTP://old.example.com/e without encryption",
        evidence=(
            ("CallbackURLs", "http://shop.example.com/a"),
            ("CallbackURLs", "HTTP://old.example.com/e"),
        ),
    ),
    passes(callback_is_plain_http, "https", app_client()),
    passes(
        callback_is_plain_http,
        "loopback",
        app_client(callback_urls=("http://127.0.0.1:8080/", "http://[::1]/")),
    ),
    is_no_matter(
        callback_is_plain_http,
        "OAuth is off",
        app_client(callback_urls=("http://shop.example.com/",), is_oauth_enabled=None),
    ),
    fails(
        errors_reveal_users,
        "legacy",
        app_client(prevent_user_existence_errors="LEGACY"),
        "tells unknown users from wrong passwords (PreventUserExistenceErrors LEGACY)",
        evidence=(("PreventUserExistenceErrors", "LEGACY"),),
    ),
    fails(
        errors_reveal_users,
        "left out counts as legacy",
        app_client(prevent_user_existence_errors=None),
        "tells unknown users from wrong passwords (PreventUserExistenceErrors not set)",
    ),
    passes(errors_reveal_users, "enabled", app_client()),
    is_no_matter(errors_reveal_users, "machine", machine(prevent_user_existence_errors="LEGACY")),
    fails(
        public_client_has_secret,
        "implicit grant and an app's callback",
        app_client(has_secret=True, oauth_flows=IMPLICIT, callback_urls=("myapp://signed-in",)),
        "has a secret, yet allows the implicit grant and a custom-scheme callback",
        evidence=(("AllowedOAuthFlows", ("code", "implicit")), ("CallbackURLs", ("myapp://signed-in",))),
    ),
    fails(
        public_client_has_secret,
        "loopback callbacks only",
        app_client(has_secret=True, callback_urls=("http://localhost:3000/",)),
        "has a secret, yet allows loopback callbacks only",
    ),
    passes(
        public_client_has_secret, "public without a secret", app_client(callback_urls=("myapp://signed-in",))
    ),
    passes(public_client_has_secret, "server with a secret", app_client(has_secret=True)),
    fails(
        token_revocation_is_off,
        "off",
        app_client(is_token_revocation_enabled=False),
        "has token revocation switched off",
        evidence=(("EnableTokenRevocation", False),),
    ),
    fails(
        token_revocation_is_off,
        "old client without the setting",
        app_client(is_token_revocation_enabled=None),
        "has token revocation switched off",
    ),
    passes(token_revocation_is_off, "on", app_client()),
    is_no_matter(token_revocation_is_off, "machine", machine(is_token_revocation_enabled=False)),
    fails(
        admin_password_flow_needs_no_secret,
        "admin flow without a secret",
        app_client(explicit_auth_flows=frozenset({"ALLOW_ADMIN_USER_PASSWORD_AUTH"})),
        "allows ALLOW_ADMIN_USER_PASSWORD_AUTH without a secret",
        evidence=(("ExplicitAuthFlows", ("ALLOW_ADMIN_USER_PASSWORD_AUTH",)),),
    ),
    fails(
        admin_password_flow_needs_no_secret,
        "old name of the flow",
        app_client(explicit_auth_flows=frozenset({"ADMIN_NO_SRP_AUTH"})),
        "allows ADMIN_NO_SRP_AUTH without a secret",
    ),
    passes(
        admin_password_flow_needs_no_secret,
        "server with a secret",
        app_client(has_secret=True, explicit_auth_flows=frozenset({"ALLOW_ADMIN_USER_PASSWORD_AUTH"})),
    ),
    passes(admin_password_flow_needs_no_secret, "no admin flow", app_client()),
    fails(
        password_is_sent_without_srp,
        "password flow",
        app_client(explicit_auth_flows=frozenset({"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"})),
        "allows ALLOW_USER_PASSWORD_AUTH",
        evidence=(("ExplicitAuthFlows", ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH")),),
    ),
    fails(
        password_is_sent_without_srp,
        "old name of the flow",
        app_client(explicit_auth_flows=frozenset({"USER_PASSWORD_AUTH"})),
        "allows USER_PASSWORD_AUTH",
    ),
    fails(
        password_is_sent_without_srp,
        "user pool unread",
        user_pool(settings=NO_USER_POOL, clients=(PASSWORDS,)),
        "allows ALLOW_USER_PASSWORD_AUTH",
        gaps=(NO_USER_POOL,),
    ),
    fails(
        password_is_sent_without_srp,
        "migration",
        user_pool(clients=(PASSWORDS,), triggers=(MIGRATION,)),
        "allows ALLOW_USER_PASSWORD_AUTH",
    ),
    passes(password_is_sent_without_srp, "SRP", app_client()),
    passes(password_is_sent_without_srp, "AWS's default flows", app_client(explicit_auth_flows=frozenset())),
    fails(
        access_token_lives_too_long,
        "a day",
        app_client(access_token_seconds=86400),
        "issues access tokens for 1440 minutes, more than 60",
        evidence=(("AccessTokenValidity", "86400 seconds"),),
    ),
    passes(access_token_lives_too_long, "exactly an hour", app_client()),
    passes(access_token_lives_too_long, "left out counts as an hour", app_client(access_token_seconds=None)),
    is_no_matter(access_token_lives_too_long, "machine", machine(access_token_seconds=86400)),
    fails(
        refresh_token_lives_too_long,
        "ten years",
        app_client(refresh_token_seconds=3650 * 86400, refresh_token_rotation=UNROTATED),
        "issues refresh tokens for 3650 days, more than 30",
        evidence=(
            ("RefreshTokenValidity", "315360000 seconds"),
            ("RefreshTokenRotation.Feature", "DISABLED"),
        ),
    ),
    fails(
        refresh_token_lives_too_long,
        "half a day too long with rotation",
        app_client(
            refresh_token_seconds=30 * 86400 + 43200,
            refresh_token_rotation=RefreshTokenRotation(is_enabled=True, grace_seconds=10),
        ),
        "issues refresh tokens for 30.5 days, more than 30",
        evidence=(("RefreshTokenValidity", "2635200 seconds"), ("RefreshTokenRotation.Feature", "ENABLED")),
    ),
    passes(refresh_token_lives_too_long, "exactly 30 days", app_client()),
    passes(refresh_token_lives_too_long, "0 counts as 30 days", app_client(refresh_token_seconds=0)),
    is_no_matter(refresh_token_lives_too_long, "machine", machine(refresh_token_seconds=3650 * 86400)),
    fails(
        custom_auth_lacks_triggers,
        "none",
        custom_auth(),
        "allows custom authentication, yet its user pool lacks all triggers for it",
        evidence=(("ExplicitAuthFlows", ("ALLOW_CUSTOM_AUTH",)), ("UserPool.LambdaConfig", ())),
    ),
    fails(
        custom_auth_lacks_triggers,
        "a partial set through the default flows",
        custom_auth("DefineAuthChallenge", clients=(make_app_client(explicit_auth_flows=frozenset()),)),
        "allows custom authentication, yet its user pool lacks CreateAuthChallenge and"
        " VerifyAuthChallengeResponse for it",
    ),
    passes(custom_auth_lacks_triggers, "all three", custom_auth(*sorted(CUSTOM_AUTH_TRIGGERS))),
    is_no_matter(custom_auth_lacks_triggers, "flow not allowed", app_client()),
    is_no_matter(
        custom_auth_lacks_triggers, "machine with default flows", machine(explicit_auth_flows=frozenset())
    ),
    is_unknown(
        custom_auth_lacks_triggers,
        "user pool unread",
        user_pool(settings=NO_USER_POOL, clients=(CUSTOM_AUTH,)),
        NO_USER_POOL,
    ),
    fails(
        anyone_can_register_app_clients,
        "open",
        registration(),
        "lets anybody register app clients",
        evidence=(
            ("DcrConfiguration.OpenDcrEnabled", True),
            ("DcrConfiguration.OpenDcrGrantTypes", ("code",)),
            ("DcrConfiguration.AllowedScopes", ()),
        ),
    ),
    fails(
        anyone_can_register_app_clients,
        "status left out counts as enabled",
        registration(is_enabled=None),
        "lets anybody register app clients",
    ),
    passes(anyone_can_register_app_clients, "a token is needed", registration(is_open=False)),
    passes(anyone_can_register_app_clients, "registration is off", registration(is_enabled=False)),
    passes(anyone_can_register_app_clients, "never set", user_pool()),
    fails(
        anyone_can_register_machine_clients,
        "machine grant is open",
        registration(open_grant_types=frozenset({"code", "client_credentials"})),
        "lets anybody register app clients with the client_credentials grant",
        evidence=(("DcrConfiguration.OpenDcrGrantTypes", ("client_credentials", "code")),),
    ),
    passes(anyone_can_register_machine_clients, "code grant only", registration()),
    passes(
        anyone_can_register_machine_clients,
        "left out counts as code only",
        registration(open_grant_types=frozenset()),
    ),
    is_no_matter(
        anyone_can_register_machine_clients,
        "a token is needed",
        registration(is_open=False, open_grant_types=frozenset({"client_credentials"})),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_app_client_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("rule", "snapshot", "severity", "reason"),
    [
        (password_is_sent_without_srp, user_pool(clients=(PASSWORDS,)), Severity.HIGH, MANY),
        (
            password_is_sent_without_srp,
            user_pool(clients=(PASSWORDS,), triggers=(MIGRATION,)),
            Severity.LOW,
            "lowered because users are moved in by a UserMigration trigger, which needs the password",
        ),
        (
            password_is_sent_without_srp,
            app_client(explicit_auth_flows=PASSWORDS.explicit_auth_flows, has_secret=True),
            Severity.LOW,
            "lowered because a server with a secret sends the password",
        ),
        (
            password_is_sent_without_srp,
            app_client(
                explicit_auth_flows=PASSWORDS.explicit_auth_flows,
                has_secret=True,
                callback_urls=("shop://in",),
            ),
            Severity.HIGH,
            MANY,
        ),
        (
            access_token_lives_too_long,
            app_client(access_token_seconds=43201),
            Severity.HIGH,
            "raised because an access token lives longer than 720 minutes",
        ),
        (access_token_lives_too_long, app_client(access_token_seconds=43200), Severity.MEDIUM, ""),
        (
            refresh_token_lives_too_long,
            app_client(refresh_token_seconds=366 * 86400, refresh_token_rotation=None),
            Severity.HIGH,
            "raised because refresh tokens live longer than 365 days and do not rotate",
        ),
        (refresh_token_lives_too_long, app_client(refresh_token_seconds=366 * 86400), Severity.MEDIUM, ""),
        (custom_auth_lacks_triggers, custom_auth(), Severity.LOW, ""),
        (custom_auth_lacks_triggers, custom_auth("DefineAuthChallenge"), Severity.LOW, ""),
        (
            custom_auth_lacks_triggers,
            custom_auth("CreateAuthChallenge"),
            Severity.MEDIUM,
            "raised because some of the triggers are there, so sign-in fails half-way",
        ),
    ],
)
def test_problems_are_graded(rule: Rule, snapshot: Snapshot, severity: Severity, reason: str) -> None:
    said = judge(rule, snapshot)

    assert (said.severity, said.severity_reason) == (severity, reason)
