"""The dashboard's server as a child process: `python -m poolwatch.cli.child run streamlit_app.py ...`.

Its standard input is a pipe whose other end `poolwatch dashboard` holds. That end closes with the process,
even where the process was killed and could stop nothing.
"""

import os
import sys
import threading

_STDIN = 0


def main() -> None:
    """Be Streamlit until told to stop, or until standard input closes."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Loaded here, for it takes a second in which the parent may end.
    from streamlit.web.cli import main as streamlit  # noqa: PLC0415

    sys.argv[0] = "streamlit"
    streamlit()


def _end_with_parent() -> None:
    while os.read(_STDIN, 1024):
        pass
    # It only reads the store, so there is nothing to bring to an end.
    os._exit(0)


if __name__ == "__main__":
    main()
