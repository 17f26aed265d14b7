"""The partner portal: wholesalers who sign in through their own company, on the Plus plan, sound.

Left to find: the SAML provider uses pasted metadata whose certificate ends in twelve days, the other
wholesaler's own claim says what role a user has, leaked passwords pass where users change them, the web
ACL only counts, log events are kept for two weeks, the trigger's function may administer every user pool,
one client still has its secret of 2024 beside the new one, and one reporting client keeps its refresh
token for 90 days.
"""

from demo.company_data.specs import (
    ACCOUNT,
    EUROPE,
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

NAME = "tarnfell-partners"
SAML = "AlpineSupplyGroup"
OIDC = "RidgelineCoop"
METADATA = reference("metadata", SAML)
SCOPES = ["openid", "email", "profile"]

SINGLE_SIGN_ON = "https://sso.alpinesupply.example/saml2/redirect"


def metadata(certificate: str) -> str:
    """Return Alpine Supply Group's SAML metadata with this signing certificate, DER in base 64."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"'
        ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
        ' entityID="https://sso.alpinesupply.example/saml2">'
        '<md:IDPSSODescriptor WantAuthnRequestsSigned="true"'
        ' protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>'
        f"<ds:X509Certificate>{certificate}</ds:X509Certificate>"
        "</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>"
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        f' Location="{SINGLE_SIGN_ON}"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


ALPINE: Parameters = {
    "ProviderName": SAML,
    "ProviderType": "SAML",
    "ProviderDetails": {
        "MetadataFile": METADATA,
        "SSORedirectBindingURI": SINGLE_SIGN_ON,
        "EncryptedResponses": "true",
        "IDPInit": "false",
        "IDPSignout": "true",
        "RequestSigningAlgorithm": "rsa-sha256",
    },
    "AttributeMapping": {
        "email": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "name": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
    },
    "IdpIdentifiers": ["alpinesupply.example"],
}


RIDGELINE: Parameters = {
    "ProviderName": OIDC,
    "ProviderType": "OIDC",
    "ProviderDetails": {
        "client_id": "tarnfell-partner-portal",
        "client_secret": "demo-ridgeline-client-secret",
        "authorize_scopes": "openid email profile",
        "attributes_request_method": "GET",
        "oidc_issuer": "https://login.ridgelinecoop.example",
        "authorize_url": "https://login.ridgelinecoop.example/authorize",
        "token_url": "https://login.ridgelinecoop.example/token",
        "attributes_url": "https://login.ridgelinecoop.example/userinfo",
        "jwks_uri": "https://login.ridgelinecoop.example/keys",
        "attributes_url_add_attributes": "false",
    },
    "AttributeMapping": {"username": "sub", "email": "email", "custom:role": "partner_role"},
    "IdpIdentifiers": ["ridgelinecoop.example"],
}


def _email(subject: str, text: str) -> Parameters:
    return {"Subject": subject, "HtmlBody": f"<p>{text}</p>", "TextBody": text}


RISK: Parameters = {
    "CompromisedCredentialsRiskConfiguration": {
        "EventFilter": ["SIGN_IN", "SIGN_UP"],
        "Actions": {"EventAction": "BLOCK"},
    },
    "AccountTakeoverRiskConfiguration": {
        "NotifyConfiguration": {
            "From": "Tarnfell Partners <partners@tarnfell.example>",
            "ReplyTo": "help@tarnfell.example",
            "SourceArn": f"arn:aws:ses:{EUROPE}:{ACCOUNT}:identity/tarnfell.example",
            "BlockEmail": _email(
                "We blocked a sign-in", "We blocked a sign-in from {city}, {country} at {login-time}."
            ),
            "NoActionEmail": _email("New sign-in", "You signed in from {city}, {country} at {login-time}."),
            "MfaEmail": _email(
                "We asked for a second factor", "A sign-in from {city}, {country} needed a second factor."
            ),
        },
        "Actions": {
            "LowAction": {"Notify": False, "EventAction": "NO_ACTION"},
            "MediumAction": {"Notify": True, "EventAction": "MFA_REQUIRED"},
            "HighAction": {"Notify": True, "EventAction": "BLOCK"},
        },
    },
}

LOGS: tuple[Parameters, ...] = tuple(
    {
        "LogLevel": level,
        "EventSource": source,
        "CloudWatchLogsConfiguration": {"LogGroupArn": log_group(EUROPE, "/tarnfell/cognito/partners")},
    }
    for source, level in (("userNotification", "ERROR"), ("userAuthEvents", "INFO"))
)

CLIENTS = (
    ClientSpec(
        name="partner-portal-web",
        sso_minutes=7 * 24 * 60,
        created="2023-06-05T09:12:44+00:00",
        modified="2026-05-20T12:40:31+00:00",
        settings={
            **SOUND_CLIENT,
            **validity(access_minutes=30, id_minutes=30, refresh_days=1),
            **rotation(0),
            **code_grant(
                ["https://partners.tarnfell.example/auth/callback"],
                logout=["https://partners.tarnfell.example/"],
                providers=["COGNITO", SAML, OIDC],
                scopes=SCOPES,
            ),
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "ReadAttributes": ["email", "email_verified", "name", "custom:partner_tier"],
            "WriteAttributes": ["email", "name"],
        },
    ),
    ClientSpec(
        name="partner-portal-server",
        created="2023-06-05T09:13:20+00:00",
        modified="2026-05-20T12:41:02+00:00",
        settings={
            **SOUND_CLIENT,
            **validity(access_minutes=30, id_minutes=30, refresh_days=1),
            **code_grant(
                ["https://partners.tarnfell.example/server/callback"],
                logout=["https://partners.tarnfell.example/server/signed-out"],
                providers=["COGNITO", SAML, OIDC],
                scopes=SCOPES,
            ),
            "GenerateSecret": True,
            "EnablePropagateAdditionalUserContextData": True,
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "ReadAttributes": ["email", "email_verified", "name", "custom:partner_tier"],
            "WriteAttributes": ["email", "name"],
        },
    ),
    ClientSpec(
        name="partner-order-import",
        secrets=("2024-01-15T15:00:08+00:00", "2026-02-17T10:05:31+00:00"),
        created="2024-01-15T15:00:08+00:00",
        modified="2025-12-01T10:22:49+00:00",
        settings={
            **SOUND_CLIENT,
            **validity(access_minutes=30, id_minutes=30, refresh_days=7),
            "GenerateSecret": True,
            "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "ReadAttributes": ["email", "custom:partner_tier"],
            "WriteAttributes": ["email"],
        },
    ),
    ClientSpec(
        name="partner-reporting",
        created="2024-09-30T08:45:57+00:00",
        modified="2024-09-30T08:45:57+00:00",
        settings={
            **SOUND_CLIENT,
            **validity(access_minutes=60, id_minutes=60, refresh_days=90),
            **code_grant(
                ["https://reports.partners.tarnfell.example/callback"],
                logout=["https://reports.partners.tarnfell.example/"],
                providers=[SAML],
                scopes=SCOPES,
            ),
            "GenerateSecret": True,
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "ReadAttributes": ["email", "name"],
            "WriteAttributes": ["email", "name"],
        },
    ),
)

PARTNERS = PoolSpec(
    region=EUROPE,
    name=NAME,
    created="2023-06-05T09:05:33+00:00",
    modified="2026-07-22T11:09:41+00:00",
    users=1_842,
    clients=CLIENTS,
    settings={
        "UserPoolTier": "PLUS",
        "UserPoolAddOns": {
            "AdvancedSecurityMode": "ENFORCED",
            "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "ENFORCED"},
        },
        "DeletionProtection": "ACTIVE",
        "Policies": {
            "PasswordPolicy": password_policy(14, temporary_days=1, history=12),
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "UsernameAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "AccountRecoverySetting": recovery("verified_email"),
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 1},
        "EmailConfiguration": ses(EUROPE, "Tarnfell Partners <partners@tarnfell.example>"),
        "LambdaConfig": {"PreSignUp": function(EUROPE, "partner-auth-pre-sign-up")},
        "Schema": [
            {"Name": "email", "AttributeDataType": "String", "Mutable": True, "Required": True},
            {
                "Name": "partner_tier",
                "AttributeDataType": "String",
                "Mutable": True,
                "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "16"},
            },
            {
                "Name": "role",
                "AttributeDataType": "String",
                "Mutable": True,
                "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "32"},
            },
        ],
        "KeyConfiguration": {
            "KeyType": "CUSTOMER_MANAGED_KEY",
            "KmsKeyArn": reference("key", "partners-user-pool"),
        },
        "UserPoolTags": tags("wholesale", "production", "CC-5210"),
    },
    mfa={"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}},
    domains=({"Domain": "tarnfell-partners", "ManagedLoginVersion": 2},),
    identity_providers=(ALPINE, RIDGELINE),
    log_delivery=LOGS,
    web_acl="partners-edge",
    risk=((None, RISK),),
    groups=(
        {
            "GroupName": "wholesale-buyers",
            "Description": "May place orders",
            "RoleArn": role("partner-uploads-buyer"),
            "Precedence": 10,
        },
        {
            "GroupName": "wholesale-readers",
            "Description": "May read price lists",
            "RoleArn": role("partner-uploads-reader"),
            "Precedence": 20,
        },
    ),
)
