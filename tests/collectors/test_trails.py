"""Trails: asked about where they were made, and told in one kind of words."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.trails import collect_trails, parse_event_selectors
from records.errors import CredentialsError
from records.facet import Gap, Reason
from records.surroundings import EventSelector, Trail
from tests.stubs import stubbed

OWN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/own"
SHARED = "arn:aws:cloudtrail:us-east-1:999988887777:trail/organization"
REGIONS = ("eu-west-1", "us-east-1", "me-south-1")
ALL_MANAGEMENT = {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}


def listed(arn: str, *, home: str, organization: bool = False, multi_region: bool = True) -> dict[str, Any]:
    return {
        "Name": arn.rpartition("/")[2],
        "TrailARN": arn,
        "HomeRegion": home,
        "IsMultiRegionTrail": multi_region,
        "IsOrganizationTrail": organization,
    }


class Cloud:
    """CloudTrail's clients by region, with the Stubbers that answer them."""

    def __init__(self, *trails: dict[str, Any]) -> None:
        self.clients = {region: stubbed("cloudtrail", region) for region in REGIONS}
        self.stub("eu-west-1").add_response(
            "describe_trails", {"trailList": list(trails)}, {"includeShadowTrails": True}
        )

    def stub(self, region: str) -> Stubber:
        return self.clients[region][1]

    def status(self, region: str, arn: str, *, is_logging: bool = True) -> None:
        self.stub(region).add_response("get_trail_status", {"IsLogging": is_logging}, {"Name": arn})

    def selectors(self, region: str, arn: str, answer: dict[str, Any]) -> None:
        self.stub(region).add_response("get_event_selectors", answer, {"TrailName": arn})

    @property
    def client_in(self) -> Callable[[str], Any]:
        return lambda region: self.clients[region][0]

    def collect(self) -> tuple[Trail, ...]:
        found = collect_trails(self.client_in, "eu-west-1")
        for _, stub in self.clients.values():
            stub.assert_no_pending_responses()
        return found

    def attempt(self) -> tuple[Trail, ...] | Gap:
        return attempt(
            "cloudtrail:DescribeTrails",
            lambda: collect_trails(self.client_in, "eu-west-1"),
            region="eu-west-1",
        )


def told(selector: EventSelector) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(each.field, each.operator, each.values) for each in selector.fields}


def test_each_trail_is_asked_about_in_its_home_region_by_its_arn() -> None:
    cloud = Cloud(listed(SHARED, home="us-east-1", organization=True), listed(OWN, home="eu-west-1"))
    cloud.status("us-east-1", SHARED)
    cloud.selectors("us-east-1", SHARED, ALL_MANAGEMENT)
    cloud.status("eu-west-1", OWN, is_logging=False)
    cloud.selectors("eu-west-1", OWN, ALL_MANAGEMENT)
    own, shared = cloud.collect()
    assert (own.arn, own.name, own.home_region, own.is_organization) == (OWN, "own", "eu-west-1", False)
    assert (own.is_logging, own.is_multi_region) == (False, True)
    assert (shared.arn, shared.is_organization, shared.is_logging) == (SHARED, True, True)
    assert own.selectors == shared.selectors == parse_event_selectors(ALL_MANAGEMENT)


def test_a_home_region_that_is_switched_off_is_no_matter_of_credentials() -> None:
    cloud = Cloud(listed(SHARED.replace("us-east-1", "me-south-1"), home="me-south-1"))
    cloud.stub("me-south-1").add_client_error(
        "get_trail_status", "UnrecognizedClientException", "The security token is invalid", 400
    )
    gap = cloud.attempt()
    assert isinstance(gap, Gap)
    assert (gap.operation, gap.reason) == ("cloudtrail:GetTrailStatus", Reason.UNAVAILABLE)
    assert gap.message == "the account may not have enabled me-south-1: The security token is invalid"


@pytest.mark.parametrize("home", ["eu-west-1", "us-east-1"])
def test_credentials_that_a_region_refuses_which_is_always_on_are_bad(home: str) -> None:
    cloud = Cloud(listed(SHARED, home=home))
    cloud.stub(home).add_client_error("get_trail_status", "UnrecognizedClientException")
    with pytest.raises(CredentialsError):
        cloud.attempt()


def test_a_denial_in_the_home_region_is_a_gap() -> None:
    cloud = Cloud(listed(SHARED, home="us-east-1"))
    cloud.stub("us-east-1").add_client_error("get_trail_status", "AccessDeniedException")
    gap = cloud.attempt()
    assert isinstance(gap, Gap)
    assert (gap.operation, gap.reason) == ("cloudtrail:GetTrailStatus", Reason.DENIED)


def test_no_trail_is_an_answer() -> None:
    assert Cloud().collect() == ()


def test_an_organizations_trail_whose_selectors_a_member_may_not_see_has_none_known() -> None:
    cloud = Cloud(listed(SHARED, home="us-east-1", organization=True))
    cloud.status("us-east-1", SHARED)
    cloud.stub("us-east-1").add_client_error("get_event_selectors", "TrailNotFoundException")
    (shared,) = cloud.collect()
    assert shared.is_logging
    assert shared.selectors is None


def test_a_trail_deleted_since_it_was_listed_is_skipped() -> None:
    cloud = Cloud(listed(OWN, home="eu-west-1"))
    cloud.stub("eu-west-1").add_client_error("get_trail_status", "TrailNotFoundException")
    assert cloud.collect() == ()


def test_an_organizations_trail_without_a_status_is_a_gap_and_not_a_missing_trail() -> None:
    cloud = Cloud(listed(SHARED, home="us-east-1", organization=True))
    cloud.stub("us-east-1").add_client_error("get_trail_status", "TrailNotFoundException")
    gap = cloud.attempt()
    assert isinstance(gap, Gap)
    assert (gap.operation, gap.reason) == ("cloudtrail:GetTrailStatus", Reason.NOT_FOUND)


@pytest.mark.parametrize("organization", [False, True])
def test_denied_selectors_are_a_gap_that_names_their_call(organization: bool) -> None:  # noqa: FBT001
    cloud = Cloud(listed(OWN, home="eu-west-1", organization=organization))
    cloud.status("eu-west-1", OWN)
    cloud.stub("eu-west-1").add_client_error("get_event_selectors", "AccessDeniedException")
    gap = cloud.attempt()
    assert isinstance(gap, Gap)
    assert (gap.operation, gap.reason) == ("cloudtrail:GetEventSelectors", Reason.DENIED)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        pytest.param({}, {("eventCategory", "Equals", ("Management",))}, id="AWS's defaults"),
        pytest.param(
            {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True},
            {("eventCategory", "Equals", ("Management",)), ("readOnly", "Equals", ("false",))},
            id="writes",
        ),
        pytest.param(
            {
                "ReadWriteType": "ReadOnly",
                "IncludeManagementEvents": True,
                "ExcludeManagementEventSources": ["rdsdata.amazonaws.com", "kms.amazonaws.com"],
            },
            {
                ("eventCategory", "Equals", ("Management",)),
                ("readOnly", "Equals", ("true",)),
                ("eventSource", "NotEquals", ("kms.amazonaws.com", "rdsdata.amazonaws.com")),
            },
            id="reads of some sources",
        ),
        pytest.param(
            {
                "ReadWriteType": "WriteOnly",
                "IncludeManagementEvents": False,
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
            },
            {
                ("eventCategory", "Equals", ("Data",)),
                ("resources.type", "Equals", ("AWS::S3::Object",)),
                ("resources.ARN", "StartsWith", ("arn:aws:s3",)),
                ("readOnly", "Equals", ("false",)),
            },
            id="data events alone",
        ),
    ],
)
def test_a_basic_selector_is_told_in_the_words_of_an_advanced_one(
    selector: dict[str, Any], expected: set[Any]
) -> None:
    (found,) = parse_event_selectors({"EventSelectors": [selector]})
    assert found.name is None
    assert told(found) == expected


def test_a_basic_selector_of_both_kinds_of_events_is_two() -> None:
    both = {"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}
    found = parse_event_selectors({"EventSelectors": [both]})
    categories = {field.values for each in found for field in each.fields if field.field == "eventCategory"}
    assert categories == {("Management",), ("Data",)}
    assert len(found) == 2


def test_a_basic_selector_may_select_nothing() -> None:
    nothing = {"IncludeManagementEvents": False, "DataResources": []}
    assert parse_event_selectors({"EventSelectors": [nothing]}) == ()
    assert parse_event_selectors({"EventSelectors": []}) == ()


CATEGORY = {"Field": "eventCategory", "Equals": ["Management"]}
ADVANCED: list[dict[str, Any]] = [
    {
        "Name": "identity pools",
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::Cognito::IdentityPool"]},
            {"Field": "eventName", "StartsWith": ["GetO"], "Equals": ["GetId"], "NotEndsWith": ["Identity"]},
        ],
    },
    {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
]


def test_each_operator_of_an_advanced_selector_is_kept() -> None:
    unnamed, named = parse_event_selectors({"AdvancedEventSelectors": ADVANCED})
    assert (unnamed.name, named.name) == (None, "identity pools")
    assert told(named) == {
        ("eventCategory", "Equals", ("Data",)),
        ("resources.type", "Equals", ("AWS::Cognito::IdentityPool",)),
        ("eventName", "StartsWith", ("GetO",)),
        ("eventName", "Equals", ("GetId",)),
        ("eventName", "NotEndsWith", ("Identity",)),
    }


def test_the_order_of_selectors_makes_no_difference() -> None:
    first, second = ADVANCED
    turned = {**first, "FieldSelectors": list(reversed(first["FieldSelectors"]))}
    assert parse_event_selectors({"AdvancedEventSelectors": [second, turned]}) == parse_event_selectors(
        {"AdvancedEventSelectors": ADVANCED}
    )


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"TrailARN": OWN}, id="selectors of neither kind"),
        pytest.param({"EventSelectors": [{"ReadWriteType": "Some"}]}, id="unknown kind of events"),
        pytest.param({"EventSelectors": [{"IncludeManagementEvents": "yes"}]}, id="text for a flag"),
        pytest.param({"AdvancedEventSelectors": [{"Name": "n"}]}, id="no conditions at all"),
        pytest.param({"AdvancedEventSelectors": [{"FieldSelectors": []}]}, id="an empty list of conditions"),
        pytest.param(
            {
                "AdvancedEventSelectors": [
                    {"FieldSelectors": [CATEGORY, {"Field": "eventName", "Resembles": ["Get"]}]}
                ]
            },
            id="an operator that is not known",
        ),
        pytest.param(
            {
                "AdvancedEventSelectors": [
                    {"FieldSelectors": [CATEGORY, {"Field": "eventName", "Equals": "GetId"}]}
                ]
            },
            id="text for a list",
        ),
    ],
)
def test_selectors_of_another_shape_are_no_answer(raw: dict[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_event_selectors(raw)
