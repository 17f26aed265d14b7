"""What all tests share: a clean environment, an emulated AWS account, and a store of the demo company."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.clients import AccountTarget
from demo import child, company
from demo.clients import Controls
from poolwatch.pipeline import collect
from records.account import AccountInfo
from tests.account import Account


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep tests from the developer's AWS account and from a store and settings of theirs."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "POOLWATCH_", "STREAMLIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("POOLWATCH_STORE", str(tmp_path / "store"))
    # None, whatever lies in the working directory.
    monkeypatch.setenv("POOLWATCH_CONFIG", "")


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The URL of an emulated AWS account in a process of its own, empty at first."""
    with child.spawn() as account:
        yield account.url


@pytest.fixture
def aws(emulator: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """An empty emulated account that boto3's default credentials lead to."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    controls = Controls(emulator)
    controls.reset()
    yield Account(emulator, controls)
    controls.reset()


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of one run over the demo's company. Read it, do not write it."""
    store = tmp_path_factory.mktemp("demo") / "store"
    with pytest.MonkeyPatch.context() as patch, child.spawn(seed="company") as account:
        patch.setenv("AWS_ENDPOINT_URL", account.url)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        targets = [
            AccountTarget(role_arn=each.role_arn, external_id=each.external_id) for each in company.ACCOUNTS
        ]
        names = tuple(
            AccountInfo(account_id=each.id, name=each.name, environment=each.environment, owner=each.owner)
            for each in company.ACCOUNTS
        )
        collect(targets, store=store, regions=company.REGIONS, names=names, rate_share=None, is_demo=True)
    return store
