"""`poolwatch rules`: the catalogue, or one rule in full."""

from collections.abc import Iterable, Mapping, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from poolwatch.cli.options import RulesFormat, chosen
from poolwatch.cli.terminal import SEVERITY_STYLES, Terminal
from poolwatch.exports.coverage import coverage_markdown
from poolwatch.exports.rules import iam_actions, remedy_facts, rules_json, rules_markdown
from rules.catalogue import catalogue
from rules.engine import Rule
from rules.ladder import ladder
from rules.remedies import Remedy, remedies

# Longer lines are hard to read, however wide the terminal.
_TEXT_WIDTH = 100


def rules(terminal: Terminal, *, code: str | None, output_format: RulesFormat) -> None:
    """Show the catalogue, or the rule with this code or slug. Raises UsageError for an unknown one."""
    shown = catalogue() if code is None else (chosen_rule(code),)
    if output_format is RulesFormat.JSON:
        terminal.write((rules_json(shown),))
    elif output_format is RulesFormat.MARKDOWN:
        terminal.write(rules_markdown(shown))
    elif output_format is RulesFormat.COVERAGE:
        terminal.write(coverage_markdown(shown))
    elif code is None:
        terminal.out.print(_table(shown))
        terminal.out.print("`poolwatch rules CODE` tells why a rule matters and how to mend it.", style="dim")
    else:
        _show(terminal, shown[0])


def chosen_rule(code: str) -> Rule:
    """Return the rule with this code or slug. Raises UsageError that names the nearest one."""
    by_name = {name: each for each in catalogue() for name in (each.code, each.slug)}
    return by_name[chosen("rule", code, tuple(by_name), listing="`poolwatch rules` lists all.")]


def _table(shown: Iterable[Rule]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Code", no_wrap=True)
    table.add_column("Severity", no_wrap=True)
    table.add_column("Looks at", no_wrap=True)
    table.add_column("Problem", overflow="fold")
    for rule in shown:
        severity = Text(rule.severity.value, SEVERITY_STYLES[rule.severity])
        table.add_row(rule.code, severity, rule.resource_type.noun, rule.title)
    return table


def _show(terminal: Terminal, rule: Rule) -> None:
    width = min(terminal.out.width, _TEXT_WIDTH)
    terminal.out.print(Text.assemble((f"{rule.code}  ", "bold"), (rule.title, "bold")), width=width)
    severity = (rule.severity.value, SEVERITY_STYLES[rule.severity])
    terminal.out.print(Text.assemble(severity, f", {rule.family}, {rule.slug}"), width=width)
    for label, text in (("Why", rule.why), ("Fix", rule.fix), ("Unsure when", rule.unsure_when)):
        if text:
            terminal.out.print()
            terminal.out.print(Text.assemble((f"{label}: ", "bold"), text), width=width)
    _show_remedy(terminal, remedies()[rule.code], width)
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in _facts(rule):
        if value:
            facts.add_row(name, value)
    terminal.out.print()
    terminal.out.print(facts, width=width)
    # Unbroken, so that it can be followed.
    terminal.out.print(f"\n{rule.url}", soft_wrap=True)


def _show_remedy(terminal: Terminal, remedy: Remedy, width: int) -> None:
    terminal.out.print()
    facts = f"{remedy.impact} It {', '.join(remedy_facts(remedy))}."
    terminal.out.print(Text.assemble(("Change: ", "bold"), f"{remedy.change}. {facts}"), width=width)
    steps = Table.grid(padding=(0, 1, 0, 0))
    for number, step in enumerate(remedy.steps, 1):
        steps.add_row(f"{number}.", step)
    terminal.out.print(Padding(steps, (0, 0, 0, 2)), width=width)
    if remedy.breaks:
        terminal.out.print(Text.assemble(("Can break: ", "bold"), remedy.breaks), width=width)


def _facts(rule: Rule) -> Sequence[tuple[str, str]]:
    return (
        ("Looks at", f"{rule.resource_type.noun} ({rule.resource_type.value})"),
        ("Reads", ", ".join(facet.value for facet in rule.reads)),
        ("IAM actions", ", ".join(iam_actions(rule))),
        ("Thresholds", ", ".join(f"{name} {value}" for name, value in rule.parameters.items())),
        ("Names", "\n".join(f"{name}: {', '.join(each) or 'none'}" for name, each in rule.names.items())),
        ("Severity moves", _moves(rule)),
        ("Plan for the fix", rule.plan_needed or ""),
        ("Maps to", _ids(rule.mappings)),
        ("Peers", _ids(rule.peers)),
    )


def _moves(rule: Rule) -> str:
    """Return what raises and lowers the severity by a step."""
    up, down = next((up, down) for stakes, up, down in ladder() if stakes is rule.stakes)
    ways = (("up where", up), ("down where", down))
    return "\n".join(f"{way} {' or '.join(words)}" for way, words in ways if words)


def _ids(sources: Mapping[str, Sequence[str]]) -> str:
    return "\n".join(f"{source}: {', '.join(ids)}" for source, ids in sources.items())
