"""Errors that the user can mend: a message, what to do about it, and the exit status it ends with."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """What `poolwatch` ends with; a contract with scripts that call it."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    GAPS = 3
    FAILED = 4


class PoolwatchError(Exception):
    """The run cannot go on, and the user can do something about it; shown without a traceback."""

    exit_status = ExitStatus.FAILED

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(PoolwatchError):
    """An option or argument cannot be meant as it was given."""

    exit_status = ExitStatus.USAGE


class SettingsError(UsageError):
    """The settings file cannot be used; `mistakes` are all that was found, each a sentence's rest."""

    def __init__(self, file: str, mistakes: tuple[str, ...], hint: str) -> None:
        super().__init__(f"{file}: {'; '.join(mistakes)}.", hint)
        self.file = file
        self.mistakes = mistakes


class CredentialsError(PoolwatchError):
    """AWS did not accept the credentials, or there are none."""


class StoreError(PoolwatchError):
    """The store cannot be opened, read or written."""


class StoreBusyError(StoreError):
    """Another process is writing to the store, for longer than could be waited."""
