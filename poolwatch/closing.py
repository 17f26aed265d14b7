"""Open findings by the one change that would close them."""

from collections.abc import Iterable
from dataclasses import dataclass

from poolwatch.posture import Finding
from records.evaluation import Outcome, Severity
from rules.remedies import Remedy

_SEPARATOR = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """One change in one place, and the findings that it closes or takes part in closing, worst first.

    `target` is the ARN of what has to be changed.
    """

    target: str
    findings: tuple[Finding, ...]

    @property
    def remedy(self) -> Remedy:
        """The remedy of the worst finding."""
        return self.findings[0].remedy

    @property
    def key(self) -> str:
        """The name of the change in addresses; it outlives runs."""
        return f"{self.remedy.change}{_SEPARATOR}{self.target}"

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
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.evaluation.outcome is Outcome.FAIL and not finding.is_muted:
            for target in targets(finding):
                groups.setdefault((finding.remedy.change, target), []).append(finding)
    found = (
        Closing(target=target, findings=tuple(sorted(members, key=lambda each: each.sort_key)))
        for (_, target), members in groups.items()
    )
    return tuple(sorted(found, key=_order))


def targets(finding: Finding) -> tuple[str, ...]:
    """Return the ARNs of what has to be changed to close a finding."""
    return finding.evaluation.targets or (finding.evaluation.resource_arn,)


def _order(closing: Closing) -> tuple[int, int, int, str]:
    alike = sum(each.evaluation.severity is closing.severity for each in closing.findings)
    return closing.severity.rank, -alike, -len(closing.findings), closing.key
