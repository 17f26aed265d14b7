"""Each IAM action denied alone: exactly the rules that need it can no longer judge."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from collectors.clients import AccountTarget
from collectors.policy import CALLS
from demo import child, company
from demo.clients import Controls
from poolwatch.exports.rules import iam_actions
from poolwatch.pipeline import collect
from poolwatch.posture import Posture, read_posture
from records.evaluation import Evaluation, Outcome
from records.facet import Facet, FacetName
from records.facet import iam_actions as actions_of
from records.run import RunState
from records.snapshot import Snapshot
from rules.catalogue import catalogue
from rules.evaluating import evaluate
from tests.builders import TODAY

# Without the first nothing can be read at all, and no rule is about what else is left out here.
ACTIONS = sorted({action for call in CALLS - {"sts:GetCallerIdentity"} for action in actions_of(call)})
RULES = {rule.code: rule for rule in catalogue()}
Key = tuple[str, str]


@dataclass(frozen=True)
class Company:
    """The demo's company: its production account, with all that surrounds its pools."""

    url: str
    controls: Controls
    whole: Posture
    touched: Mapping[str, frozenset[FacetName]]

    def without(self, action: str, store: Path) -> Posture:
        """Collect while one action is denied."""
        self.controls.add_fault(operation=action, kind="denied")
        try:
            assert collected(store) is RunState.PARTIAL
        finally:
            self.controls.clear_faults()
        return read_posture(store)


def collected(store: Path) -> RunState:
    return collect([AccountTarget()], store=store, regions=company.REGIONS, rate_share=None).run.state


@pytest.fixture(scope="module")
def tarnfell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with pytest.MonkeyPatch.context() as patch, child.spawn(seed="company") as account:
        patch.setenv("AWS_ENDPOINT_URL", account.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        store = tmp_path_factory.mktemp("whole") / "store"
        assert collected(store) is RunState.COMPLETE
        whole = read_posture(store)
        yield Company(account.url, Controls(account.url), whole, touched(whole.snapshot))


@pytest.fixture(autouse=True)
def _own_account(tarnfell: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", tarnfell.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def test_a_company_with_a_little_of_everything_takes_every_call(tarnfell: Company) -> None:
    assert tarnfell.whole.run is not None
    assert set(tarnfell.whole.run.calls) == CALLS


def by_key(posture: Posture) -> Mapping[Key, Evaluation]:
    return {(f.evaluation.code, f.evaluation.resource_arn): f.evaluation for f in posture.findings}


def touched(snapshot: Snapshot) -> Mapping[str, frozenset[FacetName]]:
    """Return the facets that each rule looked at in a snapshot, by the rule's code."""
    names = {id(facet): name for _, _, name, facet in snapshot.facets}
    found: dict[str, frozenset[FacetName]] = {}
    seen: set[int] = set()
    read = Facet.value.fget  # type: ignore[attr-defined]

    def watched(facet: Facet[Any]) -> Any:
        seen.add(id(facet))
        return read(facet)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Facet, "value", property(watched))
        for rule in RULES.values():
            seen.clear()
            list(evaluate(snapshot, [rule], today=TODAY))
            found[rule.code] = frozenset(names[each] for each in seen if each in names)
    return found


# What the list of roles lets the role's own rules tell, others tell without it.
TOLD_BY_THE_ROLE = {("iam:ListRoles", code) for code in ("ROL001", "ROL002", "GRL001")}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_denied_alone_hides_exactly_what_needs_it(
    tarnfell: Company, tmp_path: Path, action: str
) -> None:
    posture = tarnfell.without(action, tmp_path / "store")
    before, after = by_key(tarnfell.whole), by_key(posture)

    assert {gap.gap.iam_action for gap in posture.gaps if not gap.gap.is_off} == {
        ", ".join(each)
        for each in {actions_of(gap.gap.operation) for gap in posture.gaps if not gap.gap.is_off}
        if action in each
    }
    unsure = {key: each for key, each in after.items() if action in _missing(each)}
    assert {code for code, _ in unsure} <= {code for code in RULES if action in iam_actions(RULES[code])}
    # What looked at it before can no longer tell. Where only the question whether a rule applies needs it,
    # and nothing is wrong, the rule passes either way.
    needing = {
        code
        for code, facets in tarnfell.touched.items()
        if any(action in actions_of(name.operation) for name in facets)
    }
    untold = needing - {code for code, _ in unsure}
    assert all(RULES[code].applies for code in untold)
    for key, each in after.items():
        if each.outcome is Outcome.UNKNOWN:
            assert action in _missing(each)
        elif key not in unsure and (action, key[0]) not in TOLD_BY_THE_ROLE:
            was = before[key]
            is_harmless = {each.outcome, was.outcome} <= {Outcome.PASS, Outcome.NOT_APPLICABLE}
            assert is_harmless or (each.outcome, each.messages) == (was.outcome, was.messages)


def _missing(evaluation: Evaluation) -> set[str]:
    return {action for gap in evaluation.gaps for action in actions_of(gap.operation)}
