"""Remedies of the rules on flows."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="FLW001",
        change="Ask for a second factor in custom authentication",
        impact="Users of the custom flow prove a second factor before they get tokens.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Read in the DefineAuthChallenge function when it sets issueTokens.",
            "Sign in through the flow as a test user with MFA, and see whether a code is asked for.",
            "Add a challenge for a second factor to the triggers, and release the application with it.",
            "Take ALLOW_CUSTOM_AUTH out of app clients that do not use the flow.",
        ),
        breaks="Releases that do not know the new challenge cannot finish signing in.",
    ),
    Remedy(
        code="FLW002",
        change="List the flows that the application uses",
        impact="Users sign in by the flows that are listed and by no others.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Look in CloudTrail for InitiateAuth and AdminInitiateAuth of the app client, and note AuthFlow.",
            "Name these flows in ExplicitAuthFlows, by their names that begin with ALLOW_.",
            "Leave ALLOW_REFRESH_TOKEN_AUTH in, unless refresh tokens rotate.",
        ),
        breaks="A flow that was forgotten is refused.",
    ),
    Remedy(
        code="FLW003",
        change="End the migration of users",
        impact="Users exist in the user pool alone, and the old directory can be closed.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Count in the function's log how many users it still moves.",
            "Import the users who are left; they reset their password at the first sign-in.",
            "Take UserMigration out of LambdaConfig, and delete the function.",
            "Release applications with SRP, then take the password flow out of the app clients.",
        ),
        breaks="Users who were neither moved nor imported cannot sign in.",
        removes="the UserMigration trigger",
    ),
    Remedy(
        code="FLW004",
        change="Slow down attempts to sign up",
        impact="Nobody can try long lists of names by signing up.",
        affected=Affected.NEW_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Count sign-ups of one address in the web ACL's log before choosing a limit.",
            "Add a rate-based rule on SignUp, in count mode first.",
            "In the next user pool, take e-mail addresses as aliases, with usernames that are made up.",
        ),
        breaks="A limit that is too low stops real people behind one address.",
    ),
    Remedy(
        code="FLW005",
        change="Switch OAuth off, or give the user pool a domain",
        impact="Grants and callbacks stand there only where they are in force.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask whether managed login is planned for the application.",
            "If it is, go through grants, callbacks and scopes, then make the domain.",
            "If not, set AllowedOAuthFlowsUserPoolClient to false.",
        ),
    ),
)
