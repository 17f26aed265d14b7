"""Disuse: what is left over, and what is not used as it is declared to be."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName
from records.intent import Intent
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.intents import INTENT_TAG, tagged_intents
from rules.links import DOCS

_NAMES = frozenset(each.value for each in Intent)


def should_have_users(pool: UserPool, ctx: Context) -> bool:
    """Whether AWS tells how many users there are, and the user pool is not one for machines alone."""
    if pool.estimated_users is None or pool.created_at is None or Intent.MACHINE_TO_MACHINE in ctx.intents:
        return False
    return not ctx.pool.client_list.value or ctx.pool.has_app_client(lambda client: client.signs_in_users)


def is_declared(_pool: UserPool, ctx: Context) -> bool:
    """Whether the owner says, or tries to say, what the user pool is for."""
    return bool(ctx.intents or tagged_intents(ctx.pool))


@rule(
    "USE001",
    Severity.LOW,
    url=DOCS + "cognito-user-pools.html",
    applies=should_have_users,
    reads=(FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    params={"days": 30},
    plan_needed="LITE",
    peers={"service_screener": ("cognitoUnusedUserPool",), "stave": ("CTL.COGNITO.ORPHAN.NOUSERS",)},
)
def user_pool_has_no_users(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The user pool has no users.

    Why: it costs nothing, yet its endpoints answer, its triggers and roles stay in force, and nobody watches
    what becomes of it.
    Fix: ask its owner; if nobody needs it, delete it with DeleteUserPool, and then the roles and functions
    that only it used. What is deleted cannot be brought back, and the user pool's id is gone for good.
    Unsure when: the application is not live yet, or the count, which AWS estimates, lags behind.
    """
    limit = ctx.parameters["days"]
    if pool.estimated_users == 0 and pool.created_at is not None:
        days = (ctx.today - pool.created_at.date()).days
        if days > limit:
            yield Problem(
                f"has no users {days} days after it was made",
                evidence=(
                    ("EstimatedNumberOfUsers", pool.estimated_users),
                    ("CreationDate", pool.created_at.date().isoformat()),
                ),
            )


@rule(
    "USE002",
    Severity.LOW,
    url=DOCS + "user-pool-settings-client-apps.html",
    reads=(FacetName.APP_CLIENTS,),
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.ORPHAN.NOCLIENTS",)},
)
def user_pool_has_no_app_clients(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """No application can use the user pool.

    Why: without an app client nobody can sign in; the users' data lies there all the same, and whoever may
    make an app client opens it again.
    Fix: ask its owner; if nobody needs it, export what must be kept and delete it with DeleteUserPool. What
    is deleted cannot be brought back.
    Unsure when: it is being set up, or administrators keep it as a store of users.
    """
    if not ctx.pool.client_list.value:
        yield Problem(
            "has no app clients",
            evidence=(("UserPoolClients", ()), ("EstimatedNumberOfUsers", pool.estimated_users)),
        )


@rule(
    "USE003",
    Severity.INFO,
    url=DOCS + "cognito-user-pools-define-resource-servers.html",
    reads=(FacetName.RESOURCE_SERVERS, FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.ORPHAN.RESOURCESRV",)},
)
def no_app_client_lists_the_scope(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A scope exists that no app client can ask for.

    Why: either an application lacks it, or it is left over, and the next person takes it for one that an API
    asks for.
    Fix: take the scope out with UpdateResourceServer, which replaces all of the resource server's scopes, or
    delete the resource server with DeleteResourceServer. An API that asks for the scope refuses everybody
    already.
    """
    registration = pool.dynamic_client_registration
    listed = set(registration.allowed_scopes) if registration else set()
    servers = [each for each in ctx.pool.resource_servers.value if each.managed_by is None]
    if not any(each.scopes for each in servers):
        return
    for client in ctx.pool.app_clients:
        listed |= client.oauth_scopes
    for server in servers:
        for scope in server.scopes:
            if f"{server.identifier}/{scope}" not in listed:
                yield Problem(
                    f"has the scope {server.identifier}/{scope}, which no app client lists",
                    evidence=((f"ResourceServers[{server.identifier}].Scopes", scope),),
                )


@rule(
    "USE004",
    Severity.MEDIUM,
    url=DOCS + "tagging.html",
    applies=is_declared,
    reads=(FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
)
def settings_contradict_the_intent(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The user pool is set up for something else than its owner says.

    Why: what is declared moves the severity of other findings and switches some of them off; where the
    settings say the opposite, either the declaration misleads or a way in stands open that nobody wants.
    Fix: decide which of the two is right. Change the tag poolwatch:intent with TagResource, which leaves
    all other settings alone, or the declaration in Poolwatch's settings. Or close what the declaration rules
    out, by read, merge, write: UpdateUserPool, like UpdateUserPoolClient, resets every field left out.
    Whoever comes in that way cannot sign in then.
    """
    names = tagged_intents(ctx.pool)
    for name in names:
        if name not in _NAMES:
            yield Problem(
                f"has the tag {INTENT_TAG} with {name}, which is no intent",
                evidence=((f"UserPoolTags.{INTENT_TAG}", names),),
                severity=Severity.LOW,
                because="an intent that nobody knows changes nothing",
            )
    sign_up = ("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only)
    if Intent.PUBLIC_SIGN_UP in ctx.intents and not pool.allows_self_sign_up:
        yield Problem("is declared to be for public sign-up, yet lets nobody sign up", evidence=(sign_up,))
    for intent, words in _CLOSED:
        if intent in ctx.intents and pool.allows_self_sign_up:
            yield Problem(f"is declared to be {words}, yet lets anybody sign up", evidence=(sign_up,))
    yield from _clients_against(ctx)


_CLOSED = (
    (Intent.FEDERATED_ONLY, "federated only"),
    (Intent.MACHINE_TO_MACHINE, "for machines only"),
)


def _clients_against(ctx: Context) -> Iterator[Problem]:
    if ctx.intents.isdisjoint({Intent.FEDERATED_ONLY, Intent.MACHINE_TO_MACHINE}):
        return
    for each in sorted(ctx.pool.clients, key=lambda client: client.settings.gap is not None):
        client = each.settings.value
        entry = f"UserPoolClient[{client.client_id}]"
        if Intent.MACHINE_TO_MACHINE in ctx.intents and client.signs_in_users:
            yield Problem(
                f"is declared to be for machines only, yet app client {client.name} signs users in",
                evidence=((f"{entry}.AllowedOAuthFlows", tuple(sorted(client.active_oauth_flows))),),
            )
        if Intent.FEDERATED_ONLY in ctx.intents and client.signs_in_locally:
            yield Problem(
                f"is declared to be federated only, yet app client {client.name} signs in users of its own",
                evidence=((f"{entry}.SupportedIdentityProviders", tuple(sorted(client.identity_providers))),),
            )
    _ = ctx.pool.client_list.value
