"""What accounts are called: the owner's name for them, and the id that AWS knows."""

from collections.abc import Iterable, Mapping

from dashboard.text import NAME_LIMIT
from poolwatch.text import plain
from records.account import AccountInfo


def account_name(info: AccountInfo | None) -> str | None:
    """Return the name that the owner gave an account, None where there is none."""
    if info is None or info.name == info.account_id:
        return None
    return plain(info.name, NAME_LIMIT) or None


def account_labels(accounts: Mapping[str, AccountInfo], ids: Iterable[str]) -> Mapping[str, str]:
    """Return a label for each of the accounts and ids, unlike all others: the id stands in each."""
    labels = {}
    for account_id in sorted({*ids, *accounts}):
        name = account_name(accounts.get(account_id))
        labels[account_id] = account_id if name is None else f"{name} ({account_id})"
    return labels
