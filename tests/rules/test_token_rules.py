from typing import Any

import pytest

from records.evaluation import Severity
from records.facet import FacetName, Gap, Reason
from records.snapshot import Snapshot
from records.user_pool_parts import ClientSession, ResourceServer, SessionConfiguration
from rules.tokens import (
    machine_client_signs_in_users,
    machine_token_lives_too_long,
    scope_has_no_resource_server,
    single_sign_on_lasts_too_long,
    token_exchange_hides_who_acts,
)
from tests.builders import (
    make_app_client,
    make_app_client_snapshot,
    make_gap,
    make_machine_client,
    make_snapshot,
    make_user_pool_snapshot,
)
from tests.rules.judging import Case, app_client, fails, is_no_matter, is_unknown, judge, passes, user_pool

NO_SESSION = make_gap("cognito-idp:GetUserPoolClientSessionConfiguration")
NO_TRACKING = make_gap("cognito-idp:GetUserPoolSessionConfiguration")
NOT_ON_LITE = make_gap("cognito-idp:GetUserPoolClientSessionConfiguration", Reason.NOT_IN_PLAN)
NO_SERVERS = make_gap("cognito-idp:ListResourceServers")
UNTRACKED = SessionConfiguration(tracking="DISABLED", max_per_user=20)
FLOWS = frozenset({"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"})


def session(
    minutes: int | Gap | None, tracking: SessionConfiguration | Gap | None = None, **overrides: Any
) -> Snapshot:
    client = make_app_client_snapshot(
        make_app_client(**overrides),
        session=minutes if isinstance(minutes, Gap) else ClientSession(sso_minutes=minutes),
    )
    more = {} if tracking is None else {FacetName.SESSION_CONFIGURATION: tracking}
    return make_snapshot(user_pools=[make_user_pool_snapshot(clients=(client,), more=more)])


def scopes(
    *names: str, servers: tuple[ResourceServer, ...] | Gap | None = None, **overrides: Any
) -> Snapshot:
    client = make_app_client(**{"oauth_scopes": frozenset(names), **overrides})
    more = {} if servers is None else {FacetName.RESOURCE_SERVERS: servers}
    return make_snapshot(user_pools=[make_user_pool_snapshot(clients=(client,), more=more)])


def server(identifier: str, *names: str) -> ResourceServer:
    return ResourceServer(identifier=identifier, name=identifier, scopes=names, managed_by=None)


def machine(*flows: str) -> Snapshot:
    return user_pool(clients=(make_machine_client(explicit_auth_flows=frozenset(flows)),))


CASES = [
    fails(
        single_sign_on_lasts_too_long,
        "ninety days",
        session(129600),
        "reuses a single sign-on session for 129600 minutes, more than 1440",
        evidence=(("SSOSession.MaxValidityMinutes", 129600),),
    ),
    passes(single_sign_on_lasts_too_long, "exactly a day", session(1440)),
    passes(single_sign_on_lasts_too_long, "never reused", session(0)),
    passes(single_sign_on_lasts_too_long, "left out", session(None)),
    passes(single_sign_on_lasts_too_long, "tracking unread, window short", session(60, NO_TRACKING)),
    is_no_matter(single_sign_on_lasts_too_long, "tracking off", session(129600, UNTRACKED)),
    is_no_matter(
        single_sign_on_lasts_too_long,
        "no browser",
        session(129600, oauth_flows=frozenset({"client_credentials"})),
    ),
    is_no_matter(single_sign_on_lasts_too_long, "OAuth off", session(129600, is_oauth_enabled=False)),
    is_no_matter(single_sign_on_lasts_too_long, "not in the plan", session(NOT_ON_LITE)),
    is_unknown(single_sign_on_lasts_too_long, "window unread", session(NO_SESSION), NO_SESSION),
    is_unknown(
        single_sign_on_lasts_too_long,
        "tracking unread, window long",
        session(129600, NO_TRACKING),
        NO_TRACKING,
    ),
    fails(
        scope_has_no_resource_server,
        "server gone, and scope gone",
        scopes("openid", "https://api.example.com/orders/read", "billing/read", "billing/write"),
        "lists the scope billing/write, which no resource server has",
        "lists the scope https://api.example.com/orders/read, which no resource server has",
        evidence=(
            ("AllowedOAuthScopes", "billing/write"),
            ("AllowedOAuthScopes", "https://api.example.com/orders/read"),
        ),
    ),
    fails(
        scope_has_no_resource_server,
        "no servers at all",
        scopes("billing/read", servers=()),
        "lists the scope billing/read, which no resource server has",
    ),
    passes(
        scope_has_no_resource_server,
        "identifier with slashes",
        scopes("https://api.example.com/v1/read", servers=(server("https://api.example.com/v1", "read"),)),
    ),
    passes(
        scope_has_no_resource_server,
        "AWS's own",
        scopes(
            "openid",
            "profile",
            "aws.cognito.signin.user.admin",
            "aws.cognito/dcr/register",
            "newer",
            servers=(),
        ),
    ),
    passes(scope_has_no_resource_server, "none", scopes(servers=())),
    is_no_matter(scope_has_no_resource_server, "OAuth off", scopes("gone/read", is_oauth_enabled=False)),
    is_unknown(
        scope_has_no_resource_server, "servers unread", scopes("billing/read", servers=NO_SERVERS), NO_SERVERS
    ),
    fails(
        token_exchange_hides_who_acts,
        "public client",
        app_client(explicit_auth_flows=FLOWS),
        "allows ALLOW_TOKEN_EXCHANGE_IMPERSONATION without a secret",
        evidence=(("ExplicitAuthFlows", ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION")),),
    ),
    fails(
        token_exchange_hides_who_acts,
        "with a secret",
        app_client(explicit_auth_flows=FLOWS, has_secret=True),
        "allows ALLOW_TOKEN_EXCHANGE_IMPERSONATION with its secret",
    ),
    passes(
        token_exchange_hides_who_acts,
        "delegation",
        app_client(explicit_auth_flows=frozenset({"ALLOW_TOKEN_EXCHANGE_DELEGATION"})),
    ),
    passes(token_exchange_hides_who_acts, "default flows", app_client(explicit_auth_flows=frozenset())),
    fails(
        machine_client_signs_in_users,
        "two flows",
        machine("ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
        "takes tokens for a machine, yet allows ALLOW_ADMIN_USER_PASSWORD_AUTH and ALLOW_USER_SRP_AUTH",
        evidence=(
            ("AllowedOAuthFlows", ("client_credentials",)),
            (
                "ExplicitAuthFlows",
                ("ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"),
            ),
        ),
    ),
    passes(
        machine_client_signs_in_users,
        "refresh and token exchange",
        machine("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_TOKEN_EXCHANGE_DELEGATION"),
    ),
    passes(machine_client_signs_in_users, "default flows", machine()),
    passes(machine_client_signs_in_users, "a flow that nobody knows", machine("ALLOW_CLIENT_TOKEN_AUTH")),
    is_no_matter(machine_client_signs_in_users, "a client of users", app_client()),
    fails(
        machine_token_lives_too_long,
        "a day",
        user_pool(clients=(make_machine_client(access_token_seconds=86400),)),
        "issues access tokens to a machine for 1440 minutes, more than 720",
        evidence=(("AccessTokenValidity", "86400 seconds"),),
        grade=(Severity.LOW, ""),
    ),
    passes(
        machine_token_lives_too_long,
        "half a day",
        user_pool(clients=(make_machine_client(access_token_seconds=43200),)),
    ),
    passes(
        machine_token_lives_too_long,
        "left out counts as an hour",
        user_pool(clients=(make_machine_client(access_token_seconds=None),)),
    ),
    is_no_matter(machine_token_lives_too_long, "users' tokens", app_client(access_token_seconds=86400)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_token_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("has_secret", "severity", "reason"),
    [
        (False, Severity.HIGH, "raised because whoever holds a user's token can exchange it"),
        (True, Severity.MEDIUM, ""),
    ],
)
def test_exchange_without_a_secret_is_worse(*, has_secret: bool, severity: Severity, reason: str) -> None:
    snapshot = app_client(explicit_auth_flows=FLOWS, has_secret=has_secret)

    said = judge(token_exchange_hides_who_acts, snapshot)

    assert (said.severity, said.severity_reason) == (severity, reason)
