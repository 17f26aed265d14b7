"""IAM roles of the account that trust identity pools, also those that no pool hands out."""

import re
from collections.abc import Iterator
from dataclasses import replace

from records.evaluation import Severity
from records.facet import Facet, FacetName, Gap, Reason
from records.iam import Role
from records.snapshot import Members
from rules.engine import Context, Problem, rule
from rules.handed_out import trust_evidence, trusts_of
from rules.links import DOCS
from rules.memory import remembered
from rules.trust import Demand, WebIdentityTrust

_GUIDE = DOCS + "identity-pools-security-best-practices.html"
_IDENTITY_POOL_ID = re.compile(r"([a-z]{2}(?:-[a-z]+)+-\d):[0-9a-f-]{1,55}", re.ASCII)


@rule("RTR001", Severity.CRITICAL, url=_GUIDE)
def role_trusts_any_identity_pool(role: Role, _ctx: Context) -> Iterator[Problem]:
    """A role can be taken on through any identity pool of its account.

    Why: without a condition on aud every identity pool of the account can hand the role out, also one that
    somebody makes for it, and without one on amr to people who never signed in; CVE-2024-28056 came of that.
    IAM refuses such trust policies since 2024 and STS their use across accounts, but old roles, such as AWS
    Amplify's, still work within the account.
    Fix: delete the role if nothing uses it; else add StringEquals on cognito-identity.amazonaws.com:aud with
    the ids of the identity pools that hand it out, and ForAnyValue:StringLike on
    cognito-identity.amazonaws.com:amr, to its trust policy with UpdateAssumeRolePolicy. Users of an identity
    pool that is left out lose the role.
    """
    for trust in certain_trusts(role):
        if trust.audiences is None or trust.audiences.accepts_anything:
            severity, because = None, ""
            whom = "guests"
            if not trust.accepts_guests:
                whom, severity, because = "signed-in users", Severity.HIGH, "it asks for a sign-in"
            words = f"{whom} of any identity pool of its account"
        elif trust.audiences.has_wildcard:
            words = f"identity pools by wildcard: {', '.join(trust.audiences.values)}"
            severity, because = Severity.HIGH, "identity pools have to match the wildcard"
        else:
            continue
        yield Problem(
            f"trusts {words}", evidence=trust_evidence(role, trust), severity=severity, because=because
        )


@rule("RTR002", Severity.HIGH, url=_GUIDE, reads=(FacetName.IDENTITY_POOLS,))
def role_trusts_unknown_identity_pool(role: Role, ctx: Context) -> Iterator[Problem]:
    """A role trusts an identity pool that the account does not have.

    Why: an identity pool of somebody else has no business with the role, and one that is gone shows that
    nobody looks after it.
    Fix: leave in cognito-identity.amazonaws.com:aud of the trust policy the ids of your own identity pools
    alone, with UpdateAssumeRolePolicy, or delete the role if nothing uses it. Apps that use an identity pool
    which you remove lose the role.
    Unsure when: the identity pool belongs to an account of your own that Poolwatch does not read.
    """
    unread: list[Facet[Members]] = []
    for trust in certain_trusts(role):
        if trust.audiences is not None and not trust.audiences.has_wildcard:
            for audience, whose in strange_audiences(trust.audiences, ctx, unread):
                yield Problem(
                    f"trusts identity pool {audience} {whose}", evidence=trust_evidence(role, trust)
                )
    for listed in unread:
        _ = listed.value


def certain_trusts(role: Role) -> Iterator[WebIdentityTrust]:
    """Yield what a role demands of identity pools' tokens, where nothing else may shut tokens out."""
    return (each for each in trusts_of(role) if not each.is_limited and not each.other_conditions)


def is_told_by_itself(role_arn: str, ctx: Context) -> bool:
    """Whether the role is among those of the account that are judged by themselves."""
    _, roles = ctx.snapshot.account_roles(ctx.region.scope)
    return roles.known is not None and role_arn in _arns(roles.known)


def strange_audiences(
    audiences: Demand, ctx: Context, unread: list[Facet[Members]]
) -> Iterator[tuple[str, str]]:
    """Yield the identity pools that are not the account's, each with whose it is.

    The lists that would tell but were not read are added to `unread`.
    """
    for audience in audiences.values:
        owners = _owners_of(audience, ctx)
        listed = _list_of(audience, ctx)
        if ctx.region.scope.account_id in owners or listed is None:
            continue
        if owners:
            yield audience, f"of account {', '.join(owners)}"
        elif listed.gap is not None:
            unread.append(listed)
        elif all(each.id != audience for each in listed.value):
            yield audience, "that the account does not have"


@remembered(64)
def _arns(roles: tuple[Role, ...]) -> frozenset[str]:
    return frozenset(role.arn for role in roles)


def _owners_of(identity_pool_id: str, ctx: Context) -> list[str]:
    """Return the accounts of the snapshot that have an identity pool."""
    place = identity_pool_id.partition(":")[0]
    return [
        region.scope.account_id
        for region in ctx.snapshot.regions
        if region.scope.region == place and region.scope.partition == ctx.region.scope.partition
        if any(each.member.id == identity_pool_id for each in region.identity_pools)
    ]


def _list_of(identity_pool_id: str, ctx: Context) -> Facet[Members] | None:
    """Return the list in which an identity pool of the account would stand; None where the text is no id."""
    named = _IDENTITY_POOL_ID.fullmatch(identity_pool_id)
    if named is None:
        return None
    place = replace(ctx.region.scope, region=named[1])
    for region in ctx.snapshot.regions:
        if region.scope == place:
            return region.identity_pool_list
    return Facet.missing(
        Gap(
            operation=FacetName.IDENTITY_POOLS.operation,
            reason=Reason.UNAVAILABLE,
            message=f"the region {place.region} was not read",
        )
    )
