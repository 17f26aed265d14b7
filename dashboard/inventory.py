"""The parts of Inventory: the table and one resource in full."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import components, tables
from dashboard.comparison import start_comparison
from dashboard.data import Current, Inventory
from dashboard.holdings import Resource
from dashboard.kinds import Kind
from dashboard.links import INVENTORY_PAGE, KIND, LEFT, POSTURE_PAGE, RESOURCE, RIGHT, SEARCH
from dashboard.resources import STANDINGS, detail_frame
from dashboard.selection import FindingChoice, ScopeChoice
from dashboard.summaries import SUMMARIES
from dashboard.text import code_span
from poolwatch.text import counted, plain
from records.facet import FacetName

_TABLE = "resources_table"
_TEXT_LIMIT = 200
_MOST_POINTERS = 12
# Their names are their ids.
_NAMED_BY_NAME = (Kind.IDENTITY_PROVIDER, Kind.DOMAIN)
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


def kind_switch() -> Kind:
    """Draw the choice between the kinds of resource, and return it."""
    label = st.segmented_control(
        "Kind",
        [kind.value for kind in Kind],
        default=Kind.USER_POOL.value,
        required=True,
        key=KIND,
        label_visibility="collapsed",
        bind="query-params",
        on_change=_leave_kind,
    )
    return Kind(label)


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


def shown_of(kind: Kind, rows: pd.DataFrame, in_scope: pd.DataFrame) -> str:
    """Return how many resources are shown."""
    return f"{len(rows):,} of {counted(len(in_scope), kind.noun)} shown"


# The facets without which nobody knows whether there is a resource of a kind.
_NAMED_BY: Mapping[Kind, frozenset[FacetName]] = {
    Kind.USER_POOL: frozenset({FacetName.USER_POOLS}),
    Kind.APP_CLIENT: frozenset({FacetName.USER_POOLS, FacetName.APP_CLIENTS}),
    Kind.IDENTITY_PROVIDER: frozenset({FacetName.USER_POOLS, FacetName.IDENTITY_PROVIDERS}),
    Kind.DOMAIN: frozenset({FacetName.USER_POOLS, FacetName.USER_POOL}),
    Kind.IDENTITY_POOL: frozenset({FacetName.IDENTITY_POOLS}),
    Kind.ROLE: frozenset(
        {
            FacetName.USER_POOLS,
            FacetName.USER_POOL,
            FacetName.GROUPS,
            FacetName.FUNCTION,
            FacetName.IDENTITY_POOLS,
            FacetName.IDENTITY_POOL_ROLES,
            FacetName.WEB_IDENTITY_ROLES,
        }
    ),
}


def nothing(current: Current, kind: Kind, scope: ScopeChoice) -> None:
    """Say that there is no resource of a kind, or that nobody knows."""
    unread = [
        gap
        for gap in current.posture.gaps
        if gap.facet in _NAMED_BY[kind]
        and not gap.gap.is_off
        and scope.holds(gap.scope.account_id, gap.scope.region)
    ]
    if unread:
        components.empty(f"No {kind.noun} is known", "What would name them was not read:")
        components.gap_summary(unread, current)
        components.iam_advice(gap.gap for gap in unread)
    else:
        components.empty(f"No {kind.noun} in this scope", "Take a filter on the left away, if there is one.")


def resources_table(kind: Kind, rows: pd.DataFrame, *, is_narrow: bool) -> None:
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


def download(kind: Kind, rows: pd.DataFrame) -> None:
    """Draw the download of exactly the table that is shown."""
    headings = _columns(kind)
    components.table_download(f"{kind.noun.replace(' ', '-')}s", rows, headings)


def detail(current: Current, known: Inventory, kind: Kind, arn: str) -> None:
    """Draw every setting of the resource that the address names, or say that there is none."""
    resource = known.resources.get(arn)
    with st.container(border=True, key="resource_detail"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(kind.heading, color="gray")
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
        st.markdown(_described(resource, current.account_labels))
        if kind.is_judged:
            row = known.frame[known.frame["arn"] == arn].iloc[0]
            _findings_link(arn, int(row["open"]), str(row["standing"]))
        _pointers(resource)
        _groups(detail_frame(resource, datetime.now(UTC)))
        st.code(plain(arn), language=None, wrap_lines=True)


def _leave_kind() -> None:
    for name in (RESOURCE, LEFT, RIGHT):
        st.query_params.pop(name, None)


def _described(resource: Resource, accounts: Mapping[str, str]) -> str:
    inside = f" in {code_span(resource.pool)}" if resource.kind.is_in_user_pool else ""
    named = "named from " if resource.kind is Kind.ROLE else ""
    where = ", ".join(code_span(accounts.get(each, each)) for each in resource.account_ids)
    regions = ", ".join(code_span(region) for region in resource.regions)
    return f"{code_span(resource.member.name)}{inside}, {named}account {where}, {regions}"


def _findings_link(arn: str, number: int, standing: str) -> None:
    worst = f", the worst {standing.lower()}" if number else ""
    st.page_link(
        POSTURE_PAGE,
        label=f"{counted(number, 'open problem')}{worst}: see the findings",
        icon=":material/policy:",
        query_params={SEARCH: arn},
    )


def _pointers(resource: Resource) -> None:
    """Draw who names a role, with a way to each."""
    if resource.kind is not Kind.ROLE:
        return
    if not resource.pointers:
        st.caption("Nothing that was read names it.")
        return
    st.markdown("**Named by**")
    for pointer in resource.pointers[:_MOST_POINTERS]:
        st.page_link(
            INVENTORY_PAGE,
            label=f"{code_span(pointer.pool)}: {code_span(pointer.what)}",
            icon=":material/arrow_forward:",
            query_params={KIND: pointer.kind.value, RESOURCE: pointer.pool_arn},
        )
    if len(resource.pointers) > _MOST_POINTERS:
        st.caption(f"and {len(resource.pointers) - _MOST_POINTERS:,} more places")


def _groups(settings: pd.DataFrame) -> None:
    for group, rows in settings.groupby("group", sort=False):
        st.dataframe(
            rows,
            key=f"group_{group}",
            hide_index=True,
            height="content",
            column_order=("setting", "value", "aws"),
            column_config={
                "setting": st.column_config.TextColumn(str(group), width=160),
                "value": st.column_config.TextColumn("Value", width=230),
                "aws": st.column_config.TextColumn("As AWS names it", width=150),
            },
            alt=f"{group}: {counted(len(rows), 'setting')}",
        )


def _columns(kind: Kind) -> Mapping[str, str]:
    """Return the table's columns in order, with their headings."""
    of_kind = {summary.key: summary.heading for summary in SUMMARIES[kind]}
    inside = ("pool",) if kind.is_in_user_pool or kind is Kind.ROLE else ()
    judged = ("standing", "open") if kind.is_judged else ()
    place = ("account", "region") if kind in _NAMED_BY_NAME else ("account", "region", "id")
    headings = {**_HEADINGS, **({"pool": "Named by", "id": "ARN"} if kind is Kind.ROLE else {})}
    return {
        **{name: headings[name] for name in ("name", *inside, *judged)},
        **of_kind,
        **{name: headings[name] for name in place},
    }


def _column_config(
    kind: Kind, columns: Mapping[str, str], *, is_narrow: bool
) -> dict[str, ColumnConfig | str]:
    numbers = {summary.key for summary in SUMMARIES[kind] if summary.is_number}
    with_clients = " and on what belongs to it" if kind is Kind.USER_POOL else ""
    return {
        **columns,
        **{
            key: st.column_config.TextColumn(columns[key], alignment="right")
            for key in columns
            if key in numbers
        },
        "name": st.column_config.TextColumn(
            columns["name"], pinned=not is_narrow, width=140 if is_narrow else 180
        ),
        "standing": components.chips(STANDINGS, _HEADINGS["standing"]),
        "open": st.column_config.NumberColumn(
            _HEADINGS["open"], width=60, help=f"Open problems on it{with_clients}"
        ),
    }


def _opened(arns: Sequence[str]) -> None:
    rows = tables.selected(_TABLE)
    open_resource(arns[rows[0]] if rows else None)
