"""The shop's staging copy, which drifted from production.

Drifted: deletion protection and MFA are off, passwords may be short, user existence errors leak, one
app client has the implicit grant, mail leaves through Cognito's own sender, a trial of threat
protection left the user pool on the Plus plan, one trigger runs on a retired runtime, and the key of
the custom e-mail sender is disabled. The demo denies DescribeRiskConfiguration here.
"""

from demo.company_data import shop
from demo.company_data.specs import (
    EUROPE,
    SOUND_CLIENT,
    TRIALS,
    ClientSpec,
    Parameters,
    PoolSpec,
    code_grant,
    function,
    password_policy,
    reference,
    tags,
    validity,
)

NAME = "tarnfell-shop-staging"
SITE = "https://shop.staging.tarnfell.example"
TESTER_FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def _client(name: str, day: str, callbacks: list[str], **more: object) -> ClientSpec:
    return ClientSpec(
        name=name,
        created=f"{day}T12:00:00+00:00",
        modified=f"{day}T12:00:00+00:00",
        settings={
            **SOUND_CLIENT,
            **shop.OWN_PROFILE,
            **validity(access_minutes=60, id_minutes=60, refresh_days=30),
            **code_grant(callbacks, logout=[f"{SITE}/"], providers=["COGNITO"], scopes=shop.SCOPES),
            "ExplicitAuthFlows": shop.CHOICE,
            **more,
        },
    )


SETTINGS: Parameters = {
    **shop.SETTINGS,
    "UserPoolTier": "PLUS",
    "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
    "DeletionProtection": "INACTIVE",
    "Policies": {
        "PasswordPolicy": password_policy(8, temporary_days=7),
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
    },
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "LambdaConfig": {
        "PostConfirmation": function(EUROPE, "staging-shop-auth-welcome", TRIALS),
        "PreTokenGeneration": function(EUROPE, "staging-shop-auth-claims", TRIALS),
        "PreTokenGenerationConfig": {
            "LambdaVersion": "V2_0",
            "LambdaArn": function(EUROPE, "staging-shop-auth-claims", TRIALS),
        },
        "CustomEmailSender": {
            "LambdaVersion": "V1_0",
            "LambdaArn": function(EUROPE, "staging-shop-auth-mail", TRIALS),
        },
        "KMSKeyID": reference("key", "staging-shop-mail"),
    },
    "UserPoolTags": tags("storefront", "staging", "CC-4120"),
}

STAGING = PoolSpec(
    account=TRIALS,
    region=EUROPE,
    name=NAME,
    created="2022-02-01T08:31:06+00:00",
    modified="2026-08-19T17:46:20+00:00",
    users=131,
    settings=SETTINGS,
    mfa={"MfaConfiguration": "OFF"},
    domains=({"Domain": "tarnfell-shop-staging", "ManagedLoginVersion": 2},),
    risk=(
        (
            None,
            {
                "CompromisedCredentialsRiskConfiguration": {
                    "EventFilter": ["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"],
                    "Actions": {"EventAction": "NO_ACTION"},
                }
            },
        ),
    ),
    clients=(
        _client("shop-web", "2022-02-01", [f"{SITE}/auth/callback", "http://localhost:5173/auth/callback"]),
        _client("shop-ios", "2022-02-01", [f"{SITE}/app/auth"]),
        _client("shop-android", "2022-02-01", ["tarnfellshopstaging://auth/callback"]),
        _client(
            "shop-load-test",
            "2024-05-27",
            [f"{SITE}/load-test"],
            AllowedOAuthFlows=["code", "implicit"],
            ExplicitAuthFlows=TESTER_FLOWS,
            PreventUserExistenceErrors="LEGACY",
        ),
    ),
)
