"""User pools with all that hangs on them, and identity pools with their roles."""

from typing import Any

from demo.company_data.identity import ROLES
from demo.company_data.specs import ClientSpec, IdentityPoolSpec, PoolSpec, role
from demo.seeding.before import make_role
from demo.seeding.workshop import Workshop


def make_user_pool(shop: Workshop, spec: PoolSpec) -> None:
    """Make a user pool."""
    idp, seeded = shop.client("cognito-idp", spec.region), shop.seeded
    made = idp.create_user_pool(PoolName=spec.name, **seeded.resolved(spec.settings))["UserPool"]
    pool_id = made["Id"]
    seeded.user_pools[spec.name] = pool_id
    if spec.mfa:
        idp.set_user_pool_mfa_config(UserPoolId=pool_id, **spec.mfa)
    for domain in spec.domains:
        idp.create_user_pool_domain(UserPoolId=pool_id, **seeded.resolved(domain))
    for provider in spec.identity_providers:
        idp.create_identity_provider(UserPoolId=pool_id, **seeded.resolved(provider))
    for server in spec.resource_servers:
        idp.create_resource_server(UserPoolId=pool_id, **server)
    for group in spec.groups:
        idp.create_group(UserPoolId=pool_id, **group)
    for client in spec.clients:
        _client(shop, spec, client)
    for client_name, risk in spec.risk:
        of_client = {"ClientId": seeded.clients[spec.name, client_name]} if client_name else {}
        idp.set_risk_configuration(UserPoolId=pool_id, **of_client, **risk)
    _newer_features(idp, spec, pool_id)
    _dates(shop, spec, pool_id)


def _client(shop: Workshop, spec: PoolSpec, client: ClientSpec) -> None:
    idp = shop.client("cognito-idp", spec.region)
    of_pool = {"UserPoolId": shop.seeded.user_pools[spec.name]}
    made = idp.create_user_pool_client(**of_pool, ClientName=client.name, **client.settings)
    client_id = made["UserPoolClient"]["ClientId"]
    shop.seeded.clients[spec.name, client.name] = client_id
    for _ in client.secrets[1:]:
        idp.add_user_pool_client_secret(**of_pool, ClientId=client_id)
    if client.sso_minutes:
        session = {"MaxValidityMinutes": client.sso_minutes}
        idp.set_user_pool_client_session_configuration(**of_pool, ClientId=client_id, SSOSession=session)


def _newer_features(idp: Any, spec: PoolSpec, pool_id: str) -> None:
    of_pool = {"UserPoolId": pool_id}
    if spec.log_delivery:
        idp.set_log_delivery_configuration(**of_pool, LogConfigurations=spec.log_delivery)
    if spec.session:
        idp.set_user_pool_session_configuration(**of_pool, **spec.session)
    for region in spec.replicas:
        idp.create_user_pool_replica(**of_pool, RegionName=region)
    for name, job_role, _ in spec.import_jobs:
        arn = role(f"service-role/{job_role}", spec.account)
        idp.create_user_import_job(**of_pool, JobName=name, CloudWatchLogsRoleArn=arn)


def _dates(shop: Workshop, spec: PoolSpec, pool_id: str) -> None:
    dates: dict[str, dict[str, Any]] = {}
    for client in spec.clients:
        secrets = {"secrets": client.secrets} if client.secrets else {}
        client_id = shop.seeded.clients[spec.name, client.name]
        dates[client_id] = {"created": client.created, "modified": client.modified, **secrets}
    shop.controls.set_facts(
        user_pool=pool_id,
        estimated_users=spec.users,
        created=spec.created,
        modified=spec.modified,
        old_shape=spec.is_old_shape,
        clients=dates,
        import_jobs={name: made for name, _, made in spec.import_jobs},
    )


def make_identity_pool(shop: Workshop, spec: IdentityPoolSpec) -> None:
    """Make an identity pool with the roles that it hands out."""
    identity, seeded = shop.client("cognito-identity", spec.region), shop.seeded
    providers, mappings, tags = [], {}, {}
    for provider in spec.providers:
        name = f"cognito-idp.{spec.region}.amazonaws.com/{seeded.user_pools[provider.user_pool]}"
        client_id = seeded.clients[provider.user_pool, provider.client]
        check = provider.checks_token
        providers.append({"ProviderName": name, "ClientId": client_id, "ServerSideTokenCheck": check})
        if provider.mapping:
            mappings[f"{name}:{client_id}"] = provider.mapping
        if provider.principal_tags:
            tags[name] = provider.principal_tags
    made = identity.create_identity_pool(**spec.settings, CognitoIdentityProviders=providers)
    pool_id = made["IdentityPoolId"]
    seeded.identity_pools[made["IdentityPoolName"]] = pool_id
    identity.set_identity_pool_roles(IdentityPoolId=pool_id, Roles=spec.roles, RoleMappings=mappings)
    for name, of_provider in tags.items():
        identity.set_principal_tag_attribute_map(
            IdentityPoolId=pool_id, IdentityProviderName=name, PrincipalTags=of_provider
        )
    for name, _, amr, rights in (each for each in ROLES if each[1] is spec):
        actions = ["sts:AssumeRoleWithWebIdentity", *(["sts:TagSession"] if tags else [])]
        make_role(shop, name, {**_trust(pool_id, amr), "Action": actions}, rights)


def _trust(identity_pool_id: str, amr: str | None) -> dict[str, Any]:
    signed_in = {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr}} if amr else {}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool_id},
            **signed_in,
        },
    }
