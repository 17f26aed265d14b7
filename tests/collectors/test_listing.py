"""Listings: page upon page, tokens that go stale or repeat, and what AWS's errors become."""

from typing import Any

import pytest

from collectors.app_clients import collect_app_client_list
from collectors.attempt import attempt, plain
from collectors.identity_pools import collect_identity_pool_list
from collectors.user_pools import (
    NOTHING_SET,
    THREAT_PROTECTION_IS_OFF,
    collect_risk_configuration,
    collect_user_pool,
    collect_user_pool_list,
)
from records.errors import CredentialsError
from records.facet import Gap, Reason
from tests.wire import Refusal, Reply, Wire, client


def pools(*numbers: int, token: str | None = None) -> dict[str, Any]:
    page: dict[str, Any] = {"UserPools": [{"Id": f"eu-west-1_{n:04}", "Name": f"pool {n}"} for n in numbers]}
    return {**page, "NextToken": token} if token else page


def user_pool_list(*replies: Reply, region: str = "eu-west-1", attempts: int = 1) -> tuple[Any, Wire]:
    wire = Wire({"ListUserPools": list(replies)})
    idp = client("cognito-idp", wire, attempts=attempts, region=region)
    outcome = attempt("cognito-idp:ListUserPools", lambda: collect_user_pool_list(idp), region=region)
    return outcome, wire


def test_a_short_page_with_a_token_is_not_the_last() -> None:
    members, wire = user_pool_list(pools(1, token="t1"), pools(token="t2"), pools(*range(2, 62)))
    assert len(members) == 61
    first, second, third = (body for _, body in wire.requests)
    assert "NextToken" not in first
    assert (second["NextToken"], third["NextToken"]) == ("t1", "t2")
    assert first["MaxResults"] == 60


def test_all_app_clients_beyond_the_first_page_are_listed() -> None:
    def page(first: int, last: int) -> dict[str, Any]:
        return {
            "UserPoolClients": [{"ClientId": f"c{n:03}", "ClientName": "app"} for n in range(first, last)]
        }

    wire = Wire({"ListUserPoolClients": [{**page(0, 60), "NextToken": "t"}, page(60, 121)]})
    assert len(collect_app_client_list(client("cognito-idp", wire), "pool")) == 121


def test_all_identity_pools_beyond_the_first_page_are_listed() -> None:
    def page(first: int, last: int) -> dict[str, Any]:
        return {
            "IdentityPools": [
                {"IdentityPoolId": f"r:{n}", "IdentityPoolName": "i"} for n in range(first, last)
            ]
        }

    wire = Wire({"ListIdentityPools": [{**page(0, 60), "NextToken": "t"}, page(60, 61)]})
    assert len(collect_identity_pool_list(client("cognito-identity", wire))) == 61


def test_a_resource_on_two_pages_is_one_member() -> None:
    members, _ = user_pool_list(pools(1, 2, token="t"), pools(2, 3))
    assert [member.id for member in members] == ["eu-west-1_0001", "eu-west-1_0002", "eu-west-1_0003"]


def test_a_repeated_page_token_ends_as_a_gap_and_not_in_a_loop() -> None:
    gap, wire = user_pool_list(pools(1, token="same"))
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.MALFORMED
    assert wire.calls["ListUserPools"] == 2


def test_a_stale_page_token_starts_the_listing_once_more() -> None:
    stale = Refusal("InvalidParameterException", "Invalid pagination token")
    members, wire = user_pool_list(pools(1, token="t"), stale, pools(1, token="t"), pools(2))
    assert len(members) == 2
    gap, wire = user_pool_list(pools(1, token="t"), stale, pools(1, token="t"), stale)
    assert isinstance(gap, Gap)
    assert wire.calls["ListUserPools"] == 4


def test_a_list_denied_half_way_is_a_gap_and_not_a_short_list() -> None:
    gap, _ = user_pool_list(
        pools(1, token="t"), Refusal("AccessDeniedException", "not authorized to perform")
    )
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.iam_action) == (Reason.DENIED, "cognito-idp:ListUserPools")


SCP = "User: arn:aws:sts::1:u is not authorized, with an explicit deny in a service control policy"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(
            Refusal("AccessDeniedException", SCP), Reason.EXPLICIT_DENY, id="service control policy"
        ),
        pytest.param(Refusal("TooManyRequestsException"), Reason.THROTTLED, id="Cognito throttles with 400"),
        pytest.param(Refusal("LimitExceededException"), Reason.THROTTLED, id="limit exceeded"),
        pytest.param(Refusal("ResourceNotFoundException"), Reason.NOT_FOUND, id="gone"),
        pytest.param(Refusal("UnknownOperationException"), Reason.NOT_SUPPORTED, id="unknown operation"),
        pytest.param(Refusal("OperationNotEnabledException"), Reason.NOT_SUPPORTED, id="not enabled"),
        pytest.param(Refusal("FeatureUnavailableInTierException"), Reason.NOT_IN_PLAN, id="not in the plan"),
        pytest.param(Refusal("InternalErrorException", status=500), Reason.UNAVAILABLE, id="server error"),
        pytest.param(Refusal("ValidationException"), Reason.MALFORMED, id="a request that is none"),
        pytest.param(
            {"UserPools": [{"Id": "p", "CreationDate": 1e18}]}, Reason.MALFORMED, id="a time beyond all time"
        ),
        pytest.param(b"<html>not json</html>", Reason.MALFORMED, id="no JSON"),
        pytest.param({"UserPools": [{"Name": "no id"}]}, Reason.MALFORMED, id="member left out"),
        pytest.param({"UserPools": {"a": 1}}, Reason.MALFORMED, id="structure for a list"),
        pytest.param(
            {"UserPools": [{"Id": "p", "CreationDate": "yesterday"}]},
            Reason.MALFORMED,
            id="a time that is none",
        ),
    ],
)
def test_what_goes_wrong_becomes_a_gap_with_its_reason(reply: Reply, reason: Reason) -> None:
    gap, _ = user_pool_list(reply)
    assert isinstance(gap, Gap)
    assert gap.reason is reason


@pytest.mark.parametrize("code", ["ExpiredTokenException", "RequestExpired", "ExpiredToken"])
def test_expired_credentials_stop_everything(code: str) -> None:
    with pytest.raises(CredentialsError, match="expired"):
        user_pool_list(Refusal(code))


def test_an_unknown_caller_means_a_region_that_is_off_only_where_regions_can_be_off() -> None:
    unknown = Refusal("UnrecognizedClientException", "The security token included in the request is invalid.")
    gap, _ = user_pool_list(unknown, region="me-south-1")
    assert isinstance(gap, Gap)
    assert gap.is_off
    with pytest.raises(CredentialsError, match="does not accept"):
        user_pool_list(unknown, region="eu-west-1")


def test_throttling_that_passes_leaves_no_gap() -> None:
    busy = Refusal("TooManyRequestsException")
    members, wire = user_pool_list(busy, busy, pools(1), attempts=3)
    assert len(members) == 1
    assert wire.calls["ListUserPools"] == 3


def test_legacy_retries_in_the_environment_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    test_throttling_that_passes_leaves_no_gap()


@pytest.mark.parametrize("code", sorted(THREAT_PROTECTION_IS_OFF))
def test_threat_protection_that_is_off_is_an_answer(code: str) -> None:
    wire = Wire({"DescribeRiskConfiguration": [Refusal(code)]})
    outcome = attempt(
        "cognito-idp:DescribeRiskConfiguration",
        lambda: collect_risk_configuration(client("cognito-idp", wire), "pool"),
        region="eu-west-1",
        instead=dict.fromkeys(THREAT_PROTECTION_IS_OFF, NOTHING_SET),
    )
    assert outcome == NOTHING_SET


@pytest.mark.parametrize(
    "kind", [KeyError, ValueError, OverflowError, TypeError, AttributeError, RuntimeError]
)
def test_our_own_bugs_fly(kind: type[Exception]) -> None:
    def bug() -> None:
        raise kind("ours")

    with pytest.raises(kind):
        attempt("cognito-idp:ListUserPools", bug, region="eu-west-1")


def test_a_call_that_this_botocore_has_not_is_a_gap() -> None:
    idp = client("cognito-idp", Wire({}))
    gap = attempt("cognito-idp:DescribeTomorrow", lambda: idp.describe_tomorrow(Id="a"), region="eu-west-1")
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.message) == (Reason.NOT_SUPPORTED, "this botocore has no such call")


def test_the_body_of_what_is_no_error_of_aws_is_not_told() -> None:
    wire = Wire({"ListUserPools": [b"<html>ClientSecret=canary</html>"]}, status=502)
    idp = client("cognito-idp", wire)
    gap = attempt("cognito-idp:ListUserPools", lambda: collect_user_pool_list(idp), region="eu-west-1")
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.message) == (Reason.UNAVAILABLE, "HTTP status 502 without an error of AWS's")


def test_a_bottomless_answer_is_a_gap() -> None:
    gap, _ = user_pool_list(b'{"UserPools":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001)
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.MALFORMED


def test_an_answer_about_another_user_pool_is_no_answer() -> None:
    wire = Wire({"DescribeUserPool": [{"UserPool": {"Id": "eu-west-1_other"}}]})
    idp = client("cognito-idp", wire)
    gap = attempt(
        "cognito-idp:DescribeUserPool", lambda: collect_user_pool(idp, "eu-west-1_asked"), region="eu-west-1"
    )
    assert isinstance(gap, Gap)
    assert "answered about eu-west-1_other" in gap.message


def test_messages_are_one_short_line_of_plain_text() -> None:
    assert plain("a\x1b[31mred\u202e\nb") == "a [31mred b"
    assert len(plain("x" * 10_000)) == 400
