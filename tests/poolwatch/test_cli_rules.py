import json
from pathlib import Path

import pytest

from rules.catalogue import catalogue
from rules.engine import Rule
from tests.command_line import run

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("columns", [80, 140])
def test_the_table_names_every_rule_and_fits(columns: int) -> None:
    lines = run("rules", columns=columns).stdout.splitlines()
    assert all(any(line.startswith(rule.code) for line in lines) for rule in catalogue())
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.code)
def test_a_rule_is_shown_in_full_by_code_in_any_case_and_by_slug(rule: Rule) -> None:
    shown = run("rules", rule.code.lower()).stdout
    assert shown == run("rules", rule.slug).stdout
    flat = " ".join(shown.split())
    assert all(" ".join(text.split()) in flat for text in (rule.title, rule.why, rule.fix, rule.url))


def test_json_can_be_one_rule() -> None:
    (rule,) = json.loads(run("rules", "APP004", "--format", "json").stdout)["rules"]
    assert rule["code"] == "APP004"


def test_a_rule_names_the_iam_actions_of_all_that_it_reads() -> None:
    (rule,) = json.loads(run("rules", "MSG006", "--format", "json").stdout)["rules"]
    assert rule["iam_actions"] == [
        "cognito-idp:DescribeUserPool",
        "cognito-idp:DescribeUserPoolClient",
        "cognito-idp:ListUserPoolClients",
        "cognito-idp:ListUserPools",
        "sms-voice:DescribeAccountAttributes",
        "sms-voice:DescribeProtectConfigurations",
        "sms-voice:DescribeSpendLimits",
        "sns:GetSMSAttributes",
        "sns:GetSMSSandboxAccountStatus",
    ]


def test_an_unknown_rule_ends_with_2_and_names_the_nearest() -> None:
    result = run("rules", "APP04")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: There is no rule 'APP04'.\nhint: Did you mean APP004?")


def test_the_documentation_of_rules_is_what_the_command_writes() -> None:
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == run("rules", "--format", "markdown").stdout


def test_the_documented_policy_is_what_the_command_writes() -> None:
    assert (DOCS / "iam-policy.json").read_text(encoding="utf-8") == run("policy").stdout
