"""What identity pools decide by the attributes of a user pool's users."""

from collections.abc import Iterator
from dataclasses import dataclass

from records.evaluation import Evidence
from records.snapshot import IdentityPoolSnapshot, UserPoolSnapshot
from rules.engine import Context
from rules.trusting import UNREAD, by_trusted_user_pool, has_gap, is_same_account


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeUse:
    """A decision that hangs on an attribute: words that follow "by which", and the last links of a chain."""

    attribute: str
    words: str
    path: tuple[str, ...]
    evidence: Evidence


def attribute_uses(
    attributes: frozenset[str], pool: UserPoolSnapshot, ctx: Context
) -> Iterator[AttributeUse]:
    """Yield what identity pools decide by a user pool's attributes, what is certain first.

    Raises NotCollectedError where an identity pool of the account that may go by them was not read.
    """
    trusting = by_trusted_user_pool(ctx.snapshot)
    own = ctx.region.scope
    unread = (each for each in trusting.get(UNREAD, ()) if is_same_account(each.scope, own))
    for each in sorted((*trusting.get(pool.member.id, ()), *unread), key=_is_incomplete):
        if any(_is_of(provider.provider_name, pool) for provider in each.settings.value.user_pool_providers):
            yield from _uses(attributes, pool, each)
    for region in ctx.snapshot.regions:
        if is_same_account(region.scope, own) and not region.is_off:
            _ = region.identity_pool_list.value


def _uses(
    attributes: frozenset[str], pool: UserPoolSnapshot, identities: IdentityPoolSnapshot
) -> Iterator[AttributeUse]:
    readers = (_role_rules, _session_tags) if identities.roles.gap is None else (_session_tags, _role_rules)
    for read in readers:
        yield from read(attributes, pool, identities)


def _role_rules(
    attributes: frozenset[str], pool: UserPoolSnapshot, identities: IdentityPoolSnapshot
) -> Iterator[AttributeUse]:
    for mapping in identities.roles.value.mappings:
        for number, each in enumerate(mapping.effective_rules if _is_of(mapping.provider, pool) else ()):
            if each.claim in attributes:
                entry = f"RoleMappings[{mapping.provider}].RulesConfiguration.Rules[{number}]"
                yield AttributeUse(
                    attribute=each.claim,
                    words=f"the identity pool {identities.member.name} gives the role {each.role_arn}",
                    path=(f"identity pool {identities.member.name}", f"role {each.role_arn}"),
                    evidence=(
                        ("IdentityPool.Id", identities.member.id),
                        (f"{entry}.Claim", each.claim),
                        (f"{entry}.RoleARN", each.role_arn),
                    ),
                )


def _session_tags(
    attributes: frozenset[str], pool: UserPoolSnapshot, identities: IdentityPoolSnapshot
) -> Iterator[AttributeUse]:
    for mapped in identities.principal_tags.value:
        for tag, claim in mapped.tags if _is_of(mapped.provider, pool) else ():
            if claim in attributes:
                yield AttributeUse(
                    attribute=claim,
                    words=f"the identity pool {identities.member.name} fills the session tag {tag}",
                    path=(f"identity pool {identities.member.name}", f"session tag {tag}"),
                    evidence=(
                        ("IdentityPool.Id", identities.member.id),
                        (f"PrincipalTags[{mapped.provider}].{tag}", claim),
                    ),
                )


def _is_incomplete(pool: IdentityPoolSnapshot) -> bool:
    return has_gap(pool) or pool.principal_tags.gap is not None


def _is_of(provider: str, pool: UserPoolSnapshot) -> bool:
    """Whether a provider's name, with or without an app client behind it, is that of a user pool."""
    return provider.partition(":")[0].rpartition("/")[2] == pool.member.id
