"""Changes to answers: members added that no release knows yet, members taken away."""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from demo.emulator.calls import Call
from demo.emulator.messages import Answer


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """Members to merge into the answers of an operation, and dotted paths of members to drop.

    Where the answer has a list, both reach each of its elements. `resource` must occur in the
    request's body.
    """

    operation: str
    resource: str | None = None
    merge: Mapping[str, Any] = field(default_factory=dict)
    drop: tuple[str, ...] | list[str] = ()

    def __post_init__(self) -> None:
        """Refuse what would never apply."""
        if ":" not in self.operation:
            raise ValueError(f"An amendment's operation reads service:Operation, not {self.operation!r}")

    def matches(self, call: Call) -> bool:
        """Say whether the answers to this call are changed."""
        return self.operation == call.name and (self.resource is None or self.resource in call.text)


class Amendments:
    """The amendments in force, applied in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._amendments: list[Amendment] = []

    def add(self, settings: Mapping[str, Any]) -> None:
        """Add an amendment from its settings; TypeError or ValueError if they are wrong."""
        amendment = Amendment(**settings)
        with self._lock:
            self._amendments.append(amendment)

    def clear(self) -> None:
        """Remove all."""
        with self._lock:
            self._amendments.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """Return the amendments in force."""
        with self._lock:
            return [asdict(amendment) for amendment in self._amendments]

    def apply(self, call: Call, answer: Answer) -> Answer:
        """Return the answer as amended; errors and XML stay as they are."""
        with self._lock:
            due = [amendment for amendment in self._amendments if amendment.matches(call)]
        if not due or not call.is_json or answer.status != 200:  # noqa: PLR2004 - HTTP's OK
            return answer
        body = json.loads(answer.body)
        for amendment in due:
            _merge(body, amendment.merge)
            for path in amendment.drop:
                _drop(body, path.split("."))
        return Answer(status=answer.status, body=json.dumps(body).encode(), headers=answer.headers)


def _merge(target: Any, more: Mapping[str, Any]) -> None:
    for element in target if isinstance(target, list) else [target]:
        for name, value in more.items():
            if isinstance(value, Mapping) and isinstance(element.get(name), dict | list):
                _merge(element[name], value)
            else:
                element[name] = value


def _drop(target: Any, path: list[str]) -> None:
    name, *rest = path
    for element in target if isinstance(target, list) else [target]:
        if not rest:
            element.pop(name, None)
        elif name in element:
            _drop(element[name], rest)
