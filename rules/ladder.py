"""The severity ladder: how a user pool's circumstances move the severity of what is wrong with it.

A rule carries the severity of its problem on a user pool of which nothing more is known, and says what is
at stake. Circumstances raise or lower it by one step; if they do both, it stays. Raising ends at high:
critical is only what a rule itself finds to be so. What was not read moves nothing, nor is info ever
raised: it is no problem. Every user pool answers on the internet, so that alone raises nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from records.evaluation import Severity
from records.intent import Intent
from records.snapshot import Snapshot, UserPoolSnapshot
from rules.memory import remembered

MANY_USERS = 1000


class Stakes(StrEnum):
    """What is to be gained by a problem; `NONE` is for severities that stand by themselves."""

    SIGN_IN = "sign_in"
    STRANGERS = "strangers"
    CONTINUITY = "continuity"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A severity with the reason why it is not the rule's own; empty where it is."""

    severity: Severity
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """Something that is so of a user pool, in words that follow "because"."""

    words: str
    holds: "Callable[[Snapshot, UserPoolSnapshot, frozenset[Intent]], bool]"


def moved(
    severity: Severity,
    stakes: Stakes,
    snapshot: Snapshot,
    pool: UserPoolSnapshot | None,
    intents: frozenset[Intent],
) -> Moved:
    """Return the severity of a problem in the user pool's circumstances."""
    if pool is None or severity is Severity.INFO:
        return Moved(severity=severity)
    up, down = _STEPS[stakes]
    raising = next((each for each in up if each.holds(snapshot, pool, intents)), None)
    lowering = next((each for each in down if each.holds(snapshot, pool, intents)), None)
    if raising and not lowering and severity.rank > Severity.HIGH.rank:
        return Moved(severity=_step(severity, -1), reason=f"raised because {raising.words}")
    if lowering and not raising:
        return Moved(severity=_step(severity, 1), reason=f"lowered because {lowering.words}")
    return Moved(severity=severity)


def ladder() -> Iterator[tuple[Stakes, tuple[str, ...], tuple[str, ...]]]:
    """Yield the ladder as words: for each kind of stakes what raises and what lowers a severity."""
    for stakes, (up, down) in _STEPS.items():
        yield stakes, tuple(each.words for each in up), tuple(each.words for each in down)


def _step(severity: Severity, by: int) -> Severity:
    return list(Severity)[severity.rank + by]


def _feeds_identity_pool(snapshot: Snapshot, pool: UserPoolSnapshot, _intents: frozenset[Intent]) -> bool:
    return pool.member.id in _feeding(snapshot)


@remembered(1)
def _feeding(snapshot: Snapshot) -> frozenset[str]:
    """Return the ids of the user pools that identity pools of the snapshot trust."""
    return frozenset(
        provider.provider_name.rpartition("/")[2]
        for each in snapshot.identity_pools
        if each.settings.gap is None and each.settings.last_good is not None
        for provider in each.settings.last_good.value.user_pool_providers
    )


def _has_open_sign_up(_snapshot: Snapshot, pool: UserPoolSnapshot, _intents: frozenset[Intent]) -> bool:
    reading = pool.settings.last_good
    return pool.settings.gap is None and reading is not None and reading.value.allows_self_sign_up


def _users(pool: UserPoolSnapshot) -> int | None:
    reading = pool.settings.last_good
    return reading.value.estimated_users if reading is not None and pool.settings.gap is None else None


def _has_many_users(_snapshot: Snapshot, pool: UserPoolSnapshot, _intents: frozenset[Intent]) -> bool:
    return (_users(pool) or 0) > MANY_USERS


def _has_no_users(_snapshot: Snapshot, pool: UserPoolSnapshot, _intents: frozenset[Intent]) -> bool:
    return _users(pool) == 0


def _declared(intent: Intent) -> "Callable[[Snapshot, UserPoolSnapshot, frozenset[Intent]], bool]":
    return lambda _snapshot, _pool, intents: intent in intents


_FEEDS_IDENTITY_POOL = Circumstance(
    words="the user pool feeds an identity pool, whose AWS credentials its users get",
    holds=_feeds_identity_pool,
)
_OPEN_SIGN_UP = Circumstance(words="anybody can sign up", holds=_has_open_sign_up)
_MANY_USERS = Circumstance(words=f"the user pool has more than {MANY_USERS:,} users", holds=_has_many_users)
_NO_USERS = Circumstance(words="the user pool has no users", holds=_has_no_users)
_DEVELOPMENT = Circumstance(
    words="the user pool is declared to be for development", holds=_declared(Intent.DEVELOPMENT)
)
_FEDERATED_ONLY = Circumstance(
    words="the user pool is declared to be federated only", holds=_declared(Intent.FEDERATED_ONLY)
)
_MACHINE_ONLY = Circumstance(
    words="the user pool is declared to serve machines only", holds=_declared(Intent.MACHINE_TO_MACHINE)
)

_Circumstances = tuple[Circumstance, ...]
_STEPS: Mapping[Stakes, tuple[_Circumstances, _Circumstances]] = {
    Stakes.SIGN_IN: (
        (_FEEDS_IDENTITY_POOL, _MANY_USERS),
        (_NO_USERS, _DEVELOPMENT, _FEDERATED_ONLY, _MACHINE_ONLY),
    ),
    Stakes.STRANGERS: (
        (_FEEDS_IDENTITY_POOL, _OPEN_SIGN_UP),
        (_DEVELOPMENT, _FEDERATED_ONLY, _MACHINE_ONLY),
    ),
    Stakes.CONTINUITY: ((_MANY_USERS,), (_NO_USERS, _DEVELOPMENT)),
    Stakes.NONE: ((), ()),
}
