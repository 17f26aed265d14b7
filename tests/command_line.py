"""Running `poolwatch` from tests: in this process for most, as a program where only that shows something."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner, Result

from poolwatch.cli import app

PROGRAM = str(Path(sys.executable).with_name("poolwatch"))


def run(*arguments: str | Path, columns: int = 80) -> Result:
    """Run a command in this process. A bug of ours that gets past the command line fails the test."""
    result = CliRunner().invoke(
        app, [str(each) for each in arguments], prog_name="poolwatch", env={"COLUMNS": str(columns)}
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run_on_terminal(*arguments: str | Path, columns: int = 80, **environment: str) -> str:
    """Run the program on a terminal and return all that it writes there."""
    ours, theirs = pty.openpty()
    size = {"COLUMNS": str(columns), "LINES": "40", "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [PROGRAM, *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | size | environment,
    )
    os.close(theirs)
    written = bytearray()
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:
        # Linux answers EIO when the other end is closed.
        pass
    process.wait()
    os.close(ours)
    return written.decode()
