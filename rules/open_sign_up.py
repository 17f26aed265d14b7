"""The ways from where anybody can sign in through an identity pool to a role that reaches far.

Anybody can sign up where a user pool lets users create themselves, and sign in with an account of a social
network, which anybody can have.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from records.app_client import AppClient
from records.evaluation import Evidence
from records.facet import Facet
from records.iam import Role
from records.identity_pool import IdentityPool, IdentityPoolRoles, UserPoolProvider
from records.snapshot import UserPoolSnapshot
from rules.classic_flow import roles_that_may_trust, unread_groups
from rules.engine import Context
from rules.handed_out import lets_users_in, new_users_role, user_pool_of_provider
from rules.reach import TOO_LARGE, Reach, reach_if_known

# Identity providers of user pools, and login providers of identity pools, at which anybody gets an account.
_SOCIAL_PROVIDERS = frozenset({"Facebook", "Google", "LoginWithAmazon", "SignInWithApple"})
_SOCIAL_LOGINS = frozenset(
    {
        "accounts.google.com",
        "appleid.apple.com",
        "graph.facebook.com",
        "www.amazon.com",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDoor:
    """One way in: how strangers enter, the links from there to the role, and how far that reaches."""

    entrance: str
    links: tuple[str, ...]
    role_arn: str
    reach: Reach
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entrance:
    words: str
    links: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prize:
    """A role that a user whom nobody has put anywhere gets, or takes on."""

    arn: str
    reach: Reach
    by: str
    evidence: Evidence


def open_doors(
    pool: IdentityPool, roles: IdentityPoolRoles, ctx: Context, gaps: list[Facet[Any]]
) -> Iterator[OpenDoor]:
    """Yield the ways by which anybody gets a role that reaches beyond what is the user's own.

    What hides a link that may be there is added to `gaps`.
    """
    for provider in pool.user_pool_providers:
        key = f"{provider.provider_name}:{provider.client_id}"
        prizes = tuple(_prizes(pool, roles, (key, provider.provider_name), ctx, gaps))
        user_pool = user_pool_of_provider(provider, ctx, gaps) if prizes else None
        if user_pool is not None:
            for entrance in _entrances(user_pool, provider, gaps):
                yield from _doors(pool, entrance, prizes)
    for login, app in pool.login_providers:
        if login in _SOCIAL_LOGINS:
            words = f"social sign-in with {login}"
            entrance = _Entrance(
                words=words, links=(words,), evidence=((f"SupportedLoginProviders.{login}", app),)
            )
            yield from _doors(pool, entrance, tuple(_prizes(pool, roles, (login, login), ctx, gaps)))


def strangers_roles(pool: IdentityPool, roles: IdentityPoolRoles, ctx: Context) -> Mapping[str, str]:
    """Return the roles that reach far and surely go to anybody, with how; what was not read shows none."""
    return {door.role_arn: door.entrance for door in open_doors(pool, roles, ctx, [])}


def _doors(pool: IdentityPool, entrance: _Entrance, prizes: tuple[_Prize, ...]) -> Iterator[OpenDoor]:
    for prize in prizes:
        yield OpenDoor(
            entrance=entrance.words,
            links=(
                *entrance.links,
                f"identity pool {pool.identity_pool_id}{prize.by}",
                f"role {prize.arn}",
            ),
            role_arn=prize.arn,
            reach=prize.reach,
            evidence=(*entrance.evidence, *prize.evidence),
        )


def _prizes(
    pool: IdentityPool,
    roles: IdentityPoolRoles,
    provider: tuple[str, str],
    ctx: Context,
    gaps: list[Facet[Any]],
) -> Iterator[_Prize]:
    """Yield the roles that reach far; `provider` is named as role mappings do, and as tokens do."""
    mapped_as, told_as = provider
    given = new_users_role(roles, mapped_as)
    if given is not None:
        reach = _reach(given, ctx, gaps)
        if reach is not None and _lets_in(given, pool, told_as, ctx, gaps):
            yield _Prize(arn=given, reach=reach, by="", evidence=(("Roles.authenticated", given),))
    if not pool.allows_classic_flow:
        return
    gaps.extend(unread_groups(ctx))
    for known in roles_that_may_trust(pool.identity_pool_id, ctx):
        role, taken = known.role, known.reach
        if role.arn == given or taken is None or not taken.is_far:
            continue
        if lets_users_in(role, pool.identity_pool_id, told_as):
            yield _Prize(
                arn=role.arn,
                reach=taken,
                by=" by the classic flow",
                evidence=(("AllowClassicFlow", pool.allows_classic_flow),),
            )


def _reach(arn: str, ctx: Context, gaps: list[Facet[Any]]) -> Reach | None:
    """Return how far a role reaches, where that is far."""
    facet = ctx.region.role_policies(arn)
    reach = reach_if_known(facet)
    if facet.gap is not None:
        gaps.append(facet)
    elif reach is None and facet.known is not None:
        gaps.append(Facet.missing(TOO_LARGE))
    return reach if reach is not None and reach.is_far else None


def _lets_in(arn: str, pool: IdentityPool, provider: str, ctx: Context, gaps: list[Facet[Any]]) -> bool:
    facet: Facet[Role | None] = ctx.region.role(arn)
    if facet.gap is not None:
        gaps.append(facet)
    role = facet.known
    return role is not None and lets_users_in(role, pool.identity_pool_id, provider)


def _entrances(
    pool: UserPoolSnapshot, provider: UserPoolProvider, gaps: list[Facet[Any]]
) -> Iterator[_Entrance]:
    """Yield how strangers come to tokens of an app client of a user pool."""
    settings = pool.settings.known
    if settings is None:
        gaps.append(pool.settings)
        return
    client = _client(pool, provider.client_id, gaps)
    if client is None or not _gives_tokens_to_users(client):
        return
    entry = f"CognitoIdentityProviders[{provider.provider_name}:{provider.client_id}]"
    named = (f"{entry}.ClientId", provider.client_id)
    through = f"app client {provider.client_id}"
    if settings.allows_self_sign_up and client.signs_in_locally:
        words = f"open sign-up in user pool {pool.member.id}"
        setting = ("AdminCreateUserConfig.AllowAdminCreateUserOnly", settings.admin_creates_users_only)
        yield _Entrance(words=words, links=(words, through), evidence=(setting, named))
    social = sorted(client.identity_providers & _SOCIAL_PROVIDERS)
    if social and client.active_oauth_flows:
        words = f"social sign-in with {' or '.join(social)} in user pool {pool.member.id}"
        offered = (f"UserPoolClient[{client.client_id}].SupportedIdentityProviders", tuple(social))
        yield _Entrance(words=words, links=(words, through), evidence=(offered, named))


def _client(pool: UserPoolSnapshot, client_id: str, gaps: list[Facet[Any]]) -> AppClient | None:
    for client in pool.clients:
        if client.member.id == client_id:
            if client.settings.gap is not None:
                gaps.append(client.settings)
            return client.settings.known
    if pool.client_list.gap is not None:
        gaps.append(pool.client_list)
    return None


def _gives_tokens_to_users(client: AppClient) -> bool:
    """Whether users themselves hold the client's tokens, and no server that keeps its secret."""
    return client.signs_in_users and (not client.has_secret or "implicit" in client.active_oauth_flows)
