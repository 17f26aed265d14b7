"""Remedies of the rules on what identity pools take tokens of."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="PRV001",
        change="Trust only user pools that are there",
        impact="The identity pool takes no more tokens of what is gone or nobody knows.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Find out whether the user pool or app client was deleted, or is another account's.",
            "Look in CloudTrail's data events for GetCredentialsForIdentity with its tokens.",
            "Take the entry out of CognitoIdentityProviders, sending all other settings along.",
        ),
        breaks="Users of that app client, should there be any, get no AWS credentials.",
        removes="the trust in the user pool or app client",
    ),
    Remedy(
        code="PRV002",
        change="Settle the trust in another account's user pool",
        impact="Only accounts that you know decide who gets AWS credentials here.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask the other account's owner which application needs the entry, and who may change its users.",
            "If it stays, name it in your records; let its role allow what that application needs.",
            "If nobody knows, take it out of CognitoIdentityProviders, sending all other settings along.",
        ),
        breaks="Users of the other account's user pool get no AWS credentials without the entry.",
        removes="the trust in the other account's user pool",
    ),
    Remedy(
        code="PRV003",
        change="Give your server's users an identity pool of their own",
        impact="Users for whom your server vouches no longer share a role with whoever signs up.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Make an identity pool with the developer provider alone, and a role for its users.",
            "Move what hangs on identity ids, such as folders and items, to the new ids.",
            "Let the server ask the new identity pool for tokens, and release the apps that use them.",
            "Take the role for public users down to what they need.",
        ),
        breaks="Identities do not move: who signs in by the new identity pool has a new identity id.",
    ),
    Remedy(
        code="PRV004",
        change="Drop login providers of the past",
        impact="The identity pool takes no more logins of the provider.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look for apps that still offer the login, and release them without it.",
            "Take the provider out of SupportedLoginProviders, sending all other settings along.",
        ),
        breaks="Users who still sign in by it get a new identity by another provider.",
        removes="the login provider",
    ),
    Remedy(
        code="PRV005",
        change="Delete the unused identity pool",
        impact="The identity pool and its identities are gone for good.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "Search applications and code for the identity pool's id.",
            "Delete it with DeleteIdentityPool.",
            "Delete the roles that trust no other identity pool.",
        ),
        breaks="Data that lies under its identity ids has no owner any more.",
        removes="the identity pool",
    ),
    Remedy(
        code="PRV006",
        change="Choose roles by groups",
        impact="Users get the role of their group with the lowest precedence.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "See that each group's role trusts this identity pool with amr authenticated.",
            "Put every user who needs AWS credentials into a group.",
            "Set a mapping of type Token with SetIdentityPoolRoles, sending Roles and other mappings along.",
        ),
        breaks=(
            "Users without a group get the authenticated role or nothing, as AmbiguousRoleResolution says; "
            "those with one lose what its role does not allow."
        ),
        removes="the one role for all",
    ),
    Remedy(
        code="PRV007",
        change="Give builds a role by whose they are",
        impact="Only builds whose claims name your own organisation get AWS credentials.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "List the repositories or workspaces whose builds use the identity pool.",
            "Make rules on the claim that names them, such as repository_owner_id, each with its role.",
            "Set them with AmbiguousRoleResolution Deny by SetIdentityPoolRoles, sending the rest along.",
            "Look in CloudTrail's data events for GetCredentialsForIdentity by strangers' builds.",
        ),
        breaks="Builds whose claims no rule fits get no credentials.",
        removes="the authenticated role of builds that no rule fits",
    ),
)
