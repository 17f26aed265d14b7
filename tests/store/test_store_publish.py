import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from records.account import AccountInfo
from records.errors import StoreError
from records.facet import FacetName, Gap, Holder, Reason
from records.resource import Scope
from records.run import RunGap, RunState
from store import open_reader, open_writer
from store.codec import decode
from tests.builders import (
    NOW,
    SCOPE,
    make_app_client,
    make_identity_pool,
    make_mfa_configuration,
    make_user_pool,
)
from tests.store.facet_values import ROLE
from tests.store.store_builders import DENIED, LAST, LATER, Answers, run, without, writing

POOL_ARN = SCOPE.user_pool_arn("p1")
POOL = make_user_pool(user_pool_id="p1")
CLIENT = make_app_client(client_id="c1", user_pool_id="p1")
REGION = [
    each
    for each in Answers().region([(POOL, [])])
    if each.facet.holder is Holder.REGION and each.facet is not FacetName.IDENTITY_POOLS
]
VERSIONS = "SELECT facet, state, first_run, last_run, gone_at IS NOT NULL FROM versions ORDER BY id"


def rows(directory: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(directory / "state.sqlite")) as connection:
        return connection.execute(statement).fetchall()


def gone_arns(directory: Path) -> list[str]:
    found = rows(directory, "SELECT DISTINCT resource_arn FROM versions WHERE state = 'gone'")
    return [arn for (arn,) in found]


def mfa_modes(directory: Path) -> list[tuple[str, int, int]]:
    found = rows(
        directory,
        "SELECT body, first_run, last_run FROM versions JOIN contents USING (digest) "
        "WHERE facet = 'mfa_configuration' ORDER BY id",
    )
    return [
        (decode(FacetName.MFA_CONFIGURATION, body, {}).mode, first_run, last_run)
        for body, first_run, last_run in found
    ]


def publish_mfa(directory: Path, *modes: str) -> None:
    with writing(directory) as writer:
        for mode in modes:
            answer = Answers().one(FacetName.MFA_CONFIGURATION, POOL_ARN, make_mfa_configuration(mode=mode))
            run(writer, [answer])


def test_unchanged_content_makes_one_version(tmp_path: Path) -> None:
    publish_mfa(tmp_path, "ON", "ON", "ON")
    assert mfa_modes(tmp_path) == [("ON", 1, 3)]


def test_content_that_comes_back_makes_three_versions_and_two_bodies(tmp_path: Path) -> None:
    publish_mfa(tmp_path, "ON", "OFF", "ON")
    assert mfa_modes(tmp_path) == [("ON", 1, 1), ("OFF", 2, 2), ("ON", 3, 3)]
    assert rows(tmp_path, "SELECT count(*) FROM contents") == [(2,)]
    assert rows(tmp_path, "SELECT state FROM versions ORDER BY id") == [
        ("replaced",),
        ("replaced",),
        ("current",),
    ]


def test_gap_makes_no_version_and_ends_none(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(POOL, [CLIENT])]))
        before = rows(tmp_path, VERSIONS)
        arns = (SCOPE.user_pool_arn("*"), SCOPE.identity_pool_arn("*"))
        lists = (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS)
        run(writer, [Answers(LATER).one(facet, arn, DENIED) for facet, arn in zip(lists, arns, strict=True)])
        assert rows(tmp_path, VERSIONS) == before


def test_resource_that_vanishes_and_returns_equal_has_two_versions(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(POOL, [])]))
        run(writer, Answers(LATER).region())
        run(writer, Answers(LAST).region([(POOL, [])]))
    of_settings = [row[1:] for row in rows(tmp_path, VERSIONS) if row[0] == "user_pool"]
    assert of_settings == [("gone", 1, 1, 1), ("current", 3, 3, 0)]


def test_app_clients_go_with_their_user_pool(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(POOL, [CLIENT])], [make_identity_pool()]))
        run(writer, Answers(LATER).region([], [make_identity_pool()]))
    states = {facet: state for facet, state, *_ in rows(tmp_path, VERSIONS)}
    assert states["app_client"] == states["app_clients"] == states["user_pool"] == "gone"
    assert states["identity_pool"] == states["identity_pool_roles"] == "current"


def test_app_client_goes_when_its_own_list_leaves_it_out(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(POOL, [CLIENT, make_app_client(client_id="c2")])]))
        run(writer, Answers(LATER).region([(POOL, [CLIENT])]))
    assert gone_arns(tmp_path) == [f"{POOL_ARN}/client/c2"]


def test_identity_provider_goes_when_its_list_leaves_it_out(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, [*REGION, *Answers().user_pool(POOL, [], ["okta", "a/client/b"])])
        run(writer, [*REGION, *Answers(LATER).user_pool(POOL, [], ["okta"])])
    assert gone_arns(tmp_path) == [f"{POOL_ARN}/identityprovider/a/client/b"]


def test_domain_goes_when_the_settings_name_it_no_more(tmp_path: Path) -> None:
    named = make_user_pool(user_pool_id="p1", domain="shop", custom_domain="auth.example.com")
    moved = make_user_pool(user_pool_id="p1", domain="shop", custom_domain=None)
    unread = without(Answers(LATER).user_pool(moved), FacetName.USER_POOL, FacetName.DOMAIN)
    with writing(tmp_path) as writer:
        run(writer, [*REGION, *Answers().user_pool(named)])
        run(writer, [*REGION, *unread, Answers(LATER).one(FacetName.USER_POOL, POOL_ARN, DENIED)])
        assert gone_arns(tmp_path) == []
        run(writer, [*REGION, *Answers(LAST).user_pool(moved)])
    assert gone_arns(tmp_path) == [f"{POOL_ARN}/domain/auth.example.com"]


def test_all_that_belongs_to_a_user_pool_goes_with_it(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, [*REGION, *Answers().user_pool(POOL, [CLIENT], ["okta"])])
        run(writer, Answers(LATER).region())
    kept = rows(tmp_path, "SELECT DISTINCT facet FROM versions WHERE state <> 'gone'")
    assert {FacetName(facet).holder for (facet,) in kept} == {Holder.REGION}


def test_reference_is_current_in_each_region_and_no_list_ends_it(tmp_path: Path) -> None:
    virginia = Scope("111122223333", "us-east-1")
    arn = ROLE.arn
    with writing(tmp_path) as writer:
        for at in (NOW, LATER):
            answers = [Answers(at, scope).one(FacetName.ROLE, arn, ROLE) for scope in (SCOPE, virginia)]
            run(writer, [*answers, *Answers(at).region()], scopes=[SCOPE, virginia], at=at)
        run(writer, Answers(LAST).region(), at=LAST)
    of_role = [row[1:] for row in rows(tmp_path, VERSIONS) if row[0] == "role"]
    assert of_role == [("current", 1, 2, 0)] * 2


def test_region_that_was_not_read_keeps_its_resources(tmp_path: Path) -> None:
    elsewhere = Scope("111122223333", "us-east-1")
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(POOL, [])]))
        run(writer, Answers(LATER, elsewhere).region(), scopes=[elsewhere])
    assert rows(tmp_path, "SELECT count(*) FROM versions WHERE state = 'gone'") == [(0,)]


def test_usage_sample_is_kept_when_it_changed_and_makes_no_version(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        for at, users in ((NOW, 5), (LATER, 5), (LAST, None), (LAST, 6)):
            run(writer, Answers(at).region([(make_user_pool(user_pool_id="p1", estimated_users=users), [])]))
            (pool,) = writer.snapshot(4).user_pools
            assert pool.settings.value.estimated_users == users
    assert rows(tmp_path, "SELECT run_id, value FROM usage_samples ORDER BY run_id") == [
        (1, 5),
        (3, None),
        (4, 6),
    ]
    assert rows(tmp_path, "SELECT count(*) FROM versions WHERE facet = 'user_pool'") == [(1,)]


def test_gaps_of_a_run_are_read_in_order(tmp_path: Path) -> None:
    answers = [
        Answers().one(FacetName.USER_POOL, POOL_ARN, DENIED),
        Answers().one(FacetName.MFA_CONFIGURATION, POOL_ARN, DENIED),
    ]
    with writing(tmp_path) as writer:
        run_id = run(writer, answers)
    with open_reader(tmp_path) as reader:
        assert reader.gaps(run_id) == (
            RunGap(scope=SCOPE, resource_arn=POOL_ARN, facet=FacetName.MFA_CONFIGURATION, gap=DENIED),
            RunGap(scope=SCOPE, resource_arn=POOL_ARN, facet=FacetName.USER_POOL, gap=DENIED),
        )
        assert reader.gaps(run_id + 1) == ()


def test_record_that_no_bytes_can_stand_for_is_a_gap(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(make_user_pool(user_pool_id="p1", email_failure="\udc80"), [])]))
    with open_reader(tmp_path) as reader:
        (gap,) = reader.gaps(1)
        assert (gap.facet, gap.gap.reason) == (FacetName.USER_POOL, Reason.MALFORMED)
        (pool,) = reader.snapshot().user_pools
        assert pool.settings.gap == gap.gap


def test_message_of_a_gap_may_hold_anything(tmp_path: Path) -> None:
    message = "no \0 <b>\udc80"
    gap = type(DENIED)(operation=DENIED.operation, reason=Reason.DENIED, message=message)
    with writing(tmp_path) as writer:
        run(writer, [Answers().one(FacetName.USER_POOL, POOL_ARN, gap)])
    with open_reader(tmp_path) as reader:
        assert reader.gaps(1)[0].gap.message == "no \0 <b>\\udc80"


def test_gap_that_the_owner_accepts_comes_back_with_the_reason(tmp_path: Path) -> None:
    accepted = Gap(operation="x:Y", reason=Reason.DENIED, message="no", accepted="not before \udc80 May")
    with writing(tmp_path) as writer:
        run(writer, [*REGION, Answers().one(FacetName.USER_POOL, POOL_ARN, accepted)])
    with open_reader(tmp_path) as reader:
        (pool,) = reader.snapshot().user_pools
        assert reader.gaps(1)[0].gap == pool.settings.gap
    assert pool.settings.gap is not None
    assert pool.settings.gap.accepted == "not before \\udc80 May"
    assert pool.settings.gap.is_off


def test_accounts_are_called_what_the_last_settings_said(tmp_path: Path) -> None:
    shop = AccountInfo(account_id="111122223333", name="shop", environment="production", owner="Ann")
    trial = AccountInfo(account_id="000011112222", name="trial", environment=None, owner=None)
    renamed = AccountInfo(account_id="111122223333", name="store", environment=None, owner="Bob")
    with writing(tmp_path) as writer, open_reader(tmp_path) as reader:
        assert reader.accounts() == {}
        writer.name_accounts((shop, trial))
        assert reader.accounts() == {"000011112222": trial, "111122223333": shop}
        with writer.transaction():
            writer.name_accounts((renamed,))
        assert reader.accounts() == {"000011112222": trial, "111122223333": renamed}


def test_publishing_demands_a_transaction(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run_id = writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=NOW)
        with pytest.raises(RuntimeError, match="transaction"):
            writer.publish(run_id, [])
        with pytest.raises(RuntimeError, match="transaction"):
            writer.record(run_id, [], codes=(), at=NOW)


def test_answer_from_another_scope_is_refused(tmp_path: Path) -> None:
    elsewhere = Answers(scope=Scope("111122223333", "us-east-1")).region()
    with writing(tmp_path) as writer, pytest.raises(KeyError):
        run(writer, elsewhere)


def test_failed_run_publishes_nothing(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        with pytest.raises(ValueError, match="publishes gaps alone"):
            run(writer, Answers().region([(POOL, [])]), state=RunState.FAILED)
        writer.finish_run(1, RunState.FAILED, at=LATER, calls={}, message="credentials expired")
    with open_reader(tmp_path) as reader:
        latest = reader.latest_run()
        assert latest is not None
        assert (latest.state, latest.message) == (RunState.FAILED, "credentials expired")
        assert reader.snapshot().regions == ()


def test_failed_run_keeps_its_gaps(tmp_path: Path) -> None:
    unread = [Answers(LATER).one(FacetName.USER_POOLS, SCOPE.user_pool_arn("*"), DENIED)]
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(POOL, [])]))
        failed = run(writer, unread, at=LATER, state=RunState.FAILED)
    with open_reader(tmp_path) as reader:
        assert [gap.gap for gap in reader.gaps(failed)] == [DENIED]
        (region,) = reader.snapshot().regions
        assert (region.run_id, region.user_pool_list.gap) == (1, None)


def test_run_ends_once(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run_id = run(writer)
        with pytest.raises(ValueError, match="not under way"):
            writer.finish_run(run_id, RunState.COMPLETE, at=LATER, calls={})
        with pytest.raises(ValueError, match="ends as"):
            writer.finish_run(run_id, RunState.RUNNING, at=LATER, calls={})


def test_exception_in_a_transaction_leaves_nothing_of_it(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(POOL, [])]))
        before = rows(tmp_path, VERSIONS)
        with pytest.raises(ZeroDivisionError):
            run(writer, (1 // 0 for _ in range(1)), at=LATER)  # type: ignore[misc]
        assert rows(tmp_path, VERSIONS) == before


def test_runs_are_read_newest_first_with_all_that_was_noted(tmp_path: Path) -> None:
    scopes = [Scope("111122223333", "us-east-1"), SCOPE, SCOPE]
    with writing(tmp_path) as writer:
        run(writer, state=RunState.PARTIAL)
        run(writer, at=LATER, scopes=scopes)
        writer.start_run(scopes=[SCOPE], identity_arn=None, version="2", at=LAST)
        with open_reader(tmp_path) as reader:
            running, complete, partial = reader.runs()
            assert reader.latest_run() == complete
            assert reader.runs(limit=1) == (running,)
    assert (running.state, running.finished_at, running.version) == (RunState.RUNNING, None, "2")
    assert (complete.scopes, complete.calls) == ((SCOPE, scopes[0]), {"cognito-idp:ListUserPools": 1})
    assert (partial.state, partial.finished_at) == (RunState.PARTIAL, NOW)


def test_stamp_changes_with_each_run_that_ends(tmp_path: Path) -> None:
    with writing(tmp_path) as writer, open_reader(tmp_path) as reader:
        stamps = [reader.stamp]
        for _ in range(2):
            run(writer)
            stamps.append(reader.stamp)
        writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=NOW)
        assert reader.stamp == stamps[-1]
    assert len(set(stamps)) == 3


def test_facet_that_nobody_asked_for_stays_as_it_was(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region([(POOL, [])]))
        run(writer, without(Answers(LATER).region([(POOL, [])]), FacetName.MFA_CONFIGURATION))
    assert mfa_modes(tmp_path) == [("ON", 1, 1)]


def test_reader_finds_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store") as caught:
        open_reader(tmp_path)
    assert "poolwatch collect" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_reader_cannot_write(tmp_path: Path) -> None:
    with open_writer(tmp_path, is_demo=True):
        pass
    with open_reader(tmp_path) as reader:
        assert reader.is_demo
        with pytest.raises(StoreError, match="cannot be opened or written"), reader._view() as connection:
            connection.execute("DELETE FROM store")
