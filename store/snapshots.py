"""What is known of the watched accounts, put together from the newest runs and the last good versions."""

import gc
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from records.facet import Facet, FacetName, Gap, Reading, Reason
from records.resource import Member
from records.snapshot import (
    AppClientSnapshot,
    IdentityPoolSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from store.codec import Sample, UndecodableError, decode
from store.facets import KINDS, Members
from store.scopes import ShownRun, shown_runs
from store.times import from_micros

_VERSIONS = """
    SELECT resource_arn, facet, versions.digest, body, last_run, last_seen
    FROM versions JOIN contents USING (digest)
    WHERE scope_id = ? AND state = 'current'
"""
_GAPS = """
    SELECT resource_arn, facet, operation, reason, message FROM gaps WHERE run_id = ? AND scope_id = ?
"""
# The sample in force when the version was last seen.
_SAMPLES = """
    SELECT versions.resource_arn, value
    FROM versions JOIN usage_samples ON usage_samples.resource_arn = versions.resource_arn
        AND metric = ?2 AND run_id = (
            SELECT max(run_id) FROM usage_samples AS earlier
            WHERE earlier.resource_arn = versions.resource_arn AND metric = ?2 AND run_id <= last_run
        )
    WHERE scope_id = ?1 AND facet = ?3 AND state = 'current'
"""

_Key = tuple[FacetName, str]


def load_snapshot(connection: sqlite3.Connection, run_id: int | None = None) -> Snapshot:
    """Return each scope as its newest run with data left it; `run_id` counts for its own before it ends."""
    with _garbage_left():
        runs = tuple(shown_runs(connection, run_id))
        return Snapshot(regions=tuple(_Region(connection, run).snapshot() for run in runs))


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Hold the garbage collector: half of the time would go into records that all live on."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@dataclass(frozen=True, slots=True)
class _Version:
    """A current version as it lies in the store."""

    digest: bytes
    body: bytes
    last_run: int
    last_seen: int


class _Region:
    """One scope's versions and gaps, from which its snapshot is put together."""

    def __init__(self, connection: sqlite3.Connection, run: ShownRun) -> None:
        self._run = run
        self._versions: dict[_Key, _Version] = {
            (FacetName(facet), resource_arn): _Version(*version)
            for resource_arn, facet, *version in connection.execute(_VERSIONS, (run.scope_id,))
        }
        self._gaps: dict[_Key, Gap] = {
            (FacetName(facet), resource_arn): Gap(operation=operation, reason=Reason(reason), message=message)
            for resource_arn, facet, operation, reason, message in connection.execute(
                _GAPS, (run.run_id, run.scope_id)
            )
        }
        self._samples = _samples(connection, run.scope_id)
        # Many resources share one content; the records are frozen, so they may share one record, too.
        self._decoded: dict[tuple[FacetName, bytes], Any] = {}

    def snapshot(self) -> RegionSnapshot:
        scope = self._run.scope
        user_pools = self._facet(FacetName.USER_POOLS, scope.user_pool_arn("*"))
        identity_pools = self._facet(FacetName.IDENTITY_POOLS, scope.identity_pool_arn("*"))
        is_off = all(each.gap is not None and each.gap.is_off for each in (user_pools, identity_pools))
        named = () if is_off else _members(user_pools)
        named_identities = () if is_off else _members(identity_pools)
        return RegionSnapshot(
            scope=scope,
            run_id=self._run.run_id,
            collected_at=self._run.at,
            user_pool_list=user_pools,
            user_pools=tuple(self._user_pool(each, user_pools.gap) for each in named),
            identity_pool_list=identity_pools,
            identity_pools=tuple(self._identity_pool(each, identity_pools.gap) for each in named_identities),
        )

    def _user_pool(self, member: Member, unread: Gap | None) -> UserPoolSnapshot:
        arn = self._run.scope.user_pool_arn(member.id)
        clients = self._facet(FacetName.APP_CLIENTS, arn, unread)
        return UserPoolSnapshot(
            arn=arn,
            scope=self._run.scope,
            member=member,
            settings=self._facet(FacetName.USER_POOL, arn, unread),
            mfa=self._facet(FacetName.MFA_CONFIGURATION, arn, unread),
            risk=self._facet(FacetName.RISK_CONFIGURATION, arn, unread),
            client_list=clients,
            clients=tuple(self._app_client(member, each, clients.gap) for each in _members(clients)),
        )

    def _app_client(self, user_pool: Member, member: Member, unread: Gap | None) -> AppClientSnapshot:
        arn = self._run.scope.app_client_arn(user_pool.id, member.id)
        return AppClientSnapshot(
            arn=arn, member=member, settings=self._facet(FacetName.APP_CLIENT, arn, unread)
        )

    def _identity_pool(self, member: Member, unread: Gap | None) -> IdentityPoolSnapshot:
        arn = self._run.scope.identity_pool_arn(member.id)
        return IdentityPoolSnapshot(
            arn=arn,
            scope=self._run.scope,
            member=member,
            settings=self._facet(FacetName.IDENTITY_POOL, arn, unread),
            roles=self._facet(FacetName.IDENTITY_POOL_ROLES, arn, unread),
        )

    def _facet(self, name: FacetName, arn: str, unread: Gap | None = None) -> Facet[Any]:
        """Return what the run says of a facet; `unread` is its list's gap, which kept it from being read."""
        version = self._versions.get((name, arn))
        gap = self._gaps.get((name, arn))
        if gap is None and (version is None or version.last_run != self._run.run_id):
            gap = unread or _gap(name, Reason.UNAVAILABLE, "was not read in this run")
        if version is None:
            return Facet(None, gap)
        try:
            value = self._decode(name, arn, version)
        except UndecodableError:
            outdated = "was stored by an older Poolwatch in a form that lacks something: collect again"
            return Facet(None, gap or _gap(name, Reason.MALFORMED, outdated))
        return Facet(Reading(value, from_micros(version.last_seen)), gap)

    def _decode(self, name: FacetName, arn: str, version: _Version) -> Any:
        if KINDS[name].volatile:
            return decode(name, version.body, self._samples.get(arn, {}))
        key = (name, version.digest)
        if key not in self._decoded:
            self._decoded[key] = decode(name, version.body, {})
        return self._decoded[key]


def _samples(connection: sqlite3.Connection, scope_id: int) -> Mapping[str, Mapping[str, Sample]]:
    """Return the volatile members of the scope's records, by ARN."""
    found: dict[str, dict[str, Sample]] = {}
    for name, kind in KINDS.items():
        for metric in kind.volatile:
            for resource_arn, value in connection.execute(_SAMPLES, (scope_id, metric, name.value)):
                found.setdefault(resource_arn, {})[metric] = value
    return found


def _members(listing: Facet[Members]) -> Members:
    """Return the members of a list as last read, by name, whether or not this run could read it."""
    if listing.last_good is None:
        return ()
    return tuple(sorted(listing.last_good.value, key=lambda member: (member.name, member.id)))


def _gap(name: FacetName, reason: Reason, message: str) -> Gap:
    return Gap(operation=name.operation, reason=reason, message=message)
