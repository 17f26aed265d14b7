"""The one writer of a store: it keeps runs, what they read, and the life of findings."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

import msgspec

from records.evaluation import Evaluation
from records.resource import Scope
from records.run import Answer, RunState
from records.snapshot import Snapshot
from store import database, findings, publishing
from store.directory import prepare
from store.failures import database_errors, store_errors
from store.lock import INTERRUPTED, writer_lock
from store.publishing import storable
from store.scopes import add_scope
from store.snapshots import load_snapshot
from store.times import to_micros

_FINISHED = """
    UPDATE runs SET state = ?, finished_at = ?, calls = ?, message = ? WHERE id = ? AND state = 'running'
"""
_SHOWN = """
    UPDATE scopes SET latest_run = ?1 WHERE id IN (SELECT scope_id FROM run_scopes WHERE run_id = ?1)
"""
_SWEPT = "UPDATE runs SET state = 'failed', message = ? WHERE state = 'running'"


@contextmanager
def open_writer(directory: Path, *, is_demo: bool, wait_seconds: float = 0.0) -> Iterator["Writer"]:
    """Hold the store at `directory`, made if there is none, for writing.

    Runs that a killed process left behind are marked as failed, without an end, for nobody saw it. Raises
    StoreError where another process writes for longer than `wait_seconds`, where the store is of the other
    kind (`is_demo`), of a newer Poolwatch, damaged, or out of reach.
    """
    with ExitStack() as held:
        with store_errors(directory):
            prepare(directory)
            held.enter_context(writer_lock(directory, wait_seconds=wait_seconds))
            connection = database.open_for_writing(directory, is_demo=is_demo)
            held.enter_context(closing(connection))
            connection.execute(_SWEPT, (INTERRUPTED,))
        yield Writer(directory, connection)


class Writer:
    """Writes a store; made by `open_writer`."""

    def __init__(self, directory: Path, connection: sqlite3.Connection) -> None:
        self._directory = directory
        self._connection = connection
        self._published: set[int] = set()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that happens inside visible at once, or none of it where an exception leaves.

        Raises StoreError for what the machine does to the database inside, such as a full disk.
        """
        published = self._published.copy()
        try:
            with database_errors(self._directory), database.transaction(self._connection):
                yield
        except BaseException:
            self._published = published
            raise

    def start_run(
        self, *, scopes: Iterable[Scope], identity_arn: str | None, version: str, at: datetime
    ) -> int:
        """Note that a run over these scopes has begun, visible at once; return its number."""
        with self.transaction():
            run_id = self._connection.execute(
                "INSERT INTO runs (state, started_at, identity_arn, version) VALUES ('running', ?, ?, ?)",
                (to_micros(at), identity_arn, version),
            ).lastrowid
            if run_id is None:
                raise RuntimeError("SQLite numbers each row that it inserts")
            self._connection.executemany(
                "INSERT INTO run_scopes (run_id, scope_id) VALUES (?, ?)",
                [(run_id, add_scope(self._connection, scope)) for scope in sorted(set(scopes))],
            )
        return run_id

    def publish(self, run_id: int, answers: Iterable[Answer]) -> None:
        """Take in what the run was answered; inside a transaction.

        A resource that a list, read whole, no longer names is gone: its versions end. Raises KeyError for a
        scope that is not the run's and TypeError for a record that is not its facet's.
        """
        self._demand_transaction()
        if publishing.publish(self._connection, run_id, answers):
            self._published.add(run_id)

    def snapshot(self, run_id: int) -> Snapshot:
        """Return all that is known, the run counting for its scopes; what it published is in it."""
        with database_errors(self._directory):
            return load_snapshot(self._connection, run_id)

    def record(
        self, run_id: int, evaluations: Iterable[Evaluation], *, codes: Collection[str], at: datetime
    ) -> None:
        """Take in what the rules `codes` said of the run's snapshot, all at once; inside a transaction."""
        self._demand_transaction()
        findings.record(self._connection, run_id, evaluations, codes=codes, at=at)

    def finish_run(
        self,
        run_id: int,
        state: RunState,
        *,
        at: datetime,
        calls: Mapping[str, int],
        message: str | None = None,
    ) -> None:
        """End a run; outside a transaction it is visible at once.

        Raises ValueError for a run that is not under way, and for a failed one that has published values.
        """
        if state is RunState.RUNNING:
            raise ValueError("a run ends as complete, partial or failed")
        if not state.has_data and run_id in self._published:
            raise ValueError("a failed run publishes gaps alone: leave the transaction, then finish the run")
        outcome = (
            state.value,
            to_micros(at),
            _as_json(calls),
            None if message is None else storable(message),
        )
        with database_errors(self._directory), self._atomically():
            if self._connection.execute(_FINISHED, (*outcome, run_id)).rowcount != 1:
                raise ValueError(f"run {run_id} is not under way")
            if state.has_data:
                self._connection.execute(_SHOWN, (run_id,))

    def _atomically(self) -> AbstractContextManager[None]:
        """Join the transaction that is open, or have one of one's own."""
        return nullcontext() if self._connection.in_transaction else database.transaction(self._connection)

    def _demand_transaction(self) -> None:
        if not self._connection.in_transaction:
            raise RuntimeError(
                "what a run read and how it was judged become visible together: use transaction()"
            )


def _as_json(calls: Mapping[str, int]) -> str:
    return msgspec.json.encode(dict(calls), order="sorted").decode()
