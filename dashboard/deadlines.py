"""What ends by itself: certificates, SAML metadata, keys that are to be deleted, old secrets, acceptances."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pandas as pd

from dashboard import words
from dashboard.frames import TIME, Dtypes, frame_of
from dashboard.holdings import certificate_of
from dashboard.kinds import Kind
from dashboard.roles import last
from dashboard.selection import ScopeChoice
from dashboard.text import NAME_LIMIT
from dashboard.theme import DEADLINES, Deadline
from poolwatch.configuration import AcceptedGap
from poolwatch.text import plain
from records.facet import Facet, FacetName
from records.federation import SamlMetadata
from records.resource import Member, Scope
from records.snapshot import (
    AppClientSnapshot,
    DomainSnapshot,
    IdentityProviderSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from records.surroundings import AcmCertificate, KmsKey

OLD_SECRET = timedelta(days=365)
# Without these facets there may be more to end than the table says.
READS = frozenset(
    {
        FacetName.USER_POOLS,
        FacetName.USER_POOL,
        FacetName.APP_CLIENTS,
        FacetName.CLIENT_SECRETS,
        FacetName.IDENTITY_PROVIDERS,
        FacetName.IDENTITY_PROVIDER,
        FacetName.DOMAIN,
        FacetName.CERTIFICATE,
        FacetName.KMS_KEY,
    }
)
STATE = pd.CategoricalDtype([look.word for look in DEADLINES.values()], ordered=True)
COLUMNS: Dtypes = {
    "state": STATE,
    "days": "Int64",
    "at": TIME,
    "what": "str",
    "resource": "str",
    "pool": "str",
    "account": "str",
    "region": "str",
    "note": "str",
    "arn": "str",
    "kind": "str",
}
_STEPS = (
    (timedelta(0), Deadline.PAST),
    (timedelta(days=7), Deadline.WEEK),
    (timedelta(days=30), Deadline.MONTH),
    (timedelta(days=90), Deadline.QUARTER),
)
_NOTE_LIMIT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One thing that ends: of which resource, when (None where nobody knows), and what else is known of it.

    `state` is given where the time alone does not tell it.
    """

    what: str
    kind: Kind
    member: Member
    arn: str
    pool_arn: str
    scope: Scope
    at: datetime | None
    note: str
    state: Deadline | None = None


def deadlines_frame(
    snapshot: Snapshot,
    scope: ScopeChoice,
    labels: tuple[Mapping[str, str], Mapping[str, str]],
    now: datetime,
    accepted: Iterable[AcceptedGap] = (),
) -> pd.DataFrame:
    """Return a row for each thing that ends, what has ended first, then the soonest.

    `labels` are those of user pools by ARN and of accounts by id; `accepted` are the gaps that the owner
    lives with until a day.
    """
    pools, accounts = labels
    rows = [_row_of_accepted(gap, accounts, now) for gap in accepted if _is_within(gap, scope)]
    for ending in endings(snapshot, now):
        pool = pools[ending.pool_arn]
        if not scope.holds(ending.scope.account_id, ending.scope.region) or (
            scope.pools and pool not in scope.pools
        ):
            continue
        rows.append(
            {
                "state": DEADLINES[ending.state or _state(ending.at, now)].word,
                "days": None if ending.at is None else (ending.at - now).days,
                "at": ending.at,
                "what": ending.what,
                "resource": plain(ending.member.name, NAME_LIMIT),
                "pool": pool,
                "account": accounts.get(ending.scope.account_id, ending.scope.account_id),
                "region": ending.scope.region,
                "note": plain(ending.note, _NOTE_LIMIT),
                "arn": ending.arn,
                "kind": ending.kind.value,
            }
        )
    frame = frame_of(COLUMNS, rows).sort_values(["state", "at", "what", "resource", "arn"], ignore_index=True)
    # An old secret goes on working: its day is in the note, and none is left to count.
    frame.loc[frame["state"] == DEADLINES[Deadline.ROTATE].word, ["days", "at"]] = None
    return frame


def _row_of_accepted(gap: AcceptedGap, accounts: Mapping[str, str], now: datetime) -> dict[str, object]:
    # It holds through its last day.
    at = datetime.combine(gap.until + timedelta(days=1), time(), UTC)
    return {
        "state": DEADLINES[_state(at, now)].word,
        "days": (at - now).days,
        "at": at,
        "what": "Accepted gap",
        "resource": plain(gap.operation or gap.facet or gap.resource or "any gap", _NOTE_LIMIT),
        "pool": "",
        "account": accounts.get(gap.account, gap.account) if gap.account else "all",
        "region": gap.region or "all",
        "note": plain(f"accepted through {gap.until}: {gap.reason}", _NOTE_LIMIT),
        "arn": "",
        "kind": "",
    }


def _is_within(gap: AcceptedGap, scope: ScopeChoice) -> bool:
    """Whether a gap that is accepted may lie inside the scope; of pools it names none."""
    return (gap.account is None or not scope.accounts or gap.account in scope.accounts) and (
        gap.region is None or not scope.regions or gap.region in scope.regions
    )


def _state(at: datetime | None, now: datetime) -> Deadline:
    if at is None:
        return Deadline.UNREAD
    return next((state for left, state in _STEPS if at - now <= left), Deadline.LATER)


def endings(snapshot: Snapshot, now: datetime) -> Iterator[Ending]:
    """Yield what ends, in no order; secrets that are younger than a year are left out."""
    for region in snapshot.regions:
        for pool in region.user_pools:
            for domain in pool.domains:
                yield from _of_domain(region, pool, domain, now)
            for provider in pool.identity_providers:
                yield from _of_provider(pool, provider, now)
            for client in pool.clients:
                yield from _of_secrets(pool, client, now)
            yield from _of_keys(region, pool, now)


def _of_domain(
    region: RegionSnapshot, pool: UserPoolSnapshot, domain: DomainSnapshot, now: datetime
) -> Iterator[Ending]:
    facet = certificate_of(region, domain)
    certificate = last(facet)
    if facet.gap is None and certificate is None:
        settings = last(domain.settings)
        if settings is None or not settings.certificate_arn:
            return
    note = "AWS knows no such certificate" if certificate is None else _renewal(certificate)
    gone = Deadline.PAST if certificate is None else None
    yield Ending(
        what="Certificate of the domain",
        kind=Kind.DOMAIN,
        member=domain.member,
        arn=domain.arn,
        pool_arn=pool.arn,
        scope=pool.scope,
        at=certificate.not_after if certificate else None,
        note=note if facet.gap is None else _unread(facet, now),
        state=gone if facet.gap is None else Deadline.UNREAD,
    )


def _renewal(certificate: AcmCertificate) -> str:
    parts = []
    if certificate.status not in (None, "ISSUED"):
        parts.append(f"its state is {certificate.status}")
    if certificate.type == "IMPORTED":
        parts.append("imported: AWS does not renew it")
    elif certificate.renewal_status:
        parts.append(f"AWS renews it: {certificate.renewal_status}")
    elif certificate.renewal_eligibility == "ELIGIBLE":
        parts.append("AWS renews it by itself; not begun yet")
    elif certificate.renewal_eligibility:
        parts.append(f"AWS cannot renew it ({certificate.renewal_eligibility})")
    return "; ".join(parts) or f"renewal {words.NOT_STATED}"


def _of_provider(
    pool: UserPoolSnapshot, provider: IdentityProviderSnapshot, now: datetime
) -> Iterator[Ending]:
    facet = provider.settings
    settings = last(facet)
    metadata = settings.saml_metadata if settings else None
    ends = _of_metadata(metadata) if metadata else [("SAML signing certificate", None, "")]
    if facet.gap is None and metadata is None:
        return
    for what, at, note in ends:
        is_known = facet.gap is None and at is not None
        yield Ending(
            what=what,
            kind=Kind.IDENTITY_PROVIDER,
            member=provider.member,
            arn=provider.arn,
            pool_arn=pool.arn,
            scope=pool.scope,
            at=at,
            note=note if facet.gap is None else _unread(facet, now),
            state=None if is_known else Deadline.UNREAD,
        )


def _of_metadata(metadata: SamlMetadata) -> Iterator[tuple[str, datetime | None, str]]:
    several = len(metadata.signing_certificates) > 1
    for certificate in metadata.signing_certificates:
        beside = f"; one of {len(metadata.signing_certificates)}" if several else ""
        yield "SAML signing certificate", certificate.not_after, f"{certificate.subject}{beside}"
    if metadata.valid_until is not None:
        yield "SAML metadata", metadata.valid_until, "sign-in ends with it"
    if metadata.problem is not None:
        yield "SAML metadata", None, f"cannot be read: {metadata.problem}"


def _of_secrets(pool: UserPoolSnapshot, client: AppClientSnapshot, now: datetime) -> Iterator[Ending]:
    if client.secrets.gap is not None:
        # What was read before may have been rotated since; the list of gaps names it.
        return
    for secret in client.secrets.value:
        if secret.created_at is None or now - secret.created_at < OLD_SECRET:
            continue
        since = secret.created_at + OLD_SECRET
        yield Ending(
            what="Client secret",
            kind=Kind.APP_CLIENT,
            member=client.member,
            arn=client.arn,
            pool_arn=pool.arn,
            scope=pool.scope,
            at=since,
            note=f"rotate since {words.day(since)}: made on {words.day(secret.created_at)}",
            state=Deadline.ROTATE,
        )


def _of_keys(region: RegionSnapshot, pool: UserPoolSnapshot, now: datetime) -> Iterator[Ending]:
    settings = last(pool.settings)
    named = (settings.kms_key_arn, settings.custom_sender_kms_key_arn) if settings else ()
    for arn in dict.fromkeys(arn for arn in named if arn):
        facet = region.kms_key(arn)
        key = last(facet)
        if facet.gap is None and key is not None and key.state != "PendingDeletion":
            continue
        yield Ending(
            what="KMS key",
            kind=Kind.USER_POOL,
            member=pool.member,
            arn=pool.arn,
            pool_arn=pool.arn,
            scope=pool.scope,
            at=key.deletion_at if key else None,
            note=f"{arn.rpartition('/')[2]}: {_key_note(key) if facet.gap is None else _unread(facet, now)}",
            state=_key_state(facet),
        )


def _key_note(key: KmsKey | None) -> str:
    return "AWS knows no such key" if key is None else "will be deleted, and the user pool stops with it"


def _key_state(facet: Facet[KmsKey | None]) -> Deadline | None:
    if facet.gap is not None:
        return Deadline.UNREAD
    return Deadline.PAST if last(facet) is None else None


def _unread(facet: Facet[Any], now: datetime) -> str:
    return words.of_facet(facet, lambda _: "the date is of then", now)
