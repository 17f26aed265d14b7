"""SMS through Amazon SNS: whether the account is still in the sandbox, which moto does not know."""

from typing import Any

from moto.core.responses import ActionResult
from moto.sns.responses import SNSResponse

from demo.emulator.patching import add_operation
from demo.emulator.state import extra


def install() -> None:
    """Add the operation to moto."""
    add_operation(SNSResponse, get_sms_sandbox_account_status)


def get_sms_sandbox_account_status(self: Any) -> ActionResult:
    """Answer whether the account is in the sandbox; it is until its facts take it out."""
    return ActionResult({"IsInSandbox": not extra(self.backend, "sms").get("is_in_production", False)})
