"""`poolwatch collect`: one run, and a summary of it."""

import shlex
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from collectors.clients import AccountTarget
from poolwatch.cli.options import AwsOptions
from poolwatch.cli.report import PoolNames, print_gaps, summary
from poolwatch.cli.terminal import Terminal
from poolwatch.configuration import Configuration
from poolwatch.pipeline import CollectResult
from poolwatch.pipeline import collect as run_collection
from poolwatch.posture import Posture, read_posture
from poolwatch.settings import configuration, default_store, program, rate_share
from poolwatch.text import counted, listed
from records.errors import ExitStatus, PoolwatchError
from records.run import Run, RunState

_REGIONS_SHOWN = 4
_STATUS = {
    RunState.COMPLETE: ExitStatus.DONE,
    RunState.PARTIAL: ExitStatus.GAPS,
    RunState.FAILED: ExitStatus.FAILED,
}


def collect(
    terminal: Terminal, aws: AwsOptions, *, config: Path | None, store: Path | None, resume: bool = False
) -> ExitStatus:
    """Collect, show what came of it, and tell by the status how the run ended."""
    settings = configuration(config)
    targets = aws.targets(settings.accounts)
    store = store or default_store(settings)
    share = rate_share(aws.rate_share, settings)
    result = run(
        terminal, targets, store=store, share=share, regions=aws.regions, settings=settings, resume=resume
    )
    for refusal in result.refusals:
        named = settings.account(refusal.account_id)
        name = f" ({named.name})" if named and named.name else ""
        terminal.warn(f"Account {refusal.account_id}{name} was not read: {refusal.error.message}")
    if resume:
        terminal.say(
            f"Went on with {counted(result.resumed, 'answer')} of the run that was cut short."
            if result.resumed
            else "There was no run of the last hours to go on with; everything was read."
        )
    if not terminal.is_quiet and result.run.state.has_data:
        posture = read_posture(store, baseline=settings.baseline, handling=settings.handling)
        _print_summary(terminal.out, result.run, posture)
        chosen = "" if config is None else f" --config {shlex.quote(str(config))}"
        chosen += "" if store == default_store(settings) else f" --store {shlex.quote(str(store))}"
        hint = f"\nNext: {program()} scan{chosen}, or {program()} dashboard{chosen}"
        terminal.out.print(hint, style="dim", soft_wrap=True)
    elif result.run.state is RunState.PARTIAL:
        terminal.warn(f"Run {result.run.id} is partial; `poolwatch scan` names what was not read.")
    if result.error is not None:
        terminal.show_error(result.error)
    elif result.run.state is RunState.FAILED:
        terminal.show_error(
            PoolwatchError(
                f"{result.run.message or 'The run failed'}.",
                "`poolwatch doctor` tells what is missing. What was collected before is kept.",
            )
        )
    return _STATUS[result.run.state]


def run(
    terminal: Terminal,
    targets: Sequence[AccountTarget],
    *,
    store: Path,
    share: float | None,
    regions: Sequence[str],
    settings: Configuration,
    is_demo: bool = False,
    resume: bool = False,
) -> CollectResult:
    """Collect under a progress display."""
    with terminal.progress("Reading") as report:
        return run_collection(
            targets,
            store=store,
            rate_share=share,
            regions=regions,
            baseline=settings.baseline,
            accepted=settings.accepted_gaps,
            names=settings.account_infos,
            is_demo=is_demo,
            resume=resume,
            on_progress=report,
        )


def _print_summary(console: Console, run: Run, posture: Posture) -> None:
    regions = [region for region in posture.snapshot.regions if region.scope in run.scopes]
    user_pools = [pool for region in regions for pool in region.user_pools]
    read = (
        counted(len(user_pools), "user pool"),
        counted(sum(len(pool.clients) for pool in user_pools), "app client"),
        counted(sum(len(region.identity_pools) for region in regions), "identity pool"),
    )
    off = [region.scope.region for region in regions if region.is_off]
    on = [region.scope.region for region in regions if not region.is_off]
    took = run.finished_at - run.started_at if run.finished_at else timedelta()
    facts = {
        "signed in as": run.identity_arn or "",
        "accounts": listed(dict.fromkeys(scope.account_id for scope in run.scopes), _REGIONS_SHOWN),
        "regions": listed(dict.fromkeys(on), _REGIONS_SHOWN),
        "not enabled": listed(dict.fromkeys(off), _REGIONS_SHOWN),
        "read": ", ".join(read),
        "calls": f"{sum(run.calls.values()):,} in {_duration(took)}",
        "checks": summary(posture.findings),
    }
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, value in facts.items():
        if value:
            table.add_row(name, value)
    console.print(f"Run {run.id} is {run.state.value}.", style="bold")
    console.print(table)
    own_gaps = [gap for gap in posture.gaps if gap.scope in run.scopes and not gap.gap.is_off]
    if own_gaps:
        console.print("\nNot read:", style="bold")
        print_gaps(console, own_gaps, PoolNames(posture.snapshot))


def _duration(took: timedelta) -> str:
    seconds = took.total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"  # noqa: PLR2004
