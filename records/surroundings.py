"""What surrounds the pools in their account: functions, keys, certificates, web ACLs, trails, alarms."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaFunction:
    """A function that a user pool calls (GetFunctionConfiguration), without its environment.

    `runtime` is None for container images.
    """

    arn: str
    name: str
    runtime: str | None
    package_type: str | None
    role_arn: str | None
    state: str | None
    last_update_status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KmsKey:
    """A KMS key (DescribeKey); `state` is Enabled, Disabled, PendingDeletion and so on."""

    arn: str
    state: str | None
    manager: str | None
    origin: str | None
    deletion_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcmCertificate:
    """A certificate of AWS Certificate Manager (DescribeCertificate)."""

    arn: str
    domain_name: str | None
    status: str | None
    type: str | None
    not_before: datetime | None
    not_after: datetime | None
    renewal_eligibility: str | None
    renewal_status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAclRule:
    """One rule of a web ACL.

    `kind` is its statement's name in AWS's API without `Statement` (RateBased, ManagedRuleGroup,
    RuleGroupReference, IPSetReference, And ...), None for a statement newer than the AWS SDK in use. `action`
    is Allow, Block, Count, Captcha, Challenge and so on, and for a rule group the override: Count where the
    whole group only counts, None where its own actions hold. `rate_limit` counts requests in
    `window_seconds`; `managed_group` reads `<vendor>/<name>`.
    """

    name: str
    priority: int
    kind: str | None
    action: str | None
    rate_limit: int | None
    window_seconds: int | None
    managed_group: str | None
    rule_group_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAcl:
    """The AWS WAF web ACL in front of a user pool (GetWebACLForResource).

    The rules stand in the order in which they apply: by priority, with the rule groups that AWS Firewall
    Manager puts before and behind the web ACL's own rules in their places.
    """

    arn: str
    name: str
    default_action: str | None
    rules: tuple[WebAclRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAclLogging:
    """Where a web ACL's log goes (GetLoggingConfiguration)."""

    destination_arns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSelector:
    """One condition on a field of events; `operator` is AWS's, such as Equals or NotStartsWith."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSelector:
    """What a trail records, a basic selector being told in the words of an advanced one.

    A selector records the events each of whose conditioned fields passes: it meets none of the field's
    operators that begin with Not, and one of the others where there are any.
    """

    name: str | None
    fields: tuple[FieldSelector, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A CloudTrail trail as one region sees it.

    `selectors` are what it records while it is logging, None where only the organization's account that
    owns the trail may see them.
    """

    arn: str
    name: str
    home_region: str | None
    is_multi_region: bool
    is_organization: bool
    is_logging: bool
    selectors: tuple[EventSelector, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmMetric:
    """A metric that an alarm watches, with its dimensions as (name, value).

    A Metrics Insights query names no dimensions: it spans all metrics of the name.
    """

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A CloudWatch alarm on metrics of Cognito or of what Cognito uses (DescribeAlarms)."""

    arn: str
    name: str
    metrics: tuple[AlarmMetric, ...]
    has_actions: bool
    is_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceQuota:
    """One of Cognito's quotas in an account and region; `usage_category` is its metric's Resource.

    `value` is None where Service Quotas could not learn it from Cognito.
    """

    code: str
    name: str
    value: float | None
    unit: str | None
    is_adjustable: bool
    usage_category: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiMethod:
    """A method of a REST API or route of an HTTP API; the `name` of both reads like `GET /orders`."""

    name: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiAuthorizer:
    """An API Gateway authorizer that trusts tokens of user pools.

    `kind` is the API's, REST or HTTP. A user pool authorizer has `user_pool_arns`, a JWT authorizer
    `issuers`, with `audiences` on an HTTP API (GetAuthorizers names none on a REST API). `methods` are the
    methods or routes that it guards, ordered by name, as the API is set up: what is not deployed yet is
    among them.
    """

    api_id: str
    api_name: str
    kind: str
    authorizer_id: str
    name: str
    user_pool_arns: tuple[str, ...]
    issuers: tuple[str, ...]
    audiences: tuple[str, ...]
    methods: tuple[ApiMethod, ...]
