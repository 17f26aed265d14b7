"""Updates that AWS refuses and moto takes: settings that contradict each other, or the plan.

Creating is not checked: the demo's old resources have what AWS took when they were made. Each sentence in
quotation marks is of botocore's model of the operation that is named with it; the texts of the errors are
ours.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

from moto.cognitoidp.exceptions import InvalidParameterException

from demo.emulator.plans import need_essentials, need_plus, refuse_tier
from demo.emulator.state import extra

Settings = Mapping[str, Any]

# ExplicitAuthFlowsType: those without ALLOW_ are older, and none of them goes with one that has it
# ("You can't assign these legacy ExplicitAuthFlows values to user pool clients at the same time as values
# that begin with ALLOW_": UpdateUserPoolClient).
LEGACY_FLOWS = frozenset({"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"})
FLOWS = frozenset(
    {
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_AUTH",
        "ALLOW_TOKEN_EXCHANGE_DELEGATION",
        "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
    }
)
# "Scope values include phone, email, openid, and profile", then aws.cognito.signin.user.admin and "Custom
# scopes with resource servers" (UpdateUserPoolClient); the last one is DcrConfigurationType's.
STANDARD_SCOPES = frozenset(
    {
        "phone",
        "email",
        "openid",
        "profile",
        "aws.cognito.signin.user.admin",
        "aws.cognito/dcr/register",
    }
)
_OWN_COMPUTER = frozenset({"localhost", "127.0.0.1", "::1"})
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_DAY, _HOUR, _MINUTE = 86400, 3600, 60
# The model's own maxima, 86,400 and 315,360,000 seconds; the minima are those of the developer guide:
# https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
_VALIDITIES = {
    "AccessToken": ("AccessTokenValidity", "hours", 5 * _MINUTE, _DAY),
    "IdToken": ("IdTokenValidity", "hours", 5 * _MINUTE, _DAY),
    "RefreshToken": ("RefreshTokenValidity", "days", _HOUR, 3650 * _DAY),
}


def refuse_user_pool(pool: Any, sent: Settings) -> None:
    """Raise what AWS answers to an UpdateUserPool with these settings."""
    # "Defaults to ESSENTIALS" (UpdateUserPool).
    tier = sent.get("UserPoolTier") or "ESSENTIALS"
    _refuse_mode(pool, sent)
    add_ons = sent.get("UserPoolAddOns") or {}
    # "To activate this setting, your user pool must be on the Plus tier" (UpdateUserPool). A user pool whose
    # mode is older than the plans keeps it.
    was_on = (pool.extended_config.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode", "OFF") != "OFF"
    is_legacy = extra(pool, "facts").get("old_shape") and was_on
    if add_ons.get("AdvancedSecurityMode", "OFF") != "OFF" and tier != "PLUS" and not is_legacy:
        refuse_tier(pool, "Threat protection")
    policies = sent.get("Policies") or {}
    factors = (policies.get("SignInPolicy") or {}).get("AllowedFirstAuthFactors") or ["PASSWORD"]
    # Choice-based sign-in is a feature of Essentials and Plus:
    # https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
    if set(factors) != {"PASSWORD"} and tier == "LITE":
        refuse_tier(pool, "Choice-based sign-in")
    # "SOFTWARE_TOKEN is not currently supported as a first auth factor" (SignInPolicyType).
    if "SOFTWARE_TOKEN" in factors:
        _refuse("SOFTWARE_TOKEN is no first factor.")
    # "When you set TemporaryPasswordValidityDays for a user pool, you can no longer set a value for the
    # legacy UnusedAccountValidityDays parameter in that user pool" (PasswordPolicyType).
    invitations = sent.get("AdminCreateUserConfig") or {}
    if "TemporaryPasswordValidityDays" in (policies.get("PasswordPolicy") or {}) and invitations.get(
        "UnusedAccountValidityDays"
    ):
        _refuse("Use TemporaryPasswordValidityDays in PasswordPolicy, not UnusedAccountValidityDays.")
    _refuse_triggers(sent.get("LambdaConfig") or {})
    _refuse_tags(sent.get("UserPoolTags") or {})


def refuse_mfa(pool: Any, sent: Settings) -> None:
    """Raise what AWS answers to a SetUserPoolMfaConfig with these settings."""
    mode = sent.get("MfaConfiguration", "OFF")
    if mode not in {"ON", "OFF", "OPTIONAL"}:
        _refuse("[MfaConfiguration] must be one of 'ON', 'OFF', or 'OPTIONAL'.")
    totp = (sent.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled") is True
    if mode != "OFF" and not (totp or sent.get("SmsMfaConfiguration") or "EmailMfaConfiguration" in sent):
        _refuse("Invalid MFA configuration given, at least one MFA type is required.")
    sms = sent.get("SmsMfaConfiguration")
    # "You can set SmsConfiguration in CreateUserPool and UpdateUserPool, or in SetUserPoolMfaConfig"
    # (SmsMfaConfigType): somewhere it has to be.
    if sms is not None and not (sms.get("SmsConfiguration") or pool.extended_config.get("SmsConfiguration")):
        _refuse("SMS MFA needs an SmsConfiguration.")
    if "EmailMfaConfiguration" in sent:
        # "your user pool must be in the Essentials tier or higher" (SetUserPoolMfaConfig).
        need_essentials(pool, "E-mail MFA")
        # E-mail MFA takes the user pool's own SES identity:
        # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-sms-email-message.html
        email = pool.extended_config.get("EmailConfiguration") or {}
        if email.get("EmailSendingAccount") != "DEVELOPER":
            _refuse("E-mail MFA needs an EmailConfiguration with Amazon SES (DEVELOPER).")
    if sent.get("WebAuthnConfiguration"):
        need_essentials(pool, "Sign-in with passkeys")


def refuse_risk(pool: Any) -> None:
    """Raise what AWS answers to a SetRiskConfiguration on a user pool of too low a plan."""
    if not extra(pool, "facts").get("old_shape"):
        need_plus(pool, "Threat protection")


def refuse_client(pool: Any, client: Any, sent: Settings) -> None:
    """Raise what AWS answers to an UpdateUserPoolClient with these settings."""
    for check in _CLIENT_CHECKS:
        check(sent)
    if "ALLOW_USER_AUTH" in (sent.get("ExplicitAuthFlows") or ()):
        # "your user pool must be in the Essentials tier or higher" (UpdateUserPoolClient).
        need_essentials(pool, "Choice-based sign-in")
    scopes = set(sent.get("AllowedOAuthScopes") or ())
    known = STANDARD_SCOPES | _custom_scopes(pool)
    if missing := scopes - known:
        _refuse(f"Invalid scope requested: {', '.join(sorted(missing))}")
    if "client_credentials" in (sent.get("AllowedOAuthFlows") or ()) and not client.generate_secret:
        # "using a combination of the client ID and client secret" (UpdateUserPoolClient).
        _refuse("client_credentials is not allowed for a client without a secret.")
    if sent.get("EnablePropagateAdditionalUserContextData") and not client.generate_secret:
        # "You can only activate [it] in an app client that has a client secret" (UpdateUserPoolClient).
        _refuse("EnablePropagateAdditionalUserContextData needs a client secret.")


def _refuse_mode(pool: Any, sent: Settings) -> None:
    """Refuse to ask for MFA where no second factor is set up: SetUserPoolMfaConfig does both at once."""
    mode = sent.get("MfaConfiguration") or "OFF"
    totp = getattr(pool, "token_mfa_config", None) or {}
    has_sms = bool(getattr(pool, "sms_mfa_config", None)) or bool(sent.get("SmsConfiguration"))
    has_factor = has_sms or totp.get("Enabled") is True or "EmailMfaConfiguration" in extra(pool, "mfa")
    if mode != "OFF" and not has_factor:
        _refuse("MFA cannot be turned on: no second factor is configured.")


def _refuse_triggers(triggers: Settings) -> None:
    # "If you also set an ARN in PreTokenGenerationConfig, its value must be identical to PreTokenGeneration"
    # (LambdaConfigType).
    plain = triggers.get("PreTokenGeneration")
    versioned = (triggers.get("PreTokenGenerationConfig") or {}).get("LambdaArn")
    if plain and versioned and plain != versioned:
        _refuse("PreTokenGeneration and PreTokenGenerationConfig name different functions.")


def _refuse_tags(tags: Settings) -> None:
    # https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html keeps the prefix for AWS's own use.
    if any(key.lower().startswith("aws:") for key in tags):
        _refuse("aws: prefixed tag key names are not allowed for external use.")


def _refuse_flows(sent: Settings) -> None:
    flows = set(sent.get("ExplicitAuthFlows") or ())
    if unknown := flows - FLOWS - LEGACY_FLOWS:
        _refuse(f"ExplicitAuthFlows has a value outside its enum: {', '.join(sorted(unknown))}")
    if flows & LEGACY_FLOWS and flows & FLOWS:
        _refuse("ExplicitAuthFlows mixes values with and without the prefix ALLOW_.")
    rotation = (sent.get("RefreshTokenRotation") or {}).get("Feature")
    # With rotation, tokens are renewed by GetTokensFromRefreshToken alone, and the flow has to be off:
    # https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
    if rotation == "ENABLED" and "ALLOW_REFRESH_TOKEN_AUTH" in flows:
        _refuse("Refresh token rotation cannot be enabled beside ALLOW_REFRESH_TOKEN_AUTH.")


def _refuse_grants(sent: Settings) -> None:
    grants = set(sent.get("AllowedOAuthFlows") or ())
    # "you must add client_credentials as the only allowed OAuth flow" (UpdateUserPoolClient).
    if "client_credentials" in grants and len(grants) > 1:
        _refuse("client_credentials flow cannot be selected along with code flow or implicit flow.")


def _refuse_urls(sent: Settings) -> None:
    # "Amazon Cognito requires HTTPS over HTTP except for http://localhost" (UpdateUserPoolClient); the other
    # names of the own computer are let through, for what AWS says of them is not known.
    for url in sent.get("CallbackURLs") or ():
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname not in _OWN_COMPUTER:
            _refuse(f"{url} is http, which only localhost may have.")
        if parts.fragment:
            _refuse(f"{url} has a fragment.")
    # "Must be in the CallbackURLs list" (UpdateUserPoolClient).
    default = sent.get("DefaultRedirectURI")
    if default and default not in (sent.get("CallbackURLs") or ()):
        _refuse("DefaultRedirectURI is not among the CallbackURLs.")


def _refuse_validities(sent: Settings) -> None:
    units, session = sent.get("TokenValidityUnits") or {}, sent.get("AuthSessionValidity") or 3
    seconds = {}
    for token, (member, default_unit, least, most) in _VALIDITIES.items():
        if not (value := sent.get(member)):
            continue
        seconds[token] = value * _SECONDS[units.get(token, default_unit)]
        if not least <= seconds[token] <= most:
            _refuse(f"{member} is out of its range of {least} to {most} seconds.")
    grace = (sent.get("RefreshTokenRotation") or {}).get("RetryGracePeriodSeconds", 0)
    for name, value, most in (("AuthSessionValidity", session, 15), ("RetryGracePeriodSeconds", grace, 60)):
        if value > most:
            _refuse(f"{name} is at most {most}.")
    # The developer guide's page on tokens: the refresh token outlives the others.
    refresh = seconds.get("RefreshToken", 30 * _DAY)
    if any(seconds.get(token, _HOUR) > refresh for token in ("AccessToken", "IdToken")):
        _refuse("The refresh token would expire before the access or the ID token.")


_CLIENT_CHECKS: Iterable[Callable[[Settings], None]] = (
    _refuse_flows,
    _refuse_grants,
    _refuse_urls,
    _refuse_validities,
)


def _custom_scopes(pool: Any) -> set[str]:
    return {
        f"{server.identifier}/{scope['ScopeName']}"
        for server in pool.resource_servers.values()
        for scope in server.scopes or ()
    }


def _refuse(message: str) -> NoReturn:
    raise InvalidParameterException(message)
