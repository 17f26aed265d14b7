"""What the parts of the seeding share: clients of each account, and the ids of what was made."""

import functools
from dataclasses import dataclass, field
from typing import Any

from demo.clients import Controls, aws_client


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """The ids of what was made, by name; an app client's key is (user pool, app client)."""

    user_pools: dict[str, str] = field(default_factory=dict)
    clients: dict[tuple[str, str], str] = field(default_factory=dict)
    identity_pools: dict[str, str] = field(default_factory=dict)
    web_acls: dict[tuple[str, str], str] = field(default_factory=dict)
    # What `demo.company_data.specs.reference` made, with the id or ARN that it stands for.
    references: dict[str, str] = field(default_factory=dict)

    def resolved(self, value: Any) -> Any:
        """Return parameters with an id or ARN for each reference in them. KeyError for one not made yet."""
        if isinstance(value, dict):
            return {name: self.resolved(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.resolved(item) for item in value]
        if isinstance(value, str) and value.startswith("<") and value.endswith(">"):
            return self.references[value]
        return value


class Workshop:
    """The emulator at `url`, used as the owner of one account after the other."""

    def __init__(self, url: str) -> None:
        self.controls = Controls(url)
        self.seeded = Seeded()
        # One client for each service and region: making one takes longer than a call.
        self.client = functools.cache(lambda service, region: aws_client(service, url, region))
