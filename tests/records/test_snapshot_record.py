import pytest

from records.facet import NotCollectedError, Reason
from tests.builders import (
    make_app_client,
    make_gap,
    make_identity_pool_snapshot,
    make_machine_client,
    make_region_snapshot,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)

NO_LIST = make_gap("cognito-idp:ListUserPoolClients")
NO_CLIENT = make_gap("cognito-idp:DescribeUserPoolClient")
FEDERATED = make_app_client(identity_providers=frozenset({"Okta"}))


@pytest.mark.parametrize("clients", [NO_LIST, (make_app_client(), NO_CLIENT)], ids=["list", "one client"])
def test_app_clients_are_all_or_none(clients: object) -> None:
    pool = make_user_pool_snapshot(clients=clients)  # type: ignore[arg-type]

    with pytest.raises(NotCollectedError):
        _ = pool.app_clients


def test_one_client_that_was_read_is_proof() -> None:
    pool = make_user_pool_snapshot(clients=(NO_CLIENT, make_app_client()))

    assert pool.has_app_client(lambda client: client.signs_in_locally)


@pytest.mark.parametrize(
    ("clients", "operation"),
    [(NO_LIST, NO_LIST.operation), ((FEDERATED, NO_CLIENT), NO_CLIENT.operation)],
    ids=["list", "one client"],
)
def test_an_unread_client_is_no_proof_of_absence(clients: object, operation: str) -> None:
    pool = make_user_pool_snapshot(clients=clients)  # type: ignore[arg-type]

    with pytest.raises(NotCollectedError, match=operation):
        pool.has_app_client(lambda client: client.signs_in_locally)


def test_own_users_come_by_sign_up_or_by_a_client() -> None:
    open_pool = make_user_pool(admin_creates_users_only=False)

    assert make_user_pool_snapshot(open_pool, clients=NO_LIST).allows_local_sign_in
    assert make_user_pool_snapshot().allows_local_sign_in
    assert not make_user_pool_snapshot(clients=(FEDERATED, make_machine_client())).allows_local_sign_in
    assert not make_user_pool_snapshot(clients=()).allows_local_sign_in


def test_a_snapshot_walks_all_regions() -> None:
    snapshot = make_snapshot(
        user_pools=[make_user_pool_snapshot()], identity_pools=[make_identity_pool_snapshot()]
    )

    assert [pool.member.name for pool in snapshot.user_pools] == ["customers"]
    assert [pool.member.name for pool in snapshot.identity_pools] == ["customers"]


def test_a_region_is_off_only_where_the_owner_switched_it_off() -> None:
    off = make_gap("cognito-idp:ListUserPools", Reason.REGION_OFF)

    assert make_region_snapshot(user_pools=off, identity_pools=off).is_off
    # One list that was answered proves that the region is on.
    assert not make_region_snapshot(user_pools=off).is_off
    assert not make_region_snapshot(user_pools=make_gap("cognito-idp:ListUserPools")).is_off
    assert not make_region_snapshot().is_off


def test_a_region_finds_its_user_pools_by_their_ids() -> None:
    pools = [make_user_pool_snapshot(make_user_pool(user_pool_id=f"eu-west-1_{name}")) for name in "ab"]
    region = make_region_snapshot(user_pools=pools)

    assert region.user_pool("eu-west-1_b") is pools[1]
    assert region.user_pool("eu-west-1_c") is None
