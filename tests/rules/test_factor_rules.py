import pytest

from records.evaluation import Severity
from rules.factors import (
    email_code_signs_in_alone,
    no_factor_resists_phishing,
    passkeys_belong_to_another_domain,
    passkeys_need_no_user_verification,
    recovery_shares_the_channel_of_mfa,
)
from tests.builders import make_app_client, make_machine_client, make_mfa_configuration
from tests.rules.judging import (
    NO_CLIENT_LIST,
    NO_MFA,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    passes,
    user_pool,
)

OFF = make_mfa_configuration(mode="OFF", has_totp=False)
SMS_ONLY = make_mfa_configuration(has_sms=True, has_totp=False, passkey_factor=None)
SMS_OPTIONAL = make_mfa_configuration(mode="OPTIONAL", has_sms=True, has_totp=False, passkey_factor=None)
EMAIL_ONLY = make_mfa_configuration(has_email=True, has_totp=False, passkey_factor=None)
EMAIL_OPTIONAL = make_mfa_configuration(mode="OPTIONAL", has_email=True, has_totp=False, passkey_factor=None)
PASSKEYS_AS_MFA = make_mfa_configuration(
    passkey_factor="MULTI_FACTOR_WITH_USER_VERIFICATION", passkey_user_verification="preferred"
)
PREFERRED = make_mfa_configuration(
    mode="OFF", has_totp=False, passkey_factor=None, passkey_user_verification="preferred"
)
NO_PASSKEYS = make_mfa_configuration(passkey_factor=None, passkey_user_verification=None)
OTHER_PARTY = make_mfa_configuration(
    passkey_factor=None, relying_party_id="customers.auth.eu-west-1.amazoncognito.com"
)
OTHER_DOMAIN = make_mfa_configuration(relying_party_id="customers.auth.eu-west-1.amazoncognito.com")
OWN_DOMAIN = make_mfa_configuration(relying_party_id="Login.example.com")
FEDERATED = make_app_client(identity_providers=frozenset({"Okta"}))
WITHOUT_MANAGED_LOGIN = make_app_client(is_oauth_enabled=False)
PASSWORD_ONLY = frozenset({"PASSWORD"})
PASSKEY_ONLY = frozenset({"WEB_AUTHN"})
EMAIL_CODES = frozenset({"PASSWORD", "EMAIL_OTP"})
LOGIN = "login.example.com"
REFUSED = (
    "lowered because Cognito refuses to send both codes to one place, which locks users out and no "
    "attacker in"
)

CASES = [
    fails(
        recovery_shares_the_channel_of_mfa,
        "one phone for both factors in the old order",
        user_pool(mfa=SMS_ONLY, recovery_mechanisms=None, estimated_users=10),
        "sends the code that resets a password to the phone that is the only second factor",
        evidence=(
            ("MfaConfiguration", "ON"),
            ("SmsMfaConfiguration", True),
            ("EmailMfaConfiguration", False),
            ("AccountRecoverySetting.RecoveryMechanisms", None),
        ),
        grade=(Severity.HIGH, ""),
    ),
    fails(
        recovery_shares_the_channel_of_mfa,
        "an empty list is the old order, and MFA is optional",
        user_pool(mfa=SMS_OPTIONAL, recovery_mechanisms=()),
        "sends the code that resets a password to the phone that is the only second factor",
        grade=(
            Severity.MEDIUM,
            "lowered because MFA is optional, so that not every user relies on a second factor",
        ),
    ),
    fails(
        recovery_shares_the_channel_of_mfa,
        "SMS alone for both, which Cognito refuses",
        user_pool(mfa=SMS_ONLY, recovery_mechanisms=("verified_phone_number",)),
        "leaves users whose second factor is SMS no way to reset a forgotten password themselves",
        grade=(Severity.MEDIUM, REFUSED),
    ),
    fails(
        recovery_shares_the_channel_of_mfa,
        "e-mail alone for both, for those who chose MFA",
        user_pool(mfa=EMAIL_OPTIONAL),
        "leaves users whose second factor is e-mail no way to reset a forgotten password themselves",
        evidence=(
            ("MfaConfiguration", "OPTIONAL"),
            ("SmsMfaConfiguration", False),
            ("EmailMfaConfiguration", True),
            ("AccountRecoverySetting.RecoveryMechanisms", ("verified_email",)),
        ),
        grade=(Severity.LOW, REFUSED),
    ),
    passes(
        recovery_shares_the_channel_of_mfa,
        "the other channel is there as well",
        user_pool(mfa=EMAIL_ONLY, recovery_mechanisms=("verified_email", "verified_phone_number")),
    ),
    passes(recovery_shares_the_channel_of_mfa, "the other channel alone", user_pool(mfa=SMS_ONLY)),
    passes(
        recovery_shares_the_channel_of_mfa,
        "by administrators",
        user_pool(mfa=SMS_ONLY, recovery_mechanisms=("admin_only",)),
    ),
    passes(recovery_shares_the_channel_of_mfa, "TOTP", user_pool(recovery_mechanisms=None)),
    passes(
        recovery_shares_the_channel_of_mfa,
        "TOTP beside SMS",
        user_pool(mfa=make_mfa_configuration(has_sms=True), recovery_mechanisms=("verified_phone_number",)),
    ),
    passes(
        recovery_shares_the_channel_of_mfa,
        "AWS does not say what the old order makes of e-mail",
        user_pool(mfa=EMAIL_ONLY, recovery_mechanisms=None),
    ),
    passes(
        recovery_shares_the_channel_of_mfa,
        "MFA on without a factor",
        user_pool(mfa=make_mfa_configuration(has_totp=False, passkey_factor=None), recovery_mechanisms=None),
    ),
    is_no_matter(recovery_shares_the_channel_of_mfa, "MFA off", user_pool(mfa=OFF)),
    is_no_matter(
        recovery_shares_the_channel_of_mfa, "federated only", user_pool(mfa=SMS_ONLY, clients=(FEDERATED,))
    ),
    is_unknown(recovery_shares_the_channel_of_mfa, "MFA unread", user_pool(mfa=NO_MFA), NO_MFA),
    is_unknown(
        recovery_shares_the_channel_of_mfa,
        "clients unread",
        user_pool(mfa=SMS_ONLY, recovery_mechanisms=None, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        no_factor_resists_phishing,
        "passwords and TOTP",
        user_pool(first_factors=PASSWORD_ONLY, mfa=NO_PASSKEYS),
        "offers no passkeys, so every sign-in can be phished",
        evidence=(
            ("Policies.SignInPolicy.AllowedFirstAuthFactors", ("PASSWORD",)),
            ("WebAuthnConfiguration.FactorConfiguration", None),
        ),
        grade=(Severity.INFO, ""),
    ),
    fails(
        no_factor_resists_phishing,
        "no sign-in policy, and passkeys count for one factor",
        user_pool(first_factors=None, mfa=make_mfa_configuration(passkey_factor="SINGLE_FACTOR")),
        "offers no passkeys, so every sign-in can be phished",
        evidence=(
            ("Policies.SignInPolicy.AllowedFirstAuthFactors", None),
            ("WebAuthnConfiguration.FactorConfiguration", "SINGLE_FACTOR"),
        ),
    ),
    passes(no_factor_resists_phishing, "passkeys as a first factor", user_pool(mfa=NO_MFA)),
    passes(
        no_factor_resists_phishing,
        "passkeys as MFA",
        user_pool(first_factors=PASSWORD_ONLY, mfa=PASSKEYS_AS_MFA),
    ),
    is_no_matter(
        no_factor_resists_phishing, "federated only", user_pool(first_factors=None, clients=(FEDERATED,))
    ),
    is_unknown(
        no_factor_resists_phishing, "MFA unread", user_pool(first_factors=PASSWORD_ONLY, mfa=NO_MFA), NO_MFA
    ),
    fails(
        email_code_signs_in_alone,
        "e-mail codes without MFA",
        user_pool(mfa=OFF, first_factors=EMAIL_CODES),
        "has EMAIL_OTP as a first factor without MFA",
        evidence=(
            ("Policies.SignInPolicy.AllowedFirstAuthFactors", ("EMAIL_OTP", "PASSWORD")),
            ("MfaConfiguration", "OFF"),
        ),
        grade=(Severity.LOW, ""),
    ),
    fails(
        email_code_signs_in_alone,
        "MFA optional",
        user_pool(mfa=EMAIL_OPTIONAL, first_factors=frozenset({"EMAIL_OTP"})),
        "has EMAIL_OTP as a first factor without MFA",
    ),
    passes(email_code_signs_in_alone, "MFA on", user_pool(first_factors=EMAIL_CODES)),
    passes(email_code_signs_in_alone, "no such factor", user_pool(mfa=NO_MFA)),
    passes(email_code_signs_in_alone, "no sign-in policy", user_pool(mfa=OFF, first_factors=None)),
    is_no_matter(
        email_code_signs_in_alone,
        "machines only",
        user_pool(mfa=OFF, first_factors=EMAIL_CODES, clients=(make_machine_client(),)),
    ),
    is_unknown(
        email_code_signs_in_alone, "MFA unread", user_pool(mfa=NO_MFA, first_factors=EMAIL_CODES), NO_MFA
    ),
    fails(
        passkeys_need_no_user_verification,
        "passkeys count as MFA",
        user_pool(first_factors=PASSWORD_ONLY, mfa=PASSKEYS_AS_MFA),
        "takes passkeys for MFA, yet lets users register those without user verification",
        evidence=(
            ("WebAuthnConfiguration.UserVerification", "preferred"),
            ("WebAuthnConfiguration.FactorConfiguration", "MULTI_FACTOR_WITH_USER_VERIFICATION"),
        ),
        grade=(
            Severity.LOW,
            "lowered because a passkey that did not verify its user does not count as MFA",
        ),
    ),
    fails(
        passkeys_need_no_user_verification,
        "a passkey is all there is",
        user_pool(mfa=PREFERRED, first_factors=PASSKEY_ONLY, estimated_users=10),
        "signs users in by a passkey alone that need not verify them",
        evidence=(
            ("WebAuthnConfiguration.UserVerification", "preferred"),
            ("WebAuthnConfiguration.FactorConfiguration", None),
            ("Policies.SignInPolicy.AllowedFirstAuthFactors", ("WEB_AUTHN",)),
        ),
        grade=(Severity.MEDIUM, ""),
    ),
    passes(passkeys_need_no_user_verification, "a passkey beside a password", user_pool(mfa=PREFERRED)),
    passes(
        passkeys_need_no_user_verification,
        "required",
        user_pool(
            mfa=make_mfa_configuration(
                passkey_factor="MULTI_FACTOR_WITH_USER_VERIFICATION", passkey_user_verification="required"
            )
        ),
    ),
    passes(
        passkeys_need_no_user_verification,
        "AWS does not say what left out means",
        user_pool(mfa=NO_PASSKEYS, first_factors=PASSKEY_ONLY),
    ),
    is_no_matter(
        passkeys_need_no_user_verification,
        "no passkeys",
        user_pool(first_factors=None, mfa=PREFERRED),
    ),
    is_no_matter(
        passkeys_need_no_user_verification,
        "federated only",
        user_pool(mfa=PREFERRED, first_factors=PASSKEY_ONLY, clients=(FEDERATED,)),
    ),
    is_unknown(passkeys_need_no_user_verification, "MFA unread", user_pool(mfa=NO_MFA), NO_MFA),
    fails(
        passkeys_belong_to_another_domain,
        "the prefix domain's",
        user_pool(mfa=OTHER_DOMAIN, custom_domain=LOGIN),
        "has customers.auth.eu-west-1.amazoncognito.com as the relying party of passkeys, not its custom "
        "domain login.example.com",
        evidence=(
            ("WebAuthnConfiguration.RelyingPartyId", "customers.auth.eu-west-1.amazoncognito.com"),
            ("CustomDomain", LOGIN),
        ),
        grade=(Severity.LOW, ""),
    ),
    passes(
        passkeys_belong_to_another_domain,
        "its own, in another case",
        user_pool(mfa=OWN_DOMAIN, custom_domain=LOGIN),
    ),
    passes(passkeys_belong_to_another_domain, "none named", user_pool(custom_domain=LOGIN)),
    is_no_matter(passkeys_belong_to_another_domain, "no custom domain", user_pool(mfa=OTHER_DOMAIN)),
    is_no_matter(
        passkeys_belong_to_another_domain,
        "forms of the application's own",
        user_pool(mfa=OTHER_DOMAIN, custom_domain=LOGIN, clients=(WITHOUT_MANAGED_LOGIN,)),
    ),
    is_no_matter(
        passkeys_belong_to_another_domain,
        "no passkeys",
        user_pool(mfa=OTHER_PARTY, custom_domain=LOGIN, first_factors=PASSWORD_ONLY),
    ),
    is_unknown(
        passkeys_belong_to_another_domain, "MFA unread", user_pool(mfa=NO_MFA, custom_domain=LOGIN), NO_MFA
    ),
    is_unknown(
        passkeys_belong_to_another_domain,
        "clients unread",
        user_pool(mfa=OTHER_DOMAIN, custom_domain=LOGIN, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_factor_rules(case: Case) -> None:
    assert case.judged() == case.expected
