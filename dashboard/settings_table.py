"""Every setting of a resource: a readable name, its group, and the name that AWS gives it.

The one list of fields; the detail of a resource and the comparison of two both read it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from dashboard import words
from poolwatch.text import listed
from records.facet import Facet, FacetName
from records.identity_pool import RoleMapping, UserPoolProvider
from records.resource import ResourceType
from records.user_pool import LambdaTrigger, SchemaAttribute

# What a setting holds: (key, text). A single value has an empty key; a member of a list that has no name is
# its own key. Texts are whole and as AWS gave them: whoever shows them shortens and cleans them.
Entries = tuple[tuple[str, str], ...]
Facets = Mapping[FacetName, Facet[Any]]

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting; `is_own` marks what differs between any two resources, such as their ids."""

    facet: FacetName
    group: str
    label: str
    aws: str
    read: Callable[[Any], Entries]
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One value of a resource: a setting, or one member of a setting that is a list."""

    setting: Setting
    key: str
    text: str

    @property
    def label(self) -> str:
        """The setting's name, with the member's where that is not the value itself."""
        return self.setting.label if self.key in ("", self.text) else f"{self.setting.label} {self.key}"


def lines(settings: Iterable[Setting], facets: Facets, now: datetime) -> Iterator[Line]:
    """Yield every value of a resource in the settings' order; what was not read, or is empty, is one line."""
    for setting in settings:
        entries = entries_of(setting, facets)
        for key, text in entries or (("", as_text(setting, facets, now)),):
            yield Line(setting=setting, key=key, text=text)


def entries_of(setting: Setting, facets: Facets) -> Entries | None:
    """Return what a setting holds, None where it was not read."""
    facet = facets[setting.facet]
    return setting.read(facet.value) if facet.gap is None else None


def as_text(setting: Setting, facets: Facets, now: datetime) -> str:
    """Return what a setting holds as one text, with the last good value and its age if it was not read."""
    return words.of_facet(facets[setting.facet], lambda record: _joined(setting.read(record)), now)


def _joined(entries: Entries) -> str:
    texts = [text if key in ("", text) else f"{key} {text}" for key, text in entries]
    return listed(texts, _NAMED) if texts else words.NONE


# The value at a path of members; None where a record on the way is absent.
def _at(record: object, path: str) -> Any:
    value = record
    for name in path.split("."):
        if value is None:
            return None
        value = getattr(value, name)
    return value


_Row = Callable[[FacetName, str], Setting]


def _one(
    label: str, path: str, aws: str, show: Callable[[Any], str] = words.text, *, is_own: bool = False
) -> _Row:
    """Make a setting of one value."""
    return partial(_setting, label, aws, lambda record: (("", show(_at(record, path))),), is_own)


def _many(label: str, path: str, aws: str, entry: Callable[[Any], Entries]) -> _Row:
    """Make a setting that is a list; `entry` gives the keys and texts of one member."""
    return partial(
        _setting,
        label,
        aws,
        lambda record: tuple(each for member in _at(record, path) for each in entry(member)),
        False,
    )


def _setting(
    label: str,
    aws: str,
    read: Callable[[Any], Entries],
    is_own: bool,  # noqa: FBT001  (bound by partial above)
    facet: FacetName,
    group: str,
) -> Setting:
    return Setting(facet=facet, group=group, label=label, aws=aws, read=read, is_own=is_own)


def _group(facet: FacetName, group: str, *rows: _Row) -> tuple[Setting, ...]:
    return tuple(row(facet, group) for row in rows)


def _itself(text: str) -> Entries:
    return ((text, text),)


def _pair(pair: tuple[str, str]) -> Entries:
    return (pair,)


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


def _user_pool_provider(provider: UserPoolProvider) -> Entries:
    check = words.yes_no(provider.has_server_side_token_check)
    return ((f"{provider.provider_name} {provider.client_id}", f"server-side token check: {check}"),)


def _role_mapping(mapping: RoleMapping) -> Entries:
    ambiguous = words.text(mapping.ambiguous_role_resolution)
    rules = (
        (
            f"{mapping.provider}, rule {number}",
            f"{rule.claim} {rule.match_type} {rule.value}: {rule.role_arn}",
        )
        for number, rule in enumerate(mapping.rules, 1)
    )
    return ((mapping.provider, f"by {mapping.type}; where it is ambiguous: {ambiguous}"), *rules)


_USER_POOL_SETTINGS = (
    *_group(
        FacetName.USER_POOL,
        "General",
        _one("Name", "name", "Name", is_own=True),
        _one("Id", "user_pool_id", "Id", is_own=True),
        _one("Plan", "tier", "UserPoolTier"),
        _one("Users (estimated)", "estimated_users", "EstimatedNumberOfUsers", words.number, is_own=True),
        _one("Deletion protection", "deletion_protection", "DeletionProtection"),
        _one("Created", "created_at", "CreationDate", words.moment, is_own=True),
        _one("Changed", "modified_at", "LastModifiedDate", words.moment, is_own=True),
        _many("Tag", "tags", "UserPoolTags", _pair),
    ),
    *_group(
        FacetName.USER_POOL,
        "Sign-up and sign-in",
        _one(
            "Administrators only",
            "admin_creates_users_only",
            "AdminCreateUserConfig.AllowAdminCreateUserOnly",
            words.yes_no,
        ),
        _one("First factors", "first_factors", "Policies.SignInPolicy.AllowedFirstAuthFactors", words.all_of),
        _one("Attributes as username", "username_attributes", "UsernameAttributes", words.all_of),
        _one("Aliases of the username", "alias_attributes", "AliasAttributes", words.all_of),
        _one(
            "Case-sensitive usernames",
            "is_username_case_sensitive",
            "UsernameConfiguration.CaseSensitive",
            words.yes_no,
        ),
        _one("Verified on sign-up", "auto_verified_attributes", "AutoVerifiedAttributes", words.all_of),
        _one(
            "Verified before a change",
            "attributes_verified_before_update",
            "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate",
            words.all_of,
        ),
        _one(
            "Account recovery, in order",
            "recovery_mechanisms",
            "AccountRecoverySetting.RecoveryMechanisms",
            words.in_order,
        ),
        _one(
            "New device is challenged",
            "device.challenge_required_on_new_device",
            "DeviceConfiguration.ChallengeRequiredOnNewDevice",
            words.yes_no,
        ),
        _one(
            "Device kept on request",
            "device.remembered_on_user_prompt_only",
            "DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt",
            words.yes_no,
        ),
    ),
    *_group(
        FacetName.USER_POOL,
        "Passwords",
        *(
            _one(label, f"password_policy.{member}", f"Policies.PasswordPolicy.{aws}", show)
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
    *_group(
        FacetName.MFA_CONFIGURATION,
        "Second factors",
        _one("MFA", "mode", "MfaConfiguration"),
        _one("Authenticator app (TOTP)", "has_totp", "SoftwareTokenMfaConfiguration.Enabled", words.yes_no),
        _one("Code by SMS", "has_sms", "SmsMfaConfiguration", words.yes_no),
        _one("Code by e-mail", "has_email", "EmailMfaConfiguration", words.yes_no),
        _one("Passkey as a factor", "passkey_factor", "WebAuthnConfiguration.FactorConfiguration"),
        _one(
            "Passkey verifies the user", "passkey_user_verification", "WebAuthnConfiguration.UserVerification"
        ),
        _one("Passkey relying party", "relying_party_id", "WebAuthnConfiguration.RelyingPartyId"),
    ),
    *_group(
        FacetName.USER_POOL,
        "Threat protection",
        _one("Standard sign-in", "threat_protection", "UserPoolAddOns.AdvancedSecurityMode"),
        _one(
            "Custom sign-in",
            "custom_auth_threat_protection",
            "UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode",
        ),
    ),
    *_group(
        FacetName.RISK_CONFIGURATION,
        "Responses to risk",
        *(
            row
            for level in ("low", "medium", "high")
            for row in (
                _one(
                    f"At {level} risk",
                    f"{level}_risk.action",
                    f"AccountTakeoverRiskConfiguration.Actions.{level.capitalize()}Action.EventAction",
                ),
                _one(
                    f"User told at {level} risk",
                    f"{level}_risk.notifies_user",
                    f"AccountTakeoverRiskConfiguration.Actions.{level.capitalize()}Action.Notify",
                    words.yes_no,
                ),
            )
        ),
        _one(
            "Leaked credentials",
            "compromised_credentials_action",
            "CompromisedCredentialsRiskConfiguration.Actions.EventAction",
        ),
        _one(
            "Credentials checked at",
            "compromised_credentials_events",
            "CompromisedCredentialsRiskConfiguration.EventFilter",
            words.all_of,
        ),
        _one(
            "Notices sent from",
            "notification_source_arn",
            "AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn",
        ),
        _many(
            "Blocked network", "blocked_ip_ranges", "RiskExceptionConfiguration.BlockedIPRangeList", _itself
        ),
        _many(
            "Network never judged",
            "skipped_ip_ranges",
            "RiskExceptionConfiguration.SkippedIPRangeList",
            _itself,
        ),
        _one("Changed", "modified_at", "RiskConfiguration.LastModifiedDate", words.moment, is_own=True),
    ),
    *_group(
        FacetName.USER_POOL,
        "E-mail and SMS",
        _one("E-mail sender", "email.sending_account", "EmailConfiguration.EmailSendingAccount"),
        _one("SES identity", "email.source_arn", "EmailConfiguration.SourceArn"),
        _one("From address", "email.from_address", "EmailConfiguration.From"),
        _one("Reply-to address", "email.reply_to_address", "EmailConfiguration.ReplyToEmailAddress"),
        _one("SES configuration set", "email.configuration_set", "EmailConfiguration.ConfigurationSet"),
        _one("E-mail fails with", "email_failure", "EmailConfigurationFailure"),
        _one("SMS by End User Messaging", "sms.is_eum", "SmsConfiguration.EumsSms", words.yes_no),
        _one("SMS role", "sms.caller_arn", "SmsConfiguration.SnsCallerArn"),
        _one("SMS external id", "sms.external_id", "SmsConfiguration.ExternalId"),
        _one("SMS region", "sms.region", "SmsConfiguration.SnsRegion"),
        _one(
            "SMS origination identity",
            "sms.origination_identity",
            "SmsConfiguration.EumsSms.OriginationIdentity",
        ),
        _one(
            "SMS configuration set", "sms.configuration_set", "SmsConfiguration.EumsSms.ConfigurationSetName"
        ),
        _one("SMS fails with", "sms_failure", "SmsConfigurationFailure"),
    ),
    *_group(
        FacetName.USER_POOL,
        "Lambda triggers",
        _many("Trigger", "triggers", "LambdaConfig", _trigger),
        _one("Key of custom senders", "custom_sender_kms_key_arn", "LambdaConfig.KMSKeyID"),
    ),
    *_group(
        FacetName.USER_POOL,
        "Domain and tokens",
        _one("Domain prefix", "domain", "Domain"),
        _one("Custom domain", "custom_domain", "CustomDomain"),
        _one("Issuer", "issuer_type", "IssuerConfiguration.Type"),
        _one("Encryption key", "key_type", "KeyConfiguration.KeyType"),
        _one("Customer-managed key", "kms_key_arn", "KeyConfiguration.KmsKeyArn"),
        _many("Authentication context", "acr_levels", "AcrConfiguration", _pair),
    ),
    *_group(
        FacetName.USER_POOL,
        "Dynamic client registration",
        *(
            _one(label, f"dynamic_client_registration.{member}", f"DcrConfiguration.{aws}", show)
            for label, member, aws, show in (
                ("Switched on", "is_enabled", "EnableStatus", words.yes_no),
                ("Without a token", "is_open", "OpenDcrEnabled", words.yes_no),
                ("Grants with a token", "authenticated_grant_types", "AuthenticatedGrantTypes", words.all_of),
                ("Grants without a token", "open_grant_types", "OpenDcrGrantTypes", words.all_of),
                ("Scopes", "allowed_scopes", "AllowedScopes", words.all_of),
            )
        ),
    ),
    *_group(
        FacetName.USER_POOL,
        "User attributes",
        _many("Attribute", "schema_attributes", "SchemaAttributes", _attribute),
    ),
)

_APP_CLIENT_SETTINGS = (
    *_group(
        FacetName.APP_CLIENT,
        "General",
        _one("Name", "name", "ClientName", is_own=True),
        _one("Id", "client_id", "ClientId", is_own=True),
        _one("User pool", "user_pool_id", "UserPoolId", is_own=True),
        _one("Type", "client_type", "ClientType"),
        _one("Has a secret", "has_secret", "ClientSecret", words.yes_no),
        _one("Created", "created_at", "CreationDate", words.moment, is_own=True),
        _one("Changed", "modified_at", "LastModifiedDate", words.moment, is_own=True),
    ),
    *_group(
        FacetName.APP_CLIENT,
        "Sign-in",
        _one("Flows", "explicit_auth_flows", "ExplicitAuthFlows", words.all_of),
        _one("Identity providers", "identity_providers", "SupportedIdentityProviders", words.all_of),
        _one("User-existence errors", "prevent_user_existence_errors", "PreventUserExistenceErrors"),
        _one(
            "Sign-in must end within", "auth_session_minutes", "AuthSessionValidity", words.count_of("minute")
        ),
        _one(
            "Passes on the user's context",
            "propagates_user_context",
            "EnablePropagateAdditionalUserContextData",
            words.yes_no,
        ),
    ),
    *_group(
        FacetName.APP_CLIENT,
        "OAuth",
        _one("Switched on", "is_oauth_enabled", "AllowedOAuthFlowsUserPoolClient", words.yes_no),
        _one("Grants", "oauth_flows", "AllowedOAuthFlows", words.all_of),
        _one("Scopes", "oauth_scopes", "AllowedOAuthScopes", words.all_of),
        _many("Callback URL", "callback_urls", "CallbackURLs", _itself),
        _one("Default redirect", "default_redirect_uri", "DefaultRedirectURI"),
        _many("Sign-out URL", "logout_urls", "LogoutURLs", _itself),
    ),
    *_group(
        FacetName.APP_CLIENT,
        "Tokens",
        _one("Access token lives", "access_token_seconds", "AccessTokenValidity", words.lifetime),
        _one("ID token lives", "id_token_seconds", "IdTokenValidity", words.lifetime),
        _one("Refresh token lives", "refresh_token_seconds", "RefreshTokenValidity", words.lifetime),
        _one("Revocation", "is_token_revocation_enabled", "EnableTokenRevocation", words.yes_no),
        _one(
            "Refresh token rotates",
            "refresh_token_rotation.is_enabled",
            "RefreshTokenRotation.Feature",
            words.yes_no,
        ),
        _one(
            "Rotated token still works for",
            "refresh_token_rotation.grace_seconds",
            "RefreshTokenRotation.RetryGracePeriodSeconds",
            words.lifetime,
        ),
    ),
    *_group(
        FacetName.APP_CLIENT,
        "Attributes and analytics",
        _one("May read", "read_attributes", "ReadAttributes", words.all_of),
        _one("May write", "write_attributes", "WriteAttributes", words.all_of),
        _one("Analytics application", "analytics.application_id", "AnalyticsConfiguration.ApplicationId"),
        _one("Analytics role", "analytics.role_arn", "AnalyticsConfiguration.RoleArn"),
        _one(
            "User data in analytics",
            "analytics.shares_user_data",
            "AnalyticsConfiguration.UserDataShared",
            words.yes_no,
        ),
    ),
)

_IDENTITY_POOL_SETTINGS = (
    *_group(
        FacetName.IDENTITY_POOL,
        "General",
        _one("Name", "name", "IdentityPoolName", is_own=True),
        _one("Id", "identity_pool_id", "IdentityPoolId", is_own=True),
        _one("Guest access", "allows_guest_access", "AllowUnauthenticatedIdentities", words.yes_no),
        _one("Classic flow", "allows_classic_flow", "AllowClassicFlow", words.yes_no),
        _many("Tag", "tags", "IdentityPoolTags", _pair),
    ),
    *_group(
        FacetName.IDENTITY_POOL,
        "Identity providers",
        _many("User pool", "user_pool_providers", "CognitoIdentityProviders", _user_pool_provider),
        _many("Social", "login_providers", "SupportedLoginProviders", _pair),
        _many("OpenID Connect", "openid_provider_arns", "OpenIdConnectProviderARNs", _itself),
        _many("SAML", "saml_provider_arns", "SamlProviderARNs", _itself),
        _one("Developer provider", "developer_provider_name", "DeveloperProviderName"),
    ),
    *_group(
        FacetName.IDENTITY_POOL_ROLES,
        "Roles",
        _one("Role of signed-in users", "authenticated_role_arn", "Roles.authenticated"),
        _one("Role of guests", "unauthenticated_role_arn", "Roles.unauthenticated"),
        _many("Mapping", "mappings", "RoleMappings", _role_mapping),
    ),
)

SETTINGS: Mapping[ResourceType, tuple[Setting, ...]] = {
    ResourceType.USER_POOL: _USER_POOL_SETTINGS,
    ResourceType.APP_CLIENT: _APP_CLIENT_SETTINGS,
    ResourceType.IDENTITY_POOL: _IDENTITY_POOL_SETTINGS,
}
