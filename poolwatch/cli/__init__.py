"""The command line: what each command is given stands in `app`, what it does in a module of its own."""

from poolwatch.cli.app import app, main

__all__ = ["app", "main"]
