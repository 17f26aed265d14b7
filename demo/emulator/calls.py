"""The AWS call that an HTTP request makes."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from urllib.parse import parse_qs, unquote

from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

from demo.emulator.messages import Request, ServerRequest, environ_of
from demo.emulator.services import is_known, service_of

# The members that carry a page's token: Cognito's and most others', CloudWatch Logs' and API Gateway's.
TOKENS = ("NextToken", "PaginationToken", "nextToken", "position")


class Protocol(Enum):
    """How a call's members and its errors are written."""

    JSON = auto()
    REST_JSON = auto()
    QUERY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One signed API call, such as `cognito-idp:ListUserPools` in eu-west-1.

    `service` is boto3's name; `text` is all that was sent but the headers; a form's parameters are text.
    """

    service: str
    operation: str
    region: str
    access_key: str
    text: str
    protocol: Protocol
    parameters: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The call as `service:Operation`."""
        return f"{self.service}:{self.operation}"

    @property
    def is_json(self) -> bool:
        """Whether the answer is JSON."""
        return self.protocol is not Protocol.QUERY

    @property
    def token(self) -> str | None:
        """The token with which a list call asks for its next page."""
        return next((self.parameters[name] for name in TOKENS if self.parameters.get(name)), None)


_Found = tuple[Protocol, str, str, Mapping[str, Any]]


def call_of(request: Request) -> Call | None:
    """Return the API call that a request makes, or None where it carries no version 4 signature.

    None too for a REST API that only moto knows. The signature is not checked: any credentials will do.
    """
    # AWS4-HMAC-SHA256 Credential=KEY/20261123/eu-west-1/cognito-idp/aws4_request, SignedHeaders=...
    _, _, credential = request.headers.get("authorization", "").partition("Credential=")
    scope = credential.split(",")[0].split("/")
    if len(scope) != len(("key", "date", "region", "service", "aws4_request")):
        return None
    service = service_of(scope[3], request.path)
    found = _by_target(request) or _by_form(request) or _by_path(request, service)
    if found is None:
        return None
    protocol, operation, text, parameters = found
    return Call(
        service=service,
        operation=operation,
        region=scope[2],
        access_key=scope[0],
        text=text,
        protocol=protocol,
        parameters=parameters,
    )


def _by_target(request: Request) -> _Found | None:
    target = request.headers.get("x-amz-target", "")
    if not target:
        return None
    text = request.body.decode("utf-8", "replace")
    return Protocol.JSON, target.rpartition(".")[2], text, json.loads(text or "{}")


def _by_form(request: Request) -> _Found | None:
    body = unquote(request.body.decode("utf-8", "replace"))
    sent = {name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    return (Protocol.QUERY, sent["Action"], body, sent) if "Action" in sent else None


def _by_path(request: Request, service: str) -> _Found | None:
    if not is_known(service):
        return None
    try:
        operation, in_path = _router(service).match(ServerRequest(environ_of(request)))
    except (NotFound, NotImplementedError):
        return None
    body = request.body.decode("utf-8", "replace")
    in_body = json.loads(body) if body.startswith("{") else {}
    in_query = {name: values[-1] for name, values in parse_qs(request.query).items()}
    text = "\n".join((unquote(request.path), unquote(request.query), body))
    return Protocol.REST_JSON, operation.name, text, {**in_body, **in_query, **in_path}


@functools.cache
def _router(service: str) -> Any:
    return get_service_router(service)
