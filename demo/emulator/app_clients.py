"""App clients and identity providers: AWS-like ids and secrets, and the dates that moto leaves out."""

import copy
from typing import Any

from moto.cognitoidp import models
from moto.core.utils import utcnow

from demo.emulator import ids
from demo.emulator.patching import fill, wrap
from demo.emulator.refusals import refuse_client
from demo.emulator.state import extra

# What moto gives a new app client, and an update resets what is left out to.
DEFAULTS: dict[str, Any] = {
    "AllowedOAuthFlowsUserPoolClient": False,
    "AuthSessionValidity": 3,
    "EnablePropagateAdditionalUserContextData": False,
    "EnableTokenRevocation": True,
    "RefreshTokenValidity": 30,
}


def install() -> None:
    """Patch moto's app clients and identity providers."""
    wrap(models.CognitoIdpBackend, "create_user_pool_client", _create)
    wrap(models.CognitoIdpBackend, "update_user_pool_client", _update)
    wrap(models.CognitoIdpBackend, "create_identity_provider", _create_identity_provider)
    wrap(models.CognitoIdpUserPoolClient, "to_json", _to_json)


def _create(
    original: Any,
    backend: Any,
    user_pool_id: str,
    generate_secret: bool,  # noqa: FBT001 - moto's signature
    config: dict[str, Any],
) -> Any:
    sent = {name: value for name, value in config.items() if name not in {"UserPoolId", "GenerateSecret"}}
    client = original(backend, user_pool_id, generate_secret, copy.deepcopy(sent))
    pool = backend.describe_user_pool(user_pool_id)
    del pool.clients[client.id]
    key = ids.next_of_name(pool, "app client", pool.arn, sent["ClientName"])
    client.id = ids.text_id(key, ids.LOWER, ids.CLIENT_ID_LENGTH)
    client.secret = ids.text_id(f"{key}/secret", ids.LOWER, ids.CLIENT_SECRET_LENGTH)
    now = utcnow()
    extra(client, "facts").update(created=now, modified=now)
    pool.clients[client.id] = client
    return client


def _update(original: Any, backend: Any, user_pool_id: str, client_id: str, config: dict[str, Any]) -> Any:
    """Replace the settings; moto only adds to them. That AWS keeps a name that is left out is assumed."""
    pool = backend.describe_user_pool(user_pool_id)
    client = backend.describe_user_pool_client(user_pool_id, client_id)
    refuse_client(pool, client, config)
    kept = {name: value for name, value in client.extended_config.items() if name == "ClientName"}
    client.extended_config.clear()
    original(backend, user_pool_id, client_id, {**DEFAULTS, **kept, **copy.deepcopy(config)})
    extra(client, "facts")["modified"] = utcnow()
    return client


def _to_json(original: Any, client: Any, extended: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - moto's signature
    answer: dict[str, Any] = original(client, extended)
    facts = extra(client, "facts")
    return fill(answer, {"CreationDate": facts.get("created"), "LastModifiedDate": facts.get("modified")})


def _create_identity_provider(
    original: Any, backend: Any, user_pool_id: str, name: str, config: dict[str, Any]
) -> Any:
    provider = original(backend, user_pool_id, name, config)
    provider.extended_config["UserPoolId"] = user_pool_id
    return provider
