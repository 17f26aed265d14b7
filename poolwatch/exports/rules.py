"""The catalogue of rules as JSON and as Markdown."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, starmap

from records.facet import FacetName
from records.facet import iam_actions as actions_of
from records.resource import ResourceType
from rules.engine import Rule
from rules.ladder import Stakes, ladder
from rules.remedies import Remedy, remedies

_SCHEMA_VERSION = 1

_LISTS: Mapping[ResourceType, tuple[FacetName, ...]] = {
    ResourceType.USER_POOL: (FacetName.USER_POOLS,),
    ResourceType.APP_CLIENT: (FacetName.USER_POOLS, FacetName.APP_CLIENTS),
    ResourceType.IDENTITY_PROVIDER: (FacetName.USER_POOLS, FacetName.IDENTITY_PROVIDERS),
    # The user pool names its domains.
    ResourceType.DOMAIN: (FacetName.USER_POOLS, FacetName.USER_POOL),
    ResourceType.IDENTITY_POOL: (FacetName.IDENTITY_POOLS,),
    ResourceType.ROLE: (FacetName.WEB_IDENTITY_ROLES,),
}

_PREAMBLE = """\
# Rules

Written by `poolwatch rules --format markdown`; do not edit.

A rule looks at one kind of resource. It fails where it finds the problem that its title names and passes
where it does not; it is not applicable where the resource cannot have the problem, and unknown where
something that it reads could not be read. "Plan" is the feature plan that the fix needs.

Thresholds and lists of names are those that a rule carries itself; baselines and `poolwatch.toml` may set
others.

## Severity

A rule has the severity of its problem on a user pool of which nothing more is known. A problem may be graded
by the rule itself; else the user pool's circumstances move it by one step, as the table says. If they do
both, it stays. Raising ends at high, and info is never raised. Findings say what moved them, such as "high:
medium, raised because the user pool feeds an identity pool".

"""


def rule_document(rule: Rule) -> Mapping[str, object]:
    """Return a rule as JSON's own kinds: what `rules --format json` tells of it."""
    remedy = remedies()[rule.code]
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
        "parameters": dict(rule.parameters),
        "names": {name: list(each) for name, each in rule.names.items()},
        "stakes": rule.stakes.value,
        "plan_needed": rule.plan_needed,
        "remedy": {**remedy_document(remedy), "has_call": remedy.changes is not None},
        "mappings": {name: list(ids) for name, ids in rule.mappings.items()},
        "peers": {name: list(ids) for name, ids in rule.peers.items()},
        "url": rule.url,
    }


def remedy_document(remedy: Remedy) -> Mapping[str, object]:
    """Return a remedy as JSON's own kinds."""
    return {
        "change": remedy.change,
        "impact": remedy.impact,
        "affected": remedy.affected.value,
        "needs_client_release": remedy.needs_client_release,
        "is_reversible": remedy.is_reversible,
        "steps": list(remedy.steps),
        "breaks": remedy.breaks,
        "removes": remedy.removes,
    }


def remedy_facts(remedy: Remedy) -> tuple[str, ...]:
    """Return what a person weighs before the change, each as a few words."""
    return (
        f"touches {remedy.affected.value}",
        "needs a release of the apps" if remedy.needs_client_release else "needs no release of the apps",
        "can be undone" if remedy.is_reversible else "cannot be undone",
    )


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
    yield from _ladder_markdown()
    yield "\n## All rules\n"
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


def _ladder_markdown() -> Iterator[str]:
    yield "| Severity moves by | One step up where | One step down where |\n| --- | --- | --- |\n"
    for stakes, up, down in ladder():
        if stakes is not Stakes.NONE:
            name = stakes.value.replace("_", " ")
            yield f"| {name} | {'; '.join(up)} | {'; '.join(down)} |\n"


def _rule_markdown(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.code}\n\n**{rule.title}** (`{rule.slug}`, {rule.severity.value})\n"
    yield f"\nWhy: {rule.why}\n"
    yield f"\nFix: {rule.fix}\n"
    if rule.unsure_when:
        yield f"\nUnsure when: {rule.unsure_when}\n"
    yield from _remedy_markdown(remedies()[rule.code])
    yield f"\n- Applies to: {rule.resource_type.noun} (`{rule.resource_type.value}`)\n"
    yield f"- Reads: {', '.join(facet.value for facet in rule.reads)}\n"
    yield f"- IAM actions: {', '.join(f'`{action}`' for action in iam_actions(rule))}\n"
    if rule.parameters:
        thresholds = ", ".join(f"{name} {value}" for name, value in rule.parameters.items())
        yield f"- Thresholds: {thresholds}\n"
    if rule.names:
        lists = "; ".join(f"{name} {', '.join(each) or 'none'}" for name, each in rule.names.items())
        yield f"- Names: {lists}\n"
    if rule.stakes is not Stakes.NONE:
        yield f"- Severity moves by: {rule.stakes.value.replace('_', ' ')} ([the ladder](#severity))\n"
    if rule.plan_needed:
        yield f"- Plan that the fix needs: {rule.plan_needed}\n"
    for label, ids in (("Maps to", rule.mappings), ("Peers", rule.peers)):
        if ids:
            yield f"- {label}: {'; '.join(starmap(_named, ids.items()))}\n"
    yield f"- See: <{rule.url}>\n"


def _remedy_markdown(remedy: Remedy) -> Iterator[str]:
    yield f"\nChange: {remedy.change}. {remedy.impact} It {', '.join(remedy_facts(remedy))}.\n\n"
    yield from (f"{number}. {step}\n" for number, step in enumerate(remedy.steps, 1))
    if remedy.breaks:
        yield f"\nCan break: {remedy.breaks}\n"


def _named(source: str, ids: Iterable[str]) -> str:
    return f"{source} {', '.join(f'`{each}`' for each in ids)}"
