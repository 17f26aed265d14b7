"""What the store must know of each facet: what its answer becomes, and what names its resource."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import GenericAlias, NoneType, UnionType
from typing import Any, get_args

from records.app_client import AppClient
from records.delivery import (
    EmailAccount,
    EmailIdentity,
    EndUserMessaging,
    LogDestination,
    LogGroup,
    SmsAccount,
)
from records.facet import FacetName, Holder
from records.federation import IdentityProvider
from records.iam import PolicyDocument, Role, RolePolicies
from records.identity_pool import IdentityPool, IdentityPoolRoles, PrincipalTags
from records.resource import Member
from records.surroundings import (
    AcmCertificate,
    Alarm,
    ApiAuthorizer,
    KmsKey,
    LambdaFunction,
    ServiceQuota,
    Trail,
    WebAcl,
    WebAclLogging,
)
from records.user_pool import MfaConfiguration, RiskConfiguration, UserPool
from records.user_pool_parts import (
    ClientSecret,
    ClientSession,
    Group,
    ImportJob,
    ProvisionedLimit,
    Replica,
    ResourceServer,
    SessionConfiguration,
    UserPoolDomain,
)

Members = tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetKind:
    """What a facet's answer becomes: a `record`, a tuple of them, or perhaps None: AWS has none.

    `annotation` says the same to the codec; `volatile` are the record's members that are usage samples and
    make no new version.
    """

    annotation: Any
    record: type
    is_list: bool
    is_optional: bool
    volatile: tuple[str, ...]

    def __str__(self) -> str:
        """Name what the answer becomes, as errors tell it."""
        if self.is_list:
            return f"tuple of {self.record.__name__}"
        return f"{self.record.__name__} or None" if self.is_optional else self.record.__name__

    def fits(self, value: object) -> bool:
        """Whether the value is what the facet's answer becomes."""
        if self.is_list:
            return type(value) is tuple and all(type(each) is self.record for each in value)
        return type(value) is self.record or (value is None and self.is_optional)


def _kind(annotation: type | GenericAlias | UnionType) -> FacetKind:
    """Read a kind off its type: `Record`, `tuple[Record, ...]` or `Record | None`."""
    record = next(each for each in (*get_args(annotation), annotation) if isinstance(each, type))
    is_list = isinstance(annotation, GenericAlias)
    return FacetKind(
        annotation=annotation,
        record=record,
        is_list=is_list,
        is_optional=NoneType in get_args(annotation),
        volatile=()
        if is_list
        else tuple(each.name for each in fields(record) if each.metadata.get("volatile")),
    )


KINDS: Mapping[FacetName, FacetKind] = {
    name: _kind(annotation)
    for name, annotation in {
        FacetName.USER_POOLS: Members,
        FacetName.IDENTITY_POOLS: Members,
        FacetName.PROVISIONED_LIMITS: tuple[ProvisionedLimit, ...],
        FacetName.SERVICE_QUOTAS: tuple[ServiceQuota, ...],
        FacetName.TRAILS: tuple[Trail, ...],
        FacetName.ALARMS: tuple[Alarm, ...],
        FacetName.REST_AUTHORIZERS: tuple[ApiAuthorizer, ...],
        FacetName.HTTP_AUTHORIZERS: tuple[ApiAuthorizer, ...],
        FacetName.WEB_IDENTITY_ROLES: tuple[Role, ...],
        FacetName.USER_POOL: UserPool,
        FacetName.MFA_CONFIGURATION: MfaConfiguration,
        FacetName.RISK_CONFIGURATION: RiskConfiguration,
        FacetName.APP_CLIENTS: Members,
        FacetName.IDENTITY_PROVIDERS: Members,
        FacetName.RESOURCE_SERVERS: tuple[ResourceServer, ...],
        FacetName.GROUPS: tuple[Group, ...],
        FacetName.LOG_DELIVERY: tuple[LogDestination, ...],
        FacetName.SESSION_CONFIGURATION: SessionConfiguration,
        FacetName.REPLICAS: tuple[Replica, ...],
        FacetName.IMPORT_JOBS: tuple[ImportJob, ...],
        FacetName.WEB_ACL: WebAcl | None,
        FacetName.APP_CLIENT: AppClient,
        FacetName.CLIENT_SECRETS: tuple[ClientSecret, ...],
        FacetName.CLIENT_SESSION: ClientSession,
        FacetName.CLIENT_RISK: RiskConfiguration | None,
        FacetName.IDENTITY_PROVIDER: IdentityProvider,
        FacetName.DOMAIN: UserPoolDomain | None,
        FacetName.IDENTITY_POOL: IdentityPool,
        FacetName.IDENTITY_POOL_ROLES: IdentityPoolRoles,
        FacetName.PRINCIPAL_TAGS: tuple[PrincipalTags, ...],
        FacetName.ROLE: Role | None,
        FacetName.ROLE_POLICIES: RolePolicies | None,
        FacetName.FUNCTION: LambdaFunction | None,
        FacetName.FUNCTION_POLICY: PolicyDocument | None,
        FacetName.EMAIL_ACCOUNT: EmailAccount,
        FacetName.EMAIL_IDENTITY: EmailIdentity | None,
        FacetName.SMS_ACCOUNT: SmsAccount,
        FacetName.END_USER_MESSAGING: EndUserMessaging,
        FacetName.CERTIFICATE: AcmCertificate | None,
        FacetName.KMS_KEY: KmsKey | None,
        FacetName.LOG_GROUP: LogGroup | None,
        FacetName.WEB_ACL_LOGGING: WebAclLogging | None,
        FacetName.REPLICA_WEB_ACL: WebAcl | None,
    }.items()
}

# The facet that names the resources of each kind: a list, and for domains the user pool's settings.
NAMED_BY: Mapping[Holder, FacetName] = {
    Holder.USER_POOL: FacetName.USER_POOLS,
    Holder.IDENTITY_POOL: FacetName.IDENTITY_POOLS,
    Holder.APP_CLIENT: FacetName.APP_CLIENTS,
    Holder.IDENTITY_PROVIDER: FacetName.IDENTITY_PROVIDERS,
    Holder.DOMAIN: FacetName.USER_POOL,
}


def named_domains(settings: UserPool) -> Members:
    """Return the domains that a user pool names: Cognito's and its own."""
    names = (settings.domain, settings.custom_domain)
    return tuple(Member(id=name, name=name) for name in names if name is not None)
