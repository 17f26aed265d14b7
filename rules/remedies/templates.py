"""Where a change stands in a template: its attribute in Terraform and its property in CloudFormation.

The names are those of HashiCorp's AWS provider and of the CloudFormation resource types. None is said where
their references name no such attribute.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.remedies import Change, Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One attribute of a kind of resource and its value; a dot leads into a block, `[]` adds to a list."""

    resource: str
    attribute: str
    value: object


def terraform(change: Change) -> Place | None:
    """Return a change's attribute in Terraform. Raises KeyError where no remedy makes such a change."""
    return _place(_TERRAFORM_RESOURCES, change, ATTRIBUTES[change.operation, change.path][0])


def cloudformation(change: Change) -> Place | None:
    """Return a change's property in CloudFormation. Raises KeyError where no remedy makes such a change."""
    return _place(_CLOUDFORMATION_TYPES, change, ATTRIBUTES[change.operation, change.path][1])


def _place(resources: Mapping[Operation, str], change: Change, attribute: str | None) -> Place | None:
    if attribute is None:
        return None
    value = _ENTRIES.get(attribute, change.value)
    return Place(resource=resources[change.operation], attribute=attribute, value=value)


_TERRAFORM_RESOURCES: Mapping[Operation, str] = {
    Operation.UPDATE_USER_POOL: "aws_cognito_user_pool",
    Operation.SET_USER_POOL_MFA: "aws_cognito_user_pool",
    Operation.SET_RISK_CONFIGURATION: "aws_cognito_risk_configuration",
    Operation.UPDATE_USER_POOL_CLIENT: "aws_cognito_user_pool_client",
    Operation.UPDATE_IDENTITY_POOL: "aws_cognito_identity_pool",
}
_CLOUDFORMATION_TYPES: Mapping[Operation, str] = {
    Operation.UPDATE_USER_POOL: "AWS::Cognito::UserPool",
    Operation.SET_USER_POOL_MFA: "AWS::Cognito::UserPool",
    Operation.SET_RISK_CONFIGURATION: "AWS::Cognito::UserPoolRiskConfigurationAttachment",
    Operation.UPDATE_USER_POOL_CLIENT: "AWS::Cognito::UserPoolClient",
    Operation.UPDATE_IDENTITY_POOL: "AWS::Cognito::IdentityPool",
}

# What is switched on with a boolean elsewhere is an entry of a list here.
_ENTRIES: Mapping[str, object] = {"EnabledMfas[]": "SOFTWARE_TOKEN_MFA"}
# By operation: each member with the attribute of Terraform and, where it is not the member's own path, the
# property of CloudFormation.
_NAMES: Mapping[Operation, Mapping[str, str | tuple[str | None, str | None]]] = {
    Operation.UPDATE_USER_POOL: {
        "AccountRecoverySetting.RecoveryMechanisms": "account_recovery_setting.recovery_mechanism",
        "AdminCreateUserConfig.AllowAdminCreateUserOnly": (
            "admin_create_user_config.allow_admin_create_user_only"
        ),
        "AutoVerifiedAttributes": "auto_verified_attributes",
        # These are newer than either reference.
        "DcrConfiguration.OpenDcrEnabled": (None, None),
        "DcrConfiguration.OpenDcrGrantTypes": (None, None),
        "DeletionProtection": "deletion_protection",
        "DeviceConfiguration.ChallengeRequiredOnNewDevice": (
            "device_configuration.challenge_required_on_new_device"
        ),
        # Newer than Terraform's reference.
        "IssuerConfiguration.Type": (None, "IssuerConfiguration.Type"),
        "Policies.PasswordPolicy.MinimumLength": "password_policy.minimum_length",
        "Policies.PasswordPolicy.RequireLowercase": "password_policy.require_lowercase",
        "Policies.PasswordPolicy.RequireNumbers": "password_policy.require_numbers",
        "Policies.PasswordPolicy.RequireSymbols": "password_policy.require_symbols",
        "Policies.PasswordPolicy.RequireUppercase": "password_policy.require_uppercase",
        "Policies.PasswordPolicy.TemporaryPasswordValidityDays": (
            "password_policy.temporary_password_validity_days"
        ),
        "Policies.SignInPolicy.AllowedFirstAuthFactors": "sign_in_policy.allowed_first_auth_factors",
        "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate": (
            "user_attribute_update_settings.attributes_require_verification_before_update"
        ),
        "UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode": (
            "user_pool_add_ons.advanced_security_additional_flows.custom_auth_mode"
        ),
        "UserPoolAddOns.AdvancedSecurityMode": "user_pool_add_ons.advanced_security_mode",
    },
    Operation.SET_USER_POOL_MFA: {
        "MfaConfiguration": "mfa_configuration",
        "SoftwareTokenMfaConfiguration.Enabled": (
            "software_token_mfa_configuration.enabled",
            "EnabledMfas[]",
        ),
        "WebAuthnConfiguration.RelyingPartyId": (
            "web_authn_configuration.relying_party_id",
            "WebAuthnRelyingPartyID",
        ),
        "WebAuthnConfiguration.UserVerification": (
            "web_authn_configuration.user_verification",
            "WebAuthnUserVerification",
        ),
    },
    Operation.SET_RISK_CONFIGURATION: {
        "AccountTakeoverRiskConfiguration": "account_takeover_risk_configuration",
        "AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction": (
            "account_takeover_risk_configuration.actions.high_action.event_action"
        ),
        "AccountTakeoverRiskConfiguration.Actions.HighAction.Notify": (
            "account_takeover_risk_configuration.actions.high_action.notify"
        ),
        "CompromisedCredentialsRiskConfiguration": "compromised_credentials_risk_configuration",
        "CompromisedCredentialsRiskConfiguration.Actions.EventAction": (
            "compromised_credentials_risk_configuration.actions.event_action"
        ),
        "CompromisedCredentialsRiskConfiguration.EventFilter": (
            "compromised_credentials_risk_configuration.event_filter"
        ),
        "RiskExceptionConfiguration": "risk_exception_configuration",
    },
    Operation.UPDATE_USER_POOL_CLIENT: {
        "AccessTokenValidity": "access_token_validity",
        "AllowedOAuthFlows": "allowed_oauth_flows",
        "AllowedOAuthScopes": "allowed_oauth_scopes",
        "AuthSessionValidity": "auth_session_validity",
        "CallbackURLs": "callback_urls",
        "EnableTokenRevocation": "enable_token_revocation",
        "ExplicitAuthFlows": "explicit_auth_flows",
        "IdTokenValidity": "id_token_validity",
        "PreventUserExistenceErrors": "prevent_user_existence_errors",
        "RefreshTokenRotation.Feature": "refresh_token_rotation.feature",
        "RefreshTokenRotation.RetryGracePeriodSeconds": "refresh_token_rotation.retry_grace_period_seconds",
        "RefreshTokenValidity": "refresh_token_validity",
        "TokenValidityUnits.AccessToken": "token_validity_units.access_token",
        "TokenValidityUnits.IdToken": "token_validity_units.id_token",
        "TokenValidityUnits.RefreshToken": "token_validity_units.refresh_token",
    },
    Operation.UPDATE_IDENTITY_POOL: {
        "AllowClassicFlow": "allow_classic_flow",
        "AllowUnauthenticatedIdentities": "allow_unauthenticated_identities",
        "CognitoIdentityProviders": "cognito_identity_providers",
    },
}
# The attribute of Terraform and the property of CloudFormation, by operation and path.
ATTRIBUTES: Mapping[tuple[Operation, tuple[str, ...]], tuple[str | None, str | None]] = {
    (operation, tuple(path.split("."))): (names, path) if isinstance(names, str) else names
    for operation, members in _NAMES.items()
    for path, names in members.items()
}
