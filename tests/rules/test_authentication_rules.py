from typing import Any

import pytest

from records.evaluation import Severity
from records.facet import FacetName, Gap, Reason
from records.snapshot import Snapshot
from records.user_pool import DeviceConfiguration, DynamicClientRegistration, LambdaTrigger
from records.user_pool_parts import SessionConfiguration
from rules.authentication import (
    mfa_is_off,
    mfa_is_optional,
    old_passwords_are_accepted,
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
    FUNCTION_ARN,
    make_app_client,
    make_gap,
    make_machine_client,
    make_mfa_configuration,
    make_password_policy,
    make_risk_configuration,
    make_sms_configuration,
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
    passes,
    user_pool,
)

OFF = make_mfa_configuration(mode="OFF", has_totp=False)
OPTIONAL = make_mfa_configuration(mode="OPTIONAL")
SMS_ONLY = make_mfa_configuration(has_sms=True, has_totp=False, passkey_factor=None)
CHOOSING = make_app_client(explicit_auth_flows=frozenset({"ALLOW_USER_AUTH"}))
SRP_ONLY = make_app_client(explicit_auth_flows=frozenset({"ALLOW_USER_SRP_AUTH"}))
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
SHORT = make_password_policy(minimum_length=6)
NIST = Baseline(
    name="nist",
    parameters={"AUT005": {"minimum_length": 15, "minimum_length_with_mfa": 8, "asks_character_classes": 0}},
)
PCI = Baseline(name="pci", parameters={"AUT011": {"history_size": 4}})
NO_SMS = "lowered because the user pool has no SmsConfiguration, so that no SMS goes out"
# An app client of an application that has its users sign in elsewhere, and takes no sign-in by the SDK.
BROKERED = make_app_client(
    identity_providers=frozenset({"Okta"}), explicit_auth_flows=frozenset({"ALLOW_REFRESH_TOKEN_AUTH"})
)
FEDERATED_ONLY = (("poolwatch:intent", "federated-only"),)
MACHINES_ONLY = (("poolwatch:intent", "machine-to-machine"),)
ALONE = "has MfaConfiguration OFF, so a password alone signs users in"
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
    fails(
        mfa_is_off,
        "open sign-up where nothing is declared",
        user_pool(mfa=OFF, clients=(BROKERED,), admin_creates_users_only=False),
        ALONE,
    ),
    fails(
        mfa_is_off,
        "declared federated only, yet self sign-up and the SDK let anybody in",
        user_pool(mfa=OFF, clients=(FEDERATED,), admin_creates_users_only=False, tags=FEDERATED_ONLY),
        ALONE,
    ),
    fails(
        mfa_is_off,
        "declared federated only, yet managed login lets its own users in",
        user_pool(
            mfa=OFF,
            clients=(make_app_client(explicit_auth_flows=frozenset({"ALLOW_REFRESH_TOKEN_AUTH"})),),
            tags=FEDERATED_ONLY,
        ),
        ALONE,
    ),
    fails(
        mfa_is_off,
        "declared for machines, yet a machine's app client signs in those who sign up",
        user_pool(
            mfa=OFF,
            clients=(make_machine_client(explicit_auth_flows=frozenset()),),
            admin_creates_users_only=None,
            tags=MACHINES_ONLY,
        ),
        ALONE,
    ),
    fails(
        mfa_is_off,
        "declared for machines, yet anybody may register an app client",
        user_pool(
            mfa=OFF,
            clients=(make_machine_client(),),
            admin_creates_users_only=False,
            dynamic_client_registration=DynamicClientRegistration(
                is_enabled=True,
                is_open=True,
                authenticated_grant_types=frozenset(),
                open_grant_types=frozenset({"authorization_code"}),
                allowed_scopes=frozenset(),
            ),
            tags=MACHINES_ONLY,
        ),
        ALONE,
    ),
    is_no_matter(
        mfa_is_off,
        "declared federated only, and no app client lets in who signed up",
        user_pool(mfa=OFF, clients=(BROKERED,), admin_creates_users_only=False, tags=FEDERATED_ONLY),
    ),
    is_no_matter(
        mfa_is_off,
        "declared for machines, and self sign-up leads nowhere",
        user_pool(
            mfa=OFF, clients=(make_machine_client(),), admin_creates_users_only=None, tags=MACHINES_ONLY
        ),
    ),
    is_no_matter(
        mfa_is_off,
        "declared federated only as its settings are",
        user_pool(mfa=OFF, clients=(FEDERATED,), tags=FEDERATED_ONLY),
    ),
    is_unknown(
        mfa_is_off,
        "declared federated only, and the app clients unread",
        user_pool(mfa=OFF, clients=NO_CLIENT_LIST, admin_creates_users_only=False, tags=FEDERATED_ONLY),
        NO_CLIENT_LIST,
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
    fails(
        sms_code_signs_in_alone,
        "an app client lets users choose it",
        user_pool(mfa=OPTIONAL, first_factors=frozenset({"SMS_OTP"}), clients=(CHOOSING,)),
        "has SMS_OTP as a first factor without MFA",
        grade=(Severity.HIGH, ""),
    ),
    fails(
        sms_code_signs_in_alone,
        "no app client lets users choose it",
        user_pool(mfa=OPTIONAL, first_factors=frozenset({"SMS_OTP"}), clients=(SRP_ONLY,)),
        "has SMS_OTP as a first factor without MFA",
        grade=(
            Severity.LOW,
            "lowered because no app client allows ALLOW_USER_AUTH, by which users choose it",
        ),
    ),
    fails(
        sms_code_signs_in_alone,
        "an app client unread",
        user_pool(mfa=OPTIONAL, first_factors=frozenset({"SMS_OTP"}), clients=(SRP_ONLY, NO_CLIENT)),
        "has SMS_OTP as a first factor without MFA",
        grade=(Severity.HIGH, ""),
    ),
    is_no_matter(
        sms_code_signs_in_alone,
        "federated only",
        user_pool(mfa=OPTIONAL, first_factors=frozenset({"SMS_OTP"}), clients=(FEDERATED,)),
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
        "short and the only factor",
        user_pool(password_policy=SHORT, mfa=OFF, estimated_users=10),
        "accepts passwords of 6 characters, fewer than 8",
        "signs users in by such a short password alone",
        evidence=(("Policies.PasswordPolicy.MinimumLength", 6), ("MfaConfiguration", "OFF")),
        grade=(
            Severity.HIGH,
            "raised because a password of fewer than 8 characters is the only factor",
        ),
    ),
    fails(
        password_policy_is_weak,
        "short beside optional MFA",
        user_pool(password_policy=SHORT, mfa=OPTIONAL, estimated_users=10),
        "accepts passwords of 6 characters, fewer than 8",
        grade=(Severity.MEDIUM, ""),
    ),
    fails(
        password_policy_is_weak,
        "short whatever the MFA",
        user_pool(password_policy=SHORT, mfa=NO_MFA),
        "accepts passwords of 6 characters, fewer than 8",
        gaps=(NO_MFA,),
    ),
    fails(
        password_policy_is_weak,
        "a class left out alone",
        user_pool(password_policy=make_password_policy(requires_symbols=False), mfa=NO_MFA),
        "accepts passwords without a symbol",
        grade=(
            Severity.LOW,
            "lowered because length protects a password more than kinds of character do",
        ),
    ),
    fails(
        password_policy_is_weak,
        "temporary passwords of a month",
        user_pool(password_policy=make_password_policy(temporary_password_days=30)),
        "keeps temporary passwords for 30 days, more than 7",
        grade=(Severity.LOW, "lowered because temporary passwords end within 30 days all the same"),
    ),
    fails(
        password_policy_is_weak,
        "temporary passwords of a year",
        user_pool(password_policy=make_password_policy(temporary_password_days=365), estimated_users=10),
        "keeps temporary passwords for 365 days, more than 7",
        grade=(Severity.MEDIUM, ""),
    ),
    fails(
        password_policy_is_weak,
        "of a length for MFA without it",
        user_pool(mfa=OPTIONAL, estimated_users=10),
        "accepts passwords of 12 characters with MfaConfiguration OPTIONAL, fewer than 15",
        evidence=(("Policies.PasswordPolicy.MinimumLength", 12), ("MfaConfiguration", "OPTIONAL")),
        grade=(Severity.MEDIUM, ""),
        baseline=NIST,
    ),
    fails(
        password_policy_is_weak,
        "too short with and without MFA",
        user_pool(password_policy=WEAK_POLICY),
        "accepts passwords of 6 characters, fewer than 8 beside MFA and 15 without",
        "keeps temporary passwords for 90 days, more than 7",
        baseline=NIST,
    ),
    passes(
        password_policy_is_weak,
        "eight without classes beside MFA",
        user_pool(password_policy=make_password_policy(minimum_length=8, requires_symbols=False)),
        baseline=NIST,
    ),
    passes(
        password_policy_is_weak,
        "fifteen whatever the MFA",
        user_pool(password_policy=make_password_policy(minimum_length=15), mfa=NO_MFA),
        baseline=NIST,
    ),
    is_unknown(
        password_policy_is_weak, "MFA decides and is unread", user_pool(mfa=NO_MFA), NO_MFA, baseline=NIST
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
        user_pool(recovery_mechanisms=None, sms=make_sms_configuration()),
        "has no AccountRecoverySetting, so forgotten passwords are reset by SMS before e-mail",
        evidence=(("AccountRecoverySetting.RecoveryMechanisms", None),),
    ),
    fails(
        recovery_prefers_sms_by_default,
        "a function sends SMS",
        user_pool(
            recovery_mechanisms=None,
            triggers=(LambdaTrigger(stage="CustomSMSSender", function_arn=FUNCTION_ARN, version=None),),
        ),
        "has no AccountRecoverySetting, so forgotten passwords are reset by SMS before e-mail",
    ),
    fails(
        recovery_prefers_sms_by_default,
        "no setting and no SMS",
        user_pool(recovery_mechanisms=()),
        "has no AccountRecoverySetting, which puts SMS before e-mail once SMS is set up",
        evidence=(("AccountRecoverySetting.RecoveryMechanisms", ()), ("SmsConfiguration", None)),
        grade=(Severity.LOW, NO_SMS),
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
    is_no_matter(
        usernames_are_case_sensitive,
        "machines only",
        user_pool(is_username_case_sensitive=None, clients=(make_machine_client(),)),
    ),
    is_unknown(
        usernames_are_case_sensitive,
        "app clients unread",
        user_pool(is_username_case_sensitive=None, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
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
        user_pool(
            recovery_mechanisms=("verified_phone_number", "verified_email"), sms=make_sms_configuration()
        ),
        "sends the code for a forgotten password by SMS first",
        evidence=(
            ("AccountRecoverySetting.RecoveryMechanisms", ("verified_phone_number", "verified_email")),
        ),
    ),
    fails(
        recovery_prefers_sms,
        "before e-mail, and no SMS",
        user_pool(recovery_mechanisms=("verified_phone_number", "verified_email")),
        "has verified_phone_number as its first way to reset passwords, yet no SMS set up",
        grade=(Severity.LOW, NO_SMS),
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
    fails(
        old_passwords_are_accepted,
        "no history",
        user_pool(),
        "remembers no earlier passwords of a user, fewer than 4",
        evidence=(("Policies.PasswordPolicy.PasswordHistorySize", None),),
        grade=(Severity.LOW, ""),
        baseline=PCI,
    ),
    fails(
        old_passwords_are_accepted,
        "a short history",
        user_pool(password_policy=make_password_policy(history_size=3)),
        "remembers 3 earlier passwords of a user, fewer than 4",
        baseline=PCI,
    ),
    fails(
        old_passwords_are_accepted,
        "AWS's default policy",
        user_pool(password_policy=None),
        "remembers no earlier passwords of a user, fewer than 4",
        baseline=PCI,
    ),
    passes(
        old_passwords_are_accepted,
        "exactly as many",
        user_pool(password_policy=make_password_policy(history_size=4)),
        baseline=PCI,
    ),
    is_no_matter(old_passwords_are_accepted, "nobody asks", user_pool()),
    is_no_matter(old_passwords_are_accepted, "federated only", user_pool(clients=(FEDERATED,)), baseline=PCI),
    is_unknown(
        old_passwords_are_accepted,
        "clients unread",
        user_pool(clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
        baseline=PCI,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_authentication_rules(case: Case) -> None:
    assert case.judged() == case.expected
