"""Exhibits that need an account of their own: what they show goes by all that is in it."""

from demo.company_data.surroundings import IDENTITY_POOL_DATA
from tests.exhibits.showing import OTHER_ACCOUNT, OWN_ACCOUNT, Bench, exhibit, provider_of, trusting

MANY_USERS = 600_000


@exhibit(passes="GOV005")
def has_more_users_and_a_higher_rate(bench: Bench) -> str:
    """Make a user pool with very many users where the rate of sign-in was raised."""
    pool_id, _ = bench.user_pool("has_more_users_and_a_higher_rate")
    bench.controls.set_facts(user_pool=pool_id, estimated_users=MANY_USERS)
    definition = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserAuthentication"}}
    bench.client("cognito-idp").update_provisioned_limit(LimitDefinition=definition, RequestedLimitValue=240)
    return pool_id


@exhibit(passes="CRD004 LOG005")
def keeps_guests_from_the_users_role(bench: Bench) -> str:
    """Make an identity pool with guests and the classic flow, roles that ask for a sign-in, and a trail."""
    pool_id = bench.identity_pool("keeps_guests_from_the_users_role", guests=True, AllowClassicFlow=True)
    harmless = ("rum:PutRumEvents",)
    guest = bench.role("guest", trust=trusting(pool_id, "unauthenticated"), actions=harmless)
    user = bench.role("user", trust=trusting(pool_id, "authenticated"), actions=harmless)
    bench.hand_out(pool_id, authenticated=user, unauthenticated=guest)
    trails = bench.client("cloudtrail")
    trails.create_trail(Name="all", S3BucketName="tarnfell-trails", IsMultiRegionTrail=True)
    trails.put_event_selectors(TrailName="all", AdvancedEventSelectors=[IDENTITY_POOL_DATA])
    trails.start_logging(Name="all")
    return pool_id


@exhibit(fails="PRV002")
def trusts_the_users_of_another_account(bench: Bench) -> str:
    """Make an identity pool that trusts a user pool of the other exhibits' account."""
    bench.controls.set_account(OWN_ACCOUNT)
    user_pool, client = bench.user_pool("is-trusted-elsewhere")
    bench.controls.set_account(OTHER_ACCOUNT)
    provider = {"ProviderName": provider_of(user_pool), "ClientId": client, "ServerSideTokenCheck": True}
    return bench.identity_pool("trusts_the_users_of_another_account", CognitoIdentityProviders=[provider])
