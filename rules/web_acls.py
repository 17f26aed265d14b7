"""Whether a web ACL holds anybody back: what its rules count, and whom they ask to prove to be a person."""

from records.surroundings import WebAclRule

# Of an action that is newer than these nothing is claimed.
LETS_THROUGH = frozenset({"Allow", "Count"})
ASKS_NOTHING = LETS_THROUGH | {"Block", None}
# The rule groups of AWS that count requests by their sender and challenge him
# (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html).
CHALLENGING_GROUPS = frozenset(
    {
        "AWS/AWSManagedRulesACFPRuleSet",
        "AWS/AWSManagedRulesATPRuleSet",
        "AWS/AWSManagedRulesAntiDDoSRuleSet",
        "AWS/AWSManagedRulesBotControlRuleSet",
    }
)


def limits_rates(each: WebAclRule) -> bool:
    """Whether a rule counts requests and holds back whoever sends too many."""
    return each.kind == "RateBased" and each.action not in LETS_THROUGH


def asks_for_people(each: WebAclRule) -> bool:
    """Whether a rule wants a CAPTCHA or challenge, or something newer of that kind."""
    return each.action not in ASKS_NOTHING


def has_unknown_rules(each: WebAclRule) -> bool:
    """Whether a rule stands for others that may limit rates or challenge: only what counts alone may not."""
    if each.action == "Count":
        return False
    if each.managed_group is None:
        return each.rule_group_arn is not None or each.kind is None
    return not each.managed_group.startswith("AWS/") or each.managed_group in CHALLENGING_GROUPS
