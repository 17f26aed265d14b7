from typing import Any

import pytest

from records.delivery import LogDestination, LogGroup
from records.evaluation import Outcome, Severity
from records.facet import FacetName, Gap, Reason
from records.snapshot import Snapshot
from records.surroundings import AlarmMetric, EventSelector, FieldSelector, Trail
from rules.logging import (
    changes_leave_no_trace,
    credentials_leave_no_trace,
    delivery_errors_are_not_logged,
    log_destination_is_gone,
    nobody_is_alarmed,
    sign_in_log_is_kept_wrongly,
    threat_events_are_not_exported,
)
from tests.builders import (
    LOG_GROUP_ARN,
    USER_POOL_ID,
    make_alarm,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_machine_client,
    make_snapshot,
    make_trail,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import (
    NO_CLIENT_LIST,
    NO_ROLES,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
)

ERRORS_ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:/customers/errors"
NO_DELIVERY = make_gap("cognito-idp:GetLogDeliveryConfiguration")
NO_LOG_GROUP = make_gap("logs:DescribeLogGroups")
NO_TRAILS = make_gap("cloudtrail:DescribeTrails")
NO_ALARMS = make_gap("cloudwatch:DescribeAlarms")
# What the organization's account alone may see.
HIDDEN_TRAIL_ARN = "arn:aws:cloudtrail:us-east-1:999988887777:trail/organization"
HIDDEN = Gap(
    operation="cloudtrail:GetEventSelectors",
    reason=Reason.OTHER_ACCOUNT,
    message=f"what {HIDDEN_TRAIL_ARN} records is shown only to the account that owns it",
)


def sends(source: str, arn: str | None = LOG_GROUP_ARN, **overrides: Any) -> LogDestination:
    nowhere = {"level": "INFO", "bucket_arn": None, "stream_arn": None}
    return LogDestination(event_source=source, log_group_arn=arn, **{**nowhere, **overrides})


SIGN_INS, ERRORS = sends("userAuthEvents"), sends("userNotification", ERRORS_ARN)
TO_BUCKET = sends("userAuthEvents", None, bucket_arn="arn:aws:s3:::example-sign-ins")


def logs(
    *destinations: LogDestination,
    delivery: Gap | None = None,
    group: Any = True,
    errors_group: Any = True,
    clients: Any = None,
    **overrides: Any,
) -> Snapshot:
    """Build a user pool whose logs go to these destinations."""
    listed = {} if clients is None else {"clients": clients}
    pool = make_user_pool_snapshot(
        make_user_pool(**overrides), more={FacetName.LOG_DELIVERY: delivery or destinations}, **listed
    )
    return make_snapshot(
        user_pools=[pool],
        references={
            (FacetName.LOG_GROUP, arn): log_group(365, arn) if found is True else found
            for arn, found in ((LOG_GROUP_ARN, group), (ERRORS_ARN, errors_group))
        },
    )


def log_group(days: int | None, arn: str = LOG_GROUP_ARN) -> LogGroup:
    return LogGroup(arn=arn, retention_days=days, kms_key_arn=None)


def trail(*conditions: tuple[str, str, str], **overrides: Any) -> Trail:
    """Build a trail with one selector of these conditions."""
    selector = EventSelector(
        name=None,
        fields=tuple(
            FieldSelector(field=field, operator=operator, values=(value,))
            for field, operator, value in conditions
        ),
    )
    return make_trail(selectors=(selector,), **overrides)


MANAGEMENT = ("eventCategory", "Equals", "Management")
HIDDEN_TRAIL = make_trail(arn=HIDDEN_TRAIL_ARN, name="organization", is_organization=True, selectors=None)
ASLEEP = make_trail(is_logging=False)


def recorded(*trails: Trail, gap: Gap | None = None) -> Snapshot:
    return make_snapshot(user_pools=[make_user_pool_snapshot()], more={FacetName.TRAILS: gap or trails})


def credentials(*trails: Trail, gap: Gap | None = None, **overrides: Any) -> Snapshot:
    pool = make_identity_pool_snapshot(make_identity_pool(**overrides))
    return make_snapshot(identity_pools=[pool], more={FacetName.TRAILS: gap or trails})


GUEST_ROLE = "arn:aws:iam::111122223333:role/guests"
GUESTS: dict[str, Any] = {"allows_guest_access": True}


def watched(*metrics: AlarmMetric, gap: Gap | None = None, **overrides: Any) -> Snapshot:
    """Build a user pool in a region with one alarm on these metrics, or with none."""
    alarms = (make_alarm(metrics=metrics, **overrides),) if metrics else ()
    return make_snapshot(user_pools=[make_user_pool_snapshot()], more={FacetName.ALARMS: gap or alarms})


def metric(
    *dimensions: tuple[str, str], name: str = "SignInThrottles", namespace: str = "AWS/Cognito"
) -> AlarmMetric:
    return AlarmMetric(namespace=namespace, name=name, dimensions=dimensions)


EXPORTS = [
    fails(
        threat_events_are_not_exported,
        "errors alone",
        logs(ERRORS),
        "exports no events of threat protection",
        evidence=(("LogConfigurations.EventSource", ("userNotification",)),),
    ),
    fails(
        threat_events_are_not_exported,
        "nothing in audit mode",
        logs(threat_protection="AUDIT"),
        "exports no events of threat protection",
        evidence=(("LogConfigurations.EventSource", ()),),
    ),
    passes(threat_events_are_not_exported, "to a log group", logs(SIGN_INS)),
    passes(threat_events_are_not_exported, "to a bucket", logs(TO_BUCKET)),
    is_no_matter(threat_events_are_not_exported, "threat protection off", logs(threat_protection="OFF")),
    is_no_matter(
        threat_events_are_not_exported,
        "not in the plan",
        logs(delivery=make_gap("cognito-idp:GetLogDeliveryConfiguration", Reason.NOT_IN_PLAN)),
    ),
    is_unknown(threat_events_are_not_exported, "unread", logs(delivery=NO_DELIVERY), NO_DELIVERY),
    fails(
        delivery_errors_are_not_logged,
        "sign-ins alone",
        logs(SIGN_INS),
        "logs no errors of message delivery",
        evidence=(("LogConfigurations.EventSource", ("userAuthEvents",)),),
    ),
    passes(delivery_errors_are_not_logged, "logged", logs(ERRORS)),
    is_no_matter(
        delivery_errors_are_not_logged, "no users of its own", logs(clients=(make_machine_client(),))
    ),
    is_unknown(delivery_errors_are_not_logged, "unread", logs(delivery=NO_DELIVERY), NO_DELIVERY),
    is_unknown(
        delivery_errors_are_not_logged, "app clients unread", logs(clients=NO_CLIENT_LIST), NO_CLIENT_LIST
    ),
]
GROUPS = [
    fails(
        log_destination_is_gone,
        "one of two",
        logs(SIGN_INS, ERRORS, errors_group=None),
        f"sends userNotification to a log group that does not exist: {ERRORS_ARN}",
        evidence=(
            (
                "LogConfigurations[userNotification].CloudWatchLogsConfiguration.LogGroupArn",
                ERRORS_ARN,
            ),
        ),
    ),
    fails(
        log_destination_is_gone,
        "another one unread, which comes first",
        logs(SIGN_INS, ERRORS, group=NO_LOG_GROUP, errors_group=None),
        f"sends userNotification to a log group that does not exist: {ERRORS_ARN}",
        gaps=(NO_LOG_GROUP,),
    ),
    passes(log_destination_is_gone, "there", logs(SIGN_INS, ERRORS)),
    is_no_matter(log_destination_is_gone, "no logs", logs()),
    is_no_matter(log_destination_is_gone, "to a bucket", logs(TO_BUCKET)),
    is_unknown(log_destination_is_gone, "delivery unread", logs(delivery=NO_DELIVERY), NO_DELIVERY),
    is_unknown(log_destination_is_gone, "log group unread", logs(SIGN_INS, group=NO_LOG_GROUP), NO_LOG_GROUP),
    fails(
        sign_in_log_is_kept_wrongly,
        "too short",
        logs(SIGN_INS, group=log_group(364)),
        "keeps its sign-in events for 364 days, short of 365",
        evidence=(
            (
                "LogConfigurations[userAuthEvents].CloudWatchLogsConfiguration.LogGroupArn",
                LOG_GROUP_ARN,
            ),
            ("LogGroup.RetentionInDays", 364),
        ),
    ),
    fails(
        sign_in_log_is_kept_wrongly,
        "for ever",
        logs(SIGN_INS, group=log_group(None)),
        "keeps its sign-in events for ever",
    ),
    passes(sign_in_log_is_kept_wrongly, "a year", logs(SIGN_INS)),
    passes(sign_in_log_is_kept_wrongly, "no such log group", logs(SIGN_INS, group=None)),
    is_no_matter(sign_in_log_is_kept_wrongly, "errors alone", logs(ERRORS, errors_group=log_group(1))),
    is_no_matter(sign_in_log_is_kept_wrongly, "to a bucket", logs(TO_BUCKET)),
    is_unknown(sign_in_log_is_kept_wrongly, "delivery unread", logs(delivery=NO_DELIVERY), NO_DELIVERY),
    is_unknown(
        sign_in_log_is_kept_wrongly, "log group unread", logs(SIGN_INS, group=NO_LOG_GROUP), NO_LOG_GROUP
    ),
]
TRAILS = [
    fails(
        credentials_leave_no_trace,
        "management events alone",
        credentials(trail(MANAGEMENT), **GUESTS),
        "has none of its data events recorded by a trail",
        evidence=(("TrailList", ("everything",)),),
    ),
    fails(
        credentials_leave_no_trace,
        "no trail, and the classic flow",
        credentials(allows_classic_flow=True),
        "has none of its data events recorded by a trail",
        evidence=(("TrailList", ()),),
    ),
    fails(
        credentials_leave_no_trace,
        "one event",
        credentials(
            trail(
                ("eventCategory", "Equals", "Data"),
                ("resources.type", "Equals", "AWS::Cognito::IdentityPool"),
                ("eventName", "Equals", "GetId"),
            ),
            **GUESTS,
        ),
        "has only a part of its data events recorded by a trail",
    ),
    fails(
        credentials_leave_no_trace,
        "another identity pool's",
        credentials(
            trail(
                ("eventCategory", "Equals", "Data"),
                ("resources.type", "Equals", "AWS::Cognito::IdentityPool"),
                ("resources.ARN", "Equals", "arn:aws:cognito-identity:eu-west-1:111122223333:identitypool/x"),
            ),
            **GUESTS,
        ),
        "has none of its data events recorded by a trail",
    ),
    fails(
        credentials_leave_no_trace,
        "a trail that is stopped",
        credentials(ASLEEP, **GUESTS),
        "has none of its data events recorded by a trail",
    ),
    passes(credentials_leave_no_trace, "recorded", credentials(make_trail(), **GUESTS)),
    is_no_matter(credentials_leave_no_trace, "neither guests nor the classic flow", credentials()),
    is_no_matter(credentials_leave_no_trace, "nothing said", credentials(allows_classic_flow=None)),
    is_unknown(credentials_leave_no_trace, "unread", credentials(gap=NO_TRAILS, **GUESTS), NO_TRAILS),
    fails(
        changes_leave_no_trace,
        "no trail",
        recorded(),
        "has none of Cognito's management events in the region recorded by a trail",
        evidence=(("TrailList", ()),),
    ),
    fails(
        changes_leave_no_trace,
        "what reads alone",
        recorded(trail(MANAGEMENT, ("readOnly", "Equals", "true"))),
        "has none of Cognito's management events in the region recorded by a trail",
        evidence=(("TrailList", ("everything",)),),
    ),
    fails(
        changes_leave_no_trace,
        "a stopped trail",
        recorded(ASLEEP),
        "has none of Cognito's management events in the region recorded by a trail",
    ),
    fails(
        changes_leave_no_trace,
        "user pools left out",
        recorded(trail(MANAGEMENT, ("eventSource", "NotEquals", "cognito-idp.amazonaws.com"))),
        "has only a part of Cognito's management events in the region recorded by a trail",
    ),
    passes(changes_leave_no_trace, "recorded", recorded(make_trail())),
    is_unknown(changes_leave_no_trace, "unread", recorded(gap=NO_TRAILS), NO_TRAILS),
    *(
        Case(
            rule=one,
            situation="hidden by the organization",
            snapshot=snapshot,
            outcome=Outcome.UNKNOWN,
            messages=("could not be judged: cloudtrail:GetEventSelectors was not read (other account)",),
            gaps=(HIDDEN,),
        )
        for one, snapshot in (
            (credentials_leave_no_trace, credentials(HIDDEN_TRAIL, **GUESTS)),
            (changes_leave_no_trace, recorded(HIDDEN_TRAIL, ASLEEP)),
        )
    ),
]
ALARMS = [
    fails(
        nobody_is_alarmed,
        "none",
        watched(),
        "has no alarm on its sign-ins, sign-ups or risks",
        evidence=(("MetricAlarms", ()),),
    ),
    *(
        fails(
            nobody_is_alarmed,
            situation,
            watched(one),
            "has no alarm on its sign-ins, sign-ups or risks",
            evidence=(("MetricAlarms", ("sign-in-throttles",)),),
        )
        for situation, one in (
            ("another user pool", metric(("UserPool", "eu-west-1_other"))),
            (
                "another user pool's risks",
                metric(("UserPoolId", "eu-west-1_other"), name="AccountTakeoverRisk"),
            ),
            ("another service", metric(name="Errors", namespace="AWS/Lambda")),
        )
    ),
    *(
        passes(nobody_is_alarmed, situation, watched(*metrics))
        for situation, metrics in (
            ("of one app client", (metric(("UserPool", USER_POOL_ID), ("UserPoolClient", "web")),)),
            ("on risks", (metric(("UserPoolId", USER_POOL_ID), name="AccountTakeoverRisk"),)),
            ("by a query over all", (metric(),)),
            (
                "by metric math, beside another user pool",
                (metric(("UserPool", "eu-west-1_other")), metric(("UserPool", USER_POOL_ID))),
            ),
            (
                "on the account's throttled calls",
                (metric(("Service", "Cognito user pool"), name="ThrottleCount", namespace="AWS/Usage"),),
            ),
        )
    ),
    # A composite alarm may act on it.
    passes(
        nobody_is_alarmed,
        "an alarm without actions of its own",
        watched(metric(("UserPool", USER_POOL_ID)), has_actions=False, is_enabled=False),
    ),
    is_unknown(nobody_is_alarmed, "unread", watched(gap=NO_ALARMS), NO_ALARMS),
]
CASES = [*EXPORTS, *GROUPS, *TRAILS, *ALARMS]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_logging_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("settings", "roles", "severity"),
    [
        (GUESTS, GUEST_ROLE, Severity.HIGH),
        (GUESTS, None, Severity.MEDIUM),
        ({"allows_classic_flow": True}, GUEST_ROLE, Severity.MEDIUM),
    ],
)
def test_credentials_without_a_trace_are_worse_where_guests_get_them(
    settings: dict[str, Any], roles: str | None, severity: Severity
) -> None:
    pool = make_identity_pool_snapshot(
        make_identity_pool(**settings), roles=make_identity_pool_roles(unauthenticated_role_arn=roles)
    )
    said = judge(
        credentials_leave_no_trace, make_snapshot(identity_pools=[pool], more={FacetName.TRAILS: ()})
    )
    assert said.severity is severity
    assert bool(said.severity_reason) is (severity is Severity.HIGH)


def test_roles_that_were_not_read_leave_the_missing_trace_a_failure() -> None:
    pool = make_identity_pool_snapshot(make_identity_pool(**GUESTS), roles=NO_ROLES)
    said = judge(
        credentials_leave_no_trace, make_snapshot(identity_pools=[pool], more={FacetName.TRAILS: ()})
    )
    assert (said.outcome, said.severity) == (Outcome.FAIL, Severity.MEDIUM)
