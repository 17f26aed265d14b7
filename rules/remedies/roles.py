"""Remedies of the rules on the roles that identity pools and groups hand out."""

from rules.remedies import Affected, Remedy

NARROW_STEPS = (
    "Find the calls of the last weeks in CloudTrail, or by IAM's last accessed information.",
    "Write policies that allow these actions on the resources that they are for.",
    "Try them on a copy of the role, put them in place, and watch for AccessDenied.",
)
NARROW_BREAKS = "Whatever is left out stops working, also what is called once a year."
CONDITION_STEPS = (
    "List the identity pools that hand the role out, and whether to users or to guests.",
    "Add the conditions with UpdateAssumeRolePolicy, for all of these identity pools.",
    "Get credentials once as a user, and once as a guest where there are any.",
)

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="ROL001",
        change="Condition the role's trust",
        impact="Only identities of the identity pools that you name can take the role.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=CONDITION_STEPS,
        breaks="Users of an identity pool that is left out of aud get no credentials.",
        removes="the trust in identity pools that nobody named",
    ),
    Remedy(
        code="ROL002",
        change="Condition the role's trust",
        impact="Identity pools of other accounts can no longer lend the role to anybody.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask whose the other identity pools are, and look in CloudTrail for what they did by the role.",
            "Leave the ids of your own identity pools in aud with UpdateAssumeRolePolicy.",
            "Get credentials once through each identity pool that is left.",
        ),
        breaks="Applications that use an identity pool which was taken out lose the role.",
        removes="the trust in identity pools that are not yours",
    ),
    Remedy(
        code="ROL003",
        change="Condition the role's trust",
        impact="Guests cannot take the role; users who sign in notice nothing.",
        affected=Affected.GUESTS,
        needs_client_release=False,
        is_reversible=True,
        steps=CONDITION_STEPS,
        breaks="Guests to whom an application lends the role by the classic flow lose it.",
        removes="the trust in guests",
    ),
    Remedy(
        code="ROL004",
        change="Condition the role's trust",
        impact="Guests could not take the role if there were any; nobody notices.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=CONDITION_STEPS,
    ),
    Remedy(
        code="ROL005",
        change="Narrow the role's policies",
        impact="Signed-in users may do what the application calls, and no more.",
        affected=Affected.EVERYBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=NARROW_STEPS,
        breaks=NARROW_BREAKS,
        removes="the rights that the application does not use",
    ),
    Remedy(
        code="ROL006",
        change="Narrow the role's policies",
        impact="Signed-in users cannot give themselves more rights; a back end does what needs them.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Look in CloudTrail for the action, by whom it was called, and for what came of it.",
            "Let a back end, which knows the user, do what the application needs the action for.",
            "Take the action out of the role's policies, and watch for AccessDenied.",
        ),
        breaks="An application that calls the action with the user's credentials is refused.",
        removes="the actions that lead to more rights",
    ),
    Remedy(
        code="ROL007",
        change="Bind the role to each user's own data",
        impact="Users reach the objects and items under their own identity alone.",
        affected=Affected.EVERYBODY,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Move data that lies under other keys to keys that begin with the user's identity.",
            "Release the application with these keys.",
            "Put the policy variable into the resource or the condition, and watch for AccessDenied.",
        ),
        breaks="Data that was not moved is out of reach, and what users shared with one another is, too.",
        removes="the access to other users' data",
    ),
    Remedy(
        code="ROL008",
        change="Narrow the role's policies",
        impact="The group's members may do what they need, and no more.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=NARROW_STEPS,
        breaks=NARROW_BREAKS,
        removes="the rights that the group does not use",
    ),
)
