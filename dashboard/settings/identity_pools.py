"""The settings of identity pools."""

from dashboard import words
from dashboard.settings.rows import Entries, group, itself, many, one, pair
from records.facet import FacetName
from records.identity_pool import PrincipalTags, RoleMapping, UserPoolProvider


def _user_pool_provider(provider: UserPoolProvider) -> Entries:
    check = words.yes_no(provider.has_server_side_token_check)
    return ((f"{provider.provider_name} {provider.client_id}", f"server-side token check: {check}"),)


def _role_mapping(mapping: RoleMapping) -> Entries:
    ambiguous = words.text(mapping.ambiguous_role_resolution)
    rules = (
        (
            f"{mapping.provider}, rule {number}",
            f"{rule.claim} {rule.match_type} {rule.value}: {rule.role_arn}",
        )
        for number, rule in enumerate(mapping.rules, 1)
    )
    return ((mapping.provider, f"by {mapping.type}; where it is ambiguous: {ambiguous}"), *rules)


def _principal_tags(tags: PrincipalTags) -> Entries:
    kind = words.either("AWS's default tags", "tags of its own")(tags.uses_defaults)
    named = ((f"{tags.provider}, tag {tag}", f"claim {claim}") for tag, claim in tags.tags)
    return ((tags.provider, kind), *named)


IDENTITY_POOL_SETTINGS = (
    *group(
        FacetName.IDENTITY_POOL,
        "General",
        one("Name", "name", "IdentityPoolName", is_own=True),
        one("Id", "identity_pool_id", "IdentityPoolId", is_own=True),
        one("Guest access", "allows_guest_access", "AllowUnauthenticatedIdentities", words.yes_no),
        one("Classic flow", "allows_classic_flow", "AllowClassicFlow", words.yes_no),
        many("Tag", "tags", "IdentityPoolTags", pair),
    ),
    *group(
        FacetName.IDENTITY_POOL,
        "Identity providers",
        many("User pool", "user_pool_providers", "CognitoIdentityProviders", _user_pool_provider),
        many("Social", "login_providers", "SupportedLoginProviders", pair),
        many("OpenID Connect", "openid_provider_arns", "OpenIdConnectProviderARNs", itself),
        many("SAML", "saml_provider_arns", "SamlProviderARNs", itself),
        one("Developer provider", "developer_provider_name", "DeveloperProviderName"),
    ),
    *group(
        FacetName.IDENTITY_POOL_ROLES,
        "Roles",
        one("Role of signed-in users", "authenticated_role_arn", "Roles.authenticated"),
        one("Role of guests", "unauthenticated_role_arn", "Roles.unauthenticated"),
        many("Mapping", "mappings", "RoleMappings", _role_mapping),
    ),
    *group(
        FacetName.PRINCIPAL_TAGS,
        "Tags of the AWS session",
        many("Provider", "", "PrincipalTags", _principal_tags),
    ),
)
