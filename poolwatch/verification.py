"""One rule on one resource, read again over AWS and judged now; nothing is written anywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from collectors.clients import Account, AccountTarget, open_account
from collectors.limiter import RateLimiter
from poolwatch.posture import Before, Finding, Verification
from poolwatch.reading import PACED_WORKERS, UNPACED_WORKERS, Progress, Reading
from records.errors import CredentialsError, PoolwatchError, UsageError
from records.evaluation import Evaluation
from records.facet import Facet, FacetName, Gap, Reason
from records.resource import Member, Resource, ResourceType
from records.run import Answer, RunGap
from records.snapshot import (
    AppClientSnapshot,
    IdentityPoolSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from rules.engine import Rule, evaluate

# No run of the store's; runs are numbered from 1.
_NO_RUN = 0


def verify(
    rule: Rule,
    resource: Resource,
    target: AccountTarget,
    *,
    rate_share: float | None,
    before: Before | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_progress: Progress = lambda _done, _due: None,
) -> Verification:
    """Read what the rule reads of the resource, and judge it.

    Raises UsageError where the rule runs on another type of resource, or the resource is in another account
    than the credentials; CredentialsError where AWS does not accept them; and PoolwatchError where AWS has no
    such resource.
    """
    _refuse_other_type(rule, resource)
    account = _sign_in(target, resource, rate_share)
    reading = Reading(clock=clock, on_progress=on_progress, facets=frozenset(rule.reads))
    answers, error = reading.read_resource(account, resource, is_paced=rate_share is not None)
    if error is not None:
        raise error
    now = clock()
    found = _Answers({(each.facet, each.resource_arn): each for each in answers})
    _refuse_unfound(rule, resource, found)
    snapshot = _snapshot(resource, found, now)
    (evaluation,) = (
        each for each in evaluate(snapshot, (rule,), today=now.date()) if each.resource_arn == resource.arn
    )
    return Verification(
        finding=Finding(evaluation=evaluation, rule=rule, opened_at=_opened_at(before, evaluation)),
        before=before,
        snapshot=snapshot,
        gaps=tuple(
            RunGap(scope=each.scope, resource_arn=each.resource_arn, facet=each.facet, gap=each.outcome)
            for each in answers
            if isinstance(each.outcome, Gap)
        ),
        judged_at=now,
    )


def _sign_in(target: AccountTarget, resource: Resource, rate_share: float | None) -> Account:
    sign_in = partial(
        open_account,
        target,
        RateLimiter(rate_share),
        workers=UNPACED_WORKERS if rate_share is None else PACED_WORKERS,
    )
    region = resource.scope.region
    try:
        account = sign_in(region=region)
    except CredentialsError as refusal:
        # STS knows no caller in another partition, nor in a region that is off; in the caller's own it does.
        try:
            account = sign_in()
        except CredentialsError:
            raise refusal from None
        _refuse_other_account(resource, account)
        raise CredentialsError(
            f"The credentials are good, but {region} does not accept them.",
            "Has the account enabled this region? If it has, session tokens must be valid in all regions.",
        ) from refusal
    _refuse_other_account(resource, account)
    return account


def _refuse_other_type(rule: Rule, resource: Resource) -> None:
    if rule.resource_type is not resource.type:
        raise UsageError(
            f"{rule.code} looks at {rule.resource_type.noun}s, not at {resource.type.noun}s.",
            "An app client's ARN is its user pool's with /client/<id> behind it; `poolwatch scan --format"
            " json` has them all.",
        )


def _refuse_other_account(resource: Resource, account: Account) -> None:
    scope, identity = resource.scope, account.identity
    if (scope.partition, scope.account_id) != (identity.partition, identity.account_id):
        raise UsageError(
            f"The ARN is of account {scope.account_id} ({scope.partition}), the credentials are of"
            f" {identity.account_id} ({identity.partition}).",
            "Name a profile of that account with --profile, or a role there with --role-arn.",
        )


def _refuse_unfound(rule: Rule, resource: Resource, found: "_Answers") -> None:
    # A rule reads its own resource's settings first.
    gap = found.facet(rule.reads[0], resource.arn).gap
    if gap is not None and gap.reason is Reason.NOT_FOUND:
        raise PoolwatchError(
            f"AWS has no {resource.type.noun} {resource.arn} ({gap.operation}: {gap.message}).",
            "It was deleted, and the next `poolwatch collect` closes its findings; or the ARN has a mistake.",
        )


def _opened_at(before: Before | None, evaluation: Evaluation) -> datetime | None:
    is_same = before is not None and before.outcome is evaluation.outcome
    return before.opened_at if before and is_same else None


def _snapshot(resource: Resource, found: "_Answers", now: datetime) -> Snapshot:
    """Return a snapshot of one pool."""
    is_identity_pool = resource.type is ResourceType.IDENTITY_POOL
    return Snapshot(
        regions=(
            RegionSnapshot(
                scope=resource.scope,
                run_id=_NO_RUN,
                collected_at=now,
                user_pool_list=Facet.read((), now),
                user_pools=() if is_identity_pool else (found.user_pool(resource),),
                identity_pool_list=Facet.read((), now),
                identity_pools=(found.identity_pool(resource),) if is_identity_pool else (),
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class _Answers:
    """What was read, as facets; what the rule does not read is a gap that says so."""

    by_key: Mapping[tuple[FacetName, str], Answer]

    def facet(self, name: FacetName, arn: str) -> Facet[Any]:
        answer = self.by_key.get((name, arn))
        if answer is None:
            message = "was not read, for the rule does not declare that it reads it"
            return Facet.missing(Gap(operation=name.operation, reason=Reason.UNAVAILABLE, message=message))
        if isinstance(answer.outcome, Gap):
            return Facet.missing(answer.outcome)
        return Facet.read(answer.outcome, answer.at)

    def user_pool(self, resource: Resource) -> UserPoolSnapshot:
        arn = resource.pool_arn
        settings = self.facet(FacetName.USER_POOL, arn)
        listing = self.facet(FacetName.APP_CLIENTS, arn)
        listed = [each.id for each in listing.last_good.value] if listing.last_good else []
        client_ids = listed if resource.client_id is None else dict.fromkeys((resource.client_id, *listed))
        return UserPoolSnapshot(
            arn=arn,
            scope=resource.scope,
            member=_member(resource.pool_id, settings),
            settings=settings,
            mfa=self.facet(FacetName.MFA_CONFIGURATION, arn),
            risk=self.facet(FacetName.RISK_CONFIGURATION, arn),
            client_list=listing,
            clients=tuple(self._app_client(resource, each) for each in client_ids),
        )

    def _app_client(self, resource: Resource, client_id: str) -> AppClientSnapshot:
        arn = resource.scope.app_client_arn(resource.pool_id, client_id)
        settings = self.facet(FacetName.APP_CLIENT, arn)
        return AppClientSnapshot(arn=arn, member=_member(client_id, settings), settings=settings)

    def identity_pool(self, resource: Resource) -> IdentityPoolSnapshot:
        settings = self.facet(FacetName.IDENTITY_POOL, resource.arn)
        return IdentityPoolSnapshot(
            arn=resource.arn,
            scope=resource.scope,
            member=_member(resource.pool_id, settings),
            settings=settings,
            roles=self.facet(FacetName.IDENTITY_POOL_ROLES, resource.arn),
        )


def _member(resource_id: str, settings: Facet[Any]) -> Member:
    """Return what a list call would have named: the id alone where the settings were not read."""
    return Member(resource_id, settings.last_good.value.name if settings.last_good else "")
