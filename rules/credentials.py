"""AWS credentials of guests and of strangers: what the roles behind an identity pool give to anybody."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from records.evaluation import Evidence, Severity
from records.facet import Facet, FacetName
from records.iam import Role
from records.identity_pool import IdentityPool
from rules.classic_flow import roles_that_may_trust
from rules.engine import Context, Problem, rule
from rules.handed_out import (
    all_roles,
    groups_roles,
    guest_role,
    lets_guests_in,
    made_for_guests,
    read_first,
    role_records,
    trust_evidence,
    trusts_of,
    users_roles,
)
from rules.iam_actions import GUEST_CEILING_AS_OF, reachable_by_guests
from rules.identity_pools import allows_guest_access, trusts_user_pools
from rules.links import DOCS
from rules.open_sign_up import open_doors
from rules.reach import Ability, Question, Reach, demand_answers, reach_if_known, reach_of, said

_ONLY_DATA = "the role reaches data of others, but gives no wildcard rights nor the means to more"


def takes_guests_by_the_classic_flow(pool: IdentityPool, _ctx: Context) -> bool:
    """Whether guests get an identity, and choose a role themselves."""
    return pool.allows_guest_access and bool(pool.allows_classic_flow)


@rule(
    "CRD001",
    Severity.MEDIUM,
    url=DOCS + "iam-roles.html",
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE),
)
def role_does_not_exist(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """The identity pool hands out a role that does not exist.

    Why: whoever should get the role gets no credentials; and whoever may make roles in the account can make
    one of that name and decide what the identity pool's users may do.
    Fix: bring the role back, or name another one with SetIdentityPoolRoles, sending Roles and RoleMappings
    along, for the call replaces them.
    """
    for arn, where in read_first(all_roles(pool, ctx.identities.roles.value), ctx.region.role):
        if ctx.region.role(arn).value is None:
            yield Problem(f"hands out a role that does not exist: {arn}", evidence=where)


@rule(
    "CRD002",
    Severity.CRITICAL,
    url=DOCS + "iam-roles.html",
    applies=allows_guest_access,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE_POLICIES),
    peers={
        "stave": (
            "CTL.COGNITO.IDPOOL.UNAUTH.S3",
            "CTL.COGNITO.IDPOOL.UNAUTH.DDB",
            "CTL.COGNITO.IDPOOL.UNAUTH.LAMBDA",
            "CTL.COGNITO.IDPOOL.UNAUTH.IAM",
        )
    },
)
def guests_reach_data(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Anybody can read or write data, or run functions, without signing in.

    Why: the identity pool's id, which every app shows, is all that a stranger needs for credentials with
    these rights.
    Fix: take the actions out of the guest role's policies, and let apps do them after users sign in. Only
    what strangers may do should be left, such as rum:PutRumEvents or maps. Apps that use the actions before
    sign-in stop working there.
    Unsure when: the data is public anyway, as a website's files are; folders named public are taken to be
    so, and resources with the guest's own identity in their names are let be.
    """
    undecided: list[tuple[str, Question]] = []
    for arn, where, reach in _guests_reach(ctx):
        escalations = tuple(reach.escalating_actions)
        yield from _guests_rights(pool, arn, where, dict.fromkeys((*escalations, *reach.data)))
        undecided += [
            (arn, question)
            for question in (() if escalations else reach.questions)
            if pool.allows_classic_flow or any(map(reachable_by_guests, question.actions))
        ]
    demand_answers(undecided)


@rule(
    "CRD003",
    Severity.HIGH,
    url=DOCS + "iam-roles.html",
    applies=allows_guest_access,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE_POLICIES),
    peers={"stave": ("CTL.COGNITO.IDPOOL.UNAUTH.BROAD",)},
)
def guests_get_wildcard_rights(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Anybody may do everything, or all that a service offers, without signing in.

    Why: a wildcard grants what nobody thought of, and each action that AWS adds later, to strangers. In the
    enhanced flow AWS bounds guests to some services, in the classic flow it does not.
    Fix: name in the guest role's policies the few actions that apps need before sign-in, on the resources
    that they need them for; look at the role's calls in CloudTrail first, for what is left out stops to work.
    """
    for arn, where, reach in _guests_reach(ctx):
        yield from _guests_rights(pool, arn, where, reach.wildcards)


@rule(
    "CRD004",
    Severity.CRITICAL,
    url=DOCS + "authentication-flow.html",
    applies=takes_guests_by_the_classic_flow,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE, FacetName.USER_POOLS, FacetName.GROUPS),
)
def guests_can_take_the_users_role(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Guests can take on a role for signed-in users.

    Why: in the classic flow the app, or a stranger in its place, names the role, be it a group's or one that
    the identity pool does not hand out at all; a trust policy that does not ask for amr authenticated gives
    it to guests, without AWS's limits for them.
    Fix: add ForAnyValue:StringLike on cognito-identity.amazonaws.com:amr with the value authenticated to
    the role's trust policy with UpdateAssumeRolePolicy, and switch AllowClassicFlow off with
    UpdateIdentityPool, sending all other settings along, for the call replaces them. Apps that call
    AssumeRoleWithWebIdentity by themselves stop working without the classic flow.
    """
    roles = ctx.identities.roles.value
    gaps: list[Facet[Any]] = []
    named = {**dict(groups_roles(pool, ctx, gaps)), **dict(users_roles(roles))}
    guests = roles.unauthenticated_role_arn
    named.pop(guests or "", None)
    for known in roles_that_may_trust(pool.identity_pool_id, ctx):
        role = known.role
        if role.arn == guests or role.arn in named or made_for_guests(role):
            continue
        if lets_guests_in(role, pool.identity_pool_id):
            yield _taken_by_guests(pool, role, known.reach, ())
    for role, where in role_records(ctx, iter(named.items())):
        if lets_guests_in(role, pool.identity_pool_id):
            reach = reach_if_known(ctx.region.role_policies(role.arn))
            yield _taken_by_guests(pool, role, reach, where)
    for facet in gaps:
        _ = facet.value


@rule(
    "CRD005",
    Severity.CRITICAL,
    url=DOCS + "identity-pools-security-best-practices.html",
    applies=trusts_user_pools,
    reads=(
        FacetName.IDENTITY_POOL_ROLES,
        FacetName.ROLE,
        FacetName.ROLE_POLICIES,
        FacetName.USER_POOLS,
        FacetName.USER_POOL,
        FacetName.APP_CLIENTS,
        FacetName.APP_CLIENT,
        FacetName.GROUPS,
    ),
)
def strangers_sign_up_for_strong_roles(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Anybody can sign up, or in, and get AWS credentials that reach beyond what is their own.

    Why: each link is allowed by itself; together they lead any stranger from the app's sign-up, or from an
    account of a social network, to data and rights in the account that were meant for nobody outside.
    Fix: break one link, the role first: name in its policies the actions and resources that users need. Or
    let administrators alone create users (AdminCreateUserConfig, by read, merge, write: UpdateUserPool
    resets every field left out), which ends self sign-up in the app.
    Unsure when: a function at the PreSignUp trigger lets only some people sign up.
    """
    gaps: list[Facet[Any]] = []
    entrances: dict[str, set[str]] = {}
    for door in open_doors(pool, ctx.identities.roles.value, ctx, gaps):
        told = entrances.setdefault(door.role_arn, set())
        strong = door.reach.strong
        about = Problem(
            f"leads strangers by {door.entrance} to {door.role_arn}",
            door.evidence,
            severity=None if strong else Severity.HIGH,
            because=_ONLY_DATA,
            path=door.links,
            target=door.role_arn,
        )
        # What a role may do is said once, however many ways lead to it.
        if not told:
            for words, evidence in said(strong or door.reach.data):
                message = f"{about.message}, which may do {words}"
                yield replace(about, message=message, evidence=(*about.evidence, *evidence))
        elif door.entrance not in told:
            yield replace(about, message=f"{about.message}, too")
        told.add(door.entrance)
    for facet in gaps:
        _ = facet.value


def _taken_by_guests(pool: IdentityPool, role: Role, reach: Reach | None, where: Evidence) -> Problem:
    is_weak = reach is not None and not reach.is_far
    stated = tuple(pair for trust in trusts_of(role) for pair in trust_evidence(role, trust))
    return Problem(
        f"lets guests take on {role.arn}, whose trust policy does not ask for amr authenticated",
        evidence=(*_flow(pool), *where, *stated),
        severity=Severity.HIGH if is_weak else None,
        because="the role reaches no data of others and gives no strong rights",
        path=(
            f"classic flow of identity pool {pool.identity_pool_id}",
            "guest",
            f"role {role.arn}, which asks for no sign-in",
        ),
        target=role.arn,
    )


def _guests_rights(
    pool: IdentityPool, arn: str, where: Evidence, held: Iterable[Ability]
) -> Iterator[Problem]:
    """Yield what guests can do of what their role allows."""
    as_of = f", which AWS's limits for guests as of {GUEST_CEILING_AS_OF} allow"
    bound = "" if pool.allows_classic_flow else as_of
    found = (each for each in held if pool.allows_classic_flow or reachable_by_guests(each.action))
    for words, evidence in said(found):
        yield Problem(
            f"lets guests do {words}{bound}", evidence=(*_flow(pool), *where, *evidence), target=arn
        )


def _guests_reach(ctx: Context) -> Iterator[tuple[str, Evidence, Reach]]:
    """Yield the guest role and how far it reaches, if there is one and it exists."""
    for arn, where in guest_role(ctx.identities.roles.value):
        policies = ctx.region.role_policies(arn).value
        if policies is not None:
            yield arn, where, reach_of(policies)


def _flow(pool: IdentityPool) -> Evidence:
    return (
        ("AllowUnauthenticatedIdentities", pool.allows_guest_access),
        ("AllowClassicFlow", pool.allows_classic_flow),
    )
