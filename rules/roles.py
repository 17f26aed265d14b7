"""IAM roles of users: whose tokens may take them on, and whether they allow users too much."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from records.evaluation import Evidence, Severity
from records.facet import Facet, FacetName
from records.iam import Role
from records.identity_pool import IdentityPool
from records.snapshot import Members
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.feeding import can_be_taken_on, outlets, unread_outlets
from rules.handed_out import (
    all_roles,
    judged_first,
    lets_guests_in,
    role_records,
    trust_evidence,
    users_roles,
)
from rules.iam_actions import DATA_WRITES
from rules.links import DOCS
from rules.open_sign_up import strangers_roles
from rules.reach import Ability, Question, Reach, account_of, beside, demand_answers, foreign, reach_of, said
from rules.role_trust import certain_trusts, is_told_by_itself, strange_audiences
from rules.trust import WebIdentityTrust, web_identity_trusts

TRUST_GUIDE = DOCS + "identity-pools-security-best-practices.html"
ROLES_GUIDE = DOCS + "iam-roles.html"


def lets_guests_in_by_the_enhanced_flow(pool: IdentityPool, _ctx: Context) -> bool:
    """Whether guests get an identity, and Amazon Cognito alone chooses their role."""
    return pool.allows_guest_access and not pool.allows_classic_flow


def lets_no_guests_in(pool: IdentityPool, _ctx: Context) -> bool:
    """Whether guests get no identity."""
    return not pool.allows_guest_access


def has_group_roles(_pool: UserPool, ctx: Context) -> bool:
    """Whether a group of the user pool has a role."""
    return any(group.role_arn for group in ctx.pool.groups.value)


@rule(
    "ROL001",
    Severity.CRITICAL,
    url=TRUST_GUIDE,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE),
)
def role_trusts_guests_of_any_identity_pool(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """A role can be taken on by guests of any identity pool of the account.

    Why: without a condition on aud every identity pool of the account can hand the role out, also one that
    somebody makes for it, and without one on amr to people who never signed in.
    Fix: add StringEquals on cognito-identity.amazonaws.com:aud with this identity pool's id, and
    ForAnyValue:StringLike on cognito-identity.amazonaws.com:amr, to the trust policy with
    UpdateAssumeRolePolicy. Other identity pools that hand the role out must be named in aud as well.
    """
    for role, trust, where in _trusts(pool, ctx):
        if _takes_any_identity_pool(trust) and trust.accepts_guests:
            yield Problem(
                f"hands out {role.arn}, which trusts guests of any identity pool of its account",
                evidence=(*where, *trust_evidence(role, trust)),
                target=role.arn,
            )


@rule(
    "ROL002",
    Severity.HIGH,
    url=TRUST_GUIDE,
    reads=(
        FacetName.IDENTITY_POOL_ROLES,
        FacetName.ROLE,
        FacetName.IDENTITY_POOLS,
    ),
)
def role_trusts_foreign_identity_pools(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """A role can be taken on through identity pools that do not belong to the account.

    Why: whoever owns an identity pool that the trust policy names decides who gets this role; with a
    wildcard, or with no aud at all, that is also a pool that is only made later.
    Fix: name in cognito-identity.amazonaws.com:aud of the trust policy the ids of your own identity pools
    alone, by StringEquals, with UpdateAssumeRolePolicy. Apps that use a pool which you remove lose the role.
    Unsure when: the other identity pool belongs to an account of your own that Poolwatch does not read.
    """
    unread: list[Facet[Members]] = []
    for role, trust, where in _trusts(pool, ctx):
        evidence = (*where, *trust_evidence(role, trust))
        if trust.audiences is None or trust.audiences.has_wildcard:
            # Guests of any identity pool are the more severe rule's matter.
            if not (_takes_any_identity_pool(trust) and trust.accepts_guests):
                yield Problem(
                    f"hands out {role.arn}, which trusts {_widely(trust)}", evidence, target=role.arn
                )
            continue
        for audience, whose in strange_audiences(trust.audiences, ctx, unread):
            yield Problem(
                f"hands out {role.arn}, which trusts identity pool {audience} {whose}",
                evidence,
                target=role.arn,
            )
    for listed in unread:
        _ = listed.value


@rule(
    "ROL003",
    Severity.HIGH,
    url=TRUST_GUIDE,
    applies=lets_guests_in_by_the_enhanced_flow,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE),
)
def users_role_trusts_guests(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """A role for signed-in users trusts the guests of the identity pool, too.

    Why: the identity pool lets guests in, and their tokens fulfil the trust policy; that AWS chooses another
    role for them is all that keeps them out, and AllowClassicFlow takes that away.
    Fix: add ForAnyValue:StringLike on cognito-identity.amazonaws.com:amr with the value authenticated to
    the role's trust policy with UpdateAssumeRolePolicy. Nobody who signs in notices.
    """
    yield from _roles_open_to_guests(pool, ctx, "trusts guests just as signed-in users")


@rule(
    "ROL004",
    Severity.MEDIUM,
    url=TRUST_GUIDE,
    applies=lets_no_guests_in,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE),
)
def users_role_asks_for_no_sign_in(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """A role for signed-in users would trust guests, were there any.

    Why: as soon as somebody lets guests into the identity pool, their tokens fulfil the trust policy.
    Fix: add ForAnyValue:StringLike on cognito-identity.amazonaws.com:amr with the value authenticated to
    the role's trust policy with UpdateAssumeRolePolicy. Nobody who signs in notices.
    """
    yield from _roles_open_to_guests(pool, ctx, "does not ask for a sign-in (amr)")


@rule(
    "ROL005",
    Severity.HIGH,
    url=ROLES_GUIDE,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE_POLICIES),
    peers={"stave": ("CTL.COGNITO.IDPOOL.AUTHROLE.BROAD",)},
)
def users_get_wildcard_rights(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Signed-in users may do everything, or all that a service offers.

    Why: a wildcard grants what nobody thought of, and each action that AWS adds later, to every user and to
    whoever gets hold of a user's session.
    Fix: name in the role's policies the actions that the app calls, on the resources that it needs; look at
    the role's calls in CloudTrail first, for what is left out stops to work.
    Unsure when: a policy of the organization, which Poolwatch does not read, bounds the role. Wildcards by
    which users can give themselves more rights are another rule's matter.
    """
    roles = ctx.identities.roles.value
    entrances: Mapping[str, str] | None = None
    for arn, where, reach in _reaches(ctx):
        wildcards = tuple(beside(reach.wildcards, reach.escalations))
        if wildcards and entrances is None:
            entrances = strangers_roles(pool, roles, ctx)
        entrance = entrances.get(arn) if entrances else None
        about = Problem(
            "",
            where,
            severity=Severity.CRITICAL if entrance else None,
            because=f"{entrance} leads anybody to the role",
            target=arn,
        )
        yield from _rights(f"lets signed-in users by {arn}", about, wildcards)


@rule(
    "ROL006",
    Severity.CRITICAL,
    url=ROLES_GUIDE,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE_POLICIES),
    peers={"stave": ("CTL.COGNITO.IDPOOL.AUTHROLE.ASSUMEROLE", "CTL.COGNITO.IDPOOL.AUTHROLE.PASSROLE")},
)
def users_can_escalate(_pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Signed-in users can give themselves more rights.

    Why: each of these actions is a known step from a small role to the account: it changes policies, hands
    roles on, runs code with another role, or reads secrets.
    Fix: take the action out of the role's policies and let a back end do what needs it; look at the role's
    calls in CloudTrail first, for apps that use the action stop to work.
    Unsure when: a policy of the organization, which Poolwatch does not read, bounds the role. What conditions
    decide is unknown, and the statement is shown.
    """
    undecided: list[tuple[str, Question]] = []
    for arn, where, reach in _reaches(ctx):
        escalations = tuple(reach.escalations)
        yield from _rights(f"lets signed-in users by {arn}", Problem("", where, target=arn), escalations)
        undecided += [] if escalations else [(arn, question) for question in reach.questions]
    demand_answers(undecided)


@rule(
    "ROL007",
    Severity.MEDIUM,
    url=ROLES_GUIDE,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE_POLICIES),
)
def users_reach_each_others_data(_pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Signed-in users reach the objects and items of all users.

    Why: all users share the role; where neither the resource nor a condition names the user, each reads or
    changes what belongs to the others.
    Fix: put ${cognito-identity.amazonaws.com:sub} or ${aws:PrincipalTag/...} into the resource of the S3
    statement, or into a condition on s3:prefix or dynamodb:LeadingKeys. Data that lies under other keys must
    be moved first.
    Unsure when: the bucket or table holds only what all users share; folders named public are taken to.
    What wildcards and stronger rights allow is other rules' matter.
    """
    for arn, where, reach in _reaches(ctx):
        shared = tuple(beside(reach.user_data, (*reach.escalations, *reach.wildcards)))
        lead, about = f"lets each signed-in user by {arn}", Problem("", where, target=arn)
        because = "users can change what belongs to others"
        worse = replace(about, severity=Severity.HIGH, because=because)
        yield from _rights(lead, worse, (each for each in shared if each.action in DATA_WRITES))
        yield from _rights(lead, about, (each for each in shared if each.action not in DATA_WRITES))


@rule(
    "ROL008",
    Severity.HIGH,
    url=DOCS + "cognito-user-pools-user-groups.html",
    applies=has_group_roles,
    reads=(FacetName.GROUPS, FacetName.ROLE_POLICIES),
    peers={"service_screener": ("cognitoGroupOverlyPermissiveRole",)},
)
def group_role_is_too_strong(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """A group's role has wildcard rights or can give itself more.

    Why: whoever may put users into the group, or gets hold of a member's session, has these rights in the
    account.
    Fix: name in the role's policies the actions and resources that the group's members need; look at the
    role's calls in CloudTrail first, for what is left out stops to work.
    Unsure when: an application of your own gives the role to whoever has it in a token; identity pools that
    were not read may do so, too.
    """
    groups = (
        (group.role_arn, ((f"Groups[{group.name}].RoleArn", group.role_arn),))
        for group in ctx.pool.groups.value
        if group.role_arn
    )
    undecided: list[tuple[str, Question]] = []
    for arn, where in judged_first(groups, ctx):
        policies = ctx.region.role_policies(arn).value
        if policies is not None:
            reach = reach_of(policies)
            about = _handed_out(arn, where, ctx)
            yield from _rights(f"lets members of a group by {arn}", about, reach.strong)
            undecided += [] if any(reach.escalations) else [(arn, each) for each in reach.questions]
    demand_answers(undecided)


@rule(
    "ROL009",
    Severity.MEDIUM,
    url=ROLES_GUIDE,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE_POLICIES),
    peers={"stave": ("CTL.COGNITO.IDPOOL.AUTHROLE.CROSSACCT",)},
)
def role_reaches_other_accounts(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """A role for an app's users allows actions on resources of another account.

    Why: whoever owns that account decides with a policy there what these rights are worth, and what users
    do there is in no log of this account.
    Fix: take the resources out of the role's policies, or let a back end reach them; look at the role's calls
    in CloudTrail first, for apps that use the resources stop to work.
    Unsure when: the account is one of your own, or shares the resource with everybody, as AWS does layers.
    """
    accounts = {region.scope.account_id for region in ctx.snapshot.regions}
    roles = all_roles(pool, ctx.identities.roles.value)
    for arn, where in judged_first(roles, ctx):
        policies = ctx.region.role_policies(arn).value
        own = (account_of(arn), ctx.region.scope.account_id)
        for account, abilities in foreign(reach_of(policies), own).items() if policies else ():
            about = Problem(
                "",
                where,
                severity=Severity.LOW if account in accounts else None,
                because="the account is one of those that are read here",
                target=arn,
            )
            yield from _rights(f"lets users by {arn} into account {account}: to", about, abilities)


def _trusts(pool: IdentityPool, ctx: Context) -> Iterator[tuple[Role, WebIdentityTrust, Evidence]]:
    """Yield what roles that no rule judges by themselves demand of identity pools' tokens."""
    for role, where in role_records(ctx, all_roles(pool, ctx.identities.roles.value)):
        # What the account's own list of roles has is told of the role itself.
        if not is_told_by_itself(role.arn, ctx):
            for trust in certain_trusts(role):
                yield role, trust, where


def _takes_any_identity_pool(trust: WebIdentityTrust) -> bool:
    return trust.audiences is None or trust.audiences.accepts_anything


def _widely(trust: WebIdentityTrust) -> str:
    if _takes_any_identity_pool(trust) or trust.audiences is None:
        return "signed-in users of any identity pool of its account"
    return f"identity pools by wildcard: {', '.join(trust.audiences.values)}"


def _roles_open_to_guests(pool: IdentityPool, ctx: Context, does: str) -> Iterator[Problem]:
    roles = ctx.identities.roles.value
    # One role for both has to trust guests; that it is one is another rule's matter.
    named = (item for item in users_roles(roles) if item[0] != roles.unauthenticated_role_arn)
    for role, where in role_records(ctx, named):
        if lets_guests_in(role, pool.identity_pool_id):
            stated = tuple(
                pair for trust in web_identity_trusts(role.trust) for pair in trust_evidence(role, trust)
            )
            yield Problem(
                f"hands out to signed-in users {role.arn}, which {does}",
                (*where, *stated),
                target=role.arn,
            )


def _reaches(ctx: Context) -> Iterator[tuple[str, Evidence, Reach]]:
    """Yield the roles for signed-in users that exist, and how far they reach."""
    for arn, where in judged_first(users_roles(ctx.identities.roles.value), ctx):
        policies = ctx.region.role_policies(arn).value
        if policies is not None:
            yield arn, where, reach_of(policies)


def _rights(lead: str, about: Problem, abilities: Iterable[Ability]) -> Iterator[Problem]:
    """Yield a problem for each statement, with all else that is known about them."""
    for words, evidence in said(abilities):
        yield replace(about, message=f"{lead} do {words}", evidence=(*about.evidence, *evidence))


def _handed_out(arn: str, where: Evidence, ctx: Context) -> Problem:
    """Say how members of a group get its role, as far as the identity pools that were read tell."""
    role = ctx.region.role(arn).known
    ways = [each for each in outlets(ctx) if role is not None and each.gives(role)]
    about = Problem("", where, target=arn)
    if ways:
        return replace(about, path=(f"group of user pool {ctx.pool.member.id}", str(ways[0]), f"role {arn}"))
    if role is None or unread_outlets(ctx) or can_be_taken_on(role, ctx):
        return about
    because = "no identity pool that was read hands the role out"
    return replace(about, severity=Severity.MEDIUM, because=because)
