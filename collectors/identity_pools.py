"""Identity pools and the roles that they hand out."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, demand_same
from records.identity_pool import (
    IdentityPool,
    IdentityPoolRoles,
    MappingRule,
    PrincipalTags,
    RoleMapping,
    UserPoolProvider,
)
from records.resource import Member

if TYPE_CHECKING:
    from types_boto3_cognito_identity import CognitoIdentityClient

CALLS = frozenset(
    {
        "cognito-identity:ListIdentityPools",
        "cognito-identity:DescribeIdentityPool",
        "cognito-identity:GetIdentityPoolRoles",
        "cognito-identity:GetPrincipalTagAttributeMap",
    }
)

_PAGE_SIZE = 60


def collect_identity_pool_list(identity: "CognitoIdentityClient") -> tuple[Member, ...]:
    """Return all identity pools of the client's region, ordered by id."""
    members: dict[str, Member] = {}
    pages = identity.get_paginator("list_identity_pools").paginate(PaginationConfig={"PageSize": _PAGE_SIZE})
    for page in pages:
        for item in Answer(page, "ListIdentityPools").required_parts("IdentityPools"):
            member = Member(item.required_text("IdentityPoolId"), item.text("IdentityPoolName") or "")
            members[member.id] = member
    return tuple(sorted(members.values()))


def collect_identity_pool(identity: "CognitoIdentityClient", identity_pool_id: str) -> IdentityPool:
    """Return an identity pool's settings."""
    pool = parse_identity_pool(identity.describe_identity_pool(IdentityPoolId=identity_pool_id))
    demand_same(pool.identity_pool_id, identity_pool_id)
    return pool


def collect_identity_pool_roles(
    identity: "CognitoIdentityClient", identity_pool_id: str
) -> IdentityPoolRoles:
    """Return the roles of an identity pool and the rules that choose among them."""
    return parse_identity_pool_roles(identity.get_identity_pool_roles(IdentityPoolId=identity_pool_id))


def collect_principal_tags(
    identity: "CognitoIdentityClient", identity_pool_id: str, providers: Iterable[str]
) -> tuple[PrincipalTags, ...]:
    """Return the tags that each identity provider's tokens give to a session, ordered by provider.

    `providers` are the providers that DescribeIdentityPool names, by these names.
    """
    return tuple(_principal_tags(identity, identity_pool_id, provider) for provider in sorted(set(providers)))


def _principal_tags(identity: "CognitoIdentityClient", identity_pool_id: str, provider: str) -> PrincipalTags:
    try:
        answer = identity.get_principal_tag_attribute_map(
            IdentityPoolId=identity_pool_id, IdentityProviderName=provider
        )
    except identity.exceptions.ResourceNotFoundException:
        # The request names an identity pool and one of its providers, both just read; what can be missing of
        # the three is the map itself. A map of this provider says nothing of the others, so it goes on here.
        return PrincipalTags(provider=provider, uses_defaults=None, tags=())
    return parse_principal_tags(answer, identity_pool_id, provider)


def parse_identity_pool(raw: Any) -> IdentityPool:
    """Translate DescribeIdentityPool's answer."""
    answer = Answer(raw, "DescribeIdentityPool")
    return IdentityPool(
        identity_pool_id=answer.required_text("IdentityPoolId"),
        name=answer.text("IdentityPoolName") or "",
        allows_guest_access=answer.required_flag("AllowUnauthenticatedIdentities"),
        allows_classic_flow=answer.flag("AllowClassicFlow"),
        user_pool_providers=tuple(
            UserPoolProvider(
                provider_name=part.required_text("ProviderName"),
                client_id=part.text("ClientId") or "",
                has_server_side_token_check=part.flag("ServerSideTokenCheck"),
            )
            for part in answer.parts("CognitoIdentityProviders")
        ),
        login_providers=tuple(
            # Twitter's value is the app's key and, behind a semicolon, its secret.
            (name, app.partition(";")[0])
            for name, app in answer.pairs("SupportedLoginProviders")
        ),
        developer_provider_name=answer.text("DeveloperProviderName"),
        openid_provider_arns=tuple(sorted(answer.texts("OpenIdConnectProviderARNs"))),
        saml_provider_arns=tuple(sorted(answer.texts("SamlProviderARNs"))),
        tags=answer.pairs("IdentityPoolTags"),
    )


def parse_identity_pool_roles(raw: Any) -> IdentityPoolRoles:
    """Translate GetIdentityPoolRoles' answer."""
    answer = Answer(raw, "GetIdentityPoolRoles")
    # AWS answers no roles where none were set; the id alone tells such an answer from a broken one.
    answer.required_text("IdentityPoolId")
    roles = dict(answer.pairs("Roles"))
    return IdentityPoolRoles(
        authenticated_role_arn=roles.get("authenticated"),
        unauthenticated_role_arn=roles.get("unauthenticated"),
        mappings=tuple(_mapping(provider, part) for provider, part in answer.part_map("RoleMappings")),
    )


def parse_principal_tags(raw: Any, identity_pool_id: str, provider: str) -> PrincipalTags:
    """Translate GetPrincipalTagAttributeMap's answer about a provider of an identity pool."""
    answer = Answer(raw, "GetPrincipalTagAttributeMap")
    # AWS answers no tags where none were set; the id alone tells such an answer from a broken one.
    demand_same(answer.required_text("IdentityPoolId"), identity_pool_id)
    return PrincipalTags(
        provider=provider,
        uses_defaults=answer.flag("UseDefaults"),
        tags=answer.pairs("PrincipalTags"),
    )


def _mapping(provider: str, part: Answer) -> RoleMapping:
    rules = part.part("RulesConfiguration")
    return RoleMapping(
        provider=provider,
        type=part.required_text("Type"),
        ambiguous_role_resolution=part.text("AmbiguousRoleResolution"),
        rules=tuple(
            MappingRule(
                claim=rule.required_text("Claim"),
                match_type=rule.required_text("MatchType"),
                value=rule.text("Value") or "",
                role_arn=rule.required_text("RoleARN"),
            )
            for rule in (rules.parts("Rules") if rules else ())
        ),
    )
