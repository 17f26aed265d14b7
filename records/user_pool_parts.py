"""What hangs on a user pool beside its app clients and identity providers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceServer:
    """An API that app clients take tokens for (ListResourceServers); `scopes` are its scopes' names.

    A token's scope reads `<identifier>/<name>`; `managed_by` is COGNITO for servers that Cognito keeps.
    """

    identifier: str
    name: str
    scopes: tuple[str, ...]
    managed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of users (ListGroups); of a user's groups the one with the lowest precedence gives the role."""

    name: str
    role_arn: str | None
    precedence: int | None
    created_at: datetime | None
    modified_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPoolDomain:
    """A domain on which a user pool's sign-in pages and OAuth endpoints are served (DescribeUserPoolDomain).

    `managed_login_version` is 1 for the classic hosted UI and 2 for managed login; a custom domain has a
    certificate and, on Amazon CloudFront, a distribution.
    """

    name: str
    user_pool_id: str | None
    status: str | None
    is_custom: bool
    certificate_arn: str | None
    security_policy: str | None
    managed_login_version: int | None
    distribution: str | None
    failover_region: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConfiguration:
    """Whether a user pool keeps track of its users' sessions (GetUserPoolSessionConfiguration)."""

    tracking: str | None
    max_per_user: int | None

    @property
    def is_tracked(self) -> bool:
        """Whether sessions are tracked; AWS's default is not to."""
        return self.tracking == "ENABLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """A copy of a user pool in a region (ListUserPoolReplicas); `role` is PRIMARY or SECONDARY."""

    region: str
    status: str | None
    role: str | None
    arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """A job that imports users (ListUserImportJobs), without the address that its file is sent to."""

    job_id: str
    name: str
    status: str | None
    created_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    role_arn: str | None
    imported_users: int | None
    skipped_users: int | None
    failed_users: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecret:
    """One of an app client's secrets (ListUserPoolClientSecrets), of which AWS tells id and date alone."""

    secret_id: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSession:
    """How long an app client reuses a single sign-on session, in minutes; None where AWS does not say."""

    sso_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionedLimit:
    """The requests per second of one category that the account has, and those that cost nothing."""

    category: str
    provisioned: int | None
    free: int | None
