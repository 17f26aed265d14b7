"""The short writer of a store: it keeps what people decide about findings, and touches nothing else."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path

from records.handling import Assignment, Mute
from store import database, handling
from store.failures import database_errors, store_errors
from store.lock import writer_lock
from store.reader import open_reader


@contextmanager
def open_ledger(directory: Path, *, wait_seconds: float) -> Iterator["Ledger"]:
    """Hold the store at `directory` for a decision, once whoever writes to it is done.

    Makes no store. Raises StoreError where there is none, where it is of another schema, damaged or out of
    reach, and where another process writes to it for longer than `wait_seconds`.
    """
    with open_reader(directory) as reader:
        is_demo = reader.is_demo
    with ExitStack() as held:
        with store_errors(directory):
            held.enter_context(writer_lock(directory, wait_seconds=wait_seconds))
            connection = database.open_for_writing(directory, is_demo=is_demo)
            held.enter_context(closing(connection))
        yield Ledger(directory, connection)


class Ledger:
    """Writes mutes and assignments; made by `open_ledger`. What a call has written is visible at once."""

    def __init__(self, directory: Path, connection: sqlite3.Connection) -> None:
        self._directory = directory
        self._connection = connection

    def mute(self, given: Mute) -> None:
        """Keep a mute; one that the finding has already is ended by its author."""
        with self._transaction():
            handling.mute(self._connection, given)

    def unmute(self, code: str, resource_arn: str, *, author: str, at: datetime) -> bool:
        """End the mute of a finding; return whether it had one."""
        with self._transaction():
            return handling.unmute(self._connection, code, resource_arn, author=author, at=at)

    def assignment(self, code: str, resource_arn: str) -> Assignment | None:
        """Return what holds for a finding; nobody else changes it while the ledger is open."""
        with database_errors(self._directory):
            return handling.assignment_of(self._connection, code, resource_arn)

    def assign(self, given: Assignment) -> None:
        """Keep an assignment; it holds for the finding from now on."""
        with self._transaction():
            handling.assign(self._connection, given)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with database_errors(self._directory), database.transaction(self._connection):
            yield
