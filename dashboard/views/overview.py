"""What needs attention, in ten seconds."""

import streamlit as st

from dashboard import components, data, filters, overview, tables
from dashboard.places import accounts_frame, regions_frame

current = data.published()
scope = filters.scope()
findings = scope.of(current.findings)
accounts = accounts_frame(current.posture, current.accounts, findings, scope)
counts = overview.comparable_counts(current) if scope.is_everything else ()
trend = overview.trend_frame(counts)

components.header("Overview", current)

if accounts.empty:
    components.empty(
        "No account in this scope", "Take an account or a region out of the filters on the left."
    )
    st.stop()

overview.worst_cards(findings)
overview.severity_counts(findings, counts)

st.subheader("Accounts", anchor=False)
tables.accounts_table(accounts)
with st.expander("By region", icon=":material/public:", key="by_region", expanded=len(accounts) == 1):
    tables.regions_table(regions_frame(current.posture, current.account_labels, findings, scope))

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
