from typing import Any

import pytest

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import Gap
from records.snapshot import Snapshot
from records.user_pool import DynamicClientRegistration
from rules.registration import (
    public_client_may_register_clients,
    registered_clients_get_more_scopes,
    registered_clients_pile_up,
)
from tests.builders import make_app_client, make_machine_client
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    Case,
    app_client,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
    user_pool,
)

SCOPE = "aws.cognito/dcr/register"
REGISTERS = frozenset({"openid", SCOPE})
PROFILE = "aws.cognito.signin.user.admin"


def registration(*scopes: str, **overrides: Any) -> Snapshot:
    settings: dict[str, Any] = {
        "is_enabled": True,
        "is_open": False,
        "authenticated_grant_types": frozenset({"code"}),
        "open_grant_types": frozenset(),
        "allowed_scopes": frozenset(scopes),
    }
    return user_pool(dynamic_client_registration=DynamicClientRegistration(**{**settings, **overrides}))


def registered(count: int, *others: AppClient | Gap) -> Snapshot:
    clients = (make_app_client(client_id=f"dcr{number}", client_type="DCR") for number in range(count))
    return user_pool(clients=(*others, *clients))


CASES = [
    fails(
        registered_clients_get_more_scopes,
        "self-service and an API",
        registration(PROFILE, "billing/read", "openid", SCOPE),
        "lets registered app clients ask for aws.cognito.signin.user.admin and billing/read",
        evidence=(
            ("DcrConfiguration.AllowedScopes", (PROFILE, "billing/read")),
            ("DcrConfiguration.OpenDcrEnabled", False),
        ),
    ),
    fails(
        registered_clients_get_more_scopes,
        "status left out counts as enabled",
        registration("billing/read", is_enabled=None, is_open=None),
        "lets registered app clients ask for billing/read",
    ),
    passes(registered_clients_get_more_scopes, "identity alone", registration("openid", "profile")),
    passes(registered_clients_get_more_scopes, "what nobody gets", registration(SCOPE)),
    passes(registered_clients_get_more_scopes, "none", registration()),
    is_no_matter(registered_clients_get_more_scopes, "off", registration("billing/read", is_enabled=False)),
    is_no_matter(registered_clients_get_more_scopes, "never set", user_pool()),
    fails(
        public_client_may_register_clients,
        "public",
        app_client(oauth_scopes=REGISTERS),
        "has no secret, yet its tokens may carry the scope aws.cognito/dcr/register",
        evidence=(("AllowedOAuthScopes", (SCOPE, "openid")),),
    ),
    passes(
        public_client_may_register_clients,
        "a server's",
        user_pool(clients=(make_machine_client(oauth_scopes=REGISTERS),)),
    ),
    is_no_matter(public_client_may_register_clients, "no such scope", app_client()),
    is_no_matter(
        public_client_may_register_clients,
        "OAuth off",
        app_client(oauth_scopes=REGISTERS, is_oauth_enabled=False),
    ),
    fails(
        registered_clients_pile_up,
        "a hundred and one",
        registered(101, make_app_client()),
        "has 101 app clients that applications registered, more than 100",
        evidence=(("UserPoolClients[ClientType=DCR]", 101),),
    ),
    fails(
        registered_clients_pile_up,
        "and one unread",
        registered(101, NO_CLIENT),
        "has 101 app clients that applications registered, more than 100",
        gaps=(NO_CLIENT,),
    ),
    passes(registered_clients_pile_up, "a hundred", registered(100, make_app_client())),
    passes(
        registered_clients_pile_up, "type left out", user_pool(clients=(make_app_client(client_type=None),))
    ),
    is_unknown(registered_clients_pile_up, "one unread", registered(100, NO_CLIENT), NO_CLIENT),
    is_unknown(
        registered_clients_pile_up, "clients unread", user_pool(clients=NO_CLIENT_LIST), NO_CLIENT_LIST
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_registration_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("is_open", "severity", "reason"),
    [(True, Severity.HIGH, "raised because anybody can register an app client"), (None, Severity.MEDIUM, "")],
)
def test_scopes_are_worse_where_anybody_registers(
    *, is_open: bool | None, severity: Severity, reason: str
) -> None:
    said = judge(registered_clients_get_more_scopes, registration(PROFILE, is_open=is_open))

    assert (said.severity, said.severity_reason) == (severity, reason)
