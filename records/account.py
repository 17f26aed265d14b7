"""What the owner calls an account."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInfo:
    """An account's name and what it is for, as the settings file says; AWS has no say in it.

    `name` is the account's id where nobody gave it another one.
    """

    account_id: str
    name: str
    environment: str | None
    owner: str | None
