"""APIs: which of API Gateway's authorizers trust a user pool, and what they let in by that."""

import re
from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName
from records.surroundings import ApiAuthorizer
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.links import AWS_DOCS, DOCS

# What AWS makes for app clients; audiences of another form name resource servers.
APP_CLIENT_ID = re.compile(r"[0-9a-z]{20,32}")


def is_trusted_by_http_apis(pool: UserPool, ctx: Context) -> bool:
    """Whether an HTTP API lets in tokens of the user pool."""
    return bool(_trusting(pool, ctx, ctx.region.http_authorizers.value))


def lets_anybody_sign_up(pool: UserPool, _ctx: Context) -> bool:
    """Whether anybody may sign up."""
    return pool.allows_self_sign_up


@rule(
    "API001",
    Severity.LOW,
    url=AWS_DOCS + "apigateway/latest/developerguide/http-api-jwt-authorizer.html",
    applies=is_trusted_by_http_apis,
    reads=(FacetName.HTTP_AUTHORIZERS, FacetName.APP_CLIENTS),
)
def api_names_an_app_client_that_is_gone(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """An HTTP API expects tokens of an app client that the user pool does not have.

    Why: no token is ever made for that app client: the API refuses the users of whichever one was meant, or
    the entry is left over and hides what the authorizer really lets in.
    Fix: put the ids of the app clients that are meant into the authorizer's audience with UpdateAuthorizer,
    sending the issuer along. Users of app clients that you leave out are refused from then on.
    """
    known = {member.id for member in ctx.pool.client_list.value}
    for authorizer in _trusting(pool, ctx, ctx.region.http_authorizers.value):
        for audience in authorizer.audiences:
            if APP_CLIENT_ID.fullmatch(audience) and audience not in known:
                yield Problem(
                    f"is trusted by the API {_named(authorizer)} for app client {audience},"
                    " which does not exist",
                    evidence=(
                        (f"{_path(authorizer)}.JwtConfiguration.Issuer", authorizer.issuers),
                        (f"{_path(authorizer)}.JwtConfiguration.Audience", authorizer.audiences),
                    ),
                )


@rule(
    "API002",
    Severity.LOW,
    url=DOCS + "user-pool-accessing-resources-api-gateway-and-lambda.html",
    applies=lets_anybody_sign_up,
    reads=(FacetName.REST_AUTHORIZERS,),
)
def api_trusts_whoever_signs_up(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A REST API lets in whoever signs up.

    Why: an authorizer asks for a token of the user pool alone, and anybody gets one by signing up; what is
    behind the API is as open as sign-up is.
    Fix: ask for scopes that not every app client may request in each method's authorizationScopes, look at
    groups in the API's own code, or let only administrators create users. With scopes the API takes access
    tokens and refuses ID tokens.
    Unsure when: the API's methods ask for scopes, or the API is meant for everybody; Poolwatch does not read
    methods yet.
    """
    for authorizer in _trusting(pool, ctx, ctx.region.rest_authorizers.value):
        yield Problem(
            f"allows sign-up and is trusted by the API {_named(authorizer)}",
            evidence=(
                (f"{_path(authorizer)}.ProviderARNs", authorizer.user_pool_arns),
                ("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only),
            ),
        )


def _trusting(
    pool: UserPool, ctx: Context, authorizers: tuple[ApiAuthorizer, ...]
) -> tuple[ApiAuthorizer, ...]:
    """Return the authorizers that trust the user pool, by its ARN or as the issuer of tokens."""
    return tuple(
        each
        for each in authorizers
        if ctx.pool.arn in each.user_pool_arns
        or any(issuer.rstrip("/").rpartition("/")[2] == pool.user_pool_id for issuer in each.issuers)
    )


def _named(authorizer: ApiAuthorizer) -> str:
    return authorizer.api_name or authorizer.api_id


def _path(authorizer: ApiAuthorizer) -> str:
    return f"Authorizers[{authorizer.api_id}:{authorizer.authorizer_id}]"
