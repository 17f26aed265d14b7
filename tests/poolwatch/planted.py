"""User pools in which the rules fail that nothing in the demo fails, and whose remedies make calls."""

from typing import Any

DEAD_SCOPE = "planted-dead-scope"
STRICT_RISK = {"Notify": False, "EventAction": "BLOCK"}
IF_CONFIGURED = {"Notify": False, "EventAction": "MFA_IF_CONFIGURED"}
ENFORCED = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}

# Nothing is there: it is their names alone that the settings need.
SMS_ROLE = "arn:aws:iam::123456789012:role/planted-sms"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0b5c3a52-6f3e-4a39-8d40-5d0b4d1f0c11"


def plant(idp: Any) -> None:
    """Make the user pools, with a client of Cognito's user pools."""
    _essentials(idp)
    _without_recovery(idp)
    _federated(idp)
    _plus(idp)
    _unverified(idp)
    _with_replica(idp)
    _with_one_factor(idp)
    _with_passkeys(idp)


def _pool(idp: Any, name: str, **settings: Any) -> str:
    pool_id: str = idp.create_user_pool(PoolName=name, **settings)["UserPool"]["Id"]
    return pool_id


def _client(idp: Any, pool_id: str, name: str, **settings: Any) -> str:
    made = idp.create_user_pool_client(UserPoolId=pool_id, ClientName=name, **settings)
    client_id: str = made["UserPoolClient"]["ClientId"]
    return client_id


def _essentials(idp: Any) -> None:
    pool_id = _pool(
        idp,
        "planted-essentials",
        Policies={
            "PasswordPolicy": {"MinimumLength": 6},
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "SMS_OTP"]},
        },
        AccountRecoverySetting={"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_phone_number"}]},
        DcrConfiguration={
            "EnableStatus": "Enabled",
            "OpenDcrEnabled": True,
            "OpenDcrGrantTypes": ["code", "client_credentials"],
        },
        UserPoolTags={"aws:cloudformation:stack-name": "planted", "owner": "tests"},
    )
    oauth = {"AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["code"]}
    _client(
        idp,
        pool_id,
        "planted-web",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=["https://planted.example/login"],
        SupportedIdentityProviders=["COGNITO"],
        **oauth,
    )
    _client(
        idp,
        pool_id,
        "planted-registrar",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"],
        AllowedOAuthScopes=["openid", "aws.cognito/dcr/register"],
        CallbackURLs=["https://planted.example/login"],
        SupportedIdentityProviders=["COGNITO"],
        AuthSessionValidity=15,
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 60},
        **oauth,
    )
    # AWS refuses every update of it that keeps the scope.
    _client(
        idp,
        pool_id,
        DEAD_SCOPE,
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"],
        AllowedOAuthScopes=["openid", "gone/read"],
        CallbackURLs=["https://planted.example/login"],
        SupportedIdentityProviders=["COGNITO"],
        **oauth,
    )
    scope = {"ScopeName": "read", "ScopeDescription": "Read"}
    idp.create_resource_server(UserPoolId=pool_id, Identifier="api", Name="api", Scopes=[scope])
    _client(
        idp,
        pool_id,
        "planted-machine",
        GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["api/read"],
    )


def _without_recovery(idp: Any) -> None:
    pool_id = _pool(idp, "planted-without-recovery", AccountRecoverySetting={})
    _client(idp, pool_id, "planted-app", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])


def _federated(idp: Any) -> None:
    pool_id = _pool(idp, "planted-federated", AutoVerifiedAttributes=["email"])
    idp.create_identity_provider(
        UserPoolId=pool_id,
        ProviderName="Partner",
        ProviderType="OIDC",
        ProviderDetails={"client_id": "shop", "oidc_issuer": "https://id.example.com"},
    )
    _client(
        idp,
        pool_id,
        "planted-federated-web",
        ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=["https://planted.example/login"],
        SupportedIdentityProviders=["Partner"],
    )


def _plus(idp: Any) -> None:
    for name, action, high in (
        ("planted-lax", "NO_ACTION", IF_CONFIGURED),
        ("planted-strict", "BLOCK", STRICT_RISK),
    ):
        pool_id = _pool(idp, name, **ENFORCED)
        client_id = _client(idp, pool_id, f"{name}-web", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
        risk = {
            "CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": action}},
            "AccountTakeoverRiskConfiguration": {"Actions": {"HighAction": high}},
        }
        idp.set_risk_configuration(UserPoolId=pool_id, **risk)
    some_events = _pool(idp, "planted-some-events", **ENFORCED)
    _client(idp, some_events, "planted-some-events-web", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    blocked = {"EventFilter": ["SIGN_IN"], "Actions": {"EventAction": "BLOCK"}}
    idp.set_risk_configuration(UserPoolId=some_events, CompromisedCredentialsRiskConfiguration=blocked)
    # The last one's app client lets more pass than its user pool.
    own = {"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "NO_ACTION"}}}
    idp.set_risk_configuration(UserPoolId=pool_id, ClientId=client_id, **own)


def _unverified(idp: Any) -> None:
    names = {"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["phone_number"]}
    pool_id = _pool(idp, "planted-unverified", **names)
    _client(idp, pool_id, "planted-unverified-app", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])


def _with_replica(idp: Any) -> None:
    pool_id = _pool(idp, "planted-with-replica", IssuerConfiguration={"Type": "ORIGINAL"})
    idp.create_user_pool_replica(UserPoolId=pool_id, RegionName="eu-central-1")


def _with_one_factor(idp: Any) -> None:
    """Make a user pool whose codes for new passwords and for MFA go to the same phone."""
    sms = {"SnsCallerArn": SMS_ROLE, "ExternalId": "planted", "SnsRegion": "eu-west-1"}
    own = {"SmsConfiguration": sms, "AccountRecoverySetting": {}}
    pool_id = _pool(idp, "planted-with-one-factor", **own)
    idp.set_user_pool_mfa_config(
        UserPoolId=pool_id, MfaConfiguration="OPTIONAL", SmsMfaConfiguration={"SmsConfiguration": sms}
    )
    _client(idp, pool_id, "planted-one-factor-app", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])


def _with_passkeys(idp: Any) -> None:
    """Make a user pool with codes that sign in alone, and passkeys of another domain that verify nobody."""
    factors = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]}
    pool_id = _pool(idp, "planted-with-passkeys", Policies={"SignInPolicy": factors})
    idp.set_user_pool_mfa_config(
        UserPoolId=pool_id,
        MfaConfiguration="OPTIONAL",
        SoftwareTokenMfaConfiguration={"Enabled": True},
        WebAuthnConfiguration={
            "RelyingPartyId": "planted.example",
            "UserVerification": "preferred",
            "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
        },
    )
    idp.create_user_pool_domain(
        UserPoolId=pool_id,
        Domain="auth.planted.example",
        CustomDomainConfig={"CertificateArn": CERTIFICATE},
    )
    _client(
        idp,
        pool_id,
        "planted-passkeys-web",
        ExplicitAuthFlows=["ALLOW_USER_AUTH"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=["https://planted.example/login"],
        SupportedIdentityProviders=["COGNITO"],
    )
