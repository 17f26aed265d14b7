"""What a run was answered so far: kept durably while it reads, published when it ends.

The spool holds the answers of one run, the newest over any scope. Nobody sees them before they are published.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from records.facet import FacetName, Gap, Reason
from records.resource import Scope
from records.run import Answer
from store.codec import Sample, UndecodableError, UnencodableError, decode, encode
from store.scopes import scope_ids
from store.times import from_micros, to_micros

_VALUE = """
    INSERT OR REPLACE INTO spool (run_id, scope_id, resource_arn, facet, at, digest, body, samples)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, iif(EXISTS (SELECT 1 FROM contents WHERE digest = ?6), NULL, ?7), ?8)
"""
_GAP = """
    INSERT OR REPLACE INTO spool
        (run_id, scope_id, resource_arn, facet, at, operation, reason, message, accepted)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# "0" is the character after "/": this is all that belongs to the resource.
_DROP = """
    DELETE FROM spool
    WHERE run_id = ?1 AND (resource_arn = ?2 OR (resource_arn > ?2 || '/' AND resource_arn < ?2 || '0'))
"""
_READ = """
    SELECT at, coalesce(spool.body, contents.body), samples
    FROM spool LEFT JOIN contents ON contents.digest = spool.digest
    WHERE run_id = ? AND scope_id = ? AND resource_arn = ? AND facet = ? AND is_carried = ?
        AND spool.digest IS NOT NULL
"""
_RESUMABLE = """
    SELECT run_id, scope_id, count(*)
    FROM spool JOIN runs ON runs.id = run_id
    WHERE state <> 'running' AND digest IS NOT NULL AND at BETWEEN ? AND ?
    GROUP BY run_id, scope_id
"""
_CARRY = """
    UPDATE spool SET run_id = ?1, is_carried = 1
    WHERE run_id = ?2 AND digest IS NOT NULL AND at >= ?3
        AND scope_id IN (SELECT scope_id FROM run_scopes WHERE run_id = ?1)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumable:
    """A run that was cut short: so many `answers`, none older than `since`, need not be asked for again."""

    run_id: int
    since: datetime
    answers: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A value in the spool and when AWS answered it."""

    value: Any
    at: datetime


def keep(
    connection: sqlite3.Connection, run_id: int, scopes: Mapping[Scope, int], answers: Iterable[Answer]
) -> tuple[Answer, ...]:
    """Add a run's answers, one by one, each in the place of an earlier one about the same facet.

    Returns the gaps that were made of values which no bytes can stand for. Raises KeyError for an answer
    outside `scopes` and TypeError for a value that is not its facet's.
    """
    made = []
    for answer in answers:
        arn = storable(answer.resource_arn)
        key = (run_id, scopes[answer.scope], arn, answer.facet.value, to_micros(answer.at))
        outcome = answer.outcome
        if not isinstance(outcome, Gap):
            try:
                encoded = encode(answer.facet, outcome)
            except UnencodableError as error:
                outcome = Gap(operation=answer.facet.operation, reason=Reason.MALFORMED, message=str(error))
                made.append(replace(answer, outcome=outcome))
            else:
                samples = msgspec.json.encode(encoded.samples).decode() if encoded.samples else None
                connection.execute(_VALUE, (*key, encoded.digest, encoded.body, samples))
                continue
        accepted = None if outcome.accepted is None else storable(outcome.accepted)
        what = (outcome.operation, outcome.reason.value, storable(outcome.message), accepted)
        connection.execute(_GAP, (*key, *what))
    return tuple(made)


def drop(connection: sqlite3.Connection, run_id: int, arns: Collection[str]) -> None:
    """Forget what a run was answered about these resources and all that belongs to them."""
    connection.executemany(_DROP, [(run_id, storable(arn)) for arn in arns])


def clear(connection: sqlite3.Connection) -> None:
    """Forget everything."""
    connection.execute("DELETE FROM spool")


def read(
    connection: sqlite3.Connection,
    run_id: int,
    scope_id: int,
    key: tuple[FacetName, str],
    *,
    is_carried: bool = False,
) -> Kept | None:
    """Return what a run was answered about one facet, None where that is no value or none of today's."""
    facet, resource_arn = key
    row = connection.execute(
        _READ, (run_id, scope_id, storable(resource_arn), facet.value, is_carried)
    ).fetchone()
    if row is None:
        return None
    at, body, samples = row
    try:
        return Kept(decode(facet, body, stored_samples(samples)), from_micros(at))
    except UndecodableError:
        return None


def resumable(
    connection: sqlite3.Connection, scopes: Iterable[Scope], *, within: timedelta, at: datetime
) -> Resumable | None:
    """Return the run that was cut short, if it has answers about the scopes that are young enough."""
    ids = scope_ids(connection)
    wanted = {ids[scope] for scope in scopes if scope in ids}
    since = at - within
    rows = connection.execute(_RESUMABLE, (to_micros(since), to_micros(at))).fetchall()
    counts = {run_id: 0 for run_id, _, _ in rows}
    for run_id, scope_id, count in rows:
        counts[run_id] += count if scope_id in wanted else 0
    newest = max(counts, default=None)
    if newest is None or not counts[newest]:
        return None
    return Resumable(run_id=newest, since=since, answers=counts[newest])


def carry(connection: sqlite3.Connection, run_id: int, earlier: Resumable) -> None:
    """Hand a new run the answers about its scopes, and forget all others."""
    connection.execute(_CARRY, (run_id, earlier.run_id, to_micros(earlier.since)))
    connection.execute("DELETE FROM spool WHERE run_id <> ?", (run_id,))


def stored_samples(text: str | None) -> Mapping[str, Sample]:
    """Return the volatile members of a record from their column."""
    return {} if text is None else msgspec.json.decode(text, type=dict[str, int | None])


def storable(text: str) -> str:
    """Return a text in which lone surrogates, which SQLite cannot keep, are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
