"""API Gateway authorizers that trust tokens of Cognito user pools."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from collectors.answers import Answer
from records.surroundings import ApiAuthorizer

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient
    from types_boto3_apigatewayv2 import ApiGatewayV2Client

CALLS = frozenset(
    {
        "apigateway:GetRestApis",
        "apigateway:GetAuthorizers",
        "apigatewayv2:GetApis",
        "apigatewayv2:GetAuthorizers",
    }
)

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
        pages = apigateway.get_paginator("get_authorizers").paginate(
            restApiId=api_id, PaginationConfig={"PageSize": _PAGE_SIZE}
        )
        try:
            found += [each for page in pages for each in parse_rest_authorizers(page, api_id, api_name)]
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
        pages = apigatewayv2.get_paginator("get_authorizers").paginate(
            ApiId=api_id, PaginationConfig={"PageSize": _PAGE_SIZE}
        )
        try:
            found += [each for page in pages for each in parse_http_authorizers(page, api_id, api_name)]
        except apigatewayv2.exceptions.NotFoundException:
            # Deleted since it was listed: an API that is gone trusts nobody.
            continue
    return _sorted(found)


def parse_rest_authorizers(raw: Any, api_id: str, api_name: str) -> Iterator[ApiAuthorizer]:
    """Yield the authorizers that trust user pools from a page of a REST API's."""
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
    """Yield the JWT authorizers that trust user pools from a page of an HTTP API's."""
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
            )


def _issuers(issuers: Iterable[str]) -> tuple[str, ...]:
    """Return those of the issuers that are Cognito user pools."""
    return tuple(sorted(issuer for issuer in issuers if _ISSUER.fullmatch(issuer)))


def _sorted(authorizers: Iterable[ApiAuthorizer]) -> tuple[ApiAuthorizer, ...]:
    found = {(each.api_id, each.authorizer_id): each for each in authorizers}
    return tuple(found[key] for key in sorted(found))
