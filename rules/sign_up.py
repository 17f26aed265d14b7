"""Sign-up: who may create an account, and whether a contact address is proved before it counts."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.facet import FacetName
from records.intent import Intent
from records.surroundings import WebAcl
from records.user_pool import CONTACT_ATTRIBUTES, UserPool
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import DOCS
from rules.trusting import UNREAD, by_trusted_user_pool, has_gap, is_same_account
from rules.web_acls import asks_for_people, has_unknown_rules, limits_rates


def allows_self_sign_up(pool: UserPool, _ctx: Context) -> bool:
    """Whether anybody may create an account."""
    return pool.allows_self_sign_up


def is_not_meant_for_the_public(_pool: UserPool, ctx: Context) -> bool:
    """Whether nobody declares that anybody shall be able to sign up."""
    return Intent.PUBLIC_SIGN_UP not in ctx.intents


def trusts_contacts(pool: UserPool, _ctx: Context) -> bool:
    """Whether the user pool verifies a contact address or takes one as a username."""
    return bool(pool.trusted_contacts)


def is_federated_only(_pool: UserPool, ctx: Context) -> bool:
    """Whether app clients sign users in, all of them through outside identity providers."""
    if ctx.pool.has_app_client(lambda client: client.signs_in_locally):
        return False
    return ctx.pool.has_app_client(lambda client: client.signs_in_users)


def sends_sms_to_strangers(pool: UserPool, _ctx: Context) -> bool:
    """Whether anybody may create an account, and AWS can send the user pool's SMS by itself."""
    return pool.allows_self_sign_up and pool.sms is not None and not pool.sends_sms_by_lambda


@rule(
    "SGN001",
    Severity.MEDIUM,
    # Not those of strangers: that anybody can sign up is half of the problem already.
    stakes=Stakes.SIGN_IN,
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
        usernames = sorted(CONTACT_ATTRIBUTES & pool.username_attributes)
        yield Problem(
            "lets anybody sign up and verifies neither e-mail address nor phone number",
            evidence=(
                ("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only),
                ("AutoVerifiedAttributes", ()),
                ("UsernameAttributes", tuple(usernames)),
            ),
            severity=Severity.HIGH if usernames else None,
            because=f"users are known by their {' or '.join(usernames)}" if usernames else "",
        )


@rule(
    "SGN002",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
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


@rule(
    "SGN004",
    Severity.LOW,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "user-pool-security-best-practices.html",
    applies=is_not_meant_for_the_public,
    plan_needed="LITE",
    peers={
        "prowler": ("cognito_user_pool_self_registration_disabled",),
        "stave": ("CTL.COGNITO.SELFREG",),
    },
)
def self_sign_up_is_open(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Anybody can create an account.

    Why: SignUp needs nothing but an app client's id, which every app shows; whoever has an account is a
    signed-in user to every application and API that trusts the user pool.
    Fix: where accounts come from administrators or from identity providers, set
    AdminCreateUserConfig.AllowAdminCreateUserOnly to true, by read, merge, write: UpdateUserPool resets every
    field left out. Nobody can register by themselves then.
    Unsure when: the application is for the public, and a signed-in user gets little by being one.
    """
    if pool.allows_self_sign_up:
        yield Problem(
            "lets anybody sign up",
            evidence=(("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only),),
        )


@rule(
    "SGN005",
    Severity.HIGH,
    url=DOCS + "iam-roles.html",
    applies=allows_self_sign_up,
    reads=(
        FacetName.APP_CLIENTS,
        FacetName.IDENTITY_POOLS,
        FacetName.IDENTITY_POOL,
        FacetName.IDENTITY_POOL_ROLES,
    ),
    plan_needed="LITE",
)
def self_sign_up_leads_to_aws_credentials(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Anybody can create an account and get AWS credentials with it.

    Why: an identity pool trusts one of the user pool's app clients and gives its users a role; with open
    sign-up, whatever that role may do, a stranger may do.
    Fix: close self sign-up with AdminCreateUserConfig.AllowAdminCreateUserOnly, by read, merge, write:
    UpdateUserPool resets every field left out; or leave the role no more than strangers may have, with
    resources bound to the user's own identity. Users cannot register by themselves then, or lose what the
    role no longer allows.
    Unsure when: the role only reaches the user's own data, as in an app for the public.
    """
    clients = {member.id for member in ctx.pool.client_list.value}
    own = ctx.region.scope
    regions = [each for each in ctx.snapshot.regions if is_same_account(each.scope, own) and not each.is_off]
    trusting = by_trusted_user_pool(ctx.snapshot)
    pools = (*trusting.get(pool.user_pool_id, ()), *trusting.get(UNREAD, ()))
    for each in sorted((one for one in pools if is_same_account(one.scope, own)), key=has_gap):
        trusted = clients & {
            provider.client_id
            for provider in each.settings.value.user_pool_providers
            if provider.provider_name.rpartition("/")[2] == pool.user_pool_id
        }
        if not trusted:
            continue
        roles = each.roles.value
        # A mapping that denies whom nothing fits gives a new user, who is in no group, no role.
        denying = {
            mapping.provider.rpartition(":")[2]
            for mapping in roles.mappings
            if mapping.ambiguous_role_resolution == "Deny"
        }
        if roles.authenticated_role_arn and trusted - denying:
            yield Problem(
                f"lets anybody sign up for the role {roles.authenticated_role_arn}, "
                f"which the identity pool {each.member.name} in {each.scope.region} hands out",
                evidence=(
                    ("AdminCreateUserConfig.AllowAdminCreateUserOnly", pool.admin_creates_users_only),
                    ("IdentityPool.Id", each.member.id),
                    ("CognitoIdentityProviders.ClientId", tuple(sorted(trusted - denying))),
                    ("Roles.authenticated", roles.authenticated_role_arn),
                ),
            )
    for region in regions:
        _ = region.identity_pool_list.value


@rule(
    "SGN006",
    Severity.HIGH,
    stakes=Stakes.STRANGERS,
    url=DOCS + "user-pool-security-best-practices.html",
    applies=sends_sms_to_strangers,
    reads=(FacetName.WEB_ACL, FacetName.MFA_CONFIGURATION),
    plan_needed="LITE",
)
def sms_is_open_to_pumping(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Strangers can have SMS sent without end, at the owner's cost.

    Why: fraudsters sign up again and again with numbers whose operators share the price of each message;
    nothing here counts their requests or asks whether they are people.
    Fix: put a web ACL in front of the user pool with a rate-based rule, and with Captcha or Challenge on
    sign-up, and verify e-mail in place of phone numbers; bound countries and spending in AWS End User
    Messaging. A limit that is too low stops real users behind one address; Captcha needs managed login or an
    app that can show it.
    Unsure when: a PreSignUp trigger refuses doubtful numbers, or a rule group of the owner's guards sign-up.
    """
    acl = ctx.pool.web_acl.value
    if acl is not None and _may_guard(acl):
        return
    lacking = "no web ACL" if acl is None else f"a web ACL, {acl.name}, that neither counts nor challenges"
    guard = ("WebACL.ARN", acl.arn if acl is not None else None)
    for way, evidence in _ways_to_sms(pool, ctx):
        yield Problem(f"sends SMS to strangers {way}, behind {lacking}", evidence=(evidence, guard))


def _ways_to_sms(pool: UserPool, ctx: Context) -> Iterator[tuple[str, tuple[str, object]]]:
    """Yield what makes a stranger's request an SMS, and the setting; MFA, which another call tells, last."""
    if "phone_number" in pool.auto_verified_attributes:
        verified = tuple(sorted(pool.auto_verified_attributes))
        yield "to verify phone numbers", ("AutoVerifiedAttributes", verified)
    factors = pool.first_factors or frozenset()
    if "SMS_OTP" in factors:
        yield "to sign in", ("Policies.SignInPolicy.AllowedFirstAuthFactors", tuple(sorted(factors)))
    # Where nobody has chosen, AWS sends the code by SMS before e-mail.
    if pool.uses_legacy_recovery or "verified_phone_number" in (pool.recovery_mechanisms or ()):
        yield "to reset passwords", ("AccountRecoverySetting.RecoveryMechanisms", pool.recovery_mechanisms)
    mfa = ctx.pool.mfa.value
    if mfa.mode != "OFF" and mfa.has_sms:
        yield "as a second factor", ("SmsMfaConfiguration", mfa.has_sms)


def _may_guard(acl: WebAcl) -> bool:
    """Whether a web ACL counts or challenges requests, or refuses all that no rule lets in."""
    # Of a default action that is newer than Allow and Block nothing is claimed.
    return acl.default_action != "Allow" or any(
        limits_rates(each) or asks_for_people(each) or has_unknown_rules(each) for each in acl.rules
    )
