from collections.abc import Mapping
from typing import Any

import pytest

from records.evaluation import Outcome, Severity
from records.facet import FacetName
from records.snapshot import Snapshot
from records.surroundings import WebAclLogging, WebAclRule
from records.user_pool import SmsConfiguration
from records.user_pool_parts import Replica
from rules.intents import INTENT_TAG
from rules.network_edge import (
    replica_has_no_web_acl,
    sign_up_asks_for_no_proof,
    user_pool_has_no_web_acl,
    web_acl_is_not_logged,
    web_acl_limits_no_rate,
)
from tests.builders import (
    USER_POOL_ID,
    WEB_ACL_ARN,
    make_gap,
    make_machine_client,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
    make_web_acl,
)
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
)

NO_WEB_ACL = make_gap("wafv2:GetWebACLForResource")
NO_LOGGING = make_gap("wafv2:GetLoggingConfiguration")
NO_REPLICAS = make_gap("cognito-idp:ListUserPoolReplicas")
FRANKFURT_ARN = f"arn:aws:cognito-idp:eu-central-1:111122223333:userpool/{USER_POOL_ID}"
LONDON_ARN = f"arn:aws:cognito-idp:eu-west-2:111122223333:userpool/{USER_POOL_ID}"


def acl_rule(name: str = "some", **overrides: Any) -> WebAclRule:
    settings: dict[str, Any] = {
        "priority": 1,
        "kind": "ByteMatch",
        "action": "Block",
        "rate_limit": None,
        "window_seconds": None,
        "managed_group": None,
        "rule_group_arn": None,
    }
    return WebAclRule(name=name, **{**settings, **overrides})


def rate_rule(action: str) -> WebAclRule:
    return acl_rule("by-address", kind="RateBased", action=action, rate_limit=200, window_seconds=300)


def managed(group: str, action: str | None = None) -> WebAclRule:
    return acl_rule(kind="ManagedRuleGroup", action=action, managed_group=group)


def own_group(action: str | None = None) -> WebAclRule:
    arn = "arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/ours/1"
    return acl_rule(kind="RuleGroupReference", action=action, rule_group_arn=arn)


COMMON = managed("AWS/AWSManagedRulesCommonRuleSet")
BOT_CONTROL = managed("AWS/AWSManagedRulesBotControlRuleSet")


def edge(
    *rules: WebAclRule,
    acl: Any = True,
    logging: Any = True,
    replicas: Any = (),
    in_front: Mapping[str, Any] = {},
    clients: Any = None,
    **overrides: Any,
) -> Snapshot:
    """Build a user pool behind a web ACL of these rules, with replicas and what is in front of them."""
    more = {
        FacetName.WEB_ACL: make_web_acl(rules=rules) if acl is True else acl,
        FacetName.REPLICAS: replicas,
    }
    listed = {} if clients is None else {"clients": clients}
    pool = make_user_pool_snapshot(make_user_pool(**overrides), more=more, **listed)
    references: dict[tuple[FacetName, str], Any] = {
        (FacetName.REPLICA_WEB_ACL, arn): found for arn, found in in_front.items()
    }
    if logging is not True:
        references[FacetName.WEB_ACL_LOGGING, WEB_ACL_ARN] = logging
    return make_snapshot(user_pools=[pool], references=references)


def replica(arn: str | None = FRANKFURT_ARN, region: str = "eu-central-1", **overrides: Any) -> Replica:
    settings = {"status": "ACTIVE", "role": "SECONDARY"}
    return Replica(region=region, arn=arn, **{**settings, **overrides})


NOT_LIMITED = "has the web ACL customers without a rate rule"
NOT_ASKED = "allows sign-up through the web ACL customers, which asks for no CAPTCHA or challenge"
OPEN: dict[str, Any] = {"admin_creates_users_only": False}

WEB_ACLS = [
    fails(
        user_pool_has_no_web_acl,
        "none",
        edge(acl=None),
        "has no web ACL in front of it",
        evidence=(("WebACL", None),),
    ),
    fails(
        user_pool_has_no_web_acl,
        "none and no domain",
        edge(acl=None, domain=None),
        "has no web ACL in front of it",
    ),
    *(
        fails(
            user_pool_has_no_web_acl,
            f"machines alone, yet {situation}",
            edge(acl=None, clients=(make_machine_client(),), domain=prefix, custom_domain=custom),
            "has no web ACL in front of it",
        )
        for situation, prefix, custom in (
            ("a domain", "customers", None),
            ("a custom domain", None, "login.example.com"),
        )
    ),
    passes(user_pool_has_no_web_acl, "one, whatever its rules", edge()),
    is_no_matter(
        user_pool_has_no_web_acl,
        "machines alone, without a domain",
        edge(acl=None, domain=None, clients=(make_machine_client(),)),
    ),
    is_unknown(user_pool_has_no_web_acl, "unread", edge(acl=NO_WEB_ACL), NO_WEB_ACL),
    is_unknown(
        user_pool_has_no_web_acl,
        "app clients unread, without a domain",
        edge(acl=None, domain=None, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        web_acl_limits_no_rate,
        "no rules",
        edge(),
        NOT_LIMITED,
        evidence=(("WebACL.ARN", WEB_ACL_ARN), ("WebACL.Rules", ())),
    ),
    fails(
        web_acl_limits_no_rate,
        "the rate rule only counts",
        edge(COMMON, rate_rule("Count")),
        "has the rate rule by-address with the action Count, which holds nobody back",
        evidence=(("WebACL.Rules[by-address].Action", "Count"),),
    ),
    *(
        fails(web_acl_limits_no_rate, situation, edge(one), NOT_LIMITED)
        for situation, one in (
            ("an ordinary block", acl_rule()),
            ("a group of AWS that counts nobody", COMMON),
            (
                "a counting bot control",
                managed("AWS/AWSManagedRulesBotControlRuleSet", "Count"),
            ),
            ("a counting group of one's own", own_group("Count")),
        )
    ),
    *(
        passes(web_acl_limits_no_rate, situation, edge(COMMON, one))
        for situation, one in (
            ("blocks", rate_rule("Block")),
            ("asks for a CAPTCHA", rate_rule("Captcha")),
            ("challenges", rate_rule("Challenge")),
            ("an action of tomorrow", rate_rule("Puzzle")),
            ("a group of one's own may", own_group()),
            ("a group of another vendor may", managed("F5/OWASP_Managed")),
            ("bot control may", BOT_CONTROL),
            ("a statement of tomorrow may", acl_rule(kind=None)),
        )
    ),
    is_no_matter(web_acl_limits_no_rate, "no web ACL", edge(acl=None)),
    is_unknown(web_acl_limits_no_rate, "unread", edge(acl=NO_WEB_ACL), NO_WEB_ACL),
    fails(
        sign_up_asks_for_no_proof,
        "rates alone",
        edge(rate_rule("Block"), **OPEN),
        NOT_ASKED,
        evidence=(
            ("WebACL.ARN", WEB_ACL_ARN),
            ("WebACL.Rules", ("by-address",)),
            ("AdminCreateUserConfig.AllowAdminCreateUserOnly", False),
        ),
    ),
    fails(
        sign_up_asks_for_no_proof,
        "sign-up open for lack of a setting",
        edge(COMMON, admin_creates_users_only=None),
        NOT_ASKED,
    ),
    *(
        passes(sign_up_asks_for_no_proof, situation, edge(one, **OPEN))
        for situation, one in (
            ("a CAPTCHA", acl_rule(action="Captcha")),
            ("an action of tomorrow", acl_rule(action="Puzzle")),
            ("a challenge by rate", rate_rule("Challenge")),
            ("bot control", BOT_CONTROL),
            ("a group of one's own may", own_group()),
        )
    ),
    is_no_matter(sign_up_asks_for_no_proof, "sign-up closed", edge(rate_rule("Block"))),
    is_no_matter(sign_up_asks_for_no_proof, "no web ACL", edge(acl=None, **OPEN)),
    is_unknown(sign_up_asks_for_no_proof, "unread", edge(acl=NO_WEB_ACL, **OPEN), NO_WEB_ACL),
    *(
        fails(
            web_acl_is_not_logged,
            situation,
            edge(logging=logging),
            "has the web ACL customers, which keeps no log",
            evidence=(
                ("WebACL.ARN", WEB_ACL_ARN),
                ("LoggingConfiguration.LogDestinationConfigs", None),
            ),
        )
        for situation, logging in (
            ("none", None),
            ("to nowhere", WebAclLogging(destination_arns=())),
        )
    ),
    passes(web_acl_is_not_logged, "logged", edge()),
    is_no_matter(web_acl_is_not_logged, "no web ACL", edge(acl=None)),
    is_unknown(web_acl_is_not_logged, "web ACL unread", edge(acl=NO_WEB_ACL), NO_WEB_ACL),
    is_unknown(web_acl_is_not_logged, "logging unread", edge(logging=NO_LOGGING), NO_LOGGING),
]
REPLICAS = [
    fails(
        replica_has_no_web_acl,
        "one of two",
        edge(
            replicas=(replica(), replica(LONDON_ARN, "eu-west-2")),
            in_front={FRANKFURT_ARN: None, LONDON_ARN: make_web_acl()},
        ),
        "has no web ACL in front of its replica in eu-central-1",
        evidence=(("UserPoolReplicas[eu-central-1].Status", "ACTIVE"), ("WebACL", None)),
    ),
    fails(
        replica_has_no_web_acl,
        "another one unread, which comes first",
        edge(
            replicas=(replica(), replica(LONDON_ARN, "eu-west-2")),
            in_front={FRANKFURT_ARN: NO_WEB_ACL, LONDON_ARN: None},
        ),
        "has no web ACL in front of its replica in eu-west-2",
        gaps=(NO_WEB_ACL,),
    ),
    passes(
        replica_has_no_web_acl,
        "one in front",
        edge(replicas=(replica(),), in_front={FRANKFURT_ARN: make_web_acl()}),
    ),
    is_no_matter(replica_has_no_web_acl, "no replicas", edge()),
    is_no_matter(
        replica_has_no_web_acl,
        "the primary itself, and replicas that take no requests",
        edge(
            replicas=(
                replica(role="PRIMARY"),
                replica(status="INACTIVE"),
                replica(status=None),
                replica(arn=None),
            )
        ),
    ),
    is_no_matter(
        replica_has_no_web_acl,
        "no web ACL at all",
        edge(acl=None, replicas=(replica(),), in_front={FRANKFURT_ARN: None}),
    ),
    is_unknown(
        replica_has_no_web_acl,
        "web ACL unread",
        edge(acl=NO_WEB_ACL, replicas=(replica(),), in_front={FRANKFURT_ARN: None}),
        NO_WEB_ACL,
    ),
    is_unknown(
        replica_has_no_web_acl,
        "the replica's unread",
        edge(replicas=(replica(),), in_front={FRANKFURT_ARN: NO_WEB_ACL}),
        NO_WEB_ACL,
    ),
    is_unknown(replica_has_no_web_acl, "replicas unread", edge(replicas=NO_REPLICAS), NO_REPLICAS),
]
CASES = [*WEB_ACLS, *REPLICAS]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_network_edge_rules(case: Case) -> None:
    assert case.judged() == case.expected


SMS = SmsConfiguration(
    is_eum=False,
    caller_arn="arn:aws:iam::111122223333:role/sms",
    external_id=None,
    region="eu-west-1",
    origination_identity=None,
    configuration_set=None,
)
HIDDEN: dict[str, Any] = {"domain": None, "custom_domain": None}
SENDS_SMS = "raised because strangers can have it send SMS at the owner's cost"
NOBODYS = "lowered because the user pool has no users of its own, whose passwords could be tried"
CLOSED = "lowered because only administrators create users, and it has no domain"


@pytest.mark.parametrize(
    ("snapshot", "severity", "reason"),
    [
        pytest.param(edge(acl=None), Severity.MEDIUM, "", id="closed, with a domain"),
        pytest.param(edge(acl=None, **OPEN), Severity.HIGH, "raised because anybody can sign up", id="open"),
        pytest.param(edge(acl=None, sms=SMS), Severity.HIGH, SENDS_SMS, id="SMS"),
        pytest.param(edge(acl=None, sms=SMS, **HIDDEN), Severity.MEDIUM, "", id="SMS, hidden"),
        pytest.param(edge(acl=None, **HIDDEN), Severity.LOW, CLOSED, id="hidden"),
        pytest.param(
            edge(acl=None, sms=SMS, clients=(make_machine_client(),)), Severity.LOW, NOBODYS, id="no users"
        ),
        pytest.param(
            edge(acl=None, clients=(make_machine_client(), NO_CLIENT)),
            Severity.MEDIUM,
            "",
            id="unread client",
        ),
        pytest.param(
            edge(acl=None, sms=SMS, tags=((INTENT_TAG, "development"),)),
            Severity.LOW,
            "lowered because the user pool is declared to be for development",
            id="SMS in development",
        ),
    ],
)
def test_a_missing_web_acl_is_as_bad_as_what_stands_behind(
    snapshot: Snapshot, severity: Severity, reason: str
) -> None:
    said = judge(user_pool_has_no_web_acl, snapshot)
    assert (said.severity, said.severity_reason) == (severity, reason)


def test_the_way_around_a_web_acl_is_shown() -> None:
    said = judge(replica_has_no_web_acl, edge(replicas=(replica(),), in_front={FRANKFURT_ARN: None}))
    assert said.paths == (
        (
            "web ACL in front of eu-west-1",
            "replica in eu-central-1 without a web ACL",
            "sign-in of the same users",
        ),
    )
    assert said.targets == (FRANKFURT_ARN,)


def test_a_replica_is_no_way_around_where_the_user_pool_itself_has_no_web_acl() -> None:
    snapshot = edge(acl=None, replicas=(replica(),), in_front={FRANKFURT_ARN: None})
    assert judge(replica_has_no_web_acl, snapshot).outcome is Outcome.NOT_APPLICABLE
    assert judge(user_pool_has_no_web_acl, snapshot).outcome is Outcome.FAIL
