"""Tokens of users: how long they last, whether refresh tokens rotate, and what they allow on the account."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.evaluation import Severity
from rules.app_clients import signs_in_users
from rules.engine import Context, Problem, rule
from rules.links import DOCS
from rules.tokens import BROWSER_GRANTS

PROFILE_SCOPE = "aws.cognito.signin.user.admin"


def sends_users_to_managed_login(client: AppClient, _ctx: Context) -> bool:
    """Whether users sign in through the pages of managed login."""
    return not client.active_oauth_flows.isdisjoint(BROWSER_GRANTS)


def refreshes_tokens(client: AppClient, _ctx: Context) -> bool:
    """Whether the app client gives users refresh tokens and takes them."""
    return client.refreshes_tokens


@rule(
    "UTK001",
    Severity.MEDIUM,
    url=DOCS + "amazon-cognito-user-pools-using-the-refresh-token.html",
    applies=refreshes_tokens,
    plan_needed="ESSENTIALS",
    peers={"stave": ("CTL.COGNITO.TOKEN.REFRESHNOROT",)},
)
def refresh_tokens_do_not_rotate(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """A refresh token stays the same however often it is used.

    Why: a copy of it works beside the original until it expires, and nobody notices; with rotation the
    second use of a token is refused, and what was stolen soon ends.
    Fix: let the application refresh with GetTokensFromRefreshToken or the token endpoint and keep the new
    refresh token each time; then set RefreshTokenRotation.Feature to ENABLED and take
    ALLOW_REFRESH_TOKEN_AUTH, which rotation excludes, out of ExplicitAuthFlows, by read, merge, write:
    UpdateUserPoolClient resets every field left out. Releases that refresh with InitiateAuth are signed out.
    Unsure when: refresh tokens live for hours only, or a server keeps them.
    """
    if not client.rotates_refresh_tokens:
        hours = client.effective_refresh_token_seconds / 3600
        lifetime = f"{hours / 24:g} days" if hours > 24 else f"{hours:g} hours"  # noqa: PLR2004  (a day)
        yield Problem(
            f"keeps a refresh token for {lifetime} without rotating it",
            evidence=(
                ("RefreshTokenRotation.Feature", "DISABLED" if client.refresh_token_rotation else None),
                ("RefreshTokenValidity", f"{client.effective_refresh_token_seconds} seconds"),
            ),
            severity=Severity.LOW if client.is_confidential else None,
            because=(
                "a refresh token is of no use without the client's secret" if client.is_confidential else ""
            ),
        )


@rule(
    "UTK002",
    Severity.LOW,
    url=DOCS + "amazon-cognito-user-pools-using-the-id-token.html",
    applies=signs_in_users,
    params={"id_token_minutes": 60},
    plan_needed="LITE",
    peers={
        "service_screener": ("cognitoTokenValidityTooLong",),
        "stave": ("CTL.COGNITO.CLIENT.IDTTL",),
    },
)
def id_token_lives_too_long(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A stolen ID token works for a long time.

    Why: identity pools and services that verify the token by its signature take the user for signed in until
    it expires, with the groups and attributes of the day it was issued.
    Fix: set IdTokenValidity to 60 minutes or less, by read, merge, write: UpdateUserPoolClient resets every
    field left out. Applications refresh their tokens more often.
    """
    limit = ctx.parameters["id_token_minutes"]
    minutes = client.effective_id_token_seconds / 60
    if minutes > limit:
        yield Problem(
            f"issues ID tokens for {minutes:g} minutes, more than {limit}",
            evidence=(("IdTokenValidity", f"{client.effective_id_token_seconds} seconds"),),
        )


@rule(
    "UTK003",
    Severity.LOW,
    url=DOCS + "cognito-user-pools-define-resource-servers.html",
    applies=sends_users_to_managed_login,
    plan_needed="LITE",
    peers={"service_screener": ("cognitoClientExcessiveScopes",)},
)
def oauth_tokens_change_profiles(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """Access tokens from managed login can change the user's account.

    Why: with the scope aws.cognito.signin.user.admin, whoever gets hold of the token reads the profile,
    writes attributes, sets up factors and deletes the account, which most applications never need.
    Fix: take the scope out of AllowedOAuthScopes, by read, merge, write: UpdateUserPoolClient resets every
    field left out. Pages of the application that edit the profile with the user's token stop working, and a
    request that names the scope is refused.
    Unsure when: the application lets users manage their account. Tokens from the SDK's sign-in carry the
    scope whatever is listed.
    """
    if PROFILE_SCOPE in client.oauth_scopes:
        is_registered = client.client_type == "DCR"
        yield Problem(
            f"gives access tokens the scope {PROFILE_SCOPE}",
            evidence=(
                ("AllowedOAuthScopes", tuple(sorted(client.oauth_scopes))),
                ("ClientType", client.client_type),
            ),
            severity=Severity.MEDIUM if is_registered else None,
            because="an application registered the app client by itself" if is_registered else "",
        )
