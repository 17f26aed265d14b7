"""Federation: identity providers, what they may say of users, and how their answers are proved."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from records.evaluation import Severity
from records.facet import FacetName, Gap, NotCollectedError, Reason
from records.federation import IdentityProvider, SamlMetadata
from records.user_pool import UserPool
from rules.attributes import grants_rights
from rules.engine import Context, Problem, rule
from rules.ladder import Stakes
from rules.links import DOCS
from rules.look_alikes import Likeness, collisions

VERIFIED_FLAGS = ("email_verified", "phone_number_verified")
# Triggers that see a user of an identity provider before there is an account.
GATES = frozenset({"PreSignUp", "InboundFederation"})


def is_saml(provider: IdentityProvider, _ctx: Context) -> bool:
    """Whether the identity provider speaks SAML."""
    return provider.type == "SAML"


def has_metadata_document(provider: IdentityProvider, _ctx: Context) -> bool:
    """Whether SAML metadata was pasted in, which AWS never fetches again."""
    return provider.saml_metadata is not None


def is_own(name: str, ctx: Context) -> bool:
    """Whether the owner of the settings runs an identity provider, by the rule's list of such names."""
    return name in ctx.names["own"]


def is_external(provider: IdentityProvider, _ctx: Context) -> bool:
    """Whether somebody chose the identity provider, as opposed to a public social network."""
    return provider.is_external


def has_identity_providers(_pool: UserPool, ctx: Context) -> bool:
    """Whether users of elsewhere can sign in."""
    return bool(ctx.pool.identity_provider_list.value)


def has_several_identity_providers(_pool: UserPool, ctx: Context) -> bool:
    """Whether there is more than one identity provider to mistake for another."""
    return len(ctx.pool.identity_provider_list.value) > 1


@rule(
    "FED001",
    Severity.HIGH,
    stakes=Stakes.CONTINUITY,
    url=DOCS + "cognito-user-pools-saml-idp-things-to-know.html",
    applies=has_metadata_document,
    params={"days": 30},
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.SAML.CERTEXPIRED",)},
)
def saml_certificate_expires(provider: IdentityProvider, ctx: Context) -> Iterator[Problem]:
    """No SAML signing certificate stays valid.

    Why: identity providers move to a new key before the old certificate ends, and AWS takes on no expired
    one; a user pool that only knows the old key refuses everybody who signs in by this provider.
    Fix: ask the identity provider for metadata with the next certificate, and set it as MetadataFile, or
    better its MetadataURL, in ProviderDetails with UpdateIdentityProvider, sending the other details along.
    Metadata may hold both certificates, so that sign-in goes on while the provider changes over.
    """
    metadata = provider.saml_metadata
    if metadata is None:
        return
    ends = [certificate.not_after.date() for certificate in metadata.signing_certificates]
    last = max(ends, default=None)
    if last is not None and (last - ctx.today).days >= ctx.parameters["days"]:
        return
    _demand_readable(metadata)
    if last is None:
        return
    evidence = (("ProviderDetails.MetadataFile.X509Certificate.NotAfter", last.isoformat()),)
    if last < ctx.today:
        yield Problem(
            f"has SAML signing certificates of which the last expired on {last.isoformat()}", evidence
        )
    else:
        left = (last - ctx.today).days
        yield Problem(
            f"has SAML signing certificates of which the last expires on {last.isoformat()}, in {left} days",
            evidence,
            Severity.MEDIUM,
            because="sign-in goes on until then",
        )


@rule(
    "FED002",
    Severity.MEDIUM,
    url=DOCS + "cognito-user-pools-saml-idp-things-to-know.html",
    applies=has_metadata_document,
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.SAML.METAEXPIRED",)},
)
def saml_metadata_has_expired(provider: IdentityProvider, ctx: Context) -> Iterator[Problem]:
    """SAML metadata is past the day until which its author stands by it.

    Why: addresses and keys may have changed since, and keys that the identity provider has given up may have
    leaked.
    Fix: get the present metadata and set it as MetadataFile, or better its MetadataURL, in ProviderDetails
    with UpdateIdentityProvider, sending the other details along. A wrong document stops sign-in by this
    provider.
    Unsure when: the identity provider stamps a short validUntil on metadata that does not change.
    """
    metadata = provider.saml_metadata
    if metadata is None:
        return
    if metadata.valid_until is None:
        _demand_readable(metadata)
    elif (end := metadata.valid_until.date()) < ctx.today:
        yield Problem(
            f"has SAML metadata that was valid until {end.isoformat()}",
            evidence=(("ProviderDetails.MetadataFile.validUntil", end.isoformat()),),
        )


@rule(
    "FED003",
    Severity.LOW,
    url=DOCS + "cognito-user-pools-managing-saml-idp.html",
    applies=is_saml,
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.SAML.NOREFRESH",)},
)
def saml_metadata_does_not_refresh(provider: IdentityProvider, _ctx: Context) -> Iterator[Problem]:
    """SAML metadata was pasted in, so it grows old.

    Why: AWS fetches metadata anew from a URL, and never a document that was pasted in: the day the identity
    provider changes its key, sign-in stops.
    Fix: set MetadataURL in place of MetadataFile in ProviderDetails with UpdateIdentityProvider, sending the
    other details along. Whoever controls that address controls which keys are trusted.
    Unsure when: the identity provider publishes no metadata.
    """
    if provider.saml_metadata is not None and not dict(provider.endpoints).get("MetadataURL"):
        yield Problem(
            "has SAML metadata as a document, which AWS does not renew",
            evidence=(
                ("ProviderDetails.MetadataURL", None),
                ("ProviderDetails.MetadataFile.entityID", provider.saml_metadata.entity_id),
            ),
        )


@rule(
    "FED004",
    Severity.HIGH,
    url=DOCS + "cognito-user-pools-identity-federation.html",
    plan_needed="LITE",
    peers={"service_screener": ("cognitoIdpHttpMetadataUrl",)},
)
def identity_provider_speaks_plain_http(provider: IdentityProvider, _ctx: Context) -> Iterator[Problem]:
    """An identity provider is reached without encryption.

    Why: whoever is on the way can change the keys or the answers that tell who a user is, and sign in as
    anybody.
    Fix: set the https address in ProviderDetails with UpdateIdentityProvider, sending the other details
    along. An oidc_issuer must be the very text that the provider's tokens carry, so it changes on both sides.
    """
    for name, address in provider.endpoints:
        if _scheme(address) == "http":
            yield Problem(
                f"uses plain http for its {name}, {address}",
                evidence=((f"ProviderDetails.{name}", address),),
            )


@rule(
    "FED005",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "cognito-user-pools-specifying-attribute-mapping.html",
    names={"own": ()},
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.FEDERATION.ATTRMAP.SENSITIVE",)},
)
def identity_provider_grants_rights(provider: IdentityProvider, ctx: Context) -> Iterator[Problem]:
    """An identity provider writes an attribute that sounds like rights.

    Why: at each sign-in the provider sets the attribute to what it likes, so its administrator, a customer's
    perhaps, decides what users may do, and whose data they see.
    Fix: take the attribute out of AttributeMapping with UpdateIdentityProvider, sending the other mappings
    along, and set it on the server, or by a PreTokenGeneration trigger that knows which provider may say
    what. Users keep the value they have, and applications that wait for a new one do not get it.
    Unsure when: the name means something harmless, or the provider is your own and the source of the rights;
    name it among the `own` ones then.
    """
    for attribute, claim in provider.attribute_mapping:
        if grants_rights(attribute):
            yield Problem(
                f"sets {attribute} from its claim {claim}",
                evidence=((f"AttributeMapping.{attribute}", claim),),
                severity=Severity.MEDIUM if is_own(provider.name, ctx) else None,
                because="the provider is declared to be one of your own",
            )


@rule(
    "FED006",
    Severity.HIGH,
    stakes=Stakes.SIGN_IN,
    url=DOCS + "cognito-user-pools-specifying-attribute-mapping.html",
    applies=is_external,
    names={"own": ()},
    plan_needed="LITE",
)
def identity_provider_vouches_for_contacts(provider: IdentityProvider, ctx: Context) -> Iterator[Problem]:
    """An identity provider says by itself which contact addresses are proved.

    Why: a provider that somebody else runs can name any address as verified; applications and triggers that
    link accounts by it hand another person's account over.
    Fix: take email_verified and phone_number_verified out of AttributeMapping with UpdateIdentityProvider,
    sending the other mappings along, and let the user pool verify addresses. Users of the provider count as
    unverified at their next sign-in and cannot recover by that address until they enter a code.
    Unsure when: the provider is your own, and proves the addresses it gives out; name it among the `own` ones
    then.
    """
    for attribute, claim in () if is_own(provider.name, ctx) else provider.attribute_mapping:
        if attribute in VERIFIED_FLAGS:
            yield Problem(
                f"sets {attribute} from its claim {claim}",
                evidence=((f"AttributeMapping.{attribute}", claim),),
            )


@rule(
    "FED007",
    Severity.MEDIUM,
    url=DOCS + "user-pool-lambda-pre-sign-up.html",
    applies=has_identity_providers,
    reads=(FacetName.IDENTITY_PROVIDERS, FacetName.IDENTITY_PROVIDER),
    names={"own": ()},
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.FEDERATION.PRESIGNUP.MISSING",)},
)
def federated_users_pass_no_gate(pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Everybody whom an identity provider lets in gets an account.

    Why: at the first sign-in the user pool makes the account at once; without a trigger nothing asks whether
    this person, with this address, from this provider, belongs here. AllowAdminCreateUserOnly does not hold
    them back. Where several organisations share the user pool, each may send users of another's addresses.
    Fix: set a PreSignUp trigger that refuses who does not belong, or InboundFederation to see to each
    provider's claims, in LambdaConfig, by read, merge, write: UpdateUserPool resets every field left out. A
    trigger that fails refuses everybody.
    Unsure when: there is one identity provider, your own, and it decides who belongs.
    """
    if GATES & {trigger.stage for trigger in pool.triggers}:
        return
    names = tuple(member.name for member in ctx.pool.identity_provider_list.value)
    yield Problem(
        f"makes accounts for all users of {_listed(names)} without a trigger that could refuse one",
        evidence=(
            ("LambdaConfig.PreSignUp", None),
            ("LambdaConfig.InboundFederation", None),
            ("ListIdentityProviders.ProviderName", names),
        ),
    )
    others = [each for each in ctx.pool.identity_providers if not is_own(each.member.name, ctx)]
    read = (each.settings.value for each in others if each.settings.gap is None)
    tenants = tuple(each.name for each in read if each.is_external)
    if len(tenants) > 1:
        yield Problem(
            f"is shared by {_listed(tenants)}, each of which could name users that are another's",
            evidence=(("IdentityProvider.ProviderName", tenants),),
            severity=Severity.HIGH,
            because="several organisations' identity providers share the user pool",
        )
    elif len(others) > 1:
        # It may be one of several after all.
        _ = [each.settings.value for each in others]


@rule(
    "FED008",
    Severity.MEDIUM,
    url=DOCS + "cognito-user-pools-SAML-session-initiation.html",
    applies=is_saml,
    plan_needed="LITE",
)
def saml_answers_come_unasked(provider: IdentityProvider, _ctx: Context) -> Iterator[Problem]:
    """SAML answers are taken that nobody asked for.

    Why: with sign-in that the identity provider starts, AWS cannot tell whether an answer belongs to a
    request of its own; a stolen answer, or one for the attacker's account, signs a user's browser in.
    Fix: set IDPInit to false in ProviderDetails with UpdateIdentityProvider, sending the other details along,
    and let portal links lead to the application, which starts the sign-in. Links that post an answer stop
    working.
    Unsure when: a portal of the identity provider cannot do otherwise.
    """
    if provider.allows_idp_initiated_sign_in:
        yield Problem(
            "allows sign-in that the identity provider starts",
            evidence=(("ProviderDetails.IDPInit", provider.allows_idp_initiated_sign_in),),
        )


@rule(
    "FED009",
    Severity.LOW,
    url=DOCS + "cognito-user-pools-identity-federation.html",
    reads=(FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    plan_needed="LITE",
)
def identity_provider_is_unused(provider: IdentityProvider, ctx: Context) -> Iterator[Problem]:
    """No app client lets users sign in by this identity provider.

    Why: a trust that nobody uses is looked after by nobody, and one careless app client setting away from
    letting its users in.
    Fix: delete the identity provider with DeleteIdentityProvider once nobody needs it; users who came by it
    stay in the user pool and cannot sign in.
    Unsure when: it is about to be switched on.
    """
    if not ctx.pool.has_app_client(lambda client: provider.name in client.identity_providers):
        yield Problem(
            "is named by no app client",
            evidence=(("SupportedIdentityProviders", ()),),
        )


@rule(
    "FED010",
    Severity.HIGH,
    url=DOCS + "cognito-user-pools-managing-saml-idp.html",
    applies=has_several_identity_providers,
    reads=(FacetName.IDENTITY_PROVIDERS, FacetName.IDENTITY_PROVIDER),
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.IDP.CASECOLLISION", "CTL.COGNITO.IDP.HOMOGLYPH")},
)
def identity_providers_look_alike(_pool: UserPool, ctx: Context) -> Iterator[Problem]:
    """Two identity providers have names or identifiers that people take for one.

    Why: users are sent to a provider by its name or identifier, which for SAML is often their mail domain,
    and usernames begin with the name; whoever runs the look-alike gets the other's users, or passes for one.
    Fix: make the provider anew under a name of its own with CreateIdentityProvider, for a name cannot be
    changed, or take the identifier out of IdpIdentifiers with UpdateIdentityProvider, sending the others
    along. Users of a provider that was made anew get new accounts.
    """
    names = [(member.name, member.name) for member in ctx.pool.identity_provider_list.value]
    yield from _collisions("names", "ProviderName", names)
    identifiers = [
        (identifier, provider.member.name)
        for provider in sorted(ctx.pool.identity_providers, key=lambda each: each.settings.gap is not None)
        for identifier in provider.settings.value.identifiers
    ]
    yield from _collisions("identifiers", "IdpIdentifiers", identifiers)


def _demand_readable(metadata: SamlMetadata) -> None:
    """Raise NotCollectedError where a part of the document, which may say otherwise, could not be read."""
    if metadata.problem:
        operation = FacetName.IDENTITY_PROVIDER.operation
        raise NotCollectedError(
            Gap(operation=operation, reason=Reason.MALFORMED, message=f"SAML metadata: {metadata.problem}")
        )


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:
        # An unbalanced bracket in the host; nothing is reached there.
        return ""


def _collisions(what: str, member: str, named: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    for texts, likeness in collisions(named):
        differ_in_case = likeness is Likeness.BY_CASE
        how = "differ in case at most" if differ_in_case else "look alike"
        yield Problem(
            f"has identity providers whose {what} {how}: {_listed(texts)}",
            evidence=((member, texts),),
            severity=Severity.LOW if differ_in_case else None,
            because="a difference in case is a slip of the same owner's sooner than a trap",
        )


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
