"""Remedies of the rules on upkeep."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.user_pool import UserPool
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy

_GRACE_SECONDS = 10
_CHALLENGE_MINUTES = 3


def _shorten_challenges(_client: AppClient, _ctx: Context) -> Iterator[Change]:
    yield Change(Operation.UPDATE_USER_POOL_CLIENT, ("AuthSessionValidity",), _CHALLENGE_MINUTES)


def _shorten_grace(_client: AppClient, _ctx: Context) -> Iterator[Change]:
    path = ("RefreshTokenRotation", "RetryGracePeriodSeconds")
    yield Change(Operation.UPDATE_USER_POOL_CLIENT, path, _GRACE_SECONDS)


def _update_issuer(_pool: UserPool, _ctx: Context) -> Iterator[Change]:
    yield Change(Operation.UPDATE_USER_POOL, ("IssuerConfiguration", "Type"), "UPDATED")


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="UPK001",
        change="Move to the updated issuer",
        impact="Tokens carry an issuer that every replica serves.",
        affected=Affected.EVERYBODY,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "List what verifies tokens: APIs, identity pools, load balancers, libraries.",
            "Let each accept the new issuer beside the old one.",
            "Set IssuerConfiguration.Type to UPDATED.",
            "Take the old issuer away when its last tokens have run out.",
        ),
        breaks="Whatever accepts the old issuer alone refuses every new token.",
        changes=_update_issuer,
    ),
    Remedy(
        code="UPK002",
        change="Delete the domain",
        impact="Its sign-in pages and OAuth endpoints are gone from the internet.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "Search links, DNS records and configurations for the domain's name.",
            "Look whether passkeys are bound to it: they stop working.",
            "Delete it with DeleteUserPoolDomain, and the DNS record of a custom domain first.",
        ),
        breaks="Passkeys that are bound to the name stop working, and somebody else may take a prefix.",
        removes="the domain",
    ),
    Remedy(
        code="UPK003",
        change="Shorten the wait for each step of a sign-in",
        impact="A sign-in that was begun ends after three minutes without an answer.",
        affected=Affected.SIGNING_IN,
        needs_client_release=False,
        is_reversible=True,
        steps=("See how long codes take to arrive.", "Set AuthSessionValidity to 3."),
        breaks="Users whose code arrives later must begin anew.",
        changes=_shorten_challenges,
    ),
    Remedy(
        code="UPK004",
        change="Shorten the grace of replaced refresh tokens",
        impact="The second use of a refresh token is refused sooner.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See how often refreshes are tried again.",
            "Set RetryGracePeriodSeconds to 10.",
        ),
        breaks="Apps that lose the answer to a refresh on a bad network must sign in again.",
        changes=_shorten_grace,
    ),
)
