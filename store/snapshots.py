"""What is known of the watched accounts, put together from the newest runs and the last good versions."""

import gc
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from records.facet import Facet, FacetName, Gap, Holder, Reading, Reason
from records.resource import Member
from records.snapshot import (
    AppClientSnapshot,
    DomainSnapshot,
    IdentityPoolSnapshot,
    IdentityProviderSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from records.user_pool import UserPool
from store.codec import Sample, UndecodableError, decode
from store.facets import KINDS, Members, named_domains
from store.scopes import ShownRun, shown_runs
from store.times import from_micros

_VERSIONS = """
    SELECT resource_arn, facet, versions.digest, body, last_run, last_seen
    FROM versions JOIN contents USING (digest)
    WHERE scope_id = ? AND state = 'current'
    ORDER BY resource_arn
"""
_GAPS = """
    SELECT resource_arn, facet, operation, reason, message, accepted
    FROM gaps WHERE run_id = ? AND scope_id = ?
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

_NAMES = {name.value: name for name in FacetName}
_FACETS = {holder: FacetName.of(holder) for holder in Holder}
_REGION_LISTS = (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS)


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


class _Version(NamedTuple):
    """A current version: its record, None where the bytes make none of today's, and when it was last read."""

    reading: Reading[Any] | None
    last_run: int


class _Region:
    """One scope's versions and gaps, from which its snapshot is put together."""

    def __init__(self, connection: sqlite3.Connection, run: ShownRun) -> None:
        self._run = run
        self._versions = _versions(connection, run.scope_id)
        self._gaps: dict[_Key, Gap] = {
            (_NAMES[facet], resource_arn): stored_gap(*gap)
            for resource_arn, facet, *gap in connection.execute(_GAPS, (run.run_id, run.scope_id))
        }

    def snapshot(self) -> RegionSnapshot:
        scope = self._run.scope
        lists = {name: self._facet(name, scope.facet_arn(name)) for name in _REGION_LISTS}
        user_pools, identity_pools = lists.values()
        is_off = all(each.gap is not None and each.gap.reason is Reason.REGION_OFF for each in lists.values())
        named = () if is_off else _members(user_pools)
        named_identities = () if is_off else _members(identity_pools)
        unread = user_pools.gap or identity_pools.gap
        # Nobody asks what surrounds pools where there are none.
        around = _FACETS[Holder.REGION] if named or named_identities else ()
        surroundings = {
            name: self._facet(name, scope.facet_arn(name), unread) for name in around if name not in lists
        }
        return RegionSnapshot(
            scope=scope,
            run_id=self._run.run_id,
            collected_at=self._run.at,
            facets=lists | surroundings | self._of_account(),
            user_pools=tuple(self._user_pool(each, user_pools.gap) for each in named),
            identity_pools=tuple(self._identity_pool(each, identity_pools.gap) for each in named_identities),
            references=self._references(),
        )

    def _user_pool(self, member: Member, unread: Gap | None) -> UserPoolSnapshot:
        scope = self._run.scope
        arn = scope.user_pool_arn(member.id)
        facets = self._facets(Holder.USER_POOL, arn, unread)
        clients = facets[FacetName.APP_CLIENTS]
        providers = facets[FacetName.IDENTITY_PROVIDERS]
        settings = facets[FacetName.USER_POOL]
        return UserPoolSnapshot(
            arn=arn,
            scope=scope,
            member=member,
            facets=facets,
            clients=tuple(self._app_client(member, each, clients.gap) for each in _members(clients)),
            identity_providers=tuple(
                self._identity_provider(member, each, providers.gap) for each in _members(providers)
            ),
            domains=tuple(self._domain(member, each, settings.gap) for each in _domains(settings)),
        )

    def _app_client(self, user_pool: Member, member: Member, unread: Gap | None) -> AppClientSnapshot:
        arn = self._run.scope.app_client_arn(user_pool.id, member.id)
        return AppClientSnapshot(arn=arn, member=member, facets=self._facets(Holder.APP_CLIENT, arn, unread))

    def _identity_provider(
        self, user_pool: Member, member: Member, unread: Gap | None
    ) -> IdentityProviderSnapshot:
        arn = self._run.scope.identity_provider_arn(user_pool.id, member.id)
        return IdentityProviderSnapshot(
            arn=arn, member=member, facets=self._facets(Holder.IDENTITY_PROVIDER, arn, unread)
        )

    def _domain(self, user_pool: Member, member: Member, unread: Gap | None) -> DomainSnapshot:
        arn = self._run.scope.domain_arn(user_pool.id, member.id)
        return DomainSnapshot(arn=arn, member=member, facets=self._facets(Holder.DOMAIN, arn, unread))

    def _identity_pool(self, member: Member, unread: Gap | None) -> IdentityPoolSnapshot:
        arn = self._run.scope.identity_pool_arn(member.id)
        return IdentityPoolSnapshot(
            arn=arn,
            scope=self._run.scope,
            member=member,
            facets=self._facets(Holder.IDENTITY_POOL, arn, unread),
        )

    def _references(self) -> dict[_Key, Facet[Any]]:
        """Return what this run asked for; to what it did not ask for, nothing points any more."""
        return {(name, arn): self._facet(name, arn) for name, arn in self._asked(Holder.REFERENCE)}

    def _of_account(self) -> dict[FacetName, Facet[Any]]:
        """Return what this run asked the account for in this region; else it did so in another one."""
        return {name: self._facet(name, arn) for name, arn in self._asked(Holder.ACCOUNT)}

    def _asked(self, holder: Holder) -> list[_Key]:
        asked = {key for key in self._gaps if key[0].holder is holder}
        asked |= {
            key
            for key, version in self._versions.items()
            if version.last_run == self._run.run_id and key[0].holder is holder
        }
        return sorted(asked)

    def _facets(self, holder: Holder, arn: str, unread: Gap | None) -> dict[FacetName, Facet[Any]]:
        return {name: self._facet(name, arn, unread) for name in _FACETS[holder]}

    def _facet(self, name: FacetName, arn: str, unread: Gap | None = None) -> Facet[Any]:
        """Return what the run says of a facet; `unread` is its list's gap, which kept it from being read."""
        version = self._versions.get((name, arn))
        gap = self._gaps.get((name, arn))
        if gap is None and (version is None or version.last_run != self._run.run_id):
            gap = unread or _gap(name, Reason.UNAVAILABLE, "was not read in this run")
        if version is None:
            return Facet(None, gap)
        if version.reading is None:
            outdated = "was stored by an older Poolwatch in a form that lacks something: collect again"
            return Facet(None, gap or _gap(name, Reason.MALFORMED, outdated))
        return Facet(version.reading, gap)


def stored_gap(operation: str, reason: str, message: str, accepted: str | None) -> Gap:
    """Return a gap from its columns."""
    return Gap(operation=operation, reason=Reason(reason), message=message, accepted=accepted)


def _versions(connection: sqlite3.Connection, scope_id: int) -> dict[_Key, _Version]:
    """Return the scope's current versions, decoded at once: their bytes would take more room."""
    samples = _samples(connection, scope_id)
    # Many resources share one content; the records are frozen, so they may share one record, too.
    decoded: dict[tuple[FacetName, bytes], Any] = {}
    found: dict[_Key, _Version] = {}
    arn = ""
    for resource_arn, facet, digest, body, last_run, last_seen in connection.execute(_VERSIONS, (scope_id,)):
        name = _NAMES[facet]
        # The facets of a resource come one after the other; they share one text.
        arn = arn if arn == resource_arn else resource_arn
        try:
            if KINDS[name].volatile:
                value = decode(name, body, samples.get(arn, {}))
            elif (name, digest) in decoded:
                value = decoded[name, digest]
            else:
                value = decoded[name, digest] = decode(name, body, {})
        except UndecodableError:
            found[name, arn] = _Version(None, last_run)
        else:
            found[name, arn] = _Version(Reading(value, from_micros(last_seen)), last_run)
    return found


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


def _domains(settings: Facet[UserPool]) -> Members:
    """Return the domains that a user pool's settings name as last read."""
    return () if settings.last_good is None else named_domains(settings.last_good.value)


def _gap(name: FacetName, reason: Reason, message: str) -> Gap:
    return Gap(operation=name.operation, reason=reason, message=message)
