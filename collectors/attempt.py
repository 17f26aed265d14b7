"""The one place where an AWS error becomes a gap."""

import logging
import re
import traceback
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PaginationError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as AwsConnectionError
from botocore.parsers import ResponseParserError

from collectors.answers import MalformedAnswerError
from records.errors import CredentialsError, PoolwatchError, UsageError
from records.facet import FacetName, Gap, Reason

T = TypeVar("T")
logger = logging.getLogger(__name__)

# What botocore raises before any request goes out, because it has no credentials to sign with.
CREDENTIAL_FAILURES = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    SSOError,
    TokenRetrievalError,
)
# What comes out of botocore's depths for an answer of another shape, or a timestamp that is none; from
# anywhere else these are bugs of ours.
_STUMBLES = (
    ResponseParserError,
    AttributeError,
    TypeError,
    ValueError,
    OverflowError,
    RuntimeError,
    LookupError,
)
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_UNKNOWN_CALLER = frozenset({"UnrecognizedClientException", "InvalidClientTokenId", "InvalidToken"})
_REASONS: Mapping[str, Reason] = {
    "AccessDenied": Reason.DENIED,
    "AccessDeniedException": Reason.DENIED,
    "AuthorizationError": Reason.DENIED,
    "NotAuthorizedException": Reason.DENIED,
    "UnauthorizedOperation": Reason.DENIED,
    "TooManyRequestsException": Reason.THROTTLED,
    "Throttled": Reason.THROTTLED,
    "Throttling": Reason.THROTTLED,
    "ThrottlingException": Reason.THROTTLED,
    "RequestLimitExceeded": Reason.THROTTLED,
    "LimitExceededException": Reason.THROTTLED,
    # About one request, not the operation: a role's or key's name may be no name at all.
    "ValidationError": Reason.MALFORMED,
    "ValidationException": Reason.MALFORMED,
    "InvalidParameterValueException": Reason.MALFORMED,
    "InvalidArnException": Reason.MALFORMED,
    "InvalidInputException": Reason.MALFORMED,
    "BadRequestException": Reason.MALFORMED,
    "ResourceNotFoundException": Reason.NOT_FOUND,
    "NoSuchEntity": Reason.NOT_FOUND,
    "NoSuchEntityException": Reason.NOT_FOUND,
    "NotFoundException": Reason.NOT_FOUND,
    "WAFNonexistentItemException": Reason.NOT_FOUND,
    "TrailNotFoundException": Reason.NOT_FOUND,
    "UnknownOperationException": Reason.NOT_SUPPORTED,
    "InvalidAction": Reason.NOT_SUPPORTED,
    "OperationNotEnabledException": Reason.NOT_SUPPORTED,
    "FeatureUnavailableInTierException": Reason.NOT_IN_PLAN,
}
# A page token that AWS no longer takes; the listing starts once more from its first page.
_STALE_TOKEN = "InvalidParameterException"  # noqa: S105  (an error code)
# Regions from before March 2019 are on in every account. In the others an unknown caller means that the
# account has not opted in (https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html).
ALWAYS_ON_REGIONS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"),
        *("ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
        *("ap-southeast-1", "ap-southeast-2"),
    }
)
_MESSAGE_LENGTH = 400
_USER_INFORMATION = re.compile(r"//[^/@\s]*@")
# Said in place of an answer's body.
UNREADABLE = "AWS's answer is no well-formed document"
# The first calls in a region: only what these are refused can mean that the region is off.
_FIRST_CALLS = frozenset({FacetName.USER_POOLS.operation, FacetName.IDENTITY_POOLS.operation})
# "Signature expired: <ours> is now earlier than <limit> (<theirs> - 5 min.)", and the same for a clock ahead.
_CLOCK_REFUSALS = ("Signature expired", "Signature not yet current")
_TIMES = re.compile(r"\d{8}T\d{6}Z")
_TIMES_IN_REFUSAL = 3


class ElsewhereError(Exception):
    """A call to another region than the one that is read was refused; its cause says how."""

    def __init__(self, region: str, cause: ClientError) -> None:
        super().__init__(f"{cause.operation_name} in {region}")
        self.region = region
        self.cause = cause


@contextmanager
def elsewhere(region: str) -> Iterator[None]:
    """Tell `attempt` that the calls within go to another region, which may be off in the account."""
    try:
        yield
    except ClientError as error:
        raise ElsewhereError(region, error) from error


def attempt(
    operation: str,
    call: Callable[[], T],
    *,
    region: str,
    instead: Mapping[str, T] | None = None,
    is_elsewhere: bool = False,
) -> T | Gap:
    """Return what `call` returns, or the gap that AWS's error amounts to.

    `operation` is `service:Operation`, the first that `call` makes; a gap names the one that was refused.
    `instead` maps error codes that are an answer in themselves to the value that they mean; `is_elsewhere`
    says that nobody knows whether the account has enabled the region. Raises CredentialsError where no
    further call can succeed, and lets every bug fly.
    """
    try:
        return _with_fresh_listing(operation, call)
    except ClientError as error:
        code = _code(error)
        if instead and code in instead:
            return instead[code]
        return _gap_of(_refused(operation, error), error, region, is_elsewhere=is_elsewhere)
    except ElsewhereError as error:
        return _gap_of(_refused(operation, error.cause), error.cause, error.region, is_elsewhere=True)
    except CREDENTIAL_FAILURES as error:
        raise credentials_error(error) from error
    except (MalformedAnswerError, PaginationError) as error:
        return Gap(operation=operation, reason=Reason.MALFORMED, message=plain(str(error)))
    except (*_STUMBLES, AwsConnectionError, HTTPClientError) as error:
        return _gap_of_failure(operation, error)


def _refused(operation: str, error: ClientError) -> str:
    """Return the operation that AWS refused: a later one of the same service, or the renewal of a role."""
    if error.operation_name == "AssumeRole":
        return "sts:AssumeRole"
    return f"{operation.partition(':')[0]}:{error.operation_name}"


def sign_in_gap(error: PoolwatchError, *, has_role: bool) -> Gap:
    """Return the gap that `open_account`'s error leaves where an account was to be read.

    `has_role` tells which call would have been the first.
    """
    cause = error.__cause__
    operation = "sts:AssumeRole" if has_role else "sts:GetCallerIdentity"
    if isinstance(cause, ClientError):
        operation, code = f"sts:{cause.operation_name}", _code(cause)
        refusals = dict.fromkeys(_UNKNOWN_CALLER, Reason.DENIED) | dict.fromkeys(_EXPIRED, Reason.EXPIRED)
        reason = {**_REASONS, **refusals}.get(code, Reason.UNAVAILABLE)
        if reason is Reason.DENIED and "explicit deny" in str(cause):
            reason = Reason.EXPLICIT_DENY
    elif isinstance(error, UsageError):
        reason = Reason.DENIED
    elif isinstance(error, CredentialsError):
        # There are none, or the sign-in that they come from has ended.
        reason = Reason.EXPIRED
    else:
        reason = Reason.MALFORMED if cause is None else Reason.UNAVAILABLE
    return Gap(operation=operation, reason=reason, message=plain(error.message))


def _gap_of_failure(operation: str, error: Exception) -> Gap:
    """Return the gap where no request got through, or no answer could be made out."""
    if isinstance(error, AwsConnectionError | HTTPClientError):
        return Gap(operation=operation, reason=Reason.UNAVAILABLE, message=why_not_sent(error))
    return _gap_of_stumble(operation, error)


def _gap_of_stumble(operation: str, error: Exception) -> Gap:
    """Return the gap where botocore itself stumbled, which it reports by no error of its own; else raise."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    module = str(frame.f_globals.get("__name__"))
    if isinstance(error, ResponseParserError):
        # Its text is the answer's body, which may hold anything.
        return Gap(operation=operation, reason=Reason.MALFORMED, message=UNREADABLE)
    if module == "botocore.client" and isinstance(error, AttributeError):
        message = "this botocore has no such call"
        return Gap(operation=operation, reason=Reason.NOT_SUPPORTED, message=message)
    # A deep answer overflows the JSON reader's stack, and no code of ours recurses.
    if not module.startswith("botocore.") and not isinstance(error, RecursionError):
        raise error
    message = f"AWS's answer has an unknown shape ({type(error).__name__})"
    return Gap(operation=operation, reason=Reason.MALFORMED, message=message)


def _with_fresh_listing(operation: str, call: Callable[[], T]) -> T:
    """Call; start a listing once more from its first page where AWS no longer takes its page token."""
    try:
        return call()
    except ClientError as error:
        if ":List" not in operation or _code(error) != _STALE_TOKEN:
            raise
        return call()


def credentials_error(error: Exception) -> CredentialsError:
    """Say what is wrong with the credentials and how to get good ones."""
    if isinstance(error, ClientError) and _code(error) in _EXPIRED:
        return CredentialsError(
            "The AWS credentials have expired.",
            "Sign in again (for instance `aws sso login`), then run the command once more;"
            " `poolwatch collect --resume` goes on where it stopped.",
        )
    if isinstance(error, ClientError) and (offset := _clock_offset(error)):
        return CredentialsError(
            f"AWS does not accept requests from this machine: its clock is {offset}.",
            "Set the clock (for instance with NTP), then run the command once more.",
        )
    if isinstance(error, ClientError):
        return CredentialsError(
            f"AWS does not accept the credentials ({_code(error)}).",
            "Check the access key, its secret and its session token, or name another profile with --profile.",
        )
    if isinstance(error, NoCredentialsError):
        return CredentialsError(
            "No AWS credentials were found.",
            "Name a profile with --profile, set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
            " or try `poolwatch demo`, which needs none.",
        )
    # What a credential process wrote to its error output stays there.
    why = f"{error.kwargs.get('provider')} failed" if isinstance(error, CredentialRetrievalError) else error
    return CredentialsError(
        f"The AWS credentials could not be loaded: {plain(str(why))}",
        "Check the profile in ~/.aws/config, or sign in again (for instance `aws sso login`).",
    )


def _clock_offset(error: ClientError) -> str | None:
    """Return how far this machine's clock is off, where AWS refused for that: its message has both times."""
    message = str(error.response.get("Error", {}).get("Message", ""))
    times = [datetime.strptime(f"{each}+0000", "%Y%m%dT%H%M%SZ%z") for each in _TIMES.findall(message)]
    if not message.startswith(_CLOCK_REFUSALS) or len(times) != _TIMES_IN_REFUSAL:
        return None
    ours, _, theirs = times
    minutes = abs(ours - theirs) // timedelta(minutes=1)
    return f"{minutes} minutes {'behind' if ours < theirs else 'ahead of'} AWS's"


def why_not_sent(error: Exception) -> str:
    """Say why a request did not get through, without what botocore quotes of its headers."""
    if type(error) is HTTPClientError:
        return "the request could not be sent; a credential or a proxy setting may hold a line break"
    if isinstance(error, EndpointConnectionError):
        return plain(f"{error}; no network, or no such service in the region")
    return plain(str(error))


def plain(text: str) -> str:
    """Return AWS's text as one short line without control characters, or passwords in addresses."""
    line = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())
    line = _USER_INFORMATION.sub("//", line)
    return line if len(line) <= _MESSAGE_LENGTH else f"{line[: _MESSAGE_LENGTH - 1]}…"


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _gap_of(operation: str, error: ClientError, region: str, *, is_elsewhere: bool) -> Gap:
    code = _code(error)
    message = plain(str(error.response.get("Error", {}).get("Message", "")) or str(error))
    if not code or code.isdigit():
        # No service's error: the "message" is the body of whatever answered in its place.
        message = f"HTTP status {code or 'unknown'} without an error of AWS's"
    may_be_off = (is_elsewhere or operation in _FIRST_CALLS) and region not in ALWAYS_ON_REGIONS
    if is_elsewhere and may_be_off and code in _UNKNOWN_CALLER:
        # "Off" is said of regions that are read, never of one that a pool points to.
        message = f"the account may not have enabled {region}: {message}"
        return Gap(operation=operation, reason=Reason.UNAVAILABLE, message=plain(message))
    if code in _EXPIRED or (code in _UNKNOWN_CALLER and not may_be_off):
        raise credentials_error(error) from error
    reason = Reason.REGION_OFF if code in _UNKNOWN_CALLER else _REASONS.get(code, Reason.UNAVAILABLE)
    if reason is Reason.DENIED and "explicit deny" in message:
        reason = Reason.EXPLICIT_DENY
    logger.debug("%s in %s: %s (%s)", operation, region, reason.value, code)
    return Gap(operation=operation, reason=reason, message=message)
