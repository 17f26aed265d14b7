"""Remedies of the rules on what passes between user pools and SAML identity providers."""

from rules.remedies import Affected, Remedy

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        code="SML001",
        change="Sign SAML requests",
        impact="The identity provider can tell the user pool's requests from anybody else's.",
        affected=Affected.SIGNING_IN,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask the identity provider whether it looks at signatures of requests.",
            "Give it the certificate that GetSigningCertificate answers; AWS makes a new one each year.",
            "Set RequestSigningAlgorithm to rsa-sha256, sending the other details along, and sign in once.",
        ),
        breaks="An identity provider that has not got the certificate may refuse everybody.",
    ),
    Remedy(
        code="SML002",
        change="Encrypt SAML answers",
        impact="Only the user pool can read what the identity provider says of a user.",
        affected=Affected.SIGNING_IN,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Take the encryption certificate from the user pool's page in the console.",
            "Agree on a time with the identity provider and let it encrypt for that certificate.",
            "Set EncryptedResponses to true at that time, sending the other details along, and sign in once.",
        ),
        breaks="Answers that are not encrypted are refused, so both sides must change together.",
    ),
    Remedy(
        code="SML003",
        change="Sign users out at the identity provider too",
        impact="Signing out of the application ends the session at the identity provider as well.",
        affected=Affected.SOME_USERS,
        needs_client_release=False,
        is_reversible=True,
        steps=(
            "Ask the identity provider whether it knows single logout, and where it expects it.",
            "Give it the certificate that GetSigningCertificate answers, and the address saml2/logout.",
            "Set IDPSignout to true, sending the other details along, and sign out once.",
        ),
        breaks="Users are signed out of everything else that they use the identity provider for.",
    ),
)
