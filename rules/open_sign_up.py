"""The way from a user pool's open sign-up through an identity pool to a strong role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from records.app_client import AppClient
from records.evaluation import Evidence
from records.facet import Facet, FacetName, Gap, Reason
from records.identity_pool import IdentityPool, UserPoolProvider
from records.snapshot import RegionSnapshot, UserPoolSnapshot
from rules.engine import Context
from rules.handed_out import lets_users_in, new_users_role
from rules.reach import Ability, reach_of

_PROVIDER = re.compile(
    r"cognito-idp\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?/([\w-]+_[0-9a-zA-Z]+)", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDoor:
    """One way in, as a path of its links, with what the role at its end allows beyond reason."""

    path: str
    strong: tuple[Ability, ...]
    evidence: Evidence


def open_doors(pool: IdentityPool, ctx: Context) -> Iterator[OpenDoor]:
    """Yield the ways by which anybody who signs up gets a strong role.

    Raises NotCollectedError where a link that may be there was not read.
    """
    roles = ctx.identities.roles.value
    gaps: list[Facet[Any]] = []
    for provider in pool.user_pool_providers:
        arn = new_users_role(roles, provider)
        if arn is None:
            continue
        strong = _strong(arn, ctx, gaps)
        role = ctx.region.role(arn)
        if not strong:
            continue
        if role.gap is not None:
            gaps.append(role)
        elif role.value is not None and lets_users_in(role.value, pool.identity_pool_id, provider):
            user_pool = _user_pool(provider, ctx, gaps)
            if user_pool is not None and _is_open(user_pool, provider.client_id, gaps):
                entry = f"CognitoIdentityProviders[{provider.provider_name}:{provider.client_id}]"
                yield OpenDoor(
                    path=f"open sign-up in user pool {user_pool.member.id} -> "
                    f"app client {provider.client_id} -> role {arn}",
                    strong=strong,
                    evidence=(
                        (
                            "AdminCreateUserConfig.AllowAdminCreateUserOnly",
                            user_pool.settings.value.admin_creates_users_only,
                        ),
                        (f"{entry}.ClientId", provider.client_id),
                        ("Roles.authenticated", arn),
                    ),
                )
    for facet in gaps:
        _ = facet.value


def _strong(arn: str, ctx: Context, gaps: list[Facet[Any]]) -> tuple[Ability, ...]:
    facet = ctx.region.role_policies(arn)
    if facet.gap is not None:
        gaps.append(facet)
        return ()
    if facet.value is None:
        return ()
    reach = reach_of(facet.value)
    return (*reach.escalations, *reach.wildcards)


def _user_pool(provider: UserPoolProvider, ctx: Context, gaps: list[Facet[Any]]) -> UserPoolSnapshot | None:
    """Return the account's user pool that the identity pool trusts."""
    named = _PROVIDER.fullmatch(provider.provider_name)
    if named is None:
        return None
    region = _region(named[1], ctx)
    if region is None:
        message = f"the region {named[1]} was not read"
        operation = FacetName.USER_POOLS.operation
        gap = Gap(operation=operation, reason=Reason.UNAVAILABLE, message=message)
        gaps.append(Facet.missing(gap))
        return None
    found = region.user_pool(named[2])
    if found is None and region.user_pool_list.gap is not None:
        gaps.append(region.user_pool_list)
    return found


def _region(name: str, ctx: Context) -> RegionSnapshot | None:
    place = replace(ctx.region.scope, region=name)
    return next((each for each in ctx.snapshot.regions if each.scope == place), None)


def _is_open(pool: UserPoolSnapshot, client_id: str, gaps: list[Facet[Any]]) -> bool:
    """Whether anybody can sign up to a user pool and hold tokens of one of its app clients."""
    if pool.settings.gap is not None:
        gaps.append(pool.settings)
        return False
    if not pool.settings.value.allows_self_sign_up:
        return False
    for client in pool.clients:
        if client.member.id == client_id:
            if client.settings.gap is not None:
                gaps.append(client.settings)
                return False
            return _gives_tokens_to_users(client.settings.value)
    if pool.client_list.gap is not None:
        gaps.append(pool.client_list)
    return False


def _gives_tokens_to_users(client: AppClient) -> bool:
    """Whether users themselves hold the client's tokens, and no server that keeps its secret."""
    return client.signs_in_users and (not client.has_secret or "implicit" in client.active_oauth_flows)
