"""The parts of Inventory: the table and one resource in full."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import components, tables
from dashboard.comparison import start_comparison
from dashboard.data import Current, Inventory
from dashboard.links import LEFT, POSTURE_PAGE, RESOURCE, RIGHT, SEARCH
from dashboard.resources import STANDINGS, Resource, detail_frame
from dashboard.selection import FindingChoice, ScopeChoice
from dashboard.summaries import SUMMARIES
from dashboard.text import code_span
from poolwatch.text import counted, plain
from records.facet import FacetName
from records.resource import ResourceType

KINDS: Mapping[str, ResourceType] = {f"{kind.noun.capitalize()}s": kind for kind in ResourceType}
_KIND = "kind"
_TABLE = "resources_table"
_TEXT_LIMIT = 200
_PLACE = ("account", "region", "id")
_NARROW = ("name", "standing", "pool")
_HEADINGS = {
    "name": "Name",
    "standing": "Worst",
    "open": "Open",
    "pool": "User pool",
    "account": "Account",
    "region": "Region",
    "id": "Id",
}


def kind_switch() -> ResourceType:
    """Draw the choice between the kinds of resource, and return it."""
    label = st.segmented_control(
        "Kind",
        [*KINDS],
        default=next(iter(KINDS)),
        required=True,
        key=_KIND,
        label_visibility="collapsed",
        bind="query-params",
        on_change=_leave_kind,
    )
    return KINDS[label]


def search(rows: pd.DataFrame) -> pd.DataFrame:
    """Draw the search and return the rows that hold every word of it."""
    text = st.text_input(
        "Search",
        key="find",
        type="search",
        placeholder="Name, id, setting …",
        max_chars=_TEXT_LIMIT,
        live="300ms",
        bind="query-params",
        label_visibility="collapsed",
    )
    return FindingChoice(text=text or "").of(rows)


def opened_resource() -> str | None:
    """Return the ARN of the resource that the address opens."""
    return st.query_params.get(RESOURCE)


def open_resource(arn: str | None) -> None:
    """Put a resource into the address, or take it out."""
    if arn is None:
        st.query_params.pop(RESOURCE, None)
    else:
        st.query_params[RESOURCE] = arn


def shown_of(kind: ResourceType, rows: pd.DataFrame, in_scope: pd.DataFrame) -> str:
    """Return how many resources are shown."""
    return f"{len(rows):,} of {counted(len(in_scope), kind.noun)} shown"


def nothing(current: Current, kind: ResourceType, scope: ScopeChoice) -> None:
    """Say that there is no resource of a kind, or that nobody knows."""
    facets = {ResourceType.IDENTITY_POOL: {FacetName.IDENTITY_POOLS}}.get(
        kind, {FacetName.USER_POOLS, FacetName.APP_CLIENTS}
    )
    unread = [
        gap
        for gap in current.posture.gaps
        if gap.facet in facets and not gap.gap.is_off and scope.holds(gap.scope.account_id, gap.scope.region)
    ]
    if unread:
        components.empty(f"No {kind.noun} is known", "A list that would name them was not read:")
        components.gap_summary(unread, current)
        components.iam_advice(gap.gap for gap in unread)
    else:
        components.empty(f"No {kind.noun} in this scope", "Take a filter on the left away, if there is one.")


def resources_table(kind: ResourceType, rows: pd.DataFrame, *, is_narrow: bool) -> None:
    """Draw resources; a selected row goes into the address, and what the address opens is selected."""
    arns = rows["arn"].tolist()
    opened = opened_resource()
    tables.select(_TABLE, [arns.index(opened)] if opened in arns else [])
    columns = _columns(kind)
    shown = [name for name in _NARROW if name in columns] if is_narrow else columns
    st.dataframe(
        rows.assign(standing=components.chip_cells(rows["standing"], STANDINGS)),
        key=_TABLE,
        hide_index=True,
        height=tables.height(len(rows)),
        column_order=shown,
        column_config=_column_config(kind, columns, is_narrow=is_narrow),
        on_select=lambda: _opened(arns),
        selection_mode="single-row",
        alt=f"{counted(len(rows), kind.noun)} with their settings, by name",
    )


def download(kind: ResourceType, rows: pd.DataFrame) -> None:
    """Draw the download of exactly the table that is shown."""
    headings = _columns(kind)
    components.table_download(f"{kind.noun.replace(' ', '-')}s", rows, headings)


def detail(known: Inventory, kind: ResourceType, arn: str) -> None:
    """Draw every setting of the resource that the address names, or say that there is none."""
    resource = known.resources.get(arn)
    with st.container(border=True, key="resource_detail"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(kind.noun.capitalize(), color="gray")
            st.space("stretch")
            if resource is not None:
                st.button(
                    "Compare",
                    icon=":material/compare_arrows:",
                    type="tertiary",
                    on_click=start_comparison,
                    args=(kind, arn),
                    key="start_comparison",
                    help="Put it beside another one",
                )
            st.button(
                "Close",
                icon=":material/close:",
                type="tertiary",
                on_click=open_resource,
                args=(None,),
                key="close_resource",
            )
        if resource is None:
            st.info(
                f"The newest run knows no such {kind.noun}.",
                title="Nothing to open",
                icon=":material/link_off:",
            )
            return
        st.markdown(_described(resource))
        row = known.frame[known.frame["arn"] == arn].iloc[0]
        _findings_link(arn, int(row["open"]), str(row["standing"]))
        _groups(detail_frame(resource, datetime.now(UTC)))
        st.code(plain(arn), language=None, wrap_lines=True)


def _leave_kind() -> None:
    for name in (RESOURCE, LEFT, RIGHT):
        st.query_params.pop(name, None)


def _described(resource: Resource) -> str:
    inside = f" in {code_span(resource.pool)}" if resource.kind is ResourceType.APP_CLIENT else ""
    return (
        f"{code_span(resource.member.name)}{inside}, account {code_span(resource.scope.account_id)}, "
        f"{code_span(resource.scope.region)}"
    )


def _findings_link(arn: str, number: int, standing: str) -> None:
    worst = f", the worst {standing.lower()}" if number else ""
    st.page_link(
        POSTURE_PAGE,
        label=f"{counted(number, 'open problem')}{worst}: see the findings",
        icon=":material/policy:",
        query_params={SEARCH: arn},
    )


def _groups(settings: pd.DataFrame) -> None:
    for group, rows in settings.groupby("group", sort=False):
        st.dataframe(
            rows,
            key=f"group_{group}",
            hide_index=True,
            height="content",
            column_order=("setting", "value", "aws"),
            column_config={
                "setting": st.column_config.TextColumn(str(group), width=170),
                "value": st.column_config.TextColumn("Value", width=200),
                "aws": st.column_config.TextColumn("As AWS names it", width=170),
            },
            alt=f"{group}: {counted(len(rows), 'setting')}",
        )


def _columns(kind: ResourceType) -> Mapping[str, str]:
    """Return the table's columns in order, with their headings."""
    of_kind = {summary.key: summary.heading for summary in SUMMARIES[kind]}
    inside = ("pool",) if kind is ResourceType.APP_CLIENT else ()
    order = ("name", *inside, "standing", "open")
    return {
        **{name: _HEADINGS[name] for name in order},
        **of_kind,
        **{name: _HEADINGS[name] for name in _PLACE},
    }


def _column_config(
    kind: ResourceType, columns: Mapping[str, str], *, is_narrow: bool
) -> dict[str, ColumnConfig | str]:
    numbers = {summary.key for summary in SUMMARIES[kind] if summary.is_number}
    with_clients = " and on its app clients" if kind is ResourceType.USER_POOL else ""
    return {
        **columns,
        **{
            key: st.column_config.TextColumn(columns[key], alignment="right")
            for key in columns
            if key in numbers
        },
        "name": st.column_config.TextColumn(columns["name"], pinned=not is_narrow, width=180),
        "standing": components.chips(STANDINGS, columns["standing"]),
        "open": st.column_config.NumberColumn(
            columns["open"], width=60, help=f"Open problems on it{with_clients}"
        ),
    }


def _opened(arns: Sequence[str]) -> None:
    rows = tables.selected(_TABLE)
    open_resource(arns[rows[0]] if rows else None)
