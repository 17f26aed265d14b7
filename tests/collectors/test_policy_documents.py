"""Policies in all the shapes that IAM takes, and what is none."""

import json
from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.policy_documents import parse_policy_document
from records.iam import Condition, Statement

CANARY = "canary-3c71"


def only(**elements: Any) -> Statement:
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", **elements}}
    (statement,) = parse_policy_document(document).statements
    return statement


def test_a_trust_policy() -> None:
    (statement,) = parse_policy_document(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "pool",
                    "Effect": "Allow",
                    "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                    "Action": ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"],
                    "Condition": {
                        "StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"},
                        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": ["authenticated"]},
                    },
                }
            ],
        }
    ).statements
    assert statement == Statement(
        sid="pool",
        effect="Allow",
        principals=(("Federated", "cognito-identity.amazonaws.com"),),
        not_principals=(),
        actions=("sts:AssumeRoleWithWebIdentity", "sts:TagSession"),
        not_actions=(),
        resources=(),
        not_resources=(),
        conditions=(
            Condition(
                operator="ForAnyValue:StringLike",
                key="cognito-identity.amazonaws.com:amr",
                values=("authenticated",),
            ),
            Condition(
                operator="StringEquals", key="cognito-identity.amazonaws.com:aud", values=("eu-west-1:pool",)
            ),
        ),
    )


def test_a_functions_policy_is_a_text() -> None:
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Id": "default",
            "Statement": [
                {
                    "Sid": "1",
                    "Effect": "Deny",
                    "Principal": {"Service": "cognito-idp.amazonaws.com"},
                    "Action": "lambda:InvokeFunction",
                    "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:f",
                    "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:cognito-idp:*"}},
                }
            ],
        }
    )
    (statement,) = parse_policy_document(text).statements
    assert not statement.allows
    assert statement.principals == (("Service", "cognito-idp.amazonaws.com"),)
    assert statement.conditions[0].key == "AWS:SourceArn"


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", (("AWS", "*"),)),
        ({"AWS": "*"}, (("AWS", "*"),)),
        ({"AWS": ["111122223333", "AIDAEXAMPLE"]}, (("AWS", "111122223333"), ("AWS", "AIDAEXAMPLE"))),
        ({"Service": "b", "Federated": "a"}, (("Federated", "a"), ("Service", "b"))),
        ({"CanonicalUser": "c"}, (("CanonicalUser", "c"),)),
        ({}, ()),
        ({"AWS": []}, ()),
    ],
)
def test_principals_come_in_many_shapes(principal: Any, expected: tuple[tuple[str, str], ...]) -> None:
    assert only(Principal=principal).principals == expected


def test_the_elements_that_say_all_but() -> None:
    (statement,) = parse_policy_document(
        {
            "Statement": {
                "Effect": "Deny",
                "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"},
                "NotAction": "iam:*",
                "NotResource": ["b", "a"],
            }
        }
    ).statements
    assert statement.not_principals == (("AWS", "arn:aws:iam::111122223333:root"),)
    assert (statement.not_actions, statement.not_resources) == (("iam:*",), ("a", "b"))
    assert (statement.principals, statement.actions, statement.resources) == ((), (), ())


@pytest.mark.parametrize(
    ("value", "values"),
    [
        (True, ("true",)),
        (False, ("false",)),
        ("true", ("true",)),
        (3600, ("3600",)),
        (0.5, ("0.5",)),
        (["b", "a", "b"], ("a", "b")),
        ([True, 1], ("1", "true")),
        ([], ()),
    ],
)
def test_values_of_conditions_are_texts(value: Any, values: tuple[str, ...]) -> None:
    assert only(Condition={"Bool": {"aws:SecureTransport": value}}).conditions[0].values == values


def test_numbers_in_a_text_keep_their_spelling() -> None:
    text = '{"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"N": {"k": [1.50, 1e400, %s]}}}}'
    (statement,) = parse_policy_document(text % ("9" * 5000)).statements
    assert set(statement.conditions[0].values) == {"1.50", "1e400", "9" * 5000}


def test_equal_policies_are_equal_records() -> None:
    one = only(Action=["b:c", "a:b"], Condition={"Bool": {"x": "1", "a": ["2", "1"]}, "Arn": {"k": "v"}})
    other = only(Action=["a:b", "b:c"], Condition={"Arn": {"k": "v"}, "Bool": {"a": ["1", "2"], "x": "1"}})
    assert one == other


def test_statements_keep_their_order_and_no_statement_is_a_policy() -> None:
    both = [{"Sid": sid, "Effect": "Allow", "Action": "*"} for sid in ("z", "a")]
    assert [each.sid for each in parse_policy_document({"Statement": both}).statements] == ["z", "a"]
    assert parse_policy_document({"Statement": []}).statements == ()


def elements(**changed: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Action": CANARY, "Resource": "*", **changed}]}


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="empty text"),
        pytest.param(CANARY, id="no JSON"),
        pytest.param(f'{{"Statement": "{CANARY}', id="cut off"),
        pytest.param("%7B%22Statement%22%3A%5B%5D%7D", id="encoded for an address"),
        pytest.param("[" * 100_000, id="nested without end"),
        pytest.param('{"a":' * 100_000, id="objects nested without end"),
        pytest.param(" " * 2**20 + '{"Statement": []}', id="too long"),
        pytest.param("[]", id="a list"),
        pytest.param(None, id="nothing"),
        pytest.param(7, id="a number"),
        pytest.param({}, id="no statements"),
        pytest.param({"Statement": CANARY}, id="a text for statements"),
        pytest.param({"Statement": [CANARY]}, id="a text for a statement"),
        pytest.param(elements(Effect=CANARY), id="unknown effect"),
        pytest.param(elements(Effect="allow"), id="effect in lower case"),
        pytest.param(elements(Effect=["Allow"]), id="effects"),
        pytest.param(elements(Sid=7), id="a number for a Sid"),
        pytest.param(elements(Action=[CANARY, 7]), id="a number for an action"),
        pytest.param(elements(Action={"a": CANARY}), id="an object for an action"),
        pytest.param(elements(Action=[]), id="no actions"),
        pytest.param(elements(NotAction="*"), id="action and its opposite"),
        pytest.param(elements(NotResource="*"), id="resource and its opposite"),
        pytest.param(elements(Resource=[]), id="empty resource"),
        pytest.param(elements(Resource=None), id="null for a resource"),
        pytest.param(elements(Principal=CANARY), id="a text for a principal"),
        pytest.param(elements(Principal=["*"]), id="a list for a principal"),
        pytest.param(elements(Principal={"AWS": {"a": CANARY}}), id="an object within a principal"),
        pytest.param(elements(Principal="*", NotPrincipal={"AWS": CANARY}), id="principal and its opposite"),
        pytest.param(elements(NotPrincipal={}), id="all but nobody"),
        pytest.param(elements(Condition=[CANARY]), id="a list for a condition"),
        pytest.param(elements(Condition={"Bool": CANARY}), id="a text for a condition's keys"),
        pytest.param(elements(Condition={"Bool": {"k": {"v": CANARY}}}), id="an object for a value"),
        pytest.param(elements(Condition={"Bool": {"k": [None]}}), id="null for a value"),
        pytest.param({"Statement": [{"Effect": "Allow", "Resource": "*"}]}, id="no action at all"),
    ],
)
def test_what_is_no_policy_is_refused_without_its_text(raw: Any) -> None:
    with pytest.raises(MalformedAnswerError) as refused:
        parse_policy_document(raw)
    assert CANARY not in str(refused.value)
    assert len(str(refused.value)) < 80
    assert refused.value.__cause__ is None
