"""Who may assume a role, which moto never asks.

An account without any role lets everybody assume any, as moto does; its first role ends that.
"""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from moto.iam.models import iam_backends
from moto.sts import models as sts_models
from moto.sts.responses import TokenResponse
from moto.utilities.utils import get_partition

from demo.emulator.faults import query_error
from demo.emulator.patching import wrap

EXTERNAL_ID = "sts:ExternalId"


def install() -> None:
    """Patch moto's AssumeRole."""
    wrap(TokenResponse, "assume_role", _assume_role)


def _assume_role(original: Any, response: Any) -> Any:
    role_arn = str(response._get_param("RoleArn"))  # noqa: SLF001 - how moto's operations read parameters
    partition, account_id = get_partition(response.region), role_arn.split(":")[4]
    roles = iam_backends[account_id][partition].roles.values()
    backend = sts_models.sts_backends[response.current_account][partition]
    caller = backend.get_caller_identity(response.access_key, response.region)[1]
    sent = {EXTERNAL_ID: response._get_param("ExternalId")}  # noqa: SLF001 - as above
    if roles and not any(each.arn == role_arn and _trusts(each, caller, sent) for each in roles):
        message = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
        # moto knows no error of STS that its model does not name.
        answer = query_error("sts", HTTPStatus.FORBIDDEN, "AccessDenied", message)
        return answer.status, {**answer.headers, "status": answer.status}, answer.body.decode()
    return original(response)


def _trusts(role: Any, caller: str, sent: Mapping[str, str | None]) -> bool:
    statements = json.loads(role.assume_role_policy_document)["Statement"]
    return any(
        statement["Effect"] == "Allow"
        and not {"sts:AssumeRole", "sts:*", "*"}.isdisjoint(_listed(statement["Action"]))
        and _names(statement["Principal"], caller)
        and _holds(statement.get("Condition", {}), sent)
        for statement in _listed(statements)
    )


def _names(principal: Any, caller: str) -> bool:
    account_id = caller.split(":")[4]
    wanted = _listed(principal if isinstance(principal, str) else principal.get("AWS", []))
    root = caller.partition(":")[2].partition(":")[0]
    return not {"*", caller, account_id, f"arn:{root}:iam::{account_id}:root"}.isdisjoint(wanted)


def _holds(condition: Mapping[str, Any], sent: Mapping[str, str | None]) -> bool:
    """Compare what a call can send; conditions on anything else count as fulfilled."""
    return all(
        sent[key] in _listed(values)
        for operator in ("StringEquals", "StringLike")
        for key, values in condition.get(operator, {}).items()
        if key in sent
    )


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]
