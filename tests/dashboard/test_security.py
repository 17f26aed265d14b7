"""Who is let in, and what a browser may do with the pages."""

import os
import subprocess
import urllib.error
import urllib.request
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from dashboard.security import HEADERS, Guard, is_loopback
from tests.dashboard.serving import command, free_port


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("127.0.0.1", True),
        ("127.0.0.53", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104  (what is refused)
        ("::", False),
        ("192.0.2.7", False),
        ("dashboard.example.com", False),
        ("", False),
        (None, False),
    ],
)
def test_loopback_alone_is_allowed(address: str | None, allowed: bool) -> None:  # noqa: FBT001
    assert is_loopback(address) is allowed


@pytest.mark.parametrize("way", ["flag", "environment"])
def test_start_is_refused_on_other_addresses(way: str, tmp_path: Path) -> None:
    arguments = ["--server.port", str(free_port())]
    environment = dict(os.environ)
    if way == "flag":
        arguments += ["--server.address", "0.0.0.0"]  # noqa: S104
    else:
        environment["STREAMLIT_SERVER_ADDRESS"] = "::"
    done = subprocess.run(
        command(*arguments),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "Poolwatch refuses to listen on" in done.stderr
    assert "ssh -L" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", ["/", "/posture", "/_stcore/health", "/static/none.js"])
def test_every_answer_has_the_headers(path: str, company_url: str) -> None:
    answer = _get(company_url + path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe-eval" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/"])
def test_metrics_are_blocked(path: str, company_url: str) -> None:
    assert _get(company_url + path).status == 404


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8501", 200),
        ("[::1]:8501", 200),
        ("rebound.example:8501", 403),
        ("127.0.0.1.rebound.example", 403),
        ("[broken", 403),
    ],
)
def test_other_host_names_are_refused(host: str, status: int, company_url: str) -> None:
    request = urllib.request.Request(company_url, headers={"Host": host})  # noqa: S310
    assert _get(request).status == status


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("server", "kind", "first"),
    [
        (("127.0.0.1", 8501), "http", ("http.response.start", 200)),
        (("/run/poolwatch.sock", None), "http", ("http.response.start", 200)),
        (("192.0.2.7", 8501), "http", ("http.response.start", 403)),
        (("192.0.2.7", 8501), "websocket", ("websocket.close", None)),
    ],
    ids=["loopback", "socket file", "network", "websocket from the network"],
)
async def test_guard_answers_this_machine_only(
    server: tuple[str, int | None], kind: str, first: tuple[str, int | None]
) -> None:
    sent: list[Any] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": kind, "path": "/", "server": server, "headers": [], "method": "GET"}
    await Guard(app)(scope, receive, send)
    assert (sent[0]["type"], sent[0].get("status")) == first


def _get(request: str | urllib.request.Request) -> HTTPResponse | urllib.error.HTTPError:
    try:
        answer: HTTPResponse = urllib.request.urlopen(request, timeout=10)  # noqa: S310
    except urllib.error.HTTPError as error:
        return error
    return answer
