"""`poolwatch policy`: for each account's part one list of actions, in three forms."""

import json
import re
from typing import Any

import pytest

from collectors.policy import log_archive_policy, member_policy, payer_policy
from tests.command_line import run

# The options of each thing that can be asked for, with the policy that it amounts to and its role's name.
MEMBER: tuple[str, ...] = ()
ARCHIVE = ("--for", "log-archive", "--bucket", "tarnfell-trails")
PAYER = ("--for", "payer")
EXPORTS = ("--for", "payer", "--bucket", "tarnfell-exports")
PARTS = [
    pytest.param(MEMBER, member_policy(), "Poolwatch", id="member"),
    pytest.param(ARCHIVE, log_archive_policy("tarnfell-trails"), "PoolwatchLogArchive", id="log-archive"),
    pytest.param(PAYER, payer_policy(), "PoolwatchPayer", id="payer"),
    pytest.param(EXPORTS, payer_policy("tarnfell-exports"), "PoolwatchPayer", id="payer with exports"),
]
BOTH_TEMPLATES = pytest.mark.parametrize("options", [MEMBER, ARCHIVE, PAYER, EXPORTS])


def template_of(*options: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(run("policy", *options, "--format", "cloudformation").stdout)
    return parsed


def hcl_of(*options: str) -> str:
    return run("policy", *options, "--format", "terraform").stdout


def resolved(value: Any, parameters: dict[str, Any]) -> Any:
    """A template's value with Fn::Sub resolved to the parameters' defaults."""
    if isinstance(value, list):
        return [resolved(each, parameters) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::Sub"}:
        return re.sub(r"\$\{(\w+)\}", lambda found: parameters[found[1]]["Default"], value["Fn::Sub"])
    return {key: resolved(each, parameters) for key, each in value.items()}


def references(value: Any) -> set[str]:
    """The names that a template's value refers to, by whatever function."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    own = {value["Ref"]} if "Ref" in value else set()
    own |= {value["Fn::GetAtt"][0]} if "Fn::GetAtt" in value else set()
    own |= {value["Fn::If"][0]} if "Fn::If" in value else set()
    own |= set(re.findall(r"\$\{(\w+)\}", value["Fn::Sub"])) if "Fn::Sub" in value else set()
    return own.union(*map(references, value.values()))


@pytest.mark.parametrize(("options", "policy"), [each.values[:2] for each in PARTS])
def test_json_is_the_policy_by_itself(options: tuple[str, ...], policy: object) -> None:
    assert json.loads(run("policy", *options, "--format", "json").stdout) == policy


def test_json_for_a_member_is_the_default() -> None:
    assert run("policy").stdout == run("policy", "--for", "member", "--format", "json").stdout


@pytest.mark.parametrize(("options", "policy", "name"), PARTS)
def test_the_template_holds_the_policy_and_a_role_that_has_it(
    options: tuple[str, ...], policy: object, name: str
) -> None:
    template = template_of(*options)
    resources = template["Resources"]
    assert {key: each["Type"] for key, each in resources.items()} == {
        "Policy": "AWS::IAM::ManagedPolicy",
        "Role": "AWS::IAM::Role",
    }
    document = resources["Policy"]["Properties"]["PolicyDocument"]
    assert resolved(document, template["Parameters"]) == policy
    assert resources["Policy"]["Properties"]["ManagedPolicyName"] == name
    assert resources["Role"]["Properties"]["RoleName"] == name
    assert resources["Role"]["Properties"]["ManagedPolicyArns"] == [{"Ref": "Policy"}]


@BOTH_TEMPLATES
def test_the_template_refers_to_nothing_that_is_not_there(options: tuple[str, ...]) -> None:
    template = template_of(*options)
    assert template["AWSTemplateFormatVersion"] == "2010-09-09"
    known = {"AWS::NoValue", *template["Parameters"], *template["Conditions"], *template["Resources"]}
    assert references(template) == known


def test_the_templates_role_trusts_the_parameters_principal() -> None:
    template = template_of()
    (statement,) = template["Resources"]["Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": {"Ref": "TrustedPrincipal"}}
    assert "Default" not in template["Parameters"]["TrustedPrincipal"]
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
        ("Bucket", "tarnfell-trails.eu", "tarnfell-*"),
        ("Bucket", "abc", "arn:aws:s3:::tarnfell-trails"),
    ],
)
def test_parameters_are_checked(parameter: str, allowed: str, refused: str) -> None:
    pattern = template_of(*ARCHIVE)["Parameters"][parameter]["AllowedPattern"]
    assert re.fullmatch(pattern, allowed)
    assert not re.fullmatch(pattern, refused)


@pytest.mark.parametrize(("options", "policy", "name"), PARTS)
def test_terraform_holds_the_policy_and_a_role_that_has_it(
    options: tuple[str, ...], policy: object, name: str
) -> None:
    hcl = hcl_of(*options)
    (document,) = re.findall(r"policy = jsonencode\((.*?)\)\n", hcl, re.DOTALL)
    bucket = options[-1] if "--bucket" in options else ""
    assert json.loads(document.replace("${var.bucket}", bucket)) == policy
    assert re.findall(r'^  name +\= "(\w+)"', hcl, re.MULTILINE) == [name, name]
    assert re.findall(r'^(?:resource|data) "(\w+)" "(\w+)"', hcl, re.MULTILINE) == [
        ("aws_iam_policy_document", "trust"),
        ("aws_iam_policy", "poolwatch"),
        ("aws_iam_role", "poolwatch"),
        ("aws_iam_role_policy_attachment", "poolwatch"),
    ]


@BOTH_TEMPLATES
def test_terraforms_text_is_balanced_and_interpolates_the_bucket_alone(options: tuple[str, ...]) -> None:
    hcl = hcl_of(*options)
    outside = re.sub(r'"[^"\n]*"', "", hcl)
    assert all(outside.count(opening) == outside.count(closing) for opening, closing in ("{}", "[]", "()"))
    assert '"' not in outside
    assert not re.search("@[A-Z]+@", hcl)
    assert "%{" not in hcl
    has_bucket = "--bucket" in options
    assert set(re.findall(r"\$\{(.*?)\}", hcl)) == ({"var.bucket"} if has_bucket else set())
    variables = set(re.findall(r'^variable "(\w+)"', hcl, re.MULTILINE))
    wanted = {"trusted_principal", "external_id"} | ({"bucket"} if has_bucket else set())
    assert variables == set(re.findall(r"var\.(\w+)", hcl)) == wanted


def test_templates_ask_for_a_log_archives_bucket_where_none_is_named() -> None:
    assert "Default" not in template_of("--for", "log-archive")["Parameters"]["Bucket"]
    assert template_of(*ARCHIVE)["Parameters"]["Bucket"]["Default"] == "tarnfell-trails"
    named = '  default     = "tarnfell-trails"\n'
    assert named in hcl_of(*ARCHIVE)
    assert hcl_of("--for", "log-archive") == hcl_of(*ARCHIVE).replace(named, "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(("--bucket", "tarnfell-trails"), "--bucket goes with", id="a member has no bucket"),
        pytest.param(("--for", "payer", "--bucket", "*"), "'*' is no bucket's name", id="any bucket"),
        pytest.param(("--for", "payer", "--bucket", ""), "'' is no bucket's name", id="empty name"),
        pytest.param(("--for", "log-archive", "--bucket", 'a"${x}'), "no bucket's name", id="code"),
        pytest.param(("--for", "auditor"), "auditor", id="no such part"),
    ],
)
@pytest.mark.parametrize("output_format", ["json", "cloudformation", "terraform"])
def test_wrong_use_ends_with_2_and_prints_no_policy(
    options: tuple[str, ...], message: str, output_format: str
) -> None:
    result = run("policy", *options, "--format", output_format)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert not result.stdout


@BOTH_TEMPLATES
@pytest.mark.parametrize("output_format", ["json", "cloudformation", "terraform"])
def test_no_form_has_actions_of_its_own(options: tuple[str, ...], output_format: str) -> None:
    def named(*arguments: str) -> set[str]:
        return set(re.findall(r'"([a-z0-9-]+:[A-Z]\w+\*?)"', run("policy", *arguments).stdout))

    wanted = named(*options)
    assert wanted
    assert named(*options, "--format", output_format) - {"sts:AssumeRole", "sts:ExternalId"} == wanted


def test_json_for_a_log_archive_takes_a_bucket() -> None:
    result = run("policy", "--for", "log-archive")
    assert result.exit_code == 2
    assert "names its bucket" in result.stderr
    assert "--bucket" in result.stderr
    assert not result.stdout


def test_what_poolwatch_does_not_do_yet_is_said() -> None:
    assert "neither of which Poolwatch does yet" in " ".join(run("policy", "--help").stdout.split())
    for options in (ARCHIVE, PAYER):
        assert "which Poolwatch does not do yet" in template_of(*options)["Description"]
    assert "not do yet" not in template_of()["Description"]
