"""Roles that user pools themselves take on: the one by which Amazon Cognito sends SMS."""

from collections.abc import Iterator

from records.evaluation import Evidence, Severity
from records.facet import FacetName
from records.iam import Role
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.iam import action_matches
from rules.invocation import takes_strangers
from rules.ladder import Stakes
from rules.links import AWS_DOCS, DOCS
from rules.reach import Ability, reach_of, said
from rules.trust import ServiceTrust, service_trusts

SMS_GUIDE = DOCS + "user-pool-sms-settings.html"
_COGNITO = frozenset({"cognito-idp.amazonaws.com"})
# What sending takes, by Amazon SNS and by AWS End User Messaging.
SENDING = ("sns:Publish", "sms-voice:SendTextMessage")


def has_sms_role(pool: UserPool, _ctx: Context) -> bool:
    """Whether the user pool has a role to send SMS by."""
    return pool.sms is not None and bool(pool.sms.caller_arn)


@rule(
    "SVC001",
    Severity.MEDIUM,
    stakes=Stakes.CONTINUITY,
    url=SMS_GUIDE,
    applies=has_sms_role,
    reads=(FacetName.ROLE, FacetName.MFA_CONFIGURATION),
    plan_needed="LITE",
)
def sms_role_does_not_exist(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The role by which the user pool sends SMS does not exist.

    Why: no SMS goes out, so users wait for verification, recovery and MFA codes that never come.
    Fix: bring the role back, with its trust policy and the user pool's external id, or name another one in
    SmsConfiguration by read, merge, write: UpdateUserPool resets every field left out.
    """
    arn, member = _sms_role(pool)
    if ctx.region.role(arn).value is None:
        yield Problem(
            f"sends SMS by a role that does not exist: {arn}",
            evidence=((member, arn),),
            severity=Severity.HIGH if _is_a_factor(ctx) else None,
            because="users with SMS as their second factor cannot sign in",
        )


@rule(
    "SVC002",
    Severity.MEDIUM,
    url=AWS_DOCS + "IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    applies=has_sms_role,
    reads=(FacetName.ROLE,),
    plan_needed="LITE",
)
def sms_role_does_not_ask_for_the_external_id(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The SMS role does not ask for the user pool's external id.

    Why: without it a user pool of somebody else can be set to send by this role, at your cost; with another
    one Amazon Cognito cannot take the role on, and no SMS goes out.
    Fix: add StringEquals on sts:ExternalId with the user pool's ExternalId to the role's trust policy with
    UpdateAssumeRolePolicy. Other user pools that send by the role need the same ExternalId.
    """
    expected = pool.sms.external_id if pool.sms else None
    for role, trust, where in _trusts(pool, ctx):
        asked = trust.external_ids
        evidence = (
            *where,
            ("SmsConfiguration.ExternalId", expected),
            (f"AssumeRolePolicyDocument[{role.name}].ExternalId", asked and asked.values),
        )
        if asked is None or asked.accepts_anything:
            yield Problem(f"sends SMS by {role.arn}, which asks for no external id", evidence)
        elif expected is None or not asked.accepts(expected):
            yield Problem(f"sends SMS by {role.arn}, which asks for another external id", evidence)


@rule(
    "SVC003",
    Severity.MEDIUM,
    url=AWS_DOCS + "IAM/latest/UserGuide/confused-deputy.html",
    applies=has_sms_role,
    reads=(FacetName.ROLE,),
    plan_needed="LITE",
)
def sms_role_trusts_any_user_pool(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The SMS role does not ask which user pool, or whose, wants to send.

    Why: the external id is all that keeps user pools of other accounts from this role, and it is no secret:
    everybody who may read the user pool sees it.
    Fix: add ArnLike on aws:SourceArn with the user pool's ARN and StringEquals on aws:SourceAccount to the
    role's trust policy with UpdateAssumeRolePolicy. Other user pools that send by the role must be named too.
    """
    for role, trust, where in _trusts(pool, ctx):
        if takes_strangers(trust):
            entry = f"AssumeRolePolicyDocument[{role.name}]"
            yield Problem(
                f"sends SMS by {role.arn}, which trusts user pools of any account",
                evidence=(
                    *where,
                    (f"{entry}.SourceArn", trust.source_arns and trust.source_arns.values),
                    (f"{entry}.SourceAccount", trust.source_accounts and trust.source_accounts.values),
                ),
            )


@rule(
    "SVC004",
    Severity.MEDIUM,
    url=SMS_GUIDE,
    applies=has_sms_role,
    reads=(FacetName.ROLE_POLICIES,),
    plan_needed="LITE",
)
def sms_role_allows_more_than_sending(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The SMS role allows more than to send SMS.

    Why: Amazon Cognito needs nothing else, so whatever else the role allows only serves somebody who comes
    by it.
    Fix: leave sns:Publish, or sms-voice:SendTextMessage for AWS End User Messaging, in the role's policies.
    A role that other services share must be split first, or they stop to work.
    """
    arn, member = _sms_role(pool)
    policies = ctx.region.role_policies(arn).value
    if policies is None:
        return
    more = (
        Ability(
            policy=grant.policy,
            number=grant.number,
            pattern=grant.action,
            action=grant.action,
            resources=grant.resources,
        )
        for grant in reach_of(policies).grants
        if not grant.is_conditional and not any(action_matches(each, grant.action) for each in SENDING)
    )
    for words, evidence in said(more):
        yield Problem(f"sends SMS by {arn}, which allows {words}", evidence=((member, arn), *evidence))


def _is_a_factor(ctx: Context) -> bool:
    """Whether SMS surely is a second factor; where that was not read, the problem stays what it is."""
    mfa = ctx.pool.mfa
    return mfa.gap is None and mfa.value.mode != "OFF" and mfa.value.has_sms


def _sms_role(pool: UserPool) -> tuple[str, str]:
    """Return the ARN of the role that sends SMS, and the member that names it."""
    if pool.sms is None or not pool.sms.caller_arn:
        return "", "SmsConfiguration"
    member = "EumsSms.CallerArn" if pool.sms.is_eum else "SnsCallerArn"
    return pool.sms.caller_arn, f"SmsConfiguration.{member}"


def _trusts(pool: UserPool, ctx: Context) -> Iterator[tuple[Role, ServiceTrust, Evidence]]:
    """Yield what the role demands of user pools, where no denial on conditions demands more."""
    arn, member = _sms_role(pool)
    role = ctx.region.role(arn).value
    for trust in service_trusts(role.trust, _COGNITO) if role else ():
        if role and not trust.is_limited:
            yield role, trust, ((member, arn),)
