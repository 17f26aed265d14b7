"""Authentication: second factors, passwords, recovery, devices and usernames of a user pool."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import UserPool
from rules.conditions import (
    has_own_users,
    has_second_factors,
    surely_chooses_no_factor,
    takes_passwords,
)
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import DOCS
from rules.passwords import weaknesses

CLIENTS = (FacetName.APP_CLIENTS, FacetName.APP_CLIENT)
# Why a preference for SMS does less harm, in words that follow "lowered because".
NO_SMS = "the user pool has no SmsConfiguration, so that no SMS goes out"


def signs_in_users(_pool: UserPool, ctx: Context) -> bool:
    """Whether some app client signs in users, its own or those of outside identity providers."""
    return ctx.pool.has_app_client(lambda client: client.signs_in_users)


def asks_for_history(pool: UserPool, ctx: Context) -> bool:
    """Whether the baseline asks that old passwords are refused."""
    return ctx.parameters["history_size"] > 0 and takes_passwords(pool, ctx)


def has_chosen_recovery(pool: UserPool, ctx: Context) -> bool:
    """Whether somebody has chosen how users reset their passwords."""
    return bool(pool.recovery_mechanisms) and takes_passwords(pool, ctx)


@rule(
    "AUT001",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "user-pool-settings-mfa.html",
    applies=takes_passwords,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="LITE",
    mappings={"security_hub": ("Cognito.5",), "aws_config": ("cognito-user-pool-mfa-enabled",)},
    peers={
        "prowler": ("cognito_user_pool_mfa_enabled",),
        "service_screener": ("cognitoMfaNotEnforced",),
        "stave": ("CTL.COGNITO.MFA.001",),
        "mondoo": ("mondoo-aws-security-cognito-user-pool-mfa-enforced",),
        "cdk_nag": ("AwsSolutions-COG2",),
        "cloudsploit": ("cognitoMFAEnabled",),
        "cfn_nag": ("F78",),
        "electric_eye": ("Cognito.3",),
        "kics": ("ec28bf61-a474-4dbe-b414-6dd3a067d6f0", "74a18d1a-cf02-4a31-8791-ed0967ad7fdc"),
    },
)
def mfa_is_off(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Users sign in with a password alone.

    Why: a password that leaked elsewhere, was guessed or was phished is all that an attacker needs.
    Fix: set MfaConfiguration to ON with SetUserPoolMfaConfig, naming every factor that shall be on in the
    same call; TOTP needs no message and no higher plan. ON stops users without a factor until they set one
    up, so start with OPTIONAL, let users enrol, then switch. Users of outside identity providers are not
    asked.
    Unsure when: the app clients only serve outside identity providers, and self sign-up is open by mistake:
    declare such a user pool federated-only, and it counts no more unless an app client lets its own users in.
    """
    mode = ctx.pool.mfa.value.mode
    if mode == "OFF":
        yield Problem(
            "has MfaConfiguration OFF, so a password alone signs users in",
            evidence=(("MfaConfiguration", mode),),
        )


@rule(
    "AUT002",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "user-pool-settings-mfa.html",
    applies=takes_passwords,
    reads=(FacetName.MFA_CONFIGURATION, FacetName.RISK_CONFIGURATION, *CLIENTS),
    plan_needed="LITE",
    peers={
        "prowler": ("cognito_user_pool_mfa_enabled",),
        "service_screener": ("cognitoMfaNotEnforced",),
        "mondoo": ("mondoo-aws-security-cognito-user-pool-mfa-enforced",),
        "cloudsploit": ("cognitoMFAEnabled",),
        "electric_eye": ("Cognito.3",),
    },
)
def mfa_is_optional(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """MFA is left to each user.

    Why: managed login does not ask users to set up a factor while MFA is optional, so most have none.
    Fix: set MfaConfiguration to ON with SetUserPoolMfaConfig, naming every factor that shall be on in the
    same call; users without a factor must set one up before they can sign in. On the Plus plan, keep
    OPTIONAL and let threat protection, ENFORCED, answer high risk with MFA_REQUIRED or BLOCK.
    Unsure when: the application itself makes every user set up a factor.
    """
    mode = ctx.pool.mfa.value.mode
    if mode != "OPTIONAL":
        return
    evidence = (("MfaConfiguration", mode), ("UserPoolAddOns.AdvancedSecurityMode", pool.threat_protection))
    if pool.threat_protection != "ENFORCED":
        yield Problem("has MfaConfiguration OPTIONAL, which leaves MFA to each user", evidence)
    elif not ctx.pool.risk.value.stops_high_risk:
        action = ctx.pool.risk.value.high_risk_action
        yield Problem(
            "has MfaConfiguration OPTIONAL, and threat protection does not demand MFA at high risk",
            evidence=(*evidence, ("AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction", action)),
        )


@rule(
    "AUT003",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "user-pool-settings-mfa-sms-email-message.html",
    applies=has_second_factors,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="LITE",
    peers={"service_screener": ("cognitoSmsOnlyMfa",), "stave": ("CTL.COGNITO.MFA.SMSONLY",)},
)
def sms_is_the_only_second_factor(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The only second factor is a code by SMS.

    Why: a phone number can be taken over at the carrier, SMS can be delayed or lost, and each code costs
    money.
    Fix: switch on TOTP (SoftwareTokenMfaConfiguration) or passkeys (WebAuthnConfiguration, Essentials plan)
    with SetUserPoolMfaConfig, keeping SmsMfaConfiguration in the same call until users have moved: dropping
    it locks out those who have only a phone number.
    """
    mfa = ctx.pool.mfa.value
    if mfa.second_factors == ("SMS",):
        yield Problem(
            "has SMS as its only second factor",
            evidence=(
                ("MfaConfiguration", mfa.mode),
                ("SmsMfaConfiguration", mfa.has_sms),
                ("SoftwareTokenMfaConfiguration.Enabled", mfa.has_totp),
                ("EmailMfaConfiguration", mfa.has_email),
                ("WebAuthnConfiguration.FactorConfiguration", mfa.passkey_factor),
            ),
        )


@rule(
    "AUT004",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "amazon-cognito-user-pools-authentication-flow-methods.html",
    applies=has_own_users,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="ESSENTIALS",
)
def sms_code_signs_in_alone(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A code by SMS is all that users need to sign in.

    Why: whoever holds the phone number, by theft or by a carrier's mistake, holds the account; and each
    attempt sends an SMS that the owner pays for.
    Fix: take SMS_OTP out of SignInPolicy.AllowedFirstAuthFactors and offer WEB_AUTHN or EMAIL_OTP, by read,
    merge, write: UpdateUserPool resets every field left out. Users who have neither a passkey nor an e-mail
    address cannot sign in without a password then.
    Unsure when: no app client allows ALLOW_USER_AUTH, so the factor cannot be chosen as things stand.
    """
    factors = pool.first_factors or frozenset()
    if "SMS_OTP" in factors and ctx.pool.mfa.value.mode != "ON":
        is_dormant = surely_chooses_no_factor(pool, ctx)
        yield Problem(
            "has SMS_OTP as a first factor without MFA",
            evidence=(
                ("Policies.SignInPolicy.AllowedFirstAuthFactors", tuple(sorted(factors))),
                ("MfaConfiguration", ctx.pool.mfa.value.mode),
            ),
            severity=Severity.LOW if is_dormant else None,
            because="no app client allows ALLOW_USER_AUTH, by which users choose it" if is_dormant else "",
        )


@rule(
    "AUT005",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "managing-users-passwords.html",
    applies=takes_passwords,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    params={
        "minimum_length": 8,
        # 0 for the same as without MFA.
        "minimum_length_with_mfa": 0,
        "asks_character_classes": 1,
        "temporary_password_days": 7,
    },
    plan_needed="LITE",
    mappings={"security_hub": ("Cognito.3",), "aws_config": ("cognito-user-pool-password-policy-check",)},
    peers={
        "prowler": (
            "cognito_user_pool_password_policy_lowercase",
            "cognito_user_pool_password_policy_minimum_length_14",
            "cognito_user_pool_password_policy_number",
            "cognito_user_pool_password_policy_symbol",
            "cognito_user_pool_password_policy_uppercase",
            "cognito_user_pool_temporary_password_expiration",
        ),
        "service_screener": ("cognitoWeakPasswordPolicy", "cognitoLongTemporaryPassword"),
        "stave": ("CTL.COGNITO.PASSWORD.001", "CTL.COGNITO.PASSWORD.POLICY", "CTL.COGNITO.TEMPPASSWORD"),
        "cdk_nag": ("AwsSolutions-COG1",),
        "powerpipe": ("foundational_security_cognito_3",),
        "electric_eye": ("Cognito.1", "Cognito.2"),
    },
)
def password_policy_is_weak(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Passwords may be short or simple, or temporary ones live long.

    Why: short passwords are guessed, and a temporary password that nobody has used yet opens the account to
    whoever finds the message. Security Hub asks for all four kinds of character, while NIST SP 800-63B
    prefers length, less of it beside MFA, and advises against such demands: a baseline decides
    (asks_character_classes 1 or 0, minimum_length and minimum_length_with_mfa).
    Fix: raise MinimumLength, set the Require fields of Policies.PasswordPolicy and lower
    TemporaryPasswordValidityDays, by read, merge, write: UpdateUserPool resets every field left out.
    Passwords that exist stay valid until they are changed; sign-up forms must show the new demands.
    """
    yield from weaknesses(pool.effective_password_policy, ctx)


@rule(
    "AUT006",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "managing-users-passwords.html",
    applies=takes_passwords,
    reads=CLIENTS,
    plan_needed="LITE",
    peers={"service_screener": ("cognitoAccountRecoveryNotConfigured",)},
)
def recovery_prefers_sms_by_default(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Nobody has chosen how a forgotten password is reset.

    Why: without AccountRecoverySetting, AWS keeps its old order and sends the code by SMS before e-mail, so
    a stolen phone number is enough to take an account over, even one with SMS MFA. Where the user pool
    sends no SMS yet, that begins with the day on which somebody sets SMS up for something else.
    Fix: set AccountRecoverySetting to verified_email first, or to admin_only, by read, merge, write:
    UpdateUserPool resets every field left out. Users whose only verified contact is left out can no longer
    reset their password themselves.
    """
    if not pool.uses_legacy_recovery:
        return
    evidence = (("AccountRecoverySetting.RecoveryMechanisms", pool.recovery_mechanisms),)
    if _sends_sms(pool):
        yield Problem(
            "has no AccountRecoverySetting, so forgotten passwords are reset by SMS before e-mail", evidence
        )
    else:
        yield Problem(
            "has no AccountRecoverySetting, which puts SMS before e-mail once SMS is set up",
            (*evidence, ("SmsConfiguration", None)),
            Severity.LOW,
            NO_SMS,
        )


@rule(
    "AUT007",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "amazon-cognito-user-pools-device-tracking.html",
    applies=has_second_factors,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="LITE",
)
def remembered_device_replaces_mfa(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A remembered device signs in without the second factor.

    Why: with ChallengeRequiredOnNewDevice, a device that was remembered once answers for the second factor
    ever after; whoever holds its keys needs only the password.
    Fix: set DeviceConfiguration.ChallengeRequiredOnNewDevice to false, by read, merge, write:
    UpdateUserPool resets every field left out. Users are asked for their second factor more often then.
    Where that is too much, DeviceOnlyRememberedOnUserPrompt at least lets them choose which device to
    trust.
    Unsure when: the trade of fewer prompts for weaker proof was made on purpose.
    """
    device = pool.device
    if device and device.challenge_required_on_new_device:
        yield Problem(
            "lets a remembered device take the place of the second factor",
            evidence=(
                ("DeviceConfiguration.ChallengeRequiredOnNewDevice", device.challenge_required_on_new_device),
                (
                    "DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt",
                    device.remembered_on_user_prompt_only,
                ),
                ("MfaConfiguration", ctx.pool.mfa.value.mode),
            ),
        )


@rule(
    "AUT008",
    Severity.MEDIUM,
    url=DOCS + "user-pool-case-sensitivity.html",
    applies=signs_in_users,
    reads=CLIENTS,
    plan_needed="LITE",
)
def usernames_are_case_sensitive(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Ann and ann can be two different users.

    Why: look-alike accounts fool people, and an application that compares e-mail addresses without regard
    to case takes one user for the other.
    Fix: UsernameConfiguration.CaseSensitive cannot be changed in place. Refuse names that differ only in
    case with a PreSignUp trigger, and move users to a new user pool with CaseSensitive false when there is
    occasion; that gives every user a new sub.
    Unsure when: applications know users by their sub alone.
    """
    if pool.has_case_sensitive_usernames:
        yield Problem(
            "takes usernames that differ only in case for different users",
            evidence=(("UsernameConfiguration.CaseSensitive", pool.is_username_case_sensitive),),
        )


@rule(
    "AUT009",
    Severity.INFO,
    url=DOCS + "managing-user-sessions.html",
    applies=signs_in_users,
    reads=(FacetName.SESSION_CONFIGURATION, *CLIENTS),
    plan_needed="ESSENTIALS",
)
def sessions_are_not_tracked(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Nobody can see where users are signed in, or end one session alone.

    Why: without session tracking a stolen session does not show, a user may have any number of them, and to
    end one means to sign the user out everywhere.
    Fix: set UserSessionTracking to ENABLED and TokenSession.MaxPerUser with SetUserPoolSessionConfiguration,
    which replaces the whole session configuration. From then on a user who has MaxPerUser sessions loses
    the least recently used one with the next sign-in, and single sign-on settings of app clients that lay
    dormant take effect.
    """
    session = ctx.pool.session.value
    if not session.is_tracked:
        yield Problem(
            f"keeps no track of its users' sessions (UserSessionTracking {session.tracking or 'not set'})",
            evidence=(("UserSessionTracking", session.tracking),),
        )


@rule(
    "AUT010",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "managing-users-passwords.html",
    applies=has_chosen_recovery,
    reads=CLIENTS,
    plan_needed="LITE",
    peers={"prowler": ("cognito_user_pool_account_recovery_sms_not_preferred",)},
)
def recovery_prefers_sms(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """A forgotten password is reset by SMS before anything else.

    Why: whoever takes over the phone number at its carrier gets the code, sets a new password and holds the
    account.
    Fix: give verified_email priority 1 in AccountRecoverySetting, or set admin_only, by read, merge, write:
    UpdateUserPool resets every field left out. Users without a verified e-mail address can no longer reset
    their password themselves where SMS is dropped altogether.
    Unsure when: users have a phone number and no e-mail address.
    """
    mechanisms = pool.recovery_mechanisms or ()
    if mechanisms[0] != "verified_phone_number":
        return
    evidence = (("AccountRecoverySetting.RecoveryMechanisms", mechanisms),)
    if _sends_sms(pool):
        yield Problem("sends the code for a forgotten password by SMS first", evidence)
    else:
        yield Problem(
            "has verified_phone_number as its first way to reset passwords, yet no SMS set up",
            (*evidence, ("SmsConfiguration", None)),
            Severity.LOW,
            NO_SMS,
        )


@rule(
    "AUT011",
    Severity.LOW,
    url=DOCS + "managing-users-passwords.html",
    applies=asks_for_history,
    reads=CLIENTS,
    params={"history_size": 0},
    plan_needed="ESSENTIALS",
)
def old_passwords_are_accepted(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Users may return to a password that they had before.

    Why: who had to change a leaked password goes back to it, and so can whoever holds it. Only baselines
    that want a history ask for one (history_size, 0 for none); NIST SP 800-63B does not.
    Fix: set Policies.PasswordPolicy.PasswordHistorySize, at most 24, by read, merge, write: UpdateUserPool
    resets every field left out. It needs UserPoolTier ESSENTIALS or PLUS; applications meet a new error,
    PasswordHistoryPolicyViolationException, when users change or reset their password.
    """
    size, wanted = pool.effective_password_policy.history_size, ctx.parameters["history_size"]
    if (size or 0) < wanted:
        yield Problem(
            f"remembers {size or 'no'} earlier passwords of a user, fewer than {wanted}",
            evidence=(("Policies.PasswordPolicy.PasswordHistorySize", size),),
        )


def _sends_sms(pool: UserPool) -> bool:
    return pool.sms is not None or pool.sends_sms_by_lambda
