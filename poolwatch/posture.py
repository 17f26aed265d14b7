"""The findings of a snapshot: what the rules say, with their documentation and since when it holds."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from poolwatch.configuration import Handling
from poolwatch.handling import Decisions, Handler, Muting, read_decisions
from poolwatch.text import plain
from records.errors import UsageError
from records.evaluation import Evaluation, Outcome, Severity
from records.facet import FacetName
from records.run import Run, RunGap, Transition
from records.snapshot import Snapshot
from rules.baselines import FSBP
from rules.catalogue import catalogue
from rules.engine import Baseline, Rule
from rules.evaluating import evaluate
from rules.remedies import Remedy, remedies
from store.reader import Reader, open_reader

# Longer than any that AWS has.
_ARN_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An evaluation with its rule, and how people handle it.

    `opened_at` is when its present outcome was first seen, if not PASS. Only a failure has a `mute` or a day
    on which it is `due`; of what passes or does not apply no owner is told.
    """

    evaluation: Evaluation
    rule: Rule
    opened_at: datetime | None
    mute: Muting | None = None
    owner: str | None = None
    due: date | None = None
    ticket: str | None = None

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

    @property
    def is_muted(self) -> bool:
        """Whether it fails and somebody lives with that today."""
        return self.mute is not None

    @property
    def remedy(self) -> Remedy:
        """What closes it."""
        return remedies()[self.rule.code]

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed, and nobody has muted it."""
        return self.due is not None and self.due < today and not self.is_muted


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
        """Yield the failures that are as bad as `severity` or worse, and not muted."""
        return (
            each
            for each in self.having(Outcome.FAIL)
            if each.evaluation.severity.rank <= severity.rank and not each.is_muted
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the store holds of one rule on one resource, as read of AWS at `collected_at`.

    `opened_at` is when the outcome was first seen; None for one that leaves no trace, such as PASS.
    """

    outcome: Outcome
    opened_at: datetime | None
    collected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store holds of one rule on one resource, and of the pool that it is or belongs to.

    `before` is None where the store does not know the resource; `values` are what the facets last read.
    """

    before: Before | None
    values: Mapping[tuple[FacetName, str], object]


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


def read_posture(
    store: Path,
    *,
    baseline: Baseline = FSBP,
    handling: Handling | None = None,
    now: datetime | None = None,
) -> Posture:
    """Read the store and judge what it holds. Raises StoreError where there is no sound store.

    `handling` is what the settings say of mutes, due days and owners; what the store holds comes on top.
    """
    now = now or datetime.now(UTC)
    with open_reader(store) as reader:
        snapshot, transitions = _one_state(reader)
        newest = max((region.run_id for region in snapshot.regions), default=None)
        run = None if newest is None else reader.run(newest)
        latest = reader.latest_run()
        is_demo = reader.is_demo
        decisions = read_decisions(reader)
    posture = Posture(
        snapshot=snapshot,
        findings=_findings(judge(snapshot, today=now.date(), baseline=baseline), transitions),
        run=run,
        latest=latest,
        gaps=tuple(_gaps(snapshot)),
        is_demo=is_demo,
        judged_at=now,
    )
    return handled(posture, decisions, handling or Handling())


def handled(posture: Posture, decisions: Decisions, handling: Handling) -> Posture:
    """Return a posture whose findings are handled as these decisions and settings say, and no others."""
    handler = Handler(posture.snapshot, decisions, handling, posture.judged_at.date())
    findings = (_handled(finding, handler) for finding in posture.findings)
    return replace(posture, findings=tuple(findings))


def read_evaluation(store: Path, rule: Rule, arn: str, *, baseline: Baseline = FSBP) -> Evaluation:
    """Return what a rule says of a resource in the store.

    Raises UsageError where the rule judges no such resource, with the nearest one, and StoreError.
    """
    with open_reader(store) as reader:
        snapshot = reader.snapshot()
    # A rule that the settings switch off judges nothing, and so has no finding to decide about.
    judged = {
        each.resource_arn: each
        for each in evaluate(snapshot, (rule,), today=datetime.now(UTC).date(), baseline=baseline)
    }
    if arn in judged:
        return judged[arn]
    if rule.code in baseline.switched_off:
        raise UsageError(
            f"{rule.code} is switched off, so it has no findings.",
            f"[rules.{rule.code}] in poolwatch.toml or the baseline says so.",
        )
    near = difflib.get_close_matches(arn, judged, n=1)
    raise UsageError(
        f"{rule.code} judges no resource {plain(arn, _ARN_LENGTH)!r} in this store.",
        f"Did you mean {near[0]}?" if near else "Take the ARN from `poolwatch scan --format json`.",
    )


def read_before(store: Path, rule: Rule, arn: str, *, baseline: Baseline = FSBP) -> Before | None:
    """Return what the store holds of a rule on a resource: the open finding, else what its data is judged.

    Raises StoreError where there is no sound store.
    """
    with open_reader(store) as reader:
        snapshot, transitions = _one_state(reader)
    return _before(snapshot, transitions, rule, arn, baseline)


def read_known(store: Path, rule: Rule, arn: str, pool_arn: str, *, baseline: Baseline = FSBP) -> Known:
    """Return what the store holds of a rule on a resource, with all that it holds of the resource's pool.

    Raises StoreError where there is no sound store.
    """
    with open_reader(store) as reader:
        snapshot, transitions = _one_state(reader)
    return Known(
        before=_before(snapshot, transitions, rule, arn, baseline), values=values_of(snapshot, pool_arn)
    )


def values_of(snapshot: Snapshot, pool_arn: str) -> Mapping[tuple[FacetName, str], object]:
    """Return what was read of a pool and of what belongs to it, by facet and ARN."""
    return {
        (name, arn): facet.last_good.value
        for _, arn, name, facet in snapshot.facets
        if facet.last_good is not None and (arn == pool_arn or arn.startswith(f"{pool_arn}/"))
    }


def _before(
    snapshot: Snapshot, transitions: Iterable[Transition], rule: Rule, arn: str, baseline: Baseline
) -> Before | None:
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


def _handled(finding: Finding, handler: Handler) -> Finding:
    if finding.evaluation.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE):
        return finding
    how = handler.of(finding.evaluation, finding.opened_at)
    return replace(finding, mute=how.mute, owner=how.owner, due=how.due, ticket=how.ticket)


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
