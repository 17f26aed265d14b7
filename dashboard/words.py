"""Settings in words: what AWS left out is `not stated`, never a blank and never a default in disguise."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from dashboard import times
from poolwatch.text import counted
from records.facet import Facet, Gap, Reason

NOT_READ = "not read"
NOT_IN_PLAN = "not in the plan"
NOT_STATED = "not stated"
NONE = "none"
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
# Wide enough for every count, so that a column of text sorts as numbers do.
_NUMBER_WIDTH = 13


def of_facet(facet: Facet[Any], read: Callable[[Any], str], now: datetime) -> str:
    """Return what `read` makes of a facet; where it is a gap, that, with the last good value and its age."""
    if facet.gap is None:
        return read(facet.value)
    last, why = facet.last_good, of_gap(facet.gap)
    # What the plan lacks now is no secret: the value of a former plan would only mislead.
    if last is None or facet.gap.reason is Reason.NOT_IN_PLAN:
        return why
    return f"{why} ({times.ago(last.at, now)}: {read(last.value).strip()})"


def of_gap(gap: Gap) -> str:
    """Return in a few words that there is no value, and why where that is no failure."""
    known = {Reason.NOT_IN_PLAN: NOT_IN_PLAN, Reason.OTHER_ACCOUNT: f"another account, {NOT_READ}"}
    return known.get(gap.reason, NOT_READ)


def gap_words(gap: Gap) -> str:
    """Return why something was not read, in a word or two, and whether somebody accepts it."""
    reason = gap.reason.value.replace("_", " ")
    return reason if gap.accepted is None else f"{reason}, accepted"


def text(value: object) -> str:
    """Return a value as AWS gave it."""
    return NOT_STATED if value is None else str(value)


def either(yes: str, no: str) -> Callable[[bool | None], str]:
    """Return what puts a flag into one of two words."""
    return lambda value: NOT_STATED if value is None else (yes if value else no)


yes_no = either("yes", "no")


def all_of(values: Iterable[str] | None) -> str:
    """Return the members of a set in order of the alphabet."""
    return in_order(None if values is None else sorted(values))


def in_order(values: Iterable[str] | None) -> str:
    """Return the members of a list as they stand."""
    return NOT_STATED if values is None else ", ".join(values) or NONE


def moment(at: datetime | None) -> str:
    """Return a time to the second."""
    return NOT_STATED if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def day(at: datetime | None) -> str:
    """Return the date of a time, in UTC."""
    return NOT_STATED if at is None else f"{at.astimezone(UTC):%Y-%m-%d}"


def number(value: int | None) -> str:
    """Return a number with its thousands apart."""
    return NOT_STATED if value is None else f"{value:,}"


def column_number(value: int | None) -> str:
    """Return a number for the cell of a column that may also hold words, so wide that it sorts by value."""
    return NOT_STATED if value is None else f"{value:>{_NUMBER_WIDTH},}"


def lifetime(seconds: int | None) -> str:
    """Return a length of time in the largest unit that tells it exactly."""
    if seconds is None:
        return NOT_STATED
    unit, length = next(unit for unit in _UNITS if unit[1] == 1 or (seconds and seconds % unit[1] == 0))
    return counted(seconds // length, unit)


def count_of(noun: str) -> Callable[[int | None], str]:
    """Return what puts a number before its noun."""
    return lambda value: NOT_STATED if value is None else counted(value, noun)


def in_force(value: object, word: str) -> str:
    """Return the word for what holds, and whether AWS said so or holds it where nothing is set."""
    return f"{word} ({NOT_STATED})" if value is None else word


def sign_in_pages(version: int | None) -> str:
    """Return what a domain's managed login version means."""
    known = {1: "hosted UI (classic)", 2: "managed login"}
    return NOT_STATED if version is None else known.get(version, str(version))
