"""Remedies of the rules on sign-up and contact addresses."""

from collections.abc import Iterator

from records.user_pool import UserPool
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy

VERIFIED = ("AutoVerifiedAttributes",)
VERIFIED_BEFORE_UPDATE = ("UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate")


def _verify_email(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    """Verify e-mail addresses, also when they change; nothing where users sign up by phone number alone."""
    if pool.username_attributes != {"phone_number"}:
        yield Change(Operation.UPDATE_USER_POOL, VERIFIED, sorted(pool.auto_verified_attributes | {"email"}))
        proved = sorted(pool.attributes_verified_before_update | {"email"})
        yield Change(Operation.UPDATE_USER_POOL, VERIFIED_BEFORE_UPDATE, proved)


def _prove_changes_first(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    """Prove every trusted contact before it changes; AWS asks that the user pool verifies it at all.

    Nothing where that would begin to send SMS, at a price for each.
    """
    verified = pool.auto_verified_attributes | pool.trusted_contacts
    added = verified - pool.auto_verified_attributes
    if "phone_number" in added:
        return
    if added:
        yield Change(Operation.UPDATE_USER_POOL, VERIFIED, sorted(verified))
    proved = sorted(pool.attributes_verified_before_update | pool.trusted_contacts)
    yield Change(Operation.UPDATE_USER_POOL, VERIFIED_BEFORE_UPDATE, proved)


def _close_sign_up(_pool: UserPool, _ctx: Context) -> Iterator[Change]:
    yield Change(
        Operation.UPDATE_USER_POOL, ("AdminCreateUserConfig", "AllowAdminCreateUserOnly"), value=True
    )


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="SGN001",
        change="Verify e-mail addresses",
        impact="New users enter a code from an e-mail before they can sign in, and again when it changes.",
        affected=Affected.NEW_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "See that the user pool's sender can carry one e-mail for each sign-up.",
            "Release forms with a step for the code, unless users sign up in managed login.",
            "Put email into AutoVerifiedAttributes.",
        ),
        breaks=(
            "Users who sign up without an e-mail address get no code and cannot be confirmed by themselves. "
            "The built-in sender carries about 50 e-mails a day."
        ),
        changes=_verify_email,
    ),
    Remedy(
        code="SGN002",
        change="Prove a changed contact address before it counts",
        impact="Users keep the old address until they enter the code that was sent to the new one.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Release profile forms with a step for the code.",
            "Let scripts say email_verified where AdminUpdateUserAttributes shall set an address at once.",
            "List the attribute in AttributesRequireVerificationBeforeUpdate.",
        ),
        breaks="A form without a step for the code seems to change the address and does not.",
        changes=_prove_changes_first,
    ),
    Remedy(
        code="SGN003",
        change="Close self sign-up",
        impact="Local accounts come from administrators alone; identity providers go on creating theirs.",
        affected=Affected.NEW_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the local users who signed up by themselves, and delete those whom nobody knows.",
            "Set AllowAdminCreateUserOnly to true.",
            "Refuse local sign-in by a rule in the web ACL where no local user is left.",
        ),
        breaks="An application that calls SignUp is refused.",
        removes="self sign-up (SignUp)",
        changes=_close_sign_up,
    ),
    Remedy(
        code="SGN004",
        change="Close self sign-up",
        impact="Nobody can register any more; administrators create users with AdminCreateUser.",
        affected=Affected.NEW_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Count the sign-ups of the last weeks by the metric SignUpSuccesses.",
            "Have another way for new users: AdminCreateUser, an import, or an identity provider.",
            "Take the sign-up form out of the application, then set AllowAdminCreateUserOnly to true.",
        ),
        breaks="An application that calls SignUp is refused, and managed login no longer shows the form.",
        removes="self sign-up (SignUp)",
        changes=_close_sign_up,
    ),
    Remedy(
        code="SGN005",
        change="Close self sign-up",
        impact="Strangers get no account any more, so no AWS credentials through it.",
        affected=Affected.NEW_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Read what the role allows; where strangers may have all of it, mute the finding.",
            "Where the application is for the public, narrow the role's policies to each user's own data.",
            "Else have another way for new users, then set AllowAdminCreateUserOnly to true.",
            "Go through the accounts that signed up by themselves.",
        ),
        breaks="An application that calls SignUp is refused, and managed login no longer shows the form.",
        removes="self sign-up (SignUp)",
        changes=_close_sign_up,
    ),
    Remedy(
        code="SGN006",
        change="Associate a web ACL that limits rates",
        impact="AWS WAF counts requests by address and refuses or challenges what is too much.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Set a spend limit for SMS, and bound the countries with a protect configuration.",
            "Associate a web ACL with a rate-based rule in Count, and read its log for a week.",
            "Switch the rule to Block; add Captcha or Challenge for sign-up once applications can show it.",
            "Verify e-mail in place of phone numbers where that will do.",
        ),
        breaks=(
            "Many users behind one address can be refused. Captcha can keep managed login from registering "
            "TOTP, and stops native sign-up that lacks AWS WAF's client library."
        ),
    ),
)
