"""Several processes at one store, and processes that die in the middle of their work.

POOLWATCH_KILLS says how many die at a random instant: a few by default, hundreds before a release.
"""

import dataclasses
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from records.errors import StoreError
from records.run import RunState
from records.snapshot import Snapshot
from store import check, open_reader, open_writer
from tests.store.store_builders import writing
from tests.store.store_victim import SIZE, first_run, second_answers, second_evaluations, second_run

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("POOLWATCH_KILLS", "15"))
NAMED = (
    "begun",
    "answer 0",
    "answer 100",
    "answer 600",
    "kept",
    "published",
    "evaluation 0",
    "evaluation 50",
    "evaluated",
    "finished",
    "committed",
    "migrating",
)
# What a run has answered that had kept all of it when it died: no gaps.
VALUES = len(second_answers()) - 1
KEPT = ("kept", "published", "evaluation 0", "evaluation 50", "evaluated", "finished")
HOLDING = """
import pathlib, sys
from store import open_writer
with open_writer(pathlib.Path(sys.argv[1]), is_demo=False):
    print("open", flush=True)
    sys.stdin.readline()
"""
WRITING = """
import itertools, pathlib, sys
from store import open_writer
from tests.store.store_victim import first_run, second_run
for _ in range(int(sys.argv[2])):
    with open_writer(pathlib.Path(sys.argv[1]), is_demo=False) as writer:
        first_run(writer)
        second_run(writer)
"""

# What a store says, free of the numbers of runs, which a repeated run raises.
CONTENT = (
    """
    SELECT scope_id, resource_arn, facet, hex(digest), state, first_seen, last_seen, gone_at
    FROM versions ORDER BY resource_arn, facet, first_seen
    """,
    """
    SELECT code, resource_arn, outcome, opened_at, closed_at, cause
    FROM transitions ORDER BY code, resource_arn, outcome, opened_at
    """,
    """
    SELECT DISTINCT finished_at, severity, outcome, count
    FROM outcome_counts JOIN runs ON id = run_id ORDER BY finished_at, severity, outcome
    """,
    """
    SELECT DISTINCT finished_at, resource_arn, facet, reason
    FROM gaps JOIN runs ON id = run_id ORDER BY finished_at, resource_arn, facet
    """,
    "SELECT count(*) FROM spool",
    "SELECT resource_arn, metric, at, value FROM usage_samples ORDER BY resource_arn, metric, at",
)


def content(directory: Path) -> list[list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(directory / "state.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [connection.execute(statement).fetchall() for statement in CONTENT]


def snapshot(directory: Path) -> Snapshot:
    with open_reader(directory) as reader:
        regions = reader.snapshot().regions
    return Snapshot(regions=tuple(dataclasses.replace(region, run_id=0) for region in regions))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("before")
    with writing(directory) as writer:
        first_run(writer)
    return directory


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory, before: Path) -> Path:
    directory = tmp_path_factory.mktemp("after") / "store"
    shutil.copytree(before, directory)
    with writing(directory) as writer:
        second_run(writer)
    return directory


@contextmanager
def started(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def victim(directory: Path, instant: str, delay: float | None = None) -> None:
    """Let a collector die at an instant, or `delay` seconds after it opened the store."""
    with started("-m", "tests.store.store_victim", directory, instant) as process:
        if delay is not None:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(delay)
            process.kill()
        _, errors = process.communicate()
        assert process.returncode in (-signal.SIGKILL, 0), errors
        if delay is None and not instant.startswith("steps "):
            assert process.returncode == -signal.SIGKILL, errors


def assert_converges(directory: Path, before: Path, after: Path) -> int:
    """Show that a store is as before or as after, and that another run makes it as after.

    It does so from the start as well as with what the killed run had kept; return how many answers that were.
    """
    assert check(directory) == ()
    assert snapshot(directory) in (snapshot(before), snapshot(after))
    other = directory.with_name("other")
    shutil.copytree(directory, other)
    with writing(directory) as writer:
        carried = second_run(writer)
    with writing(other) as writer:
        assert second_run(writer, resumes=False) == 0
    for each in (directory, other):
        assert content(each) == content(after)
        assert snapshot(each) == snapshot(after)
        with open_reader(each) as reader:
            assert all(run.state is not RunState.RUNNING for run in reader.runs())
    return carried


@pytest.mark.parametrize("instant", NAMED)
def test_killed_at_a_named_instant(tmp_path: Path, before: Path, after: Path, instant: str) -> None:
    directory = tmp_path / "store"
    shutil.copytree(before, directory)
    victim(directory, instant)
    carried = assert_converges(directory, before, after)
    assert carried == {"answer 100": 96, "answer 600": 592}.get(instant, VALUES if instant in KEPT else 0)


def test_killed_twice_goes_on_with_what_both_kept(tmp_path: Path, before: Path, after: Path) -> None:
    directory = tmp_path / "store"
    shutil.copytree(before, directory)
    victim(directory, "answer 600")
    victim(directory, "answer 100")
    assert assert_converges(directory, before, after) == 592


def test_killed_while_making_a_store(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    victim(directory, "creating")
    with pytest.raises(StoreError, match="no store"):
        open_reader(directory)
    with writing(directory) as writer:
        first_run(writer)
    assert check(directory) == ()
    assert not list(directory.glob("*.new*"))


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_at_a_random_instant(tmp_path: Path, before: Path, after: Path, number: int) -> None:
    directory = tmp_path / "store"
    shutil.copytree(before, directory)
    chance = random.Random(number)
    kind = ("answer", "evaluation", "steps", "time")[number % 4]
    match kind:
        case "answer":
            victim(directory, f"answer {chance.randrange(len(second_answers()))}")
        case "evaluation":
            victim(directory, f"evaluation {chance.randrange(len(second_evaluations()))}")
        case "steps":
            victim(directory, f"steps {chance.randrange(200)}")
        case _:
            victim(directory, "never", delay=chance.uniform(0, 0.4))
    assert_converges(directory, before, after)


def test_second_collector_is_refused_and_a_short_writer_waits(tmp_path: Path) -> None:
    with started("-c", HOLDING, tmp_path) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        with pytest.raises(StoreError, match=f"process {holder.pid}, since "), writing(tmp_path):
            pass
        release = threading.Timer(0.3, holder.stdin.close)
        release.start()
        with open_writer(tmp_path, is_demo=False, wait_seconds=30) as writer:
            first_run(writer)
        release.join()


def test_killed_holder_bars_nobody(tmp_path: Path) -> None:
    with started("-c", HOLDING, tmp_path) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()
        holder.wait()
    assert (tmp_path / "writer.json").exists()
    with writing(tmp_path) as writer:
        first_run(writer)


def test_readers_beside_a_writer_see_whole_runs_and_no_lock(
    tmp_path: Path, before: Path, after: Path
) -> None:
    directory = tmp_path / "store"
    shutil.copytree(after, directory)
    seen = 0
    failures: list[BaseException] = []

    with started("-c", WRITING, directory, 12) as writer, open_reader(directory) as shared:

        def read_along() -> None:
            try:
                while writer.poll() is None:
                    shared.snapshot()
                    shared.transitions()
            except BaseException as error:  # noqa: BLE001  (a thread's error is shown below)
                failures.append(error)

        thread = threading.Thread(target=read_along)
        thread.start()
        while writer.poll() is None:
            pools = list(snapshot(directory).user_pools)
            names = {client.member.name.partition("-")[0] for pool in pools for client in pool.clients}
            assert len(names) == 1
            assert len(pools) == SIZE
            seen += 1
        thread.join()
        assert writer.returncode == 0, writer.communicate()
    assert failures == []
    assert seen > 5
