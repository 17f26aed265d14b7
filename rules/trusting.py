"""Which identity pools trust which user pools, all of a snapshot at once."""

from collections.abc import Mapping

from records.resource import Scope
from records.snapshot import IdentityPoolSnapshot, Snapshot
from rules.memory import remembered

# Stands in place of a user pool's id, which is never empty.
UNREAD = ""


def is_same_account(one: Scope, other: Scope) -> bool:
    """Whether two places belong to one account."""
    return (one.account_id, one.partition) == (other.account_id, other.partition)


def has_gap(pool: IdentityPoolSnapshot) -> bool:
    """Whether what is read of an identity pool has a gap: what is certain is told before."""
    return pool.settings.gap is not None or pool.roles.gap is not None


@remembered(1)
def by_trusted_user_pool(snapshot: Snapshot) -> Mapping[str, tuple[IdentityPoolSnapshot, ...]]:
    """Return the identity pools by the ids of the user pools that they trust, those not read under `UNREAD`.

    All user pools against all identity pools would take minutes in a large organisation.
    """
    found: dict[str, list[IdentityPoolSnapshot]] = {}
    for region in snapshot.regions:
        for pool in () if region.is_off else region.identity_pools:
            settings = pool.settings
            record = settings.last_good.value if settings.last_good and not settings.gap else None
            names = {each.provider_name for each in record.user_pool_providers} if record else {UNREAD}
            for name in names:
                found.setdefault(name.rpartition("/")[2], []).append(pool)
    return {name: tuple(pools) for name, pools in found.items()}
