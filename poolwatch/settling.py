"""What lists and gaps amount to once all is read: which resources are gone, which regions are off."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from records.facet import FacetName, Gap, Reason
from records.resource import Member, user_pool_of
from records.run import Answer

# Only "not found" from these can mean that the resource itself is gone; from other calls a part may be meant.
_DESCRIBED = frozenset(
    {FacetName.USER_POOL, FacetName.APP_CLIENT, FacetName.IDENTITY_PROVIDER, FacetName.IDENTITY_POOL}
)
_REGION_LISTS = (FacetName.USER_POOLS, FacetName.IDENTITY_POOLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a reading's answers come to in the end.

    `replaced` are answers that stand in place of those of the same scope, facet and ARN; `gone` are the ARNs
    of resources that were deleted in mid-run, of which, and of whose parts, nothing counts.
    """

    replaced: tuple[Answer, ...]
    gone: frozenset[str]

    def applied(self, answers: Iterable[Answer]) -> Iterator[Answer]:
        """Yield the answers as they count."""
        replaced = {(each.scope, each.facet, each.resource_arn): each for each in self.replaced}
        for answer in answers:
            if not {answer.resource_arn, user_pool_of(answer.resource_arn)} & self.gone:
                yield replaced.get((answer.scope, answer.facet, answer.resource_arn), answer)


def settle(answers: Iterable[Answer], list_again: Callable[[Answer], object]) -> Settlement:
    """Find what was deleted in mid-run, and take "off" back from regions that answered after all.

    `answers` are the lists and the gaps. A resource is gone where its describe call did not find it and its
    list, asked once more by `list_again`, no longer names it: a "not found" alone may be anything, and would
    close all that is known of it.
    """
    found = tuple(answers)
    gone = frozenset(_gone(found, list_again))
    replaced = (*_half_off(found), *_without_members(found, gone))
    return Settlement(replaced=replaced, gone=gone)


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


def _half_off(answers: Sequence[Answer]) -> Iterator[Answer]:
    """Take a refused list for unavailable where the region's other list was answered: the region is on."""
    states: dict[object, list[bool]] = defaultdict(list)
    for answer in answers:
        if answer.facet in _REGION_LISTS:
            states[answer.scope].append(_is_region_off(answer))
    half_off = {scope for scope, is_off in states.items() if any(is_off) and not all(is_off)}
    for answer in answers:
        if answer.scope in half_off and isinstance(answer.outcome, Gap) and _is_region_off(answer):
            yield replace(answer, outcome=replace(answer.outcome, reason=Reason.UNAVAILABLE))


def _is_region_off(answer: Answer) -> bool:
    return isinstance(answer.outcome, Gap) and answer.outcome.reason is Reason.REGION_OFF


def _without_members(answers: Sequence[Answer], gone: frozenset[str]) -> Iterator[Answer]:
    for answer in answers:
        if gone.intersection(_member_arns(answer)):
            members = (each for each in _members(answer) if _member_arn(answer, each) not in gone)
            yield replace(answer, outcome=tuple(members))


def _member_arns(answer: Answer) -> Iterator[str]:
    return (_member_arn(answer, member) for member in _members(answer))


def _members(answer: Answer) -> tuple[Member, ...]:
    if not answer.facet.is_list or not isinstance(answer.outcome, tuple):
        return ()
    return answer.outcome


def _member_arn(answer: Answer, member: Member) -> str:
    return answer.scope.member_arn(answer.facet, answer.resource_arn, member.id)
