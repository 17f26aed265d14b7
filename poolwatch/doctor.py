"""What stands between Poolwatch and a complete run. Everything is tried, nothing is written."""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore

import poolwatch
from collectors.clients import CALLS as SIGN_IN_CALLS
from collectors.clients import Account, AccountTarget, cognito_regions, open_account, unknown_operations
from collectors.limiter import RateLimiter
from collectors.policy import CALLS
from poolwatch.checks import Check, Status
from poolwatch.configuration import Configuration
from poolwatch.permissions import REGION_LISTS, permissions
from poolwatch.reading import PACED_WORKERS, UNPACED_WORKERS, Reading
from poolwatch.sampling import Estimate, Sample
from poolwatch.settings_check import check_settings
from poolwatch.text import counted, listed, plain
from records.account import AccountInfo
from records.errors import PoolwatchError, SettingsError, StoreError, UsageError
from records.facet import FacetName, Gap, Reason
from records.resource import Scope
from records.run import Answer
from store.checks import check
from store.reader import exists

_ACCOUNTS_AT_ONCE = 4
_NO_SETTINGS = Configuration()
# A run's own retries would make a region that does not answer hold everything up.
_ATTEMPTS = 2
_SHORT = 45
_REGIONS_SHOWN = 6
_CLOCK_TOLERANCE = timedelta(minutes=2)


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
    others = {target.known_account_id for target in targets if target.known_account_id}

    def looked_at(target: AccountTarget) -> tuple[Check, ...]:
        checks = []
        try:
            for check in _account(target, rate_share=rate_share, regions=regions, clock=clock, others=others):
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
    others: Collection[str] = (),
) -> Iterator[Check]:
    wanted = regions or target.regions
    try:
        account = open_account(
            target,
            RateLimiter(rate_share),
            region=wanted[0] if wanted else None,
            attempts=_ATTEMPTS,
            workers=UNPACED_WORKERS if rate_share is None else PACED_WORKERS,
        )
        yield _signed_in(account)
        yield from _clock(account, clock())
        yield from _readable(account, _names(account, wanted), rate_share, others)
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


def _readable(
    account: Account, names: Iterable[str], rate_share: float | None, others: Collection[str]
) -> Iterator[Check]:
    identity, sample, answers = account.identity, Sample(), list[Answer]()
    result = Reading(
        {identity.account_id: account}, keep=answers.append, clock=lambda: datetime.now(UTC)
    ).read(
        [Scope(identity.account_id, name, identity.partition) for name in names],
        is_paced=rate_share is not None,
        reads=sample.region_reads,
    )
    if result.errors:
        raise result.errors[0]
    # Gaps count as the reading settled them.
    answered = [each for each in answers if not isinstance(each.outcome, Gap)]
    gaps = [each for each in result.lists_and_gaps if isinstance(each.outcome, Gap)]
    calls = account.calls
    yield from _regions([*answered, *gaps])
    yield from permissions(answered, gaps, calls, others)
    if any(each.facet in REGION_LISTS for each in answered):
        yield _cost(sample.estimate(calls), rate_share)


def _regions(answers: Iterable[Answer]) -> Iterator[Check]:
    lists: dict[str, dict[FacetName, object]] = defaultdict(dict)
    for answer in answers:
        if answer.facet in REGION_LISTS:
            lists[answer.scope.region][answer.facet] = answer.outcome
    reasons = {
        name: [gap for gap in outcomes.values() if isinstance(gap, Gap)]
        for name, outcomes in sorted(lists.items())
    }
    off = [name for name, gaps in reasons.items() if any(gap.reason is Reason.REGION_OFF for gap in gaps)]
    silent = {name: gap for name, gaps in reasons.items() for gap in gaps if gap.reason is Reason.UNAVAILABLE}
    held = [
        f"{name} ({counted(len(user_pools), 'user pool')}, {counted(len(identity_pools), 'identity pool')})"
        for name in reasons
        for user_pools, identity_pools in [[_members(lists[name].get(facet)) for facet in REGION_LISTS]]
        if user_pools or identity_pools
    ]
    if answering := len(reasons) - len(off) - len(silent):
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
        names = listed(silent, _REGIONS_SHOWN)
        yield Check(
            subject="regions",
            status=Status.LACKS,
            message=f"No answer from {names} ({next(iter(silent.values())).message}).",
            hint="Check network, proxy and AWS_ENDPOINT_URL, or name the regions that you use with --region.",
        )


def _members(outcome: object) -> tuple[object, ...]:
    return outcome if isinstance(outcome, tuple) else ()


def _cost(estimate: Estimate, rate_share: float | None) -> Check:
    if rate_share is None:
        pace = "as fast as AWS answers"
    else:
        seconds = estimate.seconds / rate_share
        time = f"about {counted(round(seconds / 60), 'minute')}" if seconds > _SHORT else "less than a minute"
        pace = f"{time} at {rate_share:.0%} of AWS's quotas"
    total = round(estimate.calls) + len(SIGN_IN_CALLS)
    message = f"A run makes about {total:,} calls, {pace}; AWS charges nothing for them ($0)."
    return Check(subject="cost", status=Status.OK, message=message)
