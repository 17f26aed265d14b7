"""CloudWatch alarms in pages, where moto answers all at once."""

from typing import Any

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from demo.emulator.pages import page_of, size_of
from demo.emulator.patching import wrap

LARGEST_PAGE = 100
KINDS = ("MetricAlarms", "CompositeAlarms")


def install() -> None:
    """Patch moto's list."""
    wrap(CloudWatchResponse, "describe_alarms", _paged)


def _paged(original: Any, response: Any) -> ActionResult:
    answer: Any = original(response).result
    # AWS leaves composite alarms out unless they are asked for.
    wanted = response._get_param("AlarmTypes") or ["MetricAlarm"]  # noqa: SLF001 - how moto's operations read parameters
    found = [(kind, alarm) for kind in KINDS if kind[:-1] in wanted for alarm in answer[kind]]
    size = size_of(response._get_param("MaxRecords"), LARGEST_PAGE, code="ValidationError")  # noqa: SLF001 - as above
    token = response._get_param("NextToken")  # noqa: SLF001 - as above
    page, following = page_of(found, token, size, code="InvalidNextToken")
    lists = {kind: [alarm for each, alarm in page if each == kind] for kind in KINDS}
    return ActionResult({**lists, "NextToken": following})
