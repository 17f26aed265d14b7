"""Seeds the emulator with Tarnfell Outdoor, through the calls that its own engineers would have made."""

import json
from dataclasses import dataclass, field
from typing import Any

from demo.clients import Controls, aws_client
from demo.company_data.identity import BROWSE, ROLES, UPLOADS
from demo.company_data.legacy import LEGACY
from demo.company_data.partners import PARTNERS
from demo.company_data.services import SERVICES
from demo.company_data.shop import SHOP
from demo.company_data.specs import ACCOUNT, AMERICA, EUROPE, IdentityPoolSpec, PoolSpec
from demo.company_data.staff import STAFF
from demo.company_data.staging import STAGING

COMPANY = "Tarnfell Outdoor"
REGIONS = (EUROPE, AMERICA)
USER_POOLS = (SHOP, PARTNERS, SERVICES, STAGING, LEGACY, STAFF)
IDENTITY_POOLS = (BROWSE, UPLOADS)

# The one thing that the demo's collector may not read.
DENIED_OPERATION = "cognito-idp:DescribeRiskConfiguration"
DENIED_USER_POOL = STAGING.name


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """The ids of what was made, by name; an app client's key is (user pool, app client)."""

    user_pools: dict[str, str] = field(default_factory=dict)
    clients: dict[tuple[str, str], str] = field(default_factory=dict)
    identity_pools: dict[str, str] = field(default_factory=dict)


def seed(url: str) -> Seeded:
    """Fill the empty account at `url`; the same ids and answers come of it every time.

    The counts of calls start anew afterwards, so that they show what a collector did.
    """
    controls = Controls(url)
    controls.set_account(ACCOUNT)
    seeded = Seeded()
    user_pools = {region: aws_client("cognito-idp", url, region) for region in REGIONS}
    for pool in USER_POOLS:
        _user_pool(user_pools[pool.region], controls, pool, seeded)
    identity_pools = {region: aws_client("cognito-identity", url, region) for region in REGIONS}
    for identity_pool in IDENTITY_POOLS:
        _identity_pool(identity_pools[identity_pool.region], identity_pool, seeded)
    _roles(aws_client("iam", url, AMERICA), seeded)
    controls.add_fault(
        operation=DENIED_OPERATION, resource=seeded.user_pools[DENIED_USER_POOL], kind="denied"
    )
    controls.reset_calls()
    return seeded


def _user_pool(idp: Any, controls: Controls, spec: PoolSpec, seeded: Seeded) -> None:
    pool_id = idp.create_user_pool(PoolName=spec.name, **spec.settings)["UserPool"]["Id"]
    seeded.user_pools[spec.name] = pool_id
    if spec.mfa:
        idp.set_user_pool_mfa_config(UserPoolId=pool_id, **spec.mfa)
    if spec.domain:
        idp.create_user_pool_domain(UserPoolId=pool_id, **spec.domain)
    for provider in spec.identity_providers:
        idp.create_identity_provider(UserPoolId=pool_id, **provider)
    for server in spec.resource_servers:
        idp.create_resource_server(UserPoolId=pool_id, **server)
    for group in spec.groups:
        idp.create_group(UserPoolId=pool_id, **group)
    dates = {}
    for client in spec.clients:
        made = idp.create_user_pool_client(UserPoolId=pool_id, ClientName=client.name, **client.settings)
        client_id = made["UserPoolClient"]["ClientId"]
        seeded.clients[spec.name, client.name] = client_id
        dates[client_id] = {"created": client.created, "modified": client.modified}
    for client_name, risk in spec.risk:
        of_client = {"ClientId": seeded.clients[spec.name, client_name]} if client_name else {}
        idp.set_risk_configuration(UserPoolId=pool_id, **of_client, **risk)
    controls.set_facts(
        user_pool=pool_id,
        estimated_users=spec.users,
        created=spec.created,
        modified=spec.modified,
        old_shape=spec.is_old_shape,
        clients=dates,
    )


def _identity_pool(identity: Any, spec: IdentityPoolSpec, seeded: Seeded) -> None:
    providers = []
    mappings = {}
    for provider in spec.providers:
        user_pool_id = seeded.user_pools[provider.user_pool]
        client_id = seeded.clients[provider.user_pool, provider.client]
        name = f"cognito-idp.{spec.region}.amazonaws.com/{user_pool_id}"
        check = provider.checks_token
        providers.append({"ProviderName": name, "ClientId": client_id, "ServerSideTokenCheck": check})
        if provider.mapping:
            mappings[f"{name}:{client_id}"] = provider.mapping
    made = identity.create_identity_pool(**spec.settings, CognitoIdentityProviders=providers)
    pool_id = made["IdentityPoolId"]
    seeded.identity_pools[made["IdentityPoolName"]] = pool_id
    identity.set_identity_pool_roles(IdentityPoolId=pool_id, Roles=spec.roles, RoleMappings=mappings)


def _roles(iam: Any, seeded: Seeded) -> None:
    for name, identity_pool, is_guest, rights in ROLES:
        pool_id = seeded.identity_pools[identity_pool.settings["IdentityPoolName"]]
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=_trust(pool_id, is_guest=is_guest))
        statements = [
            {"Effect": "Allow", "Action": actions, "Resource": resource}
            for resource, actions in rights.items()
        ]
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=policy)


def _trust(identity_pool_id: str, *, is_guest: bool) -> str:
    amr = "unauthenticated" if is_guest else "authenticated"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": identity_pool_id},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
