"""What a rule is, what it is given, and how rules are run over a snapshot.

A rule is a generator from one record and its context to problems; yielding nothing is PASS. `@rule` returns a
frozen `Rule` and registers nothing: `rules.catalogue` finds the objects in the family modules.
"""

import inspect
import logging
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from records.app_client import AppClient
from records.evaluation import Evaluation, Evidence, Outcome, Severity
from records.facet import Facet, FacetName, Gap, NotCollectedError, Reason
from records.federation import IdentityProvider
from records.identity_pool import IdentityPool
from records.resource import ResourceType, Scope
from records.snapshot import (
    AppClientSnapshot,
    IdentityPoolSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from records.user_pool import UserPool
from records.user_pool_parts import UserPoolDomain

logger = logging.getLogger(__name__)

Subject = TypeVar("Subject", UserPool, AppClient, IdentityProvider, UserPoolDomain, IdentityPool)
AnySubject = UserPool | AppClient | IdentityProvider | UserPoolDomain | IdentityPool

# The facet that a rule reads by its first argument, and the resource that its findings are about.
SUBJECTS: Mapping[type, tuple[FacetName, ResourceType]] = {
    UserPool: (FacetName.USER_POOL, ResourceType.USER_POOL),
    AppClient: (FacetName.APP_CLIENT, ResourceType.APP_CLIENT),
    IdentityProvider: (FacetName.IDENTITY_PROVIDER, ResourceType.IDENTITY_PROVIDER),
    UserPoolDomain: (FacetName.DOMAIN, ResourceType.DOMAIN),
    IdentityPool: (FacetName.IDENTITY_POOL, ResourceType.IDENTITY_POOL),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a predicate on the resource with the observed value, and what was read."""

    message: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a rule may look at beside its record: the pool it belongs to, everything else, and today."""

    snapshot: Snapshot
    region: RegionSnapshot
    today: date
    parameters: Mapping[str, int]
    user_pool: UserPoolSnapshot | None = None
    app_client: AppClientSnapshot | None = None
    identity_pool: IdentityPoolSnapshot | None = None

    @property
    def pool(self) -> UserPoolSnapshot:
        """The user pool that the record is, or belongs to. Raises LookupError in a rule on identity pools."""
        if self.user_pool is None:
            raise LookupError("a rule on identity pools has no user pool")
        return self.user_pool

    @property
    def client(self) -> AppClientSnapshot:
        """The app client that the record is. Raises LookupError in a rule on anything else."""
        if self.app_client is None:
            raise LookupError("only a rule on app clients has an app client")
        return self.app_client

    @property
    def identities(self) -> IdentityPoolSnapshot:
        """The identity pool that the record is. Raises LookupError in a rule on user pools or app clients."""
        if self.identity_pool is None:
            raise LookupError("a rule on user pools has no identity pool")
        return self.identity_pool


Check = Callable[[Any, Context], Iterator[Problem]]
Predicate = Callable[[Any, Context], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule with its documentation; the texts are the parts of its function's docstring."""

    code: str
    slug: str
    title: str
    severity: Severity
    family: str
    subject: type[AnySubject]
    why: str
    fix: str
    unsure_when: str | None
    reads: tuple[FacetName, ...]
    parameters: Mapping[str, int]
    plan_needed: str | None
    mappings: Mapping[str, tuple[str, ...]]
    peers: Mapping[str, tuple[str, ...]]
    url: str
    check: Check = field(repr=False)
    applies: Predicate | None = field(repr=False)

    @property
    def resource_type(self) -> ResourceType:
        """The kind of resource that the rule's findings are about."""
        return SUBJECTS[self.subject][1]


def rule(
    code: str,
    severity: Severity,
    *,
    url: str,
    reads: Iterable[FacetName] = (),
    applies: Predicate | None = None,
    params: Mapping[str, int] | None = None,
    plan_needed: str | None = None,
    mappings: Mapping[str, tuple[str, ...]] | None = None,
    peers: Mapping[str, tuple[str, ...]] | None = None,
) -> Callable[[Callable[[Subject, Context], Iterator[Problem]]], Rule]:
    """Make a Rule of a generator function.

    `reads` names the facets beside the subject's own, `applies` is the condition without which the rule is
    NOT_APPLICABLE, `params` are the thresholds that a baseline may set. Raises ValueError where the docstring
    lacks its title, `Why:` or `Fix:`, and TypeError where the first argument's annotation is no subject, or
    another one than that of `applies`.
    """

    def make(check: Callable[[Subject, Context], Iterator[Problem]]) -> Rule:
        subject = _subject_type(check)
        if subject not in SUBJECTS:
            raise TypeError(f"{check.__name__}: no rule runs on {subject}")
        if applies is not None and _subject_type(applies) is not subject:
            raise TypeError(f"{check.__name__}: its condition runs on another record")
        texts = _sections(check)
        return Rule(
            code=code,
            slug=check.__name__.replace("_", "-"),
            title=texts["title"],
            severity=severity,
            family=check.__module__.rpartition(".")[2].replace("_", " "),
            subject=subject,
            why=texts["why"],
            fix=texts["fix"],
            unsure_when=texts.get("unsure when"),
            reads=(SUBJECTS[subject][0], *reads),
            parameters=params or {},
            plan_needed=plan_needed,
            mappings=mappings or {},
            peers=peers or {},
            url=url,
            check=check,
            applies=applies,
        )

    return make


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A named set of thresholds: what a rule does not find here it takes from its own `params`."""

    name: str
    parameters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()


# AWS Foundational Security Best Practices: the numbers that the rules themselves carry.
FSBP = Baseline(name="fsbp")


def evaluate(
    snapshot: Snapshot, rules: Iterable[Rule], *, today: date, baseline: Baseline = FSBP
) -> Iterator[Evaluation]:
    """Yield one evaluation for each rule and resource, and one where a list of resources was not read."""
    chosen: dict[type[AnySubject], list[tuple[Rule, Mapping[str, int]]]] = {kind: [] for kind in SUBJECTS}
    for each in rules:
        if each.code not in baseline.switched_off:
            thresholds: Mapping[str, int] = {**each.parameters, **baseline.parameters.get(each.code, {})}
            chosen[each.subject].append((each, thresholds))
    for region in snapshot.regions:
        for target in _targets(region):
            judges = chosen[target.kind]
            if judges and target.gap:
                yield from (target.unknown(each, (), target.gap) for each, _ in judges)
            elif judges:
                subject = target.subject
                context = Context(
                    snapshot=snapshot,
                    region=region,
                    today=today,
                    parameters={},
                    user_pool=target.user_pool,
                    app_client=target.app_client,
                    identity_pool=target.identity_pool,
                )
                for each, thresholds in judges:
                    own = replace(context, parameters=thresholds) if thresholds else context
                    yield _judge(each, target, subject, own)


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
        evidence: Evidence = (),
        gaps: tuple[Gap, ...] = (),
    ) -> Evaluation:
        return Evaluation(
            code=judged_by.code,
            severity=judged_by.severity,
            outcome=outcome,
            scope=self.scope,
            resource_arn=self.arn,
            resource_type=SUBJECTS[self.kind][1],
            resource_name=self.name,
            messages=messages,
            evidence=evidence,
            gaps=gaps,
        )

    def unknown(self, judged_by: Rule, problems: Iterable[Problem], gap: Gap) -> Evaluation:
        """Report what is missing; a problem that was found before the gap stays a FAIL.

        What the user pool's plan does not have cannot be wrong.
        """
        found = tuple(problems)
        if found:
            return self.evaluation(judged_by, Outcome.FAIL, *_joined(found), gaps=(gap,))
        if gap.reason is Reason.NOT_IN_PLAN:
            return self.evaluation(judged_by, Outcome.NOT_APPLICABLE)
        message = f"could not be judged: {gap.iam_action} was not read ({gap.reason.value.replace('_', ' ')})"
        return self.evaluation(judged_by, Outcome.UNKNOWN, (message,), gaps=(gap,))


def _targets(region: RegionSnapshot) -> Iterator[_Target]:
    if region.is_off:
        return
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
    try:
        applies = _applies(judged_by, subject, context)
        if applies is False:
            return target.evaluation(judged_by, Outcome.NOT_APPLICABLE)
        problems.extend(judged_by.check(subject, context))
    except NotCollectedError as error:
        gap = error.gap
    except Exception as error:
        logger.exception("rule %s failed on %s", judged_by.code, target.arn)
        message = f"could not be judged: the rule itself failed ({type(error).__name__}); please report it"
        return target.evaluation(judged_by, Outcome.ERROR, (message,))
    if isinstance(applies, Gap) and (problems or gap):
        # A problem counts only where the rule applies; without one the resource passes either way.
        return target.unknown(judged_by, (), applies)
    if gap:
        return target.unknown(judged_by, problems, gap)
    if problems:
        return target.evaluation(judged_by, Outcome.FAIL, *_joined(problems))
    return target.evaluation(judged_by, Outcome.PASS)


def _applies(judged_by: Rule, subject: AnySubject, context: Context) -> bool | Gap:
    """Say whether the rule's condition holds, or return the gap that hides it."""
    try:
        return judged_by.applies is None or judged_by.applies(subject, context)
    except NotCollectedError as error:
        return error.gap


def _joined(problems: Iterable[Problem]) -> tuple[tuple[str, ...], Evidence]:
    found = tuple(problems)
    evidence = dict.fromkeys(pair for problem in found for pair in problem.evidence)
    return tuple(problem.message for problem in found), tuple(evidence)


def _subject_type(function: Callable[..., object]) -> Any:
    first = next(iter(inspect.signature(function).parameters))
    return typing.get_type_hints(function).get(first)


def _sections(check: Callable[..., object]) -> dict[str, str]:
    """Split a rule's docstring into its title and its labelled sections, each as one line of text."""
    paragraphs = (inspect.getdoc(check) or "").split("\n")
    texts = {"title": paragraphs[0].strip().rstrip(".")}
    label = ""
    for line in paragraphs[1:]:
        head, colon, rest = line.partition(":")
        if colon and head in _LABELS:
            label = head.lower()
            texts[label] = rest.strip()
        elif label and line.strip():
            texts[label] = f"{texts[label]} {line.strip()}".strip()
    if not all(texts.get(part) for part in ("title", "why", "fix")):
        raise ValueError(f"{check.__qualname__}: the docstring needs a title, `Why:` and `Fix:`")
    return texts


_LABELS = ("Why", "Fix", "Unsure when")
