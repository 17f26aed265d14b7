"""What the page makes of people's decisions, and the forms by which they are made."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import actions, data
from dashboard.closing import closings_frame
from dashboard.frames import open_failures, rules_frame
from dashboard.matrix import matrix
from dashboard.tables import BY_CHANGE, BY_RULE
from dashboard.theme import MUTED
from poolwatch import deciding
from poolwatch.closing import Closing, closings
from poolwatch.configuration import Configuration
from poolwatch.deciding import Desk
from poolwatch.settings import author
from rules.catalogue import catalogue
from store import open_reader
from tests.builders import SCOPE
from tests.dashboard import stores
from tests.dashboard.conftest import OpenPage
from tests.store.store_builders import writing

POOL_ARN = SCOPE.user_pool_arn("eu-west-1_pool00000")
CLIENT_ARN = f"{POOL_ARN}/client/client{0:020}"
IMPLICIT = f"APP001~{CLIENT_ARN}"
UNTIL = date(2999, 12, 31)


@pytest.fixture(autouse=True)
def _run(store: Path) -> None:
    stores.complete_run(store)


def mute(page: AppTest, reason: str = "gone in spring") -> None:
    page.text_input(key=f"reason~{IMPLICIT}").set_value(reason)
    page.date_input(key=f"until~{IMPLICIT}").set_value(UNTIL)
    page.button(key="mute_it").click().run()


def assign(page: AppTest, **values: str) -> None:
    for name, value in values.items():
        page.text_input(key=f"{name}~{IMPLICIT}").set_value(value)
    page.button(key="assign_it").click().run()


def texts(page: AppTest) -> str:
    return "\n".join(str(each.value) for kind in (page.markdown, page.info, page.caption) for each in kind)


def keys(page: AppTest) -> set[str]:
    return {button.key for button in page.button if button.key}


def row(page: AppTest) -> dict[Any, Any]:
    """Return the finding's row in the table."""
    return next(each for each in page.dataframe[0].value.to_dict("records") if each["key"] == IMPLICIT)


def test_a_finding_is_muted_and_taken_back_on_the_page(store: Path, open_page: OpenPage) -> None:
    page = open_page("posture", finding=IMPLICIT)
    mute(page)
    assert not page.exception
    with open_reader(store) as reader:
        (kept,) = reader.mutes()
    assert (kept.code, kept.resource_arn, kept.reason, kept.until, kept.author) == (
        "APP001",
        CLIENT_ARN,
        "gone in spring",
        UNTIL,
        author(),
    )
    assert "gone in spring" in texts(page)
    assert "mute_it" not in keys(page)
    page.button(key="unmute").click().run()
    assert "mute_it" in keys(page)
    with open_reader(store) as reader:
        assert reader.mutes() == ()


@pytest.mark.parametrize("reason", ["", "  ", "a\u202eb"])
def test_a_reason_that_is_none_is_refused_in_words(reason: str, store: Path, open_page: OpenPage) -> None:
    page = open_page("posture", finding=IMPLICIT)
    mute(page, reason)
    assert "The reason" in page.error[0].value
    with open_reader(store) as reader:
        assert reader.mutes() == ()
    mute(page)
    assert not page.error


def test_a_store_that_is_written_to_is_told_kindly(
    store: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "WAIT_SECONDS", 0.1)
    page = open_page("posture", finding=IMPLICIT)
    with writing(store):
        mute(page)
    assert not page.exception
    assert "A run is writing to the store just now. Nothing was changed" in page.error[0].value


def test_what_is_muted_is_labelled_and_can_be_filtered(open_page: OpenPage) -> None:
    page = open_page("posture", finding=IMPLICIT)
    mute(page)
    page.button(key="close_finding").click().run()
    table = page.dataframe[0].value
    assert [MUTED.label] in table["outcome"].tolist()
    for choice, shown in (("Hidden", len(table) - 1), ("Only", 1)):
        page.selectbox(key="muted").set_value(choice).run()
        assert len(page.dataframe[0].value) == shown


def test_what_is_muted_counts_apart_everywhere(open_page: OpenPage) -> None:
    before = open_failures(data.published().findings)
    mute(open_page("posture", finding=IMPLICIT))
    current = data.published()
    after = open_failures(current.findings)
    assert len(after) == len(before) - 1
    rule = rules_frame(current.findings).set_index("code").loc["APP001"]
    assert (rule["fail"], rule["muted"]) == (1, 1)
    cells = matrix(current.findings).cells
    cell = cells[(cells["key"] == IMPLICIT)].iloc[0]
    assert (cell["state"], cell["sign"]) == (MUTED.word, MUTED.sign)
    overview = open_page("overview")
    high = next(metric for metric in overview.metric if metric.label.endswith("High"))
    assert int(high.value) == int((after["severity"] == "High").sum())
    assert "1 more failure is muted." in texts(overview)
    assert "muted" in open_page("posture", view=BY_RULE).dataframe[0].proto.column_order


def test_what_the_settings_file_mutes_is_taken_back_there(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "poolwatch.toml"
    config.write_text(
        '[[mutes]]\ncode = "APP001"\nreason = "by file"\nuntil = 2999-12-31\n', encoding="utf-8"
    )
    monkeypatch.setenv("POOLWATCH_CONFIG", str(config))
    page = open_page("posture", finding=IMPLICIT)
    assert "`by file`, in `poolwatch.toml`" in texts(page)
    assert "unmute" not in keys(page)


def test_a_mute_made_elsewhere_shows_without_a_run(store: Path, open_page: OpenPage) -> None:
    first = data.published()
    assert data.published() is first
    mute(open_page("posture", finding=IMPLICIT))
    second = data.published()
    assert second is not first
    assert second.posture.snapshot is first.posture.snapshot


def test_owner_due_date_and_ticket_are_saved_and_shown(store: Path, open_page: OpenPage) -> None:
    page = open_page("posture", finding=IMPLICIT)
    due = datetime.now(UTC).date() + timedelta(days=3)
    page.date_input(key=f"due~{IMPLICIT}").set_value(due)
    assign(page, owner="<b>web</b> team", ticket="https://tickets.example/7")
    assert not page.exception
    assert "`<b>web</b> team`" in texts(page)
    (link,) = [each for each in page.get("link_button") if each.proto.label == "Ticket"]
    assert link.proto.url == "https://tickets.example/7"
    with open_reader(store) as reader:
        (kept,) = reader.assignments()
    assert (kept.owner, kept.due, kept.ticket) == ("<b>web</b> team", due, "https://tickets.example/7")
    page.button(key="close_finding").click().run()
    shown = row(page)
    assert (shown["owner"], shown["due"]) == ("<b>web</b> team", [due.isoformat()])


def test_a_short_key_is_no_link_and_a_script_is_refused(store: Path, open_page: OpenPage) -> None:
    page = open_page("posture", finding=IMPLICIT)
    assign(page, ticket="javascript:alert(1)")
    assert "is no ticket" in page.error[0].value
    assign(page, ticket="SEC-7")
    assert not page.error
    assert "`SEC-7`" in texts(page)
    assert not [each for each in page.get("link_button") if each.proto.label == "Ticket"]


def test_saving_what_nobody_changed_writes_nothing(store: Path, open_page: OpenPage) -> None:
    page = open_page("posture", finding=IMPLICIT)
    page.button(key="assign_it").click().run()
    assert not page.error
    with open_reader(store) as reader:
        assert reader.assignments() == ()


def test_what_somebody_else_said_meanwhile_is_shown_and_stays(store: Path, open_page: OpenPage) -> None:
    page = open_page("posture", finding=IMPLICIT)
    rule = next(each for each in catalogue() if each.code == "APP001")
    desk = Desk(store=store, settings=Configuration(), author="other", wait_seconds=1)
    deciding.assign(desk, rule, CLIENT_ARN, owner="bob", due=UNTIL.isoformat(), ticket="SEC-1")
    page.run()
    assert page.text_input(key=f"owner~{IMPLICIT}").value == "bob"
    assert page.date_input(key=f"due~{IMPLICIT}").value == UNTIL
    assign(page, ticket="SEC-2")
    # What is closed and opened again shows it, too.
    page.button(key="close_finding").click().run()
    page.query_params["finding"] = IMPLICIT
    page.run()
    assert page.text_input(key=f"owner~{IMPLICIT}").value == "bob"
    assign(page, ticket="SEC-3")
    with open_reader(store) as reader:
        (kept,) = reader.assignments()
    assert (kept.owner, kept.due, kept.ticket) == ("bob", UNTIL, "SEC-3")


def test_what_is_past_its_day_is_marked(
    open_page: OpenPage, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "poolwatch.toml"
    config.write_text("[due]\nhigh = 0\n", encoding="utf-8")
    monkeypatch.setenv("POOLWATCH_CONFIG", str(config))
    with closing(sqlite3.connect(store / "state.sqlite")) as database, database:
        database.execute("UPDATE transitions SET opened_at = opened_at - 2 * 86400 * 1000000")
    (due,) = row(open_page("posture"))["due"]
    assert due.endswith(" late")
    assert "overdue" in texts(open_page("overview"))


def test_failures_are_listed_by_the_change_that_closes_them(open_page: OpenPage) -> None:
    found = closings(data.published().posture.findings)
    page = open_page("posture", view=BY_CHANGE)
    table = page.dataframe[0].value
    assert table["key"].tolist() == [each.key for each in found]
    assert table["closes"].tolist() == [len(each.closed) for each in found]


def test_a_change_opens_with_its_findings(open_page: OpenPage) -> None:
    (first, *_) = closings(data.published().posture.findings)
    page = open_page("posture", view=BY_CHANGE, change=first.key)
    assert not page.exception
    members = page.dataframe[1].value
    assert members["code"].tolist() == [each.rule.code for each in first.findings]
    page.button(key="close_closing").click().run()
    assert "change" not in page.query_params
    assert len(page.dataframe) == 1


@pytest.mark.parametrize(
    ("target", "place"),
    [
        (POOL_ARN, "customers"),
        (CLIENT_ARN, f"customers (eu-west-1_pool00000) / app client client{0:020}"),
        ("arn:aws:iam::111122223333:role/guests", "role/guests"),
        (POOL_ARN.replace("eu-west-1:", "us-east-1:"), "userpool/eu-west-1_pool00000 in us-east-1"),
        ("nonsense", "nonsense"),
    ],
    ids=["user pool", "app client", "role", "replica", "no ARN"],
)
def test_where_a_change_is_made_is_named(target: str, place: str) -> None:
    current = data.published()
    finding = next(each for each in current.posture.findings if each.rule.code == "GOV001")
    made = Closing(target=target, findings=(finding,))
    (shown,) = closings_frame([made], current.pools, {})["place"]
    assert shown == place


def test_a_change_that_is_gone_is_said(open_page: OpenPage) -> None:
    page = open_page("posture", view=BY_CHANGE, change="Nothing~arn:aws:nothing")
    assert not page.exception
    assert "Nothing is left" in page.info[0].value


def test_a_chain_stands_in_the_detail_link_by_link() -> None:
    page = AppTest.from_function(_chained).run()
    assert not page.exception
    shown = [each.value for each in page.markdown]
    assert [each.partition(" ")[2] for each in shown[1:]] == ["`open sign-up`", "`role *guests*`"]
    assert shown[0] == "**The way in**, link by link"


def _chained() -> None:
    # ruff: noqa: PLC0415  (AppTest runs the function's source alone)
    from dashboard.detail import chains
    from poolwatch.posture import Finding
    from records.evaluation import Outcome
    from rules.catalogue import catalogue
    from tests.store.store_builders import make_evaluation

    path = ("open sign-up", "role *guests*")
    evaluation = make_evaluation(Outcome.FAIL, paths=(path,))
    chains(Finding(evaluation=evaluation, rule=catalogue()[0], opened_at=None))
