"""Connections to `state.sqlite`: for the writer, for readers, and the making of a new one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from records.errors import StoreError
from store import schema
from store.directory import create_private, database_path, replace_durably
from store.failures import damaged

# How long SQLite waits for others: a checkpoint, or the recovery after a process that died.
BUSY_SECONDS = 5.0
_LOG_LIMIT_BYTES = 64 * 1024 * 1024


def open_for_writing(directory: Path, *, is_demo: bool) -> sqlite3.Connection:
    """Open the store's database, making or bringing it forward where needed.

    To be called under the writer's lock. Raises StoreError for a store of the other kind, of a newer
    Poolwatch, or with damage.
    """
    path = database_path(directory)
    if not path.exists():
        _create(path, is_demo=is_demo)
    connection = _connect(path, "rw")
    try:
        _refuse_empty(directory)
        schema.refuse_unknown(connection, directory)
        _refuse_other_kind(connection, directory, is_demo=is_demo)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT_BYTES}")
        _refuse_damage(connection, directory)
        schema.migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(directory: Path, *, any_schema: bool = False) -> sqlite3.Connection:
    """Open the store's database without any right to change it; usable from any thread, by one at a time."""
    path = database_path(directory)
    if not path.exists():
        raise StoreError(
            f"there is no store in {directory}",
            "Run `poolwatch collect`, or `poolwatch demo` for a look round, or name a store with --store.",
        )
    connection = _connect(path, "ro")
    try:
        _refuse_empty(directory)
        schema.refuse_unknown(connection, directory)
        if not any_schema:
            schema.refuse_old(connection, directory)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """Commit what was done inside, all of it, or nothing where an exception leaves."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def _create(path: Path, *, is_demo: bool) -> None:
    # Made beside its place and renamed: a process killed here leaves no half database behind, so an empty
    # state.sqlite is always damage and never taken for a new store.
    draft = path.with_name(f"{path.name}.new")
    for leftover in path.parent.glob(f"{draft.name}*"):
        leftover.unlink()
    create_private(draft)
    with closing(_connect(draft, "rw")) as connection:
        schema.initialise(connection, is_demo=is_demo)
        connection.execute("PRAGMA journal_mode = WAL")
    replace_durably(draft, path)


def _refuse_empty(directory: Path) -> None:
    if database_path(directory).stat().st_size == 0:
        raise damaged(directory, "state.sqlite is empty")


def _refuse_damage(connection: sqlite3.Connection, directory: Path) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise damaged(directory, verdict)


def _refuse_other_kind(connection: sqlite3.Connection, directory: Path, *, is_demo: bool) -> None:
    if schema.is_demo(connection) == is_demo:
        return
    if is_demo:
        raise StoreError(
            f"the store in {directory} holds real accounts, not the demo's",
            "Give the demo a store of its own with --store.",
        )
    raise StoreError(
        f"the store in {directory} holds the demo's made-up account",
        "Name another directory for real accounts with --store.",
    )
