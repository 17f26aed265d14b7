"""Conditions that rules of several families share: without them a rule does not apply."""

from records.app_client import AppClient
from records.intent import Intent
from records.snapshot import UserPoolSnapshot
from records.user_pool import UserPool
from rules.engine import Context
from rules.memory import remembered

_NO_OWN_USERS = frozenset({Intent.FEDERATED_ONLY, Intent.MACHINE_TO_MACHINE})
# By these nobody signs in: they go on from a token, or serve the app client itself.
_FLOWS_WITHOUT_SIGN_IN = frozenset(
    {
        "ALLOW_CLIENT_TOKEN_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_TOKEN_EXCHANGE_DELEGATION",
        "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
    }
)


def has_own_users(pool: UserPool, ctx: Context) -> bool:
    """Whether the user pool signs in users of its own, beside those of outside identity providers.

    Self sign-up alone proves it, but not where the user pool is declared to have no such users: then an app
    client, or one that anybody may register, has to let them in.
    """
    if ctx.intents & _NO_OWN_USERS and pool.open_registration is None:
        return ctx.pool.has_app_client(_lets_own_users_in) and _has_own_users(ctx.pool)
    return _has_own_users(ctx.pool)


def takes_passwords(pool: UserPool, ctx: Context) -> bool:
    """Whether the user pool's own users can sign in with a password."""
    return pool.allows_passwords and has_own_users(pool, ctx)


def has_second_factors(pool: UserPool, ctx: Context) -> bool:
    """Whether MFA is on, or optional, for users who sign in with a password."""
    return takes_passwords(pool, ctx) and ctx.pool.mfa.value.mode != "OFF"


def surely_chooses_no_factor(pool: UserPool, ctx: Context) -> bool:
    """Whether no app client lets users choose their first factor; what was not read may be one that does."""
    settings = [client.settings for client in ctx.pool.clients]
    return (
        pool.open_registration is None
        and ctx.pool.client_list.gap is None
        and all(each.gap is None for each in settings)
        and not any("ALLOW_USER_AUTH" in each.value.auth_flows for each in settings)
    )


# Many rules ask it of the same user pool, one after the other.
@remembered(1)
def _has_own_users(pool: UserPoolSnapshot) -> bool:
    return pool.allows_local_sign_in


def _lets_own_users_in(client: AppClient) -> bool:
    """Whether users of the user pool's own get in by the SDK, whatever its providers, or by managed login."""
    return bool(client.auth_flows - _FLOWS_WITHOUT_SIGN_IN) or (
        client.signs_in_locally and bool(client.active_oauth_flows)
    )
