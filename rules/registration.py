"""Registration: what app clients that applications register by themselves may do, and who may register."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.links import DOCS

REGISTER_SCOPE = "aws.cognito/dcr/register"
# What a registered app client may ask for without being listed, and what it never gets.
HARMLESS_SCOPES = frozenset({"openid", "email", "phone", "profile", REGISTER_SCOPE})
_PAGE = DOCS + "cognito-user-pools-dynamic-client-registration.html"


def registers_clients(pool: UserPool, _ctx: Context) -> bool:
    """Whether applications can register app clients: AWS treats an absent status as enabled."""
    registration = pool.dynamic_client_registration
    return registration is not None and registration.is_enabled is not False


def may_register_clients(client: AppClient, _ctx: Context) -> bool:
    """Whether access tokens of the app client open the registration endpoint."""
    return bool(client.active_oauth_flows) and REGISTER_SCOPE in client.oauth_scopes


@rule(
    "REG001",
    Severity.MEDIUM,
    url=_PAGE,
    applies=registers_clients,
    plan_needed="ESSENTIALS",
)
def registered_clients_get_more_scopes(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """App clients that register by themselves get more than the user's identity.

    Why: whoever registers an app client chooses its name and its callbacks; with these scopes, a user who is
    talked into signing in hands over the account itself or access to the owner's APIs.
    Fix: leave in DcrConfiguration.AllowedScopes only what every registered application needs, by read, merge,
    write: UpdateUserPool resets every field left out and replaces DcrConfiguration as a whole. App clients
    registered before keep their scopes until they are deleted.
    Unsure when: only applications of the owner's can register, with tokens that the owner hands out.
    """
    registration = pool.dynamic_client_registration
    scopes = registration.allowed_scopes - HARMLESS_SCOPES if registration else frozenset()
    if scopes:
        is_open = pool.open_registration is not None
        yield Problem(
            f"lets registered app clients ask for {' and '.join(sorted(scopes))}",
            evidence=(
                ("DcrConfiguration.AllowedScopes", tuple(sorted(scopes))),
                ("DcrConfiguration.OpenDcrEnabled", registration.is_open if registration else None),
            ),
            severity=Severity.HIGH if is_open else None,
            because="anybody can register an app client" if is_open else "",
        )


@rule(
    "REG002",
    Severity.MEDIUM,
    url=_PAGE,
    applies=may_register_clients,
    plan_needed="ESSENTIALS",
)
def public_client_may_register_clients(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """Whoever signs in through an app can register app clients.

    Why: an app client without a secret gives its tokens to users; with the scope aws.cognito/dcr/register in
    them, each user can make app clients that look like the owner's.
    Fix: take the scope out of AllowedOAuthScopes here, by read, merge, write: UpdateUserPoolClient resets
    every field left out, and give it to a server's app client with a secret. The application cannot register
    app clients by itself then.
    """
    if not client.has_secret:
        yield Problem(
            f"has no secret, yet its tokens may carry the scope {REGISTER_SCOPE}",
            evidence=(("AllowedOAuthScopes", tuple(sorted(client.oauth_scopes))),),
        )


@rule(
    "REG003",
    Severity.LOW,
    url=_PAGE,
    reads=(FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    params={"clients": 100},
    plan_needed="ESSENTIALS",
)
def registered_clients_pile_up(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Many app clients were registered by applications themselves.

    Why: each of them counts towards the quota of app clients, and nobody looks after them; once the quota is
    reached, nobody can make another app client.
    Fix: delete those that no application uses any more with DeleteUserPoolClient, and register only with a
    token. Users of an app client that is deleted cannot sign in with it.
    Unsure when: the user pool serves a platform that has as many applications.
    """
    limit = ctx.parameters["clients"]
    settings = [client.settings for client in ctx.pool.clients]
    registered = [each for each in settings if each.gap is None and each.value.client_type == "DCR"]
    if len(registered) > limit:
        yield Problem(
            f"has {len(registered)} app clients that applications registered, more than {limit}",
            evidence=(("UserPoolClients[ClientType=DCR]", len(registered)),),
        )
    _ = ctx.pool.app_clients
