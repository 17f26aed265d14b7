"""REST APIs of API Gateway: loaded fast, and in pages, where moto answers all at once."""

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from demo.emulator.pages import page_of, size_of
from demo.emulator.patching import wrap

VALIDATOR = "openapi_spec_validator"
LARGEST_PAGE = 500
CODE = "BadRequestException"


@contextmanager
def _without_validator() -> Iterator[None]:
    """Keep moto from loading its validator of OpenAPI documents, which takes 0.7 s; nobody needs it here."""
    package = ModuleType(VALIDATOR)
    errors = ModuleType(f"{VALIDATOR}.validation.exceptions")
    vars(package)["validate"] = print
    vars(errors)["OpenAPIValidationError"] = ValueError
    stand_ins = {
        VALIDATOR: package,
        f"{VALIDATOR}.validation": ModuleType("validation"),
        errors.__name__: errors,
    }
    is_loaded = VALIDATOR in sys.modules
    sys.modules.update({} if is_loaded else stand_ins)
    try:
        yield
    finally:
        for name in () if is_loaded else stand_ins:
            del sys.modules[name]


with _without_validator():
    APIGatewayResponse = importlib.import_module("moto.apigateway.responses").APIGatewayResponse


def install() -> None:
    """Patch moto's lists."""
    wrap(APIGatewayResponse, "get_rest_apis", _paged)
    wrap(APIGatewayResponse, "get_authorizers", _paged)
    wrap(APIGatewayResponse, "get_resources", _get_resources)


def _paged(original: Any, response: Any) -> str:
    return _page(json.loads(original(response))["item"], response)


def _get_resources(original: Any, response: Any) -> str:
    resources = json.loads(original(response))["item"]
    if "methods" not in response.normalized_request.args.getlist("embed"):
        # AWS names the methods without saying anything of them.
        for each in resources:
            if "resourceMethods" in each:
                each["resourceMethods"] = {verb: {} for verb in each["resourceMethods"]}
    return _page(resources, response)


def _page(found: list[Any], response: Any) -> str:
    # moto takes whatever stands in the headers for parameters where the query is empty.
    sent = response.normalized_request.args
    size = size_of(sent.get("limit"), LARGEST_PAGE, code=CODE)
    page, token = page_of(found, sent.get("position"), size, code=CODE)
    return json.dumps({"item": page, **({"position": token} if token else {})})
