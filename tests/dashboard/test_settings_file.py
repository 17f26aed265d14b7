"""The page under a settings file: it judges by its numbers, and says what is wrong with it."""

from pathlib import Path

import pytest

from dashboard import data
from tests.dashboard.conftest import OpenPage


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "poolwatch.toml"
    monkeypatch.setenv("POOLWATCH_CONFIG", str(path))
    return path


def codes() -> set[str]:
    return {finding.evaluation.code for finding in data.published().posture.findings}


def test_a_file_with_mistakes_is_said_plainly(config: Path, open_page: OpenPage) -> None:
    config.write_text("stroe = 1\nrate_share = 5\n", encoding="utf-8")
    page = open_page()
    assert not page.exception
    assert [title.value for title in page.title] == ["The settings file has mistakes"]
    stroe, share = (error.value for error in page.error)
    assert "did you mean store?" in stroe
    assert "must be a number from 0.01" in share


def test_what_the_file_says_holds_at_once(
    config: Path, demo_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POOLWATCH_STORE")
    config.write_text(f'store = "{demo_store}"\n', encoding="utf-8")
    assert data.directory() == demo_store
    assert "APP001" in codes()
    config.write_text(f'store = "{demo_store}"\n[rules.APP001]\nenabled = false\n', encoding="utf-8")
    assert "APP001" not in codes()
