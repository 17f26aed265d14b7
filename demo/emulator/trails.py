"""Trails: what a trail records is asked by its ARN from any region, and has one of two shapes.

Nothing is ever delivered, so that a trail's bucket need not be there; moto would load all of S3 to look.
"""

import json
from typing import Any

from moto.cloudtrail.models import Trail, cloudtrail_backends
from moto.cloudtrail.responses import CloudTrailResponse

from demo.emulator.patching import wrap

# What a trail records for which nobody chose.
DEFAULT = [{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}]


def install() -> None:
    """Patch moto's event selectors and its check for a bucket."""
    wrap(Trail, "check_bucket_exists", lambda _original, _trail: None)
    wrap(CloudTrailResponse, "get_event_selectors", _get)
    wrap(CloudTrailResponse, "put_event_selectors", _put)


def _get(_original: Any, response: Any) -> str:
    trail = _trail(response)
    basic, advanced = trail.get_event_selectors()
    selectors = {"AdvancedEventSelectors": advanced} if advanced else {"EventSelectors": basic or DEFAULT}
    return json.dumps({"TrailARN": trail.arn, **selectors})


def _put(original: Any, response: Any) -> str:
    answer: str = original(response)
    if json.loads(response.body).get("EventSelectors"):
        _trail(response).advanced_event_selectors = []
    return answer


def _trail(response: Any) -> Any:
    name = json.loads(response.body)["TrailName"]
    backend = response.cloudtrail_backend
    if name.startswith("arn:"):
        backend = cloudtrail_backends[backend.account_id][name.split(":")[3]]
    return backend.get_trail(name)
