"""moto, asked directly for the services that Poolwatch reads and through its own app for the others."""

import functools
import logging
from http import HTTPStatus
from typing import Any

from moto.core import responses as core_responses
from moto.core.utils import method_names_from_class
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from demo.emulator.calls import Call
from demo.emulator.faults import error_answer
from demo.emulator.messages import Answer, Request, ServerRequest, environ_of, json_answer
from demo.emulator.services import is_known, responses_of

log = logging.getLogger(__name__)


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
            # Flask's routing and CORS would cost time and add nothing.
            if call is None or not is_known(call.service):
                return self._through_flask(request)
            return _direct(request, call)
        except Exception:
            log.exception("%s failed", name)
            return error_answer(call, "server_error") if call else json_answer({"error": name}, status=500)

    def _through_flask(self, request: Request) -> Answer:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            started.extend((status, headers))

        parts = self._dispatcher(environ_of(request), start_response)
        try:
            body = b"".join(parts)
        finally:
            parts.close()
        status, headers = started
        return Answer(status=int(status.split()[0]), body=body, headers=dict(headers))


def _direct(request: Request, call: Call) -> Answer:
    try:
        status, headers, body = responses_of(call.service).dispatch(ServerRequest(environ_of(request)))
    except NotImplementedError:
        return error_answer(call, "unknown_operation")
    data = body.encode() if isinstance(body, str) else body
    if int(status) != HTTPStatus.OK and b'"InvalidToken"' in data:
        # moto's name for a bad paging token, in every service; Cognito has another.
        return error_answer(call, "invalid_token")
    return Answer(
        status=int(status), body=data, headers={name: str(value) for name, value in headers.items()}
    )
