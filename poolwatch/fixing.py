"""The fix of one finding, planned on what AWS answers now. Nothing is applied, here or anywhere else."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from collectors.attempt import attempt
from collectors.clients import Account, AccountTarget
from collectors.present_settings import SOURCES, PresentSettings, collect_present_settings
from collectors.user_pools import NOTHING_SET, THREAT_PROTECTION_IS_OFF
from poolwatch.planning import (
    Call,
    Difference,
    FixPlan,
    Status,
    differences,
    managed_by,
    merged,
    plan_reason,
    present_reasons,
)
from poolwatch.posture import Known, Verification, values_of
from poolwatch.reading import Progress
from poolwatch.verification import has_wider_view, refuse_other_type, sign_in, verify
from records.evaluation import Outcome
from records.facet import FacetName, Gap, NotCollectedError
from records.resource import Resource, ResourceType
from records.user_pool import UserPool
from rules.baselines import FSBP
from rules.engine import Baseline, Rule
from rules.evaluating import subject_of
from rules.remedies import Change, Operation, remedies

_RECORDS: Mapping[Operation, FacetName] = {
    Operation.UPDATE_USER_POOL: FacetName.USER_POOL,
    Operation.SET_USER_POOL_MFA: FacetName.MFA_CONFIGURATION,
    Operation.UPDATE_USER_POOL_CLIENT: FacetName.APP_CLIENT,
    Operation.UPDATE_IDENTITY_POOL: FacetName.IDENTITY_POOL,
}
# A user pool's plan, tags and number of users, and what remedies look at beyond what the rules read.
_ALSO = {
    False: (FacetName.USER_POOL,),
    True: (FacetName.USER_POOL, FacetName.MFA_CONFIGURATION, FacetName.RISK_CONFIGURATION),
}
_THREAT_PROTECTION = ("UserPoolAddOns", "AdvancedSecurityMode")
_OTHER_POOLS = (
    "the rule judges by what other pools are, too, so that one resource read again does not tell whether it"
    " still fails"
)
_NO_CALL = "no single call of Cognito's does it: follow the steps"
_OWNERS_CHOICE = "what to set is the owner's to choose: follow the steps"


def fix(
    rule: Rule,
    resource: Resource,
    target: AccountTarget,
    *,
    rate_share: float | None,
    known: Known | None = None,
    baseline: Baseline = FSBP,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_progress: Progress = lambda _done, _due: None,
) -> FixPlan:
    """Read the resource again and plan what closes the rule's finding on it.

    `known` is what the store holds; the plan has no call where AWS answers something else by now. Raises what
    `verify` raises, but for rules that look at other pools: their plan has the steps alone.
    """
    refuse_other_type(rule, resource)
    if has_wider_view(rule):
        return FixPlan(rule=rule, resource=resource, status=Status.WITHHELD, reasons=(_OTHER_POOLS,))
    account = sign_in(target, resource, rate_share)
    is_identity_pool = resource.type is ResourceType.IDENTITY_POOL
    verification = verify(
        rule,
        resource,
        target,
        rate_share=rate_share,
        baseline=baseline,
        before=known.before if known else None,
        clock=clock,
        on_progress=on_progress,
        account=account,
        also=() if is_identity_pool else _ALSO[resource.type is ResourceType.USER_POOL],
    )
    return _planned(verification, resource, account, known, baseline)


def _planned(
    verification: Verification,
    resource: Resource,
    account: Account,
    known: Known | None,
    baseline: Baseline,
) -> FixPlan:
    rule = verification.finding.rule
    pool = _user_pool(verification)

    def plan(
        status: Status,
        *reasons: str,
        calls: tuple[Call, ...] = (),
        changed: tuple[Difference, ...] = (),
    ) -> FixPlan:
        return FixPlan(
            rule=rule,
            resource=resource,
            status=status,
            verification=verification,
            user_pool=pool,
            managed_by=managed_by(pool),
            edits=tuple(edit for call in calls for edit in call.edits),
            calls=calls if status is Status.CALL else (),
            reasons=reasons,
            differences=changed,
        )

    match verification.finding.evaluation.outcome:
        case Outcome.PASS | Outcome.NOT_APPLICABLE:
            return plan(Status.NOTHING_TO_MEND)
        case Outcome.UNKNOWN | Outcome.ERROR:
            return plan(Status.CANNOT_JUDGE, *verification.finding.evaluation.messages)
        case _:
            pass
    fresh = values_of(verification.snapshot, resource.pool_arn)
    changed = tuple(differences(known.values, fresh)) if known else ()
    make = remedies()[rule.code].changes
    if make is None:
        return plan(Status.BY_HAND, _NO_CALL, changed=changed)
    try:
        subject, context = subject_of(
            verification.snapshot,
            rule,
            resource.arn,
            today=verification.judged_at.date(),
            baseline=baseline,
        )
        changes = tuple(make(subject, context))
    except NotCollectedError as error:
        return plan(Status.WITHHELD, _unread(error.gap), changed=changed)
    if not changes:
        return plan(Status.BY_HAND, _OWNERS_CHOICE, changed=changed)
    calls, reasons = _calls(changes, account, resource, fresh)
    if reason := plan_reason(rule, pool):
        reasons.append(reason)
    if changed:
        reasons.append("the settings are no longer those that the store's finding rests on")
    return plan(Status.WITHHELD if reasons else Status.CALL, *reasons, calls=calls, changed=changed)


def _calls(
    changes: Iterable[Change],
    account: Account,
    resource: Resource,
    fresh: Mapping[tuple[FacetName, str], object],
) -> tuple[tuple[Call, ...], list[str]]:
    """Return one call for each operation, in the changes' order, and why they are not to be made."""
    calls, reasons = [], []
    for operation in dict.fromkeys(change.operation for change in changes):
        present = _present(account, resource, operation, changes)
        if isinstance(present, str):
            reasons.append(present)
            continue
        reasons.extend(present_reasons(present))
        reasons.extend(_raced(present, operation, resource, fresh))
        own = (change for change in changes if change.operation is operation)
        call = merged(present, own, resource.scope.region)
        if not call.edits:
            reasons.append(f"{operation} would change nothing, and yet the rule fails")
        calls.append(call)
    return tuple(calls), reasons


def _present(
    account: Account, resource: Resource, operation: Operation, changes: Iterable[Change]
) -> PresentSettings | str:
    """Return the present input of an operation, or why there is none."""
    ids = _ids(resource, operation)
    if ids is None:
        return f"{operation} is not about one {resource.type.noun}"
    region, call = resource.scope.region, SOURCES[operation].call
    client: Any = account.client(call.partition(":")[0], region)
    nothing = PresentSettings(operation=operation, parameters=ids, record=NOTHING_SET)
    is_risk = operation is Operation.SET_RISK_CONFIGURATION
    present = attempt(
        call,
        lambda: collect_present_settings(client, operation, ids),
        region=region,
        instead=dict.fromkeys(THREAT_PROTECTION_IS_OFF, nothing) if is_risk else None,
    )
    if isinstance(present, Gap):
        return _unread(present)
    if present is nothing and not any(change.path == _THREAT_PROTECTION for change in changes):
        return "threat protection is off, and as long as it is, SetRiskConfiguration is refused"
    return present


def _ids(resource: Resource, operation: Operation) -> dict[str, str] | None:
    """Return the ids in the operation's input; None where it is about something else than the resource."""
    is_client = resource.type is ResourceType.APP_CLIENT
    if operation is Operation.UPDATE_IDENTITY_POOL:
        is_its_own = resource.type is ResourceType.IDENTITY_POOL
        return {"IdentityPoolId": resource.pool_id} if is_its_own else None
    if resource.type is ResourceType.IDENTITY_POOL:
        return None
    ids = {"UserPoolId": resource.pool_id}
    if operation is Operation.UPDATE_USER_POOL_CLIENT and not is_client:
        return None
    takes_client = operation in (Operation.UPDATE_USER_POOL_CLIENT, Operation.SET_RISK_CONFIGURATION)
    if takes_client and is_client and resource.part is not None:
        ids["ClientId"] = resource.part
    return ids


def _raced(
    present: PresentSettings,
    operation: Operation,
    resource: Resource,
    fresh: Mapping[tuple[FacetName, str], object],
) -> Iterator[str]:
    """Yield that somebody is changing the settings right now, where two answers of this minute differ."""
    facet = _RECORDS.get(operation)
    if operation is Operation.SET_RISK_CONFIGURATION:
        is_client = resource.type is ResourceType.APP_CLIENT
        facet = FacetName.CLIENT_RISK if is_client else FacetName.RISK_CONFIGURATION
    if facet is None:
        return
    arn = resource.arn if facet in _OF_A_CLIENT else resource.pool_arn
    if next(differences(fresh, {(facet, arn): present.record}), None) is not None:
        yield "somebody is changing the settings right now: two answers of AWS differ"


_OF_A_CLIENT = frozenset({FacetName.APP_CLIENT, FacetName.CLIENT_RISK})


def _user_pool(verification: Verification) -> UserPool | None:
    pool = next(iter(verification.snapshot.user_pools), None)
    settings = pool.settings.last_good if pool else None
    return settings.value if settings else None


def _unread(gap: Gap) -> str:
    return f"{gap.iam_action} was not read ({gap.reason.value.replace('_', ' ')})"
