"""Rules on the roles of user pools' groups, and how identity pools give them out."""

from collections.abc import Mapping
from typing import Any

import pytest

from records.evaluation import Severity
from records.facet import FacetName, Gap
from records.iam import Condition, PolicyDocument, Role
from records.identity_pool import IdentityPoolRoles, RoleMapping
from records.snapshot import Snapshot
from records.user_pool_parts import Group
from rules.group_roles import group_role_cannot_be_taken_on, group_role_trusts_others
from rules.roles import group_role_is_too_strong
from tests.builders import (
    CLIENT_ID,
    IDENTITY_POOL_ID,
    USER_POOL_ID,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_role,
    make_role_policies,
    make_snapshot,
    make_statement,
    make_user_pool_snapshot,
)
from tests.rules.judging import (
    NO_IDENTITY_POOL,
    NO_ROLES,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
)

MANAGERS = "arn:aws:iam::111122223333:role/managers"
PROVIDER = f"cognito-idp.eu-west-1.amazonaws.com/{USER_POOL_ID}"
FOREIGN = "eu-west-1:99999999-4b5a-6978-8796-a5b4c3d2e1f0"
NO_ROLE = make_gap("iam:GetRole")
NO_GROUPS = make_gap("cognito-idp:ListGroups")
NO_IDENTITY_POOLS = make_gap("cognito-identity:ListIdentityPools")
BY_TOKEN = make_identity_pool_roles(
    mappings=(
        RoleMapping(
            provider=f"{PROVIDER}:{CLIENT_ID}", type="Token", ambiguous_role_resolution="Deny", rules=()
        ),
    )
)


def condition(key: str, *values: str, operator: str = "StringEquals") -> Condition:
    return Condition(operator=operator, key=f"cognito-identity.amazonaws.com:{key}", values=values)


OWN = condition("aud", IDENTITY_POOL_ID)
SIGNED_IN = condition("amr", "authenticated", operator="ForAnyValue:StringLike")
STRANGE = condition("sub", "one")


def trusting(*conditions: Condition, **more: Any) -> Role:
    statement = make_statement(
        principals=(("Federated", "cognito-identity.amazonaws.com"),),
        actions=("sts:AssumeRoleWithWebIdentity",),
        resources=(),
        conditions=conditions,
        **more,
    )
    return make_role(arn=MANAGERS, name="managers", trust=PolicyDocument(statements=(statement,)))


def grouped(
    role: Role | Gap | None,
    *names: str,
    groups: Gap | None = None,
    identity_pools: Any = (),
    references: Mapping[tuple[FacetName, str], Any] = {},
) -> Snapshot:
    members = tuple(
        Group(name=name, role_arn=MANAGERS, precedence=0, created_at=None, modified_at=None)
        for name in names or ("managers",)
    )
    return make_snapshot(
        user_pools=[make_user_pool_snapshot(more={FacetName.GROUPS: groups or members})],
        identity_pools=identity_pools,
        references={(FacetName.ROLE, MANAGERS): role, **references},
    )


def outlet(roles: IdentityPoolRoles | Gap = BY_TOKEN, **overrides: Any) -> Any:
    return [make_identity_pool_snapshot(make_identity_pool(**overrides), roles=roles)]


WHERE = (("Groups[managers].RoleArn", MANAGERS),)
CASES = [
    fails(
        group_role_trusts_others,
        "no condition at all, in two groups",
        grouped(trusting(), "managers", "leads"),
        f"gives a group {MANAGERS}, which trusts guests of any identity pool of its account",
        evidence=(
            *WHERE,
            ("Groups[leads].RoleArn", MANAGERS),
            ("AssumeRolePolicyDocument[managers].aud", None),
            ("AssumeRolePolicyDocument[managers].amr", None),
        ),
    ),
    fails(
        group_role_trusts_others,
        "no aud",
        grouped(trusting(SIGNED_IN)),
        f"gives a group {MANAGERS}, which trusts signed-in users of any identity pool of its account",
    ),
    fails(
        group_role_trusts_others,
        "no amr",
        grouped(trusting(OWN)),
        f"gives a group {MANAGERS}, which trusts guests just as signed-in users",
    ),
    passes(group_role_trusts_others, "own identity pool, signed in", grouped(trusting(OWN, SIGNED_IN))),
    passes(group_role_trusts_others, "another condition", grouped(trusting(STRANGE))),
    passes(group_role_trusts_others, "no such role", grouped(None)),
    is_no_matter(group_role_trusts_others, "no group", make_snapshot(user_pools=[make_user_pool_snapshot()])),
    is_unknown(group_role_trusts_others, "role unread", grouped(NO_ROLE), NO_ROLE),
    fails(
        group_role_cannot_be_taken_on,
        "another identity pool named",
        grouped(trusting(condition("aud", FOREIGN), SIGNED_IN), identity_pools=outlet()),
        f"gives a group {MANAGERS}, which does not trust identity pool {IDENTITY_POOL_ID}",
        evidence=(
            *WHERE,
            ("AssumeRolePolicyDocument[managers].aud", (FOREIGN,)),
            ("AssumeRolePolicyDocument[managers].amr", ("authenticated",)),
        ),
    ),
    fails(
        group_role_cannot_be_taken_on,
        "no identity pool trusted, and another one unread",
        grouped(
            trusting(effect="Deny"),
            identity_pools=[
                *outlet(),
                make_identity_pool_snapshot(NO_IDENTITY_POOL, roles=make_identity_pool_roles()),
            ],
        ),
        f"gives a group {MANAGERS}, which does not trust identity pool {IDENTITY_POOL_ID}",
        gaps=(NO_IDENTITY_POOL,),
    ),
    fails(
        group_role_cannot_be_taken_on,
        "no such role",
        grouped(None),
        f"gives a group a role that does not exist: {MANAGERS}",
        evidence=WHERE,
    ),
    passes(
        group_role_cannot_be_taken_on, "trusted", grouped(trusting(OWN, SIGNED_IN), identity_pools=outlet())
    ),
    passes(
        group_role_cannot_be_taken_on,
        "trusted for users of the user pool",
        grouped(trusting(OWN, condition("amr", PROVIDER)), identity_pools=outlet()),
    ),
    passes(
        group_role_cannot_be_taken_on,
        "another condition may decide",
        grouped(trusting(OWN, STRANGE), identity_pools=outlet()),
    ),
    passes(
        group_role_cannot_be_taken_on,
        "no identity pool goes by the token",
        grouped(
            trusting(condition("aud", FOREIGN)),
            identity_pools=outlet(make_identity_pool_roles(), allows_classic_flow=True),
        ),
    ),
    is_no_matter(
        group_role_cannot_be_taken_on, "no group", make_snapshot(user_pools=[make_user_pool_snapshot()])
    ),
    is_unknown(group_role_cannot_be_taken_on, "role unread", grouped(NO_ROLE), NO_ROLE),
    is_unknown(
        group_role_cannot_be_taken_on,
        "identity pools unread",
        grouped(trusting(OWN), identity_pools=NO_IDENTITY_POOLS),
        NO_IDENTITY_POOLS,
    ),
    is_unknown(
        group_role_cannot_be_taken_on,
        "roles unread",
        grouped(trusting(OWN), identity_pools=outlet(NO_ROLES)),
        NO_ROLES,
    ),
]
CASES += [
    is_unknown(each, "groups unread", grouped(trusting(), groups=NO_GROUPS), NO_GROUPS)
    for each in (group_role_trusts_others, group_role_cannot_be_taken_on)
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_group_role_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("conditions", "severity"),
    [((), Severity.CRITICAL), ((SIGNED_IN,), Severity.HIGH), ((OWN,), Severity.MEDIUM)],
)
def test_whom_a_groups_role_trusts_says_how_bad_it_is(
    conditions: tuple[Condition, ...], severity: Severity
) -> None:
    found = judge(group_role_trusts_others, grouped(trusting(*conditions)))

    assert (found.severity, found.targets) == (severity, (MANAGERS,))


STRONG = {(FacetName.ROLE_POLICIES, MANAGERS): make_role_policies(make_statement(actions=("iam:PassRole",)))}
NOT_HANDED_OUT = "lowered because no identity pool that was read hands the role out"


@pytest.mark.parametrize(
    ("role", "identity_pools", "expected"),
    [
        pytest.param(trusting(OWN), outlet(), (Severity.HIGH, "", ""), id="by the token"),
        pytest.param(
            trusting(OWN),
            outlet(make_identity_pool_roles(), allows_classic_flow=True),
            (Severity.HIGH, "", " by the classic flow"),
            id="by the classic flow",
        ),
        pytest.param(
            trusting(OWN),
            outlet(make_identity_pool_roles()),
            (Severity.MEDIUM, NOT_HANDED_OUT, None),
            id="one role for all",
        ),
        pytest.param(
            trusting(condition("aud", FOREIGN)),
            outlet(),
            (Severity.MEDIUM, NOT_HANDED_OUT, None),
            id="refused by the trust policy",
        ),
        pytest.param(
            trusting(SIGNED_IN),
            outlet(make_identity_pool_roles(), allows_classic_flow=True, user_pool_providers=()),
            (Severity.HIGH, "", None),
            id="by users of another user pool in the classic flow",
        ),
        pytest.param(
            trusting(condition("aud", "eu-west-1:*", operator="StringLike")),
            outlet(make_identity_pool_roles(), allows_classic_flow=True, user_pool_providers=()),
            (Severity.HIGH, "", None),
            id="by a wildcard in the classic flow",
        ),
        pytest.param(
            trusting(condition("aud", FOREIGN)),
            outlet(make_identity_pool_roles(), allows_classic_flow=True, user_pool_providers=()),
            (Severity.MEDIUM, NOT_HANDED_OUT, None),
            id="refused in the classic flow",
        ),
        pytest.param(trusting(OWN), (), (Severity.MEDIUM, NOT_HANDED_OUT, None), id="no identity pool"),
        pytest.param(trusting(OWN), NO_IDENTITY_POOLS, (Severity.HIGH, "", None), id="identity pools unread"),
        pytest.param(NO_ROLE, (), (Severity.HIGH, "", None), id="role unread"),
    ],
)
def test_a_strong_group_role_is_as_bad_as_members_can_get_it(
    role: Any, identity_pools: Any, expected: tuple[Severity, str, str | None]
) -> None:
    found = judge(group_role_is_too_strong, grouped(role, identity_pools=identity_pools, references=STRONG))

    severity, reason, how = expected
    path = (
        f"group of user pool {USER_POOL_ID}",
        f"identity pool {IDENTITY_POOL_ID}{how}",
        f"role {MANAGERS}",
    )
    assert (found.severity, found.severity_reason) == (severity, reason)
    assert found.paths == (() if how is None else (path,))
    assert found.targets == (MANAGERS,)
