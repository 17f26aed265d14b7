"""`poolwatch demo` and `poolwatch dashboard` as programs: what they start, they stop."""

import http.client
import importlib.util
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from poolwatch.cli import serving
from records.run import RunState
from store import open_reader
from store.reader import exists
from tests.account import Account
from tests.command_line import PROGRAM, run

URL = re.compile(r"^Dashboard: http://127\.0\.0\.1:(\d+)$")


@contextmanager
def started(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the program until its page answers; give the process and the page's port."""
    process = subprocess.Popen(
        [PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with process:
        try:
            assert process.stdout
            found = next(match for line in process.stdout if (match := URL.match(line)))
            yield process, int(found[1])
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def health(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status
    finally:
        connection.close()


def children(process: subprocess.Popen[str]) -> list[int]:
    return list(map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_demo_collects_and_shows_the_worst_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A profile that is not there, a proxy and an endpoint of the user's: none of them may have a say.
    monkeypatch.setenv("AWS_PROFILE", "nosuch")
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    store = tmp_path / "demo"
    for number in (1, 2):
        result = run("demo", "--no-dashboard", "--store", store, columns=100)
        assert result.exit_code == 0
        assert "made-up company, Tarnfell Outdoor" in result.stderr
        assert re.search(r"^\d+ findings: .*high.*\. The worst:$", result.stdout, re.MULTILINE)
        assert len(re.findall(r"^  (CRITICAL|HIGH|MEDIUM) ", result.stdout, re.MULTILINE)) == 3
        assert f"poolwatch dashboard --store {store}" in result.stdout
        with open_reader(store) as reader:
            assert reader.is_demo
            assert len(reader.runs()) == number
    assert os.environ["AWS_PROFILE"] == "nosuch"
    assert "AWS_ENDPOINT_URL" not in os.environ


def test_the_demo_has_a_store_beside_the_real_one(tmp_path: Path) -> None:
    assert run("demo", "--no-dashboard", "--quiet").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["store-demo"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda each: each.name)
def test_the_demo_stops_what_it_started(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    with started("demo", "--store", tmp_path / "demo", "--port", str(port)) as (process, shown):
        assert shown == port
        assert health(port) == http.client.OK
        (server,) = children(process)
        process.send_signal(number)
        assert process.wait(20) == 0
        assert not is_running(server)
    with pytest.raises(ConnectionRefusedError):
        health(port)


def test_a_killed_dashboard_takes_its_server_along(demo_store: Path) -> None:
    with started("dashboard", "--store", demo_store, "--port", str(free_port())) as (process, _):
        (server,) = children(process)
        process.kill()
        process.wait()
        limit = time.monotonic() + 10
        while is_running(server) and time.monotonic() < limit:
            time.sleep(0.05)
        assert not is_running(server)


def test_a_demo_that_is_told_to_stop_leaves_no_run_under_way(tmp_path: Path) -> None:
    store = tmp_path / "demo"
    with subprocess.Popen(
        [PROGRAM, "demo", "--no-dashboard", "--store", store], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        assert any(line.startswith("Collecting its ") for line in process.stderr)
        while not exists(store):
            time.sleep(0.005)
        process.terminate()
        process.wait()
    assert process.returncode == 130
    with open_reader(store) as reader:
        assert not [each for each in reader.runs() if each.state is not RunState.FAILED]
        # A run that is stopped in the instant in which it is written down is told of as interrupted.
        assert {each.message for each in reader.runs()} <= {"stopped by the user", "interrupted"}


def test_the_dashboard_holds_no_credentials_and_the_chosen_store(
    demo_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    with started("dashboard", "--store", demo_store, "--port", str(free_port())) as (process, port):
        assert health(port) == http.client.OK
        (server,) = children(process)
        environment = Path(f"/proc/{server}/environ").read_bytes().split(b"\0")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert not [each for each in environment if each.startswith(b"AWS_") or b"canary" in each]
    assert f"POOLWATCH_STORE={demo_store}".encode() in environment


def test_a_port_in_use_ends_with_4_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in ("demo", "dashboard"):
            result = run(command, "--port", str(port), "--store", tmp_path / "demo")
            assert result.exit_code == 4
            assert result.stdout == ""
            assert f"error: Port {port} is in use" in result.stderr
            assert "--port" in result.stderr
    assert not (tmp_path / "demo").exists()


def test_without_a_port_the_first_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = free_port()
        monkeypatch.setattr(serving, "_PORTS", (port, other))
        assert serving.free_port(None) == other


def test_without_its_emulator_the_demo_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    result = run("demo", "--no-dashboard")
    assert result.exit_code == 4
    assert "make install" in result.stderr


def test_the_demo_never_enters_a_real_accounts_store(aws: Account, tmp_path: Path) -> None:
    aws.collect(tmp_path / "real")
    result = run("demo", "--no-dashboard", "--store", tmp_path / "real")
    assert result.exit_code == 4
    assert "holds real accounts" in result.stderr
