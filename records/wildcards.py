"""Text with wildcards, as owners write ARNs and codes: `*` stands for any characters."""

import re
from functools import cache

_STARS = re.compile(r"\*+")


@cache
def as_pattern(text: str) -> re.Pattern[str]:
    """Return a pattern in which `*` stands for any characters, and nothing else has a meaning.

    However many of them there are, matching takes no more than the texts' lengths multiplied.
    """
    first, *rest = map(re.escape, _STARS.split(text))
    if not rest:
        return re.compile(first)
    *inner, last = rest
    # The leftmost place of each part will do, so none is given up for another (an atomic group).
    return re.compile("".join((first, *(f"(?>.*?{each})" for each in inner), ".*", last)), re.DOTALL)
