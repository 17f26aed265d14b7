"""What it would take to close a finding: the changes merged into the present settings, or why not.

Everything here is pure; `poolwatch.fixing` reads what it is given.
"""

import copy
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from collectors.present_settings import PresentSettings, has_path
from poolwatch.posture import Verification
from records.facet import FacetName
from records.resource import Resource
from records.user_pool import UserPool
from rules.engine import Rule
from rules.remedies import Change, Operation, Remedy, remedies
from rules.remedies.templates import cloudformation, terraform

# By what they can do: each has what those before it have.
PLANS = ("LITE", "ESSENTIALS", "PLUS")

# They move without anybody changing a setting; when a resource was modified is told apart from what was.
_VOLATILE = frozenset({"estimated_users", "modified_at"})
_STACK_NAME = "aws:cloudformation:stack-name"
_TERRAFORM_NAMES = frozenset({"terraform", "opentofu"})
# Tags in which teams write down what manages a resource, without case and separators.
_MANAGER_KEYS = frozenset(
    {"managedby", "managed", "createdby", "provisionedby", "provisioner", "deployedby", "iac", "iactool"}
)
_NO = frozenset({"", "false", "no", "0"})


class Status(StrEnum):
    """What came of the wish to close a finding."""

    CALL = "call"
    WITHHELD = "withheld"
    BY_HAND = "by_hand"
    NOTHING_TO_MEND = "nothing_to_mend"
    CANNOT_JUDGE = "cannot_judge"


class Tool(StrEnum):
    """What a user pool is managed by, as its tags tell."""

    CLOUDFORMATION = "CloudFormation"
    TERRAFORM = "Terraform"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedBy:
    """The tool that made a user pool, and the tag that tells."""

    tool: Tool
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One member that an operation's input would have otherwise; None where it is not set."""

    operation: Operation
    path: tuple[str, ...]
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateEdit:
    """One attribute that a template has to set; None where the attribute is to be taken away."""

    tool: Tool
    resource: str
    attribute: str
    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One complete call: the present settings with the edits."""

    operation: Operation
    region: str
    parameters: Mapping[str, Any]
    edits: tuple[Edit, ...]

    @property
    def service(self) -> str:
        """The service by boto3's name for it."""
        return "cognito-identity" if self.operation is Operation.UPDATE_IDENTITY_POOL else "cognito-idp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A setting that is no longer what the store holds; `field` is its place in the facet's record."""

    facet: FacetName
    resource_arn: str
    field: str
    stored: object
    present: object


@dataclass(frozen=True, slots=True, kw_only=True)
class FixPlan:
    """What closes one rule's finding on one resource.

    `verification` is None where the rule cannot be judged on one resource alone. `calls` stand only where
    nothing withholds them, `edits` wherever they could be told; `reasons` say why there is no call.
    """

    rule: Rule
    resource: Resource
    status: Status
    verification: Verification | None = None
    user_pool: UserPool | None = None
    managed_by: ManagedBy | None = None
    edits: tuple[Edit, ...] = ()
    calls: tuple[Call, ...] = ()
    reasons: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def remedy(self) -> Remedy:
        """What closes the rule's findings, in words and steps."""
        return remedies()[self.rule.code]

    @property
    def template_edits(self) -> Iterator[TemplateEdit]:
        """The edits as a template has them, the managing tool's first; none for what it cannot set."""
        for tool in sorted(
            Tool, key=lambda each: self.managed_by is None or each is not self.managed_by.tool
        ):
            place_of = terraform if tool is Tool.TERRAFORM else cloudformation
            for edit in self.edits:
                place = place_of(Change(edit.operation, edit.path, edit.after))
                if place is not None:
                    yield TemplateEdit(
                        tool=tool, resource=place.resource, attribute=place.attribute, value=place.value
                    )


def merged(present: PresentSettings, changes: Iterable[Change], region: str) -> Call:
    """Return the call that leaves everything as it is but for the changes, which are all of its operation.

    Raises ValueError for a change of a member that the operation does not have.
    """
    operation = Operation(present.operation)
    parameters = copy.deepcopy(dict(present.parameters))
    edits = []
    for change in changes:
        if change.operation is not operation or not has_path(operation, change.path):
            raise ValueError(f"{operation} has no {'.'.join(change.path)}")
        after = _json_value(change.value)
        before = _put(parameters, change.path, after)
        if before != after:
            edits.append(Edit(operation=operation, path=change.path, before=before, after=after))
    return Call(operation=operation, region=region, parameters=parameters, edits=tuple(edits))


def differences(
    stored: Mapping[tuple[FacetName, str], object], present: Mapping[tuple[FacetName, str], object]
) -> Iterator[Difference]:
    """Yield what differs between two readings of the same facets; what only one of them has is left."""
    for (facet, arn), value in present.items():
        if (facet, arn) in stored:
            for place, was, is_now in _fields("", stored[facet, arn], value):
                yield Difference(facet=facet, resource_arn=arn, field=place, stored=was, present=is_now)


def plan_reason(rule: Rule, pool: UserPool | None) -> str | None:
    """Return why the user pool's plan stands in the way of the fix, if it does."""
    if pool is None or rule.plan_needed in (None, PLANS[0]):
        return None
    if pool.tier is None:
        return f"it takes the {rule.plan_needed} plan, and AWS does not tell which plan the user pool is on"
    if pool.tier not in PLANS or PLANS.index(pool.tier) >= PLANS.index(str(rule.plan_needed)):
        return None
    return (
        f"it takes the {rule.plan_needed} plan, and the user pool is on {pool.tier}: another plan has another"
        " price for every active user"
    )


def present_reasons(present: PresentSettings) -> Iterator[str]:
    """Yield why no call can be built of the present settings."""
    for member in present.unknown:
        yield (
            f"AWS answers {member}, which this release does not know: the call would leave it out, and"
            f" {present.operation} resets what it is not given"
        )
    for member in present.missing:
        yield (
            f"AWS does not answer {member}, and {present.operation} without one sets AWS's default:"
            " set it yourself first, to what you pay for now"
        )


def managed_by(pool: UserPool | None) -> ManagedBy | None:
    """Return the tool that the user pool's tags name, CloudFormation before Terraform."""
    tags = pool.tags if pool else ()
    for key, value in tags:
        if key == _STACK_NAME:
            return ManagedBy(tool=Tool.CLOUDFORMATION, tag=f"{key}={value}")
    for key, value in tags:
        plain_key = key.lower().replace("-", "").replace("_", "").replace(":", "").replace(" ", "")
        names_it = plain_key in _MANAGER_KEYS and any(name in value.lower() for name in _TERRAFORM_NAMES)
        if names_it or (plain_key in _TERRAFORM_NAMES and value.lower() not in _NO):
            return ManagedBy(tool=Tool.TERRAFORM, tag=f"{key}={value}")
    return None


def _put(parameters: dict[str, Any], path: tuple[str, ...], value: object) -> object:
    """Set or take away the member at a path; return what was there, None for nothing."""
    *parents, name = path
    holder, holders = parameters, [parameters]
    for each in parents:
        holder = holder.setdefault(each, {})
        holders.append(holder)
    before: object = holder.pop(name, None)
    if value is not None:
        holder[name] = value
    # A structure that nothing is left of is left out, too.
    for parent, each in reversed(list(zip(holders, parents, strict=False))):
        if not parent[each]:
            del parent[each]
    return before


def _json_value(value: object) -> object:
    match value:
        case frozenset() | set():
            return sorted(value)
        case tuple() | list():
            return [_json_value(each) for each in value]
        case Mapping():
            return {key: _json_value(each) for key, each in value.items()}
        case _:
            return value


def _fields(place: str, stored: object, present: object) -> Iterator[tuple[str, object, object]]:
    if stored == present:
        return
    is_same_record = dataclasses.is_dataclass(present) and type(stored) is type(present)
    if not is_same_record:
        yield place, stored, present
        return
    for each in dataclasses.fields(present):  # type: ignore[arg-type]  # an instance of it
        if each.name not in _VOLATILE:
            inner = f"{place}.{each.name}" if place else each.name
            yield from _fields(inner, getattr(stored, each.name), getattr(present, each.name))
