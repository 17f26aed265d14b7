"""Facts about a user pool that no AWS API sets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moto.cognitoidp.models import cognitoidp_backends

from demo.emulator.accounts import account_of
from demo.emulator.state import extra

MEMBERS = frozenset({"user_pool", "estimated_users", "created", "modified", "old_shape", "clients"})


def set_facts(facts: Mapping[str, Any]) -> None:
    """Set facts of the user pool whose id is `user_pool`, in the account of plain credentials.

    `estimated_users` is a number; `created` and `modified` are ISO 8601 dates with a time zone and
    also date the identity providers and risk configurations; `old_shape` leaves out the members
    that are younger than old user pools; `clients` maps ids of app clients to their own dates.
    ValueError where a member is unknown, KeyError where a resource is.
    """
    if unknown := set(facts) - MEMBERS:
        raise ValueError(f"Not a fact of a user pool: {', '.join(sorted(unknown))}")
    pool_id = facts["user_pool"]
    pool = cognitoidp_backends[account_of("")][pool_id.partition("_")[0]].user_pools[pool_id]
    known = extra(pool, "facts")
    known.update({name: facts[name] for name in ("estimated_users", "old_shape") if name in facts})
    for client_id, dates in facts.get("clients", {}).items():
        extra(pool.clients[client_id], "facts").update(_dates(dates))
    dates = _dates(facts)
    dated: Any
    for dated in (pool, *pool.identity_providers.values(), *pool.groups.values()):
        dated.creation_date = dates.get("created", dated.creation_date)
        dated.last_modified_date = dates.get("modified", dated.last_modified_date)
    for configuration in extra(pool, "risk").values():
        configuration["LastModifiedDate"] = dates.get("modified", configuration["LastModifiedDate"])


def _dates(settings: Mapping[str, Any]) -> dict[str, datetime]:
    return {
        name: datetime.fromisoformat(settings[name]) for name in ("created", "modified") if name in settings
    }
