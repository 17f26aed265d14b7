"""Which attributes users can write themselves, so that what stands in a token is what the user likes."""

import re

from records.app_client import AppClient
from records.facet import FacetName, Gap, NotCollectedError, Reason
from records.snapshot import Snapshot, UserPoolSnapshot
from records.user_pool import UserPool

# What only Cognito itself writes, though the schema lists it beside the rest.
_COGNITO_OWN = frozenset({"sub", "email_verified", "phone_number_verified", "identities"})
_USER_POOL = re.compile(r"cognito-idp\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<id>[^:]+)")


def named_user_pool(provider: str) -> tuple[str, str] | None:
    """Return the region and the id of the user pool that an identity pool's provider names, if it is one."""
    named = _USER_POOL.match(provider)
    return (named["region"], named["id"]) if named else None


def user_pool_behind(provider: str, snapshot: Snapshot) -> UserPoolSnapshot | None:
    """Return the user pool that an identity pool's provider names, None where the provider is none.

    Raises NotCollectedError where the user pool is not among those that were read.
    """
    named = named_user_pool(provider)
    if named is None:
        return None
    place, user_pool_id = named
    for region in snapshot.regions:
        if user_pool := region.user_pool(user_pool_id):
            return user_pool
    for region in snapshot.regions:
        if region.scope.region == place:
            _ = region.user_pool_list.value
    raise NotCollectedError(
        Gap(
            operation=FacetName.USER_POOL.operation,
            # It may as well be gone; that only its own account could tell.
            reason=Reason.OTHER_ACCOUNT,
            message=f"no account that was read has the user pool {user_pool_id} in {place}",
        )
    )


def writing_client(user_pool: UserPoolSnapshot, attribute: str) -> AppClient | None:
    """Return an app client through which users can write an attribute, None where there is none.

    One app client is enough, whichever it is: the user's tokens of every other show what was written.
    Raises NotCollectedError where what was read neither proves nor disproves it.
    """
    if not is_changeable(user_pool.settings.value, attribute):
        return None
    for client in user_pool.clients:
        if client.settings.gap is None and may_write(client.settings.value, attribute):
            return client.settings.value
    _ = user_pool.app_clients
    return None


def is_changeable(pool: UserPool, name: str) -> bool:
    """Whether the user pool lets a user choose the attribute's value, given a client that may write it."""
    found = next((each for each in pool.schema_attributes if each.name == name), None)
    if found is None or found.is_developer_only or name in _COGNITO_OWN:
        return False
    if name in pool.attributes_verified_before_update:
        # The user must prove to own the address first.
        return False
    # An immutable attribute is still chosen once, at sign-up.
    return found.is_mutable is True or pool.allows_self_sign_up


def may_write(client: AppClient, name: str) -> bool:
    """Whether users can surely write an attribute through an app client, where the user pool lets them."""
    if not client.signs_in_users:
        return False
    # Without a list of its own an app client may write the standard attributes; whether it may write custom
    # ones, AWS's documentation denies and others report, so that is not claimed.
    return name in client.write_attributes if client.write_attributes else not name.startswith("custom:")
