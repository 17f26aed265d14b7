"""The settings that the dashboard starts with."""

import tomllib

import pytest

from dashboard.theme import OUTCOMES, SEVERITIES
from records.evaluation import Outcome
from tests.dashboard.serving import ROOT

SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_nothing_is_sent_outside_and_nobody_else_is_let_in() -> None:
    assert SETTINGS["browser"]["gatherUsageStats"] is False
    assert SETTINGS["server"]["address"] == "127.0.0.1"
    assert SETTINGS["server"]["enableXsrfProtection"] is True
    assert SETTINGS["server"]["enableCORS"] is True
    assert SETTINGS["client"]["showErrorDetails"] == "none"


def test_fonts_come_from_nowhere_else() -> None:
    assert "http" not in str(SETTINGS["theme"])


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_there_are_ten_colours_for_categories(appearance: str) -> None:
    # With fewer, some charts fall back to colours of their own.
    assert len(set(SETTINGS["theme"][appearance]["chartCategoricalColors"])) == 10


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_named_colours_are_those_of_the_charts(appearance: str) -> None:
    theme = SETTINGS["theme"][appearance]
    for look in (
        *SEVERITIES.values(),
        OUTCOMES[Outcome.FAIL],
        OUTCOMES[Outcome.UNKNOWN],
        OUTCOMES[Outcome.PASS],
    ):
        assert theme[f"{look.named}Color"] == look.color(is_dark=appearance == "dark")
