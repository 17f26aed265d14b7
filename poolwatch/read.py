"""One facet to read: where, with which call, and what follows from the answer."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from collectors.quotas import quota_of
from records.facet import FacetName, Gap
from records.resource import Scope


class _Unknown:
    """What a read is before its call."""


UNKNOWN = _Unknown()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Read:
    """One facet to read, with one call or a few.

    `account` and `region` are where the calls go, which for what a pool points to may differ from the scope
    that the answer belongs to. `then` makes the reads that follow from the value, `despite` those that follow
    where there is a gap. `instead` maps errors that are an answer to the value that they mean. Where `known`
    is given, nothing is called.
    """

    scope: Scope
    arn: str
    facet: FacetName
    account_id: str
    region: str
    group: str
    call: Callable[[], object] = lambda: None
    then: Callable[[Any], Iterable["Read"]] = lambda _value: ()
    despite: Callable[[Gap], Iterable["Read"]] = lambda _gap: ()
    instead: Mapping[str, object] = field(default_factory=dict)
    known: object = UNKNOWN
    returned: int = 0

    @property
    def operation(self) -> str:
        """The API operation that the read calls first."""
        return self.facet.operation

    @property
    def is_elsewhere(self) -> bool:
        """Whether the calls go to another account or region than the one that the answer belongs to."""
        return (self.account_id, self.region) != (self.scope.account_id, self.scope.region)

    @property
    def lane(self) -> Hashable:
        """One lane for each of AWS's rate limits."""
        return (self.account_id, self.region, quota_of(self.operation).category)
