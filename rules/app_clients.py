"""App clients: grants, callbacks, sign-in flows, tokens, and who may register a client."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import FacetName
from records.user_pool import CUSTOM_AUTH_TRIGGERS, UserPool
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import DOCS

# The second name of each flow is the one that old app clients have.
PASSWORD_FLOWS = frozenset({"ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"})
ADMIN_PASSWORD_FLOWS = frozenset({"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"})


def signs_in_users(client: AppClient, _ctx: Context) -> bool:
    """Whether people sign in through the app client, and not machines alone."""
    return client.signs_in_users


def uses_callbacks(client: AppClient, _ctx: Context) -> bool:
    """Whether OAuth is on, without which callback URLs receive nothing."""
    return bool(client.is_oauth_enabled)


def allows_custom_auth(client: AppClient, _ctx: Context) -> bool:
    """Whether users may sign in through Lambda triggers."""
    return client.allows_custom_auth


def has_open_registration(pool: UserPool, _ctx: Context) -> bool:
    """Whether app clients can be registered without a token."""
    return pool.open_registration is not None


@rule(
    "APP001",
    Severity.HIGH,
    url=DOCS + "authorization-endpoint.html",
    plan_needed="LITE",
    peers={
        "service_screener": ("cognitoClientImplicitGrantEnabled",),
        "stave": ("CTL.COGNITO.CLIENT.IMPLICITFLOW",),
    },
)
def implicit_grant_is_allowed(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """Tokens are handed out in the URL.

    Why: with the implicit grant, tokens stand in the address of the callback, where the browser's history,
    extensions and scripts on the page can read them; OAuth 2.1 has dropped it.
    Fix: move the application to the code grant with PKCE, then take implicit out of AllowedOAuthFlows, by
    read, merge, write: UpdateUserPoolClient resets every field left out. A release that still asks for
    response_type token cannot sign in then.
    """
    if "implicit" in client.active_oauth_flows:
        yield Problem(
            "allows the implicit grant",
            evidence=(("AllowedOAuthFlows", tuple(sorted(client.oauth_flows))),),
        )


@rule(
    "APP002",
    Severity.HIGH,
    url=DOCS + "user-pool-settings-client-apps.html",
    applies=uses_callbacks,
    plan_needed="LITE",
    peers={
        "service_screener": ("cognitoClientHttpCallbackUrl",),
        "stave": ("CTL.COGNITO.CLIENT.HTTPCALLBACK",),
    },
)
def callback_is_plain_http(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """Codes or tokens travel over the network unencrypted.

    Why: everybody on the way can read what the callback URL receives and sign in with it.
    Fix: serve the callback over https and replace its entry in CallbackURLs and DefaultRedirectURI, by
    read, merge, write: UpdateUserPoolClient resets every field left out. Applications must send the new
    redirect_uri from then on.
    """
    for url in client.plain_http_callbacks:
        yield Problem(f"sends users back to {url} without encryption", evidence=(("CallbackURLs", url),))


@rule(
    "APP003",
    Severity.MEDIUM,
    url=DOCS + "cognito-user-pool-managing-errors.html",
    applies=signs_in_users,
    plan_needed="LITE",
    peers={
        "prowler": ("cognito_user_pool_client_prevent_user_existence_errors",),
        "service_screener": ("cognitoClientUserExistenceErrors",),
        "stave": ("CTL.COGNITO.CLIENT.ENUMERATION",),
        "mondoo": ("mondoo-aws-security-cognito-client-prevent-user-existence-errors",),
    },
)
def errors_reveal_users(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """Error messages tell who has an account.

    Why: sign-in, confirmation and password recovery answer differently for names that do not exist, so
    anybody can find out which addresses are worth an attack.
    Fix: set PreventUserExistenceErrors to ENABLED, by read, merge, write: UpdateUserPoolClient resets every
    field left out. Applications that wait for UserNotFoundException get NotAuthorizedException instead.
    SignUp still tells when a name is taken.
    """
    if not client.hides_user_existence:
        value = client.prevent_user_existence_errors
        yield Problem(
            f"tells unknown users from wrong passwords (PreventUserExistenceErrors {value or 'not set'})",
            evidence=(("PreventUserExistenceErrors", value),),
        )


@rule("APP004", Severity.MEDIUM, url=DOCS + "user-pool-settings-client-apps.html", plan_needed="LITE")
def public_client_has_secret(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """A public app client carries a client secret.

    Why: a secret that ships in a browser or phone app is readable by every user, so it proves nothing, and
    code that trusts it is open to anyone.
    Fix: make a client without a secret, use the code grant with PKCE, delete this one. An app client's
    secret cannot be taken away, so every installation must get the new client id first.
    Unsure when: a server uses a custom-scheme or loopback callback on purpose.
    """
    if client.has_secret and client.public_signals:
        yield Problem(
            f"has a secret, yet allows {' and '.join(client.public_signals)}",
            evidence=client.public_evidence,
        )


@rule(
    "APP005",
    Severity.MEDIUM,
    url=DOCS + "token-revocation.html",
    applies=signs_in_users,
    plan_needed="LITE",
    peers={
        "prowler": ("cognito_user_pool_client_token_revocation_enabled",),
        "service_screener": ("cognitoClientTokenRevocationDisabled",),
        "stave": ("CTL.COGNITO.CLIENT.TOKEN.REVOCATION",),
    },
)
def token_revocation_is_off(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """A stolen refresh token cannot be revoked.

    Why: without EnableTokenRevocation, RevokeToken is refused, and a stolen refresh token gives new access
    tokens until it expires.
    Fix: set EnableTokenRevocation to true, by read, merge, write: UpdateUserPoolClient resets every field
    left out. New tokens carry the claims jti and origin_jti, and are a little longer.
    """
    if not client.is_token_revocation_enabled:
        yield Problem(
            "has token revocation switched off",
            evidence=(("EnableTokenRevocation", client.is_token_revocation_enabled),),
        )


@rule(
    "APP006",
    Severity.MEDIUM,
    url=DOCS + "amazon-cognito-user-pools-authentication-flow-methods.html",
    plan_needed="LITE",
)
def admin_password_flow_needs_no_secret(client: AppClient, _ctx: Context) -> Iterator[Problem]:
    """A server's password flow stands on an app client without a secret.

    Why: the admin flow is for servers, which can keep a secret; without one, the IAM permission alone is
    enough to try passwords, and the client is likely shared with a public app.
    Fix: give the server an app client of its own with a secret, then take ALLOW_ADMIN_USER_PASSWORD_AUTH
    out of this one's ExplicitAuthFlows, by read, merge, write: UpdateUserPoolClient resets every field left
    out. The server must send SECRET_HASH and the new client id.
    """
    flows = client.auth_flows & ADMIN_PASSWORD_FLOWS
    if flows and not client.has_secret:
        yield Problem(
            f"allows {' and '.join(sorted(flows))} without a secret",
            evidence=(("ExplicitAuthFlows", tuple(sorted(client.explicit_auth_flows))),),
        )


@rule(
    "APP007",
    Severity.MEDIUM,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "amazon-cognito-user-pools-authentication-flow-methods.html",
    reads=(FacetName.USER_POOL,),
    plan_needed="LITE",
    peers={
        "service_screener": ("cognitoClientInsecureAuthFlow",),
        "mondoo": ("mondoo-aws-security-cognito-client-no-user-password-auth",),
    },
)
def password_is_sent_without_srp(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """The application sends the password itself, not a proof of it.

    Why: the password goes to AWS inside TLS, yet every proxy, log and crash report that sees the request
    sees the password; SRP proves that the user knows it without sending it.
    Fix: sign users in by ALLOW_USER_SRP_AUTH or ALLOW_USER_AUTH, then take ALLOW_USER_PASSWORD_AUTH out of
    ExplicitAuthFlows, by read, merge, write: UpdateUserPoolClient resets every field left out. Releases
    that still use the flow cannot sign in then.
    Unsure when: a UserMigration trigger moves users in, for it needs the password.
    """
    flows = client.auth_flows & PASSWORD_FLOWS
    if flows:
        because = _why_passwords_are_sent(client, ctx)
        yield Problem(
            f"allows {' and '.join(sorted(flows))}",
            evidence=(("ExplicitAuthFlows", tuple(sorted(client.explicit_auth_flows))),),
            severity=Severity.LOW if because else None,
            because=because,
        )
        if not because:
            # What was not read might have made it less of a problem.
            _ = ctx.pool.settings.value


@rule(
    "APP008",
    Severity.MEDIUM,
    url=DOCS + "amazon-cognito-user-pools-using-the-access-token.html",
    applies=signs_in_users,
    params={"access_token_minutes": 60, "high_minutes": 720},
    plan_needed="LITE",
    peers={
        "service_screener": ("cognitoTokenValidityTooLong",),
        "stave": ("CTL.COGNITO.CLIENT.ACCESSTTL",),
    },
)
def access_token_lives_too_long(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A stolen access token works for a long time.

    Why: services that verify the token by its signature accept it until it expires, also after the user has
    signed out.
    Fix: set AccessTokenValidity to 15 to 60 minutes, by read, merge, write: UpdateUserPoolClient resets
    every field left out. Applications refresh their tokens more often.
    """
    limit, high = ctx.parameters["access_token_minutes"], ctx.parameters["high_minutes"]
    minutes = client.effective_access_token_seconds / 60
    if minutes > limit:
        yield Problem(
            f"issues access tokens for {minutes:g} minutes, more than {limit}",
            evidence=(("AccessTokenValidity", f"{client.effective_access_token_seconds} seconds"),),
            severity=Severity.HIGH if minutes > high else None,
            because=f"an access token lives longer than {high} minutes" if minutes > high else "",
        )


@rule(
    "APP009",
    Severity.MEDIUM,
    url=DOCS + "amazon-cognito-user-pools-using-the-refresh-token.html",
    applies=signs_in_users,
    params={"refresh_token_days": 30, "high_days": 365},
    plan_needed="LITE",
    peers={
        "service_screener": ("cognitoTokenValidityTooLong",),
        "stave": ("CTL.COGNITO.CLIENT.REFRESHTTL",),
    },
)
def refresh_token_lives_too_long(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """A stolen refresh token works for a long time.

    Why: whoever has the refresh token gets new access tokens, without password or second factor, until it
    expires.
    Fix: set RefreshTokenValidity to 30 days or less, by read, merge, write: UpdateUserPoolClient resets
    every field left out. Users sign in again when it has passed.
    Unsure when: a phone app keeps users signed in and rotates its refresh tokens (RefreshTokenRotation).
    """
    limit, high = ctx.parameters["refresh_token_days"], ctx.parameters["high_days"]
    days = client.effective_refresh_token_seconds / 86400
    if days > limit:
        is_worse = days > high and not client.rotates_refresh_tokens
        yield Problem(
            f"issues refresh tokens for {days:g} days, more than {limit}",
            evidence=(
                ("RefreshTokenValidity", f"{client.effective_refresh_token_seconds} seconds"),
                (
                    "RefreshTokenRotation.Feature",
                    "ENABLED" if client.rotates_refresh_tokens else "DISABLED",
                ),
            ),
            severity=Severity.HIGH if is_worse else None,
            because=f"refresh tokens live longer than {high} days and do not rotate" if is_worse else "",
        )


@rule(
    "APP010",
    Severity.LOW,
    url=DOCS + "user-pool-lambda-challenge.html",
    applies=allows_custom_auth,
    reads=(FacetName.USER_POOL,),
    plan_needed="LITE",
)
def custom_auth_lacks_triggers(client: AppClient, ctx: Context) -> Iterator[Problem]:
    """Custom authentication is allowed, but its Lambda triggers are missing.

    Why: the flow cannot end well, and whoever adds a trigger later opens a way to sign in that nobody has
    in mind; a set with one missing is often a mistake that fails at sign-in.
    Fix: take ALLOW_CUSTOM_AUTH out of ExplicitAuthFlows, listing the flows in use where the list is empty,
    by read, merge, write: UpdateUserPoolClient resets every field left out. Or add the missing triggers.
    Unsure when: DefineAuthChallenge alone orders AWS's own challenges; or ExplicitAuthFlows was left empty,
    which allows the flow by default.
    """
    stages = ctx.pool.settings.value.custom_auth_stages
    if missing := CUSTOM_AUTH_TRIGGERS - stages:
        # The trigger that orders challenges can do with AWS's own.
        is_broken = bool(stages - {"DefineAuthChallenge"})
        lacking = "all triggers" if not stages else " and ".join(sorted(missing))
        yield Problem(
            f"allows custom authentication, yet its user pool lacks {lacking} for it",
            evidence=(
                ("ExplicitAuthFlows", tuple(sorted(client.explicit_auth_flows))),
                ("UserPool.LambdaConfig", tuple(sorted(stages))),
            ),
            severity=Severity.MEDIUM if is_broken else None,
            because="some of the triggers are there, so sign-in fails half-way" if is_broken else "",
        )


@rule(
    "APP011",
    Severity.HIGH,
    url=DOCS + "cognito-user-pools-dynamic-client-registration.html",
    plan_needed="ESSENTIALS",
)
def anyone_can_register_app_clients(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Anybody can register an app client.

    Why: open registration asks for no token, so strangers can make clients that look like yours on the
    sign-in page, send users to callback URLs of their own, and fill the user pool's quota.
    Fix: set DcrConfiguration.OpenDcrEnabled to false and let applications register with a token that has
    the scope aws.cognito/dcr/register, by read, merge, write: UpdateUserPool resets every field left out
    and replaces DcrConfiguration as a whole. Applications that register without a token are refused then.
    Unsure when: the user pool serves a platform whose clients must register by themselves.
    """
    if registration := pool.open_registration:
        yield Problem(
            "lets anybody register app clients",
            evidence=(
                ("DcrConfiguration.OpenDcrEnabled", registration.is_open),
                ("DcrConfiguration.OpenDcrGrantTypes", tuple(sorted(registration.open_grant_types))),
                ("DcrConfiguration.AllowedScopes", tuple(sorted(registration.allowed_scopes))),
            ),
        )


@rule(
    "APP012",
    Severity.CRITICAL,
    url=DOCS + "cognito-user-pools-dynamic-client-registration.html",
    applies=has_open_registration,
    plan_needed="ESSENTIALS",
)
def anyone_can_register_machine_clients(pool: UserPool, _ctx: Context) -> Iterator[Problem]:
    """Anybody can register an app client that takes machine tokens.

    Why: with client_credentials open to all, strangers get access tokens without any user, and every token
    request is on the owner's bill.
    Fix: take client_credentials out of DcrConfiguration.OpenDcrGrantTypes, by read, merge, write:
    UpdateUserPool resets every field left out and replaces DcrConfiguration as a whole. Clients registered
    before keep their grant until they are deleted.
    """
    registration = pool.open_registration
    if registration and "client_credentials" in registration.open_grant_types:
        yield Problem(
            "lets anybody register app clients with the client_credentials grant",
            evidence=(("DcrConfiguration.OpenDcrGrantTypes", tuple(sorted(registration.open_grant_types))),),
        )


def _why_passwords_are_sent(client: AppClient, ctx: Context) -> str:
    """Return what makes the flow less of a problem, empty where nothing is known to."""
    if client.is_confidential:
        return "a server with a secret sends the password"
    settings = ctx.pool.settings
    if settings.gap is None and any(each.stage == "UserMigration" for each in settings.value.triggers):
        return "users are moved in by a UserMigration trigger, which needs the password"
    return ""
