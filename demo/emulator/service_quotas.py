"""ListServiceQuotas for Amazon Cognito user pools, which moto does not have."""

import json
from typing import Any

from moto.cognitoidp.models import cognitoidp_backends
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.servicequotas.responses import ServiceQuotasResponse

from demo.emulator.limits import CATEGORIES, Category
from demo.emulator.pages import page_of, size_of
from demo.emulator.patching import add_operation
from demo.emulator.state import extra

SERVICE_CODE = "cognito-idp"
LARGEST_PAGE = 100


def install() -> None:
    """Add the operation to moto."""
    add_operation(ServiceQuotasResponse, list_service_quotas)


def list_service_quotas(self: Any) -> ActionResult:
    """Answer the quotas of the categories of requests, with what UpdateProvisionedLimit made of them."""
    sent = json.loads(self.body)
    if sent["ServiceCode"] != SERVICE_CODE:
        raise JsonRESTError("NoSuchResourceException", "The request failed because the service is unknown.")
    limits = extra(cognitoidp_backends[self.current_account][self.region], "limits")
    place = f"arn:{self.partition}:servicequotas:{self.region}:{self.current_account}:{SERVICE_CODE}"
    found = [_quota(each, limits.get(each.name, each.rps), place) for each in CATEGORIES]
    size = size_of(sent.get("MaxResults"), LARGEST_PAGE, code="IllegalArgumentException")
    page, token = page_of(found, sent.get("NextToken"), size, code="InvalidPaginationTokenException")
    return ActionResult({"Quotas": page, "NextToken": token})


def _quota(category: Category, value: int, place: str) -> dict[str, Any]:
    return {
        "ServiceCode": SERVICE_CODE,
        "ServiceName": "Amazon Cognito User Pools",
        "QuotaArn": f"{place}/{category.code}",
        "QuotaCode": category.code,
        "QuotaName": f"Rate of {category.name} requests",
        "Value": float(value),
        "Unit": "None",
        "Adjustable": category.is_adjustable,
        "GlobalQuota": False,
        "UsageMetric": {
            "MetricNamespace": "AWS/Usage",
            "MetricName": "CallCount",
            "MetricDimensions": {
                "Class": "None",
                "Resource": category.name,
                "Service": "Cognito user pool",
                "Type": "API",
            },
            "MetricStatisticRecommendation": "Sum",
        },
        "Period": {"PeriodValue": 1, "PeriodUnit": "SECOND"},
        "QuotaAppliedAtLevel": "ACCOUNT",
    }
