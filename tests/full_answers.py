"""Answers in which every member that AWS's model knows is set, with a canary in place of each secret."""

import dataclasses
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

CANARY = "canary-8f1d2c"
# Members that an answer of the real service has only instead of others, so that "everything set" leaves them.
ALTERNATIVES = {"SnsCallerArn", "SnsRegion"}


def _is_secret(name: str) -> bool:
    # A secret's id and its date are none.
    return name == "PreSignedUrl" or ("ecret" in name and not name.endswith("Id"))


def full(shape: Shape, name: str = "") -> Any:
    """Return an answer, as it comes over the wire, in which each member of the shape is set."""
    if isinstance(shape, StructureShape):
        return {key: full(member, key) for key, member in shape.members.items() if key not in ALTERNATIVES}
    if isinstance(shape, ListShape):
        return [full(shape.member, name)]
    if isinstance(shape, MapShape):
        keys = getattr(shape.key, "enum", None) or ["authenticated", "unauthenticated"]
        return {key: full(shape.value, key) for key in keys}
    if shape.type_name == "string":
        return CANARY if _is_secret(name) else (getattr(shape, "enum", None) or [f"{name}-value"])[0]
    return {"boolean": True, "integer": 7, "long": 7, "double": 7.5, "timestamp": 1_700_000_000}[
        shape.type_name
    ]


def full_answer(service: str, operation: str) -> dict[str, Any]:
    model = botocore.session.get_session().get_service_model(service)
    shape = model.operation_model(operation).output_shape
    assert shape is not None
    answer: dict[str, Any] = full(shape)
    return answer


def unset(record: Any, path: str = "") -> list[str]:
    """Return the paths of the members that are None or empty, down through nested records."""
    found: list[str] = []
    for field in dataclasses.fields(record):
        value, where = getattr(record, field.name), f"{path}{field.name}"
        if value is None or value in ((), frozenset()):
            found.append(where)
        for part in value if isinstance(value, tuple) else (value,):
            if dataclasses.is_dataclass(part):
                found += unset(part, f"{where}.")
    return found
