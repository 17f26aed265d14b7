"""User pool domains: a custom domain is told apart from a prefix, as DescribeUserPool does."""

from typing import Any

from moto.cognitoidp import models
from moto.cognitoidp.responses import CognitoIdpResponse

from demo.emulator.patching import fill, wrap
from demo.emulator.state import extra


def install() -> None:
    """Patch moto's domains."""
    wrap(models.CognitoIdpUserPool, "to_json", _user_pool_to_json)
    wrap(models.CognitoIdpUserPoolDomain, "to_json", _domain_to_json)
    wrap(CognitoIdpResponse, "create_user_pool_domain", _create)


def _user_pool_to_json(original: Any, pool: Any, extended: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - moto's signature
    answer: dict[str, Any] = original(pool, extended)
    answer.pop("Domain", None)
    if extended:
        for domain in pool.backend.user_pool_domains.values():
            if domain.user_pool_id == pool.id:
                answer["CustomDomain" if domain.custom_domain_config else "Domain"] = domain.domain
    return answer


def _create(original: Any, response: Any) -> Any:
    answer = original(response)
    domain = response.backend.describe_user_pool_domain(response._get_param("Domain"))  # noqa: SLF001 - how moto's operations read parameters
    sent = response.parameters
    extra(domain, "facts").update(
        account_id=response.current_account,
        managed_login_version=sent.get("ManagedLoginVersion") or 1,
        routing=sent.get("Routing"),
    )
    return answer


def _domain_to_json(original: Any, domain: Any, extended: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - moto's signature
    answer: dict[str, Any] = original(domain, extended)
    if extended:
        facts = extra(domain, "facts")
        # moto makes up a new random account id at every call.
        answer["AWSAccountId"] = facts.get("account_id", answer["AWSAccountId"])
        more = {"ManagedLoginVersion": facts.get("managed_login_version"), "Routing": facts.get("routing")}
        fill(answer, {**more, "CustomDomainConfig": domain.custom_domain_config or None})
    return answer
