"""Remedies of the rules on app clients: grants, callbacks, flows, tokens and registration."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.user_pool import UserPool
from rules.app_clients import ADMIN_PASSWORD_FLOWS, PASSWORD_FLOWS
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy
from rules.remedies.flows import SRP, flows_without

UPDATE = Operation.UPDATE_USER_POOL_CLIENT
AUTH_FLOWS = ("ExplicitAuthFlows",)
# What AWS accepts: an access token of five minutes to a day, a refresh token of up to ten years.
ACCESS_TOKEN_MINUTES = range(5, 24 * 60 + 1)
REFRESH_TOKEN_DAYS = range(1, 3651)
SECONDS_PER_DAY = 86400
DEFAULT_ID_TOKEN_SECONDS = 3600


def _drop_implicit_grant(client: AppClient, _ctx: Context) -> Iterator[Change]:
    """Take the implicit grant away, where the app client has another to go on with."""
    if left := sorted(client.oauth_flows - {"implicit"}):
        yield Change(UPDATE, ("AllowedOAuthFlows",), left)


def _hide_users(_client: AppClient, _ctx: Context) -> Iterator[Change]:
    yield Change(UPDATE, ("PreventUserExistenceErrors",), "ENABLED")


def _allow_revocation(_client: AppClient, _ctx: Context) -> Iterator[Change]:
    yield Change(UPDATE, ("EnableTokenRevocation",), value=True)


def _drop_admin_password_flow(client: AppClient, _ctx: Context) -> Iterator[Change]:
    if left := flows_without(client, ADMIN_PASSWORD_FLOWS):
        yield Change(UPDATE, AUTH_FLOWS, left)


def _prove_passwords_by_srp(client: AppClient, ctx: Context) -> Iterator[Change]:
    """Take the password flow away; nothing while a trigger moves users in, for it needs the password."""
    if any(trigger.stage == "UserMigration" for trigger in ctx.pool.settings.value.triggers):
        return
    if left := flows_without(client, PASSWORD_FLOWS, instead=SRP if client.signs_in_users else None):
        yield Change(UPDATE, AUTH_FLOWS, left)


def _shorten_access_token(_client: AppClient, ctx: Context) -> Iterator[Change]:
    minutes = ctx.parameters["access_token_minutes"]
    if minutes in ACCESS_TOKEN_MINUTES:
        yield Change(UPDATE, ("AccessTokenValidity",), minutes)
        yield Change(UPDATE, ("TokenValidityUnits", "AccessToken"), "minutes")


def _shorten_refresh_token(client: AppClient, ctx: Context) -> Iterator[Change]:
    """Shorten the refresh token; nothing where another token would outlive it, which AWS refuses."""
    days = ctx.parameters["refresh_token_days"]
    others = (client.effective_access_token_seconds, client.id_token_seconds or DEFAULT_ID_TOKEN_SECONDS)
    if days in REFRESH_TOKEN_DAYS and max(others) < days * SECONDS_PER_DAY:
        yield Change(UPDATE, ("RefreshTokenValidity",), days)
        yield Change(UPDATE, ("TokenValidityUnits", "RefreshToken"), "days")


def _drop_custom_auth(client: AppClient, ctx: Context) -> Iterator[Change]:
    """Take custom authentication away where no trigger is there; one that is shows that somebody wants it.

    Nor is the old flow taken, without which users could sign in by SRP.
    """
    if ctx.pool.settings.value.custom_auth_stages or "CUSTOM_AUTH_FLOW_ONLY" in client.auth_flows:
        return
    if left := flows_without(client, frozenset({"ALLOW_CUSTOM_AUTH"})):
        yield Change(UPDATE, AUTH_FLOWS, left)


def _close_registration(_pool: UserPool, _ctx: Context) -> Iterator[Change]:
    yield Change(Operation.UPDATE_USER_POOL, ("DcrConfiguration", "OpenDcrEnabled"), value=False)


def _register_no_machines(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    if registration := pool.open_registration:
        left = sorted(registration.open_grant_types - {"client_credentials"})
        yield Change(Operation.UPDATE_USER_POOL, ("DcrConfiguration", "OpenDcrGrantTypes"), left)


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="APP001",
        change="Drop the implicit grant",
        impact="Applications get a code, which they exchange for tokens, in place of tokens in the address.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Add code to AllowedOAuthFlows, and release the application with the code grant and PKCE.",
            "Wait until the old release is out of use.",
            "Take implicit out of AllowedOAuthFlows.",
        ),
        breaks="A release that still asks for response_type token cannot sign users in.",
        removes="the implicit grant",
        changes=_drop_implicit_grant,
    ),
    Remedy(
        code="APP002",
        change="Serve callbacks over https",
        impact="Codes and tokens reach the application encrypted, at a new callback URL.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Serve the callback over https, and add that URL to CallbackURLs.",
            "Release the application with the new redirect_uri.",
            "Take the http URL out of CallbackURLs and DefaultRedirectURI.",
        ),
        breaks="A release that still sends the old redirect_uri is refused.",
        removes="the http callback URL",
    ),
    Remedy(
        code="APP003",
        change="Hide who has an account",
        impact="Unknown users and wrong passwords get the same answer.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Search the application and its triggers for UserNotFoundException.",
            "Let them treat NotAuthorizedException alike, then set PreventUserExistenceErrors to ENABLED.",
        ),
        breaks=(
            "An application that goes on to sign-up at UserNotFoundException no longer gets there, and users "
            "who mistype their name wait for a code that is never sent."
        ),
        removes="error messages that tell unknown users",
        changes=_hide_users,
    ),
    Remedy(
        code="APP004",
        change="Replace the app client by one without a secret",
        impact="The application gets a new client id, signs in without a secret, and proves itself by PKCE.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=False,
        steps=(
            "Make an app client without a secret and with the code grant, and the same other settings.",
            "Name its id wherever the old one stands: APIs' audiences, identity pools, risk configuration.",
            "Release the application with the new client id, and wait until the old one is out of use.",
            "Delete the old app client.",
        ),
        breaks=(
            "An app client's secret cannot be taken away, so the client id changes: APIs and identity pools "
            "that do not know the new one refuse its tokens. Users sign in again."
        ),
        removes="the app client with its secret",
    ),
    Remedy(
        code="APP005",
        change="Allow tokens to be revoked",
        impact="RevokeToken works, and new tokens carry the claims jti and origin_jti.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See that nothing compares tokens with a fixed set of claims.",
            "Set EnableTokenRevocation to true.",
            "Let the application call RevokeToken at sign-out.",
        ),
        breaks="Cookies or headers that hold a token must take a slightly longer one.",
        changes=_allow_revocation,
    ),
    Remedy(
        code="APP006",
        change="Take the admin password flow out of the app client",
        impact="The server signs users in through an app client of its own, which has a secret.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make an app client with a secret for the server.",
            "Release the server with the new client id and SECRET_HASH.",
            "Look in CloudTrail for AdminInitiateAuth through the old app client, then take the flow out.",
        ),
        breaks="A server that still signs users in through this app client is refused.",
        removes="ALLOW_ADMIN_USER_PASSWORD_AUTH",
        changes=_drop_admin_password_flow,
    ),
    Remedy(
        code="APP007",
        change="Take the password flow out of the app client",
        impact="Applications prove the password by SRP, or let the user choose, in place of sending it.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Allow ALLOW_USER_SRP_AUTH or ALLOW_USER_AUTH, and release the application with it.",
            "End the migration first where a UserMigration trigger moves users in.",
            "Look in CloudTrail for InitiateAuth with USER_PASSWORD_AUTH, then take the flow out.",
        ),
        breaks=(
            "Releases that still send the password cannot sign users in, and a UserMigration trigger, which "
            "needs the password, moves nobody in any more."
        ),
        removes="ALLOW_USER_PASSWORD_AUTH",
        changes=_prove_passwords_by_srp,
    ),
    Remedy(
        code="APP008",
        change="Shorten access tokens",
        impact="Applications fetch a new access token more often.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See that every application refreshes its tokens before they expire.",
            "Lower AccessTokenValidity in two or three steps, and watch TokenRefreshThrottles.",
        ),
        breaks="An application that never refreshes signs its users out when the token expires.",
        changes=_shorten_access_token,
    ),
    Remedy(
        code="APP009",
        change="Shorten refresh tokens",
        impact="Users sign in again when the time is up.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See how long users stay away: those who come less often sign in at every visit.",
            "Rotate refresh tokens where a phone app has to keep its users signed in.",
            "Lower RefreshTokenValidity.",
        ),
        breaks=(
            "An application that does not handle the end of a refresh token shows an error, not sign-in. "
            "Rotation ends REFRESH_TOKEN_AUTH: applications call GetTokensFromRefreshToken instead."
        ),
        changes=_shorten_refresh_token,
    ),
    Remedy(
        code="APP010",
        change="Take custom authentication out of the app client",
        impact="Nobody can begin a flow that no trigger answers.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask whether the triggers are missing by mistake; if so, set them instead.",
            "Take ALLOW_CUSTOM_AUTH out of ExplicitAuthFlows, with the flows in use listed.",
        ),
        breaks="An application that asks for CUSTOM_AUTH gets another error than before.",
        removes="ALLOW_CUSTOM_AUTH",
        changes=_drop_custom_auth,
    ),
    Remedy(
        code="APP011",
        change="Ask for a token to register app clients",
        impact="Applications register with a token of the scope aws.cognito/dcr/register.",
        affected=Affected.OPERATORS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Go through the app clients that were registered, and delete those that nobody knows.",
            "Give an initial token to the applications that have to register.",
            "Set OpenDcrEnabled to false.",
        ),
        breaks="Applications that register without a token are refused; those registered before go on.",
        removes="registration without a token",
        changes=_close_registration,
    ),
    Remedy(
        code="APP012",
        change="Let nobody register machine clients without a token",
        impact="App clients that are registered without a token get no machine tokens.",
        affected=Affected.OPERATORS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Take client_credentials out of OpenDcrGrantTypes.",
            "Go through the app clients that were registered with it, and delete those that nobody knows.",
        ),
        breaks="Machines that register by themselves need an initial token from then on.",
        removes="registration of machine clients without a token",
        changes=_register_no_machines,
    ),
)
