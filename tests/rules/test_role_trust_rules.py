"""Rules on the account's roles that trust identity pools."""

from dataclasses import replace
from typing import Any

import pytest

from records.evaluation import Outcome, Severity
from records.facet import FacetName, Gap
from records.iam import Condition, PolicyDocument, Role
from records.snapshot import Snapshot
from rules.catalogue import catalogue
from rules.evaluating import evaluate
from rules.role_trust import role_trusts_any_identity_pool, role_trusts_unknown_identity_pool
from tests.builders import (
    IDENTITY_POOL_ID,
    TODAY,
    make_gap,
    make_identity_pool_snapshot,
    make_role,
    make_snapshot,
    make_statement,
)
from tests.rules.judging import Case, fails, is_unknown, passes

ARN = "arn:aws:iam::111122223333:role/amplify-old-authRole"
NO_LIST = make_gap("iam:ListRoles")
NO_POOLS = make_gap("cognito-identity:ListIdentityPools")
FOREIGN = "eu-west-1:99999999-4b5a-6978-8796-a5b4c3d2e1f0"
ELSEWHERE = "us-east-2:99999999-4b5a-6978-8796-a5b4c3d2e1f0"


def condition(key: str, *values: str, operator: str = "StringEquals") -> Condition:
    return Condition(operator=operator, key=f"cognito-identity.amazonaws.com:{key}", values=values)


OWN = condition("aud", IDENTITY_POOL_ID)
SIGNED_IN = condition("amr", "authenticated", operator="ForAnyValue:StringLike")
GUESTS = condition("amr", "unauthenticated", operator="ForAnyValue:StringLike")


def trusting(*conditions: Condition) -> Role:
    statement = make_statement(
        principals=(("Federated", "cognito-identity.amazonaws.com"),),
        actions=("sts:AssumeRoleWithWebIdentity",),
        resources=(),
        conditions=conditions,
    )
    trust = PolicyDocument(statements=(statement,))
    return make_role(arn=ARN, name="amplify-old-authRole", trust=trust, boundary_arn=None)


def swept(*roles: Role | Gap, pools: Gap | None = None) -> Snapshot:
    gap = next((each for each in roles if isinstance(each, Gap)), None)
    return make_snapshot(
        identity_pools=pools or [make_identity_pool_snapshot()],
        more={FacetName.WEB_IDENTITY_ROLES: gap or roles},
    )


CASES = [
    fails(
        role_trusts_any_identity_pool,
        "no condition at all",
        swept(trusting()),
        "trusts guests of any identity pool of its account",
        evidence=(
            ("AssumeRolePolicyDocument[amplify-old-authRole].aud", None),
            ("AssumeRolePolicyDocument[amplify-old-authRole].amr", None),
        ),
        grade=(Severity.CRITICAL, ""),
    ),
    fails(
        role_trusts_any_identity_pool,
        "guests named and no aud",
        swept(trusting(GUESTS)),
        "trusts guests of any identity pool of its account",
        grade=(Severity.CRITICAL, ""),
    ),
    fails(
        role_trusts_any_identity_pool,
        "no aud, but a sign-in",
        swept(trusting(SIGNED_IN)),
        "trusts signed-in users of any identity pool of its account",
        grade=(Severity.HIGH, "lowered because it asks for a sign-in"),
    ),
    fails(
        role_trusts_any_identity_pool,
        "a wildcard",
        swept(trusting(condition("aud", "eu-west-1:*", operator="StringLike"))),
        "trusts identity pools by wildcard: eu-west-1:*",
        grade=(Severity.HIGH, "lowered because identity pools have to match the wildcard"),
    ),
    passes(role_trusts_any_identity_pool, "one identity pool", swept(trusting(OWN, SIGNED_IN))),
    passes(
        role_trusts_any_identity_pool,
        "a condition that may shut everybody out",
        swept(trusting(condition("sub", "one"))),
    ),
    is_unknown(role_trusts_any_identity_pool, "no list of roles", swept(NO_LIST), NO_LIST),
    fails(
        role_trusts_unknown_identity_pool,
        "an identity pool that is not there",
        swept(trusting(condition("aud", FOREIGN))),
        f"trusts identity pool {FOREIGN} that the account does not have",
    ),
    passes(role_trusts_unknown_identity_pool, "its own", swept(trusting(OWN))),
    passes(role_trusts_unknown_identity_pool, "no aud, which the other rule tells", swept(trusting())),
    passes(role_trusts_unknown_identity_pool, "what is no id", swept(trusting(condition("aud", "app")))),
    is_unknown(
        role_trusts_unknown_identity_pool,
        "the list of identity pools was not read",
        swept(trusting(condition("aud", FOREIGN)), pools=NO_POOLS),
        NO_POOLS,
    ),
    is_unknown(role_trusts_unknown_identity_pool, "no list of roles", swept(NO_LIST), NO_LIST),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    assert case.judged() == case.expected


def said_of(snapshot: Snapshot) -> list[tuple[str, Outcome]]:
    rules = (role_trusts_any_identity_pool,)
    return [(each.resource_arn, each.outcome) for each in evaluate(snapshot, rules, today=TODAY)]


def test_a_role_is_judged_once_by_the_newest_list_of_its_account() -> None:
    (old,) = swept(trusting()).regions
    (new,) = swept(trusting(OWN)).regions
    new = replace(new, run_id=2, scope=replace(new.scope, region="us-east-2"))
    assert said_of(Snapshot(regions=(old, new))) == [(ARN, Outcome.PASS)]


def test_a_newer_list_that_was_not_read_leaves_the_roles_unjudged() -> None:
    (old,) = swept(trusting()).regions
    (new,) = swept(NO_LIST).regions
    new = replace(new, run_id=2, scope=replace(new.scope, region="us-east-2"))
    every_role = "arn:aws:iam::111122223333:role/*"
    assert said_of(Snapshot(regions=(old, new))) == [(every_role, Outcome.UNKNOWN)]


def test_roles_that_no_run_asked_for_are_unknown() -> None:
    (region,) = swept().regions
    facets: dict[FacetName, Any] = {
        name: each for name, each in region.facets.items() if name != FacetName.WEB_IDENTITY_ROLES
    }
    ((arn, outcome),) = said_of(Snapshot(regions=(replace(region, facets=facets),)))
    assert (arn.endswith(":role/*"), outcome) == (True, Outcome.UNKNOWN)


def test_a_region_that_was_not_read_leaves_an_identity_pool_unknown() -> None:
    rules = (role_trusts_unknown_identity_pool,)
    snapshot = swept(trusting(condition("aud", ELSEWHERE)))
    (said,) = evaluate(snapshot, rules, today=TODAY)
    assert (said.outcome, said.gaps[0].message) == (Outcome.UNKNOWN, "the region us-east-2 was not read")


def test_no_other_rule_tells_the_trust_of_a_listed_role_again() -> None:
    role = trusting()
    snapshot = swept(role)
    (pool,) = snapshot.identity_pools
    handed_out = replace(pool.roles.value, authenticated_role_arn=ARN)
    snapshot = make_snapshot(
        identity_pools=[make_identity_pool_snapshot(roles=handed_out)],
        references={(FacetName.ROLE, ARN): role},
        more={FacetName.WEB_IDENTITY_ROLES: (role,)},
    )
    codes = {"RTR001", "RTR002", "ROL001", "ROL002", "GRL001"}
    rules = [each for each in catalogue() if each.code in codes]
    failed = [each.code for each in evaluate(snapshot, rules, today=TODAY) if each.outcome is Outcome.FAIL]
    assert failed == ["RTR001"]
