"""How a finding is handled: who lives with it until when, who sees to it, and when it is due."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from poolwatch.configuration import Handling
from records.account import AccountInfo
from records.evaluation import Evaluation, Outcome
from records.handling import Assignment, Mute
from records.resource import user_pool_of
from records.snapshot import Snapshot
from store.reader import Reader

REASON_LENGTH = 500
NAME_LENGTH = 200
TICKET_LENGTH = 500
_OWNER_TAGS = ("owner", "Owner")
_NO_TAGS: tuple[tuple[str, str], ...] = ()


class Source(StrEnum):
    """Where a mute stands."""

    STORE = "store"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Muting:
    """Why a finding is muted, and through which day."""

    reason: str
    author: str | None
    until: date
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the store holds of people's decisions, and what the accounts are called."""

    mutes: tuple[Mute, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    accounts: Mapping[str, AccountInfo] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """How one finding is handled; None is for what nobody said and nothing implies."""

    mute: Muting | None
    owner: str | None
    due: date | None
    ticket: str | None


def read_decisions(reader: Reader) -> Decisions:
    """Return what the store holds of people's decisions."""
    return Decisions(mutes=reader.mutes(), assignments=reader.assignments(), accounts=reader.accounts())


class Handler:
    """Tells of each finding of a snapshot how it is handled on one day."""

    def __init__(self, snapshot: Snapshot, decisions: Decisions, settings: Handling, today: date) -> None:
        self._tags = pool_tags(snapshot)
        self._mutes: defaultdict[tuple[str, str], list[Mute]] = defaultdict(list)
        for each in decisions.mutes:
            if each.holds(today):
                self._mutes[each.code, each.resource_arn].append(each)
        self._rules = tuple(each for each in settings.mutes if not each.has_expired(today))
        self._assignments = {(each.code, each.resource_arn): each for each in decisions.assignments}
        named = {key: each.owner for key, each in (decisions.accounts or {}).items() if each.owner}
        self._owners = named | dict(settings.owners)
        self._due = settings.due

    def of(self, evaluation: Evaluation, opened_at: datetime | None) -> Handled:
        """Return how a finding is handled; only a failure is muted or due."""
        given = self._assignments.get((evaluation.code, evaluation.resource_arn))
        is_failure = evaluation.outcome is Outcome.FAIL
        return Handled(
            mute=self._mute(evaluation) if is_failure else None,
            owner=(given and given.owner) or self.default_owner(evaluation),
            due=((given and given.due) or self._due_by(evaluation, opened_at)) if is_failure else None,
            ticket=given.ticket if given else None,
        )

    def default_owner(self, evaluation: Evaluation) -> str | None:
        """Return who owns the user pool or identity pool by its tag, else who owns the account."""
        tags = dict(self._tags_of(evaluation))
        tagged = next((tags[key].strip() for key in _OWNER_TAGS if tags.get(key, "").strip()), None)
        return tagged or self._owners.get(evaluation.scope.account_id)

    def _mute(self, evaluation: Evaluation) -> Muting | None:
        key = evaluation.code, evaluation.resource_arn
        for mute in self._mutes.get(key, ()):
            return Muting(reason=mute.reason, author=mute.author, until=mute.until, source=Source.STORE)
        covering = [each for each in self._rules if each.covers(evaluation, self._tags_of(evaluation))]
        # Where several cover it, it is back after the last of them.
        last = max(covering, key=lambda each: each.until, default=None)
        if last is None:
            return None
        return Muting(reason=last.reason, author=last.author, until=last.until, source=Source.SETTINGS)

    def _due_by(self, evaluation: Evaluation, opened_at: datetime | None) -> date | None:
        days = self._due.days(evaluation.severity)
        return None if opened_at is None or days is None else opened_at.date() + timedelta(days=days)

    def _tags_of(self, evaluation: Evaluation) -> Sequence[tuple[str, str]]:
        return self._tags.get(user_pool_of(evaluation.resource_arn), _NO_TAGS)


def pool_tags(snapshot: Snapshot) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the tags of user pools and identity pools by ARN; the last known ones where a gap hides them."""
    user_pools = {each.arn: each.settings.last_good for each in snapshot.user_pools}
    identity_pools = {each.arn: each.settings.last_good for each in snapshot.identity_pools}
    return {
        **{arn: reading.value.tags for arn, reading in user_pools.items() if reading},
        **{arn: reading.value.tags for arn, reading in identity_pools.items() if reading},
    }


def is_link(ticket: str) -> bool:
    """Whether a ticket is an address on the web, without a password in it."""
    if not ticket.isprintable() or any(map(str.isspace, ticket)) or "\\" in ticket:
        return False
    try:
        parts = urlsplit(ticket)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc
