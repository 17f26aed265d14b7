"""The findings of a snapshot: what the rules say, with their documentation and since when it holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from records.evaluation import Evaluation, Outcome, Severity
from records.run import Run, RunGap, RunState, Transition
from records.snapshot import Snapshot
from rules.catalogue import catalogue
from rules.engine import FSBP, Baseline, Rule, evaluate
from store.reader import open_reader

BASELINES: Mapping[str, Baseline] = {FSBP.name: FSBP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An evaluation with its rule; `opened_at` is when its present outcome was first seen, if not PASS."""

    evaluation: Evaluation
    rule: Rule
    opened_at: datetime | None

    @property
    def sort_key(self) -> tuple[int, int, str, str]:
        """What needs a person first comes first: failures by severity, then what could not be judged."""
        each = self.evaluation
        return (each.outcome.rank, each.severity.rank, each.code, each.resource_arn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """What is known of the watched accounts and what the rules make of it.

    `run` is the newest run that published data, `latest` the newest finished one, which may have failed;
    `gaps` are those of all runs that the snapshot rests on.
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


def judge(snapshot: Snapshot, *, today: date, baseline: Baseline = FSBP) -> Iterator[Evaluation]:
    """Run the whole catalogue over a snapshot."""
    return evaluate(snapshot, catalogue(), today=today, baseline=baseline)


def read_posture(store: Path, *, baseline: Baseline = FSBP, now: datetime | None = None) -> Posture:
    """Read the store and judge what it holds. Raises StoreError where there is no sound store."""
    now = now or datetime.now(UTC)
    with open_reader(store) as reader:
        snapshot = reader.snapshot()
        runs = reader.runs(limit=1000)
        finished = [run for run in runs if run.state is not RunState.RUNNING]
        basis = {(region.run_id, region.scope) for region in snapshot.regions}
        # A newer run may since have read some of an older one's regions.
        gaps = tuple(
            gap
            for run_id in sorted({run_id for run_id, _ in basis})
            for gap in reader.gaps(run_id)
            if (run_id, gap.scope) in basis
        )
        transitions = reader.transitions(open_only=True)
        is_demo = reader.is_demo
    return Posture(
        snapshot=snapshot,
        findings=_findings(judge(snapshot, today=now.date(), baseline=baseline), transitions),
        run=next((run for run in finished if run.state.has_data), None),
        latest=finished[0] if finished else None,
        gaps=gaps,
        is_demo=is_demo,
        judged_at=now,
    )


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
