"""Cognito's read quotas, which Poolwatch shares with the owner's live application.

Source: the request-rate tables of the Amazon Cognito developer guide ("Quotas in Amazon Cognito").
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """Requests per second: a category's in one account and region, and one operation's on one user pool."""

    category: str
    per_second: float
    per_user_pool: float | None = None


_USER_POOL_READ = Quota("UserPoolRead", 15)
_USER_POOL_RESOURCE_READ = Quota("UserPoolResourceRead", 20, per_user_pool=5)
_USER_POOL_CLIENT_READ = Quota("UserPoolClientRead", 15, per_user_pool=5)
# AWS publishes no figure for the other operations: stay well below what any of them is known to bear.
_UNDOCUMENTED_PER_SECOND = 2.0

_QUOTAS = {
    "cognito-idp:ListUserPools": _USER_POOL_READ,
    "cognito-idp:DescribeUserPool": _USER_POOL_READ,
    "cognito-idp:GetUserPoolMfaConfig": _USER_POOL_RESOURCE_READ,
    "cognito-idp:DescribeRiskConfiguration": _USER_POOL_RESOURCE_READ,
    "cognito-idp:ListUserPoolClients": _USER_POOL_CLIENT_READ,
    "cognito-idp:DescribeUserPoolClient": _USER_POOL_CLIENT_READ,
}


def quota_of(operation: str) -> Quota:
    """Return the quota of `service:Operation`; an undocumented one is a category of its own."""
    return _QUOTAS.get(operation) or Quota(operation, _UNDOCUMENTED_PER_SECOND)
