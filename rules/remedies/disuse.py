"""Remedies of the rules on disuse."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="USE001",
        change="Delete the user pool that nobody uses",
        impact="One thing less that answers on the internet and has to be looked after.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "Ask the owner that its tags name; look for its id in code and in templates.",
            "Keep its settings, for instance from Poolwatch's store.",
            "Delete its domain, then the user pool, then the roles and functions that only it used.",
        ),
        breaks="Whatever still names the user pool's id fails for good: an id is never given twice.",
        removes="the user pool",
    ),
    Remedy(
        code="USE002",
        change="Make an app client, or delete the user pool",
        impact="The user pool is either of use or gone.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=False,
        steps=(
            "Ask the owner what the user pool is for.",
            "If it is wanted, make the app client that its application needs.",
            "If not, export the users whom somebody may ask for, then delete it.",
        ),
        breaks="Users and their passwords are gone with the user pool.",
    ),
    Remedy(
        code="USE003",
        change="Settle the scope that no app client lists",
        impact="Every scope has an application that can ask for it.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look whether an API asks for the scope.",
            "If one does, list the scope in AllowedOAuthScopes of the application's app client.",
            "If none does, take it out with UpdateResourceServer, sending the other scopes along.",
        ),
    ),
    Remedy(
        code="USE004",
        change="Make settings and declared intent agree",
        impact="Severities and findings go by what the user pool is really for.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask the owner which of the two is meant.",
            "Correct the tag poolwatch:intent, or the declaration in Poolwatch's settings.",
            "Or close what the declaration rules out: self sign-up, local sign-in, sign-in of users.",
        ),
        breaks="Whoever comes in by what is closed cannot sign in any more.",
    ),
)
