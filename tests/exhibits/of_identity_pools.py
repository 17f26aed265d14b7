"""Exhibits of the rules on identity pools, on whom they trust, and on the roles that they hand out."""

from tests.exhibits.showing import REGION, Bench, exhibit, provider_of, trusting

HARMLESS = ("rum:PutRumEvents",)


@exhibit(fails="PRV005", does_not_apply="PRV001 PRV002 PRV003 PRV006 PRV007 IDP003 IDP004 CRD004 CRD005")
def lets_nobody_in(bench: Bench) -> str:
    """Make an identity pool without identity providers, guests and roles."""
    return bench.identity_pool("lets_nobody_in")


@exhibit(fails="IDP003", passes="ROL001")
def has_one_role_for_all(bench: Bench) -> str:
    """Make an identity pool whose guests share the users' role, which asks for nothing."""
    pool_id = bench.identity_pool("has_one_role_for_all", guests=True)
    role = bench.role("for-all", trust={}, actions=HARMLESS)
    bench.hand_out(pool_id, authenticated=role, unauthenticated=role)
    return pool_id


@exhibit(fails="CRD002 CRD003 ROL003", passes="CRD001 IDP003 ROL001 ROL002")
def lets_guests_do_all(bench: Bench) -> str:
    """Make an identity pool whose guests have every right, and whose users' role does not ask for amr."""
    pool_id = bench.identity_pool("lets_guests_do_all", guests=True)
    guest = bench.role("all-guest", trust=trusting(pool_id, "unauthenticated"), actions=("*",))
    user = bench.role("all-user", trust=trusting(pool_id), actions=HARMLESS)
    bench.hand_out(pool_id, authenticated=user, unauthenticated=guest)
    return pool_id


@exhibit(passes="CRD001 CRD002 CRD003 IDP003 PRV005 ROL001 ROL002 ROL003", does_not_apply="CRD004 ROL004")
def lets_guests_report_alone(bench: Bench) -> str:
    """Make an identity pool whose guests may only send what they measure, with a role of their own."""
    pool_id = bench.identity_pool("lets_guests_report_alone", guests=True)
    guest = bench.role("report-guest", trust=trusting(pool_id, "unauthenticated"), actions=HARMLESS)
    user = bench.role("report-user", trust=trusting(pool_id, "authenticated"), actions=HARMLESS)
    bench.hand_out(pool_id, authenticated=user, unauthenticated=guest)
    return pool_id


@exhibit(fails="CRD001", does_not_apply="CRD002 CRD003 ROL003")
def hands_out_a_role_that_is_gone(bench: Bench) -> str:
    """Make an identity pool and delete the role that it hands out."""
    pool_id = bench.identity_pool("hands_out_a_role_that_is_gone")
    role = bench.role("gone", trust=trusting(pool_id), actions=HARMLESS)
    bench.hand_out(pool_id, authenticated=role)
    iam = bench.client("iam")
    iam.delete_role_policy(RoleName="gone", PolicyName="rights")
    iam.delete_role(RoleName="gone")
    return pool_id


@exhibit(passes="ROL002 ROL004")
def hands_out_a_role_for_another_identity_pool(bench: Bench) -> str:
    """Make an identity pool whose role trusts one that the account does not have."""
    pool_id = bench.identity_pool("hands_out_a_role_for_another_identity_pool")
    stranger = f"{REGION}:0f0f0f0f-0000-4000-8000-000000000000"
    role = bench.role("foreign", trust=trusting(stranger, "authenticated"), actions=HARMLESS)
    bench.hand_out(pool_id, authenticated=role)
    return pool_id


@exhibit(fails="PRV001 PRV006 IDP004", passes="CRD005 PRV005")
def trusts_an_app_client_that_is_gone(bench: Bench) -> str:
    """Make an identity pool with one role for all users of a user pool, whose groups have roles."""
    user_pool_id, client_id = bench.user_pool("trusted")
    provider = {"ProviderName": provider_of(user_pool_id), "ServerSideTokenCheck": False}
    name = "trusts_an_app_client_that_is_gone"
    pool_id = bench.identity_pool(name, CognitoIdentityProviders=[{**provider, "ClientId": client_id}])
    role = bench.role("of-group", trust=trusting(pool_id, "authenticated"), actions=HARMLESS)
    bench.hand_out(pool_id, authenticated=role)
    idp = bench.client("cognito-idp")
    idp.create_group(UserPoolId=user_pool_id, GroupName="buyers", RoleArn=role)
    idp.delete_user_pool_client(UserPoolId=user_pool_id, ClientId=client_id)
    return pool_id


@exhibit(fails="PRV001", does_not_apply="PRV003 PRV007")
def trusts_a_user_pool_that_is_gone(bench: Bench) -> str:
    """Make an identity pool and delete the user pool that it trusts."""
    user_pool_id, client_id = bench.user_pool("deleted")
    provider = {"ProviderName": provider_of(user_pool_id), "ServerSideTokenCheck": True}
    name = "trusts_a_user_pool_that_is_gone"
    pool_id = bench.identity_pool(name, CognitoIdentityProviders=[{**provider, "ClientId": client_id}])
    bench.client("cognito-idp").delete_user_pool(UserPoolId=user_pool_id)
    return pool_id


@exhibit(passes="PRV003 PRV004 PRV005 PRV007")
def trusts_its_owner_alone(bench: Bench) -> str:
    """Make an identity pool for users for whom the owner's server and token issuer vouch."""
    issuer = "arn:aws:iam::123456789012:oidc-provider/tokens.example.org"
    return bench.identity_pool(
        "trusts_its_owner_alone",
        DeveloperProviderName="login.example",
        OpenIdConnectProviderARNs=[issuer],
    )
