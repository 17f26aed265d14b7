"""Every page in every state that a store can be in."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from records.facet import Gap
from tests.builders import make_app_client, make_user_pool
from tests.dashboard import stores
from tests.dashboard.conftest import OpenPage
from tests.dashboard.serving import ROOT

WITH_DATA: dict[str, Callable[[Path], object]] = {
    "complete": stores.complete_run,
    "partial": lambda store: stores.complete_run(store, risk=stores.RISK_DENIED),
    "nothing in the account": lambda store: stores.complete_run(store, ()),
    "newest run failed": lambda store: (
        stores.complete_run(store),
        stores.failed_run(store, at=stores.STARTED + timedelta(minutes=5)),
    ),
    "two runs": lambda store: (
        stores.complete_run(store, at=stores.STARTED - timedelta(hours=20)),
        stores.complete_run(store, stores.make_pools(["customers"])),
    ),
    "hostile names": lambda store: stores.complete_run(store, stores.make_pools(stores.HOSTILE_NAMES)),
}
WITHOUT_DATA: dict[str, Callable[[Path], object]] = {
    "no store": lambda _store: None,
    "empty store": stores.empty_store,
    "failed run only": stores.failed_run,
}
TITLES = {
    "overview": "Overview",
    "posture": "Posture",
    "inventory": "Inventory",
    "runs": "Runs",
    "first_steps": "First steps",
}


def shown(page: AppTest) -> str:
    """Return all text that a page shows outside its tables."""
    kinds = (page.title, page.subheader, page.markdown, page.caption, page.text, page.code)
    alerts = (page.info, page.warning, page.error, page.success)
    return "\n".join(str(each.value) for kind in (*kinds, *alerts) for each in kind)


@pytest.mark.parametrize("state", WITH_DATA)
@pytest.mark.parametrize("view", TITLES)
def test_page_is_drawn(view: str, state: str, store: Path, open_page: OpenPage) -> None:
    WITH_DATA[state](store)
    page = open_page(view)
    assert not page.exception
    assert [title.value for title in page.title] == [TITLES[view]]


@pytest.mark.parametrize("state", WITHOUT_DATA)
def test_first_steps_open_where_there_is_nothing_to_see(state: str, store: Path, open_page: OpenPage) -> None:
    WITHOUT_DATA[state](store)
    page = open_page()
    assert not page.exception
    assert [title.value for title in page.title] == ["First steps"]
    assert "make demo" in shown(page)
    assert str(store) in shown(page)
    assert not page.error


def test_failed_first_run_says_why_and_is_among_the_runs(store: Path, open_page: OpenPage) -> None:
    stores.failed_run(store, "the security token has expired")
    assert "the security token has expired" in shown(open_page())
    runs = open_page("runs")
    assert runs.dataframe[0].value["state"].tolist() == [["✕ Failed"]]
    assert "the security token has expired" in shown(runs)


def test_store_that_cannot_be_opened_is_said_plainly(store: Path, open_page: OpenPage) -> None:
    stores.empty_store(store)
    with closing(sqlite3.connect(store / "state.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 999")
    page = open_page()
    assert not page.exception
    assert [title.value for title in page.title] == ["The store cannot be opened"]
    assert len(page.error) == 1
    assert page.text[0].value
    assert str(store) in shown(page)


def test_new_run_shows_at_once(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, stores.make_pools(["customers"]))
    page = open_page()
    before = page.dataframe[0].value["user_pools"].tolist()
    stores.complete_run(store, stores.make_pools(["customers", "staff"]))
    page.run()
    assert (before, page.dataframe[0].value["user_pools"].tolist()) == (["1"], ["2"])


def test_failure_of_the_newest_run_is_on_every_page(store: Path, open_page: OpenPage) -> None:
    WITH_DATA["newest run failed"](store)
    for view in ("overview", "posture", "inventory", "runs"):
        page = open_page(view)
        assert "the security token has expired" in page.warning[0].value
        assert "This page shows run 1" in page.warning[0].value


def test_overview_names_the_missing_permission(store: Path, open_page: OpenPage) -> None:
    WITH_DATA["partial"](store)
    page = open_page("overview")
    assert "`cognito-idp:DescribeRiskConfiguration` was not answered (denied)" in shown(page)
    assert any('"cognito-idp:DescribeRiskConfiguration"' in code.value for code in page.code)


def test_overview_counts_the_unjudged_apart(store: Path, open_page: OpenPage) -> None:
    WITH_DATA["partial"](store)
    metrics = {metric.label.rpartition("] ")[2]: metric.value for metric in open_page("overview").metric}
    assert int(metrics["Not judged"]) > 0
    assert int(metrics["High"]) >= 2


def test_overview_tells_the_change_and_the_course(store: Path, open_page: OpenPage) -> None:
    WITH_DATA["two runs"](store)
    page = open_page("overview")
    high = next(metric for metric in page.metric if metric.label.endswith("High"))
    assert int(high.delta) < 0
    assert len(page.get("vega_lite_chart")) == 1


def test_overview_tells_no_change_for_a_part(store: Path, open_page: OpenPage) -> None:
    WITH_DATA["two runs"](store)
    page = open_page("overview", account=["111122223333"])
    assert not any(metric.delta for metric in page.metric)


def test_overview_of_an_account_without_pools_claims_nothing(store: Path, open_page: OpenPage) -> None:
    WITH_DATA["nothing in the account"](store)
    page = open_page("overview")
    assert "no user pool and no identity pool" in page.info[0].value
    assert page.dataframe[0].value["user_pools"].tolist() == ["0"]


@pytest.mark.parametrize("risk", [None, stores.RISK_DENIED], ids=["all judged", "some not judged"])
def test_overview_is_green_only_where_everything_was_judged(
    risk: Gap | None, store: Path, open_page: OpenPage
) -> None:
    stores.complete_run(store, [(make_user_pool(), [make_app_client()])], identity_pools=[], risk=risk)
    page = open_page("overview")
    green = [success for success in page.success if "have passed" in success.value]
    assert len(green) == (risk is None)
    assert any("no clean result" in info.value for info in page.info) == (risk is not None)


def test_scope_is_shared_by_the_pages(store: Path, open_page: OpenPage) -> None:
    WITH_DATA["complete"](store)
    page = open_page("posture", pool=["staff"])
    assert page.multiselect(key="pool").value == ["staff"]
    assert set(page.dataframe[0].value["pool"]) == {"staff"}


def test_demo_is_marked(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, is_demo=True)
    assert "Demo data" in shown(open_page("overview"))


def test_runs_show_gaps_calls_and_what_to_do(store: Path, open_page: OpenPage) -> None:
    WITH_DATA["partial"](store)
    page = open_page("runs")
    runs, gaps, calls = (table.value for table in page.dataframe)
    assert runs["state"].tolist() == [["◐ Partial"]]
    assert set(gaps["operation"]) == {"cognito-idp:DescribeRiskConfiguration"}
    assert calls["calls"].tolist() == [2, 1]
    assert any('"Effect": "Allow"' in code.value for code in page.code)


def test_times_are_the_viewers(store: Path, open_page: OpenPage) -> None:
    WITH_DATA["complete"](store)
    page = open_page("runs")
    assert "CET (" in shown(page) or "CEST (" in shown(page)
    assert "UTC)" in shown(page)


def test_policy_on_first_steps_is_the_documented_one(open_page: OpenPage) -> None:
    page = open_page()
    documented = (ROOT / "docs" / "iam-policy.json").read_text(encoding="utf-8")
    assert documented.strip() in [code.value.strip() for code in page.code]
    assert [button.label for button in page.download_button] == ["Download iam-policy.json"]
