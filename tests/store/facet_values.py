"""A value of every facet, filled to the last member, so that nothing can get lost unseen."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

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
from records.facet import FacetName
from records.federation import IdentityProvider, SamlMetadata, X509Certificate
from records.iam import Condition, NamedPolicy, PolicyDocument, Role, RolePolicies, Statement
from records.identity_pool import PrincipalTags
from records.resource import Member
from records.surroundings import (
    AcmCertificate,
    Alarm,
    AlarmMetric,
    ApiAuthorizer,
    ApiMethod,
    EventSelector,
    FieldSelector,
    KmsKey,
    LambdaFunction,
    ServiceQuota,
    Trail,
    WebAcl,
    WebAclLogging,
    WebAclRule,
)
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
from tests.builders import (
    NOW,
    USER_POOL_ID,
    make_app_client,
    make_identity_pool,
    make_identity_pool_roles,
    make_mfa_configuration,
    make_risk_configuration,
    make_user_pool,
)

MEMBERS = (Member(id="a", name="one"), Member(id="b", name="two"))
_ACCOUNT = "eu-west-1:111122223333"
_YEAR = timedelta(days=365)
_TRUST = PolicyDocument(
    statements=(
        Statement(
            sid="Trust",
            effect="Allow",
            principals=(("Federated", "cognito-identity.amazonaws.com"),),
            not_principals=(),
            actions=("sts:AssumeRoleWithWebIdentity",),
            not_actions=(),
            resources=(),
            not_resources=(),
            conditions=(
                Condition(
                    operator="StringEquals", key="cognito-identity.amazonaws.com:aud", values=("eu-west-1:1",)
                ),
            ),
        ),
    )
)
_POLICY = NamedPolicy(name="mail", arn="arn:aws:iam::aws:policy/mail", document=_TRUST)
_WEB_ACL = WebAcl(
    arn=f"arn:aws:wafv2:{_ACCOUNT}:regional/webacl/front/1",
    name="front",
    default_action="Allow",
    rules=(
        WebAclRule(
            name="rate",
            priority=0,
            kind="RateBased",
            action="Block",
            rate_limit=100,
            window_seconds=300,
            managed_group=None,
            rule_group_arn=None,
        ),
    ),
)
_AUTHORIZER = ApiAuthorizer(
    api_id="a1",
    api_name="orders",
    kind="REST",
    authorizer_id="z1",
    name="customers",
    user_pool_arns=(f"arn:aws:cognito-idp:{_ACCOUNT}:userpool/{USER_POOL_ID}",),
    issuers=("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4e",),
    audiences=(),
    methods=(ApiMethod(name="GET /orders", scopes=("orders/read",)),),
)
IDENTITY_PROVIDER = IdentityProvider(
    user_pool_id=USER_POOL_ID,
    name="okta",
    type="SAML",
    created_at=NOW,
    modified_at=NOW,
    attribute_mapping=(("email", "mail"),),
    identifiers=("example.com",),
    endpoints=(("SSORedirectBindingURI", "https://idp.example.com/sso"),),
    scopes=(),
    client_id=None,
    has_client_secret=False,
    saml_metadata=SamlMetadata(
        entity_id="https://idp.example.com",
        valid_until=NOW + _YEAR,
        signing_certificates=(
            X509Certificate(fingerprint="ab" * 32, subject="CN=idp", not_before=NOW, not_after=NOW + _YEAR),
        ),
        problem=None,
    ),
    allows_idp_initiated_sign_in=False,
    request_signing_algorithm="rsa-sha256",
    encrypts_responses=True,
    signs_out=True,
)
DOMAIN = UserPoolDomain(
    name="customers",
    user_pool_id=USER_POOL_ID,
    status="ACTIVE",
    is_custom=False,
    certificate_arn=None,
    security_policy=None,
    managed_login_version=2,
    distribution=None,
    failover_region=None,
)
ROLE = Role(
    arn="arn:aws:iam::111122223333:role/sms",
    name="sms",
    created_at=NOW,
    trust=_TRUST,
    boundary_arn=None,
    max_session_seconds=3600,
)

VALUES: dict[FacetName, Any] = {
    FacetName.USER_POOLS: MEMBERS,
    FacetName.IDENTITY_POOLS: (),
    FacetName.PROVISIONED_LIMITS: (ProvisionedLimit(category="UserCreation", provisioned=60, free=50),),
    FacetName.SERVICE_QUOTAS: (
        ServiceQuota(
            code="L-1",
            name="Rate of UserCreation requests",
            value=50.5,
            unit="None",
            is_adjustable=True,
            usage_category="UserCreation",
        ),
    ),
    FacetName.TRAILS: (
        Trail(
            arn=f"arn:aws:cloudtrail:{_ACCOUNT}:trail/all",
            name="all",
            home_region="eu-west-1",
            is_multi_region=True,
            is_organization=False,
            is_logging=True,
            selectors=(
                EventSelector(
                    name=None,
                    fields=(FieldSelector(field="eventCategory", operator="Equals", values=("Management",)),),
                ),
            ),
        ),
    ),
    FacetName.ALARMS: (
        Alarm(
            arn=f"arn:aws:cloudwatch:{_ACCOUNT}:alarm:sign-in",
            name="sign-in",
            metrics=(
                AlarmMetric(
                    namespace="AWS/Cognito",
                    name="SignInThrottles",
                    dimensions=(("UserPool", USER_POOL_ID),),
                ),
            ),
            has_actions=True,
            is_enabled=True,
        ),
    ),
    FacetName.REST_AUTHORIZERS: (_AUTHORIZER,),
    FacetName.HTTP_AUTHORIZERS: (_AUTHORIZER,),
    FacetName.WEB_IDENTITY_ROLES: (ROLE,),
    FacetName.USER_POOL: make_user_pool(),
    FacetName.MFA_CONFIGURATION: make_mfa_configuration(),
    FacetName.RISK_CONFIGURATION: make_risk_configuration(),
    FacetName.APP_CLIENTS: MEMBERS,
    FacetName.IDENTITY_PROVIDERS: MEMBERS,
    FacetName.RESOURCE_SERVERS: (
        ResourceServer(identifier="billing", name="Billing", scopes=("read", "write"), managed_by=None),
    ),
    FacetName.GROUPS: (
        Group(name="admins", role_arn=ROLE.arn, precedence=0, created_at=NOW, modified_at=NOW),
    ),
    FacetName.LOG_DELIVERY: (
        LogDestination(
            event_source="userAuthEvents",
            level="INFO",
            log_group_arn=f"arn:aws:logs:{_ACCOUNT}:log-group:auth",
            bucket_arn=None,
            stream_arn=None,
        ),
    ),
    FacetName.SESSION_CONFIGURATION: SessionConfiguration(tracking="ENABLED", max_per_user=3),
    FacetName.REPLICAS: (Replica(region="us-east-1", status="ACTIVE", role="SECONDARY", arn=None),),
    FacetName.IMPORT_JOBS: (
        ImportJob(
            job_id="import-1",
            name="migration",
            status="Succeeded",
            created_at=NOW,
            started_at=NOW,
            completed_at=NOW,
            role_arn=ROLE.arn,
            imported_users=10,
            skipped_users=0,
            failed_users=0,
        ),
    ),
    FacetName.WEB_ACL: _WEB_ACL,
    FacetName.APP_CLIENT: make_app_client(),
    FacetName.CLIENT_SECRETS: (ClientSecret(secret_id="s1", created_at=NOW),),
    FacetName.CLIENT_SESSION: ClientSession(sso_minutes=60),
    FacetName.CLIENT_RISK: make_risk_configuration(),
    FacetName.IDENTITY_PROVIDER: IDENTITY_PROVIDER,
    FacetName.DOMAIN: DOMAIN,
    FacetName.IDENTITY_POOL: make_identity_pool(),
    FacetName.IDENTITY_POOL_ROLES: make_identity_pool_roles(),
    FacetName.PRINCIPAL_TAGS: (
        PrincipalTags(provider="okta", uses_defaults=False, tags=(("team", "custom:team"),)),
    ),
    FacetName.ROLE: ROLE,
    FacetName.ROLE_POLICIES: RolePolicies(inline=(_POLICY,), attached=(), boundary=None),
    FacetName.FUNCTION: LambdaFunction(
        arn=f"arn:aws:lambda:{_ACCOUNT}:function:sign-up",
        name="sign-up",
        runtime="python3.13",
        package_type="Zip",
        role_arn=ROLE.arn,
        state="Active",
        last_update_status="Successful",
    ),
    FacetName.FUNCTION_POLICY: _TRUST,
    FacetName.EMAIL_ACCOUNT: EmailAccount(
        has_production_access=True,
        is_sending_enabled=True,
        enforcement_status="HEALTHY",
        daily_quota=50_000,
        per_second=14,
    ),
    FacetName.EMAIL_IDENTITY: EmailIdentity(
        name="example.com",
        type="DOMAIN",
        is_verified_for_sending=True,
        verification_status="SUCCESS",
        dkim_status="SUCCESS",
        is_dkim_signing_enabled=True,
        mail_from_domain=None,
        mail_from_status=None,
        configuration_set=None,
    ),
    FacetName.SMS_ACCOUNT: SmsAccount(
        is_in_sandbox=False,
        monthly_spend_limit_usd=Decimal("1.50"),
        default_sms_type="Transactional",
        has_delivery_logging=True,
    ),
    FacetName.END_USER_MESSAGING: EndUserMessaging(
        tier="PRODUCTION",
        spend_limits=(
            SpendLimit(
                name="TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", enforced_usd=1, maximum_usd=1, is_overridden=False
            ),
        ),
        protect_configurations=(
            ProtectConfiguration(
                arn=f"arn:aws:sms-voice:{_ACCOUNT}:protect-configuration/1",
                is_account_default=True,
                has_deletion_protection=True,
            ),
        ),
    ),
    FacetName.CERTIFICATE: AcmCertificate(
        arn="arn:aws:acm:us-east-1:111122223333:certificate/1",
        domain_name="auth.example.com",
        status="ISSUED",
        type="AMAZON_ISSUED",
        not_before=NOW,
        not_after=NOW + _YEAR,
        renewal_eligibility="ELIGIBLE",
        renewal_status=None,
    ),
    FacetName.KMS_KEY: KmsKey(
        arn=f"arn:aws:kms:{_ACCOUNT}:key/1",
        state="PendingDeletion",
        manager="CUSTOMER",
        origin="AWS_KMS",
        deletion_at=NOW + _YEAR,
    ),
    FacetName.LOG_GROUP: LogGroup(
        arn=f"arn:aws:logs:{_ACCOUNT}:log-group:auth", retention_days=90, kms_key_arn=None
    ),
    FacetName.WEB_ACL_LOGGING: WebAclLogging(destination_arns=("arn:aws:s3:::aws-waf-logs-front",)),
    FacetName.REPLICA_WEB_ACL: _WEB_ACL,
}
