"""Exhibits of the rules on how users sign in and up, on registration of app clients, and on intents."""

from typing import Any

from tests.exhibits.showing import REGION, Bench, exhibit

CODE_GRANT: dict[str, Any] = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "CallbackURLs": ["https://app.tarnfell.example/callback"],
}
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "one", "SnsRegion": REGION}
OLD = "2019-05-06T07:08:09+00:00"
PASSWORDS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def _client(bench: Bench, pool_id: str, name: str, **settings: Any) -> str:
    made = bench.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool_id, ClientName=name, **settings
    )
    client_id: str = made["UserPoolClient"]["ClientId"]
    return client_id


def _first_factors(*names: str) -> dict[str, Any]:
    return {"SignInPolicy": {"AllowedFirstAuthFactors": list(names)}}


def _registering(bench: Bench, name: str, **registration: Any) -> str:
    return bench.user_pool(name, DcrConfiguration={"EnableStatus": "Enabled", **registration})[0]


@exhibit(fails="APP011", passes="APP012 REG001")
def lets_anybody_register_app_clients(bench: Bench) -> str:
    """Make a user pool in which applications register by themselves, for users alone."""
    grants = {"OpenDcrEnabled": True, "OpenDcrGrantTypes": ["code"]}
    return _registering(bench, "lets_anybody_register_app_clients", **grants)


@exhibit(fails="APP011 APP012")
def lets_anybody_register_machines(bench: Bench) -> str:
    """Make a user pool in which applications register by themselves, for client credentials too."""
    grants = {"OpenDcrEnabled": True, "OpenDcrGrantTypes": ["code", "client_credentials"]}
    return _registering(bench, "lets_anybody_register_machines", **grants)


@exhibit(fails="REG002")
def registers_app_clients_for_its_users(bench: Bench) -> str:
    """Make an app client without a secret whose users get the scope that registers app clients."""
    return _registrar(bench, "registers_app_clients_for_its_users", secret=False)


@exhibit(passes="REG002")
def registers_app_clients_from_a_server(bench: Bench) -> str:
    """Make an app client with a secret that may register app clients."""
    return _registrar(bench, "registers_app_clients_from_a_server", secret=True)


def _registrar(bench: Bench, name: str, *, secret: bool) -> str:
    pool_id = _registering(bench, f"{name}-pool")
    client_id = _client(bench, pool_id, name, GenerateSecret=secret, **CODE_GRANT)
    # The emulator knows no such scope.
    scopes = {"AllowedOAuthScopes": ["openid", "aws.cognito/dcr/register"]}
    bench.amend("cognito-idp:DescribeUserPoolClient", client_id, UserPoolClient=scopes)
    return client_id


@exhibit(fails="REG003")
def was_registered_with_many_others(bench: Bench) -> str:
    """Make a user pool whose app clients all registered themselves."""
    pool_id = _registering(bench, "was_registered_with_many_others")
    for number in range(3):
        client_id = _client(bench, pool_id, f"registered-{number}")
        bench.amend("cognito-idp:DescribeUserPoolClient", client_id, UserPoolClient={"ClientType": "DCR"})
    return pool_id


@exhibit(fails="AUT011")
def forgets_old_passwords(bench: Bench) -> str:
    """Make a user pool that keeps no history of passwords."""
    return bench.user_pool("forgets_old_passwords")[0]


@exhibit(passes="AUT011")
def remembers_old_passwords(bench: Bench) -> str:
    """Make a user pool that keeps the last passwords."""
    policy = {"PasswordPolicy": {"MinimumLength": 12, "PasswordHistorySize": 24}}
    return bench.user_pool("remembers_old_passwords", Policies=policy)[0]


@exhibit(fails="FAC001")
def resets_passwords_where_codes_go(bench: Bench) -> str:
    """Make a user pool of older days whose second factor and whose reset of passwords are SMS."""
    pool_id, _ = bench.user_pool("resets_passwords_where_codes_go", SmsConfiguration=SMS)
    bench.client("cognito-idp").set_user_pool_mfa_config(
        UserPoolId=pool_id, MfaConfiguration="ON", SmsMfaConfiguration={"SmsConfiguration": SMS}
    )
    bench.omit("cognito-idp:DescribeUserPool", pool_id, "UserPool.AccountRecoverySetting")
    return pool_id


@exhibit(fails="FAC003")
def signs_in_by_email_code(bench: Bench) -> str:
    """Make a user pool in which a code by e-mail is enough."""
    factors = _first_factors("PASSWORD", "EMAIL_OTP")
    return bench.user_pool("signs_in_by_email_code", Policies=factors)[0]


@exhibit(fails="FAC004 FAC005")
def takes_passkeys_from_anybody(bench: Bench) -> str:
    """Make a user pool with passkeys as MFA that need no proof of the user and are of another domain."""
    pool_id, _ = bench.user_pool(
        "takes_passkeys_from_anybody", Policies=_first_factors("PASSWORD", "WEB_AUTHN")
    )
    grant = {**CODE_GRANT, "SupportedIdentityProviders": ["COGNITO"]}
    _client(bench, pool_id, "passkeys-web", ExplicitAuthFlows=["ALLOW_USER_AUTH"], **grant)
    passkeys = {
        "RelyingPartyId": "tarnfell-passkeys.auth.eu-west-1.amazoncognito.com",
        "UserVerification": "preferred",
        "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
    }
    bench.amend(
        "cognito-idp:GetUserPoolMfaConfig",
        pool_id,
        MfaConfiguration="ON",
        SoftwareTokenMfaConfiguration={"Enabled": True},
        WebAuthnConfiguration=passkeys,
    )
    bench.amend("cognito-idp:DescribeUserPool", pool_id, UserPool={"CustomDomain": "login.tarnfell.example"})
    return pool_id


@exhibit(fails="FLW003")
def has_taken_users_over_for_years(bench: Bench) -> str:
    """Make an old user pool that still takes users over from another directory."""
    return _migrating(bench, "has_taken_users_over_for_years", created=OLD)


@exhibit(passes="FLW003")
def takes_users_over_since_today(bench: Bench) -> str:
    """Make a new user pool that takes users over from another directory."""
    return _migrating(bench, "takes_users_over_since_today", created=None)


def _migrating(bench: Bench, name: str, *, created: str | None) -> str:
    migration = f"arn:aws:lambda:{REGION}:123456789012:function:migrate"
    pool_id, _ = bench.user_pool(name, LambdaConfig={"UserMigration": migration})
    _client(bench, pool_id, f"{name}-web", ExplicitAuthFlows=PASSWORDS)
    if created:
        bench.controls.set_facts(user_pool=pool_id, created=created)
    return pool_id


@exhibit(fails="RSK003")
def pays_for_protection_the_old_way(bench: Bench) -> str:
    """Make a user pool on Lite with threat protection, as some of older days have it."""
    pool_id, _ = bench.user_pool("pays_for_protection_the_old_way", UserPoolTier="LITE")
    add_ons = {"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}
    bench.amend("cognito-idp:DescribeUserPool", pool_id, UserPool=add_ons)
    return pool_id


@exhibit(passes="RSK003")
def is_on_lite_without_protection(bench: Bench) -> str:
    """Make a user pool on Lite."""
    return bench.user_pool("is_on_lite_without_protection", UserPoolTier="LITE")[0]


@exhibit(fails="SGN003")
def leaves_sign_up_open_beside_a_company(bench: Bench) -> str:
    """Make a user pool whose app client only names an identity provider, with sign-up open."""
    return _federated(bench, "leaves_sign_up_open_beside_a_company", is_open=True)


@exhibit(passes="SGN003")
def only_takes_users_of_a_company(bench: Bench) -> str:
    """Make a user pool whose app client only names an identity provider, with sign-up closed."""
    return _federated(bench, "only_takes_users_of_a_company", is_open=False)


def _federated(bench: Bench, name: str, *, is_open: bool) -> str:
    idp = bench.client("cognito-idp")
    pool_id: str = idp.create_user_pool(
        PoolName=name, AdminCreateUserConfig={"AllowAdminCreateUserOnly": not is_open}
    )["UserPool"]["Id"]
    details = {"MetadataURL": "https://sso.tarnfell.example/metadata"}
    idp.create_identity_provider(
        UserPoolId=pool_id, ProviderName="Company", ProviderType="SAML", ProviderDetails=details
    )
    grant = {**CODE_GRANT, "SupportedIdentityProviders": ["Company"]}
    _client(bench, pool_id, f"{name}-web", ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"], **grant)
    return pool_id


@exhibit(passes="USE004", does_not_apply="SGN004")
def is_meant_for_the_public(bench: Bench) -> str:
    """Make a user pool with open sign-up whose tag says so."""
    tags = {"poolwatch:intent": "public-sign-up"}
    return bench.user_pool("is_meant_for_the_public", UserPoolTags=tags)[0]


@exhibit(fails="USE004")
def is_not_what_its_tag_says(bench: Bench) -> str:
    """Make a user pool for users of its own whose tag says that it is federated only."""
    tags = {"poolwatch:intent": "federated-only"}
    return bench.user_pool("is_not_what_its_tag_says", UserPoolTags=tags)[0]


@exhibit(passes="THR002")
def protects_custom_authentication(bench: Bench) -> str:
    """Make a user pool with custom authentication, on which threat protection acts."""
    stages = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
    function = f"arn:aws:lambda:{REGION}:123456789012:function:challenge"
    add_ons = {
        "AdvancedSecurityMode": "ENFORCED",
        "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "ENFORCED"},
    }
    pool_id, _ = bench.user_pool(
        "protects_custom_authentication",
        UserPoolTier="PLUS",
        UserPoolAddOns=add_ons,
        LambdaConfig=dict.fromkeys(stages, function),
    )
    _client(bench, pool_id, "kiosk", ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH"])
    return pool_id


@exhibit(fails="TOK001 TOK003")
def signs_in_once_and_acts_as_the_user(bench: Bench) -> str:
    """Make an app client with a long single sign-on that may exchange tokens as if it were the user."""
    name = "signs_in_once_and_acts_as_the_user"
    pool_id, _ = bench.user_pool(f"{name}-pool")
    flows = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
    client_id = _client(bench, pool_id, name, ExplicitAuthFlows=flows, **CODE_GRANT)
    idp = bench.client("cognito-idp")
    idp.set_user_pool_session_configuration(
        UserPoolId=pool_id, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 5}
    )
    idp.set_user_pool_client_session_configuration(
        UserPoolId=pool_id, ClientId=client_id, SSOSession={"MaxValidityMinutes": 43_200}
    )
    exchange = {"ExplicitAuthFlows": [*flows, "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"]}
    bench.amend("cognito-idp:DescribeUserPoolClient", client_id, UserPoolClient=exchange)
    return client_id


@exhibit(fails="UPK001")
def has_a_replica_and_one_regions_issuer(bench: Bench) -> str:
    """Make a user pool with a replica whose tokens carry the original issuer."""
    pool_id, _ = bench.user_pool("has_a_replica_and_one_regions_issuer")
    bench.client("cognito-idp").create_user_pool_replica(UserPoolId=pool_id, RegionName="eu-central-1")
    bench.amend(
        "cognito-idp:DescribeUserPool", pool_id, UserPool={"IssuerConfiguration": {"Type": "ORIGINAL"}}
    )
    return pool_id
