"""Reading: every read of a run on a few threads, with its answer kept as soon as it is there."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from collectors.attempt import attempt
from collectors.clients import Account
from poolwatch.read import UNKNOWN, Read
from poolwatch.reads import region_reads, resource_reads
from poolwatch.schedule import Scheduler
from poolwatch.settling import Settlement, settle
from records.errors import CredentialsError
from records.facet import FacetName, Gap, Holder, Reason
from records.resource import Resource, Scope
from records.run import Answer

# Called with the facets read so far and those that are known to be due.
Progress = Callable[[int, int], None]
# Takes an answer as soon as it is there; one thread at a time calls it.
Keep = Callable[[Answer], None]
# Gives what an earlier run that was cut short has read of a facet, if it is still good.
Recall = Callable[[Scope, FacetName, str], Answer | None]


class RegionReads(Protocol):
    """Gives the reads of a region from which all others follow."""

    def __call__(self, accounts: Mapping[str, Account], scope: Scope, *, is_first: bool) -> Iterable[Read]:
        """Yield them; `is_first` says whether no other region of the account comes before."""


# Unpaced, this many calls are under way at once. Paced, threads mostly wait for tokens, few for each limit.
UNPACED_WORKERS = 16
PACED_WORKERS = 64
_PACED_PER_LANE = 4

# botocore's own retry budget runs dry under long throttling, so a throttled call comes back this often.
_THROTTLED_RETURNS = 3
# After so many failures in a row an operation is not called again in its region.
_PATIENCE: Mapping[Reason, int] = {Reason.THROTTLED: 6, Reason.UNAVAILABLE: 3, Reason.NOT_SUPPORTED: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingResult:
    """How a reading ended: its lists and gaps as they count, and whose credentials ran out on the way."""

    settlement: Settlement
    lists_and_gaps: tuple[Answer, ...]
    errors: tuple[CredentialsError, ...]


class Reading:
    """All that one run reads, or the `facets` of it.

    `accounts` are those signed in to, by id; `clock` gives the time of each answer. Memory holds the lists
    and gaps; all other answers go to `keep` and no further.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        *,
        keep: Keep,
        clock: Callable[[], datetime],
        on_progress: Progress = lambda _done, _due: None,
        recall: Recall = lambda _scope, _facet, _arn: None,
        facets: Collection[FacetName] = frozenset(FacetName),
    ) -> None:
        self._accounts = accounts
        self._keep = keep
        self._clock = clock
        self._on_progress = on_progress
        self._recall = recall
        self._facets = facets
        self._lock = threading.Lock()
        # Lists and gaps, on which the answers to other reads may yet depend.
        self._decisive: list[Answer] = []
        self._lists: dict[tuple[str, FacetName], Read] = {}
        self._seen: set[tuple[Scope, FacetName, str]] = set()
        self._done = 0
        self._failures: Counter[tuple[str, str, str]] = Counter()
        self._given_up: dict[tuple[str, str, str], Gap] = {}
        self._signed_out: dict[str, CredentialsError] = {}

    def read(
        self, scopes: Iterable[Scope], *, is_paced: bool, reads: RegionReads = region_reads
    ) -> ReadingResult:
        """Read all regions. Where an account's credentials run out, what was not read yet becomes gaps."""
        scopes = tuple(scopes)
        # By name, so that the next run finds what an account has once in the same place.
        first = {(each.partition, each.account_id): each for each in sorted(scopes, reverse=True)}.values()
        return self._read(
            (read for scope in scopes for read in reads(self._accounts, scope, is_first=scope in first)),
            is_paced=is_paced,
        )

    def read_resource(self, resource: Resource, *, is_paced: bool) -> ReadingResult:
        """Read one resource, with its user pool if it belongs to one. What AWS does not find is a gap."""
        return self._read(resource_reads(self._accounts, resource), is_paced=is_paced)

    def _read(self, reads: Iterable[Read], *, is_paced: bool) -> ReadingResult:
        scheduler = Scheduler(
            self._perform,
            workers=PACED_WORKERS if is_paced else UNPACED_WORKERS,
            per_lane=_PACED_PER_LANE if is_paced else None,
        )
        _, error = scheduler.run(self._wanted(reads))
        if error is not None:
            raise error
        settlement = settle(self._decisive, self._list_again)
        return ReadingResult(
            settlement=settlement,
            lists_and_gaps=tuple(settlement.applied(self._decisive)),
            errors=tuple(self._signed_out.values()),
        )

    def _wanted(self, reads: Iterable[Read]) -> tuple[Read, ...]:
        """Return the reads of the facets that are asked for; what several pools point to is read once."""
        wanted = []
        for read in reads:
            if read.facet not in self._facets:
                continue
            key = (read.scope, read.facet, read.arn)
            with self._lock:
                if key in self._seen:
                    continue
                self._seen.add(key)
            wanted.append(read)
        return tuple(wanted)

    def _perform(self, read: Read) -> Iterable[Read]:
        earlier = self._recall(read.scope, read.facet, read.arn) if read.known is UNKNOWN else None
        outcome = earlier.outcome if earlier else self._outcome(read)
        if isinstance(outcome, Gap):
            if self._may_return(read, outcome):
                return (replace(read, returned=read.returned + 1),)
            following = self._wanted(read.despite(outcome))
        else:
            following = self._wanted(read.then(outcome))
        self._take(read, outcome, at=earlier.at if earlier else self._clock())
        return following

    def _outcome(self, read: Read) -> object:
        if read.known is not UNKNOWN:
            return read.known
        refusal = self._signed_out.get(read.account_id)
        if refusal is None:
            given_up = self._given_up.get(_operation_of(read))
            if given_up is not None:
                return given_up
            try:
                outcome: object = attempt(
                    read.operation,
                    read.call,
                    region=read.region,
                    instead=read.instead,
                    is_elsewhere=read.is_elsewhere,
                )
            except CredentialsError as error:
                refusal = self._signed_out.setdefault(read.account_id, error)
            else:
                if not isinstance(outcome, Gap):
                    self._failures.pop(_operation_of(read), None)
                return outcome
        return Gap(operation=read.operation, reason=Reason.EXPIRED, message=refusal.message)

    def _list_again(self, answer: Answer) -> object:
        return self._outcome(self._lists[answer.resource_arn, answer.facet])

    def _may_return(self, read: Read, gap: Gap) -> bool:
        """Count a failure; tell whether the call is worth another turn once others have had theirs."""
        patience = _PATIENCE.get(gap.reason)
        if patience is None or read.known is not UNKNOWN:
            return False
        key = _operation_of(read)
        with self._lock:
            self._failures[key] += 1
            if self._failures[key] >= patience:
                self._given_up.setdefault(key, gap)
            return (
                gap.reason is Reason.THROTTLED
                and read.returned < _THROTTLED_RETURNS
                and key not in self._given_up
            )

    def _take(self, read: Read, outcome: object, *, at: datetime) -> None:
        answer = Answer(scope=read.scope, resource_arn=read.arn, facet=read.facet, outcome=outcome, at=at)
        with self._lock:
            self._done += 1
            if read.facet.is_list:
                # What follows from a read holds on to what it was given, such as its user pool's settings.
                self._lists[read.arn, read.facet] = replace(read, then=_nothing, despite=_nothing)
            is_account_wide = read.facet.holder is Holder.ACCOUNT
            if read.facet.is_list or is_account_wide or isinstance(outcome, Gap):
                self._decisive.append(answer)
            self._keep(answer)
            done, due = self._done, len(self._seen)
        self._on_progress(done, due)


def _nothing(_outcome: object) -> Iterable[Read]:
    return ()


def _operation_of(read: Read) -> tuple[str, str, str]:
    return (read.account_id, read.region, read.operation)
