"""Overview's accounts: what they are called, how the newest run fared with them, what is known of them."""

from collections.abc import Hashable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.accounts import account_labels
from dashboard.frames import frame_of
from dashboard.places import ACCOUNTS, REGIONS, accounts_frame, regions_frame
from dashboard.selection import ScopeChoice
from records.account import AccountInfo
from tests.dashboard import estate, stores
from tests.dashboard.conftest import OpenPage

NINE_DAYS_AGO = stores.STARTED - timedelta(days=9)


@pytest.fixture
def archived(store: Path) -> Path:
    """A store of two runs; in the second one nobody could sign in to the archive."""
    before = estate.regions(NINE_DAYS_AGO, is_archive_open=True)
    stores.run_over(store, before, accounts=estate.ACCOUNTS, at=NINE_DAYS_AGO)
    stores.run_over(store, estate.regions(stores.STARTED), accounts=estate.ACCOUNTS)
    return store


def accounts(scope: ScopeChoice | None = None) -> dict[str, dict[Hashable, Any]]:
    current = data.published()
    scope = scope or ScopeChoice()
    frame = accounts_frame(current.posture, current.accounts, scope.of(current.findings), scope)
    return {row["name"]: row for row in frame.to_dict("records")}


def table(page: AppTest) -> pd.DataFrame:
    return page.dataframe[0].value.set_index("name")


@pytest.mark.usefixtures("archived")
def test_each_account_has_a_row_with_what_the_owner_calls_it() -> None:
    rows = accounts()
    assert [*rows] == ["shop-prod", "shop-staging", "to-come", "archive"]
    assert [rows["shop-prod"][key] for key in ("account", "environment", "owner", "reading")] == [
        estate.PROD,
        "production",
        "Identity team",
        "In part",
    ]
    assert [rows["shop-prod"][key] for key in ("regions", "user_pools", "app_clients", "identity_pools")] == [
        "2 of 2",
        "2",
        "3",
        "1",
    ]
    assert rows["shop-prod"]["missing"] == "kms:DescribeKey"
    assert rows["shop-staging"]["high"] > 0


@pytest.mark.usefixtures("archived")
def test_account_without_sign_in_keeps_the_age_of_its_data_and_claims_nothing() -> None:
    archive = accounts()["archive"]
    assert (archive["reading"], archive["missing"]) == ("No sign-in", "sts:AssumeRole")
    assert archive["collected"] < stores.STARTED - timedelta(days=8)
    assert archive["user_pools"] == "not read"
    assert archive["unjudged"] > 0
    assert pd.isna(archive["critical"])


@pytest.mark.usefixtures("archived")
def test_account_that_was_never_read_claims_nothing() -> None:
    row = accounts()["to-come"]
    assert (row["reading"], row["user_pools"]) == ("Never read", "not read")
    assert pd.isna(row["collected"])
    assert pd.isna(row["high"])


def test_account_that_the_newest_run_left_out_is_of_an_earlier_one(store: Path) -> None:
    regions = estate.regions(stores.STARTED, is_archive_open=True)
    stores.run_over(store, regions, at=NINE_DAYS_AGO)
    stores.run_over(store, regions[:2])
    rows = accounts()
    assert {name: row["reading"] for name, row in rows.items()} == {
        estate.PROD: "In part",
        estate.STAGING: "Earlier run",
        estate.ARCHIVE: "Earlier run",
    }
    assert rows[estate.STAGING]["collected"] < rows[estate.PROD]["collected"]


def test_denied_list_is_a_part(store: Path) -> None:
    stores.complete_run(store, (), are_lists_denied=True)
    assert [row["reading"] for row in accounts().values()] == ["Never read"]
    stores.complete_run(store)
    assert [row["reading"] for row in accounts().values()] == ["Read"]


@pytest.mark.usefixtures("archived")
def test_scope_narrows_accounts() -> None:
    assert [*accounts(ScopeChoice(accounts=(estate.STAGING,)))] == ["shop-staging"]
    assert [*accounts(ScopeChoice(regions=("us-east-1",)))] == ["shop-prod"]


@pytest.mark.usefixtures("archived")
def test_dtypes_hold() -> None:
    current = data.published()
    everything = ScopeChoice()
    made = accounts_frame(current.posture, current.accounts, current.findings, everything)
    assert made.dtypes.equals(frame_of(ACCOUNTS, []).dtypes)
    regions = regions_frame(current.posture, current.account_labels, current.findings, everything)
    assert regions.dtypes.equals(frame_of(REGIONS, []).dtypes)
    assert regions["account"].tolist()[0] == "shop-prod (111122223333)"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("prod", "prod (111122223333)"),
        ("111122223333", "111122223333"),
        ("\u202e", "111122223333"),
        ("a\u202eb", "ab (111122223333)"),
    ],
)
def test_labels_of_accounts(name: str, label: str) -> None:
    info = AccountInfo(account_id=estate.PROD, name=name, environment=None, owner=None)
    assert account_labels({estate.PROD: info}, ()) == {estate.PROD: label}
    assert account_labels({}, [estate.PROD]) == {estate.PROD: estate.PROD}


@pytest.mark.usefixtures("archived")
def test_page_shows_accounts_by_name(open_page: OpenPage) -> None:
    page = open_page("overview")
    assert not page.exception
    assert table(page).loc["archive", "reading"] == ["✕ No sign-in"]
    widget = page.multiselect(key="account_choice")
    assert "shop-prod (111122223333)" in widget.options


@pytest.mark.usefixtures("archived")
def test_account_stands_in_the_address_by_its_id(open_page: OpenPage) -> None:
    page = open_page("posture", account=[estate.STAGING])
    assert page.multiselect(key="account_choice").value == [estate.STAGING]
    assert set(page.dataframe[0].value["account_name"]) == {"shop-staging (222233334444)"}
    page.multiselect(key="account_choice").set_value([estate.PROD]).run()
    assert page.query_params["account"] == estate.PROD
    page.multiselect(key="account_choice").set_value([]).run()
    assert "account" not in page.query_params


@pytest.mark.usefixtures("archived")
def test_unknown_account_in_the_address_is_no_filter(open_page: OpenPage) -> None:
    page = open_page("posture", account=["000000000000"])
    assert not page.exception
    assert page.multiselect(key="account_choice").value == []
    assert not page.dataframe[0].value.empty
