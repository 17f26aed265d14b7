import dataclasses
import subprocess
import sys
import typing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from records.facet import FacetName
from records.resource import Member
from store.codec import UndecodableError, UnencodableError, decode, encode
from store.facets import KINDS
from tests.builders import (
    NOW,
    make_app_client,
    make_identity_pool,
    make_identity_pool_roles,
    make_mfa_configuration,
    make_risk_configuration,
    make_user_pool,
)

ROOT = Path(__file__).parents[2]
MEMBERS = (Member(id="a", name="one"), Member(id="b", name="two"))
RECORDS: dict[FacetName, Any] = {
    FacetName.USER_POOLS: MEMBERS,
    FacetName.USER_POOL: make_user_pool(),
    FacetName.MFA_CONFIGURATION: make_mfa_configuration(),
    FacetName.RISK_CONFIGURATION: make_risk_configuration(),
    FacetName.APP_CLIENTS: MEMBERS,
    FacetName.APP_CLIENT: make_app_client(),
    FacetName.IDENTITY_POOLS: (),
    FacetName.IDENTITY_POOL: make_identity_pool(),
    FacetName.IDENTITY_POOL_ROLES: make_identity_pool_roles(),
}
HOSTILE = {
    "markup": "<script>alert(1)</script>",
    "nul": "a\0b",
    "bidi": "\u202egnp.exe",
    "long": "x" * 10_000,
    "emoji": "🐟" * 100,
    "quotes": "'; DROP TABLE versions; --\"",
    "newlines": "a\r\nb\u2028c",
}


def test_every_facet_has_a_record_here() -> None:
    assert set(RECORDS) == set(FacetName) == set(KINDS)


@pytest.mark.parametrize("facet", FacetName, ids=str)
def test_record_comes_back_as_it_was(facet: FacetName) -> None:
    encoded = encode(facet, RECORDS[facet])
    assert decode(facet, encoded.body, encoded.samples) == RECORDS[facet]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    pool = make_user_pool(name=text, tags=((text, text),), first_factors=frozenset({text}))
    encoded = encode(FacetName.USER_POOL, pool)
    assert decode(FacetName.USER_POOL, encoded.body, encoded.samples) == pool


def test_lone_surrogate_is_refused() -> None:
    with pytest.raises(UnencodableError):
        encode(FacetName.USER_POOL, make_user_pool(name="\ud800"))


def test_digest_is_the_same_for_ever() -> None:
    encoded = encode(FacetName.USER_POOLS, MEMBERS)
    assert encoded.body == b'[{"id":"a","name":"one"},{"id":"b","name":"two"}]'
    assert encoded.digest.hex() == "e2d37cc50a722df80e219c2b165c5863fdf9b9a4f44692a71525712c2fb1aa2d"


def test_order_of_members_does_not_matter() -> None:
    assert encode(FacetName.USER_POOLS, MEMBERS) == encode(FacetName.USER_POOLS, MEMBERS[::-1])


def test_member_listed_twice_counts_once() -> None:
    twice = (*MEMBERS, Member(id="a", name="one, renamed"))
    names = [
        member.id for member in decode(FacetName.USER_POOLS, encode(FacetName.USER_POOLS, twice).body, {})
    ]
    assert names == ["a", "b"]


def test_order_of_sets_does_not_matter_in_any_process() -> None:
    program = (
        "from records.facet import FacetName\n"
        "from store.codec import encode\n"
        "from tests.builders import make_app_client\n"
        "scopes = frozenset(f'scope-{n}' for n in range(50))\n"
        "print(encode(FacetName.APP_CLIENT, make_app_client(oauth_scopes=scopes)).digest.hex())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(digests) == 1


def test_zone_of_a_time_does_not_matter() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
    assert encode(FacetName.USER_POOL, make_user_pool(created_at=elsewhere)) == encode(
        FacetName.USER_POOL, make_user_pool(created_at=NOW.astimezone(UTC))
    )


def test_no_record_holds_a_time_below_its_top_level() -> None:
    """The codec brings the times of a record itself to UTC; one further down would be missed."""
    below = [
        (kind.record, nested)
        for kind in KINDS.values()
        if kind.record
        for nested in _nested_records(kind.record)
        if any(each.type in (datetime, datetime | None) for each in dataclasses.fields(nested))
    ]
    assert below == []


def _nested_records(annotation: Any) -> set[Any]:
    if dataclasses.is_dataclass(annotation):
        parts = {part for each in dataclasses.fields(annotation) for part in _parts(each.type)}
    else:
        parts = _parts(annotation)
    records = {part for part in parts if dataclasses.is_dataclass(part)}
    return records | {deeper for record in records for deeper in _nested_records(record)}


def _parts(annotation: Any) -> set[Any]:
    arguments = typing.get_args(annotation)
    return {annotation} if not arguments else {part for each in arguments for part in _parts(each)}


def test_volatile_member_is_neither_in_the_body_nor_in_the_digest() -> None:
    few, many = (
        encode(FacetName.USER_POOL, make_user_pool(estimated_users=count)) for count in (7, 7_000_000)
    )
    assert few.digest == many.digest
    assert b"estimated_users" not in many.body
    assert many.samples == {"estimated_users": 7_000_000}


def test_body_without_a_member_of_today_does_not_decode() -> None:
    body = msgspec.json.decode(encode(FacetName.MFA_CONFIGURATION, make_mfa_configuration()).body)
    del body["has_email"]
    with pytest.raises(UndecodableError, match="has_email"):
        decode(FacetName.MFA_CONFIGURATION, msgspec.json.encode(body), {})


def test_record_without_its_sample_does_not_decode() -> None:
    body = encode(FacetName.USER_POOL, make_user_pool()).body
    with pytest.raises(UndecodableError, match="estimated_users"):
        decode(FacetName.USER_POOL, body, {})


def test_body_that_is_no_json_does_not_decode() -> None:
    for facet in FacetName:
        with pytest.raises(UndecodableError):
            decode(facet, b"\xff{", {})


def test_record_of_another_facet_is_refused() -> None:
    with pytest.raises(TypeError, match="mfa_configuration is a MfaConfiguration, not a UserPool"):
        encode(FacetName.MFA_CONFIGURATION, make_user_pool())
