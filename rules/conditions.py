"""Conditions that rules of several families share: without them a rule does not apply."""

from records.snapshot import UserPoolSnapshot
from records.user_pool import UserPool
from rules.engine import Context
from rules.memory import remembered


def has_own_users(_pool: UserPool, ctx: Context) -> bool:
    """Whether the user pool signs in users of its own, beside those of outside identity providers."""
    return _has_own_users(ctx.pool)


def takes_passwords(pool: UserPool, ctx: Context) -> bool:
    """Whether the user pool's own users can sign in with a password."""
    return pool.allows_passwords and _has_own_users(ctx.pool)


# Many rules ask it of the same user pool, one after the other.
@remembered(1)
def _has_own_users(pool: UserPoolSnapshot) -> bool:
    return pool.allows_local_sign_in
