"""Certificates that end a number of days from today, so that what is due soon always is."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIFETIME = timedelta(days=365)
# The order of P-256, below which a private key is.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate as a text block."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key as a text block."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def in_metadata(self) -> str:
        """The certificate as SAML metadata holds it."""
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()


def certificate(name: str, *, days: int, today: datetime) -> Certificate:
    """Make a certificate that ends with the day that is so many days from today.

    The same name and day give the same bytes, so that two seedings of one day agree.
    """
    last_day = today.date() + timedelta(days=days)
    end = datetime.combine(last_day, time(23, 59, 59), UTC)
    number = int.from_bytes(hashlib.sha256(name.encode()).digest())
    key = ec.derive_private_key(number % (ORDER - 1) + 1, ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(
        issuer_name=subject,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=number % 2**64,
        not_valid_before=end - LIFETIME,
        not_valid_after=end,
    ).add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return Certificate(builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True), key)
