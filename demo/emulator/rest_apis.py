"""REST APIs of API Gateway in pages, where moto answers all at once."""

import json
from typing import Any

from moto.apigateway.responses import APIGatewayResponse

from demo.emulator.pages import page_of, size_of
from demo.emulator.patching import wrap

LARGEST_PAGE = 500
CODE = "BadRequestException"


def install() -> None:
    """Patch moto's lists."""
    wrap(APIGatewayResponse, "get_rest_apis", _paged)
    wrap(APIGatewayResponse, "get_authorizers", _paged)


def _paged(original: Any, response: Any) -> str:
    answer = json.loads(original(response))
    # moto takes whatever stands in the headers for parameters where the query is empty.
    sent = response.normalized_request.args
    size = size_of(sent.get("limit"), LARGEST_PAGE, code=CODE)
    page, token = page_of(answer["item"], sent.get("position"), size, code=CODE)
    return json.dumps({**answer, "item": page, **({"position": token} if token else {})})
