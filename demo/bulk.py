"""Many user pools of mixed settings, written straight into the emulator's state, for benchmarks.

Prowler's published runs used the same proportions: thirds and halves of good and bad. What hangs on the
pools beside app clients is rarer: see `demo.bulk_parts`.
"""

from typing import Any

from moto.cognitoidentity.models import cognitoidentity_backends
from moto.cognitoidp.models import cognitoidp_backends
from moto.core.utils import utcnow

from demo.bulk_parts import Parts
from demo.emulator import install
from demo.emulator.accounts import set_account
from demo.emulator.state import extra

ACCOUNT = "111122223333"
REGION = "eu-west-1"

TIERS = ("LITE", "ESSENTIALS", "PLUS")


def seed(*, user_pools: int, clients_per_user_pool: int, identity_pools: int, region: str = REGION) -> None:
    """Fill one region of the account, within this process."""
    install()
    set_account(ACCOUNT)
    idp = cognitoidp_backends[ACCOUNT][region]
    parts = Parts(ACCOUNT, region)
    pools = [_user_pool(idp, index, parts.triggers(index)) for index in range(user_pools)]
    for index, pool in enumerate(pools):
        parts.of_user_pool(idp, pool, index)
        for client in range(clients_per_user_pool):
            _app_client(idp, pool, index + client)
    identity = cognitoidentity_backends[ACCOUNT][region]
    for index in range(identity_pools):
        _identity_pool(identity, pools[index % len(pools)] if pools else None, index, parts)


def _user_pool(backend: Any, index: int, triggers: dict[str, Any]) -> Any:
    is_good = index % 2 == 0
    tier = TIERS[index % 3]
    settings: dict[str, Any] = {
        "UserPoolTier": tier,
        "DeletionProtection": "ACTIVE" if is_good else "INACTIVE",
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": (14, 8)[index % 2],
                "RequireUppercase": is_good,
                "RequireLowercase": index % 3 > 0,
                "RequireNumbers": index % 4 > 0,
                "RequireSymbols": is_good,
                "TemporaryPasswordValidityDays": (3, 7, 30)[index % 3],
            }
        },
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": index % 4 == 0},
        "UsernameConfiguration": {"CaseSensitive": not is_good},
        "UserPoolTags": {"owner": f"team-{index % 7}"} if is_good else {},
        "LambdaConfig": triggers,
    }
    if tier == "PLUS":
        mode = "ENFORCED" if is_good else "AUDIT"
        settings["UserPoolAddOns"] = {"AdvancedSecurityMode": mode}
    pool = backend.create_user_pool(f"bulk-{index:05}", settings)
    totp = {"Enabled": True}
    mfa = ("ON", "OPTIONAL", "OFF", "OFF")[index % 4]
    backend.set_user_pool_mfa_config(pool.id, None, None if mfa == "OFF" else totp, mfa)
    if tier == "PLUS":
        extra(pool, "risk")[None] = {
            "UserPoolId": pool.id,
            "CompromisedCredentialsRiskConfiguration": {
                "EventFilter": ["SIGN_IN"],
                "Actions": {"EventAction": "BLOCK" if is_good else "NO_ACTION"},
            },
            "LastModifiedDate": utcnow(),
        }
    return pool


def _app_client(backend: Any, pool: Any, index: int) -> None:
    is_good = index % 2 == 0
    flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    settings = {
        "ClientName": f"client-{index % 3}",
        "ExplicitAuthFlows": flows if is_good else [*flows, "ALLOW_USER_PASSWORD_AUTH"],
        "PreventUserExistenceErrors": "ENABLED" if index % 4 == 0 else "LEGACY",
        "EnableTokenRevocation": index % 3 > 0,
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"] if is_good else ["code", "implicit"],
        "AllowedOAuthScopes": ["openid", "email"],
        "CallbackURLs": ["https://app.example.org/callback"],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    backend.create_user_pool_client(pool.id, index % 3 == 0, settings)


def _identity_pool(backend: Any, user_pool: Any, index: int, parts: Parts) -> None:
    providers = []
    if user_pool is not None and user_pool.clients:
        name = f"cognito-idp.{backend.region_name}.amazonaws.com/{user_pool.id}"
        client_id = next(iter(user_pool.clients))
        check = index % 2 == 0
        providers = [{"ProviderName": name, "ClientId": client_id, "ServerSideTokenCheck": check}]
    is_guest = index % 2 == 1
    backend.create_identity_pool(
        identity_pool_name=f"bulk_{index:05}",
        allow_unauthenticated_identities=is_guest,
        supported_login_providers={},
        developer_provider_name="",
        open_id_connect_provider_arns=[],
        cognito_identity_providers=providers,
        saml_provider_arns=[],
        tags={},
    )
    pool = next(reversed(backend.identity_pools.values()))
    extra(pool, "facts")["classic_flow"] = index % 3 == 0
    trust = _trust(pool.identity_pool_id, "authenticated")
    roles = {"authenticated": parts.role(f"bulk-{index:05}-authenticated", trust, is_broad=index % 5 == 0)}
    if is_guest:
        trust = _trust(pool.identity_pool_id, "unauthenticated")
        roles["unauthenticated"] = parts.role(f"bulk-{index:05}-guest", trust)
    extra(pool, "roles")["Roles"] = roles


def _trust(identity_pool_id: str, amr: str) -> dict[str, Any]:
    return {
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool_id},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr},
        },
    }
