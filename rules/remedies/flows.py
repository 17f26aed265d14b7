"""The authentication flows that an app client keeps when some are taken from it."""

from records.app_client import AppClient
from rules.tokens import USER_FLOWS

REFRESH = "ALLOW_REFRESH_TOKEN_AUTH"
SRP = "ALLOW_USER_SRP_AUTH"


def flows_without(
    client: AppClient, taken: frozenset[str], *, instead: str | None = None
) -> list[str] | None:
    """Return ExplicitAuthFlows without some, None where nothing can stay listed.

    An empty list would mean AWS's default. `instead` is added where nobody could sign in any more. A list of
    the old names, which AWS mixes with no new ones, lets users sign in by SRP and refresh without saying so.
    """
    kept = set(client.auth_flows - taken)
    is_old = not any(flow.startswith("ALLOW_") for flow in client.auth_flows)
    if is_old and not kept:
        kept = {SRP, REFRESH}
    if instead and kept.isdisjoint(USER_FLOWS):
        kept.add(instead)
    # AWS refuses refresh by this flow where refresh tokens are rotated.
    rotation = client.refresh_token_rotation
    if rotation and rotation.is_enabled:
        kept.discard(REFRESH)
    elif not kept:
        kept.add(REFRESH)
    return sorted(kept) or None
