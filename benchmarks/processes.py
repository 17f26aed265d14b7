"""Whole programs, timed from outside by the operating system's own accounting."""

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One finished program: wall and CPU seconds, peak memory of its process in MiB, exit status."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float
    exit_status: int


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Run a program to its end, its output thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        wall_seconds=time.perf_counter() - start,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mib=usage.ru_maxrss / 1024,
        exit_status=process.returncode,
    )


def median(values: Sequence[float]) -> float:
    """Return the median, the figure to quote on a machine that others use too."""
    return statistics.median(values)
