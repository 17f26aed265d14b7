from typing import Any

import pytest

from records.facet import FacetName
from records.snapshot import Snapshot
from records.surroundings import ApiAuthorizer
from rules.apis import api_names_an_app_client_that_is_gone, api_trusts_whoever_signs_up
from tests.builders import (
    CLIENT_ID,
    SCOPE,
    USER_POOL_ID,
    make_gap,
    make_snapshot,
    make_user_pool,
    make_user_pool_snapshot,
)
from tests.rules.judging import NO_CLIENT_LIST, Case, fails, is_no_matter, is_unknown, passes

NO_HTTP = make_gap("apigatewayv2:GetApis")
NO_REST = make_gap("apigateway:GetRestApis")
GONE_ID = "7h8j9k0l1m2n3p4q5r6s7t8u9v"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{USER_POOL_ID}"
NEW_ISSUER = f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{USER_POOL_ID}/"
OTHER_ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other"
POOL_ARN = SCOPE.user_pool_arn(USER_POOL_ID)


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
    }
    return ApiAuthorizer(**{**settings, **overrides})


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
        "allows sign-up and is trusted by the API orders",
        evidence=(
            (
                "Authorizers[a1b2c3:x1y2].ProviderARNs",
                (SCOPE.user_pool_arn("eu-west-1_other"), POOL_ARN),
            ),
            ("AdminCreateUserConfig.AllowAdminCreateUserOnly", False),
        ),
    ),
    fails(
        api_trusts_whoever_signs_up,
        "two APIs, one by its issuer; sign-up open for lack of a setting",
        trusted_by_rest((rest(POOL_ARN), rest(issuers=(ISSUER,), api_name="invoices")), is_closed=None),
        "allows sign-up and is trusted by the API orders",
        "allows sign-up and is trusted by the API invoices",
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
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_apis_rules(case: Case) -> None:
    assert case.judged() == case.expected
