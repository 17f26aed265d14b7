"""What stands between the network and the pages: the listening address, security headers, blocked paths."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit's own inline start-up script is refused by this, and nothing is missing without it.
_DIRECTIVES = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "object-src 'none'",
    "form-action 'self'",
)
CONTENT_SECURITY_POLICY = "; ".join(_DIRECTIVES)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Answers without any sign-in with the names of functions and their use.
BLOCKED_PATHS = frozenset({"/_stcore/metrics", "/_stcore/metrics/"})

REFUSAL = (
    "Poolwatch refuses to listen on {address}: sign-in is not built yet, so anybody who can reach\n"
    "that address would see every finding. Leave server.address at 127.0.0.1 (take away what names another:\n"
    "--server.address or STREAMLIT_SERVER_ADDRESS), and reach it from elsewhere through an SSH tunnel:\n"
    "    ssh -L 8501:127.0.0.1:8501 this-machine"
)


def is_loopback(address: str | None) -> bool:
    """Whether an address can only be reached from this machine; None, all interfaces to Streamlit, is not."""
    if address is None:
        return False
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def refuse_other_machines(address: str | None) -> None:
    """End the program with a message where the server would listen for other machines."""
    if not is_loopback(address):
        raise SystemExit(REFUSAL.format(address=address or "all interfaces"))


class Guard:
    """Middleware: adds the security headers, blocks paths, and answers only what came in on loopback.

    The last holds even where another server than `streamlit run` serves the app on an address of its own, and
    for every request, where Streamlit's own list of allowed hosts guards the websocket alone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
        elif not (_came_in_on_loopback(scope) and _names_loopback(scope)):
            await _refuse(scope, receive, send, "Poolwatch answers on this machine only.\n", 403)
        elif scope["path"] in BLOCKED_PATHS:
            await _refuse(scope, receive, send, "Not found\n", 404)
        else:
            await self._app(scope, receive, _with_headers(send))


def _came_in_on_loopback(scope: Scope) -> bool:
    server = scope.get("server")
    # A Unix socket has no port, and no network leads to it.
    return server is None or server[1] is None or is_loopback(server[0])


def _names_loopback(scope: Scope) -> bool:
    """Whether the browser asked for this machine by a name that cannot be made to lead here from elsewhere.

    A hostile page can let a name of its own lead to 127.0.0.1, and would then be let in as the same site.
    """
    host = Headers(scope=scope).get("host")
    if host is None:
        return True
    try:
        return is_loopback(urlsplit(f"//{host}").hostname)
    except ValueError:
        return False


async def _refuse(scope: Scope, receive: Receive, send: Send, text: str, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse(text, status)(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return send_with_headers
