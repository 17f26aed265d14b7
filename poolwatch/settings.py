"""Where Poolwatch's environment is read: its variables, and the way it was started."""

import os
import shutil
import sys
from pathlib import Path

import platformdirs

from records.errors import UsageError

# Cognito's read quotas are shared with the owner's live application, which keeps the larger part in a pinch.
DEFAULT_RATE_SHARE = 0.6
# Below this a single call would wait for minutes.
_SMALLEST_SHARE = 0.01


def default_store() -> Path:
    """Return the store's directory: POOLWATCH_STORE, else the platform's data folder."""
    configured = os.environ.get("POOLWATCH_STORE")
    return Path(configured) if configured else platformdirs.user_data_path("poolwatch", appauthor=False)


def demo_store() -> Path:
    """Return the demo's store, which lies beside the real one and never mixes with it."""
    return default_store().with_name(f"{default_store().name}-demo")


def program() -> str:
    """Return what a person types for `poolwatch`: its name if the shell finds it, else its path."""
    installed = Path(sys.executable).with_name("poolwatch")
    if shutil.which("poolwatch") or not installed.exists():
        return "poolwatch"
    here = Path.cwd()
    return str(installed.relative_to(here) if installed.is_relative_to(here) else installed)


def rate_share(text: str | None) -> float | None:
    """Return the share of AWS's quotas to use, None for no pacing; `text` overrides POOLWATCH_RATE_SHARE.

    Raises UsageError where it is neither `off` nor a share that a run can live on.
    """
    chosen = text or os.environ.get("POOLWATCH_RATE_SHARE") or str(DEFAULT_RATE_SHARE)
    if chosen == "off":
        return None
    try:
        share = float(chosen)
    except ValueError:
        share = 0.0
    if not _SMALLEST_SHARE <= share <= 1:
        raise UsageError(
            f"The rate share {chosen!r} is no share of AWS's quotas.",
            f"Give a number from {_SMALLEST_SHARE} to 1 (0.6 is the default), or `off` for no pacing.",
        )
    return share
