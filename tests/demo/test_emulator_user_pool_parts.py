from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.clients import Controls, aws_client
from demo.emulator.import_jobs import CANARY
from demo.server import ThreadServer


@pytest.fixture
def client_id(idp: Any, user_pool_id: str) -> str:
    made = idp.create_user_pool_client(UserPoolId=user_pool_id, ClientName="server", GenerateSecret=True)
    found: str = made["UserPoolClient"]["ClientId"]
    return found


def code_of(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    return str(raised.value.response["Error"]["Code"])


def test_a_client_has_its_secret_and_at_most_one_more(idp: Any, user_pool_id: str, client_id: str) -> None:
    named = {"UserPoolId": user_pool_id, "ClientId": client_id}
    (first,) = idp.list_user_pool_client_secrets(**named)["ClientSecrets"]
    created = idp.describe_user_pool_client(**named)["UserPoolClient"]["CreationDate"]
    assert abs((first["ClientSecretCreateDate"] - created).total_seconds()) < 1
    added = idp.add_user_pool_client_secret(**named)["ClientSecretDescriptor"]
    assert added["ClientSecretValue"]
    both = idp.list_user_pool_client_secrets(**named)["ClientSecrets"]
    assert [each["ClientSecretId"] for each in both] == [first["ClientSecretId"], added["ClientSecretId"]]
    assert "ClientSecretValue" not in both[1]
    assert code_of(idp.add_user_pool_client_secret, **named) == "LimitExceededException"
    idp.delete_user_pool_client_secret(**named, ClientSecretId=first["ClientSecretId"])
    assert len(idp.list_user_pool_client_secrets(**named)["ClientSecrets"]) == 1
    last = {**named, "ClientSecretId": added["ClientSecretId"]}
    assert code_of(idp.delete_user_pool_client_secret, **last) == "InvalidParameterException"


def test_a_public_client_has_no_secret(idp: Any, user_pool_id: str) -> None:
    made = idp.create_user_pool_client(UserPoolId=user_pool_id, ClientName="phone")["UserPoolClient"]
    found = idp.list_user_pool_client_secrets(UserPoolId=user_pool_id, ClientId=made["ClientId"])
    assert found["ClientSecrets"] == []


def test_sessions_have_defaults_and_can_be_set(idp: Any, user_pool_id: str, client_id: str) -> None:
    found = idp.get_user_pool_session_configuration(UserPoolId=user_pool_id)
    assert found["UserSessionTracking"] == "DISABLED"
    idp.set_user_pool_session_configuration(
        UserPoolId=user_pool_id, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 3}
    )
    found = idp.get_user_pool_session_configuration(UserPoolId=user_pool_id)
    assert (found["UserSessionTracking"], found["TokenSession"]) == ("ENABLED", {"MaxPerUser": 3})
    named = {"UserPoolId": user_pool_id, "ClientId": client_id}
    assert idp.get_user_pool_client_session_configuration(**named)["SSOSession"] == {"MaxValidityMinutes": 60}
    idp.set_user_pool_client_session_configuration(**named, SSOSession={"MaxValidityMinutes": 0})
    assert idp.get_user_pool_client_session_configuration(**named)["SSOSession"] == {"MaxValidityMinutes": 0}


def test_replicas_come_in_pages_with_the_primary_first(idp: Any, user_pool_id: str) -> None:
    assert idp.list_user_pool_replicas(UserPoolId=user_pool_id)["UserPoolReplicas"] == []
    for region in ("eu-central-1", "us-east-1"):
        idp.create_user_pool_replica(UserPoolId=user_pool_id, RegionName=region)
    first = idp.list_user_pool_replicas(UserPoolId=user_pool_id)
    second = idp.list_user_pool_replicas(UserPoolId=user_pool_id, NextToken=first["NextToken"])
    assert "NextToken" not in second
    replicas = first["UserPoolReplicas"] + second["UserPoolReplicas"]
    assert [(each["RegionName"], each["Role"]) for each in replicas] == [
        ("eu-west-1", "PRIMARY"),
        ("eu-central-1", "SECONDARY"),
        ("us-east-1", "SECONDARY"),
    ]
    again = {"UserPoolId": user_pool_id, "RegionName": "us-east-1"}
    assert code_of(idp.create_user_pool_replica, **again) == "InvalidParameterException"
    wrong = {"UserPoolId": user_pool_id, "NextToken": "77"}
    assert code_of(idp.list_user_pool_replicas, **wrong) == "InvalidParameterException"


def test_lite_has_no_replicas_and_no_sessions(idp: Any) -> None:
    lite = idp.create_user_pool(PoolName="lite", UserPoolTier="LITE")["UserPool"]["Id"]
    for call in (idp.list_user_pool_replicas, idp.get_user_pool_session_configuration):
        assert code_of(call, UserPoolId=lite) == "FeatureUnavailableInTierException"


def test_log_delivery_is_kept_and_events_need_plus(idp: Any, user_pool_id: str) -> None:
    found = idp.get_log_delivery_configuration(UserPoolId=user_pool_id)["LogDeliveryConfiguration"]
    assert found == {"UserPoolId": user_pool_id, "LogConfigurations": []}
    errors = {
        "LogLevel": "ERROR",
        "EventSource": "userNotification",
        "S3Configuration": {"BucketArn": "arn:aws:s3:::logs"},
    }
    idp.set_log_delivery_configuration(UserPoolId=user_pool_id, LogConfigurations=[errors])
    found = idp.get_log_delivery_configuration(UserPoolId=user_pool_id)["LogDeliveryConfiguration"]
    assert found["LogConfigurations"] == [errors]
    events = {**errors, "LogLevel": "INFO", "EventSource": "userAuthEvents"}
    refused = {"UserPoolId": user_pool_id, "LogConfigurations": [events]}
    assert code_of(idp.set_log_delivery_configuration, **refused) == "FeatureUnavailableInTierException"


def test_import_jobs_come_in_pages_with_an_address(idp: Any, user_pool_id: str) -> None:
    for name in ("a", "b"):
        idp.create_user_import_job(
            UserPoolId=user_pool_id,
            JobName=name,
            CloudWatchLogsRoleArn="arn:aws:iam::123456789012:role/import",
        )
    first = idp.list_user_import_jobs(UserPoolId=user_pool_id, MaxResults=1)
    second = idp.list_user_import_jobs(
        UserPoolId=user_pool_id, MaxResults=1, PaginationToken=first["PaginationToken"]
    )
    assert [each["UserImportJobs"][0]["JobName"] for each in (first, second)] == ["b", "a"]
    assert CANARY in first["UserImportJobs"][0]["PreSignedUrl"]
    assert "PaginationToken" not in second


def test_limits_are_per_region_and_shown_by_service_quotas(
    account: ThreadServer, idp: Any, controls: Controls
) -> None:
    definition = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserAuthentication"}}
    idp.update_provisioned_limit(LimitDefinition=definition, RequestedLimitValue=200)
    found = idp.get_provisioned_limit(LimitDefinition=definition)["Limit"]
    assert (found["ProvisionedLimitValue"], found["FreeLimitValue"]) == (200, 120)
    values = {}
    for region in ("eu-west-1", "us-east-1"):
        quotas = aws_client("service-quotas", account.url, region)
        pages = quotas.get_paginator("list_service_quotas").paginate(
            ServiceCode="cognito-idp", PaginationConfig={"PageSize": 5}
        )
        listed = [quota for page in pages for quota in page["Quotas"]]
        assert len(listed) == 17
        values[region] = listed[0]["Value"]
    assert values == {"eu-west-1": 200.0, "us-east-1": 120.0}
    unknown = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "Nothing"}}
    assert code_of(idp.get_provisioned_limit, LimitDefinition=unknown) == "InvalidParameterException"


def test_a_client_without_own_risk_settings_answers_the_user_pools(idp: Any) -> None:
    enforced = {"AdvancedSecurityMode": "ENFORCED"}
    made = idp.create_user_pool(PoolName="plus", UserPoolTier="PLUS", UserPoolAddOns=enforced)
    pool = {"UserPoolId": made["UserPool"]["Id"]}
    clients = [
        idp.create_user_pool_client(**pool, ClientName=name)["UserPoolClient"]["ClientId"] for name in "ab"
    ]
    block = {"Actions": {"EventAction": "BLOCK"}}
    nothing = {"Actions": {"EventAction": "NO_ACTION"}}
    idp.set_risk_configuration(**pool, CompromisedCredentialsRiskConfiguration=block)
    idp.set_risk_configuration(**pool, ClientId=clients[1], CompromisedCredentialsRiskConfiguration=nothing)
    found = [
        idp.describe_risk_configuration(**pool, ClientId=client)["RiskConfiguration"] for client in clients
    ]
    assert [each.get("ClientId") for each in found] == [None, clients[1]]
    assert found[0]["CompromisedCredentialsRiskConfiguration"] == block


def test_a_domain_keeps_its_tls_policy_and_routing_and_an_unknown_one_is_empty(
    idp: Any, user_pool_id: str
) -> None:
    custom = {
        "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/a",
        "SecurityPolicy": "TLS_V1",
    }
    routing = {"Failover": {"SecondaryRegion": "us-east-1", "PrimaryRoute53HealthCheckId": "h"}}
    idp.create_user_pool_domain(
        UserPoolId=user_pool_id, Domain="auth.example.org", CustomDomainConfig=custom, Routing=routing
    )
    found = idp.describe_user_pool_domain(Domain="auth.example.org")["DomainDescription"]
    assert (found["CustomDomainConfig"], found["Routing"]) == (custom, routing)
    assert idp.describe_user_pool_domain(Domain="nobodys")["DomainDescription"] == {}


def test_principal_tags_belong_to_a_provider(identity: Any) -> None:
    made = identity.create_identity_pool(IdentityPoolName="a", AllowUnauthenticatedIdentities=False)
    named = {"IdentityPoolId": made["IdentityPoolId"], "IdentityProviderName": "graph.facebook.com"}
    assert identity.get_principal_tag_attribute_map(**named)["PrincipalTags"] == {}
    identity.set_principal_tag_attribute_map(**named, PrincipalTags={"team": "custom:team"})
    found = identity.get_principal_tag_attribute_map(**named)
    assert (found["UseDefaults"], found["PrincipalTags"]) == (False, {"team": "custom:team"})
    other = {**named, "IdentityProviderName": "accounts.google.com"}
    assert identity.get_principal_tag_attribute_map(**other)["PrincipalTags"] == {}


def test_reset_forgets_all_of_it(idp: Any, controls: Controls) -> None:
    definition = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserAuthentication"}}
    idp.update_provisioned_limit(LimitDefinition=definition, RequestedLimitValue=200)
    controls.reset()
    assert idp.get_provisioned_limit(LimitDefinition=definition)["Limit"]["ProvisionedLimitValue"] == 120
