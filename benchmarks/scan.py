"""`poolwatch collect` against a bare loop of the same calls, in turn, on an emulated account.

    python -m benchmarks.scan [--rounds 5] [--paced]

The account has 200 user pools with 3 app clients each and 20 identity pools, and each call takes 40 ms more.
With --paced the emulator also enforces AWS's request quotas, and the collection keeps to its default share
of them: a run of about a minute and a half.
"""

import argparse
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Measured, measure, median
from collectors.quotas import quota_of
from demo import child
from demo.clients import Controls
from poolwatch.settings import DEFAULT_RATE_SHARE

REGION = "eu-west-1"
SEED = f"bulk:200x3x20:{REGION}"
LATENCY_SECONDS = 0.04
POOLWATCH = str(Path(sys.executable).with_name("poolwatch"))


def main() -> None:
    """Measure and print the table of docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count, after one that does not")
    parser.add_argument("--paced", action="store_true", help="AWS's quotas enforced, the default share used")
    options = parser.parse_args()
    with child.spawn(seed=SEED, latency_seconds=LATENCY_SECONDS, enforce_quotas=options.paced) as aws:
        if options.paced:
            paced(aws.url)
        else:
            side_by_side(aws.url, options.rounds)


def side_by_side(url: str, rounds: int) -> None:
    """Print wall time, CPU time and peak memory of both, and the ratio of each pair of neighbours."""
    environment = _environment(url)
    with tempfile.TemporaryDirectory() as place:
        calls = str(Path(place) / "calls.json")
        measure([sys.executable, "-m", "benchmarks.recording", calls, REGION], environment)
        pairs = list(_pairs(calls, environment, rounds))
    print(f"| {rounds} rounds in turn, medians | wall s | CPU s | peak MiB |")
    print("|---|---|---|---|")
    for name, column in (("bare loop, 16 threads", 0), ("poolwatch collect", 1)):
        runs = [pair[column] for pair in pairs]
        wall, cpu, peak = (
            median([getattr(run, figure) for run in runs])
            for figure in ("wall_seconds", "cpu_seconds", "peak_mib")
        )
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} |")
    ratios = [ours.wall_seconds / bare.wall_seconds for bare, ours in pairs]
    spread = f"{min(ratios):.2f}-{max(ratios):.2f}"
    print(f"| ratio of wall times, pair by pair | {median(ratios):.2f} ({spread}) | | |")
    print()
    print("Calls of one collection, by operation:")
    _print_calls(url, environment)


def _pairs(calls: str, environment: dict[str, str], rounds: int) -> Iterator[tuple[Measured, Measured]]:
    """Yield both programs' figures round by round, without the first."""
    for number in range(rounds + 1):
        bare = measure([sys.executable, "-m", "benchmarks.bare_loop", calls], environment)
        with tempfile.TemporaryDirectory() as store:
            ours = measure(_collect(store, "off"), environment)
        if bare.exit_status or ours.exit_status:
            raise SystemExit(
                f"bare loop: exit {bare.exit_status}; poolwatch collect: exit {ours.exit_status}"
            )
        if number:
            yield bare, ours


def paced(url: str) -> None:
    """Print how long a paced collection takes against what its share of the quotas forces."""
    controls = Controls(url)
    controls.reset_calls()
    with tempfile.TemporaryDirectory() as store:
        ours = measure(_collect(store, str(DEFAULT_RATE_SHARE)), _environment(url))
    if ours.exit_status:
        raise SystemExit(f"poolwatch collect: exit {ours.exit_status}")
    seen = controls.calls()
    forced = forced_seconds(seen["calls"])
    print(f"forced by {DEFAULT_RATE_SHARE} of AWS's quotas: {forced:.1f} s")
    print(f"poolwatch collect: {ours.wall_seconds:.1f} s, ratio {ours.wall_seconds / forced:.2f}")
    print(f"calls that the quotas refused: {seen['throttled']} of {sum(seen['calls'].values())}")


def forced_seconds(calls: dict[str, int]) -> float:
    """Return how long the busiest category takes at its own rate."""
    by_category: Counter[str] = Counter()
    rates: dict[str, float] = {}
    for operation, count in calls.items():
        quota = quota_of(operation)
        by_category[quota.category] += count
        rates[quota.category] = quota.per_second * DEFAULT_RATE_SHARE
    return max((count / rates[name] for name, count in by_category.items()), default=math.nan)


def _print_calls(url: str, environment: dict[str, str]) -> None:
    controls = Controls(url)
    controls.reset_calls()
    with tempfile.TemporaryDirectory() as store:
        measure(_collect(store, "off"), environment)
    calls: dict[str, int] = controls.calls()["calls"]
    for operation, count in sorted(calls.items()):
        print(f"  {count:6} {operation}")
    print(f"  {sum(calls.values()):6} in all")


def _collect(store: str, share: str) -> list[str]:
    directory = str(Path(store) / "store")
    return [POOLWATCH, "collect", "--region", REGION, "--rate-share", share, "--store", directory, "--quiet"]


def _environment(url: str) -> dict[str, str]:
    return {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "none"}


if __name__ == "__main__":
    main()
