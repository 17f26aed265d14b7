"""SAML: what passes between a user pool and an identity provider, and how it is protected on the way."""

from collections.abc import Iterator

from records.evaluation import Severity
from records.federation import IdentityProvider
from rules.engine import Context, Problem, rule
from rules.federation import is_saml
from rules.links import DOCS

# More than a name and an address to write to.
PERSONAL_ATTRIBUTES = ("address", "birthdate", "gender", "phone_number")


@rule(
    "SML001",
    Severity.LOW,
    url=DOCS + "cognito-user-pools-SAML-signing-encryption.html",
    applies=is_saml,
    plan_needed="LITE",
)
def saml_requests_are_unsigned(provider: IdentityProvider, _ctx: Context) -> Iterator[Problem]:
    """The identity provider cannot tell that SAML requests come from the user pool.

    Why: anybody can make a request that looks like the user pool's, and lead users through a sign-in that
    they did not start; an identity provider that asks for signatures refuses its users.
    Fix: give the user pool's certificate (GetSigningCertificate) to the identity provider, then set
    RequestSigningAlgorithm to rsa-sha256 in ProviderDetails with UpdateIdentityProvider, sending the other
    details along. An identity provider that has not got the certificate may refuse signed requests.
    Unsure when: the identity provider does not look at signatures of requests.
    """
    if not provider.request_signing_algorithm:
        yield Problem(
            "gets SAML requests without a signature",
            evidence=(("ProviderDetails.RequestSigningAlgorithm", provider.request_signing_algorithm),),
        )


@rule(
    "SML002",
    Severity.LOW,
    url=DOCS + "cognito-user-pools-SAML-signing-encryption.html",
    applies=is_saml,
    names={"personal": PERSONAL_ATTRIBUTES},
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.SAML.NOENCRYPT",)},
)
def saml_answers_are_unencrypted(provider: IdentityProvider, ctx: Context) -> Iterator[Problem]:
    """SAML answers pass through the user's browser in plain text.

    Why: HTTPS ends in the browser, so extensions, proxies that look into HTTPS, and logs of the pages that an
    answer passes can read all that the identity provider says of the user.
    Fix: give the user pool's encryption certificate, which the console shows, to the identity provider, then
    set EncryptedResponses to true in ProviderDetails with UpdateIdentityProvider, sending the other details
    along. From then on answers that are not encrypted are refused: change both sides together.
    Unsure when: the answers tell no more than a name and an address.
    """
    if provider.encrypts_responses:
        return
    told = tuple(each for each, _ in provider.attribute_mapping if each in ctx.names["personal"])
    yield Problem(
        "sends SAML answers that are not encrypted",
        evidence=(
            ("ProviderDetails.EncryptedResponses", provider.encrypts_responses),
            *((("AttributeMapping", told),) if told else ()),
        ),
        severity=Severity.MEDIUM if told else None,
        because=f"they tell {', '.join(told)}",
    )


@rule(
    "SML003",
    Severity.INFO,
    url=DOCS + "cognito-user-pools-managing-saml-idp.html",
    applies=is_saml,
    plan_needed="LITE",
)
def saml_sign_out_ends_here(provider: IdentityProvider, _ctx: Context) -> Iterator[Problem]:
    """Who signs out of the application stays signed in at the identity provider.

    Why: on a shared computer the next person who presses sign-in is let in as the last one, without a
    password.
    Fix: give the user pool's certificate (GetSigningCertificate) and its sign-out address to the identity
    provider, then set IDPSignout to true in ProviderDetails with UpdateIdentityProvider, sending the other
    details along. Users are then signed out of everything else that they use the identity provider for.
    Unsure when: users sign in at their own computers alone, or want to stay signed in elsewhere.
    """
    if not provider.signs_out:
        yield Problem(
            "keeps users signed in who sign out here",
            evidence=(("ProviderDetails.IDPSignout", provider.signs_out),),
        )
