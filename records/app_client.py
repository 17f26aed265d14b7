"""An app client of a user pool, as DescribeUserPoolClient answers it, without its secret."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

# What Cognito allows where ExplicitAuthFlows is empty.
DEFAULT_AUTH_FLOWS = frozenset({"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"})
# The names that flows have on old app clients, on which no name begins with ALLOW_.
LEGACY_AUTH_FLOWS = frozenset({"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"})
# The provider name that stands for the user pool's own users.
LOCAL_PROVIDER = "COGNITO"
_CUSTOM_AUTH_FLOWS = frozenset({"ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY"})
_DEFAULT_ACCESS_TOKEN_SECONDS = 3600
_DEFAULT_ID_TOKEN_SECONDS = 3600
_DEFAULT_REFRESH_TOKEN_SECONDS = 30 * 86400
# RFC 3986, section 3.1; what has no scheme is no absolute URL, and no app can receive it.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WEB_SCHEMES = frozenset({"http", "https"})
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshTokenRotation:
    """Rotation of refresh tokens and the seconds for which a rotated token still works."""

    is_enabled: bool
    grace_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsConfiguration:
    """Where a client's analytics go, and through which role."""

    application_id: str | None
    role_arn: str | None
    shares_user_data: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppClient:
    """An app client's settings. Token lifetimes are seconds, None where AWS left them out."""

    client_id: str
    user_pool_id: str
    name: str
    client_type: str | None
    has_secret: bool
    created_at: datetime | None
    modified_at: datetime | None
    access_token_seconds: int | None
    id_token_seconds: int | None
    refresh_token_seconds: int | None
    explicit_auth_flows: frozenset[str]
    is_oauth_enabled: bool | None
    oauth_flows: frozenset[str]
    oauth_scopes: frozenset[str]
    callback_urls: tuple[str, ...]
    logout_urls: tuple[str, ...]
    default_redirect_uri: str | None
    identity_providers: frozenset[str]
    read_attributes: frozenset[str] | None
    write_attributes: frozenset[str] | None
    prevent_user_existence_errors: str | None
    is_token_revocation_enabled: bool | None
    propagates_user_context: bool | None
    auth_session_minutes: int | None
    refresh_token_rotation: RefreshTokenRotation | None
    analytics: AnalyticsConfiguration | None

    @property
    def auth_flows(self) -> frozenset[str]:
        """The authentication flows in force: AWS's default where none is named."""
        return self.explicit_auth_flows or DEFAULT_AUTH_FLOWS

    @property
    def active_oauth_flows(self) -> frozenset[str]:
        """The OAuth grants in force: a client that lists grants with OAuth switched off has none."""
        return self.oauth_flows if self.is_oauth_enabled else frozenset()

    @property
    def is_machine_to_machine(self) -> bool:
        """Whether the client only takes tokens for itself, by the client credentials grant."""
        return self.active_oauth_flows == {"client_credentials"}

    @property
    def signs_in_users(self) -> bool:
        """Whether users can sign in through the client, by the SDK or by OAuth."""
        return not self.is_machine_to_machine

    @property
    def signs_in_locally(self) -> bool:
        """Whether the client serves the user pool's own users: without any provider, AWS's SDK does."""
        return self.signs_in_users and (
            not self.identity_providers or LOCAL_PROVIDER in self.identity_providers
        )

    @property
    def allows_custom_auth(self) -> bool:
        """Whether users can sign in through Lambda triggers."""
        return self.signs_in_users and not _CUSTOM_AUTH_FLOWS.isdisjoint(self.auth_flows)

    @property
    def hides_user_existence(self) -> bool:
        """Whether errors are the same for unknown users: AWS treats an absent setting as LEGACY."""
        return self.prevent_user_existence_errors == "ENABLED"

    @property
    def refreshes_tokens(self) -> bool:
        """Whether users get refresh tokens and can use them: the flows of the old shape say nothing of it."""
        if "code" in self.active_oauth_flows:
            return True
        return self.signs_in_users and (
            "ALLOW_REFRESH_TOKEN_AUTH" in self.auth_flows or not LEGACY_AUTH_FLOWS.isdisjoint(self.auth_flows)
        )

    @property
    def rotates_refresh_tokens(self) -> bool:
        """Whether a refresh token ends once it is used: AWS treats an absent setting as off."""
        return self.refresh_token_rotation is not None and self.refresh_token_rotation.is_enabled

    @property
    def effective_access_token_seconds(self) -> int:
        """Seconds that an access token lives: one hour where AWS left it out."""
        return self.access_token_seconds or _DEFAULT_ACCESS_TOKEN_SECONDS

    @property
    def effective_id_token_seconds(self) -> int:
        """Seconds that an ID token lives: one hour where AWS left it out."""
        return self.id_token_seconds or _DEFAULT_ID_TOKEN_SECONDS

    @property
    def effective_refresh_token_seconds(self) -> int:
        """Seconds that a refresh token lives: AWS counts an absent value and 0 as 30 days."""
        return self.refresh_token_seconds or _DEFAULT_REFRESH_TOKEN_SECONDS

    @property
    def plain_http_callbacks(self) -> tuple[str, ...]:
        """Callback URLs that send a code or token over the network unencrypted."""
        urls = dict.fromkeys((*self.callback_urls, self.default_redirect_uri or ""))
        return tuple(url for url in urls if _scheme(url) == "http" and not _is_loopback(url))

    @property
    def plain_http_logouts(self) -> tuple[str, ...]:
        """Logout URLs that are fetched over the network unencrypted."""
        return tuple(url for url in self.logout_urls if _scheme(url) == "http" and not _is_loopback(url))

    @property
    def loopback_callbacks(self) -> tuple[str, ...]:
        """Callback URLs that go to the user's own machine."""
        return tuple(url for url in self.callback_urls if _is_loopback(url))

    @property
    def callback_hosts(self) -> frozenset[str]:
        """The hosts that the web callbacks go to, without those on the user's own machine."""
        return frozenset(map(web_host, self.callback_urls)) - _LOOPBACK_HOSTS - {""}

    @property
    def custom_scheme_callbacks(self) -> tuple[str, ...]:
        """Callback URLs that only an installed app can receive (RFC 8252, section 7.1)."""
        return tuple(url for url in self.callback_urls if _scheme(url) not in {"", *_WEB_SCHEMES})

    @property
    def has_loopback_callbacks_only(self) -> bool:
        """Whether every callback goes to the user's own machine."""
        return bool(self.callback_urls) and all(_is_loopback(url) for url in self.callback_urls)

    @property
    def is_confidential(self) -> bool:
        """Whether a server keeps the client's secret, and nothing marks the client as one of a public app."""
        return self.has_secret and not self.public_signals

    @property
    def public_evidence(self) -> tuple[tuple[str, object], ...]:
        """The settings that mark the client as a public one: (field path, value) pairs."""
        evidence: list[tuple[str, object]] = []
        if "implicit" in self.active_oauth_flows:
            evidence.append(("AllowedOAuthFlows", tuple(sorted(self.oauth_flows))))
        if self.custom_scheme_callbacks:
            evidence.append(("CallbackURLs", self.custom_scheme_callbacks))
        elif self.has_loopback_callbacks_only:
            evidence.append(("CallbackURLs", self.callback_urls))
        return tuple(evidence)

    @property
    def public_signals(self) -> tuple[str, ...]:
        """What marks the client as a public one, in words that follow "allows"."""
        signals = []
        if "implicit" in self.active_oauth_flows:
            signals.append("the implicit grant")
        if self.custom_scheme_callbacks:
            signals.append("a custom-scheme callback")
        elif self.has_loopback_callbacks_only:
            signals.append("loopback callbacks only")
        return tuple(signals)


def web_host(url: str) -> str:
    """Return the host of an http or https URL in lower case, empty where there is none."""
    return _host(url) if _scheme(url) in _WEB_SCHEMES else ""


def _scheme(url: str) -> str:
    found = _SCHEME.match(url)
    return found[1].lower() if found else ""


def _is_loopback(url: str) -> bool:
    return _host(url) in _LOOPBACK_HOSTS


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        # An unbalanced bracket in the host; such a URL can receive nothing.
        return ""
