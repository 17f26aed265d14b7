"""Faults that a test or the demo plants: which calls they hit, how often, and what AWS answers then."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from demo.emulator.accounts import caller_arn, resource_arn
from demo.emulator.calls import Call, Protocol
from demo.emulator.messages import AMZ_JSON, Answer
from records.facet import iam_actions

REQUEST_ID = "00000000-0000-4000-8000-000000000000"
STUCK_TOKEN = "stuck-token"  # noqa: S105 - a paging token

_NAMESPACES = {
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "sns": "http://sns.amazonaws.com/doc/2010-03-31/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
}

EXPIRED = "The security token included in the request is expired"
INVALID = "The security token included in the request is invalid."

# kind: the code of the JSON services and REST APIs with the status of each, code and status of the query
# services, and the message.
ERRORS: dict[str, tuple[str, int, int, str, int, str]] = {
    "throttled": ("TooManyRequestsException", 400, 429, "Throttling", 400, "Rate exceeded"),
    "server_error": ("InternalErrorException", 500, 500, "InternalFailure", 500, "Internal server error"),
    "unknown_operation": ("UnknownOperationException", 400, 404, "InvalidAction", 400, ""),
    "expired": ("ExpiredTokenException", 400, 403, "ExpiredToken", 403, EXPIRED),
    "unrecognized_client": ("UnrecognizedClientException", 400, 403, "InvalidClientTokenId", 403, INVALID),
    "not_found": ("ResourceNotFoundException", 400, 404, "NoSuchEntity", 404, "The resource does not exist."),
    "invalid_token": ("InvalidParameterException", 400, 400, "ValidationError", 400, "Invalid NextToken."),
    "denied": ("AccessDeniedException", 400, 403, "AccessDenied", 403, ""),
    "explicit_deny": ("AccessDeniedException", 400, 403, "AccessDenied", 403, ""),
}
# Where a service has a code of its own for one of these.
CODES: dict[tuple[str, str], str] = {
    **{
        (service, "throttled"): "ThrottlingException"
        for service in ("acm", "cloudtrail", "kms", "logs", "pinpoint-sms-voice-v2", "wafv2")
    },
    **{
        (service, "not_found"): "NotFoundException"
        for service in ("apigateway", "apigatewayv2", "kms", "sesv2")
    },
    ("cloudtrail", "not_found"): "TrailNotFoundException",
    ("cloudwatch", "denied"): "AccessDenied",
    ("cloudwatch", "explicit_deny"): "AccessDenied",
    ("cloudwatch", "throttled"): "Throttling",
    ("service-quotas", "invalid_token"): "InvalidPaginationTokenException",
    ("service-quotas", "not_found"): "NoSuchResourceException",
    ("sns", "denied"): "AuthorizationError",
    ("sns", "explicit_deny"): "AuthorizationError",
    ("sns", "throttled"): "Throttled",
    ("wafv2", "not_found"): "WAFNonexistentItemException",
}
# The operations that answer in pages though their names do not begin with List, and all that name their token
# otherwise than NextToken.
_TOKEN_OF = {
    "apigateway:GetAuthorizers": "position",
    "apigateway:GetResources": "position",
    "apigateway:GetRestApis": "position",
    "apigatewayv2:GetApis": "NextToken",
    "apigatewayv2:GetAuthorizers": "NextToken",
    "apigatewayv2:GetRoutes": "NextToken",
    "cloudwatch:DescribeAlarms": "NextToken",
    "cognito-idp:ListUserImportJobs": "PaginationToken",
    "cognito-idp:ListUsers": "PaginationToken",
    "logs:DescribeLogGroups": "nextToken",
    "pinpoint-sms-voice-v2:DescribeAccountAttributes": "NextToken",
    "pinpoint-sms-voice-v2:DescribeProtectConfigurations": "NextToken",
    "pinpoint-sms-voice-v2:DescribeSpendLimits": "NextToken",
}
KINDS = frozenset(ERRORS) | {"malformed", "stuck_token"}


@dataclass(kw_only=True)
class Fault:
    """A fault and its history.

    `operation` is a call such as `sesv2:GetAccount`, an IAM action such as `ses:GetAccount`, or `*`;
    `resource` must occur in the request's body or path; `after` calls that match pass first; `times`
    limits how many are hit, None for no end. An `invalid_token` hits calls that carry a token, once
    where `times` says nothing else.
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
            self.operation in {"*", call.name, *iam_actions(call.name)}
            and (self.region is None or self.region == call.region)
            and (self.resource is None or self.resource in call.text)
            and (self.kind != "invalid_token" or call.token is not None)
            and (self.kind != "stuck_token" or token_member(call) is not None)
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


def token_member(call: Call) -> str | None:
    """Return the member that carries the next page's token, None where a call's answers have no pages."""
    name = _TOKEN_OF.get(call.name)
    return name or ("NextToken" if call.operation.startswith("List") and call.is_json else None)


def error_answer(call: Call, kind: str) -> Answer:
    """Return what AWS answers to a call that meets this kind of error."""
    code, json_status, rest_status, query_code, query_status, message = ERRORS[kind]
    own_code = CODES.get((call.service, kind))
    if kind in {"denied", "explicit_deny"}:
        message = denial(call, explicit=kind == "explicit_deny")
    if call.is_json:
        is_rest = call.protocol is Protocol.REST_JSON
        code = own_code or code
        # The gateway answers this one before the service sees the call, hence no message.
        body = {} if is_rest else {"__type": code}
        body |= {"message": message} if message else {}
        headers = {"Content-Type": AMZ_JSON, "x-amzn-ErrorType": f"{code}:", "x-amzn-RequestId": REQUEST_ID}
        status = rest_status if is_rest else json_status
        return Answer(status=status, body=json.dumps(body).encode(), headers=headers)
    return query_error(call.service, query_status, own_code or query_code, message)


def query_error(service: str, status: int, code: str, message: str) -> Answer:
    """Return an error as the services with a query protocol write it."""
    xml = (
        f'<ErrorResponse xmlns="{_NAMESPACES.get(service, _NAMESPACES["sts"])}">'
        f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    )
    return Answer(status=status, body=xml.encode(), headers={"Content-Type": "text/xml"})


def denial(call: Call, *, explicit: bool = False) -> str:
    """Return AWS's sentence on a call that its caller may not make; it names the IAM action, not the call."""
    action = iam_actions(call.name)[0]
    start = f"User: {caller_arn(call)} is not authorized to perform: {action}"
    start += f" on resource: {resource_arn(call)}"
    if explicit:
        return f"{start} with an explicit deny in a service control policy"
    return f"{start} because no identity-based policy allows the {action} action"


def malformed_answer(answer: Answer) -> Answer:
    """Return the answer cut off in the middle, still with status 200."""
    return Answer(status=200, body=answer.body[: len(answer.body) // 2] or b"{", headers=answer.headers)
