"""moto, asked directly for the services that Poolwatch reads and through its own app for the others."""

import functools
import io
import logging
from http import HTTPStatus
from typing import Any

from moto.cognitoidentity.responses import CognitoIdentityResponse
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core import responses as core_responses
from moto.core.request import Request as MotoRequest
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sts.responses import TokenResponse

from demo.emulator.faults import error_answer
from demo.emulator.messages import Answer, Call, Request, json_answer

log = logging.getLogger(__name__)

# Flask's routing and CORS between would cost time and add nothing.
DIRECT = {
    "cognito-identity": CognitoIdentityResponse,
    "cognito-idp": CognitoIdpResponse,
    "sts": TokenResponse,
}


class ServerRequest(MotoRequest):
    """A request that came through a server, so that moto adds no Date header of its own."""

    from_wsgi_server = True


def install() -> None:
    """Make moto look up a service's methods once, not at every request."""
    core: Any = core_responses
    core.method_names_from_class = functools.cache(method_names_from_class)


class MotoApp:
    """Answers requests from moto's state."""

    def __init__(self) -> None:
        self._dispatcher = DomainDispatcherApplication(create_backend_app)

    def answer(self, request: Request, call: Call | None) -> Answer:
        """Answer one request; where moto or our extension of it breaks, as AWS does when it breaks."""
        name = call.name if call else f"{request.method} {request.path}"
        try:
            if call is None or call.service not in DIRECT:
                return self._through_flask(request)
            return _direct(request, call)
        except Exception:
            log.exception("%s failed", name)
            return error_answer(call, "server_error") if call else json_answer({"error": name}, status=500)

    def _through_flask(self, request: Request) -> Answer:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            started.extend((status, headers))

        parts = self._dispatcher(_environ(request), start_response)
        try:
            body = b"".join(parts)
        finally:
            parts.close()
        status, headers = started
        return Answer(status=int(status.split()[0]), body=body, headers=dict(headers))


def _direct(request: Request, call: Call) -> Answer:
    try:
        status, headers, body = DIRECT[call.service].dispatch(ServerRequest(_environ(request)))
    except NotImplementedError:
        return error_answer(call, "unknown_operation")
    data = body.encode() if isinstance(body, str) else body
    if int(status) != HTTPStatus.OK and b'"InvalidToken"' in data:
        # moto's name for a bad paging token, in every service; Cognito has another.
        return error_answer(call, "invalid_token")
    return Answer(
        status=int(status), body=data, headers={name: str(value) for name, value in headers.items()}
    )


def _environ(request: Request) -> dict[str, Any]:
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
