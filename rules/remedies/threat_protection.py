"""Remedies of the rules on threat protection."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.user_pool import UserPool
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy
from rules.remedies.authentication import require_mfa

ADD_ONS = "UserPoolAddOns"
COMPROMISED_CREDENTIALS = "CompromisedCredentialsRiskConfiguration"
ACCOUNT_TAKEOVER = "AccountTakeoverRiskConfiguration"


def _enforce(pool: UserPool, ctx: Context) -> Iterator[Change]:
    """Enforce threat protection, and let it act; nothing below the Plus plan, where AWS refuses it."""
    if pool.tier == "PLUS":
        yield Change(Operation.UPDATE_USER_POOL, (ADD_ONS, "AdvancedSecurityMode"), "ENFORCED")
        if ctx.pool.risk.value.compromised_credentials_action != "BLOCK":
            yield from _block_leaked_passwords(pool, ctx)
        if not ctx.pool.risk.value.stops_high_risk:
            yield from _block_high_risk(pool, ctx)


def _enforce_for_custom_auth(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    if pool.tier != "PLUS":
        return
    if pool.threat_protection is None:
        # AWS asks for the mode of standard sign-in as well; absent means off.
        yield Change(Operation.UPDATE_USER_POOL, (ADD_ONS, "AdvancedSecurityMode"), "OFF")
    path = (ADD_ONS, "AdvancedSecurityAdditionalFlows", "CustomAuthMode")
    yield Change(Operation.UPDATE_USER_POOL, path, "ENFORCED")


def _block_leaked_passwords(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    if pool.tier == "PLUS":
        path = (COMPROMISED_CREDENTIALS, "Actions", "EventAction")
        yield Change(Operation.SET_RISK_CONFIGURATION, path, "BLOCK")


def _block_high_risk(pool: UserPool, ctx: Context) -> Iterator[Change]:
    if pool.tier != "PLUS":
        return
    path = (ACCOUNT_TAKEOVER, "Actions", "HighAction")
    yield Change(Operation.SET_RISK_CONFIGURATION, (*path, "EventAction"), "BLOCK")
    level = ctx.pool.risk.value.high_risk
    if level is None or level.notifies_user is None:
        # AWS asks for both; to notify users takes a sender, which only the owner can name.
        yield Change(Operation.SET_RISK_CONFIGURATION, (*path, "Notify"), value=False)


def _inherit_from_user_pool(_client: AppClient, ctx: Context) -> Iterator[Change]:
    """Take the app client's own configuration away, part by part, so that its user pool's holds again."""
    if ctx.pool.settings.value.tier == "PLUS":
        for part in (COMPROMISED_CREDENTIALS, ACCOUNT_TAKEOVER, "RiskExceptionConfiguration"):
            yield Change(Operation.SET_RISK_CONFIGURATION, (part,), None)


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="THR001",
        change="Enforce threat protection",
        impact="AWS judges every sign-in with a password and refuses leaked passwords and likely takeovers.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Change UserPoolTier to PLUS first where the plan is lower; it costs more for every active user.",
            "Set AdvancedSecurityMode to AUDIT for two weeks, and export userAuthEvents.",
            "Read what it would have stopped, and list the addresses of your own proxies as exceptions.",
            "Set ENFORCED, with BLOCK for leaked passwords and for high risk.",
        ),
        breaks=(
            "Users whose sign-in looks risky are refused, and those with a leaked password must reset it. A "
            "server that signs users in without ContextData makes all of them look alike."
        ),
        changes=_enforce,
    ),
    Remedy(
        code="THR002",
        change="Enforce threat protection for custom authentication",
        impact="AWS judges sign-ins through the Lambda triggers as well and refuses those of high risk.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Change UserPoolTier to PLUS first where the plan is lower; it costs more for every active user.",
            "Set CustomAuthMode to AUDIT for two weeks and read what it would have stopped.",
            "Set CustomAuthMode to ENFORCED.",
        ),
        breaks="Users whose sign-in looks risky are refused.",
        changes=_enforce_for_custom_auth,
    ),
    Remedy(
        code="THR003",
        change="Block leaked passwords",
        impact="Users with a password that is known to be leaked must reset it before they get in.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Read the metric CompromisedCredentialsRisk to see how many sign-ins it would stop.",
            "See that they can reset their password by themselves, and prepare support for it.",
            "Set the action to BLOCK.",
        ),
        breaks="Users who cannot reset their password by themselves need an administrator to get in again.",
        changes=_block_leaked_passwords,
    ),
    Remedy(
        code="THR004",
        change="Block sign-in of high risk",
        impact="Sign-ins that AWS takes for a takeover are refused.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Read how many real users were of high risk in the last weeks.",
            "Choose MFA_REQUIRED in place of BLOCK where every user has a second factor.",
            "Set the action for high risk, and leave low risk alone.",
        ),
        breaks="Real users who travel or sit behind a proxy are refused where AWS is wrong about them.",
        changes=_block_high_risk,
    ),
    Remedy(
        code="THR005",
        change="Require MFA",
        impact="Every user has a second factor that threat protection can ask for.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Set MfaConfiguration to OPTIONAL with TOTP on, and let the application offer it.",
            "Tell users until when they need a factor, and watch how many have one.",
            "Set MfaConfiguration to ON, or keep OPTIONAL and answer high risk with MFA_REQUIRED or BLOCK.",
        ),
        breaks=(
            "Users without a factor cannot sign in until they set one up, and an application with its own "
            "forms must answer MFA_SETUP and the factor's challenge."
        ),
        removes="sign-in without a second factor",
        changes=require_mfa,
    ),
    Remedy(
        code="THR006",
        change="Use threat protection, or leave the Plus plan",
        impact="Either threat protection begins to watch sign-ins, or the user pool costs less.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask who chose the Plus plan, and for which feature.",
            "Where it is threat protection, set AdvancedSecurityMode to AUDIT, later ENFORCED.",
            "Else export nothing that needs Plus, and set UserPoolTier to ESSENTIALS.",
        ),
        breaks="On a lower plan, the export of user activity and the risk settings are gone.",
        removes="the features of the Plus plan, where it is left",
    ),
    Remedy(
        code="THR007",
        change="Narrow the addresses that threat protection skips",
        impact="Sign-ins from the addresses taken out are judged like all others.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Find the addresses that your offices, proxies and tests really come from.",
            "Put them into SkippedIPRangeList in place of the wide range.",
            "Watch the sign-ins that are blocked for a week.",
        ),
        breaks="Users, or a server that signs in for all of them, can be refused from an address left out.",
        removes="the exception for the wide range",
    ),
    Remedy(
        code="THR008",
        change="Let the app client inherit its user pool's risk configuration",
        impact="Sign-ins through the app client are judged as strictly as all others of the user pool.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask why the app client has settings of its own, and write them down.",
            "Read how many of its sign-ins the user pool's settings would have stopped.",
            "Call SetRiskConfiguration with UserPoolId and ClientId alone.",
        ),
        breaks="Tests and automation that sign in through the app client can be refused.",
        removes="the app client's own risk configuration",
        changes=_inherit_from_user_pool,
    ),
)
