"""A sample of what a run reads, which tells what all of it takes.

It has a few pools of each kind in each region, with one of each thing that belongs to them or that they
point to.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from collectors.clients import Account
from collectors.quotas import quota_of
from poolwatch.read import UNKNOWN, Read
from poolwatch.reads import region_reads
from records.facet import FacetName
from records.resource import Scope

# More than one, so that it shows whether they share what they point to.
_POOLS = 3
# An account has these once in a region, however many user pools point there.
_ONCE = frozenset({FacetName.EMAIL_ACCOUNT, FacetName.SMS_ACCOUNT, FacetName.END_USER_MESSAGING})
_Key = tuple[Scope, FacetName, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pick:
    """A read that stands for `share` reads wherever the read stands that it follows from."""

    read: Read
    source: _Key | None
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The calls of a run, and the seconds that they take at AWS's whole quotas."""

    calls: float
    seconds: float


class Sample:
    """Picks a few reads in place of all, and keeps how many each stands for. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._picked: dict[_Key, _Pick] = {}

    def region_reads(
        self, accounts: Mapping[str, Account], scope: Scope, *, is_first: bool = False
    ) -> Iterator[Read]:
        """Yield a region's lists, from which a sample of all other reads follows."""
        for read in region_reads(accounts, scope, is_first=is_first):
            yield self._pick(read, None, 1, most=_POOLS)

    def estimate(self, calls: Mapping[str, int]) -> Estimate:
        """Say what reading everything takes, from the calls that reading the sample took, by operation.

        Whatever is pointed to from more than one place is taken to be shared by all. The busiest of AWS's
        quotas decides on the time, for all are used side by side.
        """
        called = [
            (pick.read, self._amount(key)) for key, pick in self._picked.items() if pick.read.known is UNKNOWN
        ]
        reads_by_operation = Counter(each for read, _ in called for each in read.facet.operations)
        lanes: dict[tuple[str, str], float] = defaultdict(float)
        seconds, total = 0.0, 0.0
        for read, amount in called:
            for operation in read.facet.operations:
                quota = quota_of(operation)
                due = amount * calls.get(operation, 0) / reads_by_operation[operation]
                total += due
                lanes[read.region, quota.category] += due
                seconds = max(seconds, lanes[read.region, quota.category] / quota.per_second)
        return Estimate(calls=total, seconds=seconds)

    def _amount(self, key: _Key) -> float:
        """Return how many reads of a run the picked one stands for."""
        pick = self._picked[key]
        return pick.share * (self._amount(pick.source) if pick.source else 1)

    def _following(self, reads: Iterable[Read], source: _Key, most: int) -> Iterator[Read]:
        """Yield the first reads of each facet in place of all."""
        by_facet: dict[FacetName, list[Read]] = {}
        for read in reads:
            by_facet.setdefault(read.facet, []).append(read)
        for alike in by_facet.values():
            # What is known without a call tells nothing of permissions.
            picked = sorted(alike, key=lambda read: read.known is not UNKNOWN)[:most]
            for read in picked:
                yield self._pick(read, source, len(alike) / len(picked), most=1)

    def _pick(self, read: Read, source: _Key | None, share: float, *, most: int) -> Read:
        key = (read.scope, read.facet, read.arn)
        with self._lock:
            if key in self._picked or read.facet in _ONCE:
                source, share = None, 1
            self._picked[key] = _Pick(read=read, source=source, share=share)
        following = partial(self._following, source=key, most=most)
        return replace(
            read,
            then=lambda value: following(read.then(value)),
            despite=lambda gap: following(read.despite(gap)),
        )
