"""Where Poolwatch's environment is read: its variables, its settings file, and the way it was started."""

import getpass
import os
import shutil
import stat
import sys
from functools import partial
from pathlib import Path

import platformdirs

from poolwatch.configuration import SMALLEST_SHARE, Configuration
from poolwatch.configuration_file import parse, with_home
from records.errors import SettingsError, UsageError

CONFIG_VARIABLE = "POOLWATCH_CONFIG"
CONFIG_NAME = "poolwatch.toml"

# Cognito's read quotas are shared with the owner's live application, which keeps the larger part in a pinch.
DEFAULT_RATE_SHARE = 0.6
# Thousands of accounts fit in it.
_LARGEST_FILE = 4 * 2**20


def config_path(given: Path | None = None) -> Path | None:
    """Return where the settings file is: as given, else by POOLWATCH_CONFIG, else here if there is one.

    POOLWATCH_CONFIG that is set to nothing means that there is none; None stands for that.
    """
    if given is not None:
        return given
    configured = os.environ.get(CONFIG_VARIABLE)
    if configured is not None:
        return Path(configured) if configured else None
    here = Path(CONFIG_NAME)
    return here if os.path.lexists(here) else None


def configuration(given: Path | None = None) -> Configuration:
    """Return what the settings file says, or the defaults where there is none.

    Raises SettingsError for a file that cannot be read, with the reason, and for one that has mistakes, with
    all of them.
    """
    path = config_path(given)
    if path is None:
        return Configuration()
    return parse(_text(path), path=path, read_beside=partial(_beside, path))


def _beside(path: Path, name: str) -> str:
    return _text(path.parent / with_home(name))


def _text(path: Path) -> str:
    """Return a small file's text; anything else that a path can lead to is refused before it is read."""
    try:
        # Path.open takes no opener.
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SettingsError(str(path), ("is not a file",), _FILE_HINT)
            content = file.read(_LARGEST_FILE + 1)
        if len(content) > _LARGEST_FILE:
            raise SettingsError(str(path), (f"is larger than {_LARGEST_FILE // 2**20} MiB",), _FILE_HINT)
        # A spreadsheet program marks UTF-8 so.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(str(path), (f"is not UTF-8, from byte {error.start} on",), _FILE_HINT) from None
    except (OSError, ValueError) as error:
        # ValueError is for a NUL in the path.
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        raise SettingsError(str(path), (f"cannot be read: {why}",), _FILE_HINT) from error


_FILE_HINT = f"Name another file with --config or {CONFIG_VARIABLE}; set to nothing, the variable means none."


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file, also a pipe that nobody writes to."""
    return os.open(path, flags | os.O_NONBLOCK)


def default_store(configured: Configuration | None = None) -> Path:
    """Return the store's directory: POOLWATCH_STORE, else the settings file's, else the platform's folder."""
    if in_environment := os.environ.get("POOLWATCH_STORE"):
        return Path(in_environment)
    if configured is not None and configured.store is not None:
        return configured.store
    return platformdirs.user_data_path("poolwatch", appauthor=False)


def demo_store() -> Path:
    """Return the demo's store, which lies beside the real one and never mixes with it."""
    return default_store().with_name(f"{default_store().name}-demo")


def author() -> str:
    """Return the name under which this program's user decides about findings: the operating system's."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container may run as a number that has no name. KeyError is Python's own before 3.13.
        return f"uid {os.getuid()}"


def program() -> str:
    """Return what a person types for `poolwatch`: its name if the shell finds it, else its path."""
    installed = Path(sys.executable).with_name("poolwatch")
    if shutil.which("poolwatch") or not installed.exists():
        return "poolwatch"
    here = Path.cwd()
    return str(installed.relative_to(here) if installed.is_relative_to(here) else installed)


def rate_share(text: str | None, configured: Configuration | None = None) -> float | None:
    """Return the share of AWS's quotas to use, None for no pacing.

    `text` goes before POOLWATCH_RATE_SHARE, and that before the settings file. Raises UsageError where it is
    neither `off` nor a share that a run can live on.
    """
    in_file = configured.rate_share if configured else None
    chosen = text or os.environ.get("POOLWATCH_RATE_SHARE") or str(in_file or DEFAULT_RATE_SHARE)
    if chosen == "off":
        return None
    try:
        share = float(chosen)
    except ValueError:
        share = 0.0
    if not SMALLEST_SHARE <= share <= 1:
        raise UsageError(
            f"The rate share {chosen!r} is no share of AWS's quotas.",
            f"Give a number from {SMALLEST_SHARE} to 1 (0.6 is the default), or `off` for no pacing.",
        )
    return share
