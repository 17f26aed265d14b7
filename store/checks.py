"""What `poolwatch doctor` asks of a store: whether it is sound, readable, and closed to others."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from records.errors import StoreError
from records.facet import FacetName
from store import database, schema
from store.codec import UndecodableError, decode
from store.directory import files, is_open_to_others
from store.facets import KINDS
from store.failures import store_errors

_BODIES = """
    SELECT digest, body FROM contents
    UNION ALL SELECT digest, body FROM spool WHERE body IS NOT NULL
"""
_CURRENT_BODIES = """
    SELECT DISTINCT facet, contents.digest, body
    FROM versions JOIN contents USING (digest)
    WHERE state = 'current'
"""
_PROBLEMS_SHOWN = 10


def check(directory: Path) -> tuple[str, ...]:
    """Return what is wrong with the store, in sentences; nothing where it is sound. It changes nothing."""
    problems: list[str] = []
    try:
        with store_errors(directory):
            # First, for SQLite makes its log and index files anew with the modes of the database.
            problems.extend(_openings(directory))
            with closing(database.open_for_reading(directory, any_schema=True)) as connection:
                problems.extend(_faults(connection))
    except StoreError as error:
        problems.append(f"{error.message}. {error.hint}")
    return tuple(problems)


def _openings(directory: Path) -> Iterator[str]:
    if not directory.exists():
        return
    for path in (directory, *files(directory)):
        if is_open_to_others(path):
            yield f"{path} is open to other users of this machine; the next collect closes it to them"


def _faults(connection: sqlite3.Connection) -> Iterator[str]:
    damage = [
        text for (text,) in connection.execute(f"PRAGMA integrity_check({_PROBLEMS_SHOWN})") if text != "ok"
    ]
    if damage:
        # Rows of a damaged file mean nothing; the rest is not worth asking.
        yield f"state.sqlite is damaged: {'; '.join(damage)}; restore it from a backup"
        return
    orphans = Counter(table for table, *_ in connection.execute("PRAGMA foreign_key_check"))
    for table, count in orphans.items():
        yield f"{count} rows of {table} point at rows that are not there; restore state.sqlite from a backup"
    if schema.version(connection) < len(schema.MIGRATIONS):
        yield "an older Poolwatch wrote the store; the next collect brings it forward"
        return
    yield from _unreadable(connection)


def _unreadable(connection: sqlite3.Connection) -> Iterator[str]:
    altered = sum(hashlib.sha256(body).digest() != digest for digest, body in connection.execute(_BODIES))
    if altered:
        yield f"{altered} stored contents are not what was collected: restore state.sqlite from a backup"
    outdated: Counter[str] = Counter()
    for facet, _, body in connection.execute(_CURRENT_BODIES):
        name = FacetName(facet)
        try:
            decode(name, body, dict.fromkeys(KINDS[name].volatile))
        except UndecodableError:
            outdated[facet] += 1
    for facet, count in outdated.items():
        yield f"{count} stored {facet} contents are of an older Poolwatch: collect again"
