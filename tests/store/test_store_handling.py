"""Mutes and assignments: what holds, what stays as history, and whose turn it is."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from records.errors import StoreError
from records.handling import Assignment, Mute
from records.run import RunState
from store import check, open_ledger, open_reader
from tests.builders import NOW, SCOPE
from tests.store.store_builders import LATER, Answers, run, writing

ROOT = Path(__file__).parents[2]
ARN = SCOPE.user_pool_arn("eu-west-1_p1")
MUTE = Mute(
    code="MFA001",
    resource_arn=ARN,
    reason="replaced in spring",
    author="ann",
    created_at=NOW,
    until=date(2027, 3, 31),
)
ASSIGNMENT = Assignment(
    code="MFA001", resource_arn=ARN, owner="web team", due=None, ticket="SEC-7", author="ann", at=NOW
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with writing(tmp_path / "store") as writer:
        run(writer, Answers().region())
    return tmp_path / "store"


@pytest.mark.parametrize(
    ("today", "holds"),
    [(date(2026, 11, 23), True), (date(2027, 3, 31), True), (date(2027, 4, 1), False)],
    ids=["before", "last day", "day after"],
)
def test_a_mute_holds_through_its_last_day(today: date, *, holds: bool) -> None:
    assert MUTE.holds(today) is holds
    assert not replace(MUTE, ended_at=NOW, ended_by="bob").holds(today)


def test_a_mute_comes_back_as_it_was_given(store: Path) -> None:
    with open_ledger(store, wait_seconds=0) as ledger:
        ledger.mute(MUTE)
    with open_reader(store) as reader:
        assert reader.mutes() == (MUTE,)
    assert check(store) == ()


def test_a_second_mute_ends_the_first_and_both_stay_as_history(store: Path) -> None:
    second = replace(MUTE, reason="later still", author="bob", created_at=LATER)
    with open_ledger(store, wait_seconds=0) as ledger:
        ledger.mute(MUTE)
        ledger.mute(second)
    with open_reader(store) as reader:
        assert reader.mutes() == (second,)
        assert reader.mutes(with_ended=True) == (replace(MUTE, ended_at=LATER, ended_by="bob"), second)


def test_unmute_ends_one_finding_and_tells_whether_there_was_a_mute(store: Path) -> None:
    other = replace(MUTE, code="MFA002")
    with open_ledger(store, wait_seconds=0) as ledger:
        ledger.mute(MUTE)
        ledger.mute(other)
        assert ledger.unmute("MFA001", ARN, author="bob", at=LATER)
        assert not ledger.unmute("MFA001", ARN, author="bob", at=LATER)
    with open_reader(store) as reader:
        assert reader.mutes() == (other,)


def test_the_newest_assignment_holds_and_the_ones_before_stay(store: Path) -> None:
    newer = replace(ASSIGNMENT, owner=None, due=date(2027, 1, 15), at=LATER)
    with open_ledger(store, wait_seconds=0) as ledger:
        assert ledger.assignment("MFA001", ARN) is None
        ledger.assign(ASSIGNMENT)
        ledger.assign(newer)
        assert ledger.assignment("MFA001", ARN) == newer
    with open_reader(store) as reader:
        assert reader.assignments() == (newer,)
    with closing(sqlite3.connect(store / "state.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM assignments").fetchone() == (2,)


def test_the_stamp_of_decisions_moves_with_each_and_that_of_runs_with_none(store: Path) -> None:
    with open_reader(store) as reader:
        runs, stamps = reader.stamp, [reader.handling_stamp]
        with open_ledger(store, wait_seconds=0) as ledger:
            ledger.mute(MUTE)
            stamps.append(reader.handling_stamp)
            ledger.unmute("MFA001", ARN, author="bob", at=LATER)
            stamps.append(reader.handling_stamp)
            ledger.assign(ASSIGNMENT)
            stamps.append(reader.handling_stamp)
        assert reader.stamp == runs
    assert len(set(stamps)) == 4


def test_a_ledger_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store"), open_ledger(tmp_path / "none", wait_seconds=0):
        pass
    assert not (tmp_path / "none").exists()


def test_a_busy_store_is_told_with_its_holder_after_the_wait(store: Path) -> None:
    with (
        writing(store),
        pytest.raises(StoreError, match=rf"process {os.getpid()}, since "),
        open_ledger(store, wait_seconds=0.1),
    ):
        pass


def test_a_ledger_waits_for_its_turn(store: Path) -> None:
    program = (
        "import pathlib, sys, time\n"
        "from store import open_writer\n"
        "with open_writer(pathlib.Path(sys.argv[1]), is_demo=False):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(1)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(store)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with open_ledger(store, wait_seconds=30) as ledger:
            ledger.mute(MUTE)
    assert other.returncode == 0
    with open_reader(store) as reader:
        assert reader.mutes() == (MUTE,)


def test_a_ledger_leaves_runs_as_they_are(store: Path) -> None:
    with writing(store) as writer:
        writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=NOW + timedelta(hours=3))
    with open_ledger(store, wait_seconds=0) as ledger:
        ledger.mute(MUTE)
    with closing(sqlite3.connect(store / "state.sqlite")) as connection:
        assert connection.execute("SELECT state FROM runs ORDER BY id DESC LIMIT 1").fetchone() == (
            RunState.RUNNING.value,
        )


def test_what_people_decided_outlives_a_run(store: Path) -> None:
    with open_ledger(store, wait_seconds=0) as ledger:
        ledger.mute(MUTE)
        ledger.assign(ASSIGNMENT)
    with writing(store) as writer:
        run(writer, Answers(LATER).region(), at=LATER)
    with open_reader(store) as reader:
        assert reader.mutes() == (MUTE,)
        assert reader.assignments() == (ASSIGNMENT,)
