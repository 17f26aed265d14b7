"""What a run keeps while it reads: unseen until it is published, and there for a run that goes on with it."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from records.facet import FacetName
from records.resource import Member, Scope
from records.run import Answer, RunState
from records.snapshot import Snapshot
from store import Writer, check, open_reader
from tests.builders import NOW, SCOPE, make_app_client, make_mfa_configuration, make_user_pool
from tests.store.store_builders import DENIED, LAST, LATER, Answers, run, writing

HOUR = timedelta(hours=1)
POOL_ARN = SCOPE.user_pool_arn("p1")
POOL = make_user_pool(user_pool_id="p1")
CLIENT = make_app_client(client_id="c1", user_pool_id="p1")
WHOLE = [(POOL, [CLIENT])]
VIRGINIA = Scope("111122223333", "us-east-1")
MFA = FacetName.MFA_CONFIGURATION
ALL = len(Answers().region(WHOLE))


def start(writer: Writer, *scopes: Scope, **options: Any) -> int:
    at = options.pop("at", NOW)
    return writer.start_run(scopes=scopes or [SCOPE], identity_arn=None, version="1", at=at, **options)


def finish(writer: Writer, run_id: int, state: RunState = RunState.COMPLETE, **options: Any) -> None:
    with writer.transaction():
        writer.publish(run_id, options.pop("answers", ()), gone=options.pop("gone", ()))
        writer.finish_run(run_id, state, at=LATER, calls={}, **options)


def cut_short(directory: Path, *scopes: Scope, answers: list[Answer] | None = None) -> int:
    """Leave a run behind that kept its answers and was killed."""
    with writing(directory) as writer:
        run_id = start(writer, *scopes)
        writer.keep(run_id, Answers().region(WHOLE) if answers is None else answers)
    return run_id


def spooled(directory: Path) -> int:
    with closing(sqlite3.connect(directory / "state.sqlite")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM spool").fetchone()
        return int(count)


def load(directory: Path) -> Snapshot:
    with open_reader(directory) as reader:
        return reader.snapshot()


def test_what_is_kept_in_parts_is_published_as_a_whole(tmp_path: Path) -> None:
    answers = Answers().region(WHOLE)
    with writing(tmp_path / "at once") as writer:
        run(writer, answers, at=LATER)
    with writing(tmp_path / "in parts") as writer:
        run_id = start(writer)
        for answer in answers:
            writer.keep(run_id, [answer])
        assert load(tmp_path / "in parts") == Snapshot(regions=())
        finish(writer, run_id)
    assert load(tmp_path / "in parts") == load(tmp_path / "at once")
    assert spooled(tmp_path / "in parts") == 0


def test_later_answer_stands_in_the_place_of_the_earlier(tmp_path: Path) -> None:
    later = Answers(LATER)
    with writing(tmp_path) as writer:
        run_id = start(writer)
        writer.keep(run_id, Answers().region(WHOLE))
        writer.keep(run_id, [later.one(MFA, POOL_ARN, DENIED)])
        finish(writer, run_id, answers=[later.one(FacetName.RISK_CONFIGURATION, POOL_ARN, DENIED)])
    (pool,) = load(tmp_path).user_pools
    assert (pool.mfa.gap, pool.mfa.last_good) == (DENIED, None)
    assert (pool.risk.gap, pool.risk.last_good) == (DENIED, None)
    assert pool.settings.gap is None


def test_what_is_gone_is_left_out_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    pools = [(make_user_pool(user_pool_id=pool_id), [CLIENT]) for pool_id in ("p1", "p10", "p2")]
    left = tuple(Member(id=pool_id, name="customers") for pool_id in ("p10", "p2"))
    with writing(tmp_path) as writer:
        run(writer, Answers().region(pools))
        run_id = start(writer, at=LATER)
        writer.keep(run_id, Answers(LATER).region(pools))
        lists = [Answers(LATER).one(FacetName.USER_POOLS, SCOPE.user_pool_arn("*"), left)]
        gone = {POOL_ARN, SCOPE.app_client_arn("p2", "c1")}
        finish(writer, run_id, answers=lists, gone=gone)
    ten, two = load(tmp_path).user_pools
    assert [ten.member.id, two.member.id] == ["p10", "p2"]
    assert ten.clients[0].settings.gap is None
    assert two.clients[0].settings.gap is not None
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        found = connection.execute("SELECT DISTINCT resource_arn FROM versions WHERE state = 'gone'")
        assert {arn for (arn,) in found} == {
            POOL_ARN,
            SCOPE.app_client_arn("p1", "c1"),
            SCOPE.domain_arn("p1", "customers"),
        }


def test_part_that_cannot_be_kept_leaves_nothing_of_it(tmp_path: Path) -> None:
    wrong = Answers().one(MFA, POOL_ARN, POOL)
    elsewhere = replace(wrong, scope=VIRGINIA)
    with writing(tmp_path) as writer:
        run_id = start(writer)
        for answer, error in ((wrong, TypeError), (elsewhere, KeyError)):
            with pytest.raises(error):
                writer.keep(run_id, [*Answers().region(WHOLE), answer])
    assert spooled(tmp_path) == 0


def test_publication_that_fails_leaves_all_that_was_kept(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run_id = start(writer)
        writer.keep(run_id, Answers().region(WHOLE))
        with pytest.raises(TypeError):
            finish(writer, run_id, gone=[POOL_ARN], answers=[Answers().one(MFA, POOL_ARN, POOL)])
    assert spooled(tmp_path) == ALL


def test_run_that_was_killed_is_resumed_with_its_values_alone(tmp_path: Path) -> None:
    answers = [*Answers().region(WHOLE), Answers().one(MFA, POOL_ARN, DENIED)]
    killed = cut_short(tmp_path, answers=answers)
    with writing(tmp_path) as writer:
        found = writer.resumable([SCOPE], within=HOUR, at=LATER)
        assert found is not None
        assert (found.run_id, found.answers) == (killed, ALL - 1)
        run_id = start(writer, at=LATER, resumes=found)
        assert writer.carried(run_id, SCOPE, MFA, POOL_ARN) is None
        for answer in answers:
            if answer.facet is not MFA:
                carried = writer.carried(run_id, SCOPE, answer.facet, answer.resource_arn)
                assert carried == answer
                writer.keep(run_id, [carried])
        writer.keep(run_id, [Answers(LATER).one(MFA, POOL_ARN, make_mfa_configuration())])
        finish(writer, run_id)
    (pool,) = load(tmp_path).user_pools
    assert all(facet.gap is None for *_, facet in load(tmp_path).facets)
    assert (pool.settings.last_good, pool.mfa.last_good) != (None, None)
    assert pool.settings.last_good is not None
    assert pool.mfa.last_good is not None
    assert (pool.settings.last_good.at, pool.mfa.last_good.at) == (NOW, LATER)
    assert spooled(tmp_path) == 0


def test_what_is_carried_but_not_kept_again_is_not_published(tmp_path: Path) -> None:
    cut_short(tmp_path)
    with writing(tmp_path) as writer:
        run_id = start(writer, resumes=writer.resumable([SCOPE], within=HOUR, at=LATER))
        finish(writer, run_id, answers=Answers(LATER).region())
    assert list(load(tmp_path).user_pools) == []
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM versions").fetchall() == [(2,)]


def test_run_that_resumes_and_is_killed_again_loses_nothing(tmp_path: Path) -> None:
    cut_short(tmp_path)
    with writing(tmp_path) as writer:
        second = start(writer, resumes=writer.resumable([SCOPE], within=HOUR, at=LATER))
        writer.keep(second, [Answers(LATER).one(MFA, POOL_ARN, make_mfa_configuration(mode="OFF"))])
    with writing(tmp_path) as writer:
        found = writer.resumable([SCOPE], within=HOUR, at=LATER)
        assert found is not None
        assert (found.run_id, found.answers) == (second, ALL)
        third = start(writer, resumes=found)
        for facet, mode in ((MFA, "OFF"), (FacetName.USER_POOL, None)):
            carried = writer.carried(third, SCOPE, facet, POOL_ARN)
            assert carried is not None
            assert getattr(carried.outcome, "mode", None) == mode


def test_only_young_answers_about_the_scopes_are_carried(tmp_path: Path) -> None:
    young = Answers(LATER, VIRGINIA).region(WHOLE)
    cut_short(tmp_path, SCOPE, VIRGINIA, answers=[*Answers().region(WHOLE), *young])
    with writing(tmp_path) as writer:
        assert writer.resumable([SCOPE], within=HOUR, at=LAST) is None
        assert writer.resumable([Scope("000011112222", "us-east-1")], within=HOUR, at=LAST) is None
        # A clock that was set back.
        assert writer.resumable([SCOPE], within=HOUR, at=NOW - HOUR) is None
        found = writer.resumable([SCOPE, VIRGINIA], within=HOUR, at=LAST)
        assert found is not None
        assert found.answers == len(young)
        run_id = start(writer, SCOPE, VIRGINIA, resumes=found)
        assert writer.carried(run_id, SCOPE, MFA, POOL_ARN) is None
        assert writer.carried(run_id, VIRGINIA, MFA, VIRGINIA.user_pool_arn("p1")) is not None
        with pytest.raises(KeyError):
            writer.carried(run_id, Scope("000011112222", "us-east-1"), MFA, POOL_ARN)
    assert spooled(tmp_path) == len(young)


def test_newer_run_forgets_what_it_does_not_resume(tmp_path: Path) -> None:
    cut_short(tmp_path)
    with writing(tmp_path) as writer:
        start(writer, VIRGINIA)
        assert writer.resumable([SCOPE], within=HOUR, at=LATER) is None
    assert spooled(tmp_path) == 0


def test_sign_in_that_failed_in_between_forgets_nothing(tmp_path: Path) -> None:
    killed = cut_short(tmp_path)
    with writing(tmp_path) as writer:
        failed = writer.start_run(scopes=(), identity_arn=None, version="1", at=LATER)
        writer.finish_run(failed, RunState.FAILED, at=LATER, calls={}, message="expired")
        found = writer.resumable([SCOPE], within=HOUR, at=LATER)
    assert found is not None
    assert found.run_id == killed


@pytest.mark.parametrize("state", [RunState.COMPLETE, RunState.PARTIAL])
def test_run_that_came_to_its_end_is_not_resumed(tmp_path: Path, state: RunState) -> None:
    with writing(tmp_path) as writer:
        run_id = start(writer)
        writer.keep(run_id, Answers().region(WHOLE))
        finish(writer, run_id, state)
        assert writer.resumable([SCOPE], within=HOUR, at=LATER) is None
    assert spooled(tmp_path) == 0


def test_run_that_published_and_was_cut_short_is_resumed(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run_id = start(writer)
        writer.keep(run_id, Answers().region(WHOLE))
        finish(writer, run_id, RunState.PARTIAL, is_cut_short=True)
        found = writer.resumable([SCOPE], within=HOUR, at=LATER)
        assert found is not None
        assert found.answers == ALL
        second = start(writer, at=LATER, resumes=found)
        carried = writer.carried(second, SCOPE, FacetName.USER_POOL, POOL_ARN)
        assert carried is not None
        assert carried.outcome == POOL
        finish(writer, second, answers=[carried])
    (pool,) = load(tmp_path).user_pools
    assert (pool.settings.gap, pool.settings.value) == (None, POOL)


def test_run_that_failed_on_the_way_is_resumed(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run_id = start(writer)
        writer.keep(run_id, Answers().region(WHOLE))
        writer.finish_run(run_id, RunState.FAILED, at=LATER, calls={}, message="stopped by the user")
        assert writer.resumable([SCOPE], within=HOUR, at=LATER) is not None


def test_run_under_way_is_not_resumed(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.keep(start(writer), Answers().region(WHOLE))
        assert writer.resumable([SCOPE], within=HOUR, at=LATER) is None


def test_answer_that_is_no_record_of_today_is_asked_for_again(tmp_path: Path) -> None:
    cut_short(tmp_path)
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute("UPDATE spool SET body = x'7B7D' WHERE facet = 'mfa_configuration'")
    assert check(tmp_path) == (
        "1 stored contents are not what was collected: restore state.sqlite from a backup",
    )
    with writing(tmp_path) as writer:
        run_id = start(writer, resumes=writer.resumable([SCOPE], within=HOUR, at=LATER))
        assert writer.carried(run_id, SCOPE, MFA, POOL_ARN) is None
        assert writer.carried(run_id, SCOPE, FacetName.USER_POOL, POOL_ARN) is not None


def test_threads_share_a_writer(tmp_path: Path) -> None:
    numbers = range(20)
    pools = [(make_user_pool(user_pool_id=f"p{number:02}"), [CLIENT]) for number in numbers]
    answers = Answers().region(pools)
    cut_short(tmp_path, answers=answers)
    with writing(tmp_path) as writer:
        run_id = start(writer, resumes=writer.resumable([SCOPE], within=HOUR, at=LATER))
        together = threading.Barrier(4)

        def go_on(part: int) -> None:
            together.wait()
            for answer in answers[part::4]:
                carried = writer.carried(run_id, SCOPE, answer.facet, answer.resource_arn)
                assert carried == answer
                writer.keep(run_id, [carried])

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(go_on, range(4)))
        finish(writer, run_id)
    assert all(facet.gap is None for *_, facet in load(tmp_path).facets)
    assert len(list(load(tmp_path).user_pools)) == len(numbers)
