"""The company's accounts, and how a collector gets into each."""

from dataclasses import dataclass

from demo.company_data.specs import ACCOUNT, TRIALS, role

READER = "poolwatch-reader"


@dataclass(frozen=True, kw_only=True)
class AccountSpec:
    """An account: `role_arn` is None where plain credentials are the account's own."""

    id: str
    name: str
    environment: str
    owner: str
    role_arn: str | None = None
    external_id: str | None = None


PRODUCTION = AccountSpec(id=ACCOUNT, name="tarnfell-production", environment="production", owner="platform")
STAGING = AccountSpec(
    id=TRIALS,
    name="tarnfell-staging",
    environment="staging",
    owner="storefront",
    role_arn=role(READER, TRIALS),
    external_id="tarnfell-audit-7f3a91",
)
ACCOUNTS = (PRODUCTION, STAGING)
