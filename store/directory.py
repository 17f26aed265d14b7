"""The store's directory and files: whose they are, and that nobody else can look into them."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from records.errors import StoreError

DATABASE = "state.sqlite"
DIRECTORY_MODE = 0o700
FILE_MODE = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def database_path(directory: Path) -> Path:
    """Return where the store's database lies."""
    return directory / DATABASE


def prepare(directory: Path) -> None:
    """Make the directory, or see that it can be used: ours alone, and not somebody's home or /tmp.

    One that is open to others is closed to them where it is empty or holds a store, and refused where it
    holds other things, whose owner would be surprised. Raises StoreError and OSError.
    """
    if directory.exists() and not directory.is_dir():
        raise StoreError(f"{directory} is a file", "Name a directory for the store with --store.")
    directory.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
    if is_open_to_others(directory):
        if not database_path(directory).exists() and any(directory.iterdir()):
            raise StoreError(
                f"{directory} holds other files and is open to other users of this machine",
                f"Give the store a directory of its own: --store {directory / 'poolwatch'}",
            )
        directory.chmod(DIRECTORY_MODE)
    for path in files(directory):
        if is_open_to_others(path):
            path.chmod(FILE_MODE)


def files(directory: Path) -> Iterator[Path]:
    """Yield the store's own files, SQLite's log and index and the lock among them."""
    for pattern in (f"{DATABASE}*", "writer.*"):
        yield from sorted(directory.glob(pattern))


def is_open_to_others(path: Path) -> bool:
    """Whether anybody but the owner has any right on it."""
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except FileNotFoundError:
        # SQLite removes its log and index when the last one who uses them leaves.
        return False


def create_private(path: Path, content: bytes = b"") -> None:
    """Write a file that is the owner's alone from its first instant. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def replace_durably(source: Path, target: Path) -> None:
    """Rename a file so that after a power cut its name stands for all of it."""
    source.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
