"""Remedies of the rules on registration."""

from collections.abc import Iterator

from records.app_client import AppClient
from rules.engine import Context
from rules.registration import REGISTER_SCOPE
from rules.remedies import Affected, Change, Operation, Remedy


def _register_nothing(client: AppClient, _ctx: Context) -> Iterator[Change]:
    """Take the scope away where another stays: OAuth needs one."""
    if left := sorted(client.oauth_scopes - {REGISTER_SCOPE}):
        yield Change(Operation.UPDATE_USER_POOL_CLIENT, ("AllowedOAuthScopes",), left)


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="REG001",
        change="Narrow the scopes of registered app clients",
        impact="App clients that register by themselves learn who the user is and no more.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the scopes of the app clients whose ClientType is DCR, and ask who uses them.",
            "Give an application that needs more an app client that an administrator makes.",
            "Take the scopes out of AllowedScopes, and delete registered app clients that hold them.",
        ),
        breaks="Applications that register with these scopes are refused.",
        removes="scopes of registered app clients",
    ),
    Remedy(
        code="REG002",
        change="Register app clients from a server alone",
        impact="Users' tokens do not open the registration endpoint.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Give the scope to a server's app client with a secret and the client_credentials grant.",
            "Let the application ask that server to register, and release it so.",
            "Take aws.cognito/dcr/register out of AllowedOAuthScopes here.",
        ),
        breaks="The application cannot register app clients with its users' tokens.",
        removes="the scope aws.cognito/dcr/register",
        changes=_register_nothing,
    ),
    Remedy(
        code="REG003",
        change="Delete registered app clients that nobody uses",
        impact="The quota of app clients has room, and fewer app clients can be misused.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "Look for sign-ins of each in the CloudWatch metrics and in CloudTrail over three months.",
            "Tell the owners whom you know, then delete the app clients in small groups.",
            "Ask for a token at registration, so that no more pile up.",
        ),
        breaks="Users of an application whose app client is deleted cannot sign in.",
        removes="registered app clients",
    ),
)
