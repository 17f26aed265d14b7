"""CloudWatch Logs groups that user pools write to."""

from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, MalformedAnswerError
from records.delivery import LogGroup
from records.resource import Arn

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

CALLS = frozenset({"logs:DescribeLogGroups"})

_PAGE_SIZE = 50
_PREFIX = "log-group:"


def collect_log_group(logs: "CloudWatchLogsClient", log_group_arn: str) -> LogGroup | None:
    """Return a log group, None where there is none of that name. The ARN may end in `:*`."""
    name = _name(log_group_arn)
    pages = logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix=name, PaginationConfig={"PageSize": _PAGE_SIZE}
    )
    for page in pages:
        for group in Answer(page, "DescribeLogGroups").required_parts("logGroups"):
            # The call knows prefixes alone.
            if group.required_text("logGroupName") == name:
                return _log_group(group)
    return None


def parse_log_group(raw: Any) -> LogGroup:
    """Translate one log group of DescribeLogGroups' answer."""
    return _log_group(Answer(raw, "DescribeLogGroups.logGroups"))


def _log_group(group: Answer) -> LogGroup:
    return LogGroup(
        arn=group.required_text("arn").removesuffix(":*"),
        retention_days=group.number("retentionInDays"),
        kms_key_arn=group.text("kmsKeyId"),
    )


def _name(log_group_arn: str) -> str:
    try:
        resource = Arn.of(log_group_arn).resource
    except ValueError:
        resource = ""
    name = resource.removeprefix(_PREFIX).removesuffix(":*")
    if not resource.startswith(_PREFIX) or not name or ":" in name:
        raise MalformedAnswerError("the log destination's ARN names no log group")
    return name
