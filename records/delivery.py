"""What a user pool sends out: its logs' destinations, and the services that carry its e-mail and SMS."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LogDestination:
    """Where one kind of a user pool's own logs goes (GetLogDeliveryConfiguration).

    `event_source` is `userNotification` or `userAuthEvents`; one of the three ARNs is set.
    """

    event_source: str
    level: str | None
    log_group_arn: str | None
    bucket_arn: str | None
    stream_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroup:
    """A CloudWatch Logs group; `retention_days` None keeps its events for ever."""

    arn: str
    retention_days: int | None
    kms_key_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAccount:
    """Amazon SES in one account and region (GetAccount); without production access it is in the sandbox.

    The quotas are e-mails in 24 hours, where AWS writes -1 for "no limit", and e-mails a second.
    """

    has_production_access: bool
    is_sending_enabled: bool
    enforcement_status: str | None
    daily_quota: int | None
    per_second: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailIdentity:
    """A domain or an address that Amazon SES may send from (GetEmailIdentity)."""

    name: str
    type: str | None
    is_verified_for_sending: bool
    verification_status: str | None
    dkim_status: str | None
    is_dkim_signing_enabled: bool | None
    mail_from_domain: str | None
    mail_from_status: str | None
    configuration_set: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsAccount:
    """Amazon SNS's SMS settings of one account and region; None where the account never set one."""

    is_in_sandbox: bool
    monthly_spend_limit_usd: Decimal | None
    default_sms_type: str | None
    has_delivery_logging: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendLimit:
    """One limit of AWS End User Messaging, in US dollars a month; `name` is AWS's for the kind of message."""

    name: str
    enforced_usd: int | None
    maximum_usd: int | None
    is_overridden: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectConfiguration:
    """Rules of AWS End User Messaging for the countries that messages may go to."""

    arn: str
    is_account_default: bool
    has_deletion_protection: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUserMessaging:
    """AWS End User Messaging SMS in one account and region; `tier` is SANDBOX or PRODUCTION."""

    tier: str | None
    spend_limits: tuple[SpendLimit, ...]
    protect_configurations: tuple[ProtectConfiguration, ...]
