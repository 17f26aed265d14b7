"""Policy documents of IAM and of functions, translated into statements.

What a document says of itself stays out of the errors: it may hold anything.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.answers import MalformedAnswerError
from records.iam import Condition, PolicyDocument, Statement

# Far beyond AWS's largest policy; what is longer is none.
_LONGEST_TEXT = 2**20
_EFFECTS = frozenset({"Allow", "Deny"})


def parse_policy_document(raw: Any) -> PolicyDocument:
    """Translate a policy, be it the structure that botocore decoded or a JSON text.

    Raises MalformedAnswerError where IAM would not take the document as a policy.
    """
    document = _decoded(raw) if isinstance(raw, str) else raw
    if not isinstance(document, Mapping):
        raise MalformedAnswerError("a policy is no object")
    statements = document.get("Statement")
    if isinstance(statements, Mapping):
        statements = [statements]
    if not isinstance(statements, list):
        raise MalformedAnswerError("a policy has no statements")
    return PolicyDocument(statements=tuple(_statement(each) for each in statements))


def _decoded(text: str) -> Any:
    if len(text) > _LONGEST_TEXT:
        raise MalformedAnswerError("a policy is longer than any of AWS's")
    try:
        # Numbers keep their own spelling: a condition compares texts.
        return json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise MalformedAnswerError("a policy is no JSON") from None


def _statement(raw: Any) -> Statement:
    if not isinstance(raw, Mapping):
        raise MalformedAnswerError("a statement of a policy is no object")
    sid, effect = raw.get("Sid"), raw.get("Effect")
    if sid is not None and not isinstance(sid, str):
        raise MalformedAnswerError("a statement's Sid is no text")
    if not isinstance(effect, str) or effect not in _EFFECTS:
        raise MalformedAnswerError("a statement neither allows nor denies")
    actions, not_actions = _either(raw, "Action", "NotAction")
    if not actions and not not_actions:
        raise MalformedAnswerError("a statement has no Action")
    resources, not_resources = _either(raw, "Resource", "NotResource")
    if "Principal" in raw and "NotPrincipal" in raw:
        raise MalformedAnswerError("a statement has both Principal and NotPrincipal")
    not_principals = _principals(raw, "NotPrincipal")
    if "NotPrincipal" in raw and not not_principals:
        raise MalformedAnswerError("a statement's NotPrincipal is empty")
    return Statement(
        sid=sid or None,
        effect=effect,
        principals=_principals(raw, "Principal"),
        not_principals=not_principals,
        actions=actions,
        not_actions=not_actions,
        resources=resources,
        not_resources=not_resources,
        conditions=tuple(_conditions(raw)),
    )


def _either(raw: Mapping[str, Any], name: str, opposite: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the texts of an element and of its opposite, of which a statement has one at most."""
    if name in raw and opposite in raw:
        raise MalformedAnswerError(f"a statement has both {name} and {opposite}")
    found: list[tuple[str, ...]] = []
    for each in (name, opposite):
        values = _texts(raw[each], each) if each in raw else ()
        # In a record an empty list would read as an element that is absent, which can mean the reverse.
        if each in raw and not values:
            raise MalformedAnswerError(f"a statement's {each} is empty")
        found.append(values)
    return found[0], found[1]


def _texts(value: Any, name: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in values):
        raise MalformedAnswerError(f"a statement's {name} has a member that is no text")
    return tuple(sorted(set(values)))


def _principals(raw: Mapping[str, Any], name: str) -> tuple[tuple[str, str], ...]:
    value = raw.get(name)
    if value is None:
        return ()
    if value == "*":
        return (("AWS", "*"),)
    if not isinstance(value, Mapping) or not all(isinstance(kind, str) for kind in value):
        raise MalformedAnswerError(f"a statement's {name} is neither * nor an object")
    return tuple(sorted((kind, text) for kind, texts in value.items() for text in _texts(texts, name)))


def _conditions(raw: Mapping[str, Any]) -> Iterator[Condition]:
    operators = raw.get("Condition")
    if operators is None:
        return
    if not isinstance(operators, Mapping):
        raise MalformedAnswerError("a statement's Condition is no object")
    for operator, keys in sorted(operators.items()):
        if not isinstance(keys, Mapping):
            raise MalformedAnswerError("a condition of a statement is no object")
        for key, values in sorted(keys.items()):
            many = values if isinstance(values, list) else [values]
            yield Condition(
                operator=operator, key=key, values=tuple(sorted({_scalar(each) for each in many}))
            )


def _scalar(value: Any) -> str:
    """Return a condition's value as the text that AWS compares."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise MalformedAnswerError("a condition has a value that is no text, number or boolean")
