"""Every finding: filter, group, open, download."""

import streamlit as st

from dashboard import components, data, filters, tables
from dashboard.closing import closing_detail, closings_table
from dashboard.detail import finding_detail
from dashboard.frames import rules_frame
from dashboard.matrix import matrix
from dashboard.overview import judged_of
from dashboard.tables import BY_CHANGE, BY_RULE, FINDINGS, HEAT_MAP

current = data.published()
in_scope = filters.scope().of(current.findings)

components.header("Posture", current)
with st.container(horizontal=True, vertical_alignment="center"):
    view = tables.view_switch()
    st.space("stretch")
    download_place = st.container(horizontal=True, width="content")
choice = filters.finding_filters(by_outcome=view == FINDINGS)
rows = (choice if view == FINDINGS else choice.of_any_outcome).of(in_scope)
opened = filters.opened_finding()
change = filters.opened_closing() if view == BY_CHANGE else None

with download_place:
    components.downloads(current, rows)
st.caption(components.shown_of(len(rows), len(in_scope), judged_of(in_scope)))

left, right = st.columns([11, 10], gap="medium") if opened or change else (st.container(), None)
with left:
    if rows.empty:
        components.empty("No finding matches", "Take a filter away, or press Reset.")
    elif view == FINDINGS:
        tables.findings_table(rows, is_narrow=opened is not None)
    elif view == BY_CHANGE:
        closings_table(current, rows, change, is_narrow=right is not None)
    elif view == BY_RULE:
        tables.rules_table(rules_frame(rows))
    elif view == HEAT_MAP:
        tables.heat_map(matrix(rows), is_narrow=opened is not None)
if right is not None:
    with right:
        if opened is not None:
            finding_detail(current, opened)
        elif change is not None:
            closing_detail(current, rows, change)
