"""Names that attack whoever looks at them."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.text import code_span
from tests.builders import SCOPE
from tests.dashboard import stores
from tests.dashboard.conftest import OpenPage

FINDINGS = [f"APP001~{SCOPE.app_client_arn(f'eu-west-1_pool{n:05}', f'client{n:020}')}" for n in range(8)]
ACTIVE = (
    "<script",
    "![",
    "](",
    ":red[",
    ":material/check:",
    "$x^2$",
    "evil.example",
    "\u202e",
    "\u200b",
    "\x1b",
)
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_OWN_MARKDOWN = re.compile(
    r":(violet|red|orange|blue|gray|green)\[:material/\w+:\]|:material/(lock|science):"
)


def markdown_of(page: AppTest) -> list[str]:
    """Return everything on a page that Streamlit renders as Markdown, without its code spans."""
    elements = [*page.markdown, *page.caption, *page.title, *page.subheader]
    texts = [str(element.value) for element in elements]
    alerts = [*page.info, *page.warning, *page.error, *page.success]
    texts += [f"{alert.value}\n{alert.proto.title}" for alert in alerts]
    texts += [metric.label for metric in page.metric]
    texts += [link.value for link in page.page_link]
    return [_OWN_MARKDOWN.sub("", _CODE_SPAN.sub("", text)) for text in texts]


@pytest.mark.parametrize("view", ["overview", "posture", "inventory", "runs", "first_steps"])
def test_nothing_of_a_name_takes_effect(view: str, store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, stores.make_pools(stores.HOSTILE_NAMES), risk=stores.RISK_DENIED)
    stores.failed_run(store, "\n".join(stores.HOSTILE_NAMES))
    page = open_page(view)
    assert not page.exception
    _assert_inert(page)


@pytest.mark.parametrize("finding", FINDINGS, ids=range(len(FINDINGS)))
def test_nothing_of_a_finding_takes_effect(finding: str, store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, stores.make_pools(stores.HOSTILE_NAMES))
    page = open_page("posture", finding=finding)
    assert page.subheader[0].value == "Tokens are handed out in the URL"
    _assert_inert(page)


@pytest.mark.parametrize("number", range(len(stores.HOSTILE_NAMES)))
def test_nothing_of_a_resource_takes_effect(number: int, store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, stores.make_pools(stores.HOSTILE_NAMES), risk=stores.RISK_DENIED)
    client = FINDINGS[number].removeprefix("APP001~")
    page = open_page("inventory", kind="App clients", resource=client)
    assert page.button(key="close_resource").label == "Close"
    _assert_inert(page)


def test_nothing_of_a_comparison_takes_effect(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, stores.make_pools(stores.HOSTILE_NAMES))
    left, right = (SCOPE.user_pool_arn(f"eu-west-1_pool{number:05}") for number in (1, 5))
    page = open_page("inventory", mode="Compare two", left=left, right=right, all_settings="true")
    assert len(page.dataframe) == 1
    assert not any("\u202e" in str(cell) for cell in page.dataframe[0].value.to_numpy().flatten())
    _assert_inert(page)


def test_long_names_are_cut_where_they_would_fill_the_page(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, stores.make_pools(["x" * 10_000]))
    page = open_page("posture")
    assert max(map(len, page.dataframe[0].value["pool"])) < 100
    assert max(map(len, page.dataframe[0].value["resource"])) < 100


@pytest.mark.parametrize("name", [*stores.HOSTILE_NAMES, "`", "a``b", "``", "", " "])
def test_code_span_holds_any_name(name: str) -> None:
    assert not _CODE_SPAN.sub("", code_span(name))


def _assert_inert(page: AppTest) -> None:
    for text in markdown_of(page):
        for part in ACTIVE:
            assert part not in text
    assert not any(element.proto.allow_html for element in (*page.markdown, *page.caption))
    # Raw text, too, shows nothing that turns the reading direction.
    assert not any("\u202e" in str(element.value) for element in (*page.text, *page.code))
