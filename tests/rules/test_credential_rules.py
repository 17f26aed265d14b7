"""Rules on the credentials that guests and strangers get."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from records.evaluation import Outcome, Severity
from records.facet import FacetName, Gap, Reason
from records.iam import Condition, PolicyDocument, Role, Statement
from records.identity_pool import IdentityPoolRoles, RoleMapping, UserPoolProvider
from records.resource import Scope
from records.snapshot import Snapshot, UserPoolSnapshot
from records.user_pool_parts import Group
from rules.credentials import (
    guests_can_take_the_users_role,
    guests_get_wildcard_rights,
    guests_reach_data,
    role_does_not_exist,
    strangers_sign_up_for_strong_roles,
)
from rules.evaluating import evaluate
from rules.iam_actions import GUEST_CEILING_AS_OF
from tests.builders import (
    CLIENT_ID,
    IDENTITY_POOL_ID,
    ROLE_ARN,
    TODAY,
    USER_POOL_ID,
    make_app_client,
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
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    NO_ROLES,
    NO_USER_POOL,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
)

GUESTS = "arn:aws:iam::111122223333:role/guests"
ELSEWHERE = "arn:aws:iam::444455556666:role/managers"
MANAGERS = "arn:aws:iam::111122223333:role/managers"
NO_GROUPS = make_gap("cognito-idp:ListGroups")
NO_ROLE = make_gap("iam:GetRole")
NO_POLICIES = make_gap("iam:ListRolePolicies")
NO_USER_POOLS = make_gap("cognito-idp:ListUserPools")
WITH_GUEST_ROLE = make_identity_pool_roles(unauthenticated_role_arn=GUESTS)
PROVIDER = f"cognito-idp.eu-west-1.amazonaws.com/{USER_POOL_ID}"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
OWN = Condition(operator="StringEquals", key="cognito-identity.amazonaws.com:aud", values=(IDENTITY_POOL_ID,))


def statement(*actions: str, on: str = "*", **more: Any) -> Statement:
    return make_statement(actions=actions, resources=(on,), **more)


def amr(*values: str) -> Condition:
    return Condition(
        operator="ForAnyValue:StringLike", key="cognito-identity.amazonaws.com:amr", values=values
    )


def aud(*values: str) -> Condition:
    return Condition(operator="StringEquals", key="cognito-identity.amazonaws.com:aud", values=values)


def trusting(*conditions: Condition, arn: str = ROLE_ARN) -> Role:
    trusted = make_statement(
        principals=(("Federated", "cognito-identity.amazonaws.com"),),
        actions=("sts:AssumeRoleWithWebIdentity",),
        resources=(),
        conditions=conditions,
    )
    name = arn.rpartition("/")[2]
    return make_role(arn=arn, name=name, trust=PolicyDocument(statements=(trusted,)))


def group(name: str, role_arn: str) -> Group:
    return Group(name=name, role_arn=role_arn, precedence=0, created_at=None, modified_at=None)


def guests(
    *statements: Statement,
    policies: Any = None,
    roles: IdentityPoolRoles | Gap = WITH_GUEST_ROLE,
    references: Mapping[tuple[FacetName, str], Any] | None = None,
    user_pools: Any = (),
    **overrides: Any,
) -> Snapshot:
    """Build an identity pool that lets guests in, with what their role allows."""
    found = policies or (make_role_policies(*statements) if statements else None)
    pool = make_identity_pool(**{"allows_guest_access": True, **overrides})
    return make_snapshot(
        user_pools=user_pools,
        identity_pools=[make_identity_pool_snapshot(pool, roles=roles)],
        references={(FacetName.ROLE_POLICIES, GUESTS): found, **(references or {})},
    )


def taking(more: Mapping[FacetName, Any], role: Role, *policies: Statement, **overrides: Any) -> Snapshot:
    """Build guests of the classic flow, and a role that their identity pool does not name."""
    return guests(
        references={
            (FacetName.ROLE, MANAGERS): role,
            (FacetName.ROLE_POLICIES, MANAGERS): make_role_policies(*policies),
        },
        user_pools=[make_user_pool_snapshot(more=more)],
        allows_classic_flow=True,
        **overrides,
    )


def open_pool(**overrides: Any) -> UserPoolSnapshot:
    return make_user_pool_snapshot(make_user_pool(admin_creates_users_only=False), **overrides)


STRONG = make_role_policies(statement("iam:PassRole"))
WITH_GOOGLE = make_app_client(identity_providers=frozenset({"Google"}))


def chain(
    user_pool: UserPoolSnapshot | Gap | None = None,
    *,
    policies: Any = STRONG,
    role: Any = None,
    roles: IdentityPoolRoles | Gap | None = None,
    more: Mapping[tuple[FacetName, str], Any] = {},
    **overrides: Any,
) -> Snapshot:
    """Build a user pool with open sign-up and the identity pool that takes its tokens."""
    user_pools: Any = user_pool if isinstance(user_pool, Gap) else [user_pool or open_pool()]
    identities = make_identity_pool_snapshot(
        make_identity_pool(**overrides), roles=roles or make_identity_pool_roles()
    )
    references: dict[tuple[FacetName, str], Any] = {(FacetName.ROLE_POLICIES, ROLE_ARN): policies, **more}
    if role is not None:
        references[FacetName.ROLE, ROLE_ARN] = role
    return make_snapshot(user_pools=user_pools, identity_pools=[identities], references=references)


def mapped(otherwise: str | None) -> IdentityPoolRoles:
    mapping = RoleMapping(
        provider=f"{PROVIDER}:{CLIENT_ID}", type="Token", ambiguous_role_resolution=otherwise, rules=()
    )
    return make_identity_pool_roles(mappings=(mapping,))


def provider(name: str, client_id: str = CLIENT_ID) -> tuple[UserPoolProvider, ...]:
    return (UserPoolProvider(provider_name=name, client_id=client_id, has_server_side_token_check=True),)


def with_pool_elsewhere() -> Snapshot:
    """Build the chain with the user pool in another region of the account."""
    name = "cognito-idp.us-east-1.amazonaws.com/us-east-1_a1B2c3D4e"
    pool = replace(open_pool(), member=replace(open_pool().member, id="us-east-1_a1B2c3D4e"))
    region = chain(user_pool_providers=provider(name)).regions[0]
    there = make_region_snapshot(user_pools=[pool], scope=Scope("111122223333", "us-east-1"))
    return Snapshot(regions=(region, there))


SIGN_UP = f"leads strangers by open sign-up in user pool {USER_POOL_ID} to {ROLE_ARN}, which may do"
SOCIAL = (
    f"leads strangers by social sign-in with Google in user pool {USER_POOL_ID} to {ROLE_ARN}, which may do"
)
WITHIN = f", which AWS's limits for guests as of {GUEST_CEILING_AS_OF} allow"
STATED = (
    ("AssumeRolePolicyDocument[customers].aud", (IDENTITY_POOL_ID,)),
    ("AssumeRolePolicyDocument[customers].amr", None),
)
ELSEWHERE_UNREAD = Gap(
    operation="cognito-idp:ListUserPools",
    reason=Reason.UNAVAILABLE,
    message="the region us-east-1 was not read",
)
FLOW = (("AllowUnauthenticatedIdentities", True), ("AllowClassicFlow", False))
CLASSIC = (("AllowUnauthenticatedIdentities", True), ("AllowClassicFlow", True))

CASES = [
    fails(
        role_does_not_exist,
        "both roles, the one unread",
        guests(references={(FacetName.ROLE, GUESTS): None, (FacetName.ROLE, ROLE_ARN): NO_ROLE}),
        f"hands out a role that does not exist: {GUESTS}",
        evidence=(("Roles.unauthenticated", GUESTS),),
        gaps=(NO_ROLE,),
    ),
    passes(
        role_does_not_exist,
        "guest role without guests",
        guests(references={(FacetName.ROLE, GUESTS): None}, allows_guest_access=False),
    ),
    passes(
        role_does_not_exist,
        "no roles",
        guests(roles=make_identity_pool_roles(authenticated_role_arn=None)),
    ),
    is_unknown(
        role_does_not_exist, "role unread", guests(references={(FacetName.ROLE, GUESTS): NO_ROLE}), NO_ROLE
    ),
    is_unknown(role_does_not_exist, "roles unread", guests(roles=NO_ROLES), NO_ROLES),
    fails(
        guests_reach_data,
        "writes and reads a table",
        guests(statement("dynamodb:*Item", on=TABLE)),
        "lets guests do dynamodb:BatchGetItem, dynamodb:GetItem, dynamodb:BatchWriteItem and 3 more "
        f"on {TABLE} by own{WITHIN}",
        evidence=(
            *FLOW,
            ("Roles.unauthenticated", GUESTS),
            (
                "Policies[own].Action",
                (
                    "dynamodb:BatchGetItem",
                    "dynamodb:GetItem",
                    "dynamodb:BatchWriteItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                ),
            ),
            ("Policies[own].Resource", (TABLE,)),
        ),
    ),
    fails(
        guests_reach_data,
        "puts code into functions, within AWS's limits",
        guests(statement("lambda:UpdateFunctionCode", "iam:PassRole", "ec2:*")),
        f"lets guests do lambda:UpdateFunctionCode on * by own{WITHIN}",
    ),
    fails(
        guests_reach_data,
        "hands roles on by the classic flow",
        guests(statement("iam:PassRole"), allows_classic_flow=True),
        "lets guests do iam:PassRole on * by own",
        evidence=(
            *CLASSIC,
            ("Roles.unauthenticated", GUESTS),
            ("Policies[own].Action", ("iam:PassRole",)),
            ("Policies[own].Resource", ("*",)),
        ),
    ),
    fails(
        guests_reach_data,
        "more statements than can be read",
        guests(*(statement("sqs:SendMessage", on=f"arn:aws:sqs:::q{n:02}") for n in range(12))),
        *(f"lets guests do sqs:SendMessage on arn:aws:sqs:::q{n:02} by own{WITHIN}" for n in range(10)),
        f"lets guests do more by 2 other statements{WITHIN}",
    ),
    passes(
        guests_reach_data,
        "what strangers may do",
        guests(
            statement("rum:PutRumEvents", "geo:GetMap*", "polly:SynthesizeSpeech"),
            statement("s3:GetObject", on="arn:aws:s3:::app/public/*"),
            statement("s3:PutObject", on="arn:aws:s3:::app/${cognito-identity.amazonaws.com:sub}/*"),
        ),
    ),
    passes(guests_reach_data, "beyond AWS's limits", guests(statement("iam:*", "ssm:*", "ec2:*"))),
    passes(guests_reach_data, "a condition decides", guests(statement("s3:*", conditions=(OWN,)))),
    passes(guests_reach_data, "no such role", guests()),
    passes(guests_reach_data, "no guest role", guests(roles=make_identity_pool_roles())),
    is_no_matter(guests_reach_data, "no guests", guests(statement("*"), allows_guest_access=False)),
    is_unknown(guests_reach_data, "policies unread", guests(policies=NO_POLICIES), NO_POLICIES),
    is_unknown(guests_reach_data, "roles unread", guests(roles=NO_ROLES), NO_ROLES),
    fails(
        guests_get_wildcard_rights,
        "all of a service",
        guests(statement("polly:*", "iam:*")),
        f"lets guests do polly:* on * by own{WITHIN}",
        evidence=(
            *FLOW,
            ("Roles.unauthenticated", GUESTS),
            ("Policies[own].Action", ("polly:*",)),
            ("Policies[own].Resource", ("*",)),
        ),
    ),
    fails(
        guests_get_wildcard_rights,
        "all of a service beyond AWS's limits, by the classic flow",
        guests(statement("iam:*"), allows_classic_flow=True),
        "lets guests do iam:* on * by own",
    ),
    fails(
        guests_get_wildcard_rights,
        "all but some",
        guests(make_statement(actions=(), not_actions=("s3:*",), resources=("*",))),
        f"lets guests do * but s3:* on * by own{WITHIN}",
    ),
    passes(
        guests_get_wildcard_rights, "a part of the names", guests(statement("geo:GetMap*", "s3:GetObject"))
    ),
    passes(guests_get_wildcard_rights, "beyond AWS's limits", guests(statement("iam:*"))),
    is_no_matter(guests_get_wildcard_rights, "no guests", guests(statement("*"), allows_guest_access=False)),
    is_unknown(guests_get_wildcard_rights, "policies unread", guests(policies=NO_POLICIES), NO_POLICIES),
    fails(
        guests_can_take_the_users_role,
        "no amr",
        guests(references={(FacetName.ROLE, ROLE_ARN): trusting(OWN)}, allows_classic_flow=True),
        f"lets guests take on {ROLE_ARN}, whose trust policy does not ask for amr authenticated",
        evidence=(*CLASSIC, ("Roles.authenticated", ROLE_ARN), *STATED),
    ),
    fails(
        guests_can_take_the_users_role,
        "a group's role, and groups of another user pool unread",
        taking(
            {FacetName.GROUPS: (group("managers", MANAGERS),)},
            trusting(arn=MANAGERS),
            user_pool_providers=(
                *provider(PROVIDER),
                *provider("cognito-idp.us-east-1.amazonaws.com/us-east-1_other"),
            ),
        ),
        f"lets guests take on {MANAGERS}, whose trust policy does not ask for amr authenticated",
        evidence=(
            *CLASSIC,
            (f"UserPool[{USER_POOL_ID}].Groups[managers].RoleArn", MANAGERS),
            ("AssumeRolePolicyDocument[managers].aud", None),
            ("AssumeRolePolicyDocument[managers].amr", None),
        ),
        gaps=(ELSEWHERE_UNREAD,),
    ),
    fails(
        guests_can_take_the_users_role,
        "a role that the identity pool does not hand out",
        taking({}, trusting(OWN, arn=MANAGERS)),
        f"lets guests take on {MANAGERS}, whose trust policy does not ask for amr authenticated",
    ),
    passes(
        guests_can_take_the_users_role,
        "a group's role for those who signed in",
        taking(
            {FacetName.GROUPS: (group("managers", MANAGERS),)}, trusting(amr("authenticated"), arn=MANAGERS)
        ),
    ),
    passes(
        guests_can_take_the_users_role,
        "another identity pool's role for guests",
        taking({}, trusting(amr("unauthenticated"), arn=MANAGERS)),
    ),
    passes(
        guests_can_take_the_users_role,
        "a role of another account",
        guests(
            references={(FacetName.ROLE, ELSEWHERE): trusting(OWN, arn=ELSEWHERE)}, allows_classic_flow=True
        ),
    ),
    passes(
        guests_can_take_the_users_role,
        "a role of another identity pool",
        taking({}, trusting(aud("eu-west-1:99999999-4b5a-6978-8796-a5b4c3d2e1f0"), arn=MANAGERS)),
    ),
    is_unknown(
        guests_can_take_the_users_role,
        "groups unread",
        taking({FacetName.GROUPS: NO_GROUPS}, trusting(amr("authenticated"), arn=MANAGERS)),
        NO_GROUPS,
    ),
    is_unknown(
        guests_can_take_the_users_role,
        "user pools unread",
        guests(allows_classic_flow=True, user_pools=NO_USER_POOLS),
        NO_USER_POOLS,
    ),
    passes(guests_can_take_the_users_role, "signed-in only", guests(allows_classic_flow=True)),
    passes(
        guests_can_take_the_users_role,
        "one role for both",
        guests(
            roles=make_identity_pool_roles(unauthenticated_role_arn=ROLE_ARN),
            references={(FacetName.ROLE, ROLE_ARN): trusting(OWN)},
            allows_classic_flow=True,
        ),
    ),
    is_no_matter(
        guests_can_take_the_users_role,
        "enhanced flow",
        guests(references={(FacetName.ROLE, ROLE_ARN): trusting(OWN)}),
    ),
    is_unknown(
        guests_can_take_the_users_role,
        "role unread",
        guests(references={(FacetName.ROLE, ROLE_ARN): NO_ROLE}, allows_classic_flow=True),
        NO_ROLE,
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "to a role that hands roles on",
        chain(),
        f"{SIGN_UP} iam:PassRole on * by own",
        evidence=(
            ("AdminCreateUserConfig.AllowAdminCreateUserOnly", False),
            (f"CognitoIdentityProviders[{PROVIDER}:{CLIENT_ID}].ClientId", CLIENT_ID),
            ("Roles.authenticated", ROLE_ARN),
            ("Policies[own].Action", ("iam:PassRole",)),
            ("Policies[own].Resource", ("*",)),
        ),
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "to wildcard rights, where no group gives a role",
        chain(policies=make_role_policies(statement("sqs:*")), roles=mapped("AuthenticatedRole")),
        f"{SIGN_UP} sqs:* on * by own",
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "for users of this user pool alone, with the implicit grant",
        chain(
            open_pool(clients=(make_app_client(has_secret=True, oauth_flows=frozenset({"implicit"})),)),
            role=trusting(OWN, amr(PROVIDER)),
        ),
        f"{SIGN_UP} iam:PassRole on * by own",
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "one way sure, another unread",
        chain(
            user_pool_providers=(
                *provider("cognito-idp.us-east-1.amazonaws.com/us-east-1_other"),
                *provider(PROVIDER),
            )
        ),
        f"{SIGN_UP} iam:PassRole on * by own",
        gaps=(ELSEWHERE_UNREAD,),
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "to data of others",
        chain(policies=make_role_policies(statement("dynamodb:Scan", on=TABLE))),
        f"{SIGN_UP} dynamodb:Scan on {TABLE} by own",
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "by a social network, where administrators create all other users",
        chain(make_user_pool_snapshot(clients=(WITH_GOOGLE,))),
        f"{SOCIAL} iam:PassRole on * by own",
        evidence=(
            (f"UserPoolClient[{CLIENT_ID}].SupportedIdentityProviders", ("Google",)),
            (f"CognitoIdentityProviders[{PROVIDER}:{CLIENT_ID}].ClientId", CLIENT_ID),
            ("Roles.authenticated", ROLE_ARN),
            ("Policies[own].Action", ("iam:PassRole",)),
            ("Policies[own].Resource", ("*",)),
        ),
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "by a social network that the identity pool trusts itself",
        chain(
            user_pool_providers=provider("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_gone"),
            login_providers=(("graph.facebook.com", "1"), ("login.example.com", "2")),
        ),
        f"leads strangers by social sign-in with graph.facebook.com to {ROLE_ARN}, which may do iam:PassRole"
        " on * by own",
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "by two ways to one role, whose rights are said once",
        chain(
            open_pool(
                clients=(
                    make_app_client(identity_providers=frozenset({"COGNITO", "Google"})),
                    make_app_client(client_id="second"),
                )
            ),
            policies=make_role_policies(
                statement("iam:PassRole"), statement("sqs:*", on="arn:aws:sqs:*:*:q")
            ),
            user_pool_providers=(*provider(PROVIDER), *provider(PROVIDER, "second")),
        ),
        f"{SIGN_UP} iam:PassRole on * by own",
        f"{SIGN_UP} sqs:* on arn:aws:sqs:*:*:q by own",
        f"{SOCIAL.removesuffix(', which may do')}, too",
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "to what takes over other users",
        chain(policies=make_role_policies(statement("cognito-idp:AdminLinkProviderForUser"))),
        f"{SIGN_UP} cognito-idp:AdminLinkProviderForUser on * by own",
    ),
    fails(
        strangers_sign_up_for_strong_roles,
        "to a role that is not handed out, by the classic flow",
        chain(
            policies=make_role_policies(),
            more={
                (FacetName.ROLE, MANAGERS): trusting(amr("authenticated"), arn=MANAGERS),
                (FacetName.ROLE_POLICIES, MANAGERS): STRONG,
            },
            allows_classic_flow=True,
        ),
        f"{SIGN_UP.replace(ROLE_ARN, MANAGERS)} iam:PassRole on * by own",
    ),
    is_unknown(
        strangers_sign_up_for_strong_roles,
        "groups unread, whose roles the classic flow gives",
        chain(
            open_pool(more={FacetName.GROUPS: NO_GROUPS}),
            policies=make_role_policies(),
            allows_classic_flow=True,
        ),
        NO_GROUPS,
    ),
    passes(
        strangers_sign_up_for_strong_roles,
        "groups unread, without the classic flow",
        chain(open_pool(more={FacetName.GROUPS: NO_GROUPS}), policies=make_role_policies()),
    ),
    passes(
        strangers_sign_up_for_strong_roles,
        "a role that is not handed out",
        chain(
            policies=make_role_policies(),
            more={
                (FacetName.ROLE, MANAGERS): trusting(amr("authenticated"), arn=MANAGERS),
                (FacetName.ROLE_POLICIES, MANAGERS): STRONG,
            },
        ),
    ),
    passes(
        strangers_sign_up_for_strong_roles,
        "users of an outside identity provider alone",
        chain(open_pool(clients=(make_app_client(identity_providers=frozenset({"Staff"})),))),
    ),
    passes(
        strangers_sign_up_for_strong_roles,
        "administrators create users",
        chain(make_user_pool_snapshot(make_user_pool(admin_creates_users_only=True))),
    ),
    passes(strangers_sign_up_for_strong_roles, "weak role", chain(policies=make_role_policies())),
    passes(strangers_sign_up_for_strong_roles, "no such role", chain(policies=None)),
    passes(strangers_sign_up_for_strong_roles, "nobody without a group", chain(roles=mapped("Deny"))),
    passes(
        strangers_sign_up_for_strong_roles,
        "role of others",
        chain(role=trusting(OWN, amr("graph.facebook.com"))),
    ),
    passes(
        strangers_sign_up_for_strong_roles,
        "a server holds the tokens",
        chain(open_pool(clients=(make_app_client(has_secret=True),))),
    ),
    passes(strangers_sign_up_for_strong_roles, "no such app client", chain(open_pool(clients=()))),
    passes(
        strangers_sign_up_for_strong_roles,
        "no such user pool",
        chain(user_pool_providers=provider("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_gone")),
    ),
    passes(
        strangers_sign_up_for_strong_roles,
        "what names no user pool",
        chain(user_pool_providers=provider("cognito-idp.eu-west-1.example.com/eu-west-1_a1B2c3D4e")),
    ),
    is_no_matter(strangers_sign_up_for_strong_roles, "no user pools", chain(user_pool_providers=())),
    is_unknown(strangers_sign_up_for_strong_roles, "roles unread", chain(roles=NO_ROLES), NO_ROLES),
    is_unknown(strangers_sign_up_for_strong_roles, "role unread", chain(role=NO_ROLE), NO_ROLE),
    is_unknown(
        strangers_sign_up_for_strong_roles, "policies unread", chain(policies=NO_POLICIES), NO_POLICIES
    ),
    is_unknown(strangers_sign_up_for_strong_roles, "user pools unread", chain(NO_USER_POOLS), NO_USER_POOLS),
    is_unknown(
        strangers_sign_up_for_strong_roles,
        "user pool unread",
        chain(make_user_pool_snapshot(NO_USER_POOL)),
        NO_USER_POOL,
    ),
    is_unknown(
        strangers_sign_up_for_strong_roles,
        "app clients unread",
        chain(open_pool(clients=NO_CLIENT_LIST)),
        NO_CLIENT_LIST,
    ),
    is_unknown(
        strangers_sign_up_for_strong_roles,
        "app client unread",
        chain(open_pool(clients=(NO_CLIENT,)), user_pool_providers=provider(PROVIDER, "unread1")),
        NO_CLIENT,
    ),
    Case(
        rule=strangers_sign_up_for_strong_roles,
        situation="region unread",
        snapshot=chain(user_pool_providers=provider("cognito-idp.us-east-1.amazonaws.com/us-east-1_x")),
        outcome=Outcome.UNKNOWN,
        messages=("could not be judged: cognito-idp:ListUserPools was not read (unavailable)",),
        gaps=(ELSEWHERE_UNREAD,),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_credential_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_the_user_pool_may_lie_in_another_region_of_the_account() -> None:
    [found] = evaluate(with_pool_elsewhere(), [strangers_sign_up_for_strong_roles], today=TODAY)

    assert found.outcome is Outcome.FAIL
    assert "by open sign-up in user pool us-east-1_a1B2c3D4e to" in found.messages[0]


def test_a_chain_names_its_links_and_the_role_to_change() -> None:
    found = judge(strangers_sign_up_for_strong_roles, chain())

    assert (found.severity, found.severity_reason, found.targets) == (Severity.CRITICAL, "", (ROLE_ARN,))
    assert found.paths == (
        (
            f"open sign-up in user pool {USER_POOL_ID}",
            f"app client {CLIENT_ID}",
            f"identity pool {IDENTITY_POOL_ID}",
            f"role {ROLE_ARN}",
        ),
    )


def test_a_chain_to_data_alone_is_less_severe() -> None:
    found = judge(
        strangers_sign_up_for_strong_roles,
        chain(policies=make_role_policies(statement("dynamodb:Scan", on=TABLE))),
    )

    assert found.severity is Severity.HIGH
    assert found.severity_reason.startswith("lowered because the role reaches data of others")


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((statement("s3:GetObject", on="arn:aws:s3:::b/*"),), Severity.CRITICAL),
        ((statement("sqs:*"),), Severity.CRITICAL),
        ((statement("polly:SynthesizeSpeech"),), Severity.HIGH),
        ((statement("sqs:SendMessage", conditions=(OWN,)),), Severity.HIGH),
    ],
)
def test_what_guests_take_on_is_as_bad_as_what_it_allows(
    statements: tuple[Statement, ...], expected: Severity
) -> None:
    found = judge(guests_can_take_the_users_role, taking({}, trusting(OWN, arn=MANAGERS), *statements))

    assert (found.severity, found.targets) == (expected, (MANAGERS,))
    assert found.paths == (
        (
            f"classic flow of identity pool {IDENTITY_POOL_ID}",
            "guest",
            f"role {MANAGERS}, which asks for no sign-in",
        ),
    )


def test_conditions_that_may_let_guests_escalate_are_shown() -> None:
    passing = statement("iam:PassRole", conditions=(OWN,), sid="Pass")
    found = judge(guests_reach_data, guests(passing, allows_classic_flow=True))

    assert found.outcome is Outcome.UNKNOWN
    [message] = found.messages
    assert message == (
        f"could not be judged: conditions decide what roles allow: {GUESTS}: statement 1 (Pass) of own allows"
        " iam:PassRole on *, depending on StringEquals on cognito-identity.amazonaws.com:aud"
    )
    assert judge(guests_reach_data, guests(passing)).outcome is Outcome.PASS
