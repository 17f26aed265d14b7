"""One region of very many user pools: memory over time, progress, and going on after a kill.

    python -m benchmarks.many [--user-pools 5000] [--clients 2]

The account is emulated without any delay and `poolwatch collect` unpaced, so the emulator, which answers
some 250 calls a second, sets the pace: at full size about a quarter of an hour. 300 user pools take a minute.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from benchmarks.processes import Measured
from demo import child
from demo.clients import Controls
from store.reader import open_reader

REGION = "eu-west-1"
POOLWATCH = str(Path(sys.executable).with_name("poolwatch"))
SHARES = (0.1, 0.5, 0.9)
_SAMPLED_EVERY_SECONDS = 1.0
_FEWEST = 200
_PROGRESS = "Reading: "
# What differs between two runs that read the same.
_TIMES = frozenset({"collected_at", "opened_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A running collection at one time: the calls that it has made so far, and its memory."""

    at: datetime
    seconds: float
    calls: int
    mib: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A collection from outside: its samples, its end, and the lines of progress that it wrote."""

    samples: tuple[Sample, ...]
    end: Measured
    calls: int
    progress: tuple[str, ...]

    @property
    def read_seconds(self) -> float:
        """When the last call had been made, to the nearest sample."""
        return next(each.seconds for each in self.samples if each.calls == self.samples[-1].calls)

    def reading(self) -> Iterator[Sample]:
        """Yield the samples up to the last call."""
        return (each for each in self.samples if each.seconds <= self.read_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What `poolwatch scan --format json` says of a store, without times and the run's number."""

    count: int
    digest: str
    end: Measured


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--user-pools", type=int, default=5000)
    parser.add_argument("--clients", type=int, default=2)
    options = parser.parse_args()
    if options.user_pools < _FEWEST:
        parser.error(f"with fewer than {_FEWEST} user pools the run is over before there is enough to see")
    seed = f"bulk:{options.user_pools}x{options.clients}x0:{REGION}"
    with child.spawn(seed=seed) as aws, tempfile.TemporaryDirectory() as place:
        print(f"{options.user_pools:,} user pools x {options.clients} app clients")
        whole, resumed = Path(place) / "whole", Path(place) / "resumed"
        run = collect(aws.url, whole)
        print_memory(run, _published_at(whole))
        print_progress(run)
        findings = scan(whole)
        print(f"scan: {_told(findings.end)}, {findings.count:,} findings")
        print_resumed(aws.url, resumed, run, findings)


def print_memory(run: Watched, published_at: datetime) -> None:
    """Print the memory at shares of the calls, and what followed on the last call."""
    samples = tuple(run.reading())
    print(f"collect: {_told(run.end)}, {run.calls:,} calls")
    for share in SHARES:
        at = next(each for each in samples if each.calls >= share * run.calls)
        print(f"  {at.mib:5.0f} MiB at {share:.0%} of the calls, after {at.seconds:.0f} s")
    most = max(each.mib for each in samples)
    print(f"  {most:5.0f} MiB at most while it read, until {run.read_seconds:.0f} s")
    later = [each for each in run.samples if each.seconds > run.read_seconds]
    for what, phase in (
        ("published and judged", [each for each in later if each.at <= published_at]),
        ("judged again and summed up", [each for each in later if each.at > published_at]),
    ):
        if phase:
            peak, end = max(each.mib for each in phase), phase[-1].seconds
            print(f"  {peak:5.0f} MiB at most while it {what}, until {end:.0f} s")
    print(f"  {run.end.peak_mib:5.0f} MiB at most in all")


def print_progress(run: Watched) -> None:
    """Print how many lines of progress a run without a terminal wrote, with the first and the last."""
    print(f"progress: {len(run.progress)} lines in {run.read_seconds:.0f} s")
    for line in dict.fromkeys((*run.progress[:1], *run.progress[-1:])):
        print(f"  {line}")


def print_resumed(url: str, store: Path, whole: Watched, expected: Findings) -> None:
    """Kill a collection at half of its calls, resume it, and print what that took and whether it shows."""
    killed = collect(url, store, until=lambda sample: sample.calls >= whole.calls / 2)
    print(f"killed: {_told(killed.end)}, {killed.calls:,} calls")
    resumed = collect(url, store, "--resume")
    print(f"collect --resume: {_told(resumed.end)}, {resumed.calls:,} calls")
    print_progress(resumed)
    print(f"  both together made {killed.calls + resumed.calls - whole.calls:,} calls more than one run does")
    found = scan(store)
    same = (found.count, found.digest) == (expected.count, expected.digest)
    print(f"findings and gaps are {'the same' if same else 'DIFFERENT'}: {found.count:,} findings")
    if not same or resumed.end.exit_status != whole.end.exit_status:
        raise SystemExit("the resumed run did not come to the same end as the one without a break")


def collect(
    url: str, store: Path, *arguments: str, until: Callable[[Sample], bool] = lambda _sample: False
) -> Watched:
    """Run a collection and watch it; kill it without notice once `until` says so."""
    controls = Controls(url)
    controls.reset_calls()
    command = [POOLWATCH, "collect", "--region", REGION, "--rate-share", "off", "--store", str(store)]
    samples: list[Sample] = []

    def watch(process: subprocess.Popen[str], seconds: float) -> None:
        sample = Sample(
            at=datetime.now(UTC), seconds=seconds, calls=_calls(controls), mib=_resident_mib(process.pid)
        )
        samples.append(sample)
        if until(sample):
            process.kill()

    with tempfile.TemporaryFile("w+") as said:
        end = _run([*command, *arguments], url, stderr=said, watch=watch)
        said.seek(0)
        progress = tuple(line.strip() for line in said if re.match(_PROGRESS, line))
    return Watched(samples=tuple(samples), end=end, calls=_calls(controls), progress=progress)


def scan(store: Path) -> Findings:
    """Judge a store, and boil down what comes of it: the same digest means the same findings and gaps."""
    digest, count = hashlib.sha256(), 0
    with tempfile.TemporaryFile("w+") as document:
        command = [POOLWATCH, "scan", "--format", "json", "--store", str(store)]
        end = _run(command, "", stdout=document)
        document.seek(0)
        for line in document:
            name, _, value = line.partition(": ")
            if name == '"run"':
                digest.update(_canonical(json.loads(value.rstrip(",\n"))["gaps"]))
            elif line.startswith('{"code"'):
                finding = json.loads(line.rstrip(",\n"))
                digest.update(_canonical({key: finding[key] for key in finding.keys() - _TIMES}))
                count += 1
    return Findings(count=count, digest=digest.hexdigest(), end=end)


def _run(
    command: list[str],
    url: str,
    *,
    stdout: IO[str] | None = None,
    stderr: IO[str] | None = None,
    watch: Callable[[subprocess.Popen[str], float], None] = lambda _process, _seconds: None,
) -> Measured:
    """Run a program to its end; `watch` is called every second with the seconds that have passed."""
    aws = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "none"}
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, **aws},
        stdout=stdout or subprocess.DEVNULL,
        stderr=stderr or subprocess.DEVNULL,
        text=True,
    )
    pid = 0
    while pid == 0:
        watch(process, time.perf_counter() - start)
        # A process that has ended stays until it is waited for, so `watch` always finds it.
        time.sleep(_SAMPLED_EVERY_SECONDS)
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        wall_seconds=time.perf_counter() - start,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mib=usage.ru_maxrss / 1024,
        exit_status=process.returncode,
    )


def _calls(controls: Controls) -> int:
    counts: dict[str, int] = controls.calls()["calls"]
    return sum(counts.values())


def _resident_mib(pid: int) -> float:
    """Return a process's resident memory; 0 for one that has ended and was not waited for."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _published_at(store: Path) -> datetime:
    with open_reader(store) as reader:
        run = reader.latest_run()
    if run is None or run.finished_at is None:
        raise SystemExit("the collection did not come to its end")
    return run.finished_at


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _told(end: Measured) -> str:
    return (
        f"exit {end.exit_status}, {end.wall_seconds:.0f} s wall, {end.cpu_seconds:.0f} s CPU, "
        f"peak {end.peak_mib:.0f} MiB"
    )


if __name__ == "__main__":
    main()
