"""Pages of an answer for operations that moto answers all at once, or not at all."""

from collections.abc import Sequence
from typing import Any, TypeVar

from moto.core.exceptions import JsonRESTError

T = TypeVar("T")

INVALID_TOKEN = "Invalid NextToken."  # noqa: S105 - a paging token


def page_of(items: Sequence[T], token: Any, size: int, *, code: str) -> tuple[Sequence[T], str | None]:
    """Return one page of the items and the next one's token; an error of this code for a wrong token.

    A token tells the place of the page's first item, as AWS's opaque ones may.
    """
    start = 0
    if token:
        start = int(token) if str(token).isdecimal() else len(items)
        if not 0 < start < len(items):
            raise JsonRESTError(code, INVALID_TOKEN)
    end = start + size
    return items[start:end], str(end) if end < len(items) else None


def size_of(sent: Any, largest: int, *, code: str) -> int:
    """Return the size of page that a call asks for, the largest where it does not say."""
    size = int(sent) if sent else largest
    if not 1 <= size <= largest:
        raise JsonRESTError(code, f"A page has between 1 and {largest} entries.")
    return size
