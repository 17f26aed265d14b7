"""How moto's classes are extended: new operations are added, existing functions wrapped."""

import functools
from collections.abc import Callable
from typing import Any


def add_operation(responses: type, operation: Callable[..., Any]) -> None:
    """Add an operation under its snake-case name, unless this moto has it: then moto's wins."""
    if not hasattr(responses, operation.__name__):
        setattr(responses, operation.__name__, operation)


def wrap(owner: Any, name: str, wrapper: Callable[..., Any]) -> None:
    """Replace a method or function by `wrapper(original, *args, **kwargs)`."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return wrapper(original, *args, **kwargs)

    setattr(owner, name, wrapped)


def fill(answer: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Add the members that moto left out; a value that moto does give is never replaced."""
    for name, value in more.items():
        if answer.get(name) is None:
            answer[name] = value
    return answer
