"""Which of the roles behind an identity pool go by a tag of the session, and whether a tag gets that far."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from records.facet import Facet
from records.iam import RolePolicies, Statement
from records.identity_pool import IdentityPool, IdentityPoolRoles
from rules.engine import Context
from rules.handed_out import users_roles
from rules.trust import may_tag_sessions

_KEY = "aws:principaltag/"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagUse:
    """The (role ARN, policy) pairs that ask for a tag, and whether a role takes sessions with tags at all.

    `unread` are the facets of roles that may ask for it as well, and `is_open` says that roles other than
    those that the identity pool names may.
    """

    asking: tuple[tuple[str, str], ...]
    reaches_a_role: bool
    is_open: bool
    unread: tuple[Facet[Any], ...]


def tag_use(pool: IdentityPool, provider: str, tag: str, ctx: Context) -> TagUse:
    """Find who asks for a tag of the sessions of an identity provider's users."""
    roles = ctx.identities.roles
    if roles.gap is not None:
        return TagUse(asking=(), reaches_a_role=False, is_open=True, unread=(roles,))
    own = _of_provider(roles.value, provider)
    asking: list[tuple[str, str]] = []
    unread: list[Facet[Any]] = []
    reaches = False
    for arn, _ in users_roles(own):
        role, policies = ctx.region.role(arn), ctx.region.role_policies(arn)
        unread += [each for each in (role, policies) if each.gap is not None]
        if role.gap is not None or role.value is None or not may_tag_sessions(role.value.trust):
            continue
        reaches = True
        if policies.gap is None and policies.value is not None:
            asking += ((arn, name) for name in _policies_asking(policies.value, tag))
    return TagUse(
        asking=tuple(asking),
        reaches_a_role=reaches,
        # Groups name roles of their own, and in the classic flow the app names any role.
        is_open=bool(pool.allows_classic_flow) or any(each.type == "Token" for each in own.mappings),
        unread=tuple(unread),
    )


def _of_provider(roles: IdentityPoolRoles, provider: str) -> IdentityPoolRoles:
    mappings = tuple(each for each in roles.mappings if each.provider.partition(":")[0] == provider)
    return replace(roles, mappings=mappings)


def _policies_asking(policies: RolePolicies, tag: str) -> Iterator[str]:
    for policy in policies.granting:
        if any(_asks(statement, tag.lower()) for statement in policy.document.statements):
            yield policy.name


def _asks(statement: Statement, tag: str) -> bool:
    """Whether a statement compares the tag, or has its value in a resource or a condition."""
    if any(each.key.lower() == _KEY + tag for each in statement.conditions):
        return True
    variable = re.compile(rf"\$\{{{_KEY}{re.escape(tag)}[\s,}}]")
    texts = (
        *statement.resources,
        *statement.not_resources,
        *(value for each in statement.conditions for value in each.values),
    )
    return any(variable.search(text.lower()) for text in texts)
