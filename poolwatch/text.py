"""Text that comes from AWS, and so from anybody, made harmless before it is shown or handed on.

A user pool's name, a tag or a callback URL is whatever somebody with access to the account, or an attacker
who registered an app client, has written: terminal escapes, text that runs backwards, spreadsheet formulas.
"""

import unicodedata
from collections.abc import Iterable

# Joins emoji and letters of some scripts, and does nothing else.
_JOINERS = "\u200c\u200d"
# What a spreadsheet may take for the start of a formula (OWASP, "CSV Injection"), full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Excel keeps 32,767 characters of a cell.
_CELL_LENGTH = 32_000


def plain(text: str, limit: int | None = None) -> str:
    """Return one line without control, bidirectional and other invisible characters, shortened to `limit`."""
    # Nearly all text is printable as a whole, which is much faster to ask than each character.
    visible = text if text.isprintable() else "".join(map(_visible, text))
    line = " ".join(visible.split())
    return line if limit is None or len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def cell(text: str) -> str:
    """Return the text as a CSV cell that no spreadsheet runs."""
    content = plain(text, _CELL_LENGTH)
    is_formula = content.startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS)
    return f"'{content}" if is_formula else content


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, such as "1 user pool" or "1,200 user pools"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def listed(words: Iterable[str], limit: int) -> str:
    """Return the words with commas, the ones beyond `limit` as a number."""
    all_words = tuple(words)
    rest = len(all_words) - limit
    return ", ".join(all_words[:limit]) + (f" and {rest:,} more" if rest > 0 else "")


def _visible(character: str) -> str:
    if character in _JOINERS:
        return character
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs" | "Co" | "Cn":
            return ""
        case _:
            return character
