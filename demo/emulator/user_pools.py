"""User pools as AWS answers them: ids, defaults, one truth for MFA, deletion protection."""

import copy
from types import SimpleNamespace
from typing import Any

from moto.cognitoidp import models
from moto.cognitoidp.exceptions import InvalidParameterException
from moto.core.utils import utcnow
from moto.utilities.utils import load_resource

from demo.emulator import ids
from demo.emulator.patching import fill, wrap
from demo.emulator.refusals import refuse_user_pool
from demo.emulator.state import extra

DEFAULTS: dict[str, Any] = {
    "AccountRecoverySetting": {
        "RecoveryMechanisms": [
            {"Priority": 1, "Name": "verified_email"},
            {"Priority": 2, "Name": "verified_phone_number"},
        ]
    },
    "DeletionProtection": "INACTIVE",
    "LambdaConfig": {},
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
    "UserPoolTags": {},
    "UserPoolTier": "ESSENTIALS",
}
SIGN_IN_DEFAULT = {"AllowedFirstAuthFactors": ["PASSWORD"]}

# Cognito does not fill these in for user pools that are older than the setting.
NEWER_THAN_OLD_POOLS = ("AccountRecoverySetting", "DeletionProtection", "UserPoolAddOns", "UserPoolTier")

# UpdateUserPool resets what is left out, MFA too, except what was fixed at creation.
FIXED_AT_CREATION = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")
# "If you omit this parameter, Amazon Cognito keeps the existing configuration" (UpdateUserPool).
KEPT_IF_LEFT_OUT = ("DcrConfiguration",)


def install() -> None:
    """Patch moto's user pools."""
    wrap(models.CognitoIdpBackend, "create_user_pool", _create)
    wrap(models.CognitoIdpBackend, "update_user_pool", _update)
    wrap(models.CognitoIdpBackend, "delete_user_pool", _delete)
    wrap(models.CognitoIdpUserPool, "to_json", _to_json)
    # Every user pool imports the same fixed key anew, at 0.14 s each.
    idp: Any = models
    key = idp.jwk.RSAKey.import_key(load_resource("cognitoidp/resources/jwks-private.json"))
    idp.jwk = SimpleNamespace(RSAKey=SimpleNamespace(import_key=lambda _: key))


def _create(original: Any, backend: Any, name: str, config: dict[str, Any]) -> Any:
    config = copy.deepcopy(config)
    custom = config.pop("Schema", None) or []
    pool = original(backend, name, config)
    _add_attributes(pool, custom)
    del backend.user_pools[pool.id]
    key = ids.next_of_name(backend, "user pool", backend.account_id, backend.region_name, name)
    pool.id = f"{pool.region}_{ids.text_id(key, ids.MIXED, ids.POOL_ID_LENGTH)}"
    pool.arn = pool.arn.rpartition("/")[0] + "/" + pool.id
    backend.user_pools[pool.id] = pool
    # MFA sent here and MFA set later live in two places in moto; only the later one is asked.
    pool.extended_config.pop("MfaConfiguration", None)
    sms = pool.extended_config.get("SmsConfiguration")
    if sms and pool.mfa_config != "OFF":
        pool.sms_mfa_config = {"SmsConfiguration": sms}
    return pool


def _add_attributes(pool: Any, schema: list[dict[str, Any]]) -> None:
    """Add the sent attributes to the standard ones; moto takes either the one or the other."""
    for item in schema:
        custom = item["Name"] not in models.CognitoIdpUserPoolAttribute.STANDARD_SCHEMA
        attribute = models.CognitoIdpUserPoolAttribute(item["Name"], custom, item)
        pool.schema_attributes[attribute.name] = attribute


def _update(original: Any, backend: Any, user_pool_id: str, config: dict[str, Any]) -> Any:
    pool = backend.describe_user_pool(user_pool_id)
    known = pool.extended_config
    kept = {name: known[name] for name in FIXED_AT_CREATION if name in known}
    sent = {name: value for name, value in config.items() if name not in {"UserPoolId", "PoolName"}}
    refuse_user_pool(pool, sent)
    for name in KEPT_IF_LEFT_OUT:
        if name in known:
            sent.setdefault(name, known[name])
    # Tags of AWS's own stay, whatever is sent.
    own = {key: value for key, value in (known.get("UserPoolTags") or {}).items() if key.startswith("aws:")}
    sent["UserPoolTags"] = {**own, **(sent.get("UserPoolTags") or {})}
    pool.mfa_config = sent.pop("MfaConfiguration", None) or "OFF"
    pool.name = config.get("PoolName") or pool.name
    result = original(backend, user_pool_id, {**sent, **kept})
    pool.last_modified_date = utcnow()
    extra(pool, "facts").pop("old_shape", None)
    return result


def _delete(original: Any, backend: Any, user_pool_id: str) -> Any:
    pool = backend.describe_user_pool(user_pool_id)
    if pool.extended_config.get("DeletionProtection") == "ACTIVE":
        raise InvalidParameterException(
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first."
        )
    return original(backend, user_pool_id)


def _to_json(original: Any, pool: Any, extended: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - moto's signature
    answer: dict[str, Any] = original(pool, extended)
    if not extended:
        return answer
    facts = extra(pool, "facts")
    answer["EstimatedNumberOfUsers"] = facts.get("estimated_users", answer["EstimatedNumberOfUsers"])
    if facts.get("old_shape"):
        for name in NEWER_THAN_OLD_POOLS:
            answer.pop(name, None)
        return fill(answer, {"LambdaConfig": {}, "UserPoolTags": {}})
    fill(answer, DEFAULTS)
    policies = answer["Policies"] = {**answer["Policies"]}
    fill(policies, {"SignInPolicy": SIGN_IN_DEFAULT})
    return answer
