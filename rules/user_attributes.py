"""User attributes: which of them users write themselves, and what hangs on them."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.evaluation import Evidence, Severity
from records.facet import FacetName
from records.user_pool import CONTACT_ATTRIBUTES, UserPool
from rules.attribute_uses import attribute_uses
from rules.attributes import grants_rights
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import DOCS
from rules.writable import is_changeable, may_write

CUSTOM = "custom:"


def names_what_users_write(client: AppClient, _ctx: Context) -> bool:
    """Whether users sign in through the app client, which has a list of what they may write."""
    return client.signs_in_users and bool(client.write_attributes)


def writes_by_default(client: AppClient, _ctx: Context) -> bool:
    """Whether users sign in through the app client, and AWS's default says what they may write."""
    return client.signs_in_users and not client.write_attributes


def verifies_sign_in_contacts(pool: UserPool, _ctx: Context) -> bool:
    """Whether anybody can sign up under an address, and the user pool verifies some kind of address."""
    return (
        pool.allows_self_sign_up
        and bool(pool.auto_verified_attributes)
        and not CONTACT_ATTRIBUTES.isdisjoint(pool.sign_in_attributes)
    )


@rule(
    "ATR001",
    Severity.HIGH,
    stakes=Stakes.STRANGERS,
    url=DOCS + "user-pool-settings-attributes.html",
    applies=names_what_users_write,
    reads=(
        FacetName.USER_POOL,
        FacetName.IDENTITY_PROVIDERS,
        FacetName.IDENTITY_PROVIDER,
        FacetName.IDENTITY_POOLS,
        FacetName.IDENTITY_POOL,
        FacetName.IDENTITY_POOL_ROLES,
        FacetName.PRINCIPAL_TAGS,
    ),
    names={"harmless": ()},
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.CLIENT.WRITEATTR.SENSITIVE",)},
)
def users_write_what_grants_rights(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """Users write an attribute by which rights are given.

    Why: with an access token of their own, users call UpdateUserAttributes past every form of the
    application; whoever writes the right value gets the role, the tenant or the plan that it stands for.
    Fix: take the attribute out of the app client's WriteAttributes and write it from a server with
    AdminUpdateUserAttributes, by read, merge, write: UpdateUserPoolClient resets every field left out. What
    an identity provider fills must stay writable for the app client that its users come through: give them
    an app client of their own. An application that lets users edit the attribute stops doing so.
    Unsure when: nothing goes by the attribute, whose name alone speaks against it (list such names as
    harmless); or the app client is a server's, which keeps its users' access tokens to itself.
    """
    pool = ctx.pool.settings.value
    writable = _written_through(client, pool)
    sensitive = [
        name
        for name in writable
        if grants_rights(name) and name.removeprefix(CUSTOM) not in _bare(ctx.names["harmless"])
    ]
    for name in sensitive:
        yield Problem(f"lets users write {name}", evidence=_proof(client, pool, name))
    if not writable:
        return
    for use in attribute_uses(frozenset(writable), ctx.pool, ctx):
        start = ("anybody signs up",) if pool.allows_self_sign_up else ()
        yield Problem(
            f"lets users write {use.attribute}, by which {use.words}",
            evidence=(*_proof(client, pool, use.attribute), *use.evidence),
            severity=Severity.CRITICAL,
            because="an identity pool gives AWS access by what users write",
            path=(
                *start,
                f"app client {client.name} of user pool {pool.name}",
                f"attribute {use.attribute}, written by its user",
                *use.path,
            ),
        )
    if not sensitive:
        return
    _ = ctx.pool.identity_provider_list.value
    for provider in sorted(ctx.pool.identity_providers, key=lambda each: each.settings.gap is not None):
        for name, claim in provider.settings.value.attribute_mapping:
            if name in sensitive:
                yield Problem(
                    f"lets users overwrite {name}, which the identity provider "
                    f"{provider.settings.value.name} fills",
                    evidence=((f"AttributeMapping[{provider.settings.value.name}].{name}", claim),),
                )


@rule(
    "ATR002",
    Severity.MEDIUM,
    url=DOCS + "user-pool-settings-attributes.html",
    applies=writes_by_default,
    reads=(FacetName.USER_POOL,),
    names={"harmless": ()},
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.CLIENT.WRITEATTR.DEFAULT",)},
)
def default_may_let_users_write_custom_attributes(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """Nothing says which custom attributes users may write.

    Why: without WriteAttributes, an app client has AWS's default. AWS documents it as the standard
    attributes alone; several projects report that users could write custom ones as well.
    Fix: test it with a user's access token and UpdateUserAttributes; in any case list in WriteAttributes
    what the application lets users edit, by read, merge, write: UpdateUserPoolClient resets every field left
    out. What is not listed users cannot write any more, nor can an identity provider fill it for them.
    Unsure when: a test has shown that users cannot write custom attributes through the app client.
    """
    pool = ctx.pool.settings.value
    custom = [
        each.name
        for each in pool.schema_attributes
        if each.name.startswith(CUSTOM) and each.is_mutable is True and is_changeable(pool, each.name)
    ]
    harmless = _bare(ctx.names["harmless"])
    sensitive = [name for name in custom if grants_rights(name) and name.removeprefix(CUSTOM) not in harmless]
    if sensitive:
        yield Problem(
            f"has no WriteAttributes, so users can likely write {' and '.join(sensitive)} (test it)",
            evidence=_proof(client, pool, *sensitive),
            severity=Severity.HIGH,
            because="the attribute's name says that rights hang on it",
        )
    if others := [name for name in custom if name not in sensitive]:
        yield Problem(
            f"has no WriteAttributes, so users can likely write {' and '.join(others)} (test it)",
            evidence=_proof(client, pool, *others),
        )


@rule(
    "ATR003",
    Severity.MEDIUM,
    # Not those of strangers: that anybody can sign up is half of the problem already.
    stakes=Stakes.SIGN_IN,
    url=DOCS + "user-pool-settings-email-phone-verification.html",
    applies=verifies_sign_in_contacts,
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.VERIFY.PHONE",)},
)
def sign_in_contact_is_not_verified(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Users sign in under an address that nobody verifies.

    Why: an account can carry an address that belongs to somebody else, whom it keeps from signing up, and an
    application that goes by the address takes the account for that person's.
    Fix: add the attribute to AutoVerifiedAttributes, by read, merge, write: UpdateUserPool resets every field
    left out. New users must enter the code that was sent there; each code to a phone number costs an SMS.
    Unsure when: the application verifies addresses by itself, or a PreSignUp trigger does.
    """
    for name in sorted(CONTACT_ATTRIBUTES & pool.sign_in_attributes - pool.auto_verified_attributes):
        evidence = (
            ("UsernameAttributes", tuple(sorted(pool.username_attributes))),
            ("AliasAttributes", tuple(sorted(pool.alias_attributes))),
            ("AutoVerifiedAttributes", tuple(sorted(pool.auto_verified_attributes))),
        )
        if name in pool.username_attributes:
            yield Problem(f"takes {name} as username that it does not verify", evidence=evidence)
        else:
            yield Problem(
                f"has {name} as an alias that it does not verify",
                evidence=evidence,
                severity=Severity.LOW,
                because="an alias does not work before it is verified",
            )


def _written_through(client: AppClient, pool: UserPool) -> tuple[str, ...]:
    """Return the custom attributes that users surely can write through an app client."""
    return tuple(
        each.name
        for each in pool.schema_attributes
        if each.name.startswith(CUSTOM) and is_changeable(pool, each.name) and may_write(client, each.name)
    )


def _bare(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.removeprefix(CUSTOM) for name in names)


def _proof(client: AppClient, pool: UserPool, *names: str) -> Evidence:
    listed = tuple(sorted(client.write_attributes)) if client.write_attributes else None
    return (
        ("WriteAttributes", listed),
        *(
            (f"UserPool.SchemaAttributes[{each.name}].Mutable", each.is_mutable)
            for each in pool.schema_attributes
            if each.name in names
        ),
    )
