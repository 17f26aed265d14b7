"""CloudTrail trails that see a region, and what they record."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, MalformedAnswerError
from collectors.attempt import elsewhere
from records.surroundings import EventSelector, FieldSelector, Trail

if TYPE_CHECKING:
    from types_boto3_cloudtrail import CloudTrailClient

CALLS = frozenset({"cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"})

_OPERATORS = ("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith")
# Basic selectors' words for the value of `readOnly`; they say nothing of it where they record all.
_READ_ONLY = {"ReadOnly": "true", "WriteOnly": "false", "All": None}


def collect_trails(client_in: Callable[[str], "CloudTrailClient"], region: str) -> tuple[Trail, ...]:
    """Return the trails that record events of a region, ordered by ARN.

    `client_in` gives the client of a region: a trail is asked about where it was made.
    """
    # Neither a paginator nor a token: an account has few trails in a region.
    answer = client_in(region).describe_trails(includeShadowTrails=True)
    trails = {
        trail.arn: trail
        for item in Answer(answer, "DescribeTrails").required_parts("trailList")
        if (trail := _where_it_was_made(client_in, region, item)) is not None
    }
    return tuple(trails[arn] for arn in sorted(trails))


def _where_it_was_made(
    client_in: Callable[[str], "CloudTrailClient"], region: str, item: Answer
) -> Trail | None:
    home_region = item.text("HomeRegion")
    with nullcontext() if home_region in (None, region) else elsewhere(home_region):
        return _collect_trail(client_in(home_region or region), home_region, item)


def _collect_trail(cloudtrail: "CloudTrailClient", home_region: str | None, item: Answer) -> Trail | None:
    arn = item.required_text("TrailARN")
    is_organization = item.flag("IsOrganizationTrail") is True
    try:
        status = cloudtrail.get_trail_status(Name=arn)
    except cloudtrail.exceptions.TrailNotFoundException:
        if is_organization:
            raise
        # Deleted since it was listed.
        return None
    return Trail(
        arn=arn,
        name=item.required_text("Name"),
        home_region=home_region,
        is_multi_region=item.required_flag("IsMultiRegionTrail"),
        is_organization=is_organization,
        is_logging=Answer(status, "GetTrailStatus").required_flag("IsLogging"),
        selectors=_collect_selectors(cloudtrail, arn, is_organization=is_organization),
    )


def _collect_selectors(
    cloudtrail: "CloudTrailClient", arn: str, *, is_organization: bool
) -> tuple[EventSelector, ...] | None:
    try:
        return parse_event_selectors(cloudtrail.get_event_selectors(TrailName=arn))
    except cloudtrail.exceptions.TrailNotFoundException:
        # CloudTrail lists an organization's trail in each member account, yet this call knows it only in
        # the account that owns it (https://github.com/cloud-custodian/cloud-custodian/pull/6394).
        if is_organization:
            return None
        raise


def parse_event_selectors(raw: Any) -> tuple[EventSelector, ...]:
    """Translate GetEventSelectors' answer, ordered by name: a trail records what any of them selects."""
    answer = Answer(raw, "GetEventSelectors")
    if not (answer.has("EventSelectors") or answer.has("AdvancedEventSelectors")):
        raise MalformedAnswerError("GetEventSelectors has selectors of neither kind")
    selectors = [
        *(selector for part in answer.parts("EventSelectors") for selector in _basic(part)),
        *(_advanced(part) for part in answer.parts("AdvancedEventSelectors")),
    ]
    return tuple(sorted(selectors, key=lambda each: (each.name or "", _order(each.fields))))


def _basic(part: Answer) -> Iterator[EventSelector]:
    """Yield what a basic selector comes to: one selector of management events, and one per type of data."""
    kind = part.text("ReadWriteType") or "All"
    if kind not in _READ_ONLY:
        raise MalformedAnswerError(f"GetEventSelectors has the unknown ReadWriteType {kind}")
    read_only = _READ_ONLY[kind]
    common = (_field("readOnly", "Equals", read_only),) if read_only else ()
    if part.flag("IncludeManagementEvents") is not False:
        excluded = part.texts("ExcludeManagementEventSources")
        sources = (_field("eventSource", "NotEquals", *excluded),) if excluded else ()
        yield _selector(None, (_field("eventCategory", "Equals", "Management"), *common, *sources))
    for data in part.parts("DataResources"):
        if values := data.texts("Values"):
            of_type = (
                _field("eventCategory", "Equals", "Data"),
                _field("resources.type", "Equals", data.required_text("Type")),
                _field("resources.ARN", "StartsWith", *values),
            )
            yield _selector(None, (*of_type, *common))


def _advanced(part: Answer) -> EventSelector:
    fields = tuple(field for each in part.required_parts("FieldSelectors") for field in _conditions(each))
    if not any(field.field == "eventCategory" for field in fields):
        raise MalformedAnswerError("GetEventSelectors has a selector without a category of events")
    return _selector(part.text("Name"), fields)


def _conditions(part: Answer) -> Iterator[FieldSelector]:
    field = part.required_text("Field")
    known = [(operator, values) for operator in _OPERATORS if (values := part.texts(operator))]
    if not known:
        # Without its condition the selector would seem to record more than it does.
        raise MalformedAnswerError(f"GetEventSelectors has no known condition on {field}")
    for operator, values in known:
        yield _field(field, operator, *values)


def _field(field: str, operator: str, *values: str) -> FieldSelector:
    return FieldSelector(field=field, operator=operator, values=tuple(sorted(values)))


def _selector(name: str | None, fields: tuple[FieldSelector, ...]) -> EventSelector:
    return EventSelector(name=name, fields=tuple(sorted(fields, key=_field_order)))


def _order(fields: tuple[FieldSelector, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [_field_order(field) for field in fields]


def _field_order(field: FieldSelector) -> tuple[str, str, tuple[str, ...]]:
    return (field.field, field.operator, field.values)
