"""The page of resources: tables, one in full, two side by side."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import components, data, inventory
from dashboard.comparison import COMPARE
from dashboard.frames import Dtypes, frame_of
from dashboard.holdings import Resource, resources_of
from dashboard.kinds import Kind
from dashboard.resources import (
    COMPARISON,
    DETAIL,
    RESOURCES,
    comparison_frame,
    detail_frame,
    resources_frame,
)
from records.snapshot import Snapshot
from tests.builders import (
    NOW,
    SCOPE,
    make_app_client,
    make_gap,
    make_region_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.dashboard import stores
from tests.dashboard.conftest import OpenPage

CUSTOMERS, STAFF = (SCOPE.user_pool_arn(f"eu-west-1_pool{number:05}") for number in range(2))
CLIENT = f"{CUSTOMERS}/client/client{0:020}"
A_YEAR_AGO = stores.STARTED - timedelta(days=365)


def shown(page: AppTest) -> str:
    kinds = (page.markdown, page.text, page.code, page.caption, page.info, page.success)
    return "\n".join(str(each.value) for kind in kinds for each in kind)


def table(page: AppTest) -> pd.DataFrame:
    return page.dataframe[0].value.set_index("name")


def settings(page: AppTest) -> dict[str, str]:
    """Return what the detail shows, by setting; its groups are the tables after the first one."""
    return {
        row["setting"]: row["value"]
        for element in page.dataframe[1:]
        for row in element.value.to_dict("records")
    }


def resource(pool_id: str, **overrides: object) -> Resource:
    pool = make_user_pool_snapshot(make_user_pool(user_pool_id=pool_id, **overrides))
    (made,) = resources_of(
        Kind.USER_POOL,
        Snapshot(regions=(make_region_snapshot(user_pools=[pool]),)),
        {pool.arn: pool_id},
    )
    return made


def compared(left: Resource, right: Resource) -> dict[str, tuple[str, str, str]]:
    frame = comparison_frame(left, right, NOW)
    return {row["setting"]: (row["match"], row["left"], row["right"]) for row in frame.to_dict("records")}


@pytest.mark.parametrize("kind", Kind)
def test_dtypes_hold_with_and_without_rows(kind: Kind, store: Path) -> None:
    stores.complete_run(store)
    for frame in (data.inventory(data.published(), kind).frame, resources_frame(kind, (), (), NOW)):
        assert frame.dtypes.equals(frame_of(RESOURCES[kind], []).dtypes)


@pytest.mark.parametrize("columns", [DETAIL, COMPARISON], ids=["detail", "comparison"])
def test_dtypes_of_settings_hold(columns: Dtypes) -> None:
    pool = resource("eu-west-1_a")
    frame = detail_frame(pool, NOW) if columns is DETAIL else comparison_frame(pool, pool, NOW)
    assert not frame.empty
    assert frame.dtypes.equals(frame_of(columns, []).dtypes)


def test_user_pools_stand_by_name_with_their_worst_problem(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    pools = table(open_page("inventory"))
    assert pools.index.tolist() == ["customers", "staff"]
    customers = pools.loc["customers"]
    findings = data.published().findings
    in_customers = findings[findings["pool"] == "customers (eu-west-1_pool00000)"]
    failures = in_customers[in_customers["outcome"] == "Fail"]
    assert set(failures["type"]) == {"User pool", "App client"}
    assert (customers["standing"], customers["open"]) == (["▲ High"], len(failures))
    assert (customers["plan"], customers["deletion"], pools.loc["staff", "deletion"]) == ("Plus", "off", "on")
    assert (customers["users"].strip(), customers["mfa"], customers["factors"]) == (
        "1,200",
        "required",
        "passkey, TOTP",
    )


@pytest.mark.parametrize(
    ("kind", "name", "cells"),
    [
        (
            "App clients",
            "staff-web",
            {"type": "public", "grants": "code, implicit"},
        ),
        ("Identity pools", "customers", {"guests": "allowed", "authenticated": "customers"}),
    ],
)
def test_kinds_have_tables_of_their_own(
    kind: str, name: str, cells: dict[str, str], store: Path, open_page: OpenPage
) -> None:
    stores.complete_run(store)
    row = table(open_page("inventory", kind=kind)).loc[name]
    assert {key: row[key] for key in cells} == cells


def test_facet_that_was_not_read_is_said_with_its_last_value(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, at=A_YEAR_AGO)
    stores.complete_run(store, risk=stores.RISK_DENIED)
    detail = settings(open_page("inventory", resource=STAFF))
    assert detail["At high risk"] == "not read (365 days ago: BLOCK)"
    assert detail["MFA"] == "ON"


def test_what_was_never_read_is_no_default(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, risk=stores.RISK_DENIED)
    page = open_page("inventory", resource=STAFF)
    assert settings(page)["At high risk"] == settings(page)["Blocked network"] == "not read"
    assert any("DescribeRiskConfiguration" in code.value for code in page.code)


def test_unread_clients_are_no_zero_and_nothing_is_clean_that_was_not_judged() -> None:
    pool = make_user_pool_snapshot(make_gap(), mfa=make_gap(), clients=make_gap())
    snapshot = Snapshot(regions=(make_region_snapshot(user_pools=[pool]),))
    resources = tuple(resources_of(Kind.USER_POOL, snapshot, {pool.arn: "customers"}))
    row = resources_frame(Kind.USER_POOL, resources, (), NOW).iloc[0]
    for column in ("plan", "users", "mfa", "factors", "sign_up", "clients", "created", "password"):
        assert row[column] == "not read"
    assert row["standing"] == "Unknown"


def test_unjudged_resource_is_not_clean(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, [(make_user_pool(), [make_app_client()])], risk=stores.RISK_DENIED)
    assert table(open_page("inventory"))["standing"].tolist() == [["? Unknown"]]
    stores.complete_run(store, [(make_user_pool(), [make_app_client()])])
    assert table(open_page("inventory"))["standing"].tolist() == [["✓ Pass"]]


def test_scope_and_search_narrow_the_table(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    assert table(open_page("inventory", pool=["staff"])).index.tolist() == ["staff"]
    assert table(open_page("inventory", find="OFF customers")).index.tolist() == ["customers"]
    page = open_page("inventory", find="' OR 1=1 --")
    assert not page.exception
    assert page.info[0].value == "Take the search away."


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_nothing_there_is_said(kind: str, store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, ())
    page = open_page("inventory", kind=kind)
    assert not page.exception
    assert not page.dataframe
    assert "Take a filter on the left away" in page.info[0].value


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_list_that_was_not_read_is_not_nothing(kind: str, store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, (), are_lists_denied=True)
    page = open_page("inventory", kind=kind)
    assert not page.exception
    assert "What would name them was not read" in page.info[0].value
    assert any("cognito-idp:ListUserPools" in code.value for code in page.code)


def test_clients_of_a_list_that_is_no_longer_read_are_known_but_not_clean(
    store: Path, open_page: OpenPage
) -> None:
    stores.complete_run(store, at=A_YEAR_AGO)
    stores.complete_run(store, (), are_lists_denied=True)
    for kind in (Kind.USER_POOL, Kind.APP_CLIENT, Kind.IDENTITY_POOL):
        rows = table(open_page("inventory", kind=kind.value))
        assert not rows.empty
        assert {word for words in rows["standing"] for word in words} == {"? Unknown"}
    assert rows["guests"].tolist() == ["not read (365 days ago: allowed)"]


def test_address_opens_a_resource_with_a_way_to_its_findings(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("inventory", kind="App clients", resource=CLIENT)
    detail = settings(page)
    assert detail["Callback URL"] == "https://shop.example.com/customers"
    assert detail["Grants"] == "code, implicit"
    assert "`customers-web` in `customers (eu-west-1_pool00000)`" in shown(page)
    (link,) = page.page_link
    assert link.label == "1 open problem, the worst high: see the findings"
    found = open_page("posture", q=CLIENT).dataframe[0].value
    assert found["code"].tolist() == ["APP001"]


@pytest.mark.parametrize("asked", ["arn:aws:nothing", CLIENT], ids=["gone", "of another kind"])
def test_resource_that_is_not_there_is_said(asked: str, store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("inventory", resource=asked)
    assert not page.exception
    assert "The newest run knows no such user pool" in page.info[0].value


def test_close_and_another_kind_leave_the_resource(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("inventory", resource=STAFF)
    page.button(key="close_resource").click().run()
    assert "resource" not in page.query_params
    page = open_page("inventory", resource=STAFF)
    page.segmented_control(key="kind").set_value("App clients").run()
    assert not page.exception
    assert "resource" not in page.query_params


def test_compare_shows_what_differs_and_all_on_demand(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("inventory", mode=COMPARE, left=CUSTOMERS, right=STAFF)
    rows = page.dataframe[0].value
    assert rows[["match", "setting", "left", "right"]].to_numpy().tolist() == [
        [["≠ Different"], "Deletion protection", "INACTIVE", "ACTIVE"]
    ]
    assert "1 difference, " in shown(page)
    page.toggle(key="all_settings").set_value(True).run()
    words = {word for words in page.dataframe[0].value["match"] for word in words}
    assert words == {"≠ Different", "= Same", "· Its own"}


def test_same_settings_are_said_to_be_the_same(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, [(make_user_pool(user_pool_id=f"eu-west-1_{n}"), []) for n in range(2)])
    left, right = (SCOPE.user_pool_arn(f"eu-west-1_{number}") for number in range(2))
    page = open_page("inventory", mode=COMPARE, left=left, right=right)
    assert "settings are the same" in page.success[0].value
    assert not page.dataframe


def test_comparison_of_what_was_not_read_is_neither(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, risk=stores.RISK_DENIED)
    page = open_page("inventory", mode=COMPARE, left=CUSTOMERS, right=STAFF)
    rows = page.dataframe[0].value.to_dict("records")
    risk = next(row for row in rows if row["setting"] == "At high risk")
    assert (risk["match"], risk["left"], risk["right"]) == (["? Not read"], "not read", "not read")
    assert rows[0]["match"] == ["≠ Different"]
    assert not page.success


def test_detail_starts_a_comparison(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("inventory", resource=STAFF)
    page.button(key="start_comparison").click().run()
    assert page.selectbox(key="left_user_pool").value == STAFF
    page.selectbox(key="right_user_pool").set_value(CUSTOMERS).run()
    assert (page.query_params["left"], page.query_params["right"]) == (STAFF, CUSTOMERS)
    assert len(page.dataframe) == 1


@pytest.mark.parametrize("right", ["arn:aws:nothing", CUSTOMERS], ids=["gone", "the same one"])
def test_comparison_asks_for_two(right: str, store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("inventory", mode=COMPARE, left=CUSTOMERS, right=right)
    assert not page.exception
    assert "The address then names both" in page.info[0].value


def test_lists_are_compared_by_member() -> None:
    left = resource("eu-west-1_a", tags=(("team", "shop"), ("stage", "prod")))
    right = resource("eu-west-1_b", tags=(("team", "shop"), ("cost", "7")))
    rows = compared(left, right)
    assert rows["Tag team"] == ("Same", "shop", "shop")
    assert rows["Tag stage"] == ("Different", "prod", "absent")
    assert rows["Tag cost"] == ("Different", "absent", "7")


def test_arns_that_begin_alike_are_told_apart_by_their_ends() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/"
    left, right, abroad, same = (
        resource(f"eu-west-1_{number}", kms_key_arn=arn)
        for number, arn in enumerate((f"{key}a", f"{key}b", key.replace("eu-", "us-"), f"{key}a"))
    )
    label = "Customer-managed key"
    assert compared(left, right)[label] == ("Different", "…key/a", "…key/b")
    assert compared(left, abroad)[label][1] == f"{key}a"
    assert compared(left, same)[label] == ("Same", f"{key}a", f"{key}a")


def test_texts_that_differ_where_they_are_cut_are_different() -> None:
    left, right = (resource(f"eu-west-1_{end}", kms_key_arn="x" * 1_000 + end) for end in "ab")
    assert compared(left, right)["Customer-managed key"][0] == "Different"


def test_download_holds_exactly_the_rows_and_no_formula(store: Path) -> None:
    stores.complete_run(store, stores.make_pools(stores.HOSTILE_NAMES))
    kind = Kind.USER_POOL
    frame = data.inventory(data.published(), kind).frame
    columns = inventory._columns(kind)
    document = components._table_document(
        frame[[*columns]].astype("str").to_numpy().tolist(), [*columns.values()]
    )
    rows = list(csv.DictReader(io.StringIO(document.decode())))
    assert [*rows[0]] == [*columns.values()]
    assert len(rows) == len(stores.HOSTILE_NAMES)
    assert {row["Users (est.)"] for row in rows} == {"1,200"}
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())
