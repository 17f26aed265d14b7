"""How rules are run over a snapshot: one evaluation for each rule and resource."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from records.app_client import AppClient
from records.evaluation import Evaluation, Evidence, Outcome
from records.facet import Facet, Gap, NotCollectedError, Reason
from records.federation import IdentityProvider
from records.iam import Role
from records.identity_pool import IdentityPool
from records.resource import Scope
from records.snapshot import (
    AppClientSnapshot,
    IdentityPoolSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from records.user_pool import UserPool
from records.user_pool_parts import UserPoolDomain
from rules.baselines import FSBP
from rules.engine import SUBJECTS, AnySubject, Baseline, Context, Problem, Rule
from rules.ladder import Moved, moved

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Judge:
    """A rule with its numbers and names under the chosen baseline; `has_own` says whether it has any."""

    rule: Rule
    parameters: Mapping[str, int]
    names: Mapping[str, tuple[str, ...]]
    has_own: bool


def evaluate(
    snapshot: Snapshot,
    rules: Iterable[Rule],
    *,
    today: date,
    baseline: Baseline = FSBP,
) -> Iterator[Evaluation]:
    """Yield one evaluation for each rule and resource, and one where a list of resources was not read."""
    chosen = _chosen(rules, baseline)
    for region in snapshot.regions:
        for target in _targets(snapshot, region):
            judges = chosen[target.kind]
            if judges and target.gap:
                yield from (target.unknown(each.rule, target.gap) for each in judges)
            elif judges:
                subject = target.subject
                context = _context(snapshot, region, target, today, baseline)
                for each in judges:
                    # Most rules share one context: a copy for each would take longer than most checks.
                    given = (
                        context._replace(parameters=each.parameters, names=each.names)
                        if each.has_own
                        else context
                    )
                    yield _judge(each.rule, target, subject, given)


def subject_of(
    snapshot: Snapshot, rule: Rule, arn: str, *, today: date, baseline: Baseline = FSBP
) -> tuple[AnySubject, Context]:
    """Return the record that a rule runs on, and the context that it is given.

    Raises LookupError where the snapshot has no such resource, and NotCollectedError where it was not read.
    """
    (judge,) = _chosen((rule,), replace(baseline, switched_off=frozenset()))[rule.subject]
    for region in snapshot.regions:
        for target in _targets(snapshot, region):
            if target.kind is rule.subject and target.arn == arn:
                if target.gap:
                    raise NotCollectedError(target.gap)
                context = _context(snapshot, region, target, today, baseline)
                return target.subject, context._replace(parameters=judge.parameters, names=judge.names)
    raise LookupError(f"the snapshot has no {arn}")


def _context(
    snapshot: Snapshot, region: RegionSnapshot, target: "_Target", today: date, baseline: Baseline
) -> Context:
    pool = target.user_pool
    return Context(
        snapshot=snapshot,
        region=region,
        today=today,
        parameters={},
        intents=frozenset() if pool is None else baseline.intents.of(pool),
        user_pool=pool,
        app_client=target.app_client,
        identity_pool=target.identity_pool,
    )


def _chosen(rules: Iterable[Rule], baseline: Baseline) -> Mapping[type[AnySubject], tuple[_Judge, ...]]:
    """Return the rules that the baseline has not switched off, by what they run on."""
    chosen: dict[type[AnySubject], list[_Judge]] = {kind: [] for kind in SUBJECTS}
    for each in rules:
        if each.code not in baseline.switched_off:
            parameters = {**each.parameters, **baseline.parameters.get(each.code, {})}
            names = {**each.names, **baseline.names.get(each.code, {})}
            chosen[each.subject].append(_Judge(each, parameters, names, bool(parameters or names)))
    return {kind: tuple(judges) for kind, judges in chosen.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """One resource that rules of a kind run on: its record, or the gap that hides it."""

    kind: type[AnySubject]
    scope: Scope
    arn: str
    name: str
    settings: Facet[Any] | Gap
    user_pool: UserPoolSnapshot | None = None
    app_client: AppClientSnapshot | None = None
    identity_pool: IdentityPoolSnapshot | None = None

    @property
    def gap(self) -> Gap | None:
        """What hides the record, or the list that would name it."""
        return self.settings if isinstance(self.settings, Gap) else self.settings.gap

    @property
    def subject(self) -> Any:
        """The record, where no gap hides it."""
        return None if isinstance(self.settings, Gap) else self.settings.value

    def evaluation(
        self,
        judged_by: Rule,
        outcome: Outcome,
        messages: tuple[str, ...] = (),
        gaps: tuple[Gap, ...] = (),
    ) -> Evaluation:
        # By position, which is faster: all but a few of the evaluations are made here.
        return Evaluation(
            judged_by.code,
            judged_by.severity,
            outcome,
            self.scope,
            self.arn,
            judged_by.resource_type,
            self.name,
            messages,
            (),
            gaps,
        )

    def failure(
        self, judged_by: Rule, found: tuple[Problem, ...], context: Context, gap: Gap | None = None
    ) -> Evaluation:
        """Report what is wrong, as bad as the worst of it."""
        graded = _graded(judged_by, found, context)
        messages = tuple(each.message for each in found)
        gaps = () if gap is None else (gap,)
        return self.evaluation(judged_by, Outcome.FAIL, messages, gaps)._replace(
            severity=graded.severity,
            evidence=_evidence(found),
            severity_reason=graded.reason,
            paths=tuple(dict.fromkeys(each.path for each in found if each.path)),
            targets=tuple(dict.fromkeys(each.target for each in found if each.target is not None)),
        )

    def unknown(self, judged_by: Rule, gap: Gap) -> Evaluation:
        """Report what is missing; what the user pool's plan does not have cannot be wrong."""
        if gap.reason is Reason.NOT_IN_PLAN:
            return self.evaluation(judged_by, Outcome.NOT_APPLICABLE)
        why = f"{gap.iam_action} was not read ({gap.reason.value.replace('_', ' ')})"
        if gap.reason is Reason.UNDECIDABLE:
            why = gap.message
        return self.evaluation(judged_by, Outcome.UNKNOWN, (f"could not be judged: {why}",), (gap,))


def _targets(snapshot: Snapshot, region: RegionSnapshot) -> Iterator[_Target]:
    if not region.is_off:
        yield from _region_targets(region)
    where, roles = snapshot.account_roles(region.scope)
    if where is region:
        yield from _role_targets(region.scope, roles)


def _role_targets(scope: Scope, roles: Facet[tuple[Role, ...]]) -> Iterator[_Target]:
    """Yield an account's roles that name identity pools; where they were not read, those last known."""
    if roles.gap is not None:
        yield _Target(kind=Role, scope=scope, arn=scope.role_arn("*"), name="*", settings=roles.gap)
    if roles.last_good is None:
        return
    for role in roles.last_good.value:
        settings = roles.gap or Facet.read(role, roles.last_good.at)
        yield _Target(kind=Role, scope=scope, arn=role.arn, name=role.name, settings=settings)


def _region_targets(region: RegionSnapshot) -> Iterator[_Target]:
    scope = region.scope
    if gap := region.user_pool_list.gap:
        arn = scope.user_pool_arn("*")
        yield _Target(kind=UserPool, scope=scope, arn=arn, name="*", settings=gap)
        yield _Target(kind=AppClient, scope=scope, arn=arn, name="*", settings=gap)
        yield _Target(kind=IdentityProvider, scope=scope, arn=arn, name="*", settings=gap)
        yield _Target(kind=UserPoolDomain, scope=scope, arn=arn, name="*", settings=gap)
    for pool in region.user_pools:
        yield _Target(
            kind=UserPool,
            scope=scope,
            arn=pool.arn,
            name=pool.member.name,
            settings=pool.settings,
            user_pool=pool,
        )
        yield from _user_pool_targets(scope, pool)
    if gap := region.identity_pool_list.gap:
        arn = scope.identity_pool_arn("*")
        yield _Target(kind=IdentityPool, scope=scope, arn=arn, name="*", settings=gap)
    for identity_pool in region.identity_pools:
        yield _Target(
            kind=IdentityPool,
            scope=scope,
            arn=identity_pool.arn,
            name=identity_pool.member.name,
            settings=identity_pool.settings,
            identity_pool=identity_pool,
        )


def _user_pool_targets(scope: Scope, pool: UserPoolSnapshot) -> Iterator[_Target]:
    """Yield what belongs to a user pool, and what is unknown of that."""
    pool_id = pool.member.id
    unread = (
        (AppClient, scope.app_client_arn(pool_id, "*"), pool.client_list.gap),
        (IdentityProvider, scope.identity_provider_arn(pool_id, "*"), pool.identity_provider_list.gap),
        (UserPoolDomain, scope.domain_arn(pool_id, "*"), pool.settings.gap),
    )
    for kind, arn, gap in unread:
        if gap is not None:
            yield _Target(kind=kind, scope=scope, arn=arn, name="*", settings=gap, user_pool=pool)
    for client in pool.clients:
        yield _Target(
            kind=AppClient,
            scope=scope,
            arn=client.arn,
            name=client.member.name,
            settings=client.settings,
            user_pool=pool,
            app_client=client,
        )
    for provider in pool.identity_providers:
        yield _Target(
            kind=IdentityProvider,
            scope=scope,
            arn=provider.arn,
            name=provider.member.name,
            settings=provider.settings,
            user_pool=pool,
        )
    for domain in pool.domains:
        # A domain that AWS itself does not know any more has nothing to judge.
        if domain.settings.gap or (domain.settings.last_good and domain.settings.last_good.value):
            yield _Target(
                kind=UserPoolDomain,
                scope=scope,
                arn=domain.arn,
                name=domain.member.name,
                settings=domain.settings,
                user_pool=pool,
            )


def _judge(judged_by: Rule, target: _Target, subject: AnySubject, context: Context) -> Evaluation:
    problems: list[Problem] = []
    gap: Gap | None = None
    hidden: Gap | None = None
    try:
        try:
            if judged_by.applies is not None and not judged_by.applies(subject, context):
                return target.evaluation(judged_by, Outcome.NOT_APPLICABLE)
        except NotCollectedError as error:
            hidden = error.gap
        problems.extend(judged_by.check(subject, context))
    except NotCollectedError as error:
        gap = error.gap
    except Exception as error:
        logger.exception("rule %s failed on %s", judged_by.code, target.arn)
        message = f"could not be judged: the rule itself failed ({type(error).__name__}); please report it"
        return target.evaluation(judged_by, Outcome.ERROR, (message,))
    if hidden and (problems or gap):
        # A problem counts only where the rule applies; without one the resource passes either way.
        return target.unknown(judged_by, hidden)
    if problems:
        # A problem that was found before a gap stays a FAIL.
        return target.failure(judged_by, tuple(problems), context, gap)
    if gap:
        return target.unknown(judged_by, gap)
    return target.evaluation(judged_by, Outcome.PASS)


def _graded(judged_by: Rule, found: tuple[Problem, ...], context: Context) -> Moved:
    """Return the worst severity among problems: what a problem says of itself, else the ladder's."""
    grades = [_own_grade(judged_by, each) for each in found if each.severity is not None]
    if len(grades) < len(found):
        grades.append(
            moved(
                judged_by.severity,
                judged_by.stakes,
                context.snapshot,
                context.user_pool,
                context.intents,
            )
        )
    return min(grades, key=lambda grade: grade.severity.rank)


def _own_grade(judged_by: Rule, problem: Problem) -> Moved:
    severity = problem.severity or judged_by.severity
    if severity is judged_by.severity:
        return Moved(severity=severity)
    way = "raised" if severity.rank < judged_by.severity.rank else "lowered"
    return Moved(severity=severity, reason=f"{way} because {problem.because}")


def _evidence(found: Iterable[Problem]) -> Evidence:
    return tuple(dict.fromkeys(pair for problem in found for pair in problem.evidence))
