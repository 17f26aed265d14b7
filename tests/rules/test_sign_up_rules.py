import pytest

from rules.sign_up import (
    contact_change_counts_before_proof,
    self_sign_up_bypasses_federation,
    self_sign_up_verifies_no_contact,
)
from tests.builders import make_app_client, make_machine_client
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    Case,
    fails,
    is_no_matter,
    is_unknown,
    passes,
    user_pool,
)

OKTA = make_app_client(identity_providers=frozenset({"Okta"}))
GOOGLE = make_app_client(client_id="google", identity_providers=frozenset({"Google", "Okta"}))
UNNAMED_PROVIDERS = make_app_client(identity_providers=frozenset())

CASES = [
    fails(
        self_sign_up_verifies_no_contact,
        "nothing is verified",
        user_pool(admin_creates_users_only=False, auto_verified_attributes=frozenset()),
        "lets anybody sign up and verifies neither e-mail address nor phone number",
        evidence=(("AdminCreateUserConfig.AllowAdminCreateUserOnly", False), ("AutoVerifiedAttributes", ())),
    ),
    passes(self_sign_up_verifies_no_contact, "e-mail is verified", user_pool(admin_creates_users_only=False)),
    is_no_matter(
        self_sign_up_verifies_no_contact,
        "administrators make the accounts",
        user_pool(auto_verified_attributes=frozenset()),
    ),
    fails(
        contact_change_counts_before_proof,
        "e-mail is a username and phone number is verified",
        user_pool(
            auto_verified_attributes=frozenset({"phone_number"}),
            username_attributes=frozenset({"email"}),
            attributes_verified_before_update=frozenset(),
        ),
        "lets a new email take effect before it is verified",
        "lets a new phone_number take effect before it is verified",
        evidence=(
            ("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate", ()),
            ("AutoVerifiedAttributes", ("phone_number",)),
            ("AliasAttributes", ()),
            ("UsernameAttributes", ("email",)),
        ),
    ),
    fails(
        contact_change_counts_before_proof,
        "phone number is an alias",
        user_pool(alias_attributes=frozenset({"phone_number", "preferred_username"})),
        "lets a new phone_number take effect before it is verified",
    ),
    passes(contact_change_counts_before_proof, "e-mail waits for proof", user_pool()),
    is_no_matter(
        contact_change_counts_before_proof,
        "no contact counts",
        user_pool(
            auto_verified_attributes=frozenset(),
            username_attributes=frozenset(),
            alias_attributes=frozenset({"preferred_username"}),
            attributes_verified_before_update=frozenset(),
        ),
    ),
    fails(
        self_sign_up_bypasses_federation,
        "open beside two providers",
        user_pool(admin_creates_users_only=None, clients=(OKTA, GOOGLE, make_machine_client())),
        "lets anybody sign up, though its app clients only name outside identity providers",
        evidence=(
            ("AdminCreateUserConfig.AllowAdminCreateUserOnly", None),
            ("SupportedIdentityProviders", ("Google", "Okta")),
        ),
    ),
    passes(self_sign_up_bypasses_federation, "closed", user_pool(clients=(OKTA,))),
    passes(
        self_sign_up_bypasses_federation, "closed whatever the clients", user_pool(clients=NO_CLIENT_LIST)
    ),
    is_no_matter(
        self_sign_up_bypasses_federation,
        "a client without providers serves local users",
        user_pool(admin_creates_users_only=False, clients=(OKTA, UNNAMED_PROVIDERS)),
    ),
    is_no_matter(
        self_sign_up_bypasses_federation,
        "machines only",
        user_pool(admin_creates_users_only=False, clients=(make_machine_client(),)),
    ),
    is_unknown(
        self_sign_up_bypasses_federation,
        "one client unread",
        user_pool(admin_creates_users_only=False, clients=(OKTA, NO_CLIENT)),
        NO_CLIENT,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sign_up_rules(case: Case) -> None:
    assert case.judged() == case.expected
