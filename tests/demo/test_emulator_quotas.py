import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.clients import Controls
from demo.emulator.calls import Call, Protocol
from demo.emulator.quotas import Quotas, limits_of
from demo.server import ThreadServer


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def call(operation: str, *, service: str = "cognito-idp", region: str = "eu-west-1", pool: str = "a") -> Call:
    text = f'{{"UserPoolId": "{pool}"}}'
    return Call(
        service=service,
        operation=operation,
        region=region,
        access_key="demo",
        text=text,
        protocol=Protocol.JSON,
        parameters=json.loads(text),
    )


@pytest.fixture
def quotas() -> Quotas:
    quotas = Quotas(Clock())
    quotas.is_enforced = True
    return quotas


@pytest.mark.parametrize(
    ("operation", "service", "expected"),
    [
        ("ListUserPools", "cognito-idp", [("UserPoolRead", 15)]),
        ("DescribeUserPool", "cognito-idp", [("UserPoolRead", 15)]),
        (
            "GetUserPoolMfaConfig",
            "cognito-idp",
            [("UserPoolResourceRead", 20), ("GetUserPoolMfaConfig/a", 5)],
        ),
        ("ListGroups", "cognito-idp", [("UserPoolResourceRead", 20), ("ListGroups/a", 5)]),
        ("ListUserPoolClients", "cognito-idp", [("UserPoolClientRead", 15), ("ListUserPoolClients/a", 5)]),
        ("ListUsers", "cognito-idp", [("UserList", 30)]),
        ("DescribeIdentityPool", "cognito-identity", [("DescribeIdentityPool", 10)]),
        ("GetProvisionedLimit", "cognito-idp", [("LimitManagement", 1)]),
        ("ListUserPoolReplicas", "cognito-idp", []),
        ("GetRestApis", "apigateway", [("API Gateway", 10)]),
        ("GetApis", "apigatewayv2", [("API Gateway", 10)]),
        ("GetWebACLForResource", "wafv2", [("GetWebACLForResource", 1)]),
        ("GetEmailIdentity", "sesv2", [("SES", 1)]),
        ("GetRole", "iam", []),
        ("CreateUserPool", "cognito-idp", []),
        ("GetCallerIdentity", "sts", []),
    ],
)
def test_the_quotas_of_an_operation(operation: str, service: str, expected: list[tuple[str, int]]) -> None:
    assert list(limits_of(call(operation, service=service))) == expected


def test_a_call_without_a_user_pool_draws_from_no_user_pools_quota(quotas: Quotas) -> None:
    domain = replace(call("DescribeUserPoolDomain"), parameters={"Domain": "auth.example.org"})
    assert limits_of(domain) == (("UserPoolResourceRead", 20),)


def test_two_operations_share_a_category(quotas: Quotas) -> None:
    admitted = [quotas.admit(call(name)) for name in ["DescribeUserPool"] * 10 + ["ListUserPools"] * 10]
    assert admitted == [True] * 15 + [False] * 5
    assert quotas.throttled == 5


def test_a_bucket_refills_at_its_rate_and_holds_one_second(quotas: Quotas) -> None:
    clock = quotas.clock
    assert isinstance(clock, Clock)
    while quotas.admit(call("DescribeUserPool")):
        pass
    clock.now += 0.2
    assert [quotas.admit(call("DescribeUserPool")) for _ in range(4)] == [True] * 3 + [False]
    clock.now += 60
    assert sum(quotas.admit(call("DescribeUserPool")) for _ in range(40)) == 15


def test_one_user_pool_uses_up_its_own_share_first(quotas: Quotas) -> None:
    assert [quotas.admit(call("GetUserPoolMfaConfig", pool="a")) for _ in range(6)] == [True] * 5 + [False]
    # The refused call drew nothing, so 15 of the category's 20 are left for others.
    others = [quotas.admit(call("GetUserPoolMfaConfig", pool=f"b{n}")) for n in range(16)]
    assert others == [True] * 15 + [False]


def test_regions_do_not_share(quotas: Quotas) -> None:
    while quotas.admit(call("DescribeUserPool")):
        pass
    assert quotas.admit(call("DescribeUserPool", region="us-east-1"))


def test_over_http_the_sixteenth_read_of_a_second_is_throttled(
    account: ThreadServer, idp: Any, controls: Controls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account.emulator.board.quotas, "clock", Clock())
    controls.enforce_quotas()
    for _ in range(15):
        idp.list_user_pools(MaxResults=1)
    with pytest.raises(ClientError) as raised:
        idp.list_user_pools(MaxResults=1)
    assert raised.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert controls.calls()["throttled"] == 1
    controls.enforce_quotas(enforced=False)
    idp.list_user_pools(MaxResults=1)
