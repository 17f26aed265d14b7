"""What stands between Poolwatch and a complete run. Everything is tried, nothing is written."""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import botocore

import poolwatch
from collectors.clients import Account, AccountTarget, cognito_regions, open_account, unknown_operations
from collectors.limiter import RateLimiter
from collectors.policy import CALLS
from collectors.probing import Probes, RegionProbe, probe_pools, probe_region
from collectors.quotas import quota_of
from poolwatch.checks import Check, Status
from poolwatch.configuration import Configuration
from poolwatch.exports.gaps import ADVICE
from poolwatch.settings_check import check_settings
from poolwatch.text import counted, listed, plain
from records.account import AccountInfo
from records.errors import PoolwatchError, SettingsError, StoreError, UsageError
from records.facet import FacetName, Gap, Reason
from store.checks import check
from store.reader import exists

_WORKERS = 16
_ACCOUNTS_AT_ONCE = 4
_NO_SETTINGS = Configuration()
# A run's own retries would make a region that does not answer hold everything up.
_ATTEMPTS = 2
_PAGE = 60
_SHORT = 45
_REGIONS_SHOWN = 6
_CLOCK_TOLERANCE = timedelta(minutes=2)
_LISTS = (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS)
_ABOUT_REGIONS = frozenset({Reason.REGION_OFF, Reason.UNAVAILABLE})


def examine(
    targets: Sequence[AccountTarget],
    *,
    store: Path,
    rate_share: float | None,
    regions: Sequence[str] = (),
    settings: Configuration | SettingsError = _NO_SETTINGS,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Check]:
    """Yield checks as they are made. Raises UsageError for a profile or region that is not there.

    `settings` are what the settings file says, or its mistakes. Several accounts are looked at side by side,
    and one that cannot be signed in to does not stop the others.
    """
    yield from _program()
    yield from check_settings(settings, store=store, today=clock().date())
    yield _store(store)
    if len(targets) == 1:
        yield from _account(targets[0], rate_share=rate_share, regions=regions, clock=clock)
    elif targets:
        infos = () if isinstance(settings, SettingsError) else settings.account_infos
        names = {each.account_id: each for each in infos}
        yield from _accounts(targets, names, rate_share=rate_share, regions=regions, clock=clock)


def _accounts(
    targets: Sequence[AccountTarget],
    names: Mapping[str, AccountInfo],
    *,
    rate_share: float | None,
    regions: Sequence[str],
    clock: Callable[[], datetime],
) -> Iterator[Check]:
    """Look at several accounts side by side."""

    def looked_at(target: AccountTarget) -> tuple[Check, ...]:
        checks = []
        try:
            for check in _account(target, rate_share=rate_share, regions=regions, clock=clock):
                # A run goes on without the account.
                is_refused = check.status is Status.FAILED
                checks.append(replace(check, status=Status.LACKS) if is_refused else check)
        except UsageError as error:
            refused = Check(subject="sign-in", status=Status.LACKS, message=error.message, hint=error.hint)
            checks.append(refused)
        account_id = target.known_account_id or ""
        name = names[account_id].name if account_id in names else account_id
        label = account_id if name == account_id else f"{name} ({account_id})"
        return tuple(replace(check, account=label) for check in checks)

    is_any_open = False
    with ThreadPoolExecutor(_ACCOUNTS_AT_ONCE) as pool:
        for checks in pool.map(looked_at, targets):
            yield from checks
            is_any_open = is_any_open or any(
                check.subject == "sign-in" and check.status is Status.OK for check in checks
            )
    if not is_any_open:
        yield Check(
            subject="sign-in",
            status=Status.FAILED,
            message=f"None of the {len(targets)} accounts can be signed in to.",
            hint="What stands above tells why for each of them.",
        )


def _program() -> Iterator[Check]:
    python = sys.version.split()[0]
    version = f"Poolwatch {poolwatch.__version__}, Python {python}, botocore {botocore.__version__}"
    if unknown := unknown_operations(CALLS):
        yield Check(
            subject="program",
            status=Status.LACKS,
            message=f"{version}: this botocore has no {', '.join(unknown)}.",
            hint="Run `make install` in the checkout, which installs the right one.",
        )
    else:
        yield Check(subject="program", status=Status.OK, message=f"{version}: all operations are known.")


def _store(directory: Path) -> Check:
    subject = "store"
    try:
        if not exists(directory):
            return _missing_store(directory)
    except StoreError as error:
        return Check(subject=subject, status=Status.FAILED, message=error.message, hint=error.hint)
    if problems := check(directory):
        message = f"The store in {directory} is not sound: {'; '.join(problems)}."
        return Check(subject=subject, status=Status.FAILED, message=message)
    return Check(subject=subject, status=Status.OK, message=f"The store in {directory} is sound.")


def _missing_store(directory: Path) -> Check:
    """Tell whether a run could make the store, by a file without a name in the directory nearest to it."""
    subject, place = "store", directory.absolute()
    nearest = next(each for each in (place, *place.parents) if each.is_symlink() or each.exists())
    obstacle = None if nearest.is_dir() else "it is a file"
    if obstacle is None:
        try:
            with tempfile.TemporaryFile(dir=nearest):
                pass
        except OSError as error:
            obstacle = error.strerror or str(error)
    if obstacle is None:
        message = f"There is none in {directory} yet; the first run makes it."
        return Check(subject=subject, status=Status.NOTE, message=message)
    return Check(
        subject=subject,
        status=Status.FAILED,
        message=f"There is none in {directory}, and {nearest} cannot hold one ({obstacle}).",
        hint="Name a directory that you may write to with --store, or set POOLWATCH_STORE.",
    )


def _account(
    target: AccountTarget,
    *,
    rate_share: float | None,
    regions: Sequence[str],
    clock: Callable[[], datetime],
) -> Iterator[Check]:
    wanted = regions or target.regions
    try:
        account = open_account(
            target,
            RateLimiter(rate_share),
            region=wanted[0] if wanted else None,
            attempts=_ATTEMPTS,
            workers=_WORKERS,
        )
        yield _signed_in(account)
        yield from _clock(account, clock())
        yield from _readable(account, _names(account, wanted), rate_share)
    except UsageError:
        raise
    except PoolwatchError as error:
        yield Check(subject="sign-in", status=Status.FAILED, message=error.message, hint=error.hint)


def _names(account: Account, wanted: Sequence[str]) -> Sequence[str]:
    """Return the regions to look at: those of the wanted ones that the account's partition has, else all."""
    known = cognito_regions(account.identity.partition)
    return [name for name in known if name in wanted] or known


def _signed_in(account: Account) -> Check:
    identity = account.identity
    message = (
        f"Account {identity.account_id} as {plain(identity.arn)}, by credentials from"
        f" {account.credentials_source}."
    )
    return Check(subject="sign-in", status=Status.OK, message=message)


def _clock(account: Account, now: datetime) -> Iterator[Check]:
    answered_at = account.identity.answered_at
    if answered_at is None or abs(now - answered_at) <= _CLOCK_TOLERANCE:
        return
    minutes = abs(now - answered_at) // timedelta(minutes=1)
    direction = "ahead of" if now > answered_at else "behind"
    yield Check(
        subject="clock",
        status=Status.NOTE,
        message=f"This machine's clock is {minutes} minutes {direction} AWS's.",
        hint="Set it (for instance with NTP): from five minutes on, AWS refuses requests.",
    )


def _readable(account: Account, names: Iterable[str], rate_share: float | None) -> Iterator[Check]:
    with ThreadPoolExecutor(_WORKERS) as pool:
        regions = tuple(pool.map(partial(probe_region, account), names))
    yield from _regions(regions)
    probes = probe_pools(account, regions)
    yield from _permissions(regions, probes)
    if any(not region.gaps for region in regions):
        yield _cost(regions, probes, rate_share)


def _regions(regions: Sequence[RegionProbe]) -> Iterator[Check]:
    off = [region.name for region in regions if region.has(Reason.REGION_OFF)]
    silent = [region for region in regions if region.has(Reason.UNAVAILABLE)]
    held = [
        f"{region.name} ({counted(len(region.ids(FacetName.USER_POOLS)), 'user pool')},"
        f" {counted(len(region.ids(FacetName.IDENTITY_POOLS)), 'identity pool')})"
        for region in regions
        if any(map(region.ids, _LISTS))
    ]
    if answering := len(regions) - len(off) - len(silent):
        yield Check(
            subject="regions",
            status=Status.OK,
            message=f"{counted(answering, 'region')} answered;"
            f" {f'pools are in {listed(held, _REGIONS_SHOWN)}' if held else 'no pool was seen there'}.",
        )
    if off:
        message = f"Not enabled in this account: {listed(off, _REGIONS_SHOWN)}."
        yield Check(subject="regions", status=Status.NOTE, message=message)
    if silent:
        names = listed([region.name for region in silent], _REGIONS_SHOWN)
        yield Check(
            subject="regions",
            status=Status.LACKS,
            message=f"No answer from {names} ({silent[0].gaps[0].message}).",
            hint="Check network, proxy and AWS_ENDPOINT_URL, or name the regions that you use with --region.",
        )


def _permissions(regions: Sequence[RegionProbe], probes: Probes) -> Iterator[Check]:
    subject = "permissions"
    answers: dict[FacetName, list[object]] = {
        **{facet: [region.lists[facet] for region in regions] for facet in _LISTS},
        **{facet: [answer] for facet, answer in probes.items()},
    }
    allowed = {facet for facet, found in answers.items() if any(not isinstance(each, Gap) for each in found)}
    refused = {
        (facet, each.reason)
        for facet, found in answers.items()
        for each in found
        # Regions that are off or silent say nothing of permissions, and are told of already.
        if isinstance(each, Gap) and not (facet in _LISTS and each.reason in _ABOUT_REGIONS)
    }
    if allowed:
        yield Check(
            subject=subject,
            status=Status.OK,
            message=f"{len(allowed) + 1} of the {len(CALLS)} operations were tried and are allowed.",
        )
    for facet, reason in sorted(refused):
        where = " in some regions" if facet in allowed else ""
        yield Check(
            subject=subject,
            status=Status.LACKS,
            message=f"{facet.operation}: {reason.value.replace('_', ' ')}{where}.",
            hint=f"{ADVICE[reason].capitalize()}.",
        )
    if untried := [facet.operation for facet in FacetName if facet not in answers]:
        message = f"Could not be tried, for there is nothing to try it on: {', '.join(untried)}."
        yield Check(subject=subject, status=Status.NOTE, message=message)


def _cost(regions: Sequence[RegionProbe], probes: Probes, rate_share: float | None) -> Check:
    clients = probes.get(FacetName.APP_CLIENTS)
    clients_each = len(clients) if isinstance(clients, tuple) else 0
    calls = {region.name: _calls(region, clients_each) for region in regions if not region.gaps}
    total = sum(each.total() for each in calls.values()) + 1
    if rate_share is None:
        pace = "as fast as AWS answers"
    else:
        # The busiest quota of any one region decides: all are used side by side.
        seconds = max(
            amount / (quota_of(operation).per_second * rate_share)
            for each in calls.values()
            for operation, amount in _by_quota(each).items()
        )
        time = f"about {counted(round(seconds / 60), 'minute')}" if seconds > _SHORT else "less than a minute"
        pace = f"{time} at {rate_share:.0%} of AWS's quotas"
    message = f"A run makes about {total:,} calls, {pace}; AWS charges nothing for them ($0)."
    return Check(subject="cost", status=Status.OK, message=message)


def _calls(region: RegionProbe, clients_each: int) -> Counter[str]:
    """Count the calls of a run, if all user pools had as many app clients as the first one."""
    user_pools = len(region.ids(FacetName.USER_POOLS))
    identity_pools = len(region.ids(FacetName.IDENTITY_POOLS))
    amounts = {
        FacetName.USER_POOLS: 1 + user_pools // _PAGE,
        FacetName.USER_POOL: user_pools,
        FacetName.MFA_CONFIGURATION: user_pools,
        FacetName.RISK_CONFIGURATION: user_pools,
        FacetName.APP_CLIENTS: user_pools * (1 + clients_each // _PAGE),
        FacetName.APP_CLIENT: user_pools * clients_each,
        FacetName.IDENTITY_POOLS: 1 + identity_pools // _PAGE,
        FacetName.IDENTITY_POOL: identity_pools,
        FacetName.IDENTITY_POOL_ROLES: identity_pools,
    }
    return Counter({facet.operation: amount for facet, amount in amounts.items()})


def _by_quota(calls: Mapping[str, int]) -> Mapping[str, int]:
    """Add up the calls that share a quota, under one of their operations."""
    amounts: dict[str, tuple[str, int]] = {}
    for operation, amount in calls.items():
        category = quota_of(operation).category
        name, so_far = amounts.get(category, (operation, 0))
        amounts[category] = (name, so_far + amount)
    return dict(amounts.values())
