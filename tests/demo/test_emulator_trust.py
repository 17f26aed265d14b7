import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.clients import Controls, aws_client
from demo.server import ThreadServer

OTHER = "444455556666"
ROLE = f"arn:aws:iam::{OTHER}:role/reader"


@pytest.fixture
def trusted(account: ThreadServer, controls: Controls) -> Any:
    """Makes the other account's role, with the trust that is given."""

    def make(principal: Any, condition: dict[str, Any] | None = None) -> None:
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        if condition:
            statement["Condition"] = condition
        controls.set_account(OTHER)
        iam = aws_client("iam", account.url, "us-east-1")
        iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(document))
        controls.set_account("123456789012")

    return make


def outcome(sts: Any, role: str = ROLE, **more: str) -> str:
    try:
        sts.assume_role(RoleArn=role, RoleSessionName="poolwatch", **more)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def test_an_account_without_roles_lets_everybody_in(sts: Any) -> None:
    assert outcome(sts) == "ok"


def test_an_account_with_a_role_has_no_other(sts: Any, trusted: Any) -> None:
    trusted({"AWS": "arn:aws:iam::123456789012:root"})
    assert outcome(sts) == "ok"
    assert outcome(sts, f"arn:aws:iam::{OTHER}:role/writer") == "AccessDenied"
    # A third account is as open as before.
    assert outcome(sts, "arn:aws:iam::777788889999:role/reader") == "ok"


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", "ok"),
        ({"AWS": "123456789012"}, "ok"),
        ({"AWS": ["arn:aws:iam::999900001111:root", "arn:aws:iam::123456789012:root"]}, "ok"),
        ({"AWS": "arn:aws:iam::123456789012:user/poolwatch-auditor"}, "ok"),
        ({"AWS": "arn:aws:iam::999900001111:root"}, "AccessDenied"),
        ({"Service": "lambda.amazonaws.com"}, "AccessDenied"),
    ],
)
def test_the_trust_policy_names_who_gets_in(sts: Any, trusted: Any, principal: Any, expected: str) -> None:
    trusted(principal)
    assert outcome(sts) == expected


def test_the_external_id_must_be_the_one(sts: Any, trusted: Any) -> None:
    trusted({"AWS": "123456789012"}, {"StringEquals": {"sts:ExternalId": "seven"}})
    assert outcome(sts) == "AccessDenied"
    assert outcome(sts, ExternalId="eight") == "AccessDenied"
    assert outcome(sts, ExternalId="seven") == "ok"


def test_the_refusal_names_caller_and_role(sts: Any, trusted: Any) -> None:
    trusted({"Service": "lambda.amazonaws.com"})
    with pytest.raises(ClientError) as raised:
        sts.assume_role(RoleArn=ROLE, RoleSessionName="poolwatch")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert raised.value.response["Error"]["Message"] == (
        "User: arn:aws:iam::123456789012:user/poolwatch-auditor is not authorized to perform: "
        f"sts:AssumeRole on resource: {ROLE}"
    )
