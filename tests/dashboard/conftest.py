"""The dashboard's pages, opened on a store."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.dashboard import stores
from tests.dashboard.serving import APP, serving

OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _empty_caches() -> Iterator[None]:
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where the dashboard looks for its store, which is not there yet."""
    return tmp_path / "store"


@pytest.fixture
def open_page(store: Path) -> OpenPage:
    """Open a page, by the name of its view, with parameters of the address; without a name the first page."""
    assert os.environ["POOLWATCH_STORE"] == str(store)

    def opened(view: str | None = None, /, **parameters: str | list[str]) -> AppTest:
        page = AppTest.from_file(str(APP), default_timeout=60)
        page.context = {"timezone": "Europe/Berlin", "locale": "en-GB", "theme": "light"}
        for name, value in parameters.items():
            page.query_params[name] = value
        page.run()
        if view is not None:
            page.switch_page(f"dashboard/views/{view}.py").run()
        return page

    return opened


@pytest.fixture(scope="session")
def company_url(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard on the demo company's store."""
    environment = {**os.environ, "POOLWATCH_STORE": str(demo_store)}
    with serving(tmp_path_factory.mktemp("company"), environment) as url:
        yield url


@pytest.fixture(scope="session")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard on a store whose names are attacks."""
    directory = tmp_path_factory.mktemp("hostile")
    stores.complete_run(directory / "store", stores.make_pools(stores.HOSTILE_NAMES))
    environment = {**os.environ, "POOLWATCH_STORE": str(directory / "store")}
    with serving(directory, environment) as url:
        yield url
