"""What a rule is, what it is given, and how rules are run over a snapshot.

A rule is a generator from one record and its context to problems; yielding nothing is PASS. `@rule` returns a
frozen `Rule` and registers nothing: `rules.catalogue` finds the objects in the family modules.
"""

import inspect
import logging
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from records.app_client import AppClient
from records.evaluation import Evaluation, Evidence, Outcome, Severity
from records.facet import FacetName, Gap, NotCollectedError
from records.identity_pool import IdentityPool
from records.resource import ResourceType, Scope
from records.snapshot import IdentityPoolSnapshot, Snapshot, UserPoolSnapshot
from records.user_pool import UserPool

logger = logging.getLogger(__name__)

Subject = TypeVar("Subject", UserPool, AppClient, IdentityPool)
AnySubject = UserPool | AppClient | IdentityPool

# The facet that a rule reads by its first argument, and the resource that its findings are about.
SUBJECTS: Mapping[type, tuple[FacetName, ResourceType]] = {
    UserPool: (FacetName.USER_POOL, ResourceType.USER_POOL),
    AppClient: (FacetName.APP_CLIENT, ResourceType.APP_CLIENT),
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
    today: date
    parameters: Mapping[str, int]
    user_pool: UserPoolSnapshot | None = None
    identity_pool: IdentityPoolSnapshot | None = None

    @property
    def pool(self) -> UserPoolSnapshot:
        """The user pool that the record is, or belongs to. Raises LookupError in a rule on identity pools."""
        if self.user_pool is None:
            raise LookupError("a rule on identity pools has no user pool")
        return self.user_pool

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
    chosen = [each for each in rules if each.code not in baseline.switched_off]
    parameters = {each.code: {**each.parameters, **baseline.parameters.get(each.code, {})} for each in chosen}
    for each in chosen:
        for target in _targets(each, snapshot):
            if isinstance(target.subject, Gap):
                yield target.unknown(each, (), target.subject)
            else:
                context = Context(
                    snapshot=snapshot,
                    today=today,
                    parameters=parameters[each.code],
                    user_pool=target.user_pool,
                    identity_pool=target.identity_pool,
                )
                yield _judge(each, target, target.subject, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """One resource that a rule runs on: its record, or the gap that hides it."""

    scope: Scope
    arn: str
    name: str
    subject: AnySubject | Gap
    user_pool: UserPoolSnapshot | None = None
    identity_pool: IdentityPoolSnapshot | None = None

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
            resource_type=judged_by.resource_type,
            resource_name=self.name,
            messages=messages,
            evidence=evidence,
            gaps=gaps,
        )

    def unknown(self, judged_by: Rule, problems: Iterable[Problem], gap: Gap) -> Evaluation:
        """Report what is missing; a problem that was found before the gap stays a FAIL."""
        found = tuple(problems)
        if found:
            return self.evaluation(judged_by, Outcome.FAIL, *_joined(found), gaps=(gap,))
        message = f"could not be judged: {gap.iam_action} was not read ({gap.reason.value.replace('_', ' ')})"
        return self.evaluation(judged_by, Outcome.UNKNOWN, (message,), gaps=(gap,))


def _targets(judged_by: Rule, snapshot: Snapshot) -> Iterator[_Target]:
    for region in snapshot.regions:
        if region.is_off:
            continue
        scope = region.scope
        if judged_by.subject is IdentityPool:
            if region.identity_pool_list.gap:
                arn = scope.identity_pool_arn("*")
                yield _Target(scope=scope, arn=arn, name="*", subject=region.identity_pool_list.gap)
            for identity_pool in region.identity_pools:
                yield _Target(
                    scope=scope,
                    arn=identity_pool.arn,
                    name=identity_pool.member.name,
                    subject=_subject(identity_pool.settings),
                    identity_pool=identity_pool,
                )
            continue
        if region.user_pool_list.gap:
            arn = scope.user_pool_arn("*")
            yield _Target(scope=scope, arn=arn, name="*", subject=region.user_pool_list.gap)
        for user_pool in region.user_pools:
            if judged_by.subject is UserPool:
                yield _Target(
                    scope=scope,
                    arn=user_pool.arn,
                    name=user_pool.member.name,
                    subject=_subject(user_pool.settings),
                    user_pool=user_pool,
                )
            else:
                yield from _client_targets(scope, user_pool)


def _client_targets(scope: Scope, user_pool: UserPoolSnapshot) -> Iterator[_Target]:
    if user_pool.client_list.gap:
        arn = scope.app_client_arn(user_pool.member.id, "*")
        yield _Target(scope=scope, arn=arn, name="*", subject=user_pool.client_list.gap, user_pool=user_pool)
    for client in user_pool.clients:
        yield _Target(
            scope=scope,
            arn=client.arn,
            name=client.member.name,
            subject=_subject(client.settings),
            user_pool=user_pool,
        )


def _subject(settings: Any) -> Any:
    return settings.gap or settings.value


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
