from datetime import timedelta
from typing import Any

import pytest

from records.evaluation import Severity
from records.facet import FacetName
from records.snapshot import Snapshot
from rules.network_edge import (
    certificate_expires,
    certificate_is_gone,
    domain_allows_old_tls,
    domain_is_not_served,
)
from tests.builders import (
    CERTIFICATE_ARN,
    NOW,
    make_certificate,
    make_domain,
    make_gap,
    make_snapshot,
    make_user_pool_snapshot,
)
from tests.rules.judging import Case, fails, is_no_matter, is_unknown, judge, passes

NO_CERTIFICATE = make_gap("acm:DescribeCertificate")


def domain(*, certificate: Any = True, **overrides: Any) -> Snapshot:
    references = {} if certificate is True else {(FacetName.CERTIFICATE, CERTIFICATE_ARN): certificate}
    pool = make_user_pool_snapshot(domains=(make_domain(**overrides),))
    return make_snapshot(user_pools=[pool], references=references)


def certificate(*, days: int | None = None, **overrides: Any) -> Snapshot:
    ends = {} if days is None else {"not_after": NOW + timedelta(days=days)}
    return domain(certificate=make_certificate(**ends, **overrides))


def read_of_certificate(
    ends: str | None, status: str = "ISSUED", renewal: str | None = None
) -> tuple[tuple[str, object], ...]:
    return (
        ("CustomDomainConfig.CertificateArn", CERTIFICATE_ARN),
        ("Certificate.NotAfter", ends),
        ("Certificate.Status", status),
        ("Certificate.RenewalEligibility", "ELIGIBLE"),
        ("Certificate.RenewalSummary.RenewalStatus", renewal),
    )


BARE_PREFIX_DOMAIN: dict[str, Any] = {
    "is_custom": False,
    "certificate_arn": None,
    "security_policy": None,
    "distribution": None,
}
CERTIFICATES = [
    fails(
        certificate_expires,
        "soon",
        certificate(days=8),
        "has a certificate that expires on 2026-12-01, in 8 days",
        evidence=read_of_certificate("2026-12-01"),
    ),
    fails(
        certificate_expires,
        "on the last day of the thirty",
        certificate(days=30),
        "has a certificate that expires on 2026-12-23, in 30 days",
    ),
    fails(
        certificate_expires,
        "today",
        certificate(days=0),
        "has a certificate that expires on 2026-11-23, in 0 days",
    ),
    fails(
        certificate_expires,
        "yesterday",
        certificate(days=-1),
        "has a certificate that expired on 2026-11-22",
    ),
    fails(
        certificate_expires,
        "by its status, without a date",
        certificate(status="EXPIRED", not_after=None),
        "has a certificate that expired",
        evidence=read_of_certificate(None, status="EXPIRED"),
    ),
    fails(
        certificate_expires,
        "not renewed",
        certificate(days=50, renewal_status="FAILED"),
        "has a certificate that AWS could not renew",
        evidence=read_of_certificate("2027-01-12", renewal="FAILED"),
    ),
    passes(certificate_expires, "a day more than thirty", certificate(days=31)),
    passes(certificate_expires, "no date", certificate(not_after=None)),
    passes(certificate_expires, "gone", domain(certificate=None)),
    is_no_matter(certificate_expires, "a domain of AWS", domain(**BARE_PREFIX_DOMAIN)),
    is_unknown(certificate_expires, "unread", domain(certificate=NO_CERTIFICATE), NO_CERTIFICATE),
    fails(
        certificate_is_gone,
        "gone",
        domain(certificate=None),
        "has a certificate that does not exist",
        evidence=(("CustomDomainConfig.CertificateArn", CERTIFICATE_ARN),),
    ),
    *(
        fails(
            certificate_is_gone,
            status,
            certificate(status=status),
            f"has a certificate that {what}",
            evidence=(
                ("CustomDomainConfig.CertificateArn", CERTIFICATE_ARN),
                ("Certificate.Status", status),
            ),
        )
        for status, what in (
            ("FAILED", "AWS could not issue"),
            ("REVOKED", "was revoked"),
            ("VALIDATION_TIMED_OUT", "was never validated"),
        )
    ),
    passes(certificate_is_gone, "issued", domain()),
    passes(certificate_is_gone, "expired, which another rule tells", certificate(status="EXPIRED")),
    passes(certificate_is_gone, "no status", certificate(status=None)),
    is_no_matter(certificate_is_gone, "a domain of AWS", domain(**BARE_PREFIX_DOMAIN)),
    is_unknown(certificate_is_gone, "unread", domain(certificate=NO_CERTIFICATE), NO_CERTIFICATE),
]
DOMAINS = [
    fails(
        domain_allows_old_tls,
        "the oldest policy",
        domain(security_policy="TLS_V1"),
        "takes connections of TLS 1.0, by the security policy TLS_V1",
        evidence=(("CustomDomainConfig.SecurityPolicy", "TLS_V1"),),
    ),
    passes(domain_allows_old_tls, "TLS 1.2", domain()),
    passes(domain_allows_old_tls, "TLS 1.3", domain(security_policy="TLS_V1_3_2025")),
    passes(domain_allows_old_tls, "AWS names none", domain(security_policy=None)),
    is_no_matter(domain_allows_old_tls, "a domain of AWS", domain(**BARE_PREFIX_DOMAIN)),
    fails(
        domain_is_not_served,
        "not set up",
        domain(status="FAILED"),
        "is not served, for AWS could not set it up",
        evidence=(("Status", "FAILED"),),
    ),
    fails(
        domain_is_not_served,
        "being set up",
        domain(status="CREATING"),
        "is not served yet, for AWS still sets it up",
        evidence=(("Status", "CREATING"),),
    ),
    *(
        passes(domain_is_not_served, f"{status}", domain(status=status))
        for status in ("ACTIVE", "UPDATING", "DELETING", None)
    ),
]
CASES = [*CERTIFICATES, *DOMAINS]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_domain_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("days", "severity", "reason"),
    [
        (8, Severity.HIGH, ""),
        (
            -1,
            Severity.CRITICAL,
            "raised because the certificate has expired, so sign-in on the domain fails now",
        ),
    ],
)
def test_an_expired_certificate_is_critical(days: int, severity: Severity, reason: str) -> None:
    said = judge(certificate_expires, certificate(days=days))
    assert (said.severity, said.severity_reason) == (severity, reason)
