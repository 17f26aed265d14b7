"""Roles and their policies, through boto3's own clients."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.roles import (
    CALLS,
    NO_SUCH_ROLE,
    collect_role,
    collect_role_policies,
    collect_web_identity_roles,
    parse_role,
)
from records.facet import FacetName, Gap, Reason
from tests.stubs import stubbed

ROLE = "arn:aws:iam::111122223333:role/service-role/app/guests"
POLICY = "arn:aws:iam::111122223333:policy/app"
MANAGED = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
BOUNDARY = "arn:aws:iam::111122223333:policy/boundary"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
        }
    ],
}


@pytest.fixture
def stub() -> Iterator[Stubber]:
    iam = boto3.client("iam", region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s")
    with Stubber(iam) as stubber:
        yield stubber


def encoded(document: Any) -> str:
    """Return a policy as IAM sends it."""
    return quote(json.dumps(document))


def allowing(action: str) -> str:
    return encoded({"Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}})


def role(**more: Any) -> dict[str, Any]:
    return {
        "Role": {
            "Path": "/service-role/app/",
            "RoleName": "guests",
            "RoleId": "AROAEXAMPLEEXAMPLE",
            "Arn": ROLE,
            "CreateDate": datetime(2024, 1, 2, tzinfo=UTC),
            "AssumeRolePolicyDocument": encoded(TRUST),
            **more,
        }
    }


def add_managed(stub: Any, arn: str, action: str, version: str = "v3") -> None:
    policy = {"PolicyName": arn.rpartition("/")[2], "Arn": arn, "DefaultVersionId": version}
    stub.add_response("get_policy", {"Policy": policy}, {"PolicyArn": arn})
    stub.add_response(
        "get_policy_version",
        {"PolicyVersion": {"Document": allowing(action), "VersionId": version, "IsDefaultVersion": True}},
        {"PolicyArn": arn, "VersionId": version},
    )


def test_the_calls_are_those_of_the_facets() -> None:
    facets = (FacetName.ROLE, FacetName.ROLE_POLICIES, FacetName.WEB_IDENTITY_ROLES)
    assert {operation for facet in facets for operation in facet.operations} == CALLS


def test_a_role_is_asked_for_by_its_name_and_read_with_its_trust(stub: Any) -> None:
    boundary = {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": BOUNDARY}
    stub.add_response(
        "get_role", role(PermissionsBoundary=boundary, MaxSessionDuration=3600), {"RoleName": "guests"}
    )
    found = collect_role(stub.client, ROLE)
    assert (found.arn, found.name, found.boundary_arn, found.max_session_seconds) == (
        ROLE,
        "guests",
        BOUNDARY,
        3600,
    )
    assert found.trust.statements[0].principals == (("Federated", "cognito-identity.amazonaws.com"),)


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_roles_of_other_partitions_are_read(stub: Any, partition: str) -> None:
    arn = f"arn:{partition}:iam::111122223333:role/guests"
    stub.add_response("get_role", role(Arn=arn), {"RoleName": "guests"})
    assert collect_role(stub.client, arn).arn == arn


def test_a_role_of_the_same_name_elsewhere_is_another_one(stub: Any) -> None:
    stub.add_response("get_role", role(Arn="arn:aws:iam::444455556666:role/guests"), {"RoleName": "guests"})
    with pytest.raises(MalformedAnswerError, match="not about"):
        collect_role(stub.client, ROLE)


@pytest.mark.parametrize(
    "arn",
    [
        "guests",
        "",
        "arn:aws:iam::111122223333:user/guests",
        "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/app/",
        "arn:aws:sts::111122223333:role/guests",
        "arn:aws:iam::111122223333:roles/guests",
    ],
)
def test_what_is_no_role_is_not_asked_for(stub: Any, arn: str) -> None:
    with pytest.raises(MalformedAnswerError):
        collect_role(stub.client, arn)
    with pytest.raises(MalformedAnswerError):
        collect_role_policies(stub.client, arn, None)


def test_no_such_role_is_an_answer(stub: Any) -> None:
    stub.add_client_error("get_role", "NoSuchEntity", http_status_code=404)
    instead = dict.fromkeys(NO_SUCH_ROLE)
    answer: object = attempt(
        "iam:GetRole", lambda: collect_role(stub.client, ROLE), region="us-east-1", instead=instead
    )
    assert answer is None


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"AssumeRolePolicyDocument": None}, id="no trust policy"),
        pytest.param({"AssumeRolePolicyDocument": "%%%"}, id="a trust policy that botocore cannot decode"),
        pytest.param({"AssumeRolePolicyDocument": []}, id="a list for a trust policy"),
        pytest.param({"AssumeRolePolicyDocument": {"Statement": 1}}, id="a trust policy of another shape"),
        pytest.param({"Arn": None}, id="no ARN"),
        pytest.param({"MaxSessionDuration": "long"}, id="a text for a number"),
        pytest.param(
            {"PermissionsBoundary": {"PermissionsBoundaryType": "Policy"}}, id="boundary without ARN"
        ),
    ],
)
def test_a_malformed_role_is_refused(changed: dict[str, Any]) -> None:
    raw = role(CreateDate=None, AssumeRolePolicyDocument=TRUST)
    assert parse_role(raw).created_at is None
    raw["Role"].update(changed)
    with pytest.raises(MalformedAnswerError):
        parse_role(raw)


def test_all_policies_of_a_role_are_read_page_upon_page(stub: Any) -> None:
    name = {"RoleName": "guests"}
    stub.add_response("list_role_policies", {"PolicyNames": ["z"], "IsTruncated": True, "Marker": "m"}, name)
    stub.add_response(
        "list_role_policies", {"PolicyNames": ["a", "z"], "IsTruncated": False}, {**name, "Marker": "m"}
    )
    for policy in ("a", "z"):
        answer = {"RoleName": "guests", "PolicyName": policy, "PolicyDocument": allowing(f"s3:{policy}")}
        stub.add_response("get_role_policy", answer, {**name, "PolicyName": policy})
    stub.add_response(
        "list_attached_role_policies",
        {
            "AttachedPolicies": [{"PolicyName": "AmazonS3ReadOnlyAccess", "PolicyArn": MANAGED}],
            "IsTruncated": True,
            "Marker": "n",
        },
        name,
    )
    stub.add_response(
        "list_attached_role_policies",
        {"AttachedPolicies": [{"PolicyName": "app", "PolicyArn": POLICY}], "IsTruncated": False},
        {**name, "Marker": "n"},
    )
    add_managed(stub, POLICY, "s3:app")
    add_managed(stub, MANAGED, "s3:managed", version="v12")
    add_managed(stub, BOUNDARY, "s3:boundary")
    policies = collect_role_policies(stub.client, ROLE, BOUNDARY)
    stub.assert_no_pending_responses()
    assert [(each.name, each.arn) for each in policies.granting] == [
        ("a", None),
        ("z", None),
        ("app", POLICY),
        ("AmazonS3ReadOnlyAccess", MANAGED),
    ]
    assert [each.actions[0] for each in policies.statements] == ["s3:a", "s3:z", "s3:app", "s3:managed"]
    assert policies.boundary is not None
    assert (policies.boundary.name, policies.boundary.document.statements[0].actions) == (
        "boundary",
        ("s3:boundary",),
    )


def add_lists(stub: Any, *attached: str, inline: tuple[str, ...] = ()) -> None:
    stub.add_response("list_role_policies", {"PolicyNames": list(inline)})
    for policy in inline:
        answer = {"RoleName": "guests", "PolicyName": policy, "PolicyDocument": allowing("s3:*")}
        stub.add_response("get_role_policy", answer)
    items = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in attached]
    stub.add_response("list_attached_role_policies", {"AttachedPolicies": items})


def test_a_role_without_policies_and_boundary(stub: Any) -> None:
    add_lists(stub)
    policies = collect_role_policies(stub.client, ROLE, None)
    assert (policies.granting, policies.boundary) == ((), None)


def test_a_boundary_that_is_attached_as_well_is_read_once(stub: Any) -> None:
    add_lists(stub, POLICY)
    add_managed(stub, POLICY, "s3:*")
    policies = collect_role_policies(stub.client, ROLE, POLICY)
    assert policies.boundary == policies.attached[0]
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    "operation", ["list_role_policies", "get_role_policy", "list_attached_role_policies", "get_policy"]
)
def test_a_denial_anywhere_is_a_gap_and_not_fewer_policies(stub: Any, operation: str) -> None:
    denied = {"service_error_code": "AccessDenied", "http_status_code": 403}
    if operation == "list_role_policies":
        stub.add_client_error(operation, **denied)
    elif operation == "get_role_policy":
        stub.add_response("list_role_policies", {"PolicyNames": ["a"]})
        stub.add_client_error(operation, **denied)
    elif operation == "list_attached_role_policies":
        stub.add_response("list_role_policies", {"PolicyNames": []})
        stub.add_client_error(operation, **denied)
    else:
        add_lists(stub, POLICY)
        stub.add_client_error(operation, **denied)
    gap: object = attempt(
        "iam:ListRolePolicies", lambda: collect_role_policies(stub.client, ROLE, None), region="us-east-1"
    )
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.DENIED


def test_a_policy_that_goes_away_between_two_calls_is_no_answer(stub: Any) -> None:
    add_lists(stub, POLICY)
    stub.add_client_error("get_policy", "NoSuchEntity", http_status_code=404)
    with pytest.raises(ClientError):
        collect_role_policies(stub.client, ROLE, None)


@pytest.mark.parametrize(
    ("policy", "version"),
    [
        pytest.param({"Arn": MANAGED, "DefaultVersionId": "v1"}, "v1", id="another policy"),
        pytest.param({"Arn": POLICY, "DefaultVersionId": "v1"}, "v2", id="another version"),
        pytest.param({"Arn": POLICY}, "v1", id="no version"),
    ],
)
def test_an_answer_about_something_else_is_refused(stub: Any, policy: dict[str, Any], version: str) -> None:
    add_lists(stub, POLICY)
    stub.add_response("get_policy", {"Policy": {"PolicyName": "app", **policy}})
    stub.add_response(
        "get_policy_version", {"PolicyVersion": {"Document": allowing("*"), "VersionId": version}}
    )
    with pytest.raises(MalformedAnswerError):
        collect_role_policies(stub.client, ROLE, None)


@pytest.mark.parametrize("other", [{"RoleName": "admins"}, {"PolicyName": "b"}])
def test_another_inline_policy_is_refused(stub: Any, other: dict[str, str]) -> None:
    stub.add_response("list_role_policies", {"PolicyNames": ["a"]})
    answer = {"RoleName": "guests", "PolicyName": "a", "PolicyDocument": allowing("s3:*")}
    stub.add_response("get_role_policy", {**answer, **other})
    with pytest.raises(MalformedAnswerError, match="not about"):
        collect_role_policies(stub.client, ROLE, None)


def test_an_answer_without_the_list_is_no_empty_list(stub: Any) -> None:
    stub.deactivate()
    stub.client.meta.events.register_first("before-call", lambda **_: (_Ok(), {"IsTruncated": False}))
    with pytest.raises(MalformedAnswerError):
        collect_role_policies(stub.client, ROLE, None)


class _Ok:
    status_code = 200


def listed(name: str, principal: dict[str, str]) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRoleWithWebIdentity"}
    return {
        "Path": "/",
        "RoleName": name,
        "RoleId": "AROA4EXAMPLE4EXAMPLE",
        "Arn": f"arn:aws:iam::111122223333:role/{name}",
        "CreateDate": datetime(2020, 1, 1, tzinfo=UTC),
        "AssumeRolePolicyDocument": quote(json.dumps({"Version": "2012-10-17", "Statement": [statement]})),
    }


def test_only_roles_that_name_identity_pools_are_kept_of_all_pages() -> None:
    iam, stub = stubbed("iam")
    pools = {"Federated": "cognito-identity.amazonaws.com"}
    first = [listed("users", pools), listed("lambda", {"Service": "lambda.amazonaws.com"})]
    stub.add_response(
        "list_roles", {"Roles": first, "IsTruncated": True, "Marker": "next"}, {"MaxItems": 1000}
    )
    rest = [listed("guests", pools)]
    stub.add_response(
        "list_roles", {"Roles": rest, "IsTruncated": False}, {"MaxItems": 1000, "Marker": "next"}
    )

    with stub:
        assert [role.name for role in collect_web_identity_roles(iam)] == ["guests", "users"]
    stub.assert_no_pending_responses()


def test_a_denied_list_of_roles_is_raised() -> None:
    iam, stub = stubbed("iam")
    stub.add_client_error("list_roles", "AccessDenied")

    with stub, pytest.raises(ClientError, match="AccessDenied"):
        collect_web_identity_roles(iam)
