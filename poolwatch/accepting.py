"""The gaps that the owner has accepted until a day: a run that has no other ones is complete."""

from dataclasses import dataclass, replace
from datetime import date

from poolwatch.configuration import AcceptedGap
from records.facet import Gap
from records.run import Answer, RunGap


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What is accepted on a day."""

    accepted: tuple[AcceptedGap, ...]
    today: date

    def marked(self, answer: Answer) -> Answer:
        """Return the answer, with the owner's reason where it is a gap that was accepted."""
        if not self.accepted or not isinstance(answer.outcome, Gap):
            return answer
        gap = RunGap(
            scope=answer.scope, resource_arn=answer.resource_arn, facet=answer.facet, gap=answer.outcome
        )
        found = next(
            (each for each in self.accepted if not each.has_expired(self.today) and each.covers(gap)), None
        )
        if found is None:
            return answer
        why = f"{found.reason} (until {found.until})"
        return replace(answer, outcome=replace(answer.outcome, accepted=why))
