"""SAML metadata: an identity provider's name, its end of validity and its signing certificates.

The document is whatever somebody pasted into a user pool. It is read as a stream, with bounds on its size,
its depth and its certificates, and without document types, entities and anything that lies outside of it.
"""

import base64
import warnings
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.utils import CryptographyDeprecationWarning
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from records.federation import SamlMetadata, X509Certificate

# Identity providers' certificates break RFC 5280 in small ways, which is no news for this program's users.
warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning, module=r"collectors\.saml")

_LONGEST_DOCUMENT = 2**20
_DEEPEST_ELEMENT = 64
_MOST_CERTIFICATES = 64
# In Base64; certificates have 1 to 4 KiB.
_LONGEST_CERTIFICATE = 2**16
# SAML's bound for an entity's name.
_LONGEST_NAME = 1024

_METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"
_ENTITIES = f"{_METADATA}EntitiesDescriptor"
_ENTITY = f"{_METADATA}EntityDescriptor"
_PROVIDER = f"{_METADATA}IDPSSODescriptor"
_KEY = f"{_METADATA}KeyDescriptor"
_CERTIFICATE = f"{_SIGNATURE}X509Certificate"
_PEM_LINES = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")


def parse_saml_metadata(text: str) -> SamlMetadata:
    """Read a metadata document. Never raises: `problem` names what cannot be read, the rest is kept."""
    reader = _Reader()
    problems = [_read(text, reader)]
    if reader.entity_id is None and not problems[0]:
        problems.append("it names no identity provider")
    valid_until, problem = _valid_until(reader.ends)
    certificates: set[X509Certificate] = set()
    unreadable = 0
    for encoded in reader.certificates:
        if certificate := _certificate(encoded):
            certificates.add(certificate)
        else:
            unreadable += 1
    problems.append(problem)
    if unreadable:
        problems.append(f"{unreadable} of {len(reader.certificates)} signing certificates cannot be read")
    return SamlMetadata(
        entity_id=reader.entity_id,
        valid_until=valid_until,
        signing_certificates=tuple(sorted(certificates, key=lambda each: (each.not_after, each.fingerprint))),
        problem="; ".join(filter(None, problems)) or None,
    )


class _BoundExceededError(Exception):
    """The document is deeper, or has more certificates, than any honest one."""


class _Reader:
    """Takes the parser's events and keeps what concerns the first identity provider of the document."""

    def __init__(self) -> None:
        self.entity_id: str | None = None
        self.ends: list[str] = []
        self.certificates: list[str] = []
        self._path: list[str] = []
        # `validUntil` of the elements around the present one.
        self._ends_around: list[tuple[int, str]] = []
        self._entity_id: str | None = None
        self._is_done = False
        self._is_signing = False
        self._text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        depth = len(self._path)
        if depth > _DEEPEST_ELEMENT:
            raise _BoundExceededError(f"it is nested deeper than {_DEEPEST_ELEMENT} levels")
        if tag in (_ENTITIES, _ENTITY, _PROVIDER) and (end := attributes.get("validUntil")):
            self._ends_around.append((depth, end))
        if tag == _ENTITY:
            self._entity_id = attributes.get("entityID", "")[:_LONGEST_NAME] or None
        elif tag == _PROVIDER and self._path[-2:-1] == [_ENTITY] and not self._is_done:
            self.entity_id = self._entity_id
            self.ends = [end for _, end in self._ends_around]
        elif tag == _KEY:
            self._is_signing = attributes.get("use") in (None, "signing")
        elif tag == _CERTIFICATE and self._is_signing and not self._is_done and self._is_in_providers_key():
            self._text = []

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if tag == _CERTIFICATE and self._text is not None:
            if len(self.certificates) == _MOST_CERTIFICATES:
                raise _BoundExceededError(f"it has more than {_MOST_CERTIFICATES} signing certificates")
            self.certificates.append("".join(self._text))
            self._text = None
        elif tag == _PROVIDER:
            self._is_done = True
        if self._ends_around and self._ends_around[-1][0] == len(self._path):
            self._ends_around.pop()
        self._path.pop()

    def close(self) -> None:
        """End the document, as the parser wants it."""

    def _is_in_providers_key(self) -> bool:
        """Whether an identity provider's key descriptor is around: documents carry other keys as well."""
        return _KEY in self._path and self._path[self._path.index(_KEY) - 1] == _PROVIDER


def _read(text: str, reader: _Reader) -> str | None:
    """Feed the document to the reader; return what ended it early."""
    if len(text) > _LONGEST_DOCUMENT:
        return f"it is longer than {_LONGEST_DOCUMENT // 2**20} MiB"
    try:
        parser = XMLParser(target=reader, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        parser.feed(text.lstrip("\ufeff \t\r\n"))
        parser.close()
    except DefusedXmlException:
        return "it has a document type or entities, which are not read"
    except _BoundExceededError as error:
        return str(error)
    except (ParseError, ValueError, LookupError):
        return "it is not well-formed XML"
    return None


def _valid_until(texts: list[str]) -> tuple[datetime | None, str | None]:
    """Return the earliest end of validity, and what is wrong with one."""
    times: list[datetime] = []
    problem = None
    for text in texts:
        try:
            time = datetime.fromisoformat(text.strip())
            # SAML's times are in UTC, whether or not they say so.
            times.append(time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            problem = "its validUntil is no time"
    return min(times, default=None), problem


def _certificate(encoded: str) -> X509Certificate | None:
    """Return a certificate, None where the text is none that can be read."""
    if len(encoded) > _LONGEST_CERTIFICATE:
        return None
    for line in _PEM_LINES:
        encoded = encoded.replace(line, "")
    try:
        certificate = x509.load_der_x509_certificate(
            base64.b64decode("".join(encoded.split()), validate=True)
        )
        return X509Certificate(
            fingerprint=certificate.fingerprint(SHA256()).hex(),
            subject=certificate.subject.rfc4514_string()[:_LONGEST_NAME],
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )
    except (ValueError, OverflowError, x509.InvalidVersion):
        return None
