"""App clients and what hangs on their user pools: callbacks, tokens, protection, disuse."""

from typing import Any

from demo.clients import aws_client
from tests.account import REGION, Account

CODE_GRANT: dict[str, Any] = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "CallbackURLs": ["https://app.tarnfell.example/callback"],
    "SupportedIdentityProviders": ["COGNITO"],
}
BLOCK = {"EventAction": "BLOCK", "Notify": False}
LET_PASS = {"EventAction": "NO_ACTION", "Notify": False}


def make(account: Account) -> None:
    """Make every exhibit of this area."""
    callbacks_that_were_left_behind(account)
    a_machine_that_signs_in_users(account)
    leftovers(account)
    protection_that_an_app_client_undoes(account)
    protection_that_stops_nothing(account)
    plus_without_protection(account)
    an_empty_user_pool(account)
    sign_in_by_sms_code_alone(account)


def callbacks_that_were_left_behind(account: Account) -> None:
    """OAuth without a domain, to plain http, to names under others' services and to many hosts."""
    pool = account.user_pool("exhibit-callbacks")
    hosts = [f"https://tenant-{number}.tarnfell.example/callback" for number in range(12)]
    urls = ["http://app.tarnfell.example/callback", "https://tarnfell-beta.herokuapp.com/callback", *hosts]
    logouts = ["http://app.tarnfell.example/bye"]
    settings = {**CODE_GRANT, "CallbackURLs": urls, "LogoutURLs": logouts}
    account.app_client(pool, "left-behind", AuthSessionValidity=15, **settings)
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}
    account.app_client(pool, "slow-rotation", RefreshTokenRotation=rotation, **CODE_GRANT)


def a_machine_that_signs_in_users(account: Account) -> None:
    """Client credentials beside password flows, for a scope of a resource server that is gone."""
    pool = account.user_pool("exhibit-machines")
    idp = aws_client("cognito-idp", account.url, REGION)
    scope = {"ScopeName": "read", "ScopeDescription": "Read orders"}
    idp.create_resource_server(UserPoolId=pool, Identifier="orders", Name="orders", Scopes=[scope])
    account.app_client(
        pool,
        "nightly-job",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["orders/read"],
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )
    # As DeleteResourceServer leaves it, which the emulator does not have.
    account.controls.amend(
        operation="cognito-idp:ListResourceServers", resource=pool, merge={"ResourceServers": []}
    )


def leftovers(account: Account) -> None:
    """A scope that no app client lists, and a domain though no app client uses OAuth."""
    pool = account.user_pool("exhibit-leftovers", clients=1)
    idp = aws_client("cognito-idp", account.url, REGION)
    scope = {"ScopeName": "read", "ScopeDescription": "Read stock"}
    idp.create_resource_server(UserPoolId=pool, Identifier="stock", Name="stock", Scopes=[scope])
    idp.create_user_pool_domain(UserPoolId=pool, Domain="tarnfell-exhibit-idle")


def protection_that_an_app_client_undoes(account: Account) -> None:
    """The user pool blocks takeovers and leaked passwords; one app client's own settings let both pass."""
    pool = _protected_pool(account, "exhibit-undone")
    client = account.app_client(pool, "kiosk", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    _set_risk(account, pool, passwords="BLOCK", high=BLOCK)
    _set_risk(account, pool, passwords="NO_ACTION", high=LET_PASS, ClientId=client)


def protection_that_stops_nothing(account: Account) -> None:
    """Leaked passwords and likely takeovers pass, and sign-ins from a wide range are not looked at."""
    pool = _protected_pool(account, "exhibit-toothless")
    account.app_client(pool, "web", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    action = {"EventAction": "MFA_IF_CONFIGURED", "Notify": False}
    skipped = {"SkippedIPRangeList": ["10.0.0.0/8"]}
    _set_risk(account, pool, passwords="NO_ACTION", high=action, RiskExceptionConfiguration=skipped)


def plus_without_protection(account: Account) -> None:
    """The Plus plan with threat protection off."""
    account.user_pool("exhibit-plus", clients=1, UserPoolTier="PLUS")


def an_empty_user_pool(account: Account) -> None:
    """No users, no app clients."""
    pool = account.user_pool("exhibit-empty")
    account.controls.set_facts(user_pool=pool, estimated_users=0, created="2024-01-15T10:00:00+00:00")


def sign_in_by_sms_code_alone(account: Account) -> None:
    """A code by SMS is a first factor, and no second one is asked for."""
    sign_in = {"AllowedFirstAuthFactors": ["PASSWORD", "SMS_OTP"]}
    pool = account.user_pool("exhibit-sms-code", Policies={"SignInPolicy": sign_in})
    account.app_client(pool, "web", ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])


def _protected_pool(account: Account, name: str) -> str:
    enforced = {"AdvancedSecurityMode": "ENFORCED"}
    return account.user_pool(name, UserPoolTier="PLUS", UserPoolAddOns=enforced)


def _set_risk(account: Account, pool: str, *, passwords: str, high: dict[str, Any], **more: Any) -> None:
    aws_client("cognito-idp", account.url, REGION).set_risk_configuration(
        UserPoolId=pool,
        CompromisedCredentialsRiskConfiguration={"Actions": {"EventAction": passwords}},
        AccountTakeoverRiskConfiguration={"Actions": {"HighAction": high}},
        **more,
    )
