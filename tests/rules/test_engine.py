import dataclasses
import logging
from collections.abc import Iterator

import pytest

from records.app_client import AppClient
from records.evaluation import Evaluation, Outcome, Severity
from records.facet import FacetName, Reason
from records.identity_pool import IdentityPool
from records.resource import ResourceType, Scope
from records.snapshot import Snapshot
from records.user_pool import UserPool
from rules.engine import Baseline, Context, Problem, Rule, rule
from rules.evaluating import evaluate
from tests.builders import (
    CLIENT_ID,
    IDENTITY_POOL_ID,
    SCOPE,
    TODAY,
    USER_POOL_ID,
    make_app_client,
    make_gap,
    make_identity_pool_snapshot,
    make_mfa_configuration,
    make_region_snapshot,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)

URL = "https://docs.aws.amazon.com/cognito/latest/developerguide/tagging.html"
NO_MFA = make_gap("cognito-idp:GetUserPoolMfaConfig")
NO_CLIENTS = make_gap("cognito-idp:ListUserPoolClients", Reason.THROTTLED)


def has_clients(_pool: UserPool, ctx: Context) -> bool:
    return bool(ctx.pool.app_clients)


@rule("TST001", Severity.LOW, url=URL, params={"letters": 5})
def name_is_long(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The name is long.

    Why: long names
    do not fit.
    Fix: choose a short one.
    """
    if len(pool.name) > ctx.parameters["letters"]:
        yield Problem(f"has the name {pool.name}", evidence=(("Name", pool.name),))


@rule("TST002", Severity.HIGH, url=URL, applies=has_clients, reads=(FacetName.MFA_CONFIGURATION,))
def mfa_is_not_on(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """MFA is not on.

    Why: one factor.
    Fix: two factors.
    Unsure when: never.
    """
    if pool.name == "customers-of-old":
        yield Problem("is old", evidence=(("Name", pool.name),))
    if ctx.pool.mfa.value.mode != "ON":
        yield Problem("has one factor", evidence=(("Name", pool.name), ("MfaConfiguration", "OFF")))


@rule("TST003", Severity.HIGH, url=URL)
def crashes(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """The rule itself is broken.

    Why: it is.
    Fix: mend it.
    """
    yield Problem("has a name", evidence=())
    raise ZeroDivisionError(pool.name)


@rule("TST004", Severity.INFO, url=URL)
def is_client(_client: AppClient, ctx: Context) -> Iterator[Problem]:
    """It is an app client.

    Why: it is.
    Fix: none.
    """
    yield Problem(f"belongs to {ctx.pool.member.name}", evidence=())


@rule("TST005", Severity.INFO, url=URL)
def is_identity_pool(_pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """It is an identity pool.

    Why: it is.
    Fix: none.
    """
    yield Problem(f"is {ctx.identities.member.id}", evidence=())


LONG = make_user_pool(name="customers-of-old")
MFA_OFF = make_mfa_configuration(mode="OFF")


def judged(snapshot: Snapshot, *rules: Rule, baseline: Baseline | None = None) -> list[Evaluation]:
    if baseline is None:
        return list(evaluate(snapshot, rules, today=TODAY))
    return list(evaluate(snapshot, rules, today=TODAY, baseline=baseline))


def judged_user_pool(one: Rule, **facets: object) -> Evaluation:
    pool = make_user_pool_snapshot(**facets)  # type: ignore[arg-type]
    [evaluation] = judged(make_snapshot(user_pools=[pool]), one)
    return evaluation


def test_a_failure_names_the_resource_and_shows_its_evidence() -> None:
    assert judged_user_pool(name_is_long, settings=LONG) == Evaluation(
        code="TST001",
        severity=Severity.LOW,
        outcome=Outcome.FAIL,
        scope=SCOPE,
        resource_arn=f"arn:aws:cognito-idp:eu-west-1:111122223333:userpool/{USER_POOL_ID}",
        resource_type=ResourceType.USER_POOL,
        resource_name="customers-of-old",
        messages=("has the name customers-of-old",),
        evidence=(("Name", "customers-of-old"),),
    )


def test_nothing_yielded_is_a_pass() -> None:
    evaluation = judged_user_pool(name_is_long, settings=make_user_pool(name="shop"))

    assert (evaluation.outcome, evaluation.messages, evaluation.evidence) == (Outcome.PASS, (), ())


def test_equal_evidence_of_two_problems_is_shown_once() -> None:
    evaluation = judged_user_pool(mfa_is_not_on, settings=LONG, mfa=MFA_OFF)

    assert evaluation.messages == ("is old", "has one factor")
    assert evaluation.evidence == (("Name", "customers-of-old"), ("MfaConfiguration", "OFF"))


def test_a_rule_whose_condition_does_not_hold_is_not_applicable() -> None:
    assert judged_user_pool(mfa_is_not_on, mfa=MFA_OFF, clients=()).outcome is Outcome.NOT_APPLICABLE


def test_an_unread_subject_is_unknown_and_names_the_action() -> None:
    gap = make_gap("cognito-idp:DescribeUserPool")

    evaluation = judged_user_pool(name_is_long, settings=gap)

    assert evaluation.outcome is Outcome.UNKNOWN
    assert evaluation.messages == ("could not be judged: cognito-idp:DescribeUserPool was not read (denied)",)
    assert evaluation.gaps == (gap,)


def test_an_unread_facet_is_unknown() -> None:
    evaluation = judged_user_pool(mfa_is_not_on, mfa=NO_MFA)

    assert (evaluation.outcome, evaluation.gaps) == (Outcome.UNKNOWN, (NO_MFA,))


def test_a_problem_found_before_a_gap_stays_a_failure() -> None:
    evaluation = judged_user_pool(mfa_is_not_on, settings=LONG, mfa=NO_MFA)

    assert evaluation.outcome is Outcome.FAIL
    assert evaluation.messages == ("is old",)
    assert evaluation.gaps == (NO_MFA,)


def test_an_unread_condition_hides_a_problem() -> None:
    evaluation = judged_user_pool(mfa_is_not_on, mfa=MFA_OFF, clients=NO_CLIENTS)

    assert evaluation.outcome is Outcome.UNKNOWN
    assert evaluation.messages == (
        "could not be judged: cognito-idp:ListUserPoolClients was not read (throttled)",
    )
    assert evaluation.gaps == (NO_CLIENTS,)


def test_an_unread_condition_does_not_matter_without_a_problem() -> None:
    assert judged_user_pool(mfa_is_not_on, clients=NO_CLIENTS).outcome is Outcome.PASS


def test_an_unread_condition_comes_before_an_unread_facet() -> None:
    evaluation = judged_user_pool(mfa_is_not_on, settings=LONG, mfa=NO_MFA, clients=NO_CLIENTS)

    assert (evaluation.outcome, evaluation.gaps) == (Outcome.UNKNOWN, (NO_CLIENTS,))


def test_a_rule_that_crashes_is_an_error_and_the_others_are_still_judged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    snapshot = make_snapshot(user_pools=[make_user_pool_snapshot(LONG)])

    with caplog.at_level(logging.ERROR, logger="rules.engine"):
        broken, sound = judged(snapshot, crashes, name_is_long)

    assert broken.outcome is Outcome.ERROR
    assert broken.messages == (
        "could not be judged: the rule itself failed (ZeroDivisionError); please report it",
    )
    assert broken.evidence == ()
    assert sound.outcome is Outcome.FAIL
    [record] = caplog.records
    assert "TST003" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_each_rule_runs_on_its_own_kind_of_resource() -> None:
    snapshot = make_snapshot(
        user_pools=[make_user_pool_snapshot()], identity_pools=[make_identity_pool_snapshot()]
    )

    client, identity_pool = judged(snapshot, is_client, is_identity_pool)

    assert client.resource_arn.endswith(f":userpool/{USER_POOL_ID}/client/{CLIENT_ID}")
    assert (client.resource_type, client.messages) == (ResourceType.APP_CLIENT, ("belongs to customers",))
    assert identity_pool.resource_arn.endswith(f":identitypool/{IDENTITY_POOL_ID}")
    assert identity_pool.resource_type is ResourceType.IDENTITY_POOL
    assert identity_pool.messages == (f"is {IDENTITY_POOL_ID}",)


def test_lists_that_were_not_read_are_unknown_once_for_each_rule() -> None:
    no_user_pools = make_gap("cognito-idp:ListUserPools")
    no_identity_pools = make_gap("cognito-identity:ListIdentityPools")
    snapshot = make_snapshot(user_pools=no_user_pools, identity_pools=no_identity_pools)

    evaluations = judged(snapshot, name_is_long, is_client, is_identity_pool)

    assert [(each.outcome, each.resource_arn, each.resource_name) for each in evaluations] == [
        (Outcome.UNKNOWN, "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/*", "*"),
        (Outcome.UNKNOWN, "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/*", "*"),
        (Outcome.UNKNOWN, "arn:aws:cognito-identity:eu-west-1:111122223333:identitypool/*", "*"),
    ]
    assert [each.gaps for each in evaluations] == [(no_user_pools,), (no_user_pools,), (no_identity_pools,)]


def test_a_client_list_that_was_not_read_is_unknown_for_its_user_pool() -> None:
    pool = make_user_pool_snapshot(clients=NO_CLIENTS)

    [evaluation] = judged(make_snapshot(user_pools=[pool]), is_client)

    assert evaluation.outcome is Outcome.UNKNOWN
    assert evaluation.resource_arn.endswith(f":userpool/{USER_POOL_ID}/client/*")


def test_one_unread_client_does_not_hide_the_others() -> None:
    gap = make_gap("cognito-idp:DescribeUserPoolClient")
    pool = make_user_pool_snapshot(clients=(gap, make_app_client()))

    evaluations = judged(make_snapshot(user_pools=[pool]), is_client)

    assert [each.outcome for each in evaluations] == [Outcome.UNKNOWN, Outcome.FAIL]


def test_regions_that_are_switched_off_say_nothing() -> None:
    off = make_gap("cognito-idp:ListUserPools", Reason.REGION_OFF)
    region = make_region_snapshot(
        user_pools=off, identity_pools=off, scope=Scope(account_id="111122223333", region="af-south-1")
    )

    assert judged(Snapshot(regions=(region,)), name_is_long, is_client, is_identity_pool) == []


def test_a_baseline_sets_parameters_and_switches_rules_off() -> None:
    baseline = Baseline(
        name="strict", parameters={"TST001": {"letters": 100}}, switched_off=frozenset({"TST003"})
    )
    snapshot = make_snapshot(user_pools=[make_user_pool_snapshot(LONG)])

    [evaluation] = judged(snapshot, name_is_long, crashes, baseline=baseline)

    assert (evaluation.code, evaluation.outcome) == ("TST001", Outcome.PASS)


def test_the_docstring_becomes_the_documentation() -> None:
    assert (name_is_long.title, name_is_long.slug) == ("The name is long", "name-is-long")
    assert (name_is_long.why, name_is_long.fix) == ("long names do not fit.", "choose a short one.")
    assert (name_is_long.unsure_when, mfa_is_not_on.unsure_when) == (None, "never.")
    assert mfa_is_not_on.reads == (FacetName.USER_POOL, FacetName.MFA_CONFIGURATION)


def test_a_context_without_the_other_kind_of_pool_says_so() -> None:
    snapshot = make_snapshot()
    context = Context(snapshot=snapshot, region=snapshot.regions[0], today=TODAY, parameters={})

    with pytest.raises(LookupError, match="no user pool"):
        _ = context.pool
    with pytest.raises(LookupError, match="no identity pool"):
        _ = context.identities
    with pytest.raises(LookupError, match="has an app client"):
        _ = context.client


@pytest.mark.parametrize(
    "docstring", [None, "Title.", "Title.\n\nWhy: so.", "Title.\n\nFix: so.", "Title.\n\nWhy:\nFix: so."]
)
def test_a_rule_without_its_documentation_is_refused(docstring: str | None) -> None:
    def lacks_documentation(pool: UserPool, ctx: Context) -> Iterator[Problem]:
        yield Problem(pool.name, evidence=())

    lacks_documentation.__doc__ = docstring

    with pytest.raises(ValueError, match="needs a title, `Why:` and `Fix:`"):
        rule("TST006", Severity.LOW, url=URL)(lacks_documentation)


def test_a_rule_on_anything_else_is_refused() -> None:
    def runs_on_numbers(number: int, ctx: Context) -> Iterator[Problem]:
        yield Problem(str(number), evidence=())

    with pytest.raises(TypeError, match="no rule runs on <class 'int'>"):
        rule("TST006", Severity.LOW, url=URL)(runs_on_numbers)  # type: ignore[type-var]


def test_a_condition_on_another_record_is_refused() -> None:
    with pytest.raises(TypeError, match="its condition runs on another record"):
        rule("TST006", Severity.LOW, url=URL, applies=has_clients)(is_client.check)


def test_rules_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        name_is_long.code = "TST999"  # type: ignore[misc]
