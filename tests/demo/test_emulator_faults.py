from typing import Any

import pytest
from botocore.exceptions import ClientError, PaginationError

from demo.clients import Controls, aws_client
from demo.server import ThreadServer

LIST = "cognito-idp:ListUserPools"


def outcome(call: Any, **parameters: Any) -> str:
    """The error code of a call, or `ok`."""
    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("denied", 400, "AccessDeniedException"),
        ("explicit_deny", 400, "AccessDeniedException"),
        ("throttled", 400, "TooManyRequestsException"),
        ("server_error", 500, "InternalErrorException"),
        ("unknown_operation", 400, "UnknownOperationException"),
        ("expired", 400, "ExpiredTokenException"),
        ("unrecognized_client", 400, "UnrecognizedClientException"),
        ("not_found", 400, "ResourceNotFoundException"),
    ],
)
def test_errors_of_the_json_services(
    idp: Any, identity: Any, controls: Controls, kind: str, status: int, code: str
) -> None:
    controls.add_fault(operation="*", kind=kind)
    for call in (idp.list_user_pools, identity.list_identity_pools):
        with pytest.raises(ClientError) as raised:
            call(MaxResults=1)
        assert raised.value.response["Error"]["Code"] == code
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("denied", 403, "AccessDenied"),
        ("throttled", 400, "Throttling"),
        ("server_error", 500, "InternalFailure"),
        ("expired", 403, "ExpiredToken"),
        ("unrecognized_client", 403, "InvalidClientTokenId"),
    ],
)
def test_errors_of_sts(sts: Any, controls: Controls, kind: str, status: int, code: str) -> None:
    controls.add_fault(operation="sts:GetCallerIdentity", kind=kind)
    with pytest.raises(ClientError) as raised:
        sts.get_caller_identity()
    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_a_denial_names_the_caller_the_action_and_the_resource(
    idp: Any, user_pool_id: str, controls: Controls
) -> None:
    controls.add_fault(operation="cognito-idp:GetUserPoolMfaConfig", kind="denied")
    with pytest.raises(ClientError) as raised:
        idp.get_user_pool_mfa_config(UserPoolId=user_pool_id)
    assert raised.value.response["Error"]["Message"] == (
        "User: arn:aws:iam::123456789012:user/poolwatch-auditor is not authorized to perform: "
        "cognito-idp:GetUserPoolMfaConfig on resource: "
        f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{user_pool_id} "
        "because no identity-based policy allows the cognito-idp:GetUserPoolMfaConfig action"
    )


def test_an_explicit_deny_says_so(identity: Any, controls: Controls) -> None:
    controls.add_fault(operation="cognito-identity:DescribeIdentityPool", kind="explicit_deny")
    with pytest.raises(ClientError, match="with an explicit deny in a service control policy") as raised:
        identity.describe_identity_pool(IdentityPoolId="eu-west-1:x")
    assert ":identitypool/eu-west-1:x " in str(raised.value)


def test_a_fault_hits_its_operation_alone(idp: Any, user_pool_id: str, controls: Controls) -> None:
    controls.add_fault(operation="cognito-idp:DescribeUserPool", kind="denied")
    assert outcome(idp.describe_user_pool, UserPoolId=user_pool_id) == "AccessDeniedException"
    assert outcome(idp.get_user_pool_mfa_config, UserPoolId=user_pool_id) == "ok"


def test_a_fault_hits_its_resource_alone(idp: Any, user_pool_id: str, controls: Controls) -> None:
    other = idp.create_user_pool(PoolName="other")["UserPool"]["Id"]
    controls.add_fault(operation="*", kind="denied", resource=user_pool_id)
    assert outcome(idp.describe_user_pool, UserPoolId=user_pool_id) == "AccessDeniedException"
    assert outcome(idp.describe_user_pool, UserPoolId=other) == "ok"


def test_a_fault_hits_its_region_alone(account: ThreadServer, idp: Any, controls: Controls) -> None:
    controls.add_fault(operation="*", kind="unrecognized_client", region="us-east-1")
    american = aws_client("cognito-idp", account.url, "us-east-1")
    assert outcome(american.list_user_pools, MaxResults=1) == "UnrecognizedClientException"
    assert outcome(idp.list_user_pools, MaxResults=1) == "ok"
    american.close()


def test_after_lets_calls_pass_and_times_ends_the_fault(idp: Any, controls: Controls) -> None:
    controls.add_fault(operation=LIST, kind="throttled", after=1, times=2)
    outcomes = [outcome(idp.list_user_pools, MaxResults=1) for _ in range(4)]
    assert outcomes == ["ok", "TooManyRequestsException", "TooManyRequestsException", "ok"]
    (fault,) = controls.faults()
    assert (fault["seen"], fault["hits"]) == (4, 2)


def test_faults_are_cleared_one_by_one_and_all(idp: Any, controls: Controls) -> None:
    first = controls.add_fault(operation=LIST, kind="throttled")
    controls.add_fault(operation=LIST, kind="expired")
    assert outcome(idp.list_user_pools, MaxResults=1) == "TooManyRequestsException"
    controls.clear_faults(first)
    assert outcome(idp.list_user_pools, MaxResults=1) == "ExpiredTokenException"
    controls.clear_faults()
    assert outcome(idp.list_user_pools, MaxResults=1) == "ok"
    with pytest.raises(ValueError, match="KeyError"):
        controls.clear_faults(first)


@pytest.mark.parametrize(
    "settings",
    [
        {"operation": LIST, "kind": "deny"},
        {"operation": "ListUserPools", "kind": "denied"},
        {"operation": LIST, "kind": "denied", "user_pool": "x"},
    ],
    ids=["unknown kind", "no service", "unknown member"],
)
def test_wrong_faults_are_refused(controls: Controls, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"ValueError|TypeError"):
        controls.add_fault(**settings)


def test_a_malformed_answer_is_broken_json(idp: Any, user_pool_id: str, controls: Controls) -> None:
    controls.add_fault(operation=LIST, kind="malformed", times=1)
    # botocore takes broken JSON for an answer without members and raises nothing.
    assert set(idp.list_user_pools(MaxResults=1)) == {"ResponseMetadata"}
    assert len(idp.list_user_pools(MaxResults=1)["UserPools"]) == 1


def test_a_stuck_token_never_moves_on(idp: Any, controls: Controls) -> None:
    for name in ("a", "b"):
        idp.create_user_pool(PoolName=name)
    controls.add_fault(operation=LIST, kind="stuck_token")
    first = idp.list_user_pools(MaxResults=1)
    second = idp.list_user_pools(MaxResults=1, NextToken=first["NextToken"])
    assert first["NextToken"] == second["NextToken"]
    assert first["UserPools"] == second["UserPools"]
    with pytest.raises(PaginationError, match="same next token"):
        list(idp.get_paginator("list_user_pools").paginate(MaxResults=1))


def test_an_invalid_token_hits_the_second_page_once(idp: Any, controls: Controls) -> None:
    for name in ("a", "b"):
        idp.create_user_pool(PoolName=name)
    controls.add_fault(operation=LIST, kind="invalid_token")
    token = idp.list_user_pools(MaxResults=1)["NextToken"]
    assert outcome(idp.list_user_pools, MaxResults=1, NextToken=token) == "InvalidParameterException"
    assert outcome(idp.list_user_pools, MaxResults=1, NextToken=token) == "ok"
