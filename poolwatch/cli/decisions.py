"""The commands that write down what a person decides about one finding, with their options."""

# ruff: noqa: PLC0415  (the store and rich would make `poolwatch --help` wait)

from typing import Annotated

import typer

from poolwatch.cli import options
from poolwatch.cli.opening import begin

app = typer.Typer()

Code = Annotated[str, typer.Argument(metavar="CODE", help="The rule's code or slug.")]
Arn = Annotated[
    str,
    typer.Argument(metavar="ARN", help="The finding's resource_arn, as `scan --format json` shows it."),
]
Author = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Who decides; the system's user by default.", show_default=False),
]


@app.command()
def mute(
    *,
    code: Code,
    arn: Arn,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why the finding can be lived with.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day, such as 2027-03-31.")],
    author: Author = None,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Live with one failure until a day. It stays visible, but --fail-on leaves it out."""
    from poolwatch.cli import handling

    terminal = begin(quiet=quiet, verbose=verbose)
    desk = handling.desk(config=config, store=store, author=author)
    handling.mute(terminal, desk, code=code, arn=arn, reason=reason, until=until)


@app.command()
def unmute(
    *,
    code: Code,
    arn: Arn,
    author: Author = None,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Take a mute of the store back."""
    from poolwatch.cli import handling

    terminal = begin(quiet=quiet, verbose=verbose)
    handling.unmute(terminal, handling.desk(config=config, store=store, author=author), code=code, arn=arn)


@app.command()
def mutes(
    *,
    output_format: options.MutesFormatOption = options.MutesFormat.TABLE,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List what is muted, in the store and in the settings file, and how many failures each mute covers.

    `--format toml` prints the store's as [[mutes]] tables for poolwatch.toml; `--format json` has those that
    were ended, too.
    """
    from poolwatch.cli import handling

    terminal = begin(quiet=quiet, verbose=verbose)
    handling.mutes(terminal, config=config, store=store, output_format=output_format)


@app.command()
def assign(
    *,
    code: Code,
    arn: Arn,
    owner: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who sees to it.", show_default=False)
    ] = None,
    due: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Until when, such as 2027-03-31.", show_default=False),
    ] = None,
    ticket: Annotated[
        str | None,
        typer.Option(metavar="URL|KEY", help="Where it is tracked.", show_default=False),
    ] = None,
    author: Author = None,
    config: options.Config = None,
    store: options.Store = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Say who sees to one failure, until when, and where it is tracked.

    What is left out stays as it is; an empty text takes back what was said.
    """
    from poolwatch.cli import handling

    terminal = begin(quiet=quiet, verbose=verbose)
    desk = handling.desk(config=config, store=store, author=author)
    handling.assign(terminal, desk, code=code, arn=arn, owner=owner, due=due, ticket=ticket)
