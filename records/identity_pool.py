"""An identity pool, as DescribeIdentityPool and GetIdentityPoolRoles answer it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPoolProvider:
    """A user pool's app client whose tokens the identity pool accepts."""

    provider_name: str
    client_id: str
    has_server_side_token_check: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPool:
    """An identity pool's settings."""

    identity_pool_id: str
    name: str
    allows_guest_access: bool
    allows_classic_flow: bool | None
    user_pool_providers: tuple[UserPoolProvider, ...]
    login_providers: tuple[tuple[str, str], ...]
    developer_provider_name: str | None
    openid_provider_arns: tuple[str, ...]
    saml_provider_arns: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRule:
    """One rule that hands a role to tokens with a matching claim."""

    claim: str
    match_type: str
    value: str
    role_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMapping:
    """How one identity provider's tokens are mapped to roles; rules stand in the order of evaluation."""

    provider: str
    type: str
    ambiguous_role_resolution: str | None
    rules: tuple[MappingRule, ...]

    @property
    def effective_rules(self) -> tuple[MappingRule, ...]:
        """The rules where they decide; a mapping of type Token goes by the token's groups instead."""
        return self.rules if self.type == "Rules" else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPoolRoles:
    """The roles that an identity pool hands out."""

    authenticated_role_arn: str | None
    unauthenticated_role_arn: str | None
    mappings: tuple[RoleMapping, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalTags:
    """Which claims of a provider's tokens become tags of the AWS session; `tags` are (tag, claim).

    Where nobody ever set any, there are none, and `uses_defaults` is None.
    """

    provider: str
    uses_defaults: bool | None
    tags: tuple[tuple[str, str], ...]
