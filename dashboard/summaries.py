"""The columns of the inventory: what people look for first, in a few words each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import words
from dashboard.kinds import Kind
from records.app_client import AppClient
from records.facet import FacetName
from records.federation import IdentityProvider
from records.iam import Role, RolePolicies
from records.identity_pool import IdentityPool
from records.surroundings import AcmCertificate
from records.user_pool import MfaConfiguration, UserPool
from records.user_pool_parts import UserPoolDomain

_FLOWS = {
    "ALLOW_USER_AUTH": "choice-based",
    "ALLOW_USER_SRP_AUTH": "SRP",
    "ALLOW_USER_PASSWORD_AUTH": "password",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH": "admin password",
    "ALLOW_CUSTOM_AUTH": "custom",
    "ALLOW_REFRESH_TOKEN_AUTH": "refresh token",
    "USER_PASSWORD_AUTH": "password",
    "ADMIN_NO_SRP_AUTH": "admin password",
    "CUSTOM_AUTH_FLOW_ONLY": "custom only",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A column: what one facet says of a resource."""

    key: str
    heading: str
    facet: FacetName
    read: Callable[[Any], str]
    is_number: bool = False


def _plan(pool: UserPool) -> str:
    return words.text(pool.tier and pool.tier.capitalize())


def _mfa(mfa: MfaConfiguration) -> str:
    return {"ON": "required", "OPTIONAL": "optional", "OFF": "off"}.get(mfa.mode, mfa.mode)


def _threat_protection(pool: UserPool) -> str:
    mode = pool.threat_protection
    known = {None: "off", "OFF": "off", "AUDIT": "audit only", "ENFORCED": "enforced"}
    return words.in_force(mode, known.get(mode, str(mode)))


def _sign_up(pool: UserPool) -> str:
    who = "open" if pool.allows_self_sign_up else "administrators only"
    return words.in_force(pool.admin_creates_users_only, who)


def _password_length(pool: UserPool) -> str:
    length = pool.effective_password_policy.minimum_length
    # Where a user pool has no policy of its own, AWS documents what it applies.
    return f"{words.column_number(length)}{'' if pool.password_policy else ' (default)'}"


def _deletion(pool: UserPool) -> str:
    return words.in_force(pool.deletion_protection, "on" if pool.is_deletion_protected else "off")


def _email_sender(pool: UserPool) -> str:
    if pool.sends_email_by_lambda:
        return "Lambda function"
    sender = pool.email.sending_account if pool.email else None
    return words.in_force(sender, "Amazon SES" if pool.sends_with_ses else "Cognito")


def _domain(pool: UserPool) -> str:
    return pool.custom_domain or pool.domain or words.NONE


def _client_type(client: AppClient) -> str:
    if client.is_machine_to_machine:
        return "machine-to-machine"
    return "with a secret" if client.has_secret else "public"


def _flows(client: AppClient) -> str:
    named = sorted({_FLOWS.get(flow, flow) for flow in client.auth_flows}, key=str.casefold)
    return f"{', '.join(named)}{'' if client.explicit_auth_flows else ' (default)'}"


def _grants(client: AppClient) -> str:
    if client.oauth_flows and not client.is_oauth_enabled:
        return "none (OAuth is off)"
    return words.all_of(client.active_oauth_flows)


def _access_token(client: AppClient) -> str:
    default = "" if client.access_token_seconds else " (default)"
    return f"{words.lifetime(client.effective_access_token_seconds)}{default}"


def _refresh_token(client: AppClient) -> str:
    default = "" if client.refresh_token_seconds else " (default)"
    return f"{words.lifetime(client.effective_refresh_token_seconds)}{default}"


def _user_existence(client: AppClient) -> str:
    word = "hidden" if client.hides_user_existence else "revealed"
    return words.in_force(client.prevent_user_existence_errors, word)


def _providers(pool: IdentityPool) -> str:
    numbers = (
        (len(pool.user_pool_providers), "user pool client"),
        (len(pool.login_providers), "social provider"),
        (len(pool.openid_provider_arns), "OpenID Connect provider"),
        (len(pool.saml_provider_arns), "SAML provider"),
        (int(pool.developer_provider_name is not None), "developer provider"),
    )
    return words.in_order(words.count_of(noun)(number) for number, noun in numbers if number)


def _role(arn: str | None) -> str:
    return words.NONE if arn is None else arn.rpartition("/")[2]


def _issuer(provider: IdentityProvider) -> str:
    if provider.saml_metadata is not None and provider.saml_metadata.entity_id:
        return provider.saml_metadata.entity_id
    named = dict(provider.endpoints)
    first = next((named[key] for key in ("oidc_issuer", "MetadataURL") if key in named), None)
    return first or next(iter(named.values()), words.NOT_STATED)


def _signed_until(provider: IdentityProvider) -> str:
    if provider.type != "SAML":
        return words.NONE
    if provider.saml_metadata is None:
        return "followed by AWS"
    dates = [each.not_after for each in provider.saml_metadata.signing_certificates]
    return words.day(max(dates)) if dates else words.NOT_STATED


def _domain_kind(domain: UserPoolDomain | None) -> str:
    if domain is None:
        return "AWS knows no such domain"
    return "own domain" if domain.is_custom else "prefix of Cognito's"


def _certificate_until(certificate: AcmCertificate | None) -> str:
    return words.NONE if certificate is None else words.day(certificate.not_after)


def _trusted(role: Role | None) -> str:
    if role is None:
        return "AWS knows no such role"
    named = (
        value for statement in role.trust.statements if statement.allows for _, value in statement.principals
    )
    return words.in_order(dict.fromkeys(named))


def _policies(policies: RolePolicies | None) -> str:
    return words.in_order(each.name for each in policies.granting) if policies else words.NONE


def _boundary(role: Role | None) -> str:
    return _role(role.boundary_arn if role else None)


def _column(
    facet: FacetName, key: str, heading: str, read: Callable[[Any], str], *, is_number: bool = False
) -> Summary:
    return Summary(key=key, heading=heading, facet=facet, read=read, is_number=is_number)


_POOL = FacetName.USER_POOL
_MFA = FacetName.MFA_CONFIGURATION
_CLIENT = FacetName.APP_CLIENT
_PROVIDER = FacetName.IDENTITY_PROVIDER
_DOMAIN = FacetName.DOMAIN
_IDENTITY = FacetName.IDENTITY_POOL
_ROLES = FacetName.IDENTITY_POOL_ROLES

SUMMARIES: Mapping[Kind, tuple[Summary, ...]] = {
    Kind.USER_POOL: (
        _column(_POOL, "plan", "Plan", _plan),
        _column(
            _POOL,
            "users",
            "Users (est.)",
            lambda pool: words.column_number(pool.estimated_users),
            is_number=True,
        ),
        _column(_MFA, "mfa", "MFA", _mfa),
        _column(_MFA, "factors", "Second factors", lambda mfa: words.in_order(mfa.second_factors)),
        _column(_POOL, "threats", "Threat protection", _threat_protection),
        _column(_POOL, "sign_up", "Sign-up", _sign_up),
        _column(_POOL, "password", "Password length", _password_length, is_number=True),
        _column(_POOL, "deletion", "Deletion protection", _deletion),
        _column(_POOL, "email", "E-mail sender", _email_sender),
        _column(_POOL, "domain", "Domain", _domain),
        _column(
            FacetName.APP_CLIENTS,
            "clients",
            "App clients",
            lambda members: words.column_number(len(members)),
            is_number=True,
        ),
        _column(FacetName.WEB_ACL, "web_acl", "Web ACL", lambda acl: words.NONE if acl is None else acl.name),
        _column(
            FacetName.LOG_DELIVERY,
            "logs",
            "Logs delivered",
            lambda logs: words.in_order(sorted({each.event_source for each in logs})),
        ),
        _column(
            FacetName.SESSION_CONFIGURATION,
            "sessions",
            "Sessions",
            lambda session: (
                "tracked" if session.is_tracked else words.in_force(session.tracking, "untracked")
            ),
        ),
        _column(_POOL, "created", "Created", lambda pool: words.day(pool.created_at)),
    ),
    Kind.APP_CLIENT: (
        _column(_CLIENT, "type", "Type", _client_type),
        _column(_CLIENT, "flows", "Flows", _flows),
        _column(_CLIENT, "grants", "OAuth grants", _grants),
        _column(
            _CLIENT,
            "callbacks",
            "Callbacks",
            lambda client: words.column_number(len(client.callback_urls)),
            is_number=True,
        ),
        _column(_CLIENT, "access_token", "Access token", _access_token),
        _column(_CLIENT, "id_token", "ID token", lambda client: words.lifetime(client.id_token_seconds)),
        _column(_CLIENT, "refresh_token", "Refresh token", _refresh_token),
        _column(_CLIENT, "existence", "Unknown users are", _user_existence),
        _column(
            _CLIENT,
            "revocation",
            "Revocation",
            lambda client: words.either("on", "off")(client.is_token_revocation_enabled),
        ),
        _column(
            FacetName.CLIENT_SECRETS,
            "secrets",
            "Secrets",
            lambda secrets: words.column_number(len(secrets)),
            is_number=True,
        ),
        _column(
            FacetName.CLIENT_RISK,
            "risk",
            "Responses to risk",
            lambda risk: "the user pool's" if risk is None else "its own",
        ),
    ),
    Kind.IDENTITY_PROVIDER: (
        _column(_PROVIDER, "type", "Type", lambda provider: provider.type),
        _column(_PROVIDER, "issuer", "Issuer", _issuer),
        _column(_PROVIDER, "until", "Signed until", _signed_until),
        _column(
            _PROVIDER,
            "starts",
            "Starts at the provider",
            lambda provider: words.either("allowed", "off")(provider.allows_idp_initiated_sign_in),
        ),
        _column(_PROVIDER, "scopes", "Scopes", lambda provider: words.in_order(provider.scopes)),
        _column(
            _PROVIDER,
            "mapped",
            "Attributes mapped",
            lambda provider: words.column_number(len(provider.attribute_mapping)),
            is_number=True,
        ),
        _column(_PROVIDER, "created", "Created", lambda provider: words.day(provider.created_at)),
    ),
    Kind.DOMAIN: (
        _column(_DOMAIN, "type", "Type", _domain_kind),
        _column(_DOMAIN, "status", "Status", lambda domain: words.text(domain and domain.status)),
        _column(
            _DOMAIN,
            "pages",
            "Sign-in pages",
            lambda domain: words.sign_in_pages(domain and domain.managed_login_version),
        ),
        _column(_DOMAIN, "tls", "TLS policy", lambda domain: words.text(domain and domain.security_policy)),
        _column(FacetName.CERTIFICATE, "until", "Certificate until", _certificate_until),
        _column(
            _DOMAIN,
            "failover",
            "Fails over to",
            lambda domain: (domain and domain.failover_region) or words.NONE,
        ),
    ),
    Kind.IDENTITY_POOL: (
        _column(
            _IDENTITY,
            "guests",
            "Guest access",
            lambda pool: words.either("allowed", "off")(pool.allows_guest_access),
        ),
        _column(
            _IDENTITY,
            "classic",
            "Classic flow",
            lambda pool: words.either("allowed", "off")(pool.allows_classic_flow),
        ),
        _column(_IDENTITY, "providers", "Providers", _providers),
        _column(
            _ROLES,
            "authenticated",
            "Role of signed-in users",
            lambda roles: _role(roles.authenticated_role_arn),
        ),
        _column(_ROLES, "guest_role", "Role of guests", lambda roles: _role(roles.unauthenticated_role_arn)),
    ),
    Kind.ROLE: (
        _column(FacetName.ROLE, "trusted", "Trusts", _trusted),
        _column(FacetName.ROLE_POLICIES, "policies", "Policies", _policies),
        _column(FacetName.ROLE, "boundary", "Boundary", _boundary),
        _column(
            FacetName.ROLE,
            "session",
            "Longest session",
            lambda role: words.lifetime(role and role.max_session_seconds),
        ),
        _column(FacetName.ROLE, "created", "Created", lambda role: words.day(role and role.created_at)),
    ),
}
