"""Upkeep: what is left of older days or wider than it need be, and worth a thought in a quiet hour."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import UserPool
from records.user_pool_parts import UserPoolDomain
from rules.engine import Context, Problem, rule
from rules.links import DOCS


def has_replicas(_pool: UserPool, ctx: Context) -> bool:
    """Whether the user pool has copies in other regions."""
    return any(each.role == "SECONDARY" for each in ctx.pool.replicas.value)


def asks_challenges(client: AppClient, _ctx: Context) -> bool:
    """Whether users sign in through the app client and AWS tells how long it waits for their answers."""
    return client.signs_in_users and client.auth_session_minutes is not None


def rotates_tokens(client: AppClient, _ctx: Context) -> bool:
    """Whether refresh tokens are renewed at every use."""
    return client.refresh_token_rotation is not None and client.refresh_token_rotation.is_enabled


@rule(
    "UPK001",
    Severity.INFO,
    url=DOCS + "amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html",
    applies=has_replicas,
    reads=(FacetName.REPLICAS,),
    plan_needed="ESSENTIALS",
)
def replicas_share_the_original_issuer(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Tokens of a user pool with replicas name one region's issuer.

    Why: with the original issuer, whoever verifies tokens fetches keys from the primary region, so a
    failover to a replica does not reach those checks.
    Fix: set IssuerConfiguration.Type to UPDATED, by read, merge, write: UpdateUserPool resets every field
    left out. Everything that verifies tokens must accept the new issuer first: APIs, identity pools,
    libraries.
    Unsure when: the replicas only serve as a copy of the users, and nobody is sent to them.
    """
    if pool.issuer_type == "ORIGINAL":
        yield Problem(
            "has replicas, yet its tokens carry the original issuer of one region",
            evidence=(("IssuerConfiguration.Type", pool.issuer_type),),
        )


@rule(
    "UPK002",
    Severity.LOW,
    url=DOCS + "cognito-user-pools-assign-domain.html",
    reads=(FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    plan_needed="LITE",
)
def domain_serves_no_app_client(_domain: UserPoolDomain, ctx: Context) -> Iterator[Problem]:
    """The domain is there for no app client.

    Why: its sign-in pages and OAuth endpoints answer everybody on the internet, though no app client uses
    them.
    Fix: delete the domain with DeleteUserPoolDomain. A prefix can be taken by somebody else then, so look
    first that no link, configuration or DNS record points to it.
    Unsure when: passkeys are bound to the domain's name, or app clients that use it come and go.
    """
    if not ctx.pool.has_app_client(lambda client: bool(client.active_oauth_flows)):
        yield Problem(
            "serves no app client: none of the user pool uses OAuth",
            evidence=(("AllowedOAuthFlowsUserPoolClient", False),),
        )


@rule(
    "UPK003",
    Severity.INFO,
    url=DOCS + "amazon-cognito-user-pools-authentication-flow-methods.html",
    applies=asks_challenges,
    params={"minutes": 5},
    plan_needed="LITE",
)
def challenge_stays_open_long(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A sign-in that was begun waits long for its next step.

    Why: whoever gets hold of the session of a half-done sign-in, or of a code on its way, has that much
    longer to use it.
    Fix: set AuthSessionValidity to 3 minutes, by read, merge, write: UpdateUserPoolClient resets every
    field left out. Users who wait longer for a code must begin anew.
    Unsure when: codes by e-mail reach your users late.
    """
    minutes, limit = client.auth_session_minutes, ctx.parameters["minutes"]
    if minutes is not None and minutes > limit:
        yield Problem(
            f"waits {minutes} minutes for each step of a sign-in, more than {limit}",
            evidence=(("AuthSessionValidity", minutes),),
        )


@rule(
    "UPK004",
    Severity.INFO,
    url=DOCS + "amazon-cognito-user-pools-using-the-refresh-token.html",
    applies=rotates_tokens,
    params={"seconds": 30},
    plan_needed="ESSENTIALS",
)
def replaced_refresh_token_works_on(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A refresh token that was replaced still works for a while.

    Why: rotation tells a stolen refresh token by its second use, which does not show while the old one is
    good.
    Fix: set RefreshTokenRotation.RetryGracePeriodSeconds to 10 or less, by read, merge, write:
    UpdateUserPoolClient resets every field left out. Apps on bad networks that do not get the answer to a
    refresh in that time must sign in again.
    Unsure when: the app's users are often on bad networks.
    """
    rotation, limit = client.refresh_token_rotation, ctx.parameters["seconds"]
    if rotation is not None and (rotation.grace_seconds or 0) > limit:
        yield Problem(
            f"takes a replaced refresh token for {rotation.grace_seconds} seconds more, above {limit}",
            evidence=(("RefreshTokenRotation.RetryGracePeriodSeconds", rotation.grace_seconds),),
        )
