"""User pools, their MFA configuration and their risk configuration."""

from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, demand_same
from records.resource import Member
from records.user_pool import (
    DeviceConfiguration,
    DynamicClientRegistration,
    EmailConfiguration,
    LambdaTrigger,
    MfaConfiguration,
    PasswordPolicy,
    RiskConfiguration,
    SchemaAttribute,
    SmsConfiguration,
    TakeoverAction,
    UserPool,
)

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

CALLS = frozenset(
    {
        "cognito-idp:ListUserPools",
        "cognito-idp:DescribeUserPool",
        "cognito-idp:GetUserPoolMfaConfig",
        "cognito-idp:DescribeRiskConfiguration",
    }
)

_PAGE_SIZE = 60
# Triggers that LambdaConfig holds as structures with a version, and the stage that each one is.
_VERSIONED_TRIGGERS = {
    "PreTokenGenerationConfig": "PreTokenGeneration",
    "CustomSMSSender": "CustomSMSSender",
    "CustomEmailSender": "CustomEmailSender",
    "InboundFederation": "InboundFederation",
}
_PLAIN_TRIGGERS = (
    "PreSignUp",
    "CustomMessage",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
    "PreTokenGeneration",
    "UserMigration",
)

# What DescribeRiskConfiguration refuses with where threat protection is off, or not in the user pool's plan.
THREAT_PROTECTION_IS_OFF = frozenset(
    {
        "UserPoolAddOnNotEnabledException",
        "FeatureUnavailableInTierException",
        "OperationNotEnabledException",
    }
)
NOTHING_SET = RiskConfiguration(
    compromised_credentials_action=None,
    compromised_credentials_events=frozenset(),
    low_risk=None,
    medium_risk=None,
    high_risk=None,
    notification_source_arn=None,
    blocked_ip_ranges=(),
    skipped_ip_ranges=(),
    modified_at=None,
)


def collect_user_pool_list(idp: "CognitoIdentityProviderClient") -> tuple[Member, ...]:
    """Return all user pools of the client's region, ordered by id."""
    members: dict[str, Member] = {}
    for page in idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": _PAGE_SIZE}):
        for item in Answer(page, "ListUserPools").required_parts("UserPools"):
            member = Member(item.required_text("Id"), item.text("Name") or "")
            members[member.id] = member
    return tuple(sorted(members.values()))


def collect_user_pool(idp: "CognitoIdentityProviderClient", user_pool_id: str) -> UserPool:
    """Return a user pool's settings."""
    pool = parse_user_pool(idp.describe_user_pool(UserPoolId=user_pool_id))
    demand_same(pool.user_pool_id, user_pool_id)
    return pool


def collect_mfa_configuration(idp: "CognitoIdentityProviderClient", user_pool_id: str) -> MfaConfiguration:
    """Return a user pool's MFA configuration."""
    return parse_mfa_configuration(idp.get_user_pool_mfa_config(UserPoolId=user_pool_id))


def collect_risk_configuration(idp: "CognitoIdentityProviderClient", user_pool_id: str) -> RiskConfiguration:
    """Return the risk configuration of a whole user pool."""
    return parse_risk_configuration(idp.describe_risk_configuration(UserPoolId=user_pool_id))


def parse_user_pool(raw: Any) -> UserPool:
    """Translate DescribeUserPool's answer."""
    answer = Answer(raw, "DescribeUserPool").required_part("UserPool")
    policies = answer.part("Policies")
    sign_in = policies.part("SignInPolicy") if policies else None
    add_ons = answer.part("UserPoolAddOns")
    additional_flows = add_ons.part("AdvancedSecurityAdditionalFlows") if add_ons else None
    admin = answer.part("AdminCreateUserConfig")
    updates = answer.part("UserAttributeUpdateSettings")
    username = answer.part("UsernameConfiguration")
    triggers = answer.part("LambdaConfig")
    key = answer.part("KeyConfiguration")
    issuer = answer.part("IssuerConfiguration")
    return UserPool(
        user_pool_id=answer.required_text("Id"),
        name=answer.text("Name") or "",
        created_at=answer.time("CreationDate"),
        modified_at=answer.time("LastModifiedDate"),
        tier=answer.text("UserPoolTier"),
        deletion_protection=answer.text("DeletionProtection"),
        password_policy=_password_policy(policies.part("PasswordPolicy") if policies else None),
        first_factors=sign_in.optional_text_set("AllowedFirstAuthFactors") if sign_in else None,
        threat_protection=add_ons.text("AdvancedSecurityMode") if add_ons else None,
        custom_auth_threat_protection=additional_flows.text("CustomAuthMode") if additional_flows else None,
        admin_creates_users_only=admin.flag("AllowAdminCreateUserOnly") if admin else None,
        auto_verified_attributes=answer.text_set("AutoVerifiedAttributes"),
        alias_attributes=answer.text_set("AliasAttributes"),
        username_attributes=answer.text_set("UsernameAttributes"),
        attributes_verified_before_update=(
            updates.text_set("AttributesRequireVerificationBeforeUpdate") if updates else frozenset()
        ),
        is_username_case_sensitive=username.flag("CaseSensitive") if username else None,
        recovery_mechanisms=_recovery_mechanisms(answer.part("AccountRecoverySetting")),
        device=_device(answer.part("DeviceConfiguration")),
        email=_email(answer.part("EmailConfiguration")),
        email_failure=answer.text("EmailConfigurationFailure"),
        sms=_sms(answer.part("SmsConfiguration")),
        sms_failure=answer.text("SmsConfigurationFailure"),
        triggers=tuple(_triggers(triggers)) if triggers else (),
        custom_sender_kms_key_arn=triggers.text("KMSKeyID") if triggers else None,
        schema_attributes=tuple(_schema_attribute(part) for part in answer.parts("SchemaAttributes")),
        domain=answer.text("Domain"),
        custom_domain=answer.text("CustomDomain"),
        key_type=key.text("KeyType") if key else None,
        kms_key_arn=key.text("KmsKeyArn") if key else None,
        issuer_type=issuer.text("Type") if issuer else None,
        dynamic_client_registration=_dynamic_client_registration(answer.part("DcrConfiguration")),
        acr_levels=tuple(
            (level, part.required_text("AcrValue")) for level, part in answer.part_map("AcrConfiguration")
        ),
        tags=answer.pairs("UserPoolTags"),
        estimated_users=answer.number("EstimatedNumberOfUsers"),
    )


def parse_mfa_configuration(raw: Any) -> MfaConfiguration:
    """Translate GetUserPoolMfaConfig's answer. A factor is on where AWS answers its configuration."""
    answer = Answer(raw, "GetUserPoolMfaConfig")
    totp = answer.part("SoftwareTokenMfaConfiguration")
    passkeys = answer.part("WebAuthnConfiguration")
    return MfaConfiguration(
        mode=answer.required_text("MfaConfiguration"),
        has_sms=answer.has("SmsMfaConfiguration"),
        has_totp=totp is not None and totp.flag("Enabled") is True,
        has_email=answer.has("EmailMfaConfiguration"),
        relying_party_id=passkeys.text("RelyingPartyId") if passkeys else None,
        passkey_user_verification=passkeys.text("UserVerification") if passkeys else None,
        passkey_factor=passkeys.text("FactorConfiguration") if passkeys else None,
    )


def parse_risk_configuration(raw: Any) -> RiskConfiguration:
    """Translate DescribeRiskConfiguration's answer."""
    answer = Answer(raw, "DescribeRiskConfiguration").required_part("RiskConfiguration")
    compromised = answer.part("CompromisedCredentialsRiskConfiguration")
    compromised_actions = compromised.part("Actions") if compromised else None
    takeover = answer.part("AccountTakeoverRiskConfiguration")
    takeover_actions = takeover.part("Actions") if takeover else None
    notification = takeover.part("NotifyConfiguration") if takeover else None
    exceptions = answer.part("RiskExceptionConfiguration")
    return RiskConfiguration(
        compromised_credentials_action=(
            compromised_actions.text("EventAction") if compromised_actions else None
        ),
        compromised_credentials_events=compromised.text_set("EventFilter") if compromised else frozenset(),
        low_risk=_takeover_action(takeover_actions, "LowAction"),
        medium_risk=_takeover_action(takeover_actions, "MediumAction"),
        high_risk=_takeover_action(takeover_actions, "HighAction"),
        notification_source_arn=notification.text("SourceArn") if notification else None,
        blocked_ip_ranges=tuple(sorted(exceptions.texts("BlockedIPRangeList"))) if exceptions else (),
        skipped_ip_ranges=tuple(sorted(exceptions.texts("SkippedIPRangeList"))) if exceptions else (),
        modified_at=answer.time("LastModifiedDate"),
    )


def _password_policy(part: Answer | None) -> PasswordPolicy | None:
    if part is None:
        return None
    return PasswordPolicy(
        minimum_length=part.number("MinimumLength"),
        requires_lowercase=part.flag("RequireLowercase"),
        requires_uppercase=part.flag("RequireUppercase"),
        requires_numbers=part.flag("RequireNumbers"),
        requires_symbols=part.flag("RequireSymbols"),
        history_size=part.number("PasswordHistorySize"),
        temporary_password_days=part.number("TemporaryPasswordValidityDays"),
    )


def _recovery_mechanisms(part: Answer | None) -> tuple[str, ...] | None:
    if part is None:
        return None
    mechanisms = sorted(
        (option.number("Priority") or 0, option.required_text("Name"))
        for option in part.parts("RecoveryMechanisms")
    )
    return tuple(name for _, name in mechanisms)


def _device(part: Answer | None) -> DeviceConfiguration | None:
    if part is None:
        return None
    return DeviceConfiguration(
        challenge_required_on_new_device=part.flag("ChallengeRequiredOnNewDevice"),
        remembered_on_user_prompt_only=part.flag("DeviceOnlyRememberedOnUserPrompt"),
    )


def _email(part: Answer | None) -> EmailConfiguration | None:
    if part is None:
        return None
    return EmailConfiguration(
        sending_account=part.text("EmailSendingAccount"),
        source_arn=part.text("SourceArn"),
        from_address=part.text("From"),
        reply_to_address=part.text("ReplyToEmailAddress"),
        configuration_set=part.text("ConfigurationSet"),
    )


def _sms(part: Answer | None) -> SmsConfiguration | None:
    if part is None:
        return None
    eum = part.part("EumsSms")
    sender = eum or part
    return SmsConfiguration(
        is_eum=eum is not None,
        caller_arn=sender.text("CallerArn" if eum else "SnsCallerArn"),
        external_id=sender.text("ExternalId"),
        region=sender.text("Region" if eum else "SnsRegion"),
        origination_identity=eum.text("OriginationIdentity") if eum else None,
        configuration_set=eum.text("ConfigurationSetName") if eum else None,
    )


def _triggers(part: Answer) -> list[LambdaTrigger]:
    found: dict[str, LambdaTrigger] = {}
    for stage in _PLAIN_TRIGGERS:
        if arn := part.text(stage):
            found[stage] = LambdaTrigger(stage=stage, function_arn=arn, version=None)
    # PreTokenGenerationConfig names the same function as PreTokenGeneration and its version as well.
    for name, stage in _VERSIONED_TRIGGERS.items():
        if config := part.part(name):
            found[stage] = LambdaTrigger(
                stage=stage,
                function_arn=config.required_text("LambdaArn"),
                version=config.text("LambdaVersion"),
            )
    return sorted(found.values(), key=lambda trigger: trigger.stage)


def _schema_attribute(part: Answer) -> SchemaAttribute:
    return SchemaAttribute(
        name=part.required_text("Name"),
        data_type=part.text("AttributeDataType"),
        is_mutable=part.flag("Mutable"),
        is_required=part.flag("Required"),
        is_developer_only=part.flag("DeveloperOnlyAttribute"),
    )


def _dynamic_client_registration(part: Answer | None) -> DynamicClientRegistration | None:
    if part is None:
        return None
    status = part.text("EnableStatus")
    return DynamicClientRegistration(
        is_enabled=None if status is None else status == "Enabled",
        is_open=part.flag("OpenDcrEnabled"),
        authenticated_grant_types=part.text_set("AuthenticatedGrantTypes"),
        open_grant_types=part.text_set("OpenDcrGrantTypes"),
        allowed_scopes=part.text_set("AllowedScopes"),
    )


def _takeover_action(actions: Answer | None, name: str) -> TakeoverAction | None:
    part = actions.part(name) if actions else None
    if part is None:
        return None
    return TakeoverAction(action=part.required_text("EventAction"), notifies_user=part.flag("Notify"))
