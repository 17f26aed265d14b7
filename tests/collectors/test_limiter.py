"""Pacing, on a clock that only the limiter's own waiting moves."""

import pytest

from collectors.limiter import RateLimiter
from collectors.quotas import Quota, quota_of

PLACE = ("111122223333", "eu-west-1")
READ = Quota("UserPoolRead", 15)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(share: float | None) -> tuple[RateLimiter, Clock]:
    clock = Clock()
    return RateLimiter(share, clock=clock, sleep=clock.sleep), clock


def draw(limiter: RateLimiter, quota: Quota, times: int, pool: str = "", region: str = "eu-west-1") -> None:
    for _ in range(times):
        limiter.acquire(quota, place=("111122223333", region), operation="op", user_pool_id=pool)


@pytest.mark.parametrize("share", [0.1, 0.6, 1.0])
def test_the_share_of_the_quota_is_what_flows(share: float) -> None:
    limiter, clock = paced(share)
    draw(limiter, READ, 301)
    assert (clock.now - 100) * 15 * share == pytest.approx(300, rel=0.03)


def test_no_second_sees_more_than_the_quota_at_the_default_share() -> None:
    limiter, clock = paced(0.6)
    times = []
    for _ in range(200):
        draw(limiter, READ, 1)
        times.append(clock.now)
    assert max(sum(start <= t < start + 1 for t in times) for start in times) <= 15


def test_categories_regions_and_accounts_have_buckets_of_their_own() -> None:
    limiter, clock = paced(0.6)
    draw(limiter, READ, 4)
    draw(limiter, Quota("UserPoolClientRead", 15), 4)
    draw(limiter, READ, 4, region="us-east-1")
    limiter.acquire(READ, place=("444455556666", "eu-west-1"), operation="op", user_pool_id="")
    assert clock.now == 100


def test_one_user_pool_gets_no_more_than_its_own_limit() -> None:
    limiter, clock = paced(1.0)
    draw(limiter, quota_of("cognito-idp:GetUserPoolMfaConfig"), 51, pool="eu-west-1_a")
    assert clock.now - 100 == pytest.approx(10, rel=0.05)


def test_an_undocumented_operation_gets_two_requests_a_second_for_itself() -> None:
    limiter, clock = paced(1.0)
    draw(limiter, quota_of("cognito-identity:DescribeIdentityPool"), 21)
    draw(limiter, quota_of("cognito-identity:GetIdentityPoolRoles"), 1)
    assert clock.now - 100 == pytest.approx(10, rel=0.06)


def test_without_pacing_nothing_waits() -> None:
    limiter, clock = paced(None)
    draw(limiter, READ, 1000)
    assert clock.now == 100
