"""CloudWatch alarms on metrics of Cognito, and of the services that user pools use."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from collectors.answers import Answer
from records.surroundings import Alarm, AlarmMetric

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient

CALLS = frozenset({"cloudwatch:DescribeAlarms"})

_PAGE_SIZE = 100
_NAMESPACES = frozenset(
    {
        "AWS/CertificateManager",
        "AWS/Cognito",
        "AWS/Firehose",
        "AWS/Lambda",
        "AWS/Logs",
        "AWS/SES",
        "AWS/SMSVoice",
        "AWS/SNS",
        "AWS/WAFV2",
    }
)
# Every service has its call counts in this namespace; its dimension Service tells them apart.
_USAGE = "AWS/Usage"
# A Metrics Insights query: SELECT <function>(<metric>) FROM <namespace>, or FROM SCHEMA(<namespace>, ...)
# (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html).
_QUERY = re.compile(
    r'\s*SELECT\s+\w+\s*\(\s*"?(?P<name>[^")]+?)"?\s*\)\s*FROM\s+(?:SCHEMA\s*\(\s*)?"?(?P<namespace>[\w/.#:-]+)',
    re.IGNORECASE,
)


def collect_alarms(cloudwatch: "CloudWatchClient") -> tuple[Alarm, ...]:
    """Return the region's metric alarms that concern Cognito or what it uses, ordered by ARN."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmTypes=["MetricAlarm"], PaginationConfig={"PageSize": _PAGE_SIZE}
    )
    alarms = {alarm.arn: alarm for page in pages for alarm in parse_alarms(page)}
    return tuple(alarms[arn] for arn in sorted(alarms))


def parse_alarms(raw: Any) -> Iterator[Alarm]:
    """Yield the alarms of one of DescribeAlarms' pages that concern Cognito or what it uses."""
    for part in Answer(raw, "DescribeAlarms").required_parts("MetricAlarms"):
        metrics = tuple(sorted(set(_metrics(part)), key=_order))
        if any(_concerns_cognito(metric) for metric in metrics):
            yield Alarm(
                arn=part.required_text("AlarmArn"),
                name=part.required_text("AlarmName"),
                metrics=metrics,
                has_actions=bool(part.texts("AlarmActions")),
                is_enabled=part.required_flag("ActionsEnabled"),
            )


def _metrics(alarm: Answer) -> Iterator[AlarmMetric]:
    """Yield what an alarm watches: its metric, or those that its metric math or its query takes."""
    yield from _metric(alarm)
    for query in alarm.parts("Metrics"):
        stat = query.part("MetricStat")
        if stat is not None:
            yield from _metric(stat.required_part("Metric"))
        elif found := _QUERY.match(query.text("Expression") or ""):
            yield AlarmMetric(namespace=found["namespace"], name=found["name"], dimensions=())


def _metric(part: Answer) -> Iterator[AlarmMetric]:
    namespace, name = part.text("Namespace"), part.text("MetricName")
    if namespace and name:
        dimensions = (
            (each.required_text("Name"), each.required_text("Value")) for each in part.parts("Dimensions")
        )
        yield AlarmMetric(namespace=namespace, name=name, dimensions=tuple(sorted(dimensions)))


def _concerns_cognito(metric: AlarmMetric) -> bool:
    if metric.namespace == _USAGE:
        service = dict(metric.dimensions).get("Service")
        return service is None or "cognito" in service.lower()
    return metric.namespace in _NAMESPACES


def _order(metric: AlarmMetric) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return (metric.namespace, metric.name, metric.dimensions)
