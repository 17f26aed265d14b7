import dataclasses
from typing import Any

import pytest

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import FacetName, Gap
from records.federation import IdentityProvider
from records.identity_pool import IdentityPool, IdentityPoolRoles, MappingRule, PrincipalTags, RoleMapping
from records.snapshot import Snapshot
from records.user_pool import SchemaAttribute
from rules.engine import Baseline
from rules.ladder import MANY_USERS
from rules.user_attributes import (
    default_may_let_users_write_custom_attributes,
    sign_in_contact_is_not_verified,
    users_write_what_grants_rights,
)
from tests.builders import (
    CLIENT_ID,
    IDENTITY_POOL_ID,
    make_app_client,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_identity_provider,
    make_machine_client,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import (
    NO_IDENTITY_POOL,
    NO_ROLES,
    NO_USER_POOL,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
    user_pool,
)

PROVIDER = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4e"
OTHER = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_zZzZzZzZz"
ADMINS = "arn:aws:iam::111122223333:role/admins"
NO_TAGS = make_gap("cognito-identity:GetPrincipalTagAttributeMap")
NO_POOL_LIST = make_gap("cognito-identity:ListIdentityPools")
NO_PROVIDER_LIST = make_gap("cognito-idp:ListIdentityProviders")
NO_PROVIDER = make_gap("cognito-idp:DescribeIdentityProvider")
ROLE = SchemaAttribute(
    name="custom:role", data_type="String", is_mutable=True, is_required=False, is_developer_only=False
)
COLOUR = dataclasses.replace(ROLE, name="custom:colour")
WRITER = make_app_client(write_attributes=frozenset({"custom:role", "custom:colour", "email"}))
PAINTER = make_app_client(write_attributes=frozenset({"custom:colour"}))
BY_DEFAULT = make_app_client(write_attributes=None)
WRITES_ROLE = (
    ("WriteAttributes", ("custom:colour", "custom:role", "email")),
    ("UserPool.SchemaAttributes[custom:role].Mutable", True),
)


def by_claim(claim: str, *, provider: str = PROVIDER, kind: str = "Rules") -> IdentityPoolRoles:
    found = MappingRule(claim=claim, match_type="Equals", value="admin", role_arn=ADMINS)
    mapping = RoleMapping(
        provider=f"{provider}:{CLIENT_ID}", type=kind, ambiguous_role_resolution="Deny", rules=(found,)
    )
    return make_identity_pool_roles(mappings=(mapping,))


def by_tag(claim: str, *, provider: str = PROVIDER) -> tuple[PrincipalTags, ...]:
    return (PrincipalTags(provider=provider, uses_defaults=False, tags=(("team", claim),)),)


def writing(
    client: AppClient = WRITER,
    *attributes: SchemaAttribute,
    identity_pools: Gap | None = None,
    identities: IdentityPool | Gap | None = None,
    roles: IdentityPoolRoles | Gap | None = None,
    tags: tuple[PrincipalTags, ...] | Gap = (),
    providers: tuple[IdentityProvider | Gap, ...] | Gap = (),
    **overrides: Any,
) -> Snapshot:
    """Build an app client, its user pool's attributes, and an identity pool that trusts it."""
    settings = make_user_pool(schema_attributes=attributes or (ROLE, COLOUR), **overrides)
    return make_snapshot(
        user_pools=[
            make_user_pool_snapshot(settings, clients=(client,), identity_providers=providers),
        ],
        identity_pools=identity_pools
        or [
            make_identity_pool_snapshot(
                identities or make_identity_pool(),
                roles=roles or make_identity_pool_roles(),
                more={FacetName.PRINCIPAL_TAGS: tags},
            )
        ],
    )


CASES = [
    fails(
        users_write_what_grants_rights,
        "a role that nothing here uses",
        writing(),
        "lets users write custom:role",
        evidence=WRITES_ROLE,
    ),
    fails(
        users_write_what_grants_rights,
        "chosen once, at open sign-up",
        writing(WRITER, dataclasses.replace(ROLE, is_mutable=False), admin_creates_users_only=False),
        "lets users write custom:role",
    ),
    fails(
        users_write_what_grants_rights,
        "an attribute without a telling name decides a role",
        writing(PAINTER, roles=by_claim("custom:colour")),
        f"lets users write custom:colour, by which the identity pool customers gives the role {ADMINS}",
        evidence=(
            ("WriteAttributes", ("custom:colour",)),
            ("UserPool.SchemaAttributes[custom:colour].Mutable", True),
            ("IdentityPool.Id", IDENTITY_POOL_ID),
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].RulesConfiguration.Rules[0].Claim", "custom:colour"),
            (f"RoleMappings[{PROVIDER}:{CLIENT_ID}].RulesConfiguration.Rules[0].RoleARN", ADMINS),
        ),
    ),
    fails(
        users_write_what_grants_rights,
        "it fills a session tag",
        writing(tags=by_tag("custom:role")),
        "lets users write custom:role",
        "lets users write custom:role, by which the identity pool customers fills the session tag team",
    ),
    fails(
        users_write_what_grants_rights,
        "tags are told although roles are unread",
        writing(PAINTER, roles=NO_ROLES, tags=by_tag("custom:colour")),
        "lets users write custom:colour, by which the identity pool customers fills the session tag team",
        gaps=(NO_ROLES,),
    ),
    fails(
        users_write_what_grants_rights,
        "an identity provider fills it",
        writing(
            providers=(
                NO_PROVIDER,
                make_identity_provider(attribute_mapping=(("custom:role", "job"), ("email", "email"))),
            )
        ),
        "lets users write custom:role",
        "lets users overwrite custom:role, which the identity provider Staff fills",
        gaps=(NO_PROVIDER,),
    ),
    fails(
        users_write_what_grants_rights,
        "identity providers unread",
        writing(providers=NO_PROVIDER_LIST),
        "lets users write custom:role",
        gaps=(NO_PROVIDER_LIST,),
    ),
    passes(users_write_what_grants_rights, "a harmless attribute", writing(PAINTER)),
    passes(
        users_write_what_grants_rights,
        "listed, but not in the schema",
        writing(WRITER, dataclasses.replace(COLOUR, name="email")),
    ),
    passes(
        users_write_what_grants_rights,
        "immutable, and administrators make users",
        writing(WRITER, dataclasses.replace(ROLE, is_mutable=False)),
    ),
    passes(
        users_write_what_grants_rights,
        "administrators' attribute",
        writing(WRITER, dataclasses.replace(ROLE, is_developer_only=True)),
    ),
    passes(
        users_write_what_grants_rights,
        "not listed",
        writing(make_app_client(), roles=by_claim("custom:role")),
    ),
    passes(
        users_write_what_grants_rights,
        "another user pool's attribute decides",
        writing(
            PAINTER,
            roles=by_claim("custom:colour", provider=OTHER),
            tags=by_tag("custom:colour", provider=OTHER),
        ),
    ),
    passes(
        users_write_what_grants_rights,
        "rules left over under a token mapping",
        writing(PAINTER, roles=by_claim("custom:colour", kind="Token")),
    ),
    passes(
        users_write_what_grants_rights,
        "an identity pool that trusts no user pool",
        writing(
            PAINTER, identities=make_identity_pool(user_pool_providers=()), roles=by_claim("custom:colour")
        ),
    ),
    is_no_matter(users_write_what_grants_rights, "AWS's default", writing(BY_DEFAULT)),
    is_no_matter(
        users_write_what_grants_rights,
        "machine",
        writing(make_machine_client(write_attributes=frozenset({"custom:role"}))),
    ),
    is_unknown(
        users_write_what_grants_rights,
        "user pool unread",
        user_pool(settings=NO_USER_POOL, clients=(WRITER,)),
        NO_USER_POOL,
    ),
    is_unknown(users_write_what_grants_rights, "roles unread", writing(PAINTER, roles=NO_ROLES), NO_ROLES),
    is_unknown(users_write_what_grants_rights, "tags unread", writing(PAINTER, tags=NO_TAGS), NO_TAGS),
    is_unknown(
        users_write_what_grants_rights,
        "identity pool unread",
        writing(PAINTER, identities=NO_IDENTITY_POOL),
        NO_IDENTITY_POOL,
    ),
    is_unknown(
        users_write_what_grants_rights,
        "identity pools unread",
        writing(PAINTER, identity_pools=NO_POOL_LIST),
        NO_POOL_LIST,
    ),
    fails(
        default_may_let_users_write_custom_attributes,
        "telling and other names",
        writing(BY_DEFAULT),
        "has no WriteAttributes, so users can likely write custom:role (test it)",
        "has no WriteAttributes, so users can likely write custom:colour (test it)",
        evidence=(
            ("WriteAttributes", None),
            ("UserPool.SchemaAttributes[custom:role].Mutable", True),
            ("UserPool.SchemaAttributes[custom:colour].Mutable", True),
        ),
    ),
    fails(
        default_may_let_users_write_custom_attributes,
        "an empty list means the default",
        writing(make_app_client(write_attributes=frozenset()), COLOUR),
        "has no WriteAttributes, so users can likely write custom:colour (test it)",
    ),
    passes(
        default_may_let_users_write_custom_attributes,
        "standard attributes alone",
        writing(BY_DEFAULT, dataclasses.replace(ROLE, name="zoneinfo")),
    ),
    passes(
        default_may_let_users_write_custom_attributes,
        "immutable",
        writing(BY_DEFAULT, dataclasses.replace(ROLE, is_mutable=False), admin_creates_users_only=False),
    ),
    passes(
        default_may_let_users_write_custom_attributes,
        "left out",
        writing(BY_DEFAULT, dataclasses.replace(ROLE, is_mutable=None)),
    ),
    is_no_matter(default_may_let_users_write_custom_attributes, "a list of its own", writing()),
    is_no_matter(
        default_may_let_users_write_custom_attributes,
        "machine",
        writing(make_machine_client(write_attributes=None)),
    ),
    is_unknown(
        default_may_let_users_write_custom_attributes,
        "user pool unread",
        user_pool(settings=NO_USER_POOL, clients=(BY_DEFAULT,)),
        NO_USER_POOL,
    ),
    fails(
        sign_in_contact_is_not_verified,
        "phone numbers as usernames beside verified addresses",
        user_pool(
            admin_creates_users_only=False,
            username_attributes=frozenset({"email", "phone_number"}),
            estimated_users=MANY_USERS,
        ),
        "takes phone_number as username that it does not verify",
        evidence=(
            ("UsernameAttributes", ("email", "phone_number")),
            ("AliasAttributes", ()),
            ("AutoVerifiedAttributes", ("email",)),
        ),
        grade=(Severity.MEDIUM, ""),
    ),
    fails(
        sign_in_contact_is_not_verified,
        "addresses as usernames beside verified phone numbers",
        user_pool(admin_creates_users_only=False, auto_verified_attributes=frozenset({"phone_number"})),
        "takes email as username that it does not verify",
    ),
    fails(
        sign_in_contact_is_not_verified,
        "alias",
        user_pool(
            admin_creates_users_only=False,
            username_attributes=frozenset(),
            alias_attributes=frozenset({"preferred_username", "phone_number"}),
        ),
        "has phone_number as an alias that it does not verify",
    ),
    passes(sign_in_contact_is_not_verified, "verified", user_pool(admin_creates_users_only=False)),
    passes(sign_in_contact_is_not_verified, "left out", user_pool(admin_creates_users_only=None)),
    is_no_matter(
        sign_in_contact_is_not_verified,
        "administrators make users",
        user_pool(username_attributes=frozenset({"phone_number"})),
    ),
    is_no_matter(
        sign_in_contact_is_not_verified,
        "plain usernames",
        user_pool(
            admin_creates_users_only=False,
            username_attributes=frozenset(),
            alias_attributes=frozenset({"preferred_username"}),
        ),
    ),
    is_no_matter(
        sign_in_contact_is_not_verified,
        "nothing verified, which another rule tells",
        user_pool(admin_creates_users_only=False, auto_verified_attributes=frozenset()),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_user_attribute_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_names_that_the_owner_calls_harmless_are_left_alone() -> None:
    baseline = Baseline(name="own", names={"ATR001": {"harmless": ("role",)}})

    assert judge(users_write_what_grants_rights, writing(), baseline=baseline).outcome == "pass"


def test_a_harmless_name_by_which_a_role_is_given_is_not() -> None:
    baseline = Baseline(name="own", names={"ATR001": {"harmless": ("custom:role",)}})

    said = judge(users_write_what_grants_rights, writing(roles=by_claim("custom:role")), baseline=baseline)

    assert (said.outcome, said.severity) == ("fail", Severity.CRITICAL)


def test_harmless_names_count_as_other_names_by_default() -> None:
    baseline = Baseline(name="own", names={"ATR002": {"harmless": ("custom:role",)}})

    said = judge(default_may_let_users_write_custom_attributes, writing(BY_DEFAULT), baseline=baseline)

    assert said.messages == (
        "has no WriteAttributes, so users can likely write custom:role and custom:colour (test it)",
    )
    assert said.severity is Severity.MEDIUM


def test_the_chain_to_aws_is_told_link_by_link() -> None:
    said = judge(
        users_write_what_grants_rights,
        writing(roles=by_claim("custom:role"), admin_creates_users_only=False),
    )

    assert said.severity is Severity.CRITICAL
    assert said.severity_reason == "raised because an identity pool gives AWS access by what users write"
    assert said.paths == (
        (
            "anybody signs up",
            "app client shop-web of user pool customers",
            "attribute custom:role, written by its user",
            "identity pool customers",
            f"role {ADMINS}",
        ),
    )


@pytest.mark.parametrize(
    ("case", "severity"),
    [
        (writing(BY_DEFAULT), Severity.HIGH),
        (writing(BY_DEFAULT, COLOUR), Severity.MEDIUM),
    ],
)
def test_custom_attributes_by_default_are_graded(case: Snapshot, severity: Severity) -> None:
    assert judge(default_may_let_users_write_custom_attributes, case).severity is severity


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ({"username_attributes": frozenset({"phone_number"})}, Severity.HIGH),
        (
            {"username_attributes": frozenset(), "alias_attributes": frozenset({"phone_number"})},
            Severity.LOW,
        ),
    ],
)
def test_an_unverified_alias_is_less_than_an_unverified_username(
    settings: dict[str, Any], severity: Severity
) -> None:
    # Anybody can sign up, which raises what is medium.
    said = judge(sign_in_contact_is_not_verified, user_pool(admin_creates_users_only=False, **settings))

    assert said.severity is severity
