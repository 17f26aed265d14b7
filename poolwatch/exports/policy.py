"""An IAM policy as infrastructure code, with a role that has it and somebody who may take that role on."""

import json
from collections.abc import Mapping

_NAME = "Poolwatch"
_DESCRIPTION = "Lets Poolwatch read the configuration of Amazon Cognito, and nothing else."
_TRUSTED = "ARN of the principal that collects, such as arn:aws:iam::123456789012:role/audit."
_EXTERNAL_ID = "ExternalId that the principal has to send (--external-id); without one, none is asked for."
# RE2, Java's and Terraform's regular expressions agree on these.
_PRINCIPAL_PATTERN = r"^arn:aws[a-z-]*:iam::[0-9]{12}:(root|user/.+|role/.+)$"
_EXTERNAL_ID_PATTERN = "^[0-9A-Za-z_+=,.@:/-]{2,1224}$"


def policy_cloudformation(policy: Mapping[str, object]) -> str:
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
        "Description": _DESCRIPTION,
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
        },
        "Conditions": {"HasExternalId": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ExternalId"}, ""]}]}},
        "Resources": {
            "Policy": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "ManagedPolicyName": _NAME,
                    "Description": _DESCRIPTION,
                    "PolicyDocument": policy,
                },
            },
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": _NAME,
                    "Description": _DESCRIPTION,
                    "AssumeRolePolicyDocument": trust,
                    "ManagedPolicyArns": [{"Ref": "Policy"}],
                },
            },
        },
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    return f"{json.dumps(template, indent=2)}\n"


def policy_terraform(policy: Mapping[str, object]) -> str:
    """Return Terraform's HCL that makes the policy and a role that has it."""
    # HCL reads JSON's objects as its own; an action holds no `${`, which would start a template there.
    document = json.dumps(policy, indent=2, separators=(",", " : ")).replace("\n", "\n  ")
    return _TERRAFORM.replace("@POLICY@", document)


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

data "aws_iam_policy_document" "trust" {{
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
  name        = "{_NAME}"
  description = "{_DESCRIPTION}"

  policy = jsonencode(@POLICY@)
}}

resource "aws_iam_role" "poolwatch" {{
  name               = "{_NAME}"
  description        = "{_DESCRIPTION}"
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
