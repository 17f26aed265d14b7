"""Who may take on a role, and what the statements demand of them."""

from typing import Any

import pytest

from records.iam import Condition, PolicyDocument, Statement
from rules.trust import (
    GUEST,
    SIGNED_IN,
    ServiceTrust,
    WebIdentityTrust,
    service_trusts,
    web_identity_trusts,
)

ISSUER = "cognito-identity.amazonaws.com"
POOL = "eu-west-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
ASSUME = "sts:AssumeRoleWithWebIdentity"


def condition(operator: str, key: str, *values: str) -> Condition:
    return Condition(operator=operator, key=key, values=values)


AUDIENCE = condition("StringEquals", f"{ISSUER}:aud", POOL)
METHOD = condition("ForAnyValue:StringLike", f"{ISSUER}:amr", SIGNED_IN)


def statement(**more: Any) -> Statement:
    values: dict[str, Any] = {
        "sid": None,
        "effect": "Allow",
        "principals": (("Federated", ISSUER),),
        "not_principals": (),
        "actions": (ASSUME,),
        "not_actions": (),
        "resources": (),
        "not_resources": (),
        "conditions": (),
    }
    return Statement(**{**values, **more})


def web(*statements: Statement) -> list[WebIdentityTrust]:
    return list(web_identity_trusts(PolicyDocument(statements=statements)))


def test_the_trust_of_a_well_made_role() -> None:
    (trust,) = web(statement(conditions=(AUDIENCE, METHOD)))
    assert trust.audiences is not None
    assert trust.methods is not None
    assert (trust.audiences.values, trust.audiences.has_wildcard) == ((POOL,), False)
    assert trust.methods.accepts(SIGNED_IN)
    assert not trust.methods.accepts(GUEST)
    assert not trust.accepts_guests
    assert (trust.other_conditions, trust.is_limited) == ((), False)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"principals": (("Federated", "accounts.google.com"),)}, id="another issuer"),
        pytest.param({"principals": (("Service", ISSUER),)}, id="a service of that name"),
        pytest.param({"principals": (("Service", "*"),)}, id="any service"),
        pytest.param({"principals": (("AWS", "arn:aws:iam::111122223333:root"),)}, id="an account"),
        pytest.param({"principals": (("Federated", f"{ISSUER}.evil.example"),)}, id="a longer name"),
        pytest.param({"principals": ()}, id="nobody"),
        pytest.param({"actions": ("sts:AssumeRole",)}, id="another action"),
        pytest.param({"actions": (), "not_actions": ("sts:*",)}, id="all actions but these"),
        pytest.param({"effect": "Deny"}, id="a denial"),
    ],
)
def test_statements_that_let_no_identity_pool_in(changed: dict[str, Any]) -> None:
    assert web(statement(**changed)) == []


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"actions": ("sts:*",)}, id="any action of STS"),
        pytest.param({"actions": ("STS:assumerolewithwebidentity",)}, id="in another case"),
        pytest.param({"actions": ("sts:AssumeRoleWith*", "sts:TagSession")}, id="by a pattern"),
        pytest.param({"principals": (("AWS", "*"),)}, id="everybody"),
        pytest.param({"principals": (("Federated", "*"),)}, id="every issuer"),
        pytest.param({"principals": (), "not_principals": (("AWS", "111122223333"),)}, id="all but others"),
        pytest.param({"actions": (), "not_actions": ("s3:*",)}, id="all actions but others"),
    ],
)
def test_statements_that_let_identity_pools_in(changed: dict[str, Any]) -> None:
    (trust,) = web(statement(**changed))
    assert trust.audiences is None
    assert trust.accepts_guests


@pytest.mark.parametrize(
    "issuer",
    [
        "cognito-identity-us-gov.amazonaws.com",
        "cognito-identity.us-gov-east-1.amazonaws.com",
        "cognito-identity.cn-north-1.amazonaws.com.cn",
    ],
)
def test_other_partitions_have_issuers_of_their_own(issuer: str) -> None:
    own = condition("StringEquals", f"{issuer}:aud", POOL)
    principals = (("Federated", issuer),)
    (trust,) = web(statement(principals=principals, conditions=(own,)))
    assert trust.audiences is not None
    # The key of another issuer is no key of this one's tokens.
    (trust,) = web(statement(principals=principals, conditions=(AUDIENCE,)))
    assert (trust.audiences, trust.other_conditions) == (None, (AUDIENCE,))


@pytest.mark.parametrize(
    ("operator", "key", "is_demand"),
    [
        ("StringEquals", f"{ISSUER}:aud", True),
        ("StringLike", f"{ISSUER}:aud", True),
        ("stringequals", f"{ISSUER.upper()}:AUD", True),
        ("ForAnyValue:StringEquals", f"{ISSUER}:aud", True),
        ("StringEqualsIgnoreCase", f"{ISSUER}:aud", True),
        ("StringEqualsIfExists", f"{ISSUER}:aud", False),
        ("ForAnyValue:StringLikeIfExists", f"{ISSUER}:aud", False),
        ("ForAllValues:StringEquals", f"{ISSUER}:aud", False),
        ("StringNotEquals", f"{ISSUER}:aud", False),
        ("Null", f"{ISSUER}:aud", False),
        ("StringEquals", f"{ISSUER}:sub", False),
        ("StringEquals", "aud", False),
    ],
)
def test_what_is_a_demand_on_the_audience(operator: str, key: str, *, is_demand: bool) -> None:
    given = condition(operator, key, POOL)
    (trust,) = web(statement(conditions=(given,)))
    assert (trust.audiences is not None) is is_demand
    assert trust.other_conditions == (() if is_demand else (given,))


def test_a_wildcard_counts_only_where_the_operator_takes_patterns() -> None:
    (like,) = web(statement(conditions=(condition("StringLike", f"{ISSUER}:aud", "*"),)))
    (equal,) = web(statement(conditions=(condition("StringEquals", f"{ISSUER}:aud", "*"),)))
    assert like.audiences is not None
    assert equal.audiences is not None
    assert (like.audiences.has_wildcard, like.audiences.accepts_anything) == (True, True)
    assert (equal.audiences.has_wildcard, equal.audiences.accepts(POOL)) == (False, False)
    (region,) = web(statement(conditions=(condition("StringLike", f"{ISSUER}:aud", "eu-west-1:*"),)))
    assert region.audiences is not None
    assert region.audiences.accepts(POOL)
    assert not region.audiences.accepts_anything


def test_of_two_demands_the_narrower_stands() -> None:
    wide = condition("StringLike", f"{ISSUER}:aud", "*")
    for conditions in ((wide, AUDIENCE), (AUDIENCE, wide)):
        (trust,) = web(statement(conditions=conditions))
        assert trust.audiences is not None
        assert trust.audiences.values == (POOL,)


@pytest.mark.parametrize(
    ("value", "guests"), [(GUEST, True), ("*", True), ("*auth*", True), (SIGNED_IN, False), ("auth*", False)]
)
def test_whom_the_method_lets_in(value: str, *, guests: bool) -> None:
    given = condition("ForAnyValue:StringLike", f"{ISSUER}:amr", value)
    (trust,) = web(statement(conditions=(AUDIENCE, given)))
    assert trust.accepts_guests is guests


def test_a_value_is_compared_without_case_only_where_the_operator_says_so() -> None:
    loose = condition("StringEqualsIgnoreCase", f"{ISSUER}:amr", GUEST.upper())
    strict = condition("StringEquals", f"{ISSUER}:amr", GUEST.upper())
    assert web(statement(conditions=(loose,)))[0].accepts_guests
    assert not web(statement(conditions=(strict,)))[0].accepts_guests


def test_a_denial_ends_a_trust_or_limits_it() -> None:
    assert web(statement(), statement(effect="Deny")) == []
    assert web(statement(), statement(effect="Deny", principals=(("AWS", "*"),), actions=("*",))) == []
    other_pools = condition("StringNotEquals", f"{ISSUER}:aud", POOL)
    (trust,) = web(statement(), statement(effect="Deny", conditions=(other_pools,)))
    assert trust.is_limited
    (trust,) = web(statement(), statement(effect="Deny", actions=("sts:TagSession",)))
    assert not trust.is_limited


def service(*statements: Statement, action: str = "sts:AssumeRole") -> list[ServiceTrust]:
    document = PolicyDocument(statements=statements)
    return list(service_trusts(document, {"cognito-idp.amazonaws.com"}, action))


def for_service(*conditions: Condition, **more: Any) -> Statement:
    values: dict[str, Any] = {
        "principals": (("Service", "cognito-idp.amazonaws.com"),),
        "actions": ("sts:AssumeRole",),
        "conditions": conditions,
    }
    return statement(**{**values, **more})


def test_what_a_service_is_asked_for() -> None:
    arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/*"
    (trust,) = service(
        for_service(
            condition("ArnLike", "AWS:SourceArn", arn),
            condition("StringEquals", "aws:sourceaccount", "111122223333"),
            condition("StringEquals", "sts:ExternalId", "e-1"),
            condition("StringEquals", "aws:SourceOrgID", "o-1"),
        )
    )
    assert trust.source_arns is not None
    assert trust.source_arns.accepts("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc")
    assert not trust.source_arns.accepts("arn:aws:cognito-idp:eu-west-1:444455556666:userpool/eu-west-1_abc")
    assert trust.source_accounts is not None
    assert trust.source_accounts.values == ("111122223333",)
    assert trust.external_ids is not None
    assert trust.external_ids.values == ("e-1",)
    assert [each.key for each in trust.other_conditions] == ["aws:SourceOrgID"]


def test_a_service_that_is_asked_for_nothing() -> None:
    if_exists = condition("StringEqualsIfExists", "aws:SourceAccount", "111122223333")
    (trust,) = service(for_service(if_exists))
    assert (trust.source_arns, trust.source_accounts, trust.external_ids) == (None, None, None)
    assert trust.other_conditions == (if_exists,)


def test_a_functions_policy_speaks_of_its_own_action() -> None:
    invoke = for_service(
        actions=("lambda:InvokeFunction",), resources=("arn:aws:lambda:eu-west-1:1:function:f",)
    )
    assert len(service(invoke, action="lambda:InvokeFunction")) == 1
    assert service(invoke) == []
    assert service(for_service(principals=(("Service", "sns.amazonaws.com"),))) == []
    assert len(service(for_service(principals=(("AWS", "*"),)))) == 1


def test_a_denial_of_one_resource_does_not_end_a_trust() -> None:
    one = for_service(effect="Deny", resources=("arn:aws:lambda:eu-west-1:1:function:f:live",))
    (trust,) = service(for_service(), one)
    assert trust.is_limited
