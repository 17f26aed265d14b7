"""`poolwatch mute`, `unmute`, `mutes` and `assign`: what people decide about single findings."""

from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from poolwatch import deciding
from poolwatch.cli.options import MutesFormat
from poolwatch.cli.ruling import chosen_rule
from poolwatch.cli.terminal import Terminal
from poolwatch.deciding import Desk
from poolwatch.exports.mutes import mutes_json, mutes_toml
from poolwatch.muted import ListedMute, State, read_mutes
from poolwatch.settings import author as system_user
from poolwatch.settings import configuration, default_store
from poolwatch.text import counted, plain

# A run over a few accounts takes minutes; who waits longer than this wants to know why.
_WAIT_SECONDS = 60.0
_TEXT_LENGTH = 300
_STYLES = {State.IN_FORCE: "", State.EXPIRED: "yellow", State.ENDED: "dim"}


def desk(*, config: Path | None, store: Path | None, author: str | None) -> Desk:
    """Return where the decision is made and who makes it. Raises SettingsError."""
    settings = configuration(config)
    return Desk(
        store=store or default_store(settings),
        settings=settings,
        author=system_user() if author is None else author,
        wait_seconds=_WAIT_SECONDS,
    )


def mute(terminal: Terminal, at: Desk, *, code: str, arn: str, reason: str, until: str) -> None:
    """Mute a failure and say so."""
    given = deciding.mute(at, chosen_rule(code), arn.strip(), reason=reason, until=until)
    terminal.say(f"{given.code} on {plain(given.resource_arn, _TEXT_LENGTH)} is muted until {given.until}.")


def unmute(terminal: Terminal, at: Desk, *, code: str, arn: str) -> None:
    """End a mute and say so."""
    rule = chosen_rule(code)
    deciding.unmute(at, rule, arn.strip())
    terminal.say(f"{rule.code} on {plain(arn, _TEXT_LENGTH)} is muted no more.")


def assign(
    terminal: Terminal,
    at: Desk,
    *,
    code: str,
    arn: str,
    owner: str | None,
    due: str | None,
    ticket: str | None,
) -> None:
    """Assign a failure and say what holds now."""
    given = deciding.assign(at, chosen_rule(code), arn.strip(), owner=owner, due=due, ticket=ticket)
    told = (
        f"owner {given.owner or 'as tags and settings say'}",
        f"due {given.due or 'as its severity says'}",
        f"ticket {given.ticket or 'none'}",
    )
    terminal.say(f"{given.code} on {plain(given.resource_arn, _TEXT_LENGTH)}: {', '.join(told)}.")


def mutes(terminal: Terminal, *, config: Path | None, store: Path | None, output_format: MutesFormat) -> None:
    """Write all mutes there are."""
    settings = configuration(config)
    listed = read_mutes(store or default_store(settings), settings)
    match output_format:
        case MutesFormat.JSON:
            terminal.write((mutes_json(listed),))
        case MutesFormat.TOML:
            terminal.write(mutes_toml(listed))
        case MutesFormat.TABLE:
            _print(terminal.out, [each for each in listed if each.state is not State.ENDED])


def _print(console: Console, listed: list[ListedMute]) -> None:
    if not listed:
        console.print("Nothing is muted.")
        return
    for each in listed:
        state = f"until {each.until}" if each.state is State.IN_FORCE else f"expired, was until {each.until}"
        console.print(
            Text.assemble(
                (each.code or "every rule", "bold"),
                (f"  {state}, {counted(each.findings, 'failure')}, {each.source.value}", "dim"),
                style=_STYLES[each.state],
            )
        )
        facts = Table.grid(padding=(0, 2, 0, 0))
        facts.add_column(no_wrap=True, style="dim")
        facts.add_column(overflow="fold")
        for name, value in (
            ("resource", each.resource),
            ("account", each.account),
            ("tag", each.tag),
            ("reason", each.reason),
            ("author", each.author),
        ):
            if value:
                facts.add_row(name, plain(value, _TEXT_LENGTH))
        console.print(Padding(facts, (0, 0, 0, 2), expand=False))
