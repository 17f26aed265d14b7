"""What only a browser can show: addresses that follow clicks, drill-down, downloads, no call outside."""

import csv
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, Route, expect, sync_playwright

from dashboard.comparison import EXPIRES
from dashboard.tables import HEAT_MAP

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT_MILLISECONDS = 30_000
# The table is a canvas: a header and rows of this height, a checkbox at the left.
ROW_PIXELS = 33
CHECKBOX_PIXELS = 14
SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.dataset.testScriptState === 'notRunning' && !document.querySelector('[data-stale="true"]');
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: `apt-get install chromium`, or name one with CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """A browser's page that notes whatever it asks of other machines, and gets no answer from them."""

    def __init__(self, browser: Browser, scheme: Scheme) -> None:
        self.outside: list[str] = []
        self._context = browser.new_context(
            viewport={"width": 1366, "height": 1000},
            timezone_id="Europe/Berlin",
            locale="en-GB",
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        self._context.route(re.compile(r"^(https?|wss?):"), self._let_through)
        self.page = self._context.new_page()
        self.page.set_default_timeout(TIMEOUT_MILLISECONDS)

    def open(self, address: str) -> Page:
        """Go to an address and wait until it is drawn."""
        self.page.goto(address)
        self.page.get_by_role("heading", level=1).wait_for()
        settle(self.page)
        return self.page

    def close(self) -> None:
        self._context.close()

    def _let_through(self, route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()


@pytest.fixture(scope="module")
def visitor(chromium: Browser) -> Iterator[Visitor]:
    """One context for all tests: the scripts are loaded once."""
    visitor = Visitor(chromium, "light")
    yield visitor
    visitor.close()
    assert visitor.outside == []


def settle(page: Page) -> None:
    """Wait until the run that the last act started has been drawn."""
    # A click reaches the server a moment later; nothing on the page tells that it is on its way.
    page.wait_for_timeout(300)
    page.wait_for_function(SETTLED)


def select_row(page: Page, row: int) -> None:
    box = page.get_by_test_id("stDataFrame").locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + CHECKBOX_PIXELS, box["y"] + (row + 1.5) * ROW_PIXELS)
    settle(page)


def detail(page: Page) -> Locator:
    return page.locator(".st-key-finding_detail")


def test_filters_stand_in_the_address_and_come_back(visitor: Visitor, company_url: str) -> None:
    page = visitor.open(f"{company_url}/posture")
    page.locator(".st-key-severity").get_by_text("High", exact=True).click()
    settle(page)
    page.get_by_role("searchbox", name="Search").fill("implicit")
    expect(page).to_have_url(re.compile(r"q=implicit"))
    expect(page).to_have_url(re.compile(r"severity=High"))
    shown = page.get_by_text("results shown")
    expect(shown).to_have_text(re.compile(r"^\d of [\d,]+ "))
    filtered = shown.inner_text()
    visitor.open(page.url)
    expect(shown).to_have_text(filtered)
    page.get_by_role("button", name="Reset").click()
    expect(page).to_have_url(f"{company_url}/posture")


def test_scope_goes_along_to_other_pages(visitor: Visitor, company_url: str) -> None:
    page = visitor.open(f"{company_url}/?region=us-east-1")
    # The links stand before the page has taken in what its address says.
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Posture").click()
    expect(page).to_have_url(re.compile(r"/posture\?region=us-east-1"))
    settle(page)
    expect(page.get_by_test_id("stSidebar").get_by_text("us-east-1", exact=True)).to_be_visible()


def test_account_goes_along_to_other_pages(visitor: Visitor, company_url: str) -> None:
    page = visitor.open(company_url)
    select_row(page, 0)
    expect(page).to_have_url(re.compile(r"/\?account=\d{12}$"))
    account = page.url.rpartition("=")[2]
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Posture").click()
    expect(page).to_have_url(re.compile(rf"/posture\?account={account}"))
    settle(page)
    expect(page.get_by_test_id("stSidebar").get_by_text(account)).to_be_visible()


def test_date_opens_its_resource(visitor: Visitor, company_url: str) -> None:
    page = visitor.open(f"{company_url}/inventory?mode={EXPIRES}")
    select_row(page, 0)
    expect(page).to_have_url(re.compile(r"resource=arn"))
    expect(page.locator(".st-key-resource_detail")).to_be_visible()
    expect(page.locator(".st-key-resource_detail").get_by_text("Nothing to open")).to_have_count(0)


def test_overview_leads_to_evidence_and_fix(visitor: Visitor, company_url: str) -> None:
    page = visitor.open(company_url)
    page.get_by_role("link", name="See evidence and fix").first.click()
    expect(page).to_have_url(re.compile(r"/posture\?.*finding=[A-Z]{3}\d{3}~"))
    for text in ("Evidence", "Why it matters", "Fix"):
        expect(detail(page).get_by_text(text, exact=True)).to_be_visible()
    detail(page).get_by_text("About this rule").click()
    expect(detail(page).get_by_role("link", name="AWS documentation")).to_be_visible()


def test_row_opens_a_finding_and_close_closes_it(visitor: Visitor, company_url: str) -> None:
    page = visitor.open(f"{company_url}/posture")
    select_row(page, 1)
    expect(detail(page)).to_be_visible()
    expect(page).to_have_url(re.compile(r"finding="))
    first = page.url
    select_row(page, 4)
    expect(page).not_to_have_url(first)
    page.get_by_role("button", name="Close").click()
    expect(detail(page)).to_have_count(0)
    expect(page).to_have_url(f"{company_url}/posture")


def test_cell_of_the_heat_map_opens_a_finding(visitor: Visitor, company_url: str) -> None:
    page = visitor.open(f"{company_url}/posture?view={HEAT_MAP}")
    cell = page.locator(".st-key-heat_map .mark-rect path").first
    cell.click()
    expect(page).to_have_url(re.compile(r"finding="))
    expect(detail(page)).to_be_visible()


def test_download_holds_what_is_filtered(visitor: Visitor, company_url: str, tmp_path: Path) -> None:
    page = visitor.open(f"{company_url}/posture?rule=APP001")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=True).click()
    waiting.value.save_as(tmp_path / "findings.csv")
    with (tmp_path / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert re.fullmatch(r"poolwatch-findings-\d{8}T\d{6}Z\.csv", waiting.value.suggested_filename)
    assert {(row["code"], row["outcome"]) for row in rows} == {("APP001", "fail")}
    assert {row["resource_name"] for row in rows} >= {"outlet-site"}


def test_names_stay_inert(visitor: Visitor, hostile_url: str) -> None:
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    visitor.page.on("dialog", note)
    for path in (
        "/",
        "/posture",
        f"/posture?view={HEAT_MAP}",
        "/posture?view=By rule",
        "/inventory",
        f"/inventory?mode={EXPIRES}",
        "/inventory?kind=IAM roles",
        "/runs",
    ):
        page = visitor.open(hostile_url + path)
        assert page.locator("img[src*='evil'], a[href*='evil'], a[href^='javascript']").count() == 0
        assert page.locator("[data-testid=stMain] script").count() == 0
    assert dialogs == []


@pytest.mark.parametrize(("scheme", "channel"), [("light", 255), ("dark", 18)])
def test_light_and_dark(scheme: Scheme, channel: int, chromium: Browser, company_url: str) -> None:
    visitor = Visitor(chromium, scheme)
    page = visitor.open(f"{company_url}/posture")
    background = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    assert background.startswith(f"rgb({channel}, ")
    visitor.close()
    assert visitor.outside == []
