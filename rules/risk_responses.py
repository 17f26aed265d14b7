"""Risk responses: which events threat protection acts on, whom it tells, and by which plan it is billed."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.links import DOCS
from rules.threat_protection import PASSWORD_EVENTS, acts_on_passwords, acts_on_risk

CLIENTS = (FacetName.APP_CLIENTS, FacetName.APP_CLIENT)


def is_on_lite(pool: UserPool, _ctx: Context) -> bool:
    """Whether the user pool is on the Lite plan; what AWS names no plan of is older than plans."""
    return pool.tier == "LITE"


@rule(
    "RSK001",
    Severity.LOW,
    url=DOCS + "cognito-user-pool-settings-compromised-credentials.html",
    applies=acts_on_passwords,
    reads=(FacetName.RISK_CONFIGURATION, *CLIENTS),
    plan_needed="PLUS",
    peers={"service_screener": ("cognitoCompromisedCredentialIncompleteFilter",)},
)
def leaked_passwords_pass_at_some_events(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Leaked passwords are blocked at some events and pass at others.

    Why: a leaked password that is refused at one event is set, or used, at another.
    Fix: name SIGN_IN, SIGN_UP and PASSWORD_CHANGE in CompromisedCredentialsRiskConfiguration.EventFilter, or
    leave it out, which means all of them, with SetRiskConfiguration, sending the account-takeover and
    exception settings along: the call resets what is left out. More users must choose another password.
    """
    risk = ctx.pool.risk.value
    events = risk.compromised_credentials_events
    # No event named means every event; an answer other than BLOCK is another rule's problem.
    if risk.compromised_credentials_action == "BLOCK" and events and (missing := PASSWORD_EVENTS - events):
        yield Problem(
            f"lets leaked passwords through at {' and '.join(sorted(missing))}",
            evidence=(("CompromisedCredentialsRiskConfiguration.EventFilter", tuple(sorted(events))),),
        )


@rule(
    "RSK002",
    Severity.LOW,
    url=DOCS + "cognito-user-pool-settings-adaptive-authentication.html",
    applies=acts_on_risk,
    reads=(FacetName.RISK_CONFIGURATION, *CLIENTS),
    plan_needed="PLUS",
    peers={"service_screener": ("cognitoAccountTakeoverNoNotification",)},
)
def users_hear_nothing_of_risky_sign_in(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Users are not told that somebody tries to get into their account.

    Why: the user is the first who can say that a sign-in was not theirs, and change the password.
    Fix: set Notify to true for HighAction and MediumAction in AccountTakeoverRiskConfiguration.Actions, and
    NotifyConfiguration to an identity of Amazon SES, with SetRiskConfiguration, sending the other settings
    along: the call resets what is left out. Each notice is an e-mail that SES bills, and a text that users
    must be able to tell from phishing.
    """
    risk = ctx.pool.risk.value
    levels = (("MediumAction", "medium", risk.medium_risk), ("HighAction", "high", risk.high_risk))
    for member, word, level in levels:
        notifies = None if level is None else level.notifies_user
        if not notifies:
            yield Problem(
                f"tells users nothing of sign-ins of {word} risk",
                evidence=((f"AccountTakeoverRiskConfiguration.Actions.{member}.Notify", notifies),),
            )
    notifying = (risk.low_risk, risk.medium_risk, risk.high_risk)
    if not risk.notification_source_arn and any(level and level.notifies_user for level in notifying):
        yield Problem(
            "is to tell users of risky sign-ins, yet has no identity to send from",
            evidence=(
                (
                    "AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn",
                    risk.notification_source_arn,
                ),
            ),
        )


@rule(
    "RSK003",
    Severity.INFO,
    url=DOCS + "cognito-sign-in-feature-plans.html",
    applies=is_on_lite,
)
def threat_protection_is_billed_the_old_way(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Threat protection runs on the Lite plan at its old price.

    Why: user pools that had advanced security before the plans came, on 22 November 2024, keep it on Lite,
    where it is charged beside the plan. That is allowed and no fault; but the old price of a billed user is
    above that of Plus, which holds threat protection, while Plus has no users free of charge.
    Fix: compare both bills for the month's active users, and stay where Lite is cheaper. For Plus, set
    UserPoolTier to PLUS by read, merge, write: UpdateUserPool resets every field left out. Ask AWS first
    whether the way back stays open: the old terms are those of user pools that never left Lite.
    """
    if not pool.is_threat_protection_off:
        yield Problem(
            "has threat protection on the Lite plan, as user pools from before the plans may",
            evidence=(
                ("UserPoolTier", pool.tier),
                ("UserPoolAddOns.AdvancedSecurityMode", pool.threat_protection),
            ),
        )
