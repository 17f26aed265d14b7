"""What needs attention, in ten seconds."""

import streamlit as st

from dashboard import components, data, filters, overview, tables
from dashboard.frames import regions_frame

current = data.published()
scope = filters.scope()
findings = scope.of(current.findings)
regions = regions_frame(current.posture, findings, scope)
counts = overview.comparable_counts(current) if scope.is_everything else ()
trend = overview.trend_frame(counts)

components.header("Overview", current)

if regions.empty:
    components.empty("No region in this scope", "Take an account or a region out of the filters on the left.")
    st.stop()

overview.worst_cards(findings)
overview.severity_counts(findings, counts)

st.subheader("Accounts and regions", anchor=False)
tables.regions_table(regions)

left, right = st.columns(2, gap="medium")
with left:
    st.subheader("Open problems over runs", anchor=False)
    if trend["run"].nunique() > 1:
        tables.trend(trend)
    else:
        components.empty(
            "Nothing to compare yet",
            "The course shows once two runs have read the same accounts and regions, over the whole scope.",
        )
with right:
    st.subheader("What could not be read", anchor=False)
    components.unread(current, scope)
