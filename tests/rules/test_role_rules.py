"""Rules on the roles of users: who may take them on, and what they allow."""

from collections.abc import Mapping
from typing import Any

import pytest

from records.evaluation import Outcome, Severity
from records.facet import FacetName, Gap, Reason
from records.iam import Condition, PolicyDocument, Role, RolePolicies, Statement
from records.identity_pool import IdentityPoolRoles, MappingRule, RoleMapping
from records.resource import Scope
from records.snapshot import Snapshot
from records.user_pool_parts import Group
from rules.engine import Rule
from rules.roles import (
    group_role_is_too_strong,
    role_reaches_other_accounts,
    role_trusts_foreign_identity_pools,
    role_trusts_guests_of_any_identity_pool,
    users_can_escalate,
    users_get_wildcard_rights,
    users_reach_each_others_data,
    users_role_asks_for_no_sign_in,
    users_role_trusts_guests,
)
from tests.builders import (
    IDENTITY_POOL_ID,
    ROLE_ARN,
    USER_POOL_ID,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_region_snapshot,
    make_role,
    make_role_policies,
    make_snapshot,
    make_statement,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import NO_ROLES, Case, fails, is_no_matter, is_unknown, judge, passes

ADMINS = "arn:aws:iam::111122223333:role/admins"
GUESTS = "arn:aws:iam::111122223333:role/guests"
NO_ROLE = make_gap("iam:GetRole")
NO_POLICIES = make_gap("iam:ListRolePolicies")
NO_GROUPS = make_gap("cognito-idp:ListGroups")
NO_IDENTITY_POOLS = make_gap("cognito-identity:ListIdentityPools")
FOREIGN = "eu-west-1:99999999-4b5a-6978-8796-a5b4c3d2e1f0"
ELSEWHERE = "us-east-1:88888888-4b5a-6978-8796-a5b4c3d2e1f0"
SIGNED_IN = Condition(
    operator="ForAnyValue:StringLike", key="cognito-identity.amazonaws.com:amr", values=("authenticated",)
)
GUEST = Condition(
    operator="ForAnyValue:StringLike", key="cognito-identity.amazonaws.com:amr", values=("unauthenticated",)
)
OTHER = Condition(operator="StringEquals", key="cognito-identity.amazonaws.com:sub", values=("one",))


def aud(*values: str, operator: str = "StringEquals") -> Condition:
    return Condition(operator=operator, key="cognito-identity.amazonaws.com:aud", values=values)


OWN = aud(IDENTITY_POOL_ID)


def trusting(*conditions: Condition, arn: str = ROLE_ARN, more: tuple[Statement, ...] = ()) -> Role:
    statement = make_statement(
        principals=(("Federated", "cognito-identity.amazonaws.com"),),
        actions=("sts:AssumeRoleWithWebIdentity",),
        resources=(),
        conditions=conditions,
    )
    name = arn.rpartition("/")[2]
    return make_role(arn=arn, name=name, trust=PolicyDocument(statements=(statement, *more)))


def denying(*conditions: Condition) -> Statement:
    return make_statement(
        effect="Deny",
        principals=(("Federated", "cognito-identity.amazonaws.com"),),
        actions=("sts:AssumeRoleWithWebIdentity",),
        resources=(),
        conditions=conditions,
    )


def handing_out(
    role: Role | Gap | None = None,
    *,
    policies: RolePolicies | Gap | None = None,
    roles: IdentityPoolRoles | Gap | None = None,
    references: Mapping[tuple[FacetName, str], Any] | None = None,
    **overrides: Any,
) -> Snapshot:
    found: dict[tuple[FacetName, str], Any] = {**(references or {})}
    if role is not None:
        found[FacetName.ROLE, ROLE_ARN] = role
    if policies is not None:
        found[FacetName.ROLE_POLICIES, ROLE_ARN] = policies
    pool = make_identity_pool_snapshot(
        make_identity_pool(**overrides), roles=roles or make_identity_pool_roles()
    )
    return make_snapshot(identity_pools=[pool], references=found)


def allowing(*statements: Statement, **more: Any) -> Snapshot:
    return handing_out(policies=make_role_policies(*statements), **more)


def statement(*actions: str, on: str | tuple[str, ...] = "*", **more: Any) -> Statement:
    return make_statement(actions=actions, resources=(on,) if isinstance(on, str) else on, **more)


def mapped(kind: str = "Rules") -> IdentityPoolRoles:
    rule = MappingRule(claim="custom:role", match_type="Equals", value="admin", role_arn=ADMINS)
    mapping = RoleMapping(provider="idp:client", type=kind, ambiguous_role_resolution="Deny", rules=(rule,))
    return make_identity_pool_roles(mappings=(mapping,))


def grouped(policies: RolePolicies | Gap | None, *, role_arn: str | None = ADMINS) -> Snapshot:
    group = Group(name="admins", role_arn=role_arn, precedence=0, created_at=None, modified_at=None)
    pool = make_user_pool_snapshot(more={FacetName.GROUPS: (group,)})
    return make_snapshot(user_pools=[pool], references={(FacetName.ROLE_POLICIES, ADMINS): policies})


def trusting_pool_of(*, account_id: str, audience: str, listed: bool = True) -> Snapshot:
    """Build two regions, the second of another account, perhaps with the trusted identity pool."""
    first = handing_out(trusting(aud(audience), SIGNED_IN)).regions[0]
    region = audience.partition(":")[0]
    pools = [make_identity_pool_snapshot(make_identity_pool(identity_pool_id=audience))] if listed else []
    second = make_region_snapshot(identity_pools=pools, scope=Scope(account_id, region))
    return Snapshot(regions=(first, second))


def beside(case: Snapshot, *more: Snapshot) -> Snapshot:
    return Snapshot(regions=(*case.regions, *(region for each in more for region in each.regions)))


STATED = (("Roles.authenticated", ROLE_ARN),)
AMR_LACKS = (
    *STATED,
    ("AssumeRolePolicyDocument[customers].aud", (IDENTITY_POOL_ID,)),
    ("AssumeRolePolicyDocument[customers].amr", None),
)
LEADING_KEYS = Condition(
    operator="ForAllValues:StringEquals",
    key="dynamodb:LeadingKeys",
    values=("${cognito-identity.amazonaws.com:sub}",),
)
ORDERS = "arn:aws:s3:::example-orders/*"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
HOSTILE = make_role_policies(
    *(statement(*(f"*{n}*a*" for n in range(400))) for _ in range(2)),
    make_statement(effect="Deny", actions=tuple(f"*{n}*b*" for n in range(400)), resources=("*",)),
)
PASSED_TO = Condition(operator="StringEquals", key="iam:PassedToService", values=("lambda.amazonaws.com",))
DECIDED_BY_CONDITIONS = Gap(
    operation="iam:ListRolePolicies",
    reason=Reason.UNDECIDABLE,
    message=(
        f"conditions decide what roles allow: {ROLE_ARN}: statement 2 (Pass) of own allows iam:PassRole,"
        " iam:CreateRole on *, depending on StringEquals on cognito-identity.amazonaws.com:sub;"
        f" {ROLE_ARN}: statement 3 of own allows * on *, depending on StringEquals on iam:PassedToService,"
        " StringEquals on cognito-identity.amazonaws.com:sub"
    ),
)
TOO_LARGE = Gap(
    operation="iam:ListRolePolicies",
    reason=Reason.UNDECIDABLE,
    message="the role's policies hold too many patterns to compare them with each other",
)

CASES = [
    fails(
        role_trusts_guests_of_any_identity_pool,
        "no condition at all",
        handing_out(trusting()),
        f"hands out {ROLE_ARN}, which trusts guests of any identity pool of its account",
        evidence=(
            *STATED,
            ("AssumeRolePolicyDocument[customers].aud", None),
            ("AssumeRolePolicyDocument[customers].amr", None),
        ),
    ),
    fails(
        role_trusts_guests_of_any_identity_pool,
        "guest role by a wildcard, other role unread",
        handing_out(
            NO_ROLE,
            allows_guest_access=True,
            roles=make_identity_pool_roles(unauthenticated_role_arn=GUESTS),
            references={
                (FacetName.ROLE, GUESTS): trusting(aud("*", operator="StringLike"), GUEST, arn=GUESTS)
            },
        ),
        f"hands out {GUESTS}, which trusts guests of any identity pool of its account",
        gaps=(NO_ROLE,),
    ),
    passes(role_trusts_guests_of_any_identity_pool, "signed-in only", handing_out(trusting(SIGNED_IN))),
    passes(role_trusts_guests_of_any_identity_pool, "own identity pool", handing_out(trusting(OWN))),
    passes(role_trusts_guests_of_any_identity_pool, "one identity alone", handing_out(trusting(OTHER))),
    passes(
        role_trusts_guests_of_any_identity_pool,
        "a denial may shut guests out",
        handing_out(trusting(more=(denying(GUEST),))),
    ),
    passes(
        role_trusts_guests_of_any_identity_pool,
        "guest role without guests",
        handing_out(
            roles=make_identity_pool_roles(unauthenticated_role_arn=GUESTS),
            references={(FacetName.ROLE, GUESTS): trusting(arn=GUESTS)},
        ),
    ),
    passes(
        role_trusts_guests_of_any_identity_pool,
        "no such role",
        handing_out(references={(FacetName.ROLE, ROLE_ARN): None}),
    ),
    is_unknown(role_trusts_guests_of_any_identity_pool, "role unread", handing_out(NO_ROLE), NO_ROLE),
    is_unknown(
        role_trusts_guests_of_any_identity_pool, "roles unread", handing_out(roles=NO_ROLES), NO_ROLES
    ),
    fails(
        role_trusts_foreign_identity_pools,
        "not in the account",
        handing_out(trusting(aud(IDENTITY_POOL_ID, FOREIGN), SIGNED_IN)),
        f"hands out {ROLE_ARN}, which trusts identity pool {FOREIGN} that the account does not have",
        evidence=(
            *STATED,
            ("AssumeRolePolicyDocument[customers].aud", (IDENTITY_POOL_ID, FOREIGN)),
            ("AssumeRolePolicyDocument[customers].amr", ("authenticated",)),
        ),
    ),
    fails(
        role_trusts_foreign_identity_pools,
        "by a wildcard",
        handing_out(trusting(aud("eu-west-1:*", operator="StringLike"), SIGNED_IN)),
        f"hands out {ROLE_ARN}, which trusts identity pools by wildcard: eu-west-1:*",
    ),
    fails(
        role_trusts_foreign_identity_pools,
        "signed-in users of any",
        handing_out(trusting(SIGNED_IN)),
        f"hands out {ROLE_ARN}, which trusts signed-in users of any identity pool of its account",
    ),
    fails(
        role_trusts_foreign_identity_pools,
        "one certain and one of an unread region",
        handing_out(trusting(aud(ELSEWHERE, FOREIGN), SIGNED_IN)),
        f"hands out {ROLE_ARN}, which trusts identity pool {FOREIGN} that the account does not have",
        gaps=(
            Gap(
                operation="cognito-identity:ListIdentityPools",
                reason=Reason.UNAVAILABLE,
                message="the region us-east-1 was not read",
            ),
        ),
    ),
    Case(
        rule=role_trusts_foreign_identity_pools,
        situation="region unread",
        snapshot=handing_out(trusting(aud(ELSEWHERE), SIGNED_IN)),
        outcome=Outcome.UNKNOWN,
        messages=("could not be judged: cognito-identity:ListIdentityPools was not read (unavailable)",),
        gaps=(
            Gap(
                operation="cognito-identity:ListIdentityPools",
                reason=Reason.UNAVAILABLE,
                message="the region us-east-1 was not read",
            ),
        ),
    ),
    passes(role_trusts_foreign_identity_pools, "own identity pool", handing_out(trusting(OWN, SIGNED_IN))),
    passes(
        role_trusts_foreign_identity_pools,
        "what is no id of an identity pool",
        handing_out(trusting(aud("", "EU-WEST-1:0", "quantum"), SIGNED_IN)),
    ),
    passes(role_trusts_foreign_identity_pools, "the severe rule's matter", handing_out(trusting())),
    is_unknown(role_trusts_foreign_identity_pools, "role unread", handing_out(NO_ROLE), NO_ROLE),
    fails(
        users_role_trusts_guests,
        "no amr",
        handing_out(trusting(OWN), allows_guest_access=True),
        f"hands out to signed-in users {ROLE_ARN}, which trusts guests just as signed-in users",
        evidence=AMR_LACKS,
    ),
    fails(
        users_role_trusts_guests,
        "a mapped role and both in amr",
        handing_out(
            roles=mapped(),
            allows_guest_access=True,
            references={
                (FacetName.ROLE, ADMINS): trusting(
                    OWN,
                    Condition(
                        operator="ForAnyValue:StringLike",
                        key="cognito-identity.amazonaws.com:amr",
                        values=("authenticated", "unauth*"),
                    ),
                    arn=ADMINS,
                )
            },
        ),
        f"hands out to signed-in users {ADMINS}, which trusts guests just as signed-in users",
    ),
    passes(users_role_trusts_guests, "signed-in only", handing_out(allows_guest_access=True)),
    passes(
        users_role_trusts_guests,
        "guests of another identity pool",
        handing_out(trusting(aud(FOREIGN)), allows_guest_access=True),
    ),
    passes(
        users_role_trusts_guests,
        "one role for both",
        handing_out(
            trusting(OWN),
            allows_guest_access=True,
            roles=make_identity_pool_roles(unauthenticated_role_arn=ROLE_ARN),
        ),
    ),
    is_no_matter(users_role_trusts_guests, "no guests", handing_out(trusting(OWN))),
    is_no_matter(
        users_role_trusts_guests,
        "classic flow",
        handing_out(trusting(OWN), allows_guest_access=True, allows_classic_flow=True),
    ),
    is_unknown(
        users_role_trusts_guests, "role unread", handing_out(NO_ROLE, allows_guest_access=True), NO_ROLE
    ),
    fails(
        users_role_asks_for_no_sign_in,
        "no amr",
        handing_out(trusting(OWN)),
        f"hands out to signed-in users {ROLE_ARN}, which does not ask for a sign-in (amr)",
        evidence=AMR_LACKS,
    ),
    passes(users_role_asks_for_no_sign_in, "signed-in only", handing_out()),
    passes(
        users_role_asks_for_no_sign_in,
        "no such role",
        handing_out(references={(FacetName.ROLE, ROLE_ARN): None}),
    ),
    is_no_matter(
        users_role_asks_for_no_sign_in, "guests", handing_out(trusting(OWN), allows_guest_access=True)
    ),
    is_unknown(users_role_asks_for_no_sign_in, "role unread", handing_out(NO_ROLE), NO_ROLE),
    fails(
        users_get_wildcard_rights,
        "all of two services",
        allowing(statement("s3:*", "sqs:*", "sqs:SendMessage")),
        f"lets signed-in users by {ROLE_ARN} do s3:*, sqs:* on * by own",
        evidence=(*STATED, ("Policies[own].Action", ("s3:*", "sqs:*")), ("Policies[own].Resource", ("*",))),
    ),
    fails(
        users_get_wildcard_rights,
        "all of a service by a mapped role, the other unread",
        handing_out(
            roles=mapped(),
            references={
                (FacetName.ROLE_POLICIES, ROLE_ARN): NO_POLICIES,
                (FacetName.ROLE_POLICIES, ADMINS): make_role_policies(statement("sqs:*")),
            },
        ),
        f"lets signed-in users by {ADMINS} do sqs:* on * by own",
        gaps=(NO_POLICIES,),
    ),
    passes(
        users_get_wildcard_rights,
        "what lets users escalate is another rule's matter",
        allowing(statement("*"), statement("iam:*")),
    ),
    passes(
        users_get_wildcard_rights,
        "rules left over under a token mapping",
        handing_out(
            roles=mapped(kind="Token"),
            references={(FacetName.ROLE_POLICIES, ADMINS): make_role_policies(statement("*"))},
        ),
    ),
    passes(users_get_wildcard_rights, "a part of the names", allowing(statement("s3:Get*"))),
    passes(
        users_get_wildcard_rights,
        "the user's own folder",
        allowing(statement("s3:*", on="arn:aws:s3:::b/${aws:PrincipalTag/tenant}/*")),
    ),
    passes(
        users_get_wildcard_rights, "a condition decides", allowing(statement("s3:*", conditions=(OTHER,)))
    ),
    passes(
        users_get_wildcard_rights,
        "the boundary leaves one action",
        handing_out(
            policies=make_role_policies(
                statement("*"), boundary=make_role_policies(statement("s3:GetObject")).inline[0]
            )
        ),
    ),
    passes(
        users_get_wildcard_rights,
        "no such role",
        handing_out(references={(FacetName.ROLE_POLICIES, ROLE_ARN): None}),
    ),
    is_unknown(users_get_wildcard_rights, "policies unread", handing_out(policies=NO_POLICIES), NO_POLICIES),
    Case(
        rule=users_get_wildcard_rights,
        situation="too many patterns",
        snapshot=handing_out(policies=HOSTILE),
        outcome=Outcome.UNKNOWN,
        messages=(f"could not be judged: {TOO_LARGE.message}",),
        gaps=(TOO_LARGE,),
    ),
    fails(
        users_can_escalate,
        "hands roles on and reads any parameter",
        allowing(statement("iam:PassRole", "ssm:Get*")),
        f"lets signed-in users by {ROLE_ARN} do iam:PassRole, ssm:GetParameter, ssm:GetParameters and 1 more "
        "on * by own",
    ),
    fails(
        users_can_escalate,
        "signs in as any user of the owner's server",
        allowing(statement("cognito-identity:GetOpenIdTokenForDeveloperIdentity")),
        f"lets signed-in users by {ROLE_ARN} do cognito-identity:GetOpenIdTokenForDeveloperIdentity"
        " on * by own",
    ),
    fails(
        users_can_escalate,
        "by a mapped role, the other one's policies being too large",
        handing_out(
            roles=mapped(),
            references={
                (FacetName.ROLE_POLICIES, ROLE_ARN): HOSTILE,
                (FacetName.ROLE_POLICIES, ADMINS): make_role_policies(statement("iam:PassRole")),
            },
        ),
        f"lets signed-in users by {ADMINS} do iam:PassRole on * by own",
        gaps=(TOO_LARGE,),
    ),
    fails(
        users_can_escalate,
        "any role of the account",
        allowing(statement("sts:AssumeRole", on="arn:aws:iam::111122223333:role/*")),
        f"lets signed-in users by {ROLE_ARN} do sts:AssumeRole on arn:aws:iam::111122223333:role/* by own",
    ),
    fails(
        users_can_escalate,
        "everything but some by a mapped role, and one service's escalations",
        handing_out(
            roles=mapped(),
            references={
                (FacetName.ROLE_POLICIES, ADMINS): make_role_policies(
                    statement(not_actions=("iam:*",)), statement("lambda:Update*")
                )
            },
        ),
        f"lets signed-in users by {ADMINS} do * but iam:*, lambda:UpdateFunctionCode,"
        " lambda:UpdateFunctionConfiguration on * by own",
    ),
    Case(
        rule=users_can_escalate,
        situation="conditions decide",
        snapshot=allowing(
            statement("s3:GetObject", on=ORDERS),
            statement("iam:PassRole", "iam:CreateRole", "s3:*", conditions=(OTHER,), sid="Pass"),
            statement("*", conditions=(PASSED_TO, OTHER)),
        ),
        outcome=Outcome.UNKNOWN,
        messages=(f"could not be judged: {DECIDED_BY_CONDITIONS.message}",),
        gaps=(DECIDED_BY_CONDITIONS,),
    ),
    passes(
        users_can_escalate,
        "conditions decide on what is no step to more",
        allowing(
            statement("s3:*", "sqs:*", conditions=(OTHER,)),
            statement("sts:AssumeRole", on=ADMINS, conditions=(OTHER,)),
        ),
    ),
    passes(
        users_can_escalate,
        "one role and one parameter",
        allowing(
            statement("sts:AssumeRole", on=ADMINS),
            statement("ssm:GetParameter", on="arn:aws:ssm:eu-west-1:111122223333:parameter/app/flags"),
        ),
    ),
    passes(
        users_can_escalate,
        "denied",
        allowing(
            statement("*"), make_statement(effect="Deny", not_actions=("s3:*",), actions=(), resources=("*",))
        ),
    ),
    is_unknown(users_can_escalate, "policies unread", handing_out(policies=NO_POLICIES), NO_POLICIES),
    fails(
        users_reach_each_others_data,
        "all objects and items",
        allowing(
            statement("s3:GetObject", "s3:ListBucket", "dynamodb:Query", on=(ORDERS, TABLE)),
        ),
        f"lets each signed-in user by {ROLE_ARN} do s3:GetObject on {ORDERS} by own",
        f"lets each signed-in user by {ROLE_ARN} do dynamodb:Query on {TABLE} by own",
    ),
    fails(
        users_reach_each_others_data,
        "beside an action that escalates in the same statement",
        allowing(statement("iam:PassRole", "s3:GetObject")),
        f"lets each signed-in user by {ROLE_ARN} do s3:GetObject on * by own",
    ),
    passes(
        users_reach_each_others_data,
        "wildcards are another rule's matter",
        allowing(statement("s3:*", on=ORDERS), statement("*")),
    ),
    fails(
        users_reach_each_others_data,
        "writes to a public folder",
        allowing(statement("s3:PutObject", on="arn:aws:s3:::b/public/*")),
        f"lets each signed-in user by {ROLE_ARN} do s3:PutObject on arn:aws:s3:::b/public/* by own",
    ),
    fails(
        users_reach_each_others_data,
        "lists the bucket",
        allowing(statement("s3:ListBucket", on=("arn:aws:s3:::b", ORDERS))),
        f"lets each signed-in user by {ROLE_ARN} do s3:ListBucket on arn:aws:s3:::b by own",
    ),
    passes(
        users_reach_each_others_data,
        "reads a public folder",
        allowing(statement("s3:GetObject", on="arn:aws:s3:::b/public/*")),
    ),
    passes(
        users_reach_each_others_data,
        "own items",
        allowing(statement("dynamodb:*Item", on=TABLE, conditions=(LEADING_KEYS,))),
    ),
    passes(
        users_reach_each_others_data,
        "an object's action on the bucket alone",
        allowing(statement("s3:GetObject", on="arn:aws:s3:::b")),
    ),
    passes(users_reach_each_others_data, "other services", allowing(statement("sqs:SendMessage"))),
    is_unknown(
        users_reach_each_others_data, "policies unread", handing_out(policies=NO_POLICIES), NO_POLICIES
    ),
    fails(
        group_role_is_too_strong,
        "everything of a service, and a step to more",
        grouped(make_role_policies(statement("s3:*", "iam:PassRole"))),
        f"lets members of a group by {ADMINS} do iam:PassRole, s3:* on * by own",
        evidence=(
            ("Groups[admins].RoleArn", ADMINS),
            ("Policies[own].Action", ("iam:PassRole", "s3:*")),
            ("Policies[own].Resource", ("*",)),
        ),
    ),
    passes(group_role_is_too_strong, "bounded", grouped(make_role_policies())),
    passes(group_role_is_too_strong, "no such role", grouped(None)),
    is_no_matter(group_role_is_too_strong, "no role", grouped(None, role_arn=None)),
    is_no_matter(group_role_is_too_strong, "no group", make_snapshot(user_pools=[make_user_pool_snapshot()])),
    is_unknown(group_role_is_too_strong, "policies unread", grouped(NO_POLICIES), NO_POLICIES),
    fails(
        role_reaches_other_accounts,
        "a bucket's key, a queue and roles",
        allowing(
            statement("kms:Decrypt", on="arn:aws:kms:eu-west-1:444455556666:key/1"),
            statement("sqs:*", on=("arn:aws:sqs:eu-west-1:111122223333:own", "arn:aws:sqs:*:555566667777:*")),
        ),
        f"lets users by {ROLE_ARN} into account 444455556666: to do kms:Decrypt on"
        " arn:aws:kms:eu-west-1:444455556666:key/1 by own",
        f"lets users by {ROLE_ARN} into account 555566667777: to do sqs:* on arn:aws:sqs:*:555566667777:*"
        " by own",
        evidence=(
            *STATED,
            ("Policies[own].Action", ("kms:Decrypt",)),
            ("Policies[own].Resource", ("arn:aws:kms:eu-west-1:444455556666:key/1",)),
            ("Policies[own].Action", ("sqs:*",)),
            ("Policies[own].Resource", ("arn:aws:sqs:*:555566667777:*",)),
        ),
    ),
    passes(
        role_reaches_other_accounts,
        "own account, any account and no account",
        allowing(
            statement("sqs:*", on=("arn:aws:sqs:eu-west-1:111122223333:own", "arn:aws:sqs:*:*:*", "*")),
            statement("s3:*", on=ORDERS),
            statement("iam:GetPolicy", on="arn:aws:iam::aws:policy/ReadOnlyAccess"),
            statement("iam:GetPolicy", on="arn:aws:iam::${aws:PrincipalAccount}:policy/x"),
            statement("iam:GetPolicy", on="arn:aws:iam::444455556666"),
        ),
    ),
    passes(
        role_reaches_other_accounts,
        "a condition decides",
        allowing(statement("sqs:*", on="arn:aws:sqs:*:555566667777:*", conditions=(OTHER,))),
    ),
    passes(
        role_reaches_other_accounts,
        "no such role",
        handing_out(references={(FacetName.ROLE_POLICIES, ROLE_ARN): None}),
    ),
    is_unknown(
        role_reaches_other_accounts, "policies unread", handing_out(policies=NO_POLICIES), NO_POLICIES
    ),
    is_unknown(role_reaches_other_accounts, "roles unread", handing_out(roles=NO_ROLES), NO_ROLES),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_role_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    "rule",
    [users_get_wildcard_rights, users_can_escalate, users_reach_each_others_data],
    ids=lambda rule: rule.code,
)
def test_findings_of_one_role_name_it_as_what_has_to_change(rule: Rule) -> None:
    strong = allowing(statement("sqs:*"), statement("iam:PassRole"), statement("s3:GetObject", on=ORDERS))

    assert judge(rule, strong).targets == (ROLE_ARN,)


def test_what_users_can_change_is_worse_than_what_they_can_read() -> None:
    reading = judge(users_reach_each_others_data, allowing(statement("s3:GetObject", on=ORDERS)))
    writing = judge(users_reach_each_others_data, allowing(statement("s3:PutObject", on=ORDERS)))

    assert (reading.severity, reading.severity_reason) == (Severity.MEDIUM, "")
    assert (writing.severity, writing.severity_reason) == (
        Severity.HIGH,
        "raised because users can change what belongs to others",
    )


def test_wildcards_that_anybody_can_come_by_are_critical() -> None:
    case = allowing(statement("sqs:*"))
    open_pool = make_user_pool_snapshot(make_user_pool(admin_creates_users_only=False))
    [region] = case.regions

    alone = judge(users_get_wildcard_rights, case)
    behind = judge(
        users_get_wildcard_rights,
        make_snapshot(
            user_pools=[open_pool],
            identity_pools=region.identity_pools,
            references={
                (FacetName.ROLE_POLICIES, ROLE_ARN): region.role_policies(ROLE_ARN).value,
            },
        ),
    )

    assert (alone.severity, alone.severity_reason) == (Severity.HIGH, "")
    assert (behind.severity, behind.severity_reason) == (
        Severity.CRITICAL,
        f"raised because open sign-up in user pool {USER_POOL_ID} leads anybody to the role",
    )


def test_an_account_that_is_read_too_is_less_of_a_stranger() -> None:
    case = allowing(statement("sqs:*", on="arn:aws:sqs:*:444455556666:*"))
    other = make_region_snapshot(scope=Scope("444455556666", "eu-west-1"))
    both = Snapshot(regions=(*case.regions, other))

    assert judge(role_reaches_other_accounts, case).severity is Severity.MEDIUM
    assert judge(role_reaches_other_accounts, both).severity is Severity.LOW
