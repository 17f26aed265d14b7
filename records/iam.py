"""IAM roles with all that decides what they may do, and the policies of functions."""

from dataclasses import dataclass
from datetime import datetime

# The names under which identity pools issue tokens: everywhere, in AWS GovCloud (US-West) and (US-East)
# (https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html), and in China (Beijing), where
# AWS's mobile SDKs use it.
IDENTITY_POOL_ISSUERS = frozenset(
    {
        "cognito-identity.amazonaws.com",
        "cognito-identity-us-gov.amazonaws.com",
        "cognito-identity.us-gov-east-1.amazonaws.com",
        "cognito-identity.cn-north-1.amazonaws.com.cn",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a statement, such as StringEquals on `cognito-identity.amazonaws.com:aud`."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy. Principals are (kind, value), `*` alone being ("AWS", "*").

    What the statement does not have is an empty tuple; of `actions` and `not_actions`, and of `resources` and
    `not_resources`, at most one is filled.
    """

    sid: str | None
    effect: str
    principals: tuple[tuple[str, str], ...]
    not_principals: tuple[tuple[str, str], ...]
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    conditions: tuple[Condition, ...]

    @property
    def allows(self) -> bool:
        """Whether the statement allows, as opposed to denies."""
        return self.effect == "Allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """A policy's statements in their order."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPolicy:
    """A policy with its name; `arn` is a managed policy's, None for an inline one."""

    name: str
    arn: str | None
    document: PolicyDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """An IAM role (GetRole): who may take it on, and the ceiling that its boundary sets.

    ListRoles leaves the boundary out, so in `RegionSnapshot.web_identity_roles` it is always None.
    """

    arn: str
    name: str
    created_at: datetime | None
    trust: PolicyDocument
    boundary_arn: str | None
    max_session_seconds: int | None

    @property
    def names_identity_pools(self) -> bool:
        """Whether the trust policy names the issuer of identity pools' tokens as a principal."""
        return any(
            kind == "Federated" and name in IDENTITY_POOL_ISSUERS
            for statement in self.trust.statements
            for kind, name in statement.principals
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePolicies:
    """Everything that grants and limits what a role may do; `boundary` is None where it has none."""

    inline: tuple[NamedPolicy, ...]
    attached: tuple[NamedPolicy, ...]
    boundary: NamedPolicy | None

    @property
    def granting(self) -> tuple[NamedPolicy, ...]:
        """The policies that grant; the boundary only limits."""
        return self.inline + self.attached

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of all granting policies, allowing and denying."""
        return tuple(each for policy in self.granting for each in policy.document.statements)
