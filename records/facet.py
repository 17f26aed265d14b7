"""What one API call answered about one resource: a value, or a gap that says why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Reason(StrEnum):
    """Why a facet could not be read."""

    DENIED = "denied"
    EXPLICIT_DENY = "explicit_deny"
    THROTTLED = "throttled"
    NOT_SUPPORTED = "not_supported"
    REGION_OFF = "region_off"
    EXPIRED = "expired"
    NOT_FOUND = "not_found"
    MALFORMED = "malformed"
    UNAVAILABLE = "unavailable"


class FacetName(StrEnum):
    """The facets that a configuration run reads; the values are names in the store and in JSON."""

    USER_POOLS = "user_pools"
    USER_POOL = "user_pool"
    MFA_CONFIGURATION = "mfa_configuration"
    RISK_CONFIGURATION = "risk_configuration"
    APP_CLIENTS = "app_clients"
    APP_CLIENT = "app_client"
    IDENTITY_POOLS = "identity_pools"
    IDENTITY_POOL = "identity_pool"
    IDENTITY_POOL_ROLES = "identity_pool_roles"

    @property
    def operation(self) -> str:
        """The API operation that answers the facet, as `service:Operation`."""
        return _OPERATIONS[self]


_OPERATIONS: Mapping[FacetName, str] = {
    FacetName.USER_POOLS: "cognito-idp:ListUserPools",
    FacetName.USER_POOL: "cognito-idp:DescribeUserPool",
    FacetName.MFA_CONFIGURATION: "cognito-idp:GetUserPoolMfaConfig",
    FacetName.RISK_CONFIGURATION: "cognito-idp:DescribeRiskConfiguration",
    FacetName.APP_CLIENTS: "cognito-idp:ListUserPoolClients",
    FacetName.APP_CLIENT: "cognito-idp:DescribeUserPoolClient",
    FacetName.IDENTITY_POOLS: "cognito-identity:ListIdentityPools",
    FacetName.IDENTITY_POOL: "cognito-identity:DescribeIdentityPool",
    FacetName.IDENTITY_POOL_ROLES: "cognito-identity:GetIdentityPoolRoles",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One facet that could not be read in one run.

    `operation` is `service:Operation`, for instance `cognito-idp:GetUserPoolMfaConfig`; `message` is AWS's
    own text, shortened and free of secrets.
    """

    operation: str
    reason: Reason
    message: str

    @property
    def iam_action(self) -> str:
        """The IAM action that allows the call; for Cognito's read operations both have the same name."""
        return self.operation

    @property
    def is_off(self) -> bool:
        """Whether the owner switched the source off (an opt-in region): no gap that anybody must mend."""
        return self.reason is Reason.REGION_OFF


class NotCollectedError(Exception):
    """A rule asked for a facet that this run could not read; the engine turns it into UNKNOWN."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"{gap.operation}: {gap.reason.value}")
        self.gap = gap


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value and the time at which AWS answered it."""

    value: T
    at: datetime


@dataclass(frozen=True, slots=True)
class Facet(Generic[T]):
    """What one call answered in a run: its reading, or its gap with the last good reading beside it."""

    last_good: Reading[T] | None
    gap: Gap | None = None

    def __post_init__(self) -> None:
        """Refuse a facet that says nothing at all."""
        if self.gap is None and self.last_good is None:
            raise ValueError("a facet holds a reading or a gap")

    @classmethod
    def read(cls, value: T, at: datetime) -> "Facet[T]":
        """Make the facet of a call that was answered at `at`."""
        return cls(Reading(value, at))

    @classmethod
    def missing(cls, gap: Gap, last_good: Reading[T] | None = None) -> "Facet[T]":
        """Make the facet of a call that was not answered in this run."""
        return cls(last_good, gap)

    @property
    def value(self) -> T:
        """This run's value. Raises NotCollectedError where the run has a gap, however good the last value."""
        if self.gap is not None or self.last_good is None:
            raise NotCollectedError(self.gap or _NEVER)
        return self.last_good.value


_NEVER = Gap(operation="", reason=Reason.UNAVAILABLE, message="never read")
