"""An IAM policy as infrastructure code, with a role that has it and somebody who may take that role on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# A bucket's name in a policy that the two forms ask for when they are used.
CLOUDFORMATION_BUCKET = "${Bucket}"
TERRAFORM_BUCKET = "${var.bucket}"

_TRUSTED = "ARN of the principal that collects, such as arn:aws:iam::123456789012:role/audit."
_EXTERNAL_ID = (
    "ExternalId that the principal has to send (--external-id). Ask for one where the principal belongs to"
    " somebody else or reads for several owners; left out, none is asked for."
)
_BUCKET = "Name of the bucket that may be read."
# RE2, Java's and Terraform's regular expressions agree on these.
_PRINCIPAL_PATTERN = r"^arn:aws[a-z-]*:iam::[0-9]{12}:(root|user/.+|role/.+)$"
_EXTERNAL_ID_PATTERN = "^[0-9A-Za-z_+=,.@:/-]{2,1224}$"
BUCKET_PATTERN = "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """The role that shall have a policy.

    `asks_for_bucket` says whether the policy refers to a bucket; `bucket` is the one to take where no other
    is named.
    """

    name: str
    description: str
    asks_for_bucket: bool
    bucket: str | None


def policy_cloudformation(policy: Mapping[str, object], role: Role) -> str:
    """Return a CloudFormation template, as JSON, that makes the policy and a role that has it."""
    condition = {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": {"Ref": "TrustedPrincipal"}},
                "Action": "sts:AssumeRole",
                "Condition": {"Fn::If": ["HasExternalId", condition, {"Ref": "AWS::NoValue"}]},
            }
        ],
    }
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": role.description,
        "Parameters": {
            "TrustedPrincipal": {
                "Type": "String",
                "Description": _TRUSTED,
                "AllowedPattern": _PRINCIPAL_PATTERN,
            },
            "ExternalId": {
                "Type": "String",
                "Default": "",
                "Description": _EXTERNAL_ID,
                "AllowedPattern": f"^$|{_EXTERNAL_ID_PATTERN}",
            },
            **({"Bucket": _bucket_parameter(role.bucket)} if role.asks_for_bucket else {}),
        },
        "Conditions": {"HasExternalId": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ExternalId"}, ""]}]}},
        "Resources": {
            "Policy": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "ManagedPolicyName": role.name,
                    "Description": role.description,
                    "PolicyDocument": _substituted(policy),
                },
            },
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": role.name,
                    "Description": role.description,
                    "AssumeRolePolicyDocument": trust,
                    "ManagedPolicyArns": [{"Ref": "Policy"}],
                },
            },
        },
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    return f"{json.dumps(template, indent=2)}\n"


def policy_terraform(policy: Mapping[str, object], role: Role) -> str:
    """Return Terraform's HCL that makes the policy and a role that has it."""
    # HCL reads JSON's objects as its own, and `${...}` in a string as a reference.
    document = json.dumps(policy, indent=2, separators=(",", " : ")).replace("\n", "\n  ")
    bucket = ""
    if role.asks_for_bucket:
        default = f'\n  default     = "{role.bucket}"' if role.bucket else ""
        bucket = _TERRAFORM_VARIABLE.replace("@DEFAULT@", default)
    text = _TERRAFORM.replace("@BUCKET@", bucket)
    for mark, value in (("@NAME@", role.name), ("@DESCRIPTION@", role.description), ("@POLICY@", document)):
        text = text.replace(mark, value)
    return text


def _bucket_parameter(bucket: str | None) -> Mapping[str, str]:
    default = {"Default": bucket} if bucket else {}
    return {"Type": "String", "Description": _BUCKET, "AllowedPattern": BUCKET_PATTERN, **default}


def _substituted(value: Any) -> Any:
    """Return part of a policy with its references as CloudFormation resolves them."""
    if isinstance(value, Mapping):
        return {key: _substituted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_substituted(each) for each in value]
    return {"Fn::Sub": value} if isinstance(value, str) and "${" in value else value


_TERRAFORM_VARIABLE = f"""\
variable "bucket" {{
  description = "{_BUCKET}"
  type        = string@DEFAULT@

  validation {{
    condition     = can(regex("{BUCKET_PATTERN}", var.bucket))
    error_message = "It must be a bucket's name, not its ARN."
  }}
}}

"""

_TERRAFORM = f"""\
variable "trusted_principal" {{
  description = "{_TRUSTED}"
  type        = string

  validation {{
    condition     = can(regex("{_PRINCIPAL_PATTERN}", var.trusted_principal))
    error_message = "It must be the ARN of an IAM role or user, or of an account's root."
  }}
}}

variable "external_id" {{
  description = "{_EXTERNAL_ID}"
  type        = string
  default     = null

  validation {{
    condition     = var.external_id == null || can(regex("{_EXTERNAL_ID_PATTERN}", var.external_id))
    error_message = "It has 2 to 1,224 letters, digits and +=,.@:/-_."
  }}
}}

@BUCKET@data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRole"]

    principals {{
      type        = "AWS"
      identifiers = [var.trusted_principal]
    }}

    dynamic "condition" {{
      for_each = var.external_id[*]

      content {{
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }}
    }}
  }}
}}

resource "aws_iam_policy" "poolwatch" {{
  name        = "@NAME@"
  description = "@DESCRIPTION@"

  policy = jsonencode(@POLICY@)
}}

resource "aws_iam_role" "poolwatch" {{
  name               = "@NAME@"
  description        = "@DESCRIPTION@"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}

resource "aws_iam_role_policy_attachment" "poolwatch" {{
  role       = aws_iam_role.poolwatch.name
  policy_arn = aws_iam_policy.poolwatch.arn
}}

output "role_arn" {{
  value = aws_iam_role.poolwatch.arn
}}
"""
