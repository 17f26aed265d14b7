import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest

from records.evaluation import Severity
from records.facet import FacetName, Gap, Reason
from records.identity_pool import RoleMapping, UserPoolProvider
from records.resource import Scope
from records.snapshot import IdentityPoolSnapshot, Snapshot
from records.user_pool import LambdaTrigger
from rules.ladder import MANY_USERS
from rules.sign_up import (
    contact_change_counts_before_proof,
    self_sign_up_bypasses_federation,
    self_sign_up_is_open,
    self_sign_up_leads_to_aws_credentials,
    self_sign_up_verifies_no_contact,
    sms_is_open_to_pumping,
)
from tests.builders import (
    CLIENT_ID,
    ROLE_ARN,
    SCOPE,
    USER_POOL_ID,
    WEB_ACL_ARN,
    make_app_client,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_machine_client,
    make_mfa_configuration,
    make_region_snapshot,
    make_sms_configuration,
    make_user_pool,
    make_user_pool_snapshot,
    make_web_acl,
)
from tests.rules.judging import (
    NO_CLIENT,
    NO_CLIENT_LIST,
    NO_IDENTITY_POOL,
    NO_MFA,
    NO_ROLES,
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
NO_WEB_ACL = make_gap("wafv2:GetWebACLForResource")
NO_IDENTITY_POOL_LIST = make_gap("cognito-identity:ListIdentityPools")
OFF = make_gap("cognito-identity:ListIdentityPools", Reason.REGION_OFF)
OFF_TOO = make_gap("cognito-idp:ListUserPools", Reason.REGION_OFF)
FRANKFURT = Scope("111122223333", "eu-central-1")
PARTNER = Scope("444455556666", "eu-west-1")
PROVIDER = f"cognito-idp.eu-west-1.amazonaws.com/{USER_POOL_ID}"
OTHER_PROVIDER = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_zZzZzZzZz"
SIGN_UP = ("AdminCreateUserConfig.AllowAdminCreateUserOnly", False)
LEADS = f"lets anybody sign up for the role {ROLE_ARN}, which the identity pool customers in {{}} hands out"
SMS_SENDER = LambdaTrigger(
    stage="CustomSMSSender",
    function_arn="arn:aws:lambda:eu-west-1:111122223333:function:sender",
    version="V1_0",
)
WITHOUT_ACL = ("WebACL.ARN", None)
RATE, CAPTCHA = make_web_acl().rules


def credentials(
    *identity_pools: IdentityPoolSnapshot | Gap,
    elsewhere: Sequence[IdentityPoolSnapshot] | Gap = (),
    elsewhere_scope: Scope = FRANKFURT,
    elsewhere_off: bool = False,
    clients: Any = None,
    **overrides: Any,
) -> Snapshot:
    """Build an open user pool beside identity pools, and others elsewhere; a gap hides the list of them."""
    pool = make_user_pool_snapshot(
        make_user_pool(**{"admin_creates_users_only": False, **overrides}),
        clients=(make_app_client(),) if clients is None else clients,
    )
    listed: Any = (
        identity_pools[0] if identity_pools and isinstance(identity_pools[0], Gap) else identity_pools
    )
    return Snapshot(
        regions=(
            make_region_snapshot(user_pools=[pool], identity_pools=listed),
            make_region_snapshot(
                scope=elsewhere_scope,
                user_pools=OFF_TOO if elsewhere_off else (),
                identity_pools=elsewhere,
            ),
        )
    )


def trusting(
    *, client_id: str = CLIENT_ID, provider: str = PROVIDER, scope: Scope = SCOPE, **roles: Any
) -> IdentityPoolSnapshot:
    """Build an identity pool that trusts one app client."""
    trusted = UserPoolProvider(provider_name=provider, client_id=client_id, has_server_side_token_check=True)
    snapshot = make_identity_pool_snapshot(
        make_identity_pool(user_pool_providers=(trusted,)), roles=make_identity_pool_roles(**roles)
    )
    return dataclasses.replace(snapshot, scope=scope)


def mapping(resolution: str, client_id: str = CLIENT_ID) -> RoleMapping:
    return RoleMapping(
        provider=f"{PROVIDER}:{client_id}", type="Token", ambiguous_role_resolution=resolution, rules=()
    )


def sms(acl: Any = None, **overrides: Any) -> Snapshot:
    """Build an open user pool that verifies phone numbers by SMS, behind a web ACL or none."""
    return user_pool(
        more={FacetName.WEB_ACL: acl},
        **{
            "admin_creates_users_only": False,
            "auto_verified_attributes": frozenset({"phone_number"}),
            "attributes_verified_before_update": frozenset({"phone_number"}),
            "sms": make_sms_configuration(),
            **overrides,
        },
    )


def acl_with(rule: Any, **changes: Any) -> Any:
    return make_web_acl(rules=(dataclasses.replace(rule, **changes),))


CASES = [
    fails(
        self_sign_up_verifies_no_contact,
        "nothing is verified",
        user_pool(admin_creates_users_only=False, auto_verified_attributes=frozenset()),
        "lets anybody sign up and verifies neither e-mail address nor phone number",
        evidence=(
            ("AdminCreateUserConfig.AllowAdminCreateUserOnly", False),
            ("AutoVerifiedAttributes", ()),
            ("UsernameAttributes", ("email",)),
        ),
        grade=(Severity.HIGH, "raised because users are known by their email"),
    ),
    fails(
        self_sign_up_verifies_no_contact,
        "names that users make up",
        user_pool(
            admin_creates_users_only=False,
            auto_verified_attributes=frozenset(),
            username_attributes=frozenset(),
            estimated_users=MANY_USERS,
        ),
        "lets anybody sign up and verifies neither e-mail address nor phone number",
        grade=(Severity.MEDIUM, ""),
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
    is_no_matter(
        self_sign_up_is_open,
        "declared to be for the public",
        user_pool(admin_creates_users_only=False, tags=(("poolwatch:intent", "public-sign-up"),)),
    ),
    fails(
        self_sign_up_is_open,
        "left out",
        user_pool(admin_creates_users_only=None),
        "lets anybody sign up",
        evidence=(("AdminCreateUserConfig.AllowAdminCreateUserOnly", None),),
    ),
    passes(self_sign_up_is_open, "administrators make the accounts", user_pool()),
    fails(
        self_sign_up_leads_to_aws_credentials,
        "an identity pool beside it",
        credentials(trusting()),
        LEADS.format("eu-west-1"),
        evidence=(
            SIGN_UP,
            ("IdentityPool.Id", "eu-west-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),
            ("CognitoIdentityProviders.ClientId", (CLIENT_ID,)),
            ("Roles.authenticated", ROLE_ARN),
        ),
    ),
    fails(
        self_sign_up_leads_to_aws_credentials,
        "an identity pool in another region",
        credentials(elsewhere=(trusting(scope=FRANKFURT),)),
        LEADS.format("eu-central-1"),
    ),
    fails(
        self_sign_up_leads_to_aws_credentials,
        "a mapping that falls back to the role",
        credentials(trusting(mappings=(mapping("AuthenticatedRole"),))),
        LEADS.format("eu-west-1"),
    ),
    fails(
        self_sign_up_leads_to_aws_credentials,
        "another app client's mapping denies",
        credentials(trusting(mappings=(mapping("Deny", client_id="ios"),))),
        LEADS.format("eu-west-1"),
    ),
    fails(
        self_sign_up_leads_to_aws_credentials,
        "one is certain, another unread",
        credentials(make_identity_pool_snapshot(NO_IDENTITY_POOL), trusting()),
        LEADS.format("eu-west-1"),
        gaps=(NO_IDENTITY_POOL,),
    ),
    fails(
        self_sign_up_leads_to_aws_credentials,
        "one is certain, another region's are unread",
        credentials(trusting(), elsewhere=NO_IDENTITY_POOL_LIST),
        LEADS.format("eu-west-1"),
        gaps=(NO_IDENTITY_POOL_LIST,),
    ),
    passes(self_sign_up_leads_to_aws_credentials, "no identity pools", credentials()),
    passes(
        self_sign_up_leads_to_aws_credentials,
        "another user pool is trusted",
        credentials(trusting(provider=OTHER_PROVIDER)),
    ),
    passes(
        self_sign_up_leads_to_aws_credentials,
        "the app client is deleted",
        credentials(trusting(client_id="gone")),
    ),
    passes(
        self_sign_up_leads_to_aws_credentials,
        "no authenticated role",
        credentials(trusting(authenticated_role_arn=None)),
    ),
    passes(
        self_sign_up_leads_to_aws_credentials,
        "a mapping denies whom nothing fits",
        credentials(trusting(mappings=(mapping("Deny"),))),
    ),
    passes(
        self_sign_up_leads_to_aws_credentials,
        "roles of a pool that trusts others are unread",
        credentials(make_identity_pool_snapshot(make_identity_pool(user_pool_providers=()), roles=NO_ROLES)),
    ),
    passes(
        self_sign_up_leads_to_aws_credentials,
        "a region that is off",
        credentials(elsewhere=OFF, elsewhere_off=True),
    ),
    passes(
        self_sign_up_leads_to_aws_credentials,
        "another account's identity pools are unread",
        credentials(elsewhere=NO_IDENTITY_POOL_LIST, elsewhere_scope=PARTNER),
    ),
    is_no_matter(
        self_sign_up_leads_to_aws_credentials,
        "administrators make the accounts",
        credentials(trusting(), admin_creates_users_only=True),
    ),
    is_unknown(
        self_sign_up_leads_to_aws_credentials,
        "clients unread",
        credentials(trusting(), clients=NO_CLIENT_LIST),
        NO_CLIENT_LIST,
    ),
    is_unknown(
        self_sign_up_leads_to_aws_credentials,
        "identity pools unread",
        credentials(NO_IDENTITY_POOL_LIST),
        NO_IDENTITY_POOL_LIST,
    ),
    is_unknown(
        self_sign_up_leads_to_aws_credentials,
        "an identity pool unread",
        credentials(make_identity_pool_snapshot(NO_IDENTITY_POOL)),
        NO_IDENTITY_POOL,
    ),
    is_unknown(
        self_sign_up_leads_to_aws_credentials,
        "roles unread",
        credentials(make_identity_pool_snapshot(roles=NO_ROLES)),
        NO_ROLES,
    ),
    fails(
        sms_is_open_to_pumping,
        "every way without a web ACL",
        sms(
            first_factors=frozenset({"PASSWORD", "SMS_OTP"}),
            recovery_mechanisms=("verified_email", "verified_phone_number"),
            mfa=make_mfa_configuration(mode="OPTIONAL", has_sms=True),
        ),
        "sends SMS to strangers to verify phone numbers, behind no web ACL",
        "sends SMS to strangers to sign in, behind no web ACL",
        "sends SMS to strangers to reset passwords, behind no web ACL",
        "sends SMS to strangers as a second factor, behind no web ACL",
        evidence=(
            ("AutoVerifiedAttributes", ("phone_number",)),
            WITHOUT_ACL,
            ("Policies.SignInPolicy.AllowedFirstAuthFactors", ("PASSWORD", "SMS_OTP")),
            ("AccountRecoverySetting.RecoveryMechanisms", ("verified_email", "verified_phone_number")),
            ("SmsMfaConfiguration", True),
        ),
    ),
    fails(
        sms_is_open_to_pumping,
        "nobody has chosen how passwords are reset",
        sms(auto_verified_attributes=frozenset({"email"}), recovery_mechanisms=None),
        "sends SMS to strangers to reset passwords, behind no web ACL",
        evidence=(("AccountRecoverySetting.RecoveryMechanisms", None), WITHOUT_ACL),
    ),
    fails(
        sms_is_open_to_pumping,
        "a rate rule that only counts",
        sms(acl_with(RATE, action="Count")),
        "sends SMS to strangers to verify phone numbers, "
        "behind a web ACL, customers, that neither counts nor challenges",
        evidence=(("AutoVerifiedAttributes", ("phone_number",)), ("WebACL.ARN", WEB_ACL_ARN)),
    ),
    fails(
        sms_is_open_to_pumping,
        "AWS's common rules alone",
        sms(
            acl_with(
                RATE,
                kind="ManagedRuleGroup",
                action=None,
                rate_limit=None,
                window_seconds=None,
                managed_group="AWS/AWSManagedRulesCommonRuleSet",
            )
        ),
        "sends SMS to strangers to verify phone numbers, "
        "behind a web ACL, customers, that neither counts nor challenges",
    ),
    fails(
        sms_is_open_to_pumping,
        "MFA unread",
        sms(mfa=NO_MFA),
        "sends SMS to strangers to verify phone numbers, behind no web ACL",
        gaps=(NO_MFA,),
    ),
    passes(sms_is_open_to_pumping, "a rate rule", sms(make_web_acl(rules=(RATE,)), mfa=NO_MFA)),
    passes(sms_is_open_to_pumping, "a CAPTCHA", sms(make_web_acl(rules=(CAPTCHA,)))),
    passes(sms_is_open_to_pumping, "only known senders", sms(make_web_acl(default_action="Block", rules=()))),
    passes(
        sms_is_open_to_pumping,
        "a default action that is not known yet",
        sms(make_web_acl(default_action="Quarantine", rules=())),
    ),
    passes(
        sms_is_open_to_pumping,
        "a rule group that may hold anything",
        sms(acl_with(RATE, kind="RuleGroupReference", action=None, rule_group_arn="arn:aws:wafv2:::group/a")),
    ),
    passes(
        sms_is_open_to_pumping,
        "a statement that is not known yet",
        sms(acl_with(RATE, kind=None, action="Block")),
    ),
    passes(
        sms_is_open_to_pumping,
        "no way to an SMS",
        sms(
            auto_verified_attributes=frozenset({"email"}),
            mfa=make_mfa_configuration(mode="OFF", has_sms=True),
        ),
    ),
    is_no_matter(
        sms_is_open_to_pumping, "administrators make the accounts", sms(admin_creates_users_only=True)
    ),
    is_no_matter(sms_is_open_to_pumping, "AWS may send no SMS", sms(sms=None)),
    is_no_matter(sms_is_open_to_pumping, "a custom sender delivers", sms(triggers=(SMS_SENDER,))),
    is_unknown(sms_is_open_to_pumping, "web ACL unread", sms(NO_WEB_ACL), NO_WEB_ACL),
    is_unknown(
        sms_is_open_to_pumping,
        "MFA unread, nothing else wrong",
        sms(auto_verified_attributes=frozenset({"email"}), mfa=NO_MFA),
        NO_MFA,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sign_up_rules(case: Case) -> None:
    assert case.judged() == case.expected
