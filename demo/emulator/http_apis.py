"""HTTP APIs and routes of API Gateway in pages, where moto answers all at once, and their authorizers."""

import json
from collections.abc import Iterable
from typing import Any

from moto.apigatewayv2.responses import ApiGatewayV2Response

from demo.emulator.pages import page_of, size_of
from demo.emulator.patching import add_operation, wrap

LARGEST_PAGE = 500
CODE = "BadRequestException"


def install() -> None:
    """Patch moto's lists of APIs and routes and add the one that it lacks."""
    wrap(ApiGatewayV2Response, "get_apis", _get_apis)
    wrap(ApiGatewayV2Response, "get_routes", _get_routes)
    add_operation(ApiGatewayV2Response, get_authorizers)


def get_authorizers(self: Any) -> Any:
    """Answer the authorizers of one API."""
    api = self.apigatewayv2_backend.get_api(self.path.split("/")[-2])
    return _page(self, [authorizer.to_json() for authorizer in api.authorizers.values()])


def _get_apis(_original: Any, response: Any) -> Any:
    return _page(response, [api.to_json() for api in response.apigatewayv2_backend.get_apis()])


def _get_routes(_original: Any, response: Any) -> Any:
    routes = response.apigatewayv2_backend.get_routes(api_id=response.path.split("/")[-2])
    return _page(response, [route.to_json() for route in routes])


def _page(response: Any, found: Iterable[Any]) -> Any:
    sent = response.normalized_request.args
    size = size_of(sent.get("maxResults"), LARGEST_PAGE, code=CODE)
    page, token = page_of(list(found), sent.get("nextToken"), size, code=CODE)
    return 200, {}, json.dumps({"items": page, **({"nextToken": token} if token else {})})
