import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from records.app_client import AppClient
from records.facet import FacetName, Gap, Reason
from records.iam import Condition, PolicyDocument, Role, RolePolicies
from records.identity_pool import (
    IdentityPoolRoles,
    MappingRule,
    PrincipalTags,
    RoleMapping,
    UserPoolProvider,
)
from records.snapshot import Snapshot
from records.user_pool import SchemaAttribute
from rules.engine import Baseline, Rule
from rules.identity_pools import (
    classic_flow_is_on,
    guest_access_is_on,
    guests_share_the_users_role,
    principal_tag_comes_from_users,
    role_rule_matches_loosely,
    role_rule_trusts_what_users_write,
    signed_out_users_keep_access,
    unmatched_users_get_the_default_role,
)
from tests.builders import (
    CLIENT_ID,
    make_app_client,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_machine_client,
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
    identity_pool,
    is_no_matter,
    is_unknown,
    judge,
    passes,
)

PROVIDER = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4e"
USERS = "arn:aws:iam::111122223333:role/customers"
GUESTS = "arn:aws:iam::111122223333:role/guests"
ADMINS = "arn:aws:iam::111122223333:role/admins"
WITH_GUEST_ROLE = make_identity_pool_roles(unauthenticated_role_arn=GUESTS)
SHARED_ROLE = make_identity_pool_roles(unauthenticated_role_arn=USERS)


def provider(*, is_checked: bool | None, client_id: str = CLIENT_ID) -> UserPoolProvider:
    return UserPoolProvider(
        provider_name=PROVIDER, client_id=client_id, has_server_side_token_check=is_checked
    )


def mapped(
    *match_types: str, kind: str = "Rules", otherwise: str | None = "Deny", **overrides: Any
) -> IdentityPoolRoles:
    rules = tuple(
        MappingRule(claim="custom:role", match_type=match_type, value="admin", role_arn=ADMINS)
        for match_type in match_types
    )
    mapping = RoleMapping(
        provider=f"{PROVIDER}:{CLIENT_ID}", type=kind, ambiguous_role_resolution=otherwise, rules=rules
    )
    return make_identity_pool_roles(mappings=(mapping,), **overrides)


NO_USER_POOLS = make_gap("cognito-idp:ListUserPools")
NO_ROLE = make_gap("iam:GetRole")
NO_POLICIES = make_gap("iam:ListRolePolicies")
NO_TAGS = make_gap("cognito-identity:GetPrincipalTagAttributeMap")
TEAM = SchemaAttribute(
    name="custom:team", data_type="String", is_mutable=True, is_required=False, is_developer_only=False
)
BY_SERVERS = make_app_client(client_id="web", write_attributes=frozenset({"email"}))
BY_USERS = make_app_client(client_id="ios", write_attributes=frozenset({"custom:team", "email"}))


def tagged(
    *tags: tuple[str, str],
    provider: str = PROVIDER,
    schema: tuple[SchemaAttribute, ...] = (TEAM,),
    clients: tuple[AppClient | Gap, ...] | Gap = (BY_SERVERS, BY_USERS),
    settings: Gap | None = None,
    mapped_tags: Gap | None = None,
    user_pools: Gap | None = None,
    roles: IdentityPoolRoles | Gap | None = None,
    references: Mapping[tuple[FacetName, str], Any] = {},
    is_classic: bool = False,
    **overrides: Any,
) -> Snapshot:
    """Build an identity pool that makes tags or roles of claims, and the user pool that it trusts."""
    found = (PrincipalTags(provider=provider, uses_defaults=False, tags=tags or (("team", "custom:team"),)),)
    return make_snapshot(
        user_pools=user_pools
        or [
            make_user_pool_snapshot(
                settings or make_user_pool(schema_attributes=schema, **overrides), clients=clients
            )
        ],
        identity_pools=[
            make_identity_pool_snapshot(
                make_identity_pool(allows_classic_flow=is_classic),
                roles=roles or make_identity_pool_roles(),
                more={FacetName.PRINCIPAL_TAGS: mapped_tags or found},
            )
        ],
        references=references,
    )


def taking_tags(policies: RolePolicies | Gap | None, role: Role | Gap | None = None) -> dict[Any, Any]:
    """Build the authenticated role with these policies, and with a trust policy that lets tags in."""
    [trusting] = make_role().trust.statements
    tagging = dataclasses.replace(trusting, actions=("sts:TagSession",))
    tagged_role = make_role(trust=PolicyDocument(statements=(trusting, tagging)))
    return {
        (FacetName.ROLE, USERS): role or tagged_role,
        (FacetName.ROLE_POLICIES, USERS): policies,
    }


def asking(key: str = "aws:PrincipalTag/team", **overrides: Any) -> RolePolicies:
    """Build policies that compare a key of the request."""
    return make_role_policies(
        make_statement(
            **{"conditions": (Condition(operator="StringEquals", key=key, values=("red",)),), **overrides}
        )
    )


def by_claim(*claims: str, kind: str = "Rules", provider: str = PROVIDER) -> IdentityPoolRoles:
    rules = tuple(
        MappingRule(claim=claim, match_type="Equals", value="admin", role_arn=ADMINS) for claim in claims
    )
    mapping = RoleMapping(
        provider=f"{provider}:{CLIENT_ID}", type=kind, ambiguous_role_resolution="Deny", rules=rules
    )
    return make_identity_pool_roles(mappings=(mapping,))


def attribute(name: str, **overrides: Any) -> SchemaAttribute:
    return dataclasses.replace(TEAM, name=name, **overrides)


def guests(policies: RolePolicies | Gap | None) -> Snapshot:
    """Build an identity pool with a guest role of these policies."""
    return make_snapshot(
        identity_pools=[
            make_identity_pool_snapshot(make_identity_pool(allows_guest_access=True), roles=WITH_GUEST_ROLE)
        ],
        references={(FacetName.ROLE_POLICIES, GUESTS): policies},
    )


def falling_back(policies: RolePolicies | Gap | None) -> Snapshot:
    """Build an identity pool that gives users whom no rule fits a role of these policies."""
    return make_snapshot(
        identity_pools=[
            make_identity_pool_snapshot(roles=mapped("Equals", otherwise="AuthenticatedRole")),
        ],
        references={(FacetName.ROLE_POLICIES, USERS): policies},
    )


def loosely(
    *match_types: str,
    policies: RolePolicies | Gap | None = make_role_policies(),  # noqa: B008  (frozen)
) -> Snapshot:
    """Build an identity pool that gives a role of these policies by such matches."""
    return make_snapshot(
        identity_pools=[make_identity_pool_snapshot(roles=mapped(*match_types))],
        references={(FacetName.ROLE_POLICIES, ADMINS): policies},
    )


CASES = [
    fails(
        guest_access_is_on,
        "with a guest role",
        guests(make_role_policies()),
        f"lets guests in without signing in, with the role {GUESTS}",
        evidence=(
            ("AllowUnauthenticatedIdentities", True),
            ("Roles.unauthenticated", GUESTS),
            ("Policies.Action", ("s3:getobject",)),
        ),
    ),
    fails(
        guest_access_is_on,
        "with a guest role that is gone",
        guests(None),
        f"lets guests in without signing in, with the role {GUESTS}",
        evidence=(("AllowUnauthenticatedIdentities", True), ("Roles.unauthenticated", GUESTS)),
    ),
    fails(
        guest_access_is_on,
        "with a guest role unread",
        guests(NO_POLICIES),
        f"lets guests in without signing in, with the role {GUESTS}",
        gaps=(NO_POLICIES,),
    ),
    fails(
        guest_access_is_on,
        "without a guest role",
        identity_pool(allows_guest_access=True),
        "lets guests in without signing in, and has no guest role",
        evidence=(("AllowUnauthenticatedIdentities", True), ("Roles.unauthenticated", None)),
    ),
    fails(
        guest_access_is_on,
        "roles unread",
        identity_pool(allows_guest_access=True, roles=NO_ROLES),
        "lets guests in without signing in",
        gaps=(NO_ROLES,),
    ),
    passes(guest_access_is_on, "off whatever the roles", identity_pool(roles=NO_ROLES)),
    fails(
        classic_flow_is_on,
        "on",
        identity_pool(allows_classic_flow=True),
        "has the classic flow switched on",
        evidence=(("AllowClassicFlow", True), ("AllowUnauthenticatedIdentities", False)),
    ),
    passes(classic_flow_is_on, "off", identity_pool()),
    passes(classic_flow_is_on, "left out", identity_pool(allows_classic_flow=None)),
    fails(
        guests_share_the_users_role,
        "same role",
        identity_pool(allows_guest_access=True, roles=SHARED_ROLE),
        f"gives guests and signed-in users the same role, {USERS}",
        evidence=(("Roles.authenticated", USERS), ("Roles.unauthenticated", USERS)),
    ),
    passes(
        guests_share_the_users_role,
        "two roles",
        identity_pool(allows_guest_access=True, roles=WITH_GUEST_ROLE),
    ),
    passes(
        guests_share_the_users_role,
        "no roles at all",
        identity_pool(allows_guest_access=True, roles=make_identity_pool_roles(authenticated_role_arn=None)),
    ),
    is_no_matter(guests_share_the_users_role, "no guests", identity_pool(roles=SHARED_ROLE)),
    is_unknown(
        guests_share_the_users_role,
        "roles unread",
        identity_pool(allows_guest_access=True, roles=NO_ROLES),
        NO_ROLES,
    ),
    fails(
        signed_out_users_keep_access,
        "two of three app clients",
        identity_pool(
            user_pool_providers=(
                provider(is_checked=True),
                provider(is_checked=False, client_id="ios"),
                provider(is_checked=None, client_id="android"),
            )
        ),
        "takes tokens of app client ios without asking its user pool",
        "takes tokens of app client android without asking its user pool",
        evidence=(
            (f"CognitoIdentityProviders[{PROVIDER}:ios].ServerSideTokenCheck", False),
            (f"CognitoIdentityProviders[{PROVIDER}:android].ServerSideTokenCheck", None),
        ),
    ),
    passes(signed_out_users_keep_access, "asked", identity_pool()),
    is_no_matter(signed_out_users_keep_access, "no user pools", identity_pool(user_pool_providers=())),
    fails(
        role_rule_matches_loosely,
        "every loose match",
        loosely("Equals", "Contains", "StartsWith", "NotEqual"),
        f"gives the role {ADMINS} where custom:role Contains 'admin'",
        f"gives the role {ADMINS} where custom:role StartsWith 'admin'",
        f"gives the role {ADMINS} where custom:role NotEqual 'admin'",
        evidence=(
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].RulesConfiguration.Rules[1].MatchType", "Contains"),
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].RulesConfiguration.Rules[1].Claim", "custom:role"),
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].RulesConfiguration.Rules[2].MatchType", "StartsWith"),
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].RulesConfiguration.Rules[2].Claim", "custom:role"),
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].RulesConfiguration.Rules[3].MatchType", "NotEqual"),
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].RulesConfiguration.Rules[3].Claim", "custom:role"),
        ),
    ),
    fails(
        role_rule_matches_loosely,
        "a strong role",
        loosely(
            "Contains", policies=make_role_policies(make_statement(actions=("iam:*",), resources=("*",)))
        ),
        f"gives the role {ADMINS} where custom:role Contains 'admin'",
        f"gives the role {ADMINS} so, which allows wildcards or what leads to more rights",
    ),
    fails(
        role_rule_matches_loosely,
        "a role that is gone",
        loosely("Contains", policies=None),
        f"gives the role {ADMINS} where custom:role Contains 'admin'",
    ),
    fails(
        role_rule_matches_loosely,
        "a role unread",
        loosely("Contains", policies=NO_POLICIES),
        f"gives the role {ADMINS} where custom:role Contains 'admin'",
        gaps=(NO_POLICIES,),
    ),
    passes(role_rule_matches_loosely, "exact match", identity_pool(roles=mapped("Equals"))),
    passes(
        role_rule_matches_loosely,
        "rules left over under a token mapping",
        identity_pool(roles=mapped("Contains", kind="Token")),
    ),
    is_no_matter(role_rule_matches_loosely, "no mappings", identity_pool()),
    is_unknown(role_rule_matches_loosely, "roles unread", identity_pool(roles=NO_ROLES), NO_ROLES),
    fails(
        unmatched_users_get_the_default_role,
        "authenticated role",
        identity_pool(roles=mapped("Equals", otherwise="AuthenticatedRole")),
        f"gives users of {PROVIDER}:{CLIENT_ID} whom no role fits the role {USERS}",
        evidence=(
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].AmbiguousRoleResolution", "AuthenticatedRole"),
            ("Roles.authenticated", USERS),
        ),
    ),
    fails(
        unmatched_users_get_the_default_role,
        "a role unread",
        falling_back(NO_POLICIES),
        f"gives users of {PROVIDER}:{CLIENT_ID} whom no role fits the role {USERS}",
        gaps=(NO_POLICIES,),
    ),
    passes(unmatched_users_get_the_default_role, "denied", identity_pool(roles=mapped("Equals"))),
    passes(
        unmatched_users_get_the_default_role,
        "no role to fall back to",
        identity_pool(roles=mapped(otherwise="AuthenticatedRole", authenticated_role_arn=None)),
    ),
    is_no_matter(unmatched_users_get_the_default_role, "no mappings", identity_pool()),
    is_unknown(unmatched_users_get_the_default_role, "roles unread", identity_pool(roles=NO_ROLES), NO_ROLES),
    fails(
        principal_tag_comes_from_users,
        "through another app client than the trusted one",
        tagged(("team", "custom:team"), ("mail", "email"), ("user", "sub")),
        "fills the tag team from custom:team, which users can write through app client ios",
        evidence=(
            (f"PrincipalTags[{PROVIDER}].team", "custom:team"),
            ("UserPoolClient[ios].WriteAttributes", ("custom:team", "email")),
        ),
    ),
    fails(
        principal_tag_comes_from_users,
        "standard attribute by default",
        tagged(
            ("site", "website"),
            schema=(attribute("website"),),
            clients=(make_app_client(client_id="old", write_attributes=None),),
        ),
        "fills the tag site from website, which users can write through app client old",
        evidence=(
            (f"PrincipalTags[{PROVIDER}].site", "website"),
            ("UserPoolClient[old].WriteAttributes", None),
        ),
    ),
    fails(
        principal_tag_comes_from_users,
        "immutable, yet chosen at sign-up",
        tagged(schema=(attribute("custom:team", is_mutable=False),), admin_creates_users_only=False),
        "fills the tag team from custom:team, which users can write through app client ios",
    ),
    fails(
        principal_tag_comes_from_users,
        "address that needs no proof",
        tagged(
            ("mail", "email"), schema=(attribute("email"),), attributes_verified_before_update=frozenset()
        ),
        "fills the tag mail from email, which users can write through app client web",
    ),
    fails(
        principal_tag_comes_from_users,
        "one app client proves it, whatever the others",
        tagged(clients=(NO_CLIENT, BY_USERS)),
        "fills the tag team from custom:team, which users can write through app client ios",
    ),
    fails(
        principal_tag_comes_from_users,
        "a policy goes by the tag",
        tagged(references=taking_tags(asking())),
        f"fills the tag team from custom:team, which users can write through app client ios, and {USERS} "
        "goes by it",
        evidence=(
            (f"PrincipalTags[{PROVIDER}].team", "custom:team"),
            ("UserPoolClient[ios].WriteAttributes", ("custom:team", "email")),
            ("Policies[own].PrincipalTag", "team"),
        ),
    ),
    fails(
        principal_tag_comes_from_users,
        "roles unread",
        tagged(roles=NO_ROLES),
        "fills the tag team from custom:team, which users can write through app client ios",
        gaps=(NO_ROLES,),
    ),
    fails(
        principal_tag_comes_from_users,
        "a role's trust policy unread",
        tagged(references=taking_tags(asking(), role=NO_ROLE)),
        "fills the tag team from custom:team, which users can write through app client ios",
        gaps=(NO_ROLE,),
    ),
    fails(
        principal_tag_comes_from_users,
        "a role's policies unread",
        tagged(references=taking_tags(NO_POLICIES)),
        "fills the tag team from custom:team, which users can write through app client ios",
        gaps=(NO_POLICIES,),
    ),
    passes(
        principal_tag_comes_from_users,
        "address that must be proved",
        tagged(("mail", "email"), schema=(attribute("email"),)),
    ),
    passes(
        principal_tag_comes_from_users,
        "immutable",
        tagged(schema=(attribute("custom:team", is_mutable=False),)),
    ),
    passes(
        principal_tag_comes_from_users,
        "administrators' attribute",
        tagged(schema=(attribute("custom:team", is_developer_only=True),)),
    ),
    passes(
        principal_tag_comes_from_users,
        "what Cognito writes, at open sign-up",
        tagged(
            ("user", "sub"),
            schema=(attribute("sub", is_mutable=False),),
            clients=(make_app_client(write_attributes=None),),
            admin_creates_users_only=False,
        ),
    ),
    passes(principal_tag_comes_from_users, "no such attribute", tagged(schema=())),
    passes(principal_tag_comes_from_users, "groups", tagged(("team", "cognito:groups"))),
    passes(principal_tag_comes_from_users, "written by servers", tagged(clients=(BY_SERVERS,))),
    passes(
        principal_tag_comes_from_users,
        "custom attribute by default, on which AWS and others disagree",
        tagged(clients=(make_app_client(write_attributes=None),)),
    ),
    passes(
        principal_tag_comes_from_users,
        "machines alone may write",
        tagged(clients=(make_machine_client(write_attributes=frozenset({"custom:team"})),)),
    ),
    passes(principal_tag_comes_from_users, "no user pool", tagged(provider="accounts.google.com")),
    is_no_matter(principal_tag_comes_from_users, "no tags", identity_pool()),
    is_unknown(principal_tag_comes_from_users, "tags unread", tagged(mapped_tags=NO_TAGS), NO_TAGS),
    is_unknown(
        principal_tag_comes_from_users, "user pools unread", tagged(user_pools=NO_USER_POOLS), NO_USER_POOLS
    ),
    is_unknown(
        principal_tag_comes_from_users, "user pool unread", tagged(settings=NO_USER_POOL), NO_USER_POOL
    ),
    is_unknown(
        principal_tag_comes_from_users, "clients unread", tagged(clients=NO_CLIENT_LIST), NO_CLIENT_LIST
    ),
    is_unknown(
        principal_tag_comes_from_users,
        "one client unread",
        tagged(clients=(BY_SERVERS, NO_CLIENT)),
        NO_CLIENT,
    ),
    fails(
        role_rule_trusts_what_users_write,
        "second of two rules",
        tagged(roles=by_claim("cognito:groups", "custom:team")),
        f"gives the role {ADMINS} by custom:team, which users can write through app client ios",
        evidence=(
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].RulesConfiguration.Rules[1].Claim", "custom:team"),
            ("UserPoolClient[ios].WriteAttributes", ("custom:team", "email")),
        ),
    ),
    passes(
        role_rule_trusts_what_users_write,
        "written by servers",
        tagged(roles=by_claim("custom:team"), clients=(BY_SERVERS,)),
    ),
    passes(
        role_rule_trusts_what_users_write,
        "rules left over under a token mapping",
        tagged(roles=by_claim("custom:team", kind="Token")),
    ),
    passes(
        role_rule_trusts_what_users_write,
        "no user pool",
        tagged(roles=by_claim("custom:team", provider="accounts.google.com")),
    ),
    is_no_matter(role_rule_trusts_what_users_write, "no mappings", identity_pool()),
    is_unknown(role_rule_trusts_what_users_write, "roles unread", tagged(roles=NO_ROLES), NO_ROLES),
    is_unknown(
        role_rule_trusts_what_users_write,
        "user pools unread",
        tagged(roles=by_claim("custom:team"), user_pools=NO_USER_POOLS),
        NO_USER_POOLS,
    ),
    is_unknown(
        role_rule_trusts_what_users_write,
        "one client unread",
        tagged(roles=by_claim("custom:team"), clients=(BY_SERVERS, NO_CLIENT)),
        NO_CLIENT,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_identity_pool_rules(case: Case) -> None:
    assert case.judged() == case.expected


def graded(one: Rule, snapshot: Snapshot) -> tuple[str, str]:
    said = judge(one, snapshot)
    return said.severity, said.severity_reason


def test_guest_access_is_as_bad_as_what_it_gives() -> None:
    rum = make_statement(actions=("rum:PutRumEvents",))
    found = {
        "none": graded(guest_access_is_on, identity_pool(allows_guest_access=True)),
        "gone": graded(guest_access_is_on, guests(None)),
        "empty": graded(guest_access_is_on, guests(RolePolicies(inline=(), attached=(), boundary=None))),
        "rum": graded(guest_access_is_on, guests(make_role_policies(rum))),
        "data": graded(guest_access_is_on, guests(make_role_policies(rum, make_statement()))),
        "denials": graded(
            guest_access_is_on, guests(make_role_policies(make_statement(effect="Deny", actions=("s3:*",))))
        ),
        "all but": graded(
            guest_access_is_on, guests(make_role_policies(make_statement(actions=(), not_actions=("iam:*",))))
        ),
        "unread": graded(guest_access_is_on, guests(NO_POLICIES)),
    }

    harmless = ("low", "lowered because the guest role allows nothing, or only what is harmless")
    assert found == {
        "none": (
            "info",
            "lowered because AWS gives guests no credentials as long as there is no guest role",
        ),
        "gone": ("low", "lowered because the guest role does not exist"),
        "empty": harmless,
        "rum": harmless,
        "data": ("medium", ""),
        "denials": harmless,
        "all but": ("medium", ""),
        "unread": ("medium", ""),
    }


def test_what_is_harmless_for_guests_is_the_owners_to_say() -> None:
    maps = make_role_policies(make_statement(actions=("geo:GetMapTile",)))
    named = Baseline(name="own", names={"IDP001": {"harmless": ("geo:getmaptile",)}})

    assert judge(guest_access_is_on, guests(maps)).severity == "medium"
    assert judge(guest_access_is_on, guests(maps), baseline=named).severity == "low"


def test_the_classic_flow_is_worse_with_guests() -> None:
    users = identity_pool(allows_classic_flow=True)
    strangers = identity_pool(allows_classic_flow=True, allows_guest_access=True)

    assert graded(classic_flow_is_on, users) == ("medium", "")
    assert graded(classic_flow_is_on, strangers) == (
        "high",
        "raised because guests are let in, whom AWS limits in the enhanced flow alone",
    )


def test_a_loose_match_is_worse_with_a_strong_role() -> None:
    strong = make_role_policies(make_statement(actions=("*",), resources=("*",)))

    assert graded(role_rule_matches_loosely, loosely("Contains")) == ("medium", "")
    assert graded(role_rule_matches_loosely, loosely("Contains", policies=strong))[0] == "high"


@pytest.mark.parametrize(
    ("policies", "severity"),
    [
        (make_role_policies(), "medium"),
        (RolePolicies(inline=(), attached=(), boundary=None), "low"),
        (None, "low"),
        (NO_POLICIES, "medium"),
    ],
)
def test_a_role_to_fall_back_to_matters_by_what_it_allows(
    policies: RolePolicies | Gap | None, severity: str
) -> None:
    assert graded(unmatched_users_get_the_default_role, falling_back(policies))[0] == severity


@pytest.mark.parametrize(
    ("policies", "severity"),
    [
        (asking(), "critical"),
        (asking("AWS:principaltag/Team"), "critical"),
        (asking(effect="Deny"), "critical"),
        (asking("s3:prefix", resources=("arn:aws:s3:::data/${aws:PrincipalTag/team}/*",)), "critical"),
        (
            asking("s3:prefix", resources=("arn:aws:s3:::data/${aws:PrincipalTag/team, 'none'}/*",)),
            "critical",
        ),
        (asking("aws:PrincipalTag/teams"), "low"),
        (asking("s3:prefix", resources=("arn:aws:s3:::data/${aws:PrincipalTag/teams}/*",)), "low"),
        (None, "low"),
    ],
)
def test_a_tag_is_as_bad_as_what_goes_by_it(policies: RolePolicies | None, severity: str) -> None:
    assert graded(principal_tag_comes_from_users, tagged(references=taking_tags(policies)))[0] == severity


def test_a_tag_that_no_role_takes_decides_nothing() -> None:
    snapshot = tagged(references={(FacetName.ROLE_POLICIES, USERS): asking()})

    assert judge(principal_tag_comes_from_users, snapshot).paths == ()
    assert graded(principal_tag_comes_from_users, snapshot) == (
        "low",
        "lowered because no role's trust policy allows sts:TagSession, which a session with tags takes",
    )


@pytest.mark.parametrize(
    "snapshot",
    [
        tagged(references=taking_tags(make_role_policies()), is_classic=True),
        tagged(references=taking_tags(make_role_policies()), roles=by_claim(kind="Token")),
    ],
    ids=["classic flow", "roles of groups"],
)
def test_a_tag_that_roles_beside_those_named_may_take_is_not_lowered(snapshot: Snapshot) -> None:
    assert graded(principal_tag_comes_from_users, snapshot) == ("high", "")


def test_rules_of_other_providers_take_no_tag() -> None:
    roles = by_claim("sub", provider="cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other0000")
    snapshot = tagged(
        roles=roles, references={**taking_tags(make_role_policies()), (FacetName.ROLE_POLICIES, ADMINS): None}
    )

    assert graded(principal_tag_comes_from_users, snapshot)[0] == "low"


def test_chains_name_their_links() -> None:
    by_tag = judge(principal_tag_comes_from_users, tagged(references=taking_tags(asking())))
    by_rule = judge(role_rule_trusts_what_users_write, tagged(roles=by_claim("custom:team")))

    writes = "app client ios lets users write custom:team"
    assert by_tag.paths == ((writes, "session tag team", f"role {USERS}"),)
    assert by_rule.paths == ((writes, "role rule custom:team Equals 'admin'", f"role {ADMINS}"),)


@pytest.mark.parametrize(
    "provider",
    [
        "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Gone00000",
        "cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_a1B2c3D4e",
    ],
)
def test_tags_of_a_user_pool_that_was_not_read_are_unknown(provider: str) -> None:
    said = judge(principal_tag_comes_from_users, tagged(provider=provider))

    [gap] = said.gaps
    assert (said.outcome, gap.reason) == ("unknown", Reason.OTHER_ACCOUNT)
    assert provider.rpartition("/")[2] in gap.message
