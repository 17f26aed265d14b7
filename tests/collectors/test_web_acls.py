"""Web ACLs: which rules they hold, with which action, and where their logs go."""

from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.web_acls import (
    NO_LOGGING,
    collect_web_acl,
    collect_web_acl_logging,
    parse_web_acl,
    parse_web_acl_logging,
)
from records.facet import Gap, Reason
from records.surroundings import WebAclRule
from tests.stubs import stubbed

POOL_ARN = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc123"
ACL_ARN = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/edge/11111111-2222-3333-4444-555555555555"
GROUP_ARN = "arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/own/99999999-2222-3333-4444-555555555555"
VISIBILITY = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
MANAGED = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesBotControlRuleSet"}}
RATE = {"RateBasedStatement": {"Limit": 100, "EvaluationWindowSec": 60, "AggregateKeyType": "IP"}}


def rule(name: str, priority: int, statement: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Name": name,
        "Priority": priority,
        "Statement": statement,
        "VisibilityConfig": VISIBILITY,
        **more,
    }


def acl(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "WebACL": {
            "Name": "edge",
            "Id": "11111111-2222-3333-4444-555555555555",
            "ARN": ACL_ARN,
            "DefaultAction": {"Allow": {}},
            "Rules": list(rules),
            "VisibilityConfig": VISIBILITY,
            **more,
        }
    }


def parsed(statement: dict[str, Any], **more: Any) -> WebAclRule:
    found = parse_web_acl(acl(rule("one", 0, statement, **more)))
    assert found is not None
    (only,) = found.rules
    return only


def test_no_web_acl_is_an_answer() -> None:
    aws, stub = stubbed("wafv2")
    stub.add_response("get_web_acl_for_resource", {}, {"ResourceArn": POOL_ARN})
    assert collect_web_acl(aws, POOL_ARN) is None


def test_a_web_acl_has_its_rules_by_priority() -> None:
    aws, stub = stubbed("wafv2")
    late = rule("rate", 20, RATE, Action={"Block": {}})
    early = rule("bots", 3, MANAGED, OverrideAction={"None": {}})
    stub.add_response("get_web_acl_for_resource", acl(late, early), {"ResourceArn": POOL_ARN})
    found = collect_web_acl(aws, POOL_ARN)
    assert found is not None
    assert (found.arn, found.name, found.default_action) == (ACL_ARN, "edge", "Allow")
    assert [(each.name, each.priority) for each in found.rules] == [("bots", 3), ("rate", 20)]


def test_a_rate_rule_has_its_limit_and_window() -> None:
    found = parsed(RATE, Action={"Captcha": {}})
    assert (found.kind, found.action) == ("RateBased", "Captcha")
    assert (found.rate_limit, found.window_seconds) == (100, 60)


def test_the_window_that_aws_does_not_name_is_five_minutes() -> None:
    assert parsed({"RateBasedStatement": {"Limit": 10, "AggregateKeyType": "IP"}}).window_seconds == 300


@pytest.mark.parametrize(
    ("override", "action"),
    [({"None": {}}, None), ({"Count": {}}, "Count"), ({"Count": {"CustomRequestHandling": {}}}, "Count")],
)
def test_a_rule_group_counts_only_where_it_is_overridden(override: Any, action: str | None) -> None:
    found = parsed(MANAGED, OverrideAction=override)
    assert (found.kind, found.action) == ("ManagedRuleGroup", action)
    assert found.managed_group == "AWS/AWSManagedRulesBotControlRuleSet"
    assert (found.rate_limit, found.window_seconds, found.rule_group_arn) == (None, None, None)


def test_a_group_of_the_account_has_its_arn() -> None:
    found = parsed({"RuleGroupReferenceStatement": {"ARN": GROUP_ARN}}, OverrideAction={"None": {}})
    assert (found.kind, found.rule_group_arn, found.managed_group) == ("RuleGroupReference", GROUP_ARN, None)


def test_limits_within_other_statements_are_not_taken_for_a_rate() -> None:
    found = parsed(
        {"NotStatement": {"Statement": {"GeoMatchStatement": {"CountryCodes": ["CH"]}}}}, Action={"Block": {}}
    )
    assert (found.kind, found.action, found.rate_limit) == ("Not", "Block", None)


def test_a_statement_that_this_botocore_does_not_know_has_no_kind() -> None:
    assert parsed({}, Action={"Block": {}}).kind is None


def test_rule_groups_of_firewall_manager_stand_around_the_own_rules() -> None:
    def group(name: str, priority: int) -> dict[str, Any]:
        return {
            "Name": name,
            "Priority": priority,
            "FirewallManagerStatement": MANAGED,
            "OverrideAction": {"Count": {}},
            "VisibilityConfig": VISIBILITY,
        }

    aws, stub = stubbed("wafv2")
    answer = acl(
        rule("own", 0, RATE, Action={"Block": {}}),
        PreProcessFirewallManagerRuleGroups=[group("second", 9), group("first", 5)],
        PostProcessFirewallManagerRuleGroups=[group("last", 0)],
    )
    stub.add_response("get_web_acl_for_resource", answer)
    found = collect_web_acl(aws, POOL_ARN)
    assert found is not None
    assert [(each.name, each.kind, each.action) for each in found.rules] == [
        ("first", "ManagedRuleGroup", "Count"),
        ("second", "ManagedRuleGroup", "Count"),
        ("own", "RateBased", "Block"),
        ("last", "ManagedRuleGroup", "Count"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(None, id="no answer"),
        pytest.param({"WebACL": {"Name": "no ARN"}}, id="no ARN"),
        pytest.param(acl({"Name": "r", "Statement": RATE}), id="no priority"),
        pytest.param(acl(rule("r", 1, {"RateBasedStatement": {"Limit": "100"}})), id="text for a limit"),
        pytest.param(acl(rule("r", 1, {"RateBasedStatement": "all"})), id="text for a statement"),
        pytest.param(acl(rule("r", 1, {"ManagedRuleGroupStatement": {}})), id="a group without a name"),
        pytest.param(acl(rule("r", 1, RATE, Action="Block")), id="text for an action"),
    ],
)
def test_a_web_acl_of_another_shape_is_no_answer(raw: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_web_acl(raw)


LOGGING = {
    "LoggingConfiguration": {
        "ResourceArn": ACL_ARN,
        "LogDestinationConfigs": ["arn:aws:s3:::aws-waf-logs-b", "arn:aws:s3:::aws-waf-logs-a"],
    }
}


def test_where_the_log_goes_is_sorted() -> None:
    aws, stub = stubbed("wafv2")
    stub.add_response("get_logging_configuration", LOGGING, {"ResourceArn": ACL_ARN})
    found = collect_web_acl_logging(aws, ACL_ARN)
    assert found.destination_arns == ("arn:aws:s3:::aws-waf-logs-a", "arn:aws:s3:::aws-waf-logs-b")


def test_the_log_of_another_web_acl_is_no_answer() -> None:
    aws, stub = stubbed("wafv2")
    stub.add_response("get_logging_configuration", LOGGING)
    with pytest.raises(MalformedAnswerError, match="answered about"):
        collect_web_acl_logging(aws, f"{ACL_ARN[:-1]}6")


@pytest.mark.parametrize("raw", [{}, {"LoggingConfiguration": {"LogDestinationConfigs": [7]}}])
def test_a_log_of_another_shape_is_no_answer(raw: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_web_acl_logging(raw)


def test_no_logging_is_an_answer_and_a_denial_is_a_gap() -> None:
    aws, stub = stubbed("wafv2")
    stub.add_client_error("get_logging_configuration", "WAFNonexistentItemException")
    stub.add_client_error("get_logging_configuration", "AccessDeniedException")

    def outcome() -> Any:
        return attempt(
            "wafv2:GetLoggingConfiguration",
            lambda: collect_web_acl_logging(aws, ACL_ARN),
            region="eu-west-1",
            instead=dict.fromkeys(NO_LOGGING),
        )

    assert outcome() is None
    gap = outcome()
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.DENIED


def test_a_web_acl_that_may_not_be_read_is_a_gap_that_names_both_actions() -> None:
    aws, stub = stubbed("wafv2")
    stub.add_client_error("get_web_acl_for_resource", "AccessDeniedException")
    gap = attempt("wafv2:GetWebACLForResource", lambda: collect_web_acl(aws, POOL_ARN), region="eu-west-1")
    assert isinstance(gap, Gap)
    assert gap.iam_action == "wafv2:GetWebACLForResource, cognito-idp:GetWebACLForResource"
