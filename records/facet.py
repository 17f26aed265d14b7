"""What one API call answered about one resource: a value, or a gap that says why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Reason(StrEnum):
    """Why a facet could not be read."""

    DENIED = "denied"
    EXPLICIT_DENY = "explicit_deny"
    THROTTLED = "throttled"
    NOT_SUPPORTED = "not_supported"
    REGION_OFF = "region_off"
    EXPIRED = "expired"
    NOT_FOUND = "not_found"
    MALFORMED = "malformed"
    UNAVAILABLE = "unavailable"
    NOT_IN_PLAN = "not_in_plan"
    OTHER_ACCOUNT = "other_account"
    UNDECIDABLE = "undecidable"


class Holder(StrEnum):
    """What a facet belongs to; `REFERENCE` is any resource that a pool or what hangs on it points to.

    What belongs to an `ACCOUNT` is read once, and stands in the first of the regions that its run reads.
    """

    REGION = "region"
    ACCOUNT = "account"
    USER_POOL = "user_pool"
    APP_CLIENT = "app_client"
    IDENTITY_PROVIDER = "identity_provider"
    DOMAIN = "domain"
    IDENTITY_POOL = "identity_pool"
    REFERENCE = "reference"


class FacetName(StrEnum):
    """The facets that a configuration run reads; the values are names in the store and in JSON."""

    USER_POOLS = "user_pools"
    IDENTITY_POOLS = "identity_pools"
    PROVISIONED_LIMITS = "provisioned_limits"
    SERVICE_QUOTAS = "service_quotas"
    TRAILS = "trails"
    ALARMS = "alarms"
    REST_AUTHORIZERS = "rest_authorizers"
    HTTP_AUTHORIZERS = "http_authorizers"

    WEB_IDENTITY_ROLES = "web_identity_roles"

    USER_POOL = "user_pool"
    MFA_CONFIGURATION = "mfa_configuration"
    RISK_CONFIGURATION = "risk_configuration"
    APP_CLIENTS = "app_clients"
    IDENTITY_PROVIDERS = "identity_providers"
    RESOURCE_SERVERS = "resource_servers"
    GROUPS = "groups"
    LOG_DELIVERY = "log_delivery"
    SESSION_CONFIGURATION = "session_configuration"
    REPLICAS = "replicas"
    IMPORT_JOBS = "import_jobs"
    WEB_ACL = "web_acl"

    APP_CLIENT = "app_client"
    CLIENT_SECRETS = "client_secrets"
    CLIENT_SESSION = "client_session"
    CLIENT_RISK = "client_risk"

    IDENTITY_PROVIDER = "identity_provider"
    DOMAIN = "domain"

    IDENTITY_POOL = "identity_pool"
    IDENTITY_POOL_ROLES = "identity_pool_roles"
    PRINCIPAL_TAGS = "principal_tags"

    ROLE = "role"
    ROLE_POLICIES = "role_policies"
    FUNCTION = "function"
    FUNCTION_POLICY = "function_policy"
    EMAIL_ACCOUNT = "email_account"
    EMAIL_IDENTITY = "email_identity"
    SMS_ACCOUNT = "sms_account"
    END_USER_MESSAGING = "end_user_messaging"
    CERTIFICATE = "certificate"
    KMS_KEY = "kms_key"
    LOG_GROUP = "log_group"
    WEB_ACL_LOGGING = "web_acl_logging"
    REPLICA_WEB_ACL = "replica_web_acl"

    @property
    def operations(self) -> tuple[str, ...]:
        """The API operations that answer the facet, as `service:Operation`, the first one first."""
        return _FACETS[self][1]

    @property
    def operation(self) -> str:
        """The first of the API operations that answer the facet."""
        return self.operations[0]

    @property
    def is_list(self) -> bool:
        """Whether the facet names the resources of a kind, of which other facets are then read."""
        return self in _LISTS

    @property
    def holder(self) -> Holder:
        """What the facet belongs to."""
        return _FACETS[self][0]

    @classmethod
    def of(cls, holder: Holder) -> "tuple[FacetName, ...]":
        """Return the facets that belong to one kind of holder."""
        return tuple(name for name in cls if name.holder is holder)


_FACETS: Mapping[FacetName, tuple[Holder, tuple[str, ...]]] = {
    FacetName.USER_POOLS: (Holder.REGION, ("cognito-idp:ListUserPools",)),
    FacetName.IDENTITY_POOLS: (Holder.REGION, ("cognito-identity:ListIdentityPools",)),
    FacetName.PROVISIONED_LIMITS: (Holder.REGION, ("cognito-idp:GetProvisionedLimit",)),
    FacetName.SERVICE_QUOTAS: (Holder.REGION, ("service-quotas:ListServiceQuotas",)),
    FacetName.TRAILS: (
        Holder.REGION,
        ("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"),
    ),
    FacetName.ALARMS: (Holder.REGION, ("cloudwatch:DescribeAlarms",)),
    FacetName.REST_AUTHORIZERS: (
        Holder.REGION,
        ("apigateway:GetRestApis", "apigateway:GetAuthorizers", "apigateway:GetResources"),
    ),
    FacetName.HTTP_AUTHORIZERS: (
        Holder.REGION,
        ("apigatewayv2:GetApis", "apigatewayv2:GetAuthorizers", "apigatewayv2:GetRoutes"),
    ),
    FacetName.WEB_IDENTITY_ROLES: (Holder.ACCOUNT, ("iam:ListRoles",)),
    FacetName.USER_POOL: (Holder.USER_POOL, ("cognito-idp:DescribeUserPool",)),
    FacetName.MFA_CONFIGURATION: (Holder.USER_POOL, ("cognito-idp:GetUserPoolMfaConfig",)),
    FacetName.RISK_CONFIGURATION: (Holder.USER_POOL, ("cognito-idp:DescribeRiskConfiguration",)),
    FacetName.APP_CLIENTS: (Holder.USER_POOL, ("cognito-idp:ListUserPoolClients",)),
    FacetName.IDENTITY_PROVIDERS: (Holder.USER_POOL, ("cognito-idp:ListIdentityProviders",)),
    FacetName.RESOURCE_SERVERS: (Holder.USER_POOL, ("cognito-idp:ListResourceServers",)),
    FacetName.GROUPS: (Holder.USER_POOL, ("cognito-idp:ListGroups",)),
    FacetName.LOG_DELIVERY: (Holder.USER_POOL, ("cognito-idp:GetLogDeliveryConfiguration",)),
    FacetName.SESSION_CONFIGURATION: (Holder.USER_POOL, ("cognito-idp:GetUserPoolSessionConfiguration",)),
    FacetName.REPLICAS: (Holder.USER_POOL, ("cognito-idp:ListUserPoolReplicas",)),
    FacetName.IMPORT_JOBS: (Holder.USER_POOL, ("cognito-idp:ListUserImportJobs",)),
    FacetName.WEB_ACL: (Holder.USER_POOL, ("wafv2:GetWebACLForResource",)),
    FacetName.APP_CLIENT: (Holder.APP_CLIENT, ("cognito-idp:DescribeUserPoolClient",)),
    FacetName.CLIENT_SECRETS: (Holder.APP_CLIENT, ("cognito-idp:ListUserPoolClientSecrets",)),
    FacetName.CLIENT_SESSION: (Holder.APP_CLIENT, ("cognito-idp:GetUserPoolClientSessionConfiguration",)),
    FacetName.CLIENT_RISK: (Holder.APP_CLIENT, ("cognito-idp:DescribeRiskConfiguration",)),
    FacetName.IDENTITY_PROVIDER: (Holder.IDENTITY_PROVIDER, ("cognito-idp:DescribeIdentityProvider",)),
    FacetName.DOMAIN: (Holder.DOMAIN, ("cognito-idp:DescribeUserPoolDomain",)),
    FacetName.IDENTITY_POOL: (Holder.IDENTITY_POOL, ("cognito-identity:DescribeIdentityPool",)),
    FacetName.IDENTITY_POOL_ROLES: (Holder.IDENTITY_POOL, ("cognito-identity:GetIdentityPoolRoles",)),
    FacetName.PRINCIPAL_TAGS: (Holder.IDENTITY_POOL, ("cognito-identity:GetPrincipalTagAttributeMap",)),
    FacetName.ROLE: (Holder.REFERENCE, ("iam:GetRole",)),
    FacetName.ROLE_POLICIES: (
        Holder.REFERENCE,
        (
            "iam:ListRolePolicies",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:GetPolicy",
            "iam:GetPolicyVersion",
            # It names the boundary, without which the policies say too much.
            "iam:GetRole",
        ),
    ),
    FacetName.FUNCTION: (Holder.REFERENCE, ("lambda:GetFunctionConfiguration",)),
    FacetName.FUNCTION_POLICY: (Holder.REFERENCE, ("lambda:GetPolicy",)),
    FacetName.EMAIL_ACCOUNT: (Holder.REFERENCE, ("sesv2:GetAccount",)),
    FacetName.EMAIL_IDENTITY: (Holder.REFERENCE, ("sesv2:GetEmailIdentity",)),
    FacetName.SMS_ACCOUNT: (Holder.REFERENCE, ("sns:GetSMSAttributes", "sns:GetSMSSandboxAccountStatus")),
    FacetName.END_USER_MESSAGING: (
        Holder.REFERENCE,
        (
            "pinpoint-sms-voice-v2:DescribeAccountAttributes",
            "pinpoint-sms-voice-v2:DescribeSpendLimits",
            "pinpoint-sms-voice-v2:DescribeProtectConfigurations",
        ),
    ),
    FacetName.CERTIFICATE: (Holder.REFERENCE, ("acm:DescribeCertificate",)),
    FacetName.KMS_KEY: (Holder.REFERENCE, ("kms:DescribeKey",)),
    FacetName.LOG_GROUP: (Holder.REFERENCE, ("logs:DescribeLogGroups",)),
    FacetName.WEB_ACL_LOGGING: (Holder.REFERENCE, ("wafv2:GetLoggingConfiguration",)),
    FacetName.REPLICA_WEB_ACL: (Holder.REFERENCE, ("wafv2:GetWebACLForResource",)),
}

_LISTS = frozenset(
    {
        FacetName.USER_POOLS,
        FacetName.IDENTITY_POOLS,
        FacetName.APP_CLIENTS,
        FacetName.IDENTITY_PROVIDERS,
    }
)

# Where IAM's name for a right differs from the API's for the operation, or one operation needs two.
_IAM_SERVICES = {
    "sesv2": "ses",
    "pinpoint-sms-voice-v2": "sms-voice",
    "service-quotas": "servicequotas",
}
_IAM_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "wafv2:GetWebACLForResource": ("wafv2:GetWebACLForResource", "cognito-idp:GetWebACLForResource"),
    # API Gateway's actions are HTTP methods.
    "apigateway:GetRestApis": ("apigateway:GET",),
    "apigateway:GetAuthorizers": ("apigateway:GET",),
    "apigateway:GetResources": ("apigateway:GET",),
    "apigatewayv2:GetApis": ("apigateway:GET",),
    "apigatewayv2:GetAuthorizers": ("apigateway:GET",),
    "apigatewayv2:GetRoutes": ("apigateway:GET",),
}


def iam_actions(operation: str) -> tuple[str, ...]:
    """Return the IAM actions that an API operation needs, both as `service:Name`."""
    service, _, name = operation.partition(":")
    return _IAM_ACTIONS.get(operation, (f"{_IAM_SERVICES.get(service, service)}:{name}",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One facet that could not be read in one run.

    `operation` is `service:Operation`, for instance `cognito-idp:GetUserPoolMfaConfig`; `message` is AWS's
    own text, shortened and free of secrets; `accepted` is the owner's reason to live with it, None where
    nobody gave one.
    """

    operation: str
    reason: Reason
    message: str
    accepted: str | None = None

    @property
    def iam_action(self) -> str:
        """The IAM action that allows the call, or the two that it takes, with a comma between them."""
        return ", ".join(iam_actions(self.operation))

    @property
    def is_off(self) -> bool:
        """Whether nothing is to mend: the region is off, the plan lacks the feature, or it is accepted."""
        return self.accepted is not None or self.reason in (Reason.REGION_OFF, Reason.NOT_IN_PLAN)


class NotCollectedError(Exception):
    """A rule asked for a facet that this run could not read; the engine turns it into UNKNOWN."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"{gap.operation}: {gap.reason.value}")
        self.gap = gap


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value and the time at which AWS answered it."""

    value: T
    at: datetime


@dataclass(frozen=True, slots=True)
class Facet(Generic[T]):
    """What one call answered in a run: its reading, or its gap with the last good reading beside it."""

    last_good: Reading[T] | None
    gap: Gap | None = None

    def __post_init__(self) -> None:
        """Refuse a facet that says nothing at all."""
        if self.gap is None and self.last_good is None:
            raise ValueError("a facet holds a reading or a gap")

    @classmethod
    def read(cls, value: T, at: datetime) -> "Facet[T]":
        """Make the facet of a call that was answered at `at`."""
        return cls(Reading(value, at))

    @classmethod
    def missing(cls, gap: Gap, last_good: Reading[T] | None = None) -> "Facet[T]":
        """Make the facet of a call that was not answered in this run."""
        return cls(last_good, gap)

    @property
    def value(self) -> T:
        """This run's value. Raises NotCollectedError where the run has a gap, however good the last value."""
        if self.gap is not None or self.last_good is None:
            raise NotCollectedError(self.gap or _NEVER)
        return self.last_good.value

    @property
    def known(self) -> T | None:
        """This run's value, None where it has a gap: for what a verdict may do without."""
        return self.last_good.value if self.gap is None and self.last_good is not None else None


_NEVER = Gap(operation="", reason=Reason.UNAVAILABLE, message="never read")
