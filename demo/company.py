"""Seeds the emulator with Tarnfell Outdoor, through the calls that its own engineers would have made."""

from datetime import UTC, datetime

from demo.company_data.accounts import ACCOUNTS, AccountSpec
from demo.company_data.club import CLUB, CLUB_FILES
from demo.company_data.identity import BROWSE, UPLOADS
from demo.company_data.legacy import LEGACY, OUTLET
from demo.company_data.partners import PARTNERS
from demo.company_data.services import SERVICES
from demo.company_data.shop import SHOP
from demo.company_data.specs import ACCOUNT, AMERICA, EUROPE
from demo.company_data.staff import STAFF
from demo.company_data.staging import STAGING
from demo.company_data.stories import STORIES, STORIES_IDENTITY
from demo.seeding import after, before
from demo.seeding.pools import make_identity_pool, make_user_pool
from demo.seeding.workshop import Seeded, Workshop

__all__ = [
    "ACCOUNTS",
    "COMPANY",
    "DENIED_OPERATION",
    "DENIED_USER_POOL",
    "IDENTITY_POOLS",
    "REGIONS",
    "USER_POOLS",
    "AccountSpec",
    "Seeded",
    "seed",
]

COMPANY = "Tarnfell Outdoor"
REGIONS = (EUROPE, AMERICA)
USER_POOLS = (SHOP, PARTNERS, SERVICES, CLUB, STAGING, STORIES, LEGACY, STAFF)
IDENTITY_POOLS = (BROWSE, UPLOADS, CLUB_FILES, STORIES_IDENTITY, OUTLET)

# The one thing that the demo's collector may not read.
DENIED_OPERATION = "cognito-idp:DescribeRiskConfiguration"
DENIED_USER_POOL = STAGING.name


def seed(url: str) -> Seeded:
    """Fill the empty accounts at `url`; on one day the same ids and answers come of it every time.

    Plain credentials are production's afterwards, and the counts of calls start anew, so that they show what
    a collector did.
    """
    shop = Workshop(url)
    today = datetime.now(UTC)
    for account in ACCOUNTS:
        shop.controls.set_account(account.id)
        pools = tuple(pool for pool in USER_POOLS if pool.account == account.id)
        before.make(shop, account.id, today)
        for pool in pools:
            make_user_pool(shop, pool)
        after.make(shop, account.id, pools)
        for identity_pool in IDENTITY_POOLS:
            if identity_pool.account == account.id:
                make_identity_pool(shop, identity_pool)
    shop.controls.set_account(ACCOUNT)
    shop.controls.add_fault(
        operation=DENIED_OPERATION, resource=shop.seeded.user_pools[DENIED_USER_POOL], kind="denied"
    )
    shop.controls.reset_calls()
    return shop.seeded
