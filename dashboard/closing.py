"""Failures by the one change that closes them: the table, and one change in full."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard import components
from dashboard.data import Current
from dashboard.filters import open_closing, open_finding
from dashboard.frames import SEVERITY, Dtypes, findings_frame, frame_of, resource_label
from dashboard.tables import height, select, selected
from dashboard.text import code_span, escaped
from dashboard.theme import SEVERITIES
from poolwatch.closing import Closing, closings
from poolwatch.posture import Finding
from poolwatch.text import counted, plain
from records.resource import user_pool_of
from rules.remedies import Affected

CLOSINGS: Dtypes = {
    "key": "str",
    "severity": SEVERITY,
    "change": "str",
    "place": "str",
    "closes": "int64",
    "helps": "int64",
    "affected": "str",
    "users": "Int64",
    "reversible": "str",
    "release": "str",
}
_TABLE = "closings_table"
_MEMBERS = "closing_findings"
_CELL_LIMIT = 200
_ARN_PARTS = 5
_NARROW = ("severity", "change", "place")


def closings_frame(
    found: Sequence[Closing], pools: Mapping[str, str], users: Mapping[str, int | None]
) -> pd.DataFrame:
    """Return a row for each change; `pools` are labels and `users` estimates by a user pool's ARN."""
    return frame_of(CLOSINGS, [_row(each, pools, users) for each in found])


def closings_table(current: Current, rows: pd.DataFrame, opened: str | None, *, is_narrow: bool) -> None:
    """Draw the changes that close the failures in `rows`; a selected one goes into the address."""
    found = closings(current.chosen(rows))
    if not found:
        components.empty("Nothing to change", "No failure is left here that nobody has muted.")
        return
    frame = closings_frame(found, current.pools, _users(current))
    keys = frame["key"].tolist()
    closed = len({id(finding) for each in found for finding in each.findings})
    st.caption(f"{counted(len(found), 'change')} would close all {counted(closed, 'failure')} shown here")
    select(_TABLE, [keys.index(opened)] if opened in keys else [])
    st.dataframe(
        frame.assign(severity=components.chip_cells(frame["severity"], SEVERITIES.values())),
        key=_TABLE,
        hide_index=True,
        height=height(len(frame)),
        column_order=_NARROW if is_narrow else _wide_columns(frame),
        column_config={
            "severity": components.chips(SEVERITIES.values(), "Worst"),
            "change": st.column_config.TextColumn("What to do", width=190 if is_narrow else 300),
            "place": st.column_config.TextColumn("Where", width=200),
            "closes": st.column_config.NumberColumn("Closes", width=65, help="Findings that it closes alone"),
            "helps": st.column_config.NumberColumn(
                "Helps", width=60, help="Findings that need a change elsewhere, too"
            ),
            "affected": st.column_config.TextColumn("Touches", width=170),
            "users": st.column_config.NumberColumn(
                "Users", format="localized", width=80, help="AWS's estimate of the user pools' users"
            ),
            "reversible": st.column_config.TextColumn("Can be undone", width=105),
            "release": st.column_config.TextColumn("App release", width=95),
        },
        on_select=lambda: _opened(keys),
        selection_mode="single-row",
        placeholder="-",
        alt=f"{counted(len(frame), 'change')}, the one that closes most of the worst first",
    )


def closing_detail(current: Current, rows: pd.DataFrame, key: str) -> None:
    """Draw the change that the address names: what it is, whom it touches, how to make it, what it closes."""
    found = next((each for each in closings(current.chosen(rows)) if each.key == key), None)
    with st.container(border=True, key="closing_detail"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if found is not None:
                components.badge(SEVERITIES[found.severity])
                st.badge(f"Closes {counted(len(found.closed), 'finding')}", color="gray")
            st.space("stretch")
            st.button(
                "Close",
                icon=":material/close:",
                type="tertiary",
                on_click=open_closing,
                args=(None,),
                key="close_closing",
            )
        if found is None:
            st.info("Nothing is left for this change to close here.", icon=":material/task_alt:")
            return
        st.subheader(escaped(found.remedy.change), anchor=False)
        st.markdown(f"On {code_span(_place(found, current.pools), _CELL_LIMIT)}")
        st.code(plain(found.target), language=None, wrap_lines=True)
        components.weighed(found.remedy)
        _members(current, found.findings)


def _wide_columns(frame: pd.DataFrame) -> list[str]:
    left_out = {"key", *([] if frame["helps"].any() else ["helps"])}
    return [name for name in CLOSINGS if name not in left_out]


def _members(current: Current, findings: Sequence[Finding]) -> None:
    frame = findings_frame(findings, current.pools, current.account_labels)
    keys = frame["key"].tolist()
    st.markdown("**What it closes**, select one to open it")
    select(_MEMBERS, [])
    st.dataframe(
        frame.assign(severity=components.chip_cells(frame["severity"], SEVERITIES.values())),
        key=_MEMBERS,
        hide_index=True,
        height=height(len(frame), 10),
        column_order=("severity", "code", "title", "resource"),
        column_config={
            "severity": components.chips(SEVERITIES.values(), "Severity"),
            "code": "Rule",
            "title": st.column_config.TextColumn("Problem", width=230),
            "resource": "Resource",
        },
        on_select=lambda: _member_opened(keys),
        selection_mode="single-row",
        alt=f"{counted(len(frame), 'finding')} that this change closes",
    )


def _row(found: Closing, pools: Mapping[str, str], users: Mapping[str, int | None]) -> Mapping[str, object]:
    remedy, alone = found.remedy, len(found.closed)
    return {
        "key": found.key,
        "severity": SEVERITIES[found.severity].word,
        "change": plain(remedy.change, _CELL_LIMIT),
        "place": _place(found, pools),
        "closes": alone,
        "helps": len(found.findings) - alone,
        "affected": remedy.affected.value,
        "users": _touched(found, users),
        "reversible": "yes" if remedy.is_reversible else "no",
        "release": "needed" if remedy.needs_client_release else "no",
    }


def _place(found: Closing, pools: Mapping[str, str]) -> str:
    """Return where the change is made: a resource of Cognito's, or what it points to."""
    first = found.findings[0].evaluation
    if found.target == first.resource_arn:
        name = plain(first.resource_name, _CELL_LIMIT)
        pool = resource_label(user_pool_of(found.target), first.scope, pools)
        return name if user_pool_of(found.target) == found.target else f"{name} ({pool})"
    if user_pool_of(found.target) in pools:
        return resource_label(found.target, first.scope, pools)
    # What a pool points to, which may lie in another region, such as a replica.
    parts = found.target.split(":", _ARN_PARTS)
    region, name = (parts[3], parts[5]) if len(parts) > _ARN_PARTS else ("", found.target)
    elsewhere = region and region != first.scope.region
    return plain(f"{name} in {region}" if elsewhere else name, _CELL_LIMIT)


def _touched(found: Closing, users: Mapping[str, int | None]) -> int | None:
    """Return how many users the user pools have that the findings are in; None where nobody knows."""
    if found.remedy.affected is Affected.NOBODY:
        return 0
    arns = {user_pool_of(each.evaluation.resource_arn) for each in found.findings}
    known = [number for arn in arns if (number := users.get(arn)) is not None]
    return sum(known) if len(known) == len(arns) else None


def _users(current: Current) -> Mapping[str, int | None]:
    return {
        pool.arn: reading.value.estimated_users
        for pool in current.posture.snapshot.user_pools
        if (reading := pool.settings.last_good) is not None
    }


def _opened(keys: Sequence[str]) -> None:
    rows = selected(_TABLE)
    open_closing(keys[rows[0]] if rows else None)


def _member_opened(keys: Sequence[str]) -> None:
    if rows := selected(_MEMBERS):
        open_finding(keys[rows[0]])
