"""Names that attack whoever looks at them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.comparison import EXPIRES
from dashboard.text import code_span
from records.account import AccountInfo
from records.facet import FacetName
from records.user_pool_parts import Group
from tests.builders import (
    SCOPE,
    make_identity_provider,
    make_region_snapshot,
    make_role,
    make_role_policies,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.dashboard import estate, stores
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


@pytest.mark.parametrize("name", stores.HOSTILE_NAMES, ids=range(len(stores.HOSTILE_NAMES)))
@pytest.mark.parametrize("kind", ["Identity providers", "IAM roles", EXPIRES])
def test_nothing_of_what_surrounds_a_user_pool_takes_effect(
    kind: str, name: str, store: Path, open_page: OpenPage
) -> None:
    role_arn = f"arn:aws:iam::111122223333:role/{name}"
    group = Group(name=name, role_arn=role_arn, precedence=None, created_at=None, modified_at=None)
    metadata = estate.saml_metadata(stores.STARTED)
    provider = make_identity_provider(
        name=name, type="SAML", saml_metadata=replace(metadata, problem=name), endpoints=((name, name),)
    )
    pool = make_user_pool_snapshot(
        make_user_pool(name=name, kms_key_arn=name, domain=None),
        identity_providers=[provider],
        more={FacetName.GROUPS: (group,)},
    )
    region = make_region_snapshot(
        user_pools=[pool],
        references={
            (FacetName.ROLE, role_arn): make_role(arn=role_arn, name=name, boundary_arn=name),
            (FacetName.ROLE_POLICIES, role_arn): make_role_policies(),
            (FacetName.KMS_KEY, name): stores.RISK_DENIED,
        },
    )
    account = AccountInfo(account_id=SCOPE.account_id, name=name, environment=name, owner=name)
    stores.run_over(store, [region], accounts=[account])
    if kind == EXPIRES:
        pages = [open_page("inventory", mode=EXPIRES), open_page("overview")]
    else:
        is_role = kind == "IAM roles"
        provider_arn = SCOPE.identity_provider_arn(pool.member.id, name)
        pages = [open_page("inventory", kind=kind, resource=role_arn if is_role else provider_arn)]
        assert len(pages[0].dataframe) > 1
    for page in pages:
        assert not page.exception
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
