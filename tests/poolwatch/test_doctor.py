"""`poolwatch doctor`: what it sees of an account, a machine and a store, and that it writes nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.clients import AccountTarget
from collectors.policy import CALLS
from poolwatch import doctor
from poolwatch.checks import Check, Status
from poolwatch.doctor import examine
from records.facet import FacetName
from tests.account import REGION, Account
from tests.command_line import run

HERE = ("--region", REGION)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def checks(subject: str, store: Path, *regions: str, **options: object) -> list[Check]:
    found = examine(
        [AccountTarget()],
        store=store,
        regions=regions or (REGION,),
        rate_share=None,
        **options,  # type: ignore[arg-type]
    )
    return [check for check in found if check.subject == subject]


def test_facets_name_the_operations_that_are_declared() -> None:
    assert {facet.operation for facet in FacetName} | {"sts:GetCallerIdentity"} == CALLS


def test_all_is_well_with_a_readable_account_and_nothing_is_written(aws: Account, store: Path) -> None:
    aws.small_company()
    result = run("doctor", *HERE, "--store", store)
    text = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert "as arn:aws:iam::123456789012:user/poolwatch-auditor, by credentials from env." in text
    assert "1 region answered; pools are in eu-west-1 (2 user pools, 1 identity pool)." in text
    assert "10 of the 10 operations were tried and are allowed." in text
    assert "($0)" in text
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert not store.exists()
    assert set(aws.controls.calls()["calls"]) == CALLS


@pytest.mark.parametrize("operation", sorted(CALLS - {"sts:GetCallerIdentity"}))
def test_each_permission_that_lacks_is_named_and_ends_with_3(
    aws: Account, store: Path, operation: str
) -> None:
    aws.small_company()
    aws.controls.add_fault(operation=operation, kind="denied")
    lacking = [check for check in checks("permissions", store) if check.status is Status.LACKS]
    assert [check.message for check in lacking] == [f"{operation}: denied."]
    assert lacking[0].hint
    assert "`poolwatch policy`" in lacking[0].hint
    assert run("doctor", *HERE, "--store", store).exit_code == 3


def test_a_denial_on_purpose_is_told_apart(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="cognito-idp:GetUserPoolMfaConfig", kind="explicit_deny")
    (check,) = [check for check in checks("permissions", store) if check.status is Status.LACKS]
    assert "explicit deny" in check.message


def test_what_cannot_be_tried_is_said(aws: Account, store: Path) -> None:
    untried = checks("permissions", store)[-1]
    assert untried.status is Status.NOTE
    assert "cognito-idp:DescribeUserPoolClient" in untried.message
    assert "ListUserPools" not in untried.message.replace("ListUserPoolClients", "")
    assert run("doctor", *HERE, "--store", store).exit_code == 0


def test_a_region_that_is_off_is_a_note(aws: Account, store: Path) -> None:
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="af-south-1")
    answering, off = checks("regions", store, REGION, "af-south-1")
    assert (answering.status, off.status) == (Status.OK, Status.NOTE)
    assert "af-south-1" in off.message


def test_a_region_that_does_not_answer_ends_with_3(aws: Account, store: Path) -> None:
    aws.controls.add_fault(operation="*", kind="server_error", region="us-east-1")
    *_, silent = checks("regions", store, REGION, "us-east-1")
    assert silent.status is Status.LACKS
    assert silent.message.startswith("No answer from us-east-1 (")


def test_without_credentials_the_rest_is_still_told(store: Path) -> None:
    result = run("doctor", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "note   store" in result.stdout
    assert "No AWS credentials were found." in result.stdout
    assert "poolwatch demo" in " ".join(result.stdout.split())


def test_credentials_that_end_in_the_middle_are_told(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="cognito-idp:DescribeUserPool", kind="expired")
    result = run("doctor", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "The AWS credentials have expired." in result.stdout


def test_no_network_is_told_apart_from_no_permission(
    store: Path, aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    result = run("doctor", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "Could not connect to the endpoint URL" in " ".join(result.stdout.split())


def test_a_profile_that_is_not_there_is_wrong_use(store: Path) -> None:
    assert run("doctor", *HERE, "--store", store, "--profile", "nosuch").exit_code == 2


def test_a_sound_store_is_told(aws: Account, demo_store: Path) -> None:
    (check,) = checks("store", demo_store)
    assert check.status is Status.OK


@pytest.mark.parametrize(
    ("path", "obstacle"),
    [
        ("file", "file cannot hold one (it is a file)"),
        ("file/deep/store", "file cannot hold one (it is a file)"),
        ("link", "link cannot hold one (it is a file)"),
        ("/proc/poolwatch/store", "/proc cannot hold one ("),
    ],
    ids=["a file", "in a file", "a link to nothing", "a file system of the kernel's"],
)
def test_a_store_that_cannot_be_made_ends_with_4(
    aws: Account, tmp_path: Path, path: str, obstacle: str
) -> None:
    (tmp_path / "file").write_text("not a store", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    (check,) = checks("store", tmp_path / path)
    assert check.status is Status.FAILED
    assert obstacle in check.message
    assert check.hint
    assert run("doctor", *HERE, "--store", tmp_path / path).exit_code == 4


def test_a_store_that_can_be_made_is_a_note_and_leaves_no_trace(aws: Account, tmp_path: Path) -> None:
    (check,) = checks("store", tmp_path / "not" / "yet")
    assert check.status is Status.NOTE
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_store_ends_with_4(aws: Account, store: Path) -> None:
    store.mkdir(mode=0o700)
    (store / "state.sqlite").write_bytes(b"no database" * 100)
    result = run("doctor", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "failed store" in result.stdout


@pytest.mark.parametrize(
    ("offset", "told"),
    [
        (timedelta(minutes=12), "12 minutes ahead of"),
        (timedelta(minutes=-12), "minutes behind"),
        (timedelta(seconds=30), ""),
    ],
    ids=["ahead", "behind", "right"],
)
def test_a_wrong_clock_is_told(aws: Account, store: Path, offset: timedelta, told: str) -> None:
    found = checks("clock", store, clock=lambda: datetime.now(UTC) + offset)
    assert bool(found) == bool(told)
    assert all(told in check.message for check in found)


def test_a_botocore_that_lacks_an_operation_is_told(
    aws: Account, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "CALLS", CALLS | {"cognito-idp:ReadTheFuture"})
    (check,) = checks("program", store)
    assert check.status is Status.LACKS
    assert "cognito-idp:ReadTheFuture" in check.message


def test_the_estimate_counts_as_a_run_does(aws: Account, store: Path) -> None:
    aws.small_company()
    (check,) = checks("cost", store)
    aws.controls.reset_calls()
    aws.collect(store)
    assert f"about {sum(aws.controls.calls()['calls'].values())} calls" in check.message


def test_the_estimate_follows_the_busiest_quota(aws: Account, store: Path) -> None:
    for number in range(80):
        aws.identity_pool(f"pool-{number}")
    result = run("doctor", *HERE, "--store", store, "--rate-share", "1.0")
    # 80 calls at 2 a second, the pace for operations without a published quota.
    assert "less than a minute at 100%" in " ".join(result.stdout.split())
    result = run("doctor", *HERE, "--store", store, "--rate-share", "0.5")
    assert "about 1 minute at 50%" in " ".join(result.stdout.split())
