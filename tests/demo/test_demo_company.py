import json
import re
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography import x509

from demo import company, server
from demo.child import spawn
from demo.clients import Controls, aws_client
from demo.company_data import club, legacy, partners, services, shop, staff, staging, stories

Answers = dict[str, dict[str, Any]]


def answers_of(url: str) -> Answers:
    """Every answer that a collector could get, by user pool and identity pool; gaps as error codes."""
    found: Answers = {}
    controls = Controls(url)
    for account, region in product(company.ACCOUNTS, company.REGIONS):
        controls.set_account(account.id)
        idp = aws_client("cognito-idp", url, region)
        for pool in idp.list_user_pools(MaxResults=60)["UserPools"]:
            found[pool["Name"]] = user_pool_answers(idp, pool["Id"], region)
        identity = aws_client("cognito-identity", url, region)
        for listed in identity.list_identity_pools(MaxResults=60)["IdentityPools"]:
            pool_id = {"IdentityPoolId": listed["IdentityPoolId"]}
            found[listed["IdentityPoolName"]] = {
                "pool": plain(identity.describe_identity_pool(**pool_id)),
                "roles": plain(identity.get_identity_pool_roles(**pool_id)),
                "tags": [
                    plain(
                        identity.get_principal_tag_attribute_map(
                            **pool_id, IdentityProviderName=provider["ProviderName"]
                        )["PrincipalTags"]
                    )
                    for provider in identity.describe_identity_pool(**pool_id)["CognitoIdentityProviders"]
                ],
            }
        idp.close()
        identity.close()
    controls.set_account(company.ACCOUNTS[0].id)
    return found


def user_pool_answers(idp: Any, pool_id: str, region: str) -> dict[str, Any]:
    of_pool = {"UserPoolId": pool_id}
    pool = plain(idp.describe_user_pool(**of_pool)["UserPool"])
    listed = idp.list_user_pool_clients(**of_pool, MaxResults=60)["UserPoolClients"]
    clients = [
        plain(idp.describe_user_pool_client(**of_pool, ClientId=client["ClientId"])["UserPoolClient"])
        for client in listed
    ]
    providers = [
        plain(
            idp.describe_identity_provider(**of_pool, ProviderName=name["ProviderName"])["IdentityProvider"]
        )
        for name in idp.list_identity_providers(**of_pool, MaxResults=60)["Providers"]
    ]
    domains = [pool[name] for name in ("Domain", "CustomDomain") if name in pool]
    return {
        "region": region,
        "pool": pool,
        "mfa": plain(idp.get_user_pool_mfa_config(**of_pool)),
        "risk": risk_of(idp, pool_id),
        "clients": {client["ClientName"]: client for client in clients},
        "providers": providers,
        "groups": plain(idp.list_groups(**of_pool))["Groups"],
        "servers": plain(idp.list_resource_servers(**of_pool, MaxResults=50))["ResourceServers"],
        "domains": [
            plain(idp.describe_user_pool_domain(Domain=name)["DomainDescription"]) for name in domains
        ],
    }


def risk_of(idp: Any, pool_id: str) -> Any:
    try:
        return plain(idp.describe_risk_configuration(UserPoolId=pool_id)["RiskConfiguration"])
    except ClientError as error:
        return error.response["Error"]["Code"]


def plain(answer: dict[str, Any]) -> Any:
    return json.loads(json.dumps({k: v for k, v in answer.items() if k != "ResponseMetadata"}, default=str))


def roles_of(url: str) -> set[str]:
    """The ARNs of the roles of all accounts."""
    found = set()
    iam = aws_client("iam", url, "us-east-1")
    for account in reversed(company.ACCOUNTS):
        Controls(url).set_account(account.id)
        found |= {role["Arn"] for role in iam.list_roles()["Roles"]}
    iam.close()
    return found


@pytest.fixture(scope="module")
def account() -> Iterator[server.ThreadServer]:
    with server.start() as running:
        company.seed(running.url)
        yield running


@pytest.fixture(scope="module")
def answers(account: server.ThreadServer) -> Answers:
    return answers_of(account.url)


def test_the_seed_gives_the_same_answers_every_time_and_counts_no_call(account: server.ThreadServer) -> None:
    with spawn(seed="company") as fresh:
        assert Controls(fresh.url).calls()["calls"] == {}
        # Another process, with another hash seed, answers the same.
        assert answers_of(fresh.url) == answers_of(account.url)
    assert fresh.process.returncode == 0


def test_the_company_has_what_its_specification_says(answers: Answers) -> None:
    names = {spec.name for spec in company.USER_POOLS}
    names |= {spec.settings["IdentityPoolName"] for spec in company.IDENTITY_POOLS}
    assert set(answers) == names
    clients = {spec.name: set(answers[spec.name]["clients"]) for spec in company.USER_POOLS}
    assert clients == {spec.name: {client.name for client in spec.clients} for spec in company.USER_POOLS}
    assert sum(map(len, clients.values())) == 29


def test_there_is_exactly_one_gap(answers: Answers) -> None:
    risks = {spec.name: answers[spec.name]["risk"] for spec in company.USER_POOLS}
    denied = {name for name, risk in risks.items() if risk == "AccessDeniedException"}
    assert denied == {staging.NAME}
    # The user pools without threat protection answer so, which is no gap.
    off = {name for name, risk in risks.items() if risk == "UserPoolAddOnNotEnabledException"}
    assert off == {shop.NAME, services.NAME, legacy.NAME, stories.NAME}
    assert set(risks) - denied - off == {club.NAME, partners.NAME, staff.NAME}


@pytest.mark.parametrize("spec", company.USER_POOLS, ids=lambda spec: spec.name)
def test_arns_dates_and_users_agree(answers: Answers, spec: Any) -> None:
    found = answers[spec.name]
    pool = found["pool"]
    assert pool["EstimatedNumberOfUsers"] == spec.users
    assert pool["CreationDate"] <= pool["LastModifiedDate"]
    assert pool["MfaConfiguration"] == found["mfa"]["MfaConfiguration"]
    for client in found["clients"].values():
        assert pool["CreationDate"] <= client["CreationDate"] <= client["LastModifiedDate"]
    # A certificate for a custom domain always stands in us-east-1, whatever the user pool's region.
    arns = set(re.findall(r"arn:aws:[^\"\s\\]+", json.dumps(found)))
    assert arns
    for arn in arns:
        _, _, service, region, account_id, *_ = arn.split(":")
        assert account_id == spec.account, arn
        assert region == {"iam": "", "acm": "us-east-1"}.get(service, found["region"]), arn


def test_every_scope_and_provider_that_a_client_names_exists(answers: Answers) -> None:
    standard = {"openid", "email", "profile", "phone", "aws.cognito.signin.user.admin"}
    for spec in company.USER_POOLS:
        found = answers[spec.name]
        custom = {f"{s['Identifier']}/{c['ScopeName']}" for s in found["servers"] for c in s["Scopes"]}
        names = {"COGNITO"} | {provider["ProviderName"] for provider in found["providers"]}
        attributes = {attribute["Name"] for attribute in found["pool"]["SchemaAttributes"]}
        for client in found["clients"].values():
            assert set(client.get("AllowedOAuthScopes", [])) <= standard | custom
            assert set(client.get("SupportedIdentityProviders", [])) <= names
            assert set(client.get("ReadAttributes", [])) <= attributes
            assert set(client.get("WriteAttributes", [])) <= attributes


def test_what_needs_a_plan_stands_on_that_plan(answers: Answers) -> None:
    for spec in company.USER_POOLS:
        pool, mfa = answers[spec.name]["pool"], answers[spec.name]["mfa"]
        if pool.get("UserPoolAddOns", {}).get("AdvancedSecurityMode", "OFF") != "OFF":
            assert pool["UserPoolTier"] == "PLUS"
        if "WebAuthnConfiguration" in mfa or "PasswordHistorySize" in pool["Policies"]["PasswordPolicy"]:
            assert pool["UserPoolTier"] in {"ESSENTIALS", "PLUS"}


def test_the_legacy_user_pool_has_nearly_everything_wrong(answers: Answers) -> None:
    found = answers[legacy.NAME]
    assert not {"UserPoolTier", "DeletionProtection", "AccountRecoverySetting"} & set(found["pool"])
    assert found["pool"]["Policies"]["PasswordPolicy"]["MinimumLength"] == 6
    phone = found["clients"]["ios-app-v1"]
    assert "ClientSecret" in phone
    assert "implicit" in phone["AllowedOAuthFlows"]
    assert phone["EnableTokenRevocation"] is False


def test_staging_drifted_from_the_shop(answers: Answers) -> None:
    here, there = answers[staging.NAME]["pool"], answers[shop.NAME]["pool"]
    drifted = {name for name in there if here.get(name) != there[name]}
    assert {"DeletionProtection", "MfaConfiguration", "Policies", "UserPoolTier"} <= drifted
    assert "UserAttributeUpdateSettings" not in drifted


def test_machines_have_a_user_pool_without_users(answers: Answers) -> None:
    found = answers[services.NAME]
    assert found["pool"]["EstimatedNumberOfUsers"] == 0
    assert found["pool"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    for client in found["clients"].values():
        assert client["AllowedOAuthFlows"] == ["client_credentials"]
        assert "ClientSecret" in client


def test_the_staff_have_sms_alone_and_unprotected_custom_sign_in(answers: Answers) -> None:
    found = answers[staff.NAME]
    assert set(found["mfa"]) == {"MfaConfiguration", "SmsMfaConfiguration"}
    assert found["pool"]["UserPoolAddOns"] == {"AdvancedSecurityMode": "AUDIT"}
    triggers = set(found["pool"]["LambdaConfig"])
    assert triggers == {"DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"}


def test_the_saml_metadata_is_well_formed(answers: Answers) -> None:
    (provider,) = (each for each in answers[partners.NAME]["providers"] if each["ProviderType"] == "SAML")
    root = ET.fromstring(provider["ProviderDetails"]["MetadataFile"])  # noqa: S314 - our own text
    names = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}
    certificate = root.find(".//ds:X509Certificate", names)
    assert certificate is not None
    signing = x509.load_der_x509_certificate(b64decode(str(certificate.text), validate=True))
    assert (signing.not_valid_after_utc - datetime.now(UTC)).days == 12
    sign_on = root.find(".//md:SingleSignOnService", names)
    assert sign_on is not None
    assert sign_on.get("Location") == provider["ProviderDetails"]["SSORedirectBindingURI"]


def test_identity_pools_trust_clients_and_roles_that_exist(
    account: server.ThreadServer, answers: Answers
) -> None:
    clients = {
        (found["pool"]["Id"], client["ClientId"])
        for found in answers.values()
        for client in found.get("clients", {}).values()
    }
    roles = roles_of(account.url)
    for spec in company.IDENTITY_POOLS:
        found = answers[spec.settings["IdentityPoolName"]]
        trusted = {
            (provider["ProviderName"].rpartition("/")[2], provider["ClientId"])
            for provider in found["pool"]["CognitoIdentityProviders"]
        }
        assert trusted
        assert trusted <= clients
        assert set(re.findall(r"arn:aws:iam[^\"]+", json.dumps(found["roles"]))) <= roles


def test_one_identity_pool_is_open_and_one_is_sound(answers: Answers) -> None:
    browse, uploads = answers["tarnfell_shop_browse"], answers["tarnfell_partner_uploads"]
    assert browse["pool"]["AllowUnauthenticatedIdentities"] is True
    assert browse["pool"]["AllowClassicFlow"] is True
    assert set(browse["roles"]["Roles"]) == {"authenticated", "unauthenticated"}
    assert uploads["pool"]["AllowUnauthenticatedIdentities"] is False
    assert {m["Type"] for m in uploads["roles"]["RoleMappings"].values()} == {"Rules", "Token"}
    assert {m["AmbiguousRoleResolution"] for m in uploads["roles"]["RoleMappings"].values()} == {"Deny"}
