"""The provisioned limits of Cognito's request categories, which moto does not have.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
"""

from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult

from demo.emulator.patching import add_operation
from demo.emulator.state import extra


@dataclass(frozen=True, slots=True)
class Category:
    """A category of requests: its requests per second and its code in Service Quotas."""

    name: str
    rps: int
    code: str
    is_adjustable: bool = False


CATEGORIES = (
    Category("UserAuthentication", 120, "L-026ADBA3", is_adjustable=True),
    Category("UserCreation", 50, "L-5987B8A0", is_adjustable=True),
    Category("UserFederation", 25, "L-BB3E7CCF", is_adjustable=True),
    Category("UserAccountRecovery", 30, "L-7D6E8ED3"),
    Category("UserRead", 120, "L-D6BD5178", is_adjustable=True),
    Category("UserUpdate", 25, "L-6621E65D"),
    Category("UserToken", 120, "L-F21F8BB4", is_adjustable=True),
    Category("UserResourceRead", 50, "L-55545DC8", is_adjustable=True),
    Category("UserResourceUpdate", 25, "L-574C86AE"),
    Category("UserList", 30, "L-259E3368"),
    Category("UserPoolRead", 15, "L-CFFBE34A"),
    Category("UserPoolUpdate", 15, "L-60A0B411"),
    Category("UserPoolResourceRead", 20, "L-A01C9633"),
    Category("UserPoolResourceUpdate", 15, "L-B7575496"),
    Category("UserPoolClientRead", 15, "L-A412573D"),
    Category("UserPoolClientUpdate", 15, "L-12C4D74A"),
    Category("ClientAuthentication", 150, "L-74D3DD04"),
)


def install() -> None:
    """Add the operations to moto."""
    add_operation(CognitoIdpResponse, get_provisioned_limit)
    add_operation(CognitoIdpResponse, update_provisioned_limit)


def get_provisioned_limit(self: Any) -> ActionResult:
    """Answer how many requests per second of a category the account has, and how many cost nothing."""
    definition = self.parameters["LimitDefinition"]
    category = _category(definition)
    provisioned = extra(self.backend, "limits").get(category.name, category.rps)
    return ActionResult(
        {
            "Limit": {
                "LimitDefinition": definition,
                "ProvisionedLimitValue": provisioned,
                "FreeLimitValue": category.rps,
            }
        }
    )


def update_provisioned_limit(self: Any) -> ActionResult:
    """Set how many requests per second of a category the account has, where it can be raised."""
    category = _category(self.parameters["LimitDefinition"])
    if not category.is_adjustable:
        raise JsonRESTError("InvalidParameterException", f"The limit of {category.name} cannot be changed.")
    extra(self.backend, "limits")[category.name] = self.parameters["RequestedLimitValue"]
    return get_provisioned_limit(self)


def _category(definition: dict[str, Any]) -> Category:
    wanted = definition["Attributes"].get("Category")
    for category in CATEGORIES:
        if category.name == wanted:
            return category
    raise JsonRESTError("InvalidParameterException", f"There is no category {wanted}.")
