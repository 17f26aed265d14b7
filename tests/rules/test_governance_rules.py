import pytest

from rules.governance import deletion_protection_is_off, user_pool_has_no_tags
from tests.rules.judging import Case, fails, passes, user_pool

CASES = [
    fails(
        deletion_protection_is_off,
        "inactive",
        user_pool(deletion_protection="INACTIVE"),
        "can be deleted by one call (DeletionProtection INACTIVE)",
        evidence=(("DeletionProtection", "INACTIVE"), ("EstimatedNumberOfUsers", 1200)),
    ),
    fails(
        deletion_protection_is_off,
        "left out counts as inactive",
        user_pool(deletion_protection=None),
        "can be deleted by one call (DeletionProtection not set)",
    ),
    passes(deletion_protection_is_off, "active", user_pool()),
    fails(
        user_pool_has_no_tags,
        "none",
        user_pool(tags=()),
        "has no tags",
        evidence=(("UserPoolTags", ()),),
    ),
    passes(user_pool_has_no_tags, "one", user_pool()),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_governance_rules(case: Case) -> None:
    assert case.judged() == case.expected
