"""What identity pools take tokens of: whether it is there, whose it is, and how it goes together."""

from collections.abc import Iterator
from typing import Any

from records.evaluation import Severity
from records.facet import Facet, FacetName, Gap, Reason
from records.iam import Role
from records.identity_pool import IdentityPool, IdentityPoolRoles, UserPoolProvider
from records.snapshot import RegionSnapshot, UserPoolSnapshot
from rules.engine import Context, Problem, rule
from rules.identity_pools import trusts_user_pools
from rules.links import DOCS
from rules.reach import reach_of, said
from rules.trust import SIGNED_IN, web_identity_trusts
from rules.writable import named_user_pool, user_pool_behind

# Twitter's Digits ended in 2017, and neither is among the providers of AWS's guide any more.
LEGACY_LOGINS = ("api.twitter.com", "www.digits.com")
# Whoever has an account there gets tokens for any audience.
SHARED_ISSUERS = ("app.terraform.io", "gitlab.com", "token.actions.githubusercontent.com")
# More would make a finding unreadable.
_LISTED = 20


def has_openid_providers(pool: IdentityPool, _ctx: Context) -> bool:
    """Whether the identity pool takes tokens of OpenID Connect providers of IAM."""
    return bool(pool.openid_provider_arns)


def has_developer_provider(pool: IdentityPool, _ctx: Context) -> bool:
    """Whether a server of the owner's vouches for users."""
    return bool(pool.developer_provider_name)


@rule(
    "PRV001",
    Severity.MEDIUM,
    url=DOCS + "identity-pools.html",
    applies=trusts_user_pools,
    reads=(FacetName.USER_POOLS, FacetName.APP_CLIENTS),
    peers={"stave": ("CTL.COGNITO.GHOST.IDPOOL",)},
)
def trusted_user_pool_is_missing(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """The identity pool trusts a user pool or an app client that is not there.

    Why: what is gone signs nobody in, so the application's way to AWS credentials is broken or left over; and
    a user pool that the account does not have is gone or somebody else's, who then decides who gets
    credentials.
    Fix: take the entry out of CognitoIdentityProviders with UpdateIdentityPool, sending all other settings
    along, for the call replaces them. Users of that app client, should there be any, get no credentials.
    Unsure when: the user pool belongs to another account, which you know and have not let Poolwatch read.
    """
    unread: list[Facet[Any]] = []
    for provider in pool.user_pool_providers:
        named = named_user_pool(provider.provider_name)
        if named is None:
            continue
        place, user_pool_id = named
        found = _anywhere(user_pool_id, ctx)
        home = _home(place, ctx)
        if found is None and home.gap is not None:
            unread.append(home)
        elif found is None:
            yield Problem(
                f"trusts the user pool {user_pool_id}, which account {ctx.region.scope.account_id} does not "
                f"have in {place}",
                evidence=((f"{_entry(provider)}.ProviderName", provider.provider_name),),
                severity=Severity.HIGH,
                because="nobody knows whose user pool it is, if it is not gone",
            )
        elif found[1].client_list.gap is not None:
            unread.append(found[1].client_list)
        elif provider.client_id not in {each.id for each in found[1].client_list.value}:
            yield Problem(
                f"trusts the app client {provider.client_id}, which the user pool {user_pool_id} does not "
                "have",
                evidence=((f"{_entry(provider)}.ClientId", provider.client_id),),
            )
    for facet in unread:
        _ = facet.value


@rule(
    "PRV002",
    Severity.HIGH,
    url=DOCS + "identity-pools.html",
    applies=trusts_user_pools,
    reads=(FacetName.USER_POOLS,),
)
def user_pool_of_another_account_is_trusted(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """The identity pool trusts a user pool of another account.

    Why: whoever administers that account decides who gets AWS credentials in this one; as a back door such an
    entry outlives every change of passwords and keys here.
    Fix: ask the other account's owner what the entry is for. If nobody knows, take it out of
    CognitoIdentityProviders with UpdateIdentityPool, sending all other settings along, for the call replaces
    them; users of that user pool get no credentials then.
    Unsure when: both accounts are yours and share their users on purpose.
    """
    unread: list[Facet[Any]] = []
    for provider in pool.user_pool_providers:
        named = named_user_pool(provider.provider_name)
        if named is None:
            continue
        place, user_pool_id = named
        found = _anywhere(user_pool_id, ctx)
        if found is not None:
            owner = found[0].scope.account_id
            if owner != ctx.region.scope.account_id:
                yield Problem(
                    f"trusts the user pool {user_pool_id} of account {owner}",
                    evidence=((f"{_entry(provider)}.ProviderName", provider.provider_name),),
                    severity=Severity.MEDIUM,
                    because="the other account is read along with this one",
                )
            continue
        home = _home(place, ctx)
        unread.append(home if home.gap is not None else _nobodys(place, user_pool_id))
    for facet in unread:
        _ = facet.value


@rule(
    "PRV003",
    Severity.MEDIUM,
    url=DOCS + "developer-authenticated-identities.html",
    applies=has_developer_provider,
    reads=(FacetName.USER_POOLS, FacetName.USER_POOL),
)
def developer_provider_is_mixed_with_public_ones(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Users for whom your server vouches share an identity pool with whoever signs up.

    Why: all of them get the same authenticated role, and an identity can hold logins of both kinds; what the
    role allows to users whom your server knows, strangers get too.
    Fix: make an identity pool of its own for the developer provider with CreateIdentityPool and move the
    server and its apps there; identities and what hangs on their ids do not move along.
    Unsure when: role rules tell both kinds of users apart.
    """
    developer = ("DeveloperProviderName", pool.developer_provider_name)
    if pool.login_providers:
        logins = tuple(sorted(name for name, _ in pool.login_providers))
        yield Problem(
            f"takes users of {', '.join(logins)} beside those of {pool.developer_provider_name}",
            evidence=(developer, ("SupportedLoginProviders", logins)),
        )
    for name in dict.fromkeys(each.provider_name for each in pool.user_pool_providers):
        user_pool = user_pool_behind(name, ctx.snapshot)
        if user_pool is not None and user_pool.settings.value.allows_self_sign_up:
            yield Problem(
                f"takes users of the user pool {user_pool.member.id}, where anybody can sign up, beside "
                f"those of {pool.developer_provider_name}",
                evidence=(developer, (f"CognitoIdentityProviders[{name}].ProviderName", name)),
            )


@rule(
    "PRV004",
    Severity.LOW,
    url=DOCS + "external-identity-providers.html",
    names={"legacy": LEGACY_LOGINS},
    peers={"stave": ("CTL.COGNITO.SOCIAL.TESTCREDS",)},
)
def legacy_login_is_trusted(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """A login provider is trusted that is gone, or that AWS's guide does not name any more.

    Why: nobody looks after the trust, nor notices if the name of the provider gets another owner.
    Fix: take the provider out of SupportedLoginProviders with UpdateIdentityPool, sending all other settings
    along, for the call replaces them. Users who still sign in by it get no credentials, or a new identity by
    another provider.
    Unsure when: users still sign in by it.
    """
    for name, app in pool.login_providers:
        if name in ctx.names["legacy"]:
            yield Problem(
                f"trusts {name}",
                evidence=((f"SupportedLoginProviders.{name}", app),),
            )


@rule(
    "PRV005", Severity.LOW, url=DOCS + "identity-pools.html", peers={"stave": ("CTL.COGNITO.ORPHAN.IDPOOL",)}
)
def identity_pool_lets_nobody_in(pool: IdentityPool, _ctx: Context) -> Iterator[Problem]:
    """The identity pool lets nobody in.

    Why: what gives nobody credentials is forgotten, with the roles that trust it; who may change identity
    pools can bring it back to life unnoticed.
    Fix: delete it with DeleteIdentityPool once no application names its id, and then the roles that only it
    handed out. Its identities go with it for good.
    Unsure when: it is about to be set up, or its identities' ids are still needed.
    """
    ways = (
        pool.user_pool_providers,
        pool.login_providers,
        pool.openid_provider_arns,
        pool.saml_provider_arns,
        pool.developer_provider_name,
        pool.allows_guest_access,
    )
    if not any(ways):
        yield Problem(
            "has no identity providers and lets no guests in",
            evidence=(
                ("CognitoIdentityProviders", ()),
                ("AllowUnauthenticatedIdentities", pool.allows_guest_access),
            ),
        )


@rule(
    "PRV006",
    Severity.LOW,
    url=DOCS + "role-based-access-control.html",
    applies=trusts_user_pools,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.USER_POOLS, FacetName.GROUPS),
    peers={"stave": ("CTL.COGNITO.IDPOOL.ROLEMAPPING.NONE",)},
)
def roles_of_groups_are_not_used(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Groups have roles of their own, yet all users get one role.

    Why: somebody meant groups to differ; as it is, every user gets what the group with the most rights needs,
    or that group lacks it.
    Fix: set a mapping of Type Token with AmbiguousRoleResolution Deny in RoleMappings with
    SetIdentityPoolRoles, sending Roles and the other mappings along, for the call replaces them. Users
    without a group get no credentials then, unless AuthenticatedRole is chosen instead.
    Unsure when: another identity pool uses the groups' roles.
    """
    roles = ctx.identities.roles.value
    mapped = {each.provider for each in roles.mappings}
    for provider in pool.user_pool_providers if roles.authenticated_role_arn else ():
        if f"{provider.provider_name}:{provider.client_id}" in mapped:
            continue
        user_pool = user_pool_behind(provider.provider_name, ctx.snapshot)
        if user_pool is None:
            continue
        groups = tuple(each.name for each in user_pool.groups.value if each.role_arn)
        if groups:
            yield Problem(
                f"gives all users of app client {provider.client_id} one role, though {len(groups)} of their "
                f"groups have roles of their own",
                evidence=(
                    ("Roles.authenticated", roles.authenticated_role_arn),
                    (f"UserPool[{user_pool.member.id}].Groups", groups[:_LISTED]),
                ),
            )


@rule(
    "PRV007",
    Severity.HIGH,
    url=DOCS + "open-id.html",
    applies=has_openid_providers,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE, FacetName.ROLE_POLICIES),
    names={"shared": SHARED_ISSUERS},
)
def tokens_of_a_shared_issuer_reach_rights(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Everybody with a token of a public build service gets AWS credentials with rights.

    Why: the issuer gives tokens to all its customers, who name the audience themselves; an identity pool
    looks at the issuer and the audience alone, so a stranger's build gets the authenticated role.
    Fix: choose the role by claims that name your own organisation, with a mapping of Type Rules and
    AmbiguousRoleResolution Deny in RoleMappings with SetIdentityPoolRoles, sending Roles and the other
    mappings along, for the call replaces them. Builds whose claims no rule fits get no credentials then.
    """
    roles = ctx.identities.roles.value
    arn = roles.authenticated_role_arn
    issuers = [
        each
        for each in pool.openid_provider_arns
        if _issuer(each) in ctx.names["shared"] and _falls_to_default(roles, each)
    ]
    if arn is None or not issuers:
        return
    role, policies = ctx.region.role(arn).value, ctx.region.role_policies(arn).value
    if role is None or policies is None:
        return
    reach = reach_of(policies)
    held = dict.fromkeys((*reach.escalations, *reach.wildcards, *reach.data))
    for provider in issuers:
        if not _lets_in(role, pool.identity_pool_id, provider):
            continue
        for words, evidence in said(held):
            yield Problem(
                f"lets everybody with a token of {_issuer(provider)} do {words}",
                evidence=(("OpenIdConnectProviderARNs", provider), ("Roles.authenticated", arn), *evidence),
                path=(
                    f"anybody's token of {_issuer(provider)}",
                    f"identity pool {pool.identity_pool_id}",
                    f"role {arn}",
                ),
            )


def _issuer(provider_arn: str) -> str:
    return provider_arn.partition(":oidc-provider/")[2]


def _falls_to_default(roles: IdentityPoolRoles, provider: str) -> bool:
    """Whether users of a provider get the authenticated role where no rule fits them."""
    return all(
        each.provider != provider or each.ambiguous_role_resolution == "AuthenticatedRole"
        for each in roles.mappings
    )


def _lets_in(role: Role, identity_pool_id: str, provider: str) -> bool:
    """Whether a role's trust policy surely lets users of an OpenID Connect provider take it on."""
    return any(
        not trust.is_limited
        and not trust.other_conditions
        and (trust.audiences is None or trust.audiences.accepts(identity_pool_id))
        and (trust.methods is None or any(map(trust.methods.accepts, (SIGNED_IN, provider))))
        for trust in web_identity_trusts(role.trust)
    )


def _anywhere(user_pool_id: str, ctx: Context) -> tuple[RegionSnapshot, UserPoolSnapshot] | None:
    """Return a user pool of any account that was read, with where it is."""
    for region in ctx.snapshot.regions:
        if found := region.user_pool(user_pool_id):
            return region, found
    return None


def _home(place: str, ctx: Context) -> Facet[Any]:
    """Return the list of the account's own user pools in a region."""
    for region in ctx.snapshot.regions:
        if region.scope.region == place and region.scope.account_id == ctx.region.scope.account_id:
            return region.user_pool_list
    return Facet.missing(_gap(Reason.UNAVAILABLE, f"the region {place} was not read"))


def _nobodys(place: str, user_pool_id: str) -> Facet[Any]:
    message = f"no account that was read has the user pool {user_pool_id} in {place}"
    return Facet.missing(_gap(Reason.OTHER_ACCOUNT, message))


def _gap(reason: Reason, message: str) -> Gap:
    return Gap(operation=FacetName.USER_POOLS.operation, reason=reason, message=message)


def _entry(provider: UserPoolProvider) -> str:
    return f"CognitoIdentityProviders[{provider.provider_name}:{provider.client_id}]"
