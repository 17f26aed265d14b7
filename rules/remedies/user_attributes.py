"""Remedies of the rules on user attributes."""

from collections.abc import Iterator

from records.user_pool import CONTACT_ATTRIBUTES, UserPool
from rules.engine import Context
from rules.remedies import Affected, Change, Operation, Remedy


def _verify_email(pool: UserPool, _ctx: Context) -> Iterator[Change]:
    """Verify e-mail addresses; phone numbers cost an SMS each, so that is the owner's to decide."""
    lacking = CONTACT_ATTRIBUTES & pool.sign_in_attributes - pool.auto_verified_attributes
    if lacking == {"email"}:
        verified = sorted(pool.auto_verified_attributes | lacking)
        yield Change(Operation.UPDATE_USER_POOL, ("AutoVerifiedAttributes",), verified)


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="ATR001",
        change="Write attributes that grant rights from a server",
        impact="Only the owner's servers set the attribute; users keep the value that they have.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Compare the values that users have now with what they should be, and correct them.",
            "Let a server write the attribute with AdminUpdateUserAttributes.",
            "Give users of an identity provider that fills the attribute an app client of their own.",
            "Take the attribute out of WriteAttributes of every app client of users.",
        ),
        breaks=(
            "Forms that let users edit the attribute fail, and so does sign-in by an identity provider that "
            "fills it through the same app client."
        ),
        removes="the attribute from what users may write",
    ),
    Remedy(
        code="ATR002",
        change="List the attributes that users may write",
        impact="Users write what is listed in WriteAttributes and nothing else.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Try as a test user whether UpdateUserAttributes writes a custom attribute.",
            "Collect the attributes that forms and identity providers write through the app client.",
            "Name them in WriteAttributes, on one app client first.",
        ),
        breaks=(
            "A form whose attribute was forgotten fails, and so does sign-in by an identity provider that "
            "fills it."
        ),
    ),
    Remedy(
        code="ATR003",
        change="Verify the addresses that users sign in with",
        impact="New users enter a code that was sent to the address before they can sign in.",
        affected=Affected.NEW_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "See that the user pool can send e-mail, or SMS where users sign in with phone numbers.",
            "Release the application with a step for the code after sign-up.",
            "Add the attribute to AutoVerifiedAttributes.",
        ),
        breaks="Sign-up forms without a step for the code leave new users unconfirmed; each SMS costs money.",
        changes=_verify_email,
    ),
)
