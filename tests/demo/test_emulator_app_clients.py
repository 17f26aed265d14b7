import re
from typing import Any

import pytest

from demo.clients import Controls


def make(idp: Any, pool_id: str, name: str = "web", **settings: Any) -> dict[str, Any]:
    client: dict[str, Any] = idp.create_user_pool_client(UserPoolId=pool_id, ClientName=name, **settings)[
        "UserPoolClient"
    ]
    return client


def test_ids_and_secrets_look_like_those_of_aws(idp: Any, user_pool_id: str) -> None:
    client = make(idp, user_pool_id, GenerateSecret=True)
    assert re.fullmatch(r"[0-9a-z]{26}", client["ClientId"])
    assert re.fullmatch(r"[0-9a-z]{51}", client["ClientSecret"])
    assert "ClientSecret" not in make(idp, user_pool_id)


def test_ids_are_the_same_after_a_reset(idp: Any, user_pool_id: str, controls: Controls) -> None:
    first = [make(idp, user_pool_id)["ClientId"] for _ in range(2)]
    assert first[0] != first[1]
    controls.reset()
    pool_id = idp.create_user_pool(PoolName="customers")["UserPool"]["Id"]
    assert [make(idp, pool_id)["ClientId"] for _ in range(2)] == first


def test_a_client_has_dates_and_an_update_moves_one(idp: Any, user_pool_id: str) -> None:
    client_id = make(idp, user_pool_id)["ClientId"]
    ids = {"UserPoolId": user_pool_id, "ClientId": client_id}
    before = idp.describe_user_pool_client(**ids)["UserPoolClient"]
    assert before["CreationDate"] == before["LastModifiedDate"]
    idp.update_user_pool_client(**ids, RefreshTokenValidity=5)
    after = idp.describe_user_pool_client(**ids)["UserPoolClient"]
    assert after["RefreshTokenValidity"] == 5
    assert after["CreationDate"] == before["CreationDate"]
    assert after["LastModifiedDate"] > before["LastModifiedDate"]


def test_dates_can_be_set(idp: Any, user_pool_id: str, controls: Controls) -> None:
    client_id = make(idp, user_pool_id)["ClientId"]
    dates = {"created": "2018-05-14T19:20:02+00:00", "modified": "2020-11-25T16:10:31+00:00"}
    controls.set_facts(user_pool=user_pool_id, clients={client_id: dates})
    client = idp.describe_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id)["UserPoolClient"]
    assert client["CreationDate"].timestamp() == 1526325602
    assert client["LastModifiedDate"].timestamp() == 1606320631


def test_listing_pages_and_never_shows_a_secret(idp: Any, user_pool_id: str) -> None:
    made = {make(idp, user_pool_id, f"c-{n}", GenerateSecret=True)["ClientId"] for n in range(61)}
    paginator = idp.get_paginator("list_user_pool_clients")
    pages = list(paginator.paginate(UserPoolId=user_pool_id, MaxResults=60))
    assert [len(page["UserPoolClients"]) for page in pages] == [60, 1]
    listed = [client for page in pages for client in page["UserPoolClients"]]
    assert {client["ClientId"] for client in listed} == made
    assert {frozenset(client) for client in listed} == {frozenset({"ClientId", "ClientName", "UserPoolId"})}


def test_a_client_of_another_user_pool_is_not_found(idp: Any, user_pool_id: str) -> None:
    client_id = make(idp, user_pool_id)["ClientId"]
    other = idp.create_user_pool(PoolName="other")["UserPool"]["Id"]
    with pytest.raises(idp.exceptions.ResourceNotFoundException):
        idp.describe_user_pool_client(UserPoolId=other, ClientId=client_id)


def test_an_identity_provider_names_its_user_pool_and_takes_its_dates(
    idp: Any, user_pool_id: str, controls: Controls
) -> None:
    idp.create_identity_provider(
        UserPoolId=user_pool_id,
        ProviderName="Google",
        ProviderType="Google",
        ProviderDetails={"client_id": "1", "client_secret": "2", "authorize_scopes": "openid"},
    )
    controls.set_facts(user_pool=user_pool_id, created="2018-05-14T19:20:02+00:00")
    answer = idp.describe_identity_provider(UserPoolId=user_pool_id, ProviderName="Google")
    assert answer["IdentityProvider"]["UserPoolId"] == user_pool_id
    assert answer["IdentityProvider"]["CreationDate"].timestamp() == 1526325602
