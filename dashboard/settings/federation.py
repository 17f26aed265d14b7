"""The settings of identity providers and of domains, with the certificates that both rest on."""

from dashboard import words
from dashboard.settings.rows import Entries, group, itself, many, one, pair
from records.facet import FacetName
from records.federation import X509Certificate


def _certificate(certificate: X509Certificate) -> Entries:
    span = f"{words.moment(certificate.not_before)} to {words.moment(certificate.not_after)}"
    return ((certificate.fingerprint, f"{certificate.subject}, valid from {span}"),)


IDENTITY_PROVIDER_SETTINGS = (
    *group(
        FacetName.IDENTITY_PROVIDER,
        "General",
        one("Name", "name", "ProviderName", is_own=True),
        one("Type", "type", "ProviderType"),
        one("User pool", "user_pool_id", "UserPoolId", is_own=True),
        many("Identifier", "identifiers", "IdpIdentifiers", itself),
        one("Created", "created_at", "CreationDate", words.moment, is_own=True),
        one("Changed", "modified_at", "LastModifiedDate", words.moment, is_own=True),
    ),
    *group(
        FacetName.IDENTITY_PROVIDER,
        "Sign-in",
        many("Address", "endpoints", "ProviderDetails", pair),
        one("Client id", "client_id", "ProviderDetails.client_id"),
        one("Client secret", "has_client_secret", "ProviderDetails.client_secret", words.yes_no),
        one("Scopes", "scopes", "ProviderDetails.authorize_scopes", words.in_order),
        one(
            "Starts at the provider",
            "allows_idp_initiated_sign_in",
            "ProviderDetails.IDPInit",
            words.yes_no,
        ),
        one("Signs out there, too", "signs_out", "ProviderDetails.IDPSignout", words.yes_no),
        one(
            "Requests signed with",
            "request_signing_algorithm",
            "ProviderDetails.RequestSigningAlgorithm",
        ),
        one(
            "Responses encrypted",
            "encrypts_responses",
            "ProviderDetails.EncryptedResponses",
            words.yes_no,
        ),
    ),
    *group(
        FacetName.IDENTITY_PROVIDER,
        "SAML metadata",
        one("Entity", "saml_metadata.entity_id", "MetadataFile.entityID"),
        one("Valid until", "saml_metadata.valid_until", "MetadataFile.validUntil", words.moment),
        one("Cannot be read", "saml_metadata.problem", "MetadataFile", lambda problem: problem or words.NONE),
        many(
            "Signing certificate",
            "saml_metadata.signing_certificates",
            "MetadataFile.X509Certificate",
            _certificate,
        ),
    ),
    *group(
        FacetName.IDENTITY_PROVIDER,
        "Attribute mapping",
        many("Attribute", "attribute_mapping", "AttributeMapping", pair),
    ),
)

DOMAIN_SETTINGS = (
    *group(
        FacetName.DOMAIN,
        "General",
        one("Name", "name", "Domain", is_own=True),
        one("User pool", "user_pool_id", "UserPoolId", is_own=True),
        one("Status", "status", "Status"),
        one("Domain of one's own", "is_custom", "CustomDomainConfig", words.yes_no),
        one("Sign-in pages", "managed_login_version", "ManagedLoginVersion", words.sign_in_pages),
        one("TLS policy", "security_policy", "CustomDomainConfig.SecurityPolicy"),
        one("Certificate", "certificate_arn", "CustomDomainConfig.CertificateArn", is_own=True),
        one("Served by", "distribution", "CloudFrontDistribution", is_own=True),
        one("Fails over to", "failover_region", "Routing.Failover.SecondaryRegion"),
        absent="AWS knows no such domain",
    ),
    *group(
        FacetName.CERTIFICATE,
        "Its certificate",
        one("ARN", "arn", "Certificate.CertificateArn", is_own=True),
        one("Issued for", "domain_name", "Certificate.DomainName", is_own=True),
        one("State", "status", "Certificate.Status"),
        one("Kind", "type", "Certificate.Type"),
        one("Valid from", "not_before", "Certificate.NotBefore", words.moment, is_own=True),
        one("Valid until", "not_after", "Certificate.NotAfter", words.moment, is_own=True),
        one("AWS can renew it", "renewal_eligibility", "Certificate.RenewalEligibility"),
        one("Renewal", "renewal_status", "Certificate.RenewalSummary.RenewalStatus"),
    ),
)
