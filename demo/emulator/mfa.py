"""Multi-factor authentication: the factors that moto drops."""

from typing import Any

from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult

from demo.emulator.patching import fill, wrap
from demo.emulator.refusals import refuse_mfa
from demo.emulator.state import extra

DROPPED_BY_MOTO = ("EmailMfaConfiguration", "WebAuthnConfiguration")


def install() -> None:
    """Patch moto's MFA operations."""
    wrap(CognitoIdpResponse, "get_user_pool_mfa_config", _get)
    wrap(CognitoIdpResponse, "set_user_pool_mfa_config", _set)


def _get(original: Any, response: Any) -> ActionResult:
    answer = {name: value for name, value in original(response).result.items() if value is not None}
    pool = response.backend.describe_user_pool(response.parameters["UserPoolId"])
    return ActionResult(fill(answer, extra(pool, "mfa")))


def _set(_original: Any, response: Any) -> ActionResult:
    """Set all factors at once; those left out are switched off, as on AWS.

    moto's own method refuses a user pool whose only second factor is e-mail.
    """
    sent = response.parameters
    backend = response.backend
    refuse_mfa(backend.describe_user_pool(sent["UserPoolId"]), sent)
    mode = sent.get("MfaConfiguration", "OFF")
    sms = sent.get("SmsMfaConfiguration")
    backend.set_user_pool_mfa_config(sent["UserPoolId"], sms, sent.get("SoftwareTokenMfaConfiguration"), mode)
    pool = backend.describe_user_pool(sent["UserPoolId"])
    kept = extra(pool, "mfa")
    kept.clear()
    kept.update({name: sent[name] for name in DROPPED_BY_MOTO if name in sent})
    if sms and "SmsConfiguration" in sms:
        pool.extended_config["SmsConfiguration"] = sms["SmsConfiguration"]
    answer: ActionResult = response.get_user_pool_mfa_config()
    return answer
