"""AWS's request rates for the reads of an audit, enforced as token buckets.

Cognito's stand in https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html. Of the other
services those are enforced whose figure AWS publishes, with the page beside each; operations that AWS names
no figure for are not held back.
"""

import threading
import time
from collections.abc import Callable

from demo.emulator.accounts import account_of
from demo.emulator.calls import Call

# The categories that no user pool has a share of.
ACCOUNT_WIDE = {
    "DescribeUserPool": ("UserPoolRead", 15),
    "GetProvisionedLimit": ("LimitManagement", 1),
    "ListUserPools": ("UserPoolRead", 15),
    "ListUsers": ("UserList", 30),
    "ListUsersInGroup": ("UserList", 30),
}
CLIENT_READ = frozenset({"DescribeUserPoolClient", "ListUserPoolClientSecrets", "ListUserPoolClients"})
READ_PREFIXES = ("Describe", "Get", "List")

# The operations that are younger than AWS's table of categories.
UNDOCUMENTED = frozenset(
    {
        "GetLogDeliveryConfiguration",
        "GetUserPoolClientSessionConfiguration",
        "GetUserPoolSessionConfiguration",
        "ListUserPoolReplicas",
    }
)
# Service and operation, or the service alone: the bucket and its requests per second.
OTHERS: dict[str, tuple[str, float]] = {
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    "apigateway:GetResources": ("GetResources", 2.5),
    "apigateway": ("API Gateway", 10),
    "apigatewayv2": ("API Gateway", 10),
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
    "cloudtrail": ("CloudTrail", 10),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
    "cloudwatch:DescribeAlarms": ("DescribeAlarms", 9),
    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    "lambda:GetPolicy": ("GetPolicy", 15),
    "lambda": ("Lambda", 15),
    # https://docs.aws.amazon.com/ses/latest/dg/quotas.html
    "sesv2": ("SES", 1),
    # https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
    "wafv2:GetWebACLForResource": ("GetWebACLForResource", 1),
    "wafv2:GetLoggingConfiguration": ("GetLoggingConfiguration", 5),
}

PER_USER_POOL_RPS = 5
IDENTITY_POOL_RPS = 10


def limits_of(call: Call) -> tuple[tuple[str, float], ...]:
    """Return the quotas that a call draws from, each as (bucket, requests per second)."""
    if not call.operation.startswith(READ_PREFIXES):
        return ()
    if call.service == "cognito-idp":
        return _of_user_pools(call)
    if call.service == "cognito-identity":
        return ((call.operation, IDENTITY_POOL_RPS),)
    other = OTHERS.get(call.name) or OTHERS.get(call.service)
    return (other,) if other else ()


def _of_user_pools(call: Call) -> tuple[tuple[str, float], ...]:
    if call.operation in UNDOCUMENTED:
        return ()
    if call.operation in ACCOUNT_WIDE:
        return (ACCOUNT_WIDE[call.operation],)
    category = ("UserPoolClientRead", 15) if call.operation in CLIENT_READ else ("UserPoolResourceRead", 20)
    user_pool = call.parameters.get("UserPoolId")
    # DescribeUserPoolDomain is asked by the domain's name.
    return (category, (f"{call.operation}/{user_pool}", PER_USER_POOL_RPS)) if user_pool else (category,)


class Quotas:
    """One bucket per account, region and quota; a bucket holds one second's worth of requests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.is_enforced = False
        self.throttled = 0
        self.clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str, str], tuple[float, float]] = {}

    def reset(self) -> None:
        """Fill all buckets, forget what was throttled and stop enforcing."""
        with self._lock:
            self.is_enforced = False
            self.throttled = 0
            self._buckets.clear()

    def admit(self, call: Call) -> bool:
        """Draw from every quota of the call, or from none and return False where one is used up."""
        if not self.is_enforced:
            return True
        place = (account_of(call.access_key), call.region)
        limits = [((*place, bucket), rps) for bucket, rps in limits_of(call)]
        with self._lock:
            now = self.clock()
            levels = {key: self._level(key, rps, now) for key, rps in limits}
            if any(level < 1 for level in levels.values()):
                self.throttled += 1
                return False
            self._buckets.update({key: (level - 1, now) for key, level in levels.items()})
            return True

    def _level(self, key: tuple[str, str, str], rps: float, now: float) -> float:
        level, since = self._buckets.get(key, (rps, now))
        return min(rps, level + (now - since) * rps)
