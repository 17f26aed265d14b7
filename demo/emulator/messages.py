"""HTTP requests and answers as plain values."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.request import Request as MotoRequest

AMZ_JSON = "application/x-amz-json-1.1"


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


def json_answer(body: Any, *, status: int = 200, content_type: str = "application/json") -> Answer:
    """Return an answer whose body is JSON."""
    return Answer(status=status, body=json.dumps(body).encode(), headers={"Content-Type": content_type})


class ServerRequest(MotoRequest):
    """A request that came through a server, so that moto adds no Date header of its own."""

    from_wsgi_server = True


def environ_of(request: Request) -> dict[str, Any]:
    """Return a request as WSGI has it, which is how moto takes it."""
    host, _, port = request.headers.get("host", "127.0.0.1:80").partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "RAW_URI": f"{request.path}?{request.query}" if request.query else request.path,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "CONTENT_LENGTH": str(len(request.body)),
    }
    for name, value in request.headers.items():
        if name == "content-type":
            environ["CONTENT_TYPE"] = value
        elif name != "content-length":
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return environ
