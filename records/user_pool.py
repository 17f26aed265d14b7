"""A user pool as DescribeUserPool answers it, its MFA configuration and its risk configuration."""

from dataclasses import dataclass, field
from datetime import datetime

PASSWORD_FACTOR = "PASSWORD"  # noqa: S105  (the name of a sign-in factor)
# AWS accepts no shorter minimum.
SHORTEST_MINIMUM_LENGTH = 6
CONTACT_ATTRIBUTES = frozenset({"email", "phone_number"})
CUSTOM_AUTH_TRIGGERS = frozenset(
    {"DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPolicy:
    """What a user pool demands of passwords."""

    minimum_length: int | None
    requires_lowercase: bool | None
    requires_uppercase: bool | None
    requires_numbers: bool | None
    requires_symbols: bool | None
    history_size: int | None
    temporary_password_days: int | None

    @property
    def effective_minimum_length(self) -> int:
        """Characters that a password needs: where AWS names no number, only its own floor is sure."""
        return self.minimum_length or SHORTEST_MINIMUM_LENGTH

    @property
    def effective_temporary_password_days(self) -> int:
        """Days that a temporary password lives: AWS counts an absent value and 0 as 7."""
        return self.temporary_password_days or 7


# What AWS applies to a user pool that was made without a password policy.
DEFAULT_PASSWORD_POLICY = PasswordPolicy(
    minimum_length=8,
    requires_lowercase=True,
    requires_uppercase=True,
    requires_numbers=True,
    requires_symbols=True,
    history_size=None,
    temporary_password_days=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaAttribute:
    """One user attribute of a user pool's schema."""

    name: str
    data_type: str | None
    is_mutable: bool | None
    is_required: bool | None
    is_developer_only: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailConfiguration:
    """How a user pool sends e-mail; `sending_account` is COGNITO_DEFAULT or DEVELOPER (Amazon SES)."""

    sending_account: str | None
    source_arn: str | None
    from_address: str | None
    reply_to_address: str | None
    configuration_set: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsConfiguration:
    """How a user pool sends SMS: through Amazon SNS, or through End User Messaging (`is_eum`)."""

    is_eum: bool
    caller_arn: str | None
    external_id: str | None
    region: str | None
    origination_identity: str | None
    configuration_set: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaTrigger:
    """One Lambda trigger: the stage as AWS names it, the function, and the event version if AWS gives one."""

    stage: str
    function_arn: str
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceConfiguration:
    """Device remembering; AWS leaves it out where the feature is off."""

    challenge_required_on_new_device: bool | None
    remembered_on_user_prompt_only: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicClientRegistration:
    """Whether applications may register app clients by themselves, and for which grants and scopes."""

    is_enabled: bool | None
    is_open: bool | None
    authenticated_grant_types: frozenset[str]
    open_grant_types: frozenset[str]
    allowed_scopes: frozenset[str]

    @property
    def is_open_to_anyone(self) -> bool:
        """Whether an app client can be registered without a token: AWS treats an absent status as enabled."""
        return self.is_enabled is not False and self.is_open is True


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPool:
    """A user pool's settings, as DescribeUserPool answers them.

    MFA is left out on purpose: GetUserPoolMfaConfig alone decides it. `tier`, `deletion_protection` and
    `recovery_mechanisms` are None on user pools of the old shape, which AWS answers without them.
    """

    user_pool_id: str
    name: str
    created_at: datetime | None
    modified_at: datetime | None
    tier: str | None
    deletion_protection: str | None
    password_policy: PasswordPolicy | None
    first_factors: frozenset[str] | None
    threat_protection: str | None
    custom_auth_threat_protection: str | None
    admin_creates_users_only: bool | None
    auto_verified_attributes: frozenset[str]
    alias_attributes: frozenset[str]
    username_attributes: frozenset[str]
    attributes_verified_before_update: frozenset[str]
    is_username_case_sensitive: bool | None
    recovery_mechanisms: tuple[str, ...] | None
    device: DeviceConfiguration | None
    email: EmailConfiguration | None
    email_failure: str | None
    sms: SmsConfiguration | None
    sms_failure: str | None
    triggers: tuple[LambdaTrigger, ...]
    custom_sender_kms_key_arn: str | None
    schema_attributes: tuple[SchemaAttribute, ...]
    domain: str | None
    custom_domain: str | None
    key_type: str | None
    kms_key_arn: str | None
    issuer_type: str | None
    dynamic_client_registration: DynamicClientRegistration | None
    acr_levels: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]
    # A usage sample, not a setting: it moves with every sign-up and makes no new configuration version.
    estimated_users: int | None = field(metadata={"volatile": True})

    @property
    def allows_self_sign_up(self) -> bool:
        """Whether anybody may call SignUp: AWS treats an absent setting as allowed."""
        return self.admin_creates_users_only is not True

    @property
    def allows_passwords(self) -> bool:
        """Whether a password is a first factor: user pools without a sign-in policy know nothing else."""
        return not self.first_factors or PASSWORD_FACTOR in self.first_factors

    @property
    def effective_password_policy(self) -> PasswordPolicy:
        """The password policy, AWS's default where the user pool has none of its own."""
        return self.password_policy or DEFAULT_PASSWORD_POLICY

    @property
    def uses_legacy_recovery(self) -> bool:
        """Whether AWS chooses how a forgotten password is reset: by SMS before e-mail."""
        return not self.recovery_mechanisms

    @property
    def has_case_sensitive_usernames(self) -> bool:
        """Whether Ann and ann are two users: AWS treats an absent setting as case-sensitive."""
        return self.is_username_case_sensitive is not False

    @property
    def sign_in_attributes(self) -> frozenset[str]:
        """The attributes whose values users can type as their username."""
        return self.alias_attributes | self.username_attributes

    @property
    def trusted_contacts(self) -> frozenset[str]:
        """The contact attributes that the user pool verifies or takes as a username."""
        return CONTACT_ATTRIBUTES & (self.auto_verified_attributes | self.sign_in_attributes)

    @property
    def is_deletion_protected(self) -> bool:
        """Whether DeleteUserPool is refused: AWS treats an absent setting as inactive."""
        return self.deletion_protection == "ACTIVE"

    @property
    def is_threat_protection_off(self) -> bool:
        """Whether threat protection does not even watch standard sign-in: absent means off."""
        return self.threat_protection in (None, "OFF")

    @property
    def runs_custom_auth(self) -> bool:
        """Whether custom authentication can start: no flow begins without this trigger."""
        return "DefineAuthChallenge" in self.custom_auth_stages

    @property
    def sends_email_by_lambda(self) -> bool:
        """Whether a custom sender delivers e-mail, so that AWS's senders and their limits play no part."""
        return any(trigger.stage == "CustomEmailSender" for trigger in self.triggers)

    @property
    def sends_sms_by_lambda(self) -> bool:
        """Whether a custom sender delivers SMS, so that AWS's senders and their limits play no part."""
        return any(trigger.stage == "CustomSMSSender" for trigger in self.triggers)

    @property
    def open_registration(self) -> DynamicClientRegistration | None:
        """Dynamic client registration where it needs no token."""
        registration = self.dynamic_client_registration
        return registration if registration and registration.is_open_to_anyone else None

    @property
    def custom_auth_stages(self) -> frozenset[str]:
        """The custom authentication stages that have a Lambda trigger."""
        return CUSTOM_AUTH_TRIGGERS & {trigger.stage for trigger in self.triggers}

    @property
    def sends_with_ses(self) -> bool:
        """Whether e-mail leaves through the owner's Amazon SES: AWS treats an absent setting as built-in."""
        return self.email is not None and self.email.sending_account == "DEVELOPER"


@dataclass(frozen=True, slots=True, kw_only=True)
class MfaConfiguration:
    """MFA of a user pool, as GetUserPoolMfaConfig answers it; `mode` is OFF, ON or OPTIONAL."""

    mode: str
    has_sms: bool
    has_totp: bool
    has_email: bool
    relying_party_id: str | None
    passkey_user_verification: str | None
    passkey_factor: str | None

    @property
    def has_passkey(self) -> bool:
        """Whether a passkey with user verification satisfies MFA."""
        return self.passkey_factor == "MULTI_FACTOR_WITH_USER_VERIFICATION"

    @property
    def second_factors(self) -> tuple[str, ...]:
        """The second factors that are switched on, strongest first."""
        switched = (
            ("passkey", self.has_passkey),
            ("TOTP", self.has_totp),
            ("e-mail", self.has_email),
            ("SMS", self.has_sms),
        )
        return tuple(name for name, is_on in switched if is_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeoverAction:
    """What threat protection does at one level of account-takeover risk."""

    action: str
    notifies_user: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskConfiguration:
    """Threat protection's responses, as DescribeRiskConfiguration answers them for a whole user pool.

    Members are None or empty where nothing was ever set, also where threat protection is off.
    """

    compromised_credentials_action: str | None
    compromised_credentials_events: frozenset[str]
    low_risk: TakeoverAction | None
    medium_risk: TakeoverAction | None
    high_risk: TakeoverAction | None
    notification_source_arn: str | None
    blocked_ip_ranges: tuple[str, ...]
    skipped_ip_ranges: tuple[str, ...]
    modified_at: datetime | None

    @property
    def takeover_actions(self) -> tuple[tuple[str, str], ...]:
        """The actions against account takeover, by AWS's names of the levels, lowest risk first."""
        levels = (
            ("LowAction", self.low_risk),
            ("MediumAction", self.medium_risk),
            ("HighAction", self.high_risk),
        )
        return tuple((name, level.action) for name, level in levels if level is not None)

    @property
    def high_risk_action(self) -> str | None:
        """What happens at high risk; None, where nothing was ever set, lets the sign-in pass."""
        return dict(self.takeover_actions).get("HighAction")

    @property
    def stops_high_risk(self) -> bool:
        """Whether a sign-in of high risk needs more than its first factor."""
        return self.high_risk_action in ("BLOCK", "MFA_REQUIRED")
