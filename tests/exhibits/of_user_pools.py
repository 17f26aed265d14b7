"""Exhibits of the rules on groups, SMS, triggers, identity providers, and APIs that trust user pools."""

from tests.exhibits.showing import REGION, Bench, exhibit, trusting

ACCOUNT = "123456789012"


def _saml(name: str, *identifiers: str, **details: str) -> dict[str, object]:
    return {
        "ProviderName": name,
        "ProviderType": "SAML",
        "ProviderDetails": {"MetadataURL": f"https://sso.{name.lower()}.example/metadata", **details},
        "AttributeMapping": {"email": "email", "email_verified": "proved"},
        "IdpIdentifiers": list(identifiers),
    }


@exhibit(fails="GOV004")
def has_groups_of_one_precedence(bench: Bench) -> str:
    """Make a user pool with two groups that have different roles and the same precedence."""
    pool_id, _ = bench.user_pool("has_groups_of_one_precedence")
    idp = bench.client("cognito-idp")
    for name in ("buyers", "sellers"):
        role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        idp.create_group(UserPoolId=pool_id, GroupName=name, RoleArn=role, Precedence=1)
    return pool_id


@exhibit(fails="GRL001")
def gives_a_group_a_role_for_guests_too(bench: Bench) -> str:
    """Make a user pool with a group whose role does not ask how somebody signed in."""
    pool_id, _ = bench.user_pool("gives_a_group_a_role_for_guests_too")
    identity_pool = bench.identity_pool("groups", guests=True)
    role = bench.role("group", trust=trusting(identity_pool), actions=("rum:PutRumEvents",))
    bench.client("cognito-idp").create_group(UserPoolId=pool_id, GroupName="buyers", RoleArn=role)
    return pool_id


@exhibit(fails="SVC001", does_not_apply="MSG007")
def sends_sms_by_a_role_that_is_gone(bench: Bench) -> str:
    """Make a user pool whose SMS role does not exist."""
    caller = f"arn:aws:iam::{ACCOUNT}:role/service-role/gone-sms"
    sms = {"SnsCallerArn": caller, "ExternalId": "one", "SnsRegion": REGION}
    return bench.user_pool("sends_sms_by_a_role_that_is_gone", SmsConfiguration=sms)[0]


@exhibit(fails="TRG006")
def calls_a_function_of_another_account(bench: Bench) -> str:
    """Make a user pool whose trigger is another account's function."""
    function = f"arn:aws:lambda:{REGION}:999988887777:function:gate"
    return bench.user_pool("calls_a_function_of_another_account", LambdaConfig={"PreSignUp": function})[0]


@exhibit(fails="FED010")
def has_identity_providers_that_look_alike(bench: Bench) -> str:
    """Make a user pool with two identity providers whose names differ in one letter that looks the same."""
    pool_id, _ = bench.user_pool("has_identity_providers_that_look_alike")
    idp = bench.client("cognito-idp")
    for name in ("Partner1", "Partnerl"):
        idp.create_identity_provider(UserPoolId=pool_id, **_saml(name))
    return pool_id


@exhibit(fails="FED006 FED009 SML001", passes="MAP001")
def is_an_identity_provider_that_nobody_uses(bench: Bench) -> str:
    """Make an identity provider that vouches for addresses and that no app client names."""
    pool_id, _ = bench.user_pool("is_an_identity_provider_that_nobody_uses")
    bench.client("cognito-idp").create_identity_provider(UserPoolId=pool_id, **_saml("Unused"))
    return "Unused"


@exhibit(fails="API001")
def is_trusted_for_an_app_client_that_is_gone(bench: Bench) -> str:
    """Make a user pool and an HTTP API that expects tokens of an app client that it does not have."""
    pool_id, _ = bench.user_pool("is_trusted_for_an_app_client_that_is_gone")
    gateway = bench.client("apigatewayv2")
    api_id = gateway.create_api(Name="orders", ProtocolType="HTTP")["ApiId"]
    issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{pool_id}"
    gateway.create_authorizer(
        ApiId=api_id,
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        Name="orders",
        JwtConfiguration={"Audience": ["0123456789abcdefghijklmnop"], "Issuer": issuer},
    )
    return pool_id


@exhibit(fails="API004")
def is_trusted_beside_a_user_pool_that_is_gone(bench: Bench) -> str:
    """Make a REST API that trusts a user pool and one that is deleted afterwards."""
    return _shared_authorizer(bench, "is_trusted_beside_a_user_pool_that_is_gone", is_gone=True)


@exhibit(passes="API004")
def is_trusted_beside_another_user_pool(bench: Bench) -> str:
    """Make a REST API that trusts two user pools."""
    return _shared_authorizer(bench, "is_trusted_beside_another_user_pool", is_gone=False)


def _shared_authorizer(bench: Bench, name: str, *, is_gone: bool) -> str:
    ids = [bench.user_pool(each)[0] for each in (name, f"{name}-too")]
    idp, gateway = bench.client("cognito-idp"), bench.client("apigateway")
    arns = [idp.describe_user_pool(UserPoolId=each)["UserPool"]["Arn"] for each in ids]
    api_id = gateway.create_rest_api(name=name)["id"]
    gateway.create_authorizer(
        restApiId=api_id,
        name="shared",
        type="COGNITO_USER_POOLS",
        providerARNs=arns,
        identitySource="method.request.header.Authorization",
    )
    if is_gone:
        idp.delete_user_pool(UserPoolId=ids[1])
    return ids[0]
