from datetime import datetime, timedelta
from typing import Any

import pytest

from records.evaluation import Outcome
from records.facet import Gap, Reason
from records.federation import SamlMetadata
from records.snapshot import Snapshot
from records.user_pool import LambdaTrigger
from rules.engine import Baseline, Rule
from rules.federation import (
    federated_users_pass_no_gate,
    identity_provider_grants_rights,
    identity_provider_is_unused,
    identity_provider_speaks_plain_http,
    identity_provider_vouches_for_contacts,
    identity_providers_look_alike,
    saml_answers_come_unasked,
    saml_certificate_expires,
    saml_metadata_does_not_refresh,
    saml_metadata_has_expired,
)
from tests.builders import (
    NOW,
    make_app_client,
    make_gap,
    make_identity_provider,
    make_saml_metadata,
    make_signing_certificate,
)
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    Case,
    fails,
    identity_provider,
    is_no_matter,
    is_unknown,
    judge,
    passes,
    user_pool,
)

NO_PROVIDER_LIST = make_gap("cognito-idp:ListIdentityProviders")
NO_PROVIDER = make_gap("cognito-idp:DescribeIdentityProvider")
METADATA_URL = (("MetadataURL", "https://id.example.com/metadata"),)
NOT_AFTER = "ProviderDetails.MetadataFile.X509Certificate.NotAfter"
GOOGLE = make_identity_provider(name="Google", type="Google")
LOCAL_ONLY = make_app_client(identity_providers=frozenset({"COGNITO"}))


def saml(metadata: SamlMetadata | None = make_saml_metadata(), **overrides: Any) -> Snapshot:  # noqa: B008  (frozen)
    """Build a SAML provider whose metadata was pasted in."""
    return identity_provider(**{"type": "SAML", "endpoints": (), "saml_metadata": metadata, **overrides})


def certified(*ends: datetime, **overrides: Any) -> Snapshot:
    certificates = tuple(
        make_signing_certificate(fingerprint=f"{number:064x}", not_after=end)
        for number, end in enumerate(ends)
    )
    return saml(make_saml_metadata(signing_certificates=certificates, **overrides))


def in_days(days: int) -> datetime:
    return NOW + timedelta(days=days)


def mapped(*pairs: tuple[str, str], **overrides: Any) -> Snapshot:
    return identity_provider(attribute_mapping=pairs, **overrides)


def trigger(stage: str) -> LambdaTrigger:
    return LambdaTrigger(
        stage=stage, function_arn="arn:aws:lambda:eu-west-1:111122223333:function:gate", version=None
    )


def providers(*identity_providers: Any, **overrides: Any) -> Snapshot:
    """Build a user pool with these identity providers, a text standing for one of that name."""
    built = tuple(
        each if isinstance(each, Gap) or not isinstance(each, str) else make_identity_provider(name=each)
        for each in identity_providers
    )
    return user_pool(identity_providers=built, **overrides)


def identified(name: str, *identifiers: str) -> Any:
    return make_identity_provider(name=name, identifiers=identifiers)


CASES = [
    fails(
        saml_certificate_expires,
        "expired",
        certified(in_days(-400), in_days(-3)),
        "has SAML signing certificates of which the last expired on 2026-11-20",
        evidence=((NOT_AFTER, "2026-11-20"),),
    ),
    fails(
        saml_certificate_expires,
        "expires",
        certified(in_days(29)),
        "has SAML signing certificates of which the last expires on 2026-12-22, in 29 days",
        evidence=((NOT_AFTER, "2026-12-22"),),
    ),
    fails(
        saml_certificate_expires,
        "expires today",
        certified(in_days(0)),
        "has SAML signing certificates of which the last expires on 2026-11-23, in 0 days",
    ),
    passes(saml_certificate_expires, "on the day of the threshold", certified(in_days(30))),
    passes(
        saml_certificate_expires, "the next one is there", certified(in_days(-3), in_days(3), in_days(800))
    ),
    passes(
        saml_certificate_expires,
        "another one cannot be read",
        certified(in_days(800), problem="1 of 2 signing certificates cannot be read"),
    ),
    passes(saml_certificate_expires, "no certificate", certified()),
    is_no_matter(saml_certificate_expires, "AWS fetches the metadata", saml(None, endpoints=METADATA_URL)),
    is_no_matter(saml_certificate_expires, "OpenID Connect", identity_provider()),
    fails(
        saml_metadata_has_expired,
        "yesterday",
        saml(make_saml_metadata(valid_until=in_days(-1))),
        "has SAML metadata that was valid until 2026-11-22",
        evidence=(("ProviderDetails.MetadataFile.validUntil", "2026-11-22"),),
    ),
    passes(saml_metadata_has_expired, "today", saml(make_saml_metadata(valid_until=in_days(0)))),
    passes(saml_metadata_has_expired, "no end", saml(make_saml_metadata(valid_until=None))),
    is_no_matter(saml_metadata_has_expired, "AWS fetches the metadata", saml(None, endpoints=METADATA_URL)),
    fails(
        saml_metadata_does_not_refresh,
        "a document",
        saml(),
        "has SAML metadata as a document, which AWS does not renew",
        evidence=(
            ("ProviderDetails.MetadataURL", None),
            ("ProviderDetails.MetadataFile.entityID", "https://id.example.com"),
        ),
    ),
    passes(saml_metadata_does_not_refresh, "an address", saml(None, endpoints=METADATA_URL)),
    passes(saml_metadata_does_not_refresh, "both", saml(endpoints=METADATA_URL)),
    is_no_matter(saml_metadata_does_not_refresh, "OpenID Connect", identity_provider()),
    fails(
        identity_provider_speaks_plain_http,
        "two of three endpoints",
        identity_provider(
            endpoints=(
                ("jwks_uri", "HTTP://id.example.com/keys"),
                ("oidc_issuer", "https://id.example.com"),
                ("token_url", "http://id.example.com/token"),
            )
        ),
        "uses plain http for its jwks_uri, HTTP://id.example.com/keys",
        "uses plain http for its token_url, http://id.example.com/token",
        evidence=(
            ("ProviderDetails.jwks_uri", "HTTP://id.example.com/keys"),
            ("ProviderDetails.token_url", "http://id.example.com/token"),
        ),
    ),
    fails(
        identity_provider_speaks_plain_http,
        "metadata",
        saml(None, endpoints=(("MetadataURL", "http://id.example.com/metadata"),)),
        "uses plain http for its MetadataURL, http://id.example.com/metadata",
    ),
    passes(identity_provider_speaks_plain_http, "https", identity_provider()),
    passes(
        identity_provider_speaks_plain_http,
        "no addresses that could be one",
        identity_provider(endpoints=(("jwks_uri", "http"), ("oidc_issuer", "//[http://x"))),
    ),
    fails(
        identity_provider_grants_rights,
        "role and tenant",
        mapped(("custom:isAdmin", "admin"), ("custom:tenant_id", "org"), ("email", "email")),
        "sets custom:isAdmin from its claim admin",
        "sets custom:tenant_id from its claim org",
        evidence=(("AttributeMapping.custom:isAdmin", "admin"), ("AttributeMapping.custom:tenant_id", "org")),
    ),
    passes(
        identity_provider_grants_rights,
        "claims may be called so, standard attributes cannot",
        mapped(("name", "role"), ("custom:shoe_size", "admin")),
    ),
    fails(
        identity_provider_vouches_for_contacts,
        "both",
        mapped(("email_verified", "verified"), ("phone_number_verified", "phone_ok")),
        "sets email_verified from its claim verified",
        "sets phone_number_verified from its claim phone_ok",
        evidence=(
            ("AttributeMapping.email_verified", "verified"),
            ("AttributeMapping.phone_number_verified", "phone_ok"),
        ),
    ),
    passes(identity_provider_vouches_for_contacts, "nothing mapped", mapped()),
    passes(identity_provider_vouches_for_contacts, "the address alone", identity_provider()),
    is_no_matter(
        identity_provider_vouches_for_contacts,
        "a social network",
        mapped(("email_verified", "email_verified"), type="Google"),
    ),
    fails(
        federated_users_pass_no_gate,
        "three identity providers, two of them chosen",
        providers("Acme", GOOGLE, "Okta", triggers=(trigger("PreAuthentication"),)),
        "makes accounts for all users of Acme, Google and Okta without a trigger that could refuse one",
        "is shared by Acme and Okta, each of which could name users that are another's",
        evidence=(
            ("LambdaConfig.PreSignUp", None),
            ("LambdaConfig.InboundFederation", None),
            ("ListIdentityProviders.ProviderName", ("Acme", "Google", "Okta")),
            ("IdentityProvider.ProviderName", ("Acme", "Okta")),
        ),
    ),
    fails(
        federated_users_pass_no_gate,
        "one chosen, and a social network",
        providers("Acme", GOOGLE),
        "makes accounts for all users of Acme and Google without a trigger that could refuse one",
    ),
    fails(
        federated_users_pass_no_gate,
        "two, one of them unread",
        providers("Acme", NO_PROVIDER),
        "makes accounts for all users of Acme and Unread2 without a trigger that could refuse one",
        gaps=(NO_PROVIDER,),
    ),
    fails(
        federated_users_pass_no_gate,
        "two beside one unread",
        providers("Acme", "Okta", NO_PROVIDER),
        "makes accounts for all users of Acme, Okta and Unread3 without a trigger that could refuse one",
        "is shared by Acme and Okta, each of which could name users that are another's",
    ),
    fails(
        federated_users_pass_no_gate,
        "one, itself unread",
        providers(NO_PROVIDER),
        "makes accounts for all users of Unread1 without a trigger that could refuse one",
    ),
    passes(federated_users_pass_no_gate, "PreSignUp", providers("Okta", triggers=(trigger("PreSignUp"),))),
    passes(
        federated_users_pass_no_gate,
        "InboundFederation",
        providers("Okta", triggers=(trigger("InboundFederation"),)),
    ),
    is_no_matter(federated_users_pass_no_gate, "no identity providers", user_pool()),
    is_unknown(
        federated_users_pass_no_gate,
        "list unread",
        user_pool(identity_providers=NO_PROVIDER_LIST),
        NO_PROVIDER_LIST,
    ),
    fails(
        saml_answers_come_unasked,
        "on",
        saml(allows_idp_initiated_sign_in=True),
        "allows sign-in that the identity provider starts",
        evidence=(("ProviderDetails.IDPInit", True),),
    ),
    passes(saml_answers_come_unasked, "off", saml(allows_idp_initiated_sign_in=False)),
    passes(saml_answers_come_unasked, "left out", saml()),
    is_no_matter(saml_answers_come_unasked, "OpenID Connect", identity_provider()),
    fails(
        identity_provider_is_unused,
        "local users only",
        identity_provider(clients=(LOCAL_ONLY,)),
        "is named by no app client",
        evidence=(("SupportedIdentityProviders", ()),),
    ),
    fails(
        identity_provider_is_unused,
        "no app clients",
        identity_provider(clients=()),
        "is named by no app client",
    ),
    passes(identity_provider_is_unused, "in use", identity_provider(clients=(LOCAL_ONLY, make_app_client()))),
    passes(
        identity_provider_is_unused,
        "in use, and another app client unread",
        identity_provider(clients=(NO_CLIENT, make_app_client())),
    ),
    is_unknown(
        identity_provider_is_unused,
        "an app client unread",
        identity_provider(clients=(LOCAL_ONLY, NO_CLIENT)),
        NO_CLIENT,
    ),
    is_unknown(
        identity_provider_is_unused,
        "list of app clients unread",
        identity_provider(clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    fails(
        identity_providers_look_alike,
        "names differ in case",
        providers("Okta", "OKTA", "Acme"),
        "has identity providers whose names differ in case at most: OKTA and Okta",
        evidence=(("ProviderName", ("OKTA", "Okta")),),
    ),
    fails(
        identity_providers_look_alike,
        "a Cyrillic letter, and a digit for a letter",
        providers("Acme", "\u0410cme", "Globex", "G1obex"),
        "has identity providers whose names look alike: Acme and \u0410cme",
        "has identity providers whose names look alike: G1obex and Globex",
    ),
    fails(
        identity_providers_look_alike,
        "identifiers, once in case and once by looks",
        providers(
            identified("One", "example.com", "bill.example"), identified("Two", "Example.com", "biII.example")
        ),
        "has identity providers whose identifiers differ in case at most: Example.com and example.com",
        "has identity providers whose identifiers look alike: biII.example and bill.example",
    ),
    fails(
        identity_providers_look_alike,
        "names, and an identity provider unread",
        providers("Okta", "okta", NO_PROVIDER),
        "has identity providers whose names differ in case at most: Okta and okta",
        gaps=(NO_PROVIDER,),
    ),
    passes(identity_providers_look_alike, "names that nobody mistakes", providers("Acme", "Globex")),
    passes(
        identity_providers_look_alike,
        "two spellings on one identity provider",
        providers(identified("One", "example.com", "Example.com"), "Two"),
    ),
    passes(
        identity_providers_look_alike,
        "a name and another's identifier",
        providers(identified("One", "Two"), "Two"),
    ),
    is_no_matter(identity_providers_look_alike, "one identity provider", providers("Okta")),
    is_unknown(
        identity_providers_look_alike,
        "one unread",
        providers(identified("One", "example.com"), NO_PROVIDER),
        NO_PROVIDER,
    ),
    is_unknown(
        identity_providers_look_alike,
        "list unread",
        user_pool(identity_providers=NO_PROVIDER_LIST),
        NO_PROVIDER_LIST,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_federation_rules(case: Case) -> None:
    assert case.judged() == case.expected


@pytest.mark.parametrize(
    ("one", "metadata"),
    [
        (saml_certificate_expires, {"signing_certificates": (), "problem": "it is not well-formed XML"}),
        (
            saml_certificate_expires,
            {
                "signing_certificates": (make_signing_certificate(not_after=in_days(-3)),),
                "problem": "1 of 2 signing certificates cannot be read",
            },
        ),
        (saml_metadata_has_expired, {"valid_until": None, "problem": "its validUntil is no time"}),
    ],
    ids=["no XML", "a later certificate unread", "no time"],
)
def test_what_unread_metadata_may_contradict_is_unknown(one: Any, metadata: dict[str, Any]) -> None:
    said = judge(one, saml(make_saml_metadata(**metadata)))

    [gap] = said.gaps
    assert said.outcome is Outcome.UNKNOWN
    assert (gap.operation, gap.reason) == ("cognito-idp:DescribeIdentityProvider", Reason.MALFORMED)
    assert metadata["problem"] in gap.message


def test_metadata_that_is_over_stays_so_whatever_else_cannot_be_read() -> None:
    over = make_saml_metadata(valid_until=in_days(-1), problem="its validUntil is no time")

    assert judge(saml_metadata_has_expired, saml(over)).outcome is Outcome.FAIL


def test_a_certificate_that_has_ended_is_worse_than_one_that_will() -> None:
    assert judge(saml_certificate_expires, certified(in_days(-1))).severity == "high"
    said = judge(saml_certificate_expires, certified(in_days(1)))
    assert (said.severity, said.severity_reason) == ("medium", "lowered because sign-in goes on until then")


def test_own_providers_may_say_more() -> None:
    def said(one: Rule, snapshot: Snapshot, *own: str) -> tuple[str, str]:
        baseline = Baseline(name="own", names={one.code: {"own": own}})
        found = judge(one, snapshot, baseline=baseline)
        return found.outcome, found.severity

    rights = mapped(("custom:role", "role"))
    assert said(identity_provider_grants_rights, rights) == ("fail", "high")
    assert said(identity_provider_grants_rights, rights, "Staff") == ("fail", "medium")
    flags = mapped(("email_verified", "verified"))
    assert said(identity_provider_vouches_for_contacts, flags, "Other") == ("fail", "high")
    assert said(identity_provider_vouches_for_contacts, flags, "Staff")[0] == "pass"
    tenants = providers("Acme", "Okta")
    assert said(federated_users_pass_no_gate, tenants) == ("fail", "high")
    assert said(federated_users_pass_no_gate, tenants, "Okta") == ("fail", "medium")


def test_names_that_differ_in_case_are_less_of_a_trap_than_look_alikes() -> None:
    assert judge(identity_providers_look_alike, providers("Okta", "OKTA")).severity == "low"
    assert judge(identity_providers_look_alike, providers("Acme", "\u0410cme")).severity == "high"
    both = providers("Okta", "OKTA", "Acme", "\u0410cme")
    assert judge(identity_providers_look_alike, both).severity == "high"
