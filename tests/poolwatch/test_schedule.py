"""The scheduler: everything is done once, lanes keep to their limit, groups take turns, errors stop it."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from poolwatch.schedule import Scheduler


@dataclass(frozen=True)
class Job:
    lane: str
    group: str
    name: str = ""
    children: int = 0


def test_everything_that_follows_is_done_exactly_once() -> None:
    done: Counter[Job] = Counter()

    def perform(job: Job) -> Iterable[Job]:
        done[job] += 1
        return (Job(job.lane, job.group, f"{job.name}.{n}", job.children - 1) for n in range(job.children))

    left, error = Scheduler(perform, workers=8, per_lane=2).run(
        [Job("a", "g", "x", 4), Job("b", "g", "y", 3)]
    )
    assert (left, error) == ((), None)
    # 4 + 4*3 + 4*3*2 + 4*3*2*1 below the first, likewise below the second.
    assert sum(done.values()) == len(done) == (1 + 4 + 12 + 24 + 24) + (1 + 3 + 6 + 6)


def test_a_lane_that_waits_does_not_keep_the_others_from_theirs() -> None:
    gate = threading.Event()
    under_way: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()
    fast_done = 0

    def perform(job: Job) -> Iterable[Job]:
        nonlocal fast_done
        with lock:
            under_way[job.lane] += 1
            most[job.lane] = max(most[job.lane], under_way[job.lane])
        if job.lane == "slow":
            assert gate.wait(20)
        with lock:
            under_way[job.lane] -= 1
            fast_done += job.lane == "fast"
            if fast_done == 50:
                gate.set()
        return ()

    jobs = [Job("slow", "g", str(n)) for n in range(20)] + [Job("fast", "g", str(n)) for n in range(50)]
    assert Scheduler(perform, workers=6, per_lane=3).run(jobs) == ((), None)
    assert most["slow"] <= 3
    assert most["fast"] <= 3


def test_groups_of_a_lane_take_turns() -> None:
    order = []

    def perform(job: Job) -> Iterable[Job]:
        order.append(job.group)
        return ()

    jobs = [Job("lane", "big", str(n)) for n in range(6)] + [Job("lane", "small", "0")]
    Scheduler(perform, workers=1, per_lane=None).run(jobs)
    assert order[:3] == ["big", "small", "big"]


def test_the_first_error_stops_the_rest_and_tells_what_was_left() -> None:
    def perform(job: Job) -> Iterable[Job]:
        if job.name == "3":
            raise LookupError(job.name)
        return ()

    jobs = [Job("lane", "g", str(n)) for n in range(10)]
    left, error = Scheduler(perform, workers=1, per_lane=None).run(jobs)
    assert isinstance(error, LookupError)
    assert [job.name for job in left] == ["3", "4", "5", "6", "7", "8", "9"]


def test_an_interrupt_stops_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    performed: Counter[str] = Counter()

    def perform(job: Job) -> Iterable[Job]:
        performed[job.name] += 1
        time.sleep(0.01)
        return (job,)

    def interrupted(_thread: threading.Thread, timeout: float | None = None) -> None:
        raise KeyboardInterrupt

    scheduler = Scheduler(perform, workers=2, per_lane=None)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "join", interrupted)
        with pytest.raises(KeyboardInterrupt):
            scheduler.run([Job("lane", "g", "for ever")])
    workers = [thread for thread in threading.enumerate() if thread.name.startswith("poolwatch-")]
    for thread in workers:
        thread.join(5)
    assert not any(thread.is_alive() for thread in workers)
