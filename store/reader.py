"""Reading a store: beside its writer, without a lock, and without the means to change it."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from records.account import AccountInfo
from records.evaluation import Outcome, Severity
from records.facet import FacetName
from records.handling import Assignment, Mute
from records.resource import Scope
from records.run import Cause, OutcomeCount, Run, RunGap, RunState, Transition
from records.snapshot import Snapshot
from store import database, handling, schema
from store.directory import database_path
from store.failures import store_errors
from store.lock import INTERRUPTED, has_writer
from store.scopes import scopes_of
from store.snapshots import load_snapshot, stored_gap
from store.times import from_micros, to_micros

_RUNS = """
    SELECT id, state, started_at, finished_at, identity_arn, calls, message, version FROM runs
"""
_NEWEST = _RUNS + "ORDER BY id DESC LIMIT ?"
_LATEST_FINISHED = _RUNS + "WHERE state <> 'running' ORDER BY id DESC LIMIT 1"
_ONE = _RUNS + "WHERE id = ?"
_ACCOUNTS = "SELECT account_id, name, environment, owner FROM accounts ORDER BY account_id"
_GAPS = """
    SELECT account_id, region, partition, resource_arn, facet, operation, reason, message, accepted
    FROM gaps JOIN scopes ON scopes.id = scope_id
    WHERE run_id = ?
    ORDER BY account_id, region, partition, resource_arn, facet
"""
_TRANSITIONS = "SELECT code, resource_arn, outcome, opened_at, closed_at, cause FROM transitions"
_IN_ORDER = " ORDER BY opened_at, code, resource_arn, outcome"
_OPEN_TRANSITIONS = f"{_TRANSITIONS} WHERE closed_at IS NULL {_IN_ORDER}"
_ALL_TRANSITIONS = f"{_TRANSITIONS} {_IN_ORDER}"
# CROSS keeps SQLite from going through the counts of all runs to find those of the newest.
_COUNTS = """
    SELECT run_id, finished_at, severity, outcome, count
    FROM runs CROSS JOIN outcome_counts ON run_id = runs.id
    WHERE finished_at >= ?
    ORDER BY run_id, severity, outcome
"""
# The time tells a store that was made anew in the same place from the one before it.
_STAMP = "SELECT max(id), count(*), max(finished_at) FROM runs WHERE state <> 'running'"


def exists(directory: Path) -> bool:
    """Whether there is a store in the directory. Raises StoreError where one may not look."""
    with store_errors(directory):
        return database_path(directory).exists()


def open_reader(directory: Path) -> "Reader":
    """Open the store at `directory` for reading; close it, or use it in a `with`.

    Makes no store. Raises StoreError where there is none, or one of another schema, damaged or out of reach.
    """
    with store_errors(directory):
        return Reader(directory, database.open_for_reading(directory))


class Reader:
    """Reads a store; each call sees one state of it, as the last ended run left it. Threads may share it."""

    def __init__(self, directory: Path, connection: sqlite3.Connection) -> None:
        self._directory = directory
        self._connection = connection
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        """Give the reader itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the reader."""
        self.close()

    def close(self) -> None:
        """Let go of the store; the reader cannot be used any more."""
        with self._turn:
            self._connection.close()

    @property
    def is_demo(self) -> bool:
        """Whether the store holds the demo's made-up account."""
        with self._view() as connection:
            return schema.is_demo(connection)

    @property
    def stamp(self) -> str:
        """A text that changes whenever a run has finished: what was read under it may be kept until then."""
        with self._view() as connection:
            newest, count, finished_at = connection.execute(_STAMP).fetchone()
            return f"{newest}.{count}.{finished_at}"

    @property
    def handling_stamp(self) -> str:
        """A text that changes whenever somebody has decided something about a finding."""
        with self._view() as connection:
            return handling.stamp(connection)

    def mutes(self, *, with_ended: bool = False) -> tuple[Mute, ...]:
        """Return the mutes that nobody has ended, those that have had their day among them, oldest first."""
        with self._view() as connection:
            return tuple(handling.mutes(connection, with_ended=with_ended))

    def assignments(self) -> tuple[Assignment, ...]:
        """Return the assignment that holds for each finding that has one."""
        with self._view() as connection:
            return tuple(handling.assignments(connection))

    def runs(self, limit: int = 50) -> tuple[Run, ...]:
        """Return the newest runs, the newest first, one that is under way among them."""
        with self._view() as connection:
            return tuple(
                self._run(connection, row) for row in connection.execute(_NEWEST, (limit,)).fetchall()
            )

    def latest_run(self) -> Run | None:
        """Return the newest run that has ended, in whatever way."""
        with self._view() as connection:
            row = connection.execute(_LATEST_FINISHED).fetchone()
            return None if row is None else self._run(connection, row)

    def run(self, run_id: int) -> Run:
        """Return one run. Raises KeyError where there is none of that number."""
        with self._view() as connection:
            row = connection.execute(_ONE, (run_id,)).fetchone()
            if row is None:
                raise KeyError(run_id)
            return self._run(connection, row)

    def gaps(self, run_id: int) -> tuple[RunGap, ...]:
        """Return what a run could not read, by scope, resource and facet."""
        with self._view() as connection:
            return tuple(
                RunGap(
                    scope=Scope(account_id, region, partition),
                    resource_arn=resource_arn,
                    facet=FacetName(facet),
                    gap=stored_gap(*gap),
                )
                for account_id, region, partition, resource_arn, facet, *gap in (
                    connection.execute(_GAPS, (run_id,))
                )
            )

    def accounts(self) -> Mapping[str, AccountInfo]:
        """Return what accounts are called, by their ids; one that nobody named is not there."""
        with self._view() as connection:
            return {
                account_id: AccountInfo(
                    account_id=account_id, name=name, environment=environment, owner=owner
                )
                for account_id, name, environment, owner in connection.execute(_ACCOUNTS)
            }

    def snapshot(self) -> Snapshot:
        """Return what is known of every scope, as its newest run with data left it."""
        with self._view() as connection:
            return load_snapshot(connection)

    def transitions(self, *, open_only: bool = True) -> tuple[Transition, ...]:
        """Return the spans in which rules failed or could not be judged, the oldest first."""
        with self._view() as connection:
            rows = connection.execute(_OPEN_TRANSITIONS if open_only else _ALL_TRANSITIONS)
            return tuple(
                Transition(
                    code=code,
                    resource_arn=resource_arn,
                    outcome=Outcome(outcome),
                    opened_at=from_micros(opened_at),
                    closed_at=None if closed_at is None else from_micros(closed_at),
                    cause=None if cause is None else Cause(cause),
                )
                for code, resource_arn, outcome, opened_at, closed_at, cause in rows
            )

    def outcome_counts(self, since: datetime | None = None) -> tuple[OutcomeCount, ...]:
        """Count evaluations by severity and outcome, for each run that ended at `since` or later."""
        with self._view() as connection:
            return tuple(
                OutcomeCount(
                    run_id=run_id,
                    finished_at=from_micros(finished_at),
                    severity=Severity(severity),
                    outcome=Outcome(outcome),
                    count=count,
                )
                for run_id, finished_at, severity, outcome, count in connection.execute(
                    _COUNTS, (0 if since is None else to_micros(since),)
                )
            )

    @contextmanager
    def _view(self) -> Iterator[sqlite3.Connection]:
        """Hold the connection and one state of the store."""
        with self._turn, store_errors(self._directory), database.transaction(self._connection, "DEFERRED"):
            yield self._connection

    def _run(
        self,
        connection: sqlite3.Connection,
        row: tuple[int, str, int, int | None, str | None, str, str | None, str],
    ) -> Run:
        run_id, state, started_at, finished_at, identity_arn, calls, message, version = row
        # A killed process could not write its end down; the next writer will.
        is_dead = state == RunState.RUNNING.value and not has_writer(self._directory)
        return Run(
            id=run_id,
            state=RunState.FAILED if is_dead else RunState(state),
            started_at=from_micros(started_at),
            finished_at=None if finished_at is None else from_micros(finished_at),
            identity_arn=identity_arn,
            scopes=scopes_of(connection, run_id),
            calls=msgspec.json.decode(calls, type=dict[str, int]),
            message=INTERRUPTED if is_dead else message,
            version=version,
        )
