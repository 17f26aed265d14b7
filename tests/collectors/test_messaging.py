"""Amazon SES, Amazon SNS and AWS End User Messaging: what they answer, page upon page, or refuse."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.messaging import (
    CALLS,
    NO_SUCH_IDENTITY,
    collect_email_account,
    collect_email_identity,
    collect_end_user_messaging,
    collect_sms_account,
    parse_email_account,
    parse_email_identity,
    parse_end_user_messaging,
    parse_sms_account,
)
from records.delivery import (
    EmailAccount,
    EmailIdentity,
    EndUserMessaging,
    ProtectConfiguration,
    SmsAccount,
    SpendLimit,
)
from records.facet import FacetName, Gap, Reason
from tests.wire import Refusal, Wire, client

ACCOUNT = {
    "DedicatedIpAutoWarmupEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "ProductionAccessEnabled": True,
    "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 812.0},
    "SendingEnabled": True,
    "Details": {
        "MailType": "TRANSACTIONAL",
        "WebsiteURL": "https://tarnfell.example",
        "AdditionalContactEmailAddresses": ["ops@tarnfell.example"],
    },
}
IDENTITY = {
    "IdentityType": "DOMAIN",
    "FeedbackForwardingStatus": True,
    "VerifiedForSendingStatus": True,
    "DkimAttributes": {
        "SigningEnabled": True,
        "Status": "SUCCESS",
        "Tokens": ["vvjuipp74whm76gqoni7qmwwn4w4qusjiainivf6sf"],
        "SigningAttributesOrigin": "AWS_SES",
    },
    "MailFromAttributes": {
        "MailFromDomain": "bounce.tarnfell.example",
        "MailFromDomainStatus": "SUCCESS",
        "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
    },
    "Policies": {"cognito": '{"Version":"2008-10-17"}'},
    "Tags": [],
    "ConfigurationSetName": "accounts",
    "VerificationStatus": "SUCCESS",
}
DOMAIN_ARN = "arn:aws:ses:eu-west-1:123456789012:identity/tarnfell.example"
LOGGING_ROLE = "arn:aws:iam::123456789012:role/SNSSuccessFeedback"
ATTRIBUTES = {
    "MonthlySpendLimit": "250",
    "DefaultSMSType": "Transactional",
    "DeliveryStatusIAMRole": LOGGING_ROLE,
}
PROTECT = "arn:aws:sms-voice:eu-west-1:123456789012:protect-configuration/protect-"
TEXT_LIMIT = {
    "Name": "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT",
    "EnforcedLimit": 100,
    "MaxLimit": 500,
    "Overridden": True,
}
VOICE_LIMIT = {
    "Name": "VOICE_MESSAGE_MONTHLY_SPEND_LIMIT",
    "EnforcedLimit": 1,
    "MaxLimit": 1,
    "Overridden": False,
}


def protect_configuration(name: str, *, is_default: bool = False) -> dict[str, Any]:
    return {
        "ProtectConfigurationArn": PROTECT + name,
        "ProtectConfigurationId": f"protect-{name}",
        "CreatedTimestamp": 1760000000,
        "AccountDefault": is_default,
        "DeletionProtectionEnabled": is_default,
    }


def stubbed(service: str) -> tuple[Any, Stubber]:
    made = boto3.client(
        service,  # type: ignore[call-overload]
        region_name="eu-west-1",
        aws_access_key_id="key",
        aws_secret_access_key="none",
    )
    return made, Stubber(made)


def listings(**replaced: Any) -> tuple[Any, Any, Any]:
    """The pages of the three lists of End User Messaging, each with one page."""
    pages = {
        "AccountAttributes": [{"Name": "ACCOUNT_TIER", "Value": "PRODUCTION"}],
        "SpendLimits": [TEXT_LIMIT],
        "ProtectConfigurations": [protect_configuration("a")],
    } | replaced
    first, second, third = ([{name: members}] for name, members in pages.items())
    return first, second, third


def test_the_calls_are_those_of_the_facets() -> None:
    facets = (
        FacetName.EMAIL_ACCOUNT,
        FacetName.EMAIL_IDENTITY,
        FacetName.SMS_ACCOUNT,
        FacetName.END_USER_MESSAGING,
    )
    assert {operation for facet in facets for operation in facet.operations} == CALLS


def test_an_email_account_is_read() -> None:
    ses, stub = stubbed("sesv2")
    stub.add_response("get_account", ACCOUNT, {})
    with stub:
        assert collect_email_account(ses) == EmailAccount(
            has_production_access=True,
            is_sending_enabled=True,
            enforcement_status="HEALTHY",
            daily_quota=50000,
            per_second=14.0,
        )


def test_quotas_may_come_without_a_fraction_without_a_limit_or_not_at_all() -> None:
    unlimited = parse_email_account({**ACCOUNT, "SendQuota": {"Max24HourSend": -1, "MaxSendRate": 0.5}})
    assert (unlimited.daily_quota, unlimited.per_second) == (-1, 0.5)
    untold = parse_email_account({**ACCOUNT, "SendQuota": {}})
    assert (untold.daily_quota, untold.per_second) == (None, None)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"ProductionAccessEnabled": None}, id="silent on production access"),
        pytest.param({"SendingEnabled": "yes"}, id="text for a flag"),
        pytest.param({"EnforcementStatus": 1}, id="number for text"),
        pytest.param({"SendQuota": []}, id="list for a structure"),
        pytest.param({"SendQuota": {"Max24HourSend": float("nan")}}, id="no number"),
        pytest.param({"SendQuota": {"Max24HourSend": float("inf")}}, id="endless number"),
        pytest.param({"SendQuota": {"MaxSendRate": True}}, id="flag for a number"),
        pytest.param({"SendQuota": {"MaxSendRate": "14"}}, id="text for a number"),
    ],
)
def test_a_malformed_email_account_is_refused(broken: Mapping[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_email_account({**ACCOUNT, **broken})


def test_an_email_identity_is_read_by_the_name_in_its_arn() -> None:
    ses, stub = stubbed("sesv2")
    stub.add_response("get_email_identity", IDENTITY, {"EmailIdentity": "tarnfell.example"})
    with stub:
        assert collect_email_identity(ses, DOMAIN_ARN) == EmailIdentity(
            name="tarnfell.example",
            type="DOMAIN",
            is_verified_for_sending=True,
            verification_status="SUCCESS",
            dkim_status="SUCCESS",
            is_dkim_signing_enabled=True,
            mail_from_domain="bounce.tarnfell.example",
            mail_from_status="SUCCESS",
            configuration_set="accounts",
        )
    stub.assert_no_pending_responses()


@pytest.mark.parametrize("name", ["no-reply@tarnfell.example", "a/b@tarnfell.example", "identity/@x.example"])
def test_an_address_is_asked_for_as_it_stands(name: str) -> None:
    ses, stub = stubbed("sesv2")
    stub.add_response("get_email_identity", {"VerifiedForSendingStatus": False}, {"EmailIdentity": name})
    with stub:
        identity = collect_email_identity(ses, f"arn:aws:ses:eu-west-1:123456789012:identity/{name}")
    assert (identity.name, identity.is_verified_for_sending, identity.dkim_status) == (name, False, None)


@pytest.mark.parametrize(
    "arn",
    [
        "no-reply@tarnfell.example",
        "arn:aws:ses:eu-west-1:123456789012:identity/",
        "arn:aws:ses:eu-west-1:123456789012:configuration-set/accounts",
        "arn:aws:s3:::identity/tarnfell.example",
    ],
)
def test_an_arn_that_names_no_identity_is_not_asked_about(arn: str) -> None:
    ses, stub = stubbed("sesv2")
    with stub, pytest.raises(MalformedAnswerError, match="identity"):
        collect_email_identity(ses, arn)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"VerifiedForSendingStatus": None}, id="silent on verification"),
        pytest.param({"DkimAttributes": "SUCCESS"}, id="text for a structure"),
        pytest.param({"MailFromAttributes": {"MailFromDomain": ["a"]}}, id="list for text"),
    ],
)
def test_a_malformed_email_identity_is_refused(broken: Mapping[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_email_identity({**IDENTITY, **broken}, "tarnfell.example")


@pytest.mark.parametrize("code", sorted(NO_SUCH_IDENTITY))
def test_an_identity_that_is_not_there_is_told_from_a_denial(code: str) -> None:
    ses, stub = stubbed("sesv2")
    stub.add_client_error("get_email_identity", code, http_status_code=404)
    stub.add_client_error("get_email_identity", "AccessDeniedException", "not authorized to perform")

    def outcome() -> object:
        return attempt(
            FacetName.EMAIL_IDENTITY.operation,
            lambda: collect_email_identity(ses, DOMAIN_ARN),
            region="eu-west-1",
            instead=dict.fromkeys(NO_SUCH_IDENTITY),
        )

    with stub:
        assert outcome() is None
        gap = outcome()
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.iam_action) == (Reason.DENIED, "ses:GetEmailIdentity")


def test_the_code_of_a_missing_identity_is_one_of_the_models() -> None:
    ses, _ = stubbed("sesv2")
    errors = ses.meta.service_model.operation_model("GetEmailIdentity").error_shapes
    assert {shape.name for shape in errors} >= NO_SUCH_IDENTITY


def test_an_sms_account_is_read_and_nothing_else_is_asked_for() -> None:
    sns, stub = stubbed("sns")
    stub.add_response("get_sms_attributes", {"attributes": ATTRIBUTES}, {"attributes": sorted(ATTRIBUTES)})
    stub.add_response("get_sms_sandbox_account_status", {"IsInSandbox": False}, {})
    with stub:
        assert collect_sms_account(sns) == SmsAccount(
            is_in_sandbox=False,
            monthly_spend_limit_usd=Decimal(250),
            default_sms_type="Transactional",
            has_delivery_logging=True,
        )


def test_an_account_that_never_set_anything_is_an_answer_over_the_wire_too() -> None:
    def reply(operation: str, result: str) -> bytes:
        xml = f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"
        return xml.encode()

    wire = Wire(
        {
            "GetSMSAttributes": [reply("GetSMSAttributes", "<attributes/>")],
            "GetSMSSandboxAccountStatus": [
                reply("GetSMSSandboxAccountStatus", "<IsInSandbox>true</IsInSandbox>")
            ],
        }
    )
    # SNS is asked in forms, not in JSON, which the script has no need to understand.
    sns = client("sns", wire)
    sns.meta.events.unregister("before-send", wire.answer)
    sns.meta.events.register_first("before-send", lambda **event: _answer_form(wire, **event))
    assert collect_sms_account(sns) == SmsAccount(
        is_in_sandbox=True,
        monthly_spend_limit_usd=None,
        default_sms_type=None,
        has_delivery_logging=False,
    )


def _answer_form(wire: Wire, *, request: Any, event_name: str, **_: Any) -> Any:
    request.body = None
    return wire.answer(request, event_name)


@pytest.mark.parametrize(
    "limit", ["", "0", "1", "1500.50"], ids=["never set", "nothing may be spent", "default", "with cents"]
)
def test_spend_limits_are_amounts(limit: str) -> None:
    account = parse_sms_account({"attributes": {"MonthlySpendLimit": limit}}, {"IsInSandbox": False})
    assert account.monthly_spend_limit_usd == (Decimal(limit) if limit else None)


@pytest.mark.parametrize("limit", ["NaN", "Infinity", "1e9", "-5", "$5", " 5", "5\n", "\u0665", "9" * 16])
def test_what_is_no_amount_is_refused(limit: str) -> None:
    with pytest.raises(MalformedAnswerError, match="MonthlySpendLimit"):
        parse_sms_account({"attributes": {"MonthlySpendLimit": limit}}, {"IsInSandbox": False})


@pytest.mark.parametrize(
    ("attributes", "sandbox"),
    [
        pytest.param({}, {"IsInSandbox": True}, id="no attributes at all"),
        pytest.param({"attributes": ["MonthlySpendLimit"]}, {"IsInSandbox": True}, id="list for a map"),
        pytest.param(
            {"attributes": {"DefaultSMSType": 1}}, {"IsInSandbox": True}, id="attribute that is no text"
        ),
        pytest.param({"attributes": {}}, {}, id="silent on the sandbox"),
        pytest.param({"attributes": {}}, {"IsInSandbox": "true"}, id="text for a flag"),
    ],
)
def test_a_malformed_sms_account_is_refused(attributes: object, sandbox: object) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_sms_account(attributes, sandbox)


# Amazon SNS has names of its own for these.
@pytest.mark.parametrize(
    ("code", "reason"), [("AuthorizationError", Reason.DENIED), ("Throttled", Reason.THROTTLED)]
)
def test_a_refused_half_of_the_sms_account_is_a_gap_and_not_half_an_account(
    code: str, reason: Reason
) -> None:
    sns, stub = stubbed("sns")
    stub.add_response("get_sms_attributes", {"attributes": ATTRIBUTES})
    stub.add_client_error("get_sms_sandbox_account_status", code, "not authorized to perform")
    with stub:
        gap = attempt(FacetName.SMS_ACCOUNT.operation, lambda: collect_sms_account(sns), region="eu-west-1")
    assert isinstance(gap, Gap)
    assert gap.reason is reason


def test_end_user_messaging_is_read_beyond_the_first_pages_in_an_order_of_its_own() -> None:
    wire = Wire(
        {
            "DescribeAccountAttributes": [
                {"AccountAttributes": [], "NextToken": "a"},
                {"AccountAttributes": [{"Name": "ACCOUNT_TIER", "Value": "SANDBOX"}]},
            ],
            "DescribeSpendLimits": [
                {"SpendLimits": [VOICE_LIMIT], "NextToken": "s"},
                {"SpendLimits": [TEXT_LIMIT]},
            ],
            "DescribeProtectConfigurations": [
                {"ProtectConfigurations": [protect_configuration("b")], "NextToken": "p"},
                {
                    "ProtectConfigurations": [
                        protect_configuration("b"),
                        protect_configuration("a", is_default=True),
                    ]
                },
            ],
        }
    )
    assert collect_end_user_messaging(client("pinpoint-sms-voice-v2", wire)) == EndUserMessaging(
        tier="SANDBOX",
        spend_limits=(
            SpendLimit(
                name="TEXT_MESSAGE_MONTHLY_SPEND_LIMIT",
                enforced_usd=100,
                maximum_usd=500,
                is_overridden=True,
            ),
            SpendLimit(
                name="VOICE_MESSAGE_MONTHLY_SPEND_LIMIT",
                enforced_usd=1,
                maximum_usd=1,
                is_overridden=False,
            ),
        ),
        protect_configurations=(
            ProtectConfiguration(arn=PROTECT + "a", is_account_default=True, has_deletion_protection=True),
            ProtectConfiguration(arn=PROTECT + "b", is_account_default=False, has_deletion_protection=False),
        ),
    )
    assert [body.get("NextToken") for _, body in wire.requests] == [None, "a", None, "s", None, "p"]


@pytest.mark.parametrize(
    "operation", ["DescribeAccountAttributes", "DescribeSpendLimits", "DescribeProtectConfigurations"]
)
def test_a_list_denied_or_repeated_half_way_is_a_gap(operation: str) -> None:
    member = operation.removeprefix("Describe")
    whole: dict[str, list[Any]] = {
        "DescribeAccountAttributes": [{"AccountAttributes": []}],
        "DescribeSpendLimits": [{"SpendLimits": []}],
        "DescribeProtectConfigurations": [{"ProtectConfigurations": []}],
    }
    first = {member: [], "NextToken": "same"}

    def outcome(*replies: Any) -> object:
        eum = client("pinpoint-sms-voice-v2", Wire(whole | {operation: list(replies)}))
        return attempt(
            f"pinpoint-sms-voice-v2:{operation}", lambda: collect_end_user_messaging(eum), region="eu-west-1"
        )

    denied = outcome(first, Refusal("AccessDeniedException", "not authorized to perform"))
    assert isinstance(denied, Gap)
    assert (denied.reason, denied.iam_action) == (Reason.DENIED, f"sms-voice:{operation}")
    repeated = outcome(first)
    assert isinstance(repeated, Gap)
    assert repeated.reason is Reason.MALFORMED


def test_an_account_without_a_tier_limits_or_protection_is_an_answer() -> None:
    empty = parse_end_user_messaging(
        *listings(
            AccountAttributes=[{"Name": "DEFAULT_PROTECT_CONFIGURATION_ID", "Value": ""}],
            SpendLimits=[],
            ProtectConfigurations=[],
        )
    )
    assert empty == EndUserMessaging(tier=None, spend_limits=(), protect_configurations=())


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"AccountAttributes": None}, id="no attributes"),
        pytest.param({"AccountAttributes": [{"Value": "PRODUCTION"}]}, id="attribute without a name"),
        pytest.param({"SpendLimits": None}, id="no spend limits"),
        pytest.param({"SpendLimits": [{**TEXT_LIMIT, "EnforcedLimit": "100"}]}, id="text for a number"),
        pytest.param({"SpendLimits": [{**TEXT_LIMIT, "MaxLimit": 2**70}]}, id="beyond any number"),
        pytest.param({"SpendLimits": [TEXT_LIMIT, "x"]}, id="text for a structure"),
        pytest.param({"ProtectConfigurations": None}, id="no protect configurations"),
        pytest.param(
            {"ProtectConfigurations": [{**protect_configuration("a"), "AccountDefault": None}]},
            id="silent on the default",
        ),
        pytest.param({"ProtectConfigurations": {}}, id="structure for a list"),
    ],
)
def test_malformed_end_user_messaging_is_refused(broken: Mapping[str, Any]) -> None:
    with pytest.raises(MalformedAnswerError):
        parse_end_user_messaging(*listings(**broken))


def test_errors_of_aws_are_not_caught_here() -> None:
    ses, stub = stubbed("sesv2")
    stub.add_client_error("get_account", "TooManyRequestsException", http_status_code=429)
    with stub, pytest.raises(ClientError, match="TooManyRequestsException"):
        collect_email_account(ses)
