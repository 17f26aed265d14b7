"""The settings of app clients."""

from dashboard import words
from dashboard.settings.risk import risk_responses
from dashboard.settings.rows import Entries, group, itself, many, one
from records.facet import FacetName
from records.user_pool_parts import ClientSecret


def _secret(secret: ClientSecret) -> Entries:
    return ((secret.secret_id, f"since {words.moment(secret.created_at)}"),)


APP_CLIENT_SETTINGS = (
    *group(
        FacetName.APP_CLIENT,
        "General",
        one("Name", "name", "ClientName", is_own=True),
        one("Id", "client_id", "ClientId", is_own=True),
        one("User pool", "user_pool_id", "UserPoolId", is_own=True),
        one("Type", "client_type", "ClientType"),
        one("Has a secret", "has_secret", "ClientSecret", words.yes_no),
        one("Created", "created_at", "CreationDate", words.moment, is_own=True),
        one("Changed", "modified_at", "LastModifiedDate", words.moment, is_own=True),
    ),
    *group(
        FacetName.APP_CLIENT,
        "Sign-in",
        one("Flows", "explicit_auth_flows", "ExplicitAuthFlows", words.all_of),
        one("Identity providers", "identity_providers", "SupportedIdentityProviders", words.all_of),
        one("User-existence errors", "prevent_user_existence_errors", "PreventUserExistenceErrors"),
        one(
            "Sign-in must end within", "auth_session_minutes", "AuthSessionValidity", words.count_of("minute")
        ),
        one(
            "Passes on the user's context",
            "propagates_user_context",
            "EnablePropagateAdditionalUserContextData",
            words.yes_no,
        ),
    ),
    *group(
        FacetName.APP_CLIENT,
        "OAuth",
        one("Switched on", "is_oauth_enabled", "AllowedOAuthFlowsUserPoolClient", words.yes_no),
        one("Grants", "oauth_flows", "AllowedOAuthFlows", words.all_of),
        one("Scopes", "oauth_scopes", "AllowedOAuthScopes", words.all_of),
        many("Callback URL", "callback_urls", "CallbackURLs", itself),
        one("Default redirect", "default_redirect_uri", "DefaultRedirectURI"),
        many("Sign-out URL", "logout_urls", "LogoutURLs", itself),
    ),
    *group(
        FacetName.APP_CLIENT,
        "Tokens",
        one("Access token lives", "access_token_seconds", "AccessTokenValidity", words.lifetime),
        one("ID token lives", "id_token_seconds", "IdTokenValidity", words.lifetime),
        one("Refresh token lives", "refresh_token_seconds", "RefreshTokenValidity", words.lifetime),
        one("Revocation", "is_token_revocation_enabled", "EnableTokenRevocation", words.yes_no),
        one(
            "Refresh token rotates",
            "refresh_token_rotation.is_enabled",
            "RefreshTokenRotation.Feature",
            words.yes_no,
        ),
        one(
            "Rotated token still works for",
            "refresh_token_rotation.grace_seconds",
            "RefreshTokenRotation.RetryGracePeriodSeconds",
            words.lifetime,
        ),
    ),
    *group(
        FacetName.APP_CLIENT,
        "Attributes and analytics",
        one("May read", "read_attributes", "ReadAttributes", words.all_of),
        one("May write", "write_attributes", "WriteAttributes", words.all_of),
        one("Analytics application", "analytics.application_id", "AnalyticsConfiguration.ApplicationId"),
        one("Analytics role", "analytics.role_arn", "AnalyticsConfiguration.RoleArn"),
        one(
            "User data in analytics",
            "analytics.shares_user_data",
            "AnalyticsConfiguration.UserDataShared",
            words.yes_no,
        ),
    ),
    *group(
        FacetName.CLIENT_SESSION,
        "Single sign-on session",
        one("Reused for", "sso_minutes", "SSOSession.MaxValidityMinutes", words.count_of("minute")),
    ),
    *group(
        FacetName.CLIENT_SECRETS,
        "Secrets",
        many("Secret", "", "ClientSecrets", _secret, is_own=True),
    ),
    *risk_responses(FacetName.CLIENT_RISK, absent="that of the user pool"),
)
