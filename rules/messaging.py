"""Messaging: whether a user pool's e-mail and SMS can reach its users."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import UserPool
from rules.conditions import has_own_users
from rules.engine import Context, Problem, rule
from rules.links import DOCS


def sends_email_itself(pool: UserPool, ctx: Context) -> bool:
    """Whether AWS sends e-mail to the user pool's own users, and no custom sender does."""
    return not pool.sends_email_by_lambda and has_own_users(pool, ctx)


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
