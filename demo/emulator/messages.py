"""HTTP requests and answers as plain values, and the AWS call that a request makes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

AMZ_JSON = "application/x-amz-json-1.1"
TOKENS = ("NextToken", "PaginationToken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request; the names of its headers are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One signed API call, such as `cognito-idp:ListUserPools` in eu-west-1."""

    service: str
    operation: str
    region: str
    access_key: str
    text: str
    is_json: bool

    @property
    def name(self) -> str:
        """The call's IAM action."""
        return f"{self.service}:{self.operation}"

    @property
    def parameters(self) -> dict[str, Any]:
        """The members that were sent; form fields come as text."""
        if self.is_json:
            sent: dict[str, Any] = json.loads(self.text or "{}")
            return sent
        return {name: values[-1] for name, values in parse_qs(self.text).items()}

    @property
    def token(self) -> str | None:
        """The token with which a list call asks for its next page."""
        sent = self.parameters
        return next((sent[name] for name in TOKENS if sent.get(name)), None)


def json_answer(body: Any, *, status: int = 200, content_type: str = "application/json") -> Answer:
    """Return an answer whose body is JSON."""
    return Answer(status=status, body=json.dumps(body).encode(), headers={"Content-Type": content_type})


def call_of(request: Request) -> Call | None:
    """Return the API call that a request makes, or None where it carries no version 4 signature.

    The signature itself is not checked: any credentials will do.
    """
    # AWS4-HMAC-SHA256 Credential=KEY/20261123/eu-west-1/cognito-idp/aws4_request, SignedHeaders=...
    _, _, credential = request.headers.get("authorization", "").partition("Credential=")
    scope = credential.split(",")[0].split("/")
    if len(scope) != len(("key", "date", "region", "service", "aws4_request")):
        return None
    target = request.headers.get("x-amz-target", "")
    text = request.body.decode("utf-8", "replace")
    operation = target.rpartition(".")[2] or parse_qs(text).get("Action", [""])[0]
    if not operation:
        return None
    return Call(
        service=scope[3],
        operation=operation,
        region=scope[2],
        access_key=scope[0],
        text=text,
        is_json=bool(target),
    )
