"""Provisioned limits and service quotas: each category asked for by itself, each figure where it belongs."""

from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.limits import (
    CALLS,
    PROVISIONABLE_CATEGORIES,
    collect_provisioned_limits,
    collect_service_quotas,
    parse_provisioned_limit,
    parse_service_quotas,
)
from records.facet import FacetName, Gap, Reason
from records.surroundings import ServiceQuota
from records.user_pool_parts import ProvisionedLimit
from tests.full_answers import full_answer, unset
from tests.wire import Refusal, Reply, Wire, client


def limit(category: object, provisioned: object = 120, free: object = 120) -> dict[str, Any]:
    return {
        "Limit": {
            "LimitDefinition": {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}},
            "ProvisionedLimitValue": provisioned,
            "FreeLimitValue": free,
        }
    }


def asked_category(body: dict[str, Any]) -> str:
    definition = body["LimitDefinition"]
    assert definition["LimitClass"] == "API_CATEGORY"
    return str(definition["Attributes"]["Category"])


def test_the_calls_are_those_of_the_facets() -> None:
    facets = (FacetName.PROVISIONED_LIMITS, FacetName.SERVICE_QUOTAS)
    assert {operation for facet in facets for operation in facet.operations} == CALLS


def test_each_category_that_can_be_provisioned_is_asked_for_once() -> None:
    wire = Wire({"GetProvisionedLimit": lambda body: limit(asked_category(body))})
    found = collect_provisioned_limits(client("cognito-idp", wire))
    assert [each.category for each in found] == sorted(PROVISIONABLE_CATEGORIES)
    assert [asked_category(body) for _, body in wire.requests] == list(PROVISIONABLE_CATEGORIES)
    assert set(PROVISIONABLE_CATEGORIES) == {
        *("UserAuthentication", "UserCreation", "UserFederation", "UserRead", "UserResourceRead", "UserToken")
    }


def test_what_is_provisioned_and_what_is_free_are_told_apart() -> None:
    raw = limit("UserToken", provisioned=300, free=120)
    assert parse_provisioned_limit(raw, "UserToken") == ProvisionedLimit(
        category="UserToken", provisioned=300, free=120
    )


def test_one_category_denied_is_a_gap_and_not_a_short_list() -> None:
    def reply(body: dict[str, Any]) -> Reply:
        category = asked_category(body)
        return Refusal("AccessDeniedException") if category == "UserToken" else limit(category)

    idp = client("cognito-idp", Wire({"GetProvisionedLimit": reply}))
    gap = attempt(
        "cognito-idp:GetProvisionedLimit", lambda: collect_provisioned_limits(idp), region="eu-west-1"
    )
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.iam_action) == (Reason.DENIED, "cognito-idp:GetProvisionedLimit")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        pytest.param({}, "Limit is no structure", id="no limit"),
        pytest.param({"Limit": {}}, "LimitDefinition is no structure", id="limit of nothing"),
        pytest.param(limit("UserRead"), "about UserRead", id="other category"),
        pytest.param(limit(7), "no string", id="number as category"),
        pytest.param(limit("UserToken", provisioned="120"), "ProvisionedLimitValue is a str", id="text"),
        pytest.param(limit("UserToken", free=True), "FreeLimitValue is a bool", id="flag"),
    ],
)
def test_a_malformed_limit_is_named_and_never_guessed(raw: Any, says: str) -> None:
    with pytest.raises(MalformedAnswerError, match=says):
        parse_provisioned_limit(raw, "UserToken")


QUOTA = {
    "ServiceCode": "cognito-idp",
    "QuotaCode": "L-026ADBA3",
    "QuotaName": "Rate of UserAuthentication requests",
    "Value": 120.0,
    "Unit": "None",
    "Adjustable": True,
    "GlobalQuota": False,
    "UsageMetric": {
        "MetricNamespace": "AWS/Usage",
        "MetricName": "CallCount",
        "MetricDimensions": {
            "Service": "Cognito user pool",
            "Type": "API",
            "Resource": "UserAuthentication",
            "Class": "None",
        },
        "MetricStatisticRecommendation": "Sum",
    },
}


def test_a_quota_names_the_category_that_its_usage_is_counted_under() -> None:
    wire = Wire({"ListServiceQuotas": [{"Quotas": [QUOTA]}]})
    assert collect_service_quotas(client("service-quotas", wire)) == (
        ServiceQuota(
            code="L-026ADBA3",
            name="Rate of UserAuthentication requests",
            value=120.0,
            unit="None",
            is_adjustable=True,
            usage_category="UserAuthentication",
        ),
    )
    assert wire.requests == [("ListServiceQuotas", {"ServiceCode": "cognito-idp", "MaxResults": 100})]


def test_no_field_of_a_quota_is_left_unset() -> None:
    answer = full_answer("service-quotas", "ListServiceQuotas")
    del answer["Quotas"][0]["ErrorReason"]
    answer["Quotas"][0]["UsageMetric"]["MetricDimensions"]["Resource"] = "UserRead"
    (quota,) = parse_service_quotas(answer)
    assert unset(quota) == []
    assert quota.value == 7.5


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"UsageMetric": None}, id="no metric"),
        pytest.param({"UsageMetric": {"MetricName": "CallCount"}}, id="no dimensions"),
        pytest.param({"UsageMetric": {"MetricDimensions": {"Service": "s"}}}, id="no resource"),
    ],
)
def test_a_quota_whose_usage_is_not_counted_has_no_category(change: dict[str, Any]) -> None:
    (quota,) = parse_service_quotas({"Quotas": [{**QUOTA, **change}]})
    assert (quota.usage_category, quota.value) == (None, 120.0)


def test_a_value_that_service_quotas_could_not_learn_is_none_and_not_nought() -> None:
    failed = {"ErrorReason": {"ErrorCode": "DEPENDENCY_THROTTLING_ERROR"}, "Value": 0.0}
    (quota,) = parse_service_quotas({"Quotas": [{**QUOTA, **failed}]})
    assert quota.value is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"Adjustable": None}, "has no Adjustable", id="adjustable or not left out"),
        pytest.param({"Value": "120"}, "Value is a str", id="text as value"),
        pytest.param({"Value": True}, "Value is no number", id="flag as value"),
        pytest.param({"Value": float("nan")}, "Value is no number", id="not a number"),
        pytest.param({"Value": float("inf")}, "Value is no number", id="endless"),
        pytest.param({"Value": 10**400}, "Value is no number", id="beyond any float"),
        pytest.param({"UsageMetric": []}, "UsageMetric is a list", id="list for a metric"),
        pytest.param(
            {"UsageMetric": {"MetricDimensions": {"Resource": 1}}}, "MetricDimensions", id="number as name"
        ),
    ],
)
def test_a_malformed_quota_is_named_and_never_guessed(change: dict[str, Any], says: str) -> None:
    with pytest.raises(MalformedAnswerError, match=says):
        parse_service_quotas({"Quotas": [{**QUOTA, **change}]})
