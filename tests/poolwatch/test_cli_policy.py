"""`poolwatch policy`: one list of actions in three forms."""

import json
import re
from typing import Any

import pytest

from collectors.policy import CALLS, NEVER, iam_policy
from tests.command_line import run


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(run("policy", "--format", "cloudformation").stdout)
    return parsed


@pytest.fixture(scope="module")
def hcl() -> str:
    return run("policy", "--format", "terraform").stdout


def references(value: Any) -> set[str]:
    """The names that a template's value refers to by Ref, Fn::GetAtt or as the condition of an Fn::If."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    own = {value["Ref"]} if "Ref" in value else set()
    own |= {value["Fn::GetAtt"][0]} if "Fn::GetAtt" in value else set()
    own |= {value["Fn::If"][0]} if "Fn::If" in value else set()
    return own.union(*map(references, value.values()))


def test_json_is_the_default() -> None:
    assert run("policy").stdout == run("policy", "--format", "json").stdout
    assert json.loads(run("policy").stdout) == iam_policy()


def test_the_template_holds_the_policy_and_a_role_that_has_it(template: dict[str, Any]) -> None:
    resources = template["Resources"]
    assert {name: each["Type"] for name, each in resources.items()} == {
        "Policy": "AWS::IAM::ManagedPolicy",
        "Role": "AWS::IAM::Role",
    }
    assert resources["Policy"]["Properties"]["PolicyDocument"] == iam_policy()
    assert resources["Role"]["Properties"]["RoleName"] == "Poolwatch"
    assert resources["Role"]["Properties"]["ManagedPolicyArns"] == [{"Ref": "Policy"}]


def test_the_template_refers_to_nothing_that_is_not_there(template: dict[str, Any]) -> None:
    assert template["AWSTemplateFormatVersion"] == "2010-09-09"
    known = {"AWS::NoValue", *template["Parameters"], *template["Conditions"], *template["Resources"]}
    assert references(template) <= known
    assert references(template) >= known - {"Policy", "AWS::NoValue"}


def test_the_templates_role_trusts_the_parameters_principal(template: dict[str, Any]) -> None:
    (statement,) = template["Resources"]["Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": {"Ref": "TrustedPrincipal"}}
    condition, when, otherwise = statement["Condition"]["Fn::If"]
    assert (condition, otherwise) == ("HasExternalId", {"Ref": "AWS::NoValue"})
    assert when == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    assert template["Parameters"]["ExternalId"]["Default"] == ""


@pytest.mark.parametrize(
    ("parameter", "allowed", "refused"),
    [
        ("TrustedPrincipal", "arn:aws:iam::123456789012:role/team/audit", "*"),
        ("TrustedPrincipal", "arn:aws-us-gov:iam::123456789012:root", "arn:aws:iam::*:root"),
        ("ExternalId", "", "x"),
        ("ExternalId", "tarnfell-7", "a b"),
    ],
)
def test_parameters_are_checked(template: dict[str, Any], parameter: str, allowed: str, refused: str) -> None:
    pattern = template["Parameters"][parameter]["AllowedPattern"]
    assert re.fullmatch(pattern, allowed)
    assert not re.fullmatch(pattern, refused)


def test_terraform_holds_the_policy_and_a_role_that_has_it(hcl: str) -> None:
    (document,) = re.findall(r"policy = jsonencode\((.*?)\)\n", hcl, re.DOTALL)
    assert json.loads(document) == iam_policy()
    assert re.findall(r'^(?:resource|data) "(\w+)" "(\w+)"', hcl, re.MULTILINE) == [
        ("aws_iam_policy_document", "trust"),
        ("aws_iam_policy", "poolwatch"),
        ("aws_iam_role", "poolwatch"),
        ("aws_iam_role_policy_attachment", "poolwatch"),
    ]


def test_terraforms_text_is_balanced_and_interpolates_nothing(hcl: str) -> None:
    outside = re.sub(r'"[^"\n]*"', "", hcl)
    assert all(outside.count(opening) == outside.count(closing) for opening, closing in ("{}", "[]", "()"))
    assert "${" not in hcl
    assert "%{" not in hcl
    variables = set(re.findall(r'^variable "(\w+)"', hcl, re.MULTILINE))
    assert variables == set(re.findall(r"var\.(\w+)", hcl)) == {"trusted_principal", "external_id"}


@pytest.mark.parametrize("output_format", ["json", "cloudformation", "terraform"])
def test_no_form_has_actions_of_its_own(output_format: str) -> None:
    text = run("policy", "--format", output_format).stdout
    actions = set(re.findall(r'"((?:sts|cognito-idp|cognito-identity):\w+)"', text))
    assert actions - {"sts:AssumeRole", "sts:ExternalId"} == CALLS | NEVER
