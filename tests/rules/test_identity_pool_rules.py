from typing import Any

import pytest

from records.identity_pool import IdentityPoolRoles, MappingRule, RoleMapping, UserPoolProvider
from rules.identity_pools import (
    classic_flow_is_on,
    guest_access_is_on,
    guests_share_the_users_role,
    role_rule_matches_loosely,
    signed_out_users_keep_access,
    unmatched_users_get_the_default_role,
)
from tests.builders import CLIENT_ID, make_identity_pool_roles
from tests.rules.judging import (
    NO_ROLES,
    Case,
    fails,
    identity_pool,
    is_no_matter,
    is_unknown,
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


CASES = [
    fails(
        guest_access_is_on,
        "with a guest role",
        identity_pool(allows_guest_access=True, roles=WITH_GUEST_ROLE),
        "lets guests in without signing in",
        f"gives guests the role {GUESTS}",
        evidence=(("AllowUnauthenticatedIdentities", True), ("Roles.unauthenticated", GUESTS)),
    ),
    fails(
        guest_access_is_on,
        "without a guest role",
        identity_pool(allows_guest_access=True),
        "lets guests in without signing in",
        "has no guest role, so AWS gives guests no credentials yet",
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
        identity_pool(roles=mapped("Equals", "Contains", "StartsWith", "NotEqual")),
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
    passes(unmatched_users_get_the_default_role, "denied", identity_pool(roles=mapped("Equals"))),
    passes(
        unmatched_users_get_the_default_role,
        "no role to fall back to",
        identity_pool(roles=mapped(otherwise="AuthenticatedRole", authenticated_role_arn=None)),
    ),
    is_no_matter(unmatched_users_get_the_default_role, "no mappings", identity_pool()),
    is_unknown(unmatched_users_get_the_default_role, "roles unread", identity_pool(roles=NO_ROLES), NO_ROLES),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_identity_pool_rules(case: Case) -> None:
    assert case.judged() == case.expected
