"""What each run read, could not read and called."""

import streamlit as st

from dashboard import components, data, tables
from dashboard.frames import calls_frame, gaps_frame, runs_frame
from records.run import RunState

current = data.current()
runs = data.runs()

components.header("Runs", current)

run = runs[tables.runs_table(runs_frame(runs))]

st.subheader("The chosen run", anchor=False)
components.run_facts(run)
if run.state is RunState.RUNNING:
    components.empty("Still running", "What it reads shows here when it has ended.")
    st.stop()

left, right = st.columns([3, 2], gap="medium")
with left:
    st.markdown("**What it could not read**")
    gaps = data.gaps(run)
    if gaps:
        tables.gaps_table(
            gaps_frame(gaps, *((current.pools, current.account_labels) if current else ({}, {})))
        )
        components.iam_advice(gap.gap for gap in gaps)
    else:
        components.no_gaps(run)
with right:
    st.markdown("**API calls**")
    if run.calls:
        tables.calls_table(calls_frame(run))
    else:
        components.empty("No call was counted", "The run ended before AWS answered anything.")
