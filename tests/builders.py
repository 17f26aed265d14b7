"""Records and snapshots for tests: the defaults satisfy every rule, so a test names what differs."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from records.app_client import AppClient, RefreshTokenRotation
from records.facet import Facet, Gap, Reason
from records.identity_pool import IdentityPool, IdentityPoolRoles, UserPoolProvider
from records.resource import Member, Scope
from records.snapshot import (
    AppClientSnapshot,
    IdentityPoolSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from records.user_pool import (
    EmailConfiguration,
    MfaConfiguration,
    PasswordPolicy,
    RiskConfiguration,
    TakeoverAction,
    UserPool,
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
    first_factors=frozenset({"PASSWORD"}),
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
    passkey_user_verification=None,
    passkey_factor=None,
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
    explicit_auth_flows=frozenset({"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}),
    is_oauth_enabled=True,
    oauth_flows=frozenset({"code"}),
    oauth_scopes=frozenset({"openid", "email"}),
    callback_urls=("https://shop.example.com/signed-in",),
    logout_urls=("https://shop.example.com/",),
    default_redirect_uri=None,
    identity_providers=frozenset({"COGNITO"}),
    read_attributes=frozenset({"email"}),
    write_attributes=frozenset({"email"}),
    prevent_user_existence_errors="ENABLED",
    is_token_revocation_enabled=True,
    propagates_user_context=False,
    auth_session_minutes=3,
    refresh_token_rotation=RefreshTokenRotation(is_enabled=False, grace_seconds=None),
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


def make_app_client_snapshot(settings: AppClient | Gap, number: int = 1) -> AppClientSnapshot:
    """Build an app client's snapshot; `number` tells clients apart that could not be read."""
    member = (
        Member(id=f"unread{number}", name=f"unread-{number}")
        if isinstance(settings, Gap)
        else Member(id=settings.client_id, name=settings.name)
    )
    arn = SCOPE.app_client_arn(USER_POOL_ID, member.id)
    return AppClientSnapshot(arn=arn, member=member, settings=make_facet(settings))


def make_user_pool_snapshot(
    settings: UserPool | Gap = _USER_POOL,
    *,
    mfa: MfaConfiguration | Gap = _MFA_CONFIGURATION,
    risk: RiskConfiguration | Gap = _RISK_CONFIGURATION,
    clients: Sequence[AppClient | Gap] | Gap = (_APP_CLIENT,),
) -> UserPoolSnapshot:
    """Build a user pool's snapshot; a gap stands for a call that was not answered."""
    member = (
        Member(id=USER_POOL_ID, name="customers")
        if isinstance(settings, Gap)
        else Member(id=settings.user_pool_id, name=settings.name)
    )
    read = () if isinstance(clients, Gap) else clients
    snapshots = tuple(make_app_client_snapshot(client, number) for number, client in enumerate(read, 1))
    members = tuple(client.member for client in snapshots)
    return UserPoolSnapshot(
        arn=SCOPE.user_pool_arn(member.id),
        scope=SCOPE,
        member=member,
        settings=make_facet(settings),
        mfa=make_facet(mfa),
        risk=make_facet(risk),
        client_list=make_facet(clients if isinstance(clients, Gap) else members),
        clients=snapshots,
    )


def make_identity_pool_snapshot(
    settings: IdentityPool | Gap = _IDENTITY_POOL, *, roles: IdentityPoolRoles | Gap = _IDENTITY_POOL_ROLES
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
        settings=make_facet(settings),
        roles=make_facet(roles),
    )


def make_region_snapshot(
    *,
    user_pools: Sequence[UserPoolSnapshot] | Gap = (),
    identity_pools: Sequence[IdentityPoolSnapshot] | Gap = (),
    scope: Scope = SCOPE,
) -> RegionSnapshot:
    """Build a region; a gap stands for a list that was not answered."""
    read_user_pools = () if isinstance(user_pools, Gap) else tuple(user_pools)
    read_identity_pools = () if isinstance(identity_pools, Gap) else tuple(identity_pools)
    user_pool_members = tuple(pool.member for pool in read_user_pools)
    identity_pool_members = tuple(pool.member for pool in read_identity_pools)
    return RegionSnapshot(
        scope=scope,
        run_id=1,
        collected_at=NOW,
        user_pool_list=make_facet(user_pools if isinstance(user_pools, Gap) else user_pool_members),
        user_pools=read_user_pools,
        identity_pool_list=make_facet(
            identity_pools if isinstance(identity_pools, Gap) else identity_pool_members
        ),
        identity_pools=read_identity_pools,
    )


def make_snapshot(
    *,
    user_pools: Sequence[UserPoolSnapshot] | Gap = (),
    identity_pools: Sequence[IdentityPoolSnapshot] | Gap = (),
) -> Snapshot:
    """Build a snapshot of one region."""
    return Snapshot(regions=(make_region_snapshot(user_pools=user_pools, identity_pools=identity_pools),))
