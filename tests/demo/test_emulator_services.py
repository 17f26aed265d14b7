import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, PaginationError

from demo.clients import Controls, aws_client
from demo.emulator import services
from demo.server import ThreadServer
from records.facet import FacetName

ACCOUNT = "123456789012"
POOL = f"arn:aws:cognito-idp:eu-west-1:{ACCOUNT}:userpool/eu-west-1_AAAAAAAAA"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/functions"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
Ask = Callable[..., Any]


@pytest.fixture
def ask(account: ThreadServer, controls: Controls) -> Ask:
    def client(service: str, region: str = "eu-west-1") -> Any:
        return aws_client(service, account.url, region)

    return client


def error_of(call: Any, **parameters: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_the_emulator_answers_every_service_of_every_facet() -> None:
    asked = {operation.partition(":")[0] for name in FacetName for operation in name.operations}
    assert all(services.is_known(service) for service in asked)


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "status", "action"),
    [
        ("sesv2", "get_account", {}, "AccessDeniedException", 403, "ses:GetAccount"),
        ("iam", "get_role", {"RoleName": "a"}, "AccessDenied", 403, "iam:GetRole"),
        ("sns", "get_sms_attributes", {}, "AuthorizationError", 403, "sns:GetSMSAttributes"),
        ("lambda", "get_policy", {"FunctionName": "f"}, "AccessDeniedException", 403, "lambda:GetPolicy"),
        ("apigateway", "get_rest_apis", {}, "AccessDeniedException", 403, "apigateway:GET"),
        ("apigatewayv2", "get_apis", {}, "AccessDeniedException", 403, "apigateway:GET"),
        ("cloudwatch", "describe_alarms", {}, "AccessDenied", 400, "cloudwatch:DescribeAlarms"),
        (
            "wafv2",
            "get_web_acl_for_resource",
            {"ResourceArn": POOL},
            "AccessDeniedException",
            400,
            "wafv2:GetWebACLForResource",
        ),
        (
            "pinpoint-sms-voice-v2",
            "describe_spend_limits",
            {},
            "AccessDeniedException",
            400,
            "sms-voice:DescribeSpendLimits",
        ),
        (
            "service-quotas",
            "list_service_quotas",
            {"ServiceCode": "cognito-idp"},
            "AccessDeniedException",
            400,
            "servicequotas:ListServiceQuotas",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_denial_by_iam_action_is_written_as_the_service_writes_it(
    ask: Ask,
    controls: Controls,
    service: str,
    operation: str,
    parameters: dict[str, str],
    code: str,
    status: int,
    action: str,
) -> None:
    controls.add_fault(operation=action, kind="denied")
    client = ask(service)
    with pytest.raises(ClientError, match=f"not authorized to perform: {action} on resource: ") as raised:
        getattr(client, operation)(**parameters)
    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_a_fault_hits_a_rest_api_by_call_and_resource(ask: Ask, controls: Controls) -> None:
    controls.add_fault(operation="lambda:GetFunctionConfiguration", kind="throttled", resource="guilty")
    functions = ask("lambda")
    asked = functions.get_function_configuration
    assert error_of(asked, FunctionName="guilty") == ("TooManyRequestsException", 429)
    assert error_of(asked, FunctionName="innocent") == ("ResourceNotFoundException", 404)
    assert controls.calls()["calls"] == {"lambda:GetFunctionConfiguration": 2}


def test_a_second_web_acl_takes_the_place_of_the_first(ask: Ask) -> None:
    waf = ask("wafv2")
    visibility = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    assert "WebACL" not in waf.get_web_acl_for_resource(ResourceArn=POOL)
    for name in ("first", "second"):
        made = waf.create_web_acl(
            Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visibility
        )
        waf.associate_web_acl(WebACLArn=made["Summary"]["ARN"], ResourceArn=POOL)
    assert waf.get_web_acl_for_resource(ResourceArn=POOL)["WebACL"]["Name"] == "second"
    assert error_of(waf.get_logging_configuration, ResourceArn=made["Summary"]["ARN"]) == (
        "WAFNonexistentItemException",
        400,
    )


def test_a_function_needs_no_container(ask: Ask) -> None:
    ask("iam").create_role(RoleName="functions", AssumeRolePolicyDocument=json.dumps(TRUST))
    functions = ask("lambda")
    functions.create_function(
        FunctionName="f", Runtime="nodejs16.x", Role=ROLE, Handler="a.b", Code={"ZipFile": b"PK"}
    )
    arn = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"
    assert functions.get_function_configuration(FunctionName=arn)["Runtime"] == "nodejs16.x"
    assert error_of(functions.get_policy, FunctionName=arn) == ("ResourceNotFoundException", 404)
    functions.add_permission(
        FunctionName="f",
        StatementId="cognito",
        Action="lambda:InvokeFunction",
        Principal="cognito-idp.amazonaws.com",
    )
    (statement,) = json.loads(functions.get_policy(FunctionName=arn)["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "cognito-idp.amazonaws.com"}


def test_mail_starts_in_the_sandbox_and_unverified(ask: Ask, controls: Controls) -> None:
    mail = ask("sesv2")
    assert mail.get_account()["ProductionAccessEnabled"] is False
    mail.create_email_identity(EmailIdentity="example.org")
    assert mail.get_email_identity(EmailIdentity="example.org")["DkimAttributes"]["Status"] == "PENDING"
    controls.set_account_facts(region="eu-west-1", verified_identities=["example.org"])
    mail.put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://example.org", ProductionAccessEnabled=True
    )
    mail.put_account_sending_attributes(SendingEnabled=False)
    mail.put_email_identity_mail_from_attributes(EmailIdentity="example.org", MailFromDomain="m.example.org")
    found = mail.get_email_identity(EmailIdentity="example.org")
    assert (found["VerifiedForSendingStatus"], found["VerificationStatus"]) == (True, "SUCCESS")
    assert found["DkimAttributes"]["Status"] == "SUCCESS"
    assert found["MailFromAttributes"]["MailFromDomainStatus"] == "SUCCESS"
    account = mail.get_account()
    assert (account["ProductionAccessEnabled"], account["SendingEnabled"]) == (True, False)
    assert ask("sesv2", "us-east-1").get_account()["ProductionAccessEnabled"] is False
    assert error_of(mail.get_email_identity, EmailIdentity="nobody.org") == ("NotFoundException", 404)


def test_account_facts_that_are_none_are_refused(controls: Controls) -> None:
    with pytest.raises(ValueError, match="Not a fact of an account: sms"):
        controls.set_account_facts(region="eu-west-1", sms=True)
    with pytest.raises(ValueError, match="KeyError"):
        controls.set_account_facts(region="eu-west-1", verified_identities=["nobody.org"])


def test_all_sms_settings_that_are_asked_for_are_answered(ask: Ask) -> None:
    sms = ask("sns")
    settings = {"DefaultSMSType": "Transactional", "MonthlySpendLimit": "200"}
    sms.set_sms_attributes(attributes={**settings, "DefaultSenderID": "shop"})
    assert sms.get_sms_attributes(attributes=[*settings])["attributes"] == settings
    assert sms.get_sms_attributes(attributes=["MonthlySpendLimit"])["attributes"] == {
        "MonthlySpendLimit": "200"
    }
    assert set(sms.get_sms_attributes()["attributes"]) == {*settings, "DefaultSenderID"}


def test_messages_start_in_the_sandbox(ask: Ask, controls: Controls) -> None:
    sms, messaging = ask("sns"), ask("pinpoint-sms-voice-v2")
    assert sms.get_sms_sandbox_account_status()["IsInSandbox"] is True
    tier = {"Name": "ACCOUNT_TIER", "Value": "SANDBOX"}
    assert messaging.describe_account_attributes()["AccountAttributes"] == [tier]
    controls.set_account_facts(region="eu-west-1", is_sms_in_production=True, messaging_limit_usd=500)
    assert sms.get_sms_sandbox_account_status()["IsInSandbox"] is False
    made = messaging.create_protect_configuration()
    messaging.set_account_default_protect_configuration(ProtectConfigurationId=made["ProtectConfigurationId"])
    (found,) = messaging.describe_protect_configurations()["ProtectConfigurations"]
    assert found["AccountDefault"] is True
    messaging.set_text_message_spend_limit_override(MonthlyLimit=100)
    pages = messaging.get_paginator("describe_spend_limits").paginate(PaginationConfig={"PageSize": 2})
    limits = [limit for page in pages for limit in page["SpendLimits"]]
    assert [(limit["EnforcedLimit"], limit["Overridden"]) for limit in limits] == [
        (100, True),
        (500, False),
        (500, False),
    ]
    assert error_of(messaging.set_text_message_spend_limit_override, MonthlyLimit=501) == (
        "ValidationException",
        400,
    )


def test_a_trails_selectors_are_asked_from_any_region(ask: Ask) -> None:
    home, away = ask("cloudtrail"), ask("cloudtrail", "us-east-1")
    arn = home.create_trail(Name="all", S3BucketName="nowhere", IsMultiRegionTrail=True)["TrailARN"]
    assert away.get_event_selectors(TrailName=arn)["EventSelectors"][0]["IncludeManagementEvents"] is True
    fields = [{"Field": "eventCategory", "Equals": ["Management"]}]
    home.put_event_selectors(TrailName="all", AdvancedEventSelectors=[{"FieldSelectors": fields}])
    found = away.get_event_selectors(TrailName=arn)
    assert ("EventSelectors" in found, len(found["AdvancedEventSelectors"])) == (False, 1)
    home.put_event_selectors(TrailName="all", EventSelectors=[{"ReadWriteType": "WriteOnly"}])
    assert "AdvancedEventSelectors" not in home.get_event_selectors(TrailName=arn)


def test_methods_and_routes_come_in_pages(ask: Ask) -> None:
    rest, http = ask("apigateway"), ask("apigatewayv2")
    rest_id = rest.create_rest_api(name="a")["id"]
    (root,) = rest.get_resources(restApiId=rest_id)["items"]
    http_id = http.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    for name in "abc":
        made = rest.create_resource(restApiId=rest_id, parentId=root["id"], pathPart=name)
        rest.put_method(restApiId=rest_id, resourceId=made["id"], httpMethod="GET", authorizationType="NONE")
        http.create_route(ApiId=http_id, RouteKey=f"GET /{name}")

    def pages(client: Any, operation: str, **parameters: Any) -> list[Any]:
        return list(client.get_paginator(operation).paginate(**parameters, PaginationConfig={"PageSize": 2}))

    plain = pages(rest, "get_resources", restApiId=rest_id)
    assert [len(page["items"]) for page in plain] == [2, 2]
    assert [each.get("resourceMethods") for page in plain for each in page["items"]].count({"GET": {}}) == 3
    embedded = pages(rest, "get_resources", restApiId=rest_id, embed=["methods"])
    types = [
        each["resourceMethods"]["GET"]["authorizationType"]
        for page in embedded
        for each in page["items"]
        if each["path"] != "/"
    ]
    assert types == ["NONE"] * 3
    routes = pages(http, "get_routes", ApiId=http_id)
    assert [[each["RouteKey"] for each in page["Items"]] for page in routes] == [
        ["GET /a", "GET /b"],
        ["GET /c"],
    ]


def test_alarms_and_apis_come_in_pages(ask: Ask) -> None:
    watch, rest, http = ask("cloudwatch"), ask("apigateway"), ask("apigatewayv2")
    for name in "abc":
        watch.put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/Cognito",
            MetricName="SignInThrottles",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
        rest.create_rest_api(name=name)
        http.create_api(Name=name, ProtocolType="HTTP")
    for client, operation, member, name in (
        (watch, "describe_alarms", "MetricAlarms", "AlarmName"),
        (rest, "get_rest_apis", "items", "name"),
        (http, "get_apis", "Items", "Name"),
    ):
        pages = list(client.get_paginator(operation).paginate(PaginationConfig={"PageSize": 2}))
        assert [[each[name] for each in page[member]] for page in pages] == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    ("service", "operation"),
    [("apigateway", "get_rest_apis"), ("apigatewayv2", "get_apis"), ("logs", "describe_log_groups")],
)
def test_a_stuck_token_never_moves_on(ask: Ask, controls: Controls, service: str, operation: str) -> None:
    controls.add_fault(operation="*", kind="stuck_token")
    with pytest.raises(PaginationError, match="same next token"):
        list(ask(service).get_paginator(operation).paginate())


def test_the_same_calls_get_the_same_ids(ask: Ask, controls: Controls) -> None:
    made = []
    for _ in range(2):
        controls.reset()
        made.append(ask("kms").create_key()["KeyMetadata"]["KeyId"])
    assert made[0] == made[1]
