"""`poolwatch fix`: what would close a finding, as a preview and as the call that does it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from collectors.clients import AccountTarget
from poolwatch.cli.options import AwsOptions, FixFormat
from poolwatch.cli.report import PoolNames, heading, print_gaps
from poolwatch.cli.ruling import chosen_rule
from poolwatch.cli.terminal import SEVERITY_STYLES, Terminal
from poolwatch.cli.verifying import chosen_resource
from poolwatch.configuration import Configuration
from poolwatch.exports.fixes import CANNOT_TELL, command, fix_json, value_text
from poolwatch.fixing import fix as plan_fix
from poolwatch.planning import FixPlan, Status
from poolwatch.posture import Known, read_known
from poolwatch.settings import configuration, default_store, rate_share
from poolwatch.text import plain
from records.errors import ExitStatus, StoreError
from records.resource import Resource
from rules.engine import Baseline, Rule
from rules.remedies import Remedy
from store.reader import exists

_STATUS = {
    Status.CALL: ExitStatus.DONE,
    Status.NOTHING_TO_MEND: ExitStatus.DONE,
    Status.WITHHELD: ExitStatus.FINDINGS,
    Status.BY_HAND: ExitStatus.FINDINGS,
    Status.CANNOT_JUDGE: ExitStatus.GAPS,
}
_VALUE_LENGTH = 400


def fix(
    terminal: Terminal,
    aws: AwsOptions,
    *,
    code: str,
    arn: str,
    output_format: FixFormat,
    config: Path | None,
    store: Path | None,
) -> ExitStatus:
    """Read the resource again and print what closes the finding; nothing is applied."""
    settings = configuration(config)
    rule = chosen_rule(code)
    # A rule that the baseline or the settings switch off can be mended all the same.
    baseline = replace(settings.baseline, switched_off=frozenset())
    resource = chosen_resource(arn)
    known = _known(terminal, store or default_store(settings), rule, resource, baseline)
    with terminal.progress("Reading") as report:
        plan = plan_fix(
            rule,
            resource,
            _target(aws, settings, resource),
            rate_share=rate_share(aws.rate_share, settings),
            known=known,
            baseline=baseline,
            on_progress=report,
        )
    if output_format is FixFormat.JSON:
        terminal.write((fix_json(plan),))
    else:
        _print(terminal, plan)
    return _STATUS[plan.status]


def _target(aws: AwsOptions, settings: Configuration, resource: Resource) -> AccountTarget:
    account = settings.account(resource.scope.account_id)
    (target,) = aws.targets(() if account is None else (account,))
    return target


def _known(
    terminal: Terminal, store: Path, rule: Rule, resource: Resource, baseline: Baseline
) -> Known | None:
    """Return what the store holds; one that is not there or not sound does not keep us from AWS."""
    try:
        return (
            read_known(store, rule, resource.arn, resource.pool_arn, baseline=baseline)
            if exists(store)
            else None
        )
    except StoreError as error:
        terminal.warn(f"Nothing to compare with: {error.message}.")
        return None


def _print(terminal: Terminal, plan: FixPlan) -> None:
    console = terminal.out
    _print_heading(console, plan)
    if plan.status is Status.NOTHING_TO_MEND:
        console.print("\nThere is nothing to mend: the rule does not fail on what AWS answers now.")
        return
    if plan.status is Status.CANNOT_JUDGE:
        console.print("\nWhether there is anything to mend cannot be told.")
        if plan.verification:
            print_gaps(console, plan.verification.gaps, PoolNames(plan.verification.snapshot))
        return
    if plan.edits:
        _title(console, "What would change")
        for edit in plan.edits:
            line = f"{plain('.'.join(edit.path))}: {_shown(edit.before)} -> {_shown(edit.after)}"
            console.print(Padding(Text(line), (0, 0, 0, 4), expand=False))
    _print_facts(console, plan)
    _title(console, "Steps")
    for number, step in enumerate(plan.remedy.steps, start=1):
        console.print(Padding(Text(f"{number}. {step}"), (0, 0, 0, 4), expand=False))
    _print_templates(console, plan)
    _print_calls(terminal, plan)


def _print_heading(console: Console, plan: FixPlan) -> None:
    rule, verification = plan.rule, plan.verification
    severity = verification.finding.evaluation.severity if verification else rule.severity
    title = Text(f"{rule.code} {rule.title}", "bold")
    console.print(heading(severity.value.upper(), SEVERITY_STYLES[severity], title))
    if verification is None:
        console.print(Padding(Text(plan.resource.arn), (0, 0, 0, 2), expand=False))
        return
    evaluation, names = verification.finding.evaluation, PoolNames(verification.snapshot)
    name = Text.assemble(names.resource(evaluation), (f"  {names.place(evaluation)}", "dim"))
    console.print(Padding(name, (0, 0, 0, 2), expand=False))
    for message in evaluation.messages:
        console.print(Padding(Text(plain(message)), (0, 0, 0, 4), expand=False))


def _print_facts(console: Console, plan: FixPlan) -> None:
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in _facts(plan):
        facts.add_row(name, value)
    console.print()
    console.print(facts)


def _facts(plan: FixPlan) -> Iterator[tuple[str, str]]:
    remedy = plan.remedy
    yield "Change", remedy.change
    yield "Impact", remedy.impact
    yield "Affected", _affected(plan, remedy)
    yield "Client release", "needed" if remedy.needs_client_release else "not needed"
    yield "Reversible", "yes" if remedy.is_reversible else "no"
    if plan.rule.plan_needed:
        tier = plan.user_pool.tier if plan.user_pool else None
        yield "Plan", f"{plan.rule.plan_needed} or higher" + (f"; it is on {plain(tier)}" if tier else "")
    if remedy.breaks:
        yield "Can break", remedy.breaks
    if remedy.removes:
        yield "Takes away", remedy.removes
        yield "In use", CANNOT_TELL


def _affected(plan: FixPlan, remedy: Remedy) -> str:
    users = plan.user_pool.estimated_users if plan.user_pool else None
    known = "" if users is None else f" (about {users:,} in the user pool)"
    return f"{remedy.affected.value}{known}"


def _print_templates(console: Console, plan: FixPlan) -> None:
    if plan.managed_by:
        tool = plan.managed_by.tool.value
        _title(console, f"Managed by {tool}")
        told = (
            f"The tag {plain(plan.managed_by.tag, _VALUE_LENGTH)} says so: make the change in its template."
        )
        drift = f" A call beside {tool} is drift, which its next deployment may undo." if plan.calls else ""
        console.print(Padding(Text(told + drift), (0, 0, 0, 4), expand=False))
    for tool, edits in groupby(plan.template_edits, key=lambda each: each.tool):
        _title(console, f"In {tool.value}")
        for edit in edits:
            line = f"{edit.resource} {edit.attribute}: {_shown(edit.value)}"
            console.print(Padding(Text(line), (0, 0, 0, 4), expand=False))


def _print_calls(terminal: Terminal, plan: FixPlan) -> None:
    console = terminal.out
    if plan.reasons:
        _title(console, "No call" if plan.status is Status.BY_HAND else "The call is withheld")
        for reason in plan.reasons:
            console.print(Padding(Text(plain(f"{reason}.")), (0, 0, 0, 4), expand=False))
        for each in plan.differences:
            line = f"{each.facet.value} {each.field}: {plain(repr(each.stored), _VALUE_LENGTH)}"
            line += f" when collected, {plain(repr(each.present), _VALUE_LENGTH)} now"
            console.print(Padding(Text(line), (0, 0, 0, 6), expand=False))
        if plan.differences:
            hint = "`poolwatch collect` brings the store up to date."
            console.print(Padding(Text(hint), (0, 0, 0, 4), expand=False))
    for call in plan.calls:
        _title(console, f"The whole of {call.operation.value}, with everything else as it is now")
        console.file.flush()
        # Unbroken, so that it can be pasted.
        terminal.write((command(call, plan.rule.code),))
    if plan.calls:
        verify = f"poolwatch verify {plan.rule.code} {plan.resource.arn}"
        console.print(f"\nNothing was applied. After the call, `{verify}` judges it.", soft_wrap=True)


def _title(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, "bold"))


def _shown(value: object) -> str:
    return plain(value_text(value), _VALUE_LENGTH)
