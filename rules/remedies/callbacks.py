"""Remedies of the rules on callbacks."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="CBK001",
        change="Give developers an app client of their own",
        impact="Codes and tokens of real users go to the application alone.",
        affected=Affected.OPERATORS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Make an app client with the localhost callbacks, best in a user pool for development.",
            "Give its client id to the developers.",
            "Take the localhost entries out of CallbackURLs and LogoutURLs of this one.",
        ),
        breaks="Developers who still use this client id cannot sign in from their machines.",
        removes="callbacks to localhost",
    ),
    Remedy(
        code="CBK002",
        change="Call the app back by https links that belong to it",
        impact="The operating system hands the code to the app that proves to own the domain.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "See that the app sends code_challenge, which makes a stolen code worthless; release it if not.",
            "Set up universal links and app links for a domain of your own, and add the URL to CallbackURLs.",
            "Release the app with the new callback, and wait until old releases are out of use.",
            "Take the custom scheme out of CallbackURLs.",
        ),
        breaks="Installed releases that still use the custom scheme cannot sign in once it is gone.",
    ),
    Remedy(
        code="CBK003",
        change="Move callbacks to a domain of your own",
        impact="Codes and tokens only go to names that the owner holds.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Open each entry, and ask who holds the name; take those that were given up out at once.",
            "Serve the application under a domain of your own, and add that URL to CallbackURLs.",
            "Release it with the new redirect_uri, then take the old entry out.",
        ),
        breaks="An application that still uses the old entry cannot sign in.",
    ),
    Remedy(
        code="CBK004",
        change="Serve logout pages over https",
        impact="Users who sign out come to a page that nobody on the way can change.",
        affected=Affected.SOME_USERS,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Serve the page over https, and add that URL to LogoutURLs.",
            "Release the application with the new logout_uri.",
            "Take the http entry out.",
        ),
        breaks="Releases that send the old logout_uri show an error at sign-out.",
    ),
    Remedy(
        code="CBK005",
        change="Give each application an app client of its own",
        impact="Each application has its own client id, callbacks and token lifetimes.",
        affected=Affected.SIGNING_IN,
        needs_client_release=True,
        is_reversible=True,
        steps=(
            "Group the callbacks by the application that they belong to.",
            "Make an app client for each, and release it with the new client id.",
            "Take its entries out of this app client once nobody uses them any more.",
        ),
        breaks="Users of an application with a new client id sign in again; APIs must accept the new id.",
    ),
)
