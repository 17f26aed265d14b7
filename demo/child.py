"""The emulated AWS account in a child process: what its parent needs, without loading the emulator."""

import os
import subprocess
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

# What the server prints before its URL when it is ready.
READY = "listening on "
ROOT = Path(__file__).resolve().parent.parent
_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})


class Stoppable(ABC):
    """A server with a URL that is stopped at the end of a `with` block."""

    url: str

    @abstractmethod
    def stop(self) -> None:
        """Stop the server; a second time it does nothing."""

    def __enter__(self) -> Self:
        """Hand over the running server."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it, whatever happened."""
        self.stop()


class ChildServer(Stoppable):
    """A server in a child process, which ends with this process at the latest."""

    def __init__(self, arguments: list[str]) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "demo.server", *arguments],
            cwd=ROOT,
            env=own_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None  # noqa: S101 - for the type checker
        line = self.process.stdout.readline().strip()
        if not line.startswith(READY):
            self.stop()
            raise RuntimeError(f"The emulated account did not start: exit {self.process.returncode}")
        self.url = line.removeprefix(READY)

    def stop(self) -> None:
        """End the child process."""
        with self.process:
            self.process.terminate()


def spawn(
    *, port: int = 0, latency_seconds: float = 0.0, enforce_quotas: bool = False, seed: str | None = None
) -> ChildServer:
    """Start an account in a child process and wait until it is ready and seeded.

    `seed` is `company` or `bulk:POOLSxCLIENTSxIDENTITYPOOLS[:REGION]`.
    """
    arguments = ["--port", str(port), "--latency", str(latency_seconds)]
    arguments += ["--quotas"] if enforce_quotas else []
    arguments += ["--seed", seed] if seed else []
    return ChildServer(arguments)


def own_environment() -> dict[str, str]:
    """Return the environment without the user's AWS settings and proxies, with AWS files that are empty."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and name.upper() not in _PROXIES
    }
    return kept | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
