"""Three accounts with all that the pages tell: what ends, who names roles, what is not read and why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from records.account import AccountInfo
from records.facet import Facet, FacetName, Gap, Reason
from records.federation import SamlMetadata, X509Certificate
from records.resource import Scope
from records.snapshot import AppClientSnapshot, Facets, RegionSnapshot
from records.surroundings import AcmCertificate, KmsKey, LambdaFunction
from records.user_pool import LambdaTrigger, SmsConfiguration
from records.user_pool_parts import ClientSecret, Group, Replica
from tests.builders import (
    CERTIFICATE_ARN,
    ROLE_ARN,
    make_app_client,
    make_app_client_snapshot,
    make_certificate,
    make_domain,
    make_gap,
    make_identity_pool,
    make_identity_pool_roles,
    make_identity_pool_snapshot,
    make_identity_provider,
    make_machine_client,
    make_region_snapshot,
    make_role,
    make_role_policies,
    make_user_pool,
    make_user_pool_snapshot,
)

PROD, STAGING, ARCHIVE = "111122223333", "222233334444", "999988887777"
PRODUCTION, ABROAD = Scope(PROD, "eu-west-1"), Scope(PROD, "us-east-1")
TESTED, CLOSED = Scope(STAGING, "eu-west-1"), Scope(ARCHIVE, "eu-west-1")
ACCOUNTS = (
    AccountInfo(account_id=PROD, name="shop-prod", environment="production", owner="Identity team"),
    AccountInfo(account_id=STAGING, name="shop-staging", environment="staging", owner="Identity team"),
    AccountInfo(account_id=ARCHIVE, name="archive", environment=None, owner=None),
    AccountInfo(account_id="444455556666", name="to-come", environment=None, owner=None),
)
SHOP, STAFF, TRIAL = "eu-west-1_shop00000", "us-east-1_staff0000", "eu-west-1_trial0000"
KEY = f"arn:aws:kms:eu-west-1:{PROD}:key/0a1b2c3d"
UNREAD_KEY = f"arn:aws:kms:us-east-1:{PROD}:key/ffff0000"
FUNCTION = f"arn:aws:lambda:eu-west-1:{PROD}:function:welcome"
FUNCTION_ROLE = f"arn:aws:iam::{PROD}:role/service-role/welcome"
GUEST_ROLE = f"arn:aws:iam::{PROD}:role/guests"
SMS_ROLE = f"arn:aws:iam::{PROD}:role/cognito-sms"
ADMIN_ROLE = "arn:aws:iam::555566667777:role/staff-admins"
STAGING_CERTIFICATE = CERTIFICATE_ARN.replace(PROD, STAGING)
NOT_SIGNED_IN = Gap(
    operation="sts:AssumeRole",
    reason=Reason.DENIED,
    message="User is not authorized to perform sts:AssumeRole on resource poolwatch-audit",
)


def regions(now: datetime, *, is_archive_open: bool = False) -> list[RegionSnapshot]:
    """Build the regions of three accounts; nobody can sign in to the archive's unless it is open."""
    return [_production(now), _abroad(), _staging(now), _archive(is_open=is_archive_open)]


def _production(now: datetime) -> RegionSnapshot:
    pool = make_user_pool(
        user_pool_id=SHOP,
        name="shop",
        custom_domain="login.example.com",
        kms_key_arn=KEY,
        sms=SmsConfiguration(
            is_eum=False,
            caller_arn=SMS_ROLE,
            external_id="poolwatch",
            region="eu-west-1",
            origination_identity=None,
            configuration_set=None,
        ),
        triggers=(LambdaTrigger(stage="PostConfirmation", function_arn=FUNCTION, version=None),),
    )
    web = make_app_client(user_pool_id=SHOP, client_id="shopweb000000000000000001", name="shop-web")
    return make_region_snapshot(
        scope=PRODUCTION,
        user_pools=[
            make_user_pool_snapshot(
                pool,
                clients=[web, _with_secret("billing-job", now - timedelta(days=500))],
                identity_providers=[
                    make_identity_provider(
                        user_pool_id=SHOP,
                        name="Partners",
                        type="SAML",
                        scopes=(),
                        saml_metadata=saml_metadata(now + timedelta(days=21), now + timedelta(days=400)),
                    ),
                    make_identity_provider(user_pool_id=SHOP),
                ],
                domains=[
                    make_domain(name="customers", is_custom=False, certificate_arn=None),
                    make_domain(user_pool_id=SHOP),
                ],
                more={
                    FacetName.GROUPS: (_group("admins", ADMIN_ROLE), _group("buyers", ROLE_ARN)),
                    FacetName.REPLICAS: (
                        Replica(region="eu-west-1", status="ACTIVE", role="PRIMARY", arn=None),
                    ),
                },
            )
        ],
        identity_pools=[
            make_identity_pool_snapshot(
                make_identity_pool(name="uploads"),
                roles=make_identity_pool_roles(unauthenticated_role_arn=GUEST_ROLE),
            )
        ],
        references={
            (FacetName.CERTIFICATE, CERTIFICATE_ARN): make_certificate(
                not_after=now + timedelta(days=5), renewal_status="PENDING_VALIDATION"
            ),
            (FacetName.KMS_KEY, KEY): KmsKey(
                arn=KEY,
                state="PendingDeletion",
                manager="CUSTOMER",
                origin="AWS_KMS",
                deletion_at=now + timedelta(days=12),
            ),
            (FacetName.FUNCTION, FUNCTION): LambdaFunction(
                arn=FUNCTION,
                name="welcome",
                runtime="python3.13",
                package_type="Zip",
                role_arn=FUNCTION_ROLE,
                state="Active",
                last_update_status="Successful",
            ),
            **_roles(FUNCTION_ROLE, SMS_ROLE, GUEST_ROLE),
            (FacetName.ROLE, ADMIN_ROLE): _elsewhere("iam:GetRole"),
            (FacetName.ROLE_POLICIES, ADMIN_ROLE): _elsewhere("iam:ListRolePolicies"),
        },
    )


def _abroad() -> RegionSnapshot:
    pool = make_user_pool(user_pool_id=STAFF, name="staff", domain=None, kms_key_arn=UNREAD_KEY)
    client = make_app_client(user_pool_id=STAFF, client_id="staffweb00000000000000001", name="staff-web")
    return make_region_snapshot(
        scope=ABROAD,
        user_pools=[
            make_user_pool_snapshot(
                pool,
                clients=[client],
                more={FacetName.GROUPS: (_group("editors", ROLE_ARN),)},
            )
        ],
        references={(FacetName.KMS_KEY, UNREAD_KEY): make_gap("kms:DescribeKey")},
    )


def _staging(now: datetime) -> RegionSnapshot:
    pool = make_user_pool(
        user_pool_id=TRIAL,
        name="shop",
        tier="LITE",
        custom_domain="login.staging.example.com",
        domain=None,
        deletion_protection="INACTIVE",
        threat_protection=None,
        custom_auth_threat_protection=None,
    )
    client = make_app_client_snapshot(
        make_app_client(
            user_pool_id=TRIAL,
            client_id="trialweb00000000000000001",
            name="shop-web",
            oauth_flows=frozenset({"code", "implicit"}),
        ),
        session=_not_in_plan("cognito-idp:GetUserPoolClientSessionConfiguration"),
    )
    return make_region_snapshot(
        scope=TESTED,
        user_pools=[
            make_user_pool_snapshot(
                pool,
                clients=[client],
                identity_providers=[
                    make_identity_provider(
                        user_pool_id=TRIAL,
                        name="Partners",
                        type="SAML",
                        scopes=(),
                        saml_metadata=saml_metadata(now - timedelta(days=3)),
                    )
                ],
                domains=[
                    make_domain(
                        name="login.staging.example.com",
                        user_pool_id=TRIAL,
                        certificate_arn=STAGING_CERTIFICATE,
                        managed_login_version=1,
                    )
                ],
                more={
                    FacetName.SESSION_CONFIGURATION: _not_in_plan(
                        "cognito-idp:GetUserPoolSessionConfiguration"
                    ),
                    FacetName.REPLICAS: _not_in_plan("cognito-idp:ListUserPoolReplicas"),
                },
            )
        ],
        references={
            (FacetName.CERTIFICATE, STAGING_CERTIFICATE): AcmCertificate(
                arn=STAGING_CERTIFICATE,
                domain_name="login.staging.example.com",
                status="ISSUED",
                type="IMPORTED",
                not_before=now - timedelta(days=300),
                not_after=now + timedelta(days=65),
                renewal_eligibility="INELIGIBLE",
                renewal_status=None,
            )
        },
    )


def _archive(*, is_open: bool) -> RegionSnapshot:
    pool = make_user_pool(user_pool_id="eu-west-1_old000000", name="old-shop", domain=None)
    region = make_region_snapshot(
        scope=CLOSED,
        user_pools=[make_user_pool_snapshot(pool, clients=[])] if is_open else NOT_SIGNED_IN,
        identity_pools=[] if is_open else NOT_SIGNED_IN,
    )
    if is_open:
        return replace(region, references={})
    facets: Facets = dict.fromkeys(region.facets, Facet[Any].missing(NOT_SIGNED_IN))
    return replace(region, facets=facets, references={})


def _with_secret(name: str, created_at: datetime) -> AppClientSnapshot:
    client = make_machine_client(user_pool_id=SHOP, client_id="billingjob000000000000001", name=name)
    return make_app_client_snapshot(
        client, secrets=(ClientSecret(secret_id=f"{client.client_id}--1", created_at=created_at),)
    )


def saml_metadata(*not_after: datetime) -> SamlMetadata:
    return SamlMetadata(
        entity_id="https://idp.partners.example/saml",
        valid_until=None,
        signing_certificates=tuple(
            X509Certificate(
                fingerprint=f"{number}" * 64,
                subject=f"CN=idp-{number}.partners.example",
                not_before=at - timedelta(days=730),
                not_after=at,
            )
            for number, at in enumerate(not_after, 1)
        ),
        problem=None,
    )


def _group(name: str, role_arn: str) -> Group:
    return Group(name=name, role_arn=role_arn, precedence=1, created_at=None, modified_at=None)


def _roles(*arns: str) -> Mapping[tuple[FacetName, str], Any]:
    roles = {(FacetName.ROLE, arn): make_role(arn=arn, name=arn.rpartition("/")[2]) for arn in arns}
    return {**roles, **{(FacetName.ROLE_POLICIES, arn): make_role_policies() for arn in arns}}


def _elsewhere(operation: str) -> Gap:
    message = "it belongs to account 555566667777, which this run does not read"
    return Gap(operation=operation, reason=Reason.OTHER_ACCOUNT, message=message)


def _not_in_plan(operation: str) -> Gap:
    message = "it comes with the Essentials plan, and the user pool is on Lite"
    return Gap(operation=operation, reason=Reason.NOT_IN_PLAN, message=message)
