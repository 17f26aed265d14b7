"""Mutes and assignments in the database."""

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime

from records.handling import Assignment, Mute
from store.times import from_micros, to_micros

_MUTES = """
    SELECT code, resource_arn, reason, author, created_at, until, ended_at, ended_by FROM mutes
    WHERE ended_at IS NULL OR ? ORDER BY id
"""
_MUTED = """
    INSERT INTO mutes (code, resource_arn, reason, author, created_at, until) VALUES (?, ?, ?, ?, ?, ?)
"""
_ENDED = """
    UPDATE mutes SET ended_at = ?, ended_by = ? WHERE code = ? AND resource_arn = ? AND ended_at IS NULL
"""
_ASSIGNMENTS = "SELECT code, resource_arn, owner, due, ticket, author, at FROM assignments"
_NEWEST = f"{_ASSIGNMENTS} WHERE id IN (SELECT max(id) FROM assignments GROUP BY code, resource_arn)"  # noqa: S608  (no text of others)
_OF_FINDING = f"{_ASSIGNMENTS} WHERE code = ? AND resource_arn = ? ORDER BY id DESC LIMIT 1"
_ASSIGNED = """
    INSERT INTO assignments (code, resource_arn, owner, due, ticket, author, at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
# Ending a mute adds no row.
_STAMP = """
    SELECT
        (SELECT count(*) FROM mutes),
        (SELECT max(created_at) FROM mutes),
        (SELECT count(*) FROM mutes WHERE ended_at IS NOT NULL),
        (SELECT count(*) FROM assignments),
        (SELECT max(at) FROM assignments)
"""


def stamp(connection: sqlite3.Connection) -> str:
    """Return a text that changes with each mute and each assignment."""
    return ".".join(map(str, connection.execute(_STAMP).fetchone()))


def mutes(connection: sqlite3.Connection, *, with_ended: bool) -> Iterator[Mute]:
    """Yield mutes, the oldest first; one that has had its last day is among those that were not ended."""
    for code, arn, reason, author, created_at, until, ended_at, ended_by in connection.execute(
        _MUTES, (with_ended,)
    ):
        yield Mute(
            code=code,
            resource_arn=arn,
            reason=reason,
            author=author,
            created_at=from_micros(created_at),
            until=date.fromisoformat(until),
            ended_at=None if ended_at is None else from_micros(ended_at),
            ended_by=ended_by,
        )


def assignments(connection: sqlite3.Connection) -> Iterator[Assignment]:
    """Yield the newest assignment of each finding that has one."""
    return (_assignment(row) for row in connection.execute(_NEWEST))


def assignment_of(connection: sqlite3.Connection, code: str, resource_arn: str) -> Assignment | None:
    """Return the newest assignment of one finding."""
    row = connection.execute(_OF_FINDING, (code, resource_arn)).fetchone()
    return None if row is None else _assignment(row)


def mute(connection: sqlite3.Connection, given: Mute) -> None:
    """Keep a mute in the place of one that stands."""
    unmute(connection, given.code, given.resource_arn, author=given.author, at=given.created_at)
    what = (given.code, given.resource_arn, given.reason, given.author)
    connection.execute(_MUTED, (*what, to_micros(given.created_at), given.until.isoformat()))


def unmute(
    connection: sqlite3.Connection, code: str, resource_arn: str, *, author: str, at: datetime
) -> bool:
    """End the mute of a finding; return whether there was one."""
    return connection.execute(_ENDED, (to_micros(at), author, code, resource_arn)).rowcount == 1


def assign(connection: sqlite3.Connection, given: Assignment) -> None:
    """Keep an assignment, from now on the one that holds."""
    due = None if given.due is None else given.due.isoformat()
    what = (given.code, given.resource_arn, given.owner, due, given.ticket)
    connection.execute(_ASSIGNED, (*what, given.author, to_micros(given.at)))


def _assignment(row: tuple[str, str, str | None, str | None, str | None, str, int]) -> Assignment:
    code, arn, owner, due, ticket, author, at = row
    return Assignment(
        code=code,
        resource_arn=arn,
        owner=owner,
        due=None if due is None else date.fromisoformat(due),
        ticket=ticket,
        author=author,
        at=from_micros(at),
    )
