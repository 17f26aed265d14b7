"""One run of `poolwatch collect`: what it was answered, what it could not read, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from records.evaluation import Outcome, Severity
from records.facet import FacetName, Gap
from records.resource import Scope


class RunState(StrEnum):
    """How a run stands; a finished one is exactly one of complete, partial or failed."""

    RUNNING = "running"
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"

    @property
    def has_data(self) -> bool:
        """Whether the run published what it read."""
        return self in (RunState.COMPLETE, RunState.PARTIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one call of a run came to: the facet's record at `at`, or the gap in its place.

    The two list facets of a region have the ARN of `Scope.user_pool_arn("*")` and
    `Scope.identity_pool_arn("*")`; the list of a user pool's app clients has the user pool's ARN.
    """

    scope: Scope
    resource_arn: str
    facet: FacetName
    outcome: object | Gap
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunGap:
    """A gap and the resource that it is about."""

    scope: Scope
    resource_arn: str
    facet: FacetName
    gap: Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run's own record.

    `finished_at` is None while it runs, and for a run that was killed: nobody saw its end. `message` says
    why a failed run failed; `calls` counts API calls by `service:Operation`; `version` is the
    Poolwatch that ran.
    """

    id: int
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    identity_arn: str | None
    scopes: tuple[Scope, ...]
    calls: Mapping[str, int]
    message: str | None
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """How many evaluations of a finished run had this severity and outcome."""

    run_id: int
    finished_at: datetime
    severity: Severity
    outcome: Outcome
    count: int


class Cause(StrEnum):
    """Why a finding closed."""

    RESOURCE = "resource"
    RULE = "rule"
    SETTINGS = "settings"
    DELETED = "deleted"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A span of time in which a rule failed, or could not be judged, on one resource.

    `outcome` is FAIL, UNKNOWN or ERROR; `closed_at` and `cause` are None while it lasts. A FAIL stays open
    while the resource cannot be read: nothing closes on data that is missing.
    """

    code: str
    resource_arn: str
    outcome: Outcome
    opened_at: datetime
    closed_at: datetime | None
    cause: Cause | None
