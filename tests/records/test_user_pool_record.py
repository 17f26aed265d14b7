import pytest

from records.user_pool import (
    DynamicClientRegistration,
    EmailConfiguration,
    LambdaTrigger,
    TakeoverAction,
)
from tests.builders import (
    make_mfa_configuration,
    make_password_policy,
    make_risk_configuration,
    make_user_pool,
)


def trigger(stage: str) -> LambdaTrigger:
    return LambdaTrigger(
        stage=stage, function_arn=f"arn:aws:lambda:eu-west-1:111122223333:function:{stage}", version=None
    )


def email(sending_account: str | None) -> EmailConfiguration:
    return EmailConfiguration(
        sending_account=sending_account,
        source_arn=None,
        from_address=None,
        reply_to_address=None,
        configuration_set=None,
    )


@pytest.mark.parametrize(("value", "is_open"), [(True, False), (False, True), (None, True)])
def test_sign_up_is_open_unless_it_is_closed(*, value: bool | None, is_open: bool) -> None:
    assert make_user_pool(admin_creates_users_only=value).allows_self_sign_up is is_open


@pytest.mark.parametrize(
    ("factors", "allows"),
    [
        (None, True),
        (frozenset(), True),
        (frozenset({"PASSWORD", "WEB_AUTHN"}), True),
        (frozenset({"WEB_AUTHN"}), False),
    ],
)
def test_passwords_are_taken_without_a_sign_in_policy(
    factors: frozenset[str] | None, *, allows: bool
) -> None:
    assert make_user_pool(first_factors=factors).allows_passwords is allows


@pytest.mark.parametrize(("days", "effective"), [(None, 7), (0, 7), (3, 3), (365, 365)])
def test_temporary_passwords_live_seven_days_by_default(days: int | None, effective: int) -> None:
    assert make_password_policy(temporary_password_days=days).effective_temporary_password_days == effective


@pytest.mark.parametrize(("length", "effective"), [(None, 6), (14, 14)])
def test_a_length_that_is_left_out_is_the_floor_of_aws(length: int | None, effective: int) -> None:
    assert make_password_policy(minimum_length=length).effective_minimum_length == effective


def test_a_user_pool_without_a_policy_has_the_default_of_aws() -> None:
    policy = make_user_pool(password_policy=None).effective_password_policy

    assert (policy.minimum_length, policy.requires_symbols) == (8, True)
    assert policy.effective_temporary_password_days == 7


@pytest.mark.parametrize(("mechanisms", "is_legacy"), [(None, True), ((), True), (("admin_only",), False)])
def test_recovery_is_legacy_until_somebody_chooses(
    mechanisms: tuple[str, ...] | None, *, is_legacy: bool
) -> None:
    assert make_user_pool(recovery_mechanisms=mechanisms).uses_legacy_recovery is is_legacy


@pytest.mark.parametrize(("value", "is_sensitive"), [(None, True), (True, True), (False, False)])
def test_usernames_are_case_sensitive_by_default(*, value: bool | None, is_sensitive: bool) -> None:
    assert make_user_pool(is_username_case_sensitive=value).has_case_sensitive_usernames is is_sensitive


def test_trusted_contacts_are_verified_or_signed_in_with() -> None:
    pool = make_user_pool(
        auto_verified_attributes=frozenset({"email"}),
        alias_attributes=frozenset({"preferred_username", "phone_number"}),
        username_attributes=frozenset(),
    )

    assert pool.sign_in_attributes == {"preferred_username", "phone_number"}
    assert pool.trusted_contacts == {"email", "phone_number"}


@pytest.mark.parametrize(("value", "is_protected"), [("ACTIVE", True), ("INACTIVE", False), (None, False)])
def test_deletion_protection_is_off_by_default(value: str | None, *, is_protected: bool) -> None:
    assert make_user_pool(deletion_protection=value).is_deletion_protected is is_protected


@pytest.mark.parametrize(
    ("mode", "is_off"), [(None, True), ("OFF", True), ("AUDIT", False), ("ENFORCED", False)]
)
def test_threat_protection_is_off_by_default(mode: str | None, *, is_off: bool) -> None:
    assert make_user_pool(threat_protection=mode).is_threat_protection_off is is_off


def test_custom_auth_starts_with_its_first_trigger() -> None:
    started = make_user_pool(triggers=(trigger("DefineAuthChallenge"), trigger("PreSignUp")))
    idle = make_user_pool(triggers=(trigger("CreateAuthChallenge"), trigger("VerifyAuthChallengeResponse")))

    assert started.runs_custom_auth
    assert started.custom_auth_stages == {"DefineAuthChallenge"}
    assert not idle.runs_custom_auth


@pytest.mark.parametrize(
    ("settings", "is_ses"),
    [(None, False), (email(None), False), (email("COGNITO_DEFAULT"), False), (email("DEVELOPER"), True)],
)
def test_email_is_sent_by_the_built_in_sender_by_default(
    settings: EmailConfiguration | None, *, is_ses: bool
) -> None:
    assert make_user_pool(email=settings).sends_with_ses is is_ses


def test_a_custom_sender_delivers_email() -> None:
    assert make_user_pool(triggers=(trigger("CustomEmailSender"),)).sends_email_by_lambda
    assert not make_user_pool(triggers=(trigger("CustomSMSSender"),)).sends_email_by_lambda


def test_a_custom_sender_delivers_sms() -> None:
    assert make_user_pool(triggers=(trigger("CustomSMSSender"),)).sends_sms_by_lambda
    assert not make_user_pool(triggers=(trigger("CustomEmailSender"),)).sends_sms_by_lambda


@pytest.mark.parametrize(
    ("is_enabled", "is_open", "is_open_to_anyone"),
    [
        (True, True, True),
        (None, True, True),
        (False, True, False),
        (True, False, False),
        (True, None, False),
    ],
)
def test_registration_is_open_where_it_is_on_and_needs_no_token(
    *, is_enabled: bool | None, is_open: bool | None, is_open_to_anyone: bool
) -> None:
    registration = DynamicClientRegistration(
        is_enabled=is_enabled,
        is_open=is_open,
        authenticated_grant_types=frozenset(),
        open_grant_types=frozenset(),
        allowed_scopes=frozenset(),
    )
    pool = make_user_pool(dynamic_client_registration=registration)

    assert registration.is_open_to_anyone is is_open_to_anyone
    assert pool.open_registration == (registration if is_open_to_anyone else None)


def test_a_user_pool_without_registration_has_no_open_one() -> None:
    assert make_user_pool().open_registration is None


def test_second_factors_stand_strongest_first() -> None:
    every = make_mfa_configuration(
        has_sms=True, has_email=True, passkey_factor="MULTI_FACTOR_WITH_USER_VERIFICATION"
    )

    assert every.second_factors == ("passkey", "TOTP", "e-mail", "SMS")
    assert make_mfa_configuration(passkey_factor="SINGLE_FACTOR").second_factors == ("TOTP",)


def test_takeover_actions_stand_lowest_risk_first() -> None:
    risk = make_risk_configuration(medium_risk=None)

    assert risk.takeover_actions == (("LowAction", "NO_ACTION"), ("HighAction", "BLOCK"))


@pytest.mark.parametrize(
    ("action", "stops"),
    [
        ("BLOCK", True),
        ("MFA_REQUIRED", True),
        ("MFA_IF_CONFIGURED", False),
        ("NO_ACTION", False),
        (None, False),
    ],
)
def test_high_risk_is_stopped_by_a_block_or_a_demand(action: str | None, *, stops: bool) -> None:
    level = TakeoverAction(action=action, notifies_user=None) if action else None
    risk = make_risk_configuration(high_risk=level)

    assert (risk.high_risk_action, risk.stops_high_risk) == (action, stops)
