"""An HTTP/1.1 server with kept-alive connections, one thread each.

Werkzeug's server closes every connection and then lingers on it for 10 ms, which would make it,
not the collector, the thing that a benchmark measures.
"""

import contextlib
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from demo.emulator.messages import Answer, Request

HOST = "127.0.0.1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet; else Nagle's algorithm holds the body back for 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    server: "LoopbackServer"

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = int(headers.get("content-length", 0))
        body = self.rfile.read(length)
        request = Request(method=self.command, path=path, query=query, headers=headers, body=body)
        answer = self.server.respond(request)
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        for name, value in answer.headers.items():
            if name.lower() not in {"connection", "content-length", "date", "status", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def handle_expect_100(self) -> bool:
        """Tell the client at once that it may send its body."""
        is_welcome = super().handle_expect_100()
        self.wfile.flush()
        return is_welcome

    do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = _serve  # noqa: N815 - http.server's names


class LoopbackServer(ThreadingHTTPServer):
    """A server on 127.0.0.1 alone; port 0 takes a free one."""

    request_queue_size = 128

    def __init__(self, port: int, respond: Callable[[Request], Answer]) -> None:
        self.respond = respond
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((HOST, port), _Handler)

    @property
    def url(self) -> str:
        """The server's base URL."""
        return f"http://{HOST}:{self.server_port}"

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection until its client closes it or the server stops."""
        with self._lock:
            self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over clients that hang up; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Stop listening and close the connections that clients keep alive."""
        self.shutdown()
        self.server_close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
