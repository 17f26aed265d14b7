"""KMS keys and certificates that user pools and their domains depend on."""

from typing import TYPE_CHECKING, Any

from collectors.answers import Answer, demand_same
from records.surroundings import AcmCertificate, KmsKey

if TYPE_CHECKING:
    from types_boto3_acm import ACMClient
    from types_boto3_kms import KMSClient

CALLS = frozenset({"kms:DescribeKey", "acm:DescribeCertificate"})

NO_SUCH_KEY = frozenset({"NotFoundException"})
NO_SUCH_CERTIFICATE = frozenset({"ResourceNotFoundException"})


def collect_kms_key(kms: "KMSClient", key_arn: str) -> KmsKey:
    """Return a KMS key's state; the ARN may be an alias's, the record's is always the key's."""
    key = parse_kms_key(kms.describe_key(KeyId=key_arn))
    if ":alias/" not in key_arn:
        demand_same(key.arn, key_arn)
    return key


def collect_certificate(acm: "ACMClient", certificate_arn: str) -> AcmCertificate:
    """Return a certificate's state, and how its renewal stands."""
    certificate = parse_certificate(acm.describe_certificate(CertificateArn=certificate_arn))
    demand_same(certificate.arn, certificate_arn)
    return certificate


def parse_kms_key(raw: Any) -> KmsKey:
    """Translate DescribeKey's answer."""
    key = Answer(raw, "DescribeKey").required_part("KeyMetadata")
    return KmsKey(
        arn=key.required_text("Arn"),
        state=key.text("KeyState"),
        manager=key.text("KeyManager"),
        origin=key.text("Origin"),
        deletion_at=key.time("DeletionDate"),
    )


def parse_certificate(raw: Any) -> AcmCertificate:
    """Translate DescribeCertificate's answer."""
    certificate = Answer(raw, "DescribeCertificate").required_part("Certificate")
    renewal = certificate.part("RenewalSummary")
    return AcmCertificate(
        arn=certificate.required_text("CertificateArn"),
        domain_name=certificate.text("DomainName"),
        status=certificate.text("Status"),
        type=certificate.text("Type"),
        not_before=certificate.time("NotBefore"),
        not_after=certificate.time("NotAfter"),
        renewal_eligibility=certificate.text("RenewalEligibility"),
        renewal_status=renewal.text("RenewalStatus") if renewal else None,
    )
