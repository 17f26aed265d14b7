"""`poolwatch demo`: an emulated account, a run over it, and the dashboard."""

import importlib.util
import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from demo.child import own_environment, spawn
from demo.company import ACCOUNTS, COMPANY, REGIONS
from poolwatch.cli import collecting, serving
from poolwatch.cli.options import AwsOptions
from poolwatch.cli.report import PoolNames, by_severity
from poolwatch.cli.terminal import SEVERITY_STYLES, Terminal
from poolwatch.configuration import AccountSettings, Configuration
from poolwatch.posture import Posture, read_posture
from poolwatch.settings import demo_store, program
from poolwatch.text import counted, plain
from records.errors import ExitStatus, PoolwatchError
from records.evaluation import Evaluation, Outcome
from records.run import RunState

# What the company would write into its settings file: its accounts, and nothing about rules.
_SETTINGS = Configuration(
    accounts=tuple(
        AccountSettings(
            id=each.id,
            name=each.name,
            environment=each.environment,
            owner=each.owner,
            role_arn=each.role_arn,
            external_id=each.external_id,
        )
        for each in ACCOUNTS
    )
)
_SHOWN = 3
_MESSAGE_LENGTH = 200


def demo(terminal: Terminal, *, store: Path | None, port: int | None, has_dashboard: bool) -> ExitStatus:
    """Collect the demo's company and show it."""
    if importlib.util.find_spec("moto") is None:
        raise PoolwatchError("The demo's emulator is not installed.", "Run `make install` in the checkout.")
    store = store or demo_store()
    port = serving.free_port(port) if has_dashboard else None
    terminal.say(f"Starting the emulated AWS accounts of a made-up company, {COMPANY} ...")
    with _emulated_account() as url, _credentials_for(url):
        places = f"{counted(len(ACCOUNTS), 'account')} in {counted(len(REGIONS), 'region')}"
        terminal.say(f"Collecting its {places} into {store} ...")
        result = collecting.run(
            terminal,
            AwsOptions(regions=REGIONS).targets(_SETTINGS.accounts),
            store=store,
            share=None,
            regions=REGIONS,
            settings=_SETTINGS,
            is_demo=True,
        )
    if result.run.state is RunState.FAILED:
        raise PoolwatchError(f"{result.run.message or 'The run failed'}.", "Please report it.")
    _print_worst(terminal, read_posture(store))
    if port is None:
        terminal.out.print(f"Next: {program()} dashboard --store {shlex.quote(str(store))}", soft_wrap=True)
        return ExitStatus.DONE
    return serving.serve(terminal, config=None, store=store, port=port)


@contextmanager
def _emulated_account() -> Iterator[str]:
    """Run the emulator as a child process and give its URL; it ends with the block, or with this process."""
    try:
        emulator = spawn(seed="company")
    except RuntimeError as error:
        raise PoolwatchError(f"{error}.", "Look at what it said above.") from error
    with emulator:
        yield emulator.url


@contextmanager
def _credentials_for(url: str) -> Iterator[None]:
    """Let this process reach nothing but the emulator."""
    before = dict(os.environ)
    credentials = {"AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo"}
    _set_environment(own_environment() | credentials | {"AWS_ENDPOINT_URL": url})
    try:
        yield
    finally:
        _set_environment(before)


def _set_environment(wanted: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(wanted)


def _print_worst(terminal: Terminal, posture: Posture) -> None:
    names = PoolNames(posture.snapshot)
    table = Table.grid(padding=(0, 2, 0, 0))
    failures = counted(sum(1 for _ in posture.having(Outcome.FAIL)), "finding")
    terminal.out.print(f"{failures}: {by_severity(posture.findings)}. The worst:")
    by_rule: dict[str, list[Evaluation]] = {}
    for finding in posture.having(Outcome.FAIL):
        by_rule.setdefault(finding.evaluation.code, []).append(finding.evaluation)
    for code, (first, *rest) in islice(by_rule.items(), _SHOWN):
        others = f" (and {counted(len(rest), 'more', 'more')})" if rest else ""
        table.add_row(
            Text(first.severity.value.upper(), SEVERITY_STYLES[first.severity]),
            code,
            f"{names.resource(first)} {plain('; '.join(first.messages), _MESSAGE_LENGTH)}{others}",
        )
    terminal.out.print(Padding(table, (0, 0, 0, 2), expand=False))
