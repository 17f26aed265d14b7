"""How far a role reaches: what its policies surely allow of the actions that matter here.

What a condition decides is left out: neither allowed nor refused, it proves nothing.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from records.facet import FacetName, Gap, NotCollectedError, Reason
from records.iam import RolePolicies
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
_TOO_LARGE = Gap(
    operation=FacetName.ROLE_POLICIES.operation,
    reason=Reason.NOT_SUPPORTED,
    message="the role's policies hold too many patterns to compare them with each other",
)
# More would make a finding unreadable.
_SHOWN, _LISTED = 3, 20
_STATEMENTS = 10

_ACTIONS = tuple(dict.fromkeys((*ESCALATION_ACTIONS, *sorted(DATA_READS), *sorted(DATA_WRITES))))
_BY_SERVICE = {
    service: tuple(each for each in _ACTIONS if each.partition(":")[0] == service)
    for service in {each.partition(":")[0] for each in _ACTIONS}
}
_ANY_OBJECT = "arn:*:s3:*:*/*"
# What a request says of its user and no other user's can say: the identity, or a tag of the session.
_USER_VARIABLE = re.compile(r"\$\{(cognito-identity[a-z0-9.-]*:sub|aws:principaltag/[^}]+)\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """An action, or all that a pattern of actions matches without those spared, that a role surely allows."""

    policy: str
    action: str
    resources: tuple[str, ...]
    spared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A role's grants, and of the actions that matter here those that it allows without any condition."""

    grants: tuple[Grant, ...]
    abilities: tuple[Ability, ...]

    @property
    def escalations(self) -> Iterator[Ability]:
        """What lets the role's holder gain more rights."""
        return (each for each in self.abilities if each.action in ESCALATION_ACTIONS and _is_broad(each))

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
                    yield Ability(policy=each.policy, action=each.action, resources=resources)

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
                        action=grant.action,
                        resources=resources,
                        spared=(*grant.denied, *grant.doubtful),
                    )


def reach_of(policies: RolePolicies) -> Reach:
    """Return how far a role reaches. Raises NotCollectedError where its policies are too large to compare."""
    found = _reach(policies)
    if found is None:
        raise NotCollectedError(_TOO_LARGE)
    return found


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
    return Reach(grants=tuple(found), abilities=tuple(_abilities(found)))


def _abilities(granted: Iterable[Grant]) -> Iterator[Ability]:
    for grant in granted:
        if grant.is_conditional:
            continue
        service = grant.action.partition(":")[0].lower()
        for action in _ACTIONS if is_pattern(service) else _BY_SERVICE.get(service, ()):
            if grant.decide(action) is Decision.GRANTED:
                resources = tuple(each for each in grant.resources if _can_hold(each, action))
                if resources:
                    yield Ability(policy=grant.policy, action=action, resources=resources)


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
    return ability.action not in HARMLESS_ON_ONE_RESOURCE or any(
        names_any_resource(each) or is_any_of_type(each) for each in ability.resources
    )


def _is_public_by_name(resource: str) -> bool:
    """Whether a resource lies in a folder of a bucket that its owner calls public."""
    return resource.startswith("arn:") and ":s3:" in resource and "public" in resource.split("/")[1:]


def _some(values: tuple[str, ...]) -> str:
    rest = len(values) - _SHOWN
    shown = ", ".join(_short(each) for each in values[:_SHOWN])
    return f"{shown} and {rest} more" if rest > 0 else shown


def _short(text: str, limit: int = 120) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
