"""The shop staff's own tools, on the Plus plan but not making use of it.

Threat protection only watches, custom sign-in through Lambda triggers is not covered at all, SMS is
the only second factor and also the way to recover an account, nobody is told of a risky sign-in, and
handhelds keep each step of a sign-in open for a quarter of an hour.
The function that checks a custom challenge is gone, the directory's metadata is fetched over http, the
custom domain still speaks TLS 1.0, store managers may take any role, and the auditors' role is gone. The
agency that sends seasonal staff says in its claims which role each of them has, and nothing looks at whom
it sends.
"""

from demo.company_data.specs import (
    AMERICA,
    SOUND_CLIENT,
    ClientSpec,
    Parameters,
    PoolSpec,
    code_grant,
    function,
    password_policy,
    recovery,
    reference,
    role,
    ses,
    sms,
    tags,
    validity,
)

NAME = "tarnfell-staff-tools"
DOMAIN = "login.staff.tarnfell.example"

DIRECTORY: Parameters = {
    "ProviderName": "TarnfellADFS",
    "ProviderType": "SAML",
    "ProviderDetails": {
        "MetadataURL": "http://adfs.corp.tarnfell.example/FederationMetadata/2007-06/FederationMetadata.xml",
        "IDPInit": "true",
        "IDPSignout": "false",
        "RequestSigningAlgorithm": "rsa-sha256",
    },
    "AttributeMapping": {"email": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"},
    "IdpIdentifiers": ["corp.tarnfell.example"],
}
AGENCY: Parameters = {
    "ProviderName": "SeasonHands",
    "ProviderType": "SAML",
    "ProviderDetails": {
        "MetadataURL": "https://sso.seasonhands.example/tarnfell/metadata.xml",
        "IDPInit": "false",
        "IDPSignout": "true",
        "EncryptedResponses": "true",
    },
    "AttributeMapping": {
        "email": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "custom:role": "https://sso.seasonhands.example/claims/role",
    },
    "IdpIdentifiers": ["seasonhands.example"],
}
SMS = sms(AMERICA, "tarnfell-staff-tools-sms", "8f6d3b0a-41c7-4e0e-b1a5-6b9a2f7d5c30")

CLIENTS = (
    ClientSpec(
        name="staff-portal",
        created="2024-02-26T14:10:15+00:00",
        modified="2026-01-12T18:55:40+00:00",
        settings={
            **SOUND_CLIENT,
            **validity(access_minutes=60, id_minutes=60, refresh_days=7),
            **code_grant(
                ["https://staff.tarnfell.example/oauth/callback"],
                logout=["https://staff.tarnfell.example/"],
                providers=["COGNITO", "TarnfellADFS", "SeasonHands"],
                scopes=["openid", "email"],
            ),
            "GenerateSecret": True,
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "WriteAttributes": ["email", "name", "phone_number", "custom:role"],
        },
    ),
    ClientSpec(
        name="staff-till",
        created="2024-03-04T16:32:58+00:00",
        modified="2026-01-12T18:57:03+00:00",
        settings={
            **SOUND_CLIENT,
            **validity(access_minutes=720, id_minutes=720, refresh_days=180),
            "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        },
    ),
    ClientSpec(
        name="staff-handheld",
        created="2024-07-08T10:04:21+00:00",
        modified="2024-07-08T10:04:21+00:00",
        settings={
            **SOUND_CLIENT,
            **validity(access_minutes=480, id_minutes=480, refresh_days=90),
            "ExplicitAuthFlows": [
                "ALLOW_CUSTOM_AUTH",
                "ALLOW_USER_PASSWORD_AUTH",
                "ALLOW_REFRESH_TOKEN_AUTH",
            ],
            "PreventUserExistenceErrors": "LEGACY",
            "AuthSessionValidity": 15,
        },
    ),
)

STAFF = PoolSpec(
    region=AMERICA,
    name=NAME,
    created="2024-02-26T14:02:36+00:00",
    modified="2026-01-12T18:50:09+00:00",
    users=964,
    clients=CLIENTS,
    settings={
        "UserPoolTier": "PLUS",
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
        "DeletionProtection": "ACTIVE",
        "Policies": {
            "PasswordPolicy": password_policy(10, temporary_days=7),
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "UsernameConfiguration": {"CaseSensitive": False},
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "AccountRecoverySetting": recovery("verified_phone_number", "verified_email"),
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 7},
        "EmailConfiguration": ses(AMERICA, "Tarnfell Staff <staff@tarnfell.example>"),
        "SmsConfiguration": SMS,
        "LambdaConfig": {
            "DefineAuthChallenge": function(AMERICA, "staff-auth-define-challenge"),
            "CreateAuthChallenge": function(AMERICA, "staff-auth-create-challenge"),
            "VerifyAuthChallengeResponse": function(AMERICA, "staff-auth-verify-challenge"),
        },
        "Schema": [
            {
                "Name": "store_number",
                "AttributeDataType": "String",
                "Mutable": True,
                "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "8"},
            },
            {
                "Name": "role",
                "AttributeDataType": "String",
                "Mutable": True,
                "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "32"},
            },
        ],
        "UserPoolTags": tags("retail-operations", "production", "CC-2075"),
    },
    mfa={
        "MfaConfiguration": "ON",
        "SmsMfaConfiguration": {
            "SmsAuthenticationMessage": "Your Tarnfell staff code is {####}.",
            "SmsConfiguration": SMS,
        },
    },
    domains=(
        {"Domain": "tarnfell-staff", "ManagedLoginVersion": 1},
        {
            "Domain": DOMAIN,
            "ManagedLoginVersion": 1,
            "CustomDomainConfig": {
                "CertificateArn": reference("certificate", DOMAIN),
                "SecurityPolicy": "TLS_V1",
            },
        },
    ),
    identity_providers=(DIRECTORY, AGENCY),
    risk=(
        (
            None,
            {
                "CompromisedCredentialsRiskConfiguration": {
                    "EventFilter": ["SIGN_IN"],
                    "Actions": {"EventAction": "NO_ACTION"},
                },
                "AccountTakeoverRiskConfiguration": {
                    "Actions": {
                        "LowAction": {"Notify": False, "EventAction": "NO_ACTION"},
                        "MediumAction": {"Notify": False, "EventAction": "NO_ACTION"},
                        "HighAction": {"Notify": False, "EventAction": "MFA_IF_CONFIGURED"},
                    }
                },
                "RiskExceptionConfiguration": {"SkippedIPRangeList": ["203.0.113.0/24"]},
            },
        ),
    ),
    groups=(
        {
            "GroupName": "store-managers",
            "Description": "Approve refunds and rosters",
            "RoleArn": role("staff-tools-manager"),
            "Precedence": 1,
        },
        {
            "GroupName": "auditors",
            "Description": "Read last year's rosters",
            "RoleArn": role("staff-tools-auditor"),
            "Precedence": 5,
        },
        {"GroupName": "store-staff", "Description": "Tills and handhelds", "Precedence": 10},
    ),
)
