"""What holds for every command: options, errors, statuses, streams."""

import errno
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from poolwatch import __version__
from poolwatch.cli import ruling
from poolwatch.cli.terminal import Terminal, configure_logging
from tests.command_line import PROGRAM, run, run_on_terminal

COMMANDS = ("demo", "collect", "scan", "verify", "rules", "policy", "doctor", "dashboard")
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-7]")


def test_help_names_every_command_and_each_has_the_common_options() -> None:
    listing = run("--help")
    assert listing.exit_code == 0
    for command in COMMANDS:
        assert f"  {command} " in listing.stdout
        assert all(option in run(command, "--help").stdout for option in ("--store", "--quiet", "--verbose"))


def test_the_version_is_told() -> None:
    assert run("--version").stdout == f"poolwatch {__version__}\n"


def test_help_loads_nothing_heavy() -> None:
    heavy = ("boto3", "botocore", "pandas", "plotly", "rich", "sqlite3", "streamlit")
    code = f"import sys, poolwatch.cli; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["scan", "--nonsense"], ["scan", "--format", "xml"], ["dashboard", "--port", "99999"], []],
    ids=["command", "option", "format", "port", "nothing"],
)
def test_wrong_use_ends_with_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage: poolwatch" in result.stderr


def test_common_options_may_stand_before_the_command(tmp_path: Path) -> None:
    before = run("--store", tmp_path / "nosuch", "scan")
    after = run("scan", "--store", tmp_path / "nosuch")
    assert before.exit_code == after.exit_code == 4
    assert before.stderr == after.stderr
    assert str(tmp_path / "nosuch") in after.stderr


def test_after_the_command_counts_more_than_before(tmp_path: Path) -> None:
    result = run("--store", tmp_path / "before", "scan", "--store", tmp_path / "after")
    assert str(tmp_path / "after") in result.stderr
    assert str(tmp_path / "before") not in result.stderr


def broken(_terminal: Terminal, **_: object) -> None:
    # As an exception does that quotes the answer which it stumbled over.
    secrets = {"ClientSecret": "canary-7d"}
    raise RuntimeError(f"{secrets}") from KeyError(secrets)


def told_of_the_bug(stderr: str, error: str) -> str:
    """Return what was said of a bug where it is named by its type, at a line of ours, and no more."""
    place = r"cli/app\.py:\d+"
    assert re.search(
        rf"^error: This is a bug in Poolwatch: {error} at {place}\.\nhint: ", stderr, re.MULTILINE
    )
    return stderr


def test_a_bug_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruling, "rules", broken)
    result = run("rules")
    assert result.exit_code == 4
    assert result.stdout == ""
    assert "canary-7d" not in told_of_the_bug(result.stderr, "RuntimeError")
    assert len(result.stderr.splitlines()) == 2


def test_verbose_adds_where_a_bug_was_raised_without_what_it_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruling, "rules", broken)
    result = run("rules", "--verbose")
    assert result.exit_code == 4
    told = told_of_the_bug(result.stderr, "RuntimeError")
    assert "RuntimeError, raised at:" in told
    assert "KeyError, raised at:" in told
    assert "in broken" in told
    # The line of this file that makes the exception is code.
    assert "canary-7d" not in told.replace('secrets = {"ClientSecret": "canary-7d"}', "")


def test_causes_that_go_in_a_circle_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = ValueError("canary-7d"), KeyError("canary-7d")
    first.__cause__, second.__cause__ = second, first
    configure_logging(is_verbose=True)
    try:
        logging.getLogger("rules").error("rule failed", exc_info=first)
    finally:
        configure_logging(is_verbose=False)
    assert (
        capsys.readouterr().err == "error: rules: rule failed\nValueError, raised at:\nKeyError, raised at:\n"
    )


def test_an_oserror_that_the_system_did_not_raise_is_a_bug_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def odd(_terminal: Terminal, **_: object) -> None:
        raise OSError("canary-7d")

    monkeypatch.setattr(ruling, "rules", odd)
    result = run("rules")
    assert result.exit_code == 4
    assert "canary-7d" not in told_of_the_bug(result.stderr, "OSError")


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "Check the disk and the rights on it; --verbose shows"),
        (errno.EACCES, "Check the disk and the rights on it; --verbose shows"),
        (errno.ENOENT, "A program or file that a configuration names, such as a credential_process"),
        (errno.EMFILE, "--verbose shows"),
    ],
    ids=errno.errorcode.get,
)
def test_what_the_system_refuses_is_no_bug(monkeypatch: pytest.MonkeyPatch, number: int, hint: str) -> None:
    def refused(_terminal: Terminal, **_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(ruling, "rules", refused)
    result = run("rules")
    assert result.exit_code == 4
    said = f"error: The operating system refused: [Errno {number}] {os.strerror(number)}.\nhint: {hint}"
    assert result.stderr.startswith(said)


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_terminal: Terminal, **_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ruling, "rules", interrupted)
    result = run("rules")
    assert (result.exit_code, result.output) == (130, "")


@pytest.mark.parametrize(
    "arguments",
    [["rules"], ["rules", "--format", "json"], ["rules", "--format", "markdown"], ["--version"], ["--help"]],
    ids=" ".join,
)
def test_a_closed_pipe_is_silent(arguments: list[str]) -> None:
    process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 141


@pytest.mark.parametrize("arguments", [["rules"], ["--version"], ["--help"], ["policy"]], ids=" ".join)
def test_a_full_disk_behind_stdout_is_told(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, check=False)
    assert result.returncode == 4
    assert b"No space left on device" in result.stderr


def test_a_terminal_without_unicode_is_enough() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    result = subprocess.run([PROGRAM, "rules"], env=environment, capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")


def test_colour_is_for_terminals_that_want_it() -> None:
    assert COLOUR.search(run_on_terminal("rules"))
    assert not COLOUR.search(run_on_terminal("rules", NO_COLOR="1"))
    assert "\x1b" not in run("rules").output


def test_progress_goes_on_being_said_when_more_is_due_than_it_seemed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter((0.0, 2.0, 3.0, 6.0, 7.5, 13.0))
    monkeypatch.setattr("poolwatch.cli.terminal.time", SimpleNamespace(monotonic=lambda: next(times)))
    with Terminal().progress("Reading") as report:
        report(1, 2)
        report(2, 5000)
        report(400, 5000)
        report(900, 5000)
        report(1000, 5000)
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "Reading ...",
        "Reading: 1 of 2 (50%)",
        "Reading: 900 of 5,000 (18%)",
        "Reading: 1,000 of 5,000 (20%)",
    ]


def test_an_error_is_one_line_where_no_terminal_is(tmp_path: Path) -> None:
    result = run("scan", "--store", tmp_path / ("deep-" * 30))
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["error", "hint"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["scan", "--store", "/nonexistent"], 4), (["nonsense"], 2), (["rules", "--verbose"], 0)],
    ids=["error", "wrong use", "done"],
)
def test_a_full_disk_behind_stderr_changes_no_status(arguments: list[str], status: int) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=full, check=False)
    assert result.returncode == status


def test_full_disks_behind_both_are_no_findings() -> None:
    with Path("/dev/full").open("wb") as full:
        assert subprocess.run([PROGRAM, "rules"], stdout=full, stderr=full, check=False).returncode == 4


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
@pytest.mark.parametrize(
    ("arguments", "status"), [("policy", 0), ("scan --store /nonexistent", 4), ("nonsense", 2)]
)
def test_a_closed_stream_is_no_bug(arguments: str, status: int, closed: str) -> None:
    command = f'exec "{PROGRAM}" {arguments} {closed}'
    result = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert result.returncode == status
    assert "bug" not in result.stderr


def test_a_closed_stream_gives_its_number_to_no_file() -> None:
    code = (
        "import os, subprocess, sys; from poolwatch.cli import streams; streams.prepare();"
        " sys.exit(subprocess.run(['/bin/sh', '-c', 'echo lost >&2']).returncode"
        " or not os.path.samestat(os.fstat(2), os.stat(os.devnull)))"
    )
    closed = f'exec "{sys.executable}" -c "{code}" 2>&-'
    assert subprocess.run(["/bin/sh", "-c", closed], check=False).returncode == 0
