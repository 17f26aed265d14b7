"""What a resource of the company is described by: the parameters of the calls that make it."""

from dataclasses import dataclass
from typing import Any

# Production, and the account in which things are tried out.
ACCOUNT = "111122223333"
TRIALS = "444455556666"
EUROPE = "eu-west-1"
AMERICA = "us-east-1"
# Holds a replica and nothing else.
FRANKFURT = "eu-central-1"

Parameters = dict[str, Any]
# What a policy allows: actions by resource.
Rights = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class ClientSpec:
    """An app client: CreateUserPoolClient, and the dates that no API sets.

    `secrets` are the dates of its secrets where it has two; `sso_minutes` sets its single sign-on session.
    """

    name: str
    created: str
    modified: str
    settings: Parameters
    secrets: tuple[str, ...] = ()
    sso_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class PoolSpec:
    """A user pool with all that hangs on it; each field holds one call's parameters, without its id.

    In `risk`, the key is an app client's name, or None for the user pool's own configuration. `import_jobs`
    are (name, role, when it was made), `replicas` regions; `web_acl` is the name of one in the same region.
    Text that `reference` made stands for an id that the seeding fills in.
    """

    account: str = ACCOUNT
    region: str
    name: str
    created: str
    modified: str
    users: int
    settings: Parameters
    clients: tuple[ClientSpec, ...]
    mfa: Parameters | None = None
    domains: tuple[Parameters, ...] = ()
    identity_providers: tuple[Parameters, ...] = ()
    resource_servers: tuple[Parameters, ...] = ()
    groups: tuple[Parameters, ...] = ()
    risk: tuple[tuple[str | None, Parameters], ...] = ()
    log_delivery: tuple[Parameters, ...] = ()
    session: Parameters | None = None
    replicas: tuple[str, ...] = ()
    import_jobs: tuple[tuple[str, str, str], ...] = ()
    web_acl: str | None = None
    is_old_shape: bool = False


@dataclass(frozen=True, kw_only=True)
class ProviderSpec:
    """An app client that an identity pool trusts, with the mapping of its users to roles."""

    user_pool: str
    client: str
    checks_token: bool
    mapping: Parameters | None = None
    principal_tags: dict[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityPoolSpec:
    """An identity pool: CreateIdentityPool, its providers and SetIdentityPoolRoles."""

    account: str = ACCOUNT
    region: str
    settings: Parameters
    providers: tuple[ProviderSpec, ...]
    roles: dict[str, str]


def reference(kind: str, name: str) -> str:
    """Return what stands for the id or ARN of something until the seeding has made it."""
    return f"<{kind} {name}>"


def role(name: str, account: str = ACCOUNT) -> str:
    """Return the ARN of one of the company's IAM roles."""
    return f"arn:aws:iam::{account}:role/{name}"


def function(region: str, name: str, account: str = ACCOUNT) -> str:
    """Return the ARN of one of the company's Lambda functions."""
    return f"arn:aws:lambda:{region}:{account}:function:{name}"


def log_group(region: str, name: str, account: str = ACCOUNT) -> str:
    """Return the ARN of one of the company's log groups."""
    return f"arn:aws:logs:{region}:{account}:log-group:{name}"


def ses(
    region: str, sender: str, *, identity: str = "tarnfell.example", account: str = ACCOUNT
) -> Parameters:
    """Return the settings of e-mail that leaves through one of the company's own SES identities."""
    return {
        "SourceArn": f"arn:aws:ses:{region}:{account}:identity/{identity}",
        "ReplyToEmailAddress": "help@tarnfell.example",
        "EmailSendingAccount": "DEVELOPER",
        "From": sender,
        "ConfigurationSet": "cognito-events",
    }


def sms(region: str, name: str, external_id: str, account: str = ACCOUNT) -> Parameters:
    """Return the settings of SMS that leave through SNS."""
    caller = role(f"service-role/{name}", account)
    return {"SnsCallerArn": caller, "ExternalId": external_id, "SnsRegion": region}


def password_policy(
    length: int, *, temporary_days: int, history: int = 0, classes: bool = True
) -> Parameters:
    """Return a password policy that asks for all four classes of characters or for none."""
    policy: Parameters = {
        "MinimumLength": length,
        "RequireUppercase": classes,
        "RequireLowercase": classes,
        "RequireNumbers": classes,
        "RequireSymbols": classes,
        "TemporaryPasswordValidityDays": temporary_days,
    }
    return {**policy, "PasswordHistorySize": history} if history else policy


def recovery(*names: str) -> Parameters:
    """Return an account recovery setting with these mechanisms, the preferred one first."""
    mechanisms = [{"Priority": place, "Name": name} for place, name in enumerate(names, start=1)]
    return {"RecoveryMechanisms": mechanisms}


def tags(owner: str, environment: str, cost_centre: str) -> dict[str, str]:
    """Return the tags that the company's resources carry."""
    return {"owner": owner, "environment": environment, "cost-centre": cost_centre, "managed-by": "terraform"}


def validity(*, access_minutes: int, id_minutes: int, refresh_days: int) -> Parameters:
    """Return the token lifetimes of an app client, with their units."""
    return {
        "AccessTokenValidity": access_minutes,
        "IdTokenValidity": id_minutes,
        "RefreshTokenValidity": refresh_days,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
    }


def rotation(grace_seconds: int) -> Parameters:
    """Return the setting of an app client that renews its refresh token at every use."""
    return {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace_seconds}}


def code_grant(
    callbacks: list[str], *, logout: list[str], providers: list[str], scopes: list[str]
) -> Parameters:
    """Return the OAuth settings of an app client that uses the authorization code grant."""
    return {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": scopes,
        "CallbackURLs": callbacks,
        "LogoutURLs": logout,
        "DefaultRedirectURI": callbacks[0],
        "SupportedIdentityProviders": providers,
    }


# What every app client of a careful team has.
SOUND_CLIENT: Parameters = {
    "PreventUserExistenceErrors": "ENABLED",
    "EnableTokenRevocation": True,
    "EnablePropagateAdditionalUserContextData": False,
    "AuthSessionValidity": 3,
}
