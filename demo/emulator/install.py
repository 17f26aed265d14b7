"""Extending moto, once in a process."""

import functools

from demo.emulator import (
    accounts,
    app_clients,
    client_secrets,
    domains,
    identity_pools,
    import_jobs,
    limits,
    log_delivery,
    mfa,
    moto_app,
    replicas,
    risk,
    sessions,
    trust,
    user_pools,
    wire,
)


@functools.cache
def install() -> None:
    """Patch moto with all that Cognito and STS lack; further calls do nothing.

    The other services are extended when they are loaded: see `demo.emulator.services`.
    """
    for extension in (
        accounts,
        trust,
        user_pools,
        domains,
        app_clients,
        client_secrets,
        mfa,
        risk,
        log_delivery,
        sessions,
        replicas,
        limits,
        import_jobs,
        identity_pools,
        moto_app,
        wire,
    ):
        extension.install()
