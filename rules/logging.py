"""Logging: whether what happens to user pools and identity pools is recorded, kept and watched."""

from collections.abc import Iterator

from records.delivery import LogDestination
from records.evaluation import Severity
from records.facet import FacetName
from records.identity_pool import IdentityPool
from records.surroundings import Alarm, AlarmMetric
from records.user_pool import UserPool
from rules.conditions import has_own_users
from rules.engine import Context, Problem, rule
from rules.links import DOCS
from rules.trails import Extent, identity_pool_events, management_writes

EXPORT_GUIDE = DOCS + "exporting-quotas-and-usage.html"
TRAIL_GUIDE = DOCS + "logging-using-cloudtrail.html"
SIGN_IN_EVENTS, DELIVERY_ERRORS = "userAuthEvents", "userNotification"
# Metrics of sign-in name the user pool by the first of these dimensions, those of risk by the second.
USER_POOL_DIMENSIONS = ("UserPool", "UserPoolId")


def watches_threats(pool: UserPool, _ctx: Context) -> bool:
    """Whether threat protection rates the sign-ins of the user pool."""
    return not pool.is_threat_protection_off


def writes_log_groups(_pool: UserPool, ctx: Context) -> bool:
    """Whether some of the user pool's logs go to CloudWatch Logs."""
    return any(each.log_group_arn for each in ctx.pool.log_delivery.value)


def logs_sign_ins_to_a_group(_pool: UserPool, ctx: Context) -> bool:
    """Whether the events of threat protection go to CloudWatch Logs."""
    return any(each.log_group_arn for each in _of(SIGN_IN_EVENTS, ctx))


def is_open(pool: IdentityPool, _ctx: Context) -> bool:
    """Whether guests get credentials, or apps choose roles themselves."""
    return pool.allows_guest_access or pool.allows_classic_flow is True


@rule(
    "LOG001",
    Severity.MEDIUM,
    url=EXPORT_GUIDE,
    applies=watches_threats,
    reads=(FacetName.LOG_DELIVERY,),
    plan_needed="PLUS",
    peers={"service_screener": ("cognitoNoThreatProtectionLogging",)},
)
def threat_events_are_not_exported(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """What threat protection sees is not exported.

    Why: AWS shows these sign-in events user by user alone, so nobody finds an attack on many users in them,
    or raises an alarm.
    Fix: send userAuthEvents with level INFO to CloudWatch Logs, Amazon S3 or Data Firehose with
    SetLogDeliveryConfiguration, sending the other destination along, for the call replaces both. The log
    names users and addresses and is billed by what it takes in.
    Unsure when: another tool collects the events by AdminListUserAuthEvents.
    """
    if not _of(SIGN_IN_EVENTS, ctx):
        yield Problem("exports no events of threat protection", evidence=_sources(ctx))


@rule(
    "LOG002",
    Severity.LOW,
    url=EXPORT_GUIDE,
    applies=has_own_users,
    reads=(FacetName.LOG_DELIVERY, FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    plan_needed="LITE",
    peers={"service_screener": ("cognitoNoLoggingConfiguration",)},
)
def delivery_errors_are_not_logged(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Messages that cannot be delivered leave no trace.

    Why: when e-mail or SMS does not reach users, only they notice, and nobody finds out why.
    Fix: send userNotification with level ERROR to a log group in CloudWatch Logs with
    SetLogDeliveryConfiguration, sending the other destination along, for the call replaces both.
    """
    if not _of(DELIVERY_ERRORS, ctx):
        yield Problem("logs no errors of message delivery", evidence=_sources(ctx))


@rule(
    "LOG003",
    Severity.MEDIUM,
    url=EXPORT_GUIDE,
    applies=writes_log_groups,
    reads=(FacetName.LOG_DELIVERY, FacetName.LOG_GROUP),
)
def log_destination_is_gone(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A log goes to a log group that does not exist.

    Why: the events are lost, while the settings look as if they were kept.
    Fix: make the log group again, or name another with SetLogDeliveryConfiguration, sending the other
    destination along, for the call replaces both. Events of the time between do not come back.
    """
    named = [(each, arn) for each in ctx.pool.log_delivery.value if (arn := each.log_group_arn)]
    for destination, arn in sorted(named, key=lambda each: ctx.region.log_group(each[1]).gap is not None):
        if ctx.region.log_group(arn).value is None:
            yield Problem(
                f"sends {destination.event_source} to a log group that does not exist: {arn}",
                evidence=((_path(destination), arn),),
            )


@rule(
    "LOG004",
    Severity.LOW,
    url=EXPORT_GUIDE,
    applies=logs_sign_ins_to_a_group,
    reads=(FacetName.LOG_DELIVERY, FacetName.LOG_GROUP),
    params={"days": 365},
    plan_needed="PLUS",
    peers={"stave": ("CTL.COGNITO.COMPLIANCE.LOGRETENTION",)},
)
def sign_in_log_is_kept_wrongly(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The log of sign-ins is kept for too short, or for ever.

    Why: a takeover is often noticed months later, when the log is the only trace; and what is kept for ever
    is billed for ever and holds users' addresses longer than privacy laws allow.
    Fix: set the log group's retention to at least a year with PutRetentionPolicy. A shorter time deletes
    what is older within days.
    Unsure when: the events are also kept elsewhere, or a law asks for another time.
    """
    for destination in _of(SIGN_IN_EVENTS, ctx):
        arn = destination.log_group_arn
        group = ctx.region.log_group(arn).value if arn else None
        if group is None:
            continue
        days = group.retention_days
        evidence = ((_path(destination), arn), ("LogGroup.RetentionInDays", days))
        if days is None:
            yield Problem("keeps its sign-in events for ever", evidence)
        elif days < ctx.parameters["days"]:
            yield Problem(
                f"keeps its sign-in events for {days} days, short of {ctx.parameters['days']}", evidence
            )


@rule(
    "LOG005",
    Severity.MEDIUM,
    url=TRAIL_GUIDE,
    applies=is_open,
    reads=(FacetName.TRAILS, FacetName.IDENTITY_POOL_ROLES),
)
def credentials_leave_no_trace(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """No trail records to whom the identity pool gives credentials.

    Why: GetId and GetCredentialsForIdentity are data events, which no trail records unless it is told to; so
    when guests' credentials are misused, nothing tells when and to whom they went.
    Fix: add an advanced event selector with eventCategory Data and resources.type AWS::Cognito::IdentityPool
    to a trail with PutEventSelectors, sending its other selectors along, for the call replaces them. Data
    events are billed by number.
    Unsure when: an event data store of CloudTrail Lake records them, or the trail leaves events out on
    purpose.
    """
    trails = ctx.region.trails.value
    extent = identity_pool_events(trails, ctx.identities.arn)
    if extent is not Extent.WHOLE:
        yield Problem(
            f"has {_amount(extent)} of its data events recorded by a trail",
            evidence=(("TrailList", tuple(each.name for each in trails)),),
            severity=Severity.HIGH if _gives_guests_a_role(pool, ctx) else None,
            because="anybody gets the guest role's AWS credentials without a sign-in",
        )


@rule(
    "LOG006",
    Severity.HIGH,
    url=TRAIL_GUIDE,
    reads=(FacetName.TRAILS,),
)
def changes_leave_no_trace(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """No trail records who changes user pools in the region.

    Why: CloudTrail's event history ends after 90 days and lies in the account alone; without a trail nobody
    can tell later who switched MFA off, or set a user's password.
    Fix: make a multi-region trail with management events, best for the whole organization, into a bucket
    that the account cannot empty. The first copy of management events is free of charge.
    Unsure when: an event data store of CloudTrail Lake records them, or the trail leaves events out on
    purpose.
    """
    trails = ctx.region.trails.value
    extent = management_writes(trails)
    if extent is not Extent.WHOLE:
        yield Problem(
            f"has {_amount(extent)} of Cognito's management events in the region recorded by a trail",
            evidence=(("TrailList", tuple(each.name for each in trails)),),
        )


@rule(
    "LOG007",
    Severity.LOW,
    url=DOCS + "metrics-for-cognito-user-pools.html",
    reads=(FacetName.ALARMS,),
    peers={
        "stave": (
            "CTL.COGNITO.ALARM.FAILEDAUTH",
            "CTL.COGNITO.ALARM.REGSPIKE",
            "CTL.COGNITO.METRICS.LOGINS",
        )
    },
)
def nobody_is_alarmed(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """No alarm watches the user pool's sign-ins, sign-ups and risks.

    Why: an attack, or users that AWS throttles, shows in these metrics first; without an alarm it is the
    users who tell.
    Fix: make CloudWatch alarms on SignInThrottles, SignUpSuccesses and, with threat protection, on
    AccountTakeoverRisk, per app client for the first two. Each alarm is billed by the month.
    Unsure when: another tool watches the metrics.
    """
    alarms = ctx.region.alarms.value
    if not any(_may_watch(alarm, pool.user_pool_id) for alarm in alarms):
        yield Problem(
            "has no alarm on its sign-ins, sign-ups or risks",
            evidence=(("MetricAlarms", tuple(alarm.name for alarm in alarms)),),
        )


def _of(event_source: str, ctx: Context) -> list[LogDestination]:
    return [each for each in ctx.pool.log_delivery.value if each.event_source == event_source]


def _sources(ctx: Context) -> tuple[tuple[str, object], ...]:
    found = tuple(each.event_source for each in ctx.pool.log_delivery.value)
    return (("LogConfigurations.EventSource", found),)


def _path(destination: LogDestination) -> str:
    return f"LogConfigurations[{destination.event_source}].CloudWatchLogsConfiguration.LogGroupArn"


def _gives_guests_a_role(pool: IdentityPool, ctx: Context) -> bool:
    """Whether guests surely get a role; roles that were not read leave the problem what it is."""
    roles = ctx.identities.roles
    return pool.allows_guest_access and roles.gap is None and roles.value.unauthenticated_role_arn is not None


def _amount(extent: Extent) -> str:
    return "none" if extent is Extent.NONE else "only a part"


def _may_watch(alarm: Alarm, user_pool_id: str) -> bool:
    """Whether an alarm watches the user pool's metrics, or those of all: one without dimensions may."""
    return any(_may_be_of(metric, user_pool_id) for metric in alarm.metrics)


def _may_be_of(metric: AlarmMetric, user_pool_id: str) -> bool:
    if metric.namespace not in ("AWS/Cognito", "AWS/Usage"):
        return False
    return all(name not in USER_POOL_DIMENSIONS or value == user_pool_id for name, value in metric.dimensions)
