"""What Inventory shows: each resource of the snapshot with its facets, and where it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboard.kinds import Kind
from dashboard.roles import Pointer, RoleUse, roles_of
from dashboard.settings.rows import Facets
from dashboard.text import NAME_LIMIT
from poolwatch.text import listed, plain
from records.facet import Facet, FacetName
from records.resource import Member, Scope
from records.snapshot import (
    AppClientSnapshot,
    DomainSnapshot,
    IdentityPoolSnapshot,
    IdentityProviderSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from records.surroundings import AcmCertificate

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource; `pools` are the labels of the pool that it is or is in, for a role of those that name it.

    A role may be named from several regions, or accounts; `pointers` tell from where.
    """

    kind: Kind
    arn: str
    scopes: tuple[Scope, ...]
    member: Member
    pools: tuple[str, ...]
    facets: Facets
    pointers: tuple[Pointer, ...] = ()

    @property
    def name(self) -> str:
        """The name as tables show it."""
        return plain(self.member.name, NAME_LIMIT)

    @property
    def pool(self) -> str:
        """The label of the pool, or of the first few."""
        return listed(self.pools, _NAMED)

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The accounts that it is seen from."""
        return tuple(dict.fromkeys(scope.account_id for scope in self.scopes))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that it is seen from."""
        return tuple(dict.fromkeys(scope.region for scope in self.scopes))

    @property
    def label(self) -> str:
        """A short label, unlike that of every other resource of its kind."""
        if self.kind.is_in_user_pool:
            same = self.member.id == self.member.name
            return f"{self.name} in {self.pool}" + ("" if same else f" ({self.member.id})")
        if self.kind is Kind.ROLE:
            return f"{self.name} ({plain(self.arn, NAME_LIMIT * 2)})"
        return self.pool


def resources_of(kind: Kind, snapshot: Snapshot, pools: Mapping[str, str]) -> Iterator[Resource]:
    """Yield the resources of one kind; `pools` are `frames.pool_labels`."""
    if kind is Kind.ROLE:
        yield from map(_role, roles_of(snapshot, pools))
        return
    for region in snapshot.regions:
        if kind is Kind.IDENTITY_POOL:
            for identities in region.identity_pools:
                yield _resource(kind, identities, identities.scope, pools[identities.arn], identities.facets)
            continue
        for pool in region.user_pools:
            for holding, facets in _of_user_pool(kind, region, pool):
                yield _resource(kind, holding, pool.scope, pools[pool.arn], facets)


_Held = (
    UserPoolSnapshot | AppClientSnapshot | IdentityProviderSnapshot | DomainSnapshot | IdentityPoolSnapshot
)


def _of_user_pool(
    kind: Kind, region: RegionSnapshot, pool: UserPoolSnapshot
) -> Iterator[tuple[_Held, Facets]]:
    match kind:
        case Kind.APP_CLIENT:
            yield from ((client, client.facets) for client in pool.clients)
        case Kind.IDENTITY_PROVIDER:
            yield from ((provider, provider.facets) for provider in pool.identity_providers)
        case Kind.DOMAIN:
            for domain in pool.domains:
                yield (
                    domain,
                    {**domain.facets, FacetName.CERTIFICATE: certificate_of(region, domain)},
                )
        case _:
            yield pool, pool.facets


def certificate_of(region: RegionSnapshot, domain: DomainSnapshot) -> Facet[AcmCertificate | None]:
    """Return the certificate of a domain; None where it has none of its own."""
    last = domain.settings.last_good
    if last is None:
        return Facet(None, domain.settings.gap)
    if last.value is None or not last.value.certificate_arn:
        return Facet.read(None, last.at)
    return region.certificate(last.value.certificate_arn)


def _resource(kind: Kind, holding: _Held, scope: Scope, pool: str, facets: Facets) -> Resource:
    return Resource(
        kind=kind, arn=holding.arn, scopes=(scope,), member=holding.member, pools=(pool,), facets=facets
    )


def _role(use: RoleUse) -> Resource:
    return Resource(
        kind=Kind.ROLE,
        arn=use.arn,
        scopes=use.scopes,
        member=Member(id=use.arn, name=use.arn.rpartition("/")[2]),
        pools=tuple(dict.fromkeys(pointer.pool for pointer in use.pointers)),
        facets=use.facets,
        pointers=use.pointers,
    )
