"""The scopes that the store knows, and which run each of them is shown by."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from records.resource import Scope
from store.times import from_micros

_SHOWN = """
    SELECT scopes.id, account_id, region, partition, runs.id, coalesce(finished_at, started_at)
    FROM scopes JOIN runs ON runs.id = iif(
        scopes.id IN (SELECT scope_id FROM run_scopes WHERE run_id = :run), :run, latest_run
    )
    ORDER BY account_id, region, partition
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """The newest run with data over a scope; `at` is its end, or its start while it is under way."""

    scope: Scope
    scope_id: int
    run_id: int
    at: datetime


def scope_ids(connection: sqlite3.Connection) -> dict[Scope, int]:
    """Return the keys of all scopes."""
    rows = connection.execute("SELECT id, account_id, region, partition FROM scopes")
    return {Scope(*scope): scope_id for scope_id, *scope in rows}


def scopes_of(connection: sqlite3.Connection, run_id: int) -> tuple[Scope, ...]:
    """Return the scopes of a run, in order."""
    rows = connection.execute(
        "SELECT account_id, region, partition FROM run_scopes JOIN scopes ON id = scope_id WHERE run_id = ?",
        (run_id,),
    )
    return tuple(sorted(Scope(*scope) for scope in rows))


def add_scope(connection: sqlite3.Connection, scope: Scope) -> int:
    """Return the key of a scope, which is given one if it is new."""
    key = (scope.account_id, scope.region, scope.partition)
    connection.execute(
        "INSERT INTO scopes (account_id, region, partition) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", key
    )
    (scope_id,) = connection.execute(
        "SELECT id FROM scopes WHERE account_id = ? AND region = ? AND partition = ?", key
    ).fetchone()
    return int(scope_id)


def shown_runs(connection: sqlite3.Connection, run_id: int | None = None) -> Iterator[ShownRun]:
    """Yield each scope's run, in the order of scopes; `run_id` counts for its scopes before it ends."""
    for scope_id, account_id, region, partition, run, at in connection.execute(
        _SHOWN, {"run": run_id}
    ).fetchall():
        scope = Scope(account_id, region, partition)
        yield ShownRun(scope=scope, scope_id=scope_id, run_id=run, at=from_micros(at))
