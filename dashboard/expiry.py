"""The part of Inventory that tells what expires next."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import components, data, tables
from dashboard.comparison import TABLE
from dashboard.data import Current
from dashboard.deadlines import READS, deadlines_frame
from dashboard.links import KIND, MODE, RESOURCE
from dashboard.selection import ScopeChoice
from dashboard.theme import DEADLINES, Deadline
from poolwatch.text import counted

_TABLE = "deadlines_table"
_HEADINGS = {
    "state": "Within",
    "days": "Days left",
    "at": "Ends (UTC)",
    "what": "What",
    "resource": "Of",
    "note": "Note",
    "pool": "User pool",
    "account": "Account",
    "region": "Region",
}


def expiry(current: Current, scope: ScopeChoice, place: DeltaGenerator) -> None:
    """Draw what ends by itself, the most urgent first, and what could not be read of it."""
    rows = deadlines_frame(
        current.posture.snapshot,
        scope,
        (current.pools, current.account_labels),
        datetime.now(UTC),
        data.accepted_gaps(),
    )
    unread = [
        gap
        for gap in current.posture.gaps
        if gap.facet in READS and not gap.gap.is_off and scope.holds(gap.scope.account_id, gap.scope.region)
    ]
    with place:
        components.table_download("expiry", rows, _HEADINGS)
    _verdict(rows, has_unread=bool(unread))
    if not rows.empty:
        _table(rows)
    st.caption(
        "Certificates of custom domains and of SAML providers, SAML metadata, keys that are to be deleted, "
        "client secrets older than a year, and gaps accepted until a day. Where SAML metadata has an "
        "address, AWS follows its certificates by itself."
    )
    if unread:
        st.subheader("What could not be read", anchor=False)
        components.gap_summary(unread, current)
        with st.expander("What to allow", icon=":material/key:", key="what_to_allow"):
            components.iam_advice(gap.gap for gap in unread)


def _verdict(rows: pd.DataFrame, *, has_unread: bool) -> None:
    counts = rows["state"].value_counts()
    parts = [
        f"{look.sign} {int(counts[look.word]):,} {phrase}"
        for state, phrase in (
            (Deadline.PAST, "ended"),
            (Deadline.WEEK, "within 7 days"),
            (Deadline.MONTH, "within 30 days"),
            (Deadline.ROTATE, "to rotate"),
            (Deadline.UNREAD, "not read"),
        )
        if int(counts[(look := DEADLINES[state]).word])
    ]
    if parts:
        st.caption(f"{', '.join(parts)}; {counted(len(rows), 'date')} in all. Select one for its resource.")
    elif has_unread:
        components.empty(
            "Nothing ends within 30 days, of what was read",
            "Something was not read: this is no clean result.",
        )
    else:
        st.success("Nothing ends within 30 days.", icon=":material/check_circle:")


def _table(rows: pd.DataFrame) -> None:
    places = rows[["kind", "arn"]].to_numpy().tolist()
    st.dataframe(
        rows.assign(state=components.chip_cells(rows["state"], DEADLINES.values())),
        key=_TABLE,
        hide_index=True,
        height=tables.height(len(rows)),
        column_order=[*_HEADINGS],
        column_config={
            **_HEADINGS,
            "state": components.chips(DEADLINES.values(), _HEADINGS["state"]),
            "days": st.column_config.NumberColumn(_HEADINGS["days"], width=80, format="localized"),
            "at": st.column_config.DatetimeColumn(
                _HEADINGS["at"], format="YYYY-MM-DD", timezone="UTC", width=95
            ),
            "what": st.column_config.TextColumn(_HEADINGS["what"], width=175),
            "resource": st.column_config.TextColumn(_HEADINGS["resource"], width=170),
            "note": st.column_config.TextColumn(_HEADINGS["note"], width=300),
        },
        on_select=lambda: _opened(places),
        selection_mode="single-row",
        placeholder="-",
        alt=f"{counted(len(rows), 'date')} on which something ends, the most urgent first",
    )


def _opened(places: Sequence[Sequence[str]]) -> None:
    rows = tables.selected(_TABLE)
    kind, arn = places[rows[0]] if rows else ("", "")
    # An accepted gap is of no resource.
    if arn:
        st.session_state[KIND], st.session_state[MODE] = kind, TABLE
        st.query_params[RESOURCE] = arn
