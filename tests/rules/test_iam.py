"""What a role may do: grants after denials and the boundary, and the notions of wildcard."""

import random
import time
from typing import Any

import pytest

from records.iam import Condition, NamedPolicy, PolicyDocument, RolePolicies, Statement
from rules.iam import (
    Decision,
    TooManyPatternsError,
    decide,
    grants,
    is_any_of_type,
    is_every_action,
    is_service_wildcard,
    names_any_resource,
    statement_covers,
)
from rules.iam_actions import ESCALATION_ACTIONS, GUEST_CEILING, reachable_by_guests
from rules.patterns import covers

MFA = Condition(operator="Bool", key="aws:MultiFactorAuthPresent", values=("false",))
REFUSED, CONDITIONAL, GRANTED = Decision.REFUSED, Decision.CONDITIONAL, Decision.GRANTED


def statement(effect: str, *actions: str, on: str | tuple[str, ...] = "*", **more: Any) -> Statement:
    values: dict[str, Any] = {
        "sid": None,
        "effect": effect,
        "principals": (),
        "not_principals": (),
        "actions": actions,
        "not_actions": (),
        "resources": (on,) if isinstance(on, str) else on,
        "not_resources": (),
        "conditions": (),
    }
    return Statement(**{**values, **more})


def allow(*actions: str, on: str | tuple[str, ...] = "*", **more: Any) -> Statement:
    return statement("Allow", *actions, on=on, **more)


def deny(*actions: str, on: str | tuple[str, ...] = "*", **more: Any) -> Statement:
    return statement("Deny", *actions, on=on, **more)


def policy(*statements: Statement, name: str = "inline") -> NamedPolicy:
    return NamedPolicy(name=name, arn=None, document=PolicyDocument(statements=statements))


def role(*statements: Statement, boundary: tuple[Statement, ...] | None = None) -> RolePolicies:
    return RolePolicies(
        inline=(policy(*statements),),
        attached=(),
        boundary=None if boundary is None else policy(*boundary, name="boundary"),
    )


def decision(action: str, *statements: Statement, boundary: tuple[Statement, ...] | None = None) -> Decision:
    return decide(grants(role(*statements, boundary=boundary)), action)


BUCKET = "arn:aws:s3:::data/*"
SECRET = "arn:aws:s3:::data/secret/*"


@pytest.mark.parametrize(
    ("action", "statements", "expected"),
    [
        pytest.param("s3:GetObject", (), REFUSED, id="no policy"),
        pytest.param("s3:GetObject", (allow("s3:GetObject"),), GRANTED, id="by name"),
        pytest.param("S3:getobject", (allow("s3:GETOBJECT"),), GRANTED, id="in any case"),
        pytest.param("s3:GetObject", (allow("s3:Get*"),), GRANTED, id="by a part of its name"),
        pytest.param("s3:GetObject", (allow("s?:G*t?bject"),), GRANTED, id="by odd wildcards"),
        pytest.param("s3:GetObject", (allow("s3:Put*", "sqs:*"),), REFUSED, id="other actions"),
        pytest.param("s3:GetObject", (allow("s3"),), REFUSED, id="a service without an action"),
        pytest.param("iam:PassRole", (allow(not_actions=("s3:*",)),), GRANTED, id="all but another service"),
        pytest.param("iam:PassRole", (allow(not_actions=("iam:*",)),), REFUSED, id="all but this service"),
        pytest.param("s3:GetObject", (allow("s3:*", conditions=(MFA,)),), CONDITIONAL, id="condition"),
        pytest.param(
            "s3:GetObject",
            (allow("s3:*", conditions=(MFA,)), allow("s3:Get*", on=BUCKET)),
            GRANTED,
            id="with and without a condition",
        ),
        pytest.param("s3:GetObject", (allow("s3:*"), deny("*")), REFUSED, id="all is denied"),
        pytest.param("s3:GetObject", (allow("*"), deny("s3:*")), REFUSED, id="the service is denied"),
        pytest.param("iam:PassRole", (allow("*"), deny("s3:*")), GRANTED, id="another service is denied"),
        pytest.param("s3:GetObject", (allow("s3:*"), deny("S3:GET*")), REFUSED, id="denied in another case"),
        pytest.param(
            "s3:GetObject",
            (allow("*"), deny("*", conditions=(MFA,))),
            CONDITIONAL,
            id="denied on a condition",
        ),
        pytest.param(
            "s3:GetObject",
            (allow("s3:*"), deny("s3:Delete*", conditions=(MFA,))),
            GRANTED,
            id="something else denied on a condition",
        ),
        pytest.param(
            "s3:DeleteObject",
            (allow("s3:*"), deny("s3:Delete*", conditions=(MFA,))),
            CONDITIONAL,
            id="itself denied on a condition, within a pattern",
        ),
        pytest.param(
            "s3:GetObject",
            (allow("s3:*", on=BUCKET), deny("s3:*", on=SECRET)),
            GRANTED,
            id="denied on a part",
        ),
        pytest.param(
            "s3:GetObject", (allow("s3:*", on=SECRET), deny("s3:*", on=BUCKET)), REFUSED, id="denied on more"
        ),
        pytest.param(
            "s3:GetObject",
            (allow("s3:*", on=(SECRET, "arn:aws:s3:::b/*")), deny("s3:*", on=BUCKET)),
            GRANTED,
            id="denied on one of two resources",
        ),
        pytest.param(
            "s3:GetObject",
            (allow("s3:*", on=BUCKET), deny("s3:*", on=(), not_resources=(SECRET,))),
            GRANTED,
            id="denied on all but a part of it",
        ),
        pytest.param(
            "s3:GetObject",
            (allow("s3:*", on=BUCKET), deny("s3:*", on=(), not_resources=("arn:aws:s3:::b/*",))),
            REFUSED,
            id="denied on all but something else",
        ),
        pytest.param(
            "iam:PassRole",
            (allow("*"), deny(not_actions=("s3:*", "sqs:*"))),
            REFUSED,
            id="all but other services denied",
        ),
        pytest.param(
            "sqs:SendMessage",
            (allow("*"), deny(not_actions=("s3:*", "sqs:*"))),
            GRANTED,
            id="spared by a denial",
        ),
        pytest.param(
            "iam:GetUser",
            (allow("iam:GetUser"), deny(not_actions=("iam:Get*",), conditions=(MFA,))),
            GRANTED,
            id="spared by a denial on a condition",
        ),
        pytest.param(
            "iam:GetUser",
            (allow("iam:*User"), deny(not_actions=("iam:Get*",))),
            CONDITIONAL,
            id="all but a part that crosses it denied",
        ),
        pytest.param(
            "iam:GetUser",
            (allow("iam:*"), deny(not_actions=("iam:Get*",), conditions=(MFA,))),
            CONDITIONAL,
            id="all but a part of it denied on a condition",
        ),
        pytest.param(
            "s3:GetObject", (allow("s3:*", on=(), not_resources=(SECRET,)),), GRANTED, id="on all but a part"
        ),
        pytest.param("s3:GetObject", (allow("s3:*", on=()),), REFUSED, id="on nothing"),
    ],
)
def test_what_statements_say_of_an_action(
    action: str, statements: tuple[Statement, ...], expected: Decision
) -> None:
    assert decision(action, *statements) is expected


def test_a_denial_of_all_but_some_resources_leaves_those() -> None:
    own = "arn:aws:s3:::data/${cognito-identity.amazonaws.com:sub}/*"
    elsewhere = deny("s3:*", on=(), not_resources=(own,))
    (left,) = grants(role(allow("s3:*"), elsewhere))
    assert left.resources == (own,)
    assert left.decide("s3:GetObject") is GRANTED


def test_a_denial_of_all_but_some_resources_spares_other_actions_everywhere() -> None:
    found = tuple(grants(role(allow("*"), deny("s3:*", on=(), not_resources=(SECRET,)))))
    on_s3 = {each.resources for each in found if each.decide("s3:GetObject") is GRANTED}
    elsewhere = {each.resources for each in found if each.decide("iam:PassRole") is GRANTED}
    assert on_s3 == {(SECRET,)}
    assert ("*",) in elsewhere


def test_a_denial_of_all_but_some_resources_on_a_condition_leaves_only_those_for_sure() -> None:
    unless_mfa = deny("s3:*", on=(), not_resources=(SECRET,), conditions=(MFA,))
    found = tuple(grants(role(allow("s3:GetObject"), unless_mfa)))
    assert {each.resources: each.decide("s3:GetObject") for each in found} == {
        (SECRET,): GRANTED,
        ("*",): CONDITIONAL,
    }


def test_many_denials_of_all_but_some_resources_end_in_time() -> None:
    denials = (deny("s3:*", on=(), not_resources=(f"arn:aws:s3:::b{n}/*",)) for n in range(200))
    started = time.monotonic()
    try:
        found = tuple(grants(role(allow("*"), *denials), effort=10_000_000))
    except TooManyPatternsError:
        found = ()
    assert not any(each.decide("s3:GetObject") is GRANTED for each in found)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("action", "statements", "boundary", "expected"),
    [
        pytest.param("s3:GetObject", (allow("*"),), (), REFUSED, id="empty boundary"),
        pytest.param("s3:GetObject", (), (allow("*"),), REFUSED, id="a boundary grants nothing"),
        pytest.param("iam:PassRole", (allow("*"),), (allow("s3:*"),), REFUSED, id="outside"),
        pytest.param("s3:GetObject", (allow("*"),), (allow("s3:*"),), GRANTED, id="inside"),
        pytest.param("s3:GetObject", (allow("s3:G*"),), (allow("s3:*"),), GRANTED, id="boundary is wider"),
        pytest.param(
            "s3:PutObject", (allow("s3:*"),), (allow("s3:Get*"),), REFUSED, id="boundary is narrower"
        ),
        pytest.param(
            "s3:GetObject", (allow("s3:*Object"),), (allow("s3:Get*"),), CONDITIONAL, id="patterns that cross"
        ),
        pytest.param(
            "s3:GetObject", (allow("s3:*"),), (allow("s3:*", conditions=(MFA,)),), CONDITIONAL, id="condition"
        ),
        pytest.param(
            "iam:PassRole", (allow("*"),), (allow("*"), deny("iam:*")), REFUSED, id="denied by the boundary"
        ),
        pytest.param(
            "iam:PassRole", (allow("*"),), (allow(not_actions=("iam:*",)),), REFUSED, id="all but it"
        ),
        pytest.param(
            "iam:PassRole",
            (allow("iam:*"),),
            (allow(not_actions=("iam:*",)),),
            REFUSED,
            id="all but its service",
        ),
        pytest.param(
            "s3:GetObject",
            (allow("s3:*", on=BUCKET),),
            (allow("s3:*", on="arn:aws:s3:::other/*"),),
            REFUSED,
            id="other resources",
        ),
        pytest.param(
            "s3:GetObject", (allow("s3:*"),), (allow("s3:*", on=BUCKET),), GRANTED, id="some resources"
        ),
        pytest.param(
            "s3:GetObject",
            (allow("s3:*", on="arn:aws:s3:::data/${aws:username}/*"),),
            (allow("s3:*", on="arn:aws:s3:::data/alice/*"),),
            CONDITIONAL,
            id="a variable that may be one of the boundary's resources",
        ),
        pytest.param(
            "s3:GetObject",
            (allow("s3:*", on=BUCKET),),
            (allow("s3:*", on=(), not_resources=("arn:aws:s3:::data*",)),),
            REFUSED,
            id="all resources but these",
        ),
    ],
)
def test_an_action_takes_effect_only_within_the_boundary(
    action: str, statements: tuple[Statement, ...], boundary: tuple[Statement, ...], expected: Decision
) -> None:
    assert decision(action, *statements, boundary=boundary) is expected


def test_a_grant_shows_what_boundary_and_denials_leave_of_it() -> None:
    (grant,) = grants(
        role(
            allow("*"),
            deny("s3:GetBucketPolicy"),
            deny("s3:GetObject", conditions=(MFA,)),
            boundary=(allow("s3:Get*", on=BUCKET),),
        )
    )
    assert (grant.policy, grant.action, grant.resources) == ("inline", "s3:Get*", (BUCKET,))
    assert (grant.denied, grant.doubtful) == (("s3:GetBucketPolicy",), ("s3:GetObject",))
    assert (grant.is_conditional, grant.is_any_resource) == (False, False)
    assert grant.decide("s3:GetBucketPolicy") is REFUSED
    assert grant.decide("s3:GetObjectAcl") is GRANTED


def test_a_denial_of_some_resources_splits_a_grant() -> None:
    found = list(
        grants(role(allow("s3:*", on=(BUCKET, "arn:aws:s3:::b/*")), deny("s3:Put*", on="arn:aws:s3:::data*")))
    )
    assert {each.resources: each.denied for each in found} == {
        (BUCKET,): ("s3:Put*",),
        ("arn:aws:s3:::b/*",): (),
    }


def test_not_action_is_a_grant_of_all_without_some() -> None:
    (grant,) = grants(role(allow(not_actions=("iam:*", "sts:*"))))
    assert (grant.action, grant.denied, grant.is_any_resource) == ("*", ("iam:*", "sts:*"), True)


ACTION_PATTERNS = ("*", "a:*", "a:G*", "a:*t", "a:Get", "a:Put", "b:*", "b:G?t", "*:Get")
RESOURCE_PATTERNS = ("*", "r/*", "*/x", "r/x", "r/y", "q/*")
ACTIONS = ("a:Get", "a:Put", "a:Got", "a:Gain", "b:Get", "b:List", "c:Get", "c:Do")
RESOURCES = ("r/x", "r/y", "r/z", "q/x", "q/y", "p/x", "p/z")


def any_statement(chance: random.Random, effect: str) -> Statement:
    def some(patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(chance.sample(patterns, chance.choice((1, 1, 2))))

    action, resource = chance.choices(("", "not_"), weights=(3, 1), k=2)
    elements = {f"{action}actions": some(ACTION_PATTERNS), f"{resource}resources": some(RESOURCE_PATTERNS)}
    return statement(effect, **{"actions": (), "resources": (), **elements})


def speaks_of(each: Statement, action: str, resource: str) -> bool:
    """Match by the definition: one action, one resource."""
    by_action = any(covers(pattern, action) for pattern in each.actions or each.not_actions)
    by_resource = any(covers(pattern, resource) for pattern in each.resources or each.not_resources)
    return by_action is not bool(each.not_actions) and by_resource is not bool(each.not_resources)


def is_allowed(action: str, policies: tuple[tuple[Statement, ...], ...]) -> bool:
    """Whether each of the policies allows the action, and none denies it, on one resource at least."""
    return any(
        all(any(each.allows and speaks_of(each, action, resource) for each in policy) for policy in policies)
        and not any(
            not each.allows and speaks_of(each, action, resource) for policy in policies for each in policy
        )
        for resource in RESOURCES
    )


@pytest.mark.parametrize("seed", range(8))
def test_nothing_that_is_allowed_is_called_refused_and_the_reverse_without_denials(seed: int) -> None:
    chance = random.Random(seed)
    seen = set()
    for _ in range(150):
        denials = chance.choice((0, 0, 1, 2))
        statements = tuple(any_statement(chance, "Allow") for _ in range(2)) + tuple(
            any_statement(chance, "Deny") for _ in range(denials)
        )
        boundary = chance.choice((None, (any_statement(chance, "Allow"),)))
        policies = (statements,) if boundary is None else (statements, boundary)
        granted = list(grants(role(*statements, boundary=boundary)))
        for action in ACTIONS:
            found = decide(granted, action)
            allowed = is_allowed(action, policies)
            assert not allowed or found is not REFUSED, (action, statements, boundary)
            assert allowed or denials or found is not GRANTED, (action, statements, boundary)
            seen.add((found, allowed))
    assert len(seen) > len(Decision)


def test_an_attached_policy_denies_what_an_inline_one_allows() -> None:
    policies = RolePolicies(
        inline=(policy(allow("s3:*")),), attached=(policy(deny("s3:*"), name="guard"),), boundary=None
    )
    assert list(grants(policies)) == []


def test_equal_statements_beneath_a_boundary_are_one_grant() -> None:
    assert len(list(grants(role(allow("s3:*"), boundary=(allow("*"), allow("s3:*")))))) == 1


@pytest.mark.parametrize(
    ("pattern", "every", "service"),
    [
        ("*", True, False),
        ("**", True, False),
        ("*:*", True, False),
        ("?*:*", True, False),
        ("s3:*", False, True),
        ("s3:?*", False, True),
        ("s3:**", False, True),
        ("s3:???*", False, True),
        ("s3:Get*", False, False),
        ("s3:*Object", False, False),
        ("s3:????", False, False),
        ("s3:GetObject", False, False),
        ("s3:", False, False),
        ("", False, False),
        (":*", False, False),
    ],
)
def test_wildcards_are_of_all_actions_or_of_a_service(pattern: str, *, every: bool, service: bool) -> None:
    assert (is_every_action(pattern), is_service_wildcard(pattern)) == (every, service)


@pytest.mark.parametrize(
    ("pattern", "anything", "of_a_type"),
    [
        ("*", True, False),
        ("**", True, False),
        ("arn:*", True, False),
        ("arn:aws:s3:::*", True, False),
        ("arn:aws:s3:::*/*", True, False),
        ("arn:aws:dynamodb:eu-west-1:111122223333:*", True, False),
        ("arn:aws-us-gov:iam::111122223333:role/*", False, True),
        ("arn:aws:lambda:*:*:function:*", False, True),
        ("arn:aws:dynamodb:*:*:table/*/index/*", False, False),
        ("arn:aws:s3:::data/*", False, True),
        ("arn:aws:s3:::data", False, False),
        ("arn:aws:iam::111122223333:role/app-*", False, False),
        ("", False, False),
        ("::::::", False, False),
    ],
)
def test_what_a_resource_pattern_names(pattern: str, *, anything: bool, of_a_type: bool) -> None:
    assert (names_any_resource(pattern), is_any_of_type(pattern)) == (anything, of_a_type)


def test_a_statement_covers_an_action_pattern_only_as_a_whole() -> None:
    assert statement_covers(allow("s3:*"), "s3:Get*")
    assert not statement_covers(allow("s3:Get*"), "s3:*")
    assert statement_covers(allow(not_actions=("iam:*",)), "s3:*")
    assert not statement_covers(allow(not_actions=("s3:Put*",)), "s3:*")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("s3:GetObject", True),
        ("S3:*", True),
        ("*", True),
        ("rum:PutRumEvents", True),
        ("rum:Put*", True),
        ("rum:GetAppMonitor", False),
        ("sagemaker:InvokeEndpoint", True),
        ("sagemaker:CreateNotebookInstance", False),
        ("kms:Decrypt", True),
        ("kms:ScheduleKeyDeletion", False),
        ("geo:BatchPutGeofence", True),
        ("geo:CreateMap", False),
        ("iam:PassRole", False),
        ("iam:*", False),
        ("sts:AssumeRole", False),
        ("ec2:*", False),
        ("secretsmanager:GetSecretValue", False),
        ("ssm:GetParameter", False),
        ("s3", False),
        ("s3express:CreateSession", False),
    ],
)
def test_what_guests_can_reach(pattern: str, *, expected: bool) -> None:
    assert reachable_by_guests(pattern) is expected


def test_the_action_tables_hold_well_formed_actions() -> None:
    assert all(each.count(":") == 1 and "*" not in each for each in ESCALATION_ACTIONS)
    assert list(ESCALATION_ACTIONS) == list(dict.fromkeys(ESCALATION_ACTIONS))
    assert all(each.count(":") == 1 and not each.startswith("*") for each in GUEST_CEILING)


def test_large_policies_of_patterns_that_all_cross_are_judged_in_seconds() -> None:
    actions = tuple(f"s{n % 7}:*{n}*a*" for n in range(400))
    limits = tuple(f"s{n % 7}:*{n}*b*" for n in range(300))
    start = time.process_time()
    found = list(grants(role(allow(*actions), deny(*limits), boundary=(allow(*limits[:100]),))))
    assert found
    assert time.process_time() - start < 30


def test_more_effort_than_allowed_is_refused_before_it_is_spent() -> None:
    policies = role(*(allow("s3:Get*", on=f"arn:aws:s3:::{n}/*") for n in range(20)), deny("s3:*Acl"))
    whole = list(grants(policies))

    assert list(grants(policies, effort=10_000)) == whole
    with pytest.raises(TooManyPatternsError):
        list(grants(policies, effort=100))
