"""Remedies of the rules on users' tokens."""

from collections.abc import Iterator

from records.app_client import LEGACY_AUTH_FLOWS, AppClient
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy
from rules.user_tokens import PROFILE_SCOPE

UPDATE = Operation.UPDATE_USER_POOL_CLIENT
REFRESH = "ALLOW_REFRESH_TOKEN_AUTH"
# What AWS accepts: five minutes to a day.
ID_TOKEN_MINUTES = range(5, 24 * 60 + 1)


def _rotate(client: AppClient, _ctx: Context) -> Iterator[Change]:
    """Rotate refresh tokens, and take the flow away that rotation excludes.

    Nothing where no flow would be left, for an empty list means AWS's default, which has the flow; nor where
    flows have their old names, among which it goes without saying.
    """
    flows = sorted(client.auth_flows - {REFRESH})
    if not flows or not LEGACY_AUTH_FLOWS.isdisjoint(flows):
        return
    yield Change(UPDATE, ("RefreshTokenRotation", "Feature"), "ENABLED")
    if REFRESH in client.auth_flows:
        yield Change(UPDATE, ("ExplicitAuthFlows",), flows)


def _shorten_id_token(_client: AppClient, ctx: Context) -> Iterator[Change]:
    minutes = ctx.parameters["id_token_minutes"]
    if minutes in ID_TOKEN_MINUTES:
        yield Change(UPDATE, ("IdTokenValidity",), minutes)
        yield Change(UPDATE, ("TokenValidityUnits", "IdToken"), "minutes")


def _leave_profiles_alone(client: AppClient, _ctx: Context) -> Iterator[Change]:
    """Take the scope away where another stays: OAuth needs one."""
    if left := sorted(client.oauth_scopes - {PROFILE_SCOPE}):
        yield Change(UPDATE, ("AllowedOAuthScopes",), left)


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="UTK001",
        change="Rotate refresh tokens",
        impact="Each refresh gives a new refresh token, and ends the one before.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Release the application with GetTokensFromRefreshToken, keeping each new refresh token.",
            "Wait until releases that refresh with InitiateAuth are out of use.",
            "Enable rotation with at most 10 seconds of grace, and take ALLOW_REFRESH_TOKEN_AUTH out.",
        ),
        breaks=(
            "Releases that refresh with REFRESH_TOKEN_AUTH, or keep the old refresh token, sign users out."
        ),
        removes="refresh by InitiateAuth",
        changes=_rotate,
    ),
    Remedy(
        code="UTK002",
        change="Shorten ID tokens",
        impact="Applications fetch a new ID token more often.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See that every application refreshes its tokens before they expire.",
            "Lower IdTokenValidity on one app client, then on the others.",
        ),
        breaks="An application that never refreshes signs its users out when the token expires.",
        changes=_shorten_id_token,
    ),
    Remedy(
        code="UTK003",
        change="Take the self-service scope out of the app client",
        impact="Access tokens from managed login cannot change the user's account.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Look for calls such as GetUser, UpdateUserAttributes and ChangePassword in the application.",
            "Release it without the scope in its sign-in requests.",
            "Take aws.cognito.signin.user.admin out of AllowedOAuthScopes.",
        ),
        breaks="Pages that edit the account with its token fail, and requests for the scope are refused.",
        removes="the scope aws.cognito.signin.user.admin",
        changes=_leave_profiles_alone,
    ),
)
