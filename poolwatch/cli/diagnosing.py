"""`poolwatch doctor`: the checks as they are made."""

from pathlib import Path

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from poolwatch.checks import Check, Status
from poolwatch.cli.options import AwsOptions
from poolwatch.cli.terminal import Terminal
from poolwatch.configuration import Configuration
from poolwatch.doctor import examine
from poolwatch.settings import configuration, default_store, rate_share
from poolwatch.text import plain
from records.errors import ExitStatus, SettingsError

_STYLES = {Status.OK: "green", Status.NOTE: "cyan", Status.LACKS: "yellow", Status.FAILED: "bold red"}
_STATUS_WIDTH = 6
_SUBJECT_WIDTH = 11


def doctor(terminal: Terminal, aws: AwsOptions, *, config: Path | None, store: Path | None) -> ExitStatus:
    """Show every check, and tell by the status the worst of them."""
    settings, mistakes = _settings(config)
    is_told_whom = mistakes is None or aws.names_account
    checks = examine(
        aws.targets(settings.accounts) if is_told_whom else (),
        store=store or default_store(settings),
        rate_share=rate_share(aws.rate_share, settings),
        regions=aws.regions,
        settings=mistakes or settings,
    )
    found = set()
    for check in checks:
        terminal.out.print(_line(check))
        found.add(check.status)
    if Status.FAILED in found:
        return ExitStatus.FAILED
    return ExitStatus.GAPS if Status.LACKS in found else ExitStatus.DONE


def _settings(config: Path | None) -> tuple[Configuration, SettingsError | None]:
    """Return the settings; where they have mistakes, these and the defaults."""
    try:
        return configuration(config), None
    except SettingsError as error:
        return Configuration(), error


def _line(check: Check) -> Table:
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_column(width=_STATUS_WIDTH)
    line.add_column(width=_SUBJECT_WIDTH)
    line.add_row(Text(check.status.value, _STYLES[check.status]), check.subject, plain(_message(check)))
    if check.hint:
        line.add_row("", "", Padding(Text(plain(check.hint), "dim"), (0, 0, 0, 2), expand=False))
    return line


def _message(check: Check) -> str:
    return f"{check.account}: {check.message}" if check.account else check.message
