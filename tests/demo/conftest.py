"""One emulated account for each file of tests, emptied before each test."""

from collections.abc import Iterator
from typing import Any

import pytest

from demo import server
from demo.clients import Controls, aws_client

REGION = "eu-west-1"


@pytest.fixture(scope="module")
def account() -> Iterator[server.ThreadServer]:
    with server.start() as running:
        yield running


@pytest.fixture
def controls(account: server.ThreadServer) -> Controls:
    controls = Controls(account.url)
    controls.reset()
    return controls


@pytest.fixture
def idp(account: server.ThreadServer, controls: Controls) -> Iterator[Any]:
    client = aws_client("cognito-idp", account.url, REGION)
    yield client
    client.close()


@pytest.fixture
def identity(account: server.ThreadServer, controls: Controls) -> Iterator[Any]:
    client = aws_client("cognito-identity", account.url, REGION)
    yield client
    client.close()


@pytest.fixture
def sts(account: server.ThreadServer, controls: Controls) -> Iterator[Any]:
    client = aws_client("sts", account.url, REGION)
    yield client
    client.close()


@pytest.fixture
def user_pool_id(idp: Any) -> str:
    pool_id: str = idp.create_user_pool(PoolName="customers")["UserPool"]["Id"]
    return pool_id
