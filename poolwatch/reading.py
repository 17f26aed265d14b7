"""What a run reads: every facet of every pool, as tasks that follow from one another, and the gaps."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from collectors import app_clients, identity_pools, user_pools
from collectors.attempt import attempt
from collectors.clients import Account
from collectors.quotas import quota_of
from poolwatch.schedule import Scheduler
from poolwatch.settling import settled
from records.errors import CredentialsError
from records.facet import FacetName, Gap, Reason
from records.resource import Member, Resource, ResourceType, Scope
from records.run import Answer

# Called with the facets read so far and those that are known to be due.
Progress = Callable[[int, int], None]

# Unpaced, this many calls are under way at once. Paced, threads mostly wait for tokens, few for each limit.
UNPACED_WORKERS = 16
PACED_WORKERS = 32
_PACED_PER_LANE = 4

# botocore's own retry budget runs dry under long throttling, so a throttled call comes back this often.
_THROTTLED_RETURNS = 3
# After so many failures in a row an operation is not called again in its region.
_PATIENCE: Mapping[Reason, int] = {Reason.THROTTLED: 6, Reason.UNAVAILABLE: 3, Reason.NOT_SUPPORTED: 3}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Read:
    """One facet to read; `then` makes the reads that follow from its value."""

    scope: Scope
    arn: str
    facet: FacetName
    group: str
    call: Callable[[], object]
    then: Callable[[object], Iterable["_Read"]] = lambda _value: ()
    instead: Mapping[str, object] = field(default_factory=dict)
    returned: int = 0

    @property
    def operation(self) -> str:
        """The API operation that the read calls."""
        return self.facet.operation

    @property
    def lane(self) -> Hashable:
        """One lane for each of AWS's rate limits."""
        return (self.scope.account_id, self.scope.region, quota_of(self.operation).category)


class Reading:
    """All that one run reads, or the `facets` of it. `clock` gives the time of each answer."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        on_progress: Progress = lambda _done, _due: None,
        facets: Collection[FacetName] = frozenset(FacetName),
    ) -> None:
        self._clock = clock
        self._on_progress = on_progress
        self._facets = facets
        self._lock = threading.Lock()
        self._answers: list[Answer] = []
        self._lists: dict[tuple[str, FacetName], _Read] = {}
        self._due = 0
        self._failures: Counter[tuple[Scope, str]] = Counter()
        self._given_up: dict[tuple[Scope, str], Gap] = {}

    def read(
        self, places: Iterable[tuple[Account, Scope]], *, is_paced: bool
    ) -> tuple[tuple[Answer, ...], CredentialsError | None]:
        """Read all regions. Where credentials run out, what was not read yet becomes gaps."""
        return self._read(
            (read for account, scope in places for read in _region(account, scope)), is_paced=is_paced
        )

    def read_resource(
        self, account: Account, resource: Resource, *, is_paced: bool
    ) -> tuple[tuple[Answer, ...], CredentialsError | None]:
        """Read one resource, an app client with its user pool. What AWS does not find is a gap."""
        return self._read(_resource(account, resource), is_paced=is_paced)

    def _read(
        self, all_reads: Iterable[_Read], *, is_paced: bool
    ) -> tuple[tuple[Answer, ...], CredentialsError | None]:
        reads = self._wanted(all_reads)
        self._due = len(reads)
        scheduler = Scheduler(
            self._perform,
            workers=PACED_WORKERS if is_paced else UNPACED_WORKERS,
            per_lane=_PACED_PER_LANE if is_paced else None,
        )
        left, error = scheduler.run(reads)
        if error is not None and not isinstance(error, CredentialsError):
            raise error
        for read in left:
            message = error.message if error else ""
            self._keep(read, Gap(operation=read.operation, reason=Reason.EXPIRED, message=message))
        return settled(self._answers, self._list_again), error

    def _wanted(self, reads: Iterable[_Read]) -> tuple[_Read, ...]:
        return tuple(read for read in reads if read.facet in self._facets)

    def _perform(self, read: _Read) -> Iterable[_Read]:
        key = (read.scope, read.operation)
        outcome: object = self._given_up.get(key) or attempt(
            read.operation, read.call, region=read.scope.region, instead=read.instead
        )
        if isinstance(outcome, Gap):
            if self._may_return(key, read, outcome):
                return (replace(read, returned=read.returned + 1),)
            self._keep(read, outcome)
            return ()
        self._failures.pop(key, None)
        following = self._wanted(read.then(outcome))
        self._keep(read, outcome, following)
        return following

    def _list_again(self, answer: Answer) -> object:
        read = self._lists[answer.resource_arn, answer.facet]
        try:
            return attempt(read.operation, read.call, region=read.scope.region)
        except CredentialsError as error:
            return Gap(operation=read.operation, reason=Reason.EXPIRED, message=error.message)

    def _may_return(self, key: tuple[Scope, str], read: _Read, gap: Gap) -> bool:
        """Count a failure; tell whether the call is worth another turn once others have had theirs."""
        patience = _PATIENCE.get(gap.reason)
        if patience is None:
            return False
        with self._lock:
            self._failures[key] += 1
            if self._failures[key] >= patience:
                self._given_up.setdefault(key, gap)
            return (
                gap.reason is Reason.THROTTLED
                and read.returned < _THROTTLED_RETURNS
                and key not in self._given_up
            )

    def _keep(self, read: _Read, outcome: object, following: tuple[_Read, ...] = ()) -> None:
        answer = Answer(
            scope=read.scope, resource_arn=read.arn, facet=read.facet, outcome=outcome, at=self._clock()
        )
        with self._lock:
            self._answers.append(answer)
            if isinstance(outcome, tuple):
                self._lists[read.arn, read.facet] = read
            self._due += len(following)
            done, due = len(self._answers), self._due
        self._on_progress(done, due)


def _resource(account: Account, resource: Resource) -> Iterator[_Read]:
    if resource.type is ResourceType.IDENTITY_POOL:
        yield from _identity_pool(account, resource.scope, resource.pool_id)
        return
    if resource.client_id is not None:
        yield from _app_client(account, resource.scope, resource.pool_id, resource.client_id)
    yield from _user_pool(account, resource.scope, resource.pool_id)


def _region(account: Account, scope: Scope) -> Iterator[_Read]:
    idp = partial(account.user_pools, scope.region)
    identity = partial(account.identity_pools, scope.region)
    yield _Read(
        scope=scope,
        arn=scope.user_pool_arn("*"),
        facet=FacetName.USER_POOLS,
        group="",
        call=lambda: user_pools.collect_user_pool_list(idp()),
        then=lambda members: _each(members, lambda member: _user_pool(account, scope, member.id)),
    )
    yield _Read(
        scope=scope,
        arn=scope.identity_pool_arn("*"),
        facet=FacetName.IDENTITY_POOLS,
        group="",
        call=lambda: identity_pools.collect_identity_pool_list(identity()),
        then=lambda members: _each(members, lambda member: _identity_pool(account, scope, member.id)),
    )


def _user_pool(account: Account, scope: Scope, pool_id: str) -> Iterator[_Read]:
    idp = partial(account.user_pools, scope.region)
    arn = scope.user_pool_arn(pool_id)
    yield _Read(
        scope=scope,
        arn=arn,
        facet=FacetName.USER_POOL,
        group=pool_id,
        call=lambda: user_pools.collect_user_pool(idp(), pool_id),
    )
    yield _Read(
        scope=scope,
        arn=arn,
        facet=FacetName.MFA_CONFIGURATION,
        group=pool_id,
        call=lambda: user_pools.collect_mfa_configuration(idp(), pool_id),
    )
    yield _Read(
        scope=scope,
        arn=arn,
        facet=FacetName.RISK_CONFIGURATION,
        group=pool_id,
        call=lambda: user_pools.collect_risk_configuration(idp(), pool_id),
        instead=dict.fromkeys(user_pools.THREAT_PROTECTION_IS_OFF, user_pools.NOTHING_SET),
    )
    yield _Read(
        scope=scope,
        arn=arn,
        facet=FacetName.APP_CLIENTS,
        group=pool_id,
        call=lambda: app_clients.collect_app_client_list(idp(), pool_id),
        then=lambda members: _each(members, lambda member: _app_client(account, scope, pool_id, member.id)),
    )


def _app_client(account: Account, scope: Scope, pool_id: str, client_id: str) -> Iterator[_Read]:
    idp = partial(account.user_pools, scope.region)
    yield _Read(
        scope=scope,
        arn=scope.app_client_arn(pool_id, client_id),
        facet=FacetName.APP_CLIENT,
        group=pool_id,
        call=lambda: app_clients.collect_app_client(idp(), pool_id, client_id),
    )


def _identity_pool(account: Account, scope: Scope, pool_id: str) -> Iterator[_Read]:
    identity = partial(account.identity_pools, scope.region)
    arn = scope.identity_pool_arn(pool_id)
    yield _Read(
        scope=scope,
        arn=arn,
        facet=FacetName.IDENTITY_POOL,
        group=pool_id,
        call=lambda: identity_pools.collect_identity_pool(identity(), pool_id),
    )
    yield _Read(
        scope=scope,
        arn=arn,
        facet=FacetName.IDENTITY_POOL_ROLES,
        group=pool_id,
        call=lambda: identity_pools.collect_identity_pool_roles(identity(), pool_id),
    )


def _each(members: object, reads: Callable[[Member], Iterable[_Read]]) -> Iterator[_Read]:
    if not isinstance(members, tuple):
        raise TypeError("a list facet answers a tuple of members")
    return (read for member in members for read in reads(member))
