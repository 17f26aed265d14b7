"""The IAM policies grant what the collectors declare, all of it reading, and deny what must not be."""

import fnmatch
import functools
import importlib
import json
import pkgutil
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest

import collectors
from collectors import policy
from records.facet import FacetName, iam_actions

# IAM's names for services and rights where they are not those of the API.
SERVICES = {"ses": "sesv2", "sms-voice": "pinpoint-sms-voice-v2", "servicequotas": "service-quotas"}
OPERATIONS = {
    "apigateway:GET": "apigateway:GetAuthorizers",
    "cognito-idp:GetWebACLForResource": "wafv2:GetWebACLForResource",
    "s3:ListBucket": "s3:ListObjectsV2",
}
IN_FACETS = frozenset(operation for facet in FacetName for operation in facet.operations)
# What IAM takes in one managed policy, white space left out.
MAXIMUM_SIZE = 6144


@functools.cache
def operations(service: str) -> frozenset[str]:
    return frozenset(botocore.session.get_session().get_service_model(service).operation_names)


def statements(document: policy.Policy, effect: str = "Allow") -> list[dict[str, Any]]:
    found: Any = document["Statement"]
    return [each for each in found if each["Effect"] == effect]


def actions(document: policy.Policy, effect: str = "Allow") -> set[str]:
    return {action for each in statements(document, effect) for action in each["Action"]}


def everything() -> Mapping[str, policy.Policy]:
    return {
        "member": policy.member_policy(),
        "log-archive": policy.log_archive_policy("tarnfell-trails"),
        "payer": policy.payer_policy(),
        "payer with exports": policy.payer_policy("tarnfell-exports"),
    }


ALLOWED = sorted(
    {action for document in everything().values() for action in actions(document)}
    | {action for operation in IN_FACETS for action in iam_actions(operation)}
)


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> policy.Policy:
    """The member policy for every operation of every facet."""
    monkeypatch.setattr(policy, "CALLS", IN_FACETS | {"sts:GetCallerIdentity"})
    return policy.member_policy()


@pytest.mark.parametrize("call", sorted(policy.CALLS))
def test_each_declared_call_is_an_operation_of_aws(call: str) -> None:
    service, _, operation = call.partition(":")
    assert operation in operations(service)


@pytest.mark.parametrize("action", ALLOWED)
def test_each_allowed_action_is_the_right_to_an_operation_that_reads(action: str) -> None:
    service, _, operation = OPERATIONS.get(action, action).partition(":")
    assert operation in operations(SERVICES.get(service, service))
    assert operation.startswith(("List", "Describe", "Get", "Lookup")) or action == "kms:Decrypt"


@pytest.mark.parametrize("action", sorted(policy.NEVER))
def test_each_denied_action_is_the_right_to_operations_that_no_collector_calls(action: str) -> None:
    service, _, pattern = action.partition(":")
    denied = {f"{service}:{each}" for each in fnmatch.filter(operations(service), pattern)}
    assert denied
    assert not denied & (policy.CALLS | IN_FACETS)


def test_what_bills_or_hands_out_credentials_is_denied() -> None:
    denied = actions(policy.member_policy(), "Deny")
    for call in ("cognito-idp:AdminGetUser", "cognito-identity:GetCredentialsForIdentity"):
        assert any(fnmatch.fnmatchcase(call, action) for action in denied)


def test_every_operation_of_every_facet_is_declared() -> None:
    assert IN_FACETS | {"sts:GetCallerIdentity"} == policy.CALLS


def test_no_module_with_calls_is_left_out() -> None:
    declared = {
        module.name: frozenset(getattr(importlib.import_module(module.name), "CALLS", ()))
        for module in pkgutil.iter_modules(collectors.__path__, "collectors.")
        if module.name != policy.__name__
    }
    assert sum(map(bool, declared.values())) >= 5
    assert frozenset[str]().union(*declared.values()) == policy.CALLS


@pytest.mark.parametrize("call", sorted(policy.CALLS))
def test_each_declared_call_is_allowed(call: str) -> None:
    assert set(iam_actions(call)) <= actions(policy.member_policy())


def test_the_member_policy_allows_nothing_beyond_the_declared_calls(whole: policy.Policy) -> None:
    expected = {action for call in policy.CALLS for action in iam_actions(call)}
    assert actions(whole) == expected
    assert actions(whole, "Deny") == policy.NEVER


def test_the_policy_follows_what_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "CALLS", frozenset({"wafv2:GetWebACLForResource", "sesv2:GetAccount"}))
    assert [each["Action"] for each in statements(policy.member_policy())] == [
        ["cognito-idp:GetWebACLForResource", "ses:GetAccount", "wafv2:GetWebACLForResource"]
    ]


def is_open(document: policy.Policy, action: str, arn: str) -> bool:
    """Whether an action is allowed on a resource, conditions left aside."""
    return any(
        action in each["Action"] and fnmatch.fnmatchcase(arn, pattern)
        for each in statements(document)
        for pattern in ([each["Resource"]] if isinstance(each["Resource"], str) else each["Resource"])
    )


@pytest.mark.parametrize(
    ("path", "is_read"),
    [
        ("/restapis", True),
        ("/restapis/a1b2c3/authorizers", True),
        ("/restapis/a1b2c3/resources", True),
        ("/apis", True),
        ("/apis/a1b2c3/authorizers", True),
        ("/apis/a1b2c3/routes", True),
        ("/apikeys", False),
        ("/apikeys/k1", False),
        ("/restapis/a1b2c3/stages", False),
        ("/restapis/a1b2c3/stages/prod/exports/oas30", False),
        ("/apis/a1b2c3/integrations", False),
        ("/domainnames", False),
        ("/usageplans/p1/keys", False),
        ("/account", False),
    ],
)
@pytest.mark.parametrize("partition", ["aws", "aws-us-gov"])
def test_of_api_gateway_only_authorizers_and_what_they_guard_are_open(
    whole: policy.Policy, partition: str, path: str, *, is_read: bool
) -> None:
    assert is_open(whole, "apigateway:GET", f"arn:{partition}:apigateway:eu-west-1::{path}") is is_read


@pytest.mark.parametrize("part", ["log-archive", "payer with exports"])
def test_one_bucket_is_open_and_keys_are_for_s3_alone(part: str) -> None:
    document = everything()[part]
    name = {"log-archive": "tarnfell-trails", "payer with exports": "tarnfell-exports"}[part]
    assert is_open(document, "s3:ListBucket", f"arn:aws:s3:::{name}")
    assert is_open(document, "s3:GetObject", f"arn:aws-cn:s3:::{name}/AWSLogs/1/CloudTrail/a.json.gz")
    assert not is_open(document, "s3:GetObject", f"arn:aws:s3:::{name}-2/a.json.gz")
    assert not is_open(document, "s3:ListBucket", f"arn:aws:s3:::{name}-2")
    (decrypt,) = [each for each in statements(document) if "kms:Decrypt" in each["Action"]]
    (services,) = decrypt["Condition"]["StringLike"].values()
    via = ["s3.eu-west-1.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn", "ec2.eu-west-1.amazonaws.com"]
    matched = [any(fnmatch.fnmatchcase(each, pattern) for pattern in services) for each in via]
    assert matched == [True, True, False]


def test_the_payers_bucket_is_closed_where_none_is_named() -> None:
    assert actions(policy.payer_policy()) == {"ce:GetCostAndUsage", "pricing:GetProducts"}


@pytest.mark.parametrize("part", sorted(everything()))
def test_each_policy_has_what_iam_demands_of_one(part: str) -> None:
    demand_well_formed(everything()[part])


def test_the_policy_for_all_facets_is_one_that_iam_takes(whole: policy.Policy) -> None:
    demand_well_formed(whole)


def demand_well_formed(document: policy.Policy) -> None:
    assert json.loads(json.dumps(document)) == document
    assert document["Version"] == "2012-10-17"
    assert len("".join(json.dumps(document).split())) <= MAXIMUM_SIZE
    every = statements(document) + statements(document, "Deny")
    sids = [each["Sid"] for each in every]
    assert len(set(sids)) == len(sids)
    for each in every:
        assert each["Sid"].isalnum()
        assert set(each) <= {"Sid", "Effect", "Action", "Resource", "Condition"}
        assert each["Action"] == sorted(set(each["Action"]))
        assert each["Resource"]
