"""`poolwatch scan`: its statuses, its formats, and names that attack a terminal."""

import csv
import io
import json
import sqlite3
import stat
import unicodedata
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from demo.clients import aws_client
from rules.catalogue import catalogue
from tests.account import REGION, Account
from tests.command_line import run

DENIED = "cognito-idp:DescribeRiskConfiguration"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_a_whole_snapshot_ends_with_0_and_with_1_from_the_severity_that_was_asked(
    aws: Account, store: Path
) -> None:
    aws.small_company()
    aws.collect(store)
    assert run("scan", "--store", store).exit_code == 0
    assert run("scan", "--store", store, "--fail-on", "critical").exit_code == 0
    assert run("scan", "--store", store, "--fail-on", "Low").exit_code == 1


def test_gaps_end_with_3_and_findings_go_before_them(aws: Account, store: Path, demo_store: Path) -> None:
    assert run("scan", "--store", demo_store).exit_code == 3
    aws.controls.add_fault(operation="cognito-idp:ListUserPools", kind="denied")
    aws.collect(store)
    assert run("scan", "--store", store, "--fail-on", "high").exit_code == 3
    assert run("scan", "--store", demo_store, "--fail-on", "high").exit_code == 1


def test_what_was_stored_in_an_older_form_is_a_gap_like_any_other(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.collect(store)
    with closing(sqlite3.connect(store / "state.sqlite")) as database, database:
        of_mfa = "SELECT digest FROM versions WHERE facet = 'mfa_configuration'"
        database.execute(f"UPDATE contents SET body = x'7b7d' WHERE digest IN ({of_mfa})")  # noqa: S608
    result = run("scan", "--store", store, "--format", "json")
    assert result.exit_code == 3
    gaps = json.loads(result.stdout)["run"]["gaps"]
    assert {(gap["iam_action"], gap["reason"]) for gap in gaps} == {
        ("cognito-idp:GetUserPoolMfaConfig", "malformed")
    }
    assert "cognito-idp:GetUserPoolMfaConfig" in run("scan", "--store", store).stdout


def test_a_rule_that_crashes_is_not_a_clean_result(
    aws: Account, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.small_company()
    aws.collect(store)

    def crash(*_: object) -> NoReturn:
        raise ZeroDivisionError

    crashing = tuple(replace(rule, check=crash, applies=None) for rule in catalogue())
    monkeypatch.setattr("poolwatch.posture.catalogue", lambda: crashing)
    assert run("scan", "--store", store, "--fail-on", "low").exit_code == 3


def test_a_region_that_is_off_is_no_gap(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="*", kind="unrecognized_client", region="af-south-1")
    aws.collect(store, "eu-west-1", "af-south-1")
    assert run("scan", "--store", store).exit_code == 0


def test_a_gap_that_a_later_run_has_mended_is_none(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="*", kind="denied", region="us-east-1", resource="{")
    aws.collect(store, "eu-west-1", "us-east-1")
    assert run("scan", "--store", store).exit_code == 3
    aws.controls.clear_faults()
    aws.collect(store, "us-east-1")
    assert run("scan", "--store", store).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [(["--fail-on", "hgih"], "Did you mean high?"), (["--baseline", "fspb"], "Did you mean fsbp?")],
    ids=["severity", "baseline"],
)
def test_wrong_use_ends_with_2_and_names_the_nearest(
    demo_store: Path, arguments: list[str], nearest: str
) -> None:
    result = run("scan", "--store", demo_store, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert nearest in result.stderr


def test_without_a_store_it_ends_with_4(store: Path) -> None:
    result = run("scan", "--store", store)
    assert result.exit_code == 4
    assert "poolwatch collect" in result.stderr


def test_a_store_of_failed_runs_alone_ends_with_4(aws: Account, store: Path) -> None:
    for operation in ("cognito-idp:ListUserPools", "cognito-identity:ListIdentityPools"):
        aws.controls.add_fault(operation=operation, kind="denied")
    aws.collect(store)
    result = run("scan", "--store", store)
    assert result.exit_code == 4
    assert "holds no run that read anything; the newest one failed: Nothing could be read" in result.stderr


def test_a_failed_newest_run_is_warned_of(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.collect(store)
    for operation in ("cognito-idp:ListUserPools", "cognito-identity:ListIdentityPools"):
        aws.controls.add_fault(operation=operation, kind="denied")
    aws.collect(store)
    result = run("scan", "--store", store)
    assert result.exit_code == 3
    assert result.stderr.startswith("warning: Run 2 of ")
    assert "What follows is of run 1" in result.stderr


def test_findings_that_break_the_limit_go_before_a_failed_newest_run(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.collect(store)
    for operation in ("cognito-idp:ListUserPools", "cognito-identity:ListIdentityPools"):
        aws.controls.add_fault(operation=operation, kind="denied")
    aws.collect(store)
    assert run("scan", "--store", store, "--fail-on", "low").exit_code == 1


def test_a_failed_run_that_a_later_one_has_mended_counts_no_more(aws: Account, store: Path) -> None:
    aws.small_company()
    for operation in ("cognito-idp:ListUserPools", "cognito-identity:ListIdentityPools"):
        aws.controls.add_fault(operation=operation, kind="denied")
    aws.collect(store)
    aws.controls.clear_faults()
    aws.collect(store)
    assert run("scan", "--store", store).exit_code == 0


def headline(store: Path) -> str:
    return " ".join(run("scan", "--store", store).stdout.partition("\n\n")[0].split())


def test_the_headline_credits_a_run_with_nothing_that_older_ones_read(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.collect(store, "eu-west-1", "us-east-1", "us-west-2")
    assert headline(store).endswith(" 1 identity pool.")
    with closing(sqlite3.connect(store / "state.sqlite")) as database, database:
        database.execute("UPDATE runs SET finished_at = finished_at - 3 * 86400 * 1000000")
    aws.collect(store, "us-east-1", "us-west-2")
    assert headline(store).endswith(" 1 identity pool. 1 region is of an older run, read 3 days ago.")
    aws.collect(store, "us-west-2")
    told = headline(store)
    assert told.startswith("Run 3 of ")
    assert told.endswith(" 1 identity pool. 2 regions are of older runs, the oldest read 3 days ago.")


@pytest.mark.parametrize("columns", [80, 140])
def test_the_table_fits_and_has_the_worst_first(demo_store: Path, columns: int) -> None:
    result = run("scan", "--store", demo_store, columns=columns)
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    order = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "UNKNOWN")
    kinds = [line.split()[0] for line in lines if line.startswith(order)]
    assert kinds == sorted(kinds, key=order.index)
    assert {"HIGH", "MEDIUM", "UNKNOWN"} <= set(kinds)


def test_the_table_tells_what_could_not_be_judged_and_why(demo_store: Path) -> None:
    text = " ".join(run("scan", "--store", demo_store).stdout.split())
    assert "Demo data, made up." in text
    assert "denied: allow the action to the identity that collects" in text
    assert f"{DENIED} for tarnfell-shop-staging hides " in text
    assert "checks could be judged: " in text


def test_what_conditions_decide_is_shown_with_its_statement(aws: Account, store: Path) -> None:
    iam = aws_client("iam", aws.url, REGION)
    identity = aws_client("cognito-identity", aws.url, REGION)
    trusted = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
    trust = {"Version": "2012-10-17", "Statement": [trusted]}
    made = iam.create_role(RoleName="users", AssumeRolePolicyDocument=json.dumps(trust))
    passing: dict[str, object] = {"Sid": "Pass", "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    passing["Condition"] = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    iam.put_role_policy(
        RoleName="users", PolicyName="deploy", PolicyDocument=json.dumps({**trust, "Statement": [passing]})
    )
    identity.set_identity_pool_roles(
        IdentityPoolId=aws.identity_pool("uploads"), Roles={"authenticated": made["Role"]["Arn"]}
    )
    aws.collect(store)

    result = run("scan", "--store", store)

    text = " ".join(result.stdout.split())
    assert result.exit_code == 3
    assert "UNKNOWN What was read, but does not tell ROL006 for uploads in eu-west-1" in text
    assert "statement 1 (Pass) of deploy allows iam:PassRole on *" in text
    assert "depending on StringEquals on iam:PassedToService" in text
    assert "What could not be read" not in text


def test_a_denied_list_stands_for_all_that_is_in_it(aws: Account, store: Path) -> None:
    aws.small_company()
    aws.controls.add_fault(operation="cognito-idp:ListUserPools", kind="denied")
    aws.collect(store)
    result = run("scan", "--store", store)
    assert result.exit_code == 3
    assert "for the list of user pools in eu-west-1" in " ".join(result.stdout.split())


def test_json_and_csv_are_all_that_stdout_has(demo_store: Path) -> None:
    document = json.loads(run("scan", "--store", demo_store, "--format", "json").stdout)
    table = run("scan", "--store", demo_store, "--format", "csv").stdout
    assert len(document["findings"]) == len(list(csv.DictReader(io.StringIO(table))))


@pytest.mark.parametrize("output_format", ["table", "json", "csv"])
def test_a_file_has_what_stdout_would_have_had(demo_store: Path, tmp_path: Path, output_format: str) -> None:
    report = tmp_path / "report"
    result = run("scan", "--store", demo_store, "--format", output_format, "--output", report)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert f"to {report}." in result.stderr
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    text = report.read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert DENIED in text or output_format == "csv"
    if output_format == "csv":
        assert text == run("scan", "--store", demo_store, "--format", "csv").stdout


def test_a_file_that_cannot_be_written_ends_with_4(demo_store: Path, tmp_path: Path) -> None:
    result = run("scan", "--store", demo_store, "--output", tmp_path / "no" / "report")
    assert result.exit_code == 4
    assert "cannot be written" in result.stderr
    assert list(tmp_path.iterdir()) == []


HOSTILE = "\x1b]0;pwned\x07\x1b[2J[bold red]x[/] :smile: a\u202egnp.exe\x9b31m"


@pytest.mark.parametrize("columns", [80, 140])
def test_a_hostile_name_cannot_steer_a_terminal(aws: Account, store: Path, columns: int) -> None:
    pool = aws.user_pool(HOSTILE, DeletionProtection="INACTIVE")
    aws.app_client(pool, HOSTILE + "n" * 10_000, PreventUserExistenceErrors="LEGACY")
    aws.collect(store)
    shown = run("scan", "--store", store, columns=columns).stdout
    assert "[bold red]x[/] :smile: agnp.exe" in " ".join(shown.split())
    assert not {unicodedata.category(each) for each in shown if each != "\n"} & {"Cc", "Cf", "Co", "Cs"}
    assert "n" * 100 not in shown
    assert max(map(len, shown.splitlines())) <= columns
