import json
import re
from pathlib import Path

import pytest

from poolwatch.exports.coverage import TITLES
from rules.catalogue import catalogue
from rules.engine import Rule
from rules.twins import DIFFERENCES, LEFT_OUT
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


def test_the_documentation_of_coverage_is_what_the_command_writes() -> None:
    assert (DOCS / "coverage.md").read_text(encoding="utf-8") == run("rules", "--format", "coverage").stdout


def test_every_rule_stands_in_the_coverage_by_its_twins_or_alone() -> None:
    text = run("rules", "--format", "coverage").stdout
    twins, rest = text.split("## Left out")
    alone = rest.split("## Ours alone")[1]
    for rule in catalogue():
        assert (f"[{rule.code}](" in twins) is bool(rule.mappings or rule.peers)
        assert (f"[{rule.code}](" in alone) is not bool(rule.mappings or rule.peers)


def test_each_twin_of_security_hub_and_prowler_says_where_ours_differs() -> None:
    for source, of_rule in (("security_hub", "mappings"), ("prowler", "peers")):
        checks = {check for rule in catalogue() for check in getattr(rule, of_rule).get(source, ())}
        assert set(DIFFERENCES[source]) == checks
        for check, difference in DIFFERENCES[source].items():
            assert f"| `{check}` |" in run("rules", "--format", "coverage").stdout
            assert difference in run("rules", "--format", "coverage").stdout


def test_what_differences_name_are_rules_of_ours() -> None:
    named = re.findall(
        r"\b[A-Z]{3}\d{3}\b", " ".join(text for each in DIFFERENCES.values() for text in each.values())
    )
    assert set(named) <= {rule.code for rule in catalogue()}


def test_what_is_left_out_has_no_rule_and_names_those_that_come_near() -> None:
    codes = {rule.code for rule in catalogue()}
    for source, reasons in LEFT_OUT.items():
        followed = {check for rule in catalogue() for check in rule.peers.get(source, ())}
        assert followed.isdisjoint(reasons)
        for reason in reasons.values():
            assert set(re.findall(r"\b[A-Z]{3}\d{3}\b", reason)) <= codes


def test_every_source_of_the_catalogue_has_a_title() -> None:
    sources = {name for rule in catalogue() for name in (*rule.mappings, *rule.peers)}
    assert sources <= set(TITLES)


def test_the_documented_policy_is_what_the_command_writes() -> None:
    assert (DOCS / "iam-policy.json").read_text(encoding="utf-8") == run("policy").stdout
