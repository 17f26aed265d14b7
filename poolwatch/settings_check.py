"""What `poolwatch doctor` says of the settings file."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from collectors.clients import cognito_regions
from poolwatch.checks import Check, Status
from poolwatch.configuration import AcceptedGap, Configuration
from poolwatch.text import counted, plain
from records.errors import SettingsError, StoreError
from records.run import RunGap
from store.reader import exists, open_reader

_SUBJECT = "settings"
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
_REASON_LENGTH = 60


def check_settings(settings: Configuration | SettingsError, *, store: Path, today: date) -> Iterator[Check]:
    """Yield each mistake of the file; where there is none, what it holds and what of it has had its day."""
    if isinstance(settings, SettingsError):
        for mistake in settings.mistakes:
            message = f"{settings.file}: {mistake.removesuffix('?')}{'?' if mistake.endswith('?') else '.'}"
            yield Check(subject=_SUBJECT, status=Status.FAILED, message=message, hint=settings.hint)
        return
    if settings.path is None:
        message = "There is no poolwatch.toml here; options and the usual AWS environment hold."
        yield Check(subject=_SUBJECT, status=Status.NOTE, message=message)
        return
    changed_rules = len(
        settings.parameters.keys() | settings.names.keys() | settings.switched_on | settings.switched_off
    )
    held = (
        counted(len(settings.accounts), "account"),
        f"baseline {settings.baseline_name}",
        counted(changed_rules, "rule of its own", "rules of its own"),
        counted(len(settings.accepted_gaps), "accepted gap"),
        counted(len(settings.mutes), "mute"),
    )
    yield Check(subject=_SUBJECT, status=Status.OK, message=f"{settings.path} is sound: {', '.join(held)}.")
    gaps = _gaps(store)
    for number, accepted in enumerate(settings.accepted_gaps, 1):
        if why := _idle(accepted, settings, gaps, today):
            name = f"accepted_gaps[{number}] ({plain(accepted.reason, _REASON_LENGTH)})"
            yield Check(subject=_SUBJECT, status=Status.NOTE, message=f"{name} {why}.")
    for number, mute in enumerate(settings.mutes, 1):
        if mute.has_expired(today):
            name = f"mutes[{number}] ({plain(mute.reason, _REASON_LENGTH)})"
            message = f"{name} held until {mute.until}: what it covers counts again."
            yield Check(subject=_SUBJECT, status=Status.NOTE, message=message)


def _idle(
    accepted: AcceptedGap, settings: Configuration, gaps: Sequence[RunGap] | None, today: date
) -> str | None:
    """Return why an accepted gap accepts nothing, None where it does or may."""
    if accepted.has_expired(today):
        return f"was accepted until {accepted.until}: what it covers is a gap again"
    if accepted.account and settings.accounts and settings.account(accepted.account) is None:
        return f"is about account {accepted.account}, which the file does not name"
    known = {name for partition in _PARTITIONS for name in cognito_regions(partition)}
    if accepted.region and accepted.region not in known:
        return f"is about {accepted.region}, which is no region with Cognito"
    if gaps is not None and not any(accepted.covers(gap) for gap in gaps):
        return "covers no gap of the newest run"
    return None


def _gaps(store: Path) -> Sequence[RunGap] | None:
    """Return what the newest run could not read, None where there is no run."""
    try:
        if not exists(store):
            return None
        with open_reader(store) as reader:
            run = reader.latest_run()
            return None if run is None else reader.gaps(run.id)
    except StoreError:
        # The check of the store tells of it.
        return None
