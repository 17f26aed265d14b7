"""API Gateway authorizers that trust tokens of Cognito user pools, and the methods that they guard."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from collectors.answers import Answer
from records.surroundings import ApiAuthorizer, ApiMethod

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient
    from types_boto3_apigatewayv2 import ApiGatewayV2Client

CALLS = frozenset(
    {
        "apigateway:GetRestApis",
        "apigateway:GetAuthorizers",
        "apigateway:GetResources",
        "apigatewayv2:GetApis",
        "apigatewayv2:GetAuthorizers",
        "apigatewayv2:GetRoutes",
    }
)

# A method's or route's type of authorization where it asks for none, whatever authorizer it names.
OPEN = "NONE"

_PAGE_SIZE = 500
# A user pool's issuer, the second host being that of the issuer type UPDATED
# (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IssuerConfigurationType.html),
# in the domain of any of AWS's partitions.
_ISSUER = re.compile(
    r"https://(?:issuer-)?cognito-idp\.[a-z0-9-]+\."
    r"(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)"
    r"/[\w-]+_[0-9a-zA-Z]+/?",
    re.ASCII,
)


def collect_rest_authorizers(apigateway: "APIGatewayClient") -> tuple[ApiAuthorizer, ...]:
    """Return the authorizers of the region's REST APIs that trust user pools, ordered by API and id."""
    apis = [
        (item.required_text("id"), item.text("name") or "")
        for page in apigateway.get_paginator("get_rest_apis").paginate(
            PaginationConfig={"PageSize": _PAGE_SIZE}
        )
        for item in Answer(page, "GetRestApis").required_parts("items")
    ]
    found: list[ApiAuthorizer] = []
    for api_id, api_name in apis:
        try:
            found += _of_rest_api(apigateway, api_id, api_name)
        except apigateway.exceptions.NotFoundException:
            # Deleted since it was listed: an API that is gone trusts nobody.
            continue
    return _sorted(found)


def collect_http_authorizers(apigatewayv2: "ApiGatewayV2Client") -> tuple[ApiAuthorizer, ...]:
    """Return the JWT authorizers of the region's HTTP APIs that trust user pools, ordered by API and id."""
    apis = [
        (item.required_text("ApiId"), item.text("Name") or "")
        for page in apigatewayv2.get_paginator("get_apis").paginate(PaginationConfig={"PageSize": _PAGE_SIZE})
        for item in Answer(page, "GetApis").required_parts("Items")
        # WebSocket APIs have no JWT authorizers.
        if item.required_text("ProtocolType") == "HTTP"
    ]
    found: list[ApiAuthorizer] = []
    for api_id, api_name in apis:
        try:
            found += _of_http_api(apigatewayv2, api_id, api_name)
        except apigatewayv2.exceptions.NotFoundException:
            # Deleted since it was listed: an API that is gone trusts nobody.
            continue
    return _sorted(found)


def _of_rest_api(apigateway: "APIGatewayClient", api_id: str, api_name: str) -> Iterator[ApiAuthorizer]:
    pages = apigateway.get_paginator("get_authorizers").paginate(
        restApiId=api_id, PaginationConfig={"PageSize": _PAGE_SIZE}
    )
    authorizers = [each for page in pages for each in parse_rest_authorizers(page, api_id, api_name)]
    if authorizers:
        # AWS answers few of these calls a second, so APIs that trust no user pool go without.
        resources = apigateway.get_paginator("get_resources").paginate(
            restApiId=api_id, embed=["methods"], PaginationConfig={"PageSize": _PAGE_SIZE}
        )
        yield from _guarding(authorizers, [each for page in resources for each in parse_rest_methods(page)])


def _of_http_api(apigatewayv2: "ApiGatewayV2Client", api_id: str, api_name: str) -> Iterator[ApiAuthorizer]:
    pages = apigatewayv2.get_paginator("get_authorizers").paginate(
        ApiId=api_id, PaginationConfig={"PageSize": _PAGE_SIZE}
    )
    authorizers = [each for page in pages for each in parse_http_authorizers(page, api_id, api_name)]
    if authorizers:
        routes = apigatewayv2.get_paginator("get_routes").paginate(
            ApiId=api_id, PaginationConfig={"PageSize": _PAGE_SIZE}
        )
        yield from _guarding(authorizers, [each for page in routes for each in parse_http_routes(page)])


def parse_rest_authorizers(raw: Any, api_id: str, api_name: str) -> Iterator[ApiAuthorizer]:
    """Yield the authorizers that trust user pools from a page of a REST API's, yet without methods."""
    for part in Answer(raw, "GetAuthorizers").required_parts("items"):
        user_pool_arns, issuers = _user_pools_of_rest(part)
        if user_pool_arns or issuers:
            yield ApiAuthorizer(
                api_id=api_id,
                api_name=api_name,
                kind="REST",
                authorizer_id=part.required_text("id"),
                name=part.text("name") or "",
                user_pool_arns=user_pool_arns,
                issuers=issuers,
                audiences=(),
                methods=(),
            )


def _user_pools_of_rest(part: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    match part.text("type"):
        case "COGNITO_USER_POOLS":
            return tuple(sorted(part.texts("providerARNs"))), ()
        case "JWT":
            jwt = part.part("jwtConfiguration")
            return (), _issuers(jwt.texts("issuers") if jwt else ())
        case _:
            return (), ()


def parse_http_authorizers(raw: Any, api_id: str, api_name: str) -> Iterator[ApiAuthorizer]:
    """Yield the JWT authorizers that trust user pools from a page of an HTTP API's, yet without routes."""
    for part in Answer(raw, "GetAuthorizers").required_parts("Items"):
        jwt = part.part("JwtConfiguration") if part.text("AuthorizerType") == "JWT" else None
        issuer = jwt.text("Issuer") if jwt else None
        if jwt and issuer and (issuers := _issuers((issuer,))):
            yield ApiAuthorizer(
                api_id=api_id,
                api_name=api_name,
                kind="HTTP",
                authorizer_id=part.required_text("AuthorizerId"),
                name=part.text("Name") or "",
                user_pool_arns=(),
                issuers=issuers,
                audiences=tuple(sorted(jwt.texts("Audience"))),
                methods=(),
            )


def parse_rest_methods(raw: Any) -> Iterator[tuple[str, ApiMethod]]:
    """Yield the methods that have an authorizer, each behind its id, from a page of a REST API's."""
    for part in Answer(raw, "GetResources").required_parts("items"):
        path = part.required_text("path")
        for verb, method in part.part_map("resourceMethods"):
            authorizer_id = method.text("authorizerId")
            if authorizer_id and method.text("authorizationType") != OPEN:
                scopes = tuple(sorted(method.texts("authorizationScopes")))
                yield authorizer_id, ApiMethod(name=f"{verb} {path}", scopes=scopes)


def parse_http_routes(raw: Any) -> Iterator[tuple[str, ApiMethod]]:
    """Yield the routes that have an authorizer, each behind its id, from a page of an HTTP API's."""
    for part in Answer(raw, "GetRoutes").required_parts("Items"):
        authorizer_id = part.text("AuthorizerId")
        if authorizer_id and part.text("AuthorizationType") != OPEN:
            scopes = tuple(sorted(part.texts("AuthorizationScopes")))
            yield authorizer_id, ApiMethod(name=part.required_text("RouteKey"), scopes=scopes)


def _guarding(
    authorizers: Iterable[ApiAuthorizer], methods: Iterable[tuple[str, ApiMethod]]
) -> Iterator[ApiAuthorizer]:
    """Yield the authorizers with the methods that each of them guards."""
    guarded: dict[str, dict[str, ApiMethod]] = {}
    for authorizer_id, method in methods:
        guarded.setdefault(authorizer_id, {})[method.name] = method
    for each in authorizers:
        own = guarded.get(each.authorizer_id, {})
        yield replace(each, methods=tuple(own[name] for name in sorted(own)))


def _issuers(issuers: Iterable[str]) -> tuple[str, ...]:
    """Return those of the issuers that are Cognito user pools."""
    return tuple(sorted(issuer for issuer in issuers if _ISSUER.fullmatch(issuer)))


def _sorted(authorizers: Iterable[ApiAuthorizer]) -> tuple[ApiAuthorizer, ...]:
    found = {(each.api_id, each.authorizer_id): each for each in authorizers}
    return tuple(found[key] for key in sorted(found))
