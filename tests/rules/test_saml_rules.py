from typing import Any

import pytest

from records.snapshot import Snapshot
from rules.engine import Baseline
from rules.saml import (
    saml_answers_are_unencrypted,
    saml_requests_are_unsigned,
    saml_sign_out_ends_here,
)
from tests.rules.judging import Case, fails, identity_provider, is_no_matter, judge, passes

MAIL = (("email", "mail"), ("name", "cn"))
PERSONAL = (*MAIL, ("birthdate", "born"), ("phone_number", "mobile"))


def saml(**overrides: Any) -> Snapshot:
    sound = {
        "type": "SAML",
        "request_signing_algorithm": "rsa-sha256",
        "encrypts_responses": True,
        "signs_out": True,
    }
    return identity_provider(**{**sound, **overrides})


CASES = [
    fails(
        saml_requests_are_unsigned,
        "left out",
        saml(request_signing_algorithm=None),
        "gets SAML requests without a signature",
        evidence=(("ProviderDetails.RequestSigningAlgorithm", None),),
    ),
    passes(saml_requests_are_unsigned, "signed", saml()),
    passes(saml_requests_are_unsigned, "a new algorithm", saml(request_signing_algorithm="ecdsa-sha512")),
    is_no_matter(saml_requests_are_unsigned, "OpenID Connect", identity_provider()),
    fails(
        saml_answers_are_unencrypted,
        "left out",
        saml(encrypts_responses=None, attribute_mapping=MAIL),
        "sends SAML answers that are not encrypted",
        evidence=(("ProviderDetails.EncryptedResponses", None),),
    ),
    fails(
        saml_answers_are_unencrypted,
        "off, with personal data",
        saml(encrypts_responses=False, attribute_mapping=PERSONAL),
        "sends SAML answers that are not encrypted",
        evidence=(
            ("ProviderDetails.EncryptedResponses", False),
            ("AttributeMapping", ("birthdate", "phone_number")),
        ),
    ),
    passes(saml_answers_are_unencrypted, "encrypted", saml(attribute_mapping=PERSONAL)),
    is_no_matter(saml_answers_are_unencrypted, "OpenID Connect", identity_provider()),
    fails(
        saml_sign_out_ends_here,
        "left out",
        saml(signs_out=None),
        "keeps users signed in who sign out here",
        evidence=(("ProviderDetails.IDPSignout", None),),
    ),
    fails(
        saml_sign_out_ends_here,
        "off",
        saml(signs_out=False),
        "keeps users signed in who sign out here",
    ),
    passes(saml_sign_out_ends_here, "on", saml()),
    is_no_matter(saml_sign_out_ends_here, "OpenID Connect", identity_provider()),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_saml_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_answers_are_worse_the_more_they_tell() -> None:
    plain = saml(encrypts_responses=False, attribute_mapping=MAIL)
    personal = saml(encrypts_responses=False, attribute_mapping=PERSONAL)
    names = Baseline(name="own", names={"SML002": {"personal": ("name",)}})

    assert judge(saml_answers_are_unencrypted, plain).severity == "low"
    said = judge(saml_answers_are_unencrypted, personal)
    assert (said.severity, said.severity_reason) == (
        "medium",
        "raised because they tell birthdate, phone_number",
    )
    assert judge(saml_answers_are_unencrypted, plain, baseline=names).severity == "medium"
