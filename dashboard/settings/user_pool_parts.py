"""The settings that hang on a user pool: groups, resource servers, logs, sessions, replicas, web ACL."""

from dashboard import words
from dashboard.settings.rows import Entries, group, many, one
from poolwatch.text import counted
from records.delivery import LogDestination
from records.facet import FacetName
from records.resource import Member
from records.surroundings import WebAclRule
from records.user_pool_parts import Group, ImportJob, Replica, ResourceServer


def _provider(member: Member) -> Entries:
    return ((member.id, member.name),)


def _group(of_users: Group) -> Entries:
    role = of_users.role_arn or "no role"
    return ((of_users.name, f"{role}, precedence {words.number(of_users.precedence)}"),)


def _resource_server(server: ResourceServer) -> Entries:
    scopes = words.in_order(server.scopes)
    keeper = f"; kept by {server.managed_by}" if server.managed_by else ""
    return ((server.identifier, f"{server.name}; scopes: {scopes}{keeper}"),)


def _log(destination: LogDestination) -> Entries:
    places = (destination.log_group_arn, destination.bucket_arn, destination.stream_arn)
    to = words.in_order(place for place in places if place)
    return ((destination.event_source, f"{words.text(destination.level)} to {to}"),)


def _replica(replica: Replica) -> Entries:
    return ((replica.region, f"{words.text(replica.role)}, {words.text(replica.status)}"),)


def _import_job(job: ImportJob) -> Entries:
    times = (
        f"{word} {words.moment(at)}"
        for word, at in (
            ("created", job.created_at),
            ("started", job.started_at),
            ("completed", job.completed_at),
        )
        if at is not None
    )
    users = (
        f"{words.number(number)} {word}"
        for word, number in (
            ("imported", job.imported_users),
            ("skipped", job.skipped_users),
            ("failed", job.failed_users),
        )
    )
    text = ", ".join((words.text(job.status), *times, *users, f"role {words.text(job.role_arn)}"))
    return ((f"{job.name} ({job.job_id})", text),)


def _web_acl_rule(rule: WebAclRule) -> Entries:
    parts = [f"{rule.kind}: {rule.action or 'the group decides'}"]
    if rule.rate_limit is not None:
        within = f" in {words.lifetime(rule.window_seconds)}" if rule.window_seconds else ""
        parts.append(f"above {counted(rule.rate_limit, 'request')}{within}")
    parts += [each for each in (rule.managed_group, rule.rule_group_arn) if each]
    return ((rule.name, f"{', '.join(parts)}; priority {rule.priority}"),)


USER_POOL_PARTS = (
    *group(
        FacetName.IDENTITY_PROVIDERS,
        "Identity providers",
        many("Provider", "", "ListIdentityProviders.Providers", _provider),
    ),
    *group(
        FacetName.GROUPS,
        "Groups",
        many("Group", "", "Groups", _group),
        many(
            "Creation of",
            "",
            "Groups.CreationDate",
            lambda each: ((each.name, words.moment(each.created_at)),),
            is_own=True,
        ),
        many(
            "Change of",
            "",
            "Groups.LastModifiedDate",
            lambda each: ((each.name, words.moment(each.modified_at)),),
            is_own=True,
        ),
    ),
    *group(
        FacetName.RESOURCE_SERVERS,
        "Resource servers",
        many("Resource server", "", "ResourceServers", _resource_server),
    ),
    *group(
        FacetName.LOG_DELIVERY,
        "Log delivery",
        many("Log", "", "LogConfigurations", _log),
    ),
    *group(
        FacetName.SESSION_CONFIGURATION,
        "Sessions",
        one("Sessions tracked", "tracking", "UserSessionTracking"),
        one("Sessions of one user", "max_per_user", "TokenSession.MaxPerUser", words.number),
    ),
    *group(
        FacetName.WEB_ACL,
        "Web ACL",
        one("Name", "name", "WebACL.Name", is_own=True),
        one("ARN", "arn", "WebACL.ARN", is_own=True),
        one("Requests that no rule matches", "default_action", "WebACL.DefaultAction"),
        many("Rule", "rules", "WebACL.Rules", _web_acl_rule),
    ),
    *group(
        FacetName.REPLICAS,
        "Replicas",
        many("Replica in", "", "UserPoolReplicas", _replica),
        many(
            "ARN in",
            "",
            "UserPoolReplicas.UserPoolArn",
            lambda each: ((each.region, words.text(each.arn)),),
            is_own=True,
        ),
    ),
    *group(
        FacetName.IMPORT_JOBS,
        "Import jobs",
        many("Job", "", "UserImportJobs", _import_job, is_own=True),
    ),
)
