"""Roles of user pools' groups: who else can take them on, and whether members can."""

from collections.abc import Iterator

from records.evaluation import Evidence, Severity
from records.facet import FacetName
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.feeding import outlets, unread_outlets
from rules.handed_out import read_first, trust_evidence
from rules.links import DOCS
from rules.role_trust import is_told_by_itself
from rules.roles import TRUST_GUIDE, has_group_roles
from rules.trust import Demand, WebIdentityTrust, web_identity_trusts

GROUPS_GUIDE = DOCS + "cognito-user-pools-user-groups.html"


@rule(
    "GRL001",
    Severity.HIGH,
    url=TRUST_GUIDE,
    applies=has_group_roles,
    reads=(FacetName.GROUPS, FacetName.ROLE),
)
def group_role_trusts_others(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A group's role can be taken on by guests, or through any identity pool of the account.

    Why: the group is meant to decide who gets the role; without a condition on aud every identity pool of the
    account can give it to its users, also one that somebody makes for it, and without one on amr its guests
    come by it, too.
    Fix: add StringEquals on cognito-identity.amazonaws.com:aud with the id of your identity pool, and
    ForAnyValue:StringLike on cognito-identity.amazonaws.com:amr with the value authenticated, to the role's
    trust policy with UpdateAssumeRolePolicy. Other identity pools that hand the role out must be named in aud
    as well.
    """
    for arn, where in read_first(_roles(ctx), ctx.region.role):
        role = ctx.region.role(arn).value
        for trust in web_identity_trusts(role.trust) if role else ():
            if role is None or trust.is_limited or trust.other_conditions:
                continue
            # That any identity pool can hand it out is told of the role itself, where that is judged.
            if _takes_any(trust) and is_told_by_itself(arn, ctx):
                continue
            if found := _too_wide(trust):
                words, severity, because = found
                yield Problem(
                    f"gives a group {arn}, which trusts {words}",
                    evidence=(*where, *trust_evidence(role, trust)),
                    severity=severity,
                    because=because,
                    target=arn,
                )


@rule(
    "GRL002",
    Severity.LOW,
    url=GROUPS_GUIDE,
    applies=has_group_roles,
    reads=(
        FacetName.GROUPS,
        FacetName.ROLE,
        FacetName.IDENTITY_POOLS,
        FacetName.IDENTITY_POOL,
        FacetName.IDENTITY_POOL_ROLES,
    ),
)
def group_role_cannot_be_taken_on(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Members of a group cannot take on the group's role.

    Why: the identity pool chooses the role by the token, and its trust policy refuses; the group's members
    get no credentials, and who mends that in a hurry tends to trust too much.
    Fix: name the identity pool in cognito-identity.amazonaws.com:aud, and authenticated in
    cognito-identity.amazonaws.com:amr, of the role's trust policy with UpdateAssumeRolePolicy; bring a role
    back that does not exist, or name another one with UpdateGroup.
    """
    for arn, where in read_first(_roles(ctx), ctx.region.role):
        role = ctx.region.role(arn).value
        if role is None:
            yield Problem(f"gives a group a role that does not exist: {arn}", evidence=where, target=arn)
            continue
        trusts = tuple(web_identity_trusts(role.trust))
        for outlet in outlets(ctx):
            methods = ("authenticated", outlet.provider_name)
            identity_pool_id = outlet.identity_pool.member.id
            if outlet.is_by_token and not any(
                _may_accept(each, identity_pool_id, methods) for each in trusts
            ):
                yield Problem(
                    f"gives a group {arn}, which does not trust identity pool {identity_pool_id}",
                    evidence=(
                        *where,
                        *(pair for each in trusts for pair in trust_evidence(role, each)),
                    ),
                    target=arn,
                )
    for facet in unread_outlets(ctx):
        _ = facet.value


def _roles(ctx: Context) -> Iterator[tuple[str, Evidence]]:
    """Yield the roles of the user pool's groups, each once, with the groups that have it."""
    named: dict[str, Evidence] = {}
    for group in ctx.pool.groups.value:
        if group.role_arn:
            entry = (f"Groups[{group.name}].RoleArn", group.role_arn)
            named[group.role_arn] = (*named.get(group.role_arn, ()), entry)
    yield from named.items()


def _takes_any(trust: WebIdentityTrust) -> bool:
    return trust.audiences is None or trust.audiences.accepts_anything


def _too_wide(trust: WebIdentityTrust) -> tuple[str, Severity | None, str] | None:
    """Return whom else a statement lets in, in words, with the severity and why it is not the rule's."""
    takes_any = _takes_any(trust)
    if takes_any and trust.accepts_guests:
        words = "guests of any identity pool of its account"
        return words, Severity.CRITICAL, "not even a sign-in is asked for"
    if takes_any:
        return "signed-in users of any identity pool of its account", None, ""
    if trust.accepts_guests:
        words = "guests just as signed-in users"
        return words, Severity.MEDIUM, "only identity pools that its trust policy names can hand it out"
    return None


def _may_accept(trust: WebIdentityTrust, identity_pool_id: str, methods: tuple[str, ...]) -> bool:
    """Whether a statement may let users of an identity pool in, whatever its other conditions demand."""
    return _accepts(trust.audiences, (identity_pool_id,)) and _accepts(trust.methods, methods)


def _accepts(demand: Demand | None, values: tuple[str, ...]) -> bool:
    return demand is None or any(demand.accepts(each) for each in values)
