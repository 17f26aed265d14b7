"""Text that others chose (names, URLs, messages of AWS) inside Markdown.

Streamlit renders Markdown nearly everywhere: a picture in it would call outside, and `:material/..:` or
`:red[..]` take effect even behind a backslash. So such text stands in `st.text`, `st.code` and tables, or
here as a code span.
"""

import re
from collections.abc import Iterable

from poolwatch.text import plain

NAME_LIMIT = 60
_NAMED = 3
_BACKTICKS = re.compile(r"`+")


def code_span(text: str, limit: int = NAME_LIMIT) -> str:
    """Return the text as Markdown's inline code, in which nothing takes effect."""
    shown = plain(text, limit) or "(no name)"
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    # A space keeps a backtick at either end apart from the fence; Markdown takes one away on each side.
    return f"{fence} {shown} {fence}" if longest else f"{fence}{shown}{fence}"


def code_spans(names: Iterable[str]) -> str:
    """Return the first few different names as inline code, and how many more there are."""
    distinct = list(dict.fromkeys(names))
    shown = ", ".join(code_span(name) for name in distinct[:_NAMED])
    rest = len(distinct) - _NAMED
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def escaped(text: str) -> str:
    """Return our own text (a rule's documentation) without Markdown of its own; never for text of others."""
    return _SPECIAL.sub(r"\\\g<0>", text)


_SPECIAL = re.compile(r"[\\`*_\[\]<>$~|#!]")
