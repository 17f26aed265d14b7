"""The lists that hang on user pools, app clients and the account: page upon page, whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from collectors.attempt import attempt
from collectors.client_parts import collect_client_secrets
from collectors.limits import collect_service_quotas
from collectors.user_pool_parts import (
    collect_groups,
    collect_import_jobs,
    collect_replicas,
    collect_resource_servers,
)
from records.facet import Gap, Reason
from tests.wire import Refusal, Reply, Wire, client


@dataclass(frozen=True)
class Listing:
    """A list call: how to collect it, and what its pages are made of."""

    operation: str
    collect: Callable[[Any], tuple[Any, ...]]
    members: str
    id: str
    more: tuple[tuple[str, object], ...] = ()
    limit: tuple[str, int] | None = None
    token: str = "NextToken"
    service: str = "cognito-idp"

    def page(self, *numbers: int, token: str | None = None) -> dict[str, Any]:
        page: dict[str, Any] = {self.members: [{self.id: f"id-{n:04}", **dict(self.more)} for n in numbers]}
        return {**page, self.token: token} if token else page

    def read(self, *replies: Reply) -> tuple[Any, Wire]:
        wire = Wire({self.operation: list(replies)})
        made = client(self.service, wire)
        call = f"{self.service}:{self.operation}"
        return attempt(call, lambda: self.collect(made), region="eu-west-1"), wire


LISTINGS = [
    Listing(
        "ListResourceServers",
        lambda idp: collect_resource_servers(idp, "pool"),
        "ResourceServers",
        "Identifier",
        limit=("MaxResults", 50),
    ),
    Listing(
        "ListGroups", lambda idp: collect_groups(idp, "pool"), "Groups", "GroupName", limit=("Limit", 60)
    ),
    Listing(
        "ListUserPoolReplicas", lambda idp: collect_replicas(idp, "pool"), "UserPoolReplicas", "RegionName"
    ),
    Listing(
        "ListUserImportJobs",
        lambda idp: collect_import_jobs(idp, "pool"),
        "UserImportJobs",
        "JobId",
        limit=("MaxResults", 60),
        token="PaginationToken",
    ),
    Listing(
        "ListUserPoolClientSecrets",
        lambda idp: collect_client_secrets(idp, "pool", "client"),
        "ClientSecrets",
        "ClientSecretId",
    ),
    Listing(
        "ListServiceQuotas",
        collect_service_quotas,
        "Quotas",
        "QuotaCode",
        more=(("Adjustable", True),),
        limit=("MaxResults", 100),
        service="service-quotas",
    ),
]
each_listing = pytest.mark.parametrize("listing", LISTINGS, ids=[listing.operation for listing in LISTINGS])


@each_listing
def test_all_pages_are_read_whatever_their_size_and_stand_in_order(listing: Listing) -> None:
    found, wire = listing.read(
        listing.page(*range(101, 161), token="t1"),
        listing.page(token="t2"),
        listing.page(*range(60, 101)),
    )
    ids = [next(iter(_values(record))) for record in found]
    assert ids == [f"id-{n:04}" for n in range(60, 161)]
    assert [body.get(listing.token) for _, body in wire.requests] == [None, "t1", "t2"]


@each_listing
def test_pages_are_as_large_as_aws_gives_them(listing: Listing) -> None:
    _, wire = listing.read(listing.page(1, token="t"), listing.page(2))
    for _, body in wire.requests:
        sizes = {name: body[name] for name in ("MaxResults", "Limit") if name in body}
        assert sizes == dict([listing.limit] if listing.limit else [])


@each_listing
def test_what_stands_on_two_pages_is_listed_once(listing: Listing) -> None:
    found, _ = listing.read(listing.page(1, 2, token="t"), listing.page(2, 3))
    assert len(found) == 3


@each_listing
def test_a_denial_half_way_is_a_gap_and_not_a_short_list(listing: Listing) -> None:
    gap, _ = listing.read(listing.page(1, token="t"), Refusal("AccessDeniedException"))
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.operation) == (Reason.DENIED, f"{listing.service}:{listing.operation}")


@each_listing
def test_a_repeated_page_token_ends_the_listing_as_a_gap(listing: Listing) -> None:
    gap, wire = listing.read(listing.page(1, token="same"), listing.page(2, token="same"))
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.MALFORMED
    assert wire.calls[listing.operation] == 2


@pytest.mark.parametrize(
    "operation", ["ListUserPoolReplicas", "ListUserImportJobs", "ListUserPoolClientSecrets"]
)
def test_page_tokens_that_go_round_in_a_ring_end_the_listing_as_a_gap(operation: str) -> None:
    listing = next(each for each in LISTINGS if each.operation == operation)
    ring = [listing.page(n, token=f"t{n % 2}") for n in range(8)]
    gap, wire = listing.read(*ring)
    assert isinstance(gap, Gap)
    assert (gap.reason, wire.calls[operation]) == (Reason.MALFORMED, 3)


@each_listing
def test_a_member_without_its_id_is_malformed(listing: Listing) -> None:
    gap, _ = listing.read({listing.members: [{**dict(listing.more), listing.id: ""}]})
    assert isinstance(gap, Gap)
    assert gap.message.endswith(f"has no {listing.id}")


@pytest.mark.parametrize(
    "listing",
    [each for each in LISTINGS if each.operation != "ListUserImportJobs"],
    ids=lambda x: x.operation,
)
def test_an_answer_without_its_list_is_malformed(listing: Listing) -> None:
    gap, _ = listing.read({})
    assert isinstance(gap, Gap)
    assert gap.message.endswith(f"has no {listing.members}")


@each_listing
def test_an_empty_list_is_an_answer(listing: Listing) -> None:
    found, _ = listing.read(listing.page())
    assert found == ()


def _values(record: Any) -> list[object]:
    return [getattr(record, name) for name in record.__slots__]
