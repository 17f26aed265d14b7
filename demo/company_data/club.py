"""The members' club: a user pool and an identity pool set up as AWS's own security best practices say.

Nothing is left to find in it, whatever is asked but the last wishes of the strictest: the other pools can be
held against it.
"""

from demo.company_data.specs import (
    EUROPE,
    SOUND_CLIENT,
    ClientSpec,
    IdentityPoolSpec,
    Parameters,
    PoolSpec,
    ProviderSpec,
    code_grant,
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

NAME = "tarnfell-club"
DOMAIN = "club.tarnfell.example"
SCOPES = ["openid", "email", "profile"]
PROFILE = ["email", "email_verified", "family_name", "given_name", "name"]

WEB = ClientSpec(
    name="club-web",
    created="2026-02-02T09:00:00+00:00",
    modified="2026-06-01T09:00:00+00:00",
    settings={
        **SOUND_CLIENT,
        **validity(access_minutes=15, id_minutes=15, refresh_days=14),
        **rotation(10),
        **code_grant(
            ["https://club.tarnfell.example/auth/callback"],
            logout=["https://club.tarnfell.example/"],
            providers=["COGNITO"],
            scopes=SCOPES,
        ),
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"],
        "ReadAttributes": PROFILE,
        "WriteAttributes": ["email", "family_name", "given_name", "name"],
    },
)

BLOCKING: Parameters = {
    "CompromisedCredentialsRiskConfiguration": {
        "EventFilter": ["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"],
        "Actions": {"EventAction": "BLOCK"},
    },
    "AccountTakeoverRiskConfiguration": {
        "NotifyConfiguration": {
            "From": "Tarnfell Club <no-reply@tarnfell.example>",
            "SourceArn": ses(EUROPE, "")["SourceArn"],
            "BlockEmail": {
                "Subject": "Sign-in stopped",
                "TextBody": "We stopped a sign-in.",
                "HtmlBody": "Stopped.",
            },
            "MfaEmail": {"Subject": "New sign-in", "TextBody": "Was it you?", "HtmlBody": "Was it you?"},
            "NoActionEmail": {"Subject": "New sign-in", "TextBody": "Was it you?", "HtmlBody": "Was it you?"},
        },
        "Actions": {
            "LowAction": {"Notify": True, "EventAction": "NO_ACTION"},
            "MediumAction": {"Notify": True, "EventAction": "MFA_REQUIRED"},
            "HighAction": {"Notify": True, "EventAction": "BLOCK"},
        },
    },
}

CLUB = PoolSpec(
    region=EUROPE,
    name=NAME,
    created="2026-02-02T08:55:00+00:00",
    modified="2026-06-01T09:00:00+00:00",
    users=640,
    clients=(WEB,),
    settings={
        "UserPoolTier": "PLUS",
        "UserPoolAddOns": {
            "AdvancedSecurityMode": "ENFORCED",
            "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "ENFORCED"},
        },
        "DeletionProtection": "ACTIVE",
        "Policies": {
            "PasswordPolicy": password_policy(15, temporary_days=1, history=24),
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]},
        },
        "UsernameAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "AccountRecoverySetting": recovery("verified_email"),
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 1},
        "EmailConfiguration": ses(EUROPE, "Tarnfell Club <no-reply@tarnfell.example>"),
        "Schema": [{"Name": "email", "AttributeDataType": "String", "Mutable": True, "Required": True}],
        "UserPoolTags": tags("members", "production", "CC-4410"),
    },
    mfa={
        "MfaConfiguration": "ON",
        "SoftwareTokenMfaConfiguration": {"Enabled": True},
        "WebAuthnConfiguration": {
            "RelyingPartyId": DOMAIN,
            "UserVerification": "required",
            "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
        },
    },
    domains=(
        {
            "Domain": DOMAIN,
            "ManagedLoginVersion": 2,
            "CustomDomainConfig": {
                "CertificateArn": reference("certificate", DOMAIN),
                "SecurityPolicy": "TLS_V1_2_2021",
            },
        },
    ),
    risk=((None, BLOCKING),),
    log_delivery=(
        {
            "LogLevel": "ERROR",
            "EventSource": "userNotification",
            "CloudWatchLogsConfiguration": {"LogGroupArn": log_group(EUROPE, "/tarnfell/cognito/club")},
        },
        {
            "LogLevel": "INFO",
            "EventSource": "userAuthEvents",
            "CloudWatchLogsConfiguration": {"LogGroupArn": log_group(EUROPE, "/tarnfell/cognito/club")},
        },
    ),
    session={"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}},
    web_acl="club-edge",
)

CLUB_FILES = IdentityPoolSpec(
    region=EUROPE,
    settings={
        "IdentityPoolName": "tarnfell_club_files",
        "AllowUnauthenticatedIdentities": False,
        "AllowClassicFlow": False,
        "IdentityPoolTags": tags("members", "production", "CC-4410"),
    },
    providers=(ProviderSpec(user_pool=NAME, client=WEB.name, checks_token=True),),
    roles={"authenticated": role("club-files-member")},
)
