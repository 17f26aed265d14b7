"""A hand on the emulated account: make pools as an owner would, and collect them as Poolwatch does."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collectors.clients import AccountTarget
from demo.clients import Controls, aws_client
from poolwatch.pipeline import CollectResult, collect

REGION = "eu-west-1"


@dataclass(frozen=True)
class Account:
    """An emulated account at `url` and the controls of its emulator."""

    url: str
    controls: Controls

    def user_pool(self, name: str, *, clients: int = 0, region: str = REGION, **settings: Any) -> str:
        """Make a user pool with plain app clients; return its id."""
        idp = aws_client("cognito-idp", self.url, region)
        pool_id: str = idp.create_user_pool(PoolName=name, **settings)["UserPool"]["Id"]
        for number in range(clients):
            idp.create_user_pool_client(UserPoolId=pool_id, ClientName=f"{name}-{number}")
        return pool_id

    def app_client(self, pool_id: str, name: str, *, region: str = REGION, **settings: Any) -> str:
        """Make an app client; return its id."""
        idp = aws_client("cognito-idp", self.url, region)
        made = idp.create_user_pool_client(UserPoolId=pool_id, ClientName=name, **settings)
        client_id: str = made["UserPoolClient"]["ClientId"]
        return client_id

    def identity_pool(self, name: str, *, region: str = REGION, guests: bool = False) -> str:
        """Make an identity pool; return its id."""
        identity = aws_client("cognito-identity", self.url, region)
        made = identity.create_identity_pool(IdentityPoolName=name, AllowUnauthenticatedIdentities=guests)
        pool_id: str = made["IdentityPoolId"]
        return pool_id

    def small_company(self) -> None:
        """Make two user pools, one of them protected, with two app clients each, and an identity pool."""
        self.user_pool("shop", clients=2)
        enforced = {"AdvancedSecurityMode": "ENFORCED"}
        self.user_pool("portal", clients=2, UserPoolTier="PLUS", UserPoolAddOns=enforced)
        self.identity_pool("uploads", guests=True)
        self.controls.reset_calls()

    def collect(self, store: Path, *regions: str, attempts: int = 1) -> CollectResult:
        """Collect with the credentials of the environment, unpaced."""
        return collect(
            [AccountTarget()], store=store, regions=regions or (REGION,), rate_share=None, attempts=attempts
        )
