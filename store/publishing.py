"""What a run was answered, into versions, gaps and usage samples."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from records.facet import FacetName, Gap, Holder, Reason
from records.resource import Scope, user_pool_of
from records.run import Answer
from store.codec import Encoded, Sample, UnencodableError, encode
from store.facets import NAMED_BY, named_domains
from store.scopes import scope_ids, scopes_of
from store.times import to_micros

_CURRENT = """
    SELECT id, digest FROM versions
    WHERE scope_id = ? AND resource_arn = ? AND facet = ? AND state = 'current'
"""
_CURRENT_OF_SCOPE = """
    SELECT id, resource_arn, facet FROM versions WHERE scope_id = ? AND state = 'current'
"""
_SEEN_AGAIN = "UPDATE versions SET last_run = ?, last_seen = ? WHERE id = ?"
_REPLACED = "UPDATE versions SET state = 'replaced' WHERE id = ?"
_GONE = "UPDATE versions SET state = 'gone', gone_at = ? WHERE id = ?"
_CONTENT = "INSERT INTO contents (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING"
_VERSION = """
    INSERT INTO versions (scope_id, resource_arn, facet, digest, first_run, last_run, first_seen, last_seen)
    VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?6)
"""
_GAP = """
    INSERT OR REPLACE INTO gaps (run_id, scope_id, resource_arn, facet, operation, reason, message, accepted)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_LAST_SAMPLE = """
    SELECT value FROM usage_samples WHERE resource_arn = ? AND metric = ? ORDER BY run_id DESC LIMIT 1
"""
_SAMPLE = """
    INSERT OR REPLACE INTO usage_samples (resource_arn, metric, run_id, at, value) VALUES (?, ?, ?, ?, ?)
"""

_LISTS = frozenset(NAMED_BY.values())
_Lists = dict[tuple[FacetName, str], tuple[datetime, frozenset[str]]]


def publish(connection: sqlite3.Connection, run_id: int, answers: Iterable[Answer]) -> bool:
    """Take in a run's answers, one by one; return whether a value was among them.

    Unchanged content only moves its version's last run. Where a list was read whole, the versions of
    resources that it no longer names end; where it is a gap, nothing ends. Raises KeyError for an answer
    outside the run's scopes and TypeError for a record that is not its facet's.
    """
    run = _Publication(connection, run_id)
    for answer in answers:
        run.take(answer)
    run.end_the_gone()
    return run.has_values


class _Publication:
    """The publishing of one run; remembers which resources its lists name."""

    def __init__(self, connection: sqlite3.Connection, run_id: int) -> None:
        self._connection = connection
        self._run_id = run_id
        self._scopes = _scopes(connection, run_id)
        # By scope: each facet that was read and names resources, when, and the ARNs that it names.
        self._lists: dict[Scope, _Lists] = {}
        self.has_values = False

    def take(self, answer: Answer) -> None:
        outcome = answer.outcome
        if isinstance(outcome, Gap):
            self._add_gap(answer, outcome)
            return
        try:
            encoded = encode(answer.facet, outcome)
        except UnencodableError as error:
            gap = Gap(operation=answer.facet.operation, reason=Reason.MALFORMED, message=str(error))
            self._add_gap(answer, gap)
            return
        self.has_values = True
        self._add_version(answer, encoded)
        self._add_samples(answer, encoded.samples)
        if answer.facet in _LISTS:
            named = frozenset(_named_arns(answer.scope, answer.facet, answer.resource_arn, outcome))
            self._lists.setdefault(answer.scope, {})[answer.facet, answer.resource_arn] = (answer.at, named)

    def end_the_gone(self) -> None:
        for scope, lists in self._lists.items():
            rows = self._connection.execute(_CURRENT_OF_SCOPE, (self._scopes[scope],)).fetchall()
            for version_id, resource_arn, facet in rows:
                gone_at = _gone_at(scope, resource_arn, FacetName(facet), lists)
                if gone_at is not None:
                    self._connection.execute(_GONE, (to_micros(gone_at), version_id))

    def _add_gap(self, answer: Answer, gap: Gap) -> None:
        scope_id = self._scopes[answer.scope]
        key = (self._run_id, scope_id, answer.resource_arn, answer.facet.value)
        what = (gap.operation, gap.reason.value, storable(gap.message), gap.accepted)
        self._connection.execute(_GAP, (*key, *what))

    def _add_version(self, answer: Answer, encoded: Encoded) -> None:
        scope_id = self._scopes[answer.scope]
        at = to_micros(answer.at)
        key = (scope_id, answer.resource_arn, answer.facet.value)
        current = self._connection.execute(_CURRENT, key).fetchone()
        if current is not None:
            version_id, digest = current
            if digest == encoded.digest:
                self._connection.execute(_SEEN_AGAIN, (self._run_id, at, version_id))
                return
            self._connection.execute(_REPLACED, (version_id,))
        self._connection.execute(_CONTENT, (encoded.digest, encoded.body))
        self._connection.execute(_VERSION, (*key, encoded.digest, self._run_id, at))

    def _add_samples(self, answer: Answer, samples: Mapping[str, Sample]) -> None:
        for metric, value in samples.items():
            key = (answer.resource_arn, metric)
            if self._connection.execute(_LAST_SAMPLE, key).fetchone() != (value,):
                self._connection.execute(_SAMPLE, (*key, self._run_id, to_micros(answer.at), value))


def storable(text: str) -> str:
    """Return a text in which lone surrogates, which SQLite cannot keep, are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _scopes(connection: sqlite3.Connection, run_id: int) -> dict[Scope, int]:
    ids = scope_ids(connection)
    return {scope: ids[scope] for scope in scopes_of(connection, run_id)}


def _gone_at(scope: Scope, resource_arn: str, facet: FacetName, lists: _Lists) -> datetime | None:
    """Return when a list was read that should name the resource, or the user pool it is in, and does not."""
    for listing, named in _path(scope, resource_arn, facet.holder):
        if listing in lists:
            at, members = lists[listing]
            if named not in members:
                return at
    return None


def _path(scope: Scope, resource_arn: str, holder: Holder) -> Iterator[tuple[tuple[FacetName, str], str]]:
    """Yield, from the top, each list on the way to the resource with what it must name on that way."""
    match holder:
        case Holder.REGION | Holder.REFERENCE:
            return
        case Holder.USER_POOL | Holder.IDENTITY_POOL:
            yield (NAMED_BY[holder], scope.facet_arn(NAMED_BY[holder])), resource_arn
        case _:
            user_pool_arn = user_pool_of(resource_arn)
            yield from _path(scope, user_pool_arn, Holder.USER_POOL)
            yield (NAMED_BY[holder], user_pool_arn), resource_arn


def _named_arns(scope: Scope, facet: FacetName, arn: str, value: Any) -> Iterator[str]:
    """Yield the ARNs of the resources that a list, or a user pool's settings, name."""
    user_pool_id = arn.rpartition("/")[2]
    match facet:
        case FacetName.USER_POOLS:
            yield from (scope.user_pool_arn(member.id) for member in value)
        case FacetName.IDENTITY_POOLS:
            yield from (scope.identity_pool_arn(member.id) for member in value)
        case FacetName.APP_CLIENTS:
            yield from (scope.app_client_arn(user_pool_id, member.id) for member in value)
        case FacetName.IDENTITY_PROVIDERS:
            yield from (scope.identity_provider_arn(user_pool_id, member.id) for member in value)
        case _:
            yield from (scope.domain_arn(user_pool_id, member.id) for member in named_domains(value))
