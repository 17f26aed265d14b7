"""The identity providers of a user pool. Their secrets stop here: only "has one" goes on."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, MalformedAnswerError, demand_same
from collectors.saml import parse_saml_metadata
from records.federation import IdentityProvider, SamlMetadata
from records.resource import Member

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

CALLS = frozenset(
    {
        "cognito-idp:ListIdentityProviders",
        "cognito-idp:DescribeIdentityProvider",
    }
)

_PAGE_SIZE = 60
# The members of ProviderDetails that are addresses, of SAML providers and of the others.
_ENDPOINTS = (
    "MetadataURL",
    "SLORedirectBindingURI",
    "SSORedirectBindingURI",
    "attributes_url",
    "authorize_url",
    "jwks_uri",
    "oidc_issuer",
    "token_url",
)
# Sign in with Apple has a key, with which AWS signs, in place of a secret.
_SECRETS = ("client_secret", "private_key")
_FLAGS = {"true": True, "false": False}
_SCOPE_SEPARATORS = re.compile(r"[\s,]+")
_ADDRESS = re.compile(r"((?:[a-z][a-z0-9+.-]*:)?[/\\]+)?(.*)", re.DOTALL | re.IGNORECASE)
_AUTHORITY = re.compile(r"[^/\\?#]*")
_PASSWORD_FOR_PORT = re.compile(r"[^:\[\]]*:.*\D.*", re.DOTALL)


def collect_identity_provider_list(
    idp: "CognitoIdentityProviderClient", user_pool_id: str
) -> tuple[Member, ...]:
    """Return all identity providers of a user pool, ordered by name, which is their id as well."""
    names: set[str] = set()
    pages = idp.get_paginator("list_identity_providers").paginate(
        UserPoolId=user_pool_id, PaginationConfig={"PageSize": _PAGE_SIZE}
    )
    for page in pages:
        for item in Answer(page, "ListIdentityProviders").required_parts("Providers"):
            names.add(item.required_text("ProviderName"))
    return tuple(Member(name, name) for name in sorted(names))


def collect_identity_provider(
    idp: "CognitoIdentityProviderClient", user_pool_id: str, name: str
) -> IdentityProvider:
    """Return an identity provider's settings."""
    answer = idp.describe_identity_provider(UserPoolId=user_pool_id, ProviderName=name)
    provider = parse_identity_provider(answer)
    demand_same(f"{provider.user_pool_id}/{provider.name}", f"{user_pool_id}/{name}")
    return provider


def parse_identity_provider(raw: Any) -> IdentityProvider:
    """Translate DescribeIdentityProvider's answer, member by known member of its details."""
    answer = Answer(raw, "DescribeIdentityProvider").required_part("IdentityProvider")
    details = answer.part("ProviderDetails") or Answer({}, "ProviderDetails")
    return IdentityProvider(
        user_pool_id=answer.required_text("UserPoolId"),
        name=answer.required_text("ProviderName"),
        type=answer.required_text("ProviderType"),
        created_at=answer.time("CreationDate"),
        modified_at=answer.time("LastModifiedDate"),
        attribute_mapping=answer.pairs("AttributeMapping"),
        identifiers=tuple(sorted(answer.texts("IdpIdentifiers"))),
        endpoints=tuple(_endpoints(details)),
        scopes=_scopes(details),
        client_id=details.text("client_id"),
        has_client_secret=any(details.has(secret) for secret in _SECRETS),
        saml_metadata=_saml_metadata(details),
        allows_idp_initiated_sign_in=_flag(details, "IDPInit"),
        request_signing_algorithm=details.text("RequestSigningAlgorithm"),
        encrypts_responses=_flag(details, "EncryptedResponses"),
        signs_out=_flag(details, "IDPSignout"),
    )


def _endpoints(details: Answer) -> Iterator[tuple[str, str]]:
    for name in _ENDPOINTS:
        if address := details.text(name):
            yield name, _public_address(address)


def _public_address(text: str) -> str:
    """Return an address without what may be secret in it: user information, query and fragment."""
    found = _ADDRESS.match(text)
    start, rest = (found[1] or "", found[2]) if found else ("", text)
    authority = _AUTHORITY.match(rest)
    host = authority[0] if authority else ""
    # A password with a slash in it is cut in two by the address's own rules, and looks like a port.
    if "@" in host or _PASSWORD_FOR_PORT.fullmatch(host):
        rest = rest.rpartition("@")[2]
    return start + re.split(r"[?#]", rest, maxsplit=1)[0]


def _scopes(details: Answer) -> tuple[str, ...]:
    """Return the scopes; AWS takes them with spaces between them, and with commas for Facebook."""
    return tuple(sorted(set(_SCOPE_SEPARATORS.split(details.text("authorize_scopes") or "")) - {""}))


def _saml_metadata(details: Answer) -> SamlMetadata | None:
    document = details.text("MetadataFile")
    return parse_saml_metadata(document) if document else None


def _flag(details: Answer, name: str) -> bool | None:
    """Return a boolean, which the details hold as a text."""
    text = details.text(name)
    if text is None:
        return None
    if text.lower() not in _FLAGS:
        raise MalformedAnswerError(f"ProviderDetails.{name} is neither true nor false")
    return _FLAGS[text.lower()]
