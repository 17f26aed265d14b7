"""Answers as AWS JSON 1.1, written straight from the service's model.

moto's serializer serves every protocol and looks each member up under many names; a user pool's
some 260 members take it more than 2 ms, most of what the server spends on a call.
"""

import functools
import json
from datetime import datetime
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.cognitoidentity.responses import CognitoIdentityResponse
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult

from demo.emulator.messages import AMZ_JSON
from demo.emulator.patching import wrap


def install() -> None:
    """Replace the serializer of moto's two Cognito services."""
    for responses in (CognitoIdentityResponse, CognitoIdpResponse):
        wrap(responses, "serialized", _serialized)


def _serialized(original: Any, response: Any, result: ActionResult) -> Any:
    if not isinstance(result.result, dict):  # an exception, or nothing at all
        return original(response, result)
    shape = _output_shape(response.service_name, response._get_action())  # noqa: SLF001 - how moto names the operation
    body = json.dumps(to_wire(shape, result.result))
    return 200, {**response.response_headers, "Content-Type": AMZ_JSON}, body


@functools.cache
def _output_shape(service: str, operation: str) -> Shape:
    shape: Shape = _service_model(service).operation_model(operation).output_shape
    return shape


@functools.cache
def _service_model(service: str) -> Any:
    return botocore.session.Session().get_service_model(service)


def to_wire(shape: Shape, value: Any) -> Any:
    """Return a value as JSON: the members that the shape knows and that are not None."""
    if isinstance(shape, StructureShape):
        return {
            name: to_wire(member, value[name])
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape):
        return [to_wire(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {name: to_wire(shape.value, item) for name, item in value.items()}
    if isinstance(value, datetime):
        return value.timestamp()
    return value
