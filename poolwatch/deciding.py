"""What a person decides about one finding, checked and written to the store."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from poolwatch.configuration import Configuration
from poolwatch.handling import NAME_LENGTH, REASON_LENGTH, TICKET_LENGTH, is_link
from poolwatch.posture import read_evaluation
from poolwatch.text import plain
from records.errors import UsageError
from records.evaluation import Evaluation, Outcome
from records.handling import Assignment, Mute
from rules.engine import Rule
from store.ledger import open_ledger

_SHOWN_LENGTH = 120
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_KEY = re.compile(r"#?\w[\w#./-]{0,62}", re.ASCII)
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.PASS: "passes on",
    Outcome.NOT_APPLICABLE: "does not apply to",
    Outcome.UNKNOWN: "could not be judged on",
    Outcome.ERROR: "could not be judged on",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a decision is made: the store, the settings, who decides and how long to wait for the store."""

    store: Path
    settings: Configuration
    author: str
    wait_seconds: float


def mute(desk: Desk, rule: Rule, arn: str, *, reason: str, until: str) -> Mute:
    """Mute a failure through a day, in the place of a mute that it has.

    Raises UsageError for what cannot be meant, and StoreError.
    """
    now = datetime.now(UTC)
    given = Mute(
        code=rule.code,
        resource_arn=arn,
        reason=_line("reason", reason, REASON_LENGTH),
        author=_line("author", desk.author, NAME_LENGTH),
        created_at=now,
        until=_day("until", until, now.date()),
    )
    _refuse_sound(desk, rule, arn)
    with open_ledger(desk.store, wait_seconds=desk.wait_seconds) as ledger:
        ledger.mute(given)
    return given


def unmute(desk: Desk, rule: Rule, arn: str) -> None:
    """End the mute that the store has of a finding, of which nothing else need be left.

    Raises UsageError where there is none, and StoreError.
    """
    author = _line("author", desk.author, NAME_LENGTH)
    # A command line may hold bytes that are no text; no store knows them.
    known = arn.encode(errors="replace").decode()
    with open_ledger(desk.store, wait_seconds=desk.wait_seconds) as ledger:
        if not ledger.unmute(rule.code, known, author=author, at=datetime.now(UTC)):
            raise UsageError(
                f"The store has no mute of {rule.code} on {plain(arn, _SHOWN_LENGTH)!r}.",
                "`poolwatch mutes` lists all; what poolwatch.toml mutes is taken back there.",
            )


def assign(
    desk: Desk,
    rule: Rule,
    arn: str,
    *,
    owner: str | None = None,
    due: str | None = None,
    ticket: str | None = None,
) -> Assignment:
    """Say who sees to a failure, until when, and where it is tracked.

    What is None stays as it is, an empty text takes back what was said. Raises UsageError for what cannot be
    meant, and StoreError.
    """
    if owner is None and due is None and ticket is None:
        raise UsageError("Nothing is assigned.", "Give an owner, a due date or a ticket.")
    now = datetime.now(UTC)
    author = _line("author", desk.author, NAME_LENGTH)
    named = _line("owner", owner, NAME_LENGTH) if owner and owner.strip() else None
    day = _day("due", due, now.date()) if due and due.strip() else None
    tracked = _ticket(ticket) if ticket and ticket.strip() else None
    _refuse_sound(desk, rule, arn)
    with open_ledger(desk.store, wait_seconds=desk.wait_seconds) as ledger:
        before = ledger.assignment(rule.code, arn)
        given = Assignment(
            code=rule.code,
            resource_arn=arn,
            owner=named if before is None or owner is not None else before.owner,
            due=day if before is None or due is not None else before.due,
            ticket=tracked if before is None or ticket is not None else before.ticket,
            author=author,
            at=now,
        )
        ledger.assign(given)
    return given


def _refuse_sound(desk: Desk, rule: Rule, arn: str) -> Evaluation:
    evaluation = read_evaluation(desk.store, rule, arn, baseline=desk.settings.baseline)
    if evaluation.outcome is not Outcome.FAIL:
        raise UsageError(
            f"{rule.code} {_OUTCOMES[evaluation.outcome]} {arn}: there is no failure to decide about.",
            "`poolwatch scan` lists what fails; a gap is accepted by [[accepted_gaps]] in poolwatch.toml.",
        )
    return evaluation


def _line(what: str, text: str, limit: int) -> str:
    """Return a text on one line in which everything can be seen. Raises UsageError for any other."""
    line = text.strip()
    if not line:
        raise UsageError(f"The {what} is empty.", f"Give the {what} in a few words.")
    if not line.isprintable():
        raise UsageError(
            f"The {what} holds a line break or characters that cannot be seen.",
            "Write it as plain text on one line.",
        )
    if len(line) > limit:
        raise UsageError(
            f"The {what} has {len(line):,} characters.", f"Write it with {limit:,} characters at most."
        )
    return plain(line)


def _day(what: str, text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text.strip()) if _DAY.fullmatch(text.strip()) else None
    except ValueError:
        day = None
    if day is None:
        raise UsageError(
            f"{plain(text, _SHOWN_LENGTH)!r} is no day.", f"Write --{what} as year-month-day: {today}."
        )
    if day < today:
        raise UsageError(f"{day} has passed.", f"Name a day from {today} on.")
    return day


def _ticket(text: str) -> str:
    ticket = text.strip()
    if len(ticket) <= TICKET_LENGTH and (_KEY.fullmatch(ticket) or is_link(ticket)):
        return ticket
    raise UsageError(
        f"{plain(text, _SHOWN_LENGTH)!r} is no ticket.",
        "Give an address with https:// or http:// in front and no password in it, or a key such as SEC-123.",
    )
