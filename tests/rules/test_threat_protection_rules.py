from datetime import timedelta
from typing import Any

import pytest

from records.evaluation import Severity
from records.facet import FacetName, Gap
from records.snapshot import Snapshot
from records.user_pool import LambdaTrigger, RiskConfiguration, TakeoverAction
from rules.threat_protection import (
    adaptive_mfa_cannot_work,
    app_client_weakens_protection,
    compromised_passwords_are_accepted,
    custom_auth_is_unprotected,
    high_risk_sign_in_passes,
    plus_is_paid_without_protection,
    risk_engine_skips_wide_ranges,
    threat_protection_is_not_enforced,
)
from tests.builders import (
    NOW,
    make_app_client,
    make_app_client_snapshot,
    make_gap,
    make_machine_client,
    make_mfa_configuration,
    make_risk_configuration,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import (
    NO_CLIENT_LIST,
    NO_MFA,
    NO_RISK,
    NO_USER_POOL,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
    user_pool,
)

NO_OWN_RISK = make_gap("cognito-idp:DescribeRiskConfiguration")
NO_LOG_DELIVERY = make_gap("cognito-idp:GetLogDeliveryConfiguration")
MFA_OFF = make_mfa_configuration(mode="OFF", has_totp=False)
MFA_OPTIONAL = make_mfa_configuration(mode="OPTIONAL")
FEDERATED = make_app_client(identity_providers=frozenset({"Okta"}))
CUSTOM_AUTH = make_app_client(explicit_auth_flows=frozenset({"ALLOW_CUSTOM_AUTH"}))
OLD_CUSTOM_AUTH = make_app_client(explicit_auth_flows=frozenset({"CUSTOM_AUTH_FLOW_ONLY"}))
DEFINE = LambdaTrigger(
    stage="DefineAuthChallenge",
    function_arn="arn:aws:lambda:eu-west-1:111122223333:function:define",
    version=None,
)


def action(name: str) -> TakeoverAction:
    return TakeoverAction(action=name, notifies_user=False)


def own_risk(
    own: RiskConfiguration | Gap | None,
    *,
    settings: Gap | None = None,
    risk: RiskConfiguration | Gap | None = None,
    mode: str = "ENFORCED",
    **overrides: Any,
) -> Snapshot:
    """Build an app client with a risk configuration of its own beside its user pool's."""
    pool = make_user_pool_snapshot(
        settings or make_user_pool(threat_protection=mode),
        risk=risk or make_risk_configuration(),
        clients=(make_app_client_snapshot(make_app_client(**overrides), risk=own),),
    )
    return make_snapshot(user_pools=[pool])


def custom_auth(**overrides: Any) -> Any:
    return user_pool(**{"triggers": (DEFINE,), "clients": (CUSTOM_AUTH,), **overrides})


CASES = [
    fails(
        threat_protection_is_not_enforced,
        "off",
        user_pool(threat_protection="OFF", tier="ESSENTIALS"),
        "has threat protection switched off",
        evidence=(("UserPoolAddOns.AdvancedSecurityMode", "OFF"), ("UserPoolTier", "ESSENTIALS")),
    ),
    fails(
        threat_protection_is_not_enforced,
        "never set",
        user_pool(threat_protection=None),
        "has threat protection switched off",
    ),
    fails(
        threat_protection_is_not_enforced,
        "in audit mode for long",
        user_pool(threat_protection="AUDIT", estimated_users=9, modified_at=NOW - timedelta(days=15)),
        "has threat protection in AUDIT mode, short of ENFORCED",
        grade=(Severity.MEDIUM, ""),
    ),
    fails(
        threat_protection_is_not_enforced,
        "in audit mode perhaps for two weeks",
        user_pool(threat_protection="AUDIT", modified_at=NOW - timedelta(days=14)),
        "has threat protection in AUDIT mode, short of ENFORCED",
        grade=(
            Severity.LOW,
            "lowered because the user pool was changed within 14 days, so audit mode may have begun then",
        ),
    ),
    fails(
        threat_protection_is_not_enforced,
        "in audit mode since nobody knows when",
        user_pool(threat_protection="AUDIT", estimated_users=9, modified_at=None),
        "has threat protection in AUDIT mode, short of ENFORCED",
        grade=(Severity.MEDIUM, ""),
    ),
    passes(threat_protection_is_not_enforced, "enforced", user_pool()),
    is_no_matter(
        threat_protection_is_not_enforced,
        "federated only",
        user_pool(threat_protection="OFF", clients=(FEDERATED,)),
    ),
    is_unknown(
        threat_protection_is_not_enforced,
        "clients unread",
        user_pool(threat_protection="OFF", clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        custom_auth_is_unprotected,
        "never set",
        custom_auth(custom_auth_threat_protection=None),
        "has custom authentication with CustomAuthMode not set",
        evidence=(
            ("UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode", None),
            ("LambdaConfig", ("DefineAuthChallenge",)),
        ),
    ),
    fails(
        custom_auth_is_unprotected,
        "audit only through an old client",
        custom_auth(custom_auth_threat_protection="AUDIT", clients=(OLD_CUSTOM_AUTH,)),
        "has custom authentication with CustomAuthMode AUDIT",
    ),
    passes(custom_auth_is_unprotected, "enforced", custom_auth()),
    is_no_matter(
        custom_auth_is_unprotected,
        "no triggers",
        custom_auth(custom_auth_threat_protection=None, triggers=(), clients=NO_CLIENT_LIST),
    ),
    is_no_matter(
        custom_auth_is_unprotected,
        "no client allows it",
        custom_auth(custom_auth_threat_protection=None, clients=(make_app_client(), make_machine_client())),
    ),
    is_unknown(
        custom_auth_is_unprotected,
        "clients unread",
        custom_auth(custom_auth_threat_protection=None, clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        compromised_passwords_are_accepted,
        "no action",
        user_pool(risk=make_risk_configuration(compromised_credentials_action="NO_ACTION")),
        "answers leaked passwords with NO_ACTION",
        evidence=(("CompromisedCredentialsRiskConfiguration.Actions.EventAction", "NO_ACTION"),),
    ),
    fails(
        compromised_passwords_are_accepted,
        "never set",
        user_pool(risk=make_risk_configuration(compromised_credentials_action=None)),
        "answers leaked passwords with no action that was ever set",
    ),
    passes(compromised_passwords_are_accepted, "blocked", user_pool()),
    passes(
        compromised_passwords_are_accepted,
        "an empty filter means all events",
        user_pool(risk=make_risk_configuration(compromised_credentials_events=frozenset())),
    ),
    is_no_matter(
        compromised_passwords_are_accepted,
        "threat protection off",
        user_pool(threat_protection="OFF", risk=NO_RISK),
    ),
    is_no_matter(
        compromised_passwords_are_accepted,
        "no passwords",
        user_pool(first_factors=frozenset({"WEB_AUTHN"}), risk=NO_RISK),
    ),
    is_no_matter(
        compromised_passwords_are_accepted, "federated only", user_pool(clients=(FEDERATED,), risk=NO_RISK)
    ),
    is_unknown(compromised_passwords_are_accepted, "risk unread", user_pool(risk=NO_RISK), NO_RISK),
    fails(
        high_risk_sign_in_passes,
        "no action",
        user_pool(risk=make_risk_configuration(high_risk=action("NO_ACTION"))),
        "answers high risk with NO_ACTION",
        evidence=(("AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction", "NO_ACTION"),),
    ),
    fails(
        high_risk_sign_in_passes,
        "never set",
        user_pool(risk=make_risk_configuration(high_risk=None)),
        "answers high risk with no action that was ever set",
    ),
    passes(high_risk_sign_in_passes, "blocked", user_pool()),
    passes(
        high_risk_sign_in_passes,
        "MFA where users have it, which another rule judges",
        user_pool(risk=make_risk_configuration(high_risk=action("MFA_IF_CONFIGURED"))),
    ),
    passes(
        high_risk_sign_in_passes,
        "MFA demanded, low and medium risk pass",
        user_pool(
            risk=make_risk_configuration(low_risk=None, medium_risk=None, high_risk=action("MFA_REQUIRED"))
        ),
    ),
    is_no_matter(high_risk_sign_in_passes, "audit only", user_pool(threat_protection="AUDIT", risk=NO_RISK)),
    is_no_matter(high_risk_sign_in_passes, "federated only", user_pool(clients=(FEDERATED,), risk=NO_RISK)),
    is_unknown(high_risk_sign_in_passes, "risk unread", user_pool(risk=NO_RISK), NO_RISK),
    fails(
        adaptive_mfa_cannot_work,
        "MFA off at two levels",
        user_pool(
            mfa=MFA_OFF,
            risk=make_risk_configuration(
                low_risk=action("MFA_IF_CONFIGURED"), medium_risk=None, high_risk=action("MFA_REQUIRED")
            ),
        ),
        "has MFA_IF_CONFIGURED as its LowAction, yet MfaConfiguration OFF",
        "has MFA_REQUIRED as its HighAction, yet MfaConfiguration OFF",
        evidence=(
            ("AccountTakeoverRiskConfiguration.Actions.LowAction.EventAction", "MFA_IF_CONFIGURED"),
            ("MfaConfiguration", "OFF"),
            ("AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction", "MFA_REQUIRED"),
        ),
    ),
    fails(
        adaptive_mfa_cannot_work,
        "high risk passes without a factor",
        user_pool(mfa=MFA_OPTIONAL, risk=make_risk_configuration(high_risk=action("MFA_IF_CONFIGURED"))),
        "has MFA_IF_CONFIGURED as its HighAction, which lets users without a factor in",
    ),
    passes(
        adaptive_mfa_cannot_work,
        "everybody has a factor",
        user_pool(risk=make_risk_configuration(high_risk=action("MFA_IF_CONFIGURED"))),
    ),
    passes(
        adaptive_mfa_cannot_work,
        "low risk may pass without a factor",
        user_pool(mfa=MFA_OPTIONAL, risk=make_risk_configuration(low_risk=action("MFA_IF_CONFIGURED"))),
    ),
    passes(
        adaptive_mfa_cannot_work,
        "no level asks for MFA",
        user_pool(mfa=NO_MFA, risk=make_risk_configuration(medium_risk=None)),
    ),
    is_no_matter(
        adaptive_mfa_cannot_work, "threat protection off", user_pool(threat_protection=None, mfa=MFA_OFF)
    ),
    is_no_matter(adaptive_mfa_cannot_work, "federated only", user_pool(clients=(FEDERATED,), mfa=MFA_OFF)),
    is_unknown(adaptive_mfa_cannot_work, "risk unread", user_pool(risk=NO_RISK), NO_RISK),
    is_unknown(adaptive_mfa_cannot_work, "MFA unread", user_pool(mfa=NO_MFA), NO_MFA),
    fails(
        plus_is_paid_without_protection,
        "off",
        user_pool(
            threat_protection=None, custom_auth_threat_protection=None, more={FacetName.LOG_DELIVERY: ()}
        ),
        "is on the Plus plan with threat protection switched off",
        evidence=(
            ("UserPoolTier", "PLUS"),
            ("UserPoolAddOns.AdvancedSecurityMode", None),
            ("LogConfigurations.EventSource", ()),
        ),
    ),
    passes(
        plus_is_paid_without_protection,
        "user activity is exported, which Plus alone allows",
        user_pool(threat_protection="OFF", custom_auth_threat_protection=None),
    ),
    is_unknown(
        plus_is_paid_without_protection,
        "exports unread",
        user_pool(
            threat_protection="OFF",
            custom_auth_threat_protection=None,
            more={FacetName.LOG_DELIVERY: NO_LOG_DELIVERY},
        ),
        NO_LOG_DELIVERY,
    ),
    passes(plus_is_paid_without_protection, "audit only", user_pool(threat_protection="AUDIT")),
    passes(
        plus_is_paid_without_protection,
        "custom authentication alone is protected",
        user_pool(threat_protection="OFF", custom_auth_threat_protection="AUDIT"),
    ),
    is_no_matter(
        plus_is_paid_without_protection, "Essentials", user_pool(tier="ESSENTIALS", threat_protection="OFF")
    ),
    is_no_matter(
        plus_is_paid_without_protection,
        "old user pool without a plan",
        user_pool(tier=None, threat_protection=None),
    ),
    fails(
        risk_engine_skips_wide_ranges,
        "wide ranges of both kinds and one that is none",
        user_pool(
            risk=make_risk_configuration(
                skipped_ip_ranges=(
                    "0.0.0.0/0",
                    "198.51.100.7",
                    "2001:db8::/31",
                    "10.0.0.0/99",
                    "192.0.2.1/15",
                )
            )
        ),
        "skips 0.0.0.0/0, a range wider than /16",
        "skips 2001:db8::/31, a range wider than /32",
        "skips '10.0.0.0/99', which is no IP range",
        "skips 192.0.2.1/15, a range wider than /16",
        evidence=(
            ("RiskExceptionConfiguration.SkippedIPRangeList", "0.0.0.0/0"),
            ("RiskExceptionConfiguration.SkippedIPRangeList", "2001:db8::/31"),
            ("RiskExceptionConfiguration.SkippedIPRangeList", "10.0.0.0/99"),
            ("RiskExceptionConfiguration.SkippedIPRangeList", "192.0.2.1/15"),
        ),
    ),
    fails(
        risk_engine_skips_wide_ranges,
        "the addresses of a company's own network",
        user_pool(risk=make_risk_configuration(skipped_ip_ranges=("10.0.0.0/8",))),
        "skips 10.0.0.0/8, a range wider than /16",
        grade=(
            Severity.LOW,
            "lowered because the range is a private one, from which no sign-in over the internet comes",
        ),
    ),
    fails(
        risk_engine_skips_wide_ranges,
        "a private range and the public addresses beside it",
        user_pool(risk=make_risk_configuration(skipped_ip_ranges=("10.0.0.0/7",))),
        "skips 10.0.0.0/7, a range wider than /16",
        grade=(Severity.HIGH, ""),
    ),
    passes(
        risk_engine_skips_wide_ranges,
        "exactly at the limits",
        user_pool(risk=make_risk_configuration(skipped_ip_ranges=("198.51.0.0/16", "2001:db8::/32"))),
    ),
    is_no_matter(
        risk_engine_skips_wide_ranges,
        "threat protection off",
        user_pool(threat_protection="OFF", risk=NO_RISK),
    ),
    is_unknown(risk_engine_skips_wide_ranges, "risk unread", user_pool(risk=NO_RISK), NO_RISK),
    fails(
        app_client_weakens_protection,
        "weaker in everything",
        own_risk(
            make_risk_configuration(
                compromised_credentials_action="NO_ACTION",
                medium_risk=action("MFA_IF_CONFIGURED"),
                high_risk=action("NO_ACTION"),
                skipped_ip_ranges=("0.0.0.0/0", "203.0.113.7/32", "junk"),
            )
        ),
        "answers leaked passwords with NO_ACTION, where the user pool has BLOCK",
        "has MFA_IF_CONFIGURED as its MediumAction, where the user pool has MFA_REQUIRED",
        "has NO_ACTION as its HighAction, where the user pool has BLOCK",
        "skips 0.0.0.0/0, a range wider than /16",
        "skips 'junk', which is no IP range",
        evidence=(
            ("CompromisedCredentialsRiskConfiguration.Actions.EventAction", "NO_ACTION"),
            ("UserPool.CompromisedCredentialsRiskConfiguration.Actions.EventAction", "BLOCK"),
            ("AccountTakeoverRiskConfiguration.Actions.MediumAction.EventAction", "MFA_IF_CONFIGURED"),
            ("UserPool.AccountTakeoverRiskConfiguration.Actions.MediumAction.EventAction", "MFA_REQUIRED"),
            ("AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction", "NO_ACTION"),
            ("UserPool.AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction", "BLOCK"),
            ("RiskExceptionConfiguration.SkippedIPRangeList", "0.0.0.0/0"),
            ("RiskExceptionConfiguration.SkippedIPRangeList", "junk"),
        ),
    ),
    fails(
        app_client_weakens_protection,
        "fewer events watched than all",
        own_risk(
            make_risk_configuration(compromised_credentials_events=frozenset({"SIGN_IN"})),
            risk=make_risk_configuration(compromised_credentials_events=frozenset()),
        ),
        "lets leaked passwords through at PASSWORD_CHANGE and SIGN_UP, which the user pool watches",
        evidence=(
            ("CompromisedCredentialsRiskConfiguration.EventFilter", ("SIGN_IN",)),
            ("UserPool.CompromisedCredentialsRiskConfiguration.EventFilter", ()),
        ),
    ),
    passes(app_client_weakens_protection, "inherits", own_risk(None, risk=NO_RISK)),
    passes(app_client_weakens_protection, "the same", own_risk(make_risk_configuration())),
    passes(
        app_client_weakens_protection,
        "stricter, and every event by default",
        own_risk(
            make_risk_configuration(compromised_credentials_events=frozenset(), low_risk=action("BLOCK"))
        ),
    ),
    passes(
        app_client_weakens_protection,
        "parts left out",
        own_risk(
            make_risk_configuration(
                compromised_credentials_action=None,
                compromised_credentials_events=frozenset(),
                low_risk=None,
                medium_risk=None,
                high_risk=None,
                skipped_ip_ranges=(),
            )
        ),
    ),
    passes(
        app_client_weakens_protection,
        "actions that nobody knows",
        own_risk(make_risk_configuration(compromised_credentials_action="ASK", high_risk=action("ASK"))),
    ),
    passes(
        app_client_weakens_protection,
        "user pool as weak",
        own_risk(
            make_risk_configuration(
                compromised_credentials_action="NO_ACTION", high_risk=action("NO_ACTION")
            ),
            risk=make_risk_configuration(
                compromised_credentials_action="NO_ACTION", high_risk=action("NO_ACTION")
            ),
        ),
    ),
    passes(
        app_client_weakens_protection,
        "wide range within the user pool's",
        own_risk(
            make_risk_configuration(skipped_ip_ranges=("10.0.0.0/10", "2001:db8::/31")),
            risk=make_risk_configuration(skipped_ip_ranges=("junk", "10.0.0.0/8", "2001:d00::/24")),
        ),
    ),
    is_no_matter(
        app_client_weakens_protection,
        "audit mode",
        own_risk(make_risk_configuration(high_risk=action("NO_ACTION")), mode="AUDIT"),
    ),
    is_no_matter(
        app_client_weakens_protection,
        "federated users",
        own_risk(
            make_risk_configuration(high_risk=action("NO_ACTION")), identity_providers=frozenset({"Okta"})
        ),
    ),
    is_unknown(app_client_weakens_protection, "own unread", own_risk(NO_OWN_RISK), NO_OWN_RISK),
    is_unknown(
        app_client_weakens_protection,
        "user pool's unread",
        own_risk(make_risk_configuration(), risk=NO_RISK),
        NO_RISK,
    ),
    is_unknown(
        app_client_weakens_protection,
        "user pool unread",
        own_risk(make_risk_configuration(high_risk=action("NO_ACTION")), settings=NO_USER_POOL),
        NO_USER_POOL,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_threat_protection_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_a_weaker_app_client_is_told_as_a_chain() -> None:
    own = make_risk_configuration(compromised_credentials_action="NO_ACTION", high_risk=action("NO_ACTION"))
    assert judge(app_client_weakens_protection, own_risk(own)).paths == (
        (
            "user pool's BLOCK of leaked passwords",
            "app client's own NO_ACTION",
            "sign-in with a leaked password",
        ),
        (
            "user pool's HighAction BLOCK",
            "app client's own HighAction NO_ACTION",
            "sign-in that the user pool would stop",
        ),
    )
