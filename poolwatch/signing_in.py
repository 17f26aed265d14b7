"""Signing in to the accounts of a run, side by side; one that refuses does not stop the others."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from collectors.attempt import plain, sign_in_gap
from collectors.clients import Account, AccountTarget, cognito_regions, open_account
from collectors.limiter import RateLimiter
from records.errors import CredentialsError, PoolwatchError, StoreError, UsageError
from records.facet import FacetName, Gap, Reason
from records.resource import Scope
from records.run import Answer
from store.reader import exists, open_reader

_WORKERS = 16
_LISTS = (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS)
# So many of the newest runs are looked through for an account.
_RUNS = 50
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An account that could not be signed in to, and the regions that were to be read there."""

    account_id: str
    scopes: tuple[Scope, ...]
    gap: Gap
    error: PoolwatchError


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIns:
    """The accounts of a run by id, those that refused, and all the regions of both."""

    accounts: Mapping[str, Account]
    scopes: tuple[Scope, ...]
    refusals: tuple[Refusal, ...]

    def gaps(self, at: datetime) -> Iterator[Answer]:
        """Yield the gaps that the refusals leave: each region's lists."""
        for refusal in self.refusals:
            for scope in refusal.scopes:
                for facet, arn in zip(
                    _LISTS, (scope.user_pool_arn("*"), scope.identity_pool_arn("*")), strict=True
                ):
                    yield Answer(scope=scope, resource_arn=arn, facet=facet, outcome=refusal.gap, at=at)

    @property
    def all_scopes(self) -> tuple[Scope, ...]:
        """The regions that answer for the run, read or not."""
        return (*self.scopes, *(scope for refusal in self.refusals for scope in refusal.scopes))


def sign_in(
    targets: Sequence[AccountTarget],
    limiter: RateLimiter,
    *,
    regions: Sequence[str] = (),
    attempts: int = 5,
    workers: int = 16,
    known: Callable[[str], Sequence[Scope]] = lambda _account_id: (),
) -> SignIns:
    """Sign in to all accounts.

    `regions` go before those of a target; `known` gives the regions in use of an account that cannot be
    asked. Raises what `open_account` raises where the only account refuses, CredentialsError where all of
    several do, and UsageError for a region or partition without Cognito, be it of an account that refuses,
    and for two ways into one account.
    """
    attempted = _all_attempts(targets, limiter, regions=regions, attempts=attempts, workers=workers)
    opened = [(target, each) for target, each in attempted if isinstance(each, Account)]
    refused = [(target, each) for target, each in attempted if isinstance(each, PoolwatchError)]
    for target, error in refused:
        if (not opened and len(refused) == 1) or target.known_account_id is None:
            raise error
    if not opened:
        raise _all_refused(refused)
    _demand_one_way_each(account for _, account in opened)
    signed_in = SignIns(
        accounts={account.identity.account_id: account for _, account in opened},
        scopes=tuple(scope for target, account in opened for scope in _scopes(target, account, regions)),
        refusals=tuple(_refusal(target, error, regions, known) for target, error in refused),
    )
    partitions = [account.identity.partition for _, account in opened]
    _demand_use_of_each(regions, signed_in.all_scopes, partitions)
    return signed_in


def scopes_in_use(store: Path, account_id: str) -> tuple[Scope, ...]:
    """Return the regions of an account that the newest run over it read, without those that are off."""
    try:
        if not exists(store):
            return ()
        with open_reader(store) as reader:
            for run in reader.runs(_RUNS):
                scopes = [scope for scope in run.scopes if scope.account_id == account_id]
                if scopes and run.state.has_data:
                    off = {gap.scope for gap in reader.gaps(run.id) if gap.gap.reason is Reason.REGION_OFF}
                    return tuple(scope for scope in scopes if scope not in off)
    except StoreError:
        # The run tells of it when it writes there.
        return ()
    return ()


def _all_attempts(
    targets: Sequence[AccountTarget],
    limiter: RateLimiter,
    *,
    regions: Sequence[str],
    attempts: int,
    workers: int,
) -> list[tuple[AccountTarget, Account | PoolwatchError]]:
    attempt = partial(_attempt, limiter=limiter, regions=regions, attempts=attempts, workers=workers)
    if len(targets) == 1:
        return [(targets[0], attempt(targets[0]))]
    with ThreadPoolExecutor(min(_WORKERS, len(targets))) as pool:
        try:
            return list(zip(targets, pool.map(attempt, targets), strict=True))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _attempt(
    target: AccountTarget, *, limiter: RateLimiter, regions: Sequence[str], attempts: int, workers: int
) -> Account | PoolwatchError:
    wanted = regions or target.regions
    try:
        return open_account(
            target, limiter, region=wanted[0] if wanted else None, attempts=attempts, workers=workers
        )
    except PoolwatchError as error:
        return error


def _all_refused(refused: Sequence[tuple[AccountTarget, PoolwatchError]]) -> CredentialsError:
    _, first = refused[0]
    return CredentialsError(
        f"None of the {len(refused)} accounts can be signed in to. The first of them: {first.message}",
        first.hint,
    )


def _demand_one_way_each(accounts: Iterable[Account]) -> None:
    arns: dict[str, str] = {}
    for identity in (account.identity for account in accounts):
        if identity.account_id in arns:
            raise UsageError(
                f"{arns[identity.account_id]} and {identity.arn} lead to the same account,"
                f" {identity.account_id}, which would be read twice.",
                "Name one role or profile for each account.",
            )
        arns[identity.account_id] = identity.arn


def _scopes(target: AccountTarget, account: Account, regions: Sequence[str]) -> Iterator[Scope]:
    identity = account.identity
    wanted = _wanted(identity.partition, target, regions)
    return (Scope(identity.account_id, each, identity.partition) for each in wanted)


def _wanted(partition: str, target: AccountTarget, regions: Sequence[str]) -> tuple[str, ...]:
    """Return the regions to read in an account of a partition; `regions` may be meant for other accounts."""
    known = cognito_regions(partition)
    if not known:
        raise UsageError(
            f"Cognito has no region in the partition {plain(partition)}, as far as this botocore knows.",
            "Correct the role's ARN, or leave the account out.",
        )
    if not regions and (unknown := sorted(set(target.regions) - set(known))):
        raise _no_region(unknown, known)
    wanted = set(regions or target.regions or known)
    return tuple(each for each in known if each in wanted)


def _demand_use_of_each(regions: Sequence[str], scopes: Iterable[Scope], partitions: Iterable[str]) -> None:
    """Refuse a region that none of the accounts can have; accounts of several partitions share the others."""
    if unknown := sorted(set(regions) - {scope.region for scope in scopes}):
        raise _no_region(
            unknown, [name for each in dict.fromkeys(partitions) for name in cognito_regions(each)]
        )


def _no_region(unknown: Sequence[str], known: Sequence[str]) -> UsageError:
    return UsageError(
        f"Cognito has no region {', '.join(unknown)}.", f"Name one or more of: {', '.join(known)}."
    )


def _refusal(
    target: AccountTarget,
    error: PoolwatchError,
    regions: Sequence[str],
    known: Callable[[str], Sequence[Scope]],
) -> Refusal:
    account_id = target.known_account_id or ""
    wanted = regions or target.regions
    earlier = known(account_id)
    if wanted or not earlier:
        partition = _partition(target, wanted)
        names = _wanted(partition, target, regions)
        scopes = tuple(Scope(account_id, name, partition) for name in names)
    else:
        scopes = tuple(earlier)
    return Refusal(
        account_id=account_id,
        scopes=scopes,
        gap=sign_in_gap(error, has_role=target.role_arn is not None),
        error=error,
    )


def _partition(target: AccountTarget, regions: Sequence[str]) -> str:
    if target.role_arn:
        return target.role_arn.split(":")[1]
    return next((each for each in _PARTITIONS if set(regions) <= set(cognito_regions(each))), _PARTITIONS[0])
