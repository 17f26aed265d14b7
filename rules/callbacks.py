"""Callbacks: where managed login sends users, their codes and their tokens."""

from collections.abc import Iterator

from records.app_client import AppClient, web_host
from records.evaluation import Severity
from records.facet import FacetName
from records.intent import Intent
from rules.app_clients import uses_callbacks
from rules.engine import Context, Problem, rule
from rules.links import DOCS
from rules.patterns import covers


def serves_more_than_development(client: AppClient, ctx: Context) -> bool:
    """Whether OAuth is on, in a user pool that is not declared to be for development."""
    return uses_callbacks(client, ctx) and Intent.DEVELOPMENT not in ctx.intents


@rule(
    "CBK001",
    Severity.LOW,
    url=DOCS + "user-pool-settings-client-apps.html",
    applies=serves_more_than_development,
    reads=(FacetName.USER_POOL,),
    names={"production_tags": ("prod", "production", "prd", "live")},
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.CLIENT.LOCALHOST",)},
)
def callback_leads_to_the_users_machine(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """Codes or tokens go to whatever listens on the user's machine.

    Why: any program on the machine can open the port and start a sign-in that the user's session completes;
    an app client with real users should send them nowhere but to the application.
    Fix: give developers an app client of their own, best in a user pool of their own, then take the localhost
    entries out of CallbackURLs, by read, merge, write: UpdateUserPoolClient resets every field left out.
    Developers cannot sign in with this app client from their machines then.
    Unsure when: the application is a command-line or desktop program, which receives its code that way.
    """
    loopback = client.loopback_callbacks
    if not loopback:
        return
    evidence = (("CallbackURLs", loopback),)
    if client.callback_hosts:
        yield Problem(
            f"sends users to {' and '.join(loopback)} beside {' and '.join(sorted(client.callback_hosts))}",
            evidence=(("CallbackURLs", client.callback_urls),),
            severity=Severity.MEDIUM,
            because="users of a real application go through the same app client",
        )
    else:
        yield Problem(f"sends users to {' and '.join(loopback)}", evidence=evidence)
    for key, value in ctx.pool.settings.value.tags:
        if value.lower() in ctx.names["production_tags"]:
            yield Problem(
                f"belongs to a user pool tagged {key}={value}",
                evidence=((f"UserPoolTags.{key}", value),),
                severity=Severity.MEDIUM,
                because="the user pool is tagged as production",
            )


@rule(
    "CBK002",
    Severity.LOW,
    url=DOCS + "user-pool-settings-client-apps.html",
    applies=uses_callbacks,
    plan_needed="LITE",
)
def callback_has_a_scheme_of_its_own(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """Another app on the phone can receive the callback.

    Why: an operating system hands a URL with a custom scheme to any app that has claimed the scheme; without
    PKCE, which AWS does not demand, that app gets tokens for the code.
    Fix: use https callbacks that the operating system ties to the app (universal links, app links) in
    CallbackURLs, by read, merge, write: UpdateUserPoolClient resets every field left out; until then see that
    the app sends code_challenge. Installed releases need the old entry as long as they are in use.
    Unsure when: the app uses PKCE, which makes a stolen code worthless.
    """
    schemes = client.custom_scheme_callbacks
    worse = [
        words
        for words, holds in (
            ("the implicit grant hands over tokens themselves", "implicit" in client.active_oauth_flows),
            ("a secret inside an app protects nothing", client.has_secret),
        )
        if holds
    ]
    for url in schemes:
        yield Problem(
            f"sends users to {url}, whose scheme any app can claim",
            evidence=(("CallbackURLs", url), ("AllowedOAuthFlows", tuple(sorted(client.oauth_flows)))),
            severity=Severity.MEDIUM if worse else None,
            because=" and ".join(worse),
        )


@rule(
    "CBK003",
    Severity.LOW,
    url=DOCS + "user-pool-settings-client-apps.html",
    applies=uses_callbacks,
    names={
        "claimable": (
            "*.s3.amazonaws.com",
            "*.s3.*.amazonaws.com",
            "*.s3-*.amazonaws.com",
            "*.azureedge.net",
            "*.azurefd.net",
            "*.azurestaticapps.net",
            "*.azurewebsites.net",
            "*.cloudapp.azure.com",
            "*.cloudapp.net",
            "*.trafficmanager.net",
            "*.web.core.windows.net",
            "*.devtunnels.ms",
            "*.elasticbeanstalk.com",
            "*.fly.dev",
            "*.github.io",
            "*.herokuapp.com",
            "*.loca.lt",
            "*.netlify.app",
            "*.ngrok-free.app",
            "*.ngrok-free.dev",
            "*.ngrok.app",
            "*.ngrok.dev",
            "*.ngrok.io",
            "*.onrender.com",
            "*.pages.dev",
            "*.serveo.net",
            "*.trycloudflare.com",
            "*.up.railway.app",
            "*.vercel.app",
        ),
        "placeholders": (
            "example.com",
            "example.net",
            "example.org",
            "www.example.com",
            "www.example.net",
            "www.example.org",
        ),
    },
    plan_needed="LITE",
)
def callback_host_may_change_hands(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A callback leads to a name that somebody else may take.

    Why: names under such services are free again once their owner gives them up; whoever takes the name next
    receives the codes or tokens of users who follow a link to sign in.
    Fix: see that the name is still yours, and take entries of what was given up out of CallbackURLs, by read,
    merge, write: UpdateUserPoolClient resets every field left out; best move the application to a domain of
    your own. An application that still uses the entry cannot sign in then.
    Unsure when: the name is still the owner's, which settings do not show.
    """
    urls = dict.fromkeys((*client.callback_urls, client.default_redirect_uri or ""))
    for url in urls:
        host = web_host(url)
        if any(covers(pattern, host) for pattern in ctx.names["claimable"]):
            yield Problem(
                f"sends users to {host}, a name that others may take once it is given up",
                evidence=(("CallbackURLs", url),),
            )
        elif host in ctx.names["placeholders"]:
            yield Problem(
                f"sends users to {host}, a placeholder",
                evidence=(("CallbackURLs", url),),
                severity=Severity.INFO,
                because="nobody can take the name of a placeholder",
            )


@rule(
    "CBK004",
    Severity.MEDIUM,
    url=DOCS + "logout-endpoint.html",
    applies=uses_callbacks,
    plan_needed="LITE",
    peers={"service_screener": ("cognitoClientHttpLogoutUrl",)},
)
def logout_is_plain_http(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """Users who sign out come back over an unencrypted connection.

    Why: everybody on the way can put a page of their own in place of the one that users expect, such as a
    sign-in form that asks for the password.
    Fix: serve the page over https and replace its entry in LogoutURLs, by read, merge, write:
    UpdateUserPoolClient resets every field left out. Applications must send the new logout_uri from then on.
    """
    for url in client.plain_http_logouts:
        yield Problem(
            f"sends users who sign out to {url} without encryption", evidence=(("LogoutURLs", url),)
        )


@rule(
    "CBK005",
    Severity.LOW,
    url=DOCS + "user-pool-settings-client-apps.html",
    applies=uses_callbacks,
    params={"hosts": 10},
    plan_needed="LITE",
)
def callbacks_go_to_many_hosts(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """One app client serves many hosts.

    Why: a flaw on any of the hosts gives access to the codes or tokens of all, and nobody can take one
    application's access away without the others'.
    Fix: make an app client for each application, then take its entries out of CallbackURLs here, by read,
    merge, write: UpdateUserPoolClient resets every field left out. Each application must use its new client
    id first.
    Unsure when: the hosts are tenants of one application.
    """
    limit = ctx.parameters["hosts"]
    hosts = sorted(client.callback_hosts)
    if len(hosts) > limit:
        yield Problem(
            f"sends users to {len(hosts)} hosts, more than {limit}",
            evidence=(("CallbackURLs", tuple(hosts)),),
        )
