"""What user pools need to be there before them: roles, functions, keys, certificates, log groups, mail."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from demo.company_data import partners
from demo.company_data.certificates import certificate
from demo.company_data.specs import ACCOUNT, AMERICA, Rights, reference, role
from demo.company_data.surroundings import (
    CERTIFICATES,
    KEYS,
    LOG_GROUPS,
    MAIL,
    MESSAGING,
    RAISED_LIMITS,
    SAML_CERTIFICATES,
    SMS,
)
from demo.company_data.workloads import FUNCTIONS, ROLES
from demo.seeding.workshop import Workshop

# What a function is made of is nobody's concern here.
CODE = b"PK"
LOG_WRITES = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]


def make(shop: Workshop, account: str, today: datetime) -> None:
    """Make one account's share of it; certificates end a number of days from today."""
    for spec in (each for each in ROLES if each.account == account):
        statement = {"Effect": "Allow", "Principal": spec.principal, "Action": spec.action}
        trust = {**statement, **({"Condition": spec.condition} if spec.condition else {})}
        make_role(shop, spec.name, trust, spec.rights, path=spec.path)
    _let_functions_log(shop, account)
    for function in (each for each in FUNCTIONS if each.account == account):
        shop.client("lambda", function.region).create_function(
            FunctionName=function.name,
            Runtime=function.runtime,
            Role=role(function.role, account),
            Handler="index.handler",
            Code={"ZipFile": CODE},
        )
    _keys(shop, account)
    for (owner, region, name), days in LOG_GROUPS.items():
        if owner == account:
            logs = shop.client("logs", region)
            logs.create_log_group(logGroupName=name)
            if days:
                logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    _messages(shop, account)
    if account == ACCOUNT:
        _certificates(shop, today)
        for (region, category), limit in RAISED_LIMITS.items():
            definition = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}}
            shop.client("cognito-idp", region).update_provisioned_limit(
                LimitDefinition=definition, RequestedLimitValue=limit
            )


def make_role(
    shop: Workshop, name: str, trust: Mapping[str, Any], rights: Rights, *, path: str = "/"
) -> None:
    """Make an IAM role with one statement of trust and one inline policy."""
    iam = shop.client("iam", AMERICA)
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=_policy(trust))
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": resource} for resource, actions in rights.items()
    ]
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=_policy(*statements))


def _let_functions_log(shop: Workshop, account: str) -> None:
    """Attach one managed policy to the roles of all functions."""
    iam = shop.client("iam", AMERICA)
    rights = {"Effect": "Allow", "Action": LOG_WRITES, "Resource": "arn:aws:logs:*:*:*"}
    made = iam.create_policy(PolicyName="tarnfell-write-logs", PolicyDocument=_policy(rights))
    for name in dict.fromkeys(each.role for each in FUNCTIONS if each.account == account):
        iam.attach_role_policy(RoleName=name.rpartition("/")[2], PolicyArn=made["Policy"]["Arn"])


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _keys(shop: Workshop, account: str) -> None:
    for (owner, region, name), is_enabled in KEYS.items():
        if owner == account:
            kms = shop.client("kms", region)
            key = kms.create_key(Description=name)["KeyMetadata"]
            shop.seeded.references[reference("key", name)] = key["Arn"]
            if not is_enabled:
                kms.disable_key(KeyId=key["KeyId"])


def _certificates(shop: Workshop, today: datetime) -> None:
    acm = shop.client("acm", AMERICA)
    for domain, days in CERTIFICATES.items():
        made = certificate(domain, days=days, today=today)
        imported = acm.import_certificate(Certificate=made.pem, PrivateKey=made.key_pem)
        shop.seeded.references[reference("certificate", domain)] = imported["CertificateArn"]
    for provider, days in SAML_CERTIFICATES.items():
        made = certificate(provider, days=days, today=today)
        shop.seeded.references[reference("metadata", provider)] = partners.metadata(made.in_metadata)


def _messages(shop: Workshop, account: str) -> None:
    for mail in (each for each in MAIL if each.account == account):
        ses = shop.client("sesv2", mail.region)
        if mail.is_in_production:
            ses.put_account_details(
                MailType="TRANSACTIONAL",
                WebsiteURL="https://shop.tarnfell.example/",
                ProductionAccessEnabled=True,
            )
        for identity in (*mail.verified, *mail.unverified):
            ses.create_email_identity(EmailIdentity=identity)
        shop.controls.set_account_facts(region=mail.region, verified_identities=mail.verified)
    for (owner, region), attributes in SMS.items():
        if owner == account:
            shop.client("sns", region).set_sms_attributes(attributes=attributes)
            shop.controls.set_account_facts(region=region, is_sms_in_production=True)
    for region, (largest, limit) in MESSAGING.items() if account == ACCOUNT else ():
        shop.controls.set_account_facts(region=region, messaging_limit_usd=largest)
        messaging = shop.client("pinpoint-sms-voice-v2", region)
        messaging.set_text_message_spend_limit_override(MonthlyLimit=limit)
        made = messaging.create_protect_configuration(DeletionProtectionEnabled=True)
        messaging.set_account_default_protect_configuration(
            ProtectConfigurationId=made["ProtectConfigurationId"]
        )
