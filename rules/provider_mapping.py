"""Attributes that identity providers fill: where that hands out rights, and where it cannot work."""

from collections.abc import Iterator

from records.app_client import AppClient
from records.evaluation import Severity
from records.facet import FacetName
from records.federation import IdentityProvider
from rules.attributes import grants_rights
from rules.engine import Context, Problem, rule
from rules.federation import GATES, is_external, is_own
from rules.links import DOCS

# What is filled whether or not an app client may write it.
COGNITO_OWN = frozenset({"username", "sub", "email_verified", "phone_number_verified", "identities"})


@rule(
    "MAP001",
    Severity.CRITICAL,
    url=DOCS + "cognito-user-pools-specifying-attribute-mapping.html",
    applies=is_external,
    reads=(FacetName.USER_POOL, FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    names={"own": ()},
    plan_needed="LITE",
    peers={"stave": ("CTL.COGNITO.FEDERATION.GHOST.IDENTITY",)},
)
def identity_provider_makes_users_with_rights(provider: IdentityProvider, ctx: Context) -> Iterator[Problem]:
    """Whoever runs the identity provider can make users with any rights.

    Why: each link is allowed by itself; together, the provider names a user who does not exist, says which
    rights that user has, and the user pool makes the account at once. Nobody on this side sees it.
    Fix: break one link. Take the attribute out of AttributeMapping with UpdateIdentityProvider, sending the
    other mappings along, and set it on the server; or set a PreSignUp or InboundFederation trigger that
    refuses what the provider may not say, in LambdaConfig, by read, merge, write: UpdateUserPool resets every
    field left out. Applications that wait for the attribute do not get it, and a trigger that fails refuses
    everybody.
    Unsure when: the attribute's name means something harmless, or the provider is your own; name it among the
    `own` ones then.
    """
    granting = [pair for pair in provider.attribute_mapping if grants_rights(pair[0])]
    if not granting or is_own(provider.name, ctx):
        return
    if GATES & {trigger.stage for trigger in ctx.pool.settings.value.triggers}:
        return
    found = False
    for client in _read_clients(ctx):
        for attribute, claim in granting if provider.name in client.identity_providers else ():
            if not client.write_attributes or attribute in client.write_attributes:
                found = True
                yield _chain(provider, client, attribute, claim)
    if not found:
        _ = ctx.pool.app_clients


def _chain(provider: IdentityProvider, client: AppClient, attribute: str, claim: str) -> Problem:
    return Problem(
        f"can make users with any {attribute} through app client {client.client_id}",
        evidence=(
            (f"AttributeMapping.{attribute}", claim),
            ("LambdaConfig.PreSignUp", None),
            ("LambdaConfig.InboundFederation", None),
            (f"UserPoolClient[{client.client_id}].SupportedIdentityProviders", provider.name),
            (f"UserPoolClient[{client.client_id}].WriteAttributes", _writable(client)),
        ),
        severity=None if client.write_attributes else Severity.HIGH,
        because="AWS's documents and reports differ on whether an app client without WriteAttributes sets "
        "custom attributes",
        path=(
            f"identity provider {provider.name} names a user and the claim {claim}",
            f"app client {client.client_id} takes its users",
            "no PreSignUp or InboundFederation trigger looks at them",
            f"new account with {attribute} of the provider's choice",
        ),
    )


@rule(
    "MAP002",
    Severity.LOW,
    url=DOCS + "cognito-user-pools-specifying-attribute-mapping.html",
    reads=(FacetName.USER_POOL, FacetName.APP_CLIENTS, FacetName.APP_CLIENT),
    plan_needed="LITE",
)
def mapped_attribute_cannot_be_written(provider: IdentityProvider, ctx: Context) -> Iterator[Problem]:
    """The identity provider is to fill an attribute that cannot be written.

    Why: at each sign-in the user pool writes every mapped attribute anew; where the schema or the app client
    forbids that, users of the provider get an error in place of tokens.
    Fix: put the attribute into the app client's WriteAttributes, by read, merge, write: UpdateUserPoolClient
    resets every field left out; users can then write it themselves as well. An immutable attribute cannot be
    made mutable: take it out of AttributeMapping with UpdateIdentityProvider, sending the other mappings
    along, and map to a new one.
    Unsure when: nobody signs in by this provider through the app client.
    """
    mapped = [(attribute, claim) for attribute, claim in provider.attribute_mapping if _is_filled(attribute)]
    for client in _read_clients(ctx):
        if provider.name in client.identity_providers and client.write_attributes:
            for attribute, _ in mapped:
                if attribute not in client.write_attributes:
                    yield Problem(
                        f"fills {attribute}, which app client {client.client_id} may not write",
                        evidence=(
                            (f"UserPoolClient[{client.client_id}].WriteAttributes", _writable(client)),
                        ),
                    )
    immutable = {each.name for each in ctx.pool.settings.value.schema_attributes if each.is_mutable is False}
    for attribute, claim in mapped:
        if attribute in immutable:
            yield Problem(
                f"fills {attribute} from its claim {claim}, which the user pool's schema makes immutable",
                evidence=((f"SchemaAttributes[{attribute}].Mutable", False),),
            )
    _ = ctx.pool.app_clients


def _is_filled(attribute: str) -> bool:
    return attribute not in COGNITO_OWN and not attribute.startswith("dev:")


def _read_clients(ctx: Context) -> Iterator[AppClient]:
    return (each.settings.value for each in ctx.pool.clients if each.settings.gap is None)


def _writable(client: AppClient) -> tuple[str, ...] | None:
    return tuple(sorted(client.write_attributes)) if client.write_attributes else None
