import dataclasses
from typing import Any

import pytest

from records.evaluation import Outcome
from records.facet import FacetName, Reason
from records.resource import Scope
from records.snapshot import Snapshot
from records.user_pool import EmailConfiguration, LambdaTrigger
from rules.messaging import (
    built_in_email_sender_is_outgrown,
    email_is_not_signed,
    email_sender_is_not_verified,
    messages_cannot_be_sent,
    ses_account_does_not_deliver,
    sms_account_is_in_the_sandbox,
    sms_deliveries_are_not_logged,
    sms_may_go_to_any_country,
    sms_spending_has_no_own_limit,
)
from tests.builders import (
    EMAIL_IDENTITY_ARN,
    SCOPE,
    make_app_client,
    make_email_account,
    make_email_identity,
    make_end_user_messaging,
    make_gap,
    make_mfa_configuration,
    make_risk_configuration,
    make_sms_account,
    make_sms_configuration,
)
from tests.rules.judging import (
    NO_CLIENT_LIST,
    NO_MFA,
    NO_RISK,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
    user_pool,
)

BUILT_IN = EmailConfiguration(
    sending_account="COGNITO_DEFAULT",
    source_arn=None,
    from_address=None,
    reply_to_address=None,
    configuration_set=None,
)
EMAIL_MFA = make_mfa_configuration(has_email=True)
SENDER = LambdaTrigger(
    stage="CustomEmailSender",
    function_arn="arn:aws:lambda:eu-west-1:111122223333:function:sender",
    version="V1_0",
)

SMS_SENDER = LambdaTrigger(
    stage="CustomSMSSender",
    function_arn="arn:aws:lambda:eu-west-1:111122223333:function:sender",
    version="V1_0",
)
NO_EMAIL_ACCOUNT = make_gap("sesv2:GetAccount")
NO_EMAIL_IDENTITY = make_gap("sesv2:GetEmailIdentity")
NO_SMS_ACCOUNT = make_gap("sns:GetSMSAttributes")
NO_EUM = make_gap("pinpoint-sms-voice-v2:DescribeAccountAttributes")
# Its owner reads no other account in this run.
PLATFORM = make_gap("sesv2:GetEmailIdentity", Reason.OTHER_ACCOUNT)
FEDERATED = (make_app_client(identity_providers=frozenset({"Okta"})),)
ADDRESS_ARN = "arn:aws:ses:eu-west-1:111122223333:identity/codes@example.com"
ALERTS_ARN = "arn:aws:ses:eu-central-1:111122223333:identity/alerts.example.com"
ALERTS_ACCOUNT_ARN = Scope("111122223333", "eu-central-1").email_account_arn
ALERTING = make_risk_configuration(notification_source_arn=ALERTS_ARN)
CALM = make_risk_configuration(low_risk=None, medium_risk=None, high_risk=None)
OWN_SENDER = ("EmailConfiguration.SourceArn", EMAIL_IDENTITY_ARN)
ALERTS_SENDER = ("AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn", ALERTS_ARN)
UNVERIFIED = make_email_identity(is_verified_for_sending=False, verification_status="PENDING")
PARTNER = "arn:aws:ses:eu-west-1:444455556666:identity/example.com"


def from_address(arn: str) -> EmailConfiguration:
    return EmailConfiguration(
        sending_account="DEVELOPER",
        source_arn=arn,
        from_address=None,
        reply_to_address=None,
        configuration_set=None,
    )


def by_ses(
    *,
    account: Any = make_email_account(),  # noqa: B008  (frozen)
    identity: Any = make_email_identity(),  # noqa: B008  (frozen)
    domain: Any = None,
    alerts: Any = make_email_identity(),  # noqa: B008  (frozen)
    **overrides: Any,
) -> Snapshot:
    """Build a user pool that sends with Amazon SES; `domain` is the one of ADDRESS_ARN."""
    arn = overrides["email"].source_arn if overrides.get("email") else EMAIL_IDENTITY_ARN
    return user_pool(
        references={
            (FacetName.EMAIL_IDENTITY, EMAIL_IDENTITY_ARN): domain,
            (FacetName.EMAIL_IDENTITY, ALERTS_ARN): alerts,
            (FacetName.EMAIL_IDENTITY, arn or ""): identity,
            (FacetName.EMAIL_ACCOUNT, SCOPE.email_account_arn): account,
            (FacetName.EMAIL_ACCOUNT, ALERTS_ACCOUNT_ARN): account,
        },
        **overrides,
    )


def by_sns(account: Any = make_sms_account(), **overrides: Any) -> Snapshot:  # noqa: B008  (frozen)
    return user_pool(
        references={(FacetName.SMS_ACCOUNT, SCOPE.sms_account_arn): account},
        **{"sms": make_sms_configuration(), **overrides},
    )


def by_eum(
    account: Any = make_end_user_messaging(),  # noqa: B008  (frozen)
    *,
    configuration_set: str | None = None,
    **overrides: Any,
) -> Snapshot:
    sms = make_sms_configuration(is_eum=True, configuration_set=configuration_set)
    return user_pool(
        references={(FacetName.END_USER_MESSAGING, SCOPE.end_user_messaging_arn): account},
        **{"sms": sms, **overrides},
    )


def spending(**limit: Any) -> Any:
    """Build AWS End User Messaging with other limits on text messages."""
    messaging = make_end_user_messaging()
    return dataclasses.replace(
        messaging, spend_limits=(dataclasses.replace(messaging.spend_limits[0], **limit),)
    )


[PROTECTION] = make_end_user_messaging().protect_configurations
NOT_DEFAULT = dataclasses.replace(PROTECTION, is_account_default=False)


def built_in_sender(**overrides: Any) -> Snapshot:
    return user_pool(**{"email": BUILT_IN, "estimated_users": 50, **overrides})


CASES = [
    fails(
        built_in_email_sender_is_outgrown,
        "every need at once",
        built_in_sender(
            estimated_users=51, first_factors=frozenset({"PASSWORD", "EMAIL_OTP"}), mfa=EMAIL_MFA
        ),
        "has the built-in e-mail sender, about 50 e-mails a day, for 51 users",
        "has the built-in e-mail sender, about 50 e-mails a day, for codes that sign users in",
        "has the built-in e-mail sender, about 50 e-mails a day, for e-mail MFA",
        evidence=(
            ("EmailConfiguration.EmailSendingAccount", "COGNITO_DEFAULT"),
            ("EstimatedNumberOfUsers", 51),
            ("Policies.SignInPolicy.AllowedFirstAuthFactors", ("EMAIL_OTP", "PASSWORD")),
            ("EmailMfaConfiguration", True),
        ),
    ),
    fails(
        built_in_email_sender_is_outgrown,
        "many users and MFA unread",
        built_in_sender(email=None, estimated_users=1000, mfa=NO_MFA),
        "has the built-in e-mail sender, about 50 e-mails a day, for 1000 users",
        evidence=(("EmailConfiguration.EmailSendingAccount", None), ("EstimatedNumberOfUsers", 1000)),
        gaps=(NO_MFA,),
    ),
    passes(built_in_email_sender_is_outgrown, "few users", built_in_sender()),
    passes(
        built_in_email_sender_is_outgrown, "number of users left out", built_in_sender(estimated_users=None)
    ),
    passes(
        built_in_email_sender_is_outgrown,
        "e-mail MFA prepared but off",
        built_in_sender(mfa=make_mfa_configuration(mode="OFF", has_email=True)),
    ),
    passes(built_in_email_sender_is_outgrown, "Amazon SES", user_pool(mfa=NO_MFA, clients=NO_CLIENT_LIST)),
    is_no_matter(
        built_in_email_sender_is_outgrown,
        "a custom sender delivers",
        built_in_sender(estimated_users=1000, triggers=(SENDER,)),
    ),
    is_no_matter(
        built_in_email_sender_is_outgrown,
        "federated only",
        built_in_sender(
            estimated_users=1000, clients=(make_app_client(identity_providers=frozenset({"Okta"})),)
        ),
    ),
    is_unknown(built_in_email_sender_is_outgrown, "MFA unread", built_in_sender(mfa=NO_MFA), NO_MFA),
    is_unknown(
        built_in_email_sender_is_outgrown,
        "clients unread",
        built_in_sender(estimated_users=1000, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        messages_cannot_be_sent,
        "both channels",
        user_pool(email_failure="EmailNotVerified", sms_failure="SNSSandbox"),
        "cannot send e-mail: AWS reports EmailNotVerified",
        "cannot send SMS: AWS reports SNSSandbox",
        evidence=(
            ("EmailConfigurationFailure", "EmailNotVerified"),
            ("SmsConfigurationFailure", "SNSSandbox"),
        ),
    ),
    passes(messages_cannot_be_sent, "nothing reported", user_pool()),
    fails(
        ses_account_does_not_deliver,
        "in the sandbox, paused and under review",
        by_ses(
            account=make_email_account(
                has_production_access=False, is_sending_enabled=False, enforcement_status="PROBATION"
            )
        ),
        "sends e-mail by an Amazon SES that is in its sandbox",
        "sends e-mail by an Amazon SES that is paused",
        "sends e-mail by an Amazon SES that AWS holds in PROBATION",
        evidence=(
            OWN_SENDER,
            ("ProductionAccessEnabled", False),
            ("SendingEnabled", False),
            ("EnforcementStatus", "PROBATION"),
        ),
    ),
    fails(
        ses_account_does_not_deliver,
        "notifications only, from another region",
        by_ses(
            account=make_email_account(enforcement_status="SHUTDOWN"),
            email=None,
            risk=ALERTING,
        ),
        "sends threat protection's notifications by an Amazon SES that AWS holds in SHUTDOWN",
        evidence=(ALERTS_SENDER, ("EnforcementStatus", "SHUTDOWN")),
    ),
    fails(
        ses_account_does_not_deliver,
        "sandbox and risk unread",
        by_ses(account=make_email_account(has_production_access=False), risk=NO_RISK),
        "sends e-mail by an Amazon SES that is in its sandbox",
        gaps=(NO_RISK,),
    ),
    passes(ses_account_does_not_deliver, "in production", by_ses()),
    passes(
        ses_account_does_not_deliver,
        "reputation left out",
        by_ses(account=make_email_account(enforcement_status=None)),
    ),
    is_no_matter(ses_account_does_not_deliver, "built-in sender, no notice", built_in_sender(risk=CALM)),
    is_no_matter(
        ses_account_does_not_deliver,
        "built-in sender, threat protection only audits",
        built_in_sender(threat_protection="AUDIT", risk=ALERTING),
    ),
    is_no_matter(
        ses_account_does_not_deliver,
        "a custom sender delivers",
        by_ses(account=make_email_account(has_production_access=False), triggers=(SENDER,)),
    ),
    is_no_matter(
        ses_account_does_not_deliver,
        "federated only",
        by_ses(account=make_email_account(has_production_access=False), clients=FEDERATED),
    ),
    is_unknown(
        ses_account_does_not_deliver,
        "account unread",
        by_ses(account=NO_EMAIL_ACCOUNT),
        NO_EMAIL_ACCOUNT,
    ),
    is_unknown(
        ses_account_does_not_deliver, "risk unread, nothing else wrong", by_ses(risk=NO_RISK), NO_RISK
    ),
    is_unknown(
        ses_account_does_not_deliver,
        "clients unread",
        by_ses(account=make_email_account(has_production_access=False), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        email_sender_is_not_verified,
        "domain is pending",
        by_ses(identity=UNVERIFIED),
        "sends e-mail from example.com, which is unverified (PENDING)",
        evidence=(OWN_SENDER, ("VerificationStatus", "PENDING")),
    ),
    fails(
        email_sender_is_not_verified,
        "domain is gone, and so is that of the notifications",
        by_ses(identity=None, alerts=None, risk=ALERTING),
        "sends e-mail from example.com, which Amazon SES does not know",
        "sends threat protection's notifications from alerts.example.com, which Amazon SES does not know",
        evidence=(OWN_SENDER, ("VerificationStatus", None), ALERTS_SENDER),
    ),
    fails(
        email_sender_is_not_verified,
        "neither the address nor its domain is known",
        by_ses(email=from_address(ADDRESS_ARN), identity=None, risk=CALM),
        "sends e-mail from codes@example.com, which Amazon SES does not know",
    ),
    fails(
        email_sender_is_not_verified,
        "both are unverified",
        by_ses(email=from_address(ADDRESS_ARN), identity=UNVERIFIED, domain=UNVERIFIED, risk=CALM),
        "sends e-mail from codes@example.com, which is unverified (PENDING)",
    ),
    passes(email_sender_is_not_verified, "domain is verified", by_ses()),
    passes(
        email_sender_is_not_verified,
        "address of a verified domain",
        by_ses(email=from_address(ADDRESS_ARN), identity=None, domain=make_email_identity(), risk=CALM),
    ),
    passes(
        email_sender_is_not_verified,
        "address is verified whatever its domain",
        by_ses(email=from_address(ADDRESS_ARN), domain=NO_EMAIL_IDENTITY, risk=CALM),
    ),
    is_no_matter(
        email_sender_is_not_verified,
        "a custom sender delivers",
        by_ses(identity=None, triggers=(SENDER,)),
    ),
    is_unknown(
        email_sender_is_not_verified,
        "identity unread",
        by_ses(identity=NO_EMAIL_IDENTITY),
        NO_EMAIL_IDENTITY,
    ),
    is_unknown(
        email_sender_is_not_verified,
        "domain of an unknown address unread",
        by_ses(email=from_address(ADDRESS_ARN), identity=None, domain=NO_EMAIL_IDENTITY, risk=CALM),
        NO_EMAIL_IDENTITY,
    ),
    is_unknown(email_sender_is_not_verified, "risk unread", by_ses(risk=NO_RISK), NO_RISK),
    fails(
        email_is_not_signed,
        "records are missing",
        by_ses(identity=make_email_identity(dkim_status="FAILED")),
        "sends e-mail from example.com without DKIM",
        evidence=(
            OWN_SENDER,
            ("DkimAttributes.Status", "FAILED"),
            ("DkimAttributes.SigningEnabled", True),
        ),
    ),
    fails(
        email_is_not_signed,
        "signing is off for the notifications",
        by_ses(alerts=make_email_identity(is_dkim_signing_enabled=False), risk=ALERTING),
        "sends threat protection's notifications from alerts.example.com with DKIM signing switched off",
    ),
    fails(
        email_is_not_signed,
        "address of a domain without DKIM",
        by_ses(
            email=from_address(ADDRESS_ARN),
            identity=None,
            domain=make_email_identity(dkim_status="NOT_STARTED"),
            risk=CALM,
        ),
        "sends e-mail from codes@example.com without DKIM",
    ),
    passes(email_is_not_signed, "signed", by_ses()),
    passes(
        email_is_not_signed,
        "DNS did not answer for a while",
        by_ses(identity=make_email_identity(dkim_status="TEMPORARY_FAILURE")),
    ),
    passes(
        email_is_not_signed,
        "AWS says nothing of DKIM",
        by_ses(identity=make_email_identity(dkim_status=None, is_dkim_signing_enabled=None)),
    ),
    passes(
        email_is_not_signed,
        "an address",
        by_ses(
            email=from_address(ADDRESS_ARN),
            identity=make_email_identity(type="EMAIL_ADDRESS", dkim_status="NOT_STARTED"),
            risk=CALM,
        ),
    ),
    passes(email_is_not_signed, "no such domain", by_ses(identity=None)),
    is_no_matter(email_is_not_signed, "built-in sender", built_in_sender(risk=CALM)),
    is_unknown(email_is_not_signed, "identity unread", by_ses(identity=NO_EMAIL_IDENTITY), NO_EMAIL_IDENTITY),
    fails(
        sms_account_is_in_the_sandbox,
        "Amazon SNS",
        by_sns(make_sms_account(is_in_sandbox=True), estimated_users=11),
        "sends SMS from the sandbox of Amazon SNS, with 11 users",
        evidence=(("IsInSandbox", True), ("EstimatedNumberOfUsers", 11)),
    ),
    fails(
        sms_account_is_in_the_sandbox,
        "AWS End User Messaging",
        by_eum(make_end_user_messaging(tier="SANDBOX")),
        "sends SMS from the sandbox of AWS End User Messaging, with 1200 users",
        evidence=(("ACCOUNT_TIER", "SANDBOX"), ("EstimatedNumberOfUsers", 1200)),
    ),
    passes(
        sms_account_is_in_the_sandbox,
        "as many users as verified numbers",
        by_sns(make_sms_account(is_in_sandbox=True), estimated_users=10),
    ),
    passes(
        sms_account_is_in_the_sandbox,
        "number of users left out",
        by_sns(NO_SMS_ACCOUNT, estimated_users=None),
    ),
    passes(sms_account_is_in_the_sandbox, "out of Amazon SNS's", by_sns()),
    passes(sms_account_is_in_the_sandbox, "out of AWS End User Messaging's", by_eum()),
    passes(sms_account_is_in_the_sandbox, "tier left out", by_eum(make_end_user_messaging(tier=None))),
    is_no_matter(sms_account_is_in_the_sandbox, "no SMS", user_pool()),
    is_no_matter(
        sms_account_is_in_the_sandbox,
        "a custom sender delivers",
        by_sns(make_sms_account(is_in_sandbox=True), triggers=(SMS_SENDER,)),
    ),
    is_no_matter(
        sms_account_is_in_the_sandbox,
        "federated only",
        by_sns(make_sms_account(is_in_sandbox=True), clients=FEDERATED),
    ),
    is_unknown(sms_account_is_in_the_sandbox, "Amazon SNS unread", by_sns(NO_SMS_ACCOUNT), NO_SMS_ACCOUNT),
    is_unknown(sms_account_is_in_the_sandbox, "AWS End User Messaging unread", by_eum(NO_EUM), NO_EUM),
    is_unknown(
        sms_account_is_in_the_sandbox,
        "clients unread",
        by_sns(make_sms_account(is_in_sandbox=True), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        sms_may_go_to_any_country,
        "no protect configuration at all, so none in the configuration set",
        by_eum(make_end_user_messaging(protect_configurations=()), configuration_set="codes"),
        "sends SMS without a protect configuration, so to any country that AWS reaches",
        evidence=(("ProtectConfigurations", ()), ("SmsConfiguration.EumsSms.ConfigurationSet", "codes")),
    ),
    fails(
        sms_may_go_to_any_country,
        "none is the default",
        by_eum(make_end_user_messaging(protect_configurations=(NOT_DEFAULT,))),
        "sends SMS without a protect configuration, so to any country that AWS reaches",
        evidence=(
            ("ProtectConfigurations", (NOT_DEFAULT.arn,)),
            ("SmsConfiguration.EumsSms.ConfigurationSet", None),
        ),
    ),
    passes(sms_may_go_to_any_country, "one is the default", by_eum()),
    passes(
        sms_may_go_to_any_country,
        "the configuration set may name it",
        by_eum(make_end_user_messaging(protect_configurations=(NOT_DEFAULT,)), configuration_set="codes"),
    ),
    is_no_matter(sms_may_go_to_any_country, "Amazon SNS sends", by_sns()),
    is_no_matter(sms_may_go_to_any_country, "no SMS", user_pool()),
    is_unknown(sms_may_go_to_any_country, "unread", by_eum(NO_EUM), NO_EUM),
    fails(
        sms_spending_has_no_own_limit,
        "Amazon SNS",
        by_sns(make_sms_account(monthly_spend_limit_usd=None)),
        "has no limit of its own on what SMS costs in a month",
        evidence=(("MonthlySpendLimit", None),),
    ),
    fails(
        sms_spending_has_no_own_limit,
        "AWS End User Messaging",
        by_eum(spending(is_overridden=False)),
        "has no limit of its own on what SMS costs, below AWS's 5000 USD a month",
        evidence=(
            ("SpendLimits[TEXT_MESSAGE_MONTHLY_SPEND_LIMIT].Overridden", False),
            ("SpendLimits[TEXT_MESSAGE_MONTHLY_SPEND_LIMIT].MaxLimit", 5000),
        ),
    ),
    fails(
        sms_spending_has_no_own_limit,
        "AWS does not tell its own",
        by_eum(spending(is_overridden=False, maximum_usd=None)),
        "has no limit of its own on what SMS costs",
    ),
    passes(sms_spending_has_no_own_limit, "Amazon SNS is bound", by_sns()),
    passes(sms_spending_has_no_own_limit, "AWS End User Messaging is bound", by_eum()),
    passes(
        sms_spending_has_no_own_limit,
        "the limit on voice messages says nothing",
        by_eum(spending(name="VOICE_MESSAGE_MONTHLY_SPEND_LIMIT", is_overridden=False)),
    ),
    passes(
        sms_spending_has_no_own_limit,
        "AWS does not say whether",
        by_eum(spending(is_overridden=None)),
    ),
    passes(
        sms_spending_has_no_own_limit,
        "the sandbox bounds it",
        by_sns(make_sms_account(is_in_sandbox=True, monthly_spend_limit_usd=None)),
    ),
    passes(
        sms_spending_has_no_own_limit,
        "the sandbox of AWS End User Messaging bounds it",
        by_eum(dataclasses.replace(spending(is_overridden=False), tier="SANDBOX")),
    ),
    is_no_matter(sms_spending_has_no_own_limit, "no SMS", user_pool()),
    is_unknown(sms_spending_has_no_own_limit, "Amazon SNS unread", by_sns(NO_SMS_ACCOUNT), NO_SMS_ACCOUNT),
    is_unknown(sms_spending_has_no_own_limit, "AWS End User Messaging unread", by_eum(NO_EUM), NO_EUM),
    fails(
        sms_deliveries_are_not_logged,
        "no role",
        by_sns(make_sms_account(has_delivery_logging=False)),
        "sends SMS of whose delivery Amazon SNS keeps no log",
        evidence=(("DeliveryStatusIAMRole", None),),
    ),
    passes(sms_deliveries_are_not_logged, "logged", by_sns()),
    is_no_matter(sms_deliveries_are_not_logged, "AWS End User Messaging sends", by_eum()),
    is_no_matter(
        sms_deliveries_are_not_logged,
        "a custom sender delivers",
        by_sns(make_sms_account(has_delivery_logging=False), triggers=(SMS_SENDER,)),
    ),
    is_unknown(sms_deliveries_are_not_logged, "unread", by_sns(NO_SMS_ACCOUNT), NO_SMS_ACCOUNT),
    is_no_matter(email_sender_is_not_verified, "federated only", by_ses(identity=None, clients=FEDERATED)),
    is_unknown(
        email_sender_is_not_verified,
        "clients unread",
        by_ses(identity=None, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    is_no_matter(
        email_is_not_signed,
        "federated only",
        by_ses(identity=make_email_identity(dkim_status="FAILED"), clients=FEDERATED),
    ),
    is_unknown(
        email_is_not_signed,
        "clients unread",
        by_ses(identity=make_email_identity(dkim_status="FAILED"), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    is_no_matter(
        sms_may_go_to_any_country,
        "federated only",
        by_eum(make_end_user_messaging(protect_configurations=()), clients=FEDERATED),
    ),
    is_unknown(
        sms_may_go_to_any_country,
        "clients unread",
        by_eum(make_end_user_messaging(protect_configurations=()), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    is_no_matter(
        sms_spending_has_no_own_limit,
        "federated only",
        by_sns(make_sms_account(monthly_spend_limit_usd=None), clients=FEDERATED),
    ),
    is_unknown(
        sms_spending_has_no_own_limit,
        "clients unread",
        by_sns(make_sms_account(monthly_spend_limit_usd=None), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    is_no_matter(
        sms_deliveries_are_not_logged,
        "federated only",
        by_sns(make_sms_account(has_delivery_logging=False), clients=FEDERATED),
    ),
    is_unknown(
        sms_deliveries_are_not_logged,
        "clients unread",
        by_sns(make_sms_account(has_delivery_logging=False), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_messaging_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_the_service_of_the_region_that_sends_is_judged() -> None:
    frankfurt = Scope("111122223333", "eu-central-1").sms_account_arn
    snapshot = user_pool(
        sms=make_sms_configuration(region="eu-central-1"),
        references={
            (FacetName.SMS_ACCOUNT, SCOPE.sms_account_arn): make_sms_account(),
            (FacetName.SMS_ACCOUNT, frankfurt): make_sms_account(is_in_sandbox=True),
        },
    )

    assert judge(sms_account_is_in_the_sandbox, snapshot).outcome is Outcome.FAIL


def test_a_sender_in_another_account_is_unknown() -> None:
    snapshot = by_ses(email=from_address(PARTNER), identity=PLATFORM, risk=CALM)

    for one in (email_sender_is_not_verified, email_is_not_signed):
        said = judge(one, snapshot)
        assert (said.outcome, said.gaps) == (Outcome.UNKNOWN, (PLATFORM,))
    # Nobody asked for that account's Amazon SES.
    assert judge(ses_account_does_not_deliver, snapshot).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("text", ["nonsense", "arn:aws:ses:eu-west-1:111122223333:identity/", "@"])
def test_a_sender_that_no_arn_names_is_unknown(text: str) -> None:
    snapshot = user_pool(email=from_address(text), risk=CALM)

    for one in (email_sender_is_not_verified, email_is_not_signed):
        assert judge(one, snapshot).outcome is Outcome.UNKNOWN
    if not text.startswith("arn:"):
        [gap] = judge(ses_account_does_not_deliver, snapshot).gaps
        assert (gap.operation, gap.reason) == ("sesv2:GetAccount", Reason.MALFORMED)
