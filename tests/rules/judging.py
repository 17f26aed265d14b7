"""Tables of cases: one line says the situation, the rule, what was read, and what the rule must say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from records.app_client import AppClient
from records.evaluation import Evaluation, Evidence, Outcome, Severity
from records.facet import FacetName, Gap
from records.federation import IdentityProvider
from records.identity_pool import IdentityPoolRoles
from records.snapshot import Snapshot
from records.user_pool import MfaConfiguration, RiskConfiguration
from rules.engine import Baseline, Rule
from rules.evaluating import evaluate
from tests.builders import (
    TODAY,
    make_app_client,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_identity_provider,
    make_mfa_configuration,
    make_risk_configuration,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)

# Switches no rule off, and leaves each the numbers that it carries itself.
EVERY_RULE = Baseline(name="every rule")

NO_USER_POOL = make_gap("cognito-idp:DescribeUserPool")
NO_MFA = make_gap("cognito-idp:GetUserPoolMfaConfig")
NO_RISK = make_gap("cognito-idp:DescribeRiskConfiguration")
NO_CLIENT_LIST = make_gap("cognito-idp:ListUserPoolClients")
NO_CLIENT = make_gap("cognito-idp:DescribeUserPoolClient")
NO_IDENTITY_POOL = make_gap("cognito-identity:DescribeIdentityPool")
NO_ROLES = make_gap("cognito-identity:GetIdentityPoolRoles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a rule must say of a snapshot that holds one resource of the rule's kind."""

    rule: Rule
    situation: str
    snapshot: Snapshot
    outcome: Outcome
    messages: tuple[str, ...] = ()
    # None where the evidence is not what the case is about.
    evidence: Evidence | None = None
    # Severity and reason, None where they are not what the case is about.
    grade: tuple[Severity, str] | None = None
    gaps: tuple[Gap, ...] = ()
    baseline: Baseline = EVERY_RULE

    @property
    def expected(self) -> tuple[object, ...]:
        return self.outcome, self.messages, self.gaps, self.evidence, self.grade

    def judged(self) -> tuple[object, ...]:
        """What the rule says, in the shape of `expected`."""
        said = judge(self.rule, self.snapshot, baseline=self.baseline)
        evidence = None if self.evidence is None else said.evidence
        grade = None if self.grade is None else (said.severity, said.severity_reason)
        return said.outcome, said.messages, said.gaps, evidence, grade

    def __str__(self) -> str:
        return f"{self.rule.code}-{self.outcome}-{self.situation}".replace(" ", "-")


def fails(
    rule: Rule,
    situation: str,
    snapshot: Snapshot,
    *messages: str,
    evidence: Evidence | None = None,
    grade: tuple[Severity, str] | None = None,
    gaps: tuple[Gap, ...] = (),
    baseline: Baseline = EVERY_RULE,
) -> Case:
    return Case(
        rule=rule,
        situation=situation,
        snapshot=snapshot,
        outcome=Outcome.FAIL,
        messages=messages,
        evidence=evidence,
        grade=grade,
        gaps=gaps,
        baseline=baseline,
    )


def passes(rule: Rule, situation: str, snapshot: Snapshot, *, baseline: Baseline = EVERY_RULE) -> Case:
    return Case(rule=rule, situation=situation, snapshot=snapshot, outcome=Outcome.PASS, baseline=baseline)


def is_no_matter(rule: Rule, situation: str, snapshot: Snapshot, *, baseline: Baseline = EVERY_RULE) -> Case:
    """Expect NOT_APPLICABLE."""
    return Case(
        rule=rule, situation=situation, snapshot=snapshot, outcome=Outcome.NOT_APPLICABLE, baseline=baseline
    )


def is_unknown(
    rule: Rule, situation: str, snapshot: Snapshot, gap: Gap, *, baseline: Baseline = EVERY_RULE
) -> Case:
    reason = gap.reason.value.replace("_", " ")
    message = f"could not be judged: {gap.iam_action} was not read ({reason})"
    return Case(
        rule=rule,
        situation=situation,
        snapshot=snapshot,
        outcome=Outcome.UNKNOWN,
        messages=(message,),
        gaps=(gap,),
        baseline=baseline,
    )


def user_pool(
    *,
    settings: Gap | None = None,
    mfa: MfaConfiguration | Gap | None = None,
    risk: RiskConfiguration | Gap | None = None,
    clients: tuple[AppClient | Gap, ...] | Gap | None = None,
    identity_providers: tuple[IdentityProvider | Gap, ...] | Gap = (),
    more: Mapping[FacetName, Any] = {},
    references: Mapping[tuple[FacetName, str], Any] = {},
    **overrides: Any,
) -> Snapshot:
    """Build a snapshot of one user pool; what is not named satisfies every rule."""
    pool = make_user_pool_snapshot(
        settings or make_user_pool(**overrides),
        mfa=mfa or make_mfa_configuration(),
        risk=risk or make_risk_configuration(),
        clients=(make_app_client(),) if clients is None else clients,
        identity_providers=identity_providers,
        more=more,
    )
    return make_snapshot(user_pools=[pool], references=references)


def app_client(**overrides: Any) -> Snapshot:
    """Build a snapshot of one app client in a user pool that satisfies every rule."""
    return user_pool(clients=(make_app_client(**overrides),))


def identity_provider(
    *, clients: tuple[AppClient | Gap, ...] | Gap | None = None, **overrides: Any
) -> Snapshot:
    """Build a snapshot of one identity provider of a user pool; what is not named satisfies every rule."""
    return user_pool(clients=clients, identity_providers=(make_identity_provider(**overrides),))


def identity_pool(
    *, settings: Gap | None = None, roles: IdentityPoolRoles | Gap | None = None, **overrides: Any
) -> Snapshot:
    """Build a snapshot of one identity pool; what is not named satisfies every rule."""
    pool = make_identity_pool_snapshot(
        settings or make_identity_pool(**overrides), roles=roles or make_identity_pool_roles()
    )
    return make_snapshot(identity_pools=[pool])


def judge(rule: Rule, snapshot: Snapshot, *, baseline: Baseline = EVERY_RULE) -> Evaluation:
    """Run one rule on the one resource of its kind in the snapshot."""
    [evaluation] = evaluate(snapshot, [rule], today=TODAY, baseline=baseline)
    return evaluation
