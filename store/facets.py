"""What the store must know of each facet: its record, and the list that names its resource."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from records.app_client import AppClient
from records.facet import FacetName
from records.identity_pool import IdentityPool, IdentityPoolRoles
from records.resource import Member, Scope
from records.user_pool import MfaConfiguration, RiskConfiguration, UserPool

Members = tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetKind:
    """What a facet's answer becomes.

    `record` is its type (None: a list of members), `volatile` are the record's members that are usage samples
    and make no new version, `times` are those that hold a time.
    """

    record: type | None = None
    volatile: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


def _kind(record: type) -> FacetKind:
    return FacetKind(
        record=record,
        volatile=tuple(each.name for each in fields(record) if each.metadata.get("volatile")),
        times=tuple(each.name for each in fields(record) if each.type in (datetime, datetime | None)),
    )


KINDS: Mapping[FacetName, FacetKind] = {
    FacetName.USER_POOLS: FacetKind(),
    FacetName.USER_POOL: _kind(UserPool),
    FacetName.MFA_CONFIGURATION: _kind(MfaConfiguration),
    FacetName.RISK_CONFIGURATION: _kind(RiskConfiguration),
    FacetName.APP_CLIENTS: FacetKind(),
    FacetName.APP_CLIENT: _kind(AppClient),
    FacetName.IDENTITY_POOLS: FacetKind(),
    FacetName.IDENTITY_POOL: _kind(IdentityPool),
    FacetName.IDENTITY_POOL_ROLES: _kind(IdentityPoolRoles),
}


def region_list_arn(scope: Scope, resource_arn: str) -> str:
    """Return the ARN under which the region's list stands that leads to the resource."""
    return scope.identity_pool_arn("*") if ":identitypool/" in resource_arn else scope.user_pool_arn("*")


def user_pool_of(resource_arn: str) -> str:
    """Return the ARN of the user pool that an app client belongs to; other ARNs are their own."""
    return resource_arn.partition("/client/")[0]


def member_arns(scope: Scope, facet: FacetName, list_arn: str, members: Members) -> frozenset[str]:
    """Return the ARNs of the resources that a list facet names."""
    match facet:
        case FacetName.USER_POOLS:
            return frozenset(scope.user_pool_arn(member.id) for member in members)
        case FacetName.IDENTITY_POOLS:
            return frozenset(scope.identity_pool_arn(member.id) for member in members)
        case _:
            return frozenset(f"{list_arn}/client/{member.id}" for member in members)
