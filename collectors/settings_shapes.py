"""The members of what the operations that replace everything take: allow-lists, by AWS's names."""

from collections.abc import Mapping

# A structure's members: None for text, numbers, flags and lists of them. `ANY` is every key of a map, and a
# list of structures is written as one of them.
Shape = Mapping[str, "Shape | None"]
ANY = "*"


def _texts(*names: str) -> Shape:
    return dict.fromkeys(names)


_FUNCTION = _texts("LambdaVersion", "LambdaArn")
_SMS: Shape = {
    **_texts("SnsCallerArn", "ExternalId", "SnsRegion"),
    "EumsSms": _texts(
        "CallerArn",
        "ExternalId",
        "OriginationIdentity",
        "ConfigurationSetName",
        "InEntityId",
        "InTemplateId",
        "Region",
    ),
}
USER_POOL: Shape = {
    "Policies": {
        "PasswordPolicy": _texts(
            "MinimumLength",
            "RequireUppercase",
            "RequireLowercase",
            "RequireNumbers",
            "RequireSymbols",
            "PasswordHistorySize",
            "TemporaryPasswordValidityDays",
        ),
        "SignInPolicy": _texts("AllowedFirstAuthFactors"),
    },
    "DeletionProtection": None,
    "LambdaConfig": {
        **_texts(
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
            "KMSKeyID",
        ),
        "PreTokenGenerationConfig": _FUNCTION,
        "CustomSMSSender": _FUNCTION,
        "CustomEmailSender": _FUNCTION,
        "InboundFederation": _FUNCTION,
    },
    "AutoVerifiedAttributes": None,
    "SmsVerificationMessage": None,
    "EmailVerificationMessage": None,
    "EmailVerificationSubject": None,
    "VerificationMessageTemplate": _texts(
        "SmsMessage",
        "EmailMessage",
        "EmailSubject",
        "EmailMessageByLink",
        "EmailSubjectByLink",
        "DefaultEmailOption",
    ),
    "SmsAuthenticationMessage": None,
    "UserAttributeUpdateSettings": _texts("AttributesRequireVerificationBeforeUpdate"),
    "MfaConfiguration": None,
    "DeviceConfiguration": _texts("ChallengeRequiredOnNewDevice", "DeviceOnlyRememberedOnUserPrompt"),
    "EmailConfiguration": _texts(
        "SourceArn", "ReplyToEmailAddress", "EmailSendingAccount", "From", "ConfigurationSet"
    ),
    "SmsConfiguration": _SMS,
    "UserPoolTags": {ANY: None},
    "AdminCreateUserConfig": {
        **_texts("AllowAdminCreateUserOnly", "UnusedAccountValidityDays"),
        "InviteMessageTemplate": _texts("SMSMessage", "EmailMessage", "EmailSubject"),
    },
    "UserPoolAddOns": {
        "AdvancedSecurityMode": None,
        "AdvancedSecurityAdditionalFlows": _texts("CustomAuthMode"),
    },
    "DcrConfiguration": _texts(
        "EnableStatus", "OpenDcrEnabled", "AuthenticatedGrantTypes", "OpenDcrGrantTypes", "AllowedScopes"
    ),
    "AccountRecoverySetting": {"RecoveryMechanisms": _texts("Priority", "Name")},
    "PoolName": None,
    "UserPoolTier": None,
    "KeyConfiguration": _texts("KeyType", "KmsKeyArn"),
    "IssuerConfiguration": _texts("Type"),
    "AcrConfiguration": {ANY: _texts("AcrValue")},
}
MFA: Shape = {
    "SmsMfaConfiguration": {"SmsAuthenticationMessage": None, "SmsConfiguration": _SMS},
    "SoftwareTokenMfaConfiguration": _texts("Enabled"),
    "EmailMfaConfiguration": _texts("Message", "Subject"),
    "MfaConfiguration": None,
    "WebAuthnConfiguration": _texts("RelyingPartyId", "UserVerification", "FactorConfiguration"),
}
_EMAIL = _texts("Subject", "HtmlBody", "TextBody")
_ACTION = _texts("Notify", "EventAction")
RISK: Shape = {
    "CompromisedCredentialsRiskConfiguration": {"EventFilter": None, "Actions": _texts("EventAction")},
    "AccountTakeoverRiskConfiguration": {
        "NotifyConfiguration": {
            **_texts("From", "ReplyTo", "SourceArn"),
            "BlockEmail": _EMAIL,
            "NoActionEmail": _EMAIL,
            "MfaEmail": _EMAIL,
        },
        "Actions": {"LowAction": _ACTION, "MediumAction": _ACTION, "HighAction": _ACTION},
    },
    "RiskExceptionConfiguration": _texts("BlockedIPRangeList", "SkippedIPRangeList"),
}
APP_CLIENT: Shape = {
    **_texts(
        "ClientName",
        "RefreshTokenValidity",
        "AccessTokenValidity",
        "IdTokenValidity",
        "ReadAttributes",
        "WriteAttributes",
        "ExplicitAuthFlows",
        "SupportedIdentityProviders",
        "CallbackURLs",
        "LogoutURLs",
        "DefaultRedirectURI",
        "AllowedOAuthFlows",
        "AllowedOAuthScopes",
        "AllowedOAuthFlowsUserPoolClient",
        "PreventUserExistenceErrors",
        "EnableTokenRevocation",
        "EnablePropagateAdditionalUserContextData",
        "AuthSessionValidity",
    ),
    "TokenValidityUnits": _texts("AccessToken", "IdToken", "RefreshToken"),
    "AnalyticsConfiguration": _texts(
        "ApplicationId", "ApplicationArn", "RoleArn", "ExternalId", "UserDataShared"
    ),
    "RefreshTokenRotation": _texts("Feature", "RetryGracePeriodSeconds"),
}
IDENTITY_POOL: Shape = {
    **_texts(
        "IdentityPoolName",
        "AllowUnauthenticatedIdentities",
        "AllowClassicFlow",
        "DeveloperProviderName",
        "OpenIdConnectProviderARNs",
        "SamlProviderARNs",
    ),
    "SupportedLoginProviders": {ANY: None},
    "CognitoIdentityProviders": _texts("ProviderName", "ClientId", "ServerSideTokenCheck"),
    "IdentityPoolTags": {ANY: None},
}
