import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from records.evaluation import Outcome
from records.facet import FacetName, Gap, Reason
from records.iam import Condition, PolicyDocument, Role, RolePolicies
from records.identity_pool import RoleMapping, UserPoolProvider
from records.resource import Scope
from records.snapshot import Snapshot, UserPoolSnapshot
from records.user_pool_parts import Group
from rules.engine import Baseline, Rule
from rules.evaluating import evaluate
from rules.providers import (
    developer_provider_is_mixed_with_public_ones,
    identity_pool_lets_nobody_in,
    legacy_login_is_trusted,
    roles_of_groups_are_not_used,
    tokens_of_a_shared_issuer_reach_rights,
    trusted_user_pool_is_missing,
    user_pool_of_another_account_is_trusted,
)
from tests.builders import (
    CLIENT_ID,
    IDENTITY_POOL_ID,
    NOW,
    ROLE_ARN,
    TODAY,
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
from tests.rules.judging import (
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

NO_USER_POOLS = make_gap("cognito-idp:ListUserPools")
NO_ROLE = make_gap("iam:GetRole")
NO_POLICIES = make_gap("iam:ListRolePolicies")
NO_GROUPS = make_gap("cognito-idp:ListGroups")
ISSUER = "cognito-idp.eu-west-1.amazonaws.com/"
PROVIDER = f"{ISSUER}{USER_POOL_ID}"
GONE = f"{ISSUER}eu-west-1_Gone00000"
ACCOUNT, OTHER_ACCOUNT = "111122223333", "444455556666"
ADMINS = "arn:aws:iam::111122223333:role/admins"
OWN_POOL = make_user_pool_snapshot()
OPEN_POOL = make_user_pool_snapshot(make_user_pool(admin_creates_users_only=False))


def trusted(name: str = PROVIDER, client_id: str = CLIENT_ID) -> UserPoolProvider:
    return UserPoolProvider(provider_name=name, client_id=client_id, has_server_side_token_check=True)


def trusting(
    *providers: UserPoolProvider,
    user_pools: tuple[UserPoolSnapshot, ...] | Gap = (OWN_POOL,),
    roles: Any = None,
    **overrides: Any,
) -> Snapshot:
    """Build an identity pool that trusts these, and its region's user pools."""
    return make_snapshot(
        user_pools=user_pools,
        identity_pools=[
            make_identity_pool_snapshot(
                make_identity_pool(user_pool_providers=providers or (trusted(),), **overrides),
                roles=roles or make_identity_pool_roles(),
            )
        ],
    )


def with_account(snapshot: Snapshot, account_id: str, **lists: Any) -> Snapshot:
    """Add the same region of another account."""
    region = make_region_snapshot(scope=Scope(account_id, "eu-west-1"), **lists)
    return Snapshot(regions=(*snapshot.regions, region))


def grouped(*groups: Mapping[str, Any], **overrides: Any) -> UserPoolSnapshot:
    sound = {"role_arn": None, "precedence": 1, "created_at": NOW, "modified_at": NOW}
    found = tuple(Group(**{**sound, **each}) for each in groups)
    return make_user_pool_snapshot(more={FacetName.GROUPS: found}, **overrides)


WITH_ROLES = grouped(
    {"name": "admins", "role_arn": ADMINS}, {"name": "buyers"}, {"name": "sellers", "role_arn": ADMINS}
)


def mapping(kind: str, provider: str = f"{PROVIDER}:{CLIENT_ID}", *, otherwise: str = "Deny") -> RoleMapping:
    return RoleMapping(provider=provider, type=kind, ambiguous_role_resolution=otherwise, rules=())


GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
OWN_ISSUER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com.example.com"
RELEASES = make_statement(actions=("s3:PutObject",), resources=("arn:aws:s3:::releases/*",))
BY_TAG = Condition(operator="StringEquals", key="aws:PrincipalTag/repository", values=("example/shop",))


def building(
    issuer: str = GITHUB,
    *,
    role: Role | Gap | None = make_role(),  # noqa: B008  (frozen)
    policies: RolePolicies | Gap | None = make_role_policies(RELEASES),  # noqa: B008  (frozen)
    roles: Gap | None = None,
    **overrides: Any,
) -> Snapshot:
    """Build an identity pool that takes tokens of an issuer, and gives their holders a role."""
    pool = make_identity_pool(openid_provider_arns=(issuer,))
    return make_snapshot(
        identity_pools=[
            make_identity_pool_snapshot(pool, roles=roles or make_identity_pool_roles(**overrides))
        ],
        references={(FacetName.ROLE, ROLE_ARN): role, (FacetName.ROLE_POLICIES, ROLE_ARN): policies},
    )


def trusted_by(condition: Condition) -> Role:
    """Build a role whose trust policy has one more condition."""
    [statement] = make_role().trust.statements
    narrowed = dataclasses.replace(statement, conditions=(condition,))
    return make_role(trust=PolicyDocument(statements=(narrowed,)))


WAYS_IN: tuple[dict[str, Any], ...] = (
    {"login_providers": (("accounts.google.com", "8"),)},
    {"openid_provider_arns": ("arn:aws:iam::111122223333:oidc-provider/id.example.com",)},
    {"saml_provider_arns": ("arn:aws:iam::111122223333:saml-provider/staff",)},
    {"developer_provider_name": "login.example"},
)


CASES = [
    fails(
        trusted_user_pool_is_missing,
        "app client gone",
        trusting(trusted(), trusted(client_id="gone")),
        f"trusts the app client gone, which the user pool {USER_POOL_ID} does not have",
        evidence=((f"CognitoIdentityProviders[{PROVIDER}:gone].ClientId", "gone"),),
    ),
    fails(
        trusted_user_pool_is_missing,
        "user pool gone",
        trusting(trusted(GONE)),
        f"trusts the user pool eu-west-1_Gone00000, which account {ACCOUNT} does not have in eu-west-1",
        evidence=((f"CognitoIdentityProviders[{GONE}:{CLIENT_ID}].ProviderName", GONE),),
    ),
    fails(
        trusted_user_pool_is_missing,
        "user pool gone, and another's app clients unread",
        trusting(trusted(), trusted(GONE), user_pools=(make_user_pool_snapshot(clients=NO_CLIENT_LIST),)),
        f"trusts the user pool eu-west-1_Gone00000, which account {ACCOUNT} does not have in eu-west-1",
        gaps=(NO_CLIENT_LIST,),
    ),
    fails(
        trusted_user_pool_is_missing,
        "no account has it",
        with_account(trusting(trusted(GONE)), OTHER_ACCOUNT),
        f"trusts the user pool eu-west-1_Gone00000, which account {ACCOUNT} does not have in eu-west-1",
    ),
    passes(trusted_user_pool_is_missing, "both there", trusting()),
    passes(
        trusted_user_pool_is_missing,
        "settings unread",
        trusting(user_pools=(make_user_pool_snapshot(NO_USER_POOL),)),
    ),
    passes(
        trusted_user_pool_is_missing,
        "another account has it",
        with_account(trusting(user_pools=()), OTHER_ACCOUNT, user_pools=(OWN_POOL,)),
    ),
    passes(trusted_user_pool_is_missing, "a name that is no user pool's", trusting(trusted("example.com"))),
    is_no_matter(trusted_user_pool_is_missing, "no user pools", identity_pool(user_pool_providers=())),
    is_unknown(
        trusted_user_pool_is_missing, "list unread", trusting(user_pools=NO_USER_POOLS), NO_USER_POOLS
    ),
    is_unknown(
        trusted_user_pool_is_missing,
        "app clients unread",
        trusting(user_pools=(make_user_pool_snapshot(clients=NO_CLIENT_LIST),)),
        NO_CLIENT_LIST,
    ),
    fails(
        user_pool_of_another_account_is_trusted,
        "an account that was read",
        with_account(trusting(user_pools=()), OTHER_ACCOUNT, user_pools=(OWN_POOL,)),
        f"trusts the user pool {USER_POOL_ID} of account {OTHER_ACCOUNT}",
        evidence=((f"CognitoIdentityProviders[{PROVIDER}:{CLIENT_ID}].ProviderName", PROVIDER),),
    ),
    fails(
        user_pool_of_another_account_is_trusted,
        "an account that was read, though the own list was not",
        with_account(trusting(user_pools=NO_USER_POOLS), OTHER_ACCOUNT, user_pools=(OWN_POOL,)),
        f"trusts the user pool {USER_POOL_ID} of account {OTHER_ACCOUNT}",
    ),
    passes(user_pool_of_another_account_is_trusted, "its own", trusting()),
    passes(
        user_pool_of_another_account_is_trusted,
        "a name that is no user pool's",
        trusting(trusted("example.com")),
    ),
    is_no_matter(
        user_pool_of_another_account_is_trusted, "no user pools", identity_pool(user_pool_providers=())
    ),
    is_unknown(
        user_pool_of_another_account_is_trusted,
        "list unread",
        trusting(user_pools=NO_USER_POOLS),
        NO_USER_POOLS,
    ),
    fails(
        developer_provider_is_mixed_with_public_ones,
        "social logins",
        trusting(
            developer_provider_name="login.example",
            login_providers=(("graph.facebook.com", "7"), ("accounts.google.com", "8")),
        ),
        "takes users of accounts.google.com, graph.facebook.com beside those of login.example",
        evidence=(
            ("DeveloperProviderName", "login.example"),
            ("SupportedLoginProviders", ("accounts.google.com", "graph.facebook.com")),
        ),
    ),
    fails(
        developer_provider_is_mixed_with_public_ones,
        "open sign-up, by two app clients",
        trusting(
            trusted(),
            trusted(client_id="ios"),
            developer_provider_name="login.example",
            user_pools=(OPEN_POOL,),
        ),
        f"takes users of the user pool {USER_POOL_ID}, where anybody can sign up, beside those of "
        "login.example",
        evidence=(
            ("DeveloperProviderName", "login.example"),
            (f"CognitoIdentityProviders[{PROVIDER}].ProviderName", PROVIDER),
        ),
    ),
    fails(
        developer_provider_is_mixed_with_public_ones,
        "social login, and the user pool unread",
        trusting(
            developer_provider_name="login.example",
            login_providers=(("accounts.google.com", "8"),),
            user_pools=(make_user_pool_snapshot(NO_USER_POOL),),
        ),
        "takes users of accounts.google.com beside those of login.example",
        gaps=(NO_USER_POOL,),
    ),
    passes(
        developer_provider_is_mixed_with_public_ones,
        "administrators create users",
        trusting(developer_provider_name="login.example"),
    ),
    is_no_matter(
        developer_provider_is_mixed_with_public_ones,
        "no developer provider",
        trusting(user_pools=(OPEN_POOL,), login_providers=(("accounts.google.com", "8"),)),
    ),
    is_unknown(
        developer_provider_is_mixed_with_public_ones,
        "list unread",
        trusting(developer_provider_name="login.example", user_pools=NO_USER_POOLS),
        NO_USER_POOLS,
    ),
    fails(
        legacy_login_is_trusted,
        "two of three",
        identity_pool(
            login_providers=(
                ("accounts.google.com", "8"),
                ("api.twitter.com", "key"),
                ("www.digits.com", "key"),
            )
        ),
        "trusts api.twitter.com",
        "trusts www.digits.com",
        evidence=(
            ("SupportedLoginProviders.api.twitter.com", "key"),
            ("SupportedLoginProviders.www.digits.com", "key"),
        ),
    ),
    passes(
        legacy_login_is_trusted,
        "all of the guide",
        identity_pool(
            login_providers=tuple(
                (name, "8")
                for name in (
                    "accounts.google.com",
                    "appleid.apple.com",
                    "graph.facebook.com",
                    "www.amazon.com",
                )
            )
        ),
    ),
    fails(
        identity_pool_lets_nobody_in,
        "nothing set",
        identity_pool(user_pool_providers=()),
        "has no identity providers and lets no guests in",
        evidence=(("CognitoIdentityProviders", ()), ("AllowUnauthenticatedIdentities", False)),
    ),
    passes(
        identity_pool_lets_nobody_in,
        "guests",
        identity_pool(user_pool_providers=(), allows_guest_access=True),
    ),
    *(
        passes(identity_pool_lets_nobody_in, next(iter(way)), identity_pool(user_pool_providers=(), **way))
        for way in WAYS_IN
    ),
    fails(
        roles_of_groups_are_not_used,
        "two groups",
        trusting(user_pools=(WITH_ROLES,)),
        f"gives all users of app client {CLIENT_ID} one role, though 2 of their groups have roles of their "
        "own",
        evidence=(
            ("Roles.authenticated", "arn:aws:iam::111122223333:role/customers"),
            (f"UserPool[{USER_POOL_ID}].Groups", ("admins", "sellers")),
        ),
    ),
    passes(
        roles_of_groups_are_not_used,
        "by groups",
        trusting(user_pools=(WITH_ROLES,), roles=make_identity_pool_roles(mappings=(mapping("Token"),))),
    ),
    passes(
        roles_of_groups_are_not_used,
        "by rules",
        trusting(user_pools=(WITH_ROLES,), roles=make_identity_pool_roles(mappings=(mapping("Rules"),))),
    ),
    passes(
        roles_of_groups_are_not_used,
        "groups without roles",
        trusting(user_pools=(grouped({"name": "buyers"}),)),
    ),
    passes(
        roles_of_groups_are_not_used,
        "no role at all",
        trusting(user_pools=(WITH_ROLES,), roles=make_identity_pool_roles(authenticated_role_arn=None)),
    ),
    passes(roles_of_groups_are_not_used, "a name that is no user pool's", trusting(trusted("example.com"))),
    is_no_matter(roles_of_groups_are_not_used, "no user pools", identity_pool(user_pool_providers=())),
    is_unknown(roles_of_groups_are_not_used, "roles unread", trusting(roles=NO_ROLES), NO_ROLES),
    is_unknown(
        roles_of_groups_are_not_used, "list unread", trusting(user_pools=NO_USER_POOLS), NO_USER_POOLS
    ),
    is_unknown(
        roles_of_groups_are_not_used,
        "groups unread",
        trusting(user_pools=(make_user_pool_snapshot(more={FacetName.GROUPS: NO_GROUPS}),)),
        NO_GROUPS,
    ),
    fails(
        tokens_of_a_shared_issuer_reach_rights,
        "builds of GitHub",
        building(),
        "lets everybody with a token of token.actions.githubusercontent.com do s3:PutObject on "
        "arn:aws:s3:::releases/* by own",
        evidence=(
            ("OpenIdConnectProviderARNs", GITHUB),
            ("Roles.authenticated", ROLE_ARN),
            ("Policies[own].Action", ("s3:PutObject",)),
            ("Policies[own].Resource", ("arn:aws:s3:::releases/*",)),
        ),
    ),
    fails(
        tokens_of_a_shared_issuer_reach_rights,
        "whoever no rule fits",
        building(mappings=(mapping("Rules", GITHUB, otherwise="AuthenticatedRole"),)),
        "lets everybody with a token of token.actions.githubusercontent.com do s3:PutObject on "
        "arn:aws:s3:::releases/* by own",
    ),
    passes(
        tokens_of_a_shared_issuer_reach_rights,
        "rules decide",
        building(mappings=(mapping("Rules", GITHUB),)),
    ),
    passes(tokens_of_a_shared_issuer_reach_rights, "its own issuer", building(OWN_ISSUER)),
    passes(
        tokens_of_a_shared_issuer_reach_rights, "no role", building(mappings=(), authenticated_role_arn=None)
    ),
    passes(tokens_of_a_shared_issuer_reach_rights, "the role is gone", building(role=None)),
    passes(tokens_of_a_shared_issuer_reach_rights, "nothing allowed", building(policies=None)),
    passes(
        tokens_of_a_shared_issuer_reach_rights,
        "what a tag decides",
        building(policies=make_role_policies(dataclasses.replace(RELEASES, conditions=(BY_TAG,)))),
    ),
    passes(
        tokens_of_a_shared_issuer_reach_rights,
        "the role's trust policy asks for more",
        building(role=trusted_by(BY_TAG)),
    ),
    passes(
        tokens_of_a_shared_issuer_reach_rights,
        "the role trusts another identity pool",
        building(
            role=trusted_by(
                Condition(
                    operator="StringEquals",
                    key="cognito-identity.amazonaws.com:aud",
                    values=("eu-west-1:00000000-0000-4000-8000-000000000000",),
                )
            )
        ),
    ),
    is_no_matter(tokens_of_a_shared_issuer_reach_rights, "no issuers", identity_pool()),
    is_unknown(tokens_of_a_shared_issuer_reach_rights, "roles unread", building(roles=NO_ROLES), NO_ROLES),
    is_unknown(tokens_of_a_shared_issuer_reach_rights, "role unread", building(role=NO_ROLE), NO_ROLE),
    is_unknown(
        tokens_of_a_shared_issuer_reach_rights, "policies unread", building(policies=NO_POLICIES), NO_POLICIES
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_providers_rules(case: Case) -> None:
    assert case.judged() == case.expected


def severity(one: Rule, snapshot: Snapshot) -> str:
    [said] = evaluate(snapshot, [one], today=TODAY)
    return said.severity


def test_what_belongs_to_nobody_known_is_worse_than_what_is_gone() -> None:
    assert severity(trusted_user_pool_is_missing, trusting(trusted(client_id="gone"))) == "medium"
    assert severity(trusted_user_pool_is_missing, trusting(trusted(GONE))) == "high"


def test_an_account_that_is_read_along_is_less_strange() -> None:
    snapshot = with_account(trusting(user_pools=()), OTHER_ACCOUNT, user_pools=(OWN_POOL,))

    said = judge(user_pool_of_another_account_is_trusted, snapshot)
    assert (said.severity, said.severity_reason) == (
        "medium",
        "lowered because the other account is read along with this one",
    )


@pytest.mark.parametrize(
    ("one", "provider", "reason", "words"),
    [
        (
            user_pool_of_another_account_is_trusted,
            GONE,
            Reason.OTHER_ACCOUNT,
            "no account that was read has the user pool eu-west-1_Gone00000 in eu-west-1",
        ),
        (
            user_pool_of_another_account_is_trusted,
            "cognito-idp.us-east-1.amazonaws.com/us-east-1_Far000000",
            Reason.UNAVAILABLE,
            "the region us-east-1 was not read",
        ),
        (
            trusted_user_pool_is_missing,
            "cognito-idp.us-east-1.amazonaws.com/us-east-1_Far000000",
            Reason.UNAVAILABLE,
            "the region us-east-1 was not read",
        ),
    ],
)
def test_where_nobody_looked_is_unknown(one: Rule, provider: str, reason: Reason, words: str) -> None:
    said = judge(one, trusting(trusted(provider)))

    [gap] = said.gaps
    assert (said.outcome, gap.reason, gap.message) == (Outcome.UNKNOWN, reason, words)


def test_the_same_region_of_another_account_does_not_stand_for_the_own_one() -> None:
    snapshot = trusting(trusted("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Far000000"))
    [own] = snapshot.regions
    elsewhere = dataclasses.replace(own, scope=Scope(ACCOUNT, "eu-central-1"))
    read = Snapshot(regions=(elsewhere, make_region_snapshot(scope=Scope(OTHER_ACCOUNT, "eu-west-1"))))

    said = judge(trusted_user_pool_is_missing, read)
    assert (said.outcome, said.gaps[0].message) == ("unknown", "the region eu-west-1 was not read")


def test_the_way_from_a_shared_issuer_is_shown() -> None:
    assert judge(tokens_of_a_shared_issuer_reach_rights, building()).paths == (
        (
            "anybody's token of token.actions.githubusercontent.com",
            f"identity pool {IDENTITY_POOL_ID}",
            f"role {ROLE_ARN}",
        ),
    )


def test_owners_say_which_logins_are_legacy() -> None:
    login = identity_pool(login_providers=(("graph.facebook.com", "7"),))
    named = Baseline(name="own", names={"PRV004": {"legacy": ("graph.facebook.com",)}})

    assert judge(legacy_login_is_trusted, login).outcome == "pass"
    assert judge(legacy_login_is_trusted, login, baseline=named).outcome == "fail"
