"""Log groups: found by their exact name among those with the same beginning."""

from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.log_groups import collect_log_group, parse_log_group
from records.facet import Gap, Reason
from tests.stubs import stubbed

ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/cognito"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NAME = "/aws/vendedlogs/cognito"


def group(name: str, **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:logs:eu-west-1:111122223333:log-group:{name}"
    return {"logGroupName": name, "arn": f"{arn}:*", "logGroupArn": arn, **more}


@pytest.mark.parametrize("asked", [ARN, f"{ARN}:*"])
def test_a_log_group_is_found_on_a_later_page(asked: str) -> None:
    aws, stub = stubbed("logs")
    first = {"logGroupNamePrefix": NAME, "limit": 50}
    stub.add_response("describe_log_groups", {"logGroups": [group(f"{NAME}-2")], "nextToken": "t"}, first)
    stub.add_response(
        "describe_log_groups",
        {"logGroups": [group(NAME, retentionInDays=30, kmsKeyId=KEY_ARN)]},
        {**first, "nextToken": "t"},
    )
    found = collect_log_group(aws, asked)
    assert found is not None
    assert (found.arn, found.retention_days, found.kms_key_arn) == (ARN, 30, KEY_ARN)


def test_a_log_group_without_retention_keeps_its_events() -> None:
    assert parse_log_group(group(NAME)).retention_days is None


def test_a_name_that_only_begins_alike_is_another_log_group() -> None:
    aws, stub = stubbed("logs")
    stub.add_response("describe_log_groups", {"logGroups": [group(f"{NAME}-2")]})
    assert collect_log_group(aws, ARN) is None


def test_a_list_denied_half_way_does_not_mean_that_there_is_no_group() -> None:
    aws, stub = stubbed("logs")
    stub.add_response("describe_log_groups", {"logGroups": [], "nextToken": "t"})
    stub.add_client_error("describe_log_groups", "AccessDeniedException")
    gap = attempt("logs:DescribeLogGroups", lambda: collect_log_group(aws, ARN), region="eu-west-1")
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.DENIED


def test_a_repeated_page_token_ends_as_a_gap() -> None:
    aws, stub = stubbed("logs")
    for _ in range(2):
        stub.add_response("describe_log_groups", {"logGroups": [], "nextToken": "same"})
    gap = attempt("logs:DescribeLogGroups", lambda: collect_log_group(aws, ARN), region="eu-west-1")
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    "arn",
    [
        "log-group",
        "arn:aws:s3:::bucket",
        "arn:aws:logs:eu-west-1:111122223333:log-group:",
        "arn:aws:logs:eu-west-1:111122223333:log-group::*",
        f"{ARN}:log-stream:one",
    ],
)
def test_an_arn_that_names_no_log_group_is_not_asked_about(arn: str) -> None:
    aws, _ = stubbed("logs")
    with pytest.raises(MalformedAnswerError, match="names no log group"):
        collect_log_group(aws, arn)


@pytest.mark.parametrize("more", [{"arn": None}, {"retentionInDays": "30"}, {"kmsKeyId": 1}])
def test_a_log_group_of_another_shape_is_no_answer(more: dict[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_log_group(group(NAME) | more)
