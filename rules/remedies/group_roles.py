"""Remedies of the rules on who can take on the roles of user pools' groups."""

from rules.remedies import Affected, Remedy
from rules.remedies.roles import CONDITION_STEPS

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="GRL001",
        change="Condition the role's trust",
        impact="Only signed-in users of the identity pools that you name can take the role.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=CONDITION_STEPS,
        breaks="Users of an identity pool that is left out of aud get no credentials.",
        removes="the trust in guests and in identity pools that nobody named",
    ),
    Remedy(
        code="GRL002",
        change="Let the group's role trust the identity pool",
        impact="Members of the group get the credentials that the group is for.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look at what the role's policies allow, for members can use it from then on.",
            "Bring a role back that does not exist, or name another one with UpdateGroup.",
            "Name the identity pool in aud, and authenticated in amr, with UpdateAssumeRolePolicy.",
            "Sign in as a member of the group, and get credentials.",
        ),
    ),
)
