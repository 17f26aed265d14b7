"""What AWS refuses of an update, the emulator refuses too; moto takes it all."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.clients import Controls

PARAMETER, TIER = "InvalidParameterException", "FeatureUnavailableInTierException"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:"
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x", "SnsRegion": "eu-west-1"}
SES = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/shop.example",
}
ENFORCED = {"AdvancedSecurityMode": "ENFORCED"}
EMAIL = {"Message": "{####}", "Subject": "Code"}
ROTATION = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
LOGIN = "https://shop.example/login"


def refused(call: Any, **settings: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**settings)
    code: str = raised.value.response["Error"]["Code"]
    return code


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"MfaConfiguration": "ON"}, PARAMETER),
        ({"MfaConfiguration": "OPTIONAL"}, PARAMETER),
        ({"UserPoolAddOns": ENFORCED}, TIER),
        ({"UserPoolAddOns": ENFORCED, "UserPoolTier": "LITE"}, TIER),
        (
            {
                "UserPoolTier": "LITE",
                "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
            },
            TIER,
        ),
        ({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["SOFTWARE_TOKEN"]}}}, PARAMETER),
        (
            {
                "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
                "AdminCreateUserConfig": {"UnusedAccountValidityDays": 3},
            },
            PARAMETER,
        ),
        (
            {
                "LambdaConfig": {
                    "PreTokenGeneration": f"{FUNCTION}one",
                    "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": f"{FUNCTION}other"},
                }
            },
            PARAMETER,
        ),
        ({"UserPoolTags": {"aws:cloudformation:stack-name": "shop"}}, PARAMETER),
    ],
)
def test_an_update_of_a_user_pool_that_contradicts_itself_is_refused(
    idp: Any, user_pool_id: str, settings: dict[str, Any], code: str
) -> None:
    before = idp.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]
    assert refused(idp.update_user_pool, UserPoolId=user_pool_id, **settings) == code
    assert idp.describe_user_pool(UserPoolId=user_pool_id)["UserPool"] == before


def test_an_update_that_fits_its_plan_is_taken(idp: Any, user_pool_id: str) -> None:
    idp.update_user_pool(UserPoolId=user_pool_id, UserPoolTier="PLUS", UserPoolAddOns=ENFORCED)
    totp = {"Enabled": True}
    idp.set_user_pool_mfa_config(
        UserPoolId=user_pool_id, MfaConfiguration="ON", SoftwareTokenMfaConfiguration=totp
    )
    idp.update_user_pool(UserPoolId=user_pool_id, MfaConfiguration="ON")
    assert idp.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]["MfaConfiguration"] == "ON"


def test_an_old_user_pool_keeps_its_threat_protection(idp: Any, controls: Controls) -> None:
    pool_id = idp.create_user_pool(PoolName="old", UserPoolTier="LITE", UserPoolAddOns=ENFORCED)["UserPool"][
        "Id"
    ]
    controls.set_facts(user_pool=pool_id, old_shape=True)
    idp.update_user_pool(UserPoolId=pool_id, UserPoolTier="LITE", UserPoolAddOns=ENFORCED)
    assert idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]["UserPoolAddOns"] == ENFORCED


def test_dynamic_client_registration_and_tags_of_aws_stay(idp: Any) -> None:
    tags = {"aws:cloudformation:stack-name": "shop", "owner": "me"}
    registration = {"EnableStatus": "Enabled", "OpenDcrEnabled": True}
    pool_id = idp.create_user_pool(PoolName="x", UserPoolTags=tags, DcrConfiguration=registration)[
        "UserPool"
    ]["Id"]
    idp.update_user_pool(UserPoolId=pool_id, UserPoolTags={"owner": "you"})
    pool = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    assert pool["DcrConfiguration"] == registration
    assert pool["UserPoolTags"] == {**tags, "owner": "you"}


@pytest.mark.parametrize(
    ("tier", "email", "settings", "code"),
    [
        ("PLUS", SES, {"MfaConfiguration": "ON"}, PARAMETER),
        (
            "PLUS",
            SES,
            {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": False}},
            PARAMETER,
        ),
        (
            "PLUS",
            SES,
            {"MfaConfiguration": "ON", "SmsMfaConfiguration": {"SmsAuthenticationMessage": "{####}"}},
            PARAMETER,
        ),
        ("PLUS", None, {"MfaConfiguration": "ON", "EmailMfaConfiguration": EMAIL}, PARAMETER),
        ("LITE", SES, {"MfaConfiguration": "ON", "EmailMfaConfiguration": EMAIL}, TIER),
        ("LITE", SES, {"WebAuthnConfiguration": {"UserVerification": "required"}}, TIER),
    ],
)
def test_mfa_that_cannot_work_is_refused(
    idp: Any, tier: str, email: dict[str, str] | None, settings: dict[str, Any], code: str
) -> None:
    sender = {"EmailConfiguration": email} if email else {}
    pool_id = idp.create_user_pool(PoolName="x", UserPoolTier=tier, **sender)["UserPool"]["Id"]
    assert refused(idp.set_user_pool_mfa_config, UserPoolId=pool_id, **settings) == code


def test_sms_mfa_takes_the_user_pools_own_configuration(idp: Any) -> None:
    pool_id = idp.create_user_pool(PoolName="x", SmsConfiguration=SMS)["UserPool"]["Id"]
    sms = {"SmsAuthenticationMessage": "{####}"}
    idp.set_user_pool_mfa_config(UserPoolId=pool_id, MfaConfiguration="ON", SmsMfaConfiguration=sms)
    assert idp.get_user_pool_mfa_config(UserPoolId=pool_id)["MfaConfiguration"] == "ON"


def test_a_risk_configuration_below_plus_is_refused(idp: Any) -> None:
    pool = idp.create_user_pool(PoolName="x", UserPoolAddOns=ENFORCED)["UserPool"]
    exceptions = {"BlockedIPRangeList": ["203.0.113.0/24"]}
    code = refused(idp.set_risk_configuration, UserPoolId=pool["Id"], RiskExceptionConfiguration=exceptions)
    assert code == TIER


@pytest.mark.parametrize(
    "settings",
    [
        {"AllowedOAuthFlows": ["code", "client_credentials"]},
        {"AllowedOAuthFlows": ["client_credentials"]},
        {"RefreshTokenRotation": ROTATION, "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]},
        {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 61}},
        {"ExplicitAuthFlows": ["USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]},
        {"ExplicitAuthFlows": ["ALLOW_EVERYTHING"]},
        {"CallbackURLs": ["http://shop.example/login"]},
        {"CallbackURLs": [f"{LOGIN}#top"]},
        {"CallbackURLs": [LOGIN], "DefaultRedirectURI": "https://elsewhere.example/"},
        {"AllowedOAuthScopes": ["openid", "api/read"]},
        {"AccessTokenValidity": 25},
        {"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}},
        {"IdTokenValidity": 25},
        {"RefreshTokenValidity": 3651},
        {"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}},
        {
            "RefreshTokenValidity": 1,
            "AccessTokenValidity": 2,
            "TokenValidityUnits": {"RefreshToken": "hours"},
        },
        {"AuthSessionValidity": 16},
        {"EnablePropagateAdditionalUserContextData": True},
    ],
)
def test_an_update_of_an_app_client_that_contradicts_itself_is_refused(
    idp: Any, user_pool_id: str, settings: dict[str, Any]
) -> None:
    made = idp.create_user_pool_client(UserPoolId=user_pool_id, ClientName="web")["UserPoolClient"]
    of_client = {"UserPoolId": user_pool_id, "ClientId": made["ClientId"]}
    assert refused(idp.update_user_pool_client, **of_client, **settings) == PARAMETER


def test_choice_based_sign_in_on_lite_is_refused(idp: Any) -> None:
    pool_id = idp.create_user_pool(PoolName="x", UserPoolTier="LITE")["UserPool"]["Id"]
    made = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]
    of_client = {"UserPoolId": pool_id, "ClientId": made["ClientId"]}
    assert refused(idp.update_user_pool_client, **of_client, ExplicitAuthFlows=["ALLOW_USER_AUTH"]) == TIER


def test_an_update_of_an_app_client_resets_what_is_left_out(idp: Any, user_pool_id: str) -> None:
    idp.create_resource_server(
        UserPoolId=user_pool_id,
        Identifier="api",
        Name="api",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "read"}],
    )
    made = idp.create_user_pool_client(
        UserPoolId=user_pool_id,
        ClientName="web",
        GenerateSecret=True,
        PreventUserExistenceErrors="ENABLED",
        EnableTokenRevocation=False,
        AuthSessionValidity=10,
    )["UserPoolClient"]
    settings = {
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["api/read"],
        "CallbackURLs": ["http://localhost:8080/", "shop://login"],
    }
    of_client = {"UserPoolId": user_pool_id, "ClientId": made["ClientId"]}
    idp.update_user_pool_client(**of_client, **settings)
    now = idp.describe_user_pool_client(**of_client)["UserPoolClient"]
    assert {name: now[name] for name in settings} == settings
    assert (now["ClientName"], now["ClientSecret"]) == ("web", made["ClientSecret"])
    assert now["AuthSessionValidity"] == 3
    assert "PreventUserExistenceErrors" not in now
    assert now["EnableTokenRevocation"] is True
