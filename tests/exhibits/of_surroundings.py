"""Exhibits of the rules on what surrounds user pools: domains, logs, senders, triggers, keys, web ACLs."""

from datetime import UTC, datetime
from typing import Any

from demo.company_data import partners
from demo.company_data.certificates import certificate
from tests.exhibits.showing import REGION, Bench, exhibit

ACCOUNT = "123456789012"
DAYS_OF_A_CERTIFICATE = 400
MANY_USERS = 600_000


def _rule(name: str, priority: int, statement: dict[str, Any], action: str) -> dict[str, Any]:
    visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
    return {
        "Name": name,
        "Priority": priority,
        "Statement": statement,
        "Action": {action: {}},
        "VisibilityConfig": visibility,
    }


def _associate_web_acl(bench: Bench, name: str, arn: str, action: str, region: str = REGION) -> None:
    waf = bench.client("wafv2", region)
    rate = {"RateBasedStatement": {"Limit": 300, "AggregateKeyType": "IP", "EvaluationWindowSec": 300}}
    rule = _rule(name, 0, rate, action)
    acl = waf.create_web_acl(
        Name=name,
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        Rules=[rule],
        VisibilityConfig=rule["VisibilityConfig"],
    )["Summary"]["ARN"]
    waf.associate_web_acl(WebACLArn=acl, ResourceArn=arn)


def _arn(pool_id: str, region: str = REGION) -> str:
    return f"arn:aws:cognito-idp:{region}:{ACCOUNT}:userpool/{pool_id}"


@exhibit(passes="EDG003")
def asks_for_proof_at_sign_up(bench: Bench) -> str:
    """Make a user pool with open sign-up behind a web ACL that asks for a Captcha."""
    pool_id, _ = bench.user_pool("asks_for_proof_at_sign_up")
    _associate_web_acl(bench, "captcha", _arn(pool_id), "Captcha")
    return pool_id


@exhibit(passes="EDG005")
def guards_its_replica_too(bench: Bench) -> str:
    """Make a user pool with a replica, both behind a web ACL."""
    pool_id, _ = bench.user_pool("guards_its_replica_too")
    bench.client("cognito-idp").create_user_pool_replica(UserPoolId=pool_id, RegionName="eu-central-1")
    for region in (REGION, "eu-central-1"):
        _associate_web_acl(bench, f"guard-{region}", _arn(pool_id, region), "Block", region)
    return pool_id


@exhibit(does_not_apply="EDG001")
def has_nothing_that_strangers_could_call(bench: Bench) -> str:
    """Make a user pool for a company's identity provider alone, without a domain."""
    idp = bench.client("cognito-idp")
    pool_id: str = idp.create_user_pool(
        PoolName="has_nothing_that_strangers_could_call",
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
    )["UserPool"]["Id"]
    return pool_id


@exhibit(fails="EDG007 EDG009")
def has_a_domain_that_came_to_nothing(bench: Bench) -> str:
    """Make a domain that AWS could not set up, whose certificate is gone."""
    domain = "lost.tarnfell.example"
    pool_id, _ = bench.user_pool("has_a_domain_that_came_to_nothing")
    gone = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/0f0f0f0f-0000-4000-8000-000000000000"
    bench.client("cognito-idp").create_user_pool_domain(
        UserPoolId=pool_id, Domain=domain, CustomDomainConfig={"CertificateArn": gone}
    )
    failed = {"Status": "FAILED"}
    bench.amend("cognito-idp:DescribeUserPoolDomain", domain, DomainDescription=failed)
    return domain


def _saml(bench: Bench, pool: str, name: str, metadata: str) -> str:
    pool_id, _ = bench.user_pool(pool)
    bench.client("cognito-idp").create_identity_provider(
        UserPoolId=pool_id,
        ProviderName=name,
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": metadata},
    )
    return name


def _metadata() -> str:
    made = certificate("sso.tarnfell.example", days=DAYS_OF_A_CERTIFICATE, today=datetime.now(UTC))
    return partners.metadata(made.in_metadata)


@exhibit(passes="FED001 FED002")
def has_a_certificate_for_long(bench: Bench) -> str:
    """Make an identity provider whose certificate ends next year."""
    return _saml(bench, "has_a_certificate_for_long", "Lasting", _metadata())


@exhibit(fails="FED002")
def has_metadata_of_yesteryear(bench: Bench) -> str:
    """Make an identity provider whose metadata its author does not stand by any more."""
    old = _metadata().replace(' entityID="', ' validUntil="2020-01-01T00:00:00Z" entityID="', 1)
    return _saml(bench, "has_metadata_of_yesteryear", "Yesteryear", old)


@exhibit(fails="LOG003")
def logs_to_a_group_that_is_gone(bench: Bench) -> str:
    """Make a user pool whose log group does not exist."""
    pool_id, _ = bench.user_pool("logs_to_a_group_that_is_gone")
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/gone"
    log = {
        "LogLevel": "ERROR",
        "EventSource": "userNotification",
        "CloudWatchLogsConfiguration": {"LogGroupArn": group},
    }
    bench.client("cognito-idp").set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=[log])
    return pool_id


@exhibit(fails="GOV005")
def has_more_users_than_the_default_rate_serves(bench: Bench) -> str:
    """Make a user pool with very many users in a region with AWS's default rate."""
    pool_id, _ = bench.user_pool("has_more_users_than_the_default_rate_serves")
    bench.controls.set_facts(user_pool=pool_id, estimated_users=MANY_USERS)
    return pool_id


@exhibit(fails="MSG002 MSG005")
def cannot_send(bench: Bench) -> str:
    """Make a user pool that AWS says cannot send SMS, and whose mail is not signed."""
    ses = bench.client("sesv2")
    ses.create_email_identity(EmailIdentity="unsigned.tarnfell.example")
    bench.controls.set_account_facts(region=REGION, verified_identities=["unsigned.tarnfell.example"])
    unsigned = {"SigningEnabled": False, "Status": "FAILED"}
    bench.controls.amend(operation="sesv2:GetEmailIdentity", merge={"DkimAttributes": unsigned})
    identity = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/unsigned.tarnfell.example"
    email = {"EmailSendingAccount": "DEVELOPER", "SourceArn": identity}
    pool_id, _ = bench.user_pool("cannot_send", EmailConfiguration=email)
    bench.amend("cognito-idp:DescribeUserPool", pool_id, UserPool={"SmsConfigurationFailure": "SNSSandbox"})
    return pool_id


@exhibit(fails="MSG007 MSG008")
def sends_sms_anywhere_at_any_cost(bench: Bench) -> str:
    """Make a user pool that sends by End User Messaging, which is bound by nothing of its owner's."""
    bench.controls.set_account_facts(region=REGION, messaging_limit_usd=5_000)
    caller = f"arn:aws:iam::{ACCOUNT}:role/sms"
    sms = {"EumsSms": {"CallerArn": caller, "ExternalId": "one", "Region": REGION}}
    pool_id, _ = bench.user_pool(
        "sends_sms_anywhere_at_any_cost", AutoVerifiedAttributes=["phone_number"], SmsConfiguration=sms
    )
    return pool_id


@exhibit(passes="MSG009")
def sees_which_sms_arrive(bench: Bench) -> str:
    """Make a user pool that sends by Amazon SNS, which logs deliveries."""
    bench.controls.set_account_facts(region=REGION, is_sms_in_production=True)
    logger = f"arn:aws:iam::{ACCOUNT}:role/sms-log"
    bench.client("sns").set_sms_attributes(
        attributes={"DeliveryStatusIAMRole": logger, "DeliveryStatusSuccessSamplingRate": "100"}
    )
    sms = {"SnsCallerArn": f"arn:aws:iam::{ACCOUNT}:role/sms", "ExternalId": "one", "SnsRegion": REGION}
    return bench.user_pool(
        "sees_which_sms_arrive", AutoVerifiedAttributes=["phone_number"], SmsConfiguration=sms
    )[0]


@exhibit(fails="TRG005")
def may_not_call_its_trigger(bench: Bench) -> str:
    """Make a user pool whose function lets nobody call it."""
    role = bench.role("trigger", trust={}, actions=("logs:PutLogEvents",))
    function = bench.client("lambda").create_function(
        FunctionName="gate",
        Runtime="nodejs24.x",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": b"PK"},
    )["FunctionArn"]
    return bench.user_pool("may_not_call_its_trigger", LambdaConfig={"PreSignUp": function})[0]


@exhibit(passes="TRG008")
def has_a_key_for_its_sender(bench: Bench) -> str:
    """Make a user pool whose own sender of mail has a key that can be used."""
    key = bench.client("kms").create_key()["KeyMetadata"]["Arn"]
    sender = {
        "LambdaVersion": "V1_0",
        "LambdaArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:mail",
    }
    triggers = {"CustomEmailSender": sender, "KMSKeyID": key}
    return bench.user_pool("has_a_key_for_its_sender", LambdaConfig=triggers)[0]


@exhibit(fails="TRG009")
def is_encrypted_with_a_disabled_key(bench: Bench) -> str:
    """Make a user pool whose own key is switched off."""
    kms = bench.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.disable_key(KeyId=key["KeyId"])
    pool_id, _ = bench.user_pool("is_encrypted_with_a_disabled_key")
    encryption = {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key["Arn"]}
    bench.amend("cognito-idp:DescribeUserPool", pool_id, UserPool={"KeyConfiguration": encryption})
    return pool_id


@exhibit(fails="ROL009")
def reaches_into_another_account(bench: Bench) -> str:
    """Make an identity pool whose users may write to a queue of another account."""
    pool_id = bench.identity_pool("reaches_into_another_account")
    trust = {"StringEquals": {"cognito-identity.amazonaws.com:aud": pool_id}}
    queue = "arn:aws:sqs:eu-west-1:999988887777:orders"
    role = bench.role("reaching", trust=trust, actions=("sqs:SendMessage",), resource=queue)
    bench.hand_out(pool_id, authenticated=role)
    return pool_id
