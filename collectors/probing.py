"""Every declared operation tried once, on what is there: what a run would be allowed to read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from collectors import app_clients, identity_pools, user_pools
from collectors.attempt import attempt
from collectors.clients import Account
from records.facet import FacetName, Gap, Reason
from records.resource import Member

# What each facet's call answered; one for which there was nothing to try it on is left out.
Probes = Mapping[FacetName, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionProbe:
    """The two lists of one region, or why they could not be read."""

    name: str
    lists: Mapping[FacetName, tuple[Member, ...] | Gap]

    def ids(self, facet: FacetName) -> tuple[str, ...]:
        """Return the ids that a list names; none where it was not read."""
        members = self.lists[facet]
        return () if isinstance(members, Gap) else tuple(member.id for member in members)

    def has(self, reason: Reason) -> bool:
        """Whether a list could not be read for this reason."""
        return any(gap.reason is reason for gap in self.gaps)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Why lists could not be read."""
        return tuple(each for each in self.lists.values() if isinstance(each, Gap))


def probe_region(account: Account, name: str) -> RegionProbe:
    """List a region's pools. Raises CredentialsError."""
    calls: Mapping[FacetName, Callable[[], tuple[Member, ...]]] = {
        FacetName.USER_POOLS: lambda: user_pools.collect_user_pool_list(account.user_pools(name)),
        FacetName.IDENTITY_POOLS: lambda: identity_pools.collect_identity_pool_list(
            account.identity_pools(name)
        ),
    }
    return RegionProbe(
        name=name,
        lists={facet: attempt(facet.operation, call, region=name) for facet, call in calls.items()},
    )


def probe_pools(account: Account, regions: Sequence[RegionProbe]) -> Probes:
    """Describe the first pool of each kind and the first app client. Raises CredentialsError."""
    found: dict[FacetName, object] = {}
    if first := _first(regions, FacetName.USER_POOLS):
        region, pool_id = first
        idp = account.user_pools(region)
        calls: dict[FacetName, Callable[[], object]] = {
            FacetName.USER_POOL: lambda: user_pools.collect_user_pool(idp, pool_id),
            FacetName.MFA_CONFIGURATION: lambda: user_pools.collect_mfa_configuration(idp, pool_id),
            FacetName.RISK_CONFIGURATION: lambda: user_pools.collect_risk_configuration(idp, pool_id),
            FacetName.APP_CLIENTS: lambda: app_clients.collect_app_client_list(idp, pool_id),
        }
        found |= _tried(calls, region)
        clients = found[FacetName.APP_CLIENTS]
        if isinstance(clients, tuple) and clients:
            client_id = clients[0].id
            calls = {FacetName.APP_CLIENT: lambda: app_clients.collect_app_client(idp, pool_id, client_id)}
            found |= _tried(calls, region)
    if first := _first(regions, FacetName.IDENTITY_POOLS):
        region, identity_pool_id = first
        identity = account.identity_pools(region)
        calls = {
            FacetName.IDENTITY_POOL: lambda: identity_pools.collect_identity_pool(identity, identity_pool_id),
            FacetName.IDENTITY_POOL_ROLES: lambda: identity_pools.collect_identity_pool_roles(
                identity, identity_pool_id
            ),
        }
        found |= _tried(calls, region)
    return found


def _first(regions: Iterable[RegionProbe], facet: FacetName) -> tuple[str, str] | None:
    return next(((region.name, each) for region in regions for each in region.ids(facet)), None)


def _tried(calls: Mapping[FacetName, Callable[[], object]], region: str) -> dict[FacetName, object]:
    # The error that says "threat protection is off" is an answer: the call was allowed.
    instead = dict.fromkeys(user_pools.THREAT_PROTECTION_IS_OFF, user_pools.NOTHING_SET)
    return {
        facet: attempt(facet.operation, call, region=region, instead=instead) for facet, call in calls.items()
    }
