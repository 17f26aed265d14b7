"""The one table of settings: every field of the records shows there."""

import dataclasses
import typing
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import NoneType
from typing import Any

import pytest

from dashboard import words
from dashboard.kinds import Kind
from dashboard.settings.rows import Facets
from dashboard.settings.table import SETTINGS, lines
from dashboard.summaries import SUMMARIES
from records.facet import Facet, FacetName, Gap, Holder, Reading, Reason
from records.user_pool import UserPool
from store import facets as store_facets
from tests.builders import NOW, make_app_client, make_gap, make_identity_pool, make_user_pool

# What each kind's facets become. The lists of app clients are a table of their own.
RECORDS: dict[FacetName, tuple[Kind, Any]] = {
    name: (kind, store_facets.KINDS[name].annotation)
    for kind, facets in {
        Kind.USER_POOL: set(FacetName.of(Holder.USER_POOL)) - {FacetName.APP_CLIENTS},
        Kind.APP_CLIENT: set(FacetName.of(Holder.APP_CLIENT)),
        Kind.IDENTITY_PROVIDER: set(FacetName.of(Holder.IDENTITY_PROVIDER)),
        Kind.DOMAIN: {*FacetName.of(Holder.DOMAIN), FacetName.CERTIFICATE},
        Kind.IDENTITY_POOL: set(FacetName.of(Holder.IDENTITY_POOL)),
        Kind.ROLE: {FacetName.ROLE, FacetName.ROLE_POLICIES},
    }.items()
    for name in sorted(facets)
}
Path = tuple[str, ...]


def filled(kind: Any, *, is_other: bool = False) -> Any:
    """Build a value of a type that leaves nothing out; the other one differs from the first."""
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return typing.cast("Any", kind)(**{name: filled(hint) for name, hint in hints.items()})
    arguments = [each for each in typing.get_args(kind) if each is not NoneType]
    if typing.get_origin(kind) is frozenset:
        return frozenset({filled(arguments[0], is_other=is_other)})
    if typing.get_origin(kind) is tuple:
        members = arguments[:1] if arguments[-1] is Ellipsis else arguments
        return tuple(filled(each, is_other=is_other) for each in members)
    if NoneType in typing.get_args(kind):
        return filled(arguments[0], is_other=is_other)
    simple: dict[Any, tuple[Any, Any]] = {
        bool: (True, False),
        int: (7, 11),
        str: ("one", "other"),
        datetime: (NOW, NOW - timedelta(days=400)),
    }
    return simple[kind][is_other]


def record_of(annotation: Any) -> Any:
    """Return the record that a facet's answer is, or may be, or is a list of."""
    return next(filter(dataclasses.is_dataclass, (annotation, *typing.get_args(annotation))))


def leaves(annotation: Any) -> Iterator[Path]:
    """Yield the path of every field that is no record itself; records in lists count as their first."""
    for name, hint in typing.get_type_hints(record_of(annotation)).items():
        record = next(filter(dataclasses.is_dataclass, (hint, *typing.get_args(hint))), None)
        yield from ((name, *rest) for rest in leaves(record)) if record else [(name,)]


def changed(record: Any, path: Path) -> Any:
    """Return a record that differs in the field at a path alone; of a list the first one."""
    if isinstance(record, tuple):
        return (changed(record[0], path), *record[1:])
    name, *rest = path
    value = getattr(record, name)
    if not rest:
        return dataclasses.replace(
            record, **{name: filled(typing.get_type_hints(type(record))[name], is_other=True)}
        )
    inner = changed(value, tuple(rest))
    return dataclasses.replace(record, **{name: inner})


def read(facet: FacetName, record: object) -> list[tuple[str, str]]:
    settings = [each for each in SETTINGS[RECORDS[facet][0]] if each.facet is facet]
    return [(line.label, line.text) for line in lines(settings, {facet: Facet.read(record, NOW)}, NOW)]


FIELDS = [(facet, path) for facet, (_, kind) in RECORDS.items() for path in leaves(kind)]


@pytest.mark.parametrize(("facet", "path"), FIELDS, ids=[".".join((f.value, *p)) for f, p in FIELDS])
def test_every_field_of_the_records_shows(facet: FacetName, path: Path) -> None:
    record = filled(RECORDS[facet][1])
    assert read(facet, changed(record, path)) != read(facet, record)


@pytest.mark.parametrize("kind", SETTINGS)
def test_settings_are_told_apart(kind: Kind) -> None:
    settings = SETTINGS[kind]
    assert len({(each.group, each.label) for each in settings}) == len(settings)
    assert len({(each.facet, each.aws) for each in settings}) == len(settings)
    assert {each.facet for each in settings} == {facet for facet, (of, _) in RECORDS.items() if of is kind}


def words_of(kind: Kind, key: str, facets: Facets) -> str:
    summary = next(each for each in SUMMARIES[kind] if each.key == key)
    return words.of_facet(facets[summary.facet], summary.read, NOW).strip()


@pytest.mark.parametrize(
    ("key", "overrides", "expected"),
    [
        ("plan", {"tier": "PLUS"}, "Plus"),
        ("plan", {"tier": None}, "not stated"),
        ("users", {"estimated_users": 48213}, "48,213"),
        ("users", {"estimated_users": None}, "not stated"),
        ("sign_up", {"admin_creates_users_only": True}, "administrators only"),
        ("sign_up", {"admin_creates_users_only": None}, "open (not stated)"),
        ("password", {"password_policy": None}, "8 (default)"),
        ("threats", {"threat_protection": None}, "off (not stated)"),
        ("threats", {"threat_protection": "AUDIT"}, "audit only"),
        ("deletion", {"deletion_protection": None}, "off (not stated)"),
        ("email", {"email": None}, "Cognito (not stated)"),
        ("domain", {"domain": "shop", "custom_domain": "auth.example.com"}, "auth.example.com"),
        ("domain", {"domain": None}, "none"),
    ],
)
def test_words_for_user_pools(key: str, overrides: dict[str, Any], expected: str) -> None:
    facets = {FacetName.USER_POOL: Facet.read(make_user_pool(**overrides), NOW)}
    assert words_of(Kind.USER_POOL, key, facets) == expected


@pytest.mark.parametrize(
    ("key", "overrides", "expected"),
    [
        ("type", {}, "public"),
        ("type", {"has_secret": True}, "with a secret"),
        (
            "type",
            {"has_secret": True, "oauth_flows": frozenset({"client_credentials"})},
            "machine-to-machine",
        ),
        ("flows", {"explicit_auth_flows": frozenset()}, "custom, refresh token, SRP (default)"),
        ("grants", {"is_oauth_enabled": False}, "none (OAuth is off)"),
        ("access_token", {"access_token_seconds": None}, "1 hour (default)"),
        ("access_token", {"access_token_seconds": 5400}, "90 minutes"),
        ("refresh_token", {"refresh_token_seconds": 0}, "30 days (default)"),
        ("id_token", {"id_token_seconds": None}, "not stated"),
        ("existence", {"prevent_user_existence_errors": None}, "revealed (not stated)"),
        ("revocation", {"is_token_revocation_enabled": False}, "off"),
    ],
)
def test_words_for_app_clients(key: str, overrides: dict[str, Any], expected: str) -> None:
    facets = {FacetName.APP_CLIENT: Facet.read(make_app_client(**overrides), NOW)}
    assert words_of(Kind.APP_CLIENT, key, facets) == expected


def test_words_for_identity_pools() -> None:
    pool = make_identity_pool(login_providers=(("graph.facebook.com", "7"), ("accounts.google.com", "9")))
    facets = {FacetName.IDENTITY_POOL: Facet.read(pool, NOW)}
    assert words_of(Kind.IDENTITY_POOL, "providers", facets) == "1 user pool client, 2 social providers"


def test_what_was_not_read_is_no_value_and_says_how_old_the_last_one_is() -> None:
    never: Facet[UserPool] = Facet.missing(make_gap())
    before = Facet.missing(
        Gap(operation="cognito-idp:DescribeUserPool", reason=Reason.THROTTLED, message="slow down"),
        Reading(make_user_pool(tier="LITE"), NOW - timedelta(days=3)),
    )
    kind = Kind.USER_POOL
    assert words_of(kind, "plan", {FacetName.USER_POOL: never}) == "not read"
    assert words_of(kind, "plan", {FacetName.USER_POOL: before}) == "not read (3 days ago: Lite)"
    pool_settings = [each for each in SETTINGS[kind] if each.facet is FacetName.USER_POOL]
    for facet in (never, before):
        for line in lines(pool_settings, {FacetName.USER_POOL: facet}, NOW):
            assert line.text.startswith("not read"), line.label


def test_numbers_in_columns_of_words_sort_by_value() -> None:
    cells = [words.column_number(number) for number in (9, 48_213, 131, 1_200, None)]
    assert [cell.strip() for cell in sorted(cells)] == ["9", "131", "1,200", "48,213", "not stated"]
