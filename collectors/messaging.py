"""The services that carry a user pool's e-mail and SMS: Amazon SES, Amazon SNS, AWS End User Messaging."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, MalformedAnswerError
from records.delivery import (
    EmailAccount,
    EmailIdentity,
    EndUserMessaging,
    ProtectConfiguration,
    SmsAccount,
    SpendLimit,
)
from records.resource import Arn

if TYPE_CHECKING:
    from types_boto3_pinpoint_sms_voice_v2 import PinpointSMSVoiceV2Client
    from types_boto3_sesv2 import SESV2Client
    from types_boto3_sns import SNSClient

CALLS = frozenset(
    {
        "sesv2:GetAccount",
        "sesv2:GetEmailIdentity",
        "sns:GetSMSAttributes",
        "sns:GetSMSSandboxAccountStatus",
        "pinpoint-sms-voice-v2:DescribeAccountAttributes",
        "pinpoint-sms-voice-v2:DescribeSpendLimits",
        "pinpoint-sms-voice-v2:DescribeProtectConfigurations",
    }
)
# What GetEmailIdentity refuses with where Amazon SES has no such identity.
NO_SUCH_IDENTITY = frozenset({"NotFoundException"})

_IDENTITY_PREFIX = "identity/"
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
# SNS holds a bucket's name and a sender's as well, which nothing here needs.
_SMS_ATTRIBUTES = ("DefaultSMSType", "DeliveryStatusIAMRole", "MonthlySpendLimit")


def collect_email_account(ses: "SESV2Client") -> EmailAccount:
    """Return Amazon SES's settings of the client's account and region."""
    return parse_email_account(ses.get_account())


def collect_email_identity(ses: "SESV2Client", identity_arn: str) -> EmailIdentity:
    """Return the identity that an ARN names; the client is that of the ARN's region.

    `NO_SUCH_IDENTITY` are the errors that say that there is none. Raises MalformedAnswerError where the ARN,
    which AWS answered, is no identity's.
    """
    name = _identity_name(identity_arn)
    return parse_email_identity(ses.get_email_identity(EmailIdentity=name), name)


def collect_sms_account(sns: "SNSClient") -> SmsAccount:
    """Return Amazon SNS's SMS settings of the client's account and region."""
    return parse_sms_account(
        sns.get_sms_attributes(attributes=list(_SMS_ATTRIBUTES)), sns.get_sms_sandbox_account_status()
    )


def collect_end_user_messaging(eum: "PinpointSMSVoiceV2Client") -> EndUserMessaging:
    """Return AWS End User Messaging's settings of the client's account and region."""
    return parse_end_user_messaging(
        eum.get_paginator("describe_account_attributes").paginate(),
        eum.get_paginator("describe_spend_limits").paginate(),
        eum.get_paginator("describe_protect_configurations").paginate(),
    )


def parse_email_account(raw: Any) -> EmailAccount:
    """Translate GetAccount's answer."""
    answer = Answer(raw, "GetAccount")
    quota = answer.part("SendQuota")
    daily = quota.measure("Max24HourSend") if quota else None
    return EmailAccount(
        has_production_access=answer.required_flag("ProductionAccessEnabled"),
        is_sending_enabled=answer.required_flag("SendingEnabled"),
        enforcement_status=answer.text("EnforcementStatus"),
        daily_quota=None if daily is None else int(daily),
        per_second=quota.measure("MaxSendRate") if quota else None,
    )


def parse_email_identity(raw: Any, name: str) -> EmailIdentity:
    """Translate GetEmailIdentity's answer, which does not tell the name that it is about."""
    answer = Answer(raw, "GetEmailIdentity")
    dkim = answer.part("DkimAttributes")
    mail_from = answer.part("MailFromAttributes")
    return EmailIdentity(
        name=name,
        type=answer.text("IdentityType"),
        is_verified_for_sending=answer.required_flag("VerifiedForSendingStatus"),
        verification_status=answer.text("VerificationStatus"),
        dkim_status=dkim.text("Status") if dkim else None,
        is_dkim_signing_enabled=dkim.flag("SigningEnabled") if dkim else None,
        mail_from_domain=mail_from.text("MailFromDomain") if mail_from else None,
        mail_from_status=mail_from.text("MailFromDomainStatus") if mail_from else None,
        configuration_set=answer.text("ConfigurationSetName"),
    )


def parse_sms_account(raw_attributes: Any, raw_sandbox: Any) -> SmsAccount:
    """Translate the answers of GetSMSAttributes and GetSMSSandboxAccountStatus."""
    attributes = Answer(raw_attributes, "GetSMSAttributes").required_part("attributes")
    limit = attributes.text("MonthlySpendLimit")
    return SmsAccount(
        is_in_sandbox=Answer(raw_sandbox, "GetSMSSandboxAccountStatus").required_flag("IsInSandbox"),
        monthly_spend_limit_usd=None if limit is None else _amount(limit),
        default_sms_type=attributes.text("DefaultSMSType"),
        # A role is all that it takes: the sampling rate is about the messages that were delivered, and with
        # 0 the failed ones are still logged.
        has_delivery_logging=attributes.text("DeliveryStatusIAMRole") is not None,
    )


def parse_end_user_messaging(
    account_attributes: Iterable[Any], spend_limits: Iterable[Any], protect_configurations: Iterable[Any]
) -> EndUserMessaging:
    """Translate the pages of the three calls that describe an account's End User Messaging."""
    values = {
        part.required_text("Name"): part.text("Value")
        for part in _listed(account_attributes, "DescribeAccountAttributes", "AccountAttributes")
    }
    limits = {
        limit.name: limit
        for limit in map(_spend_limit, _listed(spend_limits, "DescribeSpendLimits", "SpendLimits"))
    }
    configurations = {
        configuration.arn: configuration
        for configuration in map(
            _protect_configuration,
            _listed(protect_configurations, "DescribeProtectConfigurations", "ProtectConfigurations"),
        )
    }
    return EndUserMessaging(
        tier=values.get("ACCOUNT_TIER"),
        spend_limits=tuple(limits[name] for name in sorted(limits)),
        protect_configurations=tuple(configurations[arn] for arn in sorted(configurations)),
    )


def _listed(pages: Iterable[Any], operation: str, member: str) -> Iterable[Answer]:
    for page in pages:
        yield from Answer(page, operation).required_parts(member)


def _spend_limit(part: Answer) -> SpendLimit:
    return SpendLimit(
        name=part.required_text("Name"),
        enforced_usd=part.number("EnforcedLimit"),
        maximum_usd=part.number("MaxLimit"),
        is_overridden=part.flag("Overridden"),
    )


def _protect_configuration(part: Answer) -> ProtectConfiguration:
    return ProtectConfiguration(
        arn=part.required_text("ProtectConfigurationArn"),
        is_account_default=part.required_flag("AccountDefault"),
        has_deletion_protection=part.flag("DeletionProtectionEnabled"),
    )


def _amount(text: str) -> Decimal:
    # Decimal takes "NaN" and "1e999999" too.
    if not _AMOUNT.fullmatch(text):
        raise MalformedAnswerError("GetSMSAttributes.attributes.MonthlySpendLimit is no amount of money")
    return Decimal(text)


def _identity_name(arn: str) -> str:
    try:
        named = Arn.of(arn)
    except ValueError as error:
        raise MalformedAnswerError(f"an Amazon SES identity's name was asked for, but {error}") from error
    name = named.resource.removeprefix(_IDENTITY_PREFIX)
    if named.service != "ses" or name in ("", named.resource):
        raise MalformedAnswerError("the ARN names no identity of Amazon SES")
    return name
