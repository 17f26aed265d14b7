from datetime import timedelta
from typing import Any

import pytest

from records.evaluation import Severity
from records.facet import FacetName, Gap
from records.intent import Intent
from records.snapshot import Snapshot
from records.user_pool import DynamicClientRegistration
from records.user_pool_parts import ResourceServer
from rules.disuse import (
    no_app_client_lists_the_scope,
    settings_contradict_the_intent,
    user_pool_has_no_app_clients,
    user_pool_has_no_users,
)
from rules.engine import Baseline
from rules.intents import DeclaredIntent, Intents
from tests.builders import NOW, make_app_client, make_gap, make_machine_client
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
    user_pool,
)

OLD = NOW - timedelta(days=31)
MACHINE = make_machine_client()
OKTA = make_app_client(client_id="okta", name="staff", identity_providers=frozenset({"Okta"}))
NO_SERVERS = make_gap("cognito-idp:ListResourceServers")
REGISTRATION = DynamicClientRegistration(
    is_enabled=True,
    is_open=False,
    authenticated_grant_types=frozenset(),
    open_grant_types=frozenset(),
    allowed_scopes=frozenset({"billing/write"}),
)


def empty(**overrides: Any) -> Snapshot:
    return user_pool(**{"estimated_users": 0, "created_at": OLD, **overrides})


def scopes(
    *listed: str,
    servers: tuple[ResourceServer, ...] | Gap | None = None,
    clients: Any = None,
    **overrides: Any,
) -> Snapshot:
    client = make_app_client(oauth_scopes=frozenset(listed))
    billing = ResourceServer(identifier="billing", name="Billing", scopes=("read", "write"), managed_by=None)
    return user_pool(
        clients=(client,) if clients is None else clients,
        more={FacetName.RESOURCE_SERVERS: (billing,) if servers is None else servers},
        **overrides,
    )


def declared(intent: str, **overrides: Any) -> Snapshot:
    return user_pool(**{"tags": (("poolwatch:intent", intent),), **overrides})


CASES = [
    fails(
        user_pool_has_no_users,
        "a month and a day",
        empty(),
        "has no users 31 days after it was made",
        evidence=(("EstimatedNumberOfUsers", 0), ("CreationDate", "2026-10-23")),
    ),
    fails(
        user_pool_has_no_users,
        "no app clients either",
        empty(clients=()),
        "has no users 31 days after it was made",
    ),
    passes(user_pool_has_no_users, "a month", empty(created_at=NOW - timedelta(days=30))),
    passes(
        user_pool_has_no_users, "one user, clients unread", empty(estimated_users=1, clients=NO_CLIENT_LIST)
    ),
    is_no_matter(user_pool_has_no_users, "machines alone", empty(clients=(MACHINE,))),
    is_no_matter(
        user_pool_has_no_users,
        "declared to be for machines",
        empty(tags=(("poolwatch:intent", "machine-to-machine"),)),
    ),
    is_no_matter(user_pool_has_no_users, "AWS tells no number", empty(estimated_users=None)),
    is_no_matter(user_pool_has_no_users, "AWS tells no date", empty(created_at=None)),
    is_unknown(user_pool_has_no_users, "clients unread", empty(clients=NO_CLIENT_LIST), NO_CLIENT_LIST),
    is_unknown(user_pool_has_no_users, "one client unread", empty(clients=(MACHINE, NO_CLIENT)), NO_CLIENT),
    fails(
        user_pool_has_no_app_clients,
        "none",
        user_pool(clients=()),
        "has no app clients",
        evidence=(("UserPoolClients", ()), ("EstimatedNumberOfUsers", 1200)),
    ),
    passes(user_pool_has_no_app_clients, "one that was not read", user_pool(clients=(NO_CLIENT,))),
    is_unknown(
        user_pool_has_no_app_clients, "clients unread", user_pool(clients=NO_CLIENT_LIST), NO_CLIENT_LIST
    ),
    fails(
        no_app_client_lists_the_scope,
        "one of two",
        scopes("billing/read", "openid"),
        "has the scope billing/write, which no app client lists",
        evidence=(("ResourceServers[billing].Scopes", "write"),),
    ),
    fails(
        no_app_client_lists_the_scope,
        "no app clients",
        scopes(clients=()),
        "has the scope billing/read, which no app client lists",
        "has the scope billing/write, which no app client lists",
    ),
    passes(no_app_client_lists_the_scope, "all", scopes("billing/read", "billing/write")),
    passes(
        no_app_client_lists_the_scope,
        "app clients that register may ask for it",
        scopes("billing/read", dynamic_client_registration=REGISTRATION),
    ),
    passes(no_app_client_lists_the_scope, "no resource servers", scopes(servers=(), clients=NO_CLIENT_LIST)),
    passes(
        no_app_client_lists_the_scope,
        "Cognito keeps the resource server",
        scopes(
            servers=(
                ResourceServer(
                    identifier="aws.cognito/dcr", name="dcr", scopes=("register",), managed_by="COGNITO"
                ),
            )
        ),
    ),
    is_unknown(no_app_client_lists_the_scope, "servers unread", scopes(servers=NO_SERVERS), NO_SERVERS),
    is_unknown(
        no_app_client_lists_the_scope, "clients unread", scopes(clients=NO_CLIENT_LIST), NO_CLIENT_LIST
    ),
    is_unknown(no_app_client_lists_the_scope, "one client unread", scopes(clients=(NO_CLIENT,)), NO_CLIENT),
    fails(
        settings_contradict_the_intent,
        "federated only, with ways in for others",
        declared("federated-only", admin_creates_users_only=False, clients=(OKTA, make_app_client())),
        "is declared to be federated only, yet lets anybody sign up",
        "is declared to be federated only, yet app client shop-web signs in users of its own",
    ),
    fails(
        settings_contradict_the_intent,
        "federated only, sign-up left out, one client unread",
        declared("Federated-Only", admin_creates_users_only=None, clients=(NO_CLIENT, OKTA)),
        "is declared to be federated only, yet lets anybody sign up",
        evidence=(("AdminCreateUserConfig.AllowAdminCreateUserOnly", None),),
        gaps=(NO_CLIENT,),
    ),
    fails(
        settings_contradict_the_intent,
        "machines only, with users",
        declared("machine-to-machine", admin_creates_users_only=False, clients=(MACHINE, OKTA)),
        "is declared to be for machines only, yet lets anybody sign up",
        "is declared to be for machines only, yet app client staff signs users in",
        evidence=(
            ("AdminCreateUserConfig.AllowAdminCreateUserOnly", False),
            ("UserPoolClient[okta].AllowedOAuthFlows", ("code",)),
        ),
    ),
    fails(
        settings_contradict_the_intent,
        "public, yet closed",
        declared("public-sign-up", clients=NO_CLIENT_LIST),
        "is declared to be for public sign-up, yet lets nobody sign up",
    ),
    fails(
        settings_contradict_the_intent,
        "a name that is none, beside one that is",
        declared("developement, development"),
        "has the tag poolwatch:intent with developement, which is no intent",
        evidence=(("UserPoolTags.poolwatch:intent", ("developement", "development")),),
    ),
    passes(
        settings_contradict_the_intent, "federated only", declared("federated-only", clients=(OKTA, MACHINE))
    ),
    passes(
        settings_contradict_the_intent, "machines only", declared("machine-to-machine", clients=(MACHINE,))
    ),
    passes(
        settings_contradict_the_intent,
        "public and for development",
        declared("public-sign-up development", admin_creates_users_only=False, clients=NO_CLIENT_LIST),
    ),
    is_no_matter(settings_contradict_the_intent, "nothing declared", user_pool()),
    is_no_matter(settings_contradict_the_intent, "an empty tag", declared(" ")),
    is_unknown(
        settings_contradict_the_intent,
        "clients unread",
        declared("federated-only", clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_disuse_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_what_the_settings_declare_counts_like_a_tag() -> None:
    intents = Intents(declared=(DeclaredIntent(intents=frozenset({Intent.PUBLIC_SIGN_UP}), arn="*"),))

    said = judge(settings_contradict_the_intent, user_pool(), baseline=Baseline(name="own", intents=intents))

    assert said.messages == ("is declared to be for public sign-up, yet lets nobody sign up",)
    assert said.severity is Severity.MEDIUM


def test_a_misspelt_intent_alone_is_a_small_problem() -> None:
    assert judge(settings_contradict_the_intent, declared("federated")).severity is Severity.LOW
