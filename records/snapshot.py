"""What is known of the watched accounts: for each facet its latest value or gap."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from records.app_client import AppClient
from records.facet import Facet, FacetName
from records.identity_pool import IdentityPool, IdentityPoolRoles
from records.resource import Member, Scope
from records.user_pool import MfaConfiguration, RiskConfiguration, UserPool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppClientSnapshot:
    """One app client as its list call named it, and what its describe call answered."""

    arn: str
    member: Member
    settings: Facet[AppClient]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPoolSnapshot:
    """One user pool with all its facets; where `client_list` is a gap, `clients` are those last known."""

    arn: str
    scope: Scope
    member: Member
    settings: Facet[UserPool]
    mfa: Facet[MfaConfiguration]
    risk: Facet[RiskConfiguration]
    client_list: Facet[tuple[Member, ...]]
    clients: tuple[AppClientSnapshot, ...]

    @property
    def app_clients(self) -> tuple[AppClient, ...]:
        """All app clients. Raises NotCollectedError where the list or one of the clients was not read."""
        _ = self.client_list.value
        return tuple(client.settings.value for client in self.clients)

    def has_app_client(self, wanted: Callable[[AppClient], bool]) -> bool:
        """Whether some app client is wanted: one that was read proves it, only reading all disproves it.

        Raises NotCollectedError where neither is so.
        """
        read = (client.settings.value for client in self.clients if client.settings.gap is None)
        return any(map(wanted, read)) or any(map(wanted, self.app_clients))

    @property
    def allows_local_sign_in(self) -> bool:
        """Whether the user pool has users of its own, beside those of outside identity providers."""
        if self.settings.value.allows_self_sign_up:
            return True
        return self.has_app_client(lambda client: client.signs_in_locally)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPoolSnapshot:
    """One identity pool with all its facets."""

    arn: str
    scope: Scope
    member: Member
    settings: Facet[IdentityPool]
    roles: Facet[IdentityPoolRoles]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSnapshot:
    """One region of one account as the run `run_id`, which ended at `collected_at`, left it."""

    scope: Scope
    run_id: int
    collected_at: datetime
    user_pool_list: Facet[tuple[Member, ...]]
    user_pools: tuple[UserPoolSnapshot, ...]
    identity_pool_list: Facet[tuple[Member, ...]]
    identity_pools: tuple[IdentityPoolSnapshot, ...]

    @property
    def is_off(self) -> bool:
        """Whether the account has not enabled this opt-in region, so that it can hold nothing."""
        gaps = (self.user_pool_list.gap, self.identity_pool_list.gap)
        return all(gap is not None and gap.is_off for gap in gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Every region that was read, ordered by account and region."""

    regions: tuple[RegionSnapshot, ...]

    @property
    def user_pools(self) -> Iterator[UserPoolSnapshot]:
        """The user pools of all regions."""
        return (pool for region in self.regions for pool in region.user_pools)

    @property
    def identity_pools(self) -> Iterator[IdentityPoolSnapshot]:
        """The identity pools of all regions."""
        return (pool for region in self.regions for pool in region.identity_pools)

    @property
    def facets(self) -> Iterator[tuple[Scope, str, FacetName, Facet[Any]]]:
        """Every facet with its scope, its resource's ARN and its name."""
        for region in self.regions:
            scope = region.scope
            yield scope, scope.user_pool_arn("*"), FacetName.USER_POOLS, region.user_pool_list
            yield scope, scope.identity_pool_arn("*"), FacetName.IDENTITY_POOLS, region.identity_pool_list
            for pool in region.user_pools:
                yield scope, pool.arn, FacetName.USER_POOL, pool.settings
                yield scope, pool.arn, FacetName.MFA_CONFIGURATION, pool.mfa
                yield scope, pool.arn, FacetName.RISK_CONFIGURATION, pool.risk
                yield scope, pool.arn, FacetName.APP_CLIENTS, pool.client_list
                for client in pool.clients:
                    yield scope, client.arn, FacetName.APP_CLIENT, client.settings
            for identity_pool in region.identity_pools:
                yield scope, identity_pool.arn, FacetName.IDENTITY_POOL, identity_pool.settings
                yield scope, identity_pool.arn, FacetName.IDENTITY_POOL_ROLES, identity_pool.roles
