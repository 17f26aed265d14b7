"""Amazon SES: the account itself, and identities that are verified only when somebody verified them."""

import json
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.sesv2.responses import SESV2Response

from demo.emulator.patching import add_operation, wrap
from demo.emulator.state import extra

# A new account is in the sandbox: https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
SANDBOX = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 0.0}
PRODUCTION = {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0}
NO_MAIL_FROM = {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}
UNVERIFIED = {"VerifiedForSendingStatus": False, "VerificationStatus": "PENDING"}
VERIFIED = {"VerifiedForSendingStatus": True, "VerificationStatus": "SUCCESS"}


def install() -> None:
    """Patch moto's account and identities."""
    add_operation(SESV2Response, get_account)
    add_operation(SESV2Response, put_account_details)
    add_operation(SESV2Response, put_account_sending_attributes)
    add_operation(SESV2Response, put_email_identity_mail_from_attributes)
    wrap(SESV2Response, "get_email_identity", _get_email_identity)


def get_account(self: Any) -> ActionResult:
    """Answer the account; it is in the sandbox until its details ask for production access."""
    account = extra(self.sesv2_backend, "account")
    is_production = account.get("ProductionAccessEnabled", False)
    answer = {
        "DedicatedIpAutoWarmupEnabled": False,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": is_production,
        "SendQuota": PRODUCTION if is_production else SANDBOX,
        "SendingEnabled": account.get("SendingEnabled", True),
        "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
    }
    if details := account.get("Details"):
        answer["Details"] = details
    return ActionResult(answer)


def put_account_details(self: Any) -> EmptyResult:
    """Keep the details; AWS grants production access days later, here it comes at once."""
    sent = json.loads(self.body)
    account = extra(self.sesv2_backend, "account")
    account["ProductionAccessEnabled"] = sent.pop("ProductionAccessEnabled", False)
    account["Details"] = {**sent, "ReviewDetails": {"Status": "GRANTED"}}
    return EmptyResult()


def put_account_sending_attributes(self: Any) -> EmptyResult:
    """Pause sending or take it up again."""
    sent = json.loads(self.body or "{}")
    extra(self.sesv2_backend, "account")["SendingEnabled"] = sent.get("SendingEnabled", False)
    return EmptyResult()


def put_email_identity_mail_from_attributes(self: Any) -> EmptyResult:
    """Set an identity's own MAIL FROM domain; its DNS record is there at once."""
    identity = self.sesv2_backend.get_email_identity(self._get_param("EmailIdentity"))
    sent = json.loads(self.body or "{}")
    status = {"MailFromDomainStatus": "SUCCESS"} if sent.get("MailFromDomain") else {}
    extra(identity, "facts")["MailFromAttributes"] = {**NO_MAIL_FROM, **sent, **status}
    return EmptyResult()


def _get_email_identity(original: Any, response: Any) -> str:
    """Answer one truth about the verification; moto gives two that differ."""
    identity = response.sesv2_backend.get_email_identity(response._get_param("EmailIdentity"))  # noqa: SLF001 - how moto's operations read parameters
    facts = extra(identity, "facts")
    is_verified = facts.get("is_verified", False)
    answer = {**json.loads(original(response)), **(VERIFIED if is_verified else UNVERIFIED)}
    if answer.get("IdentityType") == "DOMAIN":
        answer["DkimAttributes"] = {
            **answer.get("DkimAttributes", {}),
            "SigningEnabled": True,
            "Status": "SUCCESS" if is_verified else "PENDING",
        }
    answer["MailFromAttributes"] = facts.get("MailFromAttributes", NO_MAIL_FROM)
    return json.dumps(answer)
