"""Where a resource lives and what it is called: scopes, ARNs and list members."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ResourceType(StrEnum):
    """The kinds of resource that findings are about, as AWS Config and CloudFormation name them."""

    USER_POOL = "AWS::Cognito::UserPool"
    APP_CLIENT = "AWS::Cognito::UserPoolClient"
    IDENTITY_POOL = "AWS::Cognito::IdentityPool"

    @property
    def noun(self) -> str:
        """What people call it, such as "user pool"."""
        return _NOUNS[self]


_NOUNS = {
    ResourceType.USER_POOL: "user pool",
    ResourceType.APP_CLIENT: "app client",
    ResourceType.IDENTITY_POOL: "identity pool",
}


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One region of one account; `partition` is `aws`, `aws-cn` or `aws-us-gov`."""

    account_id: str
    region: str
    partition: str = "aws"

    def user_pool_arn(self, user_pool_id: str) -> str:
        """Return a user pool's ARN; `*` stands for all of the region's user pools."""
        return f"arn:{self.partition}:cognito-idp:{self.region}:{self.account_id}:userpool/{user_pool_id}"

    def app_client_arn(self, user_pool_id: str, client_id: str) -> str:
        """Return the ARN that Poolwatch gives an app client: AWS has none, so the user pool's is extended."""
        return f"{self.user_pool_arn(user_pool_id)}/client/{client_id}"

    def identity_pool_arn(self, identity_pool_id: str) -> str:
        """Return an identity pool's ARN; `*` stands for all of the region's identity pools."""
        return (
            f"arn:{self.partition}:cognito-identity:{self.region}:{self.account_id}"
            f":identitypool/{identity_pool_id}"
        )


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One resource as a list call names it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource as its ARN names it; `client_id` is an app client's, None for the pools themselves."""

    scope: Scope
    type: ResourceType
    pool_id: str
    client_id: str | None

    @classmethod
    def of_arn(cls, arn: str) -> Self:
        """Return the resource that an ARN of Poolwatch's names. Raises ValueError where it names none."""
        for kind, pattern in _ARNS.items():
            if named := pattern.fullmatch(arn):
                parts = named.groupdict()
                return cls(
                    scope=Scope(parts["account_id"], parts["region"], parts["partition"]),
                    type=kind,
                    pool_id=parts["pool_id"],
                    client_id=parts.get("client_id"),
                )
        raise ValueError("the ARN names no user pool, app client or identity pool")

    @property
    def pool_arn(self) -> str:
        """The ARN of the pool that the resource is or belongs to."""
        if self.type is ResourceType.IDENTITY_POOL:
            return self.scope.identity_pool_arn(self.pool_id)
        return self.scope.user_pool_arn(self.pool_id)

    @property
    def arn(self) -> str:
        """The resource's ARN, an app client's as `Scope.app_client_arn` makes it."""
        if self.client_id is None:
            return self.pool_arn
        return self.scope.app_client_arn(self.pool_id, self.client_id)


_START = r"arn:(?P<partition>aws[a-z-]{0,12}):"
_PLACE = r":(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):(?P<account_id>\d{12}):"
# The forms of ids are those of AWS's own models of the two services.
_USER_POOL = _START + "cognito-idp" + _PLACE + r"userpool/(?P<pool_id>[\w-]{1,45}_[0-9a-zA-Z]{1,55})"
_APP_CLIENT = _USER_POOL + r"/client/(?P<client_id>[\w+]{1,128})"
_IDENTITY_POOL = (
    _START + "cognito-identity" + _PLACE + r"identitypool/(?P<pool_id>[\w-]{1,45}:[0-9a-f-]{1,55})"
)
_ARNS = {
    ResourceType.USER_POOL: re.compile(_USER_POOL, re.ASCII),
    ResourceType.APP_CLIENT: re.compile(_APP_CLIENT, re.ASCII),
    ResourceType.IDENTITY_POOL: re.compile(_IDENTITY_POOL, re.ASCII),
}
