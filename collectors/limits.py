"""What Cognito's APIs bear in one account and region: provisioned limits and service quotas."""

from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, demand_same
from records.surroundings import ServiceQuota
from records.user_pool_parts import ProvisionedLimit

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_service_quotas import ServiceQuotasClient

CALLS = frozenset({"cognito-idp:GetProvisionedLimit", "service-quotas:ListServiceQuotas"})

# The categories whose rate AWS sells more of; the others' is fixed
# (https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html).
PROVISIONABLE_CATEGORIES = (
    "UserAuthentication",
    "UserCreation",
    "UserFederation",
    "UserRead",
    "UserResourceRead",
    "UserToken",
)

_SERVICE_CODE = "cognito-idp"
_PAGE_SIZE = 100


def collect_provisioned_limits(idp: "CognitoIdentityProviderClient") -> tuple[ProvisionedLimit, ...]:
    """Return the limit of each category that can be provisioned, ordered by category."""
    return tuple(
        parse_provisioned_limit(
            idp.get_provisioned_limit(
                LimitDefinition={"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}}
            ),
            category,
        )
        for category in PROVISIONABLE_CATEGORIES
    )


def collect_service_quotas(quotas: "ServiceQuotasClient") -> tuple[ServiceQuota, ...]:
    """Return the quotas of Cognito's user pools, ordered by code."""
    found: dict[str, ServiceQuota] = {}
    listing = quotas.get_paginator("list_service_quotas").paginate(
        ServiceCode=_SERVICE_CODE, PaginationConfig={"PageSize": _PAGE_SIZE}
    )
    for page in listing:
        found.update((quota.code, quota) for quota in parse_service_quotas(page))
    return tuple(found[code] for code in sorted(found))


def parse_provisioned_limit(raw: Any, category: str) -> ProvisionedLimit:
    """Translate GetProvisionedLimit's answer about a category."""
    limit = Answer(raw, "GetProvisionedLimit").required_part("Limit")
    attributes = dict(limit.required_part("LimitDefinition").pairs("Attributes"))
    demand_same(attributes.get("Category", "no category"), category)
    return ProvisionedLimit(
        category=category,
        provisioned=limit.number("ProvisionedLimitValue"),
        free=limit.number("FreeLimitValue"),
    )


def parse_service_quotas(raw: Any) -> tuple[ServiceQuota, ...]:
    """Translate one page of ListServiceQuotas."""
    return tuple(map(_service_quota, Answer(raw, "ListServiceQuotas").required_parts("Quotas")))


def _service_quota(part: Answer) -> ServiceQuota:
    metric = part.part("UsageMetric")
    return ServiceQuota(
        code=part.required_text("QuotaCode"),
        name=part.text("QuotaName") or "",
        # Service Quotas asks Cognito for the value; where that failed, what stands there is none.
        value=None if part.part("ErrorReason") else part.measure("Value"),
        unit=part.text("Unit"),
        is_adjustable=part.required_flag("Adjustable"),
        usage_category=dict(metric.pairs("MetricDimensions")).get("Resource") if metric else None,
    )
