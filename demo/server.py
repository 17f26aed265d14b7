"""The emulated AWS account as a server: in a thread of this process, or on the command line.

    python -m demo.server --port 5055 --seed company

It listens on 127.0.0.1 alone, prints `listening on http://127.0.0.1:PORT` when it is ready, and
stops on SIGTERM, when its standard input is a pipe that closes, or when its parent dies.
"""

import argparse
import os
import re
import signal
import stat
import sys
import threading
from collections.abc import Callable

from demo import bulk, company
from demo.child import READY, Stoppable
from demo.emulator import Emulator
from demo.emulator.http import LoopbackServer

PARENT_CHECK_SECONDS = 1.0
STDIN = 0

_running = threading.Lock()


class ThreadServer(Stoppable):
    """A server in a thread of this process; `emulator` is its inside."""

    def __init__(self, port: int) -> None:
        # moto's state belongs to the process: a second server would show the first one's accounts.
        if not _running.acquire(blocking=False):
            raise RuntimeError("An emulated account runs in this process already; use demo.child for another")
        try:
            self.emulator = Emulator()
            self.emulator.board.reset()
            self._server = LoopbackServer(port, self.emulator.answer)
        except BaseException:
            _running.release()
            raise
        self.url = self._server.url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port and empty the account."""
        if self._thread.is_alive():
            self._server.stop()
            self._thread.join()
            self.emulator.board.reset()
            _running.release()


def start(port: int = 0) -> ThreadServer:
    """Start an empty account in a thread of this process; port 0 takes a free port."""
    return ThreadServer(port)


def seeding(seed: str) -> Callable[[str], object]:
    """Return what fills the account of this process at a URL; ValueError where the seed is not understood."""
    if seed == "company":
        return company.seed
    found = re.fullmatch(r"bulk:(\d+)x(\d+)x(\d+)(?::([a-z0-9-]+))?", seed)
    if not found:
        raise ValueError(f"A seed is company or bulk:POOLSxCLIENTSxIDENTITYPOOLS[:REGION], not {seed!r}")
    pools, clients, identity_pools = map(int, found.groups()[:3])
    region = found[4] or bulk.REGION
    return lambda _url: bulk.seed(
        user_pools=pools, clients_per_user_pool=clients, identity_pools=identity_pools, region=region
    )


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m demo.server", description="An emulated AWS account.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--latency", type=float, default=0.0, metavar="S", help="seconds added to each call")
    parser.add_argument("--quotas", action="store_true", help="enforce AWS's request rates")
    parser.add_argument("--seed", type=seeding, help="company or bulk:POOLSxCLIENTSxIDENTITYPOOLS[:REGION]")
    options = parser.parse_args(arguments)

    parent = os.getppid()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with start(options.port) as server:
        if options.seed:
            options.seed(server.url)
        server.emulator.board.latency_seconds = options.latency
        server.emulator.board.quotas.is_enforced = options.quotas
        print(f"{READY}{server.url}", flush=True)  # noqa: T201 - the caller waits for this line
        _watch_stdin(stopped)
        while not stopped.wait(PARENT_CHECK_SECONDS) and os.getppid() == parent:
            pass
    return 0


def _watch_stdin(stopped: threading.Event) -> None:
    """Stop when standard input closes, if it is a pipe: whoever held the other end has gone."""
    if not stat.S_ISFIFO(os.fstat(STDIN).st_mode):
        return

    def watch() -> None:
        while os.read(STDIN, 1024):
            pass
        stopped.set()

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
