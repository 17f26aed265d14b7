"""The demo's company has something to find of every kind, and the chains that lead over several resources."""

from pathlib import Path

import pytest

from poolwatch.posture import Finding, read_posture
from records.evaluation import Outcome
from rules.baselines import BASELINES
from rules.catalogue import catalogue

# What a chain's message names, by rule.
CHAINS = {
    "ATR001": "trail-stories-editor",
    "CRD004": "shop-browse-signed-in",
    "CRD005": "open sign-up",
    "EDG005": "eu-central-1",
    "IDP007": "trail-stories-signed-in",
    "IDP008": "trail-stories-editor",
    "MAP001": "custom:role",
    "PRV007": "token.actions.githubusercontent.com",
}


@pytest.fixture(scope="module")
def failures(demo_store: Path) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for each in read_posture(demo_store, baseline=BASELINES["strict"]).having(Outcome.FAIL):
        found.setdefault(each.rule.code, []).append(each)
    return found


def test_something_of_each_family_is_found(failures: dict[str, list[Finding]]) -> None:
    families = {rule.code[:3] for rule in catalogue()}
    assert families - {code[:3] for code in failures} == set()


@pytest.mark.parametrize(("code", "words"), CHAINS.items())
def test_the_chain_is_found_with_its_links(failures: dict[str, list[Finding]], code: str, words: str) -> None:
    found = [each.evaluation for each in failures[code]]
    assert any(words in message for each in found for message in each.messages)
    assert all(len(path) > 2 for each in found for path in each.paths)


def test_no_other_chain_is_told_of(failures: dict[str, list[Finding]]) -> None:
    told = {code for code, found in failures.items() if any(each.evaluation.paths for each in found)}
    assert told == set(CHAINS)
