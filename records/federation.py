"""How users of elsewhere sign in: a user pool's identity providers, and their certificates."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class X509Certificate:
    """One certificate, by its SHA-256 fingerprint in hexadecimal digits."""

    fingerprint: str
    subject: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlMetadata:
    """What a SAML metadata document says; `problem` says what of it cannot be read, None where all can be."""

    entity_id: str | None
    valid_until: datetime | None
    signing_certificates: tuple[X509Certificate, ...]
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """An identity provider of a user pool (DescribeIdentityProvider), without its secrets.

    `type` is SAML, OIDC, Facebook, Google, LoginWithAmazon or SignInWithApple. `endpoints` are the addresses
    in its details by AWS's name for each, the metadata's among them, without user information, query and
    fragment, which may hold secrets. `saml_metadata` is None where the details hold no document (another
    type, or a metadata URL, which AWS fetches by itself).
    """

    user_pool_id: str
    name: str
    type: str
    created_at: datetime | None
    modified_at: datetime | None
    attribute_mapping: tuple[tuple[str, str], ...]
    identifiers: tuple[str, ...]
    endpoints: tuple[tuple[str, str], ...]
    scopes: tuple[str, ...]
    client_id: str | None
    has_client_secret: bool
    saml_metadata: SamlMetadata | None
    allows_idp_initiated_sign_in: bool | None
    request_signing_algorithm: str | None
    encrypts_responses: bool | None
    signs_out: bool | None

    @property
    def is_external(self) -> bool:
        """Whether somebody chose the provider (SAML, OIDC), as opposed to a public social network."""
        return self.type in ("SAML", "OIDC")
