"""Which rule stands for which check of Security Hub, AWS Config and other tools, as Markdown."""

from collections.abc import Iterable, Iterator, Mapping

from rules.engine import Rule
from rules.twins import DIFFERENCES, LEFT_OUT

TITLES: Mapping[str, str] = {
    "security_hub": "AWS Security Hub CSPM",
    "aws_config": "AWS Config",
    "prowler": "Prowler",
    "service_screener": "AWS service-screener-v2",
    "stave": "stave",
    "mondoo": "Mondoo cnspec",
    "electric_eye": "ElectricEye",
    "cdk_nag": "cdk-nag",
    "cfn_nag": "cfn-nag",
    "checkov": "Checkov",
    "cloudsploit": "CloudSploit",
    "kics": "KICS",
    "powerpipe": "Powerpipe",
}

_PREAMBLE = """\
# Coverage

Written by `poolwatch rules --format coverage`; do not edit.

Which of our rules stands for which control or check of others, and which are ours alone. One rule may stand
for several checks, and several rules for one: ours go by the thought, not by the setting. Other tools' ids
are those of 2026. A call that is denied is unknown here; most others count it as a failure or leave it out.
"""


def coverage_markdown(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield the document: sums, where twins differ, then each source's checks and each rule that is alone."""
    every = tuple(rules)
    alone = [rule for rule in every if not rule.mappings and not rule.peers]
    yield _PREAMBLE
    yield (
        f"\n{len(every)} rules: {len(every) - len(alone)} have a twin elsewhere, "
        f"{len(alone)} are [ours alone](#ours-alone).\n"
    )
    yield "\n| Source | Its checks that we stand for | Our rules |\n| --- | --- | --- |\n"
    for source, title in TITLES.items():
        if checks := _checks(every, source):
            codes = {code for each in checks.values() for code in each}
            yield f"| [{title}](#{_anchor(title)}) | {len(checks)} | {len(codes)} |\n"
    for source, title in TITLES.items():
        if checks := _checks(every, source):
            yield f"\n## {title}\n\n"
            yield from _table(checks, DIFFERENCES.get(source, {}))
    yield "\n## Left out\n\nWhat others check and no rule here does, with the reason.\n"
    for source, reasons in LEFT_OUT.items():
        yield f"\n### {TITLES[source]}: left out\n\n| Check | Why |\n| --- | --- |\n"
        yield from (f"| `{check}` | {reason} |\n" for check, reason in sorted(reasons.items()))
    yield "\n## Ours alone\n\n| Rule | Severity | Problem |\n| --- | --- | --- |\n"
    for rule in alone:
        yield f"| {_link(rule.code)} | {rule.severity.value} | {rule.title} |\n"


def _checks(rules: Iterable[Rule], source: str) -> Mapping[str, list[str]]:
    """Return the codes of our rules by the ids of a source's checks, both in order."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        for check in (*rule.mappings.get(source, ()), *rule.peers.get(source, ())):
            found.setdefault(check, []).append(rule.code)
    return dict(sorted(found.items()))


def _table(checks: Mapping[str, list[str]], differences: Mapping[str, str]) -> Iterator[str]:
    differs = " Where ours differs |" if differences else ""
    yield f"| Check | Rules |{differs}\n| --- | --- |{' --- |' if differences else ''}\n"
    for check, codes in checks.items():
        difference = f" {differences.get(check, '')} |" if differences else ""
        yield f"| `{check}` | {', '.join(map(_link, codes))} |{difference}\n"


def _link(code: str) -> str:
    return f"[{code}](rules.md#{code.lower()})"


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")
