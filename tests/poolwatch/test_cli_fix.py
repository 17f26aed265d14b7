"""`poolwatch fix`: what it prints, when it withholds the call and why, and that it changes nothing."""

import json
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from collectors.present_settings import PresentSettings, collect_present_settings
from demo.clients import aws_client
from poolwatch import fixing
from records.resource import Scope
from rules.remedies import remedies
from tests.account import REGION, Account
from tests.command_line import run

HERE = Scope("123456789012", REGION)
SES = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": f"arn:aws:ses:{REGION}:123456789012:identity/shop.example",
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def fix(*arguments: str | Path) -> Result:
    return run("fix", *arguments, "--rate-share", "off")


def document(*arguments: str | Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(fix(*arguments, "--format", "json").stdout)
    return parsed


def flat(text: str) -> str:
    return " ".join(text.split())


def idp(aws: Account) -> Any:
    return aws_client("cognito-idp", aws.url, REGION)


def written(calls: dict[str, int]) -> list[str]:
    return [name for name in calls if not name.split(":")[1].startswith(("Get", "Describe", "List"))]


def test_a_fix_is_shown_with_its_complete_call_and_nothing_is_applied(aws: Account, store: Path) -> None:
    pool_id = aws.user_pool("shop", clients=1, EmailConfiguration=SES, UserPoolTags={"owner": "me"})
    aws.collect(store)
    aws.controls.set_facts(user_pool=pool_id, estimated_users=4321)
    aws.controls.reset_calls()
    result = fix("GOV001", HERE.user_pool_arn(pool_id))
    text, remedy = flat(result.stdout), remedies()["GOV001"]
    assert result.exit_code == 0
    assert 'DeletionProtection: "INACTIVE" -> "ACTIVE"' in text
    assert remedy.impact in text
    assert f"Affected {remedy.affected.value} (about 4,321 in the user pool)" in text
    assert all(step in text for step in remedy.steps)
    assert 'aws_cognito_user_pool deletion_protection: "ACTIVE"' in text
    assert 'AWS::Cognito::UserPool DeletionProtection: "ACTIVE"' in text
    assert (
        "\naws cognito-idp update-user-pool --region eu-west-1 --cli-input-json"
        " file://update-user-pool-gov001.json\n"
    ) in result.stdout
    assert "Nothing was applied." in text
    assert written(aws.controls.calls()["calls"]) == []
    told = document("GOV001", HERE.user_pool_arn(pool_id))
    (call,) = told["calls"]
    assert call["parameters"] == {
        "UserPoolId": pool_id,
        **call["parameters"],
        "PoolName": "shop",
        "DeletionProtection": "ACTIVE",
        "EmailConfiguration": SES,
        "MfaConfiguration": "OFF",
        "UserPoolTags": {"owner": "me"},
        "UserPoolTier": "ESSENTIALS",
    }


def test_the_command_survives_a_shell_whatever_the_settings_say(aws: Account, tmp_path: Path) -> None:
    hostile = "\\'\"; $(touch hit) `touch hit` !! \nEND_OF_INPUT\ntouch hit\n\x1b[2J\x7f"
    pool_id = aws.user_pool("shop", UserPoolTags={"note": hostile})
    told = document("GOV001", HERE.user_pool_arn(pool_id))
    command = told["calls"][0]["command"]
    assert command.isascii()
    assert not set(command) & {"\x1b", "\x7f", "!"}
    # A stand-in for the AWS CLI that keeps what it is given.
    script = f'aws() {{ printf "%s\\n" "$@" > arguments; }}\n{command}'
    subprocess.run(["/bin/bash", "-c", script], cwd=tmp_path, check=True)
    files = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert files == {"arguments", "update-user-pool-gov001.json"}
    sent = json.loads((tmp_path / "update-user-pool-gov001.json").read_text())
    assert sent == told["calls"][0]["parameters"]
    assert sent["UserPoolTags"] == {"note": hostile}
    assert (tmp_path / "arguments").read_text().split() == shlex.split(command.splitlines()[-1])[1:]


def test_the_document_has_the_fields_of_its_contract(aws: Account) -> None:
    pool_id = aws.user_pool("shop")
    told = document("GOV001", HERE.user_pool_arn(pool_id))
    contract = Path("docs/json.md").read_text(encoding="utf-8").partition("## `poolwatch fix")[2]
    assert told["schema_version"] == 1
    assert [name for name in told if f"`{name}`" not in contract] == []


def test_mfa_goes_by_its_own_operation_and_an_update_keeps_it(aws: Account) -> None:
    pool_id = aws.user_pool("shop", clients=1)
    arn = HERE.user_pool_arn(pool_id)
    told = document("AUT001", arn)
    assert [call["operation"] for call in told["calls"]] == ["SetUserPoolMfaConfig"]
    client = idp(aws)
    client.set_user_pool_mfa_config(**told["calls"][0]["parameters"])
    (call,) = document("GOV001", arn)["calls"]
    assert call["parameters"]["MfaConfiguration"] == "ON"
    client.update_user_pool(**call["parameters"])
    assert document("AUT001", arn)["status"] == "nothing_to_mend"


def test_what_is_mended_needs_no_call(aws: Account) -> None:
    pool_id = aws.user_pool("shop", DeletionProtection="ACTIVE")
    result = fix("GOV001", HERE.user_pool_arn(pool_id))
    assert result.exit_code == 0
    assert "There is nothing to mend" in result.stdout
    assert "aws cognito-idp" not in result.stdout


def test_a_resource_that_has_changed_since_withholds_the_call(aws: Account, store: Path) -> None:
    pool_id = aws.user_pool("shop", clients=1)
    aws.collect(store)
    arn = HERE.user_pool_arn(pool_id)
    assert document("GOV001", arn, "--store", store)["status"] == "call"
    policy = {"PasswordPolicy": {"MinimumLength": 20}}
    idp(aws).update_user_pool(UserPoolId=pool_id, Policies=policy)
    result = fix("GOV001", arn, "--store", store)
    assert result.exit_code == 1
    text = flat(result.stdout)
    assert "the settings are no longer those that the store's finding rests on" in text
    assert "user_pool password_policy.minimum_length: 8 when collected, 20 now" in text
    assert "--cli-input-json" not in text
    told = document("GOV001", arn, "--store", store)
    assert (told["status"], told["calls"]) == ("withheld", [])
    assert next(each["field"] for each in told["differences"]) == "password_policy.minimum_length"
    # What would change is told all the same.
    assert [each["path"] for each in told["edits"]] == ["DeletionProtection"]


def test_more_users_are_no_change_of_settings(aws: Account, store: Path) -> None:
    pool_id = aws.user_pool("shop")
    aws.collect(store)
    aws.controls.set_facts(user_pool=pool_id, estimated_users=99, modified="2026-11-01T00:00:00+00:00")
    assert document("GOV001", HERE.user_pool_arn(pool_id), "--store", store)["status"] == "call"


def test_a_member_that_nobody_knows_withholds_the_call(aws: Account) -> None:
    pool_id = aws.user_pool("shop")
    novelty = {"UserPool": {"QuantumConfiguration": {"Secret": "canary"}}}
    aws.controls.amend(operation="cognito-idp:DescribeUserPool", merge=novelty)
    result = fix("GOV001", HERE.user_pool_arn(pool_id))
    assert result.exit_code == 1
    assert "AWS answers QuantumConfiguration, which this release does not know" in flat(result.stdout)
    assert "canary" not in result.stdout


def test_an_old_user_pool_without_a_plan_is_not_put_on_another(aws: Account) -> None:
    pool_id = aws.user_pool("old")
    aws.controls.set_facts(user_pool=pool_id, old_shape=True)
    result = fix("GOV001", HERE.user_pool_arn(pool_id))
    assert result.exit_code == 1
    assert "AWS does not answer UserPoolTier" in flat(result.stdout)


@pytest.mark.parametrize(
    ("tags", "tool"),
    [
        ({"aws:cloudformation:stack-name": "identity"}, "CloudFormation"),
        ({"managed-by": "terraform"}, "Terraform"),
        ({"ManagedBy": "OpenTofu 1.9"}, "Terraform"),
        ({"Terraform": "true"}, "Terraform"),
    ],
)
def test_what_a_template_manages_is_changed_there_first(
    aws: Account, tags: dict[str, str], tool: str
) -> None:
    pool_id = aws.user_pool("shop", UserPoolTags=tags)
    result = fix("GOV001", HERE.user_pool_arn(pool_id))
    text = flat(result.stdout)
    assert result.exit_code == 0
    assert f"A call beside {tool} is drift" in text
    assert text.index(f"Managed by {tool}") < text.index(f"In {tool}") < text.index("--cli-input-json")
    told = document("GOV001", HERE.user_pool_arn(pool_id))
    assert told["managed_by"]["tool"] == tool
    assert next(each["tool"] for each in told["templates"]) == tool


@pytest.mark.parametrize("tags", [{"terraform": "false"}, {"team": "terraform"}, {"managed-by": "hand"}])
def test_other_tags_name_no_template(aws: Account, tags: dict[str, str]) -> None:
    pool_id = aws.user_pool("shop", UserPoolTags=tags)
    assert document("GOV001", HERE.user_pool_arn(pool_id))["managed_by"] is None


def test_a_rule_without_a_call_prints_its_steps(aws: Account) -> None:
    pool_id = aws.user_pool("shop")
    result = fix("EDG001", HERE.user_pool_arn(pool_id))
    text = flat(result.stdout)
    assert result.exit_code == 1
    assert all(step in text for step in remedies()["EDG001"].steps)
    assert "no single call of Cognito's does it" in text


def test_a_rule_that_looks_at_other_pools_calls_nothing(aws: Account) -> None:
    pool_id = aws.user_pool("shop")
    aws.controls.reset_calls()
    told = document("SGN005", HERE.user_pool_arn(pool_id))
    assert (told["status"], told["finding"]) == ("withheld", None)
    assert aws.controls.calls()["calls"] == {}


def test_what_cannot_be_read_cannot_be_mended(aws: Account) -> None:
    pool_id = aws.user_pool("shop", clients=1)
    aws.controls.add_fault(operation="cognito-idp:GetUserPoolMfaConfig", kind="denied")
    result = fix("AUT001", HERE.user_pool_arn(pool_id))
    assert result.exit_code == 3
    assert "Whether there is anything to mend cannot be told." in result.stdout
    assert "cognito-idp:GetUserPoolMfaConfig" in result.stdout


def test_settings_that_cannot_be_read_whole_withhold_the_call(aws: Account) -> None:
    pool_id = aws.user_pool("shop")
    # Judged on the first answer; the second one would be the call's.
    aws.controls.add_fault(operation="cognito-idp:DescribeUserPool", kind="denied", after=1)
    told = document("GOV001", HERE.user_pool_arn(pool_id))
    assert told["status"] == "withheld"
    assert "cognito-idp:DescribeUserPool was not read (denied)" in told["reasons"]


def test_settings_that_change_while_they_are_read_withhold_the_call(
    aws: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool_id = aws.user_pool("shop")

    def change_first(client: Any, operation: str, ids: Mapping[str, str]) -> PresentSettings:
        idp(aws).update_user_pool(UserPoolId=pool_id, Policies={"PasswordPolicy": {"MinimumLength": 20}})
        return collect_present_settings(client, operation, ids)

    monkeypatch.setattr(fixing, "collect_present_settings", change_first)
    told = document("GOV001", HERE.user_pool_arn(pool_id))
    assert told["status"] == "withheld"
    assert told["reasons"] == ["somebody is changing the settings right now: two answers of AWS differ"]


@pytest.mark.parametrize(
    ("code", "arn", "status"),
    [
        ("GOV01", HERE.user_pool_arn(f"{REGION}_a"), 2),
        ("GOV001", "shop", 2),
        ("APP004", HERE.user_pool_arn(f"{REGION}_a"), 2),
        ("GOV001", HERE.user_pool_arn(f"{REGION}_gone"), 4),
    ],
)
def test_wrong_use_is_told_as_verify_tells_it(aws: Account, code: str, arn: str, status: int) -> None:
    result = fix(code, arn)
    assert (result.exit_code, result.stdout) == (status, "")
