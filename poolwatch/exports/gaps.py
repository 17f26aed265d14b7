"""The gaps of a run in groups that one remedy mends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from records.facet import FacetName, Gap, Reason
from records.resource import Scope, user_pool_of
from records.run import RunGap

# What to do about a gap; each can follow the reason and a colon.
ADVICE: Mapping[Reason, str] = {
    Reason.DENIED: "allow the action to the identity that collects (`poolwatch policy` prints them all)",
    Reason.EXPLICIT_DENY: "a policy forbids it, often a service control policy; ask those who own it",
    Reason.THROTTLED: "AWS throttled the calls; collect again later, or with a smaller --rate-share",
    Reason.NOT_SUPPORTED: "this region or plan does not offer it, or boto3 is too old to know it",
    Reason.REGION_OFF: "the account has not enabled this region; there is nothing to do",
    Reason.EXPIRED: "the credentials ran out on the way; sign in again and collect once more",
    Reason.NOT_FOUND: "a part of it was deleted meanwhile; collect again",
    Reason.MALFORMED: "AWS's answer was not understood; please report it with the message",
    Reason.UNAVAILABLE: "AWS did not answer; check network and proxy, then collect again",
    Reason.NOT_IN_PLAN: "the user pool's plan does not have it; there is nothing to do",
    Reason.OTHER_ACCOUNT: "add that account to poolwatch.toml, with a role that may read it",
    Reason.UNDECIDABLE: "what was read does not tell; look at it yourself, and mute what is fine",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GapGroup:
    """The gaps of one pool, of a region's list or of what a pool points to, with the same facet and reason.

    `count` tells how many resources lack the facet: more than one where it is about what belongs to a user
    pool, such as its app clients.
    """

    scope: Scope
    resource_arn: str
    facet: FacetName
    gap: Gap
    count: int


def gap_groups(gaps: Iterable[RunGap]) -> tuple[GapGroup, ...]:
    """Group gaps by pool, facet and reason, in order of scope and pool; the message is the first one's."""
    groups: dict[tuple[Scope, str, FacetName, str, Reason], list[RunGap]] = {}
    for each in gaps:
        pool_arn = user_pool_of(each.resource_arn)
        key = (each.scope, pool_arn, each.facet, each.gap.operation, each.gap.reason)
        groups.setdefault(key, []).append(each)
    return tuple(
        GapGroup(scope=scope, resource_arn=arn, facet=facet, gap=members[0].gap, count=len(members))
        for (scope, arn, facet, _, _), members in sorted(groups.items())
    )
