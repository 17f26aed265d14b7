"""What SQLite and the file system complain of, as errors that a person can mend."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from records.errors import StoreError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# The low byte of SQLite's extended result codes is the primary code.
_PRIMARY = 0xFF


@contextmanager
def database_errors(directory: Path) -> Iterator[None]:
    """Turn what the machine may do to the database into StoreError; mistakes of our own fly on."""
    try:
        yield
    except sqlite3.Error as error:
        translated = _of_sqlite(error, directory)
        if translated is None:
            raise
        raise translated from error


@contextmanager
def store_errors(directory: Path) -> Iterator[None]:
    """Turn the file system's errors into StoreError, too; not for code of others, which has its own."""
    try:
        with database_errors(directory):
            yield
    except OSError as error:
        raise _of_system(error, directory) from error


def damaged(directory: Path, detail: str) -> StoreError:
    """Return the error of a store whose file is not sound; nothing is ever repaired or made anew silently."""
    return StoreError(
        f"the store in {directory} is damaged ({detail})",
        "Restore state.sqlite from a backup, or move the directory aside and collect anew: "
        "the configuration comes back, its history does not. Nothing was changed.",
    )


def _of_sqlite(error: sqlite3.Error, directory: Path) -> StoreError | None:
    match getattr(error, "sqlite_errorcode", 0) & _PRIMARY:
        case sqlite3.SQLITE_FULL:
            return _full(directory)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return _forbidden(directory, str(error))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(
                f"the store in {directory} is locked by another program",
                "Close what has state.sqlite open (a backup, the sqlite3 shell), then try again.",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(directory, str(error))
        case sqlite3.SQLITE_IOERR:
            return StoreError(
                f"the disk under the store in {directory} failed ({error})",
                "Look at the disk and at the system's log. What was collected before is kept.",
            )
        case _:
            return None


def _of_system(error: OSError, directory: Path) -> StoreError:
    if error.errno in _FULL:
        return _full(directory)
    return _forbidden(directory, error.strerror or str(error))


def _full(directory: Path) -> StoreError:
    free = shutil.disk_usage(directory).free // 1_000_000
    return StoreError(
        f"there is no room left for the store in {directory} ({free:,} MB free on its disk)",
        "Free some space or lift the quota, then collect again. What was collected before is kept.",
    )


def _forbidden(directory: Path, detail: str) -> StoreError:
    return StoreError(
        f"the store in {directory} cannot be opened or written ({detail})",
        "Give yourself read and write access to the directory, or name another one with --store.",
    )
