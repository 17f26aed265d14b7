"""Tokens: how app clients come by them, for whom, and for which APIs."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import FacetName
from rules.engine import Context, Problem, rule
from rules.links import DOCS

IMPERSONATION = "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"
# The grants in which managed login asks the user, or its single sign-on session, for an identity.
BROWSER_GRANTS = frozenset({"code", "implicit"})
USER_FLOWS = frozenset(
    {
        "ADMIN_NO_SRP_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "CUSTOM_AUTH_FLOW_ONLY",
        "USER_PASSWORD_AUTH",
    }
)
# What AWS names so, no resource server of the owner's has.
AWS_SCOPES = ("aws.cognito.", "aws.cognito/")


def reuses_sessions(client: AppClient, ctx: Context) -> bool:
    """Whether the app client's own single sign-on window is in force: without tracking it lies dormant."""
    return not client.active_oauth_flows.isdisjoint(BROWSER_GRANTS) and ctx.pool.session.value.is_tracked


def uses_oauth(client: AppClient, _ctx: Context) -> bool:
    """Whether OAuth is on, without which scopes are of no use."""
    return bool(client.is_oauth_enabled)


def is_machine(client: AppClient, _ctx: Context) -> bool:
    """Whether the app client takes tokens for itself alone."""
    return client.is_machine_to_machine


@rule(
    "TOK001",
    Severity.MEDIUM,
    url=DOCS + "managing-user-sessions.html",
    applies=reuses_sessions,
    reads=(FacetName.CLIENT_SESSION, FacetName.SESSION_CONFIGURATION),
    params={"minutes": 1440},
    plan_needed="ESSENTIALS",
)
def single_sign_on_lasts_too_long(_client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A browser that signed in once gets tokens for a long time without asking again.

    Why: whoever sits down at the browser, or takes its cookie, gets new tokens without password or second
    factor as long as the session is reused.
    Fix: lower SSOSession.MaxValidityMinutes, whose default is 60, with SetUserPoolClientSessionConfiguration,
    which replaces the app client's whole session configuration. Users sign in again more often.
    """
    limit = ctx.parameters["minutes"]
    # AWS's default, which holds where no number is told, is 60.
    minutes = ctx.client.session.value.sso_minutes
    if minutes is not None and minutes > limit:
        yield Problem(
            f"reuses a single sign-on session for {minutes} minutes, more than {limit}",
            evidence=(("SSOSession.MaxValidityMinutes", minutes),),
        )


@rule(
    "TOK002",
    Severity.LOW,
    url=DOCS + "cognito-user-pools-define-resource-servers.html",
    applies=uses_oauth,
    reads=(FacetName.RESOURCE_SERVERS,),
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.GHOST.RESOURCESRV",)},
)
def scope_has_no_resource_server(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """An app client lists a scope that no resource server has.

    Why: no token is issued for the scope now, and whoever makes a resource server with that identifier
    again decides what the app client may do by it.
    Fix: take the scope out of AllowedOAuthScopes, by read, merge, write: UpdateUserPoolClient resets every
    field left out. Or make the resource server again, where the application still asks for the scope.
    """
    served = {
        f"{server.identifier}/{scope}"
        for server in ctx.pool.resource_servers.value
        for scope in server.scopes
    }
    for scope in sorted(client.oauth_scopes - served):
        # A scope without a slash is AWS's, be it one that nobody knows yet.
        if "/" in scope and not scope.startswith(AWS_SCOPES):
            yield Problem(
                f"lists the scope {scope}, which no resource server has",
                evidence=(("AllowedOAuthScopes", scope),),
            )


@rule(
    "TOK003",
    Severity.MEDIUM,
    url=DOCS + "cognito-user-pools-token-exchange.html",
    plan_needed="ESSENTIALS",
)
def token_exchange_hides_who_acts(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """An app client may exchange a user's token as if it were the user.

    Why: a token that was exchanged without an actor says that the user acts alone, so services and logs
    cannot tell the user from the service; without a client secret, whoever holds a user's token can do it.
    Fix: send an ActorToken with GetDerivedToken, allow ALLOW_TOKEN_EXCHANGE_DELEGATION instead of
    ALLOW_TOKEN_EXCHANGE_IMPERSONATION in ExplicitAuthFlows, by read, merge, write: UpdateUserPoolClient
    resets every field left out. Exchanges without an actor are refused then.
    Unsure when: the services behind it need no more than a token of narrower scope.
    """
    if IMPERSONATION in client.explicit_auth_flows:
        yield Problem(
            f"allows {IMPERSONATION} {'with its' if client.has_secret else 'without a'} secret",
            evidence=(("ExplicitAuthFlows", tuple(sorted(client.explicit_auth_flows))),),
            severity=None if client.has_secret else Severity.HIGH,
            because="" if client.has_secret else "whoever holds a user's token can exchange it",
        )


@rule(
    "TOK004",
    Severity.LOW,
    url=DOCS + "user-pool-settings-client-apps.html",
    applies=is_machine,
    plan_needed="LITE",
)
def machine_client_signs_in_users(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """A machine's app client lets users sign in, too.

    Why: whoever has the machine's secret can try users' passwords with it, past the settings that were made
    for the app clients of users.
    Fix: give users an app client of their own, then set ExplicitAuthFlows to ALLOW_REFRESH_TOKEN_AUTH alone,
    by read, merge, write: UpdateUserPoolClient resets every field left out, and an empty list means AWS's
    default, which lets users sign in. An application that signs users in here stops doing so.
    """
    # An empty list means the default, which nobody chose; only what is listed was meant.
    if flows := client.explicit_auth_flows & USER_FLOWS:
        yield Problem(
            f"takes tokens for a machine, yet allows {' and '.join(sorted(flows))}",
            evidence=(
                ("AllowedOAuthFlows", tuple(sorted(client.oauth_flows))),
                ("ExplicitAuthFlows", tuple(sorted(client.explicit_auth_flows))),
            ),
        )


@rule(
    "TOK005",
    Severity.LOW,
    url=DOCS + "amazon-cognito-user-pools-using-the-access-token.html",
    applies=is_machine,
    params={"machine_token_minutes": 720},
    plan_needed="LITE",
)
def machine_token_lives_too_long(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A machine's stolen access token works for a long time.

    Why: an access token of the client credentials grant cannot be revoked, so that one from a log works
    until it expires, also after the secret has changed. No user's account is at stake, and each token that a
    machine asks for is billed: a token of an hour costs up to 24 times as many requests as one of a day.
    Fix: let the application keep its token until it expires, then set AccessTokenValidity to what is worth
    its price, by read, merge, write: UpdateUserPoolClient resets every field left out. An application that
    asks for a token at each call costs the same whatever the lifetime.
    Unsure when: the APIs look tokens up in a list of their own, and can refuse one at once.
    """
    limit = ctx.parameters["machine_token_minutes"]
    minutes = client.effective_access_token_seconds / 60
    if minutes > limit:
        yield Problem(
            f"issues access tokens to a machine for {minutes:g} minutes, more than {limit}",
            evidence=(("AccessTokenValidity", f"{client.effective_access_token_seconds} seconds"),),
        )
