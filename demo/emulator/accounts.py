"""Which account a call belongs to, and who makes it."""

import re
from typing import Any

from moto.iam import models as iam_models
from moto.sts import models as sts_models
from moto.utilities.utils import get_partition

from demo.emulator.calls import Call
from demo.emulator.patching import wrap

DEFAULT_ACCOUNT = "123456789012"
# A user's name that reads well in an error message and in a report of who collected.
CALLER = "poolwatch-auditor"


def install() -> None:
    """Patch moto's STS, which calls everybody `user/moto`."""
    wrap(sts_models.STSBackend, "get_caller_identity", _get_caller_identity)


def _get_caller_identity(original: Any, backend: Any, access_key: str, region: str) -> tuple[str, str, str]:
    user_id, arn, account_id = original(backend, access_key, region)
    if arn.endswith(":user/moto"):
        user_id, arn = "AIDA4EXAMPLE4AUDITOR4", f"arn:{get_partition(region)}:iam::{account_id}:user/{CALLER}"
    return user_id, arn, account_id


def set_account(account_id: str) -> None:
    """Make this the account of all credentials that no AssumeRole gave out."""
    if not re.fullmatch(r"\d{12}", account_id):
        raise ValueError(f"An account id has 12 digits, not {account_id!r}")
    iam: Any = iam_models
    iam.DEFAULT_ACCOUNT_ID = account_id


def account_of(access_key: str) -> str:
    """Return the account that an access key belongs to."""
    account_id: str = iam_models.get_account_id_from(access_key)
    return account_id


def caller_arn(call: Call) -> str:
    """Return the ARN of the user or assumed role that makes a call."""
    account_id = account_of(call.access_key)
    backend = sts_models.sts_backends[account_id][get_partition(call.region)]
    arn: str = backend.get_caller_identity(call.access_key, call.region)[1]
    return arn


def resource_arn(call: Call) -> str:
    """Return the ARN that AWS names where it denies a call."""
    sent = call.parameters
    place = f"arn:{get_partition(call.region)}:{call.service}:{call.region}:{account_of(call.access_key)}"
    if call.service == "cognito-idp":
        return f"{place}:userpool/{sent.get('UserPoolId', '*')}"
    if call.service == "cognito-identity":
        return f"{place}:identitypool/{sent.get('IdentityPoolId', '*')}"
    if call.service == "lambda" and "FunctionName" in sent:
        return f"{place}:function:{sent['FunctionName'].rpartition(':')[2]}"
    if call.service == "iam" and "RoleName" in sent:
        return f"role {sent['RoleName']}"
    return next((str(sent[name]) for name in sorted(sent) if name.endswith(("Arn", "ARN"))), "*")
