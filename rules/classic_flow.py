"""Roles that the holders of an identity pool's tokens can take on by themselves, in the classic flow.

There the app, or somebody in its place, names the role: it need not be one that the identity pool hands out,
for the role's trust policy alone decides. Told are the roles that were read; of a role that nothing read
points to, nothing is known.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from records.facet import Facet, FacetName, Reason
from records.iam import Role
from records.snapshot import RegionSnapshot, Snapshot
from records.user_pool_parts import Group
from rules.engine import Context
from rules.memory import remembered
from rules.reach import Reach, account_of, reach_if_known
from rules.trust import web_identity_trusts


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRole:
    """A role that trusts tokens of identity pools, in the region whose pools point to it."""

    role: Role
    region: RegionSnapshot

    @property
    def reach(self) -> Reach | None:
        """How far the role reaches, None where that is not known."""
        return reach_if_known(self.region.role_policies(self.role.arn))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trusting:
    """Roles of one account by the identity pools that they name, and those that name none or many."""

    by_identity_pool: Mapping[str, tuple[KnownRole, ...]]
    of_many: tuple[KnownRole, ...]


def roles_that_may_trust(identity_pool_id: str, ctx: Context) -> Iterator[KnownRole]:
    """Yield the roles of the identity pool's account that were read and may trust its tokens."""
    trusting = _trusting(ctx.snapshot).get((ctx.region.scope.partition, ctx.region.scope.account_id))
    if trusting is not None:
        yield from trusting.by_identity_pool.get(identity_pool_id, ())
        yield from trusting.of_many


def unread_groups(ctx: Context) -> tuple[Facet[tuple[Group, ...]], ...]:
    """Return the lists of groups of the account that were not read: they may name more roles."""
    place = (ctx.region.scope.partition, ctx.region.scope.account_id)
    return _unread_groups(ctx.snapshot).get(place, ())


@remembered(1)
def _unread_groups(snapshot: Snapshot) -> Mapping[tuple[str, str], tuple[Facet[tuple[Group, ...]], ...]]:
    found: dict[tuple[str, str], list[Facet[tuple[Group, ...]]]] = defaultdict(list)
    for pool in snapshot.user_pools:
        if pool.groups.gap is not None and pool.groups.gap.reason is not Reason.NOT_IN_PLAN:
            found[pool.scope.partition, pool.scope.account_id].append(pool.groups)
    return {place: tuple(groups) for place, groups in found.items()}


@remembered(1)
def _trusting(snapshot: Snapshot) -> Mapping[tuple[str, str], _Trusting]:
    """Return the roles that trust identity pools, by partition and account."""
    named: dict[tuple[str, str], dict[str, dict[str, KnownRole]]] = defaultdict(lambda: defaultdict(dict))
    of_many: dict[tuple[str, str], dict[str, KnownRole]] = defaultdict(dict)
    for known in _known_roles(snapshot):
        arn = known.role.arn
        place = (known.region.scope.partition, account_of(arn))
        for trust in web_identity_trusts(known.role.trust):
            if trust.audiences is None or trust.audiences.has_wildcard:
                of_many[place][arn] = known
            else:
                for audience in trust.audiences.values:
                    named[place][audience][arn] = known
    return {
        place: _Trusting(
            by_identity_pool={
                audience: tuple(known for arn, known in roles.items() if arn not in of_many[place])
                for audience, roles in named[place].items()
            },
            of_many=tuple(of_many[place].values()),
        )
        for place in (*named, *(each for each in of_many if each not in named))
    }


def _known_roles(snapshot: Snapshot) -> Iterator[KnownRole]:
    for region in snapshot.regions:
        for (name, _), facet in region.references.items():
            role = facet.known if name is FacetName.ROLE else None
            if role is not None:
                yield KnownRole(role=role, region=region)
