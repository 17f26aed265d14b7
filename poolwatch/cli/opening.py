"""How every command begins: with logging set up, and a terminal to speak to."""

# ruff: noqa: PLC0415  (rich would make `poolwatch --help` wait)

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poolwatch.cli.terminal import Terminal


def begin(*, quiet: bool, verbose: bool) -> "Terminal":
    """Set up logging and return the terminal."""
    from poolwatch.cli.terminal import configure_logging

    configure_logging(is_verbose=verbose)
    return terminal(is_quiet=quiet)


def terminal(*, is_quiet: bool = False) -> "Terminal":
    """Return the terminal of one command."""
    from poolwatch.cli.terminal import Terminal

    return Terminal(is_quiet=is_quiet)
