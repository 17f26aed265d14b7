"""What trails record of Cognito: all, a part or nothing of it."""

import pytest

from records.facet import NotCollectedError, Reason
from records.surroundings import EventSelector, FieldSelector, Trail
from rules.trails import Extent, identity_pool_events, management_writes

POOL_ARN = "arn:aws:cognito-identity:eu-west-1:111122223333:identitypool/eu-west-1:1234"
OTHER_ARN = "arn:aws:cognito-identity:eu-west-1:111122223333:identitypool/eu-west-1:5678"

Condition = tuple[str, str, tuple[str, ...]]
MANAGEMENT: Condition = ("eventCategory", "Equals", ("Management",))
DATA: Condition = ("eventCategory", "Equals", ("Data",))
IDENTITY_POOLS: Condition = ("resources.type", "Equals", ("AWS::Cognito::IdentityPool",))
READS: Condition = ("readOnly", "Equals", ("true",))
WRITES: Condition = ("readOnly", "Equals", ("false",))


def selector(*conditions: Condition) -> EventSelector:
    fields = tuple(
        FieldSelector(field=field, operator=how, values=values) for field, how, values in conditions
    )
    return EventSelector(name=None, fields=fields)


def trail(*selectors: EventSelector, is_logging: bool = True) -> Trail:
    return Trail(
        arn="arn:aws:cloudtrail:eu-west-1:111122223333:trail/own",
        name="own",
        home_region="eu-west-1",
        is_multi_region=True,
        is_organization=False,
        is_logging=is_logging,
        selectors=selectors,
    )


def hidden(*, is_logging: bool = True) -> Trail:
    return Trail(
        arn="arn:aws:cloudtrail:us-east-1:999988887777:trail/organization",
        name="organization",
        home_region="us-east-1",
        is_multi_region=True,
        is_organization=True,
        is_logging=is_logging,
        selectors=None,
    )


def source(how: str, *values: str) -> Condition:
    return ("eventSource", how, values)


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        pytest.param([], Extent.NONE, id="nothing selected"),
        pytest.param([selector(MANAGEMENT)], Extent.WHOLE, id="all management events"),
        pytest.param([selector(MANAGEMENT, WRITES)], Extent.WHOLE, id="writes"),
        pytest.param([selector(MANAGEMENT, READS)], Extent.NONE, id="reads alone"),
        pytest.param([selector(DATA, IDENTITY_POOLS)], Extent.NONE, id="data events alone"),
        pytest.param(
            [selector(MANAGEMENT, source("NotEquals", "kms.amazonaws.com"))],
            Extent.WHOLE,
            id="another service left out",
        ),
        pytest.param(
            [selector(MANAGEMENT, source("NotEquals", "kms.amazonaws.com", "cognito-idp.amazonaws.com"))],
            Extent.PART,
            id="user pools left out",
        ),
        pytest.param(
            [selector(MANAGEMENT, source("NotStartsWith", "cognito"))],
            Extent.NONE,
            id="all of Cognito left out",
        ),
        pytest.param(
            [selector(MANAGEMENT, source("Equals", "iam.amazonaws.com"))],
            Extent.NONE,
            id="another service alone",
        ),
        pytest.param(
            [
                selector(MANAGEMENT, source("Equals", "cognito-idp.amazonaws.com")),
                selector(MANAGEMENT, WRITES, source("Equals", "cognito-identity.amazonaws.com")),
            ],
            Extent.WHOLE,
            id="each service by a selector of its own",
        ),
        pytest.param(
            [selector(MANAGEMENT, ("eventName", "NotEquals", ("UpdateUserPool",)))],
            Extent.PART,
            id="an operation left out",
        ),
        pytest.param(
            [
                selector(MANAGEMENT, ("userIdentity.arn", "NotStartsWith", ("arn:aws:sts::1",))),
                selector(MANAGEMENT),
            ],
            Extent.WHOLE,
            id="what one leaves out the other takes",
        ),
    ],
)
def test_writes_to_cognito_are_recorded(selectors: list[EventSelector], expected: Extent) -> None:
    assert management_writes([trail(*selectors)]) is expected


def name(how: str, *values: str) -> Condition:
    return ("eventName", how, values)


def arn(how: str, *values: str) -> Condition:
    return ("resources.ARN", how, values)


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        pytest.param([selector(MANAGEMENT)], Extent.NONE, id="management events alone"),
        pytest.param([selector(DATA, IDENTITY_POOLS)], Extent.WHOLE, id="all of identity pools"),
        pytest.param(
            [selector(DATA, ("resources.type", "Equals", ("AWS::S3::Object",)))], Extent.NONE, id="S3 alone"
        ),
        pytest.param([selector(DATA, IDENTITY_POOLS, WRITES)], Extent.WHOLE, id="writes"),
        pytest.param([selector(DATA, IDENTITY_POOLS, READS)], Extent.NONE, id="reads alone"),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, arn("Equals", OTHER_ARN, POOL_ARN))], Extent.WHOLE, id="its ARN"
        ),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, arn("Equals", OTHER_ARN))], Extent.NONE, id="another ARN"
        ),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, arn("NotEquals", POOL_ARN))], Extent.NONE, id="its ARN left out"
        ),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, arn("NotEndsWith", ":5678"))], Extent.WHOLE, id="another left out"
        ),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, arn("Equals", OTHER_ARN), arn("StartsWith", POOL_ARN[:-2]))],
            Extent.WHOLE,
            id="one of two including conditions holds",
        ),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, arn("StartsWith", POOL_ARN[:-4]), arn("NotEndsWith", "34"))],
            Extent.NONE,
            id="an excluding condition wins",
        ),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, name("Equals", "GetCredentialsForIdentity"))],
            Extent.PART,
            id="one operation",
        ),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, name("NotEquals", "GetId"))], Extent.PART, id="one left out"
        ),
        pytest.param(
            [
                selector(DATA, IDENTITY_POOLS, name("StartsWith", "Get")),
                selector(DATA, IDENTITY_POOLS, name("Equals", "UnlinkIdentity")),
            ],
            Extent.WHOLE,
            id="all operations by two selectors",
        ),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, name("EndsWith", "Object"))],
            Extent.NONE,
            id="none of its operations",
        ),
        pytest.param(
            [selector(DATA, IDENTITY_POOLS, ("userIdentity.arn", "Equals", ("arn:aws:iam::1:role/x",)))],
            Extent.PART,
            id="those of one caller",
        ),
    ],
)
def test_what_an_identity_pool_hands_out_is_recorded(
    selectors: list[EventSelector], expected: Extent
) -> None:
    assert identity_pool_events([trail(*selectors)], POOL_ARN) is expected


def test_trails_add_up() -> None:
    one = trail(selector(MANAGEMENT, source("Equals", "cognito-idp.amazonaws.com")))
    other = trail(selector(MANAGEMENT, source("Equals", "cognito-identity.amazonaws.com")))
    assert management_writes([one]) is Extent.PART
    assert management_writes([one, other]) is Extent.WHOLE


def test_a_trail_that_does_not_log_records_nothing() -> None:
    assert management_writes([trail(selector(MANAGEMENT), is_logging=False)]) is Extent.NONE
    assert management_writes([]) is Extent.NONE


def test_a_trail_that_cannot_be_looked_into_leaves_the_question_open() -> None:
    partly = trail(selector(MANAGEMENT, source("Equals", "cognito-idp.amazonaws.com")))
    for trails in ([hidden()], [partly, hidden()]):
        with pytest.raises(NotCollectedError) as caught:
            management_writes(trails)
        assert caught.value.gap.reason is Reason.OTHER_ACCOUNT
        assert caught.value.gap.operation == "cloudtrail:GetEventSelectors"
    with pytest.raises(NotCollectedError):
        identity_pool_events([hidden()], POOL_ARN)


def test_a_trail_that_cannot_be_looked_into_changes_nothing_where_the_answer_is_clear() -> None:
    assert management_writes([hidden(), trail(selector(MANAGEMENT))]) is Extent.WHOLE
    assert management_writes([hidden(is_logging=False)]) is Extent.NONE
