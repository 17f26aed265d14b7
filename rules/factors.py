"""Factors: passkeys, codes that sign in alone, and recovery that comes by the same channel as MFA."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import UserPool
from rules.conditions import has_own_users, has_second_factors
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import AWS_DOCS, DOCS

CLIENTS = (FacetName.APP_CLIENTS, FacetName.APP_CLIENT)
PASSKEY_FACTOR = "WEB_AUTHN"
FLOWS_DOCS = DOCS + "amazon-cognito-user-pools-authentication-flow-methods.html"
# The recovery mechanism that goes to the same place as the codes of a second factor.
SAME_PLACE = {"SMS": "verified_phone_number", "e-mail": "verified_email"}


def offers_passkeys(pool: UserPool, ctx: Context) -> bool:
    """Whether users of the user pool's own can sign in with a passkey."""
    return has_own_users(pool, ctx) and (
        PASSKEY_FACTOR in (pool.first_factors or ()) or ctx.pool.mfa.value.has_passkey
    )


def offers_passkeys_on_custom_domain(pool: UserPool, ctx: Context) -> bool:
    """Whether users can sign in with a passkey through managed login on the user pool's custom domain."""
    return (
        pool.custom_domain is not None
        and ctx.pool.has_app_client(_uses_managed_login)
        and offers_passkeys(pool, ctx)
    )


def _uses_managed_login(client: AppClient) -> bool:
    return client.signs_in_locally and bool(client.active_oauth_flows)


@rule(
    "FAC001",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "user-pool-settings-mfa.html",
    applies=has_second_factors,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.RECOVERY.NOMFA",)},
)
def recovery_shares_the_channel_of_mfa(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The only second factor and the reset of forgotten passwords go to the same place.

    Why: without AccountRecoverySetting, whoever holds the phone gets the code that resets the password and
    the code of the second factor: both factors are one. With the setting, Cognito refuses to send both
    codes to one place: users with MFA then cannot reset a forgotten password by themselves.
    Fix: put the other channel into AccountRecoverySetting beside the one there, or admin_only, by read,
    merge, write: UpdateUserPool resets every field left out; see that users have both a verified e-mail
    address and a verified phone number. Or offer TOTP beside the only factor with SetUserPoolMfaConfig,
    naming every factor that shall be on in the same call. Users without the other contact cannot reset
    their password themselves.
    """
    mfa = ctx.pool.mfa.value
    channels = [SAME_PLACE.get(factor) for factor in mfa.second_factors]
    recovery = pool.recovery_mechanisms
    evidence = (
        ("MfaConfiguration", mfa.mode),
        ("SmsMfaConfiguration", mfa.has_sms),
        ("EmailMfaConfiguration", mfa.has_email),
        ("AccountRecoverySetting.RecoveryMechanisms", recovery),
    )
    is_left_to_users = mfa.mode != "ON"
    if pool.uses_legacy_recovery and mfa.second_factors == ("SMS",):
        yield Problem(
            "sends the code that resets a password to the phone that is the only second factor",
            evidence,
            Severity.MEDIUM if is_left_to_users else None,
            "MFA is optional, so that not every user relies on a second factor" if is_left_to_users else "",
        )
    elif len(channels) == 1 and recovery and set(recovery) == set(channels):
        [factor] = mfa.second_factors
        yield Problem(
            f"leaves users whose second factor is {factor} no way to reset a forgotten password themselves",
            evidence,
            Severity.LOW if is_left_to_users else Severity.MEDIUM,
            "Cognito refuses to send both codes to one place, which locks users out and no attacker in",
        )


@rule(
    "FAC002",
    Severity.INFO,
    url=FLOWS_DOCS,
    applies=has_own_users,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="ESSENTIALS",
)
def no_factor_resists_phishing(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Users have no factor that a look-alike site cannot ask for.

    Why: passwords and codes of every kind can be typed into a page that only looks right; a passkey answers
    to the true domain alone.
    Fix: add WEB_AUTHN to Policies.SignInPolicy.AllowedFirstAuthFactors by read, merge, write:
    UpdateUserPool resets every field left out. Where MFA is ON, set
    WebAuthnConfiguration.FactorConfiguration to MULTI_FACTOR_WITH_USER_VERIFICATION first, with
    SetUserPoolMfaConfig, naming every factor that shall be on in the same call. App clients need
    ALLOW_USER_AUTH, and applications a way to register passkeys. It needs UserPoolTier ESSENTIALS or PLUS.
    Unsure when: little is to be gained by an account.
    """
    factors = pool.first_factors
    if PASSKEY_FACTOR not in (factors or ()) and not (mfa := ctx.pool.mfa.value).has_passkey:
        yield Problem(
            "offers no passkeys, so every sign-in can be phished",
            evidence=(
                ("Policies.SignInPolicy.AllowedFirstAuthFactors", factors and tuple(sorted(factors))),
                ("WebAuthnConfiguration.FactorConfiguration", mfa.passkey_factor),
            ),
        )


@rule(
    "FAC003",
    Severity.LOW,
    url=FLOWS_DOCS,
    applies=has_own_users,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="ESSENTIALS",
)
def email_code_signs_in_alone(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A code by e-mail is all that users need to sign in.

    Why: whoever reads the mailbox holds the account, and a code can be asked for by a look-alike site.
    Fix: offer WEB_AUTHN, then take EMAIL_OTP out of Policies.SignInPolicy.AllowedFirstAuthFactors, by read,
    merge, write: UpdateUserPool resets every field left out. Users who have neither a passkey nor a
    password cannot sign in then. Cognito allows no such code where MFA is ON.
    Unsure when: the application chose e-mail codes for ease, as many for consumers do, or no app client
    allows ALLOW_USER_AUTH, so the factor cannot be chosen.
    """
    factors = pool.first_factors or frozenset()
    if "EMAIL_OTP" in factors and (mode := ctx.pool.mfa.value.mode) != "ON":
        yield Problem(
            "has EMAIL_OTP as a first factor without MFA",
            evidence=(
                ("Policies.SignInPolicy.AllowedFirstAuthFactors", tuple(sorted(factors))),
                ("MfaConfiguration", mode),
            ),
        )


@rule(
    "FAC004",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=AWS_DOCS + "cognito-user-identity-pools/latest/APIReference/API_WebAuthnConfigurationType.html",
    applies=offers_passkeys,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="ESSENTIALS",
)
def passkeys_need_no_user_verification(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Passkeys need not verify who uses them.

    Why: without PIN or biometrics a passkey proves that somebody holds the device, so a key that was found
    or stolen signs in where nothing else is asked. Where passkeys count as MFA, users may register one that
    cannot, and fail at sign-in.
    Fix: set WebAuthnConfiguration.UserVerification to required with SetUserPoolMfaConfig, naming every
    factor that shall be on in the same call. Users with a security key that has no PIN must set one.
    """
    mfa = ctx.pool.mfa.value
    if mfa.passkey_user_verification != "preferred":
        return
    evidence = (
        ("WebAuthnConfiguration.UserVerification", mfa.passkey_user_verification),
        ("WebAuthnConfiguration.FactorConfiguration", mfa.passkey_factor),
    )
    if mfa.has_passkey:
        yield Problem(
            "takes passkeys for MFA, yet lets users register those without user verification",
            evidence,
            Severity.LOW,
            "a passkey that did not verify its user does not count as MFA",
        )
    elif pool.first_factors == frozenset({PASSKEY_FACTOR}):
        yield Problem(
            "signs users in by a passkey alone that need not verify them",
            (*evidence, ("Policies.SignInPolicy.AllowedFirstAuthFactors", (PASSKEY_FACTOR,))),
        )


@rule(
    "FAC005",
    Severity.LOW,
    url=AWS_DOCS + "cognito-user-identity-pools/latest/APIReference/API_WebAuthnConfigurationType.html",
    applies=offers_passkeys_on_custom_domain,
    reads=(FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="ESSENTIALS",
)
def passkeys_belong_to_another_domain(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Passkeys are registered for another domain than that of managed login.

    Why: on a custom domain, managed login takes only passkeys whose relying party is that domain, so users
    can neither register one there nor sign in with it.
    Fix: set WebAuthnConfiguration.RelyingPartyId to the custom domain with SetUserPoolMfaConfig, naming
    every factor that shall be on in the same call. Passkeys that were registered for the old domain stop
    working: their users must register again.
    Unsure when: only applications with forms of their own, on a domain of their own, use passkeys.
    """
    party = ctx.pool.mfa.value.relying_party_id
    domain = pool.custom_domain or ""
    if party and party.lower() != domain.lower():
        yield Problem(
            f"has {party} as the relying party of passkeys, not its custom domain {domain}",
            evidence=(("WebAuthnConfiguration.RelyingPartyId", party), ("CustomDomain", domain)),
        )
