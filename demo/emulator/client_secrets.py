"""The secrets of an app client, of which there may be two while one replaces the other."""

from typing import Any

from moto.cognitoidp import models
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from demo.emulator import ids
from demo.emulator.patching import add_operation, wrap
from demo.emulator.state import extra

LARGEST_NUMBER = 2


def install() -> None:
    """Add the operations to moto, and to its app clients the date of their first secret."""
    add_operation(CognitoIdpResponse, add_user_pool_client_secret)
    add_operation(CognitoIdpResponse, delete_user_pool_client_secret)
    add_operation(CognitoIdpResponse, list_user_pool_client_secrets)
    wrap(models.CognitoIdpBackend, "create_user_pool_client", _create)


def secrets_of(client: Any) -> dict[str, Any]:
    """Return when each secret of an app client was made, by its id."""
    return extra(client, "secrets")


def _create(original: Any, backend: Any, user_pool_id: str, generate_secret: Any, config: Any) -> Any:
    client = original(backend, user_pool_id, generate_secret, config)
    if client.generate_secret:
        _add(client)
    return client


def _add(client: Any) -> str:
    key = ids.next_of_name(client, "secret", client.id)
    secret_id = f"{client.id}--{ids.text_id(key, ids.LOWER, ids.CLIENT_ID_LENGTH)}"
    secrets_of(client)[secret_id] = utcnow()
    return secret_id


def list_user_pool_client_secrets(self: Any) -> ActionResult:
    """Answer the ids and dates of an app client's secrets; one page has them all."""
    found = [
        {"ClientSecretId": secret_id, "ClientSecretCreateDate": made}
        for secret_id, made in secrets_of(_client(self)).items()
    ]
    return ActionResult({"ClientSecrets": found})


def add_user_pool_client_secret(self: Any) -> ActionResult:
    """Add a second secret, whose value only this answer tells."""
    client = _client(self)
    if len(secrets_of(client)) >= LARGEST_NUMBER:
        raise JsonRESTError("LimitExceededException", "An app client has at most two secrets.")
    client.generate_secret = True
    secret_id = _add(client)
    value = self.parameters.get("ClientSecret") or ids.text_id(secret_id, ids.LOWER, ids.CLIENT_SECRET_LENGTH)
    made = secrets_of(client)[secret_id]
    descriptor = {"ClientSecretId": secret_id, "ClientSecretValue": value, "ClientSecretCreateDate": made}
    return ActionResult({"ClientSecretDescriptor": descriptor})


def delete_user_pool_client_secret(self: Any) -> EmptyResult:
    """Forget one secret, but not the last one."""
    secrets = secrets_of(_client(self))
    secret_id = self.parameters["ClientSecretId"]
    if secret_id not in secrets:
        raise JsonRESTError("ResourceNotFoundException", f"Client secret {secret_id} does not exist.")
    if len(secrets) == 1:
        raise JsonRESTError("InvalidParameterException", "An app client's last secret cannot be deleted.")
    del secrets[secret_id]
    return EmptyResult()


def _client(response: Any) -> Any:
    sent = response.parameters
    return response.backend.describe_user_pool_client(sent["UserPoolId"], sent["ClientId"])
