"""The catalogue of rules as JSON and as Markdown."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, starmap

from records.facet import FacetName
from records.facet import iam_actions as actions_of
from records.resource import ResourceType
from rules.engine import Rule

_SCHEMA_VERSION = 1

_LISTS: Mapping[ResourceType, tuple[FacetName, ...]] = {
    ResourceType.USER_POOL: (FacetName.USER_POOLS,),
    ResourceType.APP_CLIENT: (FacetName.USER_POOLS, FacetName.APP_CLIENTS),
    ResourceType.IDENTITY_PROVIDER: (FacetName.USER_POOLS, FacetName.IDENTITY_PROVIDERS),
    # The user pool names its domains.
    ResourceType.DOMAIN: (FacetName.USER_POOLS, FacetName.USER_POOL),
    ResourceType.IDENTITY_POOL: (FacetName.IDENTITY_POOLS,),
}

_PREAMBLE = """\
# Rules

Written by `poolwatch rules --format markdown`; do not edit.

A rule looks at one kind of resource. It fails where it finds the problem that its title names and passes
where it does not; it is not applicable where the resource cannot have the problem, and unknown where
something that it reads could not be read. "Plan" is the feature plan that the fix needs.
"""


def rule_document(rule: Rule) -> Mapping[str, object]:
    """Return a rule as JSON's own kinds: what `rules --format json` tells of it."""
    return {
        "code": rule.code,
        "slug": rule.slug,
        "title": rule.title,
        "severity": rule.severity.value,
        "family": rule.family,
        "applies_to": rule.resource_type.value,
        "why": rule.why,
        "fix": rule.fix,
        "unsure_when": rule.unsure_when,
        "reads": [facet.value for facet in rule.reads],
        "iam_actions": iam_actions(rule),
        "plan_needed": rule.plan_needed,
        "mappings": {name: list(ids) for name, ids in rule.mappings.items()},
        "peers": {name: list(ids) for name, ids in rule.peers.items()},
        "url": rule.url,
    }


def iam_actions(rule: Rule) -> list[str]:
    """Return the IAM actions of what a rule reads, and of the lists that lead there."""
    facets = {*rule.reads, *_LISTS[rule.resource_type]}
    operations = {operation for facet in facets for operation in facet.operations}
    return sorted({action for operation in operations for action in actions_of(operation)})


def rules_json(rules: Iterable[Rule]) -> str:
    """Return the catalogue as a JSON document."""
    document = {"schema_version": _SCHEMA_VERSION, "rules": [rule_document(rule) for rule in rules]}
    return f"{json.dumps(document, indent=2)}\n"


def rules_markdown(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield the catalogue as Markdown: a table of contents, then each rule in full."""
    families = [(family, tuple(members)) for family, members in groupby(rules, key=lambda rule: rule.family)]
    yield _PREAMBLE
    yield "\n| Code | Severity | Problem | Applies to | Plan |\n| --- | --- | --- | --- | --- |\n"
    for _, members in families:
        for rule in members:
            yield (
                f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity.value} | {rule.title} |"
                f" {rule.resource_type.noun} | {rule.plan_needed or ''} |\n"
            )
    for family, members in families:
        yield f"\n## {family.capitalize()}\n"
        for rule in members:
            yield from _rule_markdown(rule)


def _rule_markdown(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.code}\n\n**{rule.title}** (`{rule.slug}`, {rule.severity.value})\n"
    yield f"\nWhy: {rule.why}\n"
    yield f"\nFix: {rule.fix}\n"
    if rule.unsure_when:
        yield f"\nUnsure when: {rule.unsure_when}\n"
    yield f"\n- Applies to: {rule.resource_type.noun} (`{rule.resource_type.value}`)\n"
    yield f"- Reads: {', '.join(facet.value for facet in rule.reads)}\n"
    yield f"- IAM actions: {', '.join(f'`{action}`' for action in iam_actions(rule))}\n"
    if rule.parameters:
        thresholds = ", ".join(f"{name} {value}" for name, value in rule.parameters.items())
        yield f"- Thresholds (fsbp): {thresholds}\n"
    if rule.plan_needed:
        yield f"- Plan that the fix needs: {rule.plan_needed}\n"
    for label, ids in (("Maps to", rule.mappings), ("Peers", rule.peers)):
        if ids:
            yield f"- {label}: {'; '.join(starmap(_named, ids.items()))}\n"
    yield f"- See: <{rule.url}>\n"


def _named(source: str, ids: Iterable[str]) -> str:
    return f"{source} {', '.join(f'`{each}`' for each in ids)}"
