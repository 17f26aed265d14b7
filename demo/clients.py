"""boto3 clients and controls for the emulated account that know nothing of the user's own account."""

import functools
import http.client
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config

# Where botocore looks for each setting: nowhere in the environment, and in files that are empty.
_NO_SETTINGS: dict[str, tuple[Any, ...]] = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "ca_bundle": (None, None, None, None),
}


def aws_client(service: str, url: str, region: str) -> Any:
    """Return a client that talks to the emulator at `url` and fails at the first error."""
    # An empty dict keeps botocore from the environment's proxies.
    config = Config(proxies={}, retries={"mode": "standard", "total_max_attempts": 1})
    return _session().client(service, region_name=region, endpoint_url=url, config=config)


@functools.cache
def _session() -> Any:
    """Return one session for all clients, because each session parses botocore's models anew."""
    return boto3.Session(
        aws_access_key_id="demo",
        aws_secret_access_key="demo",  # noqa: S106 - the emulator takes any credentials
        botocore_session=botocore.session.Session(session_vars=_NO_SETTINGS),
    )


class Controls:
    """The emulator's own interface at `url`; each method raises ValueError where it is refused."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port

    def set_account(self, account_id: str) -> None:
        """Make this the account of all credentials that no AssumeRole gave out."""
        self._send("PUT", "account", {"account_id": account_id})

    def set_facts(self, **facts: Any) -> None:
        """Set facts of a user pool that no AWS API sets: see `demo.emulator.facts`."""
        self._send("PUT", "facts", facts)

    def set_account_facts(self, **facts: Any) -> None:
        """Set facts of the account that no AWS API sets: see `demo.emulator.facts`."""
        self._send("PUT", "account-facts", facts)

    def set_latency(self, seconds: float) -> None:
        """Add this time to each call from now on."""
        self._send("PUT", "latency", {"seconds": seconds})

    def enforce_quotas(self, *, enforced: bool = True) -> None:
        """Enforce AWS's request rates from now on, with full buckets, or stop it."""
        self._send("PUT", "quotas", {"enforced": enforced})

    def add_fault(self, **settings: Any) -> str:
        """Plant a fault and return its id: see `demo.emulator.faults.Fault`."""
        fault_id: str = self._send("POST", "faults", settings)["id"]
        return fault_id

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults, each with `seen` and `hits`."""
        found: list[dict[str, Any]] = self._send("GET", "faults")["faults"]
        return found

    def clear_faults(self, fault_id: str | None = None) -> None:
        """Remove one fault or all."""
        self._send("DELETE", f"faults/{fault_id}" if fault_id else "faults")

    def amend(self, **settings: Any) -> None:
        """Change answers from now on: see `demo.emulator.amendments.Amendment`."""
        self._send("POST", "amendments", settings)

    def clear_amendments(self) -> None:
        """Leave answers as they are from now on."""
        self._send("DELETE", "amendments")

    def calls(self) -> dict[str, Any]:
        """Return `calls` by service:Operation, `peak_concurrency` and `throttled`."""
        return self._send("GET", "calls")

    def reset_calls(self) -> None:
        """Start counting calls anew."""
        self._send("DELETE", "calls")

    def reset(self) -> None:
        """Empty all accounts and take every control back to its start."""
        self._send("POST", "reset")

    def _send(self, method: str, name: str, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            body = None if settings is None else json.dumps(settings)
            connection.request(method, f"/emulator/{name}", body)
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        if response.status >= http.client.BAD_REQUEST:
            raise ValueError(answer["error"])
        return answer
