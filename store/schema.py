"""The database's schema: its versions, the way forward from each to the next, and what is refused."""

import sqlite3
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from records.errors import StoreError

# "Pool": marks the file as Poolwatch's among all SQLite files (PRAGMA application_id).
APPLICATION_ID = 0x506F6F6C

# The script at index n leads from version n to version n + 1. One that was released is never edited.
MIGRATIONS: Sequence[str] = tuple(
    script.read_text(encoding="utf-8")
    for script in sorted(
        (
            each
            for each in resources.files("store").joinpath("migrations").iterdir()
            if each.name.endswith(".sql")
        ),
        key=lambda script: script.name,
    )
)


def refuse_unknown(connection: sqlite3.Connection, directory: Path) -> None:
    """Raise StoreError for a database that is not Poolwatch's, or that a newer Poolwatch has written."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        raise StoreError(
            f"state.sqlite in {directory} is not a store of Poolwatch",
            "If it should be one it is damaged: restore a backup. Else name another directory with --store.",
        )
    if version(connection) > len(MIGRATIONS):
        raise StoreError(
            f"the store in {directory} was written by a newer Poolwatch "
            f"(schema {version(connection)}, this one knows {len(MIGRATIONS)})",
            "Update Poolwatch, or name another directory with --store.",
        )


def refuse_old(connection: sqlite3.Connection, directory: Path) -> None:
    """Raise StoreError for a database that only a writer may bring forward."""
    if version(connection) < len(MIGRATIONS):
        raise StoreError(
            f"the store in {directory} was written by an older Poolwatch "
            f"(schema {version(connection)}, this one needs {len(MIGRATIONS)})",
            "Run `poolwatch collect` once: it brings the store forward and keeps what is in it.",
        )


def version(connection: sqlite3.Connection) -> int:
    """Return the schema's version; 0 is an empty database."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def migrate(connection: sqlite3.Connection, migrations: Sequence[str] | None = None) -> None:
    """Bring the database forward, each step in a transaction of its own."""
    steps = MIGRATIONS if migrations is None else migrations
    for number in range(version(connection), len(steps)):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE; {steps[number]}; PRAGMA user_version = {number + 1}; COMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise


def initialise(connection: sqlite3.Connection, *, is_demo: bool) -> None:
    """Fill an empty database with the schema of today and the mark of its kind."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrate(connection)
    connection.execute("INSERT INTO store (id, is_demo) VALUES (1, ?)", (is_demo,))


def is_demo(connection: sqlite3.Connection) -> bool:
    """Whether the store holds the demo's made-up account."""
    (mark,) = connection.execute("SELECT is_demo FROM store").fetchone()
    return bool(mark)
