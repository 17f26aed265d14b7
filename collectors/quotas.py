"""The read quotas of AWS's APIs, which Poolwatch shares with whatever else the account runs.

Each figure is AWS's default and has its source beside it; an account may have been granted more.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """Requests per second: a category's in one account and region, and one operation's on one user pool."""

    category: str
    per_second: float
    per_user_pool: float | None = None


# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
_USER_POOL_READ = Quota("UserPoolRead", 15)
_USER_POOL_RESOURCE_READ = Quota("UserPoolResourceRead", 20, per_user_pool=5)
_USER_POOL_CLIENT_READ = Quota("UserPoolClientRead", 15, per_user_pool=5)
_LIMIT_MANAGEMENT = Quota("LimitManagement", 1)
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
_CLOUDTRAIL_READ = Quota("CloudTrail get, describe and list", 10)
# One quota over all operations that manage APIs, of both generations
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
_API_GATEWAY = Quota("API Gateway management", 10)
# Within it, five in two seconds.
_API_GATEWAY_RESOURCES = Quota("apigateway:GetResources", 2.5)
# One quota over all actions that do not send (https://docs.aws.amazon.com/ses/latest/dg/quotas.html).
_SES = Quota("SES actions that send nothing", 1)
# AWS publishes no figure for the other operations: stay well below what any of them is known to bear.
_UNDOCUMENTED_PER_SECOND = 2.0

_QUOTAS = {
    "cognito-idp:ListUserPools": _USER_POOL_READ,
    "cognito-idp:DescribeUserPool": _USER_POOL_READ,
    "cognito-idp:GetUserPoolMfaConfig": _USER_POOL_RESOURCE_READ,
    "cognito-idp:DescribeRiskConfiguration": _USER_POOL_RESOURCE_READ,
    "cognito-idp:ListIdentityProviders": _USER_POOL_RESOURCE_READ,
    "cognito-idp:DescribeIdentityProvider": _USER_POOL_RESOURCE_READ,
    "cognito-idp:ListResourceServers": _USER_POOL_RESOURCE_READ,
    "cognito-idp:ListGroups": _USER_POOL_RESOURCE_READ,
    "cognito-idp:ListUserImportJobs": _USER_POOL_RESOURCE_READ,
    "cognito-idp:DescribeUserPoolDomain": _USER_POOL_RESOURCE_READ,
    "cognito-idp:ListUserPoolClients": _USER_POOL_CLIENT_READ,
    "cognito-idp:DescribeUserPoolClient": _USER_POOL_CLIENT_READ,
    "cognito-idp:GetProvisionedLimit": _LIMIT_MANAGEMENT,
    "cloudtrail:DescribeTrails": _CLOUDTRAIL_READ,
    "cloudtrail:GetEventSelectors": _CLOUDTRAIL_READ,
    "cloudtrail:GetTrailStatus": _CLOUDTRAIL_READ,
    "apigateway:GetRestApis": _API_GATEWAY,
    "apigateway:GetAuthorizers": _API_GATEWAY,
    "apigateway:GetResources": _API_GATEWAY_RESOURCES,
    "apigatewayv2:GetApis": _API_GATEWAY,
    "apigatewayv2:GetAuthorizers": _API_GATEWAY,
    "apigatewayv2:GetRoutes": _API_GATEWAY,
    "sesv2:GetAccount": _SES,
    "sesv2:GetEmailIdentity": _SES,
    # https://docs.aws.amazon.com/waf/latest/developerguide/limits.html: this one, and any other Get or List.
    "wafv2:GetWebACLForResource": Quota("wafv2:GetWebACLForResource", 1),
    "wafv2:GetLoggingConfiguration": Quota("wafv2:GetLoggingConfiguration", 5),
    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: GetFunction's 100 a second are
    # that operation's alone, so reading a configuration counts among the rest of the control plane.
    "lambda:GetFunctionConfiguration": Quota("Lambda control plane", 15),
    "lambda:GetPolicy": Quota("lambda:GetPolicy", 15),
    # https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
    "acm:DescribeCertificate": Quota("acm:DescribeCertificate", 10),
    # https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
    "kms:DescribeKey": Quota("kms:DescribeKey", 2000),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
    "cloudwatch:DescribeAlarms": Quota("cloudwatch:DescribeAlarms", 9),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
    "logs:DescribeLogGroups": Quota("logs:DescribeLogGroups", 10),
    # https://docs.aws.amazon.com/servicequotas/latest/userguide/reference_limits.html
    "service-quotas:ListServiceQuotas": Quota("service-quotas:ListServiceQuotas", 10),
}


def quota_of(operation: str) -> Quota:
    """Return the quota of `service:Operation`; an undocumented one is a category of its own."""
    return _QUOTAS.get(operation) or Quota(operation, _UNDOCUMENTED_PER_SECOND)
