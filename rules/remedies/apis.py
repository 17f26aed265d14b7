"""Remedies of the rules on APIs that trust a user pool's tokens."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="API001",
        change="Name the app clients that the API serves",
        impact="The API takes tokens of the app clients in its audience, all of which exist.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Find out which app client was meant, and which app clients call the API now.",
            "Set the audience with UpdateAuthorizer, sending the issuer along.",
            "Watch the API's answers 401 for a day.",
        ),
        breaks="Users of an app client that is left out of the audience are refused.",
        removes="the entry for the app client that is gone",
    ),
    Remedy(
        code="API002",
        change="Ask for scopes on the API's methods",
        impact="The API takes access tokens with the right scope, and refuses those of mere users.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Make a resource server with scopes, and allow them to the app clients that need the API.",
            "Release applications that ask for the scopes and send the access token.",
            "Set authorizationScopes method by method, and watch the answers 401.",
        ),
        breaks=(
            "Applications that send the ID token are refused. Access tokens that InitiateAuth gives carry no "
            "scopes of resource servers unless a PreTokenGeneration trigger adds them."
        ),
        removes="the access by any token of the user pool",
    ),
    Remedy(
        code="API003",
        change="Ask for scopes on the API's methods",
        impact="Each method or route takes access tokens with its scopes alone.",
        affected=Affected.EVERYBODY,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Define the scopes in a resource server of the user pool.",
            "Allow the app clients that are meant to request them, by read, merge, write.",
            "Release the apps so that they request the scopes and send access tokens.",
            "Name the scopes in authorizationScopes, one method at a time, and deploy to a test stage.",
            "Deploy to production once the API's log shows no more tokens without the scopes.",
        ),
        breaks="A REST API refuses ID tokens on methods with scopes, and sign-in by API instead of OAuth"
        " gives no scope but aws.cognito.signin.user.admin.",
    ),
    Remedy(
        code="API004",
        change="Take the missing user pool out of the authorizer",
        impact="The authorizer names only user pools that exist.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make sure that the user pool was deleted on purpose.",
            "Remove its ARN from providerARNs with UpdateAuthorizer.",
            "Deploy the API to its stages.",
        ),
    ),
)
