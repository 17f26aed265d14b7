"""KMS keys and certificates."""

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.answers import MalformedAnswerError
from collectors.attempt import attempt
from collectors.encryption import (
    NO_SUCH_CERTIFICATE,
    NO_SUCH_KEY,
    collect_certificate,
    collect_kms_key,
    parse_certificate,
    parse_kms_key,
)
from records.facet import Gap, Reason
from tests.stubs import stubbed

KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALIAS_ARN = "arn:aws:kms:eu-west-1:111122223333:alias/senders"
CERTIFICATE_ARN = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
THEN = datetime(2026, 12, 1, 12, tzinfo=UTC)
KEY: dict[str, Any] = {
    "KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
    "Arn": KEY_ARN,
    "KeyState": "PendingDeletion",
    "KeyManager": "CUSTOMER",
    "Origin": "AWS_KMS",
    "DeletionDate": THEN,
}
CERTIFICATE: dict[str, Any] = {
    "CertificateArn": CERTIFICATE_ARN,
    "DomainName": "auth.example.com",
    "Status": "ISSUED",
    "Type": "AMAZON_ISSUED",
    "NotBefore": datetime(2025, 11, 1, tzinfo=UTC),
    "NotAfter": THEN,
    "RenewalEligibility": "ELIGIBLE",
    "RenewalSummary": {
        "RenewalStatus": "PENDING_VALIDATION",
        "DomainValidationOptions": [{"DomainName": "auth.example.com"}],
        "UpdatedAt": THEN,
    },
}


def test_a_key_that_is_being_deleted_says_when() -> None:
    key = parse_kms_key({"KeyMetadata": KEY})
    assert (key.arn, key.state, key.manager, key.origin) == (
        KEY_ARN,
        "PendingDeletion",
        "CUSTOMER",
        "AWS_KMS",
    )
    assert key.deletion_at == THEN


def test_a_certificate_says_how_its_renewal_stands() -> None:
    certificate = parse_certificate({"Certificate": CERTIFICATE})
    assert (certificate.domain_name, certificate.status, certificate.type) == (
        "auth.example.com",
        "ISSUED",
        "AMAZON_ISSUED",
    )
    assert (certificate.not_before, certificate.not_after) == (datetime(2025, 11, 1, tzinfo=UTC), THEN)
    assert (certificate.renewal_eligibility, certificate.renewal_status) == ("ELIGIBLE", "PENDING_VALIDATION")


def test_an_imported_certificate_has_no_renewal() -> None:
    imported = {key: value for key, value in CERTIFICATE.items() if not key.startswith("Renewal")}
    certificate = parse_certificate({"Certificate": {**imported, "Type": "IMPORTED"}})
    assert (certificate.renewal_eligibility, certificate.renewal_status) == (None, None)


@pytest.mark.parametrize("asked", [KEY_ARN, ALIAS_ARN])
def test_a_key_is_found_by_its_arn_and_by_an_alias(asked: str) -> None:
    aws, stub = stubbed("kms")
    stub.add_response("describe_key", {"KeyMetadata": KEY}, {"KeyId": asked})
    assert collect_kms_key(aws, asked).arn == KEY_ARN


def test_a_certificate_is_found_by_its_arn() -> None:
    aws, stub = stubbed("acm", "us-east-1")
    stub.add_response(
        "describe_certificate", {"Certificate": CERTIFICATE}, {"CertificateArn": CERTIFICATE_ARN}
    )
    assert collect_certificate(aws, CERTIFICATE_ARN) == parse_certificate({"Certificate": CERTIFICATE})


def test_an_answer_about_another_resource_is_no_answer() -> None:
    kms, stub = stubbed("kms")
    stub.add_response("describe_key", {"KeyMetadata": KEY})
    with pytest.raises(MalformedAnswerError, match="answered about"):
        collect_kms_key(kms, KEY_ARN.replace("1234abcd", "00000000"))
    acm, stub = stubbed("acm", "us-east-1")
    stub.add_response("describe_certificate", {"Certificate": CERTIFICATE})
    with pytest.raises(MalformedAnswerError, match="answered about"):
        collect_certificate(acm, CERTIFICATE_ARN[:-1] + "3")


@pytest.mark.parametrize(
    ("parse", "raw"),
    [
        pytest.param(parse_kms_key, {}, id="no key"),
        pytest.param(parse_kms_key, {"KeyMetadata": {"KeyState": "Enabled"}}, id="no ARN of a key"),
        pytest.param(parse_kms_key, {"KeyMetadata": {**KEY, "DeletionDate": "soon"}}, id="text for a time"),
        pytest.param(parse_certificate, {}, id="no certificate"),
        pytest.param(
            parse_certificate, {"Certificate": {**CERTIFICATE, "NotAfter": 1}}, id="number for a time"
        ),
        pytest.param(
            parse_certificate, {"Certificate": {**CERTIFICATE, "RenewalSummary": "no"}}, id="text for a part"
        ),
    ],
)
def test_answers_of_another_shape_are_no_answers(parse: Any, raw: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        parse(raw)


@pytest.mark.parametrize(
    ("service", "operation", "collect", "arn", "absent"),
    [
        ("kms", "DescribeKey", collect_kms_key, KEY_ARN, NO_SUCH_KEY),
        ("acm", "DescribeCertificate", collect_certificate, CERTIFICATE_ARN, NO_SUCH_CERTIFICATE),
    ],
)
def test_what_does_not_exist_is_an_answer_and_a_denial_is_a_gap(
    service: str, operation: str, collect: Any, arn: str, absent: frozenset[str]
) -> None:
    aws, stub = stubbed(service)
    method = {"DescribeKey": "describe_key", "DescribeCertificate": "describe_certificate"}[operation]
    # AWS's model names the error, so that a wrong name in the constant shows.
    errors = {shape.name for shape in aws.meta.service_model.operation_model(operation).error_shapes}
    assert absent <= errors
    for code in (*absent, "AccessDeniedException"):
        stub.add_client_error(method, code)

    def outcome() -> Any:
        return attempt(
            f"{service}:{operation}",
            lambda: collect(aws, arn),
            region="eu-west-1",
            instead=dict.fromkeys(absent),
        )

    assert outcome() is None
    gap = outcome()
    assert isinstance(gap, Gap)
    assert gap.reason is Reason.DENIED
