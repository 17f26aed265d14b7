"""Authorizers of REST and HTTP APIs: those that trust user pools, and no others."""

from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.authorizers import (
    collect_http_authorizers,
    collect_rest_authorizers,
    parse_http_authorizers,
    parse_http_routes,
    parse_rest_authorizers,
    parse_rest_methods,
)
from records.facet import Gap, Reason
from records.surroundings import ApiAuthorizer, ApiMethod
from tests.stubs import stubbed

POOL_ARN = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc123"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123"


def rest(id_: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "name": f"authorizer {id_}",
        "type": "COGNITO_USER_POOLS",
        "providerARNs": [POOL_ARN],
        **more,
    }


def http(id_: str, issuer: str = ISSUER, **more: Any) -> dict[str, Any]:
    return {
        "AuthorizerId": id_,
        "Name": f"authorizer {id_}",
        "AuthorizerType": "JWT",
        "JwtConfiguration": {"Audience": ["b", "a"], "Issuer": issuer},
        **more,
    }


def method(authorizer_id: str, *scopes: str) -> dict[str, Any]:
    return {
        "authorizationType": "COGNITO_USER_POOLS",
        "authorizerId": authorizer_id,
        "authorizationScopes": list(scopes),
    }


OPEN_METHOD = {"httpMethod": "OPTIONS", "authorizationType": "NONE"}


def resource(path: str, **methods: dict[str, Any]) -> dict[str, Any]:
    return {"id": "r", "path": path, "resourceMethods": methods}


def route(key: str, authorizer_id: str, *scopes: str) -> dict[str, Any]:
    return {
        "RouteKey": key,
        "AuthorizationType": "JWT",
        "AuthorizerId": authorizer_id,
        "AuthorizationScopes": list(scopes),
    }


def api(id_: str, protocol: str = "HTTP") -> dict[str, Any]:
    return {
        "ApiId": id_,
        "Name": f"api {id_}",
        "ProtocolType": protocol,
        "RouteSelectionExpression": "$request.method $request.path",
    }


def test_authorizers_of_all_rest_apis_are_read_page_upon_page() -> None:
    aws, stub = stubbed("apigateway")
    stub.add_response(
        "get_rest_apis", {"items": [{"id": "b", "name": "orders"}], "position": "p"}, {"limit": 500}
    )
    stub.add_response("get_rest_apis", {"items": [{"id": "a"}]}, {"limit": 500, "position": "p"})
    stub.add_response(
        "get_authorizers", {"items": [rest("2")], "position": "q"}, {"restApiId": "b", "limit": 500}
    )
    stub.add_response(
        "get_authorizers", {"items": [rest("1")]}, {"restApiId": "b", "limit": 500, "position": "q"}
    )
    asked = {"restApiId": "b", "limit": 500, "embed": ["methods"]}
    stub.add_response(
        "get_resources",
        {"items": [{"path": "/"}, resource("/orders", GET=method("1"), PUT=method("2"))], "position": "r"},
        asked,
    )
    stub.add_response(
        "get_resources",
        {"items": [resource("/bills", ANY=method("1", "b/write", "b/read"), OPTIONS=OPEN_METHOD)]},
        {**asked, "position": "r"},
    )
    stub.add_response("get_authorizers", {"items": [rest("9")]}, {"restApiId": "a", "limit": 500})
    stub.add_response("get_resources", {"items": []}, {**asked, "restApiId": "a"})
    found = collect_rest_authorizers(aws)
    assert [(each.api_id, each.api_name, each.authorizer_id) for each in found] == [
        ("a", "", "9"),
        ("b", "orders", "1"),
        ("b", "orders", "2"),
    ]
    assert found[1] == ApiAuthorizer(
        api_id="b",
        api_name="orders",
        kind="REST",
        authorizer_id="1",
        name="authorizer 1",
        user_pool_arns=(POOL_ARN,),
        issuers=(),
        audiences=(),
        methods=(
            ApiMethod(name="ANY /bills", scopes=("b/read", "b/write")),
            ApiMethod(name="GET /orders", scopes=()),
        ),
    )
    assert [each.name for each in found[2].methods] == ["PUT /orders"]


def test_authorizers_of_all_http_apis_are_read_page_upon_page() -> None:
    aws, stub = stubbed("apigatewayv2")
    stub.add_response("get_apis", {"Items": [api("b")], "NextToken": "t"}, {"MaxResults": "500"})
    stub.add_response(
        "get_apis", {"Items": [api("c", "WEBSOCKET"), api("a")]}, {"MaxResults": "500", "NextToken": "t"}
    )
    stub.add_response(
        "get_authorizers", {"Items": [http("2")], "NextToken": "u"}, {"ApiId": "b", "MaxResults": "500"}
    )
    stub.add_response(
        "get_authorizers", {"Items": [http("1")]}, {"ApiId": "b", "MaxResults": "500", "NextToken": "u"}
    )
    stub.add_response(
        "get_routes",
        {"Items": [route("GET /orders", "1", "orders/read")], "NextToken": "v"},
        {"ApiId": "b", "MaxResults": "500"},
    )
    stub.add_response(
        "get_routes",
        {"Items": [route("$default", "1"), route("GET /", "2"), {"RouteKey": "GET /open"}]},
        {"ApiId": "b", "MaxResults": "500", "NextToken": "v"},
    )
    # An API that trusts no user pool is not asked for its routes.
    stub.add_response("get_authorizers", {"Items": []}, {"ApiId": "a", "MaxResults": "500"})
    first, second = collect_http_authorizers(aws)
    assert (first.authorizer_id, second.authorizer_id) == ("1", "2")
    assert first == ApiAuthorizer(
        api_id="b",
        api_name="api b",
        kind="HTTP",
        authorizer_id="1",
        name="authorizer 1",
        user_pool_arns=(),
        issuers=(ISSUER,),
        audiences=("a", "b"),
        methods=(
            ApiMethod(name="$default", scopes=()),
            ApiMethod(name="GET /orders", scopes=("orders/read",)),
        ),
    )
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("more", "user_pool_arns", "issuers"),
    [
        pytest.param({"providerARNs": [POOL_ARN + "b", POOL_ARN]}, (POOL_ARN, POOL_ARN + "b"), (), id="two"),
        pytest.param(
            {
                "type": "JWT",
                "providerARNs": [],
                "jwtConfiguration": {"issuers": ["https://accounts.google.com", ISSUER]},
            },
            (),
            (ISSUER,),
            id="JWT authorizer of a REST API",
        ),
    ],
)
def test_a_rest_authorizer_trusts_user_pools_by_arn_or_by_issuer(
    more: dict[str, Any], user_pool_arns: tuple[str, ...], issuers: tuple[str, ...]
) -> None:
    (found,) = parse_rest_authorizers({"items": [rest("1", **more)]}, "a", "api")
    assert (found.user_pool_arns, found.issuers) == (user_pool_arns, issuers)


@pytest.mark.parametrize(
    "more",
    [
        {"type": "TOKEN"},
        {"type": "REQUEST", "providerARNs": []},
        {"type": "JWT", "jwtConfiguration": {"issuers": ["https://accounts.google.com"]}},
        {"type": "JWT"},
        {"type": "QUANTUM"},
    ],
)
def test_a_rest_authorizer_of_another_kind_is_left_out(more: dict[str, Any]) -> None:
    assert list(parse_rest_authorizers({"items": [rest("1", **more)]}, "a", "api")) == []


@pytest.mark.parametrize(
    ("issuer", "is_user_pool"),
    [
        (ISSUER, True),
        (f"{ISSUER}/", True),
        ("https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123", True),
        ("https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_Abc123", True),
        ("https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_Abc123", True),
        ("https://cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_Abc123", True),
        ("https://cognito-idp.eu-west-1.amazonaws.com", False),
        ("https://cognito-idp.eu-west-1.amazonaws.com.example.com/eu-west-1_Abc123", False),
        ("https://cognito-idp.eu-west-1.example.com/eu-west-1_Abc123", False),
        ("https://example.com/cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123", False),
        ("http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123", False),
    ],
)
def test_an_issuer_is_a_user_pool_in_any_partition_and_of_both_types(
    issuer: str,
    is_user_pool: bool,  # noqa: FBT001
) -> None:
    assert bool(list(parse_http_authorizers({"Items": [http("1", issuer)]}, "a", "api"))) is is_user_pool


def test_a_lambda_authorizer_of_an_http_api_is_left_out() -> None:
    page = {"Items": [http("1", AuthorizerType="REQUEST")]}
    assert list(parse_http_authorizers(page, "a", "api")) == []


def test_an_api_deleted_since_it_was_listed_is_skipped_and_the_others_are_read() -> None:
    aws, stub = stubbed("apigateway")
    stub.add_response("get_rest_apis", {"items": [{"id": "gone"}, {"id": "going"}, {"id": "here"}]})
    stub.add_client_error("get_authorizers", "NotFoundException", http_status_code=404)
    stub.add_response("get_authorizers", {"items": [rest("1")]})
    stub.add_client_error("get_resources", "NotFoundException", http_status_code=404)
    stub.add_response("get_authorizers", {"items": [rest("1")]})
    stub.add_response("get_resources", {"items": []})
    assert [each.api_id for each in collect_rest_authorizers(aws)] == ["here"]
    aws, stub = stubbed("apigatewayv2")
    stub.add_response("get_apis", {"Items": [api("gone"), api("going"), api("here")]})
    stub.add_client_error("get_authorizers", "NotFoundException", http_status_code=404)
    stub.add_response("get_authorizers", {"Items": [http("1")]})
    stub.add_client_error("get_routes", "NotFoundException", http_status_code=404)
    stub.add_response("get_authorizers", {"Items": [http("1")]})
    stub.add_response("get_routes", {"Items": []})
    assert [each.api_id for each in collect_http_authorizers(aws)] == ["here"]


@pytest.mark.parametrize(
    ("service", "lists", "page", "collect"),
    [
        ("apigateway", "get_rest_apis", {"items": [{"id": "a"}]}, collect_rest_authorizers),
        ("apigatewayv2", "get_apis", {"Items": [api("a")]}, collect_http_authorizers),
    ],
)
def test_denied_authorizers_are_a_gap(service: str, lists: str, page: dict[str, Any], collect: Any) -> None:
    aws, stub = stubbed(service)
    stub.add_response(lists, page)
    stub.add_client_error("get_authorizers", "AccessDeniedException", http_status_code=403)
    gap = attempt(f"{service}:GetApis", lambda: collect(aws), region="eu-west-1")
    assert isinstance(gap, Gap)
    assert (gap.operation, gap.reason) == (f"{service}:GetAuthorizers", Reason.DENIED)
    assert gap.iam_action == "apigateway:GET"


@pytest.mark.parametrize(
    ("service", "answers", "denied", "collect"),
    [
        (
            "apigateway",
            {"get_rest_apis": {"items": [{"id": "a"}]}, "get_authorizers": {"items": [rest("1")]}},
            ("get_resources", "GetResources"),
            collect_rest_authorizers,
        ),
        (
            "apigatewayv2",
            {"get_apis": {"Items": [api("a")]}, "get_authorizers": {"Items": [http("1")]}},
            ("get_routes", "GetRoutes"),
            collect_http_authorizers,
        ),
    ],
)
def test_denied_methods_are_a_gap(
    service: str, answers: dict[str, Any], denied: tuple[str, str], collect: Any
) -> None:
    aws, stub = stubbed(service)
    for operation, answer in answers.items():
        stub.add_response(operation, answer)
    stub.add_client_error(denied[0], "AccessDeniedException", http_status_code=403)
    gap = attempt(f"{service}:GetApis", lambda: collect(aws), region="eu-west-1")
    assert isinstance(gap, Gap)
    assert (gap.operation, gap.reason) == (f"{service}:{denied[1]}", Reason.DENIED)
    assert gap.iam_action == "apigateway:GET"


def test_a_method_or_route_without_authorization_is_guarded_by_nobody() -> None:
    left_over = {**method("1"), "authorizationType": "NONE"}
    assert list(parse_rest_methods({"items": [resource("/", GET=left_over)]})) == []
    assert list(parse_http_routes({"Items": [{**route("GET /", "1"), "AuthorizationType": "NONE"}]})) == []


@pytest.mark.parametrize(
    ("parse", "raw"),
    [
        (parse_rest_methods, {}),
        (parse_rest_methods, {"items": [{"id": "r"}]}),
        (parse_rest_methods, {"items": [{"path": "/", "resourceMethods": ["GET"]}]}),
        (parse_rest_methods, {"items": [resource("/", GET={**method("1"), "authorizationScopes": "a"})]}),
        (parse_http_routes, {"Items": None}),
        (parse_http_routes, {"Items": [{"AuthorizerId": "1"}]}),
        (parse_http_routes, {"Items": [{**route("GET /", "1"), "AuthorizationScopes": [None]}]}),
    ],
)
def test_methods_of_another_shape_are_no_answer(parse: Any, raw: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        list(parse(raw))


@pytest.mark.parametrize(
    ("parse", "raw"),
    [
        pytest.param(parse_rest_authorizers, {}, id="no list"),
        pytest.param(parse_rest_authorizers, {"items": [rest("1", id=None)]}, id="no id"),
        pytest.param(
            parse_rest_authorizers, {"items": [rest("1", providerARNs=POOL_ARN)]}, id="no list of ARNs"
        ),
        pytest.param(parse_http_authorizers, {"Items": "none"}, id="text for the list"),
        pytest.param(parse_http_authorizers, {"Items": [http("1", JwtConfiguration=[ISSUER])]}, id="a list"),
        pytest.param(
            parse_http_authorizers,
            {"Items": [http("1", JwtConfiguration={"Issuer": ISSUER, "Audience": [1]})]},
            id="a number for an audience",
        ),
    ],
)
def test_authorizers_of_another_shape_are_no_answer(parse: Any, raw: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        list(parse(raw, "a", "api"))
