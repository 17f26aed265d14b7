"""Functions that user pools call: what is read of them, and what must not be."""

import json
from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.functions import (
    NO_SUCH_FUNCTION,
    collect_function,
    collect_function_policy,
    parse_function,
    parse_function_policy,
)
from records.facet import Gap, Reason
from tests.stubs import stubbed

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:pre-sign-up"
CANARY = "canary-5b0e"
CONFIGURATION: dict[str, Any] = {
    "FunctionName": "pre-sign-up",
    "FunctionArn": ARN,
    "Runtime": "nodejs22.x",
    "PackageType": "Zip",
    "Role": "arn:aws:iam::111122223333:role/pre-sign-up",
    "State": "Active",
    "LastUpdateStatus": "Successful",
    "Environment": {"Variables": {"API_KEY": CANARY}},
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "cognito",
            "Effect": "Allow",
            "Principal": {"Service": "cognito-idp.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": ARN,
            "Condition": {"StringEquals": {"AWS:SourceAccount": "111122223333"}},
        }
    ],
}


def test_a_function_is_read_without_its_environment() -> None:
    function = parse_function(CONFIGURATION)
    assert (function.name, function.runtime, function.package_type) == ("pre-sign-up", "nodejs22.x", "Zip")
    assert (function.state, function.last_update_status) == ("Active", "Successful")
    assert function.role_arn == "arn:aws:iam::111122223333:role/pre-sign-up"
    assert CANARY not in repr(function)


def test_not_even_a_malformed_environment_is_looked_at() -> None:
    assert parse_function({**CONFIGURATION, "Environment": [CANARY]}).arn == ARN


def test_a_container_image_has_no_runtime() -> None:
    image = {key: value for key, value in CONFIGURATION.items() if key != "Runtime"}
    assert parse_function({**image, "PackageType": "Image"}).runtime is None


@pytest.mark.parametrize("qualifier", ["", ":live", ":7", ":$LATEST"])
def test_the_version_or_alias_that_the_trigger_names_is_read(qualifier: str) -> None:
    aws, stub = stubbed("lambda")
    stub.add_response(
        "get_function_configuration",
        {**CONFIGURATION, "FunctionArn": ARN + qualifier},
        {"FunctionName": ARN + qualifier},
    )
    stub.add_response("get_policy", {"Policy": json.dumps(POLICY)}, {"FunctionName": ARN + qualifier})
    assert collect_function(aws, ARN + qualifier).arn == ARN + qualifier
    assert collect_function_policy(aws, ARN + qualifier) == parse_function_policy(
        {"Policy": json.dumps(POLICY)}
    )
    stub.assert_no_pending_responses()


def test_an_answer_about_another_function_is_no_answer() -> None:
    aws, stub = stubbed("lambda")
    stub.add_response("get_function_configuration", {**CONFIGURATION, "FunctionArn": f"{ARN}-2"})
    with pytest.raises(MalformedAnswerError, match="pre-sign-up-2"):
        collect_function(aws, ARN)


def test_a_policy_is_parsed_from_its_text() -> None:
    (statement,) = parse_function_policy({"Policy": json.dumps(POLICY)}).statements
    assert statement.allows
    assert statement.principals == (("Service", "cognito-idp.amazonaws.com"),)
    assert statement.actions == ("lambda:InvokeFunction",)
    assert [condition.values for condition in statement.conditions] == [("111122223333",)]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({}, id="no policy in the answer"),
        pytest.param({"Policy": "{"}, id="no JSON"),
        pytest.param({"Policy": "[]"}, id="no policy document"),
        pytest.param({"Policy": POLICY}, id="a structure for the text"),
    ],
)
def test_a_policy_of_another_shape_is_no_answer(raw: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_function_policy(raw)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({**CONFIGURATION, "FunctionArn": None}, id="no ARN"),
        pytest.param({**CONFIGURATION, "Runtime": ["nodejs22.x"]}, id="a list for text"),
        pytest.param([], id="a list for the structure"),
    ],
)
def test_a_function_of_another_shape_is_no_answer(raw: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_function(raw)


@pytest.mark.parametrize(
    ("method", "operation", "collect"),
    [
        ("get_function_configuration", "lambda:GetFunctionConfiguration", collect_function),
        ("get_policy", "lambda:GetPolicy", collect_function_policy),
    ],
)
def test_what_does_not_exist_is_an_answer_and_a_denial_is_a_gap(
    method: str, operation: str, collect: Any
) -> None:
    aws, stub = stubbed("lambda")
    stub.add_client_error(method, "ResourceNotFoundException", http_status_code=404)
    stub.add_client_error(method, "AccessDeniedException", http_status_code=403)

    def outcome() -> Any:
        return attempt(
            operation,
            lambda: collect(aws, ARN),
            region="eu-west-1",
            instead=dict.fromkeys(NO_SUCH_FUNCTION),
        )

    assert outcome() is None
    gap = outcome()
    assert isinstance(gap, Gap)
    assert (gap.operation, gap.reason) == (operation, Reason.DENIED)
