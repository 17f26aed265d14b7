"""The parts of First steps."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dashboard.advice import iam_policy
from dashboard.text import code_span
from dashboard.theme import RUN_STATES
from poolwatch.settings import program
from records.run import Run, RunState

_MESSAGE_LIMIT = 500


def store_state(directory: Path, runs: Sequence[Run]) -> None:
    """Say where the store is looked for and what it holds so far."""
    newest = next(iter(runs), None)
    if newest is not None and not any(run.state.has_data for run in runs):
        if newest.state is RunState.RUNNING:
            st.info("Reload this page when it has ended.", title=f"Run {newest.id} is under way")
        else:
            st.warning(
                code_span(newest.message or "no reason was kept", _MESSAGE_LIMIT),
                title=f"Run {newest.id} {RUN_STATES[newest.state].word.lower()}, and no other brought data",
                icon=":material/sync_problem:",
            )
    st.caption("The store is looked for here. POOLWATCH_STORE names another place.")
    st.code(str(directory), language=None)


def demo_card() -> None:
    """Draw the way to the demo."""
    st.subheader(":material/science: Look around with the demo", anchor=False)
    st.markdown("A made-up company on an emulated AWS account, on this machine. No AWS account, no cost.")
    st.code("make demo", language="bash")
    st.caption("It opens a dashboard of its own, on a store of its own: the two never mix.")


def account_card() -> None:
    """Draw the way to a real account."""
    st.subheader(":material/cloud_download: Collect a real account", anchor=False)
    st.markdown("With any profile of your AWS configuration that has the permissions below:")
    st.code(
        f"{program()} collect --profile my-profile\n"
        f"{program()} collect --profile my-profile --region eu-west-1",
        "bash",
    )
    st.caption(
        "Without a region it asks every region that has Cognito. It keeps to 60 percent of the read quotas, "
        "which your own application shares. Reload this page when it has ended."
    )


def policy_card() -> None:
    """Draw the IAM policy that collecting takes."""
    st.subheader(":material/verified_user: The permissions that it takes", anchor=False)
    policy = iam_policy()
    if policy is None:
        st.markdown("Print the policy with:")
        st.code(f"{program()} policy", language="bash")
        return
    st.markdown(
        "Reading only. A call that is not allowed becomes a gap that the pages name, never a wrong result."
    )
    st.download_button(
        "Download iam-policy.json",
        policy,
        "poolwatch-iam-policy.json",
        "application/json",
        icon=":material/download:",
        on_click="ignore",
        key="policy_download",
    )
    st.code(policy, language="json", height=320)
