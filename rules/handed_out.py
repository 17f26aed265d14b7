"""The roles that an identity pool hands out, where they are named, and who surely gets them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from records.evaluation import Evidence
from records.facet import Facet, FacetName, Gap, Reason
from records.iam import Role
from records.identity_pool import IdentityPool, IdentityPoolRoles, UserPoolProvider
from records.snapshot import RegionSnapshot, UserPoolSnapshot
from rules.engine import Context
from rules.memory import remembered
from rules.reach import reach_if_known
from rules.trust import GUEST, SIGNED_IN, Demand, WebIdentityTrust, web_identity_trusts

_PROVIDER = re.compile(
    r"cognito-idp\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?/([\w-]+_[0-9a-zA-Z]+)", re.ASCII
)


def users_roles(roles: IdentityPoolRoles) -> Iterator[tuple[str, Evidence]]:
    """Yield the ARNs of the roles for signed-in users, with where the identity pool names each."""
    named: dict[str, Evidence] = {}
    if roles.authenticated_role_arn:
        named[roles.authenticated_role_arn] = (("Roles.authenticated", roles.authenticated_role_arn),)
    for mapping in roles.mappings:
        for number, each in enumerate(mapping.effective_rules):
            path = f"RoleMappings[{mapping.provider}].RulesConfiguration.Rules[{number}].RoleARN"
            named[each.role_arn] = (*named.get(each.role_arn, ()), (path, each.role_arn))
    yield from named.items()


def groups_roles(pool: IdentityPool, ctx: Context, gaps: list[Facet[Any]]) -> Iterator[tuple[str, Evidence]]:
    """Yield the ARNs of the roles of groups whose members hold tokens for the identity pool, each once.

    What hides groups is added to `gaps`.
    """
    named: dict[str, Evidence] = {}
    for user_pool in _user_pools(pool, ctx, gaps):
        if user_pool.groups.gap is not None:
            gaps.append(user_pool.groups)
        for group in user_pool.groups.known or ():
            if group.role_arn:
                path = f"UserPool[{user_pool.member.id}].Groups[{group.name}].RoleArn"
                named[group.role_arn] = (*named.get(group.role_arn, ()), (path, group.role_arn))
    yield from named.items()


def guest_role(roles: IdentityPoolRoles) -> Iterator[tuple[str, Evidence]]:
    """Yield the ARN of the role for guests, if there is one, with where the identity pool names it."""
    if roles.unauthenticated_role_arn:
        yield (
            roles.unauthenticated_role_arn,
            (("Roles.unauthenticated", roles.unauthenticated_role_arn),),
        )


def all_roles(pool: IdentityPool, roles: IdentityPoolRoles) -> Iterator[tuple[str, Evidence]]:
    """Yield all roles that the identity pool may hand out, each once; that for guests if it lets them in."""
    named = dict(users_roles(roles))
    for arn, where in guest_role(roles) if pool.allows_guest_access else ():
        named[arn] = (*named.get(arn, ()), *where)
    yield from named.items()


def read_first(
    roles: Iterator[tuple[str, Evidence]], lookup: Callable[[str], Facet[Any]]
) -> list[tuple[str, Evidence]]:
    """Return roles with those last of which the lookup finds a gap, which would end a rule."""
    return sorted(roles, key=lambda item: lookup(item[0]).gap is not None)


def lets_guests_in(role: Role, identity_pool_id: str) -> bool:
    """Whether a role's trust policy surely lets guests of an identity pool take it on."""
    return _lets_in(role, identity_pool_id, GUEST)


def judged_first(roles: Iterator[tuple[str, Evidence]], ctx: Context) -> list[tuple[str, Evidence]]:
    """Return roles with those last whose policies were not read, or are too large to judge."""

    def ends(item: tuple[str, Evidence]) -> bool:
        policies = ctx.region.role_policies(item[0])
        return policies.gap is not None or (policies.known is not None and reach_if_known(policies) is None)

    return sorted(roles, key=ends)


@remembered(4096)
def trusts_of(role: Role) -> tuple[WebIdentityTrust, ...]:
    """Return the statements of a role's trust policy that let tokens of identity pools in."""
    return tuple(web_identity_trusts(role.trust))


def made_for_guests(role: Role) -> bool:
    """Whether a role's trust policy asks tokens of identity pools for guests, and no others."""
    methods = [trust.methods for trust in trusts_of(role)]
    return all(each is not None and not each.accepts(SIGNED_IN) for each in methods)


def lets_users_in(role: Role, identity_pool_id: str, provider: str) -> bool:
    """Whether a role's trust policy surely lets users of a provider take it on by an identity pool."""
    return _lets_in(role, identity_pool_id, SIGNED_IN, provider)


def trust_evidence(role: Role, trust: WebIdentityTrust) -> Evidence:
    """Return what a statement of a role's trust policy demands of tokens."""
    entry = f"AssumeRolePolicyDocument[{role.name}]"
    return (
        (f"{entry}.aud", trust.audiences and trust.audiences.values),
        (f"{entry}.amr", trust.methods and trust.methods.values),
    )


def new_users_role(roles: IdentityPoolRoles, provider: str) -> str | None:
    """Return the role of a user of a provider who is in no group and whom no rule fits, None for none.

    `provider` is named as role mappings name it: a user pool's with `:` and the app client's id behind it.
    """
    for mapping in roles.mappings:
        if mapping.provider == provider and mapping.ambiguous_role_resolution != "AuthenticatedRole":
            return None
    return roles.authenticated_role_arn


def role_records(ctx: Context, roles: Iterator[tuple[str, Evidence]]) -> Iterator[tuple[Role, Evidence]]:
    """Yield the roles that exist."""
    for arn, where in read_first(roles, ctx.region.role):
        role = ctx.region.role(arn).value
        if role is not None:
            yield role, where


def user_pool_of_provider(
    provider: UserPoolProvider, ctx: Context, gaps: list[Facet[Any]]
) -> UserPoolSnapshot | None:
    """Return the account's user pool that an identity pool takes tokens of, None where there is none.

    What hides it is added to `gaps`.
    """
    named = _PROVIDER.fullmatch(provider.provider_name)
    if named is None:
        return None
    region = _region(named[1], ctx)
    if region is None:
        message = f"the region {named[1]} was not read"
        operation = FacetName.USER_POOLS.operation
        gap = Gap(operation=operation, reason=Reason.UNAVAILABLE, message=message)
        gaps.append(Facet.missing(gap))
        return None
    found = region.user_pool(named[2])
    if found is None and region.user_pool_list.gap is not None:
        gaps.append(region.user_pool_list)
    return found


def _user_pools(pool: IdentityPool, ctx: Context, gaps: list[Facet[Any]]) -> Iterator[UserPoolSnapshot]:
    """Yield the account's user pools that the identity pool takes tokens of, each once."""
    by_name = {each.provider_name: each for each in pool.user_pool_providers}
    for provider in by_name.values():
        user_pool = user_pool_of_provider(provider, ctx, gaps)
        if user_pool is not None:
            yield user_pool


def _region(name: str, ctx: Context) -> RegionSnapshot | None:
    place = replace(ctx.region.scope, region=name)
    return next((each for each in ctx.snapshot.regions if each.scope == place), None)


def _lets_in(role: Role, identity_pool_id: str, *methods: str) -> bool:
    return any(
        not trust.is_limited
        and not trust.other_conditions
        and _accepts(trust.audiences, identity_pool_id)
        and any(_accepts(trust.methods, method) for method in methods)
        for trust in trusts_of(role)
    )


def _accepts(demand: Demand | None, value: str) -> bool:
    return demand is None or demand.accepts(value)
