"""IAM roles as Inventory shows them: once each, with all that names them, wherever that is."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.comparison import COMPARE
from dashboard.frames import pool_labels
from dashboard.holdings import Resource, resources_of
from dashboard.kinds import Kind
from dashboard.selection import ScopeChoice
from records.facet import FacetName
from records.identity_pool import MappingRule, RoleMapping
from records.snapshot import Snapshot
from tests.builders import (
    NOW,
    ROLE_ARN,
    make_gap,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_region_snapshot,
    make_role,
)
from tests.dashboard import estate, stores
from tests.dashboard.conftest import OpenPage


@pytest.fixture
def roles() -> Mapping[str, Resource]:
    snapshot = Snapshot(regions=tuple(map(stores.placed, estate.regions(NOW))))
    return {each.arn: each for each in resources_of(Kind.ROLE, snapshot, pool_labels(snapshot))}


@pytest.fixture
def filled(store: Path) -> Path:
    """A store of the estate."""
    stores.run_over(store, estate.regions(stores.STARTED), accounts=estate.ACCOUNTS)
    return store


def table(page: AppTest) -> pd.DataFrame:
    return page.dataframe[0].value.set_index("name")


def named_by(role: Resource) -> set[tuple[str, str]]:
    return {(pointer.pool, pointer.what) for pointer in role.pointers}


def test_role_stands_once_with_all_that_names_it(roles: Mapping[str, Resource]) -> None:
    shop = f"shop ({estate.SHOP})"
    assert named_by(roles[ROLE_ARN]) == {
        ("uploads", "role of signed-in users"),
        (shop, "group buyers"),
        ("staff", "group editors"),
    }
    assert named_by(roles[estate.GUEST_ROLE]) == {("uploads", "role of guests")}
    assert named_by(roles[estate.SMS_ROLE]) == {(shop, "sender of SMS")}
    assert named_by(roles[estate.FUNCTION_ROLE]) == {(shop, "function of the trigger PostConfirmation")}
    assert named_by(roles[estate.ADMIN_ROLE]) == {(shop, "group admins")}
    assert roles[ROLE_ARN].regions == ("eu-west-1", "us-east-1")


def test_rules_of_mappings_name_roles() -> None:
    arn = "arn:aws:iam::111122223333:role/partners"
    rule = MappingRule(claim="custom:tier", match_type="Equals", value="gold", role_arn=arn)
    mapping = RoleMapping(
        provider="idp.example.com", type="Rules", ambiguous_role_resolution="Deny", rules=(rule,)
    )
    pool = make_identity_pool_snapshot(roles=make_identity_pool_roles(mappings=(mapping,)))
    snapshot = Snapshot(regions=(make_region_snapshot(identity_pools=[pool]),))
    found = {each.arn: each for each in resources_of(Kind.ROLE, snapshot, pool_labels(snapshot))}
    assert named_by(found[arn]) == {("customers", "mapping of idp.example.com, rule 1")}
    # Nothing has read it, which is no statement about it.
    assert found[arn].facets[FacetName.ROLE].gap is not None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["read first", "read last"])
def test_role_that_one_region_could_read_is_read(order: tuple[int, int]) -> None:
    regions = [
        make_region_snapshot(scope=estate.PRODUCTION),
        make_region_snapshot(
            scope=estate.ABROAD, references={(FacetName.ROLE, ROLE_ARN): make_gap("iam:GetRole")}
        ),
    ]
    snapshot = Snapshot(regions=tuple(regions[number] for number in order))
    (role,) = resources_of(Kind.ROLE, snapshot, {})
    assert role.facets[FacetName.ROLE].value == make_role()


@pytest.mark.usefixtures("filled")
def test_table_tells_trust_policies_boundary_and_who_names_it(open_page: OpenPage) -> None:
    rows = table(open_page("inventory", kind="IAM roles"))
    customers = rows.loc["customers"]
    assert (customers["trusted"], customers["policies"], customers["boundary"]) == (
        "cognito-identity.amazonaws.com",
        "own",
        "none",
    )
    assert rows.loc["guests", "pool"] == "uploads"
    assert rows.loc["staff-admins", "trusted"] == "another account, not read"


@pytest.mark.usefixtures("filled")
def test_detail_leads_to_what_names_it_and_judges_nothing(open_page: OpenPage) -> None:
    page = open_page("inventory", kind="IAM roles", resource=ROLE_ARN)
    assert not page.exception
    assert {link.label for link in page.page_link} == {
        "`uploads`: `role of signed-in users`",
        f"`shop ({estate.SHOP})`: `group buyers`",
        "`staff`: `group editors`",
    }
    shown = {
        row["setting"]: row["value"]
        for element in page.dataframe[1:]
        for row in element.value.to_dict("records")
    }
    assert shown["Statement 1"].startswith("Allow sts:AssumeRoleWithWebIdentity to Federated cognito")
    assert "if cognito-identity.amazonaws.com:aud StringEquals" in shown["Statement 1"]


@pytest.mark.usefixtures("filled")
def test_two_roles_side_by_side(open_page: OpenPage) -> None:
    page = open_page("inventory", kind="IAM roles", mode=COMPARE, left=ROLE_ARN, right=estate.ADMIN_ROLE)
    assert not page.exception
    assert {word for words in page.dataframe[0].value["match"] for word in words} == {"? Not read"}


@pytest.mark.usefixtures("filled")
def test_role_is_in_every_scope_that_names_it() -> None:
    known = data.inventory(data.published(), Kind.ROLE)

    def within(**chosen: tuple[str, ...]) -> set[str]:
        return set(known.within(ScopeChoice(**chosen))["name"])

    assert within(pools=("staff",)) == {"customers"}
    assert within(regions=("us-east-1",)) == {"customers"}
    assert within(accounts=(estate.ARCHIVE,)) == set()
    assert len(within()) == 5


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("kind", "name", "cells"),
    [
        (
            "Identity providers",
            "Staff",
            {"type": "OIDC", "issuer": "https://id.example.com", "until": "none"},
        ),
        (
            "Domains",
            "login.staging.example.com",
            {"type": "own domain", "pages": "hosted UI (classic)", "status": "ACTIVE"},
        ),
        ("Domains", "customers", {"type": "prefix of Cognito's", "until": "none"}),
    ],
)
def test_providers_and_domains_have_tables(
    kind: str, name: str, cells: dict[str, str], open_page: OpenPage
) -> None:
    row = table(open_page("inventory", kind=kind)).loc[name]
    assert {key: row[key] for key in cells} == cells


@pytest.mark.usefixtures("filled")
def test_what_the_plan_lacks_is_known_and_different(open_page: OpenPage) -> None:
    left, right = (
        estate.PRODUCTION.user_pool_arn(estate.SHOP),
        estate.TESTED.user_pool_arn(estate.TRIAL),
    )
    page = open_page("inventory", mode=COMPARE, left=left, right=right)
    rows = {row["setting"]: row for row in page.dataframe[0].value.to_dict("records")}
    sessions = rows["Sessions tracked"]
    assert (sessions["match"], sessions["left"], sessions["right"]) == (
        ["≠ Different"],
        "ENABLED",
        "not in the plan",
    )
