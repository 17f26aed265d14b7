"""Remedies of the rules on second factors, passwords, recovery, devices and usernames."""

from collections.abc import Iterator

from records.user_pool import PASSWORD_FACTOR, UserPool
from rules.engine import Context
from rules.passwords import demanded_length
from rules.remedies import Affected, Change, Operation, Remedy

# The bounds within which AWS accepts the numbers of a password policy.
MINIMUM_LENGTHS = range(6, 100)
TEMPORARY_PASSWORD_DAYS = range(1, 366)
PASSWORD_POLICY = ("Policies", "PasswordPolicy")
FIRST_FACTORS = ("Policies", "SignInPolicy", "AllowedFirstAuthFactors")


def require_mfa(pool: UserPool, ctx: Context) -> Iterator[Change]:
    """Ask every user for a second factor; nothing where codes or passkeys alone sign users in.

    MFA ends those ways to sign in, so that their owner has to choose.
    """
    mfa = ctx.pool.mfa.value
    alone = (pool.first_factors or frozenset()) - {PASSWORD_FACTOR}
    if alone and not (alone == {"WEB_AUTHN"} and mfa.has_passkey):
        return
    # While MFA is OFF, what is listed is no factor that users could have.
    if mfa.mode == "OFF" or not mfa.second_factors:
        yield from _offer_totp(pool, ctx)
    yield Change(Operation.SET_USER_POOL_MFA, ("MfaConfiguration",), "ON")


def _offer_totp(_pool: UserPool, _ctx: Context) -> Iterator[Change]:
    yield Change(Operation.SET_USER_POOL_MFA, ("SoftwareTokenMfaConfiguration", "Enabled"), value=True)


def _drop_sms_codes(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    if left := sorted((pool.first_factors or frozenset()) - {"SMS_OTP"}):
        yield Change(Operation.UPDATE_USER_POOL, FIRST_FACTORS, left)


def _raise_password_policy(pool: UserPool, ctx: Context) -> Iterator[Change]:
    """Raise what the policy lacks, or set it all where there is none: AWS takes what is left out for no."""
    policy, wanted = pool.effective_password_policy, pool.password_policy is None
    length, days = demanded_length(ctx), ctx.parameters["temporary_password_days"]
    asks_no_classes = not ctx.parameters["asks_character_classes"]
    if length not in MINIMUM_LENGTHS or days not in TEMPORARY_PASSWORD_DAYS:
        return
    for member, value, is_met in (
        (
            "MinimumLength",
            max(length, policy.effective_minimum_length),
            policy.effective_minimum_length >= length,
        ),
        ("RequireLowercase", True, asks_no_classes or policy.requires_lowercase),
        ("RequireUppercase", True, asks_no_classes or policy.requires_uppercase),
        ("RequireNumbers", True, asks_no_classes or policy.requires_numbers),
        ("RequireSymbols", True, asks_no_classes or policy.requires_symbols),
        (
            "TemporaryPasswordValidityDays",
            min(days, policy.effective_temporary_password_days),
            policy.effective_temporary_password_days <= days,
        ),
    ):
        if wanted or not is_met:
            yield Change(Operation.UPDATE_USER_POOL, (*PASSWORD_POLICY, member), value)


def recover_by_email_first(pool: UserPool, ctx: Context) -> Iterator[Change]:
    """Put e-mail first; nothing where users have none, or already get their second factor by it."""
    if pool.username_attributes == {"phone_number"} or ctx.pool.mfa.value.second_factors == ("e-mail",):
        return
    mechanisms = [{"Priority": 1, "Name": "verified_email"}]
    if "verified_phone_number" in (pool.recovery_mechanisms or ()):
        mechanisms.append({"Priority": 2, "Name": "verified_phone_number"})
    yield Change(Operation.UPDATE_USER_POOL, ("AccountRecoverySetting", "RecoveryMechanisms"), mechanisms)


def _ask_known_devices(_pool: UserPool, _ctx: Context) -> Iterator[Change]:
    yield Change(
        Operation.UPDATE_USER_POOL, ("DeviceConfiguration", "ChallengeRequiredOnNewDevice"), value=False
    )


_MFA_STEPS = (
    "Set MfaConfiguration to OPTIONAL with TOTP on, and let the application offer it.",
    "Tell users until when they need a factor, and watch how many have one.",
    "Set MfaConfiguration to ON, and have a way to help those who lose their factor.",
)
_MFA_BREAKS = (
    "Users without a factor cannot sign in until they set one up, and an application with its own forms must "
    "answer MFA_SETUP and the factor's challenge. Codes and passkeys that sign in alone stop working, other "
    "than passkeys that count as MFA. A web ACL's Captcha can keep managed login from registering TOTP."
)

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="AUT001",
        change="Require MFA",
        impact="Every user of the user pool's own sets up a second factor and is asked for it at sign-in.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=_MFA_STEPS,
        breaks=_MFA_BREAKS,
        removes="sign-in without a second factor",
        changes=require_mfa,
    ),
    Remedy(
        code="AUT002",
        change="Require MFA",
        impact="Users who have no second factor yet must set one up; the others notice nothing.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Count the users without a factor, and let the application offer one.",
            "Tell users until when they need a factor.",
            "Set MfaConfiguration to ON; on the Plus plan, MFA_REQUIRED or BLOCK at high risk does as well.",
        ),
        breaks=_MFA_BREAKS,
        removes="sign-in without a second factor",
        changes=require_mfa,
    ),
    Remedy(
        code="AUT003",
        change="Switch TOTP on as a second factor",
        impact="Users may set up an authenticator app; those who get codes by SMS go on doing so.",
        affected=Affected.NOBODY,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Switch TOTP on and keep SmsMfaConfiguration in the same call.",
            "Let the application offer an authenticator app, and prefer it for those who have one.",
            "Drop SMS once nobody depends on it.",
        ),
        breaks=(
            "A call without SmsMfaConfiguration locks out those who have only a phone number. Once users "
            "have two factors, sign-in may ask which one they want, and an application must answer that."
        ),
        changes=_offer_totp,
    ),
    Remedy(
        code="AUT004",
        change="Take SMS codes out of the first factors",
        impact="Nobody can sign in by a code from an SMS alone any more.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Offer passkeys or e-mail codes beside the SMS, and find out who has neither.",
            "Release the application without the choice of SMS.",
            "Take SMS_OTP out of AllowedFirstAuthFactors.",
        ),
        breaks="Users without password, passkey and e-mail address cannot sign in any more.",
        removes="sign-in by an SMS code alone (SMS_OTP)",
        changes=_drop_sms_codes,
    ),
    Remedy(
        code="AUT005",
        change="Strengthen the password policy",
        impact="New and changed passwords must meet the policy; those that exist stay valid.",
        affected=Affected.NEW_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Show the new demands in the forms for sign-up and for new passwords.",
            "Change scripts that make passwords, and users' temporary ones.",
            "Raise the policy.",
        ),
        breaks=(
            "Forms that check the old demands let users type what AWS then refuses, and scripts that make "
            "shorter passwords fail."
        ),
        changes=_raise_password_policy,
    ),
    Remedy(
        code="AUT006",
        change="Reset passwords by e-mail first",
        impact="The code for a forgotten password goes to the verified e-mail address.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Count the users without a verified e-mail address, and ask them for one.",
            "Set AccountRecoverySetting to verified_email.",
            "Let administrators reset the passwords of those who have none.",
        ),
        breaks=(
            "Users with only a verified phone number can no longer reset their password themselves. Nor can "
            "users who get their second factor by e-mail."
        ),
        removes="password reset by SMS",
        changes=recover_by_email_first,
    ),
    Remedy(
        code="AUT007",
        change="Ask for the second factor on remembered devices",
        impact="Users give their second factor on every device and at every sign-in.",
        affected=Affected.SIGNING_IN,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Tell users that they will be asked more often.",
            "Set ChallengeRequiredOnNewDevice to false.",
            "Where codes go by SMS, watch the month's spending: more are sent.",
        ),
        breaks="More codes are sent by SMS and e-mail; a spend limit that is reached stops them.",
        removes="sign-in on a remembered device without the second factor",
        changes=_ask_known_devices,
    ),
    Remedy(
        code="AUT008",
        change="Move users to a user pool without case-sensitive usernames",
        impact="Users get new accounts with a new sub in another user pool.",
        affected=Affected.EVERYBODY,
        needs_client_release=True,
        is_reversible=False,
        steps=(
            "Refuse usernames that differ only in case with a PreSignUp trigger; settle those that exist.",
            "Make a user pool with CaseSensitive false, and bring users over by import or at their sign-in.",
            "Point applications, APIs and identity pools to the new user pool, then retire the old one.",
        ),
        breaks=(
            "Passwords and factors do not move by import, every sub changes, and identity pools take a user "
            "of the new user pool for somebody else."
        ),
        removes="the old user pool",
    ),
    Remedy(
        code="AUT009",
        change="Track users' sessions",
        impact="Users have at most MaxPerUser sessions, and each can be ended by itself.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Find out on how many devices users are signed in at once.",
            "Look which single sign-on settings of app clients take effect with tracking.",
            "Set UserSessionTracking to ENABLED with a MaxPerUser well above that number.",
        ),
        breaks="With the session beyond MaxPerUser, the least recently used one ends.",
    ),
    Remedy(
        code="AUT010",
        change="Reset passwords by e-mail first",
        impact="The code for a forgotten password goes to the e-mail address of whoever has a verified one.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Give verified_email priority 1 and keep verified_phone_number as the second.",
            "Ask users without a verified e-mail address for one.",
            "Take verified_phone_number out once few depend on it.",
        ),
        breaks="Users look for the code in an SMS; a form that says so must say otherwise.",
        changes=recover_by_email_first,
    ),
    Remedy(
        code="AUT011",
        change="Keep a history of passwords",
        impact="Users who change or reset their password must choose one that they did not have lately.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Change UserPoolTier to ESSENTIALS first where the plan is lower; it costs more.",
            "Let the forms for new passwords say what PasswordHistoryPolicyViolationException means.",
            "Set PasswordHistorySize to the number that the baseline asks for.",
        ),
        breaks="A form that does not know the new error leaves users without a word on what to do.",
    ),
)
