"""Records and snapshots for tests: the defaults satisfy every rule, so a test names what differs."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from records.app_client import AppClient, RefreshTokenRotation
from records.delivery import (
    EmailAccount,
    EmailIdentity,
    EndUserMessaging,
    LogDestination,
    LogGroup,
    ProtectConfiguration,
    SmsAccount,
    SpendLimit,
)
from records.facet import Facet, FacetName, Gap, Holder, Reason
from records.federation import IdentityProvider, SamlMetadata, X509Certificate
from records.iam import Condition, NamedPolicy, PolicyDocument, Role, RolePolicies, Statement
from records.identity_pool import IdentityPool, IdentityPoolRoles, UserPoolProvider
from records.resource import Member, Scope
from records.snapshot import (
    AppClientSnapshot,
    DomainSnapshot,
    IdentityPoolSnapshot,
    IdentityProviderSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from records.surroundings import (
    AcmCertificate,
    Alarm,
    AlarmMetric,
    EventSelector,
    FieldSelector,
    LambdaFunction,
    Trail,
    WebAcl,
    WebAclLogging,
    WebAclRule,
)
from records.user_pool import (
    EmailConfiguration,
    MfaConfiguration,
    PasswordPolicy,
    RiskConfiguration,
    SmsConfiguration,
    TakeoverAction,
    UserPool,
)
from records.user_pool_parts import (
    ClientSecret,
    ClientSession,
    ResourceServer,
    SessionConfiguration,
    UserPoolDomain,
)

T = TypeVar("T")

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SCOPE = Scope(account_id="111122223333", region="eu-west-1")
USER_POOL_ID = "eu-west-1_a1B2c3D4e"
CLIENT_ID = "3n4b5urk1ft4fl3mg5e62d9ado"
IDENTITY_POOL_ID = "eu-west-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

_PASSWORD_POLICY = PasswordPolicy(
    minimum_length=12,
    requires_lowercase=True,
    requires_uppercase=True,
    requires_numbers=True,
    requires_symbols=True,
    history_size=None,
    temporary_password_days=7,
)
_USER_POOL = UserPool(
    user_pool_id=USER_POOL_ID,
    name="customers",
    created_at=NOW,
    modified_at=NOW,
    tier="PLUS",
    deletion_protection="ACTIVE",
    password_policy=_PASSWORD_POLICY,
    first_factors=frozenset({"PASSWORD", "WEB_AUTHN"}),
    threat_protection="ENFORCED",
    custom_auth_threat_protection="ENFORCED",
    admin_creates_users_only=True,
    auto_verified_attributes=frozenset({"email"}),
    alias_attributes=frozenset(),
    username_attributes=frozenset({"email"}),
    attributes_verified_before_update=frozenset({"email"}),
    is_username_case_sensitive=False,
    recovery_mechanisms=("verified_email",),
    device=None,
    email=EmailConfiguration(
        sending_account="DEVELOPER",
        source_arn="arn:aws:ses:eu-west-1:111122223333:identity/example.com",
        from_address="accounts@example.com",
        reply_to_address=None,
        configuration_set=None,
    ),
    email_failure=None,
    sms=None,
    sms_failure=None,
    triggers=(),
    custom_sender_kms_key_arn=None,
    schema_attributes=(),
    domain="customers",
    custom_domain=None,
    key_type="AWS_OWNED_KEY",
    kms_key_arn=None,
    issuer_type="ORIGINAL",
    dynamic_client_registration=None,
    acr_levels=(),
    tags=(("team", "identity"),),
    estimated_users=1200,
)
_MFA_CONFIGURATION = MfaConfiguration(
    mode="ON",
    has_sms=False,
    has_totp=True,
    has_email=False,
    relying_party_id=None,
    passkey_user_verification="required",
    passkey_factor="MULTI_FACTOR_WITH_USER_VERIFICATION",
)
_RISK_CONFIGURATION = RiskConfiguration(
    compromised_credentials_action="BLOCK",
    compromised_credentials_events=frozenset({"SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"}),
    low_risk=TakeoverAction(action="NO_ACTION", notifies_user=False),
    medium_risk=TakeoverAction(action="MFA_REQUIRED", notifies_user=True),
    high_risk=TakeoverAction(action="BLOCK", notifies_user=True),
    notification_source_arn="arn:aws:ses:eu-west-1:111122223333:identity/example.com",
    blocked_ip_ranges=(),
    skipped_ip_ranges=("203.0.113.0/24",),
    modified_at=NOW,
)
_APP_CLIENT = AppClient(
    client_id=CLIENT_ID,
    user_pool_id=USER_POOL_ID,
    name="shop-web",
    client_type="REGULAR",
    has_secret=False,
    created_at=NOW,
    modified_at=NOW,
    access_token_seconds=3600,
    id_token_seconds=3600,
    refresh_token_seconds=30 * 86400,
    # Rotation excludes ALLOW_REFRESH_TOKEN_AUTH.
    explicit_auth_flows=frozenset({"ALLOW_USER_SRP_AUTH"}),
    is_oauth_enabled=True,
    oauth_flows=frozenset({"code"}),
    oauth_scopes=frozenset({"openid", "email", "billing/read"}),
    callback_urls=("https://shop.example.com/signed-in",),
    logout_urls=("https://shop.example.com/",),
    default_redirect_uri=None,
    identity_providers=frozenset({"COGNITO", "Staff"}),
    read_attributes=frozenset({"email"}),
    write_attributes=frozenset({"email"}),
    prevent_user_existence_errors="ENABLED",
    is_token_revocation_enabled=True,
    propagates_user_context=False,
    auth_session_minutes=3,
    refresh_token_rotation=RefreshTokenRotation(is_enabled=True, grace_seconds=10),
    analytics=None,
)
_IDENTITY_POOL = IdentityPool(
    identity_pool_id=IDENTITY_POOL_ID,
    name="customers",
    allows_guest_access=False,
    allows_classic_flow=False,
    user_pool_providers=(
        UserPoolProvider(
            provider_name=f"cognito-idp.eu-west-1.amazonaws.com/{USER_POOL_ID}",
            client_id=CLIENT_ID,
            has_server_side_token_check=True,
        ),
    ),
    login_providers=(),
    developer_provider_name=None,
    openid_provider_arns=(),
    saml_provider_arns=(),
    tags=(("team", "identity"),),
)
_IDENTITY_POOL_ROLES = IdentityPoolRoles(
    authenticated_role_arn="arn:aws:iam::111122223333:role/customers",
    unauthenticated_role_arn=None,
    mappings=(),
)

EMAIL_IDENTITY_ARN = "arn:aws:ses:eu-west-1:111122223333:identity/example.com"
ROLE_ARN = "arn:aws:iam::111122223333:role/customers"
WEB_ACL_ARN = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/customers/5f2c"
CERTIFICATE_ARN = "arn:aws:acm:us-east-1:111122223333:certificate/0c1d2e3f"
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:sign-up-gate"
LOG_GROUP_ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:/customers/sign-in"

_WEB_ACL = WebAcl(
    arn=WEB_ACL_ARN,
    name="customers",
    default_action="Allow",
    rules=(
        WebAclRule(
            name="by-address",
            priority=1,
            kind="RateBased",
            action="Block",
            rate_limit=200,
            window_seconds=300,
            managed_group=None,
            rule_group_arn=None,
        ),
        WebAclRule(
            name="people-only",
            priority=2,
            kind="ByteMatch",
            action="Captcha",
            rate_limit=None,
            window_seconds=None,
            managed_group=None,
            rule_group_arn=None,
        ),
    ),
)
_DOMAIN = UserPoolDomain(
    name="login.example.com",
    user_pool_id=USER_POOL_ID,
    status="ACTIVE",
    is_custom=True,
    certificate_arn=CERTIFICATE_ARN,
    security_policy="TLS_V1_2_2021",
    managed_login_version=2,
    distribution="d111111abcdef8.cloudfront.net",
    failover_region=None,
)
_IDENTITY_PROVIDER = IdentityProvider(
    user_pool_id=USER_POOL_ID,
    name="Staff",
    type="OIDC",
    created_at=NOW,
    modified_at=NOW,
    attribute_mapping=(("email", "email"), ("username", "sub")),
    identifiers=(),
    endpoints=(("oidc_issuer", "https://id.example.com"),),
    scopes=("openid", "email"),
    client_id="poolwatch",
    has_client_secret=True,
    saml_metadata=None,
    allows_idp_initiated_sign_in=None,
    request_signing_algorithm=None,
    encrypts_responses=None,
    signs_out=None,
)
_TRAIL = Trail(
    arn="arn:aws:cloudtrail:eu-west-1:111122223333:trail/everything",
    name="everything",
    home_region="eu-west-1",
    is_multi_region=True,
    is_organization=False,
    is_logging=True,
    selectors=(
        EventSelector(
            name="management",
            fields=(FieldSelector(field="eventCategory", operator="Equals", values=("Management",)),),
        ),
        EventSelector(
            name="credentials",
            fields=(
                FieldSelector(field="eventCategory", operator="Equals", values=("Data",)),
                FieldSelector(
                    field="resources.type", operator="Equals", values=("AWS::Cognito::IdentityPool",)
                ),
            ),
        ),
    ),
)
_ALARM = Alarm(
    arn="arn:aws:cloudwatch:eu-west-1:111122223333:alarm:sign-in-throttles",
    name="sign-in-throttles",
    metrics=(
        AlarmMetric(
            namespace="AWS/Cognito", name="SignInThrottles", dimensions=(("UserPool", USER_POOL_ID),)
        ),
    ),
    has_actions=True,
    is_enabled=True,
)
_ROLE = Role(
    arn=ROLE_ARN,
    name="customers",
    created_at=NOW,
    trust=PolicyDocument(
        statements=(
            Statement(
                sid=None,
                effect="Allow",
                principals=(("Federated", "cognito-identity.amazonaws.com"),),
                not_principals=(),
                actions=("sts:AssumeRoleWithWebIdentity",),
                not_actions=(),
                resources=(),
                not_resources=(),
                conditions=(
                    Condition(
                        operator="StringEquals",
                        key="cognito-identity.amazonaws.com:aud",
                        values=(IDENTITY_POOL_ID,),
                    ),
                    Condition(
                        operator="ForAnyValue:StringLike",
                        key="cognito-identity.amazonaws.com:amr",
                        values=("authenticated",),
                    ),
                ),
            ),
        )
    ),
    boundary_arn=None,
    max_session_seconds=3600,
)
_STATEMENT = Statement(
    sid=None,
    effect="Allow",
    principals=(),
    not_principals=(),
    actions=("s3:GetObject",),
    not_actions=(),
    resources=("arn:aws:s3:::example-orders/${cognito-identity.amazonaws.com:sub}/*",),
    not_resources=(),
    conditions=(),
)
_CERTIFICATE = AcmCertificate(
    arn=CERTIFICATE_ARN,
    domain_name="login.example.com",
    status="ISSUED",
    type="AMAZON_ISSUED",
    not_before=NOW - timedelta(days=30),
    not_after=NOW + timedelta(days=300),
    renewal_eligibility="ELIGIBLE",
    renewal_status=None,
)

_EMAIL_ACCOUNT = EmailAccount(
    has_production_access=True,
    is_sending_enabled=True,
    enforcement_status="HEALTHY",
    daily_quota=50_000,
    per_second=14.0,
)
_EMAIL_IDENTITY = EmailIdentity(
    name="example.com",
    type="DOMAIN",
    is_verified_for_sending=True,
    verification_status="SUCCESS",
    dkim_status="SUCCESS",
    is_dkim_signing_enabled=True,
    mail_from_domain="mail.example.com",
    mail_from_status="SUCCESS",
    configuration_set=None,
)
_SMS_CONFIGURATION = SmsConfiguration(
    is_eum=False,
    caller_arn=ROLE_ARN,
    external_id="customers",
    region=None,
    origination_identity=None,
    configuration_set=None,
)
_SMS_ACCOUNT = SmsAccount(
    is_in_sandbox=False,
    monthly_spend_limit_usd=Decimal(200),
    default_sms_type="Transactional",
    has_delivery_logging=True,
)
_END_USER_MESSAGING = EndUserMessaging(
    tier="PRODUCTION",
    spend_limits=(
        SpendLimit(
            name="TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", enforced_usd=200, maximum_usd=5000, is_overridden=True
        ),
    ),
    protect_configurations=(
        ProtectConfiguration(
            arn="arn:aws:sms-voice:eu-west-1:111122223333:protect-configuration/protect-1",
            is_account_default=True,
            has_deletion_protection=True,
        ),
    ),
)
_FUNCTION = LambdaFunction(
    arn=FUNCTION_ARN,
    name="sign-up-gate",
    runtime="python3.13",
    package_type="Zip",
    role_arn=ROLE_ARN,
    state="Active",
    last_update_status="Successful",
)
_FUNCTION_POLICY = PolicyDocument(
    statements=(
        Statement(
            sid=None,
            effect="Allow",
            principals=(("Service", "cognito-idp.amazonaws.com"),),
            not_principals=(),
            actions=("lambda:InvokeFunction",),
            not_actions=(),
            resources=(FUNCTION_ARN,),
            not_resources=(),
            conditions=(
                Condition(
                    operator="ArnLike", key="aws:SourceArn", values=(SCOPE.user_pool_arn(USER_POOL_ID),)
                ),
            ),
        ),
    )
)
_SIGNING_CERTIFICATE = X509Certificate(
    fingerprint="5f" * 32,
    subject="CN=id.example.com",
    not_before=NOW - timedelta(days=30),
    not_after=NOW + timedelta(days=700),
)
_SAML_METADATA = SamlMetadata(
    entity_id="https://id.example.com",
    valid_until=NOW + timedelta(days=90),
    signing_certificates=(_SIGNING_CERTIFICATE,),
    problem=None,
)


def make_password_policy(**overrides: Any) -> PasswordPolicy:
    return dataclasses.replace(_PASSWORD_POLICY, **overrides)


def make_user_pool(**overrides: Any) -> UserPool:
    return dataclasses.replace(_USER_POOL, **overrides)


def make_mfa_configuration(**overrides: Any) -> MfaConfiguration:
    return dataclasses.replace(_MFA_CONFIGURATION, **overrides)


def make_risk_configuration(**overrides: Any) -> RiskConfiguration:
    return dataclasses.replace(_RISK_CONFIGURATION, **overrides)


def make_app_client(**overrides: Any) -> AppClient:
    return dataclasses.replace(_APP_CLIENT, **overrides)


def make_machine_client(**overrides: Any) -> AppClient:
    """Build a client that only takes tokens for itself."""
    machine: dict[str, Any] = {
        "name": "billing-job",
        "has_secret": True,
        "explicit_auth_flows": frozenset({"ALLOW_REFRESH_TOKEN_AUTH"}),
        "refresh_token_rotation": None,
        "oauth_flows": frozenset({"client_credentials"}),
        "oauth_scopes": frozenset({"billing/read"}),
        "callback_urls": (),
        "logout_urls": (),
        "identity_providers": frozenset(),
    }
    return make_app_client(**{**machine, **overrides})


def make_identity_pool(**overrides: Any) -> IdentityPool:
    return dataclasses.replace(_IDENTITY_POOL, **overrides)


def make_identity_pool_roles(**overrides: Any) -> IdentityPoolRoles:
    return dataclasses.replace(_IDENTITY_POOL_ROLES, **overrides)


def make_gap(operation: str = "cognito-idp:DescribeUserPool", reason: Reason = Reason.DENIED) -> Gap:
    return Gap(operation=operation, reason=reason, message="User is not authorized to perform this action")


def make_facet(outcome: T | Gap) -> Facet[T]:
    return Facet[T].missing(outcome) if isinstance(outcome, Gap) else Facet[T].read(outcome, NOW)


def make_web_acl(**overrides: Any) -> WebAcl:
    return dataclasses.replace(_WEB_ACL, **overrides)


def make_domain(**overrides: Any) -> UserPoolDomain:
    return dataclasses.replace(_DOMAIN, **overrides)


def make_identity_provider(**overrides: Any) -> IdentityProvider:
    return dataclasses.replace(_IDENTITY_PROVIDER, **overrides)


def make_trail(**overrides: Any) -> Trail:
    return dataclasses.replace(_TRAIL, **overrides)


def make_alarm(**overrides: Any) -> Alarm:
    return dataclasses.replace(_ALARM, **overrides)


def make_role(**overrides: Any) -> Role:
    return dataclasses.replace(_ROLE, **overrides)


def make_statement(**overrides: Any) -> Statement:
    return dataclasses.replace(_STATEMENT, **overrides)


def make_certificate(**overrides: Any) -> AcmCertificate:
    return dataclasses.replace(_CERTIFICATE, **overrides)


def make_email_account(**overrides: Any) -> EmailAccount:
    return dataclasses.replace(_EMAIL_ACCOUNT, **overrides)


def make_email_identity(**overrides: Any) -> EmailIdentity:
    return dataclasses.replace(_EMAIL_IDENTITY, **overrides)


def make_sms_configuration(**overrides: Any) -> SmsConfiguration:
    return dataclasses.replace(_SMS_CONFIGURATION, **overrides)


def make_sms_account(**overrides: Any) -> SmsAccount:
    return dataclasses.replace(_SMS_ACCOUNT, **overrides)


def make_end_user_messaging(**overrides: Any) -> EndUserMessaging:
    return dataclasses.replace(_END_USER_MESSAGING, **overrides)


def make_signing_certificate(**overrides: Any) -> X509Certificate:
    return dataclasses.replace(_SIGNING_CERTIFICATE, **overrides)


def make_saml_metadata(**overrides: Any) -> SamlMetadata:
    return dataclasses.replace(_SAML_METADATA, **overrides)


def make_role_policies(*statements: Statement, boundary: NamedPolicy | None = None) -> RolePolicies:
    """Build a role with one inline policy of these statements, or with a sound one."""
    document = PolicyDocument(statements=statements or (_STATEMENT,))
    return RolePolicies(
        inline=(NamedPolicy(name="own", arn=None, document=document),), attached=(), boundary=boundary
    )


def make_facets(holder: Holder, values: Mapping[FacetName, Any]) -> dict[FacetName, Facet[Any]]:
    """Build all facets of a holder; a gap stands for a call that was not answered."""
    assert {*values} == {*FacetName.of(holder)}
    return {name: make_facet(value) for name, value in values.items()}


def make_app_client_snapshot(
    settings: AppClient | Gap,
    number: int = 1,
    *,
    secrets: tuple[ClientSecret, ...] | Gap | None = None,
    session: ClientSession | Gap = ClientSession(sso_minutes=60),  # noqa: B008  (frozen)
    risk: RiskConfiguration | Gap | None = None,
) -> AppClientSnapshot:
    """Build an app client's snapshot; `number` tells clients apart that could not be read."""
    member = (
        Member(id=f"unread{number}", name=f"unread-{number}")
        if isinstance(settings, Gap)
        else Member(id=settings.client_id, name=settings.name)
    )
    if secrets is None:
        has_secret = isinstance(settings, AppClient) and settings.has_secret
        secrets = (ClientSecret(secret_id=f"{member.id}--1", created_at=NOW),) if has_secret else ()
    return AppClientSnapshot(
        arn=SCOPE.app_client_arn(USER_POOL_ID, member.id),
        member=member,
        facets=make_facets(
            Holder.APP_CLIENT,
            {
                FacetName.APP_CLIENT: settings,
                FacetName.CLIENT_SECRETS: secrets,
                FacetName.CLIENT_SESSION: session,
                FacetName.CLIENT_RISK: risk,
            },
        ),
    )


def make_identity_provider_snapshot(
    settings: IdentityProvider | Gap, number: int = 1
) -> IdentityProviderSnapshot:
    """Build an identity provider's snapshot; `number` tells those apart that could not be read."""
    name = f"Unread{number}" if isinstance(settings, Gap) else settings.name
    return IdentityProviderSnapshot(
        arn=SCOPE.identity_provider_arn(USER_POOL_ID, name),
        member=Member(id=name, name=name),
        facets=make_facets(Holder.IDENTITY_PROVIDER, {FacetName.IDENTITY_PROVIDER: settings}),
    )


def make_domain_snapshot(settings: UserPoolDomain | Gap, number: int = 1) -> DomainSnapshot:
    """Build a domain's snapshot; `number` tells those apart that could not be read."""
    name = f"unread-{number}" if isinstance(settings, Gap) else settings.name
    return DomainSnapshot(
        arn=SCOPE.domain_arn(USER_POOL_ID, name),
        member=Member(id=name, name=name),
        facets=make_facets(Holder.DOMAIN, {FacetName.DOMAIN: settings}),
    )


_USER_POOL_FACETS: Mapping[FacetName, Any] = {
    FacetName.RESOURCE_SERVERS: (
        ResourceServer(identifier="billing", name="Billing", scopes=("read",), managed_by=None),
    ),
    FacetName.GROUPS: (),
    FacetName.LOG_DELIVERY: (
        LogDestination(
            event_source="userAuthEvents",
            level="INFO",
            log_group_arn=LOG_GROUP_ARN,
            bucket_arn=None,
            stream_arn=None,
        ),
        LogDestination(
            event_source="userNotification",
            level="ERROR",
            log_group_arn=LOG_GROUP_ARN,
            bucket_arn=None,
            stream_arn=None,
        ),
    ),
    FacetName.SESSION_CONFIGURATION: SessionConfiguration(tracking="ENABLED", max_per_user=20),
    FacetName.REPLICAS: (),
    FacetName.IMPORT_JOBS: (),
    FacetName.WEB_ACL: _WEB_ACL,
}


def make_user_pool_snapshot(
    settings: UserPool | Gap = _USER_POOL,
    *,
    mfa: MfaConfiguration | Gap = _MFA_CONFIGURATION,
    risk: RiskConfiguration | Gap = _RISK_CONFIGURATION,
    clients: Sequence[AppClient | AppClientSnapshot | Gap] | Gap = (_APP_CLIENT,),
    identity_providers: Sequence[IdentityProvider | Gap] | Gap = (),
    domains: Sequence[UserPoolDomain | Gap] = (),
    more: Mapping[FacetName, Any] = {},
) -> UserPoolSnapshot:
    """Build a user pool's snapshot; a gap stands for a call that was not answered."""
    member = (
        Member(id=USER_POOL_ID, name="customers")
        if isinstance(settings, Gap)
        else Member(id=settings.user_pool_id, name=settings.name)
    )
    app_clients = tuple(
        client if isinstance(client, AppClientSnapshot) else make_app_client_snapshot(client, number)
        for number, client in enumerate(() if isinstance(clients, Gap) else clients, 1)
    )
    providers = tuple(
        make_identity_provider_snapshot(provider, number)
        for number, provider in enumerate(
            () if isinstance(identity_providers, Gap) else identity_providers, 1
        )
    )
    return UserPoolSnapshot(
        arn=SCOPE.user_pool_arn(member.id),
        scope=SCOPE,
        member=member,
        facets=make_facets(
            Holder.USER_POOL,
            {
                **_USER_POOL_FACETS,
                FacetName.USER_POOL: settings,
                FacetName.MFA_CONFIGURATION: mfa,
                FacetName.RISK_CONFIGURATION: risk,
                FacetName.APP_CLIENTS: _listed(clients, app_clients),
                FacetName.IDENTITY_PROVIDERS: _listed(identity_providers, providers),
                **more,
            },
        ),
        clients=app_clients,
        identity_providers=providers,
        domains=tuple(make_domain_snapshot(domain, number) for number, domain in enumerate(domains, 1)),
    )


def _listed(asked: Any, found: Sequence[Any]) -> Any:
    return asked if isinstance(asked, Gap) else tuple(each.member for each in found)


def make_identity_pool_snapshot(
    settings: IdentityPool | Gap = _IDENTITY_POOL,
    *,
    roles: IdentityPoolRoles | Gap = _IDENTITY_POOL_ROLES,
    more: Mapping[FacetName, Any] = {},
) -> IdentityPoolSnapshot:
    """Build an identity pool's snapshot; a gap stands for a call that was not answered."""
    member = (
        Member(id=IDENTITY_POOL_ID, name="customers")
        if isinstance(settings, Gap)
        else Member(id=settings.identity_pool_id, name=settings.name)
    )
    return IdentityPoolSnapshot(
        arn=SCOPE.identity_pool_arn(member.id),
        scope=SCOPE,
        member=member,
        facets=make_facets(
            Holder.IDENTITY_POOL,
            {
                FacetName.PRINCIPAL_TAGS: (),
                FacetName.IDENTITY_POOL: settings,
                FacetName.IDENTITY_POOL_ROLES: roles,
                **more,
            },
        ),
    )


_REGION_FACETS: Mapping[FacetName, Any] = {
    FacetName.PROVISIONED_LIMITS: (),
    FacetName.SERVICE_QUOTAS: (),
    FacetName.TRAILS: (_TRAIL,),
    FacetName.ALARMS: (_ALARM,),
    FacetName.REST_AUTHORIZERS: (),
    FacetName.HTTP_AUTHORIZERS: (),
}
# What the defaults of the builders point to.
_REFERENCES: Mapping[tuple[FacetName, str], Any] = {
    (FacetName.ROLE, ROLE_ARN): _ROLE,
    (FacetName.ROLE_POLICIES, ROLE_ARN): make_role_policies(),
    (FacetName.CERTIFICATE, CERTIFICATE_ARN): _CERTIFICATE,
    (FacetName.LOG_GROUP, LOG_GROUP_ARN): LogGroup(arn=LOG_GROUP_ARN, retention_days=365, kms_key_arn=None),
    (FacetName.FUNCTION, FUNCTION_ARN): _FUNCTION,
    (FacetName.FUNCTION_POLICY, FUNCTION_ARN): _FUNCTION_POLICY,
    (FacetName.EMAIL_IDENTITY, EMAIL_IDENTITY_ARN): _EMAIL_IDENTITY,
    (FacetName.EMAIL_ACCOUNT, SCOPE.email_account_arn): _EMAIL_ACCOUNT,
    (FacetName.SMS_ACCOUNT, SCOPE.sms_account_arn): _SMS_ACCOUNT,
    (FacetName.END_USER_MESSAGING, SCOPE.end_user_messaging_arn): _END_USER_MESSAGING,
    (FacetName.WEB_ACL_LOGGING, WEB_ACL_ARN): WebAclLogging(
        destination_arns=("arn:aws:logs:eu-west-1:111122223333:log-group:aws-waf-logs-customers",)
    ),
}


def make_region_snapshot(
    *,
    user_pools: Sequence[UserPoolSnapshot] | Gap = (),
    identity_pools: Sequence[IdentityPoolSnapshot] | Gap = (),
    scope: Scope = SCOPE,
    references: Mapping[tuple[FacetName, str], Any] = {},
    more: Mapping[FacetName, Any] = {},
) -> RegionSnapshot:
    """Build a region; a gap stands for a list, or another facet, that was not answered."""
    roles = {FacetName.WEB_IDENTITY_ROLES: more.get(FacetName.WEB_IDENTITY_ROLES, ())}
    read_user_pools = () if isinstance(user_pools, Gap) else tuple(user_pools)
    read_identity_pools = () if isinstance(identity_pools, Gap) else tuple(identity_pools)
    return RegionSnapshot(
        scope=scope,
        run_id=1,
        collected_at=NOW,
        facets=make_facets(
            Holder.REGION,
            {
                **_REGION_FACETS,
                FacetName.USER_POOLS: _listed(user_pools, read_user_pools),
                FacetName.IDENTITY_POOLS: _listed(identity_pools, read_identity_pools),
                **{name: each for name, each in more.items() if name not in roles},
            },
        )
        | make_facets(Holder.ACCOUNT, roles),
        user_pools=read_user_pools,
        identity_pools=read_identity_pools,
        references={key: make_facet(value) for key, value in {**_REFERENCES, **references}.items()},
    )


def make_snapshot(
    *,
    user_pools: Sequence[UserPoolSnapshot] | Gap = (),
    identity_pools: Sequence[IdentityPoolSnapshot] | Gap = (),
    references: Mapping[tuple[FacetName, str], Any] = {},
    more: Mapping[FacetName, Any] = {},
) -> Snapshot:
    """Build a snapshot of one region."""
    region = make_region_snapshot(
        user_pools=user_pools, identity_pools=identity_pools, references=references, more=more
    )
    return Snapshot(regions=(region,))
