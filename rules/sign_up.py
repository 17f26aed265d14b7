"""Sign-up: who may create an account, and whether a contact address is proved before it counts."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import UserPool
from rules.engine import Context, Problem, rule
from rules.links import DOCS


def allows_self_sign_up(pool: UserPool, _ctx: Context) -> bool:
    """Whether anybody may create an account."""
    return pool.allows_self_sign_up


def trusts_contacts(pool: UserPool, _ctx: Context) -> bool:
    """Whether the user pool verifies a contact address or takes one as a username."""
    return bool(pool.trusted_contacts)


def is_federated_only(_pool: UserPool, ctx: Context) -> bool:
    """Whether app clients sign users in, all of them through outside identity providers."""
    if ctx.pool.has_app_client(lambda client: client.signs_in_locally):
        return False
    return ctx.pool.has_app_client(lambda client: client.signs_in_users)


@rule(
    "SGN001",
    Severity.MEDIUM,
    url=DOCS + "user-pool-settings-email-phone-verification.html",
    applies=allows_self_sign_up,
    plan_needed="LITE",
    peers={
        "service_screener": ("cognitoSelfServiceSignUpNoVerification", "cognitoNoEmailPhoneVerification"),
        "stave": ("CTL.COGNITO.VERIFY.EMAIL",),
    },
)
def self_sign_up_verifies_no_contact(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Anybody can sign up without proving an e-mail address or phone number.

    Why: accounts can carry other people's addresses and be made in any number, and an application that goes
    by the address takes the account for that person's.
    Fix: put email into AutoVerifiedAttributes, by read, merge, write: UpdateUserPool resets every field
    left out. New users must enter a code before they can sign in; phone_number works too, and costs an SMS
    for each.
    Unsure when: a PreSignUp trigger verifies or confirms users by other means, which the settings do not
    show.
    """
    if not pool.auto_verified_attributes:
        yield Problem(
            "lets anybody sign up and verifies neither e-mail address nor phone number",
            evidence=(
                ("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only),
                ("AutoVerifiedAttributes", ()),
            ),
        )


@rule(
    "SGN002",
    Severity.MEDIUM,
    url=DOCS + "user-pool-settings-email-phone-verification.html",
    applies=trusts_contacts,
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.ATTR.VERIFYUPDATE",)},
)
def contact_change_counts_before_proof(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """A changed e-mail address or phone number counts before it is proved.

    Why: with a stolen access token, or by a user's own hand, an account gets another person's address at
    once: it can block that person's sign-up, sign in under the address, and fool applications that go by
    it.
    Fix: list the attribute in UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate, by
    read, merge, write: UpdateUserPool resets every field left out. Users keep the old value until they
    enter the code sent to the new one, so forms that change it need a step for the code.
    Unsure when: applications know users by their sub and look at email_verified and phone_number_verified.
    """
    for attribute in sorted(pool.trusted_contacts - pool.attributes_verified_before_update):
        yield Problem(
            f"lets a new {attribute} take effect before it is verified",
            evidence=(
                (
                    "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate",
                    tuple(sorted(pool.attributes_verified_before_update)),
                ),
                ("AutoVerifiedAttributes", tuple(sorted(pool.auto_verified_attributes))),
                ("AliasAttributes", tuple(sorted(pool.alias_attributes))),
                ("UsernameAttributes", tuple(sorted(pool.username_attributes))),
            ),
        )


@rule(
    "SGN003",
    Severity.HIGH,
    url=DOCS + "signing-up-users-in-your-app.html",
    applies=is_federated_only,
    reads=(FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    plan_needed="LITE",
)
def self_sign_up_bypasses_federation(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Anybody can sign up past the identity providers that users should come from.

    Why: leaving COGNITO out of SupportedIdentityProviders hides the form in managed login and no more: the
    SignUp operation still makes local users, who never saw the company's identity provider.
    Fix: set AdminCreateUserConfig.AllowAdminCreateUserOnly to true, by read, merge, write: UpdateUserPool
    resets every field left out. A WAF rule on the user pool can refuse local sign-in as well. Users of the
    identity providers are still created at their first sign-in.
    """
    if pool.allows_self_sign_up:
        providers = {name for client in ctx.pool.app_clients for name in client.identity_providers}
        yield Problem(
            "lets anybody sign up, though its app clients only name outside identity providers",
            evidence=(
                ("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only),
                ("SupportedIdentityProviders", tuple(sorted(providers))),
            ),
        )
