"""What a run was answered, into versions, gaps and usage samples."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from records.facet import FacetName, Gap, Reason
from records.resource import Scope
from records.run import Answer
from store.codec import Encoded, Sample, UnencodableError, encode
from store.facets import member_arns, region_list_arn, user_pool_of
from store.scopes import scope_ids, scopes_of
from store.times import to_micros

_CURRENT = """
    SELECT id, digest FROM versions WHERE resource_arn = ? AND facet = ? AND state = 'current'
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
    INSERT OR REPLACE INTO gaps (run_id, scope_id, resource_arn, facet, operation, reason, message)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_LAST_SAMPLE = """
    SELECT value FROM usage_samples WHERE resource_arn = ? AND metric = ? ORDER BY run_id DESC LIMIT 1
"""
_SAMPLE = """
    INSERT OR REPLACE INTO usage_samples (resource_arn, metric, run_id, at, value) VALUES (?, ?, ?, ?, ?)
"""


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
        # By scope: the ARN of each list that was read, when, and the ARNs that it names.
        self._lists: dict[Scope, dict[str, tuple[datetime, frozenset[str]]]] = {}
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
        if isinstance(outcome, tuple):
            named = member_arns(answer.scope, answer.facet, answer.resource_arn, outcome)
            self._lists.setdefault(answer.scope, {})[answer.resource_arn] = (answer.at, named)

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
        self._connection.execute(_GAP, (*key, gap.operation, gap.reason.value, storable(gap.message)))

    def _add_version(self, answer: Answer, encoded: Encoded) -> None:
        scope_id = self._scopes[answer.scope]
        at = to_micros(answer.at)
        key = (answer.resource_arn, answer.facet.value)
        current = self._connection.execute(_CURRENT, key).fetchone()
        if current is not None:
            version_id, digest = current
            if digest == encoded.digest:
                self._connection.execute(_SEEN_AGAIN, (self._run_id, at, version_id))
                return
            self._connection.execute(_REPLACED, (version_id,))
        self._connection.execute(_CONTENT, (encoded.digest, encoded.body))
        self._connection.execute(_VERSION, (scope_id, *key, encoded.digest, self._run_id, at))

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


def _gone_at(
    scope: Scope,
    resource_arn: str,
    facet: FacetName,
    lists: Mapping[str, tuple[datetime, frozenset[str]]],
) -> datetime | None:
    """Return when a list was read that should name the resource, or the user pool it is in, and does not."""
    for listing, named in _path(scope, resource_arn, facet):
        if listing in lists:
            at, members = lists[listing]
            if named not in members:
                return at
    return None


def _path(scope: Scope, resource_arn: str, facet: FacetName) -> Iterator[tuple[str, str]]:
    """Yield, from the top, each list on the way to the resource with what it must name on that way."""
    if facet in (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS):
        return
    user_pool_arn = user_pool_of(resource_arn)
    yield region_list_arn(scope, resource_arn), user_pool_arn
    if facet is FacetName.APP_CLIENT:
        yield user_pool_arn, resource_arn
