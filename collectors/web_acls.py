"""AWS WAF web ACLs in front of user pools, and where their logs go."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, MalformedAnswerError, demand_same
from records.surroundings import WebAcl, WebAclLogging, WebAclRule

if TYPE_CHECKING:
    from types_boto3_wafv2 import WAFV2Client

CALLS = frozenset({"wafv2:GetWebACLForResource", "wafv2:GetLoggingConfiguration"})

# What GetLoggingConfiguration refuses with where a web ACL has no logging configuration.
NO_LOGGING = frozenset({"WAFNonexistentItemException"})

# The window in force where AWS names none
# (https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html).
_DEFAULT_WINDOW_SECONDS = 300


def collect_web_acl(waf: "WAFV2Client", user_pool_arn: str) -> WebAcl | None:
    """Return the web ACL in front of a user pool, or of its replica in another region; None without one."""
    return parse_web_acl(waf.get_web_acl_for_resource(ResourceArn=user_pool_arn))


def collect_web_acl_logging(waf: "WAFV2Client", web_acl_arn: str) -> WebAclLogging:
    """Return where a web ACL's log goes. Without logging it is refused with one of NO_LOGGING."""
    raw = waf.get_logging_configuration(ResourceArn=web_acl_arn)
    demand_same(_logging_configuration(raw).required_text("ResourceArn"), web_acl_arn)
    return parse_web_acl_logging(raw)


def parse_web_acl(raw: Any) -> WebAcl | None:
    """Translate GetWebACLForResource's answer, which is empty where there is no web ACL."""
    acl = Answer(raw, "GetWebACLForResource").part("WebACL")
    if acl is None:
        return None
    return WebAcl(
        arn=acl.required_text("ARN"),
        name=acl.required_text("Name"),
        default_action=_only_key(acl, "DefaultAction"),
        rules=(
            *_in_order(acl.parts("PreProcessFirewallManagerRuleGroups"), "FirewallManagerStatement"),
            *_in_order(acl.parts("Rules"), "Statement"),
            *_in_order(acl.parts("PostProcessFirewallManagerRuleGroups"), "FirewallManagerStatement"),
        ),
    )


def parse_web_acl_logging(raw: Any) -> WebAclLogging:
    """Translate GetLoggingConfiguration's answer."""
    configuration = _logging_configuration(raw)
    return WebAclLogging(destination_arns=tuple(sorted(configuration.texts("LogDestinationConfigs"))))


def _logging_configuration(raw: Any) -> Answer:
    return Answer(raw, "GetLoggingConfiguration").required_part("LoggingConfiguration")


def _in_order(parts: Iterable[Answer], statement_name: str) -> tuple[WebAclRule, ...]:
    rules = (_rule(part, statement_name) for part in parts)
    return tuple(sorted(rules, key=lambda rule: (rule.priority, rule.name)))


def _rule(part: Answer, statement_name: str) -> WebAclRule:
    name, priority = part.required_text("Name"), part.number("Priority")
    if priority is None:
        raise MalformedAnswerError(f"the web ACL's rule {name} has no priority")
    member = _only_key(part, statement_name)
    statement = part.required_part(statement_name).required_part(member) if member else None
    is_rate_based, is_managed = member == "RateBasedStatement", member == "ManagedRuleGroupStatement"
    is_reference = member == "RuleGroupReferenceStatement"
    override = _only_key(part, "OverrideAction")
    return WebAclRule(
        name=name,
        priority=priority,
        kind=member.removesuffix("Statement") if member else None,
        # A rule group has an override in place of an action; AWS's override "None" leaves the group its own.
        action=_only_key(part, "Action") or (override if override != "None" else None),
        rate_limit=statement.number("Limit") if statement and is_rate_based else None,
        window_seconds=(
            statement.number("EvaluationWindowSec") or _DEFAULT_WINDOW_SECONDS
            if statement and is_rate_based
            else None
        ),
        managed_group=(
            f"{statement.required_text('VendorName')}/{statement.required_text('Name')}"
            if statement and is_managed
            else None
        ),
        rule_group_arn=statement.required_text("ARN") if statement and is_reference else None,
    )


def _only_key(part: Answer, name: str) -> str | None:
    """Return the name of the one member that AWS sets in a structure of alternatives."""
    return next((key for key, _ in part.part_map(name)), None)
