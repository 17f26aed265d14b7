import dataclasses
import subprocess
import sys
import typing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from records.facet import Facet, FacetName
from records.resource import Member
from records.snapshot import (
    AppClientSnapshot,
    DomainSnapshot,
    IdentityPoolSnapshot,
    IdentityProviderSnapshot,
    RegionSnapshot,
    UserPoolSnapshot,
)
from store.codec import UndecodableError, UnencodableError, decode, encode
from store.facets import KINDS
from tests.builders import NOW, make_mfa_configuration, make_user_pool
from tests.store.facet_values import MEMBERS, VALUES

ROOT = Path(__file__).parents[2]
ELSEWHERE = timezone(timedelta(hours=9))
OPTIONAL = {name for name, kind in KINDS.items() if kind.is_optional}
HOSTILE = {
    "markup": "<script>alert(1)</script>",
    "nul": "a\0b",
    "bidi": "\u202egnp.exe",
    "long": "x" * 10_000,
    "emoji": "🐟" * 100,
    "quotes": "'; DROP TABLE versions; --\"",
    "newlines": "a\r\nb\u2028c",
}


class _Asked(dict[Any, Any]):
    """Facets that remember which of them was asked for."""

    last: FacetName | None = None

    def __missing__(self, name: FacetName) -> None:
        self.last = name

    def get(self, key: Any, _default: Any = None) -> Any:
        self.last = key[0]
        return _default


def _promised() -> dict[FacetName, Any]:
    """Return the types of all facets as the snapshots' accessors give them."""
    found: dict[FacetName, Any] = {}
    for holding in (
        RegionSnapshot,
        UserPoolSnapshot,
        AppClientSnapshot,
        IdentityProviderSnapshot,
        DomainSnapshot,
        IdentityPoolSnapshot,
    ):
        for accessor in vars(holding).values():
            function: Any = accessor.fget if isinstance(accessor, property) else accessor
            returned = typing.get_type_hints(function).get("return") if callable(function) else None
            if typing.get_origin(returned) is not Facet or function.__name__ == "_reference":
                continue
            asked = _Asked()
            snapshot = object.__new__(holding)
            object.__setattr__(snapshot, "facets", asked)
            if holding is RegionSnapshot:
                object.__setattr__(snapshot, "references", asked)
            function(snapshot, *("arn" for _ in range(function.__code__.co_argcount - 1)))
            assert asked.last is not None
            (found[asked.last],) = typing.get_args(returned)
    return found


def test_kinds_are_what_the_snapshots_promise() -> None:
    promised = _promised()
    assert set(promised) == set(FacetName)
    assert {name: kind.annotation for name, kind in KINDS.items()} == promised


@pytest.mark.parametrize("facet", FacetName, ids=str)
def test_record_comes_back_as_it_was(facet: FacetName) -> None:
    encoded = encode(facet, VALUES[facet])
    assert decode(facet, encoded.body, encoded.samples) == VALUES[facet]


@pytest.mark.parametrize("facet", FacetName, ids=str)
def test_none_is_an_answer_where_aws_may_have_none(facet: FacetName) -> None:
    if facet in OPTIONAL:
        assert decode(facet, encode(facet, None).body, {}) is None
    else:
        with pytest.raises(TypeError, match="not a NoneType"):
            encode(facet, None)


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
    elsewhere = NOW.astimezone(ELSEWHERE)
    assert encode(FacetName.USER_POOL, make_user_pool(created_at=elsewhere)) == encode(
        FacetName.USER_POOL, make_user_pool(created_at=NOW.astimezone(UTC))
    )


@pytest.mark.parametrize("facet", FacetName, ids=str)
def test_zone_of_any_time_in_it_does_not_matter(facet: FacetName) -> None:
    moved, times = _moved(VALUES[facet])
    assert times or "datetime" not in _names(KINDS[facet].annotation)
    assert encode(facet, moved).body == encode(facet, VALUES[facet]).body


def _moved(value: Any) -> tuple[Any, int]:
    """Return a value with its times told in another zone, and how many there are."""
    if isinstance(value, datetime):
        return value.astimezone(ELSEWHERE), 1
    if isinstance(value, tuple):
        parts = [_moved(each) for each in value]
        return tuple(part for part, _ in parts), sum(times for _, times in parts)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        members = {each.name: _moved(getattr(value, each.name)) for each in dataclasses.fields(value)}
        moved = dataclasses.replace(value, **{name: part for name, (part, _) in members.items()})
        return moved, sum(times for _, times in members.values())
    return value, 0


def _names(annotation: Any) -> set[str]:
    """Return the names of all types that a type is made of."""
    if dataclasses.is_dataclass(annotation):
        return {name for each in dataclasses.fields(annotation) for name in _names(each.type)}
    parts = typing.get_args(annotation)
    return {name for part in parts for name in _names(part)} or {getattr(annotation, "__name__", "")}


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
    with pytest.raises(TypeError, match="web_acl is a WebAcl or None, not a UserPool"):
        encode(FacetName.WEB_ACL, make_user_pool())
    with pytest.raises(TypeError, match="groups is a tuple of Group, not a tuple of Member"):
        encode(FacetName.GROUPS, MEMBERS)
    with pytest.raises(TypeError, match="groups is a tuple of Group, not a list"):
        encode(FacetName.GROUPS, list(VALUES[FacetName.GROUPS]))
