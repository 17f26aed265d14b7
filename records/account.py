"""What the owner calls an AWS account."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInfo:
    """An account as the settings describe it; `environment` and `owner` are None where they do not say."""

    account_id: str
    name: str
    environment: str | None
    owner: str | None
