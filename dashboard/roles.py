"""The IAM roles that pools, groups, senders of SMS and functions name, and who names them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from dashboard.kinds import Kind
from dashboard.settings.rows import Facets
from records.facet import Facet, FacetName
from records.resource import Scope
from records.snapshot import IdentityPoolSnapshot, RegionSnapshot, Snapshot, UserPoolSnapshot

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """One place that names a role: `what` says as what, `pool` is the label of the pool with `pool_arn`."""

    kind: Kind
    what: str
    pool: str
    pool_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleUse:
    """A role with the scopes that it is seen from, and all that names it there."""

    arn: str
    scopes: tuple[Scope, ...]
    facets: Facets
    pointers: tuple[Pointer, ...]


def roles_of(snapshot: Snapshot, pools: Mapping[str, str]) -> Iterator[RoleUse]:
    """Yield each role once, by ARN; `pools` are `frames.pool_labels`."""
    scopes: dict[str, dict[Scope, RegionSnapshot]] = {}
    pointers: dict[str, dict[Pointer, None]] = {}
    for region in snapshot.regions:
        for arn in (arn for name, arn in region.references if name is FacetName.ROLE):
            scopes.setdefault(arn, {})[region.scope] = region
        for arn, pointer in _pointers(region, pools):
            scopes.setdefault(arn, {})[region.scope] = region
            pointers.setdefault(arn, {})[pointer] = None
    for arn, seen in sorted(scopes.items()):
        regions = tuple(seen.values())
        yield RoleUse(
            arn=arn,
            scopes=tuple(seen),
            facets={
                FacetName.ROLE: _best([region.role(arn) for region in regions]),
                FacetName.ROLE_POLICIES: _best([region.role_policies(arn) for region in regions]),
            },
            pointers=tuple(pointers.get(arn, ())),
        )


def _pointers(region: RegionSnapshot, pools: Mapping[str, str]) -> Iterator[tuple[str, Pointer]]:
    """Yield the roles that a region's pools name, as last read."""
    for identities in region.identity_pools:
        for arn, what in _of_identity_pool(identities):
            yield (
                arn,
                Pointer(
                    kind=Kind.IDENTITY_POOL, what=what, pool=pools[identities.arn], pool_arn=identities.arn
                ),
            )
    for pool in region.user_pools:
        for arn, what in _of_user_pool(region, pool):
            yield arn, Pointer(kind=Kind.USER_POOL, what=what, pool=pools[pool.arn], pool_arn=pool.arn)


def _of_identity_pool(pool: IdentityPoolSnapshot) -> Iterator[tuple[str, str]]:
    roles = last(pool.roles)
    if roles is None:
        return
    if roles.authenticated_role_arn:
        yield roles.authenticated_role_arn, "role of signed-in users"
    if roles.unauthenticated_role_arn:
        yield roles.unauthenticated_role_arn, "role of guests"
    for mapping in roles.mappings:
        for number, rule in enumerate(mapping.rules, 1):
            yield rule.role_arn, f"mapping of {mapping.provider}, rule {number}"


def _of_user_pool(region: RegionSnapshot, pool: UserPoolSnapshot) -> Iterator[tuple[str, str]]:
    for group in last(pool.groups) or ():
        if group.role_arn:
            yield group.role_arn, f"group {group.name}"
    settings = last(pool.settings)
    if settings is None:
        return
    if settings.sms is not None and settings.sms.caller_arn:
        yield settings.sms.caller_arn, "sender of SMS"
    for trigger in settings.triggers:
        function = last(region.function(trigger.function_arn))
        if function is not None and function.role_arn:
            yield function.role_arn, f"function of the trigger {trigger.stage}"


def last(facet: Facet[T]) -> T | None:
    """Return the value that a facet last had, whether or not this run read it."""
    return None if facet.last_good is None else facet.last_good.value


def _best(facets: list[Facet[T]]) -> Facet[T]:
    """Return the facet that knows most: several regions may name one role, and not all could read it."""
    return min(facets, key=lambda facet: (facet.gap is not None, facet.last_good is None))
