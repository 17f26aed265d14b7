"""What `poolwatch doctor` tells: checks, each with what it came to."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What a check came to."""

    OK = "ok"
    NOTE = "note"
    # A run would be partial.
    LACKS = "lacks"
    # There would be no run.
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at, and what to do about it; `account` names it where there are several."""

    subject: str
    status: Status
    message: str
    hint: str | None = None
    account: str | None = None
