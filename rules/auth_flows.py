"""Flows: by which ways users sign in and sign up, and what each of them leaves out."""

from collections.abc import Iterator

from records.app_client import LEGACY_AUTH_FLOWS, AppClient
from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import CONTACT_ATTRIBUTES, UserPool
from rules.app_clients import (
    ADMIN_PASSWORD_FLOWS,
    PASSWORD_FLOWS,
    allows_custom_auth,
    uses_callbacks,
)
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import DOCS
from rules.sign_up import allows_self_sign_up

MFA_ON = frozenset({"ON", "OPTIONAL"})
MIGRATION_FLOWS = PASSWORD_FLOWS | ADMIN_PASSWORD_FLOWS


def has_user_migration(pool: UserPool, _ctx: Context) -> bool:
    """Whether a trigger takes users over from elsewhere."""
    return any(trigger.stage == "UserMigration" for trigger in pool.triggers)


@rule(
    "FLW001",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "user-pool-lambda-challenge.html",
    applies=allows_custom_auth,
    reads=(FacetName.USER_POOL, FacetName.MFA_CONFIGURATION),
    plan_needed="LITE",
)
def custom_auth_may_skip_mfa(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """Users may sign in without the second factor that the user pool has.

    Why: in custom authentication a Lambda function alone decides when tokens are issued; unless it asks for
    a second factor itself, MFA that is set on the user pool may play no part.
    Fix: review the DefineAuthChallenge function: let it issue tokens only after a factor as strong as MFA.
    Where nobody uses the flow, take ALLOW_CUSTOM_AUTH out of ExplicitAuthFlows, by read, merge, write:
    UpdateUserPoolClient resets every field left out. On the Plus plan, threat protection for custom
    authentication can stop risky sign-ins. Users of the flow cannot sign in once it is gone.
    Unsure when: the function asks for a second factor, which settings do not show.
    """
    pool = ctx.pool.settings.value
    if not pool.runs_custom_auth:
        return
    mode = ctx.pool.mfa.value.mode
    if mode in MFA_ON:
        yield Problem(
            f"allows custom authentication, whose triggers decide about MFA ({mode}) by themselves",
            evidence=(
                ("ExplicitAuthFlows", tuple(sorted(client.explicit_auth_flows))),
                ("UserPool.LambdaConfig", tuple(sorted(pool.custom_auth_stages))),
                ("UserPool.MfaConfiguration", mode),
            ),
        )


@rule(
    "FLW002",
    Severity.LOW,
    url=DOCS + "amazon-cognito-user-pools-authentication-flow-methods.html",
    plan_needed="LITE",
)
def sign_in_flows_are_not_chosen(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """Nobody chose the flows by which users sign in.

    Why: an empty list means AWS's default, which lets users sign in by SRP and by custom authentication,
    also through an app client of a machine; the flow names of old app clients exclude all newer flows.
    Fix: list the flows that the application uses, by their names that begin with ALLOW_, in
    ExplicitAuthFlows, by read, merge, write: UpdateUserPoolClient resets every field left out. A flow that
    is in use and not listed stops working; old and new names cannot stand side by side.
    """
    evidence = (("ExplicitAuthFlows", tuple(sorted(client.explicit_auth_flows))),)
    if not client.explicit_auth_flows:
        flows = " and ".join(sorted(client.auth_flows))
        yield Problem(f"names no flows, so that AWS allows {flows}", evidence=evidence)
    elif old := client.explicit_auth_flows & LEGACY_AUTH_FLOWS:
        yield Problem(f"names flows the old way: {' and '.join(sorted(old))}", evidence=evidence)


@rule(
    "FLW003",
    Severity.LOW,
    url=DOCS + "user-pool-lambda-migrate-user.html",
    applies=has_user_migration,
    reads=(FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    params={"days": 365},
    plan_needed="LITE",
)
def user_migration_never_ends(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Users are still taken over from another directory.

    Why: as long as users move in one by one, applications must send passwords themselves instead of a proof,
    and whoever controls the old directory, or the function, can make accounts.
    Fix: move the rest of the users in by an import, take UserMigration out of LambdaConfig, by read, merge,
    write: UpdateUserPool resets every field left out; then move applications to SRP. Users who have not
    moved by then cannot sign in.
    Unsure when: the migration is still going on; the date is that of the user pool, not of the trigger.
    """
    limit = ctx.parameters["days"]
    if pool.created_at is None or (ctx.today - pool.created_at.date()).days <= limit:
        return
    if ctx.pool.has_app_client(_lets_users_migrate):
        days = (ctx.today - pool.created_at.date()).days
        yield Problem(
            f"has a UserMigration trigger {days} days after it was made",
            evidence=(
                *(
                    (f"LambdaConfig.{each.stage}", each.function_arn)
                    for each in pool.triggers
                    if each.stage == "UserMigration"
                ),
                ("CreationDate", pool.created_at.date().isoformat()),
            ),
        )


@rule(
    "FLW004",
    Severity.INFO,
    url=DOCS + "cognito-user-pool-managing-errors.html",
    applies=allows_self_sign_up,
    plan_needed="LITE",
)
def sign_up_tells_who_has_an_account(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """The answer to a sign-up tells whether a name is taken.

    Why: SignUp answers UsernameExistsException for a username that exists, whatever
    PreventUserExistenceErrors says, so anybody can try lists of names or addresses.
    Fix: limit the rate of SignUp with a web ACL. A new user pool can take e-mail addresses as aliases, with
    usernames that the application makes up: then only who can read the address's mail learns that it is
    taken. A user pool's sign-in options cannot be changed later.
    Unsure when: usernames are made up by the application and tell nothing of a person.
    """
    if CONTACT_ATTRIBUTES & pool.alias_attributes:
        return
    kinds = " or ".join(sorted(pool.username_attributes)) or "username"
    yield Problem(
        f"tells anybody at sign-up which {kinds} is taken",
        evidence=(
            ("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only),
            ("UsernameAttributes", tuple(sorted(pool.username_attributes))),
            ("AliasAttributes", tuple(sorted(pool.alias_attributes))),
        ),
    )


@rule(
    "FLW005",
    Severity.INFO,
    url=DOCS + "cognito-user-pools-assign-domain.html",
    applies=uses_callbacks,
    reads=(FacetName.USER_POOL,),
    plan_needed="LITE",
)
def oauth_has_no_domain(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """OAuth is on, yet the user pool has no domain for it.

    Why: without a domain there is no page to sign in on and no token endpoint; whoever adds a domain later
    puts grants and callbacks into force that nobody looked at for long.
    Fix: set AllowedOAuthFlowsUserPoolClient to false, by read, merge, write: UpdateUserPoolClient resets
    every field left out. Or give the user pool a domain with CreateUserPoolDomain. Nothing stops working, as
    nothing works without a domain.
    """
    pool = ctx.pool.settings.value
    if not pool.domain and not pool.custom_domain:
        yield Problem(
            "has OAuth switched on in a user pool without a domain",
            evidence=(
                ("AllowedOAuthFlowsUserPoolClient", client.is_oauth_enabled),
                ("UserPool.Domain", pool.domain),
                ("UserPool.CustomDomain", pool.custom_domain),
            ),
        )


def _lets_users_migrate(client: AppClient) -> bool:
    return client.signs_in_users and not MIGRATION_FLOWS.isdisjoint(client.auth_flows)
