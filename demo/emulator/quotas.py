"""AWS's request rates for Cognito's reads, enforced as token buckets.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
"""

import threading
import time
from collections.abc import Callable

from demo.emulator.accounts import account_of
from demo.emulator.calls import Call

USER_POOL_READ = frozenset({"DescribeUserPool", "ListUserPools"})
CLIENT_READ = frozenset({"DescribeUserPoolClient", "ListUserPoolClientSecrets", "ListUserPoolClients"})
USER_LIST = frozenset({"ListUsers", "ListUsersInGroup"})
READ_PREFIXES = ("Describe", "Get", "List")

PER_USER_POOL_RPS = 5
IDENTITY_POOL_RPS = 10


def limits_of(call: Call) -> tuple[tuple[str, int], ...]:
    """Return the quotas that a call draws from, each as (bucket, requests per second)."""
    if not call.operation.startswith(READ_PREFIXES):
        return ()
    if call.service == "cognito-identity":
        return ((call.operation, IDENTITY_POOL_RPS),)
    if call.service != "cognito-idp":
        return ()
    if call.operation in USER_POOL_READ:
        return (("UserPoolRead", 15),)
    if call.operation in USER_LIST:
        return (("UserList", 30),)
    category = ("UserPoolClientRead", 15) if call.operation in CLIENT_READ else ("UserPoolResourceRead", 20)
    per_user_pool = f"{call.operation}/{call.parameters.get('UserPoolId')}"
    return (category, (per_user_pool, PER_USER_POOL_RPS))


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

    def _level(self, key: tuple[str, str, str], rps: int, now: float) -> float:
        level, since = self._buckets.get(key, (float(rps), now))
        return min(float(rps), level + (now - since) * rps)
