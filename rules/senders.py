"""Who sends a user pool's e-mail and SMS: the identities and accounts that the rules on messaging look up."""

from collections.abc import Iterator
from dataclasses import dataclass

from records.delivery import EmailAccount, EmailIdentity
from records.facet import Facet, FacetName, Gap, NotCollectedError, Reason
from records.resource import Arn, Scope
from records.user_pool import UserPool
from rules.engine import Context

_IDENTITY = ":identity/"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSender:
    """An identity of Amazon SES that e-mail comes from; `use` is what is sent, in words that follow "sends".

    `member` is AWS's name for the setting that holds the ARN.
    """

    arn: str
    use: str
    member: str

    @property
    def name(self) -> str:
        """The domain or address that the ARN names."""
        return self.arn.partition(_IDENTITY)[2] or self.arn

    @property
    def domain_arn(self) -> str | None:
        """The ARN of the domain that an address belongs to, None for a domain."""
        head, separator, name = self.arn.partition(_IDENTITY)
        _, at, domain = name.rpartition("@")
        return f"{head}{separator}{domain}" if at else None

    @property
    def evidence(self) -> tuple[str, str]:
        """The setting and its value."""
        return self.member, self.arn

    def identity(self, ctx: Context) -> Facet[EmailIdentity | None]:
        """Return the identity, whose value is None where Amazon SES has none of the name."""
        return ctx.region.email_identity(self.arn)

    def account(self, ctx: Context) -> EmailAccount:
        """Return Amazon SES where the identity lies. Raises NotCollectedError where that was not read."""
        try:
            place = Arn.of(self.arn).scope
        except ValueError as error:
            operation = FacetName.EMAIL_ACCOUNT.operation
            gap = Gap(operation=operation, reason=Reason.MALFORMED, message="the sender is named by no ARN")
            raise NotCollectedError(gap) from error
        return ctx.region.email_account(place.email_account_arn).value


def email_senders(pool: UserPool, ctx: Context) -> Iterator[EmailSender]:
    """Yield the identities by which the user pool sends, its own before that of threat protection.

    Raises NotCollectedError behind the first where the risk configuration was not read.
    """
    own = pool.email.source_arn if pool.email is not None and pool.sends_with_ses else None
    if own:
        yield EmailSender(arn=own, use="e-mail", member="EmailConfiguration.SourceArn")
    # In audit mode nothing follows from a risk, so nobody is notified either.
    if pool.threat_protection != "ENFORCED":
        return
    risk = ctx.pool.risk.value
    levels = (risk.low_risk, risk.medium_risk, risk.high_risk)
    notifies = any(level is not None and level.notifies_user for level in levels)
    if notifies and risk.notification_source_arn and risk.notification_source_arn != own:
        yield EmailSender(
            arn=risk.notification_source_arn,
            use="threat protection's notifications",
            member="AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn",
        )


def sms_place(pool: UserPool, ctx: Context) -> Scope:
    """Return the account and region whose service sends the user pool's SMS."""
    own = ctx.region.scope
    region = pool.sms.region if pool.sms is not None else None
    return Scope(own.account_id, region or own.region, own.partition)
