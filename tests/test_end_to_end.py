"""The whole way, through the real entry points: emulated account -> collect -> scan -> page."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from demo.child import spawn

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


def test_an_account_is_read_kept_judged_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store"
    monkeypatch.setenv("POOLWATCH_STORE", str(store))
    with spawn(seed="company") as account:
        access = {
            "AWS_ENDPOINT_URL": account.url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }
        collected = poolwatch("collect", "--region", "eu-west-1", "--region", "us-east-1", **access)
    # One permission is missing on purpose.
    assert collected.returncode == 3, collected.stderr
    assert "cognito-idp:DescribeRiskConfiguration" in collected.stdout

    scanned = poolwatch("scan", "--format", "json", "--fail-on", "critical")
    assert scanned.returncode == 3, scanned.stderr
    document = json.loads(scanned.stdout)
    assert document["run"]["state"] == "partial"
    failing = [each for each in document["findings"] if each["outcome"] == "fail"]
    unknown = [each for each in document["findings"] if each["outcome"] == "unknown"]
    assert {each["code"] for each in failing} >= {"AUT001", "APP001", "APP004", "IDP001", "GOV001"}
    assert {gap["iam_action"] for gap in document["run"]["gaps"]} == {"cognito-idp:DescribeRiskConfiguration"}
    assert all("DescribeRiskConfiguration" in each["messages"][0] for each in unknown)
    assert poolwatch("scan", "--fail-on", "high").returncode == 1

    page = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    assert not page.exception
    shown = " ".join(str(each.value) for each in page.markdown)
    worst = [each["title"] for each in failing if each["severity"] == "high"]
    assert worst
    assert all(title in shown for title in dict.fromkeys(worst))
    assert "cognito-idp:DescribeRiskConfiguration" in shown
    page.switch_page("dashboard/views/posture.py").run()
    assert not page.exception
    assert len(page.dataframe[0].value) == len(failing) + len(unknown)
