from datetime import timedelta
from typing import Any

import pytest

from records.facet import Gap
from records.snapshot import Snapshot
from records.user_pool import LambdaTrigger
from rules.auth_flows import (
    custom_auth_may_skip_mfa,
    oauth_has_no_domain,
    sign_in_flows_are_not_chosen,
    sign_up_tells_who_has_an_account,
    user_migration_never_ends,
)
from rules.engine import Baseline
from tests.builders import NOW, make_app_client, make_machine_client, make_mfa_configuration
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    NO_MFA,
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

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:auth"
CUSTOM = make_app_client(explicit_auth_flows=frozenset({"ALLOW_CUSTOM_AUTH"}))
PASSWORDS = make_app_client(explicit_auth_flows=frozenset({"ALLOW_USER_PASSWORD_AUTH"}))
SRP = make_app_client(client_id="srp")
BOTH = frozenset({"email", "phone_number"})


def trigger(stage: str) -> LambdaTrigger:
    return LambdaTrigger(stage=stage, function_arn=ARN, version=None)


def custom_auth(*stages: str, mfa: Any = None, **overrides: Any) -> Snapshot:
    triggers = tuple(trigger(stage) for stage in stages or ("DefineAuthChallenge",))
    return user_pool(**{"clients": (CUSTOM,), "triggers": triggers, "mfa": mfa, **overrides})


def migrating(days: int = 366, clients: Any = (SRP, PASSWORDS), **overrides: Any) -> Snapshot:
    return user_pool(
        **{
            "clients": clients,
            "triggers": (trigger("UserMigration"),),
            "created_at": NOW - timedelta(days=days),
            **overrides,
        }
    )


def signing_up(**overrides: Any) -> Snapshot:
    return user_pool(**{"admin_creates_users_only": False, **overrides})


def domains(name: str | None, custom: str | None, settings: Gap | None = None) -> Snapshot:
    return user_pool(settings=settings, domain=name, custom_domain=custom)


CASES = [
    fails(
        custom_auth_may_skip_mfa,
        "MFA is required",
        custom_auth("DefineAuthChallenge", "CreateAuthChallenge"),
        "allows custom authentication, whose triggers decide about MFA (ON) by themselves",
        evidence=(
            ("ExplicitAuthFlows", ("ALLOW_CUSTOM_AUTH",)),
            ("UserPool.LambdaConfig", ("CreateAuthChallenge", "DefineAuthChallenge")),
            ("UserPool.MfaConfiguration", "ON"),
        ),
    ),
    fails(
        custom_auth_may_skip_mfa,
        "MFA is optional, the flow by default",
        custom_auth(
            mfa=make_mfa_configuration(mode="OPTIONAL"),
            clients=(make_app_client(explicit_auth_flows=frozenset()),),
        ),
        "allows custom authentication, whose triggers decide about MFA (OPTIONAL) by themselves",
    ),
    passes(custom_auth_may_skip_mfa, "no MFA to skip", custom_auth(mfa=make_mfa_configuration(mode="OFF"))),
    passes(
        custom_auth_may_skip_mfa,
        "a mode that nobody knows",
        custom_auth(mfa=make_mfa_configuration(mode="ADAPTIVE")),
    ),
    passes(custom_auth_may_skip_mfa, "no trigger begins it", custom_auth("CreateAuthChallenge", mfa=NO_MFA)),
    is_no_matter(custom_auth_may_skip_mfa, "flow not allowed", custom_auth(clients=(SRP,))),
    is_no_matter(
        custom_auth_may_skip_mfa,
        "machine",
        custom_auth(clients=(make_machine_client(explicit_auth_flows=frozenset()),)),
    ),
    is_unknown(
        custom_auth_may_skip_mfa,
        "user pool unread",
        user_pool(settings=NO_USER_POOL, clients=(CUSTOM,)),
        NO_USER_POOL,
    ),
    is_unknown(custom_auth_may_skip_mfa, "MFA unread", custom_auth(mfa=NO_MFA), NO_MFA),
    fails(
        sign_in_flows_are_not_chosen,
        "empty",
        app_client(explicit_auth_flows=frozenset()),
        "names no flows, so that AWS allows ALLOW_CUSTOM_AUTH and ALLOW_REFRESH_TOKEN_AUTH and "
        "ALLOW_USER_SRP_AUTH",
        evidence=(("ExplicitAuthFlows", ()),),
    ),
    fails(
        sign_in_flows_are_not_chosen,
        "empty for a machine",
        user_pool(clients=(make_machine_client(explicit_auth_flows=frozenset()),)),
        "names no flows, so that AWS allows ALLOW_CUSTOM_AUTH and ALLOW_REFRESH_TOKEN_AUTH and "
        "ALLOW_USER_SRP_AUTH",
    ),
    fails(
        sign_in_flows_are_not_chosen,
        "old names",
        app_client(explicit_auth_flows=frozenset({"USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"})),
        "names flows the old way: ADMIN_NO_SRP_AUTH and USER_PASSWORD_AUTH",
        evidence=(("ExplicitAuthFlows", ("ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH")),),
    ),
    passes(sign_in_flows_are_not_chosen, "chosen", app_client()),
    passes(
        sign_in_flows_are_not_chosen,
        "a flow that nobody knows",
        app_client(explicit_auth_flows=frozenset({"ALLOW_QUANTUM_AUTH"})),
    ),
    fails(
        user_migration_never_ends,
        "a year and a day, one of two app clients",
        migrating(),
        "has a UserMigration trigger 366 days after it was made",
        evidence=(("LambdaConfig.UserMigration", ARN), ("CreationDate", "2025-11-22")),
    ),
    fails(
        user_migration_never_ends,
        "by a server, another app client unread",
        migrating(clients=(NO_CLIENT, make_app_client(explicit_auth_flows=frozenset({"ADMIN_NO_SRP_AUTH"})))),
        "has a UserMigration trigger 366 days after it was made",
    ),
    passes(user_migration_never_ends, "a year", migrating(365, clients=NO_CLIENT_LIST)),
    passes(user_migration_never_ends, "no date", migrating(created_at=None)),
    passes(user_migration_never_ends, "SRP alone, by which nobody migrates", migrating(clients=(SRP,))),
    is_no_matter(user_migration_never_ends, "no trigger", migrating(triggers=(trigger("PreSignUp"),))),
    is_unknown(
        user_migration_never_ends, "clients unread", migrating(clients=NO_CLIENT_LIST), NO_CLIENT_LIST
    ),
    is_unknown(
        user_migration_never_ends, "one client unread", migrating(clients=(SRP, NO_CLIENT)), NO_CLIENT
    ),
    fails(
        sign_up_tells_who_has_an_account,
        "addresses",
        signing_up(username_attributes=BOTH),
        "tells anybody at sign-up which email or phone_number is taken",
        evidence=(
            ("AdminCreateUserConfig.AllowAdminCreateUserOnly", False),
            ("UsernameAttributes", ("email", "phone_number")),
            ("AliasAttributes", ()),
        ),
    ),
    fails(
        sign_up_tells_who_has_an_account,
        "usernames, sign-up left out",
        signing_up(
            admin_creates_users_only=None,
            username_attributes=frozenset(),
            alias_attributes=frozenset({"preferred_username"}),
        ),
        "tells anybody at sign-up which username is taken",
    ),
    passes(
        sign_up_tells_who_has_an_account,
        "addresses are aliases",
        signing_up(username_attributes=frozenset(), alias_attributes=frozenset({"email"})),
    ),
    is_no_matter(sign_up_tells_who_has_an_account, "administrators make users", user_pool()),
    fails(
        oauth_has_no_domain,
        "none",
        domains(None, None),
        "has OAuth switched on in a user pool without a domain",
        evidence=(
            ("AllowedOAuthFlowsUserPoolClient", True),
            ("UserPool.Domain", None),
            ("UserPool.CustomDomain", None),
        ),
    ),
    passes(oauth_has_no_domain, "prefix", domains("customers", None)),
    passes(oauth_has_no_domain, "custom", domains(None, "login.example.com")),
    is_no_matter(
        oauth_has_no_domain,
        "OAuth left out",
        user_pool(clients=(make_app_client(is_oauth_enabled=None),), domain=None),
    ),
    is_unknown(oauth_has_no_domain, "user pool unread", domains(None, None, NO_USER_POOL), NO_USER_POOL),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_auth_flow_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_owners_say_how_long_a_migration_may_last() -> None:
    own = Baseline(name="own", parameters={"FLW003": {"days": 30}})

    assert judge(user_migration_never_ends, migrating(31), baseline=own).outcome == "fail"
