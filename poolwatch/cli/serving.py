"""`poolwatch dashboard`: Streamlit as a child process that knows the store and no AWS credentials."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from poolwatch.cli.terminal import Terminal
from poolwatch.settings import CONFIG_VARIABLE, config_path, configuration, default_store
from records.errors import ExitStatus, PoolwatchError
from store.reader import exists

ROOT = Path(__file__).resolve().parents[2]
_PAGE = ROOT / "streamlit_app.py"
_HOST = "127.0.0.1"
_PORTS = range(8501, 8521)
_START_SECONDS = 60.0
_STOP_SECONDS = 5.0


def dashboard(terminal: Terminal, *, config: Path | None, store: Path | None, port: int | None) -> ExitStatus:
    """Serve the store's page until Ctrl-C."""
    store = store or default_store(configuration(config))
    port = free_port(port)
    if not exists(store):
        terminal.warn(f"There is no store in {store} yet; the page fills when `poolwatch collect` has run.")
    return serve(terminal, config=config_path(config), store=store, port=port)


def free_port(wanted: int | None) -> int:
    """Return the wanted port, or else the first free one. Raises PoolwatchError where it is in use."""
    for port in _PORTS if wanted is None else (wanted,):
        with socket.socket() as probe:
            # As the server does: a port whose last connections are still closing is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return port
    taken = f"Port {wanted} is" if wanted else f"All ports from {_PORTS[0]} to {_PORTS[-1]} are"
    raise PoolwatchError(
        f"{taken} in use, or may not be used.", "Stop the other program, or name another port with --port."
    )


def serve(terminal: Terminal, *, config: Path | None, store: Path, port: int) -> ExitStatus:
    """Run the page's server until Ctrl-C or its like, which is how it is meant to end.

    It judges as the settings file `config` says, without one where that is None.
    """
    if not _PAGE.exists():
        raise PoolwatchError(
            f"{_PAGE} is missing: the dashboard runs from a checkout of Poolwatch.",
            "Get Poolwatch from its repository and run `make install` there.",
        )
    terminal.say("Starting the dashboard ...")
    server = subprocess.Popen(  # noqa: S603  (our own interpreter and page)
        [
            *(sys.executable, "-m", "poolwatch.cli.child", "run", str(_PAGE)),
            *(f"--server.address={_HOST}", f"--server.port={port}", "--server.headless=true"),
        ],
        cwd=ROOT,
        env=_environment(config, store),
        # Nothing is ever said there: that it closes tells the server that we are gone.
        stdin=subprocess.PIPE,
        # Its banner would say again what is said here; what goes wrong is on its stderr.
        stdout=subprocess.DEVNULL,
    )
    try:
        _await_answer(server, port)
        terminal.out.print(f"Dashboard: http://{_HOST}:{port}")
        terminal.say("Ctrl-C stops it.")
        status = server.wait()
    except KeyboardInterrupt:
        return ExitStatus.DONE
    finally:
        stop(server)
    raise PoolwatchError(
        f"The dashboard's server ended by itself, with status {status}.",
        "Look at what it said above, and start it again.",
    )


def stop(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a child process, by force where it takes too long."""
    process.terminate()
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment(config: Path | None, store: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    # Set to nothing where there is none: the server has another working directory, which may hold one.
    settings = "" if config is None else str(config.absolute())
    return kept | {"POOLWATCH_STORE": str(store.absolute()), CONFIG_VARIABLE: settings}


def _await_answer(server: subprocess.Popen[bytes], port: int) -> None:
    limit = time.monotonic() + _START_SECONDS
    while not _answers(port):
        if server.poll() is not None:
            raise PoolwatchError(
                f"The dashboard's server did not start (status {server.returncode}).",
                "Look at what it said above; another program may have taken the port meanwhile.",
            )
        if time.monotonic() > limit:
            raise PoolwatchError(
                f"The dashboard did not answer within {_START_SECONDS:.0f} seconds.",
                "The machine may be busy: try again.",
            )
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(_HOST, port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
