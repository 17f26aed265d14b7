"""Changes by situation: what is taken along, what stays, and where the owner has to choose."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from records.app_client import RefreshTokenRotation
from records.evaluation import Outcome
from records.facet import NotCollectedError
from records.snapshot import Snapshot
from records.user_pool import LambdaTrigger, TakeoverAction
from rules.catalogue import catalogue
from rules.engine import Baseline, Context
from rules.remedies import remedies
from tests.builders import (
    FUNCTION_ARN,
    TODAY,
    make_app_client,
    make_gap,
    make_mfa_configuration,
    make_risk_configuration,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import app_client, judge, user_pool
from tests.rules.remedying import changed, changes
from tests.rules.test_catalogue import CASES

BY_CODE = {one.code: one for one in catalogue()}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The changes that a remedy makes in a situation: path and value; none where its owner has to choose."""

    code: str
    situation: str
    snapshot: Snapshot
    expected: Mapping[str, object]

    def __str__(self) -> str:
        return f"{self.code}-{self.situation}".replace(" ", "-")


def makes(code: str, situation: str, snapshot: Snapshot, **expected: object) -> Choice:
    return Choice(code=code, situation=situation, snapshot=snapshot, expected=expected)


def flows(code: str, situation: str, *listed: str, left: list[str] | None, **overrides: Any) -> Choice:
    """Expect what is left of ExplicitAuthFlows, None for no change."""
    settings = {"refresh_token_rotation": None, **overrides}
    snapshot = app_client(explicit_auth_flows=frozenset(listed), **settings)
    return Choice(
        code=code,
        situation=situation,
        snapshot=snapshot,
        expected={} if left is None else {"ExplicitAuthFlows": left},
    )


OFF = make_mfa_configuration(mode="OFF")
OTP = frozenset({"PASSWORD", "EMAIL_OTP"})
PASSKEY = frozenset({"PASSWORD", "WEB_AUTHN"})
NO_RISK_SETTINGS = make_risk_configuration(
    compromised_credentials_action=None, low_risk=None, medium_risk=None, high_risk=None
)
PLUS: dict[str, Any] = {"tier": "PLUS", "threat_protection": "ENFORCED"}
ROTATION = RefreshTokenRotation(is_enabled=True, grace_seconds=0)
REQUIRED = {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration.Enabled": True}
EMAIL_FIRST = [{"Priority": 1, "Name": "verified_email"}]
MIGRATION = LambdaTrigger(stage="UserMigration", function_arn=FUNCTION_ARN, version=None)
CHOICES = [
    makes("AUT001", "a password alone", user_pool(mfa=OFF), **REQUIRED),
    makes("AUT001", "codes sign in alone", user_pool(mfa=OFF, first_factors=OTP)),
    makes(
        "AUT001",
        "passkeys sign in alone",
        user_pool(mfa=make_mfa_configuration(mode="OFF", passkey_factor=None), first_factors=PASSKEY),
    ),
    makes(
        "AUT001",
        "passkeys are a second factor as well",
        user_pool(
            mfa=make_mfa_configuration(mode="OFF", passkey_factor="MULTI_FACTOR_WITH_USER_VERIFICATION"),
            first_factors=PASSKEY,
        ),
        **REQUIRED,
    ),
    makes(
        "AUT002",
        "factors that are on stay as they are",
        user_pool(mfa=make_mfa_configuration(mode="OPTIONAL"), threat_protection="OFF"),
        MfaConfiguration="ON",
    ),
    makes("AUT004", "SMS is the only first factor", user_pool(first_factors=frozenset({"SMS_OTP"}))),
    makes(
        "AUT005",
        "no policy of its own",
        user_pool(password_policy=None),
        **{
            "Policies.PasswordPolicy.MinimumLength": 8,
            "Policies.PasswordPolicy.RequireLowercase": True,
            "Policies.PasswordPolicy.RequireNumbers": True,
            "Policies.PasswordPolicy.RequireSymbols": True,
            "Policies.PasswordPolicy.RequireUppercase": True,
            "Policies.PasswordPolicy.TemporaryPasswordValidityDays": 7,
        },
    ),
    makes(
        "AUT006",
        "users have phone numbers alone",
        user_pool(recovery_mechanisms=None, username_attributes=frozenset({"phone_number"})),
    ),
    makes(
        "AUT006",
        "e-mail is the only second factor",
        user_pool(
            recovery_mechanisms=None,
            mfa=make_mfa_configuration(has_totp=False, has_email=True, passkey_factor=None),
        ),
    ),
    makes(
        "AUT010",
        "SMS alone",
        user_pool(recovery_mechanisms=("verified_phone_number",)),
        **{
            "AccountRecoverySetting.RecoveryMechanisms": [
                *EMAIL_FIRST,
                {"Priority": 2, "Name": "verified_phone_number"},
            ]
        },
    ),
    makes("THR001", "below the Plus plan", user_pool(threat_protection="OFF", tier="ESSENTIALS")),
    makes(
        "THR001",
        "no response was ever set",
        user_pool(threat_protection="AUDIT", tier="PLUS", risk=NO_RISK_SETTINGS),
        **{
            "UserPoolAddOns.AdvancedSecurityMode": "ENFORCED",
            "CompromisedCredentialsRiskConfiguration.Actions.EventAction": "BLOCK",
            "AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction": "BLOCK",
            "AccountTakeoverRiskConfiguration.Actions.HighAction.Notify": False,
        },
    ),
    makes(
        "THR002",
        "standard sign-in has no mode",
        user_pool(threat_protection=None, tier="PLUS"),
        **{
            "UserPoolAddOns.AdvancedSecurityMode": "OFF",
            "UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode": "ENFORCED",
        },
    ),
    makes("THR002", "below the Plus plan", user_pool(tier="ESSENTIALS")),
    makes("THR003", "protection from before the plans", user_pool(tier="LITE", threat_protection="ENFORCED")),
    makes("THR004", "protection from before the plans", user_pool(tier="LITE", threat_protection="ENFORCED")),
    makes(
        "THR004",
        "users are told of it",
        user_pool(
            risk=make_risk_configuration(high_risk=TakeoverAction(action="NO_ACTION", notifies_user=True)),
            **PLUS,
        ),
        **{"AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction": "BLOCK"},
    ),
    makes(
        "THR004",
        "AWS does not say whether users are told",
        user_pool(
            risk=make_risk_configuration(high_risk=TakeoverAction(action="NO_ACTION", notifies_user=None)),
            **PLUS,
        ),
        **{
            "AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction": "BLOCK",
            "AccountTakeoverRiskConfiguration.Actions.HighAction.Notify": False,
        },
    ),
    makes("THR008", "protection from before the plans", user_pool(tier="LITE", threat_protection="ENFORCED")),
    makes(
        "SGN001",
        "users have phone numbers alone",
        user_pool(auto_verified_attributes=frozenset(), username_attributes=frozenset({"phone_number"})),
    ),
    makes(
        "SGN002",
        "proves what it verifies",
        user_pool(
            auto_verified_attributes=frozenset({"phone_number"}),
            attributes_verified_before_update=frozenset(),
            alias_attributes=frozenset({"email"}),
            username_attributes=frozenset(),
        ),
        AutoVerifiedAttributes=["email", "phone_number"],
        **{
            "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate": ["email", "phone_number"]
        },
    ),
    makes(
        "SGN002",
        "would send SMS",
        user_pool(
            auto_verified_attributes=frozenset(),
            attributes_verified_before_update=frozenset(),
            alias_attributes=frozenset({"email", "phone_number"}),
            username_attributes=frozenset(),
        ),
    ),
    makes("APP001", "no other grant", app_client(oauth_flows=frozenset({"implicit"}))),
    makes(
        "APP009",
        "another token would outlive it",
        app_client(refresh_token_seconds=90 * 86400, id_token_seconds=30 * 86400),
    ),
    flows(
        "APP006",
        "others stay",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        left=["ALLOW_USER_SRP_AUTH"],
    ),
    flows("APP006", "none is left", "ALLOW_ADMIN_USER_PASSWORD_AUTH", left=["ALLOW_REFRESH_TOKEN_AUTH"]),
    flows(
        "APP006",
        "none is left and tokens rotate",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        refresh_token_rotation=ROTATION,
        left=None,
    ),
    flows(
        "APP006",
        "the old name",
        "ADMIN_NO_SRP_AUTH",
        left=["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
    ),
    flows(
        "APP007",
        "none is left",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        left=["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
    ),
    flows(
        "APP007",
        "none is left and tokens rotate",
        "ALLOW_USER_PASSWORD_AUTH",
        refresh_token_rotation=ROTATION,
        left=["ALLOW_USER_SRP_AUTH"],
    ),
    flows(
        "APP007",
        "old names beside it",
        "CUSTOM_AUTH_FLOW_ONLY",
        "USER_PASSWORD_AUTH",
        left=["CUSTOM_AUTH_FLOW_ONLY"],
    ),
    flows(
        "APP007",
        "a machine",
        "ALLOW_USER_PASSWORD_AUTH",
        oauth_flows=frozenset({"client_credentials"}),
        left=["ALLOW_REFRESH_TOKEN_AUTH"],
    ),
    makes(
        "APP007",
        "a trigger moves users in",
        user_pool(
            triggers=(MIGRATION,),
            clients=(make_app_client(explicit_auth_flows=frozenset({"ALLOW_USER_PASSWORD_AUTH"})),),
        ),
    ),
    flows("APP010", "the default", left=["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]),
    flows(
        "APP010",
        "the default and tokens rotate",
        refresh_token_rotation=ROTATION,
        left=["ALLOW_USER_SRP_AUTH"],
    ),
    flows("APP010", "the old name", "CUSTOM_AUTH_FLOW_ONLY", left=None),
    flows("APP010", "alone", "ALLOW_CUSTOM_AUTH", left=["ALLOW_REFRESH_TOKEN_AUTH"]),
    makes(
        "TOK002",
        "AWS's own scopes stay",
        app_client(oauth_scopes=frozenset({"aws.cognito/dcr/register", "gone/read", "openid"})),
        AllowedOAuthScopes=["aws.cognito/dcr/register", "openid"],
    ),
    flows(
        "TOK003",
        "others stay",
        "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
        "ALLOW_USER_SRP_AUTH",
        left=["ALLOW_TOKEN_EXCHANGE_DELEGATION", "ALLOW_USER_SRP_AUTH"],
    ),
    flows(
        "TOK004",
        "exchange stays",
        "ALLOW_TOKEN_EXCHANGE_DELEGATION",
        "ALLOW_USER_AUTH",
        oauth_flows=frozenset({"client_credentials"}),
        left=["ALLOW_TOKEN_EXCHANGE_DELEGATION"],
    ),
    flows(
        "TOK004",
        "old names",
        "ADMIN_NO_SRP_AUTH",
        oauth_flows=frozenset({"client_credentials"}),
        left=["ALLOW_REFRESH_TOKEN_AUTH"],
    ),
]


CLOSING = [
    each
    for each in CHOICES
    if each.expected and judge(BY_CODE[each.code], each.snapshot).outcome is Outcome.FAIL
]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_changes_fit_the_situation(choice: Choice) -> None:
    made = changes(BY_CODE[choice.code], choice.snapshot)

    assert {".".join(change.path): change.value for change in made} == choice.expected


@pytest.mark.parametrize("choice", CLOSING, ids=str)
def test_changes_close_the_finding(choice: Choice) -> None:
    one = BY_CODE[choice.code]

    after = judge(one, changed(choice.snapshot, one, changes(one, choice.snapshot)))

    assert after.outcome in {Outcome.PASS, Outcome.NOT_APPLICABLE}


def test_changes_that_depend_on_what_was_not_read_are_not_made() -> None:
    protected = make_user_pool(tier="PLUS", threat_protection="AUDIT")
    pool = make_user_pool_snapshot(protected, risk=make_gap())
    snapshot = make_snapshot(user_pools=[pool])
    context = Context(
        snapshot=snapshot, region=snapshot.regions[0], today=TODAY, parameters={}, user_pool=pool
    )
    make = remedies()["THR001"].changes
    assert make

    with pytest.raises(NotCollectedError):
        list(make(protected, context))


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("AUT005", {"minimum_length": 100, "minimum_length_with_mfa": 100}),
        ("AUT005", {"temporary_password_days": 0}),
        ("APP008", {"access_token_minutes": 1}),
        ("APP009", {"refresh_token_days": 0}),
    ],
    ids=str,
)
def test_no_change_where_aws_takes_no_such_number(code: str, numbers: Mapping[str, int]) -> None:
    [case, *_] = [case for case in CASES if case.rule.code == code and case.outcome is Outcome.FAIL]
    beyond = Baseline(name="odd", parameters={code: numbers})

    assert changes(case.rule, case.snapshot, baseline=beyond) == []
