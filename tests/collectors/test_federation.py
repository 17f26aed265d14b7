"""Identity providers: what is read of each type, and what is not."""

import json
from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.federation import (
    CALLS,
    collect_identity_provider,
    collect_identity_provider_list,
    parse_identity_provider,
)
from records.facet import FacetName, Gap, Reason
from tests.wire import Refusal, Wire, client

CANARY = "canary-b7e2"
POOL = "eu-west-1_a1B2c3D4e"


def provider(details: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "IdentityProvider": {
            "UserPoolId": POOL,
            "ProviderName": "partner",
            "ProviderType": "OIDC",
            "ProviderDetails": details or {},
            **more,
        }
    }


OIDC = {
    "attributes_request_method": "GET",
    "attributes_url": "https://idp.example.com/userinfo",
    "attributes_url_add_attributes": "false",
    "authorize_scopes": "openid email openid",
    "authorize_url": "https://idp.example.com/authorize",
    "client_id": "1example23456789",
    "client_secret": CANARY,
    "jwks_uri": "https://idp.example.com/jwks.json",
    "oidc_issuer": "https://idp.example.com",
    "token_url": "http://idp.example.com/token",
}
SAML = {
    "ActiveEncryptionCertificate": CANARY,
    "EncryptedResponses": "true",
    "IDPInit": "True",
    "IDPSignout": "false",
    "MetadataURL": "https://idp.example.com/metadata",
    "RequestSigningAlgorithm": "rsa-sha256",
    "SLORedirectBindingURI": "https://idp.example.com/slo",
    "SSORedirectBindingURI": "https://idp.example.com/sso",
}
APPLE = {
    "authorize_scopes": "email name",
    "authorize_url": "https://appleid.apple.com/auth/authorize",
    "client_id": "com.example.cognito",
    "key_id": CANARY,
    "oidc_issuer": "https://appleid.apple.com",
    "private_key": CANARY,
    "team_id": CANARY,
    "token_url": "https://appleid.apple.com/auth/token",
}
FACEBOOK = {"api_version": "v17.0", "authorize_scopes": "public_profile, email", "client_secret": CANARY}


def test_the_calls_are_those_of_the_facets() -> None:
    assert {*FacetName.IDENTITY_PROVIDERS.operations, *FacetName.IDENTITY_PROVIDER.operations} == CALLS


def test_an_oidc_provider() -> None:
    read = parse_identity_provider(
        provider(OIDC, AttributeMapping={"username": "sub", "email": "email"}, IdpIdentifiers=["b", "a"])
    )
    assert dict(read.endpoints) == {
        "attributes_url": "https://idp.example.com/userinfo",
        "authorize_url": "https://idp.example.com/authorize",
        "jwks_uri": "https://idp.example.com/jwks.json",
        "oidc_issuer": "https://idp.example.com",
        "token_url": "http://idp.example.com/token",
    }
    assert (read.scopes, read.client_id) == (("email", "openid"), "1example23456789")
    assert read.has_client_secret
    assert read.attribute_mapping == (("email", "email"), ("username", "sub"))
    assert read.identifiers == ("a", "b")
    assert read.saml_metadata is None
    assert (read.allows_idp_initiated_sign_in, read.encrypts_responses, read.signs_out) == (None, None, None)


def test_a_saml_provider_with_an_address_for_its_metadata() -> None:
    read = parse_identity_provider(provider(SAML, ProviderType="SAML"))
    assert read.is_external
    assert [name for name, _ in read.endpoints] == [
        "MetadataURL",
        "SLORedirectBindingURI",
        "SSORedirectBindingURI",
    ]
    assert (read.allows_idp_initiated_sign_in, read.encrypts_responses, read.signs_out) == (True, True, False)
    assert (read.request_signing_algorithm, read.saml_metadata) == ("rsa-sha256", None)
    assert (read.scopes, read.client_id, read.has_client_secret) == ((), None, False)


def test_a_saml_provider_with_a_document() -> None:
    document = (
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com">'
        "<IDPSSODescriptor/></EntityDescriptor>"
    )
    read = parse_identity_provider(provider({"MetadataFile": document}, ProviderType="SAML"))
    assert read.saml_metadata is not None
    assert read.saml_metadata.entity_id == "https://idp.example.com"


def test_a_document_that_cannot_be_read_leaves_the_rest() -> None:
    read = parse_identity_provider(provider({**SAML, "MetadataFile": CANARY}, ProviderType="SAML"))
    assert read.saml_metadata is not None
    assert read.saml_metadata.problem
    assert read.encrypts_responses


def test_facebooks_scopes_have_commas() -> None:
    assert parse_identity_provider(provider(FACEBOOK, ProviderType="Facebook")).scopes == (
        "email",
        "public_profile",
    )


@pytest.mark.parametrize("details", [OIDC, SAML, APPLE, FACEBOOK], ids=["OIDC", "SAML", "Apple", "Facebook"])
def test_nothing_secret_or_unknown_enters_the_record(details: dict[str, str]) -> None:
    read = parse_identity_provider(provider({**details, "member_of_2031": CANARY}, MemberOf2031=CANARY))
    assert CANARY not in repr(read)
    assert read.has_client_secret is (details is not SAML)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://idp.example.com/a/b", "https://idp.example.com/a/b"),
        ("https://idp.example.com:8443/a", "https://idp.example.com:8443/a"),
        ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
        ("https://idp.example.com/@team/metadata", "https://idp.example.com/@team/metadata"),
        (f"https://user:{CANARY}@idp.example.com/a", "https://idp.example.com/a"),
        (f"https://{CANARY}@idp.example.com/a", "https://idp.example.com/a"),
        (f"HTTP://user:p@{CANARY}@idp.example.com/a", "HTTP://idp.example.com/a"),
        (f"https://user:{CANARY}/p@idp.example.com/a", "https://idp.example.com/a"),
        (f"https://user:{CANARY}#p@idp.example.com/a", "https://idp.example.com/a"),
        (f"https:\\\\user:{CANARY}@idp.example.com/a", "https:\\\\idp.example.com/a"),
        (f"//user:{CANARY}@idp.example.com/a", "//idp.example.com/a"),
        (f"user:{CANARY}@idp.example.com/a", "idp.example.com/a"),
        (f"https://idp.example.com/metadata?token={CANARY}", "https://idp.example.com/metadata"),
        (f"https://idp.example.com#{CANARY}", "https://idp.example.com"),
        ("urn:example:idp", "urn:example:idp"),
    ],
)
def test_addresses_lose_what_may_be_secret(address: str, kept: str) -> None:
    read = parse_identity_provider(provider({"oidc_issuer": address}))
    assert read.endpoints == (("oidc_issuer", kept),)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({}, id="no provider"),
        pytest.param(provider(UserPoolId=None), id="no user pool"),
        pytest.param(provider(ProviderType=None), id="no type"),
        pytest.param(provider(ProviderDetails=[CANARY]), id="a list for details"),
        pytest.param(provider({"client_id": [CANARY]}), id="a list for a text"),
        pytest.param(provider({"IDPInit": True}), id="a boolean, which AWS sends as a text"),
        pytest.param(provider({"IDPInit": CANARY}), id="a text that is no boolean"),
        pytest.param(provider(AttributeMapping={"email": 7}), id="a number in the mapping"),
        pytest.param(provider(IdpIdentifiers="a"), id="a text for a list"),
    ],
)
def test_a_malformed_answer_is_refused_without_its_values(raw: Any) -> None:
    with pytest.raises(MalformedAnswerError) as refused:
        parse_identity_provider(raw)
    assert CANARY not in str(refused.value)


def test_a_provider_is_read_over_the_wire() -> None:
    with_times = provider(OIDC, CreationDate=1548105901.736, LastModifiedDate=1548105901.736)
    wire = Wire({"DescribeIdentityProvider": [with_times]})
    read = collect_identity_provider(client("cognito-idp", wire), POOL, "partner")
    assert wire.requests == [("DescribeIdentityProvider", {"UserPoolId": POOL, "ProviderName": "partner"})]
    assert read.created_at is not None
    assert read.created_at.year == 2019


@pytest.mark.parametrize("other", [{"ProviderName": "other"}, {"UserPoolId": "eu-west-1_other"}])
def test_an_answer_about_another_provider_is_refused(other: dict[str, Any]) -> None:
    wire = Wire({"DescribeIdentityProvider": [provider(**other)]})
    with pytest.raises(MalformedAnswerError, match="not about"):
        collect_identity_provider(client("cognito-idp", wire), POOL, "partner")


def page(*numbers: int, token: str | None = None) -> dict[str, Any]:
    found = {"Providers": [{"ProviderName": f"p{n:03}", "ProviderType": "SAML"} for n in numbers]}
    return {**found, "NextToken": token} if token else found


def test_all_providers_beyond_the_first_page_are_listed_by_name() -> None:
    wire = Wire({"ListIdentityProviders": [page(*range(60), token="t"), page(60, 0)]})
    members = collect_identity_provider_list(client("cognito-idp", wire), POOL)
    assert [member.id for member in members] == [f"p{n:03}" for n in range(61)]
    assert all(member.id == member.name for member in members)
    assert [body for _, body in wire.requests] == [
        {"UserPoolId": POOL, "MaxResults": 60},
        {"UserPoolId": POOL, "MaxResults": 60, "NextToken": "t"},
    ]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(Refusal("AccessDeniedException"), Reason.DENIED, id="denied on the second page"),
        pytest.param({"NextToken": "u"}, Reason.MALFORMED, id="no list"),
        pytest.param({"Providers": [{"ProviderType": "SAML"}]}, Reason.MALFORMED, id="no name"),
        pytest.param(page(1, token="t"), Reason.MALFORMED, id="the same token again"),
    ],
)
def test_a_listing_that_ends_badly_is_a_gap(reply: Any, reason: Reason) -> None:
    wire = Wire({"ListIdentityProviders": [page(0, token="t"), reply]})
    idp = client("cognito-idp", wire)
    gap: object = attempt(
        "cognito-idp:ListIdentityProviders",
        lambda: collect_identity_provider_list(idp, POOL),
        region="eu-west-1",
    )
    assert isinstance(gap, Gap)
    assert gap.reason is reason


def test_the_secrets_of_a_whole_answer_stay_out() -> None:
    details = {**APPLE, **OIDC, **SAML, "member_of_2031": CANARY}
    wire = Wire({"DescribeIdentityProvider": [provider(details)]})
    read = collect_identity_provider(client("cognito-idp", wire), POOL, "partner")
    assert CANARY in json.dumps(details)
    assert CANARY not in repr(read)
