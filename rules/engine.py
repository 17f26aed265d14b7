"""What a rule is, and what it is given; `rules.evaluating` runs rules over a snapshot.

A rule is a generator from one record and its context to problems; yielding nothing is PASS. `@rule` returns a
frozen `Rule` and registers nothing: `rules.catalogue` finds the objects in the family modules.
"""

import inspect
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from records.app_client import AppClient
from records.evaluation import Evidence, Severity
from records.facet import FacetName
from records.federation import IdentityProvider
from records.iam import Role
from records.identity_pool import IdentityPool
from records.intent import Intent
from records.resource import ResourceType
from records.snapshot import (
    AppClientSnapshot,
    IdentityPoolSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from records.user_pool import UserPool
from records.user_pool_parts import UserPoolDomain
from rules.intents import Intents
from rules.ladder import Stakes

Subject = TypeVar("Subject", UserPool, AppClient, IdentityProvider, UserPoolDomain, IdentityPool, Role)
AnySubject = UserPool | AppClient | IdentityProvider | UserPoolDomain | IdentityPool | Role

# The facet that a rule reads by its first argument, and the resource that its findings are about.
SUBJECTS: Mapping[type, tuple[FacetName, ResourceType]] = {
    UserPool: (FacetName.USER_POOL, ResourceType.USER_POOL),
    AppClient: (FacetName.APP_CLIENT, ResourceType.APP_CLIENT),
    IdentityProvider: (FacetName.IDENTITY_PROVIDER, ResourceType.IDENTITY_PROVIDER),
    UserPoolDomain: (FacetName.DOMAIN, ResourceType.DOMAIN),
    IdentityPool: (FacetName.IDENTITY_POOL, ResourceType.IDENTITY_POOL),
    Role: (FacetName.WEB_IDENTITY_ROLES, ResourceType.ROLE),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a predicate on the resource with the observed value, and what was read.

    `severity` is given where this problem is better or worse than the rule's others, `because` says why in
    words that follow "raised because" or "lowered because". `path` holds the links of a chain in the order in
    which an attacker goes through them; `target` is the ARN of what has to be changed, if not the resource.
    """

    message: str
    evidence: Evidence
    severity: Severity | None = None
    because: str = ""
    path: tuple[str, ...] = ()
    target: str | None = None


# A named tuple, for each rule with numbers or names of its own gets a copy, for every resource.
class Context(NamedTuple):
    """What a rule may look at beside its record: the pool it belongs to, everything else, and today.

    `parameters` and `names` are the rule's numbers and lists of names under the chosen baseline, `intents`
    what the user pool is declared to be for.
    """

    snapshot: Snapshot
    region: RegionSnapshot
    today: date
    parameters: Mapping[str, int]
    names: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    intents: frozenset[Intent] = frozenset()
    user_pool: UserPoolSnapshot | None = None
    app_client: AppClientSnapshot | None = None
    identity_pool: IdentityPoolSnapshot | None = None

    @property
    def pool(self) -> UserPoolSnapshot:
        """The user pool that the record is, or belongs to. Raises LookupError where there is none."""
        if self.user_pool is None:
            raise LookupError("a rule on identity pools or roles has no user pool")
        return self.user_pool

    @property
    def client(self) -> AppClientSnapshot:
        """The app client that the record is. Raises LookupError in a rule on anything else."""
        if self.app_client is None:
            raise LookupError("only a rule on app clients has an app client")
        return self.app_client

    @property
    def identities(self) -> IdentityPoolSnapshot:
        """The identity pool that the record is. Raises LookupError in a rule on anything else."""
        if self.identity_pool is None:
            raise LookupError("a rule on anything but identity pools has no identity pool")
        return self.identity_pool


Check = Callable[[Any, Context], Iterator[Problem]]
Predicate = Callable[[Any, Context], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule with its documentation; the texts are the parts of its function's docstring.

    `resource_type` is the kind of resource that its findings are about.
    """

    code: str
    slug: str
    title: str
    severity: Severity
    family: str
    subject: type[AnySubject]
    resource_type: ResourceType
    why: str
    fix: str
    unsure_when: str | None
    reads: tuple[FacetName, ...]
    parameters: Mapping[str, int]
    names: Mapping[str, tuple[str, ...]]
    stakes: Stakes
    plan_needed: str | None
    mappings: Mapping[str, tuple[str, ...]]
    peers: Mapping[str, tuple[str, ...]]
    url: str
    check: Check = field(repr=False)
    applies: Predicate | None = field(repr=False)


def rule(
    code: str,
    severity: Severity,
    *,
    url: str,
    reads: Iterable[FacetName] = (),
    applies: Predicate | None = None,
    params: Mapping[str, int] | None = None,
    names: Mapping[str, tuple[str, ...]] | None = None,
    stakes: Stakes = Stakes.NONE,
    plan_needed: str | None = None,
    mappings: Mapping[str, tuple[str, ...]] | None = None,
    peers: Mapping[str, tuple[str, ...]] | None = None,
) -> Callable[[Callable[[Subject, Context], Iterator[Problem]]], Rule]:
    """Make a Rule of a generator function.

    `reads` names the facets beside the subject's own, `applies` is the condition without which the rule is
    NOT_APPLICABLE, `params` are the thresholds and `names` the lists of names that a baseline or the
    settings may set, `stakes` says how circumstances move the severity (rules.ladder). Raises ValueError
    where the docstring lacks its title, `Why:` or `Fix:`, and TypeError where the first argument's
    annotation is no subject, or another one than that of `applies`.
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
            resource_type=SUBJECTS[subject][1],
            why=texts["why"],
            fix=texts["fix"],
            unsure_when=texts.get("unsure when"),
            reads=(SUBJECTS[subject][0], *reads),
            parameters=params or {},
            names=names or {},
            stakes=stakes,
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
    """A named set of thresholds; what it does not set, a rule takes from its own `params` and `names`.

    `intents` is what owners declare of their user pools, by which rules judge, too.
    """

    name: str
    title: str = ""
    parameters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()
    intents: Intents = field(default_factory=Intents)


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
