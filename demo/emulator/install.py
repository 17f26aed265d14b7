"""Extending moto, once in a process."""

import functools

from demo.emulator import (
    accounts,
    app_clients,
    domains,
    identity_pools,
    mfa,
    moto_app,
    risk,
    user_pools,
    wire,
)


@functools.cache
def install() -> None:
    """Patch moto with everything that it lacks; further calls do nothing."""
    for extension in (accounts, user_pools, domains, app_clients, mfa, risk, identity_pools, moto_app, wire):
        extension.install()
