"""What the answers of a run amount to once all are there: which resources are gone, which regions are off."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from records.facet import FacetName, Gap, Reason
from records.resource import Member, Scope
from records.run import Answer

# Only "not found" from these can mean that the resource itself is gone; from other calls a part may be meant.
_DESCRIBED = frozenset({FacetName.USER_POOL, FacetName.APP_CLIENT, FacetName.IDENTITY_POOL})
_REGION_LISTS = (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS)
_LISTS = frozenset({*_REGION_LISTS, FacetName.APP_CLIENTS})


def settled(answers: Iterable[Answer], list_again: Callable[[Answer], object]) -> tuple[Answer, ...]:
    """Drop what was deleted in mid-run, and take "off" back from regions that answered after all.

    A resource is gone where its describe call did not find it and its list, asked once more by `list_again`,
    no longer names it: a "not found" alone may be anything, and would close all that is known of it.
    """
    found = _without_half_off(tuple(answers))
    gone = frozenset(_gone(found, list_again))
    if not gone:
        return found
    return tuple(
        _without_members(answer, gone) for answer in found if not _is_gone(answer.resource_arn, gone)
    )


def _gone(answers: Sequence[Answer], list_again: Callable[[Answer], object]) -> Iterator[str]:
    suspects = {
        answer.resource_arn
        for answer in answers
        if answer.facet in _DESCRIBED
        and isinstance(answer.outcome, Gap)
        and answer.outcome.reason is Reason.NOT_FOUND
    }
    if not suspects:
        return
    for answer in answers:
        missing = suspects & set(_member_arns(answer))
        if missing:
            again = replace(answer, outcome=list_again(answer))
            if not isinstance(again.outcome, Gap):
                yield from missing - set(_member_arns(again))


def _without_half_off(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Take a refused list for unavailable where the region's other list was answered: the region is on."""
    states: dict[Scope, list[bool]] = defaultdict(list)
    for answer in answers:
        if answer.facet in _REGION_LISTS:
            states[answer.scope].append(isinstance(answer.outcome, Gap) and answer.outcome.is_off)
    half_off = {scope for scope, is_off in states.items() if any(is_off) and not all(is_off)}
    return tuple(
        replace(answer, outcome=replace(answer.outcome, reason=Reason.UNAVAILABLE))
        if answer.scope in half_off and isinstance(answer.outcome, Gap) and answer.outcome.is_off
        else answer
        for answer in answers
    )


def _is_gone(arn: str, gone: frozenset[str]) -> bool:
    return arn in gone or arn.partition("/client/")[0] in gone


def _without_members(answer: Answer, gone: frozenset[str]) -> Answer:
    if not any(arn in gone for arn in _member_arns(answer)):
        return answer
    kept = tuple(member for member in _members(answer) if _member_arn(answer, member) not in gone)
    return replace(answer, outcome=kept)


def _member_arns(answer: Answer) -> Iterator[str]:
    return (_member_arn(answer, member) for member in _members(answer))


def _members(answer: Answer) -> tuple[Member, ...]:
    if answer.facet not in _LISTS or not isinstance(answer.outcome, tuple):
        return ()
    return answer.outcome


def _member_arn(answer: Answer, member: Member) -> str:
    # The ARN of a region's list ends in its wildcard, that of a user pool's clients is the user pool's.
    if answer.facet is FacetName.APP_CLIENTS:
        return f"{answer.resource_arn}/client/{member.id}"
    return f"{answer.resource_arn.removesuffix('*')}{member.id}"
