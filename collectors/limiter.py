"""Client-side pacing: token buckets that every request draws from, retries included."""

import threading
import time
from collections.abc import Callable, Hashable

from collectors.quotas import Quota

# A bucket holds half a second's worth: with what flows in meanwhile, no second sees more than the quota
# even at the largest share in which this matters (0.6 x 1.5 = 0.9).
_BURST_SECONDS = 0.5


class RateLimiter:
    """Token buckets per (account, region, category), and per operation and user pool where AWS counts so.

    `share` is the part of each quota to use, None to use no pacing at all. Safe for many threads.
    """

    def __init__(
        self,
        share: float | None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._share = share
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        # The time at which a bucket would be full again if nothing more were drawn.
        self._full_at: dict[Hashable, float] = {}

    @property
    def is_pacing(self) -> bool:
        """Whether requests have to wait for tokens at all."""
        return self._share is not None

    def acquire(self, quota: Quota, *, place: tuple[str, str], operation: str, user_pool_id: str) -> None:
        """Wait until the request may go out; `place` is (account id, region)."""
        if self._share is None:
            return
        wait = self._reserve((place, quota.category), quota.per_second * self._share)
        if quota.per_user_pool and user_pool_id:
            bucket = (place, operation, user_pool_id)
            wait = max(wait, self._reserve(bucket, quota.per_user_pool * self._share))
        if wait > 0:
            self._sleep(wait)

    def _reserve(self, bucket: Hashable, per_second: float) -> float:
        """Draw one token, if need be one that is still to come; return the seconds until it is there."""
        interval = 1 / per_second
        burst = max(_BURST_SECONDS - interval, 0.0)
        with self._lock:
            now = self._clock()
            start = max(self._full_at.get(bucket, now), now)
            self._full_at[bucket] = start + interval
        return start - now - burst
