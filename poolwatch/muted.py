"""All mutes there are, with what each of them covers."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from poolwatch.configuration import Configuration, MuteSettings
from poolwatch.handling import Source, pool_tags
from poolwatch.posture import read_posture
from records.evaluation import Outcome
from records.handling import Mute
from records.resource import user_pool_of
from store.reader import open_reader


class State(StrEnum):
    """Whether a mute counts: one that has had its last day is expired, one that was taken back ended."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMute:
    """A mute of the store or of the settings file; `findings` are the failures that it covers today."""

    source: Source
    state: State
    code: str | None
    resource: str | None
    account: str | None
    tag: str | None
    reason: str
    author: str | None
    until: date
    created_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    findings: int


def read_mutes(store: Path, settings: Configuration) -> tuple[ListedMute, ...]:
    """Return the store's mutes, the oldest first, then the settings file's. Raises StoreError."""
    posture = read_posture(store, baseline=settings.baseline, handling=settings.handling)
    today = posture.judged_at.date()
    with open_reader(store) as reader:
        kept = reader.mutes(with_ended=True)
    failures = [each.evaluation for each in posture.having(Outcome.FAIL)]
    failing = Counter((each.code, each.resource_arn) for each in failures)
    tags = pool_tags(posture.snapshot)

    def covered(mute: MuteSettings) -> int:
        return sum(mute.covers(each, tags.get(user_pool_of(each.resource_arn), ())) for each in failures)

    return (
        *(_of_store(each, today, failing[each.code, each.resource_arn]) for each in kept),
        *(_of_settings(each, today, covered(each)) for each in settings.mutes),
    )


def _of_store(mute: Mute, today: date, findings: int) -> ListedMute:
    state = State.ENDED if mute.ended_at else (State.IN_FORCE if mute.holds(today) else State.EXPIRED)
    return ListedMute(
        source=Source.STORE,
        state=state,
        code=mute.code,
        resource=mute.resource_arn,
        account=None,
        tag=None,
        reason=mute.reason,
        author=mute.author,
        until=mute.until,
        created_at=mute.created_at,
        ended_at=mute.ended_at,
        ended_by=mute.ended_by,
        findings=0 if state is State.ENDED else findings,
    )


def _of_settings(mute: MuteSettings, today: date, findings: int) -> ListedMute:
    return ListedMute(
        source=Source.SETTINGS,
        state=State.EXPIRED if mute.has_expired(today) else State.IN_FORCE,
        code=mute.code,
        resource=mute.resource,
        account=mute.account,
        tag=mute.tag,
        reason=mute.reason,
        author=mute.author,
        until=mute.until,
        created_at=None,
        ended_at=None,
        ended_by=None,
        findings=findings,
    )
