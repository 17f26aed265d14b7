"""One rule on one resource, read again over AWS and judged now; nothing is written anywhere."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from collectors.clients import Account, AccountTarget, open_account
from collectors.limiter import RateLimiter
from poolwatch.posture import Before, Finding, Verification
from poolwatch.reading import PACED_WORKERS, UNPACED_WORKERS, Progress, Reading
from records.errors import CredentialsError, PoolwatchError, UsageError
from records.evaluation import Evaluation
from records.facet import Facet, FacetName, Gap, Holder, Reason
from records.iam import Role
from records.identity_pool import IdentityPool
from records.resource import Member, Resource, ResourceType
from records.run import Answer, RunGap
from records.snapshot import (
    AppClientSnapshot,
    DomainSnapshot,
    IdentityPoolSnapshot,
    IdentityProviderSnapshot,
    RegionSnapshot,
    Snapshot,
    UserPoolSnapshot,
)
from rules.baselines import FSBP
from rules.engine import Baseline, Rule
from rules.evaluating import evaluate

Part = TypeVar("Part", AppClientSnapshot, IdentityProviderSnapshot, DomainSnapshot)

# What hangs on a pool and can be read with it: of a user pool (False) and of an identity pool (True).
_SURROUNDINGS = frozenset({Holder.REGION, Holder.REFERENCE})
_OWN = {
    False: _SURROUNDINGS | {Holder.USER_POOL, Holder.APP_CLIENT, Holder.IDENTITY_PROVIDER, Holder.DOMAIN},
    True: _SURROUNDINGS | {Holder.IDENTITY_POOL},
}
# No run of the store's; runs are numbered from 1.
_NO_RUN = 0


def verify(
    rule: Rule,
    resource: Resource,
    target: AccountTarget,
    *,
    rate_share: float | None,
    baseline: Baseline = FSBP,
    before: Before | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_progress: Progress = lambda _done, _due: None,
    account: Account | None = None,
    also: Collection[FacetName] = (),
) -> Verification:
    """Read what the rule reads of the resource, and `also`, and judge it.

    `account` is the target's, where somebody has signed in already. Raises UsageError where the rule runs on
    another type of resource or looks at other pools too, or the resource is in another account than the
    credentials; CredentialsError where AWS does not accept them; and PoolwatchError where AWS has no such
    resource.
    """
    refuse_other_type(rule, resource)
    _refuse_wider_view(rule)
    account = account or sign_in(target, resource, rate_share)
    taken: list[Answer] = []
    reading = Reading(
        {account.identity.account_id: account},
        keep=taken.append,
        clock=clock,
        on_progress=on_progress,
        facets=_facets(rule) | frozenset(also),
    )
    result = reading.read_resource(resource, is_paced=rate_share is not None)
    if result.errors:
        raise result.errors[0]
    now = clock()
    answers = tuple(result.settlement.applied(taken))
    found = _Answers({(each.facet, each.resource_arn): each for each in answers})
    _refuse_unfound(rule, resource, found)
    snapshot = _snapshot(resource, found, now)
    (evaluation,) = (
        each
        for each in evaluate(snapshot, (rule,), today=now.date(), baseline=baseline)
        if each.resource_arn == resource.arn
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


def sign_in(target: AccountTarget, resource: Resource, rate_share: float | None) -> Account:
    """Sign in to the account of a resource.

    Raises UsageError where the credentials are of another account, and CredentialsError where AWS does not
    accept them.
    """
    sign_in_at = partial(
        open_account,
        target,
        RateLimiter(rate_share),
        workers=UNPACED_WORKERS if rate_share is None else PACED_WORKERS,
    )
    region = resource.scope.region
    try:
        account = sign_in_at(region=region)
    except CredentialsError as refusal:
        # STS knows no caller in another partition, nor in a region that is off; in the caller's own it does.
        try:
            account = sign_in_at()
        except CredentialsError:
            raise refusal from None
        _refuse_other_account(resource, account)
        raise CredentialsError(
            f"The credentials are good, but {region} does not accept them.",
            "Has the account enabled this region? If it has, session tokens must be valid in all regions.",
        ) from refusal
    _refuse_other_account(resource, account)
    return account


def refuse_other_type(rule: Rule, resource: Resource) -> None:
    """Raise UsageError where the rule runs on another type of resource."""
    if rule.resource_type is not resource.type:
        raise UsageError(
            f"{rule.code} looks at {rule.resource_type.noun}s, not at {resource.type.noun}s.",
            "An app client's ARN is its user pool's with /client/<id> behind it; `poolwatch scan --format"
            " json` has them all.",
        )


def has_wider_view(rule: Rule) -> bool:
    """Whether a rule judges a resource by what other pools are, too."""
    beyond = [facet for facet in rule.reads if facet.holder not in _OWN[rule.subject is IdentityPool]]
    lists = {FacetName.USER_POOLS, FacetName.IDENTITY_POOLS}.intersection(rule.reads)
    return bool(beyond or lists)


def _refuse_wider_view(rule: Rule) -> None:
    if rule.subject is Role:
        raise UsageError(
            f"{rule.code} judges IAM roles, which are read all at once and not one by one.",
            "`poolwatch collect` reads them all, and `poolwatch scan` tells what the rule says then.",
        )
    if has_wider_view(rule):
        raise UsageError(
            f"{rule.code} judges {rule.resource_type.noun}s by what other pools are, too.",
            "`poolwatch collect` reads them all, and `poolwatch scan` tells what the rule says then.",
        )


def _facets(rule: Rule) -> frozenset[FacetName]:
    """Return what to read for a rule, with what has to be read first to get there."""
    wanted = {*rule.reads}
    # Whether a plan has these, the user pool's settings tell.
    if wanted & {FacetName.CLIENT_SESSION, FacetName.CLIENT_RISK}:
        wanted.add(FacetName.USER_POOL)
    # A role names the boundary of its policies.
    if FacetName.ROLE_POLICIES in wanted:
        wanted.add(FacetName.ROLE)
    return frozenset(wanted)


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
    own = {
        name: found.facet(name, resource.scope.facet_arn(name))
        for name in FacetName.of(Holder.REGION)
        if not name.is_list
    }
    # The pools of the other kind were not asked for, which is not to say that there are none.
    other = FacetName.USER_POOLS if is_identity_pool else FacetName.IDENTITY_POOLS
    lists = {
        name: found.facet(name, resource.scope.facet_arn(name)) if name is other else Facet[Any].read((), now)
        for name in (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS)
    }
    return Snapshot(
        regions=(
            RegionSnapshot(
                scope=resource.scope,
                run_id=_NO_RUN,
                collected_at=now,
                facets={**own, **lists},
                user_pools=() if is_identity_pool else (found.user_pool(resource),),
                identity_pools=(found.identity_pool(resource),) if is_identity_pool else (),
                references=found.references,
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

    @property
    def references(self) -> Mapping[tuple[FacetName, str], Facet[Any]]:
        return {
            (name, arn): self.facet(name, arn) for name, arn in self.by_key if name.holder is Holder.REFERENCE
        }

    def user_pool(self, resource: Resource) -> UserPoolSnapshot:
        scope, pool_id, arn = resource.scope, resource.pool_id, resource.pool_arn
        facets = self._facets(Holder.USER_POOL, arn)
        settings = facets[FacetName.USER_POOL]
        pool = settings.last_good.value if settings.last_good else None
        domains = [name for name in (pool.domain, pool.custom_domain) if name] if pool else []
        return UserPoolSnapshot(
            arn=arn,
            scope=scope,
            member=_member(pool_id, settings),
            facets=facets,
            clients=tuple(
                self._part(AppClientSnapshot, Holder.APP_CLIENT, scope.app_client_arn(pool_id, each), each)
                for each in _named(resource, ResourceType.APP_CLIENT, facets[FacetName.APP_CLIENTS])
            ),
            identity_providers=tuple(
                self._part(
                    IdentityProviderSnapshot,
                    Holder.IDENTITY_PROVIDER,
                    scope.identity_provider_arn(pool_id, each),
                    each,
                )
                for each in _named(
                    resource, ResourceType.IDENTITY_PROVIDER, facets[FacetName.IDENTITY_PROVIDERS]
                )
            ),
            domains=tuple(
                self._part(DomainSnapshot, Holder.DOMAIN, scope.domain_arn(pool_id, each), each)
                for each in dict.fromkeys((*_asked(resource, ResourceType.DOMAIN), *domains))
            ),
        )

    def identity_pool(self, resource: Resource) -> IdentityPoolSnapshot:
        facets = self._facets(Holder.IDENTITY_POOL, resource.arn)
        return IdentityPoolSnapshot(
            arn=resource.arn,
            scope=resource.scope,
            member=_member(resource.pool_id, facets[FacetName.IDENTITY_POOL]),
            facets=facets,
        )

    def _facets(self, holder: Holder, arn: str) -> Mapping[FacetName, Facet[Any]]:
        return {name: self.facet(name, arn) for name in FacetName.of(holder)}

    def _part(self, kind: type[Part], holder: Holder, arn: str, part: str) -> Part:
        facets = self._facets(holder, arn)
        return kind(arn=arn, member=_member(part, facets[FacetName.of(holder)[0]]), facets=facets)


def _named(resource: Resource, kind: ResourceType, listing: Facet[Any]) -> Iterable[str]:
    """Return the ids that a list names, the one that was asked for first, whether or not it is among them."""
    listed = (each.id for each in listing.last_good.value) if listing.last_good else ()
    return dict.fromkeys((*_asked(resource, kind), *listed))


def _asked(resource: Resource, kind: ResourceType) -> Iterable[str]:
    return (resource.part,) if resource.type is kind and resource.part is not None else ()


def _member(resource_id: str, settings: Facet[Any]) -> Member:
    """Return what a list call would have named: the id alone where the settings were not read."""
    record = settings.last_good.value if settings.last_good else None
    return Member(resource_id, record.name if record else "")
