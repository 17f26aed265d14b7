from typing import Any

import pytest

from records.facet import Gap
from records.snapshot import Snapshot
from records.user_pool import LambdaTrigger, SchemaAttribute
from rules.engine import Baseline
from rules.provider_mapping import (
    identity_provider_makes_users_with_rights,
    mapped_attribute_cannot_be_written,
)
from tests.builders import FUNCTION_ARN, make_app_client, make_identity_provider
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    NO_USER_POOL,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    judge,
    passes,
    user_pool,
)

TAKING = frozenset({"Staff"})
WRITING = make_app_client(
    client_id="web", identity_providers=TAKING, write_attributes=frozenset({"custom:role", "email"})
)
KEEPING = make_app_client(client_id="ios", identity_providers=TAKING, write_attributes=frozenset({"email"}))
UNLISTED = make_app_client(client_id="old", identity_providers=TAKING, write_attributes=None)
LOCAL = make_app_client(client_id="local", identity_providers=frozenset({"COGNITO"}))
ROLE = (("email", "email"), ("custom:role", "groups"), ("username", "sub"))


def mapped(
    *pairs: tuple[str, str],
    kind: str = "OIDC",
    clients: tuple[Any, ...] | Gap = (WRITING,),
    settings: Gap | None = None,
    **overrides: Any,
) -> Snapshot:
    """Build a user pool, and an identity provider that fills these attributes."""
    provider = make_identity_provider(type=kind, attribute_mapping=pairs or ROLE)
    return user_pool(settings=settings, clients=clients, identity_providers=(provider,), **overrides)


def gated(stage: str) -> Snapshot:
    return mapped(triggers=(LambdaTrigger(stage=stage, function_arn=FUNCTION_ARN, version=None),))


def attribute(name: str, *, is_mutable: bool | None) -> SchemaAttribute:
    return SchemaAttribute(
        name=name, data_type="String", is_mutable=is_mutable, is_required=False, is_developer_only=False
    )


CASES = [
    fails(
        identity_provider_makes_users_with_rights,
        "one of three app clients",
        mapped(clients=(LOCAL, KEEPING, WRITING)),
        "can make users with any custom:role through app client web",
        evidence=(
            ("AttributeMapping.custom:role", "groups"),
            ("LambdaConfig.PreSignUp", None),
            ("LambdaConfig.InboundFederation", None),
            ("UserPoolClient[web].SupportedIdentityProviders", "Staff"),
            ("UserPoolClient[web].WriteAttributes", ("custom:role", "email")),
        ),
    ),
    fails(
        identity_provider_makes_users_with_rights,
        "SAML, and an app client unread",
        mapped(kind="SAML", clients=(NO_CLIENT, WRITING)),
        "can make users with any custom:role through app client web",
    ),
    fails(
        identity_provider_makes_users_with_rights,
        "no list of what the app client may write",
        mapped(clients=(UNLISTED,)),
        "can make users with any custom:role through app client old",
    ),
    fails(
        identity_provider_makes_users_with_rights,
        "a trigger that comes too late",
        gated("PreAuthentication"),
        "can make users with any custom:role through app client web",
    ),
    passes(identity_provider_makes_users_with_rights, "PreSignUp", gated("PreSignUp")),
    passes(identity_provider_makes_users_with_rights, "InboundFederation", gated("InboundFederation")),
    passes(identity_provider_makes_users_with_rights, "no rights", mapped(("custom:shoe_size", "size"))),
    passes(
        identity_provider_makes_users_with_rights, "the app client may not write", mapped(clients=(KEEPING,))
    ),
    passes(identity_provider_makes_users_with_rights, "no app client", mapped(clients=(LOCAL,))),
    passes(
        identity_provider_makes_users_with_rights,
        "no rights, whatever was not read",
        mapped(("email", "email"), settings=NO_USER_POOL, clients=NO_CLIENT_LIST),
    ),
    is_no_matter(identity_provider_makes_users_with_rights, "a social network", mapped(kind="Google")),
    is_no_matter(identity_provider_makes_users_with_rights, "a new type", mapped(kind="WalletOfTomorrow")),
    is_unknown(
        identity_provider_makes_users_with_rights,
        "triggers unread",
        mapped(settings=NO_USER_POOL),
        NO_USER_POOL,
    ),
    is_unknown(
        identity_provider_makes_users_with_rights,
        "app clients unread",
        mapped(clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    is_unknown(
        identity_provider_makes_users_with_rights,
        "an app client unread",
        mapped(clients=(KEEPING, NO_CLIENT)),
        NO_CLIENT,
    ),
    fails(
        mapped_attribute_cannot_be_written,
        "an app client may not, another may",
        mapped(clients=(KEEPING, LOCAL, WRITING)),
        "fills custom:role, which app client ios may not write",
        evidence=(("UserPoolClient[ios].WriteAttributes", ("email",)),),
    ),
    fails(
        mapped_attribute_cannot_be_written,
        "immutable, custom and standard",
        mapped(
            schema_attributes=(
                attribute("custom:role", is_mutable=False),
                attribute("email", is_mutable=False),
                attribute("sub", is_mutable=False),
            )
        ),
        "fills email from its claim email, which the user pool's schema makes immutable",
        "fills custom:role from its claim groups, which the user pool's schema makes immutable",
        evidence=(
            ("SchemaAttributes[email].Mutable", False),
            ("SchemaAttributes[custom:role].Mutable", False),
        ),
    ),
    fails(
        mapped_attribute_cannot_be_written,
        "one app client may not, another unread",
        mapped(clients=(KEEPING, NO_CLIENT)),
        "fills custom:role, which app client ios may not write",
        gaps=(NO_CLIENT,),
    ),
    passes(
        mapped_attribute_cannot_be_written,
        "mutable, or not said to be",
        mapped(
            schema_attributes=(
                attribute("custom:role", is_mutable=None),
                attribute("email", is_mutable=True),
            )
        ),
    ),
    passes(
        mapped_attribute_cannot_be_written,
        "what Cognito writes by itself",
        mapped(("email_verified", "verified"), ("username", "sub"), ("sub", "sub")),
    ),
    passes(
        mapped_attribute_cannot_be_written,
        "no list, on which AWS and others disagree",
        mapped(clients=(UNLISTED,)),
    ),
    passes(mapped_attribute_cannot_be_written, "no app client takes its users", mapped(clients=(LOCAL,))),
    is_unknown(
        mapped_attribute_cannot_be_written, "schema unread", mapped(settings=NO_USER_POOL), NO_USER_POOL
    ),
    is_unknown(
        mapped_attribute_cannot_be_written, "list unread", mapped(clients=NO_CLIENT_LIST), NO_CLIENT_LIST
    ),
    is_unknown(
        mapped_attribute_cannot_be_written, "one unread", mapped(clients=(WRITING, NO_CLIENT)), NO_CLIENT
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_provider_mapping_rules(case: Case) -> None:
    assert case.judged() == case.expected


def test_the_chain_names_its_links() -> None:
    said = judge(identity_provider_makes_users_with_rights, mapped())

    assert said.severity == "critical"
    assert said.paths == (
        (
            "identity provider Staff names a user and the claim groups",
            "app client web takes its users",
            "no PreSignUp or InboundFederation trigger looks at them",
            "new account with custom:role of the provider's choice",
        ),
    )


def test_own_providers_may_make_users_with_rights() -> None:
    own = Baseline(name="own", names={"MAP001": {"own": ("Staff",)}})

    assert judge(identity_provider_makes_users_with_rights, mapped(), baseline=own).outcome == "pass"


def test_what_is_disputed_is_no_certain_chain() -> None:
    said = judge(identity_provider_makes_users_with_rights, mapped(clients=(UNLISTED,)))

    assert said.severity == "high"
    assert said.severity_reason.startswith("lowered because AWS's documents and reports differ")
