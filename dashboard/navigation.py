"""The pages, and which of them there are: a store's, first steps, or what is wrong with the store."""

from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import components, data, filters
from dashboard.links import INVENTORY_PAGE, POSTURE_PAGE, VIEWS
from records.errors import SettingsError, StoreError

_ASSETS = Path(__file__).parent / "assets"
_ICON = str(_ASSETS / "icon.svg")
_LOGO = str(_ASSETS / "logo.svg")


def run_page() -> None:
    """Draw the shell and the page that the address names."""
    st.set_page_config(page_title="Poolwatch", page_icon=_ICON, layout="wide")
    st.logo(_LOGO, icon_image=_ICON, size="large")
    try:
        current = data.current()
        has_runs = current is not None or bool(data.runs())
    except SettingsError as error:
        trouble = partial(components.settings_trouble, error)
        st.navigation(
            [st.Page(trouble, title="Settings", icon=":material/rule_settings:", url_path="settings")]
        ).run()
        return
    except StoreError as error:
        trouble = partial(components.store_trouble, error)
        st.navigation(
            [st.Page(trouble, title="Store", icon=":material/database_off:", url_path="store")]
        ).run()
        return
    if current is None:
        pages = [_first_steps(is_default=True), *([_runs()] if has_runs else [])]
        st.navigation(pages).run()
        return
    page = st.navigation([_overview(), _posture(), _inventory(), _runs(), _first_steps(is_default=False)])
    filters.scope_sidebar(current)
    page.run()


def _overview() -> st.Page:
    return st.Page(
        VIEWS / "overview.py",
        title="Overview",
        icon=":material/dashboard:",
        default=True,
        help="The worst problems, counts by severity and what each account and region holds.",
    )


def _posture() -> st.Page:
    return st.Page(
        POSTURE_PAGE,
        title="Posture",
        icon=":material/policy:",
        help="Every finding with its evidence, why it matters and how to fix it.",
    )


def _inventory() -> st.Page:
    return st.Page(
        INVENTORY_PAGE,
        title="Inventory",
        icon=":material/inventory_2:",
        help="User pools and what belongs to them, identity pools and roles with their settings, two of them "
        "side by side, and what expires next.",
    )


def _runs() -> st.Page:
    return st.Page(
        VIEWS / "runs.py",
        title="Runs",
        icon=":material/history:",
        help="What each collection run read, could not read and called.",
    )


def _first_steps(*, is_default: bool) -> st.Page:
    return st.Page(
        VIEWS / "first_steps.py",
        title="First steps",
        icon=":material/flag:",
        default=is_default,
        help="The demo, collecting a real account, and the permissions that it takes.",
    )
