from typing import Any

import pytest

from records.facet import FacetName, Gap, Reason
from records.snapshot import Snapshot
from records.user_pool import DeviceConfiguration
from records.user_pool_parts import SessionConfiguration
from rules.authentication import (
    mfa_is_off,
    mfa_is_optional,
    password_policy_is_weak,
    recovery_prefers_sms,
    recovery_prefers_sms_by_default,
    remembered_device_replaces_mfa,
    sessions_are_not_tracked,
    sms_code_signs_in_alone,
    sms_is_the_only_second_factor,
    usernames_are_case_sensitive,
)
from rules.engine import Baseline
from tests.builders import (
    make_app_client,
    make_gap,
    make_machine_client,
    make_mfa_configuration,
    make_password_policy,
    make_risk_configuration,
    make_snapshot,
    make_user_pool_snapshot,
)
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    NO_MFA,
    NO_RISK,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
    user_pool,
)

OFF = make_mfa_configuration(mode="OFF", has_totp=False)
OPTIONAL = make_mfa_configuration(mode="OPTIONAL")
SMS_ONLY = make_mfa_configuration(has_sms=True, has_totp=False)
FEDERATED = make_app_client(identity_providers=frozenset({"Okta"}))
UNNAMED_PROVIDERS = make_app_client(identity_providers=frozenset())
PASSKEY_ONLY = frozenset({"WEB_AUTHN"})
REMEMBERS = DeviceConfiguration(challenge_required_on_new_device=True, remembered_on_user_prompt_only=False)
WEAK_POLICY = make_password_policy(
    minimum_length=6,
    requires_lowercase=False,
    requires_uppercase=False,
    requires_numbers=False,
    requires_symbols=None,
    temporary_password_days=90,
)
NO_TRACKING = make_gap("cognito-idp:GetUserPoolSessionConfiguration")
NOT_ON_LITE = make_gap("cognito-idp:GetUserPoolSessionConfiguration", Reason.NOT_IN_PLAN)


def tracking(word: str | Gap | None, **overrides: Any) -> Snapshot:
    """Build a user pool that keeps track of its users' sessions, or does not."""
    found = word if isinstance(word, Gap) else SessionConfiguration(tracking=word, max_per_user=20)
    pool = make_user_pool_snapshot(**overrides, more={FacetName.SESSION_CONFIGURATION: found})
    return make_snapshot(user_pools=[pool])


CASES = [
    fails(
        mfa_is_off,
        "passwords sign in alone",
        user_pool(mfa=OFF),
        "has MfaConfiguration OFF, so a password alone signs users in",
        evidence=(("MfaConfiguration", "OFF"),),
    ),
    fails(
        mfa_is_off,
        "self sign-up makes local users beside a federated client",
        user_pool(mfa=OFF, clients=(FEDERATED,), admin_creates_users_only=None),
        "has MfaConfiguration OFF, so a password alone signs users in",
    ),
    fails(
        mfa_is_off,
        "a client without providers serves local users by the SDK",
        user_pool(mfa=OFF, clients=(UNNAMED_PROVIDERS,)),
        "has MfaConfiguration OFF, so a password alone signs users in",
    ),
    fails(
        mfa_is_off,
        "one client that was read serves local users",
        user_pool(mfa=OFF, clients=(NO_CLIENT, make_app_client())),
        "has MfaConfiguration OFF, so a password alone signs users in",
    ),
    fails(
        mfa_is_off,
        "self sign-up settles it without the clients",
        user_pool(mfa=OFF, clients=NO_CLIENT_LIST, admin_creates_users_only=False),
        "has MfaConfiguration OFF, so a password alone signs users in",
    ),
    passes(mfa_is_off, "MFA on", user_pool()),
    passes(mfa_is_off, "MFA optional", user_pool(mfa=OPTIONAL)),
    passes(mfa_is_off, "MFA on whatever the clients", user_pool(clients=NO_CLIENT_LIST)),
    is_no_matter(mfa_is_off, "passkeys only", user_pool(mfa=OFF, first_factors=PASSKEY_ONLY)),
    is_no_matter(
        mfa_is_off, "passkeys only and MFA unread", user_pool(mfa=NO_MFA, first_factors=PASSKEY_ONLY)
    ),
    is_no_matter(mfa_is_off, "federated only", user_pool(mfa=OFF, clients=(FEDERATED,))),
    is_no_matter(mfa_is_off, "machines only", user_pool(mfa=OFF, clients=(make_machine_client(),))),
    is_no_matter(mfa_is_off, "no clients", user_pool(mfa=OFF, clients=())),
    is_unknown(mfa_is_off, "MFA unread", user_pool(mfa=NO_MFA), NO_MFA),
    is_unknown(mfa_is_off, "client list unread", user_pool(mfa=OFF, clients=NO_CLIENT_LIST), NO_CLIENT_LIST),
    is_unknown(
        mfa_is_off,
        "the client that matters unread",
        user_pool(mfa=OFF, clients=(FEDERATED, NO_CLIENT)),
        NO_CLIENT,
    ),
    is_unknown(
        mfa_is_off, "MFA and clients unread", user_pool(mfa=NO_MFA, clients=NO_CLIENT_LIST), NO_CLIENT_LIST
    ),
    fails(
        mfa_is_optional,
        "no threat protection demands it",
        user_pool(mfa=OPTIONAL, threat_protection="AUDIT", risk=NO_RISK),
        "has MfaConfiguration OPTIONAL, which leaves MFA to each user",
        evidence=(("MfaConfiguration", "OPTIONAL"), ("UserPoolAddOns.AdvancedSecurityMode", "AUDIT")),
    ),
    fails(
        mfa_is_optional,
        "threat protection lets high risk pass",
        user_pool(mfa=OPTIONAL, risk=make_risk_configuration(high_risk=None)),
        "has MfaConfiguration OPTIONAL, and threat protection does not demand MFA at high risk",
    ),
    passes(mfa_is_optional, "threat protection stops high risk", user_pool(mfa=OPTIONAL)),
    passes(mfa_is_optional, "MFA on", user_pool(risk=NO_RISK)),
    passes(mfa_is_optional, "MFA off is another rule's problem", user_pool(mfa=OFF)),
    is_no_matter(mfa_is_optional, "federated only", user_pool(mfa=OPTIONAL, clients=(FEDERATED,))),
    is_unknown(mfa_is_optional, "risk unread", user_pool(mfa=OPTIONAL, risk=NO_RISK), NO_RISK),
    fails(
        sms_is_the_only_second_factor,
        "SMS alone",
        user_pool(mfa=SMS_ONLY),
        "has SMS as its only second factor",
        evidence=(
            ("MfaConfiguration", "ON"),
            ("SmsMfaConfiguration", True),
            ("SoftwareTokenMfaConfiguration.Enabled", False),
            ("EmailMfaConfiguration", False),
            ("WebAuthnConfiguration.FactorConfiguration", None),
        ),
    ),
    passes(
        sms_is_the_only_second_factor, "SMS beside TOTP", user_pool(mfa=make_mfa_configuration(has_sms=True))
    ),
    passes(
        sms_is_the_only_second_factor,
        "SMS beside passkeys",
        user_pool(
            mfa=make_mfa_configuration(
                has_sms=True, has_totp=False, passkey_factor="MULTI_FACTOR_WITH_USER_VERIFICATION"
            )
        ),
    ),
    is_no_matter(
        sms_is_the_only_second_factor,
        "MFA off",
        user_pool(mfa=make_mfa_configuration(mode="OFF", has_sms=True, has_totp=False)),
    ),
    is_no_matter(
        sms_is_the_only_second_factor, "federated only", user_pool(mfa=SMS_ONLY, clients=(FEDERATED,))
    ),
    is_unknown(sms_is_the_only_second_factor, "MFA unread", user_pool(mfa=NO_MFA), NO_MFA),
    fails(
        sms_code_signs_in_alone,
        "SMS code as a first factor and MFA optional",
        user_pool(mfa=OPTIONAL, first_factors=frozenset({"PASSWORD", "SMS_OTP"})),
        "has SMS_OTP as a first factor without MFA",
        evidence=(
            ("Policies.SignInPolicy.AllowedFirstAuthFactors", ("PASSWORD", "SMS_OTP")),
            ("MfaConfiguration", "OPTIONAL"),
        ),
    ),
    passes(sms_code_signs_in_alone, "MFA on", user_pool(first_factors=frozenset({"PASSWORD", "SMS_OTP"}))),
    passes(sms_code_signs_in_alone, "no such factor", user_pool(mfa=NO_MFA)),
    passes(sms_code_signs_in_alone, "no sign-in policy", user_pool(mfa=OFF, first_factors=None)),
    is_unknown(
        sms_code_signs_in_alone,
        "MFA unread",
        user_pool(mfa=NO_MFA, first_factors=frozenset({"SMS_OTP"})),
        NO_MFA,
    ),
    fails(
        password_policy_is_weak,
        "everything missing",
        user_pool(password_policy=WEAK_POLICY),
        "accepts passwords of 6 characters, fewer than 8",
        "accepts passwords without a lowercase letter",
        "accepts passwords without an uppercase letter",
        "accepts passwords without a number",
        "accepts passwords without a symbol",
        "keeps temporary passwords for 90 days, more than 7",
        evidence=(
            ("Policies.PasswordPolicy.MinimumLength", 6),
            ("Policies.PasswordPolicy.RequireLowercase", False),
            ("Policies.PasswordPolicy.RequireUppercase", False),
            ("Policies.PasswordPolicy.RequireNumbers", False),
            ("Policies.PasswordPolicy.RequireSymbols", None),
            ("Policies.PasswordPolicy.TemporaryPasswordValidityDays", 90),
        ),
    ),
    fails(
        password_policy_is_weak,
        "length left out counts as AWS's floor",
        user_pool(password_policy=make_password_policy(minimum_length=None)),
        "accepts passwords of 6 characters, fewer than 8",
        evidence=(("Policies.PasswordPolicy.MinimumLength", None),),
    ),
    passes(
        password_policy_is_weak,
        "exactly eight",
        user_pool(password_policy=make_password_policy(minimum_length=8)),
    ),
    passes(
        password_policy_is_weak,
        "0 days count as 7",
        user_pool(password_policy=make_password_policy(temporary_password_days=0)),
    ),
    passes(password_policy_is_weak, "AWS's default policy", user_pool(password_policy=None)),
    passes(password_policy_is_weak, "good whatever the clients", user_pool(clients=NO_CLIENT_LIST)),
    is_no_matter(
        password_policy_is_weak,
        "federated only",
        user_pool(password_policy=WEAK_POLICY, clients=(FEDERATED,)),
    ),
    is_unknown(
        password_policy_is_weak,
        "clients unread",
        user_pool(password_policy=WEAK_POLICY, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        recovery_prefers_sms_by_default,
        "no setting",
        user_pool(recovery_mechanisms=None),
        "has no AccountRecoverySetting, so forgotten passwords are reset by SMS before e-mail",
        evidence=(("AccountRecoverySetting.RecoveryMechanisms", None),),
    ),
    passes(recovery_prefers_sms_by_default, "e-mail first", user_pool()),
    passes(recovery_prefers_sms_by_default, "admin only", user_pool(recovery_mechanisms=("admin_only",))),
    is_no_matter(
        recovery_prefers_sms_by_default,
        "federated only",
        user_pool(recovery_mechanisms=None, clients=(FEDERATED,)),
    ),
    is_unknown(
        recovery_prefers_sms_by_default,
        "clients unread",
        user_pool(recovery_mechanisms=None, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        remembered_device_replaces_mfa,
        "devices remembered by themselves",
        user_pool(device=REMEMBERS),
        "lets a remembered device take the place of the second factor",
        evidence=(
            ("DeviceConfiguration.ChallengeRequiredOnNewDevice", True),
            ("DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt", False),
            ("MfaConfiguration", "ON"),
        ),
    ),
    passes(remembered_device_replaces_mfa, "no devices whatever the MFA", user_pool(mfa=NO_MFA)),
    passes(
        remembered_device_replaces_mfa,
        "devices remembered for nothing but tracking",
        user_pool(
            device=DeviceConfiguration(
                challenge_required_on_new_device=False, remembered_on_user_prompt_only=True
            )
        ),
    ),
    is_no_matter(
        remembered_device_replaces_mfa, "federated only", user_pool(device=REMEMBERS, clients=(FEDERATED,))
    ),
    is_no_matter(remembered_device_replaces_mfa, "MFA off", user_pool(mfa=OFF, device=REMEMBERS)),
    is_unknown(remembered_device_replaces_mfa, "MFA unread", user_pool(mfa=NO_MFA, device=REMEMBERS), NO_MFA),
    fails(
        usernames_are_case_sensitive,
        "case-sensitive",
        user_pool(is_username_case_sensitive=True),
        "takes usernames that differ only in case for different users",
        evidence=(("UsernameConfiguration.CaseSensitive", True),),
    ),
    fails(
        usernames_are_case_sensitive,
        "old user pool without the setting",
        user_pool(is_username_case_sensitive=None),
        "takes usernames that differ only in case for different users",
    ),
    passes(usernames_are_case_sensitive, "case-insensitive", user_pool()),
    fails(
        sessions_are_not_tracked,
        "AWS's default",
        tracking("DISABLED"),
        "keeps no track of its users' sessions (UserSessionTracking DISABLED)",
        evidence=(("UserSessionTracking", "DISABLED"),),
    ),
    fails(
        sessions_are_not_tracked,
        "left out, federated users",
        tracking(None, clients=(FEDERATED,)),
        "keeps no track of its users' sessions (UserSessionTracking not set)",
    ),
    passes(sessions_are_not_tracked, "tracked", tracking("ENABLED")),
    passes(
        sessions_are_not_tracked, "tracked whatever the clients", tracking("ENABLED", clients=NO_CLIENT_LIST)
    ),
    is_no_matter(
        sessions_are_not_tracked, "machines alone", tracking("DISABLED", clients=(make_machine_client(),))
    ),
    is_no_matter(sessions_are_not_tracked, "not in the plan", tracking(NOT_ON_LITE)),
    is_unknown(sessions_are_not_tracked, "tracking unread", tracking(NO_TRACKING), NO_TRACKING),
    is_unknown(
        sessions_are_not_tracked, "client unread", tracking("DISABLED", clients=(NO_CLIENT,)), NO_CLIENT
    ),
    fails(
        recovery_prefers_sms,
        "before e-mail",
        user_pool(recovery_mechanisms=("verified_phone_number", "verified_email")),
        "sends the code for a forgotten password by SMS first",
        evidence=(
            ("AccountRecoverySetting.RecoveryMechanisms", ("verified_phone_number", "verified_email")),
        ),
    ),
    passes(
        recovery_prefers_sms,
        "after e-mail",
        user_pool(recovery_mechanisms=("verified_email", "verified_phone_number")),
    ),
    passes(recovery_prefers_sms, "by administrators", user_pool(recovery_mechanisms=("admin_only",))),
    is_no_matter(recovery_prefers_sms, "never chosen", user_pool(recovery_mechanisms=None)),
    is_no_matter(
        recovery_prefers_sms,
        "no passwords",
        user_pool(recovery_mechanisms=("verified_phone_number",), first_factors=PASSKEY_ONLY),
    ),
    is_unknown(
        recovery_prefers_sms,
        "clients unread",
        user_pool(recovery_mechanisms=("verified_phone_number",), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_authentication_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_a_baseline_sets_the_length_of_passwords() -> None:
    baseline = Baseline(name="pci", parameters={"AUT005": {"minimum_length": 15}})

    evaluation = judge(password_policy_is_weak, user_pool(), baseline=baseline)

    assert evaluation.messages == ("accepts passwords of 12 characters, fewer than 15",)
