"""What is known of the watched accounts: for each facet its latest value or gap."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from records.app_client import AppClient
from records.delivery import (
    EmailAccount,
    EmailIdentity,
    EndUserMessaging,
    LogDestination,
    LogGroup,
    SmsAccount,
)
from records.facet import Facet, FacetName, Gap, Reason
from records.federation import IdentityProvider
from records.iam import PolicyDocument, Role, RolePolicies
from records.identity_pool import IdentityPool, IdentityPoolRoles, PrincipalTags
from records.resource import Member, Scope
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

Facets = Mapping[FacetName, Facet[Any]]
References = Mapping[tuple[FacetName, str], Facet[Any]]
Members = tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holding:
    """A resource with its facets, all that its kind has."""

    arn: str
    member: Member
    facets: Facets


class AppClientSnapshot(_Holding):
    """One app client as its list call named it, and its facets."""

    __slots__ = ()

    @property
    def settings(self) -> Facet[AppClient]:
        """The app client itself."""
        return self.facets[FacetName.APP_CLIENT]

    @property
    def secrets(self) -> Facet[tuple[ClientSecret, ...]]:
        """Its secrets' ids and dates."""
        return self.facets[FacetName.CLIENT_SECRETS]

    @property
    def session(self) -> Facet[ClientSession]:
        """Its single sign-on session."""
        return self.facets[FacetName.CLIENT_SESSION]

    @property
    def risk(self) -> Facet[RiskConfiguration | None]:
        """Its own risk configuration, None where the user pool's is in force."""
        return self.facets[FacetName.CLIENT_RISK]


class IdentityProviderSnapshot(_Holding):
    """One identity provider as its list call named it, its name being its id, and its facet."""

    __slots__ = ()

    @property
    def settings(self) -> Facet[IdentityProvider]:
        """The identity provider itself."""
        return self.facets[FacetName.IDENTITY_PROVIDER]


class DomainSnapshot(_Holding):
    """One domain as the user pool names it, its name being its id, and its facet."""

    __slots__ = ()

    @property
    def settings(self) -> Facet[UserPoolDomain | None]:
        """The domain itself, None where AWS knows no such domain."""
        return self.facets[FacetName.DOMAIN]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPoolSnapshot(_Holding):
    """One user pool with its facets and what belongs to it.

    Where a list (or, for domains, the user pool's settings) is a gap, its members are those last known.
    """

    scope: Scope
    clients: tuple[AppClientSnapshot, ...]
    identity_providers: tuple[IdentityProviderSnapshot, ...]
    domains: tuple[DomainSnapshot, ...]

    @property
    def settings(self) -> Facet[UserPool]:
        """The user pool itself."""
        return self.facets[FacetName.USER_POOL]

    @property
    def mfa(self) -> Facet[MfaConfiguration]:
        """Its MFA configuration."""
        return self.facets[FacetName.MFA_CONFIGURATION]

    @property
    def risk(self) -> Facet[RiskConfiguration]:
        """The risk configuration of the whole user pool."""
        return self.facets[FacetName.RISK_CONFIGURATION]

    @property
    def client_list(self) -> Facet[Members]:
        """The list of its app clients."""
        return self.facets[FacetName.APP_CLIENTS]

    @property
    def identity_provider_list(self) -> Facet[Members]:
        """The list of its identity providers."""
        return self.facets[FacetName.IDENTITY_PROVIDERS]

    @property
    def resource_servers(self) -> Facet[tuple[ResourceServer, ...]]:
        """Its resource servers."""
        return self.facets[FacetName.RESOURCE_SERVERS]

    @property
    def groups(self) -> Facet[tuple[Group, ...]]:
        """Its groups."""
        return self.facets[FacetName.GROUPS]

    @property
    def log_delivery(self) -> Facet[tuple[LogDestination, ...]]:
        """Where its logs go."""
        return self.facets[FacetName.LOG_DELIVERY]

    @property
    def session(self) -> Facet[SessionConfiguration]:
        """Whether it keeps track of sessions."""
        return self.facets[FacetName.SESSION_CONFIGURATION]

    @property
    def replicas(self) -> Facet[tuple[Replica, ...]]:
        """Its copies in other regions, with the primary."""
        return self.facets[FacetName.REPLICAS]

    @property
    def import_jobs(self) -> Facet[tuple[ImportJob, ...]]:
        """Its jobs that import users."""
        return self.facets[FacetName.IMPORT_JOBS]

    @property
    def web_acl(self) -> Facet[WebAcl | None]:
        """The web ACL in front of it, None where there is none."""
        return self.facets[FacetName.WEB_ACL]

    @property
    def app_clients(self) -> tuple[AppClient, ...]:
        """All app clients. Raises NotCollectedError where the list or one of the clients was not read."""
        _ = self.client_list.value
        return tuple(client.settings.value for client in self.clients)

    def has_app_client(self, wanted: Callable[[AppClient], bool]) -> bool:
        """Whether some app client is wanted: one that was read proves it, only reading all disproves it.

        Raises NotCollectedError where neither is so.
        """
        read = (client.settings.value for client in self.clients if client.settings.gap is None)
        return any(map(wanted, read)) or any(map(wanted, self.app_clients))

    @property
    def allows_local_sign_in(self) -> bool:
        """Whether the user pool has users of its own, beside those of outside identity providers."""
        if self.settings.value.allows_self_sign_up:
            return True
        return self.has_app_client(lambda client: client.signs_in_locally)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPoolSnapshot(_Holding):
    """One identity pool with its facets."""

    scope: Scope

    @property
    def settings(self) -> Facet[IdentityPool]:
        """The identity pool itself."""
        return self.facets[FacetName.IDENTITY_POOL]

    @property
    def roles(self) -> Facet[IdentityPoolRoles]:
        """The roles that it hands out."""
        return self.facets[FacetName.IDENTITY_POOL_ROLES]

    @property
    def principal_tags(self) -> Facet[tuple[PrincipalTags, ...]]:
        """Which claims become tags, by identity provider."""
        return self.facets[FacetName.PRINCIPAL_TAGS]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSnapshot:
    """One region of one account as the run `run_id`, which ended at `collected_at`, left it.

    `references` holds what the region's pools point to, by facet and ARN, wherever that lies: roles,
    functions, certificates and so on. Their values are None where AWS has no such resource.
    """

    scope: Scope
    run_id: int
    collected_at: datetime
    facets: Facets
    user_pools: tuple[UserPoolSnapshot, ...]
    identity_pools: tuple[IdentityPoolSnapshot, ...]
    references: References
    _user_pools_by_id: Mapping[str, UserPoolSnapshot] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the user pools: identity pools name them by their ids."""
        object.__setattr__(self, "_user_pools_by_id", {each.member.id: each for each in self.user_pools})

    @property
    def user_pool_list(self) -> Facet[Members]:
        """The list of the region's user pools."""
        return self.facets[FacetName.USER_POOLS]

    @property
    def identity_pool_list(self) -> Facet[Members]:
        """The list of the region's identity pools."""
        return self.facets[FacetName.IDENTITY_POOLS]

    @property
    def provisioned_limits(self) -> Facet[tuple[ProvisionedLimit, ...]]:
        """The request rates that the account pays for, by category."""
        return self.facets[FacetName.PROVISIONED_LIMITS]

    @property
    def service_quotas(self) -> Facet[tuple[ServiceQuota, ...]]:
        """Cognito's quotas as they are set."""
        return self.facets[FacetName.SERVICE_QUOTAS]

    @property
    def trails(self) -> Facet[tuple[Trail, ...]]:
        """The CloudTrail trails that record the region."""
        return self.facets[FacetName.TRAILS]

    @property
    def alarms(self) -> Facet[tuple[Alarm, ...]]:
        """The alarms on metrics of Cognito and of what it uses."""
        return self.facets[FacetName.ALARMS]

    @property
    def rest_authorizers(self) -> Facet[tuple[ApiAuthorizer, ...]]:
        """The authorizers of REST APIs that trust user pools."""
        return self.facets[FacetName.REST_AUTHORIZERS]

    @property
    def http_authorizers(self) -> Facet[tuple[ApiAuthorizer, ...]]:
        """The authorizers of HTTP APIs that trust user pools."""
        return self.facets[FacetName.HTTP_AUTHORIZERS]

    @property
    def web_identity_roles(self) -> Facet[tuple[Role, ...]]:
        """The roles of the account that name identity pools, in the one region of the run that has them."""
        name = FacetName.WEB_IDENTITY_ROLES
        try:
            return self.facets[name]
        except KeyError:
            # Another region of the run has it; in a run that could not sign in, none has.
            gap = self.user_pool_list.gap or Gap(
                operation=name.operation, reason=Reason.UNAVAILABLE, message="was not read in this run"
            )
            return Facet.missing(gap)

    @property
    def is_off(self) -> bool:
        """Whether the account has not enabled this opt-in region, so that it can hold nothing."""
        gaps = (self.user_pool_list.gap, self.identity_pool_list.gap)
        return all(gap is not None and gap.reason is Reason.REGION_OFF for gap in gaps)

    def user_pool(self, user_pool_id: str) -> UserPoolSnapshot | None:
        """Return a user pool by its id, None where `user_pools` has none of that id."""
        return self._user_pools_by_id.get(user_pool_id)

    def role(self, arn: str) -> Facet[Role | None]:
        """Return an IAM role, with its trust policy."""
        return self._reference(FacetName.ROLE, arn)

    def role_policies(self, arn: str) -> Facet[RolePolicies | None]:
        """Return what an IAM role may do."""
        return self._reference(FacetName.ROLE_POLICIES, arn)

    def function(self, arn: str) -> Facet[LambdaFunction | None]:
        """Return a Lambda function, by its ARN with version or alias as the user pool names it."""
        return self._reference(FacetName.FUNCTION, arn)

    def function_policy(self, arn: str) -> Facet[PolicyDocument | None]:
        """Return who may call a Lambda function; None where it has no policy, or there is no function."""
        return self._reference(FacetName.FUNCTION_POLICY, arn)

    def email_account(self, arn: str) -> Facet[EmailAccount]:
        """Return Amazon SES in one account and region, by `Scope.email_account_arn`."""
        return self._reference(FacetName.EMAIL_ACCOUNT, arn)

    def email_identity(self, arn: str) -> Facet[EmailIdentity | None]:
        """Return an identity of Amazon SES."""
        return self._reference(FacetName.EMAIL_IDENTITY, arn)

    def sms_account(self, arn: str) -> Facet[SmsAccount]:
        """Return Amazon SNS's SMS settings, by `Scope.sms_account_arn`."""
        return self._reference(FacetName.SMS_ACCOUNT, arn)

    def end_user_messaging(self, arn: str) -> Facet[EndUserMessaging]:
        """Return AWS End User Messaging's settings, by `Scope.end_user_messaging_arn`."""
        return self._reference(FacetName.END_USER_MESSAGING, arn)

    def certificate(self, arn: str) -> Facet[AcmCertificate | None]:
        """Return a certificate of AWS Certificate Manager."""
        return self._reference(FacetName.CERTIFICATE, arn)

    def kms_key(self, arn: str) -> Facet[KmsKey | None]:
        """Return a KMS key."""
        return self._reference(FacetName.KMS_KEY, arn)

    def log_group(self, arn: str) -> Facet[LogGroup | None]:
        """Return a CloudWatch Logs group, by its ARN without `:*`."""
        return self._reference(FacetName.LOG_GROUP, arn)

    def web_acl_logging(self, arn: str) -> Facet[WebAclLogging | None]:
        """Return where a web ACL's log goes, None where it keeps none."""
        return self._reference(FacetName.WEB_ACL_LOGGING, arn)

    def replica_web_acl(self, replica_arn: str) -> Facet[WebAcl | None]:
        """Return the web ACL in front of a user pool's replica, None where there is none."""
        return self._reference(FacetName.REPLICA_WEB_ACL, replica_arn)

    def _reference(self, name: FacetName, arn: str) -> Facet[Any]:
        found = self.references.get((name, arn))
        return found or Facet.missing(
            Gap(operation=name.operation, reason=Reason.UNAVAILABLE, message="was not read in this run")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Every region that was read, ordered by account and region."""

    regions: tuple[RegionSnapshot, ...]

    @property
    def user_pools(self) -> Iterator[UserPoolSnapshot]:
        """The user pools of all regions."""
        return (pool for region in self.regions for pool in region.user_pools)

    @property
    def identity_pools(self) -> Iterator[IdentityPoolSnapshot]:
        """The identity pools of all regions."""
        return (pool for region in self.regions for pool in region.identity_pools)

    def account_roles(self, scope: Scope) -> tuple[RegionSnapshot, Facet[tuple[Role, ...]]]:
        """Return the newest list of an account's roles that name identity pools, with where it stands.

        It is a gap where none was read. Raises LookupError where the snapshot has no region of the account.
        """
        place = (scope.partition, scope.account_id)
        own = [each for each in self.regions if (each.scope.partition, each.scope.account_id) == place]
        newest = max(
            own, key=lambda each: (each.run_id, FacetName.WEB_IDENTITY_ROLES in each.facets), default=None
        )
        if newest is None:
            raise LookupError("the snapshot has no region of the account")
        return newest, newest.web_identity_roles

    @property
    def facets(self) -> Iterator[tuple[Scope, str, FacetName, Facet[Any]]]:
        """Every facet with its scope, its resource's ARN and its name."""
        for region in self.regions:
            for arn, name, facet in _facets(region):
                yield region.scope, arn, name, facet


def _facets(region: RegionSnapshot) -> Iterator[tuple[str, FacetName, Facet[Any]]]:
    for name, facet in region.facets.items():
        yield region.scope.facet_arn(name), name, facet
    for pool in region.user_pools:
        for holding in (pool, *pool.clients, *pool.identity_providers, *pool.domains):
            yield from ((holding.arn, name, facet) for name, facet in holding.facets.items())
    for identity_pool in region.identity_pools:
        yield from ((identity_pool.arn, name, facet) for name, facet in identity_pool.facets.items())
    for (name, arn), facet in region.references.items():
        yield arn, name, facet
