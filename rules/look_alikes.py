"""Texts that people take for one another: in case alone, or letters of other alphabets."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum, auto

# Letters of Cyrillic and Greek, digits and signs that look like the Latin letter beside them.
_LOOK_ALIKES = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051b\u051d"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5"
    "I|10",
    "ABEKMHOPCTYXlJS" + "aeopcyxijsdhqw" + "ABEZHlKMNOPTYX" + "aikvopu" + "lllo",
)


class Likeness(Enum):
    """How texts resemble each other."""

    BY_CASE = auto()
    BY_LOOK = auto()


def collisions(named: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, ...], Likeness]]:
    """Yield texts that look the same and belong to different owners, as `named` pairs them."""
    by_case: dict[str, set[tuple[str, str]]] = defaultdict(set)
    by_look: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for text, owner in named:
        plain = unicodedata.normalize("NFKC", text)
        by_case[plain.casefold()].add((text, owner))
        by_look[plain.translate(_LOOK_ALIKES).casefold()].add((text, owner))
    told = set()
    for groups, likeness in ((by_case, Likeness.BY_CASE), (by_look, Likeness.BY_LOOK)):
        for found in groups.values():
            texts = tuple(sorted({text for text, _ in found}))
            if len({owner for _, owner in found}) > 1 and texts not in told:
                told.add(texts)
                yield texts, likeness
