"""Findings as JSON and CSV, written piece by piece, so that no document is ever whole in memory."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from poolwatch.exports.gaps import GapGroup, gap_groups
from poolwatch.exports.rules import rule_document
from poolwatch.exports.tables import csv_row
from poolwatch.handling import Muting
from poolwatch.posture import Before, Finding, Posture, Verification
from poolwatch.text import cell
from records.evaluation import Outcome
from records.resource import Scope
from records.run import Run, RunGap
from records.snapshot import RegionSnapshot
from rules.engine import Rule

_SCHEMA_VERSION = 1
CSV_COLUMNS = (
    "code",
    "slug",
    "title",
    "severity",
    "outcome",
    "account_id",
    "region",
    "resource_type",
    "resource_name",
    "resource_arn",
    "messages",
    "evidence",
    "opened_at",
    "fix",
    "plan_needed",
    "base_severity",
    "severity_reason",
    "targets",
    "change",
    "muted",
    "mute_reason",
    "mute_author",
    "mute_until",
    "mute_source",
    "owner",
    "due",
    "ticket",
)
# Everything beyond ASCII is escaped: names with terminal escapes in them are harmless on a terminal too.
_ENCODER = json.JSONEncoder(ensure_ascii=True)


def scan_json(posture: Posture, run: Run, rules: Iterable[Rule]) -> Iterator[str]:
    """Yield the document of `scan --format json`, with all findings of all outcomes."""
    yield f'{{"schema_version": {_SCHEMA_VERSION},\n'
    yield f'"generated_at": {_ENCODER.encode(_iso(posture.judged_at))},\n'
    yield f'"run": {_ENCODER.encode(_run_document(run, posture.gaps))},\n'
    yield '"rules": '
    yield from _lines("{", (f'"{rule.code}": {_ENCODER.encode(rule_document(rule))}' for rule in rules), "}")
    yield ',\n"findings": '
    yield from findings_json(posture.findings, posture.snapshot.regions)
    yield "}\n"


def findings_json(findings: Iterable[Finding], regions: Iterable[RegionSnapshot] = ()) -> Iterator[str]:
    """Yield a JSON array of findings, one a line; `regions` tell when what they rest on was collected."""
    collected = _collected(regions)
    return _lines("[", (_ENCODER.encode(_finding_document(each, collected)) for each in findings), "]")


def findings_csv(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a CSV table of findings, its header first; no cell can be taken for a formula."""
    yield csv_row(CSV_COLUMNS)
    for finding in findings:
        evaluation, rule = finding.evaluation, finding.rule
        evidence = (f"{field}={_ENCODER.encode(value)}" for field, value in evaluation.evidence)
        yield csv_row(
            cell(text)
            for text in (
                rule.code,
                rule.slug,
                rule.title,
                evaluation.severity.value,
                evaluation.outcome.value,
                evaluation.scope.account_id,
                evaluation.scope.region,
                evaluation.resource_type.value,
                evaluation.resource_name,
                evaluation.resource_arn,
                "; ".join(evaluation.messages),
                "; ".join(evidence),
                _iso(finding.opened_at) or "",
                _fix(finding) or "",
                rule.plan_needed or "",
                *_handling_cells(finding),
            )
        )


def verification_json(verification: Verification) -> str:
    """Return the document of `verify --format json`: one finding, and what the store holds of it."""
    return f"{json.dumps(verification_document(verification), indent=2, ensure_ascii=True)}\n"


def verification_document(verification: Verification) -> Mapping[str, object]:
    """Return the members of that document."""
    return {
        "schema_version": _SCHEMA_VERSION,
        "generated_at": _iso(verification.judged_at),
        "finding": _finding_document(verification.finding, _collected(verification.snapshot.regions)),
        "before": _before_document(verification.before),
        "gaps": [_gap_document(group) for group in gap_groups(verification.gaps)],
    }


def _before_document(before: Before | None) -> Mapping[str, object] | None:
    if before is None:
        return None
    return {
        "outcome": before.outcome.value,
        "opened_at": _iso(before.opened_at),
        "collected_at": _iso(before.collected_at),
    }


def _run_document(run: Run, gaps: Iterable[RunGap]) -> Mapping[str, object]:
    return {
        "id": run.id,
        "state": run.state.value,
        "started_at": _iso(run.started_at),
        "finished_at": _iso(run.finished_at),
        "gaps": [_gap_document(group) for group in gap_groups(gaps)],
    }


def _gap_document(group: GapGroup) -> Mapping[str, object]:
    return {
        "account_id": group.scope.account_id,
        "region": group.scope.region,
        "resource_arn": group.resource_arn,
        "facet": group.facet.value,
        "operation": group.gap.operation,
        "reason": group.gap.reason.value,
        "count": group.count,
        "message": group.gap.message,
        "iam_action": group.gap.iam_action,
        "accepted": group.gap.accepted,
    }


def _collected(regions: Iterable[RegionSnapshot]) -> Mapping[Scope, datetime]:
    return {region.scope: region.collected_at for region in regions}


def _finding_document(finding: Finding, collected: Mapping[Scope, datetime]) -> Mapping[str, object]:
    evaluation, rule = finding.evaluation, finding.rule
    return {
        "code": rule.code,
        "slug": rule.slug,
        "title": rule.title,
        "severity": evaluation.severity.value,
        "outcome": evaluation.outcome.value,
        "account_id": evaluation.scope.account_id,
        "region": evaluation.scope.region,
        "resource_arn": evaluation.resource_arn,
        "resource_type": evaluation.resource_type.value,
        "messages": evaluation.messages,
        "evidence": [{"field": field, "value": value} for field, value in evaluation.evidence],
        "collected_at": _iso(collected.get(evaluation.scope)),
        "opened_at": _iso(finding.opened_at),
        "opened_by": None,
        "fix": _fix(finding),
        "plan_needed": rule.plan_needed,
        "fix_monthly_usd": None,
        "muted": finding.is_muted,
        "mute": _mute_document(finding.mute),
        "owner": finding.owner,
        "due": _day(finding.due),
        "ticket": finding.ticket,
        "severity_reason": evaluation.severity_reason or None,
        "base_severity": rule.severity.value,
        "paths": evaluation.paths,
        "targets": evaluation.targets,
        "change": _change(finding),
        "in_use": _in_use(finding),
    }


def _in_use(finding: Finding) -> Mapping[str, str] | None:
    """Return what the change takes away, and whether that is in use: sign-ins are not read yet."""
    if finding.evaluation.outcome is not Outcome.FAIL or finding.remedy.removes is None:
        return None
    return {"what": finding.remedy.removes, "state": "cannot_tell"}


def _mute_document(mute: Muting | None) -> Mapping[str, object] | None:
    if mute is None:
        return None
    return {
        "reason": mute.reason,
        "author": mute.author,
        "until": _day(mute.until),
        "source": mute.source.value,
    }


def _handling_cells(finding: Finding) -> tuple[str, ...]:
    evaluation, mute = finding.evaluation, finding.mute
    return (
        finding.rule.severity.value,
        evaluation.severity_reason,
        "; ".join(evaluation.targets),
        _change(finding) or "",
        "true" if finding.is_muted else "false",
        *(
            ("", "", "", "")
            if mute is None
            else (mute.reason, mute.author or "", str(mute.until), mute.source)
        ),
        finding.owner or "",
        _day(finding.due) or "",
        finding.ticket or "",
    )


def _change(finding: Finding) -> str | None:
    is_failure = finding.evaluation.outcome is Outcome.FAIL
    return finding.remedy.change if is_failure else None


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _fix(finding: Finding) -> str | None:
    return finding.rule.fix if finding.evaluation.outcome is Outcome.FAIL else None


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _lines(opening: str, entries: Iterable[str], closing: str) -> Iterator[str]:
    separator = f"{opening}\n"
    for entry in entries:
        yield f"{separator}{entry}"
        separator = ",\n"
    yield f"{opening}{closing}" if separator.startswith(opening) else f"\n{closing}"
