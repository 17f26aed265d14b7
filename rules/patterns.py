"""IAM's patterns, in which `*` stands for any text and `?` for any one character, compared with each other.

Both questions are answered by running one pattern over the other's characters with the set of reachable
positions in one integer, so no pattern, however made, takes more than its length times a few machine words.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

_WILDCARDS = "*?"
_RUN = re.compile(r"[*?]+")
# A policy variable such as ${cognito-identity.amazonaws.com:sub}, whose value only a request knows.
_VARIABLE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class _Pattern:
    text: str
    prefix: str
    suffix: str
    stars: int
    questions: int
    letters: Mapping[str, int]


@functools.lru_cache(maxsize=8192)
def _compiled(text: str) -> _Pattern:
    # The order within a run of wildcards means nothing: first what demands a character, then one star.
    text = _RUN.sub(lambda run: "?" * run[0].count("?") + "*" * ("*" in run[0]), text)
    letters: dict[str, int] = {}
    for position, letter in enumerate(text):
        letters[letter] = letters.get(letter, 0) | 1 << position
    prefix, *_, suffix = (text, text) if not is_pattern(text) else re.split(r"[*?]", text)
    return _Pattern(text, prefix, suffix, letters.pop("*", 0), letters.pop("?", 0), letters)


def is_pattern(text: str) -> bool:
    """Whether a text has a wildcard."""
    return any(wildcard in text for wildcard in _WILDCARDS)


def covers(pattern: str, other: str) -> bool:
    """Whether `pattern` matches everything that `other`, a pattern or a plain text, matches.

    True is always right. So is False for a plain text; for patterns it can be wrong where `pattern` has `?`
    beside `*`: `?*` covers `*a`, which would take all lengths of the star to see.
    """
    if pattern == other:
        return True
    wide, narrow = _compiled(pattern), _compiled(_VARIABLE.sub("*", other))
    # What most pairs differ by, at either end.
    if not (narrow.text.startswith(wide.prefix) and narrow.text.endswith(wide.suffix)):
        return False
    states = _skip_star(1, wide)
    for letter in narrow.text:
        kept = states & wide.stars
        if letter == "*":
            taken = 0
        elif letter == "?":
            taken = states & wide.questions
        else:
            taken = states & (wide.letters.get(letter, 0) | wide.questions)
        states = _skip_star(kept | taken << 1, wide)
        if not states:
            return False
    return bool(states >> len(wide.text) & 1)


def overlaps(one: str, other: str) -> bool:
    """Whether some text matches both patterns; a policy variable may have any value."""
    left, right = _compiled(_VARIABLE.sub("*", one)), _compiled(_VARIABLE.sub("*", other))
    common = min(len(left.prefix), len(right.prefix))
    if left.prefix[:common] != right.prefix[:common]:
        return False
    everything = (1 << len(right.text) + 1) - 1
    states = _skip_star(1, right)
    for letter in left.text:
        kept = states & right.stars
        if letter == "*":
            # A star takes in any of the other's characters, so all positions from the first on are reached.
            states = everything & -(states & -states)
            continue
        if letter == "?":
            taken = states & everything & ~right.stars & ~(1 << len(right.text))
        else:
            taken = states & (right.letters.get(letter, 0) | right.questions)
        states = _skip_star(kept | taken << 1, right)
        if not states:
            return False
    return bool(states >> len(right.text) & 1)


def _skip_star(states: int, pattern: _Pattern) -> int:
    """Add the positions behind stars, which may stand for nothing; no two stars stand side by side."""
    return states | (states & pattern.stars) << 1
