"""What hangs on a user pool, read member by member."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.user_pool_parts import (
    CALLS,
    NO_SUCH_DOMAIN,
    collect_domain,
    collect_log_delivery,
    collect_session_configuration,
    parse_domain,
    parse_groups,
    parse_import_jobs,
    parse_log_delivery,
    parse_replicas,
    parse_resource_servers,
    parse_session_configuration,
)
from records.delivery import LogDestination
from records.facet import FacetName, Gap, Reason
from records.user_pool_parts import ResourceServer
from tests.full_answers import CANARY, full_answer, unset
from tests.wire import Refusal, Reply, Wire, client

POOL = "us-west-2_EXAMPLE"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def with_times(answer: Any) -> Any:
    """Return an answer as botocore parses it: its epoch seconds become times."""
    if isinstance(answer, dict):
        return {key: NOW if key.endswith("Date") else with_times(value) for key, value in answer.items()}
    return [with_times(each) for each in answer] if isinstance(answer, list) else answer


def one(found: tuple[Any, ...]) -> Any:
    (record,) = found
    return record


@pytest.mark.parametrize(
    ("operation", "parse"),
    [
        ("ListResourceServers", lambda raw: one(parse_resource_servers(raw))),
        ("ListGroups", lambda raw: one(parse_groups(raw))),
        ("GetLogDeliveryConfiguration", lambda raw: one(parse_log_delivery(raw, "UserPoolId-value"))),
        (
            "GetUserPoolSessionConfiguration",
            lambda raw: parse_session_configuration(raw, "UserPoolId-value"),
        ),
        ("ListUserPoolReplicas", lambda raw: one(parse_replicas(raw))),
        ("ListUserImportJobs", lambda raw: one(parse_import_jobs(raw))),
        ("DescribeUserPoolDomain", parse_domain),
    ],
)
def test_no_field_of_a_record_is_left_unset(operation: str, parse: Any) -> None:
    record = parse(with_times(full_answer("cognito-idp", operation)))
    assert unset(record) == []
    assert CANARY not in repr(record)


def test_an_import_jobs_presigned_url_stays_behind() -> None:
    answer = full_answer("cognito-idp", "ListUserImportJobs")
    assert CANARY in repr(answer)
    assert CANARY not in repr(parse_import_jobs(with_times(answer)))


def test_the_calls_are_those_of_the_facets() -> None:
    facets = (
        FacetName.RESOURCE_SERVERS,
        FacetName.GROUPS,
        FacetName.LOG_DELIVERY,
        FacetName.SESSION_CONFIGURATION,
        FacetName.REPLICAS,
        FacetName.IMPORT_JOBS,
        FacetName.DOMAIN,
    )
    assert {operation for facet in facets for operation in facet.operations} == CALLS


def test_scopes_stand_in_one_order_however_aws_lists_them() -> None:
    scopes = [
        {"ScopeName": "write", "ScopeDescription": "w"},
        {"ScopeName": "read", "ScopeDescription": "r"},
    ]
    raw = {"ResourceServers": [{"Identifier": "api", "Name": "API", "Scopes": scopes}]}
    assert parse_resource_servers(raw) == (
        ResourceServer(identifier="api", name="API", scopes=("read", "write"), managed_by=None),
    )


def test_a_group_without_role_and_precedence_reads_as_unset() -> None:
    group = one(parse_groups({"Groups": [{"GroupName": "g"}]}))
    assert (group.role_arn, group.precedence) == (None, None)
    assert one(parse_groups({"Groups": [{"GroupName": "g", "Precedence": 0}]})).precedence == 0


STREAM = "arn:aws:firehose:us-west-2:123456789012:deliverystream/my-test-deliverystream"
LOG_GROUP = "arn:aws:logs:us-west-2:123456789012:log-group:my-message-delivery-logs"


def log_delivery(*configurations: Mapping[str, Any], pool: str = POOL) -> dict[str, Any]:
    return {"LogDeliveryConfiguration": {"UserPoolId": pool, "LogConfigurations": list(configurations)}}


def test_log_destinations_stand_in_one_order() -> None:
    notifications = {
        "LogLevel": "ERROR",
        "EventSource": "userNotification",
        "CloudWatchLogsConfiguration": {"LogGroupArn": LOG_GROUP},
    }
    events = {
        "LogLevel": "INFO",
        "EventSource": "userAuthEvents",
        "FirehoseConfiguration": {"StreamArn": STREAM},
    }
    wire = Wire({"GetLogDeliveryConfiguration": [log_delivery(notifications, events)]})
    found = collect_log_delivery(client("cognito-idp", wire), POOL)
    assert found == (
        LogDestination(
            event_source="userAuthEvents",
            level="INFO",
            log_group_arn=None,
            bucket_arn=None,
            stream_arn=STREAM,
        ),
        LogDestination(
            event_source="userNotification",
            level="ERROR",
            log_group_arn=LOG_GROUP,
            bucket_arn=None,
            stream_arn=None,
        ),
    )
    assert parse_log_delivery(log_delivery(events, notifications), POOL) == found


@pytest.mark.parametrize("raw", [{}, {"LogDeliveryConfiguration": {}}, log_delivery()])
def test_a_user_pool_that_delivers_no_logs_has_no_destination(raw: dict[str, Any]) -> None:
    assert parse_log_delivery(raw, POOL) == ()


def test_a_session_configuration_that_was_never_set_is_not_tracked() -> None:
    wire = Wire({"GetUserPoolSessionConfiguration": [{"UserPoolId": POOL}]})
    session = collect_session_configuration(client("cognito-idp", wire), POOL)
    assert (session.tracking, session.max_per_user, session.is_tracked) == (None, None, False)


def test_an_import_job_that_never_ran_has_no_dates_of_it() -> None:
    job = one(parse_import_jobs({"UserImportJobs": [{"JobId": "import-1", "Status": "Created"}]}))
    assert (job.status, job.started_at, job.completed_at, job.failed_users) == ("Created", None, None, None)


def test_a_user_pool_without_import_jobs_may_be_answered_without_a_list() -> None:
    assert parse_import_jobs({}) == ()


def describe_domain(reply: Reply, name: str = "my-domain") -> Any:
    wire = Wire({"DescribeUserPoolDomain": [reply]})
    idp = client("cognito-idp", wire)
    outcome = attempt(
        "cognito-idp:DescribeUserPoolDomain",
        lambda: collect_domain(idp, name, POOL),
        region="us-west-2",
        instead=dict.fromkeys(NO_SUCH_DOMAIN),
    )
    assert wire.requests == [("DescribeUserPoolDomain", {"Domain": name})]
    return outcome


PREFIX_DOMAIN = {
    "UserPoolId": POOL,
    "AWSAccountId": "111111111111",
    "Domain": "my-domain",
    "S3Bucket": "aws-cognito-prod-pdx-assets",
    "CloudFrontDistribution": "aaaaaaaaaaaaa.cloudfront.net",
    "Version": "20190128175402",
    "Status": "ACTIVE",
    "CustomDomainConfig": {},
}


def test_a_prefix_domain_is_not_custom_for_its_empty_configuration() -> None:
    domain = describe_domain({"DomainDescription": PREFIX_DOMAIN})
    assert (domain.name, domain.user_pool_id, domain.status) == ("my-domain", POOL, "ACTIVE")
    assert (domain.is_custom, domain.certificate_arn, domain.failover_region) == (False, None, None)


def test_a_custom_domain_has_its_certificate_and_its_tls_policy() -> None:
    certificate = "arn:aws:acm:us-east-1:111111111111:certificate/1"
    custom = {
        **PREFIX_DOMAIN,
        "Domain": "auth.example.com",
        "CustomDomainConfig": {"CertificateArn": certificate, "SecurityPolicy": "TLS_V1"},
        "ManagedLoginVersion": 2,
        "Routing": {
            "Failover": {"SecondaryRegion": "us-east-2", "PrimaryRoute53HealthCheckId": "check"},
        },
    }
    domain = describe_domain({"DomainDescription": custom}, name="auth.example.com")
    assert domain.is_custom
    assert (domain.certificate_arn, domain.security_policy) == (certificate, "TLS_V1")
    assert (domain.managed_login_version, domain.failover_region) == (2, "us-east-2")


@pytest.mark.parametrize(
    "reply", [{"DomainDescription": {}}, *(Refusal(code) for code in sorted(NO_SUCH_DOMAIN))]
)
def test_a_domain_that_aws_does_not_know_is_none(reply: Reply) -> None:
    assert describe_domain(reply) is None


@pytest.mark.parametrize(
    ("description", "says"),
    [
        pytest.param({**PREFIX_DOMAIN, "UserPoolId": "us-west-2_other"}, "us-west-2_other", id="other pool"),
        pytest.param({**PREFIX_DOMAIN, "Domain": "other-domain"}, "other-domain", id="other domain"),
        pytest.param({"UserPoolId": POOL}, "has no Domain", id="no name"),
        pytest.param(None, "DomainDescription", id="no description"),
    ],
)
def test_a_description_of_something_else_is_malformed(description: object, says: str) -> None:
    gap = describe_domain({"DomainDescription": description})
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.MALFORMED
    assert says in gap.message


def test_a_denied_domain_is_a_gap_and_not_none() -> None:
    gap = describe_domain(Refusal("NotAuthorizedException"))
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.DENIED


@pytest.mark.parametrize(
    ("parse", "raw", "says"),
    [
        pytest.param(
            parse_resource_servers,
            {"ResourceServers": [{"Identifier": "api", "Scopes": [{"ScopeDescription": "?"}]}]},
            "has no ScopeName",
            id="scope without a name",
        ),
        pytest.param(
            parse_groups, {"Groups": [{"GroupName": "g", "Precedence": "1"}]}, "is a str", id="text as number"
        ),
        pytest.param(parse_groups, {"Groups": ["g"]}, "no structure", id="text for a group"),
        pytest.param(
            lambda raw: parse_log_delivery(raw, POOL),
            {"LogDeliveryConfiguration": {"UserPoolId": POOL}},
            "has no LogConfigurations",
            id="no log configurations",
        ),
        pytest.param(
            lambda raw: parse_log_delivery(raw, POOL),
            log_delivery({"LogLevel": "INFO"}),
            "has no EventSource",
            id="logs of nothing",
        ),
        pytest.param(
            lambda raw: parse_log_delivery(raw, POOL),
            log_delivery(pool="us-west-2_other"),
            "about us-west-2_other",
            id="logs of another user pool",
        ),
        pytest.param(
            lambda raw: parse_session_configuration(raw, POOL),
            {"UserSessionTracking": "ENABLED"},
            "has no UserPoolId",
            id="sessions of no user pool",
        ),
        pytest.param(
            lambda raw: parse_session_configuration(raw, POOL),
            {"UserPoolId": "us-west-2_other", "UserSessionTracking": "ENABLED"},
            "about us-west-2_other",
            id="sessions of another user pool",
        ),
        pytest.param(
            parse_import_jobs, {"UserImportJobs": {"JobId": "1"}}, "UserImportJobs is a dict", id="no list"
        ),
        pytest.param(
            parse_domain,
            {"DomainDescription": {"Domain": "d", "CustomDomainConfig": "yes"}},
            "CustomDomainConfig is a str",
            id="text for a configuration",
        ),
    ],
)
def test_a_malformed_answer_is_named_and_never_guessed(parse: Any, raw: Any, says: str) -> None:
    with pytest.raises(MalformedAnswerError, match=says):
        parse(raw)
