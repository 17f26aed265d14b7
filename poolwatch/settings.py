"""Where Poolwatch's environment variables are read."""

import os
from pathlib import Path

import platformdirs

from records.errors import UsageError

# Cognito's read quotas are shared with the owner's live application, which keeps the larger part in a pinch.
DEFAULT_RATE_SHARE = 0.6


def default_store() -> Path:
    """Return the store's directory: POOLWATCH_STORE, else the platform's data folder."""
    configured = os.environ.get("POOLWATCH_STORE")
    return Path(configured) if configured else platformdirs.user_data_path("poolwatch", appauthor=False)


def demo_store() -> Path:
    """Return the demo's store, which lies beside the real one and never mixes with it."""
    return default_store().with_name(f"{default_store().name}-demo")


def rate_share(text: str | None) -> float | None:
    """Return the share of AWS's quotas to use, None for no pacing; `text` overrides POOLWATCH_RATE_SHARE.

    Raises UsageError where it is neither `off` nor a number above 0 and up to 1.
    """
    chosen = text or os.environ.get("POOLWATCH_RATE_SHARE") or str(DEFAULT_RATE_SHARE)
    if chosen == "off":
        return None
    try:
        share = float(chosen)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise UsageError(
            f"The rate share {chosen!r} is no share of AWS's quotas.",
            "Give a number above 0 and up to 1 (0.6 is the default), or `off` for no pacing.",
        )
    return share
