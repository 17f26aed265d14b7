"""What a region's CloudTrail trails record of Cognito."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from itertools import groupby

from records.facet import Gap, NotCollectedError, Reason
from records.surroundings import EventSelector, FieldSelector, Trail


class Extent(IntEnum):
    """How much of the events in question the trails record."""

    NONE = 0
    PART = 1
    WHOLE = 2


# An event's fields that are known; on the others an event may have any value.
_Event = Mapping[str, str]

_MANAGEMENT_WRITES: tuple[_Event, ...] = tuple(
    {"eventCategory": "Management", "readOnly": "false", "eventSource": source}
    for source in ("cognito-idp.amazonaws.com", "cognito-identity.amazonaws.com")
)
# AWS documents these as the data events of identity pools, none of them as reading
# (https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html).
_IDENTITY_POOL_EVENTS: tuple[_Event, ...] = tuple(
    {
        "eventCategory": "Data",
        "resources.type": "AWS::Cognito::IdentityPool",
        "readOnly": "false",
        "eventSource": "cognito-identity.amazonaws.com",
        "eventType": "AwsApiCall",
        "eventName": name,
    }
    for name in (
        "GetCredentialsForIdentity",
        "GetId",
        "GetOpenIdToken",
        "GetOpenIdTokenForDeveloperIdentity",
        "UnlinkIdentity",
    )
)


def management_writes(trails: Iterable[Trail]) -> Extent:
    """Say whether a region's trails record what changes user pools and identity pools.

    Raises NotCollectedError where that depends on a trail of the organization that cannot be looked into.
    """
    return _extent(tuple(trails), _MANAGEMENT_WRITES)


def identity_pool_events(trails: Iterable[Trail], identity_pool_arn: str) -> Extent:
    """Say whether a region's trails record the identities and credentials that an identity pool gives out.

    Raises NotCollectedError where that depends on a trail of the organization that cannot be looked into.
    """
    events = tuple({**event, "resources.ARN": identity_pool_arn} for event in _IDENTITY_POOL_EVENTS)
    return _extent(tuple(trails), events)


def _extent(trails: tuple[Trail, ...], events: tuple[_Event, ...]) -> Extent:
    logging = [trail for trail in trails if trail.is_logging]
    selectors = [selector for trail in logging for selector in trail.selectors or ()]
    extents = {
        max((_recorded(selector, event) for selector in selectors), default=Extent.NONE) for event in events
    }
    extent = extents.pop() if len(extents) == 1 else Extent.PART
    hidden = [trail for trail in logging if trail.selectors is None]
    if hidden and extent is not Extent.WHOLE:
        raise NotCollectedError(_gap(hidden[0]))
    return extent


def _recorded(selector: EventSelector, event: _Event) -> Extent:
    """Say whether a selector takes such events: in part where that hangs on a field that is not known."""
    extent = Extent.WHOLE
    for field, group in groupby(sorted(selector.fields, key=_field), key=_field):
        if field not in event:
            extent = Extent.PART
        elif not _passes(tuple(group), event[field]):
            return Extent.NONE
    return extent


def _passes(conditions: tuple[FieldSelector, ...], value: str) -> bool:
    """Apply a field's conditions as CloudTrail does: none of the excluding ones, any of the others.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
    """
    including = [each for each in conditions if not each.operator.startswith("Not")]
    excluding = [each for each in conditions if each.operator.startswith("Not")]
    return not any(_meets(each, value) for each in excluding) and (
        not including or any(_meets(each, value) for each in including)
    )


def _meets(condition: FieldSelector, value: str) -> bool:
    match condition.operator.removeprefix("Not"):
        case "StartsWith":
            return value.startswith(condition.values)
        case "EndsWith":
            return value.endswith(condition.values)
        case _:
            return value in condition.values


def _field(condition: FieldSelector) -> str:
    return condition.field


def _gap(trail: Trail) -> Gap:
    return Gap(
        operation="cloudtrail:GetEventSelectors",
        reason=Reason.OTHER_ACCOUNT,
        message=f"what {trail.arn} records is shown only to the account that owns it",
    )
