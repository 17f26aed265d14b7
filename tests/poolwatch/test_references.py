from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from poolwatch.read import Read
from poolwatch.references import References
from records.facet import FacetName
from tests.builders import EMAIL_IDENTITY_ARN, SCOPE, make_email_identity

ADDRESS_ARN = EMAIL_IDENTITY_ARN.replace("example.com", "codes@example.com")
UNVERIFIED = make_email_identity(is_verified_for_sending=False)


@pytest.fixture
def references() -> References:
    account: Any = SimpleNamespace(
        identity=SimpleNamespace(partition="aws"), global_region="us-east-1", client=None
    )
    return References({SCOPE.account_id: account}, SCOPE)


def named(reads: Iterable[Read]) -> list[tuple[FacetName, str]]:
    return [(read.facet, read.arn) for read in reads]


@pytest.mark.parametrize("identity", [None, UNVERIFIED], ids=["no identity", "unverified"])
def test_the_domain_of_an_address_that_may_not_send_is_read(references: References, identity: Any) -> None:
    address, account = references.email(ADDRESS_ARN)

    assert named([address, account]) == [
        (FacetName.EMAIL_IDENTITY, ADDRESS_ARN),
        (FacetName.EMAIL_ACCOUNT, SCOPE.email_account_arn),
    ]
    [domain] = address.then(identity)
    assert named([domain]) == [(FacetName.EMAIL_IDENTITY, EMAIL_IDENTITY_ARN)]
    assert not list(domain.then(None))


def test_the_domain_of_a_verified_address_is_left_alone(references: References) -> None:
    address, _ = references.email(ADDRESS_ARN)

    assert not list(address.then(make_email_identity()))
    assert not list(next(iter(references.email("@"))).then(None))
