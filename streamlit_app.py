"""The dashboard: `streamlit run streamlit_app.py`.

Streamlit imports this file for the app that the server serves, and runs it as a script to draw a page.
"""

import streamlit as st
from starlette.middleware import Middleware

from dashboard.navigation import run_page
from dashboard.security import Guard, refuse_other_machines

if __name__ == "__main__":
    run_page()
else:
    refuse_other_machines(st.get_option("server.address"))
    app = st.App(__file__, middleware=[Middleware(Guard)])
