"""What the command line says, and where: results on stdout; progress, warnings and errors on stderr."""

import errno
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from poolwatch.text import counted, plain
from records.errors import PoolwatchError, SettingsError
from records.evaluation import Severity

# Called with what is done and what is due.
Report = Callable[[int, int], None]

SEVERITY_STYLES: Mapping[Severity, str] = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
_ROOMS = ("collectors", "dashboard", "demo", "poolwatch", "records", "rules", "store")
_LINE_SECONDS = 5.0
_LINE_SHARE = 0.1
_MESSAGE_LENGTH = 1000
_MISTAKES_SHOWN = 50


class Terminal:
    """The two streams of one command. With `is_quiet` nothing but results, warnings and errors is said."""

    def __init__(self, *, is_quiet: bool = False) -> None:
        self.is_quiet = is_quiet
        self.out = _Console(highlight=False, markup=False, emoji=False)
        self.err = _Console(stderr=True, highlight=False, markup=False, emoji=False)

    def write(self, chunks: Iterable[str]) -> None:
        """Write a document to stdout, as it comes."""
        for chunk in chunks:
            sys.stdout.write(chunk)

    def say(self, text: str) -> None:
        """Tell what is going on."""
        if not self.is_quiet:
            self._print(Text(text))

    def warn(self, text: str) -> None:
        """Tell what the user should know about the result."""
        self._print(Text.assemble(("warning: ", "yellow"), plain(text, _MESSAGE_LENGTH)))

    def show_error(self, error: PoolwatchError) -> None:
        """Tell what went wrong and what to do about it; the one place where errors are shown."""
        if isinstance(error, SettingsError):
            for mistake in error.mistakes[:_MISTAKES_SHOWN]:
                text = plain(f"{error.file}: {mistake}", _MESSAGE_LENGTH)
                self._print(Text.assemble(("error: ", "bold red"), text))
            if (rest := len(error.mistakes) - _MISTAKES_SHOWN) > 0:
                self._print(Text(f"and {counted(rest, 'more mistake')}"))
        else:
            self._print(Text.assemble(("error: ", "bold red"), plain(error.message, _MESSAGE_LENGTH)))
        self._print(Text.assemble(("hint: ", "bold"), plain(error.hint, _MESSAGE_LENGTH)))

    @contextmanager
    def progress(self, what: str) -> Iterator[Report]:
        """Give a function that shows how far the work is: a bar on a terminal, else a line now and then."""
        if self.is_quiet:
            yield lambda _done, _due: None
        elif self.err.is_terminal:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
            )
            with Progress(*columns, console=self.err, transient=True) as bar:
                task = bar.add_task(what, total=None)
                yield lambda done, due: bar.update(task, completed=done, total=due)
        else:
            self.say(f"{what} ...")
            yield _Lines(what, self.say).report

    def _print(self, text: Text) -> None:
        # Wrapped lines help people; programs and log files want a message on one line.
        self.err.print(text, soft_wrap=not self.err.is_terminal)


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Leave it to the command line, which ends silently; rich would end with a status of findings."""
        raise BrokenPipeError(errno.EPIPE, "broken pipe")


class _Lines:
    """Progress as lines: one when a tenth more is done or five seconds have passed, not more often."""

    def __init__(self, what: str, say: Callable[[str], None]) -> None:
        self._what = what
        self._say = say
        self._lock = threading.Lock()
        self._share = 0.0
        self._at = time.monotonic()

    def report(self, done: int, due: int) -> None:
        share = done / due if due else 0.0
        now = time.monotonic()
        with self._lock:
            waited = now - self._at
            # What is due grows with each list that is read, so the share can fall; it is said all the same,
            # for it may take long to come back to where it was.
            is_more = waited >= 1.0 and share >= self._share + _LINE_SHARE
            if not is_more and waited < _LINE_SECONDS:
                return
            self._share, self._at = share, now
            self._say(f"{self._what}: {done:,} of {due:,} ({share:.0%})")


def configure_logging(*, is_verbose: bool) -> None:
    """Send logs to stderr: warnings without tracebacks, or all that Poolwatch itself logs, with them."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _StderrHandler)]:
        root.removeHandler(handler)
    root.addHandler(_StderrHandler(is_verbose=is_verbose))
    for room in _ROOMS:
        logging.getLogger(room).setLevel(logging.DEBUG if is_verbose else logging.WARNING)


def is_ours(module: str) -> bool:
    """Whether a module, or the logger that is named after it, belongs to Poolwatch."""
    return module.partition(".")[0] in _ROOMS


class _StderrHandler(logging.Handler):
    """Writes to what is stderr at that time, as lines without anything that could steer a terminal.

    Of other packages it takes errors alone, for they warn of what Poolwatch tells better by itself.
    """

    def __init__(self, *, is_verbose: bool) -> None:
        super().__init__()
        self._is_verbose = is_verbose

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is shown."""
        return self._is_verbose or is_ours(record.name) or record.levelno >= logging.ERROR

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        lines = [f"{record.levelname.lower()}: {record.name}: {record.getMessage()}"]
        if self._is_verbose and record.exc_info:
            lines += _frames(record.exc_info[1])
        sys.stderr.write("".join(f"{_steerless(line)}\n" for line in lines))


def _frames(error: BaseException | None) -> Iterator[str]:
    """Yield where an exception and its causes were raised, without their texts: these quote values."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"{type(error).__name__}, raised at:"
        for part in traceback.format_tb(error.__traceback__):
            yield from part.splitlines()
        error = error.__cause__ or error.__context__


def _steerless(line: str) -> str:
    return "".join(character if character.isprintable() else " " for character in line)
