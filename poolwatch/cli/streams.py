"""stdout and stderr as a program may find them: closed, full, or of an encoding that lacks letters."""

import io
import os
import sys
from contextlib import suppress

_STREAMS = {"stdout": 1, "stderr": 2}


class _Lossy(io.TextIOWrapper):
    """A stream that drops what it cannot write, so that the work goes on where stderr takes nothing."""

    def write(self, text: str, /) -> int:
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def prepare() -> None:
    """Make both streams usable, whatever the program was started with."""
    for name, descriptor in _STREAMS.items():
        stream = getattr(sys, name)
        if stream is None:
            # Python's stand-in for a stream that was closed before the start.
            setattr(sys, name, _nowhere(descriptor))
        elif isinstance(stream, io.TextIOWrapper):
            # A name beyond the terminal's encoding must not end the program.
            stream.reconfigure(errors="backslashreplace")
    # Python keeps its own one alive, and with it the buffer that the two share.
    if isinstance(sys.stderr, io.TextIOWrapper) and sys.stderr is sys.__stderr__:
        sys.stderr = _Lossy(
            sys.stderr.buffer, encoding=sys.stderr.encoding, errors=sys.stderr.errors, line_buffering=True
        )


def give_up_stdout() -> None:
    """Give stdout somewhere to go, or Python complains of what is left in its buffer when it ends."""
    # A stream that stands in for stdout has no descriptor.
    with suppress(io.UnsupportedOperation):
        _redirect_to_nowhere(sys.stdout.fileno())


def _nowhere(descriptor: int) -> io.TextIOWrapper:
    _redirect_to_nowhere(descriptor)
    return open(descriptor, "w", encoding="utf-8", closefd=False)


def _redirect_to_nowhere(descriptor: int) -> None:
    # The descriptor itself, for else the next file that is opened gets its number, and what a child process
    # says goes into that file.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if nowhere == descriptor:
        os.set_inheritable(nowhere, True)
    else:
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
