"""Faults that a test or the demo plants: which calls they hit, how often, and what AWS answers then."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from demo.emulator.accounts import caller_arn, resource_arn
from demo.emulator.messages import AMZ_JSON, Answer, Call

REQUEST_ID = "00000000-0000-4000-8000-000000000000"
STUCK_TOKEN = "stuck-token"  # noqa: S105 - a paging token

EXPIRED = "The security token included in the request is expired"
INVALID = "The security token included in the request is invalid."

# kind: (JSON status and code, XML status and code, message)
ERRORS: dict[str, tuple[tuple[int, str], tuple[int, str], str]] = {
    "throttled": ((400, "TooManyRequestsException"), (400, "Throttling"), "Rate exceeded"),
    "server_error": ((500, "InternalErrorException"), (500, "InternalFailure"), "Internal server error"),
    "unknown_operation": ((400, "UnknownOperationException"), (400, "InvalidAction"), ""),
    "expired": ((400, "ExpiredTokenException"), (403, "ExpiredToken"), EXPIRED),
    "unrecognized_client": ((400, "UnrecognizedClientException"), (403, "InvalidClientTokenId"), INVALID),
    "not_found": ((400, "ResourceNotFoundException"), (404, "NoSuchEntity"), "The resource does not exist."),
    "invalid_token": ((400, "InvalidParameterException"), (400, "ValidationError"), "Invalid NextToken."),
    "denied": ((400, "AccessDeniedException"), (403, "AccessDenied"), ""),
    "explicit_deny": ((400, "AccessDeniedException"), (403, "AccessDenied"), ""),
}
KINDS = frozenset(ERRORS) | {"malformed", "stuck_token"}


@dataclass(kw_only=True)
class Fault:
    """A fault and its history.

    `operation` is an IAM action or `*`; `resource` must occur in the request's body; `after` calls
    that match pass first; `times` limits how many are hit, None for no end. An `invalid_token` hits
    calls that carry a token, once where `times` says nothing else.
    """

    operation: str
    kind: str
    resource: str | None = None
    region: str | None = None
    times: int | None = None
    after: int = 0
    seen: int = field(default=0, init=False)
    hits: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Refuse what would never hit, so that a test cannot pass by a typing error."""
        if self.kind not in KINDS:
            raise ValueError(f"A fault's kind is one of {', '.join(sorted(KINDS))}, not {self.kind!r}")
        if self.operation != "*" and ":" not in self.operation:
            raise ValueError(f"A fault's operation reads service:Operation or *, not {self.operation!r}")
        if self.kind == "invalid_token" and self.times is None:
            self.times = 1

    def matches(self, call: Call) -> bool:
        """Say whether the fault concerns this call, whatever its history."""
        return (
            self.operation in {"*", call.name}
            and (self.region is None or self.region == call.region)
            and (self.resource is None or self.resource in call.text)
            and (self.kind != "invalid_token" or call.token is not None)
            and (self.kind != "stuck_token" or call.operation.startswith("List"))
        )

    def strikes(self) -> bool:
        """Count a call that matches and say whether it is hit."""
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.hits >= self.times):
            return False
        self.hits += 1
        return True


class Faults:
    """The faults in force, asked by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, Fault] = {}
        self._added = 0

    def add(self, settings: Mapping[str, Any]) -> str:
        """Add a fault from its settings and return its id; TypeError or ValueError if they are wrong."""
        fault = Fault(**settings)
        with self._lock:
            self._added += 1
            self._faults[str(self._added)] = fault
            return str(self._added)

    def clear(self, fault_id: str | None = None) -> None:
        """Remove one fault (KeyError if there is none of this id) or all."""
        with self._lock:
            if fault_id is None:
                self._faults.clear()
            else:
                del self._faults[fault_id]

    def as_json(self) -> list[dict[str, Any]]:
        """Return the faults with their history."""
        with self._lock:
            return [{"id": fault_id, **vars(fault)} for fault_id, fault in self._faults.items()]

    def strike(self, call: Call) -> str | None:
        """Return the kind of the first fault that hits this call."""
        with self._lock:
            for fault in self._faults.values():
                if fault.matches(call) and fault.strikes():
                    return fault.kind
        return None


def error_answer(call: Call, kind: str) -> Answer:
    """Return what AWS answers to a call that meets this kind of error."""
    json_error, xml_error, message = ERRORS[kind]
    if kind in {"denied", "explicit_deny"}:
        message = _denial(call, explicit=kind == "explicit_deny")
    if call.is_json:
        status, code = json_error
        # The gateway answers this one before the service sees the call, hence no message.
        body = {"__type": code, "message": message} if message else {"__type": code}
        headers = {"Content-Type": AMZ_JSON, "x-amzn-ErrorType": f"{code}:", "x-amzn-RequestId": REQUEST_ID}
        return Answer(status=status, body=json.dumps(body).encode(), headers=headers)
    status, code = xml_error
    xml = (
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
        f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    )
    return Answer(status=status, body=xml.encode(), headers={"Content-Type": "text/xml"})


def _denial(call: Call, *, explicit: bool) -> str:
    start = f"User: {caller_arn(call)} is not authorized to perform: {call.name}"
    start += f" on resource: {resource_arn(call)}"
    if explicit:
        return f"{start} with an explicit deny in a service control policy"
    return f"{start} because no identity-based policy allows the {call.name} action"


def malformed_answer(answer: Answer) -> Answer:
    """Return the answer cut off in the middle, still with status 200."""
    return Answer(status=200, body=answer.body[: len(answer.body) // 2] or b"{", headers=answer.headers)
