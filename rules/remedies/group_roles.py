"""Remedies for the roles of groups, and for roles that reach other accounts."""

from rules.remedies import Affected, Remedy

REMEDIES = (
    Remedy(
        code="GRL001",
        change="Name identity pool and sign-in in the role's trust policy",
        impact="the role is left to signed-in users of the identity pools that its trust policy names",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the identity pools that give the role out, with their ids",
            "Add StringEquals on cognito-identity.amazonaws.com:aud with these ids to the trust policy",
            "Add ForAnyValue:StringLike on cognito-identity.amazonaws.com:amr with authenticated",
            "Watch AssumeRoleWithWebIdentity in CloudTrail for refusals",
        ),
        breaks="users of an identity pool that was forgotten get no credentials until it is named",
    ),
    Remedy(
        code="GRL002",
        change="Let the role trust the identity pool that gives it out",
        impact="members of the group get the credentials that the group was made for",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look at what the role's policies allow, for members can use it from then on",
            "Bring the role back, or name another one with UpdateGroup, if it does not exist",
            "Name the identity pool in aud, and authenticated in amr, of the trust policy",
            "Sign in as a member of the group and fetch credentials",
        ),
    ),
    Remedy(
        code="ROL009",
        change="Take resources of other accounts out of the role's policies",
        impact="users reach resources of the role's own account alone",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask who owns the other account and whether apps need its resources",
            "Look for the role's calls to them in CloudTrail",
            "Move what is needed behind an API of your own, which checks who asks",
            "Take the resources out of the policies, and ask the owner to take the role out of theirs",
        ),
        breaks="apps that use the resources with users' credentials stop to work",
        removes="rights on resources of another account",
    ),
)
