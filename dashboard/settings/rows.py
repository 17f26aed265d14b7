"""How a setting is told: a readable name, its group, the name that AWS gives it, and how it is read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboard import words
from records.facet import Facet, FacetName

# What a setting holds: (key, text). A single value has an empty key; a member of a list that has no name is
# its own key. Texts are whole and as AWS gave them: whoever shows them shortens and cleans them.
Entries = tuple[tuple[str, str], ...]
Facets = Mapping[FacetName, Facet[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting; `is_own` marks what differs between any two resources, such as their ids."""

    facet: FacetName
    group: str
    label: str
    aws: str
    read: Callable[[Any], Entries]
    is_own: bool


Row = Callable[[FacetName, str, str], Setting]


def group(facet: FacetName, title: str, *rows: Row, absent: str = words.NONE) -> tuple[Setting, ...]:
    """Return the settings of one facet under a title; `absent` says that AWS has none."""
    return tuple(row(facet, title, absent) for row in rows)


def one(
    label: str, path: str, aws: str, show: Callable[[Any], str] = words.text, *, is_own: bool = False
) -> Row:
    """Make a setting of one value."""
    return partial(_setting, label, aws, lambda record: (("", show(_at(record, path))),), is_own)


def many(label: str, path: str, aws: str, entry: Callable[[Any], Entries], *, is_own: bool = False) -> Row:
    """Make a setting that is a list; `entry` gives the keys and texts of one member.

    An empty path stands for a facet that is a list itself.
    """
    return whole(label, path, aws, lambda members: _chained(map(entry, members or ())), is_own=is_own)


def whole(label: str, path: str, aws: str, entries: Callable[[Any], Entries], *, is_own: bool = False) -> Row:
    """Make a setting of which `entries` gives all keys and texts at once."""
    return partial(_setting, label, aws, lambda record: entries(_at(record, path)), is_own)


def itself(text: str) -> Entries:
    """Return a member of a list of texts as an entry."""
    return ((text, text),)


def pair(pair: tuple[str, str]) -> Entries:
    """Return a named text as an entry."""
    return (pair,)


def _chained(entries: Iterable[Entries]) -> Entries:
    return tuple(each for some in entries for each in some)


# The value at a path of members; None where a record on the way is absent.
def _at(record: object, path: str) -> Any:
    value = record
    for name in path.split(".") if path else ():
        if value is None:
            return None
        value = getattr(value, name)
    return value


def _setting(
    label: str,
    aws: str,
    read: Callable[[Any], Entries],
    is_own: bool,  # noqa: FBT001  (bound by partial above)
    facet: FacetName,
    title: str,
    absent: str,
) -> Setting:
    def read_or_absent(record: Any) -> Entries:
        return (("", absent),) if record is None else read(record)

    return Setting(facet=facet, group=title, label=label, aws=aws, read=read_or_absent, is_own=is_own)
