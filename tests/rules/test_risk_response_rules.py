import pytest

from records.evaluation import Severity
from records.user_pool import TakeoverAction
from rules.risk_responses import (
    leaked_passwords_pass_at_some_events,
    threat_protection_is_billed_the_old_way,
    users_hear_nothing_of_risky_sign_in,
)
from tests.builders import make_app_client, make_machine_client, make_risk_configuration
from tests.rules.judging import (
    NO_CLIENT_LIST,
    NO_RISK,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    passes,
    user_pool,
)

FEDERATED = make_app_client(identity_providers=frozenset({"Okta"}))
AT_SIGN_IN = make_risk_configuration(compromised_credentials_events=frozenset({"SIGN_IN"}))
SILENT = make_risk_configuration(
    low_risk=None,
    medium_risk=TakeoverAction(action="MFA_REQUIRED", notifies_user=False),
    high_risk=TakeoverAction(action="BLOCK", notifies_user=None),
    notification_source_arn=None,
)
FILTER = "CompromisedCredentialsRiskConfiguration.EventFilter"
ACTIONS = "AccountTakeoverRiskConfiguration.Actions"

CASES = [
    fails(
        leaked_passwords_pass_at_some_events,
        "sign-in alone",
        user_pool(risk=AT_SIGN_IN),
        "lets leaked passwords through at PASSWORD_CHANGE and SIGN_UP",
        evidence=((FILTER, ("SIGN_IN",)),),
        grade=(Severity.LOW, ""),
    ),
    fails(
        leaked_passwords_pass_at_some_events,
        "an event that nobody knows yet",
        user_pool(
            risk=make_risk_configuration(compromised_credentials_events=frozenset({"QUANTUM", "SIGN_UP"}))
        ),
        "lets leaked passwords through at PASSWORD_CHANGE and SIGN_IN",
    ),
    passes(leaked_passwords_pass_at_some_events, "all named", user_pool()),
    passes(
        leaked_passwords_pass_at_some_events,
        "none named means all",
        user_pool(risk=make_risk_configuration(compromised_credentials_events=frozenset())),
    ),
    passes(
        leaked_passwords_pass_at_some_events,
        "nothing is blocked at all, which is another rule's problem",
        user_pool(
            risk=make_risk_configuration(
                compromised_credentials_action="NO_ACTION",
                compromised_credentials_events=frozenset({"SIGN_IN"}),
            )
        ),
    ),
    is_no_matter(
        leaked_passwords_pass_at_some_events, "audit", user_pool(risk=AT_SIGN_IN, threat_protection="AUDIT")
    ),
    is_no_matter(
        leaked_passwords_pass_at_some_events,
        "no passwords",
        user_pool(risk=AT_SIGN_IN, first_factors=frozenset({"WEB_AUTHN"})),
    ),
    is_no_matter(
        leaked_passwords_pass_at_some_events,
        "federated only",
        user_pool(risk=AT_SIGN_IN, clients=(FEDERATED,)),
    ),
    is_unknown(leaked_passwords_pass_at_some_events, "risk unread", user_pool(risk=NO_RISK), NO_RISK),
    is_unknown(
        leaked_passwords_pass_at_some_events,
        "clients unread",
        user_pool(risk=AT_SIGN_IN, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        users_hear_nothing_of_risky_sign_in,
        "silent at both levels",
        user_pool(risk=SILENT),
        "tells users nothing of sign-ins of medium risk",
        "tells users nothing of sign-ins of high risk",
        evidence=((f"{ACTIONS}.MediumAction.Notify", False), (f"{ACTIONS}.HighAction.Notify", None)),
        grade=(Severity.LOW, ""),
    ),
    fails(
        users_hear_nothing_of_risky_sign_in,
        "nobody to send the notice",
        user_pool(risk=make_risk_configuration(notification_source_arn=None)),
        "is to tell users of risky sign-ins, yet has no identity to send from",
        evidence=(("AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn", None),),
    ),
    fails(
        users_hear_nothing_of_risky_sign_in,
        "silent at high risk alone",
        user_pool(
            risk=make_risk_configuration(high_risk=TakeoverAction(action="BLOCK", notifies_user=False))
        ),
        "tells users nothing of sign-ins of high risk",
    ),
    passes(users_hear_nothing_of_risky_sign_in, "silent at low risk", user_pool()),
    fails(
        users_hear_nothing_of_risky_sign_in,
        "nothing was ever set",
        user_pool(
            risk=make_risk_configuration(
                low_risk=None, medium_risk=None, high_risk=None, notification_source_arn=None
            )
        ),
        "tells users nothing of sign-ins of medium risk",
        "tells users nothing of sign-ins of high risk",
    ),
    is_no_matter(
        users_hear_nothing_of_risky_sign_in, "audit", user_pool(risk=SILENT, threat_protection="AUDIT")
    ),
    is_no_matter(
        users_hear_nothing_of_risky_sign_in,
        "machines only",
        user_pool(risk=SILENT, clients=(make_machine_client(),)),
    ),
    is_unknown(users_hear_nothing_of_risky_sign_in, "risk unread", user_pool(risk=NO_RISK), NO_RISK),
    fails(
        threat_protection_is_billed_the_old_way,
        "enforced on Lite",
        user_pool(tier="LITE"),
        "has threat protection on the Lite plan, as user pools from before the plans may",
        evidence=(("UserPoolTier", "LITE"), ("UserPoolAddOns.AdvancedSecurityMode", "ENFORCED")),
        grade=(Severity.INFO, ""),
    ),
    fails(
        threat_protection_is_billed_the_old_way,
        "audited on Lite",
        user_pool(tier="LITE", threat_protection="AUDIT"),
        "has threat protection on the Lite plan, as user pools from before the plans may",
    ),
    passes(threat_protection_is_billed_the_old_way, "off", user_pool(tier="LITE", threat_protection="OFF")),
    passes(
        threat_protection_is_billed_the_old_way, "left out", user_pool(tier="LITE", threat_protection=None)
    ),
    is_no_matter(threat_protection_is_billed_the_old_way, "on Plus", user_pool()),
    is_no_matter(threat_protection_is_billed_the_old_way, "older than plans", user_pool(tier=None)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_risk_response_rules(case: Case) -> None:
    assert case.judged() == case.expected
