"""The services that the emulator answers by itself, each loaded with the first call that it gets.

moto has them all, but importing all takes seconds, and a test or a benchmark needs few.
"""

import functools
import importlib
import threading
from typing import Any

from moto import backend_index

# The one service that moto does not have at all.
NEW_SERVICE = "pinpoint-sms-voice-v2"
# boto3's name for a service: where moto answers for it, and the module that adds what moto lacks.
_SERVICES: dict[str, tuple[str, str | None]] = {
    "acm": ("moto.acm.responses:AWSCertificateManagerResponse", None),
    "apigateway": ("demo.emulator.rest_apis:APIGatewayResponse", "rest_apis"),
    "apigatewayv2": ("moto.apigatewayv2.responses:ApiGatewayV2Response", "http_apis"),
    "cloudtrail": ("moto.cloudtrail.responses:CloudTrailResponse", "trails"),
    "cloudwatch": ("moto.cloudwatch.responses:CloudWatchResponse", "alarms"),
    "cognito-identity": ("moto.cognitoidentity.responses:CognitoIdentityResponse", None),
    "cognito-idp": ("moto.cognitoidp.responses:CognitoIdpResponse", None),
    "iam": ("moto.iam.responses:IamResponse", None),
    "kms": ("moto.kms.responses:KmsResponse", None),
    "lambda": ("moto.awslambda.responses:LambdaResponse", None),
    "logs": ("moto.logs.responses:LogsResponse", None),
    NEW_SERVICE: ("demo.emulator.end_user_messaging:EndUserMessagingResponse", None),
    "service-quotas": ("moto.servicequotas.responses:ServiceQuotasResponse", "service_quotas"),
    "sesv2": ("moto.sesv2.responses:SESV2Response", "ses"),
    "sns": ("moto.sns.responses:SNSResponse", "sms"),
    "sts": ("moto.sts.responses:TokenResponse", None),
    "wafv2": ("moto.wafv2.responses:WAFV2Response", "web_acls"),
}
# Where the name in a signature is not boto3's.
_SIGNED_AS = {
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "sms-voice": "pinpoint-sms-voice-v2",
}
_SIGNED_IN = {service: signed for signed, service in _SIGNED_AS.items()}
# Two APIs that share a signature's name with an older one.
_VERSION_TWO = {"apigateway": "apigatewayv2", "ses": "sesv2"}

_loading = threading.Lock()


def service_of(signing_name: str, path: str) -> str:
    """Return boto3's name for the service of a call, from its signature and its path."""
    if path.startswith("/v2/"):
        return _VERSION_TWO.get(signing_name, signing_name)
    return _SIGNED_AS.get(signing_name, signing_name)


def is_known(service: str) -> bool:
    """Say whether the emulator answers the service by itself."""
    return service in _SERVICES and not (service == NEW_SERVICE and _is_in_moto(service))


@functools.cache
def _is_in_moto(service: str) -> bool:
    """Say whether moto's own app answers a service that we wrote whole: a newer moto's wins."""
    endpoint = f"https://{_SIGNED_IN[service]}.eu-west-1.amazonaws.com"
    return any(pattern.match(endpoint) for _, pattern in backend_index.backend_url_patterns)


def responses_of(service: str) -> Any:
    """Return what answers a service's calls, extended; KeyError where moto's own app has to."""
    with _loading:
        return _load(service)


@functools.cache
def _load(service: str) -> Any:
    place, extension = _SERVICES[service]
    module, _, name = place.partition(":")
    responses = getattr(importlib.import_module(module), name)
    if extension:
        importlib.import_module(f"demo.emulator.{extension}").install()
    return responses
