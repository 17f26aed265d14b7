"""Which identity pools take a user pool's tokens, and how these give its groups' roles out."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from records.facet import Facet
from records.iam import Role
from records.snapshot import IdentityPoolSnapshot, Snapshot
from rules.engine import Context
from rules.handed_out import lets_users_in, trusts_of
from rules.memory import remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An identity pool that gives a user pool's groups' roles out: by the token, or by the classic flow."""

    identity_pool: IdentityPoolSnapshot
    provider_name: str
    is_by_token: bool

    def gives(self, role: Role) -> bool:
        """Whether the role's trust policy surely lets users of the user pool take it on here."""
        return lets_users_in(role, self.identity_pool.member.id, self.provider_name)

    def __str__(self) -> str:
        """Say which it is."""
        how = "" if self.is_by_token else " by the classic flow"
        return f"identity pool {self.identity_pool.member.id}{how}"


def outlets(ctx: Context) -> tuple[Outlet, ...]:
    """Return the identity pools that were read and give out the roles of the user pool's groups."""
    return _outlets(ctx.snapshot).get(ctx.pool.member.id, ())


def can_be_taken_on(role: Role, ctx: Context) -> bool:
    """Whether a role may be taken on by the classic flow of some identity pool of the account."""
    scope = ctx.region.scope
    pools = _classic(ctx.snapshot).get((scope.partition, scope.account_id), frozenset())
    return any(
        bool(pools)
        if trust.audiences is None
        else any(map(trust.audiences.accepts, pools))
        if trust.audiences.has_wildcard
        else not pools.isdisjoint(trust.audiences.values)
        for trust in trusts_of(role)
    )


def unread_outlets(ctx: Context) -> tuple[Facet[Any], ...]:
    """Return the gaps of the account that may hide identity pools which take the user pool's tokens."""
    scope = ctx.region.scope
    return _unread(ctx.snapshot).get((scope.partition, scope.account_id), ())


@remembered(1)
def _outlets(snapshot: Snapshot) -> Mapping[str, tuple[Outlet, ...]]:
    found: dict[str, dict[tuple[str, bool], Outlet]] = defaultdict(dict)
    for each in snapshot.identity_pools:
        settings, roles = each.settings.known, each.roles.known
        mappings = roles.mappings if roles else ()
        by_token = {mapping.provider for mapping in mappings if mapping.type == "Token"}
        for provider in settings.user_pool_providers if settings else ():
            is_by_token = f"{provider.provider_name}:{provider.client_id}" in by_token
            if is_by_token or (settings and settings.allows_classic_flow):
                outlet = Outlet(
                    identity_pool=each, provider_name=provider.provider_name, is_by_token=is_by_token
                )
                user_pool_id = provider.provider_name.rpartition("/")[2]
                found[user_pool_id].setdefault((each.arn, is_by_token), outlet)
    return {user_pool_id: tuple(each.values()) for user_pool_id, each in found.items()}


@remembered(1)
def _classic(snapshot: Snapshot) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the ids of the identity pools with the classic flow, by partition and account."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in snapshot.identity_pools:
        settings = each.settings.known
        if settings is not None and settings.allows_classic_flow:
            found[each.scope.partition, each.scope.account_id].add(settings.identity_pool_id)
    return {place: frozenset(ids) for place, ids in found.items()}


@remembered(1)
def _unread(snapshot: Snapshot) -> Mapping[tuple[str, str], tuple[Facet[Any], ...]]:
    found: dict[tuple[str, str], list[Facet[Any]]] = defaultdict(list)
    for region in snapshot.regions:
        if not region.is_off:
            place = (region.scope.partition, region.scope.account_id)
            pools = (facet for each in region.identity_pools for facet in (each.settings, each.roles))
            found[place].extend(facet for facet in (region.identity_pool_list, *pools) if facet.gap)
    return {place: tuple(facets) for place, facets in found.items()}
