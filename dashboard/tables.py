"""The tables and charts of the pages, with their columns, keys and words for screen readers."""

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import charts, components, times
from dashboard.filters import narrow_to_account, narrow_to_rule, open_finding, opened_finding
from dashboard.matrix import Matrix
from dashboard.theme import MUTED, OUTCOMES, READINGS, RUN_STATES, SEVERITIES
from poolwatch.text import counted

_ROW_PIXELS = 33
_MOST_ROWS = 20
_COLUMNS = (
    "severity",
    "outcome",
    "title",
    "resource",
    "owner",
    "due",
    "problem",
    "type",
    "pool",
    "account_name",
    "region",
    "since",
    "code",
)
_NARROW_COLUMNS = ("severity", "title", "resource")
FINDINGS, BY_CHANGE, BY_RULE, HEAT_MAP = "Findings", "By change", "By rule", "Heat map"
# What stands in the column of outcomes.
_STANDINGS = (*OUTCOMES.values(), MUTED)
_VIEW = "view"
_FINDINGS = "findings_table"
_RULES = "rules_table"
_HEAT_MAP = "heat_map"
_ACCOUNTS = "accounts_table"


def view_switch() -> str:
    """Draw the choice between the ways to look at findings, and return it."""
    return st.segmented_control(
        "View",
        [FINDINGS, BY_CHANGE, BY_RULE, HEAT_MAP],
        default=FINDINGS,
        required=True,
        key=_VIEW,
        label_visibility="collapsed",
        bind="query-params",
    )


def findings_table(rows: pd.DataFrame, *, is_narrow: bool) -> None:
    """Draw findings; a selected row goes into the address, and what the address opens is selected."""
    keys = rows["key"].tolist()
    opened = opened_finding()
    select(_FINDINGS, [keys.index(opened)] if opened in keys else [])
    shown = rows.assign(
        severity=components.chip_cells(rows["severity"], SEVERITIES.values()),
        outcome=components.chip_cells(
            rows["outcome"].astype("str").mask(rows["is_muted"], MUTED.word), _STANDINGS
        ),
        due=components.due_cells(rows),
    )
    st.dataframe(
        shown,
        key=_FINDINGS,
        hide_index=True,
        height=height(len(rows)),
        column_order=_NARROW_COLUMNS if is_narrow else _COLUMNS,
        column_config={
            "severity": components.chips(SEVERITIES.values(), "Severity"),
            "outcome": components.chips(_STANDINGS, "Outcome"),
            "title": st.column_config.TextColumn("Problem", width="medium"),
            "resource": "Resource",
            "owner": st.column_config.TextColumn("Owner", width=110),
            "due": components.due_column(rows),
            "problem": st.column_config.TextColumn("What was seen", width="medium"),
            "type": "Type",
            "pool": "User pool or identity pool",
            "account_name": "Account",
            "region": "Region",
            "code": "Rule",
            **components.age_columns(),
        },
        on_select=lambda: _opened(keys),
        selection_mode="single-row",
        placeholder="-",
        alt=f"{counted(len(rows), 'finding')}, worst first",
    )


def rules_table(rules: pd.DataFrame) -> None:
    """Draw findings counted by rule; a selected row filters by that rule."""
    codes = rules["code"].tolist()
    st.dataframe(
        rules.assign(severity=components.chip_cells(rules["severity"], SEVERITIES.values())),
        key=_RULES,
        hide_index=True,
        height=height(len(rules)),
        column_order=(
            *("severity", "code", "title", "family", "fail"),
            *(["muted"] if rules["muted"].any() else []),
            *("unknown", "pass", "not_applicable"),
        ),
        column_config={
            "severity": components.chips(SEVERITIES.values(), "Severity"),
            "code": "Rule",
            "title": st.column_config.TextColumn("Problem", width=390),
            "family": "Family",
            "fail": st.column_config.NumberColumn("✕ Fail"),
            "muted": st.column_config.NumberColumn(MUTED.label),
            "unknown": st.column_config.NumberColumn("? Not judged"),
            "pass": st.column_config.NumberColumn("✓ Pass"),
            "not_applicable": st.column_config.NumberColumn("· n/a", help="The rule does not apply"),
        },
        on_select=lambda: _narrowed(codes),
        selection_mode="single-row",
        alt=f"{counted(len(rules), 'rule')} with their outcomes, worst first",
    )


def heat_map(shown: Matrix, *, is_narrow: bool) -> None:
    """Draw rules against user pools; a click on a cell opens its worst finding."""
    if shown.cells.empty:
        components.empty(
            "Nothing is open", "No rule fails, or could not be judged, on a user pool in this scope."
        )
        return
    if shown.is_cut:
        st.caption(
            f"The {shown.shown_pools:,} user pools with most open problems, of {shown.pools:,}, and the "
            f"{shown.shown_rules:,} worst rules, of {shown.rules:,}. Narrow the scope for the others."
        )
    st.vega_lite_chart(
        shown.cells,
        charts.matrix_chart(shown.cells, is_dark=components.is_dark(), is_narrow=is_narrow),
        key=_HEAT_MAP,
        on_select=_cell_opened,
        alt=(
            f"{counted(shown.shown_rules, 'rule')} against {counted(shown.shown_pools, 'user pool')}: "
            "the worst outcome of each; the table By rule has the same as numbers"
        ),
    )
    st.caption(
        "Letters are severities: C critical, H high, M medium, L low, I info. "
        f"{MUTED.sign} is muted, ✓ passes, ? could not be judged, empty does not apply. "
        "Click a cell for its worst finding."
    )


def accounts_table(accounts: pd.DataFrame) -> None:
    """Draw one row for each account; a selected row narrows the scope to it."""
    ids = accounts["account"].tolist()
    told = [name for name in ("environment", "owner", "missing") if accounts[name].any()]
    st.dataframe(
        accounts.assign(reading=components.chip_cells(accounts["reading"], READINGS.values())),
        key=_ACCOUNTS,
        hide_index=True,
        height=height(len(accounts)),
        column_order=(
            *("name", *(["environment"] if "environment" in told else []), "reading", "collected", "gaps"),
            *(severity.value for severity in SEVERITIES),
            *("unjudged", *(["missing"] if "missing" in told else [])),
            *("regions", "user_pools", "app_clients", "identity_pools"),
            *(["owner"] if "owner" in told else []),
            *(["account"] if (accounts["name"] != accounts["account"]).any() else []),
        ),
        column_config={
            "name": st.column_config.TextColumn("Account", pinned=True, width=135),
            "account": st.column_config.TextColumn("Id", width=115),
            "environment": st.column_config.TextColumn("Environment", width=90),
            "owner": st.column_config.TextColumn("Owner", width=110),
            "reading": components.chips(READINGS.values(), "Newest run"),
            "regions": st.column_config.TextColumn(
                "Regions with pools", alignment="right", help="Of the regions that were asked for"
            ),
            "missing": st.column_config.TextColumn("Permission that is missing", width=260),
            **_place_columns(),
        },
        on_select=lambda: _account_chosen(ids),
        selection_mode="single-row",
        placeholder="-",
        alt=f"{counted(len(accounts), 'account')} with what they hold and their open problems",
    )


def regions_table(regions: pd.DataFrame) -> None:
    """Draw one row for each account and region."""
    st.dataframe(
        regions,
        key="regions_table",
        hide_index=True,
        height=height(len(regions)),
        column_order=(
            *("account", "region", "collected", "gaps"),
            *(severity.value for severity in SEVERITIES),
            *("unjudged", "user_pools", "app_clients", "identity_pools"),
        ),
        column_config={"account": "Account", "region": "Region", **_place_columns()},
        placeholder="-",
        alt=f"{counted(len(regions), 'region')} with what they hold and their open problems",
    )


def _place_columns() -> dict[str, ColumnConfig | str]:
    return {
        "user_pools": st.column_config.TextColumn("User pools", alignment="right"),
        "app_clients": st.column_config.TextColumn("App clients", alignment="right"),
        "identity_pools": st.column_config.TextColumn("Identity pools", alignment="right"),
        "gaps": st.column_config.NumberColumn("Gaps", width=60, help="What could not be read"),
        **{
            severity.value: st.column_config.NumberColumn(look.label, width=78)
            for severity, look in SEVERITIES.items()
        },
        "unjudged": st.column_config.NumberColumn("? Not judged", width=95),
        **components.age_columns(),
    }


def trend(counts: pd.DataFrame) -> None:
    """Draw open problems over runs."""
    last = counts[counts["run"] == counts["run"].max()]
    st.vega_lite_chart(
        counts,
        charts.trend_chart(counts, is_dark=components.is_dark()),
        key="trend",
        alt=f"Open over {counted(counts['run'].nunique(), 'run')}, {last['count'].sum()} in the newest",
    )


def runs_table(runs: pd.DataFrame) -> int:
    """Draw the runs and return the position of the selected one, the newest where none is."""
    event = st.dataframe(
        runs.assign(state=components.chip_cells(runs["state"], RUN_STATES.values())),
        key="runs_table",
        hide_index=True,
        height=height(len(runs), 8),
        column_order=("run", "state", "started", "seconds", "scopes", "calls", "message", "identity"),
        column_config={
            "run": st.column_config.NumberColumn("Run", width="small"),
            "state": components.chips(RUN_STATES.values(), "State"),
            "started": st.column_config.DatetimeColumn(
                "Started", format="YYYY-MM-DD HH:mm:ss", timezone=times.zone_name()
            ),
            "seconds": st.column_config.NumberColumn("Took", format="%.1f s"),
            "scopes": st.column_config.NumberColumn("Regions", width="small"),
            "calls": st.column_config.NumberColumn("API calls", width="small", format="localized"),
            "message": st.column_config.TextColumn("Why it failed", width="medium"),
            "identity": st.column_config.TextColumn("Ran as", width="medium"),
        },
        on_select="rerun",
        selection_mode="single-row",
        alt=f"{counted(len(runs), 'run')}, the newest first",
    )
    return next(iter(event.selection.rows), 0)


def gaps_table(gaps: pd.DataFrame) -> None:
    """Draw what a run could not read."""
    st.dataframe(
        gaps,
        hide_index=True,
        height=height(len(gaps), 10),
        column_order=("operation", "reason", "resource", "facet", "account", "region", "message"),
        column_config={
            "operation": st.column_config.TextColumn("IAM action", width=280),
            "reason": "Reason",
            "resource": "Resource",
            "facet": "Facet",
            "account": "Account",
            "region": "Region",
            "message": st.column_config.TextColumn("AWS said", width="large"),
        },
        alt=f"{counted(len(gaps), 'gap')} of this run",
    )


def calls_table(calls: pd.DataFrame) -> None:
    """Draw a run's API calls by operation."""
    st.dataframe(
        calls,
        hide_index=True,
        column_config={
            "operation": st.column_config.TextColumn("Operation", width=280),
            "calls": st.column_config.ProgressColumn(
                "Calls", format="localized", min_value=0, max_value=int(calls["calls"].max())
            ),
        },
        alt=f"{counted(int(calls['calls'].sum()), 'API call')} of this run by operation",
    )


def select(name: str, rows: list[int]) -> None:
    """Make the selection, which is by position, follow the address: links, filters and Close change it."""
    if name not in st.session_state or selected(name) != rows:
        st.session_state[name] = {"selection": {"rows": rows}}


def selected(name: str) -> list[int]:
    """Return the positions of the selected rows of the table with this key."""
    rows: list[int] = st.session_state[name]["selection"]["rows"]
    return rows


def _opened(keys: Sequence[str]) -> None:
    rows = selected(_FINDINGS)
    open_finding(keys[rows[0]] if rows else None)


def _account_chosen(ids: Sequence[str]) -> None:
    if rows := selected(_ACCOUNTS):
        narrow_to_account(ids[rows[0]])


def _narrowed(codes: Sequence[str]) -> None:
    if rows := selected(_RULES):
        narrow_to_rule(codes[rows[0]])
        st.session_state[_VIEW] = FINDINGS


def _cell_opened() -> None:
    cells = st.session_state[_HEAT_MAP]["selection"].get(charts.CELL) or ()
    open_finding(cells[0][charts.CELL_FIELD] if cells else None)


def height(rows: int, most: int = _MOST_ROWS) -> int | Literal["content"]:
    """Return the height of a table: all its rows, or as much as fits beside the filters."""
    return "content" if rows <= most else (most + 1) * _ROW_PIXELS
