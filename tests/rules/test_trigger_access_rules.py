import dataclasses
from typing import Any

import pytest

from records.evaluation import Severity
from records.facet import FacetName
from records.iam import Condition, PolicyDocument, Statement
from records.snapshot import Snapshot
from rules.triggers import (
    trigger_is_open_to_any_user_pool,
    trigger_may_not_be_called,
    trigger_role_is_too_strong,
)
from tests.builders import SCOPE, USER_POOL_ID, make_gap, make_role_policies, make_statement
from tests.rules.judging import Case, fails, is_no_matter, is_unknown, judge, passes
from tests.rules.triggering import (
    FUNCTION,
    FUNCTION_ARN,
    FUNCTION_ROLE_ARN,
    NO_FUNCTION,
    NO_TRIGGERS,
    OTHER_ARN,
    calls,
    two_functions,
)

POOL_ARN = SCOPE.user_pool_arn(USER_POOL_ID)
ANY_POOL_ARN = SCOPE.user_pool_arn("*")

NO_POLICY = make_gap("lambda:GetPolicy")
NO_ROLE_POLICIES = make_gap("iam:ListRolePolicies")
WITHOUT_ROLE = dataclasses.replace(FUNCTION, role_arn=None)


def allows(*conditions: tuple[str, str, str], **overrides: Any) -> Statement:
    statement: dict[str, Any] = {
        "sid": "cognito",
        "principals": (("Service", "cognito-idp.amazonaws.com"),),
        "actions": ("lambda:InvokeFunction",),
        "resources": (FUNCTION_ARN,),
        "conditions": tuple(
            Condition(operator=operator, key=key, values=(value,)) for operator, key, value in conditions
        ),
    }
    return make_statement(**{**statement, **overrides})


def policy(*statements: Statement) -> PolicyDocument:
    return PolicyDocument(statements=statements)


OF_THIS_POOL = allows(("ArnLike", "AWS:SourceArn", POOL_ARN))
OF_THIS_ACCOUNT = allows(("StringEquals", "aws:SourceAccount", "111122223333"))
OF_ANYBODY = allows()
DENIAL = allows(sid="never", effect="Deny", resources=("*",))


def may(*actions: str, resources: tuple[str, ...] = ("*",), **overrides: Any) -> Snapshot:
    statement = make_statement(actions=actions, resources=resources, **overrides)
    return calls("PreSignUp", role=make_role_policies(statement))


STRANGERS = f"calls {FUNCTION_ARN}, which takes calls from user pools of any account"
TOO_STRONG = f"calls {FUNCTION_ARN}, whose role may do"

CALLERS = [
    fails(
        trigger_is_open_to_any_user_pool,
        "no condition",
        calls("PreSignUp", policy=policy(OF_ANYBODY)),
        STRANGERS,
        evidence=(("LambdaConfig.PreSignUp", FUNCTION_ARN), ("Policy.Statement.Sid", "cognito")),
    ),
    *(
        fails(trigger_is_open_to_any_user_pool, situation, calls("PreSignUp", policy=policy(one)), STRANGERS)
        for situation, one in (
            ("any principal", allows(principals=(("AWS", "*"),))),
            ("any action", allows(actions=("lambda:*",))),
            ("no sid", allows(sid=None)),
            ("any source", allows(("ArnLike", "aws:SourceArn", "*"))),
            (
                "user pools of any account in a region",
                allows(("ArnLike", "aws:SourceArn", "arn:aws:cognito-idp:us-east-1:*:userpool/*")),
            ),
            ("any account by pattern", allows(("StringLike", "aws:SourceAccount", "*"))),
        )
    ),
    fails(
        trigger_is_open_to_any_user_pool,
        "beside a bounded one",
        calls("PreSignUp", policy=policy(OF_THIS_POOL, OF_ANYBODY)),
        STRANGERS,
    ),
    fails(
        trigger_is_open_to_any_user_pool,
        "another one unread, which comes first",
        two_functions(NO_POLICY, policy(OF_ANYBODY), FacetName.FUNCTION_POLICY),
        f"calls {OTHER_ARN}, which takes calls from user pools of any account",
        gaps=(NO_POLICY,),
    ),
    *(
        passes(trigger_is_open_to_any_user_pool, situation, calls("PreSignUp", policy=policy(*some)))
        for situation, some in (
            ("this user pool", (OF_THIS_POOL,)),
            ("this account", (OF_THIS_ACCOUNT,)),
            (
                "this account by the ARN",
                (allows(("ArnLike", "aws:SourceArn", "arn:aws:cognito-idp:*:111122223333:userpool/*")),),
            ),
            (
                "one user pool of whatever account",
                (allows(("ArnLike", "aws:SourceArn", f"arn:aws:cognito-idp:*:*:userpool/{USER_POOL_ID}")),),
            ),
            (
                "user pools of one name, whatever stands before it",
                (allows(("StringLike", "aws:SourceArn", f"arn:aws:cognito-idp:*{USER_POOL_ID}")),),
            ),
            # Under StringEquals a star is a star, which no ARN has.
            ("a star taken at its word", (allows(("StringEquals", "aws:SourceArn", "*")),)),
            ("another condition", (allows(("StringEquals", "aws:PrincipalOrgID", "o-1")),)),
            ("another service", (allows(principals=(("Service", "s3.amazonaws.com"),)),)),
            ("another action", (allows(actions=("lambda:GetFunction",)),)),
            ("denied again", (OF_ANYBODY, DENIAL)),
            (
                "denied under a condition",
                (OF_ANYBODY, allows(("StringNotEquals", "aws:SourceAccount", "1"), effect="Deny")),
            ),
            ("no statement", ()),
        )
    ),
    passes(trigger_is_open_to_any_user_pool, "no policy", calls("PreSignUp")),
    is_no_matter(trigger_is_open_to_any_user_pool, "no triggers", NO_TRIGGERS),
    is_unknown(trigger_is_open_to_any_user_pool, "unread", calls("PreSignUp", policy=NO_POLICY), NO_POLICY),
    fails(
        trigger_may_not_be_called,
        "no policy",
        calls("PreSignUp"),
        f"calls {FUNCTION_ARN}, which has no policy that lets it",
        evidence=(("LambdaConfig.PreSignUp", FUNCTION_ARN), ("Policy.Statement.Sid", ())),
    ),
    fails(
        trigger_may_not_be_called,
        "another user pool",
        calls(
            "PreSignUp",
            policy=policy(allows(("ArnEquals", "aws:SourceArn", SCOPE.user_pool_arn("eu-west-1_other")))),
        ),
        f"calls {FUNCTION_ARN}, whose policy lets other user pools call it",
        evidence=(("LambdaConfig.PreSignUp", FUNCTION_ARN), ("Policy.Statement.Sid", ("cognito",))),
    ),
    *(
        fails(
            trigger_may_not_be_called,
            situation,
            calls("PreSignUp", policy=policy(*some)),
            f"calls {FUNCTION_ARN}, whose policy lets {whom} call it",
        )
        for situation, some, whom in (
            ("another service", (allows(principals=(("Service", "s3.amazonaws.com"),)),), "no user pool"),
            ("denied again", (OF_THIS_POOL, DENIAL), "no user pool"),
            (
                "another account",
                (allows(("StringEquals", "aws:SourceAccount", "999988887777")),),
                "other user pools",
            ),
        )
    ),
    fails(
        trigger_may_not_be_called,
        "another one unread, which comes first",
        two_functions(NO_POLICY, policy(), FacetName.FUNCTION_POLICY),
        f"calls {OTHER_ARN}, whose policy lets no user pool call it",
        gaps=(NO_POLICY,),
    ),
    *(
        passes(trigger_may_not_be_called, situation, calls("PreSignUp", policy=policy(one)))
        for situation, one in (
            ("this user pool", OF_THIS_POOL),
            ("this account", OF_THIS_ACCOUNT),
            ("anybody", OF_ANYBODY),
            ("under a condition that may be met", allows(("StringEquals", "aws:PrincipalOrgID", "o-1"))),
        )
    ),
    passes(trigger_may_not_be_called, "no such function", calls("PreSignUp", function=None)),
    passes(
        trigger_may_not_be_called,
        "function unread with a policy",
        calls("PreSignUp", function=NO_FUNCTION, policy=policy(OF_THIS_POOL)),
    ),
    is_no_matter(trigger_may_not_be_called, "no triggers", NO_TRIGGERS),
    is_unknown(trigger_may_not_be_called, "unread", calls("PreSignUp", policy=NO_POLICY), NO_POLICY),
    is_unknown(
        trigger_may_not_be_called,
        "no policy, function unread",
        calls("PreSignUp", function=NO_FUNCTION),
        NO_FUNCTION,
    ),
]
ROLES = [
    fails(
        trigger_role_is_too_strong,
        "everything",
        may("*"),
        f"{TOO_STRONG} everything by own",
        evidence=(
            ("LambdaConfig.PreSignUp", FUNCTION_ARN),
            ("Functions[sign-up].Role", FUNCTION_ROLE_ARN),
            ("Policies[own].Action", ("*",)),
            ("Policies[own].NotAction", ()),
            ("Policies[own].Resource", ("*",)),
        ),
    ),
    *(
        fails(trigger_role_is_too_strong, situation, snapshot, f"{TOO_STRONG} {what} by own")
        for situation, snapshot, what in (
            ("all but IAM", may(not_actions=("iam:*",)), "everything but iam:*"),
            ("all of Cognito", may("cognito-idp:*"), "cognito-idp:* on *"),
            (
                "this user pool, and any",
                may("cognito-idp:*", resources=(POOL_ARN, ANY_POOL_ARN)),
                f"cognito-idp:* on {ANY_POOL_ARN}",
            ),
            (
                "all that administrators do, in any user pool",
                may("cognito-idp:admin*", resources=("arn:aws:cognito-idp:*:*:userpool/*",)),
                "cognito-idp:admin* on arn:aws:cognito-idp:*:*:userpool/*",
            ),
            ("all of IAM", may("iam:*"), "iam:* on *"),
        )
    ),
    *(
        passes(trigger_role_is_too_strong, situation, snapshot)
        for situation, snapshot in (
            ("one action", may("cognito-idp:AdminGetUser")),
            ("this user pool alone", may("cognito-idp:*", resources=(POOL_ARN,))),
            ("all of another service", may("dynamodb:*")),
            ("everything in one bucket", may("*", resources=("arn:aws:s3:::example-orders/*",))),
            (
                "under a condition",
                may("*", conditions=(Condition(operator="Bool", key="aws:x", values=("true",)),)),
            ),
            (
                "what matters is denied",
                calls(
                    "PreSignUp",
                    role=make_role_policies(
                        make_statement(actions=("cognito-idp:*", "iam:*"), resources=("*",)),
                        make_statement(
                            effect="Deny",
                            actions=("cognito-idp:AdminSet*", "iam:Put*"),
                            resources=("*",),
                        ),
                    ),
                ),
            ),
            ("no role", calls("PreSignUp", function=WITHOUT_ROLE)),
            ("no such role", calls("PreSignUp", role=None)),
            ("no such function", calls("PreSignUp", function=None)),
        )
    ),
    is_no_matter(trigger_role_is_too_strong, "no triggers", NO_TRIGGERS),
    is_unknown(
        trigger_role_is_too_strong, "function unread", calls("PreSignUp", function=NO_FUNCTION), NO_FUNCTION
    ),
    is_unknown(
        trigger_role_is_too_strong,
        "policies unread",
        calls("PreSignUp", role=NO_ROLE_POLICIES),
        NO_ROLE_POLICIES,
    ),
]
CASES = [*CALLERS, *ROLES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_trigger_access_rules(case: Case) -> None:
    assert case.judged() == case.expected


TRUST = "act on what the event says of a user"


@pytest.mark.parametrize(
    ("stages", "severity", "reason"),
    [
        (("PreSignUp", "CustomMessage"), Severity.MEDIUM, ""),
        (
            ("PreSignUp", "PostConfirmation"),
            Severity.HIGH,
            f"raised because functions at PostConfirmation {TRUST}",
        ),
        (
            ("DefineAuthChallenge", "CreateAuthChallenge"),
            Severity.HIGH,
            f"raised because functions at DefineAuthChallenge and CreateAuthChallenge {TRUST}",
        ),
    ],
)
def test_functions_that_trust_their_event_are_worse_open(
    stages: tuple[str, ...], severity: Severity, reason: str
) -> None:
    said = judge(trigger_is_open_to_any_user_pool, calls(*stages, policy=policy(OF_ANYBODY)))
    assert (said.severity, said.severity_reason) == (severity, reason)
    assert said.targets == (FUNCTION_ARN,)
