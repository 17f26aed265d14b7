"""The emulator's own HTTP interface under /emulator/, for seeds, tests and benchmarks.

A collector never calls it.
"""

import json
from collections.abc import Callable
from typing import Any

from demo.emulator.accounts import set_account
from demo.emulator.facts import set_account_facts, set_facts
from demo.emulator.messages import Answer, Request, json_answer
from demo.emulator.switchboard import Switchboard

PREFIX = "/emulator/"


def control(board: Switchboard, request: Request) -> Answer:
    """Answer a control request: 400 with the reason where its settings are wrong."""
    name, _, rest = request.path.removeprefix(PREFIX).partition("/")
    handler = HANDLERS.get((request.method, name))
    if handler is None:
        return json_answer({"error": f"No control {request.method} {request.path}"}, status=404)
    try:
        result = handler(board, rest, json.loads(request.body or "{}"))
    except (KeyError, TypeError, ValueError) as error:
        return json_answer({"error": f"{type(error).__name__}: {error}"}, status=400)
    return json_answer(result or {})


def _calls(board: Switchboard, _rest: str, _sent: Any) -> dict[str, Any]:
    return {**board.counts.as_json(), "throttled": board.quotas.throttled}


def _reset_calls(board: Switchboard, _rest: str, _sent: Any) -> None:
    board.counts.reset()
    board.quotas.throttled = 0


def _set_latency(board: Switchboard, _rest: str, sent: Any) -> None:
    board.latency_seconds = float(sent["seconds"])


def _set_quotas(board: Switchboard, _rest: str, sent: Any) -> None:
    board.quotas.reset()
    board.quotas.is_enforced = bool(sent["enforced"])


# What each (method, name) does with the switchboard, the rest of the path and the JSON sent.
HANDLERS: dict[tuple[str, str], Callable[[Switchboard, str, Any], Any]] = {
    ("GET", "calls"): _calls,
    ("DELETE", "calls"): _reset_calls,
    ("GET", "faults"): lambda board, _rest, _sent: {"faults": board.faults.as_json()},
    ("POST", "faults"): lambda board, _rest, sent: {"id": board.faults.add(sent)},
    ("DELETE", "faults"): lambda board, rest, _sent: board.faults.clear(rest or None),
    ("GET", "amendments"): lambda board, _rest, _sent: {"amendments": board.amendments.as_json()},
    ("POST", "amendments"): lambda board, _rest, sent: board.amendments.add(sent),
    ("DELETE", "amendments"): lambda board, _rest, _sent: board.amendments.clear(),
    ("PUT", "latency"): _set_latency,
    ("PUT", "quotas"): _set_quotas,
    ("PUT", "account"): lambda _board, _rest, sent: set_account(sent["account_id"]),
    ("PUT", "facts"): lambda _board, _rest, sent: set_facts(sent),
    ("PUT", "account-facts"): lambda _board, _rest, sent: set_account_facts(sent),
    ("POST", "reset"): lambda board, _rest, _sent: board.reset(),
}
