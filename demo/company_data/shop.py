"""The web shop's customers: the company's biggest user pool, mostly sound.

Left to find: a localhost callback in production, a year-long refresh token without rotation on
Android, no threat protection on the Essentials plan, a sign-in domain whose certificate ends in three
weeks, a replica that nobody put a web ACL in front of, and a welcome function that any user pool of
any account may call.
"""

from demo.company_data.specs import (
    AMERICA,
    EUROPE,
    FRANKFURT,
    SOUND_CLIENT,
    ClientSpec,
    Parameters,
    PoolSpec,
    code_grant,
    function,
    log_group,
    password_policy,
    recovery,
    reference,
    role,
    rotation,
    ses,
    tags,
    validity,
)

NAME = "tarnfell-shop"
DOMAIN = "auth.tarnfell.example"
EVERYBODY = ["COGNITO", "Google", "SignInWithApple"]
SCOPES = ["openid", "email", "profile"]
# Passkeys need ALLOW_USER_AUTH, the flow in which the user chooses how to sign in.
CHOICE = ["ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
PROFILE = ["email", "email_verified", "family_name", "given_name", "name", "preferred_username"]
OWN_PROFILE = {
    "ReadAttributes": [*PROFILE, "custom:loyalty_tier"],
    "WriteAttributes": ["email", "family_name", "given_name", "name", "preferred_username"],
}

GOOGLE: Parameters = {
    "ProviderName": "Google",
    "ProviderType": "Google",
    "ProviderDetails": {
        "client_id": "482913750164-tarnfellshop.apps.googleusercontent.com",
        "client_secret": "demo-google-client-secret",
        "authorize_scopes": "openid email profile",
        "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
        "attributes_url_add_attributes": "true",
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "oidc_issuer": "https://accounts.google.com",
        "token_request_method": "POST",
        "token_url": "https://www.googleapis.com/oauth2/v4/token",
    },
    "AttributeMapping": {
        "username": "sub",
        "email": "email",
        "email_verified": "email_verified",
        "given_name": "given_name",
        "family_name": "family_name",
    },
}

APPLE: Parameters = {
    "ProviderName": "SignInWithApple",
    "ProviderType": "SignInWithApple",
    "ProviderDetails": {
        "client_id": "example.tarnfell.shop.signin",
        "team_id": "7QH4TRN5FL",
        "key_id": "K9W2SHOP41",
        "authorize_scopes": "email name",
        "attributes_url_add_attributes": "false",
        "authorize_url": "https://appleid.apple.com/auth/authorize",
        "oidc_issuer": "https://appleid.apple.com",
        "token_request_method": "POST",
        "token_url": "https://appleid.apple.com/auth/token",
    },
    "AttributeMapping": {"username": "sub", "email": "email", "email_verified": "email_verified"},
}

LOYALTY: Parameters = {
    "Name": "loyalty_tier",
    "AttributeDataType": "String",
    "Mutable": True,
    "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "16"},
}

CLIENTS = (
    ClientSpec(
        name="shop-web",
        created="2021-03-09T10:02:41+00:00",
        modified="2026-09-14T08:20:05+00:00",
        settings={
            **SOUND_CLIENT,
            **OWN_PROFILE,
            **validity(access_minutes=60, id_minutes=60, refresh_days=30),
            **rotation(10),
            **code_grant(
                ["https://shop.tarnfell.example/auth/callback"],
                logout=["https://shop.tarnfell.example/"],
                providers=EVERYBODY,
                scopes=SCOPES,
            ),
            "ExplicitAuthFlows": CHOICE,
        },
    ),
    ClientSpec(
        name="shop-ios",
        created="2021-05-18T13:44:12+00:00",
        modified="2026-09-14T08:21:37+00:00",
        settings={
            **SOUND_CLIENT,
            **OWN_PROFILE,
            **validity(access_minutes=60, id_minutes=60, refresh_days=30),
            **rotation(30),
            **code_grant(
                ["https://shop.tarnfell.example/app/auth"],
                logout=["https://shop.tarnfell.example/app/signed-out"],
                providers=EVERYBODY,
                scopes=SCOPES,
            ),
            "ExplicitAuthFlows": CHOICE,
        },
    ),
    ClientSpec(
        name="shop-android",
        created="2021-06-02T09:15:50+00:00",
        modified="2025-02-11T15:03:28+00:00",
        settings={
            **SOUND_CLIENT,
            **OWN_PROFILE,
            **validity(access_minutes=60, id_minutes=60, refresh_days=365),
            **code_grant(
                ["tarnfellshop://auth/callback"],
                logout=["tarnfellshop://auth/signed-out"],
                providers=EVERYBODY,
                scopes=SCOPES,
            ),
            "ExplicitAuthFlows": CHOICE,
        },
    ),
    ClientSpec(
        name="shop-checkout-server",
        created="2022-01-20T11:30:00+00:00",
        modified="2026-03-03T10:11:12+00:00",
        settings={
            **SOUND_CLIENT,
            **OWN_PROFILE,
            **validity(access_minutes=15, id_minutes=15, refresh_days=1),
            **code_grant(
                ["https://checkout.tarnfell.example/oauth/callback"],
                logout=["https://checkout.tarnfell.example/done"],
                providers=EVERYBODY,
                scopes=SCOPES,
            ),
            "GenerateSecret": True,
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        },
    ),
    ClientSpec(
        name="shop-support-desk",
        created="2022-08-30T16:05:19+00:00",
        modified="2024-11-04T09:48:33+00:00",
        settings={
            **SOUND_CLIENT,
            **validity(access_minutes=60, id_minutes=60, refresh_days=1),
            "GenerateSecret": True,
            "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "ReadAttributes": PROFILE,
            "WriteAttributes": ["email", "name"],
        },
    ),
    ClientSpec(
        name="shop-web-local",
        created="2023-04-12T07:52:46+00:00",
        modified="2023-04-12T07:52:46+00:00",
        settings={
            **SOUND_CLIENT,
            **validity(access_minutes=720, id_minutes=720, refresh_days=30),
            **code_grant(
                ["http://localhost:5173/auth/callback"],
                logout=["http://localhost:5173/"],
                providers=["COGNITO"],
                scopes=[*SCOPES, "aws.cognito.signin.user.admin"],
            ),
            "ExplicitAuthFlows": [
                "ALLOW_USER_SRP_AUTH",
                "ALLOW_USER_PASSWORD_AUTH",
                "ALLOW_REFRESH_TOKEN_AUTH",
            ],
        },
    ),
)

SETTINGS: Parameters = {
    "UserPoolTier": "ESSENTIALS",
    "DeletionProtection": "ACTIVE",
    "Policies": {
        "PasswordPolicy": password_policy(12, temporary_days=3, history=4),
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]},
    },
    "UsernameAttributes": ["email"],
    "UsernameConfiguration": {"CaseSensitive": False},
    "AutoVerifiedAttributes": ["email"],
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    "AccountRecoverySetting": recovery("verified_email"),
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 3},
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
    "EmailConfiguration": ses(EUROPE, "Tarnfell Outdoor <no-reply@tarnfell.example>"),
    "VerificationMessageTemplate": {
        "EmailSubject": "Your Tarnfell code",
        "EmailMessage": "Your code is {####}. It is valid for 24 hours.",
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
    },
    "LambdaConfig": {
        "PreSignUp": function(EUROPE, "shop-auth-pre-sign-up"),
        "PostConfirmation": function(EUROPE, "shop-auth-welcome"),
        "PreTokenGeneration": function(EUROPE, "shop-auth-claims"),
        "PreTokenGenerationConfig": {
            "LambdaVersion": "V2_0",
            "LambdaArn": function(EUROPE, "shop-auth-claims"),
        },
    },
    "Schema": [{"Name": "email", "AttributeDataType": "String", "Mutable": True, "Required": True}, LOYALTY],
    "UserPoolTags": tags("storefront", "production", "CC-4120"),
}

MFA: Parameters = {
    "MfaConfiguration": "OPTIONAL",
    "SmsMfaConfiguration": {
        "SmsAuthenticationMessage": "Your Tarnfell code is {####}.",
        "SmsConfiguration": {
            "EumsSms": {
                "CallerArn": role("service-role/tarnfell-shop-sms"),
                "ExternalId": "b5c0a6a2-5f0e-4f5c-8a53-5a1d9f0f6f21",
                "ConfigurationSetName": "cognito-sms",
                "Region": EUROPE,
            }
        },
    },
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "WebAuthnConfiguration": {
        "RelyingPartyId": "auth.tarnfell.example",
        "UserVerification": "required",
        "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
    },
}

SHOP = PoolSpec(
    region=EUROPE,
    name=NAME,
    created="2021-03-09T09:58:13+00:00",
    modified="2026-10-06T14:27:55+00:00",
    users=48_213,
    settings=SETTINGS,
    clients=CLIENTS,
    mfa=MFA,
    identity_providers=(GOOGLE, APPLE),
    domains=(
        {
            "Domain": DOMAIN,
            "ManagedLoginVersion": 2,
            "CustomDomainConfig": {
                "CertificateArn": reference("certificate", DOMAIN),
                "SecurityPolicy": "TLS_V1_2_2021",
            },
            "Routing": {
                "Failover": {
                    "SecondaryRegion": AMERICA,
                    "PrimaryRoute53HealthCheckId": "6f1f7f7e-35d5-4a4c-9f3d-2a1f0c6b8e90",
                }
            },
        },
    ),
    log_delivery=(
        {
            "LogLevel": "ERROR",
            "EventSource": "userNotification",
            "CloudWatchLogsConfiguration": {"LogGroupArn": log_group(EUROPE, "/tarnfell/cognito/shop")},
        },
    ),
    session={"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 10}},
    replicas=(AMERICA, FRANKFURT),
    web_acl="shop-edge",
    groups=(
        {"GroupName": "loyalty-gold", "Description": "Gold members of the loyalty scheme", "Precedence": 10},
    ),
)
