"""The page of findings: filters, ways to look at them, and one finding in full."""

import json
import re
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import components, data
from dashboard.tables import BY_RULE, HEAT_MAP
from poolwatch.exports import findings_csv
from records.facet import FacetName
from records.iam import Condition
from tests.builders import (
    IDENTITY_POOL_ID,
    ROLE_ARN,
    SCOPE,
    make_identity_pool_snapshot,
    make_region_snapshot,
    make_role_policies,
    make_statement,
)
from tests.dashboard import stores
from tests.dashboard.conftest import OpenPage

POOL_ARN = SCOPE.user_pool_arn("eu-west-1_pool00000")
CLIENT_ARN = f"{POOL_ARN}/client/client{0:020}"
IMPLICIT = f"APP001~{CLIENT_ARN}"


def outcomes(page: AppTest) -> set[str]:
    return {word for words in page.dataframe[0].value["outcome"] for word in words}


def texts(page: AppTest) -> str:
    return "\n".join(
        str(each.value) for kind in (page.markdown, page.text, page.code, page.caption) for each in kind
    )


def test_failures_and_unknowns_stand_there_at_first_the_worst_on_top(
    store: Path, open_page: OpenPage
) -> None:
    stores.complete_run(store, risk=stores.RISK_DENIED)
    page = open_page("posture")
    assert outcomes(page) == {"✕ Fail", "? Unknown"}
    table = page.dataframe[0].value
    assert table["severity"].tolist()[0] == ["▲ High"]
    assert table["outcome"].tolist()[-1] == ["? Unknown"]


@pytest.mark.parametrize(
    ("parameters", "codes"),
    [
        ({"severity": ["High"]}, {"APP001", "GOV001"}),
        ({"family": ["Governance"]}, {"GOV001"}),
        ({"rule": ["GOV001"]}, {"GOV001"}),
        ({"q": "implicit STAFF"}, {"APP001"}),
        ({"q": POOL_ARN, "rule": ["GOV001", "APP001"]}, {"GOV001", "APP001"}),
    ],
    ids=["severity", "family", "rule", "words of a search", "part of an ARN"],
)
def test_address_filters(
    parameters: dict[str, str | list[str]], codes: set[str], store: Path, open_page: OpenPage
) -> None:
    stores.complete_run(store)
    assert set(open_page("posture", **parameters).dataframe[0].value["code"]) == codes


@pytest.mark.parametrize("text", ["' OR 1=1 --", "implicit (["], ids=["SQL", "regular expression"])
def test_search_is_taken_literally(text: str, store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture", q=text)
    assert not page.exception
    assert page.info[0].value == "Take a filter away, or press Reset."


def test_address_with_nonsense_is_the_page_without_it(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture", severity=["Dreadful"], rule=["XXX999"], view="Sideways", outcome=["Perhaps"])
    assert not page.exception
    assert outcomes(page) == {"✕ Fail"}


def test_no_outcome_is_every_outcome(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture")
    page.pills(key="outcome").set_value([]).run()
    assert {"✓ Pass", "✕ Fail", "· Not applicable"} <= outcomes(page)


def test_reset_takes_filters_away(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture", severity=["Low"], q="nothing like this", rule=["GOV001"])
    next(button for button in page.button if button.label == "Reset").click().run()
    assert not page.exception
    assert {"APP001", "GOV001"} <= set(page.dataframe[0].value["code"])


def test_rules_are_counted_over_all_outcomes(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture", view=BY_RULE)
    rules = page.dataframe[0].value.set_index("code")
    assert rules.index[0] == "APP001"
    assert (rules.loc["GOV001", "fail"], rules.loc["GOV001", "pass"]) == (1, 1)


def test_heat_map_is_drawn(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture", view=HEAT_MAP)
    assert len(page.get("vega_lite_chart")) == 1


def test_address_opens_a_finding(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture", finding=IMPLICIT)
    assert [heading.value for heading in page.subheader] == ["Tokens are handed out in the URL"]
    shown = texts(page)
    assert "App client allows the implicit grant" in shown
    assert 'AllowedOAuthFlows: ["code", "implicit"]' in shown
    for part in (
        "**Why it matters**",
        "**Fix**",
        CLIENT_ARN,
        "`cognito-idp:DescribeUserPoolClient`",
    ):
        assert part in shown
    assert re.search(r"Failing for \d+ minutes, since ", shown)


def test_finding_that_the_filters_leave_out_opens_all_the_same(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture", finding=f"GOV001~{SCOPE.user_pool_arn('eu-west-1_pool00001')}")
    assert "**Fix, where it fails**" in texts(page)


def test_finding_that_is_gone_is_said(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture", finding="APP001~arn:aws:nothing")
    assert not page.exception
    assert "The newest run knows no such finding" in page.info[0].value


def test_close_takes_the_finding_out_of_the_address(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store)
    page = open_page("posture", finding=IMPLICIT)
    page.button(key="close_finding").click().run()
    assert "finding" not in page.query_params
    assert not page.subheader


def test_unknown_finding_says_what_was_not_read_and_how_old_the_last_reading_is(
    store: Path, open_page: OpenPage
) -> None:
    stores.complete_run(store, at=stores.STARTED - timedelta(days=365))
    stores.complete_run(store, risk=stores.RISK_DENIED)
    table = open_page("posture", outcome=["Unknown"]).dataframe[0].value
    page = open_page("posture", finding=table["key"].tolist()[0])
    shown = texts(page)
    assert "`cognito-idp:DescribeRiskConfiguration`: denied, last read 365 days ago" in shown
    assert '"Effect": "Allow"' in shown


def test_findings_can_be_downloaded(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, stores.make_pools(stores.HOSTILE_NAMES))
    page = open_page("posture", severity=["High"])
    buttons = {button.label: button for button in page.download_button}
    assert set(buttons) == {"CSV", "JSON"}
    assert all(not button.disabled for button in buttons.values())


def test_documents_of_the_downloads(store: Path) -> None:
    stores.complete_run(store, stores.make_pools(stores.HOSTILE_NAMES))
    current = data.published()
    rows = current.findings[current.findings["code"] == "APP001"]
    findings = current.chosen(rows)
    table = components._document(partial(findings_csv, findings)).decode()
    assert len(findings) == len(stores.HOSTILE_NAMES)
    assert ",'=HYPERLINK" in table or ",\"'=HYPERLINK" in table
    document = components._findings_json(current, findings)
    assert [each["code"] for each in json.loads(components._document(document))] == ["APP001"] * len(findings)


def test_json_tells_when_its_findings_were_collected(store: Path) -> None:
    stores.complete_run(store)
    current = data.published()
    (region,) = current.posture.snapshot.regions
    findings = current.chosen(current.findings)
    collected = {
        each["collected_at"]
        for each in json.loads(components._document(components._findings_json(current, findings)))
    }
    assert collected == {region.collected_at.isoformat()}


def test_heat_map_of_nothing_open_says_so(store: Path, open_page: OpenPage) -> None:
    stores.complete_run(store, ())
    page = open_page("posture", view=HEAT_MAP)
    assert not page.exception
    assert not page.get("vega_lite_chart")


def test_what_was_read_but_does_not_tell_is_shown_with_its_statement(
    store: Path, open_page: OpenPage
) -> None:
    condition = Condition(
        operator="StringEquals", key="iam:PassedToService", values=("lambda.amazonaws.com",)
    )
    passing = make_statement(sid="Pass", actions=("iam:PassRole",), resources=("*",), conditions=(condition,))
    region = make_region_snapshot(
        identity_pools=[make_identity_pool_snapshot()],
        references={(FacetName.ROLE_POLICIES, ROLE_ARN): make_role_policies(passing)},
    )
    stores.run_over(store, [region])

    shown = texts(open_page("posture", finding=f"ROL006~{SCOPE.identity_pool_arn(IDENTITY_POOL_ID)}"))

    assert "What was read, but does not tell" in shown
    assert "statement 1 (Pass) of own allows iam:PassRole on *, depending on StringEquals" in shown
    assert "What was not read" not in shown
    assert "Undecidable." in shown
