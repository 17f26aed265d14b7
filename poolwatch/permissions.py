"""Which operations an account's answers show to be allowed or refused, and which nobody could try."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from collectors.clients import CALLS as SIGN_IN_CALLS
from collectors.policy import CALLS
from poolwatch.checks import Check, Status
from poolwatch.exports.gaps import ADVICE
from poolwatch.text import counted, listed
from records.facet import FacetName, Gap, Reason, iam_actions
from records.resource import Arn
from records.run import Answer

REGION_LISTS = (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS)
_SUBJECT = "permissions"
_ABOUT_REGIONS = frozenset({Reason.REGION_OFF, Reason.UNAVAILABLE})
_ABOUT_RIGHTS = frozenset({Reason.DENIED, Reason.EXPLICIT_DENY})
_ACCOUNTS_SHOWN = 6


def permissions(
    answered: Sequence[Answer],
    gaps: Sequence[Answer],
    calls: Collection[str],
    other_accounts: Collection[str] = (),
) -> Iterator[Check]:
    """Yield what the answers to a sample of a run's calls tell, once signed in: one check for each remedy.

    `calls` are the operations that were called; `other_accounts` are those that a run reads beside this one.
    """
    refused = _refused(gaps)
    refusals = frozenset[str]().union(*refused.values())
    first = {answer.facet.operation for answer in answered}
    # Of several operations behind one facet, those count that were called.
    allowed = {each for answer in answered for each in answer.facet.operations if each in calls} - refusals
    allowed |= SIGN_IN_CALLS
    if answered:
        yield Check(
            subject=_SUBJECT,
            status=Status.OK,
            message=f"{len(allowed)} of the {len(CALLS)} operations were tried and are allowed.",
        )
    for reason, operations in sorted(refused.items()):
        names = (_named(each, reason, is_partial=each in first) for each in sorted(operations))
        yield Check(
            subject=_SUBJECT,
            status=Status.LACKS,
            message=f"{reason.value.replace('_', ' ').capitalize()}"
            f" ({counted(len(operations), 'operation')}): {', '.join(names)}.",
            hint=f"{ADVICE[reason].capitalize()}.",
        )
    yield from _elsewhere(gaps, other_accounts)
    if untried := sorted(CALLS - set(calls)):
        yield Check(
            subject=_SUBJECT,
            status=Status.NOTE,
            message=f"{counted(len(untried), 'operation')} could not be tried, for nothing that was looked at"
            f" leads there: {', '.join(untried)}.",
            hint="Some of them may follow once what is refused is allowed." if refused else None,
        )


def _refused(gaps: Sequence[Answer]) -> dict[Reason, set[str]]:
    refused: dict[Reason, set[str]] = defaultdict(set)
    for answer in gaps:
        gap = answer.outcome
        if not isinstance(gap, Gap) or gap.is_off or gap.reason is Reason.OTHER_ACCOUNT:
            continue
        # Regions that are off or silent say nothing of permissions, and are told of already.
        if not (answer.facet in REGION_LISTS and gap.reason in _ABOUT_REGIONS):
            refused[gap.reason].add(gap.operation)
    return refused


def _named(operation: str, reason: Reason, *, is_partial: bool) -> str:
    where = " in some places" if is_partial else ""
    actions = iam_actions(operation)
    needs = f" (needs {' and '.join(actions)})" if reason in _ABOUT_RIGHTS and actions != (operation,) else ""
    return f"{operation}{needs}{where}"


def _elsewhere(gaps: Sequence[Answer], other_accounts: Collection[str]) -> Iterator[Check]:
    """Tell what lies in accounts that no run reads: no permission of this account's mends that."""
    arns: dict[str, set[str]] = defaultdict(set)
    for answer in gaps:
        if isinstance(answer.outcome, Gap) and answer.outcome.reason is Reason.OTHER_ACCOUNT:
            account_id = Arn.of(answer.resource_arn).account_id
            if account_id not in other_accounts:
                arns[account_id].add(answer.resource_arn)
    if arns:
        accounts = (
            f"{account_id} ({counted(len(found), 'resource')})" for account_id, found in sorted(arns.items())
        )
        yield Check(
            subject="references",
            status=Status.LACKS,
            message="Some of what pools point to lies in accounts that a run does not read:"
            f" {listed(accounts, _ACCOUNTS_SHOWN)}.",
            hint=f"{ADVICE[Reason.OTHER_ACCOUNT].capitalize()}.",
        )
