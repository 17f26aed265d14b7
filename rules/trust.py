"""Who may take on a role or invoke a function, and what the statement that lets them demands of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from records.iam import IDENTITY_POOL_ISSUERS, Condition, PolicyDocument, Statement
from rules.iam import statement_covers
from rules.patterns import covers, is_pattern

WEB_IDENTITY_ACTION = "sts:AssumeRoleWithWebIdentity"
TAGGING_ACTION = "sts:TagSession"
# What an identity pool's token says of how its holder signed in (`amr`).
GUEST, SIGNED_IN = "unauthenticated", "authenticated"

_ANYBODY = "*"
_AWS, _FEDERATED, _SERVICE = "AWS", "Federated", "Service"
# Operators that demand a value, and whether that is a pattern; ARN operators take patterns in both forms.
# Those with ...IfExists, and ForAllValues, hold for a request without the key, so they demand nothing.
_OPERATORS = {
    "stringequals": False,
    "stringequalsignorecase": False,
    "stringlike": True,
    "arnequals": True,
    "arnlike": True,
}
_ANY_VALUE = "foranyvalue:"
_IGNORES_CASE = "stringequalsignorecase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The values of which a condition demands one; `are_patterns` where `*` and `?` are wildcards in them."""

    values: tuple[str, ...]
    are_patterns: bool
    ignores_case: bool

    @property
    def has_wildcard(self) -> bool:
        """Whether more than the values themselves is accepted."""
        return self.are_patterns and any(is_pattern(each) for each in self.values)

    @property
    def accepts_anything(self) -> bool:
        """Whether every value is accepted."""
        return self.are_patterns and any(covers(each, "?*") for each in self.values)

    def accepts(self, value: str) -> bool:
        """Whether the condition holds for a value."""
        if self.are_patterns:
            return any(covers(each, value) for each in self.values)
        if self.ignores_case:
            return value.lower() in {each.lower() for each in self.values}
        return value in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class WebIdentityTrust:
    """A statement that lets tokens of identity pools take on a role.

    `audiences` are the identity pools and `methods` the `amr` values of which it demands one; None where it
    demands none. `other_conditions` demand more, and `is_limited` says that a denial with conditions does;
    either may shut out what the rest lets in.
    """

    statement: Statement
    audiences: Demand | None
    methods: Demand | None
    other_conditions: tuple[Condition, ...]
    is_limited: bool

    @property
    def accepts_guests(self) -> bool:
        """Whether the demand on `amr` lets guests in, as having none does."""
        return self.methods is None or self.methods.accepts(GUEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTrust:
    """A statement that lets a service act, and what it demands; None where it demands nothing of the kind."""

    statement: Statement
    source_arns: Demand | None
    source_accounts: Demand | None
    external_ids: Demand | None
    other_conditions: tuple[Condition, ...]
    is_limited: bool


def web_identity_trusts(trust: PolicyDocument) -> Iterator[WebIdentityTrust]:
    """Yield the statements of a trust policy that let tokens of identity pools in."""
    for statement, is_limited in _allowing(trust, _FEDERATED, IDENTITY_POOL_ISSUERS, WEB_IDENTITY_ACTION):
        issuers = {name for kind, name in statement.principals if kind == _FEDERATED} & IDENTITY_POOL_ISSUERS
        audiences, methods = (
            {f"{issuer}:{key}" for issuer in issuers or IDENTITY_POOL_ISSUERS} for key in ("aud", "amr")
        )
        yield WebIdentityTrust(
            statement=statement,
            audiences=demand_on(statement, audiences),
            methods=demand_on(statement, methods),
            other_conditions=_others(statement, audiences | methods),
            is_limited=is_limited,
        )


def may_tag_sessions(trust: PolicyDocument) -> bool:
    """Whether a trust policy may let tokens of identity pools bring tags along."""
    return any(_allowing(trust, _FEDERATED, IDENTITY_POOL_ISSUERS, TAGGING_ACTION))


def service_trusts(
    document: PolicyDocument, services: Collection[str], action: str = "sts:AssumeRole"
) -> Iterator[ServiceTrust]:
    """Yield the statements that let one of some services, named as in principals, do an action."""
    arns, accounts, external_ids = {"aws:SourceArn"}, {"aws:SourceAccount"}, {"sts:ExternalId"}
    for statement, is_limited in _allowing(document, _SERVICE, services, action):
        yield ServiceTrust(
            statement=statement,
            source_arns=demand_on(statement, arns),
            source_accounts=demand_on(statement, accounts),
            external_ids=demand_on(statement, external_ids),
            other_conditions=_others(statement, arns | accounts | external_ids),
            is_limited=is_limited,
        )


def demand_on(statement: Statement, keys: Collection[str]) -> Demand | None:
    """Return what a statement demands of one of the keys, None where a request without it gets through.

    Conditions add up, so of several demands the narrowest stands for all: without wildcards, with few values.
    """
    wanted = {key.lower() for key in keys}
    demands = [
        demand
        for condition in statement.conditions
        if condition.key.lower() in wanted and (demand := _demand(condition)) is not None
    ]
    return min(demands, key=lambda each: (each.has_wildcard, len(each.values)), default=None)


def _demand(condition: Condition) -> Demand | None:
    operator = condition.operator.lower().removeprefix(_ANY_VALUE)
    if operator not in _OPERATORS:
        return None
    return Demand(
        values=condition.values,
        are_patterns=_OPERATORS[operator],
        ignores_case=operator == _IGNORES_CASE,
    )


def _others(statement: Statement, keys: Collection[str]) -> tuple[Condition, ...]:
    """Return the conditions that are no demand on one of the keys."""
    wanted = {key.lower() for key in keys}
    return tuple(
        each for each in statement.conditions if each.key.lower() not in wanted or _demand(each) is None
    )


def _allowing(
    document: PolicyDocument, kind: str, names: Collection[str], action: str
) -> Iterator[tuple[Statement, bool]]:
    """Yield the statements that let one of the names do an action, and whether a denial may stop them."""
    concerned = [
        statement
        for statement in document.statements
        if statement_covers(statement, action) and _concerns(statement, kind, names)
    ]
    denials = [statement for statement in concerned if not statement.allows]
    for statement in concerned:
        if statement.allows and not any(_ends(denial, statement, kind, names) for denial in denials):
            yield statement, bool(denials)


def _concerns(statement: Statement, kind: str, names: Collection[str]) -> bool:
    """Whether a statement speaks of one of the names, of everybody, or of all but others."""
    if statement.not_principals:
        return any((kind, name) not in statement.not_principals for name in names)
    return any(
        (each in (kind, _AWS) and value == _ANYBODY) or (each == kind and value in names)
        for each, value in statement.principals
    )


def _ends(denial: Statement, statement: Statement, kind: str, names: Collection[str]) -> bool:
    """Whether a denial leaves nothing of what a statement lets the names do."""
    if denial.conditions or (denial.resources and "*" not in denial.resources) or denial.not_resources:
        return False
    let_in = {name for each, name in statement.principals if each == kind} & set(names) or set(names)
    return all(_concerns(denial, kind, {name}) for name in let_in)
