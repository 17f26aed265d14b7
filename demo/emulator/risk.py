"""DescribeRiskConfiguration and SetRiskConfiguration, which moto does not have."""

from typing import Any

from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from demo.emulator.patching import add_operation
from demo.emulator.refusals import refuse_risk
from demo.emulator.state import extra


def install() -> None:
    """Add the operations to moto."""
    add_operation(CognitoIdpResponse, describe_risk_configuration)
    add_operation(CognitoIdpResponse, set_risk_configuration)


def describe_risk_configuration(self: Any) -> ActionResult:
    """Answer the configuration of a user pool, or of an app client: its own or else the user pool's.

    Empty where none was ever set; only an app client's own names it.
    """
    pool, client_id = _target(self)
    known = extra(pool, "risk")
    return ActionResult({"RiskConfiguration": known.get(client_id) or known.get(None, {})})


def set_risk_configuration(self: Any) -> ActionResult:
    """Replace the configuration of a user pool or app client."""
    pool, client_id = _target(self)
    refuse_risk(pool)
    sent = {name: value for name, value in self.parameters.items() if value is not None}
    extra(pool, "risk")[client_id] = {**sent, "LastModifiedDate": utcnow()}
    return describe_risk_configuration(self)


def _target(response: Any) -> tuple[Any, str | None]:
    sent = response.parameters
    pool = response.backend.describe_user_pool(sent["UserPoolId"])
    client_id = sent.get("ClientId")
    if client_id is not None:
        response.backend.describe_user_pool_client(pool.id, client_id)
    add_ons = pool.extended_config.get("UserPoolAddOns") or {}
    if add_ons.get("AdvancedSecurityMode", "OFF") == "OFF":
        raise JsonRESTError(
            "UserPoolAddOnNotEnabledException",
            f"Threat protection is not enabled for user pool {pool.id}.",
        )
    return pool, client_id
