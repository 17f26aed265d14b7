"""How often each operation was called, and how many calls ran at the same time."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Counts:
    """Counters that many threads use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._running = 0
        self._peak = 0

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Count a call, which runs until the block ends."""
        with self._lock:
            self._calls[name] += 1
            self._running += 1
            self._peak = max(self._peak, self._running)
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    def reset(self) -> None:
        """Forget all calls but those that still run."""
        with self._lock:
            self._calls.clear()
            self._peak = self._running

    def as_json(self) -> dict[str, Any]:
        """Return the calls by service:Operation and the largest number of calls at one time."""
        with self._lock:
            return {"calls": dict(sorted(self._calls.items())), "peak_concurrency": self._peak}
