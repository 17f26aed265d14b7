"""Remedies of the rules on passkeys, codes that sign in alone, and recovery beside MFA."""

from collections.abc import Iterator

from records.user_pool import UserPool
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy
from rules.remedies.authentication import FIRST_FACTORS, recover_by_email_first

PASSKEYS = "WebAuthnConfiguration"


def _drop_email_codes(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    if left := sorted((pool.first_factors or frozenset()) - {"EMAIL_OTP"}):
        yield Change(Operation.UPDATE_USER_POOL, FIRST_FACTORS, left)


def _require_user_verification(_pool: UserPool, _ctx: Context) -> Iterator[Change]:
    yield Change(Operation.SET_USER_POOL_MFA, (PASSKEYS, "UserVerification"), "required")


def _name_custom_domain(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    yield Change(Operation.SET_USER_POOL_MFA, (PASSKEYS, "RelyingPartyId"), pool.custom_domain)


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="FAC001",
        change="Reset passwords by e-mail first",
        impact="The code for a forgotten password goes another way than the codes of the second factor.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Count the users who lack a verified e-mail address, or a verified phone number.",
            "Where SMS is the only second factor, set AccountRecoverySetting to verified_email first.",
            "Where e-mail is, add verified_phone_number, or offer TOTP as a second factor.",
            "Let administrators reset the passwords of those who have but one contact.",
        ),
        breaks=(
            "Users with only a verified phone number can no longer reset their password themselves; each "
            "code that goes by SMS costs money."
        ),
        removes="password reset by the channel of the only second factor",
        changes=recover_by_email_first,
    ),
    Remedy(
        code="FAC002",
        change="Offer passkeys",
        impact="Users may register a passkey and sign in with it; those who do not notice nothing.",
        affected=Affected.NOBODY,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Change UserPoolTier to ESSENTIALS first where the plan is lower; it costs more.",
            "Choose the relying party for good: a custom domain where managed login has one.",
            "Where MFA is ON, set FactorConfiguration to MULTI_FACTOR_WITH_USER_VERIFICATION.",
            "Allow ALLOW_USER_AUTH in app clients, and release an application that registers passkeys.",
            "Add WEB_AUTHN to AllowedFirstAuthFactors.",
        ),
        breaks=(
            "An application with forms of its own must answer SELECT_CHALLENGE. Passkeys that are registered "
            "work for one relying party alone, which no later change moves."
        ),
    ),
    Remedy(
        code="FAC003",
        change="Take e-mail codes out of the first factors",
        impact="Nobody can sign in by a code from an e-mail alone any more.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Offer passkeys beside the code, and find out who has neither passkey nor password.",
            "Release the application without the choice of e-mail.",
            "Take EMAIL_OTP out of AllowedFirstAuthFactors.",
        ),
        breaks="Users without a password and a passkey cannot sign in any more.",
        removes="sign-in by an e-mail code alone (EMAIL_OTP)",
        changes=_drop_email_codes,
    ),
    Remedy(
        code="FAC004",
        change="Require user verification of passkeys",
        impact="Every passkey asks for a PIN or biometrics when it signs in.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Tell users of security keys without a PIN to set one.",
            "Set UserVerification to required, naming every factor that is on in the same call.",
        ),
        breaks="A security key that can verify nobody does not sign in any more; its user needs another way.",
        removes="sign-in with passkeys that verify nobody",
        changes=_require_user_verification,
    ),
    Remedy(
        code="FAC005",
        change="Register passkeys for the custom domain",
        impact="Users register and use passkeys in managed login on the custom domain.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Find out who has registered a passkey, and for which domain.",
            "Set RelyingPartyId to the custom domain, naming every factor that is on in the same call.",
            "Ask those users to register again.",
        ),
        breaks="Passkeys of the old relying party stop working, also in applications' own forms.",
        removes="passkeys that are registered for the old relying party",
        changes=_name_custom_domain,
    ),
)
