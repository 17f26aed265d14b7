"""How circumstances move a severity: each step, their limits, and what was not read."""

from collections.abc import Iterator

import pytest

from records.evaluation import Evaluation, Severity
from records.intent import Intent
from records.snapshot import IdentityPoolSnapshot, Snapshot, UserPoolSnapshot
from records.user_pool import UserPool
from rules.engine import Baseline, Context, Problem, Rule, rule
from rules.evaluating import evaluate
from rules.intents import DeclaredIntent, Intents
from rules.ladder import Stakes, ladder, moved
from tests.builders import (
    IDENTITY_POOL_ID,
    TODAY,
    USER_POOL_ID,
    make_gap,
    make_identity_pool,
    make_identity_pool_snapshot,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)

URL = "https://docs.aws.amazon.com/cognito/latest/developerguide/tagging.html"
FEEDS = "raised because the user pool feeds an identity pool, whose AWS credentials its users get"
MANY = "raised because the user pool has more than 1,000 users"
OPEN = "raised because anybody can sign up"
EMPTY = "lowered because the user pool has no users"
TEST = "lowered because the user pool is declared to be for development"


def user_pool(**overrides: object) -> UserPoolSnapshot:
    values = {"estimated_users": 500, "admin_creates_users_only": True}
    return make_user_pool_snapshot(make_user_pool(**(values | overrides)))


def graded(
    stakes: Stakes,
    severity: Severity = Severity.MEDIUM,
    *,
    pool: UserPoolSnapshot | None = None,
    identity_pools: tuple[IdentityPoolSnapshot, ...] = (),
    intents: frozenset[Intent] = frozenset(),
) -> tuple[Severity, str]:
    pool = pool or user_pool()
    snapshot = make_snapshot(user_pools=[pool], identity_pools=identity_pools)
    found = moved(severity, stakes, snapshot, pool, intents)
    return found.severity, found.reason


TRUSTING = (make_identity_pool_snapshot(make_identity_pool()),)


@pytest.mark.parametrize(
    ("stakes", "pool", "identity_pools", "intents", "expected"),
    [
        (Stakes.SIGN_IN, user_pool(), (), (), (Severity.MEDIUM, "")),
        (Stakes.SIGN_IN, user_pool(), TRUSTING, (), (Severity.HIGH, FEEDS)),
        (Stakes.SIGN_IN, user_pool(estimated_users=1001), (), (), (Severity.HIGH, MANY)),
        (Stakes.SIGN_IN, user_pool(estimated_users=1000), (), (), (Severity.MEDIUM, "")),
        (Stakes.SIGN_IN, user_pool(estimated_users=None), (), (), (Severity.MEDIUM, "")),
        (Stakes.SIGN_IN, user_pool(estimated_users=0), (), (), (Severity.LOW, EMPTY)),
        (Stakes.SIGN_IN, user_pool(), (), (Intent.DEVELOPMENT,), (Severity.LOW, TEST)),
        # Both ways at once: nothing moves.
        (Stakes.SIGN_IN, user_pool(), TRUSTING, (Intent.DEVELOPMENT,), (Severity.MEDIUM, "")),
        (Stakes.SIGN_IN, user_pool(admin_creates_users_only=False), (), (), (Severity.MEDIUM, "")),
        (Stakes.STRANGERS, user_pool(admin_creates_users_only=False), (), (), (Severity.HIGH, OPEN)),
        (Stakes.STRANGERS, user_pool(admin_creates_users_only=None), (), (), (Severity.HIGH, OPEN)),
        (Stakes.STRANGERS, user_pool(estimated_users=0), (), (), (Severity.MEDIUM, "")),
        (Stakes.CONTINUITY, user_pool(estimated_users=2000), (), (), (Severity.HIGH, MANY)),
        (Stakes.CONTINUITY, user_pool(), TRUSTING, (), (Severity.MEDIUM, "")),
        (Stakes.NONE, user_pool(estimated_users=2000), TRUSTING, (), (Severity.MEDIUM, "")),
    ],
)
def test_each_step(
    stakes: Stakes,
    pool: UserPoolSnapshot,
    identity_pools: tuple[IdentityPoolSnapshot, ...],
    intents: tuple[Intent, ...],
    expected: tuple[Severity, str],
) -> None:
    found = graded(stakes, pool=pool, identity_pools=identity_pools, intents=frozenset(intents))
    assert found == expected


@pytest.mark.parametrize(
    ("severity", "raised", "lowered"),
    [
        (Severity.CRITICAL, Severity.CRITICAL, Severity.HIGH),
        (Severity.HIGH, Severity.HIGH, Severity.MEDIUM),
        (Severity.MEDIUM, Severity.HIGH, Severity.LOW),
        (Severity.LOW, Severity.MEDIUM, Severity.INFO),
        (Severity.INFO, Severity.INFO, Severity.INFO),
    ],
)
def test_one_step_up_to_high_and_one_down_to_info(
    severity: Severity, raised: Severity, lowered: Severity
) -> None:
    assert graded(Stakes.SIGN_IN, severity, identity_pools=TRUSTING)[0] is raised
    assert graded(Stakes.SIGN_IN, severity, pool=user_pool(estimated_users=0))[0] is lowered


def test_what_was_not_read_moves_nothing() -> None:
    unread = make_user_pool_snapshot(make_gap())
    hidden = make_identity_pool_snapshot(make_gap("cognito-identity:DescribeIdentityPool"))
    for stakes in Stakes:
        assert graded(stakes, pool=unread, identity_pools=(hidden,)) == (Severity.MEDIUM, "")


def test_another_user_pool_that_feeds_an_identity_pool_moves_nothing() -> None:
    other = make_user_pool_snapshot(make_user_pool(user_pool_id="eu-west-1_Other", estimated_users=5))
    snapshot = make_snapshot(user_pools=[other], identity_pools=TRUSTING)
    assert other.member.id != USER_POOL_ID
    assert moved(Severity.LOW, Stakes.SIGN_IN, snapshot, other, frozenset()).severity is Severity.LOW


def test_the_ladder_tells_its_steps_in_words() -> None:
    steps = {stakes: (up, down) for stakes, up, down in ladder()}
    assert set(steps) == set(Stakes)
    assert steps[Stakes.CONTINUITY] == (
        ("the user pool has more than 1,000 users",),
        ("the user pool has no users", "the user pool is declared to be for development"),
    )


@rule("TST001", Severity.MEDIUM, url=URL, stakes=Stakes.SIGN_IN)
def has_problems(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """It has the problems that its name says.

    Why: tests.
    Fix: none.
    """
    if "plain" in ctx.pool.member.name:
        yield Problem("has a plain one", evidence=(("Name", "plain"),))
    if "worse" in ctx.pool.member.name:
        yield Problem("has a worse one", (), Severity.CRITICAL, "it is worse", ("a", "b"), IDENTITY_POOL_ID)
    if "better" in ctx.pool.member.name:
        yield Problem("has a better one", (), Severity.LOW, "it is better", ("c", "d"))
    if "same" in ctx.pool.member.name:
        yield Problem("has the same one", (), Severity.MEDIUM, "it is the same")


def judged(name: str, snapshot: Snapshot | None = None, one: Rule = has_problems) -> Evaluation:
    pool = make_user_pool_snapshot(make_user_pool(name=name, estimated_users=5))
    [found] = evaluate(snapshot or make_snapshot(user_pools=[pool]), [one], today=TODAY)
    return found


@pytest.mark.parametrize(
    ("name", "severity", "reason"),
    [
        ("plain", Severity.MEDIUM, ""),
        ("worse", Severity.CRITICAL, "raised because it is worse"),
        ("better", Severity.LOW, "lowered because it is better"),
        ("same", Severity.MEDIUM, ""),
        ("plain better", Severity.MEDIUM, ""),
        ("better worse plain", Severity.CRITICAL, "raised because it is worse"),
    ],
)
def test_a_finding_is_as_bad_as_its_worst_problem(name: str, severity: Severity, reason: str) -> None:
    found = judged(name)
    assert (found.severity, found.severity_reason) == (severity, reason)


def test_a_problem_that_grades_itself_is_not_moved_again() -> None:
    pool = make_user_pool_snapshot(make_user_pool(name="better", estimated_users=0))
    assert judged("", make_snapshot(user_pools=[pool])).severity is Severity.LOW


def test_a_finding_keeps_the_paths_and_targets_of_its_problems() -> None:
    found = judged("worse better plain")
    assert found.paths == (("a", "b"), ("c", "d"))
    assert found.targets == (IDENTITY_POOL_ID,)


def test_intents_of_the_settings_reach_the_ladder() -> None:
    pool = make_user_pool_snapshot(make_user_pool(name="plain", estimated_users=5))
    declared = DeclaredIntent(intents=frozenset({Intent.DEVELOPMENT}), arn="arn:aws:cognito-idp:*")
    baseline = Baseline(name="own", intents=Intents(declared=(declared,)))
    [found] = evaluate(make_snapshot(user_pools=[pool]), [has_problems], today=TODAY, baseline=baseline)
    assert (found.severity, found.severity_reason) == (Severity.LOW, TEST)
