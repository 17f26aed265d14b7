"""The settings of user pools."""

from dashboard import words
from dashboard.settings.risk import risk_responses
from dashboard.settings.rows import Entries, group, many, one, pair
from dashboard.settings.user_pool_parts import USER_POOL_PARTS
from records.facet import FacetName
from records.user_pool import LambdaTrigger, SchemaAttribute


def _trigger(trigger: LambdaTrigger) -> Entries:
    version = f" (event {trigger.version})" if trigger.version else ""
    return ((trigger.stage, f"{trigger.function_arn}{version}"),)


def _attribute(attribute: SchemaAttribute) -> Entries:
    traits = (
        words.text(attribute.data_type),
        words.either("mutable", "fixed")(attribute.is_mutable),
        words.either("required", "optional")(attribute.is_required),
        words.either("developers only", "for all")(attribute.is_developer_only),
    )
    return ((attribute.name, ", ".join(traits)),)


USER_POOL_SETTINGS = (
    *group(
        FacetName.USER_POOL,
        "General",
        one("Name", "name", "Name", is_own=True),
        one("Id", "user_pool_id", "Id", is_own=True),
        one("Plan", "tier", "UserPoolTier"),
        one("Users (estimated)", "estimated_users", "EstimatedNumberOfUsers", words.number, is_own=True),
        one("Deletion protection", "deletion_protection", "DeletionProtection"),
        one("Created", "created_at", "CreationDate", words.moment, is_own=True),
        one("Changed", "modified_at", "LastModifiedDate", words.moment, is_own=True),
        many("Tag", "tags", "UserPoolTags", pair),
    ),
    *group(
        FacetName.USER_POOL,
        "Sign-up and sign-in",
        one(
            "Administrators only",
            "admin_creates_users_only",
            "AdminCreateUserConfig.AllowAdminCreateUserOnly",
            words.yes_no,
        ),
        one("First factors", "first_factors", "Policies.SignInPolicy.AllowedFirstAuthFactors", words.all_of),
        one("Attributes as username", "username_attributes", "UsernameAttributes", words.all_of),
        one("Aliases of the username", "alias_attributes", "AliasAttributes", words.all_of),
        one(
            "Case-sensitive usernames",
            "is_username_case_sensitive",
            "UsernameConfiguration.CaseSensitive",
            words.yes_no,
        ),
        one("Verified on sign-up", "auto_verified_attributes", "AutoVerifiedAttributes", words.all_of),
        one(
            "Verified before a change",
            "attributes_verified_before_update",
            "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate",
            words.all_of,
        ),
        one(
            "Account recovery, in order",
            "recovery_mechanisms",
            "AccountRecoverySetting.RecoveryMechanisms",
            words.in_order,
        ),
        one(
            "New device is challenged",
            "device.challenge_required_on_new_device",
            "DeviceConfiguration.ChallengeRequiredOnNewDevice",
            words.yes_no,
        ),
        one(
            "Device kept on request",
            "device.remembered_on_user_prompt_only",
            "DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt",
            words.yes_no,
        ),
    ),
    *group(
        FacetName.USER_POOL,
        "Passwords",
        *(
            one(label, f"password_policy.{member}", f"Policies.PasswordPolicy.{aws}", show)
            for label, member, aws, show in (
                ("Shortest password", "minimum_length", "MinimumLength", words.count_of("character")),
                ("Needs lower case", "requires_lowercase", "RequireLowercase", words.yes_no),
                ("Needs upper case", "requires_uppercase", "RequireUppercase", words.yes_no),
                ("Needs a number", "requires_numbers", "RequireNumbers", words.yes_no),
                ("Needs a symbol", "requires_symbols", "RequireSymbols", words.yes_no),
                ("Old passwords refused", "history_size", "PasswordHistorySize", words.number),
                (
                    "Temporary password lasts",
                    "temporary_password_days",
                    "TemporaryPasswordValidityDays",
                    words.count_of("day"),
                ),
            )
        ),
    ),
    *group(
        FacetName.MFA_CONFIGURATION,
        "Second factors",
        one("MFA", "mode", "MfaConfiguration"),
        one("Authenticator app (TOTP)", "has_totp", "SoftwareTokenMfaConfiguration.Enabled", words.yes_no),
        one("Code by SMS", "has_sms", "SmsMfaConfiguration", words.yes_no),
        one("Code by e-mail", "has_email", "EmailMfaConfiguration", words.yes_no),
        one("Passkey as a factor", "passkey_factor", "WebAuthnConfiguration.FactorConfiguration"),
        one(
            "Passkey verifies the user", "passkey_user_verification", "WebAuthnConfiguration.UserVerification"
        ),
        one("Passkey relying party", "relying_party_id", "WebAuthnConfiguration.RelyingPartyId"),
    ),
    *group(
        FacetName.USER_POOL,
        "Threat protection",
        one("Standard sign-in", "threat_protection", "UserPoolAddOns.AdvancedSecurityMode"),
        one(
            "Custom sign-in",
            "custom_auth_threat_protection",
            "UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode",
        ),
    ),
    *risk_responses(FacetName.RISK_CONFIGURATION),
    *group(
        FacetName.USER_POOL,
        "E-mail and SMS",
        one("E-mail sender", "email.sending_account", "EmailConfiguration.EmailSendingAccount"),
        one("SES identity", "email.source_arn", "EmailConfiguration.SourceArn"),
        one("From address", "email.from_address", "EmailConfiguration.From"),
        one("Reply-to address", "email.reply_to_address", "EmailConfiguration.ReplyToEmailAddress"),
        one("SES configuration set", "email.configuration_set", "EmailConfiguration.ConfigurationSet"),
        one("E-mail fails with", "email_failure", "EmailConfigurationFailure"),
        one("SMS by End User Messaging", "sms.is_eum", "SmsConfiguration.EumsSms", words.yes_no),
        one("SMS role", "sms.caller_arn", "SmsConfiguration.SnsCallerArn"),
        one("SMS external id", "sms.external_id", "SmsConfiguration.ExternalId"),
        one("SMS region", "sms.region", "SmsConfiguration.SnsRegion"),
        one(
            "SMS origination identity",
            "sms.origination_identity",
            "SmsConfiguration.EumsSms.OriginationIdentity",
        ),
        one(
            "SMS configuration set", "sms.configuration_set", "SmsConfiguration.EumsSms.ConfigurationSetName"
        ),
        one("SMS fails with", "sms_failure", "SmsConfigurationFailure"),
    ),
    *group(
        FacetName.USER_POOL,
        "Lambda triggers",
        many("Trigger", "triggers", "LambdaConfig", _trigger),
        one("Key of custom senders", "custom_sender_kms_key_arn", "LambdaConfig.KMSKeyID"),
    ),
    *group(
        FacetName.USER_POOL,
        "Domain and tokens",
        one("Domain prefix", "domain", "Domain"),
        one("Custom domain", "custom_domain", "CustomDomain"),
        one("Issuer", "issuer_type", "IssuerConfiguration.Type"),
        one("Encryption key", "key_type", "KeyConfiguration.KeyType"),
        one("Customer-managed key", "kms_key_arn", "KeyConfiguration.KmsKeyArn"),
        many("Authentication context", "acr_levels", "AcrConfiguration", pair),
    ),
    *group(
        FacetName.USER_POOL,
        "Dynamic client registration",
        *(
            one(label, f"dynamic_client_registration.{member}", f"DcrConfiguration.{aws}", show)
            for label, member, aws, show in (
                ("Switched on", "is_enabled", "EnableStatus", words.yes_no),
                ("Without a token", "is_open", "OpenDcrEnabled", words.yes_no),
                ("Grants with a token", "authenticated_grant_types", "AuthenticatedGrantTypes", words.all_of),
                ("Grants without a token", "open_grant_types", "OpenDcrGrantTypes", words.all_of),
                ("Scopes", "allowed_scopes", "AllowedScopes", words.all_of),
            )
        ),
    ),
    *USER_POOL_PARTS,
    *group(
        FacetName.USER_POOL,
        "User attributes",
        many("Attribute", "schema_attributes", "SchemaAttributes", _attribute),
    ),
)
