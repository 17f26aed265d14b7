"""What hangs on a user pool: resource servers, groups, logs, sessions, replicas, import jobs, domains."""

from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, demand_same
from collectors.pages import pages
from records.delivery import LogDestination
from records.user_pool_parts import (
    Group,
    ImportJob,
    Replica,
    ResourceServer,
    SessionConfiguration,
    UserPoolDomain,
)

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

CALLS = frozenset(
    {
        "cognito-idp:ListResourceServers",
        "cognito-idp:ListGroups",
        "cognito-idp:GetLogDeliveryConfiguration",
        "cognito-idp:GetUserPoolSessionConfiguration",
        "cognito-idp:ListUserPoolReplicas",
        "cognito-idp:ListUserImportJobs",
        "cognito-idp:DescribeUserPoolDomain",
    }
)

# What DescribeUserPoolDomain refuses with for a domain that it does not know, where it does not answer with
# an empty description: the domain is all that the request names.
NO_SUCH_DOMAIN = frozenset({"ResourceNotFoundException"})

_PAGE_SIZE = 60
# ListResourceServers alone takes no more.
_RESOURCE_SERVERS_PAGE_SIZE = 50


def collect_resource_servers(
    idp: "CognitoIdentityProviderClient", user_pool_id: str
) -> tuple[ResourceServer, ...]:
    """Return a user pool's resource servers, ordered by identifier."""
    found: dict[str, ResourceServer] = {}
    listing = idp.get_paginator("list_resource_servers").paginate(
        UserPoolId=user_pool_id, PaginationConfig={"PageSize": _RESOURCE_SERVERS_PAGE_SIZE}
    )
    for page in listing:
        found.update((server.identifier, server) for server in parse_resource_servers(page))
    return tuple(found[identifier] for identifier in sorted(found))


def collect_groups(idp: "CognitoIdentityProviderClient", user_pool_id: str) -> tuple[Group, ...]:
    """Return a user pool's groups, ordered by name."""
    found: dict[str, Group] = {}
    listing = idp.get_paginator("list_groups").paginate(
        UserPoolId=user_pool_id, PaginationConfig={"PageSize": _PAGE_SIZE}
    )
    for page in listing:
        found.update((group.name, group) for group in parse_groups(page))
    return tuple(found[name] for name in sorted(found))


def collect_log_delivery(
    idp: "CognitoIdentityProviderClient", user_pool_id: str
) -> tuple[LogDestination, ...]:
    """Return where a user pool's own logs go, ordered by the source of their events."""
    return parse_log_delivery(idp.get_log_delivery_configuration(UserPoolId=user_pool_id), user_pool_id)


def collect_session_configuration(
    idp: "CognitoIdentityProviderClient", user_pool_id: str
) -> SessionConfiguration:
    """Return whether a user pool keeps track of its users' sessions."""
    answer = idp.get_user_pool_session_configuration(UserPoolId=user_pool_id)  # type: ignore[attr-defined]  # newer than the stubs
    return parse_session_configuration(answer, user_pool_id)


def collect_replicas(idp: "CognitoIdentityProviderClient", user_pool_id: str) -> tuple[Replica, ...]:
    """Return a user pool's replicas, ordered by region."""
    found: dict[str, Replica] = {}
    for page in pages(idp.list_user_pool_replicas, UserPoolId=user_pool_id):
        found.update((replica.region, replica) for replica in parse_replicas(page))
    return tuple(found[region] for region in sorted(found))


def collect_import_jobs(idp: "CognitoIdentityProviderClient", user_pool_id: str) -> tuple[ImportJob, ...]:
    """Return a user pool's jobs that import users, ordered by id."""
    found: dict[str, ImportJob] = {}
    listing = pages(
        idp.list_user_import_jobs,
        token="PaginationToken",  # noqa: S106  (a member's name)
        UserPoolId=user_pool_id,
        MaxResults=_PAGE_SIZE,
    )
    for page in listing:
        found.update((job.job_id, job) for job in parse_import_jobs(page))
    return tuple(found[job_id] for job_id in sorted(found))


def collect_domain(
    idp: "CognitoIdentityProviderClient", name: str, user_pool_id: str
) -> UserPoolDomain | None:
    """Return a domain of a user pool, prefix or custom; None where AWS knows no such domain."""
    domain = parse_domain(idp.describe_user_pool_domain(Domain=name))
    if domain is not None:
        demand_same(domain.name, name)
        demand_same(domain.user_pool_id or user_pool_id, user_pool_id)
    return domain


def parse_resource_servers(raw: Any) -> tuple[ResourceServer, ...]:
    """Translate one page of ListResourceServers."""
    return tuple(
        ResourceServer(
            identifier=part.required_text("Identifier"),
            name=part.text("Name") or "",
            scopes=tuple(sorted(scope.required_text("ScopeName") for scope in part.parts("Scopes"))),
            managed_by=part.text("ManagedBy"),
        )
        for part in Answer(raw, "ListResourceServers").required_parts("ResourceServers")
    )


def parse_groups(raw: Any) -> tuple[Group, ...]:
    """Translate one page of ListGroups."""
    return tuple(
        Group(
            name=part.required_text("GroupName"),
            role_arn=part.text("RoleArn"),
            precedence=part.number("Precedence"),
            created_at=part.time("CreationDate"),
            modified_at=part.time("LastModifiedDate"),
        )
        for part in Answer(raw, "ListGroups").required_parts("Groups")
    )


def parse_log_delivery(raw: Any, user_pool_id: str) -> tuple[LogDestination, ...]:
    """Translate GetLogDeliveryConfiguration's answer about a user pool."""
    # By AWS's model an answer may lack the configuration, which itself never lacks its list.
    configuration = Answer(raw, "GetLogDeliveryConfiguration").part("LogDeliveryConfiguration")
    if configuration is None:
        return ()
    demand_same(configuration.required_text("UserPoolId"), user_pool_id)
    destinations = map(_log_destination, configuration.required_parts("LogConfigurations"))
    return tuple(sorted(destinations, key=lambda each: (each.event_source, each.level or "")))


def parse_session_configuration(raw: Any, user_pool_id: str) -> SessionConfiguration:
    """Translate GetUserPoolSessionConfiguration's answer about a user pool."""
    answer = Answer(raw, "GetUserPoolSessionConfiguration")
    # Sessions may never have been set up; the id alone tells such an answer from a broken one.
    demand_same(answer.required_text("UserPoolId"), user_pool_id)
    tokens = answer.part("TokenSession")
    return SessionConfiguration(
        tracking=answer.text("UserSessionTracking"),
        max_per_user=tokens.number("MaxPerUser") if tokens else None,
    )


def parse_replicas(raw: Any) -> tuple[Replica, ...]:
    """Translate one page of ListUserPoolReplicas."""
    return tuple(
        Replica(
            region=part.required_text("RegionName"),
            status=part.text("Status"),
            role=part.text("Role"),
            arn=part.text("UserPoolArn"),
        )
        for part in Answer(raw, "ListUserPoolReplicas").required_parts("UserPoolReplicas")
    )


def parse_import_jobs(raw: Any) -> tuple[ImportJob, ...]:
    """Translate one page of ListUserImportJobs.

    Whoever has a job's `PreSignedUrl` can send it users, so that is left where it is.
    """
    return tuple(
        ImportJob(
            job_id=part.required_text("JobId"),
            name=part.text("JobName") or "",
            status=part.text("Status"),
            created_at=part.time("CreationDate"),
            started_at=part.time("StartDate"),
            completed_at=part.time("CompletionDate"),
            role_arn=part.text("CloudWatchLogsRoleArn"),
            imported_users=part.number("ImportedUsers"),
            skipped_users=part.number("SkippedUsers"),
            failed_users=part.number("FailedUsers"),
        )
        # By AWS's model the list has at least one job, so without any it may be left out.
        for part in Answer(raw, "ListUserImportJobs").parts("UserImportJobs")
    )


def parse_domain(raw: Any) -> UserPoolDomain | None:
    """Translate DescribeUserPoolDomain's answer: for a domain that it does not know AWS leaves it empty."""
    answer = Answer(raw, "DescribeUserPoolDomain")
    answer.required_part("DomainDescription")
    part = answer.part("DomainDescription")
    if part is None:
        return None
    # AWS answers an empty structure for a prefix domain.
    custom = part.part("CustomDomainConfig")
    routing = part.part("Routing")
    failover = routing.part("Failover") if routing else None
    return UserPoolDomain(
        name=part.required_text("Domain"),
        user_pool_id=part.text("UserPoolId"),
        status=part.text("Status"),
        is_custom=custom is not None,
        certificate_arn=custom.text("CertificateArn") if custom else None,
        security_policy=custom.text("SecurityPolicy") if custom else None,
        managed_login_version=part.number("ManagedLoginVersion"),
        distribution=part.text("CloudFrontDistribution"),
        failover_region=failover.text("SecondaryRegion") if failover else None,
    )


def _log_destination(part: Answer) -> LogDestination:
    log_group = part.part("CloudWatchLogsConfiguration")
    bucket = part.part("S3Configuration")
    stream = part.part("FirehoseConfiguration")
    return LogDestination(
        event_source=part.required_text("EventSource"),
        level=part.text("LogLevel"),
        log_group_arn=log_group.text("LogGroupArn") if log_group else None,
        bucket_arn=bucket.text("BucketArn") if bucket else None,
        stream_arn=stream.text("StreamArn") if stream else None,
    )
