"""The one writer of a store: it keeps runs, what they read, and the life of findings."""

import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from records.account import AccountInfo
from records.evaluation import Evaluation
from records.facet import FacetName
from records.resource import Scope
from records.run import Answer, RunState
from records.snapshot import Snapshot
from store import database, findings, publishing, spool
from store.directory import prepare
from store.failures import database_errors, store_errors
from store.lock import INTERRUPTED, writer_lock
from store.scopes import add_scope, scope_ids, scopes_of
from store.snapshots import load_snapshot
from store.spool import Resumable, storable
from store.times import to_micros

_FINISHED = """
    UPDATE runs SET state = ?, finished_at = ?, calls = ?, message = ? WHERE id = ? AND state = 'running'
"""
_SHOWN = """
    UPDATE scopes SET latest_run = ?1 WHERE id IN (SELECT scope_id FROM run_scopes WHERE run_id = ?1)
"""
_ACCOUNT = "INSERT OR REPLACE INTO accounts (account_id, name, environment, owner) VALUES (?, ?, ?, ?)"
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
    """Writes a store; made by `open_writer`. Threads may share it: each call and transaction has its turn."""

    def __init__(self, directory: Path, connection: sqlite3.Connection) -> None:
        self._directory = directory
        self._connection = connection
        self._turn = threading.RLock()
        self._published: set[int] = set()
        self._scopes: dict[int, Mapping[Scope, int]] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all that happens inside visible at once, or none of it where an exception leaves.

        Raises StoreError for what the machine does to the database inside, such as a full disk.
        """
        with self._turn:
            published = self._published.copy()
            try:
                with database_errors(self._directory), database.transaction(self._connection):
                    yield
            except BaseException:
                self._published = published
                raise

    def name_accounts(self, accounts: Iterable[AccountInfo]) -> None:
        """Note what these accounts are called, in the place of what they were called before."""
        rows = [(each.account_id, each.name, each.environment, each.owner) for each in accounts]
        with self._atomically():
            self._connection.executemany(_ACCOUNT, rows)

    def resumable(self, scopes: Iterable[Scope], *, within: timedelta, at: datetime) -> Resumable | None:
        """Return the newest run if it was cut short and has answers about these scopes to go on with.

        Only answers that are not older than `within` at the time `at` count.
        """
        with self._turn, database_errors(self._directory):
            return spool.resumable(self._connection, scopes, within=within, at=at)

    def start_run(
        self,
        *,
        scopes: Iterable[Scope],
        identity_arn: str | None,
        version: str,
        at: datetime,
        resumes: Resumable | None = None,
    ) -> int:
        """Note that a run over these scopes has begun, visible at once; return its number.

        What the run that it `resumes` was answered is carried over to it; what any other run kept without
        publishing it is forgotten, unless the new run has no scopes.
        """
        scopes = sorted(set(scopes))
        with self.transaction():
            run_id = self._connection.execute(
                "INSERT INTO runs (state, started_at, identity_arn, version) VALUES ('running', ?, ?, ?)",
                (to_micros(at), identity_arn, version),
            ).lastrowid
            if run_id is None:
                raise RuntimeError("SQLite numbers each row that it inserts")
            self._connection.executemany(
                "INSERT INTO run_scopes (run_id, scope_id) VALUES (?, ?)",
                [(run_id, add_scope(self._connection, scope)) for scope in scopes],
            )
            if resumes is not None:
                spool.carry(self._connection, run_id, resumes)
            elif scopes:
                spool.clear(self._connection)
        return run_id

    def carried(self, run_id: int, scope: Scope, facet: FacetName, resource_arn: str) -> Answer | None:
        """Return what the run that this one resumes was answered, None where AWS must be asked.

        It counts for this run once it is kept. Raises KeyError for a scope that is not the run's.
        """
        with self._turn, database_errors(self._directory):
            scope_id = self._scopes_of(run_id)[scope]
            kept = spool.read(self._connection, run_id, scope_id, (facet, resource_arn), is_carried=True)
        if kept is None:
            return None
        return Answer(scope=scope, resource_arn=resource_arn, facet=facet, outcome=kept.value, at=kept.at)

    def keep(self, run_id: int, answers: Iterable[Answer]) -> tuple[Answer, ...]:
        """Put aside what the run was answered, safe from any end of the process, until it is published.

        Returns the gaps that stand in the place of values which no bytes can stand for. All of it or, where
        an exception leaves, nothing. A later answer about a facet stands in the place of an earlier one.
        Raises KeyError for a scope that is not the run's, TypeError for a value that is not its facet's, and
        StoreError.
        """
        with self._atomically():
            return spool.keep(self._connection, run_id, self._scopes_of(run_id), answers)

    def publish(self, run_id: int, answers: Iterable[Answer] = (), *, gone: Collection[str] = ()) -> None:
        """Take in what the run kept, and these last answers; inside a transaction.

        What was kept about the resources `gone`, by ARN, and about all that belongs to them is left out. A
        resource that a list, read whole, no longer names is gone: its versions end. Raises as `keep` does.
        """
        self._demand_transaction()
        spool.drop(self._connection, run_id, gone)
        self.keep(run_id, answers)
        if publishing.publish(self._connection, run_id):
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
        is_cut_short: bool = False,
    ) -> None:
        """End a run; outside a transaction it is visible at once.

        What a failed run kept, and one that was cut short, stays so that a next run can resume it.

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
        with self._atomically():
            if self._connection.execute(_FINISHED, (*outcome, run_id)).rowcount != 1:
                raise ValueError(f"run {run_id} is not under way")
            if state.has_data:
                self._connection.execute(_SHOWN, (run_id,))
                if not is_cut_short:
                    spool.clear(self._connection)

    @contextmanager
    def _atomically(self) -> Iterator[None]:
        """Join the transaction that is open, or have one of one's own."""
        with self._turn:
            if self._connection.in_transaction:
                yield
            else:
                with self.transaction():
                    yield

    def _scopes_of(self, run_id: int) -> Mapping[Scope, int]:
        if run_id not in self._scopes:
            ids = scope_ids(self._connection)
            self._scopes[run_id] = {scope: ids[scope] for scope in scopes_of(self._connection, run_id)}
        return self._scopes[run_id]

    def _demand_transaction(self) -> None:
        if not self._connection.in_transaction:
            raise RuntimeError(
                "what a run read and how it was judged become visible together: use transaction()"
            )


def _as_json(calls: Mapping[str, int]) -> str:
    return msgspec.json.encode(dict(calls), order="sorted").decode()
