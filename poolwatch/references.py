"""What pools point to, read where it lies: roles, functions, senders, certificates, keys, log groups."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

from collectors import encryption, functions, log_groups, messaging, roles, web_acls
from collectors.clients import Account
from poolwatch.read import Read
from records.delivery import EmailIdentity, LogDestination
from records.facet import FacetName, Gap, Reason
from records.iam import Role
from records.resource import Arn, Scope
from records.surroundings import LambdaFunction, WebAcl
from records.user_pool import SmsConfiguration
from records.user_pool_parts import Replica, UserPoolDomain


class References:
    """The reads of what one region's pools point to; `accounts` are those of the run, by id."""

    def __init__(self, accounts: Mapping[str, Account], scope: Scope) -> None:
        self._accounts = accounts
        self._scope = scope
        self._account = accounts[scope.account_id]

    def roles(self, arns: Iterable[str | None]) -> Iterator[Read]:
        """Yield the reads of IAM roles, with what they may do; None stands for no role."""
        return chain.from_iterable(self._role(arn) for arn in dict.fromkeys(arns) if arn)

    def _role(self, arn: str) -> Iterator[Read]:
        def policies(role: Role | None, **more: Any) -> Iterator[Read]:
            boundary = role.boundary_arn if role else None
            yield self._referred(
                FacetName.ROLE_POLICIES,
                arn,
                lambda account, _region: roles.collect_role_policies(account.iam, arn, boundary),
                **more,
            )

        yield self._referred(
            FacetName.ROLE,
            arn,
            lambda account, _region: roles.collect_role(account.iam, arn),
            instead=dict.fromkeys(roles.NO_SUCH_ROLE),
            then=lambda role: policies(role, **({} if role else {"known": None})),
            despite=lambda gap: policies(None, known=gap),
        )

    def function(self, arn: str) -> Iterator[Read]:
        """Yield the reads of a function, with who may call it and its role."""

        def behind(function: LambdaFunction | None) -> Iterator[Read]:
            return self.roles((function.role_arn,) if function else ())

        def of(collect: Callable[[Any, str], object]) -> Callable[[Account, str], object]:
            return lambda account, region: collect(account.client("lambda", region), arn)

        absent = dict.fromkeys(functions.NO_SUCH_FUNCTION)
        collect = of(functions.collect_function)
        yield self._referred(FacetName.FUNCTION, arn, collect, instead=absent, then=behind)
        collect = of(functions.collect_function_policy)
        yield self._referred(FacetName.FUNCTION_POLICY, arn, collect, instead=absent)

    def email(self, identity_arn: str) -> Iterator[Read]:
        """Yield the reads of an identity of Amazon SES and of the account that it sends by."""
        yield self._email_identity(identity_arn)
        sender = _place(identity_arn)
        if sender is not None:
            yield self._referred(
                FacetName.EMAIL_ACCOUNT,
                sender.scope.email_account_arn,
                lambda account, region: messaging.collect_email_account(account.client("sesv2", region)),
            )

    def _email_identity(self, arn: str) -> Read:
        def domain(identity: EmailIdentity | None) -> Iterator[Read]:
            # A verified domain covers its addresses, also those that are no identities of their own.
            head, separator, name = arn.partition(":identity/")
            _, at, domain_name = name.rpartition("@")
            if at and domain_name and not (identity and identity.is_verified_for_sending):
                yield self._email_identity(f"{head}{separator}{domain_name}")

        return self._referred(
            FacetName.EMAIL_IDENTITY,
            arn,
            lambda account, region: messaging.collect_email_identity(account.client("sesv2", region), arn),
            instead=dict.fromkeys(messaging.NO_SUCH_IDENTITY),
            then=domain,
        )

    def sms(self, sms: SmsConfiguration) -> Iterator[Read]:
        """Yield the reads of the role and the service that send SMS."""
        yield from self.roles((sms.caller_arn,))
        place = Scope(self._scope.account_id, sms.region or self._scope.region, self._scope.partition)
        if sms.is_eum:
            yield self._referred(
                FacetName.END_USER_MESSAGING,
                place.end_user_messaging_arn,
                lambda account, region: messaging.collect_end_user_messaging(
                    account.client("pinpoint-sms-voice-v2", region)
                ),
            )
        else:
            yield self._referred(
                FacetName.SMS_ACCOUNT,
                place.sms_account_arn,
                lambda account, region: messaging.collect_sms_account(account.client("sns", region)),
            )

    def certificate(self, domain: UserPoolDomain | None) -> Iterator[Read]:
        """Yield the read of a custom domain's certificate."""
        arn = domain.certificate_arn if domain else None
        if arn:
            yield self._referred(
                FacetName.CERTIFICATE,
                arn,
                lambda account, region: encryption.collect_certificate(account.client("acm", region), arn),
                instead=dict.fromkeys(encryption.NO_SUCH_CERTIFICATE),
            )

    def kms_key(self, arn: str) -> Read:
        """Return the read of a key."""
        return self._referred(
            FacetName.KMS_KEY,
            arn,
            lambda account, region: encryption.collect_kms_key(account.client("kms", region), arn),
            instead=dict.fromkeys(encryption.NO_SUCH_KEY),
        )

    def log_groups(self, destinations: tuple[LogDestination, ...]) -> Iterator[Read]:
        """Yield the reads of the log groups that a user pool's logs go to."""
        for arn in dict.fromkeys(each.log_group_arn for each in destinations if each.log_group_arn):
            yield self._referred(FacetName.LOG_GROUP, arn, partial(_collect_log_group, arn))

    def web_acl_logging(self, acl: WebAcl | None) -> Iterator[Read]:
        """Yield the read of where a web ACL's log goes."""
        if acl is not None:
            yield self._referred(
                FacetName.WEB_ACL_LOGGING,
                acl.arn,
                lambda account, region: web_acls.collect_web_acl_logging(
                    account.client("wafv2", region), acl.arn
                ),
                instead=dict.fromkeys(web_acls.NO_LOGGING),
            )

    def replica_web_acl(self, replica: Replica) -> Iterator[Read]:
        """Yield the read of the web ACL in front of a copy of a user pool."""
        arn = replica.arn
        if arn and replica.role == "SECONDARY":
            yield self._referred(
                FacetName.REPLICA_WEB_ACL,
                arn,
                lambda account, region: web_acls.collect_web_acl(account.client("wafv2", region), arn),
            )

    def _referred(
        self, facet: FacetName, arn: str, collect: Callable[[Account, str], object], **more: Any
    ) -> Read:
        """Return the read of something that a pool points to, in the account and region where it lies."""
        place = _place(arn)
        account_id = (place.account_id if place else "") or self._scope.account_id
        account = self._accounts.get(account_id)
        if place is None:
            more["known"] = _gap(facet, Reason.MALFORMED, "what the pool points to is named by no ARN")
        elif account is None or place.partition != account.identity.partition:
            message = f"it belongs to account {account_id}, which this run does not read"
            more["known"] = _gap(facet, Reason.OTHER_ACCOUNT, message)
        region = place.region if place and place.region else self._account.global_region
        return Read(
            scope=self._scope,
            arn=arn,
            facet=facet,
            account_id=account_id,
            region=region,
            group=arn,
            call=lambda: collect(account or self._account, region),
            **more,
        )


def _collect_log_group(arn: str, account: Account, region: str) -> object:
    return log_groups.collect_log_group(account.client("logs", region), arn)


def _place(arn: str) -> Arn | None:
    try:
        return Arn.of(arn)
    except ValueError:
        return None


def _gap(facet: FacetName, reason: Reason, message: str) -> Gap:
    return Gap(operation=facet.operation, reason=reason, message=message)
