"""The frames of Overview: a row for each account, and one for each of its regions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from dashboard.accounts import account_name
from dashboard.frames import TIME, UNJUDGED_WORDS, Dtypes, frame_of, open_failures
from dashboard.selection import ScopeChoice
from dashboard.theme import READINGS, SEVERITIES, Read
from poolwatch.posture import Posture
from poolwatch.text import listed
from records.account import AccountInfo
from records.evaluation import Severity
from records.facet import Gap, Reason
from records.snapshot import RegionSnapshot

READING = pd.CategoricalDtype([look.word for look in READINGS.values()], ordered=True)
_COUNTS: Dtypes = {
    "user_pools": "str",
    "app_clients": "str",
    "identity_pools": "str",
    "collected": TIME,
    "gaps": "int64",
    **{severity.value: "Int64" for severity in Severity},
    "unjudged": "int64",
}
REGIONS: Dtypes = {"account": "str", "region": "str", **_COUNTS}
ACCOUNTS: Dtypes = {
    "account": "str",
    "name": "str",
    "environment": "str",
    "owner": "str",
    "reading": READING,
    "regions": "str",
    "missing": "str",
    **_COUNTS,
}
_SIGN_IN = "sts:"
_NAMED = 2
_UNREAD = "not read"


def accounts_frame(
    posture: Posture, accounts: Mapping[str, AccountInfo], findings: pd.DataFrame, scope: ScopeChoice
) -> pd.DataFrame:
    """Return a row for each account in scope, the open problems being those among `findings`.

    `accounts` is what the owner calls them; one that was never read has a row, too.
    """
    tally = _Tally.of(posture, findings)
    rows = []
    for account_id in sorted({*accounts, *(each.scope.account_id for each in posture.snapshot.regions)}):
        if scope.accounts and account_id not in scope.accounts:
            continue
        regions = [
            region
            for region in posture.snapshot.regions
            if region.scope.account_id == account_id and scope.holds(account_id, region.scope.region)
        ]
        if not regions and scope.regions:
            continue
        info = accounts.get(account_id)
        on = [region for region in regions if not region.is_off]
        reading = _reading(posture, regions)
        rows.append(
            {
                "account": account_id,
                "name": account_name(info) or account_id,
                "environment": (info and info.environment) or "",
                "owner": (info and info.owner) or "",
                "reading": READINGS[reading].word,
                "regions": _with_pools(on),
                "missing": _missing(posture, account_id, scope),
                **_held(on, is_known=bool(regions)),
                "collected": min((at for each in on if (at := collected(each))), default=None),
                **tally.at(
                    ((account_id, region.scope.region) for region in on),
                    is_known=reading not in (Read.NEVER, Read.NO_SIGN_IN),
                ),
            }
        )
    return frame_of(ACCOUNTS, rows)


def regions_frame(
    posture: Posture, labels: Mapping[str, str], findings: pd.DataFrame, scope: ScopeChoice
) -> pd.DataFrame:
    """Return a row for each account and region in scope; `labels` are those of accounts by id."""
    tally = _Tally.of(posture, findings)
    rows = []
    for region in posture.snapshot.regions:
        place = (region.scope.account_id, region.scope.region)
        if region.is_off or not scope.holds(*place):
            continue
        rows.append(
            {
                "account": labels.get(place[0], place[0]),
                "region": place[1],
                **_held([region], is_known=True),
                "collected": collected(region),
                **tally.at([place], is_known=_is_answered(region)),
            }
        )
    return frame_of(REGIONS, rows)


def collected(region: RegionSnapshot) -> datetime | None:
    """Return when what is known of a region was read: a run that got no answer makes nothing newer."""
    if _is_answered(region):
        return region.collected_at
    lists = (region.user_pool_list, region.identity_pool_list)
    return max((each.last_good.at for each in lists if each.last_good), default=None)


def _is_answered(region: RegionSnapshot) -> bool:
    return any(each.gap is None for each in (region.user_pool_list, region.identity_pool_list))


_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Tally:
    """Gaps, open problems and unjudged checks by place."""

    gaps: Counter[_Place]
    problems: Counter[tuple[str, str, str]]
    unjudged: Counter[_Place]

    @classmethod
    def of(cls, posture: Posture, findings: pd.DataFrame) -> "_Tally":
        open_ = open_failures(findings)
        unknown = findings[findings["outcome"].isin(UNJUDGED_WORDS)]
        return cls(
            Counter((gap.scope.account_id, gap.scope.region) for gap in posture.gaps if not gap.gap.is_off),
            Counter(zip(open_["account"], open_["region"], open_["severity"], strict=True)),
            Counter(zip(unknown["account"], unknown["region"], strict=True)),
        )

    def at(self, places: Iterable[_Place], *, is_known: bool) -> Mapping[str, int | None]:
        """Add up what stands at the places; of one where nothing was read no problem is known, nor none."""
        places = tuple(places)
        return {
            "gaps": sum(self.gaps[place] for place in places),
            **{
                severity.value: sum(self.problems[*place, look.word] for place in places)
                if is_known
                else None
                for severity, look in SEVERITIES.items()
            },
            "unjudged": sum(self.unjudged[place] for place in places),
        }


def _reading(posture: Posture, regions: Sequence[RegionSnapshot]) -> Read:
    """Tell how the newest run fared with an account."""
    gaps = [_sign_in_gap(region) for region in regions]
    if gaps and all(gaps):
        return Read.NO_SIGN_IN
    if all(region.is_off or collected(region) is None for region in regions):
        return Read.NEVER
    if posture.run is not None and all(region.run_id != posture.run.id for region in regions):
        return Read.EARLIER
    scopes = {region.scope for region in regions}
    has_gap = any(gap.scope in scopes and not gap.gap.is_off for gap in posture.gaps)
    return Read.IN_PART if has_gap else Read.READ


def _sign_in_gap(region: RegionSnapshot) -> Gap | None:
    """Return why nobody could sign in to the region's account, None where somebody could."""
    gaps = (region.user_pool_list.gap, region.identity_pool_list.gap)
    refused = [
        gap
        for gap in gaps
        if gap is not None and (gap.operation.startswith(_SIGN_IN) or gap.reason is Reason.EXPIRED)
    ]
    return refused[0] if len(refused) == len(gaps) else None


def _with_pools(regions: Sequence[RegionSnapshot]) -> str:
    holding = sum(bool(region.user_pools or region.identity_pools) for region in regions)
    return f"{holding:,} of {len(regions):,}"


def _missing(posture: Posture, account_id: str, scope: ScopeChoice) -> str:
    """Name the permissions that gaps of an account call for."""
    actions = {
        gap.gap.iam_action
        for gap in posture.gaps
        if gap.scope.account_id == account_id
        and gap.gap.reason in (Reason.DENIED, Reason.EXPLICIT_DENY)
        and not gap.gap.is_off
        and scope.holds(account_id, gap.scope.region)
    }
    return listed(sorted(actions), _NAMED)


def _held(regions: Sequence[RegionSnapshot], *, is_known: bool) -> Mapping[str, str]:
    """Count what regions hold; a list that was not read is no zero, one that was read in part has a `+`."""
    pools_lack = sum(region.user_pool_list.gap is not None for region in regions)
    identities_lack = sum(region.identity_pool_list.gap is not None for region in regions)
    user_pools = [pool for region in regions for pool in region.user_pools]
    has_clients = all(pool.client_list.gap is None for pool in user_pools)
    identity_pools = sum(len(region.identity_pools) for region in regions)
    number = len(regions)

    def told(count: int, lacking: int, *, is_whole: bool = True) -> str:
        if not is_known or (number and lacking == number):
            return _UNREAD
        return f"{count:,}{'+' if lacking or not is_whole else ''}"

    return {
        "user_pools": told(len(user_pools), pools_lack),
        "app_clients": told(sum(len(pool.clients) for pool in user_pools), pools_lack, is_whole=has_clients),
        "identity_pools": told(identity_pools, identities_lack),
    }
