"""HTTP APIs of API Gateway in pages, where moto answers all at once."""

import json
from typing import Any

from moto.apigatewayv2.responses import ApiGatewayV2Response

from demo.emulator.pages import page_of, size_of
from demo.emulator.patching import wrap

LARGEST_PAGE = 500
CODE = "BadRequestException"


def install() -> None:
    """Patch moto's lists."""
    wrap(ApiGatewayV2Response, "get_apis", _paged)
    wrap(ApiGatewayV2Response, "get_authorizers", _paged)


def _paged(original: Any, response: Any) -> Any:
    status, headers, body = original(response)
    answer = json.loads(body)
    sent = response.normalized_request.args
    size = size_of(sent.get("maxResults"), LARGEST_PAGE, code=CODE)
    page, token = page_of(answer["items"], sent.get("nextToken"), size, code=CODE)
    return status, headers, json.dumps({**answer, "items": page, **({"nextToken": token} if token else {})})
