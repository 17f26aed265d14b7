"""The IAM policy grants what the collectors declare, all of it reading, and denies what must not be."""

import botocore.session
import pytest

from collectors import policy
from records.facet import FacetName

MODELS = {
    name: botocore.session.get_session().get_service_model(name)
    for name in ("cognito-idp", "cognito-identity", "sts")
}


@pytest.mark.parametrize("action", sorted(policy.CALLS | policy.NEVER))
def test_each_action_is_an_operation_of_aws(action: str) -> None:
    service, _, operation = action.partition(":")
    assert operation in MODELS[service].operation_names


@pytest.mark.parametrize("action", sorted(policy.CALLS))
def test_what_is_allowed_reads(action: str) -> None:
    assert action.partition(":")[2].startswith(("List", "Describe", "Get"))


def test_what_is_denied_is_never_called() -> None:
    assert not policy.CALLS & policy.NEVER
    assert "cognito-idp:AdminGetUser" in policy.NEVER
    assert "cognito-identity:GetCredentialsForIdentity" in policy.NEVER


def test_every_facet_is_granted() -> None:
    assert {facet.operation for facet in FacetName} < policy.CALLS


def test_the_document_has_one_allow_and_one_deny() -> None:
    document = policy.iam_policy()
    statements = document["Statement"]
    assert isinstance(statements, list)
    assert [(each["Effect"], each["Action"]) for each in statements] == [
        ("Allow", sorted(policy.CALLS)),
        ("Deny", sorted(policy.NEVER)),
    ]
