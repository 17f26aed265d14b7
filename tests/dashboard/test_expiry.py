"""What expires next: one table over the accounts, and what nobody could read of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.comparison import EXPIRES
from dashboard.deadlines import COLUMNS, deadlines_frame
from dashboard.frames import frame_of, pool_labels
from dashboard.kinds import Kind
from dashboard.selection import ScopeChoice
from poolwatch.configuration import AcceptedGap
from records.facet import Facet, FacetName, Reason
from records.federation import SamlMetadata
from records.snapshot import RegionSnapshot, Snapshot
from records.surroundings import KmsKey
from records.user_pool_parts import ClientSecret
from tests.builders import (
    CERTIFICATE_ARN,
    NOW,
    make_app_client,
    make_app_client_snapshot,
    make_certificate,
    make_domain,
    make_gap,
    make_identity_provider,
    make_region_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.dashboard import estate, stores
from tests.dashboard.conftest import OpenPage

KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b"


def frame(*regions: RegionSnapshot, scope: ScopeChoice | None = None, now: datetime = NOW) -> pd.DataFrame:
    snapshot = Snapshot(regions=tuple(map(stores.placed, regions)))
    return deadlines_frame(snapshot, scope or ScopeChoice(), (pool_labels(snapshot), {}), now)


def of_certificate(outcome: Any, **overrides: Any) -> pd.DataFrame:
    pool = make_user_pool_snapshot(domains=[make_domain(**overrides)])
    references = {(FacetName.CERTIFICATE, CERTIFICATE_ARN): outcome}
    return frame(make_region_snapshot(user_pools=[pool], references=references))


def of_key(outcome: Any) -> pd.DataFrame:
    pool = make_user_pool_snapshot(make_user_pool(kms_key_arn=KEY))
    return frame(make_region_snapshot(user_pools=[pool], references={(FacetName.KMS_KEY, KEY): outcome}))


def make_key(state: str, deletion_at: datetime | None = None) -> KmsKey:
    return KmsKey(arn=KEY, state=state, manager="CUSTOMER", origin="AWS_KMS", deletion_at=deletion_at)


@pytest.mark.parametrize(
    ("left", "word"),
    [
        (timedelta(days=-1), "Ended"),
        (timedelta(seconds=0), "Ended"),
        (timedelta(seconds=1), "7 days"),
        (timedelta(days=7), "7 days"),
        (timedelta(days=8), "30 days"),
        (timedelta(days=31), "90 days"),
        (timedelta(days=91), "Later"),
    ],
    ids=str,
)
def test_certificate_stands_by_the_time_that_is_left(left: timedelta, word: str) -> None:
    (row,) = of_certificate(make_certificate(not_after=NOW + left)).to_dict("records")
    assert (row["state"], row["days"], row["at"]) == (word, left.days, NOW + left)
    assert (row["resource"], row["pool"], row["kind"]) == ("login.example.com", "customers", Kind.DOMAIN)


@pytest.mark.parametrize(
    ("overrides", "note"),
    [
        ({}, "AWS renews it by itself; not begun yet"),
        ({"renewal_status": "PENDING_VALIDATION"}, "AWS renews it: PENDING_VALIDATION"),
        ({"type": "IMPORTED", "renewal_eligibility": "INELIGIBLE"}, "imported: AWS does not renew it"),
        ({"renewal_eligibility": "INELIGIBLE"}, "AWS cannot renew it (INELIGIBLE)"),
        ({"status": "REVOKED"}, "its state is REVOKED; AWS renews it by itself; not begun yet"),
        ({"renewal_eligibility": None}, "renewal not stated"),
    ],
)
def test_renewal_is_told(overrides: dict[str, Any], note: str) -> None:
    assert of_certificate(make_certificate(**overrides))["note"].tolist() == [note]


def test_certificate_that_was_not_read_is_neither_good_nor_bad() -> None:
    (row,) = of_certificate(make_gap("acm:DescribeCertificate")).to_dict("records")
    assert (row["state"], row["note"]) == ("Not read", "not read")
    assert pd.isna(row["days"])


def test_certificate_of_another_account_says_so() -> None:
    gap = make_gap("acm:DescribeCertificate", Reason.OTHER_ACCOUNT)
    assert of_certificate(gap)["note"].tolist() == ["another account, not read"]


def test_certificate_that_is_gone_has_ended() -> None:
    (row,) = of_certificate(None).to_dict("records")
    assert (row["state"], row["note"]) == ("Ended", "AWS knows no such certificate")


def test_domain_of_cognito_has_no_certificate_of_its_own() -> None:
    assert of_certificate(make_certificate(), certificate_arn=None).empty


@pytest.mark.parametrize("state", ["Enabled", "Disabled"])
def test_key_that_stays_is_left_out(state: str) -> None:
    assert of_key(make_key(state)).empty


def test_key_that_is_to_be_deleted() -> None:
    (row,) = of_key(make_key("PendingDeletion", NOW + timedelta(days=12))).to_dict("records")
    assert (row["what"], row["state"], row["days"]) == ("KMS key", "30 days", 12)


@pytest.mark.parametrize(("outcome", "word"), [(None, "Ended"), (make_gap("kms:DescribeKey"), "Not read")])
def test_key_that_is_gone_or_unread(outcome: Any, word: str) -> None:
    assert of_key(outcome)["state"].tolist() == [word]


@pytest.mark.parametrize(("days", "shown"), [(364, []), (365, ["Rotate"]), (500, ["Rotate"])])
def test_secret_is_told_once_it_is_a_year_old(days: int, shown: list[str]) -> None:
    secret = ClientSecret(secret_id="one", created_at=NOW - timedelta(days=days))
    client = make_app_client_snapshot(make_app_client(has_secret=True), secrets=(secret,))
    rows = frame(make_region_snapshot(user_pools=[make_user_pool_snapshot(clients=[client])]))
    assert rows["state"].tolist() == shown
    assert all(note.startswith("rotate since ") for note in rows["note"])
    # It goes on working: nothing is left to count.
    assert rows["days"].isna().all()
    assert rows["at"].isna().all()


def test_secrets_that_were_not_read_claim_nothing() -> None:
    client = make_app_client_snapshot(make_app_client(has_secret=True), secrets=make_gap())
    assert frame(make_region_snapshot(user_pools=[make_user_pool_snapshot(clients=[client])])).empty


def test_every_signing_certificate_and_the_metadata_itself_end() -> None:
    metadata = SamlMetadata(
        entity_id="one",
        valid_until=NOW + timedelta(days=3),
        signing_certificates=estate.saml_metadata(
            NOW + timedelta(days=20), NOW + timedelta(days=400)
        ).signing_certificates,
        problem="a certificate is cut off",
    )
    provider = make_identity_provider(type="SAML", saml_metadata=metadata)
    rows = frame(make_region_snapshot(user_pools=[make_user_pool_snapshot(identity_providers=[provider])]))
    assert rows[["what", "state"]].to_numpy().tolist() == [
        ["SAML metadata", "7 days"],
        ["SAML signing certificate", "30 days"],
        ["SAML signing certificate", "Later"],
        ["SAML metadata", "Not read"],
    ]


def test_unread_provider_shows_but_oidc_does_not() -> None:
    pool = make_user_pool_snapshot(identity_providers=[make_identity_provider(), make_gap()])
    assert frame(make_region_snapshot(user_pools=[pool]))["state"].tolist() == ["Not read"]


def test_last_date_of_what_is_no_longer_read_stays_unread() -> None:
    pool = make_user_pool_snapshot(domains=[make_domain()])
    region = make_region_snapshot(user_pools=[pool])
    key = (FacetName.CERTIFICATE, CERTIFICATE_ARN)
    before = Facet.missing(make_gap("acm:DescribeCertificate"), region.references[key].last_good)
    (row,) = frame(replace(region, references={key: before})).to_dict("records")
    assert row["state"] == "Not read"
    assert row["days"] == 300
    assert "the date is of then" in row["note"]


def test_dtypes_hold_for_rows_and_for_none() -> None:
    filled = frame(*estate.regions(NOW))
    for each in (filled, frame()):
        assert each.dtypes.equals(frame_of(COLUMNS, []).dtypes)


def test_most_urgent_stands_first_over_all_accounts() -> None:
    rows = frame(*estate.regions(NOW))
    assert rows["state"].tolist() == [
        "Ended",
        "7 days",
        "30 days",
        "30 days",
        "Rotate",
        "90 days",
        "Later",
        "Not read",
    ]
    assert rows["days"].tolist()[2:4] == [12, 21]


@pytest.mark.parametrize(("days", "word"), [(-1, "Ended"), (0, "7 days"), (29, "30 days")])
def test_accepted_gap_ends_with_its_last_day(days: int, word: str) -> None:
    gap = AcceptedGap(
        reason="an audit is under way",
        until=(NOW + timedelta(days=days)).date(),
        operation="cognito-idp:DescribeRiskConfiguration",
        account=estate.PROD,
    )
    labels = {estate.PROD: "shop-prod"}
    empty = Snapshot(regions=())
    (row,) = deadlines_frame(empty, ScopeChoice(), ({}, labels), NOW, [gap]).to_dict("records")
    assert (row["state"], row["account"], row["region"], row["resource"]) == (
        word,
        "shop-prod",
        "all",
        "cognito-idp:DescribeRiskConfiguration",
    )
    elsewhere = ScopeChoice(accounts=(estate.STAGING,))
    assert deadlines_frame(empty, elsewhere, ({}, labels), NOW, [gap]).empty


def test_scope_narrows_it() -> None:
    regions = estate.regions(NOW)
    assert set(frame(*regions, scope=ScopeChoice(accounts=(estate.STAGING,)))["account"]) == {estate.STAGING}
    assert set(frame(*regions, scope=ScopeChoice(pools=("staff",)))["pool"]) == {"staff"}
    assert frame(*regions, scope=ScopeChoice(regions=("eu-north-1",))).empty


def test_page_tells_dates_and_gaps(store: Path, open_page: OpenPage) -> None:
    stores.run_over(store, estate.regions(stores.STARTED), accounts=estate.ACCOUNTS)
    page = open_page("inventory", mode=EXPIRES)
    assert not page.exception
    rows = page.dataframe[0].value
    assert len(rows) == 8
    assert "shop-prod (111122223333)" in set(rows["account"])
    assert "1 ended" in page.caption[0].value
    assert any("`kms:DescribeKey` was not answered" in each.value for each in page.markdown)


def test_page_is_green_only_where_all_was_read(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    assert "Nothing ends" in open_page("inventory", mode=EXPIRES).success[0].value
    stores.complete_run(store, (), are_lists_denied=True)
    page = open_page("inventory", mode=EXPIRES)
    assert not [each for each in page.success if "Nothing ends" in each.value]
    assert "2 not read" in page.caption[0].value


def test_nothing_known_is_no_clean_result(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, (), are_lists_denied=True)
    page = open_page("inventory", mode=EXPIRES)
    assert not page.dataframe
    assert any("no clean result" in info.value for info in page.info)
