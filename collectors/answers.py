"""Typed reading of one AWS answer, member by member: an allow-list, so that nothing else gets in."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any


class MalformedAnswerError(Exception):
    """AWS's answer lacks a member that it always has, or has one of another type."""


# AWS's integers and longs, and those of the store, have 64 bits.
_LARGEST = 2**63 - 1


class Answer:
    """One structure of an AWS answer. A member that is absent reads as None; one of a wrong type raises."""

    __slots__ = ("_raw", "_where")

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, Mapping):
            raise MalformedAnswerError(f"{where} is no structure")
        self._raw: Mapping[str, Any] = raw
        self._where = where

    def _member(self, name: str, kind: type | tuple[type, ...]) -> Any:
        value = self._raw.get(name)
        if value is None or (isinstance(value, kind) and not (kind is int and isinstance(value, bool))):
            return value
        raise MalformedAnswerError(f"{self._where}.{name} is a {type(value).__name__}")

    def text(self, name: str) -> str | None:
        """Return a string; AWS answers some unset strings as empty, which means the same as absent."""
        value: str | None = self._member(name, str)
        return value or None

    def required_text(self, name: str) -> str:
        """Return a string that every answer has."""
        value = self.text(name)
        if value is None:
            raise MalformedAnswerError(f"{self._where} has no {name}")
        return value

    def flag(self, name: str) -> bool | None:
        """Return a boolean."""
        value: bool | None = self._member(name, bool)
        return value

    def required_flag(self, name: str) -> bool:
        """Return a boolean that every answer has."""
        value = self.flag(name)
        if value is None:
            raise MalformedAnswerError(f"{self._where} has no {name}")
        return value

    def number(self, name: str) -> int | None:
        """Return a whole number."""
        value: int | None = self._member(name, int)
        if value is not None and abs(value) > _LARGEST:
            raise MalformedAnswerError(f"{self._where}.{name} is beyond any number that AWS has")
        return value

    def measure(self, name: str) -> float | None:
        """Return a number that need not be whole."""
        value = self._member(name, (int, float))
        # So written, what is no number at all is refused as well.
        if isinstance(value, bool) or (value is not None and not abs(value) <= _LARGEST):
            raise MalformedAnswerError(f"{self._where}.{name} is no number that AWS has")
        return None if value is None else float(value)

    def time(self, name: str) -> datetime | None:
        """Return a time in UTC."""
        value: datetime | None = self._member(name, datetime)
        try:
            return value.astimezone(UTC) if value else None
        except OverflowError:
            raise MalformedAnswerError(f"{self._where}.{name} is at the end of time") from None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings in AWS's order; an absent list is an empty one."""
        values = self._member(name, list) or ()
        if not all(isinstance(value, str) for value in values):
            raise MalformedAnswerError(f"{self._where}.{name} has a member that is no string")
        return tuple(values)

    def text_set(self, name: str) -> frozenset[str]:
        """Return a list of strings whose order means nothing."""
        return frozenset(self.texts(name))

    def optional_text_set(self, name: str) -> frozenset[str] | None:
        """Return a list of strings, None where AWS left it out: unset differs from empty."""
        return None if self._raw.get(name) is None else self.text_set(name)

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return a map of strings as pairs ordered by key."""
        values: Mapping[str, object] = self._member(name, Mapping) or {}
        if not all(isinstance(part, str) for pair in values.items() for part in pair):
            raise MalformedAnswerError(f"{self._where}.{name} has a member that is no string")
        return tuple(sorted((key, str(value)) for key, value in values.items()))

    def has(self, name: str) -> bool:
        """Whether AWS answered the member at all; for secrets, whose value nobody may look at."""
        return self._raw.get(name) not in (None, "")

    def document(self, name: str) -> Mapping[str, Any] | str:
        """Return a policy that every answer has: what botocore decoded, or the text that it could not."""
        value: Mapping[str, Any] | str | None = self._member(name, (Mapping, str))
        if value is None:
            raise MalformedAnswerError(f"{self._where} has no {name}")
        return value

    def part(self, name: str) -> "Answer | None":
        """Return a nested structure, None where it is absent or empty."""
        value = self._member(name, Mapping)
        return Answer(value, f"{self._where}.{name}") if value else None

    def required_part(self, name: str) -> "Answer":
        """Return a nested structure that every answer has, be it empty."""
        return Answer(self._member(name, Mapping), f"{self._where}.{name}")

    def required_parts(self, name: str) -> "Iterable[Answer]":
        """Yield the structures of a list that every answer has: without it, "none" would be a guess."""
        if self._raw.get(name) is None:
            raise MalformedAnswerError(f"{self._where} has no {name}")
        return self.parts(name)

    def parts(self, name: str) -> "Iterable[Answer]":
        """Yield the structures of a list."""
        for index, value in enumerate(self._member(name, list) or ()):
            yield Answer(value, f"{self._where}.{name}[{index}]")

    def part_map(self, name: str) -> "Iterable[tuple[str, Answer]]":
        """Yield the structures of a map with their keys, ordered by key."""
        for key, value in sorted((self._member(name, Mapping) or {}).items()):
            yield key, Answer(value, f"{self._where}.{name}[{key}]")


def demand_same(answered: str, asked: str) -> None:
    """Refuse an answer about another resource than the one that was asked for."""
    if answered != asked:
        raise MalformedAnswerError(f"AWS answered about {answered}, not about {asked}")
