"""What a run was answered, from the spool into versions, gaps and usage samples."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from records.facet import FacetName, Holder
from records.resource import Scope, user_pool_of
from store import spool
from store.facets import NAMED_BY, named_domains
from store.scopes import scope_ids, scopes_of
from store.times import to_micros

# In this order, each on all answers of the run at once.
_VERSIONS = (
    """
    UPDATE versions SET last_run = :run, last_seen = spool.at
    FROM spool
    WHERE run_id = :run AND is_carried = 0 AND versions.digest = spool.digest AND state = 'current'
        AND versions.scope_id = spool.scope_id AND versions.resource_arn = spool.resource_arn
        AND versions.facet = spool.facet
    """,
    """
    UPDATE versions SET state = 'replaced'
    FROM spool
    WHERE run_id = :run AND is_carried = 0 AND versions.digest <> spool.digest AND state = 'current'
        AND versions.scope_id = spool.scope_id AND versions.resource_arn = spool.resource_arn
        AND versions.facet = spool.facet
    """,
    """
    INSERT INTO contents (digest, body)
    SELECT digest, body FROM spool WHERE run_id = :run AND is_carried = 0 AND body IS NOT NULL
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO versions (scope_id, resource_arn, facet, digest, first_run, last_run, first_seen, last_seen)
    SELECT scope_id, resource_arn, facet, digest, :run, :run, at, at
    FROM spool
    WHERE run_id = :run AND is_carried = 0 AND digest IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM versions
        WHERE state = 'current' AND versions.scope_id = spool.scope_id
            AND versions.resource_arn = spool.resource_arn AND versions.facet = spool.facet
    )
    ORDER BY scope_id, resource_arn, facet
    """,
    """
    INSERT OR REPLACE INTO gaps
        (run_id, scope_id, resource_arn, facet, operation, reason, message, accepted)
    SELECT run_id, scope_id, resource_arn, facet, operation, reason, message, accepted
    FROM spool WHERE run_id = :run AND is_carried = 0 AND reason IS NOT NULL
    """,
)
_HAS_VALUES = "SELECT 1 FROM spool WHERE run_id = ? AND is_carried = 0 AND digest IS NOT NULL LIMIT 1"
_SAMPLED = """
    SELECT resource_arn, at, samples FROM spool WHERE run_id = ? AND is_carried = 0 AND samples IS NOT NULL
"""
_LAST_SAMPLE = """
    SELECT value FROM usage_samples WHERE resource_arn = ? AND metric = ? ORDER BY run_id DESC LIMIT 1
"""
_SAMPLE = """
    INSERT OR REPLACE INTO usage_samples (resource_arn, metric, run_id, at, value) VALUES (?, ?, ?, ?, ?)
"""
_NOT_SEEN = """
    SELECT id, resource_arn, facet FROM versions WHERE scope_id = ? AND state = 'current' AND last_run <> ?
"""
_GONE = "UPDATE versions SET state = 'gone', gone_at = ? WHERE id = ?"


def publish(connection: sqlite3.Connection, run_id: int) -> bool:
    """Take in what a run kept; return whether a value was among it.

    Unchanged content only moves its version's last run. Where a list was read whole, the versions of
    resources that it no longer names end; where it is a gap, nothing ends.
    """
    for statement in _VERSIONS:
        connection.execute(statement, {"run": run_id})
    _add_samples(connection, run_id)
    ids = scope_ids(connection)
    for scope in scopes_of(connection, run_id):
        _Ending(connection, run_id, scope, ids[scope]).end_the_gone()
    return connection.execute(_HAS_VALUES, (run_id,)).fetchone() is not None


def _add_samples(connection: sqlite3.Connection, run_id: int) -> None:
    for resource_arn, at, samples in connection.execute(_SAMPLED, (run_id,)):
        for metric, value in spool.stored_samples(samples).items():
            key = (resource_arn, metric)
            if connection.execute(_LAST_SAMPLE, key).fetchone() != (value,):
                connection.execute(_SAMPLE, (*key, run_id, at, value))


class _Ending:
    """The end of what a run's lists in one scope no longer name."""

    def __init__(self, connection: sqlite3.Connection, run_id: int, scope: Scope, scope_id: int) -> None:
        self._connection = connection
        self._run_id = run_id
        self._scope = scope
        self._scope_id = scope_id
        # When each list was read and the ARNs that it names, None where it was not.
        self._lists: dict[tuple[FacetName, str], tuple[datetime, frozenset[str]] | None] = {}

    def end_the_gone(self) -> None:
        ended = [
            (to_micros(gone_at), version_id)
            for version_id, resource_arn, facet in self._connection.execute(
                _NOT_SEEN, (self._scope_id, self._run_id)
            )
            if (gone_at := self._gone_at(resource_arn, FacetName(facet).holder)) is not None
        ]
        self._connection.executemany(_GONE, ended)

    def _gone_at(self, resource_arn: str, holder: Holder) -> datetime | None:
        """Return when a list was read that should name the resource, or its user pool, and does not."""
        for listing, named in self._path(resource_arn, holder):
            if listing not in self._lists:
                self._lists[listing] = self._read(listing)
            if (found := self._lists[listing]) is not None and named not in found[1]:
                return found[0]
        return None

    def _path(self, resource_arn: str, holder: Holder) -> Iterator[tuple[tuple[FacetName, str], str]]:
        """Yield, from the top, each list on the way to the resource with what it must name on that way."""
        match holder:
            case Holder.REGION | Holder.ACCOUNT | Holder.REFERENCE:
                return
            case Holder.USER_POOL | Holder.IDENTITY_POOL:
                yield (NAMED_BY[holder], self._scope.facet_arn(NAMED_BY[holder])), resource_arn
            case _:
                user_pool_arn = user_pool_of(resource_arn)
                yield from self._path(user_pool_arn, Holder.USER_POOL)
                yield (NAMED_BY[holder], user_pool_arn), resource_arn

    def _read(self, listing: tuple[FacetName, str]) -> tuple[datetime, frozenset[str]] | None:
        kept = spool.read(self._connection, self._run_id, self._scope_id, listing)
        if kept is None:
            return None
        return kept.at, frozenset(_named_arns(self._scope, *listing, kept.value))


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
