"""The pages: scripts that Streamlit runs, without logic of their own."""
