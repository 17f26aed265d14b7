"""SAML metadata: what honest and hostile documents say, and what they may cost."""

import base64
import subprocess
import sys
import time
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from collectors.saml import parse_saml_metadata

CANARY = "canary-55d0"
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def der(key: EllipticCurvePrivateKey, *, days: int = 365, name: str = "idp.example.com") -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 7)
    builder = builder.not_valid_before(START).not_valid_after(START + timedelta(days=days))
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def encoded(certificate: bytes) -> str:
    return base64.b64encode(certificate).decode()


def key_descriptor(certificate: str, use: str = 'use="signing"') -> str:
    return (
        f"<md:KeyDescriptor {use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )


NAMESPACES = 'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'


def entity(inside: str, attributes: str = "", *, name: str = "https://idp.example.com/saml") -> str:
    return (
        f'<md:EntityDescriptor {NAMESPACES} entityID="{name}" {attributes}><md:IDPSSODescriptor>{inside}'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


def test_a_document_with_one_certificate(key: EllipticCurvePrivateKey) -> None:
    certificate = der(key)
    wrapped = "\n".join(("", encoded(certificate)[:64], encoded(certificate)[64:], ""))
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + entity(
        key_descriptor(wrapped), 'validUntil="2030-01-02T03:04:05.678Z"'
    )
    read = parse_saml_metadata(text)
    assert (read.entity_id, read.problem) == ("https://idp.example.com/saml", None)
    assert read.valid_until == datetime(2030, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    (found,) = read.signing_certificates
    assert found.fingerprint == x509.load_der_x509_certificate(certificate).fingerprint(SHA256()).hex()
    assert found.subject == "CN=idp.example.com"
    assert (found.not_before, found.not_after) == (START, START + timedelta(days=365))


def test_certificates_are_ordered_by_their_end_and_stand_once(key: EllipticCurvePrivateKey) -> None:
    late, early = encoded(der(key, days=700)), encoded(der(key, days=30))
    read = parse_saml_metadata(entity("".join(map(key_descriptor, (late, early, late)))))
    assert [each.not_after - START for each in read.signing_certificates] == [
        timedelta(days=30),
        timedelta(days=700),
    ]
    assert read.problem is None


@pytest.mark.parametrize(
    ("use", "count"), [('use="signing"', 1), ("", 1), ('use="encryption"', 0), ('use=""', 0)]
)
def test_only_keys_for_signing_count(key: EllipticCurvePrivateKey, use: str, count: int) -> None:
    read = parse_saml_metadata(entity(key_descriptor(encoded(der(key)), use)))
    assert len(read.signing_certificates) == count


def test_keys_of_other_roles_and_of_the_documents_own_signature_do_not_count(
    key: EllipticCurvePrivateKey,
) -> None:
    other = encoded(der(key, name="other"))
    own = encoded(der(key, name="own"))
    signature = f"<ds:Signature><ds:X509Certificate>{other}</ds:X509Certificate></ds:Signature>"
    read = parse_saml_metadata(
        f'<md:EntityDescriptor {NAMESPACES} entityID="e">{signature}'
        f"<md:SPSSODescriptor>{key_descriptor(other)}</md:SPSSODescriptor>"
        f"<md:IDPSSODescriptor>{signature}{key_descriptor(own)}</md:IDPSSODescriptor>"
        f"<md:AttributeAuthorityDescriptor>{key_descriptor(other)}</md:AttributeAuthorityDescriptor>"
        "</md:EntityDescriptor>"
    )
    assert [each.subject for each in read.signing_certificates] == ["CN=own"]
    assert read.problem is None


def test_the_first_identity_provider_of_several_stands(key: EllipticCurvePrivateKey) -> None:
    first, second = (entity(key_descriptor(encoded(der(key, name=n))), name=n) for n in ("one", "two"))
    service = f'<md:EntityDescriptor {NAMESPACES} entityID="sp"><md:SPSSODescriptor/></md:EntityDescriptor>'
    read = parse_saml_metadata(
        f'<md:EntitiesDescriptor {NAMESPACES} validUntil="2029-01-01T00:00:00Z">{service}{first}{second}'
        "</md:EntitiesDescriptor>"
    )
    assert read.entity_id == "one"
    assert [each.subject for each in read.signing_certificates] == ["CN=one"]
    assert read.valid_until == datetime(2029, 1, 1, tzinfo=UTC)


def test_the_earliest_end_of_validity_counts() -> None:
    text = entity("", 'validUntil="2031-01-01T00:00:00+02:00"').replace(
        "<md:IDPSSODescriptor>", '<md:IDPSSODescriptor validUntil="2032-01-01T00:00:00">'
    )
    assert parse_saml_metadata(text).valid_until == datetime(2030, 12, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "time_text",
    [
        CANARY,
        "2030-13-01T00:00:00Z",
        "-2030-01-01T00:00:00Z",
        "99999-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59-23:00",
    ],
)
def test_an_end_of_validity_that_is_no_time(key: EllipticCurvePrivateKey, time_text: str) -> None:
    read = parse_saml_metadata(entity(key_descriptor(encoded(der(key))), f'validUntil="{time_text}"'))
    assert (read.valid_until, read.problem) == (None, "its validUntil is no time")
    assert len(read.signing_certificates) == 1


def out_of_range(certificate: bytes) -> bytes:
    """Return the certificate with an end of validity that no calendar has."""
    assert certificate.count(b"\x17\x0d270101000000Z") == 1
    return certificate.replace(b"\x17\x0d270101000000Z", b"\x17\x0d279901000000Z")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("!!! no base64 !!!", id="rubbish"),
        pytest.param("QUJD", id="base64 of something else"),
        pytest.param("QUJ", id="half a group"),
        pytest.param("é" * 40, id="letters beyond base64"),
        pytest.param("<ds:X509Certificate/>", id="an element"),
    ],
)
def test_a_certificate_that_cannot_be_read_is_said_and_the_others_are_kept(
    key: EllipticCurvePrivateKey, text: str
) -> None:
    read = parse_saml_metadata(entity(key_descriptor(text) + key_descriptor(encoded(der(key)))))
    assert len(read.signing_certificates) == 1
    assert read.problem is not None
    assert "signing certificates cannot be read" in read.problem


def test_a_certificate_longer_than_any_is_not_read(key: EllipticCurvePrivateKey) -> None:
    padded = encoded(der(key)) + " " * 2**16
    assert parse_saml_metadata(entity(key_descriptor(padded))).signing_certificates == ()


def test_the_end_of_another_providers_validity_does_not_count() -> None:
    service = '<md:EntityDescriptor entityID="sp" validUntil="2027-01-01T00:00:00Z"/>'
    read = parse_saml_metadata(
        f"<md:EntitiesDescriptor {NAMESPACES}>{service}{entity('')}</md:EntitiesDescriptor>"
    )
    assert (read.valid_until, read.problem) == (None, None)


def test_a_certificate_with_an_impossible_date_is_not_read(key: EllipticCurvePrivateKey) -> None:
    read = parse_saml_metadata(entity(key_descriptor(encoded(out_of_range(der(key))))))
    assert (read.signing_certificates, read.problem) == ((), "1 of 1 signing certificates cannot be read")


# Tests turn warnings into errors before the module's own filter is asked.
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@pytest.mark.parametrize("step", range(11))
def test_damaged_certificates_raise_nothing(key: EllipticCurvePrivateKey, step: int) -> None:
    certificate = der(key)
    for place in range(step, len(certificate), 11):
        damaged = certificate[:place] + bytes([certificate[place] ^ 0xFF]) + certificate[place + 1 :]
        read = parse_saml_metadata(entity(key_descriptor(encoded(damaged))))
        assert bool(read.signing_certificates) != bool(read.problem)


def test_a_certificate_pasted_as_a_file_is_read(key: EllipticCurvePrivateKey) -> None:
    lines = f"-----BEGIN CERTIFICATE-----\n{encoded(der(key))}\n-----END CERTIFICATE-----\n"
    assert len(parse_saml_metadata(entity(key_descriptor(lines))).signing_certificates) == 1


BOMB = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
)


def test_a_certificate_that_breaks_rules_puts_no_warning_out(key: EllipticCurvePrivateKey) -> None:
    odd = der(key).replace(b"\x02\x01\x07", b"\x02\x01\x00", 1)
    program = (
        "import sys; from collectors.saml import parse_saml_metadata as read;"
        "print(len(read(sys.stdin.read()).signing_certificates))"
    )
    text = entity(key_descriptor(encoded(odd)))
    ran = subprocess.run(
        [sys.executable, "-c", program], input=text, capture_output=True, text=True, check=True
    )
    assert (ran.stdout, ran.stderr) == ("1\n", "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", "it is not well-formed XML", id="nothing"),
        pytest.param(CANARY, "it is not well-formed XML", id="no XML"),
        pytest.param(f"<a>{CANARY}</b>", "it is not well-formed XML", id="tags that do not match"),
        pytest.param(f"<a>&{CANARY};</a>", "it is not well-formed XML", id="unknown entity"),
        pytest.param("<a>\x00</a>", "it is not well-formed XML", id="a null character"),
        pytest.param("<a>\ud800</a>", "it is not well-formed XML", id="half a character"),
        pytest.param("<a><b></b></a><c/>", "it is not well-formed XML", id="two roots"),
        pytest.param(f"<html><body>{CANARY}</body></html>", "it names no identity provider", id="HTML"),
        pytest.param(entity("", name=""), "it names no identity provider", id="no name"),
        pytest.param(
            entity("").replace("urn:oasis:names:tc:SAML:2.0:metadata", "urn:other"),
            "it names no identity provider",
            id="another namespace",
        ),
        pytest.param(
            BOMB + "]><a>&m;</a>", "it has a document type or entities, which are not read", id="entity bomb"
        ),
        pytest.param(
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            "it has a document type or entities, which are not read",
            id="external entity",
        ),
        pytest.param(
            '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
            "it has a document type or entities, which are not read",
            id="external document type",
        ),
        pytest.param("<a>" * 100_000, "it is nested deeper than 64 levels", id="deep"),
        pytest.param("<a/>" * 300_000, "it is longer than 1 MiB", id="long"),
        pytest.param(
            entity(key_descriptor("QUJD") * 100), "it has more than 64 signing certificates", id="many"
        ),
    ],
)
def test_what_is_no_metadata_has_a_problem_and_no_more(text: str, problem: str) -> None:
    start = time.process_time()
    read = parse_saml_metadata(text)
    assert read.problem is not None
    assert read.problem.startswith(problem)
    assert read.signing_certificates == ()
    assert CANARY not in repr(read)
    assert not any(unicodedata.category(letter)[0] == "C" for letter in read.problem)
    assert time.process_time() - start < 2


def test_what_stands_before_the_cut_of_a_document_is_kept(key: EllipticCurvePrivateKey) -> None:
    whole = entity(key_descriptor(encoded(der(key))))
    read = parse_saml_metadata(whole[: whole.rindex("</md:IDP")])
    assert (read.entity_id, read.problem) == ("https://idp.example.com/saml", "it is not well-formed XML")
    assert len(read.signing_certificates) == 1


def test_a_cut_anywhere_raises_nothing(key: EllipticCurvePrivateKey) -> None:
    whole = entity(key_descriptor(encoded(der(key))), 'validUntil="2030-01-01T00:00:00Z"')
    for end in range(0, len(whole), 7):
        assert parse_saml_metadata(whole[:end]).problem is not None
    assert parse_saml_metadata(whole).problem is None


def test_many_empty_elements_and_attributes_cost_little() -> None:
    start = time.process_time()
    parse_saml_metadata(entity("<a/>" * 200_000))
    attributes = " ".join(f"a{n}='{n}'" for n in range(60_000))
    parse_saml_metadata(f"<a {attributes}/>")
    assert time.process_time() - start < 10


def test_an_encoding_that_the_text_no_longer_has_and_a_mark_before_it_do_no_harm() -> None:
    text = '\ufeff <?xml version="1.0" encoding="UTF-16"?>' + entity("", name="é")
    read = parse_saml_metadata(text)
    assert (read.entity_id, read.problem) == ("é", None)


def test_names_are_cut_to_the_length_that_saml_allows(key: EllipticCurvePrivateKey) -> None:
    read = parse_saml_metadata(entity(key_descriptor(encoded(der(key))), name="x" * 10_000))
    assert read.entity_id == "x" * 1024
