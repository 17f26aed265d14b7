"""What surrounds the pools in the company's accounts, one entry a resource.

Left to find: the web ACL of the partners only counts and is not logged; nobody in staging watches for
throttled sign-ins; production keeps no trail of the credentials that its identity pools hand out, which
staging, where the security team tried it first, does; a key is disabled and a log group keeps little; two
methods of the shop's API ask for no scopes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from demo.company_data import club, partners, services, shop, staff
from demo.company_data.specs import ACCOUNT, AMERICA, EUROPE, TRIALS, Parameters


@dataclass(frozen=True, kw_only=True)
class WebAclSpec:
    """A web ACL with its rules; `log_group` is where it is logged."""

    region: str
    name: str
    rules: tuple[Parameters, ...]
    log_group: str | None = None


@dataclass(frozen=True, kw_only=True)
class TrailSpec:
    """A trail over all regions of an account, with its advanced selectors."""

    account: str
    name: str
    selectors: tuple[Parameters, ...]


@dataclass(frozen=True, kw_only=True)
class MailSpec:
    """Amazon SES in one account and region: whether it is out of the sandbox, and its identities."""

    account: str
    region: str
    is_in_production: bool
    verified: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AuthorizerSpec:
    """An API with one authorizer: a REST API's is on a user pool, an HTTP API's on an app client's tokens.

    `methods` are what it guards, each with the scopes that are asked for: `GET /orders`, on a REST API with
    one part to its path.
    """

    region: str
    api: str
    name: str
    user_pool: str
    methods: Mapping[str, tuple[str, ...]]
    client: str | None = None


def _rule(name: str, priority: int, statement: Parameters, **action: Parameters) -> Parameters:
    visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
    return {
        "Name": name,
        "Priority": priority,
        "Statement": statement,
        "VisibilityConfig": visibility,
        **action,
    }


def _rate(limit: int) -> Parameters:
    return {"RateBasedStatement": {"Limit": limit, "AggregateKeyType": "IP", "EvaluationWindowSec": 300}}


def _managed(name: str) -> Parameters:
    return {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name}}


WEB_ACLS = (
    WebAclSpec(
        region=EUROPE,
        name="shop-edge",
        rules=(
            _rule("sign-in-rate", 0, _rate(500), Action={"Block": {}}),
            _rule(
                "ip-reputation",
                1,
                _managed("AWSManagedRulesAmazonIpReputationList"),
                OverrideAction={"None": {}},
            ),
        ),
        log_group="aws-waf-logs-shop-edge",
    ),
    WebAclSpec(
        region=EUROPE,
        name="partners-edge",
        rules=(
            _rule("rate", 0, _rate(2_000), Action={"Count": {}}),
            _rule("common", 1, _managed("AWSManagedRulesCommonRuleSet"), OverrideAction={"Count": {}}),
        ),
    ),
    WebAclSpec(
        region=EUROPE,
        name="club-edge",
        rules=(
            _rule("sign-in-rate", 0, _rate(300), Action={"Block": {}}),
            _rule(
                "ip-reputation",
                1,
                _managed("AWSManagedRulesAmazonIpReputationList"),
                OverrideAction={"None": {}},
            ),
        ),
        log_group="aws-waf-logs-club-edge",
    ),
    WebAclSpec(
        region=AMERICA,
        name="shop-edge-replica",
        rules=(_rule("sign-in-rate", 0, _rate(500), Action={"Block": {}}),),
        log_group="aws-waf-logs-shop-edge-replica",
    ),
)
# The web ACLs in front of replicas, by user pool and region; Frankfurt's was forgotten.
REPLICA_WEB_ACLS = {(shop.NAME, AMERICA): "shop-edge-replica"}

# (account, region, name): how many days its events are kept, None for ever.
LOG_GROUPS: dict[tuple[str, str, str], int | None] = {
    (ACCOUNT, EUROPE, "/tarnfell/cognito/shop"): 400,
    (ACCOUNT, EUROPE, "/tarnfell/cognito/partners"): 14,
    (ACCOUNT, EUROPE, "/tarnfell/cognito/club"): 400,
    (ACCOUNT, EUROPE, "aws-waf-logs-shop-edge"): 400,
    (ACCOUNT, EUROPE, "aws-waf-logs-club-edge"): 400,
    (ACCOUNT, AMERICA, "aws-waf-logs-shop-edge-replica"): 400,
}

# (account, region, name): whether the key can be used.
KEYS: dict[tuple[str, str, str], bool] = {
    (ACCOUNT, EUROPE, "partners-user-pool"): True,
    (TRIALS, EUROPE, "staging-shop-mail"): False,
}

# Domain: how many days its certificate is still valid. All stand in us-east-1, from where Cognito takes them
# wherever the user pool is.
CERTIFICATES = {shop.DOMAIN: 21, club.DOMAIN: 300, staff.DOMAIN: 190}
SAML_CERTIFICATES = {partners.SAML: 12}

MANAGEMENT: Parameters = {
    "Name": "Management events",
    "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
}
IDENTITY_POOL_DATA: Parameters = {
    "Name": "Credentials from identity pools",
    "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::Cognito::IdentityPool"]},
    ],
}
TRAILS = (
    TrailSpec(account=ACCOUNT, name="tarnfell-management", selectors=(MANAGEMENT,)),
    TrailSpec(account=TRIALS, name="tarnfell-staging", selectors=(MANAGEMENT, IDENTITY_POOL_DATA)),
)

# (region, user pool, app client, metric) of production's alarms.
ALARMS = (
    (EUROPE, shop.NAME, "shop-web", "SignInThrottles"),
    (EUROPE, shop.NAME, "shop-web", "SignUpThrottles"),
    (EUROPE, club.NAME, club.WEB.name, "SignInThrottles"),
)

MAIL = (
    MailSpec(account=ACCOUNT, region=EUROPE, is_in_production=True, verified=("tarnfell.example",)),
    MailSpec(account=ACCOUNT, region=AMERICA, is_in_production=True, verified=("tarnfell.example",)),
    MailSpec(account=TRIALS, region=EUROPE, is_in_production=False, unverified=("stories@tarnfell.example",)),
)

# (account, region): the settings of SMS through Amazon SNS where the account is out of the sandbox. Trail
# Stories sends from an account that is not.
SMS = {
    (ACCOUNT, AMERICA): {"MonthlySpendLimit": "200", "DefaultSMSType": "Transactional"},
}
# Region: how many US dollars End User Messaging may cost production a month, and how many it is held to.
MESSAGING = {EUROPE: (5_000, 1_500)}

AUTHORIZERS = (
    AuthorizerSpec(
        region=EUROPE,
        api="shop-account",
        name="shop-customers",
        user_pool=shop.NAME,
        methods={"GET /orders": (), "POST /orders": (), "PUT /address": ("aws.cognito.signin.user.admin",)},
    ),
    AuthorizerSpec(
        region=AMERICA,
        api="staff-rosters",
        name="staff",
        user_pool=staff.NAME,
        methods={"GET /rosters": ("openid",)},
    ),
    AuthorizerSpec(
        region=EUROPE,
        api="partner-orders",
        name="partners",
        user_pool=partners.NAME,
        client="partner-portal-web",
        methods={"GET /orders": ()},
    ),
    AuthorizerSpec(
        region=EUROPE,
        api="warehouse",
        name="machines",
        user_pool=services.NAME,
        client="warehouse-sync",
        methods={"GET /stock": (f"{services.API}/stock.read",)},
    ),
)
# Production's request categories whose limit was raised, by region.
RAISED_LIMITS = {(EUROPE, "UserAuthentication"): 240}
