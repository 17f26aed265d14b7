"""What people decide about one finding: to live with it for a time, who sees to it, until when."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Somebody lives with the finding of the rule `code` on a resource, and why.

    It holds through the day `until`, unless it was taken back or replaced before, at `ended_at`.
    """

    code: str
    resource_arn: str
    reason: str
    author: str
    created_at: datetime
    until: date
    ended_at: datetime | None = None
    ended_by: str | None = None

    def holds(self, today: date) -> bool:
        """Whether it has neither been ended nor had its last day."""
        return self.ended_at is None and today <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who sees to the finding of the rule `code` on a resource; None where nobody said so.

    `ticket` is an address on the web or a short key, `at` when the author said it.
    """

    code: str
    resource_arn: str
    owner: str | None
    due: date | None
    ticket: str | None
    author: str
    at: datetime
