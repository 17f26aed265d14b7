"""Remembering what is costly to work out of a record, without the cost of comparing records."""

import functools
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Same(Generic[T]):
    """A record that equals itself alone; hashing policies by their contents takes longer than looking up."""

    __slots__ = ("record",)

    def __init__(self, record: T) -> None:
        self.record = record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.record is self.record

    def __hash__(self) -> int:
        return id(self.record)


def remembered(count: int) -> Callable[[Callable[[T], R]], Callable[[T], R]]:
    """Let a function of one frozen record remember the answers for the last `count` records."""

    def make(function: Callable[[T], R]) -> Callable[[T], R]:
        @functools.lru_cache(maxsize=count)
        def answer(same: _Same[T]) -> R:
            return function(same.record)

        @functools.wraps(function)
        def asked(record: T) -> R:
            return answer(_Same(record))

        return asked

    return make
