"""Remedies of the rules on tokens."""

from collections.abc import Iterator

from records.app_client import AppClient
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy
from rules.remedies.flows import flows_without
from rules.tokens import AWS_SCOPES, IMPERSONATION, USER_FLOWS

UPDATE = Operation.UPDATE_USER_POOL_CLIENT
DELEGATION = "ALLOW_TOKEN_EXCHANGE_DELEGATION"


def _drop_dead_scopes(client: AppClient, ctx: Context) -> Iterator[Change]:
    """Take the scopes away that no resource server has, where another stays: OAuth needs one."""
    servers = ctx.pool.resource_servers.value
    served = {f"{server.identifier}/{scope}" for server in servers for scope in server.scopes}
    left = [
        scope
        for scope in sorted(client.oauth_scopes)
        if scope in served or "/" not in scope or scope.startswith(AWS_SCOPES)
    ]
    if left:
        yield Change(UPDATE, ("AllowedOAuthScopes",), left)


def _name_the_actor(client: AppClient, _ctx: Context) -> Iterator[Change]:
    flows = sorted((client.explicit_auth_flows - {IMPERSONATION}) | {DELEGATION})
    yield Change(UPDATE, ("ExplicitAuthFlows",), flows)


def _sign_nobody_in(client: AppClient, _ctx: Context) -> Iterator[Change]:
    old = {flow for flow in client.explicit_auth_flows if not flow.startswith("ALLOW_")}
    # A list of old names alone lets users sign in, whatever is taken from it.
    left = ["ALLOW_REFRESH_TOKEN_AUTH"] if old else flows_without(client, USER_FLOWS)
    if left:
        yield Change(UPDATE, ("ExplicitAuthFlows",), left)


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="TOK001",
        change="Shorten the single sign-on window",
        impact="Users sign in again when the window has passed.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask how long users work in one go.",
            "Lower SSOSession.MaxValidityMinutes for one app client, and watch sign-ins.",
            "Lower it for the others.",
        ),
        breaks="A page that renews tokens in a hidden frame fails once the session has ended.",
    ),
    Remedy(
        code="TOK002",
        change="Take scopes without a resource server out of the app client",
        impact="The app client lists what it can get, and can be changed again.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "Ask whether the resource server was deleted by mistake; if so, make it again.",
            "Take the scope out of the application's requests, then out of AllowedOAuthScopes.",
        ),
        breaks=(
            "An application that asks for the scope by name is refused. AWS takes the scope back only once "
            "its resource server exists again."
        ),
        removes="the scope",
        changes=_drop_dead_scopes,
    ),
    Remedy(
        code="TOK003",
        change="Name the actor in token exchange",
        impact="Exchanged tokens say which service acts for the user.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Release the service with an ActorToken in GetDerivedToken, with both flows allowed.",
            "Let services that receive the token take its act claim into account.",
            "Take ALLOW_TOKEN_EXCHANGE_IMPERSONATION out of ExplicitAuthFlows.",
        ),
        breaks="Exchanges without an actor are refused.",
        removes="token exchange without an actor",
        changes=_name_the_actor,
    ),
    Remedy(
        code="TOK004",
        change="Let the machine's app client sign nobody in",
        impact="The app client takes tokens for the machine alone.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look in CloudTrail for sign-ins of users through the app client.",
            "Give the application that makes them an app client of its own.",
            "Set ExplicitAuthFlows to ALLOW_REFRESH_TOKEN_AUTH alone, never to an empty list.",
        ),
        breaks="An application that signs users in through this app client is refused.",
        removes="users' sign-in through the app client",
        changes=_sign_nobody_in,
    ),
    Remedy(
        code="TOK005",
        change="Shorten machines' access tokens",
        impact="The machine asks for a new token more often, and each one is billed.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See that the application keeps its token until it expires, and asks for the next one then.",
            "Count a month's tokens, and what they would cost at the shorter lifetime.",
            "Lower AccessTokenValidity in two or three steps, and watch the quota ClientAuthentication.",
        ),
        breaks="An application that takes one token at its start alone is refused when that expires.",
    ),
)
