"""SMS through Amazon SNS: the account's sandbox, which moto does not know, and its settings by name."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.sns.responses import SNSResponse

from demo.emulator.patching import add_operation, wrap
from demo.emulator.state import extra

_ASKED = "attributes.member."


def install() -> None:
    """Add the operation to moto, and mend the other one."""
    add_operation(SNSResponse, get_sms_sandbox_account_status)
    wrap(SNSResponse, "get_sms_attributes", _get_sms_attributes)


def get_sms_sandbox_account_status(self: Any) -> ActionResult:
    """Answer whether the account is in the sandbox; it is until its facts take it out."""
    return ActionResult({"IsInSandbox": not extra(self.backend, "sms").get("is_in_production", False)})


def _get_sms_attributes(_original: Callable[..., Any], self: Any) -> ActionResult:
    """Answer all the settings that are asked for, where moto answers the first alone."""
    asked = {values[0] for name, values in self.querystring.items() if name.startswith(_ASKED)}
    return ActionResult({"attributes": self.backend.get_sms_attributes(asked)})
