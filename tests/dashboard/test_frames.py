"""The frames' columns and dtypes, and what they hold."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from dashboard import frames, places
from dashboard.matrix import MATRIX, POOL_LIMIT, matrix
from dashboard.selection import FindingChoice, ScopeChoice
from poolwatch.posture import Posture, read_posture
from records.evaluation import Outcome, Severity
from records.facet import FacetName
from records.run import OutcomeCount, Run, RunGap, RunState
from records.snapshot import Snapshot
from tests.builders import (
    NOW,
    SCOPE,
    make_gap,
    make_region_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.dashboard import stores

EVERYTHING = ScopeChoice()
RUN = Run(
    id=3,
    state=RunState.PARTIAL,
    started_at=NOW,
    finished_at=NOW + timedelta(seconds=90),
    identity_arn="arn:aws:iam::111122223333:role/audit",
    scopes=(SCOPE,),
    calls={"cognito-idp:ListUserPools": 1, "cognito-idp:DescribeUserPool": 7},
    message=None,
    version="1",
)
GAP = RunGap(scope=SCOPE, resource_arn=SCOPE.user_pool_arn("*"), facet=FacetName.USER_POOLS, gap=make_gap())


@pytest.fixture
def posture(store: Path) -> Posture:
    stores.complete_run(store, risk=stores.RISK_DENIED)
    return read_posture(store)


@pytest.fixture
def findings(posture: Posture) -> pd.DataFrame:
    return frames.findings_frame(posture.findings, frames.pool_labels(posture.snapshot))


def dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {str(column): str(dtype) for column, dtype in frame.dtypes.items()}


def expected(columns: frames.Dtypes) -> dict[str, str]:
    return dtypes(pd.DataFrame(columns=[*columns]).astype(dict(columns)))


NO_FINDINGS = frames.findings_frame([], {})
EMPTY = {
    "findings": (NO_FINDINGS, frames.FINDINGS),
    "rules": (frames.rules_frame(NO_FINDINGS), frames.RULES),
    "runs": (frames.runs_frame([]), frames.RUNS),
    "gaps": (frames.gaps_frame([], {}), frames.GAPS),
    "counts": (frames.counts_frame([]), frames.COUNTS),
    "matrix": (matrix(NO_FINDINGS).cells, MATRIX),
}


@pytest.mark.parametrize(("frame", "columns"), EMPTY.values(), ids=EMPTY)
def test_dtypes_hold_for_no_rows(frame: pd.DataFrame, columns: frames.Dtypes) -> None:
    assert frame.empty
    assert dtypes(frame) == expected(columns)


def test_dtypes_hold_for_rows(posture: Posture, findings: pd.DataFrame) -> None:
    made = {
        "findings": (findings, frames.FINDINGS),
        "rules": (frames.rules_frame(findings), frames.RULES),
        "regions": (places.regions_frame(posture, {}, findings, EVERYTHING), places.REGIONS),
        "runs": (frames.runs_frame([RUN]), frames.RUNS),
        "gaps": (frames.gaps_frame([GAP], {}), frames.GAPS),
        "calls": (frames.calls_frame(RUN), frames.CALLS),
        "matrix": (matrix(findings).cells, MATRIX),
    }
    for name, (frame, columns) in made.items():
        assert not frame.empty, name
        assert dtypes(frame) == expected(columns), name


def test_rows_of_findings_stand_where_the_findings_stand(posture: Posture, findings: pd.DataFrame) -> None:
    assert findings["code"].tolist() == [finding.rule.code for finding in posture.findings]
    assert findings["key"].is_unique


def test_regions_count_open_problems_gaps_and_the_unjudged(posture: Posture, findings: pd.DataFrame) -> None:
    (region,) = places.regions_frame(posture, {}, findings, EVERYTHING).to_dict("records")
    assert (region["user_pools"], region["app_clients"], region["identity_pools"]) == ("2", "2", "1")
    assert region["high"] == 3
    assert region["gaps"] == 2
    assert region["unjudged"] == (findings["outcome"] == "Unknown").sum()


def test_list_that_was_not_read_is_no_zero(posture: Posture, findings: pd.DataFrame) -> None:
    region = make_region_snapshot(user_pools=make_gap(), identity_pools=make_gap())
    unread = Posture(
        snapshot=Snapshot(regions=(region,)),
        findings=(),
        run=None,
        latest=None,
        gaps=(),
        is_demo=False,
        judged_at=NOW,
    )
    row = places.regions_frame(unread, {}, findings, EVERYTHING).iloc[0]
    assert {row["user_pools"], row["app_clients"], row["identity_pools"]} == {"not read"}


def test_client_lists_that_were_read_in_part_make_a_lower_bound(findings: pd.DataFrame) -> None:
    pools = [
        make_user_pool_snapshot(),
        make_user_pool_snapshot(make_user_pool(user_pool_id="eu-west-1_other"), clients=make_gap()),
    ]
    part = Posture(
        snapshot=Snapshot(regions=(make_region_snapshot(user_pools=pools),)),
        findings=(),
        run=None,
        latest=None,
        gaps=(),
        is_demo=False,
        judged_at=NOW,
    )
    assert places.regions_frame(part, {}, findings, EVERYTHING)["app_clients"].tolist() == ["1+"]


def test_labels_of_pools_are_unlike_each_other() -> None:
    pools = [
        make_user_pool_snapshot(make_user_pool(user_pool_id=f"eu-west-1_{number}", name=name))
        for number, name in enumerate(["shop", "shop", "x" * 100, "x" * 100, "staff", "\u202e"])
    ]
    labels = frames.pool_labels(Snapshot(regions=(make_region_snapshot(user_pools=pools),)))
    assert len(set(labels.values())) == len(pools)
    assert labels[SCOPE.user_pool_arn("eu-west-1_4")] == "staff"
    assert labels[SCOPE.user_pool_arn("eu-west-1_0")] == "shop (eu-west-1_0)"


def test_rules_stand_by_their_worst_problem(findings: pd.DataFrame) -> None:
    rules = frames.rules_frame(findings)
    failing = rules[rules["fail"] > 0]
    assert rules["code"].iloc[0] == "APP001"
    assert rules["fail"].iloc[0] == 2
    assert failing.index.tolist() == [*range(len(failing))]
    assert int(rules[["fail", "unknown", "pass", "not_applicable"]].sum().sum()) == len(findings)


def test_run_whose_end_nobody_saw_has_no_length() -> None:
    swept = Run(
        id=1,
        state=RunState.FAILED,
        started_at=NOW,
        finished_at=None,
        identity_arn=None,
        scopes=(),
        calls={},
        message="interrupted",
        version="1",
    )
    assert frames.runs_frame([RUN, swept])["seconds"].tolist() == [90.0, pd.NA]


def test_calls_stand_by_number() -> None:
    assert frames.calls_frame(RUN)["calls"].tolist() == [7, 1]


def test_gap_of_a_list_names_the_region() -> None:
    assert frames.gaps_frame([GAP], {})["resource"].tolist() == ["all user pools of eu-west-1"]


def test_counts_leave_out_what_passed() -> None:
    counts = [
        OutcomeCount(run_id=1, finished_at=NOW, severity=severity, outcome=outcome, count=2)
        for severity in (Severity.HIGH, Severity.LOW)
        for outcome in Outcome
    ]
    frame = frames.counts_frame(counts)
    assert dict(zip(frame["kind"], frame["count"], strict=True)) == {
        "High": 2,
        "Low": 2,
        frames.UNJUDGED: 8,
    }


@pytest.mark.parametrize("number", [6, 60])
def test_matrix_stays_readable(number: int, store: Path) -> None:
    stores.complete_run(store, stores.make_pools([f"pool{each}" for each in range(number)]))
    posture = read_posture(store)
    shown = matrix(frames.findings_frame(posture.findings, frames.pool_labels(posture.snapshot)))
    assert shown.pools == number
    assert shown.shown_pools == min(number, POOL_LIMIT)
    assert shown.is_cut == (number > POOL_LIMIT)
    assert shown.cells["pool"].nunique() == shown.shown_pools
    # The only user pool with two problems stands first, the rule with the worst problem on top.
    assert shown.cells.iloc[0][["pool", "state", "sign"]].tolist() == ["pool0", "High", "H"]


def test_unknown_is_between_problems_and_passes(store: Path) -> None:
    stores.complete_run(store, risk=stores.RISK_DENIED)
    posture = read_posture(store)
    cells = matrix(frames.findings_frame(posture.findings, frames.pool_labels(posture.snapshot))).cells
    assert set(cells[cells["rule"].str.startswith("THR007")]["state"]) == {"Unknown"}


def test_scope_and_choice_of_nothing_are_everything(findings: pd.DataFrame) -> None:
    assert ScopeChoice().of(findings).equals(findings)
    assert FindingChoice().of(findings).equals(findings)
    assert ScopeChoice().is_everything


def test_scope_of_another_account_is_empty(findings: pd.DataFrame) -> None:
    scope = ScopeChoice(accounts=("999988887777",))
    assert scope.of(findings).empty
    assert not scope.holds(SCOPE.account_id, SCOPE.region)
