"""What a role may do: its policies' statements put together, as far as policies alone decide it.

Service control policies, resource policies and the values of a request are not known here. Where a condition
decides, the answer is "conditional": neither granted nor refused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from math import inf

from records.iam import Condition, RolePolicies, Statement
from rules.patterns import covers, is_pattern, overlaps

_ANYTHING = "*"
# The ARN's mark, partition, service, region and account.
_PARTS_BEFORE_RESOURCE = 5
# Any action has a service and a name.
_ANY_ACTION = "?*:?*"


class TooManyPatternsError(Exception):
    """Policies hold so many patterns that cross that to compare them would take more than the effort."""


class Decision(IntEnum):
    """What policies say of an action; the larger, the more is allowed."""

    REFUSED = 0
    CONDITIONAL = 1
    GRANTED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Actions that one statement of a role's policies allows, with what other statements leave of them.

    `action` is a pattern (`*` for NotAction) and holds without those that match `denied`; what matches
    `doubtful` is allowed unless the conditions of a denial are met. `resources` are patterns (`*` for
    NotResource), without those that match `denied_resources`. `number` counts the policy's statements from
    1; `conditions` are those of the first statement that makes something of the grant depend on them. Of a
    statement with several actions each has a grant of its own.
    """

    policy: str
    number: int
    statement: Statement
    action: str
    resources: tuple[str, ...]
    denied: tuple[str, ...]
    doubtful: tuple[str, ...]
    denied_resources: tuple[str, ...]
    is_conditional: bool
    conditions: tuple[Condition, ...]

    def decide(self, action: str) -> Decision:
        """Return whether the grant allows one action, such as `iam:PassRole`, on some resource."""
        if not action_matches(self.action, action) or any(
            action_matches(each, action) for each in self.denied
        ):
            return Decision.REFUSED
        if self.is_conditional or any(action_matches(each, action) for each in self.doubtful):
            return Decision.CONDITIONAL
        return Decision.GRANTED

    @property
    def is_any_resource(self) -> bool:
        """Whether the grant holds for resources without naming any."""
        return any(names_any_resource(each) for each in self.resources)


def action_matches(pattern: str, action: str) -> bool:
    """Whether an action pattern matches an action, or all that another pattern matches."""
    return covers(pattern.lower(), action.lower())


def actions_overlap(pattern: str, other: str) -> bool:
    """Whether some action matches both patterns."""
    return overlaps(pattern.lower(), other.lower())


def statement_covers(statement: Statement, action: str) -> bool:
    """Whether a statement speaks of an action, or of all that an action pattern matches."""
    if statement.not_actions:
        return not any(actions_overlap(each, action) for each in statement.not_actions)
    return any(action_matches(each, action) for each in statement.actions)


def is_every_action(pattern: str) -> bool:
    """Whether a pattern matches every action of every service: `*`, `*:*`."""
    return covers(pattern, _ANY_ACTION)


def is_service_wildcard(pattern: str) -> bool:
    """Whether a pattern names one service and, by wildcards alone, its actions: `s3:*`."""
    service, _, name = pattern.partition(":")
    return not is_every_action(pattern) and bool(service) and "*" in name and not name.strip("*?")


def names_any_resource(pattern: str) -> bool:
    """Whether a resource pattern names nothing: `*`, or an ARN that ends so, as `arn:aws:s3:::*/*` does."""
    resource = pattern.split(":", _PARTS_BEFORE_RESOURCE)[-1]
    ends_in_wildcards = _ANYTHING in resource and not resource.strip("*?/:")
    return ends_in_wildcards or covers(pattern, "arn:*")


def is_any_of_type(pattern: str) -> bool:
    """Whether a resource pattern names a type alone, as `arn:aws:dynamodb:*:*:table/*` does."""
    *place, resource = pattern.split(":", _PARTS_BEFORE_RESOURCE)
    kind, separator, rest = resource.partition("/" if "/" in resource else ":")
    is_named = (
        len(place) == _PARTS_BEFORE_RESOURCE and bool(kind) and bool(separator) and not is_pattern(kind)
    )
    return is_named and _ANYTHING in rest and not rest.strip("*?/:")


def grants(policies: RolePolicies, *, effort: float = inf) -> Iterator[Grant]:
    """Yield what a role's policies allow, after its boundary and its denials; what they refuse is left out.

    A grant stands as long as something of it may be left. Where a boundary allows only a part of an action
    pattern that no pattern can express, the grant is the pattern and conditional. Raises
    TooManyPatternsError where it would take more than `effort` characters of patterns to compare.
    """
    denials = [statement for statement in policies.statements if not statement.allows]
    ceiling: list[Statement] | None = None
    if policies.boundary is not None:
        limits = policies.boundary.document.statements
        denials += [statement for statement in limits if not statement.allows]
        ceiling = [statement for statement in limits if statement.allows]
    for policy in policies.granting:
        for number, statement in enumerate(policy.document.statements, 1):
            if not statement.allows:
                continue
            pieces = _stated(policy.name, number, statement)
            if ceiling is not None:
                effort = _spend(effort, pieces, ceiling)
                pieces = [part for piece in pieces for limit in ceiling for part in _below(piece, limit)]
            for denial in denials:
                effort = _spend(effort, pieces, (denial,))
                pieces = [part for piece in dict.fromkeys(pieces) for part in _without(piece, denial)]
            effort = _spend(effort, pieces, ())
            yield from (left for piece in dict.fromkeys(pieces) if (left := _left(piece)))


def decide(granted: Iterable[Grant], action: str) -> Decision:
    """Return whether the grants of a role allow one action on some resource."""
    return max((each.decide(action) for each in granted), default=Decision.REFUSED)


def _spend(effort: float, pieces: Iterable[Grant], against: Iterable[Statement]) -> float:
    """Return what is left of an effort after pieces of one statement are compared and told apart."""
    others = [pattern for each in against for pattern in _patterns(each)]
    length = sum(map(len, others))
    for piece in pieces:
        effort -= sum(map(len, _patterns(piece.statement)))
        if others:
            own = (piece.action, *piece.resources, *piece.denied, *piece.doubtful, *piece.denied_resources)
            effort -= len(own) * length + len(others) * sum(map(len, own))
    if effort < 0:
        raise TooManyPatternsError
    return effort


def _patterns(statement: Statement) -> tuple[str, ...]:
    return statement.actions + statement.not_actions + statement.resources + statement.not_resources


def _stated(policy: str, number: int, statement: Statement) -> list[Grant]:
    """Return what an allowing statement says by itself."""
    resources = (_ANYTHING,) if statement.not_resources else statement.resources
    if not resources:
        return []
    actions = (_ANYTHING,) if statement.not_actions else statement.actions
    return [
        Grant(
            policy=policy,
            number=number,
            statement=statement,
            action=action,
            resources=resources,
            denied=statement.not_actions,
            doubtful=(),
            denied_resources=statement.not_resources,
            is_conditional=bool(statement.conditions),
            conditions=statement.conditions,
        )
        for action in actions
    ]


def _below(grant: Grant, limit: Statement) -> Iterator[Grant]:
    """Yield what one allowing statement of a boundary leaves of a grant."""
    resources, is_sure = _common_resources(grant.resources, limit)
    if not resources:
        return
    for allowed in (_ANYTHING,) if limit.not_actions else limit.actions:
        common = _common_action(grant.action, allowed)
        if common is None:
            continue
        action, is_exact = common
        yield replace(
            grant,
            action=action,
            resources=resources,
            denied=_joined(grant.denied, limit.not_actions),
            denied_resources=_joined(grant.denied_resources, limit.not_resources),
            is_conditional=grant.is_conditional or bool(limit.conditions) or not (is_sure and is_exact),
            conditions=grant.conditions or limit.conditions,
        )


def _common_resources(resources: tuple[str, ...], limit: Statement) -> tuple[tuple[str, ...], bool]:
    """Return the resources that a boundary's statement leaves, and whether they are exactly those."""
    if limit.not_resources:
        left = tuple(each for each in resources if not _is_covered(each, limit.not_resources))
        return left, True
    return _among(resources, limit.resources)


def _among(resources: Iterable[str], patterns: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """Return what resources have in common with patterns, and whether it is exactly that."""
    common: dict[str, None] = {}
    is_sure = True
    for each in resources:
        for pattern in patterns:
            if covers(pattern, each):
                common[each] = None
            elif covers(each, pattern):
                common[pattern] = None
            elif overlaps(pattern, each):
                common[each] = None
                is_sure = False
    return tuple(common), is_sure


def _without(grant: Grant, denial: Statement) -> Iterator[Grant]:
    """Yield what a denial leaves of a grant: the resources that it spares, and what is left on the others."""
    if not _concerns(denial, grant):
        yield grant
        return
    if denial.not_resources:
        hit = tuple(each for each in grant.resources if not _is_covered(each, denial.not_resources))
        spared, is_sure = _among(grant.resources, denial.not_resources)
    else:
        hit = tuple(each for each in grant.resources if _is_covered(each, denial.resources))
        spared, is_sure = tuple(each for each in grant.resources if each not in hit), True
    if spared:
        yield replace(grant, resources=spared, is_conditional=grant.is_conditional or not is_sure)
    if hit:
        on_hit = replace(grant, resources=hit)
        yield from _doubted(on_hit, denial) if denial.conditions else _cut(on_hit, denial)


def _concerns(denial: Statement, grant: Grant) -> bool:
    """Whether a denial takes some of a grant's actions."""
    if denial.not_actions:
        return not any(action_matches(each, grant.action) for each in denial.not_actions)
    return bool(_touched(grant, denial.actions))


def _doubted(grant: Grant, denial: Statement) -> Iterator[Grant]:
    """Yield a grant with what a denial with conditions puts in doubt."""
    conditions = grant.conditions or denial.conditions
    if statement_covers(denial, grant.action):
        yield replace(grant, is_conditional=True, conditions=conditions)
    elif denial.not_actions:
        is_spared = any(action_matches(each, grant.action) for each in denial.not_actions)
        yield grant if is_spared else replace(grant, is_conditional=True, conditions=conditions)
    elif touched := _touched(grant, denial.actions):
        yield replace(grant, doubtful=_joined(grant.doubtful, touched), conditions=conditions)
    else:
        yield grant


def _cut(grant: Grant, denial: Statement) -> Iterator[Grant]:
    """Yield what a denial without conditions leaves of a grant's actions."""
    if not denial.not_actions:
        yield replace(grant, denied=_joined(grant.denied, _touched(grant, denial.actions)))
        return
    for spared in _touched(grant, denial.not_actions):
        if common := _common_action(grant.action, spared):
            action, is_exact = common
            yield replace(grant, action=action, is_conditional=grant.is_conditional or not is_exact)


def _left(grant: Grant) -> Grant | None:
    """Return a grant without the resources that it denies itself, None where nothing is left of it."""
    resources = tuple(each for each in grant.resources if not _is_covered(each, grant.denied_resources))
    if not resources or any(action_matches(each, grant.action) for each in grant.denied):
        return None
    return replace(grant, resources=resources)


def _touched(grant: Grant, patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in patterns if actions_overlap(each, grant.action))


def _joined(some: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *more)))


def _common_action(one: str, other: str) -> tuple[str, bool] | None:
    """Return the pattern of what two action patterns have in common, and whether it is exactly that."""
    if action_matches(other, one):
        return one, True
    if action_matches(one, other):
        return other, True
    return (one, False) if actions_overlap(one, other) else None


def _is_covered(resource: str, patterns: Iterable[str]) -> bool:
    return any(covers(each, resource) for each in patterns)
