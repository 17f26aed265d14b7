import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo import company, server
from demo.clients import Controls, aws_client
from demo.company_data import legacy, partners, shop, staff, staging, stories
from demo.company_data.specs import ACCOUNT, AMERICA, EUROPE, FRANKFURT, TRIALS
from demo.emulator.import_jobs import CANARY


class Company:
    """The seeded company, asked as the owner of one account."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seeded = company.seed(url)

    def ask(self, service: str, region: str = EUROPE, account: str = ACCOUNT) -> Any:
        Controls(self.url).set_account(account)
        return aws_client(service, self.url, region)

    def pool(self, name: str) -> dict[str, str]:
        return {"UserPoolId": self.seeded.user_pools[name]}

    def arn(self, name: str, region: str = EUROPE) -> str:
        return f"arn:aws:cognito-idp:{region}:{ACCOUNT}:userpool/{self.seeded.user_pools[name]}"

    def described(self, name: str, region: str = EUROPE, account: str = ACCOUNT) -> dict[str, Any]:
        answer = self.ask("cognito-idp", region, account).describe_user_pool(**self.pool(name))
        found: dict[str, Any] = answer["UserPool"]
        return found


@pytest.fixture(scope="module")
def tarnfell() -> Iterator[Company]:
    with server.start() as running:
        yield Company(running.url)


def test_the_second_account_opens_to_its_role_with_its_external_id_alone(tarnfell: Company) -> None:
    production, trials = company.ACCOUNTS
    assert (production.id, production.role_arn) == (ACCOUNT, None)
    sts = tarnfell.ask("sts")
    asked = {"RoleArn": trials.role_arn, "RoleSessionName": "poolwatch"}
    for more in ({}, {"ExternalId": "another"}):
        with pytest.raises(
            ClientError, match=r"AccessDenied.*sts:AssumeRole on resource: .*poolwatch-reader"
        ):
            sts.assume_role(**asked, **more)
    given = sts.assume_role(**asked, ExternalId=trials.external_id)
    assert given["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{TRIALS}:assumed-role/poolwatch-reader/poolwatch"
    with pytest.raises(ClientError, match="AccessDenied"):
        sts.assume_role(**{**asked, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/poolwatch-reader"})


@pytest.mark.parametrize(
    ("pool", "region", "domain", "days", "policy"),
    [
        (shop.NAME, EUROPE, shop.DOMAIN, 21, "TLS_V1_2_2021"),
        (staff.NAME, AMERICA, staff.DOMAIN, 190, "TLS_V1"),
    ],
)
def test_certificates_of_domains_end_when_they_should(
    tarnfell: Company, pool: str, region: str, domain: str, days: int, policy: str
) -> None:
    assert tarnfell.described(pool, region)["CustomDomain"] == domain
    answer = tarnfell.ask("cognito-idp", region).describe_user_pool_domain(Domain=domain)
    custom = answer["DomainDescription"]["CustomDomainConfig"]
    assert custom["SecurityPolicy"] == policy
    found = tarnfell.ask("acm", AMERICA).describe_certificate(CertificateArn=custom["CertificateArn"])
    assert found["Certificate"]["DomainName"] == domain
    assert (found["Certificate"]["NotAfter"] - datetime.now(UTC)).days == days


def functions_of(described: dict[str, Any]) -> set[str]:
    values = described["LambdaConfig"].values()
    plain = {each["LambdaArn"] if isinstance(each, dict) else each for each in values}
    return {arn for arn in plain if arn.startswith("arn:aws:lambda:")}


def test_one_function_is_gone_and_one_runs_on_a_retired_runtime(tarnfell: Company) -> None:
    runtimes, missing = {}, set()
    for spec in company.USER_POOLS:
        wanted = functions_of(tarnfell.described(spec.name, spec.region, spec.account))
        functions = tarnfell.ask("lambda", spec.region, spec.account)
        for arn in wanted:
            try:
                found = functions.get_function_configuration(FunctionName=arn)
            except functions.exceptions.ResourceNotFoundException:
                missing.add(arn.rpartition(":")[2])
            else:
                runtimes[found["FunctionName"]] = found["Runtime"]
    assert missing == {"staff-auth-verify-challenge"}
    assert {name for name, runtime in runtimes.items() if runtime == "nodejs16.x"} == {
        "staging-shop-auth-claims"
    }
    assert len(runtimes) == 9


def test_one_function_may_be_called_by_every_user_pool(tarnfell: Company) -> None:
    functions = tarnfell.ask("lambda")
    statements = {
        name: json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"][0]
        for name in ("shop-auth-pre-sign-up", "shop-auth-welcome", "shop-auth-claims")
    }
    assert "Condition" not in statements["shop-auth-welcome"]
    assert tarnfell.arn(shop.NAME) in json.dumps(statements["shop-auth-claims"]["Condition"])


def test_web_acls_stand_where_they_should(tarnfell: Company) -> None:
    waf = tarnfell.ask("wafv2")
    edge = waf.get_web_acl_for_resource(ResourceArn=tarnfell.arn(shop.NAME))["WebACL"]
    assert [rule.get("Action") for rule in edge["Rules"]] == [{"Block": {}}, None]
    assert waf.get_logging_configuration(ResourceArn=edge["ARN"])["LoggingConfiguration"]
    counting = waf.get_web_acl_for_resource(ResourceArn=tarnfell.arn(partners.NAME))["WebACL"]
    assert all({"Count": {}} in rule.values() for rule in counting["Rules"])
    with pytest.raises(waf.exceptions.WAFNonexistentItemException):
        waf.get_logging_configuration(ResourceArn=counting["ARN"])
    replicas = tarnfell.ask("cognito-idp").list_user_pool_replicas(**tarnfell.pool(shop.NAME))
    assert [each["RegionName"] for each in replicas["UserPoolReplicas"]] == [EUROPE, AMERICA]
    fronts = {
        region: "WebACL"
        in tarnfell.ask("wafv2", region).get_web_acl_for_resource(ResourceArn=tarnfell.arn(shop.NAME, region))
        for region in (AMERICA, FRANKFURT)
    }
    assert fronts == {AMERICA: True, FRANKFURT: False}


def test_messages_leave_production_and_stay_in_the_sandbox_of_staging(tarnfell: Company) -> None:
    accounts = {each: tarnfell.ask("sesv2", account=each).get_account() for each in (ACCOUNT, TRIALS)}
    assert {each: found["ProductionAccessEnabled"] for each, found in accounts.items()} == {
        ACCOUNT: True,
        TRIALS: False,
    }
    ours = tarnfell.ask("sesv2").get_email_identity(EmailIdentity="tarnfell.example")
    assert (ours["VerifiedForSendingStatus"], ours["VerificationStatus"]) == (True, "SUCCESS")
    theirs = tarnfell.ask("sesv2", account=TRIALS).get_email_identity(
        EmailIdentity="stories@tarnfell.example"
    )
    assert theirs["VerifiedForSendingStatus"] is False
    sandboxes = {
        (account, region): tarnfell.ask("sns", region, account).get_sms_sandbox_account_status()[
            "IsInSandbox"
        ]
        for account, region in ((ACCOUNT, AMERICA), (TRIALS, EUROPE))
    }
    assert sandboxes == {(ACCOUNT, AMERICA): False, (TRIALS, EUROPE): True}
    limits = tarnfell.ask("pinpoint-sms-voice-v2").describe_spend_limits()["SpendLimits"]
    assert (limits[0]["EnforcedLimit"], limits[0]["MaxLimit"]) == (1_500, 5_000)


def test_keys_and_logs_are_as_described(tarnfell: Company) -> None:
    for name, region, account, member, state in (
        (partners.NAME, EUROPE, ACCOUNT, "KeyConfiguration", "Enabled"),
        (staging.NAME, EUROPE, TRIALS, "LambdaConfig", "Disabled"),
    ):
        settings = tarnfell.described(name, region, account)[member]
        arn = settings.get("KmsKeyArn") or settings["KMSKeyID"]
        key = tarnfell.ask("kms", region, account).describe_key(KeyId=arn)
        assert key["KeyMetadata"]["KeyState"] == state
    delivery = tarnfell.ask("cognito-idp").get_log_delivery_configuration(**tarnfell.pool(partners.NAME))
    logged = delivery["LogDeliveryConfiguration"]["LogConfigurations"]
    (arn,) = {each["CloudWatchLogsConfiguration"]["LogGroupArn"] for each in logged}
    groups = tarnfell.ask("logs").describe_log_groups(logGroupNamePrefix=arn.rpartition(":")[2])
    assert [each["retentionInDays"] for each in groups["logGroups"]] == [14]


def test_only_staging_records_the_credentials_of_identity_pools(tarnfell: Company) -> None:
    recorded = {}
    for account in (ACCOUNT, TRIALS):
        # From another region than the trail's home.
        trails = tarnfell.ask("cloudtrail", AMERICA, account)
        (trail,) = trails.describe_trails()["trailList"]
        assert trails.get_trail_status(Name=trail["TrailARN"])["IsLogging"] is True
        selectors = trails.get_event_selectors(TrailName=trail["TrailARN"])["AdvancedEventSelectors"]
        recorded[account] = "AWS::Cognito::IdentityPool" in json.dumps(selectors)
    assert recorded == {ACCOUNT: False, TRIALS: True}


def test_only_production_is_told_of_throttled_sign_ins(tarnfell: Company) -> None:
    alarms = {
        account: [
            each["MetricName"]
            for each in tarnfell.ask("cloudwatch", account=account).describe_alarms()["MetricAlarms"]
        ]
        for account in (ACCOUNT, TRIALS)
    }
    assert alarms == {ACCOUNT: ["SignInThrottles", "SignUpThrottles", "SignInThrottles"], TRIALS: []}


def test_a_secret_and_a_job_were_left_behind(tarnfell: Company) -> None:
    client_id = tarnfell.seeded.clients[partners.NAME, "partner-order-import"]
    found = tarnfell.ask("cognito-idp").list_user_pool_client_secrets(
        **tarnfell.pool(partners.NAME), ClientId=client_id
    )
    assert [each["ClientSecretCreateDate"].year for each in found["ClientSecrets"]] == [2024, 2026]
    (job,) = tarnfell.ask("cognito-idp", AMERICA).list_user_import_jobs(
        **tarnfell.pool(legacy.NAME), MaxResults=60
    )["UserImportJobs"]
    assert (job["Status"], job["CreationDate"].year) == ("Created", 2018)
    assert CANARY in job["PreSignedUrl"]


def test_a_sign_up_leads_to_every_right(tarnfell: Company) -> None:
    pool = tarnfell.described(stories.NAME, account=TRIALS)
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False
    identity = tarnfell.ask("cognito-identity", account=TRIALS)
    pool_id = {"IdentityPoolId": tarnfell.seeded.identity_pools["trail_stories"]}
    (provider,) = identity.describe_identity_pool(**pool_id)["CognitoIdentityProviders"]
    assert provider["ProviderName"].endswith(pool["Id"])
    role = identity.get_identity_pool_roles(**pool_id)["Roles"]["authenticated"].rpartition("/")[2]
    iam = tarnfell.ask("iam", AMERICA, TRIALS)
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    statements = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
    assert any("iam:PassRole" in each["Action"] and each["Resource"] == "*" for each in statements)
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"][0]
    audience = trust["Condition"]["StringEquals"]["cognito-identity.amazonaws.com:aud"]
    assert audience == pool_id["IdentityPoolId"]


def test_apis_trust_the_pools(tarnfell: Company) -> None:
    rest = tarnfell.ask("apigateway")
    (api,) = rest.get_rest_apis()["items"]
    (authorizer,) = rest.get_authorizers(restApiId=api["id"])["items"]
    assert authorizer["providerARNs"] == [tarnfell.arn(shop.NAME)]
    guarded = {
        f"{verb} {each['path']}": (method["authorizerId"], method.get("authorizationScopes"))
        for each in rest.get_resources(restApiId=api["id"], embed=["methods"])["items"]
        for verb, method in each.get("resourceMethods", {}).items()
    }
    assert guarded == {
        "GET /orders": (authorizer["id"], []),
        "POST /orders": (authorizer["id"], []),
        "PUT /address": (authorizer["id"], ["aws.cognito.signin.user.admin"]),
    }
    http = tarnfell.ask("apigatewayv2")
    issuers = {
        authorizer["JwtConfiguration"]["Issuer"].rpartition("/")[2]
        for api in http.get_apis()["Items"]
        for authorizer in http.get_authorizers(ApiId=api["ApiId"])["Items"]
    }
    assert issuers == {tarnfell.seeded.user_pools[name] for name in (partners.NAME, "tarnfell-services")}
    scopes = {
        (api["Name"], route["RouteKey"]): route["AuthorizationScopes"]
        for api in http.get_apis()["Items"]
        for route in http.get_routes(ApiId=api["ApiId"])["Items"]
    }
    assert scopes == {
        ("partner-orders", "GET /orders"): [],
        ("warehouse", "GET /stock"): ["https://api.tarnfell.example/stock.read"],
    }
