import pytest

from records.identity_pool import MappingRule, RoleMapping

RULE = MappingRule(
    claim="custom:team",
    match_type="Equals",
    value="admins",
    role_arn="arn:aws:iam::111122223333:role/admins",
)


@pytest.mark.parametrize(("kind", "rules"), [("Rules", (RULE,)), ("Token", ()), ("QUANTUM", ())])
def test_rules_decide_only_in_a_mapping_of_rules(kind: str, rules: tuple[MappingRule, ...]) -> None:
    mapping = RoleMapping(provider="Okta", type=kind, ambiguous_role_resolution="Deny", rules=(RULE,))

    assert mapping.effective_rules == rules
