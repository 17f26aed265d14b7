"""`poolwatch verify`: one rule on one resource, read again and judged now."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from collectors.clients import cognito_regions
from poolwatch.cli.options import AwsOptions, VerifyFormat, chosen
from poolwatch.cli.report import PoolNames, heading, notes, print_gaps
from poolwatch.cli.ruling import chosen_rule
from poolwatch.cli.terminal import SEVERITY_STYLES, Terminal
from poolwatch.exports import verification_json
from poolwatch.posture import Before, Verification, read_before
from poolwatch.settings import configuration, default_store, rate_share
from poolwatch.text import plain
from poolwatch.verification import verify as run_verification
from records.errors import ExitStatus, StoreError, UsageError
from records.evaluation import Outcome
from records.resource import Resource, ResourceType
from rules.engine import Baseline, Rule
from store.reader import exists

# Longer than any that AWS has.
_ARN_LENGTH = 300
_STATUS: Mapping[Outcome, ExitStatus] = {
    Outcome.PASS: ExitStatus.DONE,
    Outcome.NOT_APPLICABLE: ExitStatus.DONE,
    Outcome.FAIL: ExitStatus.FINDINGS,
    Outcome.UNKNOWN: ExitStatus.GAPS,
    Outcome.ERROR: ExitStatus.GAPS,
}
_NOW: Mapping[Outcome, str] = {
    Outcome.PASS: "passes",
    Outcome.NOT_APPLICABLE: "does not apply",
    Outcome.FAIL: "fails",
    Outcome.UNKNOWN: "cannot be judged",
    Outcome.ERROR: "cannot be judged",
}
_KINDS: Mapping[Outcome, str] = {
    Outcome.PASS: "pass",
    Outcome.NOT_APPLICABLE: "n/a",
    Outcome.UNKNOWN: "unknown",
    Outcome.ERROR: "error",
}
_STYLES: Mapping[Outcome, str] = {
    Outcome.PASS: "green",
    Outcome.NOT_APPLICABLE: "dim",
    Outcome.UNKNOWN: "magenta",
    Outcome.ERROR: "magenta",
}


def verify(
    terminal: Terminal,
    aws: AwsOptions,
    *,
    code: str,
    arn: str,
    output_format: VerifyFormat,
    config: Path | None,
    store: Path | None,
) -> ExitStatus:
    """Read the resource again, show what the rule says of it now, and tell that by the status."""
    settings = configuration(config)
    rule = chosen_rule(code)
    # A rule that the baseline or the settings switch off is judged all the same.
    baseline = replace(settings.baseline, switched_off=frozenset())
    resource = chosen_resource(arn)
    account = settings.account(resource.scope.account_id)
    (target,) = aws.targets(() if account is None else (account,))
    share = rate_share(aws.rate_share, settings)
    before = _before(terminal, store or default_store(settings), rule, resource, baseline)
    with terminal.progress("Reading") as report:
        verification = run_verification(
            rule,
            resource,
            target,
            rate_share=share,
            baseline=baseline,
            before=before,
            on_progress=report,
        )
    if output_format is VerifyFormat.JSON:
        terminal.write((verification_json(verification),))
    else:
        _print(terminal.out, verification)
    return _STATUS[verification.finding.evaluation.outcome]


def chosen_resource(arn: str) -> Resource:
    """Return the resource that an ARN names. Raises UsageError where it names none that can be."""
    try:
        resource = Resource.of_arn(arn.strip())
    except ValueError as error:
        raise UsageError(
            f"{plain(arn, _ARN_LENGTH)!r} is no ARN of a user pool, app client or identity pool.",
            "Take it from `poolwatch scan --format json`; one that ends in /* stands for a whole list.",
        ) from error
    if resource.type is ResourceType.ROLE:
        raise UsageError(
            "An IAM role is not read by itself: what is wrong with it goes by the account's identity pools.",
            "`poolwatch collect` reads all of them again; `poolwatch rules CODE` has the steps of a fix.",
        )
    scope = resource.scope
    if not (regions := cognito_regions(scope.partition)):
        raise UsageError(
            f"There are no user pools in the partition {scope.partition!r}.", "Check the ARN's second part."
        )
    chosen(f"region with Cognito in {scope.partition} called", scope.region, regions)
    return resource


def _before(
    terminal: Terminal, store: Path, rule: Rule, resource: Resource, baseline: Baseline
) -> Before | None:
    """Return what the store holds; one that is not there or not sound does not keep us from AWS."""
    try:
        return read_before(store, rule, resource.arn, baseline=baseline) if exists(store) else None
    except StoreError as error:
        terminal.warn(f"Nothing to compare with: {error.message}.")
        return None


def _print(console: Console, verification: Verification) -> None:
    finding, names = verification.finding, PoolNames(verification.snapshot)
    evaluation, rule = finding.evaluation, finding.rule
    is_failure = evaluation.outcome is Outcome.FAIL
    kind = evaluation.severity.value if is_failure else _KINDS[evaluation.outcome]
    style = SEVERITY_STYLES[evaluation.severity] if is_failure else _STYLES[evaluation.outcome]
    console.print(heading(kind.upper(), style, Text(f"{rule.code} {rule.title}", "bold")))
    name = Text.assemble(names.resource(evaluation), (f"  {names.place(evaluation)}", "dim"))
    console.print(Padding(name, (0, 0, 0, 2), expand=False))
    for message in evaluation.messages:
        console.print(Padding(Text(plain(message)), (0, 0, 0, 4), expand=False))
    for note in notes(finding):
        console.print(Padding(Text(note, "dim"), (0, 0, 0, 4), expand=False))
    if evaluation.evidence:
        evidence = Table.grid(padding=(0, 2, 0, 0))
        evidence.add_column(overflow="fold")
        evidence.add_column(overflow="fold")
        for field, value in evaluation.evidence:
            evidence.add_row(plain(field), json.dumps(value))
        console.print(Padding(evidence, (1, 0, 0, 4), expand=False))
    if verification.gaps:
        console.print("\nNot read:", style="bold")
        print_gaps(console, verification.gaps, names)
    console.print()
    console.print(_change(verification.before, evaluation.outcome))
    console.print("The store was not changed; `poolwatch collect` writes down what is new.", style="dim")


def _change(before: Before | None, outcome: Outcome) -> str:
    if before is None:
        return f"It {_NOW[outcome]} now. The store holds nothing to compare with."
    was = before.outcome.value.replace("_", " ")
    when = f"since {_at(before.opened_at)}" if before.opened_at else f"on {_at(before.collected_at)}"
    still = "still " if before.outcome is outcome else ""
    return f"Was {was} {when}; {still}{_NOW[outcome]} now."


def _at(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
