"""`kill -9` in the middle of a run: the next run leaves the store as if nothing had happened."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from poolwatch.posture import read_posture
from records.facet import Facet
from records.run import RunState
from store import check, open_reader
from tests.account import REGION, Account

POOLWATCH = str(Path(sys.executable).with_name("poolwatch"))
# POOLWATCH_KILLS asks for more; the autouse fixture clears the environment, so it is read at import.
KILLS = int(os.environ.get("POOLWATCH_KILLS", "6"))


def content(store: Path) -> dict[str, object]:
    """Return what a store says, but for run numbers and times."""
    posture = read_posture(store)

    def value(facet: Facet[Any]) -> object:
        return facet.gap or facet.value

    with open_reader(store) as reader:
        transitions = {(each.code, each.resource_arn, each.outcome) for each in reader.transitions()}
    return {
        "pools": [
            (pool.arn, value(pool.settings), value(pool.mfa), value(pool.risk), value(pool.client_list))
            for pool in posture.snapshot.user_pools
        ],
        "clients": [value(c.settings) for pool in posture.snapshot.user_pools for c in pool.clients],
        "identity pools": [
            (p.arn, value(p.settings), value(p.roles)) for p in posture.snapshot.identity_pools
        ],
        "findings": [finding.evaluation for finding in posture.findings],
        "transitions": transitions,
    }


def kill_after(aws: Account, store: Path, calls: int) -> None:
    """Start a run and kill it once AWS has been asked so often."""
    aws.controls.reset_calls()
    process = subprocess.Popen(
        [POOLWATCH, "collect", "--region", REGION, "--rate-share", "off", "--store", str(store)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and sum(aws.controls.calls()["calls"].values()) < calls:
        time.sleep(0.005)
    process.kill()
    process.wait()


def test_a_killed_run_leaves_no_trace_but_its_own_record(aws: Account, tmp_path: Path) -> None:
    aws.small_company()
    aws.collect(tmp_path / "whole")
    whole = content(tmp_path / "whole")
    store = tmp_path / "store"
    aws.collect(store)
    aws.controls.set_latency(0.05)
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    for _ in range(KILLS):
        kill_after(aws, store, chance.randint(2, 17))
        assert check(store) == (), f"seed {seed}"
        assert content(store) == whole, f"seed {seed}"
    aws.controls.set_latency(0)
    assert aws.collect(store).run.state is RunState.COMPLETE
    assert content(store) == whole, f"seed {seed}"
    with open_reader(store) as reader:
        messages = [run.message for run in reader.runs()]
    assert "interrupted" in messages, f"seed {seed}: no kill hit a run"
