"""Messaging: whether a user pool's e-mail and SMS can reach its users."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import UserPool
from rules.conditions import has_own_users
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import AWS_DOCS, DOCS
from rules.senders import email_senders, sms_place

# Where Amazon SES has looked for a domain's DKIM records, or was never asked to, and does not sign.
UNSIGNED = frozenset({"PENDING", "FAILED", "NOT_STARTED"})
SMS_SPEND_LIMIT = "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT"
CLIENTS = (FacetName.APP_CLIENTS, FacetName.APP_CLIENT)


def sends_email_itself(pool: UserPool, ctx: Context) -> bool:
    """Whether AWS sends e-mail to the user pool's own users, and no custom sender does."""
    return not pool.sends_email_by_lambda and has_own_users(pool, ctx)


def sends_email_with_ses(pool: UserPool, ctx: Context) -> bool:
    """Whether e-mail to the user pool's own users leaves through the owner's Amazon SES."""
    return sends_email_itself(pool, ctx) and any(True for _ in email_senders(pool, ctx))


def sends_sms_itself(pool: UserPool, ctx: Context) -> bool:
    """Whether AWS can send SMS to the user pool's own users, and no custom sender does."""
    return pool.sms is not None and not pool.sends_sms_by_lambda and has_own_users(pool, ctx)


def sends_sms_with_sns(pool: UserPool, ctx: Context) -> bool:
    """Whether Amazon SNS sends that SMS."""
    return pool.sms is not None and not pool.sms.is_eum and sends_sms_itself(pool, ctx)


def sends_sms_with_eum(pool: UserPool, ctx: Context) -> bool:
    """Whether AWS End User Messaging sends that SMS."""
    return pool.sms is not None and pool.sms.is_eum and sends_sms_itself(pool, ctx)


@rule(
    "MSG001",
    Severity.MEDIUM,
    url=DOCS + "user-pool-email.html",
    applies=sends_email_itself,
    reads=(FacetName.MFA_CONFIGURATION, FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    params={"users": 50},
    plan_needed="LITE",
    peers={"service_screener": ("cognitoDefaultEmailSender",)},
)
def built_in_email_sender_is_outgrown(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The built-in e-mail sender cannot carry what the user pool needs.

    Why: AWS's own sender delivers about 50 e-mails a day and no more; past that, users wait for codes that
    never come. E-mail MFA and codes by e-mail as a first factor need Amazon SES in any case.
    Fix: verify a domain in Amazon SES, leave its sandbox, and set EmailConfiguration.EmailSendingAccount to
    DEVELOPER with SourceArn, by read, merge, write: UpdateUserPool resets every field left out. Mail then
    comes from that domain and is billed by SES.
    Unsure when: users have no e-mail address, so that hardly any e-mail is sent.
    """
    if pool.sends_with_ses:
        return
    sender = ("EmailConfiguration.EmailSendingAccount", pool.email and pool.email.sending_account)
    limit = "has the built-in e-mail sender, about 50 e-mails a day,"
    users = pool.estimated_users or 0
    if users > ctx.parameters["users"]:
        yield Problem(f"{limit} for {users} users", evidence=(sender, ("EstimatedNumberOfUsers", users)))
    factors = pool.first_factors or frozenset()
    if "EMAIL_OTP" in factors:
        yield Problem(
            f"{limit} for codes that sign users in",
            evidence=(sender, ("Policies.SignInPolicy.AllowedFirstAuthFactors", tuple(sorted(factors)))),
        )
    mfa = ctx.pool.mfa.value
    if mfa.mode != "OFF" and mfa.has_email:
        yield Problem(f"{limit} for e-mail MFA", evidence=(sender, ("EmailMfaConfiguration", mfa.has_email)))


@rule(
    "MSG002",
    Severity.HIGH,
    stakes=Stakes.CONTINUITY,
    url=DOCS + "user-pool-sms-settings.html",
    plan_needed="LITE",
)
def messages_cannot_be_sent(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """AWS reports that e-mail or SMS cannot be sent.

    Why: users wait for verification, recovery and MFA codes that never come.
    Fix: mend what the code names: for SNSSandbox, move the account out of the SMS sandbox; for an SMS role,
    correct the role, its ExternalId and its permission to send; for e-mail, look at the user pool's calls
    to Amazon SES in CloudTrail. AWS clears the code after messages go out again.
    Unsure when: the failure is an old one and no message was sent since.
    """
    for member, what, failure in (
        ("EmailConfigurationFailure", "e-mail", pool.email_failure),
        ("SmsConfigurationFailure", "SMS", pool.sms_failure),
    ):
        if failure:
            yield Problem(f"cannot send {what}: AWS reports {failure}", evidence=((member, failure),))


@rule(
    "MSG003",
    Severity.HIGH,
    stakes=Stakes.CONTINUITY,
    url=AWS_DOCS + "ses/latest/dg/request-production-access.html",
    applies=sends_email_with_ses,
    reads=(FacetName.EMAIL_ACCOUNT, FacetName.RISK_CONFIGURATION, *CLIENTS),
    plan_needed="LITE",
)
def ses_account_does_not_deliver(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Amazon SES does not deliver to everybody, or AWS is about to stop it.

    Why: in its sandbox Amazon SES refuses every recipient whose address was not verified by hand, and a
    paused account refuses them all, so users wait for codes that never come.
    Fix: ask for production access in the region of the sender; where sending is paused or under review,
    answer AWS's notice in the SES console and mend the bounces or complaints that it names.
    Unsure when: the user pool serves a test, all of whose recipients are verified.
    """
    for sender in email_senders(pool, ctx):
        account = sender.account(ctx)
        if not account.has_production_access:
            yield Problem(
                f"sends {sender.use} by an Amazon SES that is in its sandbox",
                evidence=(sender.evidence, ("ProductionAccessEnabled", account.has_production_access)),
            )
        if not account.is_sending_enabled:
            yield Problem(
                f"sends {sender.use} by an Amazon SES that is paused",
                evidence=(sender.evidence, ("SendingEnabled", account.is_sending_enabled)),
            )
        if account.enforcement_status in ("PROBATION", "SHUTDOWN"):
            yield Problem(
                f"sends {sender.use} by an Amazon SES that AWS holds in {account.enforcement_status}",
                evidence=(sender.evidence, ("EnforcementStatus", account.enforcement_status)),
            )


@rule(
    "MSG004",
    Severity.HIGH,
    stakes=Stakes.CONTINUITY,
    url=AWS_DOCS + "ses/latest/dg/creating-identities.html",
    applies=sends_email_with_ses,
    reads=(FacetName.EMAIL_IDENTITY, FacetName.RISK_CONFIGURATION, *CLIENTS),
    plan_needed="LITE",
)
def email_sender_is_not_verified(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """E-mail comes from an address or domain that Amazon SES does not send for.

    Why: Amazon SES refuses what comes from an unverified sender, so no code, invitation or notification
    arrives.
    Fix: create the identity in the region that the ARN names and finish its verification, by the records in
    the domain's DNS or the link in the message to the address; or name a verified sender in
    EmailConfiguration.SourceArn, by read, merge, write: UpdateUserPool resets every field left out, and in
    NotifyConfiguration with SetRiskConfiguration, sending the other settings along. Mail comes from that
    sender then.
    Unsure when: Amazon SES has verified a parent of the domain, which covers it.
    """
    for sender in email_senders(pool, ctx):
        identity = sender.identity(ctx).value
        if identity is not None and identity.is_verified_for_sending:
            continue
        if sender.domain_arn:
            domain = ctx.region.email_identity(sender.domain_arn).value
            if domain is not None and domain.is_verified_for_sending:
                continue
        status = identity.verification_status if identity is not None else None
        yield Problem(
            f"sends {sender.use} from {sender.name}, "
            + ("which Amazon SES does not know" if identity is None else f"which is unverified ({status})"),
            evidence=(sender.evidence, ("VerificationStatus", status)),
        )


@rule(
    "MSG005",
    Severity.MEDIUM,
    url=AWS_DOCS + "ses/latest/dg/send-email-authentication-dkim.html",
    applies=sends_email_with_ses,
    reads=(FacetName.EMAIL_IDENTITY, FacetName.RISK_CONFIGURATION, *CLIENTS),
    plan_needed="LITE",
)
def email_is_not_signed(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """E-mail carries no signature of the sender's domain.

    Why: without DKIM, mailboxes cannot tell the user pool's codes from a phisher's, and large providers
    refuse or hide unsigned mail.
    Fix: set up Easy DKIM for the domain in Amazon SES, publish its three CNAME records, and switch signing
    on. Mail that was sent before stays unsigned.
    Unsure when: something else signs with a key of the domain's own before mail reaches Amazon SES.
    """
    for sender in email_senders(pool, ctx):
        identity = sender.identity(ctx).value
        if identity is None and sender.domain_arn:
            identity = ctx.region.email_identity(sender.domain_arn).value
        # An address that is an identity itself may sign by its domain, which is not asked for here.
        if identity is None or identity.type != "DOMAIN":
            continue
        evidence = (
            sender.evidence,
            ("DkimAttributes.Status", identity.dkim_status),
            ("DkimAttributes.SigningEnabled", identity.is_dkim_signing_enabled),
        )
        if identity.dkim_status in UNSIGNED:
            yield Problem(f"sends {sender.use} from {sender.name} without DKIM", evidence)
        elif identity.is_dkim_signing_enabled is False:
            yield Problem(f"sends {sender.use} from {sender.name} with DKIM signing switched off", evidence)


@rule(
    "MSG006",
    Severity.MEDIUM,
    url=DOCS + "user-pool-sms-settings.html",
    applies=sends_sms_itself,
    reads=(FacetName.SMS_ACCOUNT, FacetName.END_USER_MESSAGING, *CLIENTS),
    params={"users": 10},
    plan_needed="LITE",
)
def sms_account_is_in_the_sandbox(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """SMS reaches ten numbers at most.

    Why: in the sandbox AWS sends SMS only to numbers that somebody verified by hand, ten of them; all other
    users wait for codes that never come.
    Fix: ask to move the account out of the sandbox, in the region that sends the SMS; many countries also
    want a registered sender first.
    Unsure when: hardly any user has a phone number.
    """
    users = pool.estimated_users or 0
    if users <= ctx.parameters["users"]:
        return
    place = sms_place(pool, ctx)
    count = ("EstimatedNumberOfUsers", users)
    if pool.sms is not None and pool.sms.is_eum:
        tier = ctx.region.end_user_messaging(place.end_user_messaging_arn).value.tier
        if tier == "SANDBOX":
            yield Problem(
                f"sends SMS from the sandbox of AWS End User Messaging, with {users} users",
                evidence=(("ACCOUNT_TIER", tier), count),
            )
    elif (account := ctx.region.sms_account(place.sms_account_arn).value).is_in_sandbox:
        yield Problem(
            f"sends SMS from the sandbox of Amazon SNS, with {users} users",
            evidence=(("IsInSandbox", account.is_in_sandbox), count),
        )


@rule(
    "MSG007",
    Severity.MEDIUM,
    url=AWS_DOCS + "sms-voice/latest/userguide/protect-configuration.html",
    applies=sends_sms_with_eum,
    reads=(FacetName.END_USER_MESSAGING, *CLIENTS),
    plan_needed="LITE",
)
def sms_may_go_to_any_country(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """No protect configuration bounds the countries that SMS goes to.

    Why: fraudsters ask for codes to numbers in countries where a message costs most and share in the price;
    the owner pays for each.
    Fix: make a protect configuration in AWS End User Messaging that allows the countries of the users, and
    set it as the account's default; it bounds what Amazon SNS sends too. Numbers of other countries get no
    SMS from then on.
    """
    place = sms_place(pool, ctx)
    configurations = ctx.region.end_user_messaging(place.end_user_messaging_arn).value.protect_configurations
    if any(each.is_account_default for each in configurations):
        return
    configuration_set = pool.sms.configuration_set if pool.sms is not None else None
    # A configuration set may have a protect configuration of its own, where there is any.
    if configuration_set and configurations:
        return
    yield Problem(
        "sends SMS without a protect configuration, so to any country that AWS reaches",
        evidence=(
            ("ProtectConfigurations", tuple(each.arn for each in configurations)),
            ("SmsConfiguration.EumsSms.ConfigurationSet", configuration_set),
        ),
    )


@rule(
    "MSG008",
    Severity.LOW,
    url=AWS_DOCS + "sns/latest/api/API_SetSMSAttributes.html",
    applies=sends_sms_itself,
    reads=(FacetName.SMS_ACCOUNT, FacetName.END_USER_MESSAGING, *CLIENTS),
    plan_needed="LITE",
)
def sms_spending_has_no_own_limit(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Only AWS's quota bounds what SMS costs in a month.

    Why: the owner's limit is the last brake on SMS fraud; without one, AWS sends on until the quota, which
    was raised for the busiest month there may ever be.
    Fix: set MonthlySpendLimit with SetSMSAttributes (Amazon SNS) or a text message limit with
    SetTextMessageSpendLimitOverride (AWS End User Messaging) a little above the dearest month, with an alarm
    below it. AWS stops all SMS of the account and region once the limit is reached.
    Unsure when: the quota itself is small, as it is at first.
    """
    place = sms_place(pool, ctx)
    if pool.sms is not None and pool.sms.is_eum:
        messaging = ctx.region.end_user_messaging(place.end_user_messaging_arn).value
        for limit in messaging.spend_limits:
            if limit.name == SMS_SPEND_LIMIT and limit.is_overridden is False and messaging.tier != "SANDBOX":
                most = "" if limit.maximum_usd is None else f", below AWS's {limit.maximum_usd} USD a month"
                yield Problem(
                    f"has no limit of its own on what SMS costs{most}",
                    evidence=(
                        (f"SpendLimits[{limit.name}].Overridden", limit.is_overridden),
                        (f"SpendLimits[{limit.name}].MaxLimit", limit.maximum_usd),
                    ),
                )
        return
    account = ctx.region.sms_account(place.sms_account_arn).value
    if account.monthly_spend_limit_usd is None and not account.is_in_sandbox:
        yield Problem(
            "has no limit of its own on what SMS costs in a month",
            evidence=(("MonthlySpendLimit", None),),
        )


@rule(
    "MSG009",
    Severity.LOW,
    url=AWS_DOCS + "sns/latest/dg/sms_stats_cloudwatch.html",
    applies=sends_sms_with_sns,
    reads=(FacetName.SMS_ACCOUNT, *CLIENTS),
    plan_needed="LITE",
)
def sms_deliveries_are_not_logged(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Nobody can see which SMS arrived, and what each one cost.

    Why: an SMS that Amazon SNS took on can still fail on the way; without delivery logs neither users who get
    no code nor codes that fraudsters ask for leave a trace.
    Fix: set DeliveryStatusIAMRole with SetSMSAttributes to a role that Amazon SNS may write to CloudWatch
    Logs with, in the region that sends the SMS. The logs hold phone numbers and are billed by CloudWatch.
    """
    account = ctx.region.sms_account(sms_place(pool, ctx).sms_account_arn).value
    if not account.has_delivery_logging:
        yield Problem(
            "sends SMS of whose delivery Amazon SNS keeps no log",
            evidence=(("DeliveryStatusIAMRole", None),),
        )
