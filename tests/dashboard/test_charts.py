"""The specifications of the charts, and the colours in them."""

from itertools import pairwise

import pandas as pd
import pytest

from dashboard.charts import CELL, matrix_chart, trend_chart
from dashboard.frames import COUNTS, UNJUDGED
from dashboard.matrix import MATRIX
from dashboard.theme import OUTCOMES, RUN_STATES, SEVERITIES
from records.evaluation import Outcome, Severity
from records.run import RunState
from tests.builders import NOW


def make_counts(*kinds: str) -> pd.DataFrame:
    rows = [{"run": 1, "finished": NOW, "kind": kind, "order": 0, "count": 3} for kind in kinds]
    return pd.DataFrame(rows, columns=[*COUNTS]).astype(dict(COUNTS)).assign(label="run 1")


def make_cells(*states: str) -> pd.DataFrame:
    rows = [
        {"rule": "R", "pool": "p", "state": state, "sign": "x", "resources": 1, "key": "k"}
        for state in states
    ]
    return pd.DataFrame(rows, columns=[*MATRIX]).astype(dict(MATRIX))


def test_every_word_has_a_look() -> None:
    assert set(SEVERITIES) == set(Severity)
    assert set(OUTCOMES) == set(Outcome)
    assert set(RUN_STATES) == set(RunState)
    for looks in (SEVERITIES.values(), OUTCOMES.values(), RUN_STATES.values()):
        assert len({look.sign for look in looks}) == len(looks)
        assert len({look.icon for look in looks}) == len(looks)


def test_what_could_not_be_judged_is_neither_red_nor_green() -> None:
    assert {OUTCOMES[outcome].named for outcome in Outcome if not outcome.is_judged} == {"gray"}


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_trend_colours_are_the_severities(is_dark: bool) -> None:  # noqa: FBT001  (a parameter of the test)
    scale = trend_chart(make_counts("Low", "High", UNJUDGED), is_dark=is_dark)["encoding"]["color"]["scale"]
    assert scale["domain"] == ["High", "Low", UNJUDGED]
    assert scale["range"] == [
        SEVERITIES[Severity.HIGH].color(is_dark=is_dark),
        SEVERITIES[Severity.LOW].color(is_dark=is_dark),
        OUTCOMES[Outcome.UNKNOWN].color(is_dark=is_dark),
    ]


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_heat_map_has_a_colour_for_each_state_and_a_selection(is_dark: bool) -> None:  # noqa: FBT001
    cells = make_cells("Critical", "Medium", "Unknown", "Pass", "Not applicable")
    rectangles = matrix_chart(cells, is_dark=is_dark, is_narrow=False)["layer"][0]
    scale = rectangles["encoding"]["color"]["scale"]
    assert scale["domain"] == ["Critical", "Medium", "Unknown", "Pass", "Not applicable"]
    assert len(set(scale["range"])) == len(scale["domain"])
    assert rectangles["params"][0]["name"] == CELL


def test_charts_of_nothing_are_charts() -> None:
    assert trend_chart(make_counts(), is_dark=False)["encoding"]["color"]["scale"]["domain"] == []
    assert matrix_chart(make_cells(), is_dark=True, is_narrow=True)["layer"]


@pytest.mark.parametrize(("is_dark", "paper"), [(False, "#FFFFFF"), (True, "#12181D")], ids=["light", "dark"])
def test_severities_stand_out_from_the_page(is_dark: bool, paper: str) -> None:  # noqa: FBT001
    for look in SEVERITIES.values():
        assert _contrast(look.color(is_dark=is_dark), paper) >= 3


def test_severities_grow_no_paler_with_weight() -> None:
    lights = [_luminance(SEVERITIES[severity].light) for severity in Severity][:3]
    assert all(worse < better for worse, better in pairwise(lights))


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
