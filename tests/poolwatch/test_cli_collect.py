"""`poolwatch collect` against the emulated account: every way in which a run can end."""

import re
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from records.run import RunState
from store import open_reader, open_writer
from tests.account import REGION, Account
from tests.command_line import PROGRAM, run, run_on_terminal

ROLE = "arn:aws:iam::222233334444:role/auditor"
HERE = ("--region", REGION, "--rate-share", "off")


def state(store: Path) -> RunState:
    with open_reader(store) as reader:
        run = reader.latest_run()
    assert run
    return run.state


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_a_complete_run_ends_with_0_and_a_summary(aws: Account, store: Path) -> None:
    aws.small_company()
    result = run("collect", *HERE, "--store", store)
    assert result.exit_code == 0
    assert "Run 1 is complete." in result.stdout
    assert "user/poolwatch-auditor" in result.stdout
    assert "2 user pools, 4 app clients, 1 identity pool" in result.stdout
    assert "checks could be judged" in result.stdout
    assert "poolwatch scan" in result.stdout
    assert "Not read" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert state(store) is RunState.COMPLETE


def test_progress_is_said_on_stderr_and_not_at_all_with_quiet(aws: Account, store: Path) -> None:
    aws.small_company()
    assert run("collect", *HERE, "--store", store).stderr.startswith("Reading ...\n")
    assert run("collect", *HERE, "--store", store, "--quiet").stderr == ""


def test_progress_is_a_bar_on_a_terminal(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.set_latency(0.05)
    assert "━" in run_on_terminal("collect", *HERE, "--store", store)


def test_verbose_logs_what_poolwatch_does_and_no_secret(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="cognito-idp:GetUserPoolMfaConfig", kind="denied")
    result = run("collect", *HERE, "--store", store, "--verbose")
    assert "debug: collectors.attempt: cognito-idp:GetUserPoolMfaConfig" in result.stderr
    assert "botocore" not in result.stderr


def test_a_partial_run_ends_with_3_and_tells_what_to_do(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="cognito-idp:DescribeUserPoolClient", kind="denied")
    result = run("collect", *HERE, "--store", store)
    assert result.exit_code == 3
    assert "Run 1 is partial." in result.stdout
    assert "denied: allow the action to the identity that collects" in result.stdout
    assert re.search(r"cognito-idp:DescribeUserPoolClient for (portal, shop|shop, portal)", result.stdout)


def test_a_region_that_is_off_is_no_gap(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="af-south-1")
    result = run("collect", *HERE, "--region", "af-south-1", "--store", store)
    assert result.exit_code == 0
    assert "not enabled   af-south-1" in result.stdout


def test_a_run_that_could_read_nothing_ends_with_4(aws: Account, store: Path) -> None:
    aws.small_company()
    for operation in ("cognito-idp:ListUserPools", "cognito-identity:ListIdentityPools"):
        aws.controls.add_fault(operation=operation, kind="denied")
    result = run("collect", *HERE, "--store", store)
    assert result.exit_code == 4
    assert result.stdout == ""
    assert "error: Nothing could be read (cognito-identity:ListIdentityPools" in result.stderr
    assert "`poolwatch doctor`" in result.stderr
    assert state(store) is RunState.FAILED


def test_without_credentials_it_ends_with_4_and_names_the_demo(store: Path) -> None:
    result = run("collect", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "error: No AWS credentials were found." in result.stderr
    assert "poolwatch demo" in result.stderr
    assert not store.exists()


@pytest.mark.parametrize(
    ("kind", "message"),
    [("expired", "The AWS credentials have expired."), ("unrecognized_client", "AWS does not accept the")],
)
def test_credentials_that_aws_refuses_end_with_4(aws: Account, store: Path, kind: str, message: str) -> None:
    aws.controls.add_fault(operation="*", kind=kind)
    result = run("collect", *HERE, "--store", store)
    assert result.exit_code == 4
    assert f"error: {message}" in result.stderr
    assert "Traceback" not in result.output


def test_credentials_that_expire_on_the_way_keep_what_was_read(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="*", kind="expired", after=6)
    result = run("collect", *HERE, "--store", store)
    assert result.exit_code == 3
    assert "expired: the credentials ran out on the way" in " ".join(result.stdout.split())
    assert "error: The AWS credentials have expired." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--profile", "nosuch"], "The config profile (nosuch) could not be found."),
        (["--region", "eu-wst-1"], "Did you mean eu-west-1?"),
        (["--region", "EU-WEST-1"], "Write it eu-west-1."),
        (["--rate-share", "2"], "no share of AWS's quotas"),
        (["--rate-share", "fast"], "no share of AWS's quotas"),
        (["--role-arn", "auditor"], "'auditor' is no role's ARN."),
        (["--external-id", "customer-7"], "--external-id goes with a role."),
        (["--role-arn", ROLE, "--external-id", "x"], "'x' is no ExternalId."),
    ],
    ids=[
        "profile",
        "region",
        "region in capitals",
        "share above 1",
        "share in words",
        "role",
        "external id alone",
        "external id",
    ],
)
def test_wrong_use_ends_with_2(aws: Account, store: Path, arguments: list[str], message: str) -> None:
    result = run("collect", *arguments, "--store", store)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not store.exists()


def test_each_role_is_an_account_of_its_own(aws: Account, store: Path) -> None:
    accounts = ("222233334444", "333344445555")
    roles = [part for each in accounts for part in ("--role-arn", f"arn:aws:iam::{each}:role/auditor")]
    result = run("collect", *HERE, *roles, "--external-id", "customer-7", "--store", store)
    assert result.exit_code == 0
    assert "accounts      222233334444, 333344445555" in result.stdout


def test_a_role_that_cannot_be_taken_ends_with_4(aws: Account, store: Path) -> None:
    aws.controls.add_fault(operation="sts:AssumeRole", kind="denied")
    result = run("collect", *HERE, "--role-arn", ROLE, "--store", store)
    assert result.exit_code == 4
    assert f"error: The role {ROLE} cannot be assumed (AccessDenied)" in result.stderr
    assert "--external-id" in result.stderr
    assert "warning" not in result.stderr


def test_a_store_that_cannot_be_made_ends_with_4(aws: Account, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a store", encoding="utf-8")
    result = run("collect", *HERE, "--store", tmp_path / "file")
    assert result.exit_code == 4
    assert "is a file" in result.stderr


def test_a_read_only_place_ends_with_4(aws: Account) -> None:
    result = run("collect", *HERE, "--store", "/proc/poolwatch/store")
    assert result.exit_code == 4
    assert "cannot be opened or written" in result.stderr
    assert "--store" in result.stderr


def test_a_store_of_a_newer_poolwatch_ends_with_4(aws: Account, store: Path) -> None:
    assert run("collect", *HERE, "--store", store).exit_code == 0
    connection = sqlite3.connect(store / "state.sqlite")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    for command in (["collect", *HERE], ["scan"]):
        result = run(*command, "--store", store)
        assert result.exit_code == 4
        assert "newer Poolwatch" in result.stderr


def test_a_second_collector_ends_with_4_and_names_the_first(aws: Account, store: Path) -> None:
    with open_writer(store, is_demo=False):
        result = run("collect", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "another Poolwatch (process " in result.stderr


def test_a_real_account_never_enters_the_demos_store(aws: Account, demo_store: Path) -> None:
    result = run("collect", *HERE, "--store", demo_store)
    assert result.exit_code == 4
    assert "made-up" in result.stderr


def is_under_way(store: Path, run_id: int) -> bool:
    with open_reader(store) as reader:
        newest = reader.runs(1)[0]
    return (newest.id, newest.state) == (run_id, RunState.RUNNING)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda each: each.name)
def test_a_run_that_is_told_to_stop_writes_down_that_it_was(
    aws: Account, store: Path, number: signal.Signals
) -> None:
    aws.small_company()
    aws.collect(store)
    aws.controls.set_latency(0.5)
    with subprocess.Popen(
        [PROGRAM, "collect", *HERE, "--store", str(store)], stderr=subprocess.DEVNULL
    ) as process:
        while not is_under_way(store, 2):
            time.sleep(0.01)
        process.send_signal(number)
        process.wait()
    assert process.returncode == 130
    with open_reader(store) as reader:
        latest = reader.latest_run()
    assert latest is not None
    assert (latest.id, latest.state, latest.message) == (2, RunState.FAILED, "stopped by the user")


def test_a_hang_up_that_nohup_ignores_stops_nothing(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.collect(store)
    aws.controls.set_latency(0.2)
    command = f'trap \'\' HUP; exec "$0" collect {" ".join(HERE)} --store "$1"'
    with subprocess.Popen(
        ["/bin/sh", "-c", command, PROGRAM, str(store)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while not is_under_way(store, 2):
            time.sleep(0.01)
        process.send_signal(signal.SIGHUP)
        process.wait()
    assert process.returncode == 0
    assert state(store) is RunState.COMPLETE


def test_a_full_disk_behind_stderr_does_not_stop_a_run(aws: Account, store: Path) -> None:
    aws.small_company()
    with Path("/dev/full").open("wb") as full:
        command = [PROGRAM, "collect", *HERE, "--store", str(store)]
        assert subprocess.run(command, stdout=subprocess.DEVNULL, stderr=full, check=False).returncode == 0
    assert state(store) is RunState.COMPLETE


def test_a_credential_process_that_is_missing_is_told(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[default]\ncredential_process = nosuchprogram --x\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    result = run("collect", *HERE, "--store", store)
    assert result.exit_code == 4
    assert "'nosuchprogram'" in result.stderr
    assert "credential_process" in result.stderr
    assert "disk" not in result.stderr
