"""Files that are written whole or not at all, and that are their owner's alone."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from records.errors import PoolwatchError


def write_atomically(path: Path, chunks: Iterable[str]) -> None:
    """Write text to a file: beside it first, then renamed over it, with mode 0600.

    What is no file, such as /dev/stdout or a named pipe, is written to directly. Raises PoolwatchError where
    the file cannot be written; what was there before is untouched then.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as device:
                device.writelines(chunks)
        else:
            _replace(path.resolve(), chunks)
    except OSError as error:
        raise PoolwatchError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Nothing was written. Name another file with --output, or make room for this one.",
        ) from error


def _replace(path: Path, chunks: Iterable[str]) -> None:
    # mkstemp makes the file with mode 0600.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
