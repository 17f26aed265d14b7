"""Where a resource lives and what it is called: scopes, ARNs and list members."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from records.facet import FacetName


class ResourceType(StrEnum):
    """The kinds of resource that findings are about, as AWS Config and CloudFormation name them."""

    USER_POOL = "AWS::Cognito::UserPool"
    APP_CLIENT = "AWS::Cognito::UserPoolClient"
    IDENTITY_POOL = "AWS::Cognito::IdentityPool"
    IDENTITY_PROVIDER = "AWS::Cognito::UserPoolIdentityProvider"
    DOMAIN = "AWS::Cognito::UserPoolDomain"
    ROLE = "AWS::IAM::Role"

    @property
    def noun(self) -> str:
        """What people call it, such as "user pool"."""
        return _NOUNS[self]


_NOUNS = {
    ResourceType.USER_POOL: "user pool",
    ResourceType.APP_CLIENT: "app client",
    ResourceType.IDENTITY_POOL: "identity pool",
    ResourceType.IDENTITY_PROVIDER: "identity provider",
    ResourceType.DOMAIN: "domain",
    ResourceType.ROLE: "IAM role",
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

    def identity_provider_arn(self, user_pool_id: str, name: str) -> str:
        """Return the ARN that Poolwatch gives an identity provider, made as an app client's."""
        return f"{self.user_pool_arn(user_pool_id)}/identityprovider/{name}"

    def domain_arn(self, user_pool_id: str, name: str) -> str:
        """Return the ARN that Poolwatch gives a user pool's domain, made as an app client's."""
        return f"{self.user_pool_arn(user_pool_id)}/domain/{name}"

    def identity_pool_arn(self, identity_pool_id: str) -> str:
        """Return an identity pool's ARN; `*` stands for all of the region's identity pools."""
        return (
            f"arn:{self.partition}:cognito-identity:{self.region}:{self.account_id}"
            f":identitypool/{identity_pool_id}"
        )

    def role_arn(self, role: str) -> str:
        """Return an IAM role's ARN, by its path and name; `*` stands for all of the account's roles."""
        return f"arn:{self.partition}:iam::{self.account_id}:role/{role}"

    def member_arn(self, facet: FacetName, list_arn: str, member_id: str) -> str:
        """Return the ARN of a resource that a list facet, which stands under `list_arn`, names."""
        match facet:
            case FacetName.USER_POOLS:
                return self.user_pool_arn(member_id)
            case FacetName.IDENTITY_POOLS:
                return self.identity_pool_arn(member_id)
            case FacetName.IDENTITY_PROVIDERS:
                return f"{list_arn}/identityprovider/{member_id}"
            case _:
                return f"{list_arn}/client/{member_id}"

    def facet_arn(self, name: FacetName) -> str:
        """Return the ARN under which a facet of the region, or of the account, stands."""
        if name is FacetName.WEB_IDENTITY_ROLES:
            return self.role_arn("*")
        service, resource = _REGION_FACETS[name]
        return self._arn(service, resource)

    @property
    def email_account_arn(self) -> str:
        """The ARN under which Amazon SES's settings of the account and region stand."""
        return self._arn("ses", "account")

    @property
    def sms_account_arn(self) -> str:
        """The ARN under which Amazon SNS's SMS settings of the account and region stand."""
        return self._arn("sns", "sms")

    @property
    def end_user_messaging_arn(self) -> str:
        """The ARN under which AWS End User Messaging's settings of the account and region stand."""
        return self._arn("sms-voice", "account")

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"


# The wildcard stands for all resources of a kind.
_REGION_FACETS = {
    FacetName.USER_POOLS: ("cognito-idp", "userpool/*"),
    FacetName.IDENTITY_POOLS: ("cognito-identity", "identitypool/*"),
    FacetName.PROVISIONED_LIMITS: ("cognito-idp", "limit/*"),
    FacetName.SERVICE_QUOTAS: ("servicequotas", "cognito-idp/*"),
    FacetName.TRAILS: ("cloudtrail", "trail/*"),
    FacetName.ALARMS: ("cloudwatch", "alarm:*"),
    FacetName.REST_AUTHORIZERS: ("apigateway", "/restapis/*"),
    FacetName.HTTP_AUTHORIZERS: ("apigateway", "/apis/*"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arn:
    """An ARN of any service in its parts; `region` and `account_id` are empty where the service has none."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Take an ARN apart. Raises ValueError where the text is none."""
        if (parts := _ANY_ARN.fullmatch(text)) is None:
            raise ValueError("the text is no ARN")
        return cls(**parts.groupdict())

    @property
    def scope(self) -> Scope:
        """The account and region that the ARN names."""
        return Scope(self.account_id, self.region, self.partition)


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One resource as a list call names it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource as its ARN names it.

    `part` is the id or name of what belongs to a user pool (app client, identity provider, domain); None for
    the pools themselves. An IAM role has its path and name in place of a pool's id, and no region.
    """

    scope: Scope
    type: ResourceType
    pool_id: str
    part: str | None

    @classmethod
    def of_arn(cls, arn: str) -> Self:
        """Return the resource that an ARN of Poolwatch's names. Raises ValueError where it names none."""
        for kind, pattern in _ARNS.items():
            if named := pattern.fullmatch(arn):
                parts = named.groupdict()
                return cls(
                    scope=Scope(parts["account_id"], parts.get("region", ""), parts["partition"]),
                    type=kind,
                    pool_id=parts["pool_id"],
                    part=parts.get("part"),
                )
        raise ValueError(f"the ARN names no {', '.join(kind.noun for kind in ResourceType)}")

    @property
    def pool_arn(self) -> str:
        """The ARN of the pool that the resource is or belongs to."""
        if self.type is ResourceType.IDENTITY_POOL:
            return self.scope.identity_pool_arn(self.pool_id)
        if self.type is ResourceType.ROLE:
            return self.scope.role_arn(self.pool_id)
        return self.scope.user_pool_arn(self.pool_id)

    @property
    def arn(self) -> str:
        """The resource's ARN, with the part as `Scope` puts it behind the user pool's."""
        if self.part is None:
            return self.pool_arn
        match self.type:
            case ResourceType.IDENTITY_PROVIDER:
                return self.scope.identity_provider_arn(self.pool_id, self.part)
            case ResourceType.DOMAIN:
                return self.scope.domain_arn(self.pool_id, self.part)
            case _:
                return self.scope.app_client_arn(self.pool_id, self.part)


def user_pool_of(arn: str) -> str:
    """Return the ARN of the user pool that a resource belongs to; any other ARN as it is."""
    found = _IN_USER_POOL.match(arn)
    return found.group(1) if found else arn


_START = r"arn:(?P<partition>aws[a-z-]{0,12}):"
_PLACE = r":(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):(?P<account_id>\d{12}):"
# The forms of ids are those of AWS's own models of the two services.
_USER_POOL = _START + "cognito-idp" + _PLACE + r"userpool/(?P<pool_id>[\w-]{1,45}_[0-9a-zA-Z]{1,55})"
_APP_CLIENT = _USER_POOL + r"/client/(?P<part>[\w+]{1,128})"
_IDENTITY_PROVIDER = _USER_POOL + r"/identityprovider/(?P<part>[^\x00-\x1f\x7f]{1,64})"
_DOMAIN = _USER_POOL + r"/domain/(?P<part>[a-z0-9.-]{1,255})"
_IDENTITY_POOL = (
    _START + "cognito-identity" + _PLACE + r"identitypool/(?P<pool_id>[\w-]{1,45}:[0-9a-f-]{1,55})"
)
_ROLE = _START + r"iam::(?P<account_id>\d{12}):role/(?P<pool_id>(?:[!-~]{1,510}/)?[\w+=,.@-]{1,64})"
_ARNS = {
    ResourceType.USER_POOL: re.compile(_USER_POOL, re.ASCII),
    ResourceType.APP_CLIENT: re.compile(_APP_CLIENT, re.ASCII),
    ResourceType.IDENTITY_PROVIDER: re.compile(_IDENTITY_PROVIDER, re.ASCII),
    ResourceType.DOMAIN: re.compile(_DOMAIN, re.ASCII),
    ResourceType.IDENTITY_POOL: re.compile(_IDENTITY_POOL, re.ASCII),
    ResourceType.ROLE: re.compile(_ROLE, re.ASCII),
}
# The id of a user pool has no slash; what stands behind it may hold anything.
_IN_USER_POOL = re.compile(r"(arn:[^:]*:cognito-idp:[^/]*:userpool/[^/]+)/.+", re.DOTALL)
_ANY_ARN = re.compile(
    _START + r"(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account_id>\d{12}|):(?P<resource>.+)",
    re.ASCII,
)
