"""Vega-Lite charts: frame in, specification out. Vega draws text as text, so names in it stay inert."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.frames import UNJUDGED
from dashboard.matrix import STATES
from dashboard.theme import MUTED, OUTCOMES, SEVERITIES
from records.evaluation import Outcome

Spec = dict[str, Any]

# The name of the heat map's selection, and what a click on a cell gives.
CELL = "cell"
CELL_FIELD = "key"
_ROW_PIXELS = 24
_LABEL_PIXELS = 330
_NARROW_LABEL_PIXELS = 170
# Names of more user pools stand steeper, so that all have room.
_FEW_POOLS = 8
_TREND_PIXELS = 260
_PALE = {
    OUTCOMES[Outcome.PASS].word: ("#DDF1EA", "#16372D"),
    OUTCOMES[Outcome.NOT_APPLICABLE].word: ("#F1F3F5", "#1A2228"),
    OUTCOMES[Outcome.UNKNOWN].word: ("#C3C8CF", "#59636D"),
    OUTCOMES[Outcome.ERROR].word: ("#C3C8CF", "#59636D"),
    MUTED.word: (MUTED.light, MUTED.dark),
}


def trend_chart(counts: pd.DataFrame, *, is_dark: bool) -> Spec:
    """Return stacked bars of open problems for each run; `counts` has `label` beside COUNTS' columns."""
    looks = [*SEVERITIES.values(), OUTCOMES[Outcome.UNKNOWN]]
    kinds = [*(look.word for look in SEVERITIES.values()), UNJUDGED]
    present = [kind for kind in kinds if kind in set(counts["kind"])]
    colors = {kind: look.color(is_dark=is_dark) for kind, look in zip(kinds, looks, strict=True)}
    return {
        "height": _TREND_PIXELS,
        "mark": {"type": "bar", "width": {"band": 0.7}, "cornerRadiusEnd": 2},
        "encoding": {
            "x": {
                "field": "label",
                "type": "ordinal",
                "sort": None,
                "axis": {"title": None, "labelAngle": 0, "labelOverlap": "greedy"},
            },
            "y": {
                "field": "count",
                "type": "quantitative",
                "aggregate": "sum",
                "axis": {"title": None, "tickMinStep": 1, "tickCount": 4},
            },
            "color": _colors("kind", {kind: colors[kind] for kind in present}),
            "order": {"field": "order", "type": "quantitative"},
            "tooltip": [
                {"field": "label", "title": "Run"},
                {"field": "kind", "title": "Severity"},
                {"field": "count", "title": "Open"},
            ],
        },
    }


def matrix_chart(cells: pd.DataFrame, *, is_dark: bool, is_narrow: bool) -> Spec:
    """Return the heat map of rules and user pools; a click on a cell selects its worst finding's key."""
    fills = {look.word: look.color(is_dark=is_dark) for look in SEVERITIES.values()}
    fills |= {state: pale[is_dark] for state, pale in _PALE.items()}
    present = [state for state in STATES if state in set(cells["state"])]
    strong = [look.word for look in SEVERITIES.values()]
    ink, faint, paper = ("#0E1317", "#C9D2D9", "#12181D") if is_dark else ("#FFFFFF", "#3D4852", "#FFFFFF")
    return {
        "height": {"step": _ROW_PIXELS},
        "encoding": {
            "y": {
                "field": "rule",
                "type": "nominal",
                "sort": None,
                "axis": {
                    "title": None,
                    "labelLimit": _NARROW_LABEL_PIXELS if is_narrow else _LABEL_PIXELS,
                    "labelFlush": False,
                    "ticks": False,
                    "domain": False,
                },
            },
            "x": {
                "field": "pool",
                "type": "nominal",
                "sort": None,
                "axis": {
                    "title": None,
                    "orient": "top",
                    "labelAngle": -30 if cells["pool"].nunique() <= _FEW_POOLS else -60,
                    "labelOverlap": False,
                    "labelLimit": 170,
                    "ticks": False,
                    "domain": False,
                },
            },
        },
        "layer": [
            {
                "params": [{"name": CELL, "select": {"type": "point", "fields": [CELL_FIELD]}}],
                "mark": {
                    "type": "rect",
                    "cornerRadius": 4,
                    "cursor": "pointer",
                    "stroke": paper,
                    "strokeWidth": 3,
                },
                "encoding": {
                    # Every cell says its state by a letter; a legend would only take room.
                    "color": {**_colors("state", {state: fills[state] for state in present}), "legend": None},
                    "tooltip": [
                        {"field": "rule", "title": "Rule"},
                        {"field": "pool", "title": "User pool"},
                        {"field": "state", "title": "Worst"},
                        {"field": "resources", "title": "Open on resources"},
                    ],
                },
            },
            {
                "mark": {"type": "text", "fontSize": 11, "fontWeight": 600},
                "encoding": {
                    "text": {"field": "sign"},
                    "color": {
                        "condition": {"test": {"field": "state", "oneOf": strong}, "value": ink},
                        "value": faint,
                    },
                },
            },
        ],
    }


def _colors(field: str, colors: Mapping[str, str]) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(colors), "range": list(colors.values())},
        "legend": {"title": None, "orient": "bottom"},
    }
