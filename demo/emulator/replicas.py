"""Replicas of a user pool in other regions, which moto does not have.

A replica is only listed: its region knows nothing of it, and it is active as soon as it is made.
"""

from typing import Any

from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult

from demo.emulator.pages import page_of
from demo.emulator.patching import add_operation
from demo.emulator.plans import need_essentials
from demo.emulator.state import extra

FEATURE = "Multi-Region replication"
# AWS's page size is not documented; two regions are what a test needs for two pages.
PAGE = 2


def install() -> None:
    """Add the operations to moto."""
    add_operation(CognitoIdpResponse, create_user_pool_replica)
    add_operation(CognitoIdpResponse, list_user_pool_replicas)


def list_user_pool_replicas(self: Any) -> ActionResult:
    """Answer a user pool and its replicas, nothing where it has none."""
    pool = self.backend.describe_user_pool(self.parameters["UserPoolId"])
    need_essentials(pool, FEATURE)
    replicas = list(extra(pool, "replicas").values())
    found = [_replica(pool, pool.region, "PRIMARY"), *replicas] if replicas else []
    page, token = page_of(found, self.parameters.get("NextToken"), PAGE, code="InvalidParameterException")
    return ActionResult({"UserPoolReplicas": page, "NextToken": token})


def create_user_pool_replica(self: Any) -> ActionResult:
    """Make a replica of a user pool in another region."""
    pool = self.backend.describe_user_pool(self.parameters["UserPoolId"])
    need_essentials(pool, FEATURE)
    region = self.parameters["RegionName"]
    replicas = extra(pool, "replicas")
    if region == pool.region or region in replicas:
        raise JsonRESTError("InvalidParameterException", f"The user pool is in {region} already.")
    replicas[region] = _replica(pool, region, "SECONDARY")
    return ActionResult({"UserPoolReplica": replicas[region]})


def _replica(pool: Any, region: str, role: str) -> dict[str, str]:
    arn = pool.arn.replace(f":{pool.region}:", f":{region}:")
    return {"RegionName": region, "Status": "ACTIVE", "Role": role, "UserPoolArn": arn}
