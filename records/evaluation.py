"""What a rule says of one resource."""

from enum import StrEnum
from typing import NamedTuple

from records.facet import Gap
from records.resource import ResourceType, Scope


class Severity(StrEnum):
    """How bad a problem is."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst, so that sorting by rank puts the worst first."""
        return list(Severity).index(self)


class Outcome(StrEnum):
    """The result of one rule on one resource; the order is the one in which people want to see them."""

    FAIL = "fail"
    ERROR = "error"
    UNKNOWN = "unknown"
    PASS = "pass"  # noqa: S105  (an outcome)
    NOT_APPLICABLE = "not_applicable"

    @property
    def rank(self) -> int:
        """0 for the outcome that needs a person first."""
        return list(Outcome).index(self)

    @property
    def is_judged(self) -> bool:
        """Whether the rule could decide: UNKNOWN and ERROR are neither good nor bad."""
        return self not in (Outcome.UNKNOWN, Outcome.ERROR)


# (field path as AWS names it, value read); values are JSON's own kinds and tuples of them.
Evidence = tuple[tuple[str, object], ...]


# A named tuple, for one is made for each rule and resource, and a frozen dataclass takes twice as long.
class Evaluation(NamedTuple):
    """The outcome of the rule `code` on one resource.

    `messages` are predicates on the resource: the problems of a FAIL, the reasons of an UNKNOWN or ERROR.
    `gaps` are the facets that an UNKNOWN lacks. Where a list could not be read, `resource_arn` ends in
    `/*`. `severity_reason` says why the severity is not the rule's own, empty where it is. `paths` are the
    chains that a FAIL has found, each a path of its links; `targets` the ARNs of what has to be changed, if
    not the resource.
    """

    code: str
    severity: Severity
    outcome: Outcome
    scope: Scope
    resource_arn: str
    resource_type: ResourceType
    resource_name: str
    messages: tuple[str, ...] = ()
    evidence: Evidence = ()
    gaps: tuple[Gap, ...] = ()
    severity_reason: str = ""
    paths: tuple[tuple[str, ...], ...] = ()
    targets: tuple[str, ...] = ()
