"""AWS over a fake wire: real boto3 clients whose HTTP requests are answered from a script.

The answers pass through botocore's own parser and retries, which Stubber leaves out.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config


@dataclass(frozen=True)
class Refusal:
    """An error as the JSON 1.1 services send it."""

    code: str
    message: str = "refused"
    status: int = 400


# One session: loading the service models anew for each client takes most of a test's time.
_SESSION = boto3.Session(aws_access_key_id="key", aws_secret_access_key="none")

Reply = Mapping[str, Any] | Refusal | bytes


@dataclass
class Wire:
    """Replies by operation, taken in order; the last one is repeated. `requests` keeps what was asked."""

    replies: Mapping[str, list[Reply] | Callable[[dict[str, Any]], Reply]]
    # The HTTP status of replies that are bytes.
    status: int = 200
    calls: Counter[str] = field(default_factory=Counter)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def answer(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        body = json.loads(request.body or "{}") if isinstance(request.body, bytes | str) else {}
        self.requests.append((operation, body))
        script = self.replies[operation]
        turn = self.calls[operation]
        reply = script(body) if callable(script) else script[min(turn, len(script) - 1)]
        self.calls[operation] += 1
        return _response(request.url, reply, self.status)


def client(service: str, wire: Wire, *, attempts: int = 1, region: str = "eu-west-1") -> Any:
    """Return a boto3 client of `service` that talks over the wire alone."""
    made = _SESSION.client(
        service,  # type: ignore[call-overload]
        region_name=region,
        endpoint_url="http://127.0.0.1:9",
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}),
    )
    made.meta.events.register_first("before-send", wire.answer)
    return made


class _Body:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def stream(self, **_: Any) -> Any:
        yield self._data


def _response(url: str, reply: Reply, status: int) -> AWSResponse:
    headers = {"Content-Type": "application/x-amz-json-1.1"}
    if isinstance(reply, bytes):
        return AWSResponse(url, status, headers, _Body(reply))  # type: ignore[arg-type]
    if isinstance(reply, Refusal):
        body = {"__type": reply.code, "message": reply.message}
        return AWSResponse(url, reply.status, headers, _Body(json.dumps(body).encode()))  # type: ignore[arg-type]
    return AWSResponse(url, 200, headers, _Body(json.dumps(reply).encode()))  # type: ignore[arg-type]
