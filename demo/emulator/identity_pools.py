"""Identity pools: roles, the classic flow, paging and renaming, which moto lacks."""

import json
from typing import Any

from moto.cognitoidentity import models
from moto.cognitoidentity.responses import CognitoIdentityResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult

from demo.emulator import ids
from demo.emulator.patching import add_operation, wrap
from demo.emulator.state import extra

LARGEST_PAGE = 60
# moto keeps "" and [] for what was never set; AWS leaves the member out.
LEFT_OUT_WHEN_EMPTY = (
    "SupportedLoginProviders",
    "DeveloperProviderName",
    "OpenIdConnectProviderARNs",
    "CognitoIdentityProviders",
    "SamlProviderARNs",
)


def install() -> None:
    """Patch moto's identity pools."""
    add_operation(CognitoIdentityResponse, get_identity_pool_roles)
    add_operation(CognitoIdentityResponse, set_identity_pool_roles)
    add_operation(CognitoIdentityResponse, get_principal_tag_attribute_map)
    add_operation(CognitoIdentityResponse, set_principal_tag_attribute_map)
    wrap(CognitoIdentityResponse, "create_identity_pool", _create)
    wrap(CognitoIdentityResponse, "update_identity_pool", _update)
    wrap(CognitoIdentityResponse, "list_identity_pools", _list)
    wrap(models.CognitoIdentityBackend, "create_identity_pool", _create_in_backend)
    wrap(models.CognitoIdentityPool, "to_json", _to_json)


def get_identity_pool_roles(self: Any) -> ActionResult:
    """Answer the roles and role mappings; AWS leaves out what was never set."""
    pool = _pool(self)
    return ActionResult({"IdentityPoolId": pool.identity_pool_id, **extra(pool, "roles")})


def set_identity_pool_roles(self: Any) -> EmptyResult:
    """Replace both the roles and the role mappings."""
    roles = extra(_pool(self), "roles")
    sent = json.loads(self.body)
    roles.clear()
    roles.update({name: sent[name] for name in ("Roles", "RoleMappings") if sent.get(name)})
    return EmptyResult()


def get_principal_tag_attribute_map(self: Any) -> ActionResult:
    """Answer which claims of a provider become tags; that AWS answers so for one never set is assumed."""
    pool = _pool(self)
    provider = json.loads(self.body)["IdentityProviderName"]
    known = extra(pool, "principal_tags").get(provider, {"UseDefaults": False, "PrincipalTags": {}})
    named = {"IdentityPoolId": pool.identity_pool_id, "IdentityProviderName": provider}
    return ActionResult({**named, **known})


def set_principal_tag_attribute_map(self: Any) -> ActionResult:
    """Replace the claims of a provider that become tags; AWS's defaults are username and client."""
    sent = json.loads(self.body)
    tags = sent.get("PrincipalTags", {})
    if uses_defaults := sent.get("UseDefaults", False):
        tags = {"username": "sub", "client": "aud"}
    known = extra(_pool(self), "principal_tags")
    known[sent["IdentityProviderName"]] = {"UseDefaults": uses_defaults, "PrincipalTags": tags}
    return get_principal_tag_attribute_map(self)


def _pool(response: Any) -> Any:
    pool_id = json.loads(response.body)["IdentityPoolId"]
    try:
        return response.backend.identity_pools[pool_id]
    except KeyError:
        raise JsonRESTError("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found.") from None


def _create(original: Any, response: Any) -> str:
    pool_id = json.loads(original(response))["IdentityPoolId"]
    return _keep_classic_flow(response, pool_id)


def _create_in_backend(original: Any, backend: Any, identity_pool_name: str, **settings: Any) -> str:
    moto_id = json.loads(original(backend, identity_pool_name=identity_pool_name, **settings))[
        "IdentityPoolId"
    ]
    place = (backend.account_id, backend.region_name)
    key = ids.next_of_name(backend, "identity pool", *place, identity_pool_name)
    pool = backend.identity_pools.pop(moto_id)
    pool.identity_pool_id = f"{backend.region_name}:{ids.uuid_id(key)}"
    backend.identity_pools[pool.identity_pool_id] = pool
    identities = backend.pools_identities.pop(moto_id)
    backend.pools_identities[pool.identity_pool_id] = {**identities, "IdentityPoolId": pool.identity_pool_id}
    answer: str = pool.to_json()
    return answer


def _update(original: Any, response: Any) -> str:
    pool = _pool(response)
    original(response)
    pool.identity_pool_name = json.loads(response.body)["IdentityPoolName"]
    return _keep_classic_flow(response, pool.identity_pool_id)


def _keep_classic_flow(response: Any, pool_id: str) -> str:
    pool = response.backend.identity_pools[pool_id]
    extra(pool, "facts")["classic_flow"] = json.loads(response.body).get("AllowClassicFlow", False)
    answer: str = pool.to_json()
    return answer


def _to_json(original: Any, pool: Any) -> str:
    answer = json.loads(original(pool))
    answer.setdefault("AllowClassicFlow", extra(pool, "facts").get("classic_flow", False))
    for name in LEFT_OUT_WHEN_EMPTY:
        if not answer.get(name):
            answer.pop(name, None)
    return json.dumps(answer)


def _list(_original: Any, response: Any) -> ActionResult:
    sent = json.loads(response.body)
    size = sent.get("MaxResults", LARGEST_PAGE)
    if not 1 <= size <= LARGEST_PAGE:
        raise JsonRESTError("InvalidParameterException", f"MaxResults must be between 1 and {LARGEST_PAGE}.")
    pools = list(response.backend.identity_pools.values())
    start = _index_of(pools, sent["NextToken"]) if sent.get("NextToken") else 0
    page = pools[start : start + size]
    answer: dict[str, Any] = {
        "IdentityPools": [
            {"IdentityPoolId": pool.identity_pool_id, "IdentityPoolName": pool.identity_pool_name}
            for pool in page
        ]
    }
    if start + size < len(pools):
        answer["NextToken"] = pools[start + size].identity_pool_id
    return ActionResult(answer)


def _index_of(pools: list[Any], token: str) -> int:
    for index, pool in enumerate(pools):
        if pool.identity_pool_id == token:
            return index
    raise JsonRESTError("InvalidParameterException", "Invalid NextToken.")
