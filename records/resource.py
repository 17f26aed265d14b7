"""Where a resource lives and what it is called: scopes, ARNs and list members."""

from dataclasses import dataclass
from enum import StrEnum


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
