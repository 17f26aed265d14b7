"""Remedies of the rules on the account's roles that trust identity pools."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="RTR001",
        change="Condition the role's trust",
        impact="Only identities of the identity pools that you name can take the role.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look by IAM's last accessed information whether anybody uses the role; delete it if not.",
            "List the identity pools that hand the role out, and whether to users or to guests.",
            "Add the conditions with UpdateAssumeRolePolicy, for all of these identity pools.",
            "Get credentials once as a user, and once as a guest where there are any.",
        ),
        breaks="Users of an identity pool that is left out of aud get no credentials.",
        removes="the trust in identity pools that nobody named",
    ),
    Remedy(
        code="RTR002",
        change="Condition the role's trust",
        impact="Identity pools that are not the account's can no longer lend the role to anybody.",
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
)
