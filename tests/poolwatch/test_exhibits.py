"""Rules on records that are parsed from API answers, where the demo's company does not show an outcome."""

from collections import defaultdict
from pathlib import Path

import pytest

from collectors.clients import AccountTarget
from demo import child
from poolwatch.pipeline import collect
from poolwatch.posture import read_posture
from records.evaluation import Evaluation
from rules.baselines import BASELINES
from tests.exhibits import of_identity_pools, of_user_pools
from tests.exhibits.showing import REGION, Bench, Exhibit

EXHIBITS = [
    each
    for module in (of_identity_pools, of_user_pools)
    for each in vars(module).values()
    if isinstance(each, Exhibit)
]
Judged = dict[str, dict[str, Evaluation]]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """What the rules say of each exhibit, by the exhibit's name and the rule's code."""
    store = tmp_path_factory.mktemp("exhibits") / "store"
    with pytest.MonkeyPatch.context() as patch, child.spawn() as account:
        patch.setenv("AWS_ENDPOINT_URL", account.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        bench = Bench(account.url)
        made = {each.name: each.make(bench) for each in EXHIBITS}
        collect([AccountTarget()], store=store, regions=(REGION,), rate_share=None)
    return by_exhibit(store, made)


def by_exhibit(store: Path, made: dict[str, str]) -> Judged:
    found: Judged = defaultdict(dict)
    for finding in read_posture(store, baseline=BASELINES["strict"]).findings:
        for name, shown in made.items():
            if finding.evaluation.resource_arn.endswith(f"/{shown}"):
                found[name][finding.rule.code] = finding.evaluation
    return found


@pytest.mark.parametrize("shown", EXHIBITS, ids=lambda each: each.name)
def test_the_exhibit_shows_what_it_is_made_for(judged: Judged, shown: Exhibit) -> None:
    found = judged[shown.name]
    outcomes = {code: found[code].outcome for code in shown.shows}
    assert outcomes == shown.shows, [found[code].messages for code in shown.shows]
