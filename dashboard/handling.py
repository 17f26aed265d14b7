"""How one finding is handled: whether it is muted, who sees to it until when, and the forms to say so."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from dashboard import actions
from dashboard.links import finding_key
from dashboard.text import code_span
from poolwatch.handling import NAME_LENGTH, REASON_LENGTH, TICKET_LENGTH, Source, is_link
from poolwatch.posture import Finding
from records.evaluation import Outcome

_MUTED_DAYS = 90
_TROUBLE = "handling_trouble"


def standing(finding: Finding) -> None:
    """Draw who sees to a finding, until when, where it is tracked, and why it is muted, if so."""
    today = datetime.now(UTC).date()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="standing"):
        if finding.owner:
            st.markdown(f":material/person: Owner {code_span(finding.owner)}", width="content")
        if finding.due and finding.is_overdue(today):
            st.badge(f"Overdue since {finding.due}", icon=":material/event_busy:", color="red")
        elif finding.due:
            st.badge(f"Due {finding.due}", icon=":material/event:", color="gray")
        if finding.ticket and is_link(finding.ticket):
            st.link_button("Ticket", finding.ticket, icon=":material/open_in_new:", type="tertiary")
        elif finding.ticket:
            st.markdown(f":material/confirmation_number: {code_span(finding.ticket)}", width="content")
    if finding.mute is not None:
        by = f"  \nby {code_span(finding.mute.author)}" if finding.mute.author else ""
        where = "" if finding.mute.source is Source.STORE else ", in `poolwatch.toml`"
        st.info(
            f"{code_span(finding.mute.reason, REASON_LENGTH)}{by}{where}",
            title=f"Muted until {finding.mute.until}",
            icon=":material/notifications_off:",
        )


def forms(finding: Finding) -> None:
    """Draw the forms that mute a failure, take that back, and assign it."""
    if finding.evaluation.outcome is not Outcome.FAIL:
        return
    _trouble(finding)
    with st.container(horizontal=True, gap="small", key="handling"):
        if finding.mute is None or finding.mute.source is Source.SETTINGS:
            _mute_form(finding)
        else:
            st.button(
                "Unmute",
                icon=":material/notifications_active:",
                key="unmute",
                on_click=_unmute,
                args=(finding,),
                help="Take the mute back; its history stays.",
            )
        _assign_form(finding)


def _mute_form(finding: Finding) -> None:
    key, today = finding_key(finding), datetime.now(UTC).date()
    with (
        st.popover("Mute", icon=":material/notifications_off:"),
        st.form(f"mute~{key}", border=False, enter_to_submit=False),
    ):
        st.caption("It stays in sight, but asks nobody for anything through that day.")
        st.text_input("Reason", key=f"reason~{key}", max_chars=REASON_LENGTH)
        st.date_input(
            "Until",
            today + timedelta(days=_MUTED_DAYS),
            min_value=today,
            max_value=date(2999, 12, 31),
            format="YYYY-MM-DD",
            key=f"until~{key}",
        )
        st.form_submit_button(
            "Mute it", key="mute_it", type="primary", on_click=_mute, args=(finding,), icon=":material/check:"
        )


def _assign_form(finding: Finding) -> None:
    key, today = finding_key(finding), datetime.now(UTC).date()
    _fill(key, {"owner": finding.owner or "", "due": finding.due, "ticket": finding.ticket or ""})
    with (
        st.popover("Owner, due, ticket", icon=":material/assignment_ind:"),
        st.form(f"assign~{key}", border=False, enter_to_submit=False),
    ):
        st.text_input("Owner", key=f"owner~{key}", max_chars=NAME_LENGTH)
        st.date_input(
            "Due",
            None,
            min_value=min(today, finding.due or today),
            max_value=date(2999, 12, 31),
            format="YYYY-MM-DD",
            key=f"due~{key}",
            help="Without a day, the severity says when.",
        )
        st.text_input(
            "Ticket",
            key=f"ticket~{key}",
            max_chars=TICKET_LENGTH,
            placeholder="https://… or SEC-123",
        )
        st.form_submit_button(
            "Save",
            key="assign_it",
            type="primary",
            on_click=_assign,
            args=(finding,),
            icon=":material/check:",
        )


def _fill(key: str, shown: Mapping[str, str | date | None]) -> None:
    """Let the fields of a form show what holds, also where somebody else has just changed it.

    A field keeps what it showed first, which would be saved as if it had been typed in.
    """
    names = {name: f"{name}~{key}" for name in shown}
    filled = f"filled~{key}"
    is_drawn = all(name in st.session_state for name in names.values())
    if not is_drawn or st.session_state.get(filled) != shown:
        st.session_state[filled] = dict(shown)
        st.session_state.update({names[name]: value for name, value in shown.items()})


def _mute(finding: Finding) -> None:
    key = finding_key(finding)
    until = st.session_state[f"until~{key}"]
    _after(
        finding,
        actions.mute(
            finding.rule,
            finding.evaluation.resource_arn,
            reason=st.session_state[f"reason~{key}"],
            until=_iso(until),
        ),
        f"Muted until {until}.",
    )


def _unmute(finding: Finding) -> None:
    _after(finding, actions.unmute(finding.rule, finding.evaluation.resource_arn), "Muted no more.")


def _assign(finding: Finding) -> None:
    key = finding_key(finding)
    owner, due, ticket = (st.session_state[f"{name}~{key}"] for name in ("owner", "due", "ticket"))
    # What tags, settings and the severity say anyway is nobody's decision, and follows them when they change.
    _after(
        finding,
        actions.assign(
            finding.rule,
            finding.evaluation.resource_arn,
            owner=None if owner == (finding.owner or "") else owner,
            due=None if due == finding.due else _iso(due),
            ticket=None if ticket == (finding.ticket or "") else ticket,
        ),
        "Saved.",
    )


def _after(finding: Finding, trouble: str | None, done: str) -> None:
    if trouble is None:
        st.session_state.pop(_TROUBLE, None)
        st.toast(done, icon=":material/check:")
    else:
        st.session_state[_TROUBLE] = (finding_key(finding), trouble)


def _trouble(finding: Finding) -> None:
    """Say what kept the last act on this finding from being done."""
    key, trouble = st.session_state.get(_TROUBLE, (None, ""))
    if key == finding_key(finding):
        st.error(code_span(trouble, REASON_LENGTH), icon=":material/error:")


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
