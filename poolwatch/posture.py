"""The findings of a snapshot: what the rules say, with their documentation and since when it holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from records.evaluation import Evaluation, Outcome, Severity
from records.run import Run, RunGap, Transition
from records.snapshot import Snapshot
from rules.baselines import FSBP
from rules.catalogue import catalogue
from rules.engine import Baseline, Rule
from rules.evaluating import evaluate
from store.reader import Reader, open_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An evaluation with its rule; `opened_at` is when its present outcome was first seen, if not PASS."""

    evaluation: Evaluation
    rule: Rule
    opened_at: datetime | None

    @property
    def severity_words(self) -> str:
        """Why the severity is not the rule's own, such as "high: medium, raised because ..."; else empty."""
        if not self.evaluation.severity_reason:
            return ""
        own = self.rule.severity.value
        return f"{self.evaluation.severity.value}: {own}, {self.evaluation.severity_reason}"

    @property
    def sort_key(self) -> tuple[int, int, str, str]:
        """What needs a person first comes first: failures by severity, then what could not be judged."""
        each = self.evaluation
        return (each.outcome.rank, each.severity.rank, each.code, each.resource_arn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """What is known of the watched accounts and what the rules make of it.

    `run` is the newest run that published data, `latest` the newest finished one, which may have failed;
    `gaps` are all facets of the snapshot without a reading of their newest run.
    """

    snapshot: Snapshot
    findings: tuple[Finding, ...]
    run: Run | None
    latest: Run | None
    gaps: tuple[RunGap, ...]
    is_demo: bool
    judged_at: datetime

    def having(self, outcome: Outcome) -> Iterator[Finding]:
        """Yield the findings with one outcome, worst first."""
        return (finding for finding in self.findings if finding.evaluation.outcome is outcome)

    def failures_at_least(self, severity: Severity) -> Iterator[Finding]:
        """Yield the failures that are as bad as `severity` or worse."""
        return (each for each in self.having(Outcome.FAIL) if each.evaluation.severity.rank <= severity.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the store holds of one rule on one resource, as read of AWS at `collected_at`.

    `opened_at` is when the outcome was first seen; None for one that leaves no trace, such as PASS.
    """

    outcome: Outcome
    opened_at: datetime | None
    collected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One rule judged on one resource that was read again, with what could not be read.

    `before` is None where the store does not know the resource, or there is no store.
    """

    finding: Finding
    before: Before | None
    snapshot: Snapshot
    gaps: tuple[RunGap, ...]
    judged_at: datetime


def judge(snapshot: Snapshot, *, today: date, baseline: Baseline = FSBP) -> Iterator[Evaluation]:
    """Run the whole catalogue over a snapshot."""
    return evaluate(snapshot, catalogue(), today=today, baseline=baseline)


def read_posture(store: Path, *, baseline: Baseline = FSBP, now: datetime | None = None) -> Posture:
    """Read the store and judge what it holds. Raises StoreError where there is no sound store."""
    now = now or datetime.now(UTC)
    with open_reader(store) as reader:
        snapshot, transitions = _one_state(reader)
        newest = max((region.run_id for region in snapshot.regions), default=None)
        run = None if newest is None else reader.run(newest)
        latest = reader.latest_run()
        is_demo = reader.is_demo
    return Posture(
        snapshot=snapshot,
        findings=_findings(judge(snapshot, today=now.date(), baseline=baseline), transitions),
        run=run,
        latest=latest,
        gaps=tuple(_gaps(snapshot)),
        is_demo=is_demo,
        judged_at=now,
    )


def read_before(store: Path, rule: Rule, arn: str, *, baseline: Baseline = FSBP) -> Before | None:
    """Return what the store holds of a rule on a resource: the open finding, else what its data is judged.

    Raises StoreError where there is no sound store.
    """
    with open_reader(store) as reader:
        snapshot, transitions = _one_state(reader)
    evaluations = evaluate(snapshot, (rule,), today=datetime.now(UTC).date(), baseline=baseline)
    evaluation = next((each for each in evaluations if each.resource_arn == arn), None)
    if evaluation is None:
        return None
    # A FAIL stays open beside an UNKNOWN; it is what the owner wants to see closed.
    open_here = [each for each in transitions if (each.code, each.resource_arn) == (rule.code, arn)]
    opened = min(open_here, key=lambda each: each.outcome.rank, default=None)
    region = next(each for each in snapshot.regions if each.scope == evaluation.scope)
    return Before(
        outcome=opened.outcome if opened else evaluation.outcome,
        opened_at=opened.opened_at if opened else None,
        collected_at=region.collected_at,
    )


def _one_state(reader: Reader) -> tuple[Snapshot, tuple[Transition, ...]]:
    """Return the snapshot and the open findings of one and the same state of the store."""
    while True:
        stamp = reader.stamp
        snapshot, transitions = reader.snapshot(), reader.transitions(open_only=True)
        # A run that ended meanwhile would mix its state with the one before it.
        if reader.stamp == stamp:
            return snapshot, transitions


def _gaps(snapshot: Snapshot) -> Iterator[RunGap]:
    """Yield what could not be read; a list's gap stands once, not again for each resource that it hides."""
    told: set[int] = set()
    for scope, arn, name, facet in snapshot.facets:
        if facet.gap is not None and id(facet.gap) not in told:
            told.add(id(facet.gap))
            yield RunGap(scope=scope, resource_arn=arn, facet=name, gap=facet.gap)


def _findings(evaluations: Iterable[Evaluation], transitions: Iterable[Transition]) -> tuple[Finding, ...]:
    rules = {rule.code: rule for rule in catalogue()}
    opened = {(each.code, each.resource_arn, each.outcome): each.opened_at for each in transitions}
    findings = (
        Finding(
            evaluation=each,
            rule=rules[each.code],
            opened_at=opened.get((each.code, each.resource_arn, each.outcome)),
        )
        for each in evaluations
    )
    return tuple(sorted(findings, key=lambda finding: finding.sort_key))
