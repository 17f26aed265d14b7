"""IAM roles with all that decides what they may do, and the policies of functions."""

from dataclasses import dataclass
from datetime import datetime


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
    """An IAM role (GetRole): who may take it on, and the ceiling that its boundary sets."""

    arn: str
    name: str
    created_at: datetime | None
    trust: PolicyDocument
    boundary_arn: str | None
    max_session_seconds: int | None


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
