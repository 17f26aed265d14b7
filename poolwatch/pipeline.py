"""One run of `poolwatch collect`: sign in, read, publish, judge."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import poolwatch
from collectors.clients import AccountTarget
from collectors.limiter import RateLimiter
from poolwatch.accepting import Acceptance
from poolwatch.configuration import AcceptedGap
from poolwatch.posture import judge
from poolwatch.reading import PACED_WORKERS, UNPACED_WORKERS, Progress, Reading, ReadingResult
from poolwatch.signing_in import Refusal, scopes_in_use, sign_in
from records.account import AccountInfo
from records.errors import CredentialsError, PoolwatchError, StoreError
from records.facet import FacetName, Gap
from records.resource import Scope
from records.run import Answer, Run, RunState
from rules.baselines import FSBP
from rules.catalogue import catalogue
from rules.engine import Baseline
from store.reader import exists, open_reader
from store.writer import Writer, open_writer

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# Answers go into the store so many at a time, for each time waits for the disk.
_KEPT_AT_ONCE = 256
# What was read longer ago may have changed since.
_RESUMABLE_FOR = timedelta(hours=6)
_LISTS = frozenset({FacetName.USER_POOLS, FacetName.IDENTITY_POOLS, FacetName.WEB_IDENTITY_ROLES})


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectResult:
    """A finished run and, where credentials ran out in the middle of it, the error that says so.

    `resumed` is how many answers of a run that was cut short stood ready; `refusals` are the accounts that
    could not be signed in to.
    """

    run: Run
    error: CredentialsError | None
    resumed: int
    refusals: tuple[Refusal, ...]


class _Spool:
    """The way of answers into the store, some at a time; one thread at a time uses it."""

    def __init__(self, writer: Writer, run_id: int, acceptance: Acceptance) -> None:
        self._writer = writer
        self._run_id = run_id
        self._acceptance = acceptance
        self._waiting: list[Answer] = []
        # What the store could not keep and holds as gaps.
        self.unkept: list[Answer] = []

    def keep(self, answer: Answer) -> None:
        """Keep an answer, at the latest with those that follow soon."""
        self._waiting.append(self._acceptance.marked(answer))
        if len(self._waiting) >= _KEPT_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Make everything safe that was handed in so far."""
        waiting, self._waiting = self._waiting, []
        if waiting and (gaps := self._writer.keep(self._run_id, waiting)):
            marked = [self._acceptance.marked(gap) for gap in gaps]
            self._writer.keep(self._run_id, marked)
            self.unkept += marked


def _recall_nothing(_scope: Scope, _facet: FacetName, _arn: str) -> None:
    """Stand in where no run is resumed."""


def collect(
    targets: Sequence[AccountTarget],
    *,
    store: Path,
    rate_share: float | None,
    regions: Sequence[str] = (),
    baseline: Baseline = FSBP,
    accepted: tuple[AcceptedGap, ...] = (),
    names: tuple[AccountInfo, ...] = (),
    is_demo: bool = False,
    resume: bool = False,
    attempts: int = 5,
    clock: Clock = lambda: datetime.now(UTC),
    on_progress: Progress = lambda _done, _due: None,
) -> CollectResult:
    """Read the accounts, publish what they answered, judge it, and tell how the run ended.

    `regions` defaults to those of each target, and these to every region that has Cognito; `rate_share` is
    the part of AWS's quotas to use, None for no pacing; `names` is what the accounts are called. An account
    that cannot be signed in to leaves gaps where others can. With `resume`, what a run that was cut short has
    read within the last six hours is not read again. Raises UsageError, CredentialsError or PoolwatchError
    where nothing could be started, and StoreError where the store cannot be written.
    """
    workers = UNPACED_WORKERS if rate_share is None else PACED_WORKERS
    try:
        signed_in = sign_in(
            targets,
            RateLimiter(rate_share),
            regions=regions,
            attempts=attempts,
            workers=workers,
            known=partial(scopes_in_use, store),
        )
    except CredentialsError as refusal:
        _keep_failed_sign_in(store, refusal, is_demo=is_demo, clock=clock)
        raise
    accounts, scopes = tuple(signed_in.accounts.values()), signed_in.scopes
    acceptance = Acceptance(accepted, clock().date())
    with open_writer(store, is_demo=is_demo) as writer:
        writer.name_accounts(names)
        resumes = writer.resumable(scopes, within=_RESUMABLE_FOR, at=clock()) if resume else None
        run_id = writer.start_run(
            scopes=signed_in.all_scopes,
            identity_arn=accounts[0].identity.arn,
            version=poolwatch.__version__,
            at=clock(),
            resumes=resumes,
        )
        spool = _Spool(writer, run_id, acceptance)
        try:
            result = Reading(
                signed_in.accounts,
                keep=spool.keep,
                recall=partial(writer.carried, run_id) if resumes else _recall_nothing,
                clock=clock,
                on_progress=on_progress,
            ).read(scopes, is_paced=rate_share is not None)
            calls = sum((Counter(account.calls) for account in accounts), Counter[str]())
            unread = tuple(signed_in.gaps(clock()))
            for answer in unread:
                spool.keep(answer)
            spool.flush()
            decisive = _as_kept(
                [acceptance.marked(answer) for answer in (*result.lists_and_gaps, *unread)], spool.unkept
            )
            replaced = [acceptance.marked(answer) for answer in result.settlement.replaced]
            _publish(
                writer,
                run_id,
                result,
                decisive=decisive,
                replaced=replaced,
                baseline=baseline,
                calls=calls,
                clock=clock,
            )
        except BaseException as failure:
            with suppress(StoreError):
                spool.flush()
            writer.finish_run(run_id, RunState.FAILED, at=clock(), calls={}, message=_told(failure))
            raise
    with open_reader(store) as reader:
        return CollectResult(
            run=reader.run(run_id),
            error=next(iter(result.errors), None),
            resumed=resumes.answers if resumes else 0,
            refusals=signed_in.refusals,
        )


def _keep_failed_sign_in(store: Path, error: CredentialsError, *, is_demo: bool, clock: Clock) -> None:
    """Write down a run that failed before it read anything, so that the page can tell why its data ages."""
    try:
        if exists(store):
            with open_writer(store, is_demo=is_demo) as writer:
                run_id = writer.start_run(
                    scopes=(), identity_arn=None, version=poolwatch.__version__, at=clock()
                )
                writer.finish_run(run_id, RunState.FAILED, at=clock(), calls={}, message=error.message)
    except StoreError as obstacle:
        # The credentials are what the user must hear of first.
        logger.warning("the failed sign-in is not in the store: %s", obstacle.message)


def _publish(
    writer: Writer,
    run_id: int,
    result: ReadingResult,
    *,
    decisive: Sequence[Answer],
    replaced: Sequence[Answer],
    baseline: Baseline,
    calls: Mapping[str, int],
    clock: Clock,
) -> None:
    state, message = _verdict(decisive)
    error = next(iter(result.errors), None)
    with writer.transaction():
        writer.publish(run_id, replaced, gone=result.settlement.gone)
        if state.has_data:
            now = clock()
            evaluations = judge(writer.snapshot(run_id), today=now.date(), baseline=baseline)
            codes = {rule.code for rule in catalogue()} - baseline.switched_off
            writer.record(run_id, evaluations, codes=codes, at=now)
        writer.finish_run(
            run_id,
            state,
            at=clock(),
            calls=calls,
            message=error.message if error else message,
            is_cut_short=error is not None,
        )


def _as_kept(answers: Sequence[Answer], unkept: Sequence[Answer]) -> list[Answer]:
    """Return the answers with those that the store holds as gaps in their places."""
    places = {(each.scope, each.facet, each.resource_arn) for each in unkept}
    kept = [each for each in answers if (each.scope, each.facet, each.resource_arn) not in places]
    return [*kept, *unkept]


def _verdict(answers: Sequence[Answer]) -> tuple[RunState, str | None]:
    """Tell how a run ended: failed where not one list of any region or account could be read."""
    gaps = [answer.outcome for answer in answers if isinstance(answer.outcome, Gap)]
    lists = [answer.outcome for answer in answers if answer.facet in _LISTS]
    missing = [gap for gap in gaps if not gap.is_off]
    if all(isinstance(outcome, Gap) for outcome in lists):
        # Threads decide which gap came first; the message shall not depend on it.
        first = min(missing, key=lambda gap: gap.operation, default=None)
        why = f"{first.operation}: {first.message}" if first else "no region is enabled"
        return RunState.FAILED, f"Nothing could be read ({why})"
    return (RunState.PARTIAL if missing else RunState.COMPLETE), None


def _told(failure: BaseException) -> str:
    if isinstance(failure, PoolwatchError):
        return failure.message
    if isinstance(failure, KeyboardInterrupt):
        return "stopped by the user"
    return f"internal error: {type(failure).__name__}"
