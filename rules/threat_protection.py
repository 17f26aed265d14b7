"""Threat protection: whether a user pool watches for takeovers, and whether it acts on what it sees."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import RiskConfiguration, UserPool
from rules.conditions import has_own_users, takes_passwords
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import DOCS

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

CLIENTS = (FacetName.APP_CLIENTS, FacetName.APP_CLIENT)
MFA_ACTIONS = frozenset({"MFA_IF_CONFIGURED", "MFA_REQUIRED"})
# The weakest first.
TAKEOVER_ACTIONS = ("NO_ACTION", "MFA_IF_CONFIGURED", "MFA_REQUIRED", "BLOCK")
# What AWS watches for compromised credentials where no event is named.
PASSWORD_EVENTS = frozenset({"SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"})
# RFC 1918 and RFC 4193: no sign-in over the internet comes from there.
PRIVATE_RANGES = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)


def acts_on_risk(pool: UserPool, ctx: Context) -> bool:
    """Whether threat protection may act on the sign-in of the user pool's own users."""
    return pool.threat_protection == "ENFORCED" and has_own_users(pool, ctx)


def acts_on_passwords(pool: UserPool, ctx: Context) -> bool:
    """Whether threat protection may act on the passwords of the user pool's own users."""
    return pool.threat_protection == "ENFORCED" and takes_passwords(pool, ctx)


def runs_custom_auth(pool: UserPool, ctx: Context) -> bool:
    """Whether users can sign in through Lambda triggers: the pool has them, an app client allows it."""
    return pool.runs_custom_auth and ctx.pool.has_app_client(lambda client: client.allows_custom_auth)


def is_on_plus(pool: UserPool, _ctx: Context) -> bool:
    """Whether the user pool is billed by the Plus plan."""
    return pool.tier == "PLUS"


def watches_risk(pool: UserPool, _ctx: Context) -> bool:
    """Whether threat protection is on at all."""
    return not pool.is_threat_protection_off


def is_protected(client: AppClient, ctx: Context) -> bool:
    """Whether threat protection may act on those who sign in through the app client."""
    return client.signs_in_locally and ctx.pool.settings.value.threat_protection == "ENFORCED"


@rule(
    "THR001",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "cognito-user-pool-settings-threat-protection.html",
    applies=has_own_users,
    reads=CLIENTS,
    params={"audit_days": 14},
    plan_needed="PLUS",
    mappings={
        "security_hub": ("Cognito.1",),
        "aws_config": ("cognito-user-pool-advanced-security-enabled",),
    },
    peers={
        "prowler": ("cognito_user_pool_advanced_security_enabled",),
        "service_screener": ("cognitoAdvancedSecurityNotEnforced", "cognitoThreatProtectionAuditOnly"),
        "stave": ("CTL.COGNITO.ADVANCED.SECURITY", "CTL.COGNITO.ADVANCED.SECURITY.AUDITONLY"),
        "mondoo": ("mondoo-aws-security-cognito-user-pool-advanced-security-enforced",),
    },
)
def threat_protection_is_not_enforced(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Threat protection does not act.

    Why: only full-function threat protection refuses leaked passwords and stops sign-ins that look like a
    takeover; in audit mode it writes them down and lets them pass.
    Fix: set UserPoolAddOns.AdvancedSecurityMode to AUDIT for about two weeks, read what it would have
    stopped, then set ENFORCED, by read, merge, write: UpdateUserPool resets every field left out. It needs
    UserPoolTier PLUS, which costs more for every monthly active user, and can refuse real users.
    Unsure when: audit mode began less than two weeks ago: AWS only tells when anything was last changed.
    """
    mode = pool.threat_protection
    evidence = (("UserPoolAddOns.AdvancedSecurityMode", mode), ("UserPoolTier", pool.tier))
    if pool.is_threat_protection_off:
        yield Problem("has threat protection switched off", evidence)
    elif mode != "ENFORCED":
        days = ctx.parameters["audit_days"]
        message = f"has threat protection in {mode} mode, short of ENFORCED"
        if (
            mode == "AUDIT"
            and pool.modified_at is not None
            and (ctx.today - pool.modified_at.date()).days <= days
        ):
            because = f"the user pool was changed within {days} days, so audit mode may have begun then"
            yield Problem(
                message, (*evidence, ("LastModifiedDate", str(pool.modified_at))), Severity.LOW, because
            )
        else:
            yield Problem(message, evidence)


@rule(
    "THR002",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "cognito-user-pool-settings-threat-protection.html",
    applies=runs_custom_auth,
    reads=CLIENTS,
    plan_needed="PLUS",
    mappings={
        "security_hub": ("Cognito.4",),
        "aws_config": ("cognito-userpool-cust-auth-threat-full-check",),
    },
    peers={"service_screener": ("cognitoCustomAuthThreatProtectionDisabled",)},
)
def custom_auth_is_unprotected(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Threat protection does not act on custom authentication.

    Why: sign-ins through Lambda triggers have a mode of their own; without it they pass unjudged, however
    strictly the standard flows are watched.
    Fix: set UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode to ENFORCED, by read, merge,
    write: UpdateUserPool resets every field left out. It needs UserPoolTier PLUS and can refuse real users:
    run AUDIT first.
    """
    mode = pool.custom_auth_threat_protection
    if mode != "ENFORCED":
        yield Problem(
            f"has custom authentication with CustomAuthMode {mode or 'not set'}",
            evidence=(
                ("UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode", mode),
                ("LambdaConfig", tuple(sorted(pool.custom_auth_stages))),
            ),
        )


@rule(
    "THR003",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "cognito-user-pool-settings-compromised-credentials.html",
    applies=acts_on_passwords,
    reads=(FacetName.RISK_CONFIGURATION, *CLIENTS),
    plan_needed="PLUS",
    peers={
        "prowler": ("cognito_user_pool_blocks_compromised_credentials_sign_in_attempts",),
        "service_screener": ("cognitoCompromisedCredentialProtection",),
        "stave": ("CTL.COGNITO.COMPROMISED.CREDS",),
    },
)
def compromised_passwords_are_accepted(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Passwords known to be leaked still sign users in.

    Why: AWS knows the password from a breach elsewhere, and so do those who try it here.
    Fix: set CompromisedCredentialsRiskConfiguration.Actions.EventAction to BLOCK with SetRiskConfiguration,
    sending the account-takeover and exception settings along: the call resets what is left out. Users with
    such a password must reset it before they get in.
    """
    action = ctx.pool.risk.value.compromised_credentials_action
    if action != "BLOCK":
        yield Problem(
            f"answers leaked passwords with {action or 'no action that was ever set'}",
            evidence=(("CompromisedCredentialsRiskConfiguration.Actions.EventAction", action),),
        )


@rule(
    "THR004",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "cognito-user-pool-settings-adaptive-authentication.html",
    applies=acts_on_risk,
    reads=(FacetName.RISK_CONFIGURATION, *CLIENTS),
    plan_needed="PLUS",
    peers={
        "prowler": ("cognito_user_pool_blocks_potential_malicious_sign_in_attempts",),
        "service_screener": ("cognitoAccountTakeoverProtectionWeak",),
        "stave": ("CTL.COGNITO.ADAPTIVE.AUTH",),
    },
)
def high_risk_sign_in_passes(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A sign-in of high risk is let in like any other.

    Why: threat protection has judged the sign-in a likely takeover, and nothing follows.
    Fix: set AccountTakeoverRiskConfiguration.Actions.HighAction to BLOCK, or to MFA_REQUIRED where every
    user can have a second factor, with SetRiskConfiguration, sending the other settings along: the call
    resets what is left out. BLOCK at low or medium risk locks real users out.
    """
    risk = ctx.pool.risk.value
    # MFA_IF_CONFIGURED is as good as the users' factors, which another rule looks at.
    if not risk.stops_high_risk and risk.high_risk_action != "MFA_IF_CONFIGURED":
        yield Problem(
            f"answers high risk with {risk.high_risk_action or 'no action that was ever set'}",
            evidence=(
                ("AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction", risk.high_risk_action),
            ),
        )


@rule(
    "THR005",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "cognito-user-pool-settings-adaptive-authentication.html",
    applies=acts_on_risk,
    reads=(FacetName.RISK_CONFIGURATION, FacetName.MFA_CONFIGURATION, *CLIENTS),
    plan_needed="PLUS",
)
def adaptive_mfa_cannot_work(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Threat protection asks for a second factor that users do not have.

    Why: with MfaConfiguration OFF nobody has a second factor, and MFA_IF_CONFIGURED lets those without one
    in: the settings look like protection and are none. MFA_REQUIRED without factors refuses everybody it
    asks.
    Fix: set MfaConfiguration to OPTIONAL or ON with SetUserPoolMfaConfig, let users set up a factor, and
    answer high risk with MFA_REQUIRED or BLOCK by SetRiskConfiguration, sending the other settings along:
    the call resets what is left out. Users who have set up no factor are refused then.
    """
    for level, action in ctx.pool.risk.value.takeover_actions:
        if action not in MFA_ACTIONS:
            continue
        mode = ctx.pool.mfa.value.mode
        evidence = (
            (f"AccountTakeoverRiskConfiguration.Actions.{level}.EventAction", action),
            ("MfaConfiguration", mode),
        )
        if mode == "OFF":
            yield Problem(f"has {action} as its {level}, yet MfaConfiguration OFF", evidence)
        elif mode != "ON" and level == "HighAction" and action == "MFA_IF_CONFIGURED":
            yield Problem(f"has {action} as its {level}, which lets users without a factor in", evidence)


@rule(
    "THR006",
    Severity.MEDIUM,
    url=DOCS + "cognito-sign-in-feature-plans.html",
    applies=is_on_plus,
    reads=(FacetName.LOG_DELIVERY,),
)
def plus_is_paid_without_protection(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """The Plus plan is paid and not used.

    Why: threat protection and the export of user activity are what Plus adds to Essentials; without either,
    every active user costs more for nothing.
    Fix: set UserPoolAddOns.AdvancedSecurityMode to AUDIT or ENFORCED, or UserPoolTier to ESSENTIALS, by
    read, merge, write: UpdateUserPool resets every field left out.
    Unsure when: threat protection is about to be switched on.
    """
    if not pool.is_threat_protection_off or pool.custom_auth_threat_protection:
        return
    exported = tuple(each.event_source for each in ctx.pool.log_delivery.value)
    if "userAuthEvents" not in exported:
        yield Problem(
            "is on the Plus plan with threat protection switched off",
            evidence=(
                ("UserPoolTier", pool.tier),
                ("UserPoolAddOns.AdvancedSecurityMode", pool.threat_protection),
                ("LogConfigurations.EventSource", exported),
            ),
        )


@rule(
    "THR007",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "cognito-user-pool-settings-threat-protection.html",
    applies=watches_risk,
    reads=(FacetName.RISK_CONFIGURATION,),
    params={"ipv4_prefix": 16, "ipv6_prefix": 32},
    plan_needed="PLUS",
)
def risk_engine_skips_wide_ranges(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Threat protection does not look at sign-ins from a large part of the internet.

    Why: sign-ins from a range in SkippedIPRangeList are never judged; a wide range covers attackers too.
    Fix: list only the addresses that an office or a proxy really uses in
    RiskExceptionConfiguration.SkippedIPRangeList with SetRiskConfiguration, sending the other settings
    along: the call resets what is left out. Sign-ins from the ranges taken out are judged from then on.
    Unsure when: the organisation owns the whole range.
    """
    yield from _wide_ranges(ctx.pool.risk.value.skipped_ip_ranges, ctx.parameters)


@rule(
    "THR008",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "cognito-user-pool-settings-threat-protection.html",
    applies=is_protected,
    reads=(FacetName.CLIENT_RISK, FacetName.RISK_CONFIGURATION, FacetName.USER_POOL),
    params={"ipv4_prefix": 16, "ipv6_prefix": 32},
    plan_needed="PLUS",
)
def app_client_weakens_protection(_client: AppClient, ctx: Context) -> Iterator[Problem]:
    """An app client's own risk configuration lets more pass than its user pool's.

    Why: an app client's configuration takes the place of the user pool's, so attackers choose the app client
    that stops them least, and the user pool's settings look stricter than they are.
    Fix: let the app client inherit again with SetRiskConfiguration, sending UserPoolId and ClientId alone;
    or raise what is weaker, sending the other settings along: the call resets what is left out. Sign-ins
    that passed before may be refused then.
    Unsure when: the app client serves only tests, or automation from a fixed range of addresses.
    """
    own = ctx.client.risk.value
    if own is None:
        return
    whole = ctx.pool.risk.value
    yield from _weaker_on_leaked_passwords(own, whole)
    # A part that the app client's own configuration leaves out is not judged: AWS does not say what holds.
    stricter = dict(whole.takeover_actions)
    for level, action in own.takeover_actions:
        if _is_weaker(action, stricter.get(level)):
            path = f"AccountTakeoverRiskConfiguration.Actions.{level}.EventAction"
            yield Problem(
                f"has {action} as its {level}, where the user pool has {stricter[level]}",
                evidence=((path, action), (f"UserPool.{path}", stricter[level])),
                path=(
                    f"user pool's {level} {stricter[level]}",
                    f"app client's own {level} {action}",
                    "sign-in that the user pool would stop",
                ),
            )
    skipped = [text for text in own.skipped_ip_ranges if not _lies_within(text, whole.skipped_ip_ranges)]
    yield from _wide_ranges(skipped, ctx.parameters)


def _weaker_on_leaked_passwords(own: RiskConfiguration, whole: RiskConfiguration) -> Iterator[Problem]:
    action = own.compromised_credentials_action
    if whole.compromised_credentials_action != "BLOCK" or action is None:
        return
    path = "CompromisedCredentialsRiskConfiguration"
    if action == "NO_ACTION":
        yield Problem(
            "answers leaked passwords with NO_ACTION, where the user pool has BLOCK",
            evidence=(
                (f"{path}.Actions.EventAction", action),
                (f"UserPool.{path}.Actions.EventAction", whole.compromised_credentials_action),
            ),
            path=(
                "user pool's BLOCK of leaked passwords",
                "app client's own NO_ACTION",
                "sign-in with a leaked password",
            ),
        )
        return
    events = own.compromised_credentials_events or PASSWORD_EVENTS
    if missing := (whole.compromised_credentials_events or PASSWORD_EVENTS) - events:
        yield Problem(
            f"lets leaked passwords through at {' and '.join(sorted(missing))}, which the user pool watches",
            evidence=(
                (f"{path}.EventFilter", tuple(sorted(events))),
                (f"UserPool.{path}.EventFilter", tuple(sorted(whole.compromised_credentials_events))),
            ),
        )


def _is_weaker(action: str, than: str | None) -> bool:
    known = action in TAKEOVER_ACTIONS and than in TAKEOVER_ACTIONS
    return known and TAKEOVER_ACTIONS.index(action) < TAKEOVER_ACTIONS.index(than or "")


def _wide_ranges(ranges: Iterable[str], parameters: Mapping[str, int]) -> Iterator[Problem]:
    for text in ranges:
        evidence = (("RiskExceptionConfiguration.SkippedIPRangeList", text),)
        network = _network(text)
        if network is None:
            yield Problem(f"skips {text!r}, which is no IP range", evidence)
            continue
        widest = parameters[f"ipv{network.version}_prefix"]
        if network.prefixlen < widest:
            is_private = any(_holds(private, network) for private in PRIVATE_RANGES)
            yield Problem(
                f"skips {text}, a range wider than /{widest}",
                evidence,
                Severity.LOW if is_private else None,
                "the range is a private one, from which no sign-in over the internet comes"
                if is_private
                else "",
            )


def _lies_within(text: str, ranges: Iterable[str]) -> bool:
    inner = _network(text)
    return inner is not None and any(
        _holds(outer, inner) for outer in map(_network, ranges) if outer is not None
    )


def _holds(outer: _Network, inner: _Network) -> bool:
    return (
        inner.version == outer.version and inner.network_address in outer and inner.broadcast_address in outer
    )


def _network(text: str) -> _Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
