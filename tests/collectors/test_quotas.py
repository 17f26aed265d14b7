"""The table of AWS's read quotas: the documented figures, what shares one, and what has none."""

import botocore.session
import pytest

from collectors import quotas
from collectors.quotas import quota_of
from records.facet import FacetName

OPERATIONS = sorted({operation for facet in FacetName for operation in facet.operations})

# By AWS's quota pages, which collectors/quotas.py names.
DOCUMENTED = {
    "cognito-idp:ListUserPools": 15,
    "cognito-idp:DescribeUserPool": 15,
    "cognito-idp:ListUserPoolClients": 15,
    "cognito-idp:DescribeUserPoolClient": 15,
    "cognito-idp:GetUserPoolMfaConfig": 20,
    "cognito-idp:DescribeRiskConfiguration": 20,
    "cognito-idp:ListIdentityProviders": 20,
    "cognito-idp:DescribeIdentityProvider": 20,
    "cognito-idp:ListResourceServers": 20,
    "cognito-idp:ListGroups": 20,
    "cognito-idp:ListUserImportJobs": 20,
    "cognito-idp:DescribeUserPoolDomain": 20,
    "cognito-idp:GetProvisionedLimit": 1,
    "wafv2:GetWebACLForResource": 1,
    "wafv2:GetLoggingConfiguration": 5,
    "lambda:GetFunctionConfiguration": 15,
    "lambda:GetPolicy": 15,
    "cloudtrail:DescribeTrails": 10,
    "cloudtrail:GetEventSelectors": 10,
    "cloudtrail:GetTrailStatus": 10,
    "cloudwatch:DescribeAlarms": 9,
    "logs:DescribeLogGroups": 10,
    "apigateway:GetRestApis": 10,
    "apigateway:GetAuthorizers": 10,
    "apigateway:GetResources": 2.5,
    "apigatewayv2:GetApis": 10,
    "apigatewayv2:GetAuthorizers": 10,
    "apigatewayv2:GetRoutes": 10,
    "sesv2:GetAccount": 1,
    "sesv2:GetEmailIdentity": 1,
    "acm:DescribeCertificate": 10,
    "kms:DescribeKey": 2000,
    "service-quotas:ListServiceQuotas": 10,
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_of_a_facet_has_its_figure_or_the_careful_one(operation: str) -> None:
    quota = quota_of(operation)
    assert quota.per_second == DOCUMENTED.get(operation, 2)
    # An undocumented operation takes nothing from another's share.
    assert (operation in DOCUMENTED) or quota.category == operation


@pytest.mark.parametrize("operation", sorted(quotas._QUOTAS))
def test_every_operation_in_the_table_is_one_of_aws(operation: str) -> None:
    service, _, name = operation.partition(":")
    assert name in botocore.session.get_session().get_service_model(service).operation_names


def test_the_table_holds_what_facets_are_read_with_and_no_more() -> None:
    assert set(quotas._QUOTAS) == set(DOCUMENTED) <= set(OPERATIONS)


def test_a_category_has_one_figure() -> None:
    figures = {(quota_of(each).category, quota_of(each).per_second) for each in OPERATIONS}
    assert len(figures) == len({category for category, _ in figures})


@pytest.mark.parametrize(
    "sharing",
    [
        ("cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"),
        ("cognito-idp:GetUserPoolMfaConfig", "cognito-idp:ListGroups", "cognito-idp:DescribeUserPoolDomain"),
        ("cognito-idp:ListUserPoolClients", "cognito-idp:DescribeUserPoolClient"),
        ("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"),
        ("apigateway:GetRestApis", "apigatewayv2:GetApis", "apigatewayv2:GetAuthorizers"),
        ("sesv2:GetAccount", "sesv2:GetEmailIdentity"),
    ],
)
def test_operations_of_one_category_share_its_quota(sharing: tuple[str, ...]) -> None:
    assert len({quota_of(operation) for operation in sharing}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lambda:GetFunctionConfiguration", "lambda:GetPolicy"),
        ("wafv2:GetWebACLForResource", "wafv2:GetLoggingConfiguration"),
        ("cognito-idp:DescribeUserPool", "cognito-idp:DescribeUserPoolClient"),
        ("cognito-idp:ListUserPoolReplicas", "cognito-idp:GetUserPoolSessionConfiguration"),
    ],
)
def test_operations_that_aws_counts_apart_do_not_share(one: str, other: str) -> None:
    assert quota_of(one).category != quota_of(other).category


def test_what_reads_parts_of_a_user_pool_is_limited_for_each_user_pool_too() -> None:
    limited = {operation for operation in OPERATIONS if quota_of(operation).per_user_pool == 5}
    categories = {"UserPoolResourceRead", "UserPoolClientRead"}
    assert limited == {operation for operation in OPERATIONS if quota_of(operation).category in categories}
    assert quota_of("cognito-idp:DescribeUserPool").per_user_pool is None
