"""The one place that makes boto3 sessions and clients, with retries, pacing and counting set explicitly."""

import json
import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    ParamValidationError,
    ProfileNotFound,
)
from botocore.loaders import create_loader
from botocore.parsers import ResponseParserError
from botocore.regions import EndpointResolver
from botocore.session import Session as BotocoreSession

from collectors.answers import Answer, MalformedAnswerError
from collectors.attempt import CREDENTIAL_FAILURES, credentials_error, plain, why_not_sent
from collectors.limiter import RateLimiter
from collectors.quotas import quota_of
from records.errors import CredentialsError, PoolwatchError, UsageError

if TYPE_CHECKING:
    from types_boto3_cognito_identity import CognitoIdentityClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_iam import IAMClient
    from types_boto3_sts import STSClient

CALLS = frozenset({"sts:GetCallerIdentity"})

_ACCOUNT_ID = re.compile(r"\d{12}")
_CALLER_ARN = re.compile(r"arn:aws[a-z-]*:(iam|sts)::\d{12}:.+")
_FALLBACK_REGION = "us-east-1"
# Where the services live that an account has once: their endpoints, and so their request quotas.
_GLOBAL_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_ROLE_SESSION_NAME = "poolwatch"
# These loggers print requests, answers and credentials at DEBUG; whatever the root logger's level, they shall
# not (boto3 attaches no handler of its own, so a filter on the logger is the only place that always holds).
_TALKATIVE_LOGGERS = (
    "auth",
    "client",
    "credentials",
    "endpoint",
    "hooks",
    "httpchecksum",
    "parsers",
    "tokens",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTarget:
    """How to reach one account: a profile or the usual environment, and a role to take from there.

    `account_id` is the account that it has to lead to, if that was said; `regions` are those to read there,
    all of them where none is named.
    """

    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = field(default=None, repr=False)
    account_id: str | None = None
    regions: tuple[str, ...] = ()

    @property
    def known_account_id(self) -> str | None:
        """The account's id as far as it is known before anybody signs in."""
        return self.account_id or (self.role_arn.split(":")[4] if self.role_arn else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the credentials are, as STS answers, and what time it was by AWS's clock."""

    account_id: str
    arn: str
    answered_at: datetime | None

    @property
    def partition(self) -> str:
        """The AWS partition that the account lies in, such as `aws`."""
        return self.arn.split(":")[1]


class CallCounts:
    """How often each operation was requested, retries included. Safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    @property
    def by_operation(self) -> Mapping[str, int]:
        """The counts so far, by `service:Operation`."""
        with self._lock:
            return dict(self._counts)

    def add(self, operation: str) -> None:
        """Count one request."""
        with self._lock:
            self._counts[operation] += 1

    def watch(self, client: Any, service: str) -> None:
        """Count all requests of a client from now on."""
        client.meta.events.register("before-send", partial(self._before_send, service))

    def _before_send(self, service: str, *, event_name: str, **_: object) -> None:
        self.add(_operation(service, event_name))


class Account:
    """One account's session, with its clients made once per service and region. Safe for many threads."""

    def __init__(
        self,
        session: boto3.Session,
        identity: Identity,
        limiter: RateLimiter,
        *,
        config: Config,
        counts: CallCounts,
    ) -> None:
        self.identity = identity
        self._session = session
        self._limiter = limiter
        self._config = config
        self._counts = counts
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}

    @property
    def calls(self) -> Mapping[str, int]:
        """The requests made so far, signing in included, by `service:Operation`."""
        return self._counts.by_operation

    @property
    def credentials_source(self) -> str:
        """How botocore came by the credentials: `env`, `shared-credentials-file`, `assume-role` and so on."""
        credentials = self._session.get_credentials()
        return str(credentials.method) if credentials else "none"

    def user_pools(self, region: str) -> "CognitoIdentityProviderClient":
        """Return the client of Cognito's user pools in a region."""
        client: CognitoIdentityProviderClient = self.client("cognito-idp", region)
        return client

    def identity_pools(self, region: str) -> "CognitoIdentityClient":
        """Return the client of Cognito's identity pools in a region."""
        client: CognitoIdentityClient = self.client("cognito-identity", region)
        return client

    @property
    def global_region(self) -> str:
        """The region that stands for the services which an account has once, such as IAM."""
        return _GLOBAL_REGIONS.get(self.identity.partition, _FALLBACK_REGION)

    @property
    def iam(self) -> "IAMClient":
        """The client of IAM."""
        client: IAMClient = self.client("iam", self.global_region)
        return client

    def client(self, service: str, region: str) -> Any:
        """Return the client of a service, by boto3's name for it, in a region."""
        # boto3 sessions are not safe for threads, the clients that they make are.
        with self._lock:
            if (service, region) not in self._clients:
                client = self._session.client(service, region_name=region, config=self._config)  # type: ignore[call-overload]
                client.meta.events.register("before-send", partial(self._before_send, service, region))
                self._clients[service, region] = client
            return self._clients[service, region]

    def _before_send(
        self, service: str, region: str, *, request: AWSPreparedRequest, event_name: str, **_: object
    ) -> None:
        operation = _operation(service, event_name)
        if self._limiter.is_pacing:
            quota = quota_of(operation)
            self._limiter.acquire(
                quota,
                place=(self.identity.account_id, region),
                operation=operation,
                user_pool_id=_user_pool_id(request.body) if quota.per_user_pool else "",
            )
        self._counts.add(operation)


def open_account(
    target: AccountTarget,
    limiter: RateLimiter,
    *,
    region: str | None = None,
    attempts: int = 5,
    workers: int = 16,
) -> Account:
    """Sign in to an account and ask STS who we are.

    `attempts` is the number of HTTP requests that a call may take in all. Raises UsageError for a profile
    that is not there and for credentials of another account than the target's, CredentialsError where AWS
    does not accept them, and PoolwatchError where STS cannot be reached.
    """
    keep_bodies_out_of_logs()
    config, counts = _config(attempts, workers), CallCounts()
    try:
        session = boto3.Session(profile_name=target.profile)
        sts_region = region or session.region_name or _FALLBACK_REGION
        if target.role_arn:
            new_sts = partial(_sts, session, sts_region, config, counts)
            session = _assume_role(session, target.role_arn, target.external_id, new_sts)
        identity = _identity(_sts(session, sts_region, config, counts).get_caller_identity())
    except ProfileNotFound as error:
        profiles = ", ".join(sorted(BotocoreSession().available_profiles)) or "there is none"
        raise UsageError(f"{error}.", f"Name one of the profiles of ~/.aws/config: {profiles}.") from error
    except ConfigParseError as error:
        raise UsageError(
            plain(str(error)), "Mend the AWS configuration file that the message names."
        ) from error
    except CREDENTIAL_FAILURES as error:
        raise credentials_error(error) from error
    except ClientError as error:
        raise _refused(error, target) from error
    except (ResponseParserError, MalformedAnswerError, LookupError, AttributeError):
        # Without the cause: botocore's exceptions quote the answer, and AssumeRole's holds credentials.
        raise PoolwatchError(
            "What answered in place of AWS STS does not say who these credentials are.",
            "Check HTTPS_PROXY and AWS_ENDPOINT_URL: a proxy or a sign-in page may stand in between.",
        ) from None
    except (BotoCoreError, ParamValidationError, ValueError) as error:
        raise PoolwatchError(
            f"AWS STS could not be asked who these credentials are: {why_not_sent(error)}",
            "Check the network, HTTPS_PROXY, AWS_ENDPOINT_URL, the credentials and the region's name.",
        ) from error
    _demand_account(target, identity)
    return Account(
        session,
        identity,
        limiter,
        config=config,
        counts=counts,
    )


# The next two ask botocore's files without a session: the user's configuration has no say in them, and may be
# broken.
def cognito_regions(partition: str) -> tuple[str, ...]:
    """Return the regions in which Cognito user pools exist, as far as this botocore knows."""
    resolver = EndpointResolver(create_loader().load_data("endpoints"))
    return tuple(sorted(resolver.get_available_endpoints("cognito-idp", partition)))


def unknown_operations(calls: Collection[str]) -> tuple[str, ...]:
    """Return those of the operations, each `service:Operation`, that the installed botocore does not have."""
    loader = create_loader()
    present = set(loader.list_available_services("service-2"))
    wanted = sorted({call.partition(":")[0] for call in calls})
    known = {
        f"{service}:{operation}"
        for service in wanted
        if service in present
        for operation in loader.load_service_model(service, "service-2")["operations"]
    }
    return tuple(sorted(set(calls) - known))


def keep_bodies_out_of_logs() -> None:
    """Drop botocore's debug records, which hold request bodies, answers and credentials."""
    for name in _TALKATIVE_LOGGERS:
        logger = logging.getLogger(f"botocore.{name}")
        if _is_harmless not in logger.filters:
            logger.addFilter(_is_harmless)


def _is_harmless(record: logging.LogRecord) -> bool:
    """Let warnings through without their tracebacks: exceptions quote the answers that they stumbled over."""
    record.exc_info, record.exc_text = None, None
    return record.levelno > logging.DEBUG


def _config(attempts: int, workers: int) -> Config:
    return Config(
        # Legacy retries, which AWS_RETRY_MODE can ask for, never retry Cognito's HTTP 400 throttling.
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=5,
        read_timeout=30,
        max_pool_connections=workers,
        user_agent_extra="poolwatch",
    )


def _sts(session: boto3.Session, region: str, config: Config, counts: CallCounts, **keys: Any) -> "STSClient":
    """Return an STS client; `keys` are credentials to use in place of the session's."""
    client: STSClient = session.client("sts", region_name=region, config=config, **keys)
    counts.watch(client, "sts")
    return client


def _assume_role(
    source: boto3.Session, role_arn: str, external_id: str | None, new_sts: Callable[..., "STSClient"]
) -> boto3.Session:
    """Return a session on the role, whose credentials botocore renews before they expire."""
    credentials = source.get_credentials()
    if credentials is None:
        raise CredentialsError(
            f"No AWS credentials were found to take the role {role_arn} with.",
            "Name a profile with --profile, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.",
        )
    arguments: dict[str, str] = {"RoleSessionName": _ROLE_SESSION_NAME}
    if external_id:
        arguments["ExternalId"] = external_id
    fetcher = AssumeRoleCredentialFetcher(
        # botocore asks for the client of "sts", with the source's credentials as they are by then.
        client_creator=lambda _service, **keys: new_sts(**keys),
        source_credentials=credentials,
        role_arn=role_arn,
        extra_args=arguments,
    )
    inner = BotocoreSession()
    inner._credentials = DeferredRefreshableCredentials(  # type: ignore[attr-defined]  # noqa: SLF001  (no public way)
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    return boto3.Session(botocore_session=inner, region_name=source.region_name)


def _demand_account(target: AccountTarget, identity: Identity) -> None:
    if target.account_id in (None, identity.account_id):
        return
    source = f"The profile {target.profile}" if target.profile else "The credentials of the environment"
    raise UsageError(
        f"{source} should lead to account {target.account_id}, but {identity.arn} is of account"
        f" {identity.account_id}.",
        "Correct the account's id, its profile or its role_arn in the settings file.",
    )


def _refused(error: ClientError, target: AccountTarget) -> CredentialsError:
    code = error.response.get("Error", {}).get("Code", "")
    if target.role_arn and error.operation_name == "AssumeRole" and "Throttl" not in code:
        return CredentialsError(
            f"The role {target.role_arn} cannot be assumed ({code}): {plain(str(error))}",
            "Check that the role exists, that its trust policy names the caller, and its ExternalId"
            " (--external-id).",
        )
    return credentials_error(error)


def _identity(raw: Any) -> Identity:
    answer = Answer(raw, "GetCallerIdentity")
    account_id, arn = answer.required_text("Account"), answer.required_text("Arn")
    if not (_ACCOUNT_ID.fullmatch(account_id) and _CALLER_ARN.fullmatch(arn)):
        raise MalformedAnswerError("GetCallerIdentity names no account")
    return Identity(account_id=account_id, arn=arn, answered_at=_answered_at(raw))


def _answered_at(answer: Mapping[str, Any]) -> datetime | None:
    try:
        answered_at = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    except (KeyError, ValueError):
        # A proxy may have taken the header away.
        return None
    # "-0000" stands for a time in UTC whose zone is not told.
    return answered_at if answered_at.tzinfo else answered_at.replace(tzinfo=UTC)


def _operation(service: str, event_name: str) -> str:
    """Return `service:Operation` of a botocore event such as `before-send.sts.AssumeRole`."""
    return f"{service}:{event_name.rpartition('.')[2]}"


def _user_pool_id(body: Any) -> str:
    members: Mapping[str, object] = json.loads(body or "{}")
    return str(members.get("UserPoolId", ""))
