"""boto3 clients whose answers botocore's Stubber gives, checked against AWS's own model of the service."""

from typing import Any

from botocore.stub import Stubber

from tests.wire import Wire, client


def stubbed(service: str, region: str = "eu-west-1") -> tuple[Any, Stubber]:
    """Return a client of `service` with the Stubber that answers it, and takes nothing unexpected."""
    made = client(service, Wire({}), region=region)
    stub = Stubber(made)
    stub.activate()
    return made, stub
