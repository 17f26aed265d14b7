"""The roles that an identity pool hands out, where it names them, and who surely gets them."""

from collections.abc import Callable, Iterator
from typing import Any

from records.evaluation import Evidence
from records.facet import Facet
from records.iam import Role
from records.identity_pool import IdentityPool, IdentityPoolRoles, UserPoolProvider
from rules.engine import Context
from rules.trust import GUEST, SIGNED_IN, Demand, web_identity_trusts


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


def lets_users_in(role: Role, identity_pool_id: str, provider: UserPoolProvider) -> bool:
    """Whether a role's trust policy surely lets users of a user pool take it on by an identity pool."""
    return _lets_in(role, identity_pool_id, SIGNED_IN, provider.provider_name)


def new_users_role(roles: IdentityPoolRoles, provider: UserPoolProvider) -> str | None:
    """Return the role of a user pool's user who is in no group and whom no rule fits, None for none."""
    key = f"{provider.provider_name}:{provider.client_id}"
    for mapping in roles.mappings:
        if mapping.provider == key and mapping.ambiguous_role_resolution != "AuthenticatedRole":
            return None
    return roles.authenticated_role_arn


def role_records(ctx: Context, roles: Iterator[tuple[str, Evidence]]) -> Iterator[tuple[Role, Evidence]]:
    """Yield the roles that exist."""
    for arn, where in read_first(roles, ctx.region.role):
        role = ctx.region.role(arn).value
        if role is not None:
            yield role, where


def _lets_in(role: Role, identity_pool_id: str, *methods: str) -> bool:
    return any(
        not trust.is_limited
        and not trust.other_conditions
        and _accepts(trust.audiences, identity_pool_id)
        and any(_accepts(trust.methods, method) for method in methods)
        for trust in web_identity_trusts(role.trust)
    )


def _accepts(demand: Demand | None, value: str) -> bool:
    return demand is None or demand.accepts(value)
