"""GetLogDeliveryConfiguration and SetLogDeliveryConfiguration, which moto does not have."""

from typing import Any

from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult

from demo.emulator.patching import add_operation
from demo.emulator.plans import need_plus
from demo.emulator.state import extra


def install() -> None:
    """Add the operations to moto."""
    add_operation(CognitoIdpResponse, get_log_delivery_configuration)
    add_operation(CognitoIdpResponse, set_log_delivery_configuration)


def get_log_delivery_configuration(self: Any) -> ActionResult:
    """Answer where a user pool's logs go, an empty list where that was never set."""
    pool = self.backend.describe_user_pool(self.parameters["UserPoolId"])
    configurations = extra(pool, "log_delivery").get("LogConfigurations", [])
    return ActionResult(
        {"LogDeliveryConfiguration": {"UserPoolId": pool.id, "LogConfigurations": configurations}}
    )


def set_log_delivery_configuration(self: Any) -> ActionResult:
    """Replace where a user pool's logs go; user authentication events are the Plus plan's."""
    pool = self.backend.describe_user_pool(self.parameters["UserPoolId"])
    configurations = self.parameters["LogConfigurations"]
    if any(each["EventSource"] == "userAuthEvents" for each in configurations):
        need_plus(pool, "The export of user authentication events")
    extra(pool, "log_delivery")["LogConfigurations"] = configurations
    return get_log_delivery_configuration(self)
