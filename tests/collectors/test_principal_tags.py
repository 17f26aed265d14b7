"""The session tags that an identity pool takes from its providers' tokens."""

from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.identity_pools import CALLS, collect_principal_tags, parse_principal_tags
from records.facet import FacetName, Gap, Reason
from records.identity_pool import PrincipalTags
from tests.full_answers import full_answer, unset
from tests.wire import Refusal, Reply, Wire, client

POOL = "eu-west-1:11111111-2222-3333-4444-555555555555"
USER_POOL = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a"
SAML = "arn:aws:iam::111122223333:saml-provider/corp"


def tag_map(provider: str, **members: object) -> dict[str, Any]:
    return {"IdentityPoolId": POOL, "IdentityProviderName": provider, **members}


def tags(replies: dict[str, Reply]) -> tuple[Any, Wire]:
    wire = Wire({"GetPrincipalTagAttributeMap": lambda body: replies[body["IdentityProviderName"]]})
    outcome = attempt(
        "cognito-identity:GetPrincipalTagAttributeMap",
        lambda: collect_principal_tags(client("cognito-identity", wire), POOL, [*replies, *replies]),
        region="eu-west-1",
    )
    return outcome, wire


def test_the_calls_are_those_of_the_facets() -> None:
    facets = (
        FacetName.IDENTITY_POOLS,
        FacetName.IDENTITY_POOL,
        FacetName.IDENTITY_POOL_ROLES,
        FacetName.PRINCIPAL_TAGS,
    )
    assert {operation for facet in facets for operation in facet.operations} == CALLS


def test_each_provider_is_asked_for_once_and_they_stand_in_order() -> None:
    found, wire = tags(
        {
            USER_POOL: tag_map(
                USER_POOL, UseDefaults=False, PrincipalTags={"tenant": "custom:tenant", "role": "custom:role"}
            ),
            SAML: tag_map(SAML, UseDefaults=True, PrincipalTags={"client": "aud", "username": "sub"}),
        }
    )
    assert found == (
        PrincipalTags(provider=SAML, uses_defaults=True, tags=(("client", "aud"), ("username", "sub"))),
        PrincipalTags(
            provider=USER_POOL,
            uses_defaults=False,
            tags=(("role", "custom:role"), ("tenant", "custom:tenant")),
        ),
    )
    assert wire.requests == [
        ("GetPrincipalTagAttributeMap", {"IdentityPoolId": POOL, "IdentityProviderName": provider})
        for provider in (SAML, USER_POOL)
    ]


def test_no_field_of_the_record_is_left_unset() -> None:
    answer = full_answer("cognito-identity", "GetPrincipalTagAttributeMap")
    assert unset(parse_principal_tags(answer, "IdentityPoolId-value", SAML)) == []


@pytest.mark.parametrize("reply", [Refusal("ResourceNotFoundException"), tag_map(SAML)])
def test_a_provider_without_a_map_has_no_tags_and_hides_no_other(reply: Reply) -> None:
    found, _ = tags({SAML: reply, USER_POOL: tag_map(USER_POOL, PrincipalTags={"tenant": "custom:tenant"})})
    assert [(each.provider, each.uses_defaults, each.tags) for each in found] == [
        (SAML, None, ()),
        (USER_POOL, None, (("tenant", "custom:tenant"),)),
    ]


def test_a_denial_for_one_provider_is_a_gap_and_not_a_short_list() -> None:
    gap, _ = tags({SAML: tag_map(SAML), USER_POOL: Refusal("NotAuthorizedException")})
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.iam_action) == (Reason.DENIED, "cognito-identity:GetPrincipalTagAttributeMap")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        pytest.param({"PrincipalTags": {}}, "has no IdentityPoolId", id="no identity pool"),
        pytest.param({**tag_map(SAML), "IdentityPoolId": "other"}, "about other", id="other identity pool"),
        pytest.param(tag_map(SAML, PrincipalTags={"a": 1}), "PrincipalTags", id="number as claim"),
        pytest.param(tag_map(SAML, UseDefaults="yes"), "UseDefaults is a str", id="text as flag"),
    ],
)
def test_a_malformed_answer_is_named_and_never_guessed(raw: Any, says: str) -> None:
    with pytest.raises(MalformedAnswerError, match=says):
        parse_principal_tags(raw, POOL, SAML)
