"""Exhibits: resources that are made by AWS's own calls on the emulator, and the outcomes that they show."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.clients import Controls, aws_client
from records.evaluation import Outcome

REGION = "eu-west-1"
# The emulator's first account, and one that some exhibits have for themselves.
OWN_ACCOUNT, OTHER_ACCOUNT = "123456789012", "222233334444"


@dataclass(frozen=True)
class Bench:
    """The emulated account on which exhibits are made."""

    url: str

    @property
    def controls(self) -> Controls:
        """The controls of the emulator."""
        return Controls(self.url)

    def amend(self, operation: str, resource: str, **members: Any) -> None:
        """Add members to an operation's answers on a resource, for what no call can make."""
        self.controls.amend(operation=operation, resource=resource, merge=members)

    def omit(self, operation: str, resource: str, *members: str) -> None:
        """Take members out of an operation's answers on a resource, as AWS leaves them out of old ones."""
        self.controls.amend(operation=operation, resource=resource, drop=list(members))

    def client(self, service: str, region: str = REGION) -> Any:
        """Return a client of a service."""
        return aws_client(service, self.url, region)

    def role(
        self, name: str, *, trust: Mapping[str, Any], actions: tuple[str, ...], resource: str = "*"
    ) -> str:
        """Make a role that tokens of identity pools may take on under conditions; return its ARN."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            **({"Condition": trust} if trust else {}),
        }
        iam = self.client("iam")
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(statement))["Role"]["Arn"]
        rights = {"Effect": "Allow", "Action": actions, "Resource": resource}
        iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=_policy(rights))
        return arn

    def user_pool(self, name: str, **settings: Any) -> tuple[str, str]:
        """Make a user pool with an app client; return the ids of both."""
        idp = self.client("cognito-idp")
        pool_id: str = idp.create_user_pool(PoolName=name, **settings)["UserPool"]["Id"]
        made = idp.create_user_pool_client(UserPoolId=pool_id, ClientName=name)
        return pool_id, made["UserPoolClient"]["ClientId"]

    def identity_pool(self, name: str, *, guests: bool = False, **settings: Any) -> str:
        """Make an identity pool; return its id."""
        made = self.client("cognito-identity").create_identity_pool(
            IdentityPoolName=name, AllowUnauthenticatedIdentities=guests, **settings
        )
        pool_id: str = made["IdentityPoolId"]
        return pool_id

    def hand_out(self, identity_pool_id: str, **roles: str) -> None:
        """Set the roles that an identity pool hands out."""
        identity = self.client("cognito-identity")
        identity.set_identity_pool_roles(IdentityPoolId=identity_pool_id, Roles=roles)


@dataclass(frozen=True)
class Exhibit:
    """A function that makes resources and returns the end of the ARN of the one that shows the outcomes."""

    make: Callable[[Bench], str]
    shows: Mapping[str, Outcome]

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.make.__name__


def exhibit(
    *, fails: str = "", passes: str = "", does_not_apply: str = ""
) -> Callable[[Callable[[Bench], str]], Exhibit]:
    """Make an exhibit of a function, with the codes of rules by the outcome that they must have."""
    texts = {Outcome.FAIL: fails, Outcome.PASS: passes, Outcome.NOT_APPLICABLE: does_not_apply}
    shows = {code: outcome for outcome, codes in texts.items() for code in codes.split()}
    return lambda make: Exhibit(make, shows)


def provider_of(user_pool_id: str) -> str:
    """Return the name by which identity pools know a user pool."""
    return f"cognito-idp.{REGION}.amazonaws.com/{user_pool_id}"


def trusting(identity_pool_id: str, amr: str | None = None) -> dict[str, Any]:
    """Return the conditions under which a role trusts one identity pool, and how users signed in."""
    aud = {"StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool_id}}
    asked = {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr}} if amr else {}
    return {**aud, **asked}


def _policy(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
