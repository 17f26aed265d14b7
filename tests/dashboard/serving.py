"""The dashboard as a process of its own, as people start it."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "streamlit_app.py"
_START_SECONDS = 60


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def command(*arguments: str) -> Sequence[str]:
    """Return the command that starts the dashboard."""
    return (sys.executable, "-m", "streamlit", "run", str(APP), *arguments)


@contextmanager
def serving(directory: Path, environment: dict[str, str]) -> Iterator[str]:
    """Serve the dashboard; `directory` takes its log. Gives its address and ends the process afterwards."""
    port, log = free_port(), directory / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command("--server.port", str(port)),
            # Another directory: the settings must be found beside the app.
            cwd=directory,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_up(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait_until_up(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
                if answer.read() == b"ok":
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"the dashboard did not start:\n{log.read_text()}")
