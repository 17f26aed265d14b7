"""How far roles reach: bounded, remembered, and cut to what the caller can act on."""

import time

import pytest

from records.facet import NotCollectedError, Reason
from records.iam import Condition, RolePolicies
from rules.reach import demand_answers, names_its_user, reach_of, said
from tests.rules.test_iam import allow, deny, role

NAMES = ("CreateRole", "CreateUser", "PassRole", "PutRolePolicy", "PutUserPolicy")
ANY_S3 = "arn:aws:s3:::b/*"


def actions_of(policies: RolePolicies, kind: str) -> list[str]:
    return [each.action for each in getattr(reach_of(policies), kind)]


def test_a_role_is_worked_out_once_for_the_same_record() -> None:
    policies = role(allow("s3:GetObject"))

    assert reach_of(policies) is reach_of(policies)
    assert reach_of(policies) is not reach_of(role(allow("s3:GetObject")))


@pytest.mark.parametrize(
    ("actions", "resource", "expected"),
    [
        (("s3:GetObject",), ANY_S3, ["s3:GetObject"]),
        (("s3:GetObject",), "arn:aws:s3:::b", []),
        (("s3:GetObject",), "*", ["s3:GetObject"]),
        (("s3:GetObject",), "arn:aws:*", ["s3:GetObject"]),
        (("s3:GetObject",), "arn:aws:dynamodb:eu-west-1:111122223333:table/*", []),
        (("s3:ListBucket",), ANY_S3, []),
        (("s3:ListBucket",), "arn:aws:s3:::*", ["s3:ListBucket"]),
        (("dynamodb:Scan",), ANY_S3, []),
        (("dynamodb:Scan",), "arn:*:dyn*:*", ["dynamodb:Scan"]),
        (("sqs:SendMessage",), ANY_S3, ["sqs:SendMessage"]),
        (("s3:GetObject",), "arn:aws:s3:::b/${aws:PrincipalTag/tenant}/*", []),
        (("s3:GetObject",), "arn:aws:s3:::b/public/*", []),
        (("s3:GetObject",), "arn:aws:s3:::public/x", ["s3:GetObject"]),
        (("s3:PutObject",), "arn:aws:s3:::b/public/*", ["s3:PutObject"]),
        (("rum:PutRumEvents",), "*", []),
    ],
)
def test_which_data_is_reached(actions: tuple[str, ...], resource: str, expected: list[str]) -> None:
    assert actions_of(role(allow(*actions, on=resource)), "data") == expected


def test_one_role_or_one_parameter_is_no_escalation() -> None:
    one = allow("sts:AssumeRole", "ssm:GetParameter", on="arn:aws:iam::111122223333:role/app")
    all_of_them = allow("sts:AssumeRole", on="arn:aws:iam::*:role/*")

    assert actions_of(role(one), "escalations") == []
    assert actions_of(role(all_of_them), "escalations") == ["sts:AssumeRole"]


def test_what_a_condition_decides_is_left_out() -> None:
    condition = Condition(operator="Bool", key="aws:SecureTransport", values=("true",))
    found = reach_of(role(allow("s3:*", conditions=(condition,))))

    assert found.grants
    assert [*found.abilities, *found.wildcards] == []


SECURE = Condition(operator="Bool", key="aws:SecureTransport", values=("true",))
TAGGED = Condition(operator="StringLike", key="aws:ResourceTag/team", values=("*",))


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        pytest.param(
            role(allow("s3:Get*"), allow("iam:*User", conditions=(SECURE, TAGGED), sid="Users")),
            "statement 2 (Users) of inline allows iam:CreateUser on *, depending on Bool on"
            " aws:SecureTransport, StringLike on aws:ResourceTag/team",
            id="the statement's own",
        ),
        pytest.param(
            role(allow("*"), deny("iam:PassRole", conditions=(SECURE,))),
            "statement 1 of inline allows iam:PassRole on *, depending on Bool on aws:SecureTransport",
            id="a denial's, on a part",
        ),
        pytest.param(
            role(allow("iam:PassRole"), deny("iam:*", conditions=(TAGGED,))),
            "statement 1 of inline allows iam:PassRole on *, depending on StringLike on aws:ResourceTag/team",
            id="a denial's",
        ),
        pytest.param(
            role(allow("iam:PassRole"), boundary=(allow("iam:*", conditions=(SECURE,)),)),
            "statement 1 of inline allows iam:PassRole on *, depending on Bool on aws:SecureTransport",
            id="the boundary's",
        ),
        pytest.param(
            role(allow("iam:Pass*"), boundary=(allow("iam:*Role"),)),
            "statement 1 of inline allows iam:PassRole on *, depending on a part of it that the role's other"
            " statements leave",
            id="a boundary that crosses it",
        ),
        pytest.param(
            role(allow("*", conditions=(SECURE,))),
            "statement 1 of inline allows * on *, depending on Bool on aws:SecureTransport",
            id="everything",
        ),
    ],
)
def test_what_conditions_decide_is_asked(policies: RolePolicies, expected: str) -> None:
    assert [str(each) for each in reach_of(policies).questions] == [expected]


@pytest.mark.parametrize(
    "policies",
    [
        pytest.param(role(allow("s3:*", "sqs:SendMessage", conditions=(SECURE,))), id="no escalation"),
        pytest.param(
            role(allow("iam:*", conditions=(SECURE,)), allow("iam:*")), id="allowed without conditions, too"
        ),
        pytest.param(
            role(allow("ssm:GetParameter", on="arn:aws:ssm:eu-west-1:1:parameter/a", conditions=(SECURE,))),
            id="one parameter",
        ),
        pytest.param(
            role(
                allow(
                    "sts:AssumeRole", on="arn:aws:iam::1:role/${aws:PrincipalTag/team}", conditions=(SECURE,)
                )
            ),
            id="the user's own",
        ),
    ],
)
def test_what_the_verdict_does_not_hang_on_is_not_asked(policies: RolePolicies) -> None:
    assert reach_of(policies).questions == ()


def test_a_statement_that_allows_everything_escalates_as_one() -> None:
    policies = role(allow("*"), allow("iam:PassRole", "sqs:*"))

    assert actions_of(policies, "escalations") == ["*", "iam:PassRole"]
    assert actions_of(policies, "strong") == ["*", "iam:PassRole", "sqs:*"]


def test_many_questions_are_counted() -> None:
    asked = reach_of(role(*(allow(f"iam:{name}", conditions=(SECURE,)) for name in NAMES))).questions

    with pytest.raises(NotCollectedError) as caught:
        demand_answers(("arn:aws:iam::1:role/a", each) for each in asked)

    gap = caught.value.gap
    assert (gap.operation, gap.reason) == ("iam:ListRolePolicies", Reason.UNDECIDABLE)
    assert gap.message.count("statement ") == 3
    assert gap.message.endswith("; and 2 more statements")
    demand_answers([])


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*", True),
        ("arn:aws-us-gov:s3:::b/${cognito-identity-us-gov.amazonaws.com:sub}", True),
        ("arn:aws:s3:::b/${aws:principaltag/Tenant}/*", True),
        ("arn:aws:s3:::b/${cognito-identity.amazonaws.com:aud}/*", False),
        ("arn:aws:s3:::b/${aws:PrincipalAccount}/*", False),
        ("arn:aws:s3:::b/${*}", False),
    ],
)
def test_which_variables_name_the_user(resource: str, *, expected: bool) -> None:
    assert names_its_user(resource) is expected


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(
            role(
                allow(*(f"s{n % 7}:*{n}*a*" for n in range(400))),
                deny(*(f"s{n % 7}:*{n}*b*" for n in range(300))),
            ),
            id="patterns that all cross",
        ),
        pytest.param(
            role(
                *(allow("s3:" + "*a" * 3000 + str(n)) for n in range(20)),
                deny(*(f"*b{n}*" for n in range(2500))),
            ),
            id="long patterns against many",
        ),
        pytest.param(
            role(
                *(allow("*", on=f"arn:aws:s3:::b{n}/*") for n in range(500)),
                deny("zz:*", "zy:*", "zx:*", "zw:*", "zv:*", "zu:*", "zt:*"),
            ),
            id="many grants with many denials",
        ),
        pytest.param(role(*(allow(*(f"a{n}*:{m}" for m in range(40))) for n in range(90))), id="many grants"),
    ],
)
def test_hostile_policies_are_given_up_soon(hostile: RolePolicies) -> None:
    start = time.process_time()
    with pytest.raises(NotCollectedError) as caught:
        reach_of(hostile)
    first = time.process_time() - start

    with pytest.raises(NotCollectedError):
        reach_of(hostile)

    assert caught.value.gap.reason is Reason.UNDECIDABLE
    assert first < 5
    assert time.process_time() - start - first < first / 2 + 0.01


def test_long_names_are_cut() -> None:
    [(words, evidence)] = said(reach_of(role(allow("sqs:*", on="arn:aws:sqs:::" + "q" * 2000))).wildcards)

    assert len(words) < 200
    assert evidence[1][1] == ("arn:aws:sqs:::" + "q" * 2000,)
