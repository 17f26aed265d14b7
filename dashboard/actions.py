"""What the page writes: what people decide about findings, as short transactions of the system's user."""

from collections.abc import Callable
from functools import partial

from dashboard.data import directory
from poolwatch import deciding
from poolwatch.deciding import Desk
from poolwatch.settings import author, configuration
from records.errors import PoolwatchError, StoreBusyError, StoreError
from rules.engine import Rule

# Nobody wants to look at a page that waits for a run to end.
WAIT_SECONDS = 3.0


def mute(rule: Rule, arn: str, *, reason: str, until: str) -> str | None:
    """Mute a failure; return what kept it from being done, None where it is."""
    return _told(partial(deciding.mute, _desk(), rule, arn, reason=reason, until=until))


def unmute(rule: Rule, arn: str) -> str | None:
    """End a mute of the store; return what kept it from being done, None where it is."""
    return _told(partial(deciding.unmute, _desk(), rule, arn))


def assign(rule: Rule, arn: str, *, owner: str | None, due: str | None, ticket: str | None) -> str | None:
    """Say who sees to a failure; return what kept it from being done, None where it is.

    What is None stays as it is, an empty text takes back what was said.
    """
    if owner is None and due is None and ticket is None:
        return None
    return _told(partial(deciding.assign, _desk(), rule, arn, owner=owner, due=due, ticket=ticket))


def _desk() -> Desk:
    return Desk(store=directory(), settings=configuration(), author=author(), wait_seconds=WAIT_SECONDS)


def _told(act: Callable[[], object]) -> str | None:
    try:
        act()
    except StoreBusyError:
        return "A run is writing to the store just now. Nothing was changed: try again when it has ended."
    except StoreError as error:
        return f"{error.message}. {error.hint}"
    except PoolwatchError as error:
        return f"{error.message} {error.hint}"
    return None
