import re
from typing import Any

import pytest

from demo.clients import Controls

ROLES = {
    "authenticated": "arn:aws:iam::123456789012:role/in",
    "unauthenticated": "arn:aws:iam::123456789012:role/out",
}
MAPPINGS = {
    "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aaaaaaaaa:client": {
        "Type": "Rules",
        "AmbiguousRoleResolution": "Deny",
        "RulesConfiguration": {
            "Rules": [
                {
                    "Claim": "custom:tier",
                    "MatchType": "Equals",
                    "Value": "gold",
                    "RoleARN": "arn:aws:iam::123456789012:role/gold",
                }
            ]
        },
    }
}


def make(identity: Any, name: str = "pool", **settings: Any) -> dict[str, Any]:
    pool: dict[str, Any] = identity.create_identity_pool(
        **{"IdentityPoolName": name, "AllowUnauthenticatedIdentities": False, **settings}
    )
    del pool["ResponseMetadata"]
    return pool


def test_the_id_looks_like_that_of_aws_and_is_the_same_after_a_reset(
    identity: Any, controls: Controls
) -> None:
    ids = [make(identity)["IdentityPoolId"] for _ in range(2)]
    assert all(re.fullmatch(r"eu-west-1:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", each) for each in ids)
    assert ids[0] != ids[1]
    controls.reset()
    assert [make(identity)["IdentityPoolId"] for _ in range(2)] == ids


def test_roles_and_mappings_are_kept(identity: Any) -> None:
    pool_id = make(identity)["IdentityPoolId"]
    identity.set_identity_pool_roles(IdentityPoolId=pool_id, Roles=ROLES, RoleMappings=MAPPINGS)
    answer = identity.get_identity_pool_roles(IdentityPoolId=pool_id)
    assert (answer["Roles"], answer["RoleMappings"]) == (ROLES, MAPPINGS)


def test_roles_that_were_never_set_are_left_out(identity: Any) -> None:
    pool_id = make(identity)["IdentityPoolId"]
    answer = identity.get_identity_pool_roles(IdentityPoolId=pool_id)
    del answer["ResponseMetadata"]
    assert answer == {"IdentityPoolId": pool_id}


def test_setting_roles_without_mappings_removes_the_mappings(identity: Any) -> None:
    pool_id = make(identity)["IdentityPoolId"]
    identity.set_identity_pool_roles(IdentityPoolId=pool_id, Roles=ROLES, RoleMappings=MAPPINGS)
    identity.set_identity_pool_roles(IdentityPoolId=pool_id, Roles=ROLES)
    assert "RoleMappings" not in identity.get_identity_pool_roles(IdentityPoolId=pool_id)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [({"AllowClassicFlow": True}, True), ({"AllowClassicFlow": False}, False), ({}, False)],
    ids=["on", "off", "left out"],
)
def test_the_classic_flow_is_kept(identity: Any, sent: dict[str, Any], kept: bool) -> None:  # noqa: FBT001 - a parameter
    pool = make(identity, **sent)
    assert pool["AllowClassicFlow"] is kept
    described = identity.describe_identity_pool(IdentityPoolId=pool["IdentityPoolId"])
    assert described["AllowClassicFlow"] is kept


def test_an_update_renames_and_switches_the_classic_flow_off(identity: Any) -> None:
    pool = make(identity, AllowClassicFlow=True)
    identity.update_identity_pool(
        IdentityPoolId=pool["IdentityPoolId"],
        IdentityPoolName="renamed",
        AllowUnauthenticatedIdentities=True,
    )
    described = identity.describe_identity_pool(IdentityPoolId=pool["IdentityPoolId"])
    assert described["IdentityPoolName"] == "renamed"
    assert described["AllowUnauthenticatedIdentities"] is True
    assert described["AllowClassicFlow"] is False


def test_listing_pages_with_names_and_ids_alone(identity: Any) -> None:
    made = [make(identity, f"pool-{n}")["IdentityPoolId"] for n in range(5)]
    pages = list(identity.get_paginator("list_identity_pools").paginate(MaxResults=2))
    assert [len(page["IdentityPools"]) for page in pages] == [2, 2, 1]
    listed = [pool for page in pages for pool in page["IdentityPools"]]
    assert [pool["IdentityPoolId"] for pool in listed] == made
    assert {frozenset(pool) for pool in listed} == {frozenset({"IdentityPoolId", "IdentityPoolName"})}


def test_wrong_pages_are_refused(identity: Any) -> None:
    make(identity)
    with pytest.raises(identity.exceptions.InvalidParameterException):
        identity.list_identity_pools(MaxResults=61)
    with pytest.raises(identity.exceptions.InvalidParameterException):
        identity.list_identity_pools(MaxResults=1, NextToken="nonsense")


@pytest.mark.parametrize("operation", ["get_identity_pool_roles", "describe_identity_pool"])
def test_an_unknown_identity_pool_is_not_found(identity: Any, operation: str) -> None:
    with pytest.raises(identity.exceptions.ResourceNotFoundException):
        getattr(identity, operation)(IdentityPoolId="eu-west-1:00000000-0000-4000-8000-000000000000")
