"""What there is to read of an account: every facet as a read, and the reads that follow from its value."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from collectors import (
    alarms,
    app_clients,
    authorizers,
    client_parts,
    federation,
    identity_pools,
    limits,
    roles,
    trails,
    user_pool_parts,
    user_pools,
    web_acls,
)
from collectors.clients import Account
from poolwatch.read import UNKNOWN, Read
from poolwatch.references import References
from records.facet import FacetName, Gap, Reason
from records.identity_pool import IdentityPool, IdentityPoolRoles
from records.resource import Member, Resource, ResourceType, Scope
from records.user_pool import RiskConfiguration, UserPool
from records.user_pool_parts import Group


def region_reads(accounts: Mapping[str, Account], scope: Scope, *, is_first: bool = False) -> Iterator[Read]:
    """Yield the reads of a region, from which all others follow; `accounts` are those of the run, by id.

    The account's first region also has what the account has once.
    """
    return _Region(accounts, scope).lists(is_first=is_first)


def resource_reads(accounts: Mapping[str, Account], resource: Resource) -> Iterator[Read]:
    """Yield the reads of one resource, with those of the user pool that it belongs to."""
    return _Region(accounts, resource.scope).of_resource(resource)


class _Region:
    """The reads of one account in one region."""

    def __init__(self, accounts: Mapping[str, Account], scope: Scope) -> None:
        self._scope = scope
        self._account = accounts[scope.account_id]
        self._references = References(accounts, scope)

    def _client(self, service: str) -> Any:
        return self._account.client(service, self._scope.region)

    def lists(self, *, is_first: bool) -> Iterator[Read]:
        once = (self._web_identity_roles(),) if is_first else ()

        def members_of(
            facet: FacetName, call: Callable[[], object], reads: Callable[[str], Iterable[Read]]
        ) -> Read:
            read = self._of_region(
                facet, call, then=lambda members: chain(once, self._members(members, reads))
            )
            # IAM answers where the region is off; where the lists are refused, roles alone tell little.
            return replace(read, despite=lambda gap: once if gap.reason is Reason.REGION_OFF else ())

        yield members_of(
            FacetName.USER_POOLS,
            lambda: user_pools.collect_user_pool_list(self._client("cognito-idp")),
            self._user_pool,
        )
        yield members_of(
            FacetName.IDENTITY_POOLS,
            lambda: identity_pools.collect_identity_pool_list(self._client("cognito-identity")),
            self._identity_pool,
        )

    def _web_identity_roles(self) -> Read:
        facet = FacetName.WEB_IDENTITY_ROLES
        read = self._of_region(facet, lambda: roles.collect_web_identity_roles(self._account.iam))
        return replace(read, region=self._account.global_region)

    def of_resource(self, resource: Resource) -> Iterator[Read]:
        pool_id, part = resource.pool_id, resource.part or ""
        match resource.type:
            case ResourceType.IDENTITY_POOL:
                yield from self._identity_pool(pool_id)
            case ResourceType.APP_CLIENT:
                yield from self._user_pool(pool_id, also=part)
            case ResourceType.IDENTITY_PROVIDER:
                yield self._identity_provider(pool_id, part)
                yield from self._user_pool(pool_id)
            case ResourceType.DOMAIN:
                yield self._domain(pool_id, part)
                yield from self._user_pool(pool_id)
            case _:
                yield from self._user_pool(pool_id)
        yield from self._surroundings()

    def _members(self, members: tuple[Member, ...], reads: Callable[[str], Iterable[Read]]) -> Iterator[Read]:
        if members:
            yield from self._surroundings()
        yield from chain.from_iterable(reads(member.id) for member in members)

    def _surroundings(self) -> Iterator[Read]:
        """Yield what is the region's own, which matters only where there is a pool."""
        idp, client, region = partial(self._client, "cognito-idp"), self._client, self._scope.region
        calls: Mapping[FacetName, Callable[[], object]] = {
            FacetName.PROVISIONED_LIMITS: lambda: limits.collect_provisioned_limits(idp()),
            FacetName.SERVICE_QUOTAS: lambda: limits.collect_service_quotas(client("service-quotas")),
            FacetName.TRAILS: lambda: trails.collect_trails(
                partial(self._account.client, "cloudtrail"), region
            ),
            FacetName.ALARMS: lambda: alarms.collect_alarms(client("cloudwatch")),
            FacetName.REST_AUTHORIZERS: lambda: authorizers.collect_rest_authorizers(client("apigateway")),
            FacetName.HTTP_AUTHORIZERS: lambda: authorizers.collect_http_authorizers(client("apigatewayv2")),
        }
        yield from (self._of_region(facet, call) for facet, call in calls.items())

    def _of_region(
        self,
        facet: FacetName,
        call: Callable[[], object],
        then: Callable[[Any], Iterable[Read]] = lambda _value: (),
    ) -> Read:
        return self._read(facet, self._scope.facet_arn(facet), group="", call=call, then=then)

    def _read(self, facet: FacetName, arn: str, *, group: str, **more: Any) -> Read:
        return Read(
            scope=self._scope,
            arn=arn,
            facet=facet,
            account_id=self._scope.account_id,
            region=self._scope.region,
            group=group,
            **more,
        )

    def _user_pool(self, pool_id: str, also: str | None = None) -> Iterator[Read]:
        """Yield a user pool's reads; `also` is an app client to read whether or not the list names it."""
        idp, clients = partial(self._client, "cognito-idp"), _Clients(self, pool_id, also)
        arn = self._scope.user_pool_arn(pool_id)

        def read(facet: FacetName, collect: Callable[[Any, str], object], **more: Any) -> Read:
            return self._read(facet, arn, group=pool_id, call=lambda: collect(idp(), pool_id), **more)

        def behind(pool: UserPool | None) -> Iterator[Read]:
            yield from clients.with_settings(pool)
            yield read(
                FacetName.SESSION_CONFIGURATION,
                user_pool_parts.collect_session_configuration,
                **_unless_lite(FacetName.SESSION_CONFIGURATION, pool),
            )
            yield read(
                FacetName.REPLICAS,
                user_pool_parts.collect_replicas,
                then=lambda found: chain.from_iterable(map(self._references.replica_web_acl, found)),
                **_unless_lite(FacetName.REPLICAS, pool),
            )
            if pool is not None:
                yield from self._behind_user_pool(pool)

        yield read(
            FacetName.USER_POOL,
            user_pools.collect_user_pool,
            then=behind,
            despite=lambda _gap: behind(None),
        )
        yield read(FacetName.MFA_CONFIGURATION, user_pools.collect_mfa_configuration)
        yield read(
            FacetName.RISK_CONFIGURATION,
            user_pools.collect_risk_configuration,
            instead=dict.fromkeys(user_pools.THREAT_PROTECTION_IS_OFF, user_pools.NOTHING_SET),
            then=self._behind_risk,
        )
        yield from clients.first()
        yield read(FacetName.APP_CLIENTS, app_clients.collect_app_client_list, then=clients.with_members)
        yield read(
            FacetName.IDENTITY_PROVIDERS,
            federation.collect_identity_provider_list,
            then=lambda members: (self._identity_provider(pool_id, each.id) for each in members),
        )
        yield read(FacetName.RESOURCE_SERVERS, user_pool_parts.collect_resource_servers)
        yield read(FacetName.GROUPS, user_pool_parts.collect_groups, then=self._behind_groups)
        yield read(
            FacetName.LOG_DELIVERY, user_pool_parts.collect_log_delivery, then=self._references.log_groups
        )
        yield read(FacetName.IMPORT_JOBS, user_pool_parts.collect_import_jobs)
        yield self._read(
            FacetName.WEB_ACL,
            arn,
            group=pool_id,
            call=lambda: web_acls.collect_web_acl(self._client("wafv2"), arn),
            then=self._references.web_acl_logging,
        )

    def _behind_user_pool(self, pool: UserPool) -> Iterator[Read]:
        pool_id = pool.user_pool_id
        # The custom domain goes first, for it has a certificate.
        yield from (self._domain(pool_id, name) for name in (pool.custom_domain, pool.domain) if name)
        for function_arn in dict.fromkeys(trigger.function_arn for trigger in pool.triggers):
            yield from self._references.function(function_arn)
        for key_arn in dict.fromkeys((pool.kms_key_arn, pool.custom_sender_kms_key_arn)):
            if key_arn:
                yield self._references.kms_key(key_arn)
        if pool.email is not None and pool.email.source_arn:
            yield from self._references.email(pool.email.source_arn)
        if pool.sms is not None:
            yield from self._references.sms(pool.sms)

    def _behind_risk(self, risk: RiskConfiguration) -> Iterator[Read]:
        if risk.notification_source_arn:
            yield from self._references.email(risk.notification_source_arn)

    def _behind_groups(self, groups: tuple[Group, ...]) -> Iterator[Read]:
        return self._references.roles(group.role_arn for group in groups)

    def app_client(self, pool_id: str, client_id: str) -> Iterator[Read]:
        """Yield an app client's reads, save those that depend on the user pool's settings."""
        read = partial(self.read_client, pool_id, client_id)
        yield read(FacetName.APP_CLIENT, app_clients.collect_app_client)
        yield read(FacetName.CLIENT_SECRETS, client_parts.collect_client_secrets)

    def app_client_by_plan(self, pool_id: str, client_id: str, pool: UserPool | None) -> Iterator[Read]:
        """Yield an app client's reads that depend on its user pool's settings; None if they are unknown."""
        read = partial(self.read_client, pool_id, client_id)
        yield read(
            FacetName.CLIENT_SESSION,
            client_parts.collect_client_session,
            **_unless_lite(FacetName.CLIENT_SESSION, pool),
        )
        has_no_risk = pool is not None and pool.is_threat_protection_off
        yield read(
            FacetName.CLIENT_RISK,
            client_parts.collect_client_risk,
            instead=dict.fromkeys(user_pools.THREAT_PROTECTION_IS_OFF),
            then=lambda risk: () if risk is None else self._behind_risk(risk),
            # Without threat protection no risk configuration is in force, be it a user pool's or a client's.
            **({"known": None} if has_no_risk else {}),
        )

    def read_client(
        self,
        pool_id: str,
        client_id: str,
        facet: FacetName,
        collect: Callable[[Any, str, str], object],
        **more: Any,
    ) -> Read:
        """Return one read of an app client."""
        return self._read(
            facet,
            self._scope.app_client_arn(pool_id, client_id),
            group=pool_id,
            call=lambda: collect(self._client("cognito-idp"), pool_id, client_id),
            **more,
        )

    def _identity_provider(self, pool_id: str, name: str) -> Read:
        return self._read(
            FacetName.IDENTITY_PROVIDER,
            self._scope.identity_provider_arn(pool_id, name),
            group=pool_id,
            call=lambda: federation.collect_identity_provider(self._client("cognito-idp"), pool_id, name),
        )

    def _domain(self, pool_id: str, name: str) -> Read:
        return self._read(
            FacetName.DOMAIN,
            self._scope.domain_arn(pool_id, name),
            group=pool_id,
            call=lambda: user_pool_parts.collect_domain(self._client("cognito-idp"), name, pool_id),
            instead=dict.fromkeys(user_pool_parts.NO_SUCH_DOMAIN),
            then=self._references.certificate,
        )

    def _identity_pool(self, pool_id: str) -> Iterator[Read]:
        identity = partial(self._client, "cognito-identity")
        read = partial(self._read, arn=self._scope.identity_pool_arn(pool_id), group=pool_id)

        def tags(pool: IdentityPool) -> Iterator[Read]:
            providers = _token_issuers(pool)
            yield read(
                FacetName.PRINCIPAL_TAGS,
                call=lambda: identity_pools.collect_principal_tags(identity(), pool_id, providers),
                known=UNKNOWN if providers else (),
            )

        def no_tags(gap: Gap) -> Iterator[Read]:
            # Nobody knows which identity providers to ask about.
            yield read(FacetName.PRINCIPAL_TAGS, known=gap)

        yield read(
            FacetName.IDENTITY_POOL,
            call=lambda: identity_pools.collect_identity_pool(identity(), pool_id),
            then=tags,
            despite=no_tags,
        )
        yield read(
            FacetName.IDENTITY_POOL_ROLES,
            call=lambda: identity_pools.collect_identity_pool_roles(identity(), pool_id),
            then=self._behind_identity_pool_roles,
        )

    def _behind_identity_pool_roles(self, handed_out: IdentityPoolRoles) -> Iterator[Read]:
        mapped = (rule.role_arn for mapping in handed_out.mappings for rule in mapping.rules)
        return self._references.roles(
            (handed_out.authenticated_role_arn, handed_out.unauthenticated_role_arn, *mapped)
        )


class _Clients:
    """The app clients of one user pool: part of their reads waits for the user pool's settings."""

    def __init__(self, region: _Region, pool_id: str, also: str | None) -> None:
        self._region = region
        self._pool_id = pool_id
        self._also = also
        self._lock = threading.Lock()
        self._waiting: list[str] | None = []
        self._pool: UserPool | None = None

    def first(self) -> Iterator[Read]:
        """Yield the reads of the app client that is wanted whether or not the list names it."""
        return self._of((self._also,) if self._also else ())

    def with_members(self, members: tuple[Member, ...]) -> Iterator[Read]:
        """Yield the reads of the app clients that the list names."""
        return self._of(tuple(member.id for member in members if member.id != self._also))

    def with_settings(self, pool: UserPool | None) -> Iterator[Read]:
        """Yield the reads that waited for the user pool's settings; None where those were not read."""
        with self._lock:
            waiting, self._waiting, self._pool = self._waiting or [], None, pool
        for client_id in waiting:
            yield from self._region.app_client_by_plan(self._pool_id, client_id, pool)

    def _of(self, client_ids: tuple[str, ...]) -> Iterator[Read]:
        for client_id in client_ids:
            yield from self._region.app_client(self._pool_id, client_id)
        with self._lock:
            if self._waiting is not None:
                self._waiting.extend(client_ids)
                return
        for client_id in client_ids:
            yield from self._region.app_client_by_plan(self._pool_id, client_id, self._pool)


def _unless_lite(facet: FacetName, pool: UserPool | None) -> Mapping[str, object]:
    """Return what is known of a facet without a call: that a user pool on the Lite plan does not have it."""
    if pool is None or pool.tier != "LITE":
        return {}
    message = "it comes with the Essentials plan, and the user pool is on Lite"
    return {"known": Gap(operation=facet.operation, reason=Reason.NOT_IN_PLAN, message=message)}


def _token_issuers(pool: IdentityPool) -> tuple[str, ...]:
    """Return the names of the identity providers whose tokens the identity pool takes."""
    names = (
        *(provider.provider_name for provider in pool.user_pool_providers),
        *(name for name, _ in pool.login_providers),
        *pool.openid_provider_arns,
        *pool.saml_provider_arns,
    )
    return tuple(sorted(set(names)))
