"""Times as people read them: how long ago, in the viewer's zone and in UTC."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from poolwatch.text import counted

_STEPS = (("day", 86400), ("hour", 3600), ("minute", 60))


def viewer_zone() -> tzinfo:
    """Return the zone of the viewer's browser, UTC where it does not say."""
    name = st.context.timezone
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def zone_name() -> str:
    """Return the viewer's zone as table columns take it."""
    return str(getattr(viewer_zone(), "key", "UTC"))


def span(duration: timedelta) -> str:
    """Return a length of time in its largest unit: `3 minutes`."""
    seconds = max(0, int(duration.total_seconds()))
    for unit, length in _STEPS:
        if seconds >= length:
            return counted(seconds // length, unit)
    return counted(seconds, "second") if seconds else "less than a second"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago a time was: `3 minutes ago`, `just now`."""
    return "just now" if now - at < timedelta(seconds=10) else f"{span(now - at)} ago"


def stamp(at: datetime) -> str:
    """Return a time in the viewer's zone with UTC beside it."""
    here = at.astimezone(viewer_zone())
    utc = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return utc if here.utcoffset() == timedelta(0) else f"{here:%Y-%m-%d %H:%M:%S %Z} ({utc})"
