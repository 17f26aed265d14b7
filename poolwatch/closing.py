"""Open findings by the one change that would close them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from poolwatch.posture import Finding
from records.evaluation import Outcome, Severity
from rules.remedies import Remedy

_SEPARATOR = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """One change in one place, and the findings that it closes or takes part in closing, worst first.

    `target` is the ARN of what has to be changed; None where nothing better is known than that findings of
    one rule belong together, whose words `change` then holds. `remedy` is that of the worst finding.
    """

    change: str
    target: str | None
    remedy: Remedy | None
    findings: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """The name of the change in addresses; it outlives runs."""
        name = self.findings[0].rule.code if self.target is None else self.change
        return f"{name}{_SEPARATOR}{self.target or '*'}"

    @property
    def severity(self) -> Severity:
        """The severity of the worst finding."""
        return self.findings[0].evaluation.severity

    @property
    def closed(self) -> tuple[Finding, ...]:
        """The findings that this change alone closes; the others need a change elsewhere, too."""
        return tuple(each for each in self.findings if len(targets(each)) == 1)


def closings(findings: Iterable[Finding]) -> tuple[Closing, ...]:
    """Group the failures that nobody has muted by (change, target), what closes most of the worst first."""
    groups: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        if finding.evaluation.outcome is Outcome.FAIL and not finding.is_muted:
            for key in _keys(finding):
                groups.setdefault(key, []).append(finding)
    found = (_closing(target, members) for (_, target), members in groups.items())
    return tuple(sorted(found, key=_order))


def targets(finding: Finding) -> tuple[str, ...]:
    """Return the ARNs of what has to be changed to close a finding."""
    return finding.evaluation.targets or (finding.evaluation.resource_arn,)


def _keys(finding: Finding) -> Iterator[tuple[str, str | None]]:
    remedy = finding.remedy
    if remedy is None:
        yield finding.rule.code, None
    else:
        yield from ((remedy.change, target) for target in targets(finding))


def _closing(target: str | None, members: list[Finding]) -> Closing:
    ordered = tuple(sorted(members, key=lambda finding: finding.sort_key))
    remedy = ordered[0].remedy
    change = ordered[0].rule.fix if remedy is None else remedy.change
    return Closing(change=change, target=target, remedy=remedy, findings=ordered)


def _order(closing: Closing) -> tuple[int, int, int, str]:
    alike = sum(each.evaluation.severity is closing.severity for each in closing.findings)
    return closing.severity.rank, -alike, -len(closing.findings), closing.key
