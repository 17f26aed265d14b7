"""IAM actions that matter here: those by which a role's holder gains more, and those in guests' reach."""

import functools
from collections.abc import Mapping
from datetime import date

from rules.patterns import overlaps

# What each action lets its holder do. After Rhino Security Labs, "AWS IAM Privilege Escalation - Methods and
# Mitigation" (2018, with the additions of 2021), and the actions of IAM, STS and Cognito in the Service
# Authorization Reference, 2026-11; each entry's effect is that of the API operation with the same name.
ESCALATION_ACTIONS: Mapping[str, str] = {
    "iam:AddUserToGroup": "join a group of IAM users",
    "iam:AttachGroupPolicy": "give a group any policy",
    "iam:AttachRolePolicy": "give a role any policy",
    "iam:AttachUserPolicy": "give a user any policy",
    "iam:CreateAccessKey": "make keys of another user",
    "iam:CreateLoginProfile": "set another user's password",
    "iam:CreateOpenIDConnectProvider": "let tokens of another issuer in",
    "iam:CreatePolicyVersion": "rewrite a policy",
    "iam:CreateRole": "make roles",
    "iam:CreateSAMLProvider": "let assertions of another issuer in",
    "iam:CreateServiceSpecificCredential": "make credentials of another user",
    "iam:CreateUser": "make users",
    "iam:DeleteRolePermissionsBoundary": "lift a role's boundary",
    "iam:DeleteRolePolicy": "lift a role's inline denials",
    "iam:DeleteUserPermissionsBoundary": "lift a user's boundary",
    "iam:DetachRolePolicy": "lift a role's denials",
    "iam:PassRole": "hand a role to a service and work with its rights",
    "iam:PutGroupPolicy": "write a group's policy",
    "iam:PutRolePermissionsBoundary": "change a role's boundary",
    "iam:PutRolePolicy": "write a role's policy",
    "iam:PutUserPermissionsBoundary": "change a user's boundary",
    "iam:PutUserPolicy": "write a user's policy",
    "iam:ResetServiceSpecificCredential": "reset credentials of another user",
    "iam:SetDefaultPolicyVersion": "bring back an older version of a policy",
    "iam:UpdateAssumeRolePolicy": "change who may take a role on",
    "iam:UpdateLoginProfile": "change another user's password",
    "iam:UpdateOpenIDConnectProviderThumbprint": "have another issuer's certificate trusted",
    "iam:UpdateSAMLProvider": "have another issuer's assertions trusted",
    "sts:AssumeRole": "take on other roles",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity": "sign in as any user of a developer provider",
    "cognito-identity:SetIdentityPoolRoles": "choose the roles that an identity pool hands out",
    "cognito-identity:UpdateIdentityPool": "let other providers into an identity pool",
    "cloudformation:CreateStack": "make resources with a stack's role",
    "cloudformation:UpdateStack": "change resources with a stack's role",
    "codebuild:CreateProject": "run commands with a project's role",
    "codebuild:StartBuild": "run commands with a project's role",
    "codebuild:UpdateProject": "run commands with a project's role",
    "datapipeline:PutPipelineDefinition": "run commands with a pipeline's role",
    "ec2-instance-connect:SendSSHPublicKey": "enter an instance and work with its role",
    "glue:UpdateDevEndpoint": "enter an endpoint and work with its role",
    "lambda:AddPermission": "let others invoke a function",
    "lambda:CreateFunction": "run code with a function's role",
    "lambda:UpdateFunctionCode": "run code with a function's role",
    "lambda:UpdateFunctionConfiguration": "run code with a function's role, by a layer",
    "sagemaker:CreatePresignedNotebookInstanceUrl": "enter a notebook and work with its role",
    "secretsmanager:GetSecretValue": "read secrets",
    "ssm:GetParameter": "read parameters, secret ones among them",
    "ssm:GetParameters": "read parameters, secret ones among them",
    "ssm:GetParametersByPath": "read parameters, secret ones among them",
    "ssm:SendCommand": "run commands on instances and work with their roles",
    "ssm:StartSession": "enter an instance and work with its role",
}

# What AWS lets guests do at most in the enhanced flow, whatever their role allows: the inline session policy
# of the developer guide's "IAM roles" page, and AmazonCognitoUnAuthedIdentitiesSessionPolicy (version 4 of
# 2026-05-01). A session would get what both allow, yet guests use CloudWatch RUM, which only the second
# names, and Amazon S3, which only the first names: the union is the bound that holds either way.
GUEST_CEILING_AS_OF = date(2026, 11, 23)
GUEST_CEILING: frozenset[str] = frozenset(
    {
        *("appsync:*", "cloudwatch:*", "codewhisperer:*", "cognito-identity:*", "cognito-idp:*"),
        *("cognito-sync:*", "comprehend:*", "dynamodb:*", "execute-api:*", "firehose:*", "gamelift:*"),
        *("iot:*", "kinesis:*", "lambda:*", "lex:*", "logs:*", "machinelearning:*", "mobileanalytics:*"),
        *("mobiletargeting:*", "personalize:*", "polly:*", "rekognition:*", "s3:*", "sdb:*", "ses:*"),
        *("sns:*", "sqs:*", "transcribe:*", "translate:*"),
        *("sagemaker:InvokeEndpoint", "textract:DetectDocumentText", "textract:AnalyzeDocument"),
        "rum:PutRumEvents",
        *("geo:GetMap*", "geo:ListMaps", "geo:SearchPlaceIndex*", "geo:GetPlace", "geo:CalculateRoute*"),
        *("geo:*Geofence", "geo:*Geofences", "geo:*DevicePosition*"),
        *("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptTo", "kms:ReEncryptFrom", "kms:GenerateDataKey"),
        *("kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext"),
        "kms:GenerateDataKeyWithoutPlaintext",
    }
)


# Escalations only where any role or parameter will do: to take on one role, or to read one parameter of an
# app's, is what such an action is for.
HARMLESS_ON_ONE_RESOURCE = frozenset(
    {"sts:AssumeRole", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"}
)

# Actions by which data is read, and by which it is written, sent or run, of the services within the guests'
# ceiling (Service Authorization Reference, 2026-11). What only feeds measurements (RUM, mobile analytics),
# what an API's own policy or resolver decides (execute-api, AppSync), and what answers from nothing but the
# request (Polly, maps, Translate) is left out.
DATA_READS: frozenset[str] = frozenset(
    {
        *("cognito-identity:ListIdentities", "cognito-identity:LookupDeveloperIdentity"),
        *("cognito-idp:AdminGetUser", "cognito-idp:ListUsers", "cognito-idp:ListUsersInGroup"),
        *("cognito-sync:ListRecords", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PartiQLSelect"),
        *("dynamodb:Query", "dynamodb:Scan", "iot:GetThingShadow", "iot:Subscribe", "kinesis:GetRecords"),
        *("kms:Decrypt", "lambda:GetFunction", "logs:FilterLogEvents", "logs:GetLogEvents"),
        *("logs:StartQuery", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "sdb:GetAttributes"),
        *("sdb:Select", "sqs:ReceiveMessage", "geo:GetDevicePosition", "geo:GetDevicePositionHistory"),
    }
)
DATA_WRITES: frozenset[str] = frozenset(
    {
        *("cognito-idp:AdminAddUserToGroup", "cognito-idp:AdminConfirmSignUp", "cognito-idp:AdminCreateUser"),
        *("cognito-idp:AdminDeleteUser", "cognito-idp:AdminLinkProviderForUser"),
        *("cognito-idp:AdminSetUserMFAPreference", "cognito-idp:AdminSetUserPassword"),
        *("cognito-idp:AdminUpdateUserAttributes", "cognito-idp:SetRiskConfiguration"),
        *("cognito-idp:SetUserPoolMfaConfig", "cognito-idp:UpdateUserPool"),
        *("cognito-idp:UpdateUserPoolClient", "cognito-idp:CreateIdentityProvider"),
        "cognito-idp:UpdateIdentityProvider",
        *("cognito-identity:DeleteIdentities", "cognito-identity:DeleteIdentityPool"),
        *("cognito-sync:UpdateRecords", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem"),
        *("dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PutItem"),
        *("dynamodb:UpdateItem", "dynamodb:DeleteTable", "firehose:PutRecord", "firehose:PutRecordBatch"),
        *("iot:DeleteThingShadow", "iot:Publish", "iot:UpdateThingShadow", "kinesis:PutRecord"),
        *("kinesis:PutRecords", "lambda:InvokeFunction", "logs:DeleteLogGroup", "s3:DeleteObject"),
        *("s3:PutObject", "s3:PutObjectAcl", "sdb:DeleteAttributes", "sdb:PutAttributes", "ses:SendEmail"),
        *("ses:SendRawEmail", "sns:Publish", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:SendMessage"),
        *("geo:BatchPutGeofence", "geo:BatchDeleteGeofence", "geo:BatchUpdateDevicePosition"),
    }
)
# The services whose policies can keep each user to a part of a resource.
USER_DATA_SERVICES = ("dynamodb", "s3")


@functools.lru_cache(maxsize=4096)
def reachable_by_guests(action_pattern: str) -> bool:
    """Whether guests of the enhanced flow can do some of what a pattern names, if their role allows it."""
    return any(overlaps(allowed.lower(), action_pattern.lower()) for allowed in GUEST_CEILING)
