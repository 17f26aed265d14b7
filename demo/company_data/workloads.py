"""The functions that the user pools call, and the IAM roles that services and users' groups take on.

What is wrong stands in the docstrings of the user pools' modules.
"""

from dataclasses import dataclass

from demo.company_data import legacy, partners, shop, staff, staging
from demo.company_data.accounts import PRODUCTION, STAGING
from demo.company_data.specs import ACCOUNT, AMERICA, EUROPE, TRIALS, Parameters, Rights

LAMBDA = "lambda.amazonaws.com"
COGNITO = "cognito-idp.amazonaws.com"
WRITE_LOGS: Rights = {"*": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]}


@dataclass(frozen=True, kw_only=True)
class RoleSpec:
    """An IAM role: who may take it on, under which conditions, and the statements of its inline policy."""

    account: str = ACCOUNT
    name: str
    principal: Parameters
    condition: Parameters
    rights: Rights
    path: str = "/"
    action: str = "sts:AssumeRole"


@dataclass(frozen=True, kw_only=True)
class FunctionSpec:
    """A Lambda function; `user_pool` names the only one that may call it, None lets every one."""

    account: str = ACCOUNT
    region: str
    name: str
    role: str
    user_pool: str | None
    runtime: str = "nodejs24.x"


def _of_user_pools(account: str, region: str, external_id: str | None = None) -> Parameters:
    """Return the conditions that keep other accounts' user pools from using a role."""
    source = {"aws:SourceAccount": account}
    equals = {**source, "sts:ExternalId": external_id} if external_id else source
    return {
        "StringEquals": equals,
        "ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:{region}:{account}:userpool/*"},
    }


ROLES = (
    RoleSpec(
        name="shop-auth-functions",
        principal={"Service": LAMBDA},
        condition={},
        rights={
            **WRITE_LOGS,
            f"arn:aws:dynamodb:{EUROPE}:{ACCOUNT}:table/tarnfell-customers": [
                "dynamodb:GetItem",
                "dynamodb:PutItem",
            ],
        },
    ),
    # The trigger's function looks up a partner's company; it was given far more.
    RoleSpec(
        name="partner-auth-functions",
        principal={"Service": LAMBDA},
        condition={},
        rights={"*": [*WRITE_LOGS["*"], "cognito-idp:*", "ses:SendEmail"]},
    ),
    RoleSpec(name="staff-auth-functions", principal={"Service": LAMBDA}, condition={}, rights=WRITE_LOGS),
    RoleSpec(
        name="tarnfell-shop-sms",
        path="/service-role/",
        principal={"Service": COGNITO},
        condition=_of_user_pools(ACCOUNT, EUROPE, "b5c0a6a2-5f0e-4f5c-8a53-5a1d9f0f6f21"),
        rights={"*": ["sms-voice:SendTextMessage"]},
    ),
    # Made by the console of its time, which asked for the external id alone.
    RoleSpec(
        name="tarnfell-staff-tools-sms",
        path="/service-role/",
        principal={"Service": COGNITO},
        condition={"StringEquals": {"sts:ExternalId": staff.SMS["ExternalId"]}},
        rights={"*": ["sns:Publish"]},
    ),
    RoleSpec(
        name=legacy.IMPORT_ROLE,
        path="/service-role/",
        principal={"Service": COGNITO},
        condition={},
        rights=WRITE_LOGS,
    ),
    # Store managers approve refunds; whoever wrote this wanted the rosters to work at last.
    RoleSpec(
        name="staff-tools-manager",
        principal={"Federated": "cognito-identity.amazonaws.com"},
        action="sts:AssumeRoleWithWebIdentity",
        condition={"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}},
        rights={"*": ["s3:*", "sts:AssumeRole"]},
    ),
    # AWS Amplify made it for a prototype, whose identity pool is long gone.
    RoleSpec(
        name="amplify-rosterproto-dev-93041-authRole",
        principal={"Federated": "cognito-identity.amazonaws.com"},
        action="sts:AssumeRoleWithWebIdentity",
        condition={},
        rights={"arn:aws:s3:::tarnfell-roster-prototype/*": ["s3:GetObject", "s3:PutObject"]},
    ),
    RoleSpec(
        account=TRIALS,
        name="staging-shop-auth-functions",
        principal={"Service": LAMBDA},
        condition={},
        rights=WRITE_LOGS,
    ),
    RoleSpec(
        account=TRIALS,
        name="trail-stories-sms",
        path="/service-role/",
        principal={"Service": COGNITO},
        condition={},
        rights={"*": ["sns:*"]},
    ),
    RoleSpec(
        account=TRIALS,
        name=str(STAGING.role_arn).rpartition("/")[2],
        principal={"AWS": f"arn:aws:iam::{PRODUCTION.id}:root"},
        condition={"StringEquals": {"sts:ExternalId": STAGING.external_id}},
        rights={"*": ["cognito-idp:Describe*", "cognito-idp:Get*", "cognito-idp:List*"]},
    ),
)

FUNCTIONS = (
    FunctionSpec(
        region=EUROPE, name="shop-auth-pre-sign-up", role="shop-auth-functions", user_pool=shop.NAME
    ),
    FunctionSpec(region=EUROPE, name="shop-auth-welcome", role="shop-auth-functions", user_pool=None),
    FunctionSpec(region=EUROPE, name="shop-auth-claims", role="shop-auth-functions", user_pool=shop.NAME),
    FunctionSpec(
        region=EUROPE,
        name="partner-auth-pre-sign-up",
        role="partner-auth-functions",
        user_pool=partners.NAME,
        runtime="python3.13",
    ),
    # staff-auth-verify-challenge, the third of its kind, is gone.
    FunctionSpec(
        region=AMERICA, name="staff-auth-define-challenge", role="staff-auth-functions", user_pool=staff.NAME
    ),
    FunctionSpec(
        region=AMERICA, name="staff-auth-create-challenge", role="staff-auth-functions", user_pool=staff.NAME
    ),
    *(
        FunctionSpec(
            account=TRIALS,
            region=EUROPE,
            name=f"staging-shop-auth-{name}",
            role="staging-shop-auth-functions",
            user_pool=staging.NAME,
            runtime=runtime,
        )
        for name, runtime in (("welcome", "nodejs22.x"), ("claims", "nodejs16.x"), ("mail", "nodejs22.x"))
    ),
)
