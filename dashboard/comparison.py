"""The part of Inventory that puts two resources side by side."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import components, tables
from dashboard.data import Inventory
from dashboard.kinds import Kind
from dashboard.links import LEFT, MODE, RESOURCE, RIGHT
from dashboard.resources import comparison_frame
from dashboard.theme import MATCHES, Match
from poolwatch.text import counted

TABLE, COMPARE, EXPIRES = "Table", "Compare two", "What expires next"
_ALL = "all_settings"


def mode_switch() -> str:
    """Draw the choice between the table, the comparison and what expires, and return it."""
    return st.segmented_control(
        "Mode",
        [TABLE, COMPARE, EXPIRES],
        default=TABLE,
        required=True,
        key=MODE,
        label_visibility="collapsed",
        bind="query-params",
    )


def start_comparison(kind: Kind, arn: str) -> None:
    """Put a resource on the left of the comparison, for callbacks."""
    st.session_state[MODE] = COMPARE
    st.session_state[f"{LEFT}_{kind.name.lower()}"] = arn
    st.query_params[LEFT] = arn
    st.query_params.pop(RESOURCE, None)


def comparison(known: Inventory, kind: Kind, in_scope: pd.DataFrame, place: DeltaGenerator) -> None:
    """Draw two resources of a kind side by side; both stand in the address."""
    arns = in_scope["arn"].tolist()
    # What the address names is compared all the same where the scope leaves it out.
    asked = [st.query_params.get(side) for side in (LEFT, RIGHT)]
    arns += [arn for arn in dict.fromkeys(asked) if arn in known.resources and arn not in arns]
    labels = {arn: known.resources[arn].label for arn in arns}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        left = _choice(f"First {kind.noun}", LEFT, kind, labels)
        right = _choice(f"Second {kind.noun}", RIGHT, kind, labels)
        shows_all = st.toggle("All settings", key=_ALL, bind="query-params", help="Not the differences alone")
    if left is None or right is None or left == right:
        components.empty(
            f"Choose two different {kind.noun}s",
            "The settings in which they differ show here. The address then names both and can be passed on.",
        )
        return
    frame = comparison_frame(known.resources[left], known.resources[right], datetime.now(UTC))
    _verdict(frame)
    rows = frame if shows_all else _unequal(frame)
    headings = {
        "match": "Match",
        "setting": "Setting",
        "left": labels[left],
        "right": labels[right],
        "group": "Group",
        "aws": "As AWS names it",
    }
    with place:
        components.table_download("comparison", rows, headings)
    if not rows.empty:
        _comparison_table(rows, headings)


def _unequal(frame: pd.DataFrame) -> pd.DataFrame:
    words = [MATCHES[each].word for each in (Match.DIFFERENT, Match.UNKNOWN)]
    return frame[frame["match"].isin(words)].sort_values("match", kind="stable")


def _choice(label: str, side: str, kind: Kind, labels: Mapping[str, str]) -> str | None:
    # Not bound: a bound widget would write the labels into the address, which change with names.
    key = f"{side}_{kind.name.lower()}"
    if st.session_state.get(key) not in labels:
        asked = st.query_params.get(side)
        st.session_state[key] = asked if asked in labels else None
    return st.selectbox(
        label,
        [*labels],
        index=None,
        format_func=labels.__getitem__,
        key=key,
        placeholder="Choose one",
        on_change=_keep,
        args=(side, key),
    )


def _keep(side: str, key: str) -> None:
    arn = st.session_state[key]
    if arn is None:
        st.query_params.pop(side, None)
    else:
        st.query_params[side] = arn


def _verdict(frame: pd.DataFrame) -> None:
    counts = frame["match"].value_counts()
    different, unknown, same = (
        int(counts[MATCHES[each].word]) for each in (Match.DIFFERENT, Match.UNKNOWN, Match.SAME)
    )
    parts = [counted(different, "difference"), f"{same:,} the same"]
    if unknown:
        parts.append(f"{unknown:,} not read on one side or both, so neither same nor different")
    if different or unknown:
        st.caption(f"{', '.join(parts)}. Names, ids, dates and numbers of users are not compared.")
    else:
        st.success(f"All {same:,} settings are the same.", icon=":material/check_circle:")


def _comparison_table(rows: pd.DataFrame, headings: Mapping[str, str]) -> None:
    st.dataframe(
        rows.assign(match=components.chip_cells(rows["match"], MATCHES.values())),
        key="comparison_table",
        hide_index=True,
        height=tables.height(len(rows)),
        column_order=[*headings],
        column_config={
            "match": components.chips(MATCHES.values(), headings["match"]),
            "group": st.column_config.TextColumn(headings["group"], width=150),
            "setting": st.column_config.TextColumn(headings["setting"], width=200),
            "left": st.column_config.TextColumn(headings["left"], width=275),
            "right": st.column_config.TextColumn(headings["right"], width=275),
            "aws": st.column_config.TextColumn(headings["aws"], width="medium"),
        },
        alt=f"{counted(len(rows), 'setting')} of two resources side by side",
    )
