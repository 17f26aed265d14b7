"""Alarms: those on Cognito's metrics and on what it uses, whatever way they name a metric."""

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.alarms import collect_alarms, parse_alarms
from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from records.facet import Gap, Reason
from records.surroundings import Alarm, AlarmMetric
from tests.stubs import stubbed

POOL = {"Name": "UserPool", "Value": "eu-west-1_Abc123"}
CLIENT = {"Name": "UserPoolClient", "Value": "1example23456789"}
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alerts"


def alarm(name: str, **more: Any) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "StateUpdatedTimestamp": datetime(2026, 11, 1, tzinfo=UTC),
        **more,
    }


def on(namespace: str, metric: str, *dimensions: dict[str, str]) -> dict[str, Any]:
    return {"Namespace": namespace, "MetricName": metric, "Dimensions": list(dimensions)}


def parsed(**more: Any) -> list[Alarm]:
    return list(parse_alarms({"MetricAlarms": [alarm("one", **more)]}))


def test_alarms_of_all_pages_are_read_and_ordered() -> None:
    aws, stub = stubbed("cloudwatch")
    first = {"AlarmTypes": ["MetricAlarm"], "MaxRecords": 100}
    stub.add_response(
        "describe_alarms",
        {
            "MetricAlarms": [
                alarm("throttles", **on("AWS/Cognito", "SignInThrottles", POOL, CLIENT)),
                alarm("processors", **on("AWS/EC2", "CPUUtilization")),
            ],
            "NextToken": "t",
        },
        first,
    )
    stub.add_response(
        "describe_alarms",
        {"MetricAlarms": [alarm("bounces", **on("AWS/SES", "Reputation.BounceRate"))]},
        {**first, "NextToken": "t"},
    )
    bounces, throttles = collect_alarms(aws)
    assert (bounces.name, throttles.name) == ("bounces", "throttles")
    assert throttles.metrics == (
        AlarmMetric(
            namespace="AWS/Cognito",
            name="SignInThrottles",
            dimensions=(("UserPool", "eu-west-1_Abc123"), ("UserPoolClient", "1example23456789")),
        ),
    )
    assert throttles.arn.endswith(":alarm:throttles")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param({}, (True, True), id="acts"),
        pytest.param({"ActionsEnabled": False}, (True, False), id="switched off"),
        pytest.param(
            {"AlarmActions": [], "OKActions": [TOPIC]}, (False, True), id="tells only when all is well"
        ),
    ],
)
def test_whether_an_alarm_acts_is_two_facts(more: dict[str, Any], expected: tuple[bool, bool]) -> None:
    (found,) = parsed(**on("AWS/Cognito", "SignUpThrottles"), **more)
    assert (found.has_actions, found.is_enabled) == expected


@pytest.mark.parametrize(
    ("namespace", "service", "is_kept"),
    [
        ("AWS/WAFV2", None, True),
        ("AWS/Lambda", None, True),
        ("AWS/SNS", None, True),
        ("AWS/SMSVoice", None, True),
        ("AWS/Usage", "Cognito user pool", True),
        ("AWS/Usage", "EC2", False),
        ("AWS/Billing", None, False),
        ("Custom/AWS/Cognito", None, False),
    ],
)
def test_only_namespaces_around_cognito_are_kept(
    namespace: str,
    service: str | None,
    is_kept: bool,  # noqa: FBT001
) -> None:
    dimensions = ({"Name": "Service", "Value": service},) if service else ()
    assert bool(parsed(**on(namespace, "CallCount", *dimensions))) is is_kept


def test_metric_math_names_each_of_its_metrics_once() -> None:
    def stat(id_: str, name: str) -> dict[str, Any]:
        metric = on("AWS/Cognito", name, POOL)
        return {"Id": id_, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}

    (found,) = parsed(
        Metrics=[
            stat("b", "SignInThrottles"),
            stat("a", "SignInSuccesses"),
            stat("c", "SignInSuccesses"),
            {"Id": "e", "Expression": "b / a"},
        ]
    )
    assert [metric.name for metric in found.metrics] == ["SignInSuccesses", "SignInThrottles"]
    assert found.metrics[0].dimensions == (("UserPool", "eu-west-1_Abc123"),)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT SUM(SignInThrottles) FROM SCHEMA("AWS/Cognito", UserPool, UserPoolClient) GROUP BY UserPool',
        'SELECT SUM("SignInThrottles") FROM "AWS/Cognito" WHERE UserPool = \'eu-west-1_Abc123\'',
        'select max ( SignInThrottles )\n from schema ( "AWS/Cognito" , UserPool )',
    ],
)
def test_a_query_names_its_metric(query: str) -> None:
    (found,) = parsed(Metrics=[{"Id": "q", "Expression": query}])
    assert found.metrics == (AlarmMetric(namespace="AWS/Cognito", name="SignInThrottles", dimensions=()),)


def test_an_expression_that_is_no_query_names_no_metric() -> None:
    assert parsed(Metrics=[{"Id": "q", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)"}]) == []


def test_a_list_denied_half_way_is_a_gap_and_not_a_short_list() -> None:
    aws, stub = stubbed("cloudwatch")
    page = {"MetricAlarms": [alarm("one", **on("AWS/Cognito", "SignInThrottles"))], "NextToken": "t"}
    stub.add_response("describe_alarms", page)
    stub.add_client_error("describe_alarms", "AccessDenied")
    gap = attempt("cloudwatch:DescribeAlarms", lambda: collect_alarms(aws), region="eu-west-1")
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.iam_action) == (Reason.DENIED, "cloudwatch:DescribeAlarms")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({}, id="no list"),
        pytest.param({"MetricAlarms": {}}, id="a structure for the list"),
        pytest.param(
            {"MetricAlarms": [alarm("a", **on("AWS/Cognito", "m"), ActionsEnabled=None)]}, id="no flag"
        ),
        pytest.param(
            {"MetricAlarms": [alarm("a", **on("AWS/Cognito", "m", {"Name": "UserPool"}))]}, id="no value"
        ),
        pytest.param({"MetricAlarms": [alarm("a", Metrics=[{"Id": "e", "Expression": 7}])]}, id="a number"),
    ],
)
def test_alarms_of_another_shape_are_no_answer(raw: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        list(parse_alarms(raw))
