import pytest

from records.resource import Resource, ResourceType, Scope

SCOPE = Scope("123456789012", "us-gov-west-1", "aws-us-gov")


@pytest.mark.parametrize(
    ("arn", "kind", "ids"),
    [
        (SCOPE.user_pool_arn("us-gov-west-1_aB3"), ResourceType.USER_POOL, ("us-gov-west-1_aB3", None)),
        (
            SCOPE.app_client_arn("us-gov-west-1_aB3", "1h57kf"),
            ResourceType.APP_CLIENT,
            ("us-gov-west-1_aB3", "1h57kf"),
        ),
        (
            SCOPE.identity_pool_arn("us-gov-west-1:0a1b-2c"),
            ResourceType.IDENTITY_POOL,
            ("us-gov-west-1:0a1b-2c", None),
        ),
    ],
    ids=["user pool", "app client", "identity pool"],
)
def test_an_arn_names_a_resource_and_back(arn: str, kind: ResourceType, ids: tuple[str, str | None]) -> None:
    resource = Resource.of_arn(arn)
    assert (resource.scope, resource.type, resource.pool_id, resource.part) == (SCOPE, kind, *ids)
    assert resource.arn == arn


@pytest.mark.parametrize(
    "arn", [SCOPE.user_pool_arn("*"), SCOPE.app_client_arn("a_b", "*"), SCOPE.identity_pool_arn("*"), "", "*"]
)
def test_what_names_no_resource_is_refused(arn: str) -> None:
    with pytest.raises(ValueError, match="names no user pool"):
        Resource.of_arn(arn)
