import dataclasses
from typing import Any

import pytest

from records.evaluation import Outcome
from records.facet import FacetName, Gap, Reason
from records.resource import Member
from records.snapshot import Snapshot
from records.surroundings import ApiAuthorizer, ApiMethod
from rules.apis import (
    api_also_trusts_a_user_pool_that_is_gone,
    api_names_an_app_client_that_is_gone,
    api_takes_tokens_of_any_app_client,
    api_trusts_whoever_signs_up,
)
from rules.engine import Rule
from rules.evaluating import evaluate
from tests.builders import (
    CLIENT_ID,
    SCOPE,
    TODAY,
    USER_POOL_ID,
    make_app_client,
    make_gap,
    make_region_snapshot,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
)

NO_HTTP = make_gap("apigatewayv2:GetApis")
NO_REST = make_gap("apigateway:GetRestApis")
NO_USER_POOLS = make_gap("cognito-idp:ListUserPools")
GONE_ID = "7h8j9k0l1m2n3p4q5r6s7t8u9v"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{USER_POOL_ID}"
NEW_ISSUER = f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{USER_POOL_ID}/"
OTHER_ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other"
POOL_ARN = SCOPE.user_pool_arn(USER_POOL_ID)
GONE_ARN = SCOPE.user_pool_arn("eu-west-1_gone")
ELSEWHERE = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_there"
FOREIGN = "arn:aws:cognito-idp:eu-west-1:999988887777:userpool/eu-west-1_theirs"


def authorizer(kind: str, **overrides: Any) -> ApiAuthorizer:
    settings: dict[str, Any] = {
        "api_id": "a1b2c3",
        "api_name": "orders",
        "kind": kind,
        "authorizer_id": "x1y2",
        "name": "customers",
        "user_pool_arns": (),
        "issuers": (),
        "audiences": (),
        "methods": (made("GET /orders"), made("PUT /orders", "orders/write")),
    }
    return ApiAuthorizer(**{**settings, **overrides})


def made(name: str, *scopes: str) -> ApiMethod:
    return ApiMethod(name=name, scopes=scopes)


def http(*audiences: str, issuer: str = ISSUER, **overrides: Any) -> ApiAuthorizer:
    return authorizer("HTTP", issuers=(issuer,), audiences=audiences, **overrides)


def rest(*user_pool_arns: str, **overrides: Any) -> ApiAuthorizer:
    return authorizer("REST", user_pool_arns=user_pool_arns, **overrides)


def trusted_by_http(authorizers: Any, **parts: Any) -> Snapshot:
    pool = make_user_pool_snapshot(**parts)
    return make_snapshot(user_pools=[pool], more={FacetName.HTTP_AUTHORIZERS: authorizers})


def trusted_by_rest(authorizers: Any, *, is_closed: bool | None = False) -> Snapshot:
    pool = make_user_pool_snapshot(make_user_pool(admin_creates_users_only=is_closed))
    return make_snapshot(user_pools=[pool], more={FacetName.REST_AUTHORIZERS: authorizers})


def several(*more: Any, **overrides: Any) -> list[Any]:
    """Return an app client that signs users in and one of another app, with what is given besides."""
    return [make_app_client(), make_app_client(client_id="partner", name="partner", **overrides), *more]


def trusted(rest_authorizers: Any, http_authorizers: Any = (), **parts: Any) -> Snapshot:
    parts.setdefault("clients", several())
    return make_snapshot(
        user_pools=[make_user_pool_snapshot(**parts)],
        more={
            FacetName.REST_AUTHORIZERS: rest_authorizers,
            FacetName.HTTP_AUTHORIZERS: http_authorizers,
        },
    )


def unread(region: str, account_id: str, reason: Reason) -> Gap:
    message = f"{region} of account {account_id} was not read"
    return Gap(operation="cognito-idp:ListUserPools", reason=reason, message=message)


MACHINE = {"explicit_auth_flows": frozenset(), "oauth_flows": frozenset({"client_credentials"})}
CASES = [
    fails(
        api_names_an_app_client_that_is_gone,
        "one of two",
        trusted_by_http((http(CLIENT_ID, GONE_ID),)),
        f"is trusted by the API orders for app client {GONE_ID}, which does not exist",
        evidence=(
            ("Authorizers[a1b2c3:x1y2].JwtConfiguration.Issuer", (ISSUER,)),
            ("Authorizers[a1b2c3:x1y2].JwtConfiguration.Audience", (CLIENT_ID, GONE_ID)),
        ),
    ),
    fails(
        api_names_an_app_client_that_is_gone,
        "an issuer of the new type, an API without a name",
        trusted_by_http((http(GONE_ID, issuer=NEW_ISSUER, api_name=""),)),
        f"is trusted by the API a1b2c3 for app client {GONE_ID}, which does not exist",
    ),
    passes(
        api_names_an_app_client_that_is_gone,
        "known",
        trusted_by_http((http(CLIENT_ID), http(GONE_ID, issuer=OTHER_ISSUER))),
    ),
    passes(
        api_names_an_app_client_that_is_gone,
        "a resource server, and nothing at all",
        trusted_by_http((http("https://orders.example.com"), http(), http("billing"))),
    ),
    is_no_matter(api_names_an_app_client_that_is_gone, "no API", trusted_by_http(())),
    is_no_matter(
        api_names_an_app_client_that_is_gone,
        "another user pool",
        trusted_by_http((http(GONE_ID, issuer=OTHER_ISSUER),)),
    ),
    is_unknown(
        api_names_an_app_client_that_is_gone,
        "app clients unread",
        trusted_by_http((http(GONE_ID),), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    is_unknown(api_names_an_app_client_that_is_gone, "authorizers unread", trusted_by_http(NO_HTTP), NO_HTTP),
    fails(
        api_trusts_whoever_signs_up,
        "one of two user pools",
        trusted_by_rest((rest(SCOPE.user_pool_arn("eu-west-1_other"), POOL_ARN),)),
        "allows sign-up and is trusted by the API orders, which asks for no scopes on GET /orders",
        evidence=(
            (
                "Authorizers[a1b2c3:x1y2].ProviderARNs",
                (SCOPE.user_pool_arn("eu-west-1_other"), POOL_ARN),
            ),
            ("Authorizers[a1b2c3:x1y2].Methods[AuthorizationScopes=[]]", ("GET /orders",)),
            ("AdminCreateUserConfig.AllowAdminCreateUserOnly", False),
        ),
    ),
    fails(
        api_trusts_whoever_signs_up,
        "two APIs, one by its issuer; sign-up open for lack of a setting",
        trusted_by_rest((rest(POOL_ARN), rest(issuers=(ISSUER,), api_name="invoices")), is_closed=None),
        "allows sign-up and is trusted by the API orders, which asks for no scopes on GET /orders",
        "allows sign-up and is trusted by the API invoices, which asks for no scopes on GET /orders",
    ),
    passes(
        api_trusts_whoever_signs_up,
        "scopes on every method, and an authorizer that guards nothing",
        trusted_by_rest(
            (rest(POOL_ARN, methods=(made("GET /", "orders/read"),)), rest(POOL_ARN, methods=()))
        ),
    ),
    passes(api_trusts_whoever_signs_up, "no API", trusted_by_rest(())),
    passes(
        api_trusts_whoever_signs_up,
        "another user pool, and one that the stage names",
        trusted_by_rest(
            (
                rest(SCOPE.user_pool_arn("eu-west-1_other")),
                rest(SCOPE.user_pool_arn("${stageVariables.pool}")),
            )
        ),
    ),
    is_no_matter(
        api_trusts_whoever_signs_up, "sign-up closed", trusted_by_rest((rest(POOL_ARN),), is_closed=True)
    ),
    is_unknown(api_trusts_whoever_signs_up, "unread", trusted_by_rest(NO_REST), NO_REST),
    fails(
        api_takes_tokens_of_any_app_client,
        "a REST API's user pool authorizer",
        trusted((rest(POOL_ARN),)),
        "is trusted by the API orders, which takes ID tokens of every app client on GET /orders, where it"
        " asks for no scopes",
        evidence=(
            ("Authorizers[a1b2c3:x1y2].ProviderARNs", (POOL_ARN,)),
            ("Authorizers[a1b2c3:x1y2].Methods[AuthorizationScopes=[]]", ("GET /orders",)),
        ),
    ),
    fails(
        api_takes_tokens_of_any_app_client,
        "many methods, one app client of three unread",
        trusted(
            (rest(POOL_ARN, methods=tuple(made(f"GET /{name}") for name in "abcde")),),
            clients=several(NO_CLIENT),
        ),
        "is trusted by the API orders, which takes ID tokens of every app client on GET /a, GET /b, GET /c"
        " and 2 more, where it asks for no scopes",
    ),
    fails(
        api_takes_tokens_of_any_app_client,
        "an HTTP API without an audience, REST APIs unread, one app client of machines",
        trusted(NO_REST, (http(methods=(made("GET /a"), made("GET /b"))),), clients=several(**MACHINE)),
        "is trusted by the API orders, which names no audience and asks for no scopes on GET /a and GET /b",
        evidence=(
            ("Authorizers[a1b2c3:x1y2].JwtConfiguration.Issuer", (ISSUER,)),
            ("Authorizers[a1b2c3:x1y2].JwtConfiguration.Audience", ()),
            ("Authorizers[a1b2c3:x1y2].Methods[AuthorizationScopes=[]]", ("GET /a", "GET /b")),
        ),
        gaps=(NO_REST,),
    ),
    passes(
        api_takes_tokens_of_any_app_client,
        "scopes, an audience, a REST API's issuer, and a method that nothing guards",
        trusted(
            (
                rest(POOL_ARN, methods=(made("GET /", "orders/read"),)),
                rest(issuers=(ISSUER,)),
                rest(POOL_ARN, methods=()),
            ),
            (http(CLIENT_ID), http(methods=(made("GET /", "orders/read"),))),
        ),
    ),
    passes(
        api_takes_tokens_of_any_app_client,
        "one app client that signs users in, and none for a REST API to tell it from",
        trusted((rest(POOL_ARN),), clients=several(**MACHINE)),
    ),
    passes(
        api_takes_tokens_of_any_app_client,
        "one app client in all",
        trusted((rest(POOL_ARN),), (http(),), clients=(make_app_client(),)),
    ),
    is_no_matter(api_takes_tokens_of_any_app_client, "no API", trusted(())),
    is_no_matter(
        api_takes_tokens_of_any_app_client,
        "APIs of another user pool",
        trusted((rest(GONE_ARN),), (http(issuer=OTHER_ISSUER),)),
    ),
    is_unknown(
        api_takes_tokens_of_any_app_client, "HTTP APIs unread, no REST API", trusted((), NO_HTTP), NO_HTTP
    ),
    is_unknown(api_takes_tokens_of_any_app_client, "REST APIs unread", trusted(NO_REST), NO_REST),
    is_unknown(
        api_takes_tokens_of_any_app_client,
        "app clients unread",
        trusted((rest(POOL_ARN),), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    is_unknown(
        api_takes_tokens_of_any_app_client,
        "one of two app clients unread",
        trusted(
            (rest(POOL_ARN),),
            clients=(make_app_client(), NO_CLIENT),
        ),
        NO_CLIENT,
    ),
    fails(
        api_also_trusts_a_user_pool_that_is_gone,
        "one gone, one of another account",
        trusted((rest(FOREIGN, POOL_ARN, GONE_ARN),)),
        f"is trusted by the API orders beside a user pool that does not exist: {GONE_ARN}",
        evidence=(("Authorizers[a1b2c3:x1y2].ProviderARNs", (FOREIGN, POOL_ARN, GONE_ARN)),),
        gaps=(unread("eu-west-1", "999988887777", Reason.OTHER_ACCOUNT),),
    ),
    passes(
        api_also_trusts_a_user_pool_that_is_gone,
        "twice the same, one by a stage's variable, and what is no user pool",
        trusted(
            (
                rest(
                    POOL_ARN, POOL_ARN, SCOPE.user_pool_arn("${stageVariables.pool}"), "arn", "arn:aws:s3:::a"
                ),
            )
        ),
    ),
    is_no_matter(api_also_trusts_a_user_pool_that_is_gone, "alone", trusted((rest(POOL_ARN),))),
    is_no_matter(
        api_also_trusts_a_user_pool_that_is_gone,
        "an authorizer of others",
        trusted((rest(GONE_ARN, FOREIGN),)),
    ),
    is_unknown(api_also_trusts_a_user_pool_that_is_gone, "APIs unread", trusted(NO_REST), NO_REST),
    is_unknown(
        api_also_trusts_a_user_pool_that_is_gone,
        "a region that was not read",
        trusted((rest(POOL_ARN, ELSEWHERE),)),
        unread("us-east-1", "111122223333", Reason.UNAVAILABLE),
    ),
]


@pytest.mark.parametrize(
    ("rule", "snapshot", "target"),
    [
        (
            api_names_an_app_client_that_is_gone,
            trusted((), (http(GONE_ID),)),
            "/apis/a1b2c3/authorizers/x1y2",
        ),
        (api_trusts_whoever_signs_up, trusted_by_rest((rest(POOL_ARN),)), "/restapis/a1b2c3"),
        (api_takes_tokens_of_any_app_client, trusted((rest(POOL_ARN),)), "/restapis/a1b2c3"),
        (api_takes_tokens_of_any_app_client, trusted((), (http(),)), "/apis/a1b2c3"),
        (
            api_also_trusts_a_user_pool_that_is_gone,
            trusted((rest(POOL_ARN, GONE_ARN),)),
            "/restapis/a1b2c3/authorizers/x1y2",
        ),
    ],
)
def test_what_is_to_be_changed_is_the_api(rule: Rule, snapshot: Snapshot, target: str) -> None:
    assert judge(rule, snapshot).targets == (f"arn:aws:apigateway:eu-west-1::{target}",)


def test_a_user_pool_of_an_unread_list_may_be_there() -> None:
    pool = make_user_pool_snapshot()
    elsewhere = make_region_snapshot(
        user_pools=NO_USER_POOLS, scope=dataclasses.replace(SCOPE, region="us-east-1")
    )
    here = make_region_snapshot(
        user_pools=[pool], more={FacetName.REST_AUTHORIZERS: (rest(POOL_ARN, ELSEWHERE),)}
    )

    said = {
        each.resource_arn: (each.outcome, each.gaps)
        for each in evaluate(
            Snapshot(regions=(here, elsewhere)), [api_also_trusts_a_user_pool_that_is_gone], today=TODAY
        )
    }

    assert said[POOL_ARN] == (Outcome.UNKNOWN, (NO_USER_POOLS,))


def test_a_user_pool_of_another_region_that_was_read_is_known() -> None:
    there = make_user_pool_snapshot(make_user_pool(user_pool_id="us-east-1_there"))
    scope = dataclasses.replace(SCOPE, region="us-east-1")
    arns = (POOL_ARN, ELSEWHERE, scope.user_pool_arn("us-east-1_gone"))
    regions = (
        make_region_snapshot(
            user_pools=[make_user_pool_snapshot()], more={FacetName.REST_AUTHORIZERS: (rest(*arns),)}
        ),
        make_region_snapshot(
            user_pools=[dataclasses.replace(there, member=Member("us-east-1_there", "there"))], scope=scope
        ),
    )

    [evaluation, _] = evaluate(
        Snapshot(regions=regions), [api_also_trusts_a_user_pool_that_is_gone], today=TODAY
    )

    assert evaluation.messages == (
        f"is trusted by the API orders beside a user pool that does not exist: {arns[2]}",
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_apis_rules(case: Case) -> None:
    assert case.judged() == case.expected
