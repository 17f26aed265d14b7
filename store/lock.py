"""One writer at a time: the lock, and the note beside it that says who holds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import filelock
import msgspec

from records.errors import StoreBusyError
from store.directory import FILE_MODE, create_private

# What a run says of itself whose process ended before it did.
INTERRUPTED = "interrupted"

_LOCK = "writer.lock"
_HOLDER = "writer.json"


class Holder(msgspec.Struct, frozen=True):
    """The process that holds the writer's lock, and since when."""

    pid: int
    since: datetime


@contextmanager
def writer_lock(directory: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold the writer's lock. Raises StoreBusyError, naming the holder, where it is not free in time.

    The operating system drops the lock with the process that held it: a note left by a dead one bars nobody.
    """
    lock = filelock.FileLock(directory / _LOCK, mode=FILE_MODE)
    try:
        held = lock.acquire(timeout=wait_seconds)
    except filelock.Timeout:
        raise StoreBusyError(
            f"{_described(_read_holder(directory))} is writing to the store in {directory}",
            "Wait until it is done, or stop it: one process at a time writes to a store.",
        ) from None
    with held:
        _write_holder(directory, Holder(os.getpid(), datetime.now(UTC)))
        try:
            yield
        finally:
            (directory / _HOLDER).unlink(missing_ok=True)


def has_writer(directory: Path) -> bool:
    """Whether a process that said it is writing is alive. Reads its note alone: a reader takes no lock."""
    holder = _read_holder(directory)
    if holder is None:
        return False
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # Another user's process.
        return True
    return True


def _write_holder(directory: Path, holder: Holder) -> None:
    draft = directory / f"{_HOLDER}.new"
    draft.unlink(missing_ok=True)
    create_private(draft, msgspec.json.encode(holder))
    draft.replace(directory / _HOLDER)


def _read_holder(directory: Path) -> Holder | None:
    try:
        return msgspec.json.decode((directory / _HOLDER).read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        # The holder has the lock, but its note is not written yet.
        return None


def _described(holder: Holder | None) -> str:
    if holder is None:
        return "another Poolwatch"
    return f"another Poolwatch (process {holder.pid}, since {holder.since:%Y-%m-%d %H:%M:%S} UTC)"
