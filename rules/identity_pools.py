"""Identity pools: who gets AWS credentials, and which role."""

from collections.abc import Iterator
from typing import Any

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import Facet, FacetName
from records.iam import RolePolicies
from records.identity_pool import IdentityPool
from rules.engine import Context, Problem, rule
from rules.links import DOCS
from rules.principal_tags import TagUse, tag_use
from rules.reach import reach_of
from rules.writable import user_pool_behind, writing_client

# What an app does before its users sign in and nobody gains by.
HARMLESS_ACTIONS = ("rum:PutRumEvents",)
# More would make a finding unreadable.
_LISTED = 20
LOOSE_MATCHES = frozenset({"Contains", "StartsWith", "NotEqual"})


def allows_guest_access(pool: IdentityPool, _ctx: Context) -> bool:
    """Whether guests get an identity."""
    return pool.allows_guest_access


def trusts_user_pools(pool: IdentityPool, _ctx: Context) -> bool:
    """Whether the identity pool takes tokens of user pools."""
    return bool(pool.user_pool_providers)


def maps_roles(_pool: IdentityPool, ctx: Context) -> bool:
    """Whether the identity pool chooses roles by the token."""
    return bool(ctx.identities.roles.value.mappings)


def maps_tags(_pool: IdentityPool, ctx: Context) -> bool:
    """Whether claims of some provider's tokens become tags of the session."""
    return any(each.tags for each in ctx.identities.principal_tags.value)


@rule(
    "IDP001",
    Severity.MEDIUM,
    url=DOCS + "identity-pools.html",
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE_POLICIES),
    names={"harmless": HARMLESS_ACTIONS},
    mappings={
        "security_hub": ("Cognito.2",),
        "aws_config": (
            "cognito-identity-pool-unauth-access-check",
            "cognito-identity-pool-unauthenticated-logins",
        ),
    },
    peers={
        "prowler": ("cognito_identity_pool_guest_access_disabled",),
        "stave": ("CTL.COGNITO.IDENTITY.GUEST",),
        "mondoo": ("mondoo-aws-security-cognito-identity-pool-no-unauthenticated",),
        "cdk_nag": ("AwsSolutions-COG7",),
        "checkov": ("CKV_AWS_366",),
        "cfn_nag": ("W57",),
        "powerpipe": ("foundational_security_cognito_2",),
    },
)
def guest_access_is_on(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Anybody gets an identity without signing in.

    Why: the identity pool's id, which every app shows, is all that a stranger needs for AWS credentials of
    the guest role.
    Fix: set AllowUnauthenticatedIdentities to false with UpdateIdentityPool, sending all other settings
    along, for the call replaces them; or leave the guest role only what strangers may do. Apps that work
    before users sign in, for maps or CloudWatch RUM for instance, stop working without guest access.
    Unsure when: the guest role allows harmless things on purpose; what it allows is other rules' matter.
    """
    if not pool.allows_guest_access:
        return
    message = "lets guests in without signing in"
    guest_access = ("AllowUnauthenticatedIdentities", pool.allows_guest_access)
    if ctx.identities.roles.gap is not None:
        yield Problem(message, evidence=(guest_access,))
    arn = ctx.identities.roles.value.unauthenticated_role_arn
    evidence = (guest_access, ("Roles.unauthenticated", arn))
    if arn is None:
        yield Problem(
            f"{message}, and has no guest role",
            evidence,
            Severity.INFO,
            because="AWS gives guests no credentials as long as there is no guest role",
        )
        return
    message = f"{message}, with the role {arn}"
    policies = ctx.region.role_policies(arn)
    if policies.gap is not None:
        yield Problem(message, evidence)
    if policies.value is None:
        yield Problem(message, evidence, Severity.LOW, because="the guest role does not exist")
    elif unlisted := _allowed(policies.value) - {each.lower() for each in ctx.names["harmless"]}:
        yield Problem(message, (*evidence, ("Policies.Action", tuple(sorted(unlisted)[:_LISTED]))))
    else:
        because = "the guest role allows nothing, or only what is harmless"
        yield Problem(message, evidence, Severity.LOW, because)


@rule(
    "IDP002",
    Severity.MEDIUM,
    url=DOCS + "authentication-flow.html",
    peers={
        "stave": ("CTL.COGNITO.IDPOOL.CLASSICFLOW",),
        "mondoo": ("mondoo-aws-security-cognito-identity-pool-no-classic-flow",),
    },
)
def classic_flow_is_on(pool: IdentityPool, _ctx: Context) -> Iterator[Problem]:
    """Apps choose a role themselves, without AWS's limits for guests.

    Why: in the classic flow the app gets a token and assumes any role that trusts the identity pool; the
    session policies that bound guests in the enhanced flow do not apply.
    Fix: move apps to GetCredentialsForIdentity, then set AllowClassicFlow to false with UpdateIdentityPool,
    sending all other settings along, for the call replaces them. Apps that call GetOpenIdToken and
    AssumeRoleWithWebIdentity by themselves stop working.
    """
    if pool.allows_classic_flow:
        yield Problem(
            "has the classic flow switched on",
            evidence=(
                ("AllowClassicFlow", pool.allows_classic_flow),
                ("AllowUnauthenticatedIdentities", pool.allows_guest_access),
            ),
            severity=Severity.HIGH if pool.allows_guest_access else None,
            because="guests are let in, whom AWS limits in the enhanced flow alone",
        )


@rule(
    "IDP003",
    Severity.HIGH,
    url=DOCS + "iam-roles.html",
    applies=allows_guest_access,
    reads=(FacetName.IDENTITY_POOL_ROLES,),
)
def guests_share_the_users_role(_pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Guests get the same role as signed-in users.

    Why: whatever a signed-in user may do, everybody may do.
    Fix: make a role for guests with the little they need and a trust policy for amr unauthenticated, and
    name it with SetIdentityPoolRoles, sending the authenticated role and RoleMappings along, for the call
    replaces them.
    """
    roles = ctx.identities.roles.value
    if roles.authenticated_role_arn and roles.authenticated_role_arn == roles.unauthenticated_role_arn:
        yield Problem(
            f"gives guests and signed-in users the same role, {roles.authenticated_role_arn}",
            evidence=(
                ("Roles.authenticated", roles.authenticated_role_arn),
                ("Roles.unauthenticated", roles.unauthenticated_role_arn),
            ),
        )


@rule(
    "IDP004",
    Severity.MEDIUM,
    url=DOCS + "identity-pools.html",
    applies=trusts_user_pools,
)
def signed_out_users_keep_access(pool: IdentityPool, _ctx: Context) -> Iterator[Problem]:
    """Users who were signed out or deleted still get AWS credentials.

    Why: without ServerSideTokenCheck an identity pool takes a token by its signature until it expires, and
    does not ask the user pool whether the user still exists or was signed out everywhere.
    Fix: set ServerSideTokenCheck to true for the entry in CognitoIdentityProviders with UpdateIdentityPool,
    sending all other settings along, for the call replaces them. Each exchange takes a little longer.
    """
    for provider in pool.user_pool_providers:
        if not provider.has_server_side_token_check:
            entry = f"CognitoIdentityProviders[{provider.provider_name}:{provider.client_id}]"
            yield Problem(
                f"takes tokens of app client {provider.client_id} without asking its user pool",
                evidence=((f"{entry}.ServerSideTokenCheck", provider.has_server_side_token_check),),
            )


@rule(
    "IDP005",
    Severity.MEDIUM,
    url=DOCS + "role-based-access-control.html",
    applies=maps_roles,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE_POLICIES),
)
def role_rule_matches_loosely(_pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """A role goes to tokens whose claim only resembles the value.

    Why: Contains and StartsWith also match longer values that others can choose, as admin matches
    not-admin, and NotEqual gives the role to everybody but one.
    Fix: use MatchType Equals, or groups with the Token type, in RoleMappings with SetIdentityPoolRoles,
    sending Roles and the other mappings along, for the call replaces them. Users whose claim is not the
    exact value lose the role.
    Unsure when: the claim comes from your own identity provider and its values are fixed.
    """
    roles: dict[str, str] = {}
    for mapping in ctx.identities.roles.value.mappings:
        for number, each in enumerate(mapping.effective_rules):
            if each.match_type in LOOSE_MATCHES:
                entry = f"RoleMappings[{mapping.provider}].RulesConfiguration.Rules[{number}]"
                roles.setdefault(each.role_arn, f"{entry}.RoleARN")
                yield Problem(
                    f"gives the role {each.role_arn} where {each.claim} {each.match_type} {each.value!r}",
                    evidence=((f"{entry}.MatchType", each.match_type), (f"{entry}.Claim", each.claim)),
                )
    for arn in sorted(roles, key=lambda each: ctx.region.role_policies(each).gap is not None):
        policies = ctx.region.role_policies(arn).value
        reach = reach_of(policies) if policies is not None else None
        if reach is not None and (any(reach.wildcards) or any(reach.escalations)):
            yield Problem(
                f"gives the role {arn} so, which allows wildcards or what leads to more rights",
                evidence=((roles[arn], arn),),
                severity=Severity.HIGH,
                because="a role that goes to whoever resembles the value is a strong one",
            )


@rule(
    "IDP006",
    Severity.MEDIUM,
    url=DOCS + "role-based-access-control.html",
    applies=maps_roles,
    reads=(FacetName.IDENTITY_POOL_ROLES, FacetName.ROLE_POLICIES),
)
def unmatched_users_get_the_default_role(_pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """Users whom no role rule fits get the authenticated role.

    Why: a token that should have matched nothing still gets credentials, often of a role that was made when
    there was only one.
    Fix: set AmbiguousRoleResolution to Deny in RoleMappings with SetIdentityPoolRoles, sending Roles and
    the other mappings along, for the call replaces them. Users without a group or a matching claim get no
    credentials then.
    Unsure when: the authenticated role allows next to nothing; how much is other rules' matter.
    """
    roles = ctx.identities.roles.value
    default = roles.authenticated_role_arn
    falling = [each for each in roles.mappings if each.ambiguous_role_resolution == "AuthenticatedRole"]
    if default is None or not falling:
        return
    policies = ctx.region.role_policies(default)
    is_empty = policies.gap is None and (policies.value is None or not _allowed(policies.value))
    for mapping in falling:
        entry = f"RoleMappings[{mapping.provider}]"
        yield Problem(
            f"gives users of {mapping.provider} whom no role fits the role {default}",
            evidence=(
                (f"{entry}.AmbiguousRoleResolution", mapping.ambiguous_role_resolution),
                ("Roles.authenticated", default),
            ),
            severity=Severity.LOW if is_empty else None,
            because="the role does not exist or allows nothing",
        )
    # Whether the role allows anything may make it less.
    _ = policies.value


@rule(
    "IDP007",
    Severity.HIGH,
    url=DOCS + "attributes-for-access-control.html",
    applies=maps_tags,
    reads=(
        FacetName.PRINCIPAL_TAGS,
        FacetName.IDENTITY_POOL_ROLES,
        FacetName.ROLE,
        FacetName.ROLE_POLICIES,
        FacetName.USER_POOLS,
        FacetName.USER_POOL,
        FacetName.APP_CLIENTS,
        FacetName.APP_CLIENT,
    ),
)
def principal_tag_comes_from_users(pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """A tag of the AWS session has a value that users choose themselves.

    Why: policies that compare aws:PrincipalTag take the tag for what the organisation says of the user; who
    can write the attribute behind it can take the access of anybody else.
    Fix: fill the tag from an attribute that only your servers write, with SetPrincipalTagAttributeMap,
    sending the other tags along, for the call replaces them; or take the attribute out of WriteAttributes
    of every app client, by read, merge, write: UpdateUserPoolClient resets every field left out. An
    application that lets users edit the attribute stops doing so, and attributes that an identity provider
    fills must stay writable.
    Unsure when: the app client is a server's, which keeps its users' access tokens to itself; or only a
    policy of a resource, such as a bucket's, asks for the tag, for those are not read.
    """
    unread: dict[int, Facet[Any]] = {}
    for mapped in ctx.identities.principal_tags.value:
        user_pool = user_pool_behind(mapped.provider, ctx.snapshot) if mapped.tags else None
        if user_pool is None:
            continue
        for tag, claim in mapped.tags:
            if client := writing_client(user_pool, claim):
                use = tag_use(pool, mapped.provider, tag, ctx)
                unread.update((id(each), each) for each in use.unread if not use.asking)
                severity, because = _tag_grade(use)
                links = (f"app client {client.client_id} lets users write {claim}", f"session tag {tag}")
                for role in dict.fromkeys(arn for arn, _ in use.asking) or (None,):
                    yield Problem(
                        f"fills the tag {tag} from {claim}, which users can write through app client "
                        f"{client.client_id}{f', and {role} goes by it' if role else ''}",
                        evidence=(
                            (f"PrincipalTags[{mapped.provider}].{tag}", claim),
                            (f"UserPoolClient[{client.client_id}].WriteAttributes", _listed(client)),
                            *(
                                (f"Policies[{name}].PrincipalTag", tag)
                                for arn, name in use.asking
                                if arn == role
                            ),
                        ),
                        severity=severity,
                        because=because,
                        path=(*links, f"role {role}") if role else (),
                    )
    for facet in unread.values():
        # How bad it is may depend on it.
        _ = facet.value


@rule(
    "IDP008",
    Severity.CRITICAL,
    url=DOCS + "role-based-access-control.html",
    applies=maps_roles,
    reads=(
        FacetName.IDENTITY_POOL_ROLES,
        FacetName.USER_POOLS,
        FacetName.USER_POOL,
        FacetName.APP_CLIENTS,
        FacetName.APP_CLIENT,
    ),
)
def role_rule_trusts_what_users_write(_pool: IdentityPool, ctx: Context) -> Iterator[Problem]:
    """A role goes to whoever writes the right value into their own profile.

    Why: the rule takes the claim for what the organisation says of the user; who can write the attribute
    behind it chooses the role.
    Fix: choose the role by cognito:groups or with the Token type in RoleMappings with SetIdentityPoolRoles,
    sending Roles and the other mappings along, for the call replaces them; or take the attribute out of
    WriteAttributes of every app client, by read, merge, write: UpdateUserPoolClient resets every field left
    out. Users who are in no group lose the role; an application that lets users edit the attribute stops
    doing so.
    Unsure when: the app client is a server's, which keeps its users' access tokens to itself.
    """
    for mapping in ctx.identities.roles.value.mappings:
        user_pool = user_pool_behind(mapping.provider, ctx.snapshot) if mapping.effective_rules else None
        if user_pool is None:
            continue
        for number, each in enumerate(mapping.effective_rules):
            if client := writing_client(user_pool, each.claim):
                entry = f"RoleMappings[{mapping.provider}].RulesConfiguration.Rules[{number}]"
                yield Problem(
                    f"gives the role {each.role_arn} by {each.claim}, which users can write through app "
                    f"client {client.client_id}",
                    evidence=(
                        (f"{entry}.Claim", each.claim),
                        (f"UserPoolClient[{client.client_id}].WriteAttributes", _listed(client)),
                    ),
                    path=(
                        f"app client {client.client_id} lets users write {each.claim}",
                        f"role rule {each.claim} {each.match_type} {each.value!r}",
                        f"role {each.role_arn}",
                    ),
                )


def _allowed(policies: RolePolicies) -> set[str]:
    """Return the action patterns that a role's policies name or, by leaving some out, mean; in lower case."""
    return {
        action.lower()
        for statement in policies.statements
        if statement.allows
        for action in statement.actions or ("*",)
    }


def _tag_grade(use: TagUse) -> tuple[Severity | None, str]:
    """Return how bad it is that users choose a tag, with the reason; None where that is not known."""
    if use.asking:
        role, policy = use.asking[0]
        return Severity.CRITICAL, f"the policy {policy} of {role} asks for the tag"
    if use.unread or use.is_open:
        return None, ""
    if not use.reaches_a_role:
        return Severity.LOW, "no role's trust policy allows sts:TagSession, which a session with tags takes"
    return Severity.LOW, "no policy of the roles that take the tag asks for it"


def _listed(client: AppClient) -> tuple[str, ...] | None:
    return tuple(sorted(client.write_attributes)) if client.write_attributes else None
