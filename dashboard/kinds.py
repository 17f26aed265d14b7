"""The kinds of resource that Inventory shows: those that findings are about, and IAM roles."""

from enum import StrEnum

from records.resource import ResourceType


class Kind(StrEnum):
    """A kind of resource; the values stand in addresses."""

    USER_POOL = "User pools"
    APP_CLIENT = "App clients"
    IDENTITY_PROVIDER = "Identity providers"
    DOMAIN = "Domains"
    IDENTITY_POOL = "Identity pools"
    ROLE = "IAM roles"

    @classmethod
    def of(cls, resource_type: ResourceType) -> "Kind":
        """Return the kind of the resources of a type."""
        return cls[resource_type.name]

    @property
    def noun(self) -> str:
        """What people call one of them, such as "user pool"."""
        return "IAM role" if self is Kind.ROLE else ResourceType[self.name].noun

    @property
    def heading(self) -> str:
        """The noun at the start of a line."""
        return f"{self.noun[0].upper()}{self.noun[1:]}"

    @property
    def is_judged(self) -> bool:
        """Whether rules look at it by itself; roles mostly with what names them."""
        return self is not Kind.ROLE

    @property
    def is_in_user_pool(self) -> bool:
        """Whether each of them belongs to a user pool."""
        return self in (Kind.APP_CLIENT, Kind.IDENTITY_PROVIDER, Kind.DOMAIN)
