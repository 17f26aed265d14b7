"""Web ACLs: a resource has one, and its association ends with the next."""

from typing import Any

from moto.wafv2.models import WAFV2Backend

from demo.emulator.patching import wrap


def install() -> None:
    """Patch moto's associations."""
    wrap(WAFV2Backend, "associate_web_acl", _associate)


def _associate(original: Any, backend: Any, web_acl_arn: str, resource_arn: str) -> None:
    if web_acl_arn in backend.wacls:
        backend.disassociate_web_acl(resource_arn)
    original(backend, web_acl_arn, resource_arn)
