"""A planned fix as JSON, and its calls as commands that can be pasted into any shell."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from poolwatch.exports.findings import verification_document
from poolwatch.exports.rules import remedy_document
from poolwatch.planning import Call, Edit, FixPlan

_SCHEMA_VERSION = 1
CANNOT_TELL = "cannot tell: sign-in events are not read yet"
_END = "END_OF_INPUT"
# Between the words of an operation's name.
_WORD = re.compile(r"(?<=.)(?=[A-Z])")


def fix_json(plan: FixPlan) -> str:
    """Return the document of `fix --format json`."""
    rule, pool = plan.rule, plan.user_pool
    verified = verification_document(plan.verification) if plan.verification else {}
    document = {
        "schema_version": _SCHEMA_VERSION,
        "generated_at": verified.get("generated_at"),
        "code": rule.code,
        "title": rule.title,
        "resource_arn": plan.resource.arn,
        "status": plan.status.value,
        "reasons": plan.reasons,
        "finding": verified.get("finding"),
        "before": verified.get("before"),
        "gaps": verified.get("gaps", []),
        "differences": [
            {
                "facet": each.facet.value,
                "resource_arn": each.resource_arn,
                "field": each.field,
                "stored": _plain(each.stored),
                "present": _plain(each.present),
            }
            for each in plan.differences
        ],
        "edits": [_edit_document(each) for each in plan.edits],
        "remedy": {
            **remedy_document(plan.remedy),
            "in_use": CANNOT_TELL if plan.remedy.removes else None,
        },
        "estimated_users": pool.estimated_users if pool else None,
        "plan": pool.tier if pool else None,
        "plan_needed": rule.plan_needed,
        "managed_by": (
            {"tool": plan.managed_by.tool.value, "tag": plan.managed_by.tag} if plan.managed_by else None
        ),
        "templates": [
            {
                "tool": each.tool.value,
                "resource": each.resource,
                "attribute": each.attribute,
                "value": each.value,
            }
            for each in plan.template_edits
        ],
        "calls": [
            {
                "service": each.service,
                "operation": each.operation.value,
                "region": each.region,
                "parameters": each.parameters,
                "command": command(each, rule.code),
            }
            for each in plan.calls
        ],
    }
    return f"{_dumped(document)}\n"


def command(call: Call, code: str) -> str:
    """Return the lines that write a call's input to a file and hand it to the AWS CLI.

    The shell expands nothing in them, whatever somebody has written into the settings.
    """
    operation = _WORD.sub("-", call.operation.value).lower()
    file = f"{operation}-{code.lower()}.json"
    aws = (
        "aws",
        call.service,
        operation,
        "--region",
        call.region,
        "--cli-input-json",
        f"file://{file}",
    )
    return f"cat > {shlex.quote(file)} <<'{_END}'\n{_dumped(call.parameters)}\n{_END}\n{shlex.join(aws)}\n"


def value_text(value: object) -> str:
    """Return a setting's value as JSON on one line; `not set` for none."""
    return "not set" if value is None else _escaped(json.dumps(value, ensure_ascii=True))


def _dumped(document: Mapping[str, Any]) -> str:
    return _escaped(json.dumps(document, indent=2, ensure_ascii=True))


def _escaped(text: str) -> str:
    # JSON has both in strings alone. An interactive shell may take "!" for its history in any place.
    return text.replace("!", "\\u0021").replace("\x7f", "\\u007f")


def _edit_document(edit: Edit) -> Mapping[str, object]:
    return {
        "operation": edit.operation.value,
        "path": ".".join(edit.path),
        "before": edit.before,
        "after": edit.after,
    }


def _plain(value: object) -> object:
    """Return a record's value as JSON's own kinds; what has none is told by its text."""
    match value:
        case None | str() | int() | float():
            return value
        case frozenset() | set():
            return sorted(map(str, value))
        case tuple() | list():
            return [_plain(each) for each in value]
        case _:
            return str(value)
