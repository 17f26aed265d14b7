"""The whole way, through the real entry points: settings -> emulated accounts -> collect -> scan -> page."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from demo.child import spawn
from demo.company import ACCOUNTS

ROOT = Path(__file__).resolve().parent.parent
POOLWATCH = str(Path(sys.executable).with_name("poolwatch"))


def poolwatch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [POOLWATCH, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def settings() -> str:
    """Return what the company writes into its poolwatch.toml."""
    tables = []
    for each in ACCOUNTS:
        keys = {"id": each.id, "name": each.name, "role_arn": each.role_arn, "external_id": each.external_id}
        lines = [f'{key} = "{value}"' for key, value in keys.items() if value]
        tables += ["[[accounts]]", *lines, 'regions = ["eu-west-1", "us-east-1"]']
    return "\n".join(tables)


def test_two_accounts_are_read_kept_judged_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, config = tmp_path / "store", tmp_path / "poolwatch.toml"
    config.write_text(settings(), encoding="utf-8")
    monkeypatch.setenv("POOLWATCH_STORE", str(store))
    monkeypatch.setenv("POOLWATCH_CONFIG", str(config))
    with spawn(seed="company") as account:
        access = {
            "AWS_ENDPOINT_URL": account.url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }
        collected = poolwatch("collect", "--rate-share", "off", **access)
    # One permission is missing on purpose.
    assert collected.returncode == 3, collected.stderr
    assert "cognito-idp:DescribeRiskConfiguration" in collected.stdout

    scanned = poolwatch("scan", "--format", "json")
    assert scanned.returncode == 3, scanned.stderr
    document = json.loads(scanned.stdout)
    assert document["run"]["state"] == "partial"
    failing = [each for each in document["findings"] if each["outcome"] == "fail"]
    unknown = [each for each in document["findings"] if each["outcome"] == "unknown"]
    assert {each["code"] for each in failing} >= {"AUT001", "APP001", "CRD005", "EDG001", "GOV001", "TRG001"}
    assert {each["account_id"] for each in failing} == {each.id for each in ACCOUNTS}
    denied = {gap["iam_action"] for gap in document["run"]["gaps"] if gap["reason"] != "not_in_plan"}
    assert denied == {"cognito-idp:DescribeRiskConfiguration"}
    assert all("DescribeRiskConfiguration" in each["messages"][0] for each in unknown)
    assert poolwatch("scan", "--fail-on", "high").returncode == 1

    page = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    assert not page.exception
    shown = " ".join(str(each.value) for each in page.markdown)
    assert ACCOUNTS[1].name in shown or any(ACCOUNTS[1].name in str(table.value) for table in page.dataframe)
    worst = [each["title"] for each in failing if each["severity"] == "critical"]
    assert worst
    # There is room for the worst three.
    assert sum(title in shown for title in set(worst)) == min(3, len(set(worst)))
    assert "cognito-idp:DescribeRiskConfiguration" in shown
    page.switch_page("dashboard/views/posture.py").run()
    assert not page.exception
    assert len(page.dataframe[0].value) == len(failing) + len(unknown)
