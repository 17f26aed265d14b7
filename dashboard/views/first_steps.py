"""How to get something to see: the demo, a real account, and the permissions that it takes."""

import streamlit as st

from dashboard import data, first_steps

st.title("First steps", anchor=False)
st.markdown(
    "Poolwatch reads the settings of Amazon Cognito user pools and identity pools, keeps what it read in a "
    "store on this machine, and shows here what is unsafe, why, and how to fix it. "
    "It never changes anything in AWS."
)
first_steps.store_state(data.directory(), data.runs())

demo, account = st.columns(2, gap="medium")
with demo, st.container(border=True, height="stretch"):
    first_steps.demo_card()
with account, st.container(border=True, height="stretch"):
    first_steps.account_card()
with st.container(border=True):
    first_steps.policy_card()
