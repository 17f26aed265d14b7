"""`poolwatch scan`: the findings of the store as a table, JSON or CSV."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console

from poolwatch.cli.options import ScanFormat, chosen
from poolwatch.cli.report import print_report
from poolwatch.cli.terminal import Terminal
from poolwatch.exports import findings_csv, scan_json, write_atomically
from poolwatch.posture import Posture, read_posture
from poolwatch.settings import configuration, default_store
from poolwatch.text import counted
from records.errors import ExitStatus, StoreError
from records.evaluation import Evaluation, Severity
from records.run import Run, RunState
from rules.baselines import BASELINES
from rules.catalogue import catalogue

_FILE_WIDTH = 100


def scan(
    terminal: Terminal,
    *,
    config: Path | None,
    store: Path | None,
    output_format: ScanFormat,
    output: Path | None,
    baseline: str | None,
    fail_on: str | None,
) -> ExitStatus:
    """Write the findings to stdout or a file, and tell by the status what they amount to."""
    limit = None if fail_on is None else Severity(chosen("severity", fail_on, list(Severity)))
    settings = configuration(config)
    judged_by = chosen("baseline", baseline or settings.baseline_name, list(BASELINES))
    store = store or default_store(settings)
    posture = read_posture(store, baseline=settings.baseline_of(judged_by), handling=settings.handling)
    if posture.run is None:
        failure = posture.latest.message if posture.latest else None
        why = f"; the newest one failed: {failure.rstrip('.')}" if failure else ""
        raise StoreError(
            f"The store in {store} holds no run that read anything{why}.", "Run `poolwatch collect` first."
        )
    _warn_of_failure(terminal, posture, posture.run)
    if output is not None:
        write_atomically(output, _document(posture, posture.run, output_format))
        terminal.say(f"Wrote {counted(len(posture.findings), 'result')} to {output}.")
    elif output_format is ScanFormat.TABLE:
        print_report(terminal.out, posture, posture.run)
    else:
        terminal.write(_document(posture, posture.run, output_format))
    return _status(posture, limit)


def _document(posture: Posture, run: Run, output_format: ScanFormat) -> Iterable[str]:
    match output_format:
        case ScanFormat.JSON:
            return scan_json(posture, run, catalogue())
        case ScanFormat.CSV:
            return findings_csv(posture.findings)
        case ScanFormat.TABLE:
            return _plain_report(posture, run)


def _plain_report(posture: Posture, run: Run) -> Iterator[str]:
    file = io.StringIO()
    console = Console(
        file=file, width=_FILE_WIDTH, color_system=None, highlight=False, markup=False, emoji=False
    )
    print_report(console, posture, run)
    yield "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _warn_of_failure(terminal: Terminal, posture: Posture, run: Run) -> None:
    latest = posture.latest
    if latest is not None and latest.id != run.id and latest.state is RunState.FAILED:
        why = (latest.message or "no reason is known").rstrip(".")
        terminal.warn(
            f"Run {latest.id} of {latest.started_at:%Y-%m-%d %H:%M} UTC failed ({why}). What follows is of"
            f" run {run.id}, {run.started_at:%Y-%m-%d %H:%M} UTC."
        )


def _status(posture: Posture, limit: Severity | None) -> ExitStatus:
    if limit is not None and any(posture.failures_at_least(limit)):
        return ExitStatus.FINDINGS
    latest = posture.latest
    if latest is not None and latest != posture.run and latest.state is RunState.FAILED:
        return ExitStatus.GAPS
    is_unsure = any(_is_unsure(finding.evaluation) for finding in posture.findings)
    if is_unsure or any(not each.gap.is_off for each in posture.gaps):
        return ExitStatus.GAPS
    return ExitStatus.DONE


def _is_unsure(evaluation: Evaluation) -> bool:
    """Whether nobody knows what the rule would say, and nobody accepted that."""
    is_accepted = bool(evaluation.gaps) and all(gap.is_off for gap in evaluation.gaps)
    return not evaluation.outcome.is_judged and not is_accepted
