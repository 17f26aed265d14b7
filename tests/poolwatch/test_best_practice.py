"""The demo's model pools, set up as AWS's own security best practices say, as every baseline judges them."""

from pathlib import Path

import pytest

from demo.company_data import club
from poolwatch.posture import Finding, read_posture
from records.evaluation import Outcome
from records.resource import user_pool_of
from rules.baselines import BASELINES


def findings_on_the_club(store: Path, baseline: str) -> list[Finding]:
    posture = read_posture(store, baseline=BASELINES[baseline])
    names = {club.NAME, club.CLUB_FILES.settings["IdentityPoolName"]}
    pools = (*posture.snapshot.user_pools, *posture.snapshot.identity_pools)
    model = {pool.arn for pool in pools if pool.member.name in names}
    assert len(model) == 2
    return [each for each in posture.findings if user_pool_of(each.evaluation.resource_arn) in model]


@pytest.mark.parametrize("baseline", sorted(set(BASELINES) - {"strict"}))
def test_nothing_is_found_on_pools_set_up_by_the_book(demo_store: Path, baseline: str) -> None:
    found = findings_on_the_club(demo_store, baseline)
    assert {each.evaluation.outcome for each in found} == {Outcome.PASS, Outcome.NOT_APPLICABLE}, [
        (each.rule.code, each.evaluation.messages)
        for each in found
        if each.evaluation.outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE)
    ]


def test_the_strictest_baseline_finds_two_wishes_at_most_and_says_when_to_leave_them(
    demo_store: Path,
) -> None:
    failing = [
        each
        for each in findings_on_the_club(demo_store, "strict")
        if each.evaluation.outcome is not Outcome.PASS
        and each.evaluation.outcome is not Outcome.NOT_APPLICABLE
    ]
    assert len(failing) <= 2, [(each.rule.code, each.evaluation.messages) for each in failing]
    assert all(each.rule.unsure_when for each in failing)
