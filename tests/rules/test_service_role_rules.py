"""Rules on the role by which a user pool sends SMS."""

from dataclasses import replace
from typing import Any

import pytest

from records.evaluation import Outcome, Severity
from records.facet import FacetName, Gap
from records.iam import Condition, PolicyDocument, Role, RolePolicies
from records.snapshot import Snapshot
from records.user_pool import MfaConfiguration, SmsConfiguration
from rules.service_roles import (
    sms_role_allows_more_than_sending,
    sms_role_does_not_ask_for_the_external_id,
    sms_role_does_not_exist,
    sms_role_trusts_any_user_pool,
)
from tests.builders import (
    SCOPE,
    USER_POOL_ID,
    make_gap,
    make_mfa_configuration,
    make_role,
    make_role_policies,
    make_snapshot,
    make_statement,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import NO_MFA, Case, fails, is_no_matter, is_unknown, judge, passes

SENDER = "arn:aws:iam::111122223333:role/service-role/sms"
NO_ROLE = make_gap("iam:GetRole")
NO_POLICIES = make_gap("iam:ListRolePolicies")
SMS = SmsConfiguration(
    is_eum=False,
    caller_arn=SENDER,
    external_id="0c1d2e3f",
    region="eu-west-1",
    origination_identity=None,
    configuration_set=None,
)
EXTERNAL_ID = Condition(operator="StringEquals", key="sts:ExternalId", values=("0c1d2e3f",))
SOURCE = Condition(operator="ArnLike", key="aws:SourceArn", values=(SCOPE.user_pool_arn(USER_POOL_ID),))
ACCOUNT = Condition(operator="StringEquals", key="aws:SourceAccount", values=(SCOPE.account_id,))
SENDS = make_role_policies(make_statement(actions=("sns:publish",), resources=("*",)))


def trusting(*conditions: Condition, **more: Any) -> Role:
    statement = make_statement(
        principals=(("Service", "cognito-idp.amazonaws.com"),),
        actions=("sts:AssumeRole",),
        resources=(),
        conditions=conditions,
    )
    statements = (statement, *more.pop("more", ()))
    return make_role(arn=SENDER, name="sms", trust=PolicyDocument(statements=statements), **more)


def sending(
    role: Role | Gap | None = None, policies: RolePolicies | Gap | None = SENDS, **overrides: Any
) -> Snapshot:
    sms = replace(SMS, **overrides)
    return make_snapshot(
        user_pools=[make_user_pool_snapshot(make_user_pool(sms=sms))],
        references={
            (FacetName.ROLE, SENDER): trusting(EXTERNAL_ID, SOURCE) if role is None else role,
            (FacetName.ROLE_POLICIES, SENDER): policies,
        },
    )


NO_SUCH_ROLE = make_snapshot(
    user_pools=[make_user_pool_snapshot(make_user_pool(sms=SMS))],
    references={(FacetName.ROLE, SENDER): None, (FacetName.ROLE_POLICIES, SENDER): None},
)
NO_SMS = make_snapshot(user_pools=[make_user_pool_snapshot()])
CASES = [
    fails(
        sms_role_does_not_exist,
        "gone",
        NO_SUCH_ROLE,
        f"sends SMS by a role that does not exist: {SENDER}",
        evidence=(("SmsConfiguration.SnsCallerArn", SENDER),),
    ),
    passes(sms_role_does_not_exist, "there", sending()),
    fails(
        sms_role_does_not_ask_for_the_external_id,
        "none asked for",
        sending(trusting(SOURCE)),
        f"sends SMS by {SENDER}, which asks for no external id",
        evidence=(
            ("SmsConfiguration.SnsCallerArn", SENDER),
            ("SmsConfiguration.ExternalId", "0c1d2e3f"),
            ("AssumeRolePolicyDocument[sms].ExternalId", None),
        ),
    ),
    fails(
        sms_role_does_not_ask_for_the_external_id,
        "anything will do",
        sending(trusting(Condition(operator="StringLike", key="STS:externalid", values=("*",)))),
        f"sends SMS by {SENDER}, which asks for no external id",
    ),
    fails(
        sms_role_does_not_ask_for_the_external_id,
        "another one, by End User Messaging",
        sending(is_eum=True, external_id="another"),
        f"sends SMS by {SENDER}, which asks for another external id",
        evidence=(
            ("SmsConfiguration.EumsSms.CallerArn", SENDER),
            ("SmsConfiguration.ExternalId", "another"),
            ("AssumeRolePolicyDocument[sms].ExternalId", ("0c1d2e3f",)),
        ),
    ),
    fails(
        sms_role_does_not_ask_for_the_external_id,
        "the user pool has none",
        sending(external_id=None),
        f"sends SMS by {SENDER}, which asks for another external id",
    ),
    passes(sms_role_does_not_ask_for_the_external_id, "the user pool's", sending()),
    passes(
        sms_role_does_not_ask_for_the_external_id,
        "a denial may ask for it",
        sending(
            trusting(
                more=(
                    make_statement(
                        effect="Deny",
                        principals=(("Service", "cognito-idp.amazonaws.com"),),
                        actions=("sts:AssumeRole",),
                        resources=(),
                        conditions=(
                            Condition(operator="StringNotEquals", key="sts:ExternalId", values=("0c1d2e3f",)),
                        ),
                    ),
                )
            )
        ),
    ),
    passes(sms_role_does_not_ask_for_the_external_id, "no such role", NO_SUCH_ROLE),
    fails(
        sms_role_trusts_any_user_pool,
        "neither condition",
        sending(trusting(EXTERNAL_ID)),
        f"sends SMS by {SENDER}, which trusts user pools of any account",
        evidence=(
            ("SmsConfiguration.SnsCallerArn", SENDER),
            ("AssumeRolePolicyDocument[sms].SourceArn", None),
            ("AssumeRolePolicyDocument[sms].SourceAccount", None),
        ),
    ),
    fails(
        sms_role_trusts_any_user_pool,
        "any user pool of any account",
        sending(
            trusting(
                Condition(operator="ArnLike", key="aws:SourceArn", values=("arn:aws:cognito-idp:*:*:*",))
            )
        ),
        f"sends SMS by {SENDER}, which trusts user pools of any account",
    ),
    passes(sms_role_trusts_any_user_pool, "the user pool", sending()),
    passes(sms_role_trusts_any_user_pool, "the account", sending(trusting(ACCOUNT))),
    passes(sms_role_trusts_any_user_pool, "no such role", NO_SUCH_ROLE),
    fails(
        sms_role_allows_more_than_sending,
        "all of two services",
        sending(
            policies=make_role_policies(
                make_statement(actions=("sns:*", "sns:Publish", "ses:SendEmail"), resources=("*",))
            )
        ),
        f"sends SMS by {SENDER}, which allows sns:*, ses:SendEmail on * by own",
        evidence=(
            ("SmsConfiguration.SnsCallerArn", SENDER),
            ("Policies[own].Action", ("sns:*", "ses:SendEmail")),
            ("Policies[own].Resource", ("*",)),
        ),
    ),
    passes(sms_role_allows_more_than_sending, "by Amazon SNS", sending()),
    passes(
        sms_role_allows_more_than_sending,
        "by End User Messaging",
        sending(
            policies=make_role_policies(
                make_statement(actions=("sms-voice:SendTextMessage",), resources=("*",))
            )
        ),
    ),
    passes(
        sms_role_allows_more_than_sending,
        "a condition decides",
        sending(
            policies=make_role_policies(
                make_statement(actions=("sns:*",), resources=("*",), conditions=(ACCOUNT,))
            )
        ),
    ),
    passes(sms_role_allows_more_than_sending, "no such role", NO_SUCH_ROLE),
    is_unknown(
        sms_role_allows_more_than_sending, "policies unread", sending(policies=NO_POLICIES), NO_POLICIES
    ),
]
TRUST_RULES = (
    sms_role_does_not_exist,
    sms_role_does_not_ask_for_the_external_id,
    sms_role_trusts_any_user_pool,
)
CASES += [is_unknown(each, "role unread", sending(NO_ROLE), NO_ROLE) for each in TRUST_RULES]
CASES += [
    is_no_matter(each, situation, snapshot)
    for each in (*TRUST_RULES, sms_role_allows_more_than_sending)
    for situation, snapshot in (("no SMS", NO_SMS), ("no role", sending(caller_arn=None)))
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_service_role_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("mfa", "severity"),
    [
        (make_mfa_configuration(mode="ON", has_sms=True), Severity.HIGH),
        (make_mfa_configuration(mode="OPTIONAL", has_sms=True), Severity.HIGH),
        (make_mfa_configuration(mode="ON", has_sms=False), Severity.MEDIUM),
        (make_mfa_configuration(mode="OFF", has_sms=True), Severity.MEDIUM),
        (NO_MFA, Severity.MEDIUM),
    ],
)
def test_a_missing_sms_role_is_worse_where_sms_is_a_second_factor(
    mfa: MfaConfiguration | Gap, severity: Severity
) -> None:
    pool = make_user_pool_snapshot(make_user_pool(sms=SMS, estimated_users=500), mfa=mfa)
    said = judge(
        sms_role_does_not_exist,
        make_snapshot(user_pools=[pool], references={(FacetName.ROLE, SENDER): None}),
    )
    assert (said.outcome, said.severity) == (Outcome.FAIL, severity)
    assert bool(said.severity_reason) is (severity is Severity.HIGH)
