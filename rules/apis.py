"""APIs: which of API Gateway's authorizers trust a user pool, and what they let in by that."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from records.app_client import AppClient
from records.evaluation import Evidence, Severity
from records.facet import Facet, FacetName, Gap, Reason
from records.resource import Arn, Member, Scope
from records.surroundings import ApiAuthorizer
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.links import AWS_DOCS, DOCS

# What AWS makes for app clients; audiences of another form name resource servers.
APP_CLIENT_ID = re.compile(r"[0-9a-z]{20,32}")
USER_POOL_ARN = re.compile(r"arn:[a-z-]+:cognito-idp:[a-z0-9-]+:\d{12}:userpool/([\w-]+)", re.ASCII)
# How many methods a message names one by one, and how many the evidence holds.
NAMED = 3
SHOWN = 20


def is_trusted_by_http_apis(pool: UserPool, ctx: Context) -> bool:
    """Whether an HTTP API lets in tokens of the user pool."""
    return bool(_trusting(pool, ctx, ctx.region.http_authorizers.value))


def is_trusted_by_apis(pool: UserPool, ctx: Context) -> bool:
    """Whether a REST or HTTP API lets in tokens of the user pool."""
    return any(_trusting(pool, ctx, facet.value) for facet in _read_first(ctx))


def shares_an_authorizer(pool: UserPool, ctx: Context) -> bool:
    """Whether a REST API lets in tokens of the user pool and of others by one authorizer."""
    return any(
        len(each.user_pool_arns) > 1 for each in _trusting(pool, ctx, ctx.region.rest_authorizers.value)
    )


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
                    evidence=_trust(authorizer),
                    target=_arn(authorizer, ctx),
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

    Why: without scopes a method asks for a token of the user pool alone, and anybody gets one by signing up;
    what is behind it is as open as sign-up is.
    Fix: ask for scopes that not every app client may request in each method's authorizationScopes, look at
    groups in the API's own code, or let only administrators create users. With scopes the API takes access
    tokens and refuses ID tokens.
    Unsure when: the API is meant for everybody, its own code looks at the user, or what is deployed differs
    from how the API is set up.
    """
    for authorizer in _trusting(pool, ctx, ctx.region.rest_authorizers.value):
        if methods := _without_scopes(authorizer):
            yield Problem(
                f"allows sign-up and is trusted by the API {_named(authorizer)},"
                f" which asks for no scopes on {_listed(methods)}",
                evidence=(
                    *_trust(authorizer),
                    _shown(authorizer, methods),
                    ("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only),
                ),
                target=_api_arn(authorizer, ctx),
            )


@rule(
    "API003",
    Severity.MEDIUM,
    url=AWS_DOCS + "apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html",
    applies=is_trusted_by_apis,
    reads=(
        FacetName.REST_AUTHORIZERS,
        FacetName.HTTP_AUTHORIZERS,
        FacetName.APP_CLIENTS,
        FacetName.APP_CLIENT,
    ),
)
def api_takes_tokens_of_any_app_client(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """An API does not ask which of several app clients a token was made for.

    Why: a user's token of the least trusted app, say a partner's, opens the API as one of your own app does;
    scopes are how a user pool tells what an app client may do for its users.
    Fix: define scopes in a resource server, let only the app clients that are meant request them, and name
    them in each method's or route's authorizationScopes; name the app clients in an HTTP API's audience. On
    REST APIs the apps then send access tokens, for ID tokens are refused: release them first. Deploy the API.
    Unsure when: the API's own code looks at the token's app client, all apps are alike, or what is deployed
    differs from how the API is set up. AWS does not document whom an authorizer without an audience lets in.
    """
    for facet in _read_first(ctx):
        for authorizer in _trusting(pool, ctx, facet.value):
            methods = _without_scopes(authorizer)
            if not methods:
                continue
            evidence = (*_trust(authorizer), _shown(authorizer, methods))
            if authorizer.user_pool_arns and _has_several(ctx, lambda client: client.signs_in_users):
                yield Problem(
                    f"is trusted by the API {_named(authorizer)}, which takes ID tokens of every app client"
                    f" on {_listed(methods)}, where it asks for no scopes",
                    evidence,
                    target=_api_arn(authorizer, ctx),
                )
            elif (
                authorizer.kind == "HTTP"
                and not authorizer.audiences
                and _has_several(ctx, lambda _client: True)
            ):
                yield Problem(
                    f"is trusted by the API {_named(authorizer)}, which names no audience and asks for no"
                    f" scopes on {_listed(methods)}",
                    evidence,
                    target=_api_arn(authorizer, ctx),
                )


@rule(
    "API004",
    Severity.LOW,
    url=AWS_DOCS + "apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html",
    applies=shares_an_authorizer,
    reads=(FacetName.REST_AUTHORIZERS, FacetName.USER_POOLS),
)
def api_also_trusts_a_user_pool_that_is_gone(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A REST API trusts, beside the user pool, another one that does not exist.

    Why: users of the other one are refused; or the entry is left over and hides whom the authorizer really
    lets in.
    Fix: take the ARN out of the authorizer's providerARNs with UpdateAuthorizer and deploy the API. Nobody
    can sign in to that user pool any more.
    """
    unread: list[Facet[tuple[Member, ...]]] = []
    for authorizer in _trusting(pool, ctx, ctx.region.rest_authorizers.value):
        for arn, pool_id in _user_pools_of(authorizer):
            listed = _user_pool_list(Arn.of(arn).scope, ctx)
            if listed.gap is not None:
                unread.append(listed)
            elif pool_id not in {member.id for member in listed.value}:
                yield Problem(
                    f"is trusted by the API {_named(authorizer)} beside a user pool that does not exist:"
                    f" {arn}",
                    evidence=_trust(authorizer),
                    target=_arn(authorizer, ctx),
                )
    for facet in unread:
        _ = facet.value


def _read_first(ctx: Context) -> Iterable[Facet[tuple[ApiAuthorizer, ...]]]:
    """Return both kinds of authorizers, those last that were not read, so that what is certain is said."""
    facets = (ctx.region.rest_authorizers, ctx.region.http_authorizers)
    return sorted(facets, key=lambda facet: facet.gap is not None)


def _user_pools_of(authorizer: ApiAuthorizer) -> Iterator[tuple[str, str]]:
    """Yield the ARNs of user pools that an authorizer trusts, with the ids in them."""
    for arn in authorizer.user_pool_arns:
        # A stage's variable may stand for any part of an ARN.
        if named := USER_POOL_ARN.fullmatch(arn):
            yield arn, named[1]


def _user_pool_list(scope: Scope, ctx: Context) -> Facet[tuple[Member, ...]]:
    """Return the list of a region's user pools, as a gap where the snapshot does not hold the region."""
    for region in ctx.snapshot.regions:
        if region.scope == scope:
            return region.user_pool_list
    message = f"{scope.region} of account {scope.account_id} was not read"
    is_own = scope.account_id == ctx.region.scope.account_id
    reason = Reason.UNAVAILABLE if is_own else Reason.OTHER_ACCOUNT
    return Facet.missing(Gap(operation=FacetName.USER_POOLS.operation, reason=reason, message=message))


def _has_several(ctx: Context, wanted: Callable[[AppClient], bool]) -> bool:
    """Whether at least two app clients are wanted. Raises NotCollectedError where the unread ones decide."""
    read = [each.settings.value for each in ctx.pool.clients if each.settings.gap is None]
    return sum(map(wanted, read)) > 1 or sum(map(wanted, ctx.pool.app_clients)) > 1


def _without_scopes(authorizer: ApiAuthorizer) -> tuple[str, ...]:
    """Return the names of the methods or routes that take any token which the authorizer trusts."""
    return tuple(each.name for each in authorizer.methods if not each.scopes)


def _listed(methods: tuple[str, ...]) -> str:
    named, more = methods[:NAMED], len(methods) - NAMED
    if more > 0:
        return f"{', '.join(named)} and {more} more"
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _shown(authorizer: ApiAuthorizer, methods: tuple[str, ...]) -> tuple[str, Any]:
    return f"{_path(authorizer)}.Methods[AuthorizationScopes=[]]", methods[:SHOWN]


def _trust(authorizer: ApiAuthorizer) -> Evidence:
    """Return what the authorizer trusts, as its kind of API names it."""
    path = _path(authorizer)
    if authorizer.user_pool_arns:
        return ((f"{path}.ProviderARNs", authorizer.user_pool_arns),)
    if authorizer.kind == "REST":
        return ((f"{path}.JwtConfiguration.Issuers", authorizer.issuers),)
    return (
        (f"{path}.JwtConfiguration.Issuer", authorizer.issuers),
        (f"{path}.JwtConfiguration.Audience", authorizer.audiences),
    )


def _api_arn(authorizer: ApiAuthorizer, ctx: Context) -> str:
    scope = ctx.region.scope
    kind = "restapis" if authorizer.kind == "REST" else "apis"
    return f"arn:{scope.partition}:apigateway:{scope.region}::/{kind}/{authorizer.api_id}"


def _arn(authorizer: ApiAuthorizer, ctx: Context) -> str:
    return f"{_api_arn(authorizer, ctx)}/authorizers/{authorizer.authorizer_id}"


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
