"""Session tracking of user pools and single sign-on sessions of app clients, which moto does not have."""

from typing import Any

from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult

from demo.emulator.patching import add_operation
from demo.emulator.plans import need_essentials
from demo.emulator.state import extra

FEATURE = "Session configuration"
# What AWS's API reference gives as defaults.
OF_USER_POOL = {"UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 20}}
OF_CLIENT = {"SSOSession": {"MaxValidityMinutes": 60}}


def install() -> None:
    """Add the operations to moto."""
    for operation in (
        get_user_pool_session_configuration,
        set_user_pool_session_configuration,
        get_user_pool_client_session_configuration,
        set_user_pool_client_session_configuration,
    ):
        add_operation(CognitoIdpResponse, operation)


def get_user_pool_session_configuration(self: Any) -> ActionResult:
    """Answer whether a user pool tracks its users' sessions."""
    pool = _pool(self)
    return ActionResult({"UserPoolId": pool.id, **OF_USER_POOL, **extra(pool, "session")})


def set_user_pool_session_configuration(self: Any) -> ActionResult:
    """Set whether a user pool tracks its users' sessions."""
    _keep(self, extra(_pool(self), "session"), OF_USER_POOL)
    return get_user_pool_session_configuration(self)


def get_user_pool_client_session_configuration(self: Any) -> ActionResult:
    """Answer how long an app client reuses a single sign-on session."""
    client = _client(self)
    named = {"UserPoolId": client.user_pool_id, "ClientId": client.id}
    return ActionResult({**named, **OF_CLIENT, **extra(client, "session")})


def set_user_pool_client_session_configuration(self: Any) -> ActionResult:
    """Set how long an app client reuses a single sign-on session."""
    _keep(self, extra(_client(self), "session"), OF_CLIENT)
    return get_user_pool_client_session_configuration(self)


def _keep(response: Any, kept: dict[str, Any], members: dict[str, Any]) -> None:
    kept.update({name: response.parameters[name] for name in members if response.parameters.get(name)})


def _pool(response: Any) -> Any:
    pool = response.backend.describe_user_pool(response.parameters["UserPoolId"])
    need_essentials(pool, FEATURE)
    return pool


def _client(response: Any) -> Any:
    pool = _pool(response)
    return response.backend.describe_user_pool_client(pool.id, response.parameters["ClientId"])
