"""How far a role reaches: what its policies surely allow of the actions that matter here.

What a condition decides is neither allowed nor refused. Of that only what would give its holder everything,
or the means to it, is kept as a question, for the verdict on a role hangs on no more than that.
"""

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from records.facet import Facet, FacetName, Gap, NotCollectedError, Reason
from records.iam import Condition, RolePolicies
from rules.iam import (
    Decision,
    Grant,
    TooManyPatternsError,
    grants,
    is_any_of_type,
    is_every_action,
    is_service_wildcard,
    names_any_resource,
)
from rules.iam_actions import (
    DATA_READS,
    DATA_WRITES,
    ESCALATION_ACTIONS,
    HARMLESS_ON_ONE_RESOURCE,
    USER_DATA_SERVICES,
)
from rules.memory import remembered
from rules.patterns import is_pattern, overlaps

# Policies of some hundred statements take a hundredth of this, and this takes a fifth of a second.
EFFORT = 10_000_000
# So many patterns of grants are compared with each of the actions.
_PATTERNS = 3_000
TOO_LARGE = Gap(
    operation=FacetName.ROLE_POLICIES.operation,
    reason=Reason.UNDECIDABLE,
    message="the role's policies hold too many patterns to compare them with each other",
)
# More would make a finding unreadable.
_SHOWN, _LISTED = 3, 20
_STATEMENTS = 10
_QUESTIONS = 3

_ACTIONS = tuple(dict.fromkeys((*ESCALATION_ACTIONS, *sorted(DATA_READS), *sorted(DATA_WRITES))))
_BY_SERVICE = {
    service: tuple(each for each in _ACTIONS if each.partition(":")[0] == service)
    for service in {each.partition(":")[0] for each in _ACTIONS}
}
# The part of an ARN that holds the account.
_ACCOUNT = 4
_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)
_ANY_OBJECT = "arn:*:s3:*:*/*"
# What a request says of its user and no other user's can say: the identity, or a tag of the session.
_USER_VARIABLE = re.compile(r"\$\{(cognito-identity[a-z0-9.-]*:sub|aws:principaltag/[^}]+)\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """An action, or all that a pattern of actions matches without those spared, that a role surely allows.

    `number` is that of the statement which allows it, counted from 1 within the policy, and `pattern` the
    action as the statement has it.
    """

    policy: str
    number: int
    pattern: str
    action: str
    resources: tuple[str, ...]
    spared: tuple[str, ...] = ()

    @property
    def stated(self) -> tuple[str, int, str]:
        """Where it stands: the policy, the statement and the action there."""
        return (self.policy, self.number, self.pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A statement that allows everything, or more rights, where conditions hold that a request decides."""

    policy: str
    number: int
    sid: str | None
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def __str__(self) -> str:
        """Say the statement, and on what it depends."""
        name = f" ({_short(self.sid)})" if self.sid else ""
        keys = tuple(f"{each.operator} on {each.key}" for each in self.conditions)
        on = _some(keys) if keys else "a part of it that the role's other statements leave"
        return (
            f"statement {self.number}{name} of {self.policy} allows {_some(self.actions)} on"
            f" {_some(self.resources)}, depending on {on}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A role's grants, and of the actions that matter here those that it allows without any condition.

    `questions` are what conditions decide, where no other statement allows the same without them.
    """

    grants: tuple[Grant, ...]
    abilities: tuple[Ability, ...]
    questions: tuple[Question, ...]

    @property
    def escalating_actions(self) -> Iterator[Ability]:
        """Each action that lets the role's holder gain more rights."""
        return (each for each in self.abilities if each.action in ESCALATION_ACTIONS and _is_broad(each))

    @property
    def escalations(self) -> Iterator[Ability]:
        """What lets the role's holder gain more rights; of a statement that allows everything, just that."""
        everything = {each.stated: each for each in self.wildcards if is_every_action(each.action)}
        yield from dict.fromkeys(everything.get(each.stated, each) for each in self.escalating_actions)

    @property
    def strong(self) -> tuple[Ability, ...]:
        """What escalates, and all other wildcards."""
        return _strong(self)

    @property
    def data(self) -> Iterator[Ability]:
        """What reads or writes data, on resources that are not the user's own, nor public to read."""
        for each in self.abilities:
            if each.action in DATA_WRITES or each.action in DATA_READS:
                resources = tuple(
                    resource
                    for resource in each.resources
                    if not names_its_user(resource)
                    and not (each.action in DATA_READS and _is_public_by_name(resource))
                )
                if resources:
                    yield replace(each, resources=resources)

    @property
    def is_far(self) -> bool:
        """Whether it reaches data of others, all that a service offers, or the means to more."""
        return _is_far(self)

    @property
    def user_data(self) -> Iterator[Ability]:
        """What of `data` could be kept to the user's own."""
        return (each for each in self.data if each.action.partition(":")[0] in USER_DATA_SERVICES)

    @property
    def wildcards(self) -> Iterator[Ability]:
        """All actions, all but some, or all of a service, each as one action."""
        for grant in self.grants:
            if not grant.is_conditional and (
                is_every_action(grant.action) or is_service_wildcard(grant.action)
            ):
                resources = tuple(each for each in grant.resources if not names_its_user(each))
                if resources:
                    yield Ability(
                        policy=grant.policy,
                        number=grant.number,
                        pattern=grant.action,
                        action=grant.action,
                        resources=resources,
                        spared=(*grant.denied, *grant.doubtful),
                    )


def reach_of(policies: RolePolicies) -> Reach:
    """Return how far a role reaches. Raises NotCollectedError where its policies are too large to compare."""
    found = _reach(policies)
    if found is None:
        raise NotCollectedError(TOO_LARGE)
    return found


def reach_if_known(policies: Facet[RolePolicies | None]) -> Reach | None:
    """Return how far a role reaches, None where it does not exist, was not read or cannot be told."""
    return _reach(policies.known) if policies.known is not None else None


def beside(abilities: Iterable[Ability], told: Iterable[Ability]) -> Iterator[Ability]:
    """Yield the abilities by actions of statements of which nothing is told yet."""
    stated = {each.stated for each in told}
    return (each for each in abilities if each.stated not in stated)


def account_of(arn: str) -> str:
    """Return the account that an ARN names, which may be a pattern or nothing."""
    parts = arn.split(":", _ACCOUNT + 1)
    return parts[_ACCOUNT] if len(parts) > _ACCOUNT + 1 else ""


def foreign(reach: Reach, own: Collection[str]) -> Mapping[str, tuple[Ability, ...]]:
    """Return what a role surely allows on resources of accounts that are not its own, by account."""
    found: dict[str, list[Ability]] = {}
    for grant in reach.grants:
        if grant.is_conditional:
            continue
        by_account: dict[str, list[str]] = {}
        for resource in grant.resources:
            account = account_of(resource)
            if _ACCOUNT_ID.fullmatch(account) and account not in own:
                by_account.setdefault(account, []).append(resource)
        for account, resources in by_account.items():
            ability = Ability(
                policy=grant.policy,
                number=grant.number,
                pattern=grant.action,
                action=grant.action,
                resources=tuple(resources),
                spared=(*grant.denied, *grant.doubtful),
            )
            found.setdefault(account, []).append(ability)
    return {account: tuple(abilities) for account, abilities in sorted(found.items())}


def demand_answers(questions: Iterable[tuple[str, Question]]) -> None:
    """Raise NotCollectedError with the statements on which the verdict hangs, each with its role's ARN."""
    asked = tuple(f"{arn}: {question}" for arn, question in questions)
    if asked:
        rest = f"; and {len(asked) - _QUESTIONS} more statements" if len(asked) > _QUESTIONS else ""
        raise NotCollectedError(
            Gap(
                operation=FacetName.ROLE_POLICIES.operation,
                reason=Reason.UNDECIDABLE,
                message=f"conditions decide what roles allow: {'; '.join(asked[:_QUESTIONS])}{rest}",
            )
        )


def names_its_user(resource: str) -> bool:
    """Whether a resource's name holds something of the user's that no other user has."""
    return _USER_VARIABLE.search(resource) is not None


def said(abilities: Iterable[Ability]) -> Iterator[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]]:
    """Yield abilities in words, those of one policy on the same resources as one, each with its evidence."""
    together: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for each in abilities:
        spared = f" but {_some(each.spared)}" if each.spared else ""
        together.setdefault((each.policy, each.resources), {})[f"{each.action}{spared}"] = None
    rest = len(together) - _STATEMENTS
    for (policy, resources), actions in itertools.islice(together.items(), _STATEMENTS):
        yield (
            f"{_some((*actions,))} on {_some(resources)} by {policy}",
            (
                (f"Policies[{policy}].Action", (*actions,)[:_LISTED]),
                (f"Policies[{policy}].Resource", resources[:_LISTED]),
            ),
        )
    if rest > 0:
        policies = tuple(dict.fromkeys(policy for policy, _ in together))
        yield f"more by {rest} other statements", (("Policies", policies[:_LISTED]),)


@remembered(1024)
def _reach(policies: RolePolicies) -> Reach | None:
    """Return how far a role reaches, None where that would take too long to tell."""
    found: list[Grant] = []
    size = 0
    try:
        for grant in grants(policies, effort=EFFORT):
            size += 1 + len(grant.denied) + len(grant.doubtful)
            if size > _PATTERNS:
                return None
            found.append(grant)
    except TooManyPatternsError:
        return None
    abilities = tuple(_abilities(found))
    questions = tuple(_questions(found, {each.action for each in abilities if _is_broad(each)}))
    return Reach(grants=tuple(found), abilities=abilities, questions=questions)


@remembered(1024)
def _strong(reach: Reach) -> tuple[Ability, ...]:
    escalations = tuple(reach.escalations)
    return (*escalations, *beside(reach.wildcards, escalations))


@remembered(1024)
def _is_far(reach: Reach) -> bool:
    return bool(reach.strong) or any(reach.data)


def _questions(granted: Iterable[Grant], surely: Collection[str]) -> Iterator[Question]:
    """Yield the statements that may escalate, for all that is known of them without a request."""
    found: dict[tuple[object, ...], Question] = {}
    for grant in granted:
        if not grant.is_conditional and not grant.doubtful:
            continue
        open_actions = tuple(
            action
            for action in _matching(grant, ESCALATION_ACTIONS)
            if action not in surely and grant.decide(action) is Decision.CONDITIONAL
        )
        resources = tuple(each for each in grant.resources if not names_its_user(each))
        broad = tuple(
            action
            for action in open_actions
            if resources and (action not in HARMLESS_ON_ONE_RESOURCE or _names_none(resources))
        )
        if not broad:
            continue
        if grant.is_conditional and is_every_action(grant.action):
            broad = (grant.action,)
        key = (grant.policy, grant.number, resources, grant.conditions)
        before = found[key].actions if key in found else ()
        found[key] = Question(
            policy=grant.policy,
            number=grant.number,
            sid=grant.statement.sid,
            actions=tuple(dict.fromkeys((*before, *broad))),
            resources=resources,
            conditions=grant.conditions,
        )
    yield from found.values()


def _matching(grant: Grant, actions: Collection[str]) -> Iterable[str]:
    """Return those of the actions that may be of the grant's service."""
    service = grant.action.partition(":")[0].lower()
    found = _ACTIONS if is_pattern(service) else _BY_SERVICE.get(service, ())
    return (each for each in found if each in actions)


def _abilities(granted: Iterable[Grant]) -> Iterator[Ability]:
    for grant in granted:
        if grant.is_conditional:
            continue
        for action in _matching(grant, _ACTIONS):
            if grant.decide(action) is Decision.GRANTED:
                resources = tuple(each for each in grant.resources if _can_hold(each, action))
                if resources:
                    yield Ability(
                        policy=grant.policy,
                        number=grant.number,
                        pattern=grant.action,
                        action=action,
                        resources=resources,
                    )


def _can_hold(resource: str, action: str) -> bool:
    """Whether a resource pattern can match what an action works on; told for Amazon S3 and DynamoDB alone."""
    service = action.partition(":")[0]
    if service not in USER_DATA_SERVICES:
        return True
    # A star at the end of one service's ARN runs over what looks like the middle of another's.
    _, _, named = resource.partition(":")[2].partition(":")
    if named and not overlaps(named.partition(":")[0], service):
        return False
    if action == "s3:ListBucket":
        return "/" not in resource
    return service != "s3" or overlaps(resource, _ANY_OBJECT)


def _is_broad(ability: Ability) -> bool:
    return ability.action not in HARMLESS_ON_ONE_RESOURCE or _names_none(ability.resources)


def _names_none(resources: Iterable[str]) -> bool:
    """Whether a resource is meant without being named."""
    return any(names_any_resource(each) or is_any_of_type(each) for each in resources)


def _is_public_by_name(resource: str) -> bool:
    """Whether a resource lies in a folder of a bucket that its owner calls public."""
    return resource.startswith("arn:") and ":s3:" in resource and "public" in resource.split("/")[1:]


def _some(values: tuple[str, ...]) -> str:
    rest = len(values) - _SHOWN
    shown = ", ".join(_short(each) for each in values[:_SHOWN])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _short(text: str, limit: int = 120) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
