"""`poolwatch mute`, `unmute`, `mutes` and `assign`, and what `scan` makes of them."""

import getpass
import json
import tomllib
from pathlib import Path

import pytest

from poolwatch import settings
from tests.builders import SCOPE
from tests.command_line import run
from tests.dashboard import stores
from tests.store.store_builders import writing

CLIENT_ARN = f"{SCOPE.user_pool_arn('eu-west-1_pool00000')}/client/client{0:020}"
OTHER_ARN = f"{SCOPE.user_pool_arn('eu-west-1_pool00001')}/client/client{1:020}"
MUTE = ("mute", "APP001", CLIENT_ARN, "--reason", "gone in spring", "--until", "2999-12-31")


@pytest.fixture(autouse=True)
def _store(tmp_path: Path) -> None:
    stores.complete_run(tmp_path / "store")


def mute_both() -> None:
    for arn in (CLIENT_ARN, OTHER_ARN):
        result = run("mute", "app001", arn, "--reason", "gone", "--until", "2999-12-31", "--author", "ann")
        assert result.exit_code == 0, result.stderr


def test_fail_on_leaves_out_what_is_muted() -> None:
    assert run("scan", "--fail-on", "high").exit_code == 1
    findings = json.loads(run("scan", "--format", "json").stdout)["findings"]
    for each in findings:
        if each["outcome"] == "fail" and each["severity"] in ("critical", "high"):
            run("mute", each["code"], each["resource_arn"], "--reason", "x", "--until", "2999-12-31")
    assert run("scan", "--fail-on", "high").exit_code == 0
    assert run("scan", "--fail-on", "low").exit_code == 1
    assert run("unmute", "APP001", CLIENT_ARN).exit_code == 0
    assert run("scan", "--fail-on", "high").exit_code == 1


def test_what_is_muted_stays_in_every_format_and_is_counted_apart() -> None:
    mute_both()
    text = " ".join(run("scan").stdout.split())
    assert "2 app clients, 2 muted" in text
    assert "allows the implicit grant muted until 2999-12-31: gone" in text
    assert "2 muted)" in text
    findings = json.loads(run("scan", "--format", "json").stdout)["findings"]
    muted = [each for each in findings if each["muted"]]
    assert {each["resource_arn"] for each in muted} == {CLIENT_ARN, OTHER_ARN}
    assert muted[0]["mute"] == {
        "reason": "gone",
        "author": "ann",
        "until": "2999-12-31",
        "source": "store",
    }


def test_the_author_is_the_systems_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "ann")
    assert run(*MUTE).exit_code == 0
    (mute,) = json.loads(run("mutes", "--format", "json").stdout)["mutes"]
    assert mute["author"] == "ann"


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert settings.author().startswith("uid ")


def test_mutes_lists_those_of_the_store_and_of_the_file(tmp_path: Path) -> None:
    config = tmp_path / "poolwatch.toml"
    config.write_text(
        '[[mutes]]\ncode = "APP*"\nreason = "by file"\nuntil = 2999-01-01\n'
        '[[mutes]]\naccount = "111122223333"\nreason = "long ago"\nuntil = 2020-01-01\n',
        encoding="utf-8",
    )
    run(*MUTE)
    run("unmute", "APP001", CLIENT_ARN)
    mute_both()
    listed = json.loads(run("mutes", "--format", "json", "--config", config).stdout)["mutes"]
    assert [(each["source"], each["state"], each["reason"]) for each in listed] == [
        ("store", "ended", "gone in spring"),
        ("store", "in_force", "gone"),
        ("store", "in_force", "gone"),
        ("settings", "in_force", "by file"),
        ("settings", "expired", "long ago"),
    ]
    assert [each["findings"] for each in listed][:3] == [0, 1, 1]
    assert listed[3]["findings"] >= 2
    table = " ".join(run("mutes", "--config", config, columns=200).stdout.split())
    assert "APP* until 2999-01-01" in table
    assert "every rule expired, was until 2020-01-01" in table
    assert "gone in spring" not in table


def test_without_a_mute_mutes_says_so() -> None:
    assert run("mutes").stdout == "Nothing is muted.\n"
    assert run("mutes", "--format", "toml").stdout == ""


def test_the_tables_can_be_pasted_into_the_file(tmp_path: Path) -> None:
    reason = 'it\'s "gone" \\ \U0001f600 in spring'
    result = run("mute", "APP001", CLIENT_ARN, "--reason", reason, "--until", "2999-12-31")
    assert result.exit_code == 0, result.stderr
    text = run("mutes", "--format", "toml").stdout
    (table,) = tomllib.loads(text)["mutes"]
    assert (table["code"], table["resource"], table["reason"]) == ("APP001", CLIENT_ARN, reason)
    config = tmp_path / "poolwatch.toml"
    config.write_text(text, encoding="utf-8")
    run("unmute", "APP001", CLIENT_ARN)
    findings = json.loads(run("scan", "--format", "json", "--config", config).stdout)["findings"]
    assert [each["mute"]["source"] for each in findings if each["muted"]] == ["settings"]


def test_assign_tells_what_holds_then() -> None:
    result = run("assign", "APP001", CLIENT_ARN, "--owner", "web", "--ticket", "SEC-7")
    assert result.exit_code == 0
    assert "owner web, due as its severity says, ticket SEC-7" in result.stderr
    findings = json.loads(run("scan", "--format", "json").stdout)["findings"]
    (finding,) = [each for each in findings if (each["code"], each["resource_arn"]) == ("APP001", CLIENT_ARN)]
    assert (finding["owner"], finding["ticket"]) == ("web", "SEC-7")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("mute", "APP01", CLIENT_ARN, "--reason", "x", "--until", "2999-12-31"), "Did you mean APP0"),
        (("mute", "APP001", "arn:aws:x", "--reason", "x", "--until", "2999-12-31"), "judges no resource"),
        (("mute", "APP001", CLIENT_ARN, "--reason", " ", "--until", "2999-12-31"), "The reason is empty."),
        (("mute", "APP001", CLIENT_ARN, "--reason", "x", "--until", "2020-01-01"), "has passed"),
        (("unmute", "APP001", CLIENT_ARN), "has no mute of APP001"),
        (("unmute", "APP001", f"{CLIENT_ARN}\udcff"), "has no mute of APP001"),
        (("assign", "APP001", CLIENT_ARN), "Nothing is assigned."),
        (("assign", "APP001", CLIENT_ARN, "--ticket", "javascript:alert(1)"), "is no ticket"),
    ],
)
def test_wrong_use_ends_with_2_and_a_hint(arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "hint: " in result.stderr


@pytest.mark.parametrize(
    "arguments", [("mute", "--reason", "x", "--until", "2999-12-31"), ("assign", "--owner", "web")]
)
def test_a_hostile_name_in_an_arn_steers_no_terminal(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a failure of an identity provider of that name would let it pass.
    monkeypatch.setattr("poolwatch.deciding._refuse_sound", lambda *_: None)
    command, *options = arguments
    result = run(
        command, "FED001", f"{SCOPE.user_pool_arn('eu-west-1_a')}/identityprovider/a\x1b[2J\u202eb", *options
    )
    assert result.exit_code == 0
    assert "identityprovider/a [2Jb" in result.stderr
    assert not set(result.stderr) & {"\x1b", "\u202e"}


def test_a_store_that_is_written_to_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poolwatch.cli.handling._WAIT_SECONDS", 0.1)
    with writing(tmp_path / "store"):
        result = run(*MUTE)
    assert result.exit_code == 4
    assert "is writing to the store" in result.stderr


def test_without_a_store_nothing_is_made(tmp_path: Path) -> None:
    result = run(*MUTE, "--store", tmp_path / "none")
    assert result.exit_code == 4
    assert not (tmp_path / "none").exists()
