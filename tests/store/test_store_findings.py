"""The life of findings: what opens one, what closes it, and what does not."""

from collections.abc import Collection, Iterable
from pathlib import Path

import pytest

from records.evaluation import Evaluation, Outcome, Severity
from records.facet import FacetName, Gap, Reason
from records.resource import Scope
from records.run import Answer, Cause, OutcomeCount
from store import open_reader
from tests.builders import NOW, SCOPE, make_app_client, make_identity_pool, make_user_pool
from tests.store.store_builders import DENIED, LAST, LATER, Answers, make_evaluation, run, writing

FAIL, PASS, UNKNOWN, ERROR, INAPPLICABLE = (
    Outcome.FAIL,
    Outcome.PASS,
    Outcome.UNKNOWN,
    Outcome.ERROR,
    Outcome.NOT_APPLICABLE,
)
POOL = make_user_pool(user_pool_id="p1")
CLIENT_ARN = SCOPE.app_client_arn("p1", "c1")
WHOLE = Answers().region(
    [(POOL, [make_app_client(client_id="c1")])], [make_identity_pool(identity_pool_id="i1")]
)
Span = tuple[Outcome, int, int | None, Cause | None]


def lives(
    directory: Path,
    *runs: Iterable[Evaluation],
    answers: Iterable[Iterable[Answer]] = (),
    last_codes: Collection[str] = ("MFA001",),
) -> list[Span]:
    """Record runs at NOW, LATER and LAST; return the spans with the runs, from 0, that bound them."""
    times = (NOW, LATER, LAST)
    last = len(runs) - 1
    read = iter(answers)
    with writing(directory) as writer:
        for number, evaluations in enumerate(runs):
            codes = last_codes if number == last else ("MFA001",)
            run(writer, next(read, ()), evaluations, at=times[number], codes=codes)
    with open_reader(directory) as reader:
        return [
            (
                span.outcome,
                times.index(span.opened_at),
                None if span.closed_at is None else times.index(span.closed_at),
                span.cause,
            )
            for span in reader.transitions(open_only=False)
        ]


def test_failure_lasts_over_runs(tmp_path: Path) -> None:
    failing = [make_evaluation(FAIL)]
    assert lives(tmp_path, failing, failing, failing) == [(FAIL, 0, None, None)]


@pytest.mark.parametrize("judged", [PASS, INAPPLICABLE], ids=str)
@pytest.mark.parametrize("open_outcome", [FAIL, UNKNOWN, ERROR], ids=str)
def test_judgement_closes_what_was_open(tmp_path: Path, open_outcome: Outcome, judged: Outcome) -> None:
    spans = lives(tmp_path, [make_evaluation(open_outcome)], [make_evaluation(judged)])
    assert spans == [(open_outcome, 0, 1, Cause.RESOURCE)]


@pytest.mark.parametrize("blind", [UNKNOWN, ERROR], ids=str)
def test_what_cannot_be_judged_never_closes_a_failure(tmp_path: Path, blind: Outcome) -> None:
    spans = lives(tmp_path, [make_evaluation(FAIL)], [make_evaluation(blind)])
    assert spans == [(FAIL, 0, None, None), (blind, 1, None, None)]


def test_failure_closes_what_could_not_be_judged(tmp_path: Path) -> None:
    spans = lives(tmp_path, *([make_evaluation(each)] for each in (FAIL, UNKNOWN, FAIL)))
    assert spans == [(FAIL, 0, None, None), (UNKNOWN, 1, 2, Cause.RESOURCE)]


def test_resource_is_not_both_unknown_and_in_error(tmp_path: Path) -> None:
    spans = lives(tmp_path, [make_evaluation(UNKNOWN)], [make_evaluation(ERROR)])
    assert spans == [(UNKNOWN, 0, 1, Cause.RESOURCE), (ERROR, 1, None, None)]


def test_failure_that_comes_back_is_a_new_one(tmp_path: Path) -> None:
    spans = lives(tmp_path, *([make_evaluation(each)] for each in (FAIL, PASS, FAIL)))
    assert spans == [(FAIL, 0, 1, Cause.RESOURCE), (FAIL, 2, None, None)]


def test_finding_of_a_rule_that_did_not_run_closes_with_the_rule(tmp_path: Path) -> None:
    spans = lives(tmp_path, [make_evaluation(FAIL)], [], last_codes=("MFA002",))
    assert spans == [(FAIL, 0, 1, Cause.RULE)]


def test_finding_of_a_resource_that_is_gone_closes_as_deleted(tmp_path: Path) -> None:
    spans = lives(
        tmp_path,
        [make_evaluation(FAIL)],
        [],
        answers=[Answers().region([(POOL, [])]), Answers(LATER).region()],
    )
    assert spans == [(FAIL, 0, 1, Cause.DELETED)]


def test_an_identity_provider_whose_name_looks_like_a_list_goes_as_deleted(tmp_path: Path) -> None:
    named_like_a_list = make_evaluation(FAIL, arn=SCOPE.identity_provider_arn("p1", "x/*"))
    assert lives(tmp_path, [named_like_a_list], [], answers=[WHOLE, WHOLE]) == [(FAIL, 0, 1, Cause.DELETED)]


@pytest.mark.parametrize(
    ("facet", "list_arn", "arn"),
    [
        (FacetName.USER_POOLS, SCOPE.user_pool_arn("*"), SCOPE.user_pool_arn("p1")),
        (FacetName.USER_POOLS, SCOPE.user_pool_arn("*"), CLIENT_ARN),
        (FacetName.APP_CLIENTS, SCOPE.user_pool_arn("p1"), CLIENT_ARN),
        (FacetName.IDENTITY_POOLS, SCOPE.identity_pool_arn("*"), SCOPE.identity_pool_arn("i1")),
    ],
    ids=["user pool", "client of unread user pools", "client of an unread list", "identity pool"],
)
def test_absence_proves_nothing_where_the_list_was_not_read(
    tmp_path: Path, facet: FacetName, list_arn: str, arn: str
) -> None:
    unread = [Answers(LATER).one(facet, list_arn, DENIED)]
    spans = lives(tmp_path, [make_evaluation(FAIL, arn=arn)], [], answers=[WHOLE, unread])
    assert spans == [(FAIL, 0, None, None)]


def test_finding_in_a_region_that_was_switched_off_is_out_of_scope(tmp_path: Path) -> None:
    off = Gap(operation="cognito-idp:ListUserPools", reason=Reason.REGION_OFF, message="")
    unread = [
        Answers(LATER).one(FacetName.USER_POOLS, SCOPE.user_pool_arn("*"), off),
        Answers(LATER).one(FacetName.IDENTITY_POOLS, SCOPE.identity_pool_arn("*"), off),
    ]
    assert lives(tmp_path, [make_evaluation(FAIL)], [], answers=[[], unread]) == [
        (FAIL, 0, 1, Cause.OUT_OF_SCOPE)
    ]


def test_unread_list_is_resolved_by_reading_it(tmp_path: Path) -> None:
    blind = [make_evaluation(UNKNOWN, arn=SCOPE.user_pool_arn("*"))]
    unread = [Answers().one(FacetName.USER_POOLS, SCOPE.user_pool_arn("*"), DENIED)]
    spans = lives(tmp_path, blind, [], answers=[unread, Answers(LATER).region()])
    assert spans == [(UNKNOWN, 0, 1, Cause.RESOURCE)]


def test_gap_of_another_region_that_this_run_left_out_still_counts(tmp_path: Path) -> None:
    elsewhere = Scope("111122223333", "us-east-1")
    arn = elsewhere.user_pool_arn("p9")
    failing = [make_evaluation(FAIL, arn=arn, scope=elsewhere)]
    whole = Answers(scope=elsewhere).region([(make_user_pool(user_pool_id="p9"), [])])
    unread = [Answers(LATER, elsewhere).one(FacetName.USER_POOLS, elsewhere.user_pool_arn("*"), DENIED)]
    with writing(tmp_path) as writer:
        run(writer, whole, failing, scopes=[elsewhere])
        run(writer, unread, [], scopes=[elsewhere], at=LATER)
        run(writer, Answers(LAST).region(), [], at=LAST)
    with open_reader(tmp_path) as reader:
        assert [span.resource_arn for span in reader.transitions()] == [arn]


def test_findings_of_one_resource_live_apart(tmp_path: Path) -> None:
    first = [make_evaluation(FAIL), make_evaluation(FAIL, arn=CLIENT_ARN)]
    second = [make_evaluation(PASS), make_evaluation(FAIL, arn=CLIENT_ARN)]
    assert lives(tmp_path, first, second) == [(FAIL, 0, 1, Cause.RESOURCE), (FAIL, 0, None, None)]


def test_open_findings_are_read_alone(tmp_path: Path) -> None:
    lives(tmp_path, [make_evaluation(FAIL)], [make_evaluation(PASS)])
    with open_reader(tmp_path) as reader:
        assert reader.transitions() == ()


def test_outcomes_are_counted_by_severity(tmp_path: Path) -> None:
    evaluations = [
        *(make_evaluation(PASS, code=f"MFA{number}") for number in range(1000)),
        make_evaluation(FAIL),
        make_evaluation(PASS, code="APP001", severity=Severity.LOW),
    ]
    with writing(tmp_path) as writer:
        run(writer, [], iter(evaluations), at=NOW)
        run(writer, [], [make_evaluation(PASS)], at=LATER)
    with open_reader(tmp_path) as reader:
        counts = reader.outcome_counts()
        assert [(each.run_id, each.severity, each.outcome, each.count) for each in counts] == [
            (1, Severity.HIGH, FAIL, 1),
            (1, Severity.HIGH, PASS, 1000),
            (1, Severity.LOW, PASS, 1),
            (2, Severity.HIGH, PASS, 1),
        ]
        assert reader.outcome_counts(since=LATER) == (
            OutcomeCount(run_id=2, finished_at=LATER, severity=Severity.HIGH, outcome=PASS, count=1),
        )


def test_app_client_of_a_deleted_user_pool_goes_with_it(tmp_path: Path) -> None:
    spans = lives(
        tmp_path,
        [make_evaluation(FAIL, arn=CLIENT_ARN)],
        [],
        answers=[WHOLE, Answers(LATER).region()],
    )
    assert spans == [(FAIL, 0, 1, Cause.DELETED)]
