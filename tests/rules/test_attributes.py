import pytest

from rules.attributes import grants_rights


@pytest.mark.parametrize(
    "name",
    [
        "custom:role",
        "custom:Roles",
        "custom:isAdmin",
        "custom:isadmin",
        "custom:userRole",
        "custom:userrole",
        "custom:TENANT_ID",
        "custom:tenantId",
        "custom:account_id",
        "custom:accountId",
        "custom:org",
        "custom:org_id",
        "custom:OrgID",
        "custom:permissions",
        "custom:privilege-level",
        "custom:entitlements",
        "custom:access_level",
        "custom:plan",
        "custom:creditBalance",
        "custom:email-verified",
        "custom:groups",
        "dev:custom:role",
    ],
)
def test_names_of_rights(name: str) -> None:
    assert grants_rights(name)


@pytest.mark.parametrize(
    "name",
    [
        "role",
        "email_verified",
        "custom:",
        "custom:shoe_size",
        "custom:organic",
        "custom:planet",
        "custom:accessory",
        "custom:tiers2",
        "custom:locale",
        "custom:favourite-colour",
        "custom:\u0440\u043e\u043b\u044c",
        "Custom:role",
        "x" * 100_000,
        "custom:" + "A" * 100_000,
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not grants_rights(name)
