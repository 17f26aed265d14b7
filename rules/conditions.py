"""Conditions that rules of several families share: without them a rule does not apply."""

from records.user_pool import UserPool
from rules.engine import Context


def has_own_users(_pool: UserPool, ctx: Context) -> bool:
    """Whether the user pool signs in users of its own, beside those of outside identity providers."""
    return ctx.pool.allows_local_sign_in


def takes_passwords(pool: UserPool, ctx: Context) -> bool:
    """Whether the user pool's own users can sign in with a password."""
    return pool.allows_passwords and ctx.pool.allows_local_sign_in
