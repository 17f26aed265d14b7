"""The parts that pages are made of: heading with the data's age, gap notice, badges, cards, empty states."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import data, times
from dashboard.advice import advice, denied_actions, iam_statement
from dashboard.data import Current
from dashboard.frames import resource_label
from dashboard.places import collected
from dashboard.selection import ScopeChoice
from dashboard.text import code_span, code_spans, escaped
from dashboard.theme import RUN_STATES, Look, NamedColor
from poolwatch.exports import findings_csv, findings_json, table_csv
from poolwatch.posture import Finding
from poolwatch.text import counted, plain
from records.errors import SettingsError, StoreError
from records.facet import Gap, Reason
from records.run import Run, RunGap, RunState
from rules.remedies import Remedy

_REFRESH_SECONDS = 20
_CHIP_PIXELS = 105
_MESSAGE_LIMIT = 500
_OVERDUE = " late"
_ASKED = {Reason.OTHER_ACCOUNT: "asked"}


def is_dark() -> bool:
    """Whether the viewer's theme is a dark one."""
    return st.context.theme.type == "dark"


def header(title: str, current: Current | None) -> None:
    """Draw a page's title, how old its data is, what it lacks, and why the newest run brought none."""
    if current is None:
        st.title(title, anchor=False)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="data_stamp"):
        st.title(title, anchor=False, width="content")
        st.space("small")
        if current.posture.is_demo:
            st.badge(
                "Demo data",
                icon=":material/science:",
                color="primary",
                help="A made-up company on an emulated AWS account. Nothing here is yours.",
            )
        _age(current)
        _gap_notice(current)
    _failure_notice(current)


def badge(look: Look, text: str | None = None) -> None:
    """Draw a word with its icon and colour."""
    st.badge(text or look.word, icon=look.icon, color=look.named)


def run_badge(run: Run) -> None:
    """Draw a run's number and state."""
    look = RUN_STATES[run.state]
    badge(look, f"Run {run.id} {look.word.lower()}")


def empty(title: str, body: str) -> None:
    """Say why there is nothing to see, in our own words."""
    st.info(body, title=title, icon=":material/inbox:")


def store_trouble(error: StoreError) -> None:
    """Say why the store cannot be shown and what to do about it."""
    st.title("The store cannot be opened", anchor=False)
    st.error(code_span(error.message, _MESSAGE_LIMIT), icon=":material/database_off:")
    st.text(plain(error.hint))
    st.caption("The store is looked for here (POOLWATCH_STORE names another place):")
    st.code(str(data.directory()), language=None)


def settings_trouble(error: SettingsError) -> None:
    """Say what is wrong with the settings file and what to do about it."""
    st.title("The settings file has mistakes", anchor=False)
    st.code(error.file, language=None)
    for mistake in error.mistakes:
        st.error(code_span(mistake, _MESSAGE_LIMIT), icon=":material/rule_settings:")
    st.text(plain(error.hint))


def iam_advice(gaps: Iterable[Gap]) -> None:
    """Draw what to do about gaps: a policy to copy for what IAM can open, a sentence for the rest."""
    gaps = tuple(gaps)
    if actions := denied_actions(gaps):
        st.markdown("Allow this to the identity that collects, then run `poolwatch collect` again:")
        st.code(iam_statement(actions), language="json")
    reasons = {gap.reason for gap in gaps} - {Reason.DENIED}
    for reason in sorted(reasons):
        st.markdown(f"**{reason.value.replace('_', ' ').capitalize()}.** {advice(reason)}")


def gap_summary(gaps: Iterable[RunGap], current: Current) -> None:
    """List what could not be read, by permission, with the resources that it is about."""
    grouped: defaultdict[tuple[str, Reason], list[RunGap]] = defaultdict(list)
    for gap in gaps:
        grouped[gap.gap.iam_action, gap.gap.reason].append(gap)
    for (action, reason), members in sorted(grouped.items()):
        labels = [
            resource_label(each.resource_arn, each.scope, current.pools, current.account_labels)
            for each in members
        ]
        st.markdown(
            f":material/lock: {code_span(action)} was not {_ASKED.get(reason, 'answered')} "
            f"({reason.value.replace('_', ' ')}) for "
            f"{code_spans(labels)}"
        )


def unread(current: Current, scope: ScopeChoice) -> None:
    """List what could not be read in a scope and what to do about it, or say that nothing is missing."""
    gaps = [
        gap
        for gap in current.posture.gaps
        if not gap.gap.is_off and scope.holds(gap.scope.account_id, gap.scope.region)
    ]
    if not gaps:
        st.success("Everything that was asked for was read.", icon=":material/check_circle:")
        return
    gap_summary(gaps, current)
    with st.expander("What to allow", icon=":material/key:", key="what_to_allow"):
        iam_advice(gap.gap for gap in gaps)


def no_gaps(run: Run) -> None:
    """Say that a run lacks nothing, or that nothing is known of it."""
    if run.state.has_data:
        st.success("Everything that was asked for was read.", icon=":material/check_circle:")
    else:
        empty("No gap was kept", "The run failed before it could tell what it read.")


def run_facts(run: Run) -> None:
    """Draw a run's state, times, identity and, where it failed, why."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        run_badge(run)
        st.badge(f"Started {times.stamp(run.started_at)}", icon=":material/schedule:", color="gray")
        if run.finished_at is not None:
            st.badge(
                f"Took {times.span(run.finished_at - run.started_at)}", icon=":material/timer:", color="gray"
            )
        st.badge(counted(len(run.scopes), "region"), icon=":material/public:", color="gray")
    if run.identity_arn:
        st.markdown(f"As {code_span(run.identity_arn, _MESSAGE_LIMIT)}")
    if run.message:
        st.warning(
            code_span(run.message, _MESSAGE_LIMIT), title="Why it failed", icon=":material/sync_problem:"
        )


def shown_of(shown: int, all_: int, judged: tuple[int, int]) -> str:
    """Return how many results are shown, and how many checks could be judged at all."""
    shares = f"{shown:,} of {all_:,} results shown; {judged[0]:,} of {judged[1]:,}"
    return f"{shares} applicable checks could be judged"


def downloads(current: Current, rows: pd.DataFrame) -> None:
    """Draw the downloads of exactly the findings in `rows`."""
    findings = current.chosen(rows)
    name = f"poolwatch-findings-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for label, mime, write in (
        ("CSV", "text/csv", partial(findings_csv, findings)),
        ("JSON", "application/json", _findings_json(current, findings)),
    ):
        st.download_button(
            label,
            partial(_document, write),
            f"{name}.{label.lower()}",
            mime,
            icon=":material/download:",
            on_click="ignore",
            key=f"download_{label.lower()}",
            disabled=not findings,
            help=f"Exactly the {counted(len(findings), 'result')} that the filters leave",
        )


def table_download(what: str, rows: pd.DataFrame, headings: Mapping[str, str]) -> None:
    """Draw the download of exactly the rows of a table, in the columns that have a heading."""
    st.download_button(
        "CSV",
        partial(
            _table_document, rows[[*headings]].astype("str").to_numpy().tolist(), tuple(headings.values())
        ),
        f"poolwatch-{what}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="download_csv",
        disabled=rows.empty,
        help=f"Exactly the {counted(len(rows), 'row')} that the table shows",
    )


def age_columns() -> dict[str, ColumnConfig]:
    """Return the columns that all tables with a time share: how long ago, sortable, in the viewer's zone."""
    return {
        name: st.column_config.DatetimeColumn(label, format="distance", timezone=times.zone_name(), help=tip)
        for name, label, tip in (
            ("since", "Since", "When this outcome was first seen; it has lasted ever since."),
            ("collected", "Collected", "When the newest run over this region ended."),
        )
    }


def chips(looks: Iterable[Look], label: str) -> ColumnConfig:
    """Return the column of a word that shows as a coloured chip."""
    chosen = tuple(looks)
    return st.column_config.MultiselectColumn(
        label,
        width=_CHIP_PIXELS,
        options=[look.label for look in chosen],
        color=[look.named for look in chosen],
    )


def chip_cells(words: pd.Series, looks: Iterable[Look]) -> pd.Series:
    """Return the cells of such a column."""
    labels = {look.word: [look.label] for look in looks}
    return pd.Series([labels[word] for word in words], index=words.index, dtype="object")


def due_cells(rows: pd.DataFrame) -> pd.Series:
    """Return the days on which findings are due as cells, marked where they have passed."""
    labels = rows["due"].mask(rows["is_overdue"], rows["due"] + _OVERDUE)
    return pd.Series([[label] if label else [] for label in labels], index=rows.index, dtype="object")


def due_column(rows: pd.DataFrame) -> ColumnConfig:
    """Return the column of such cells."""
    labels = sorted({label for cell in due_cells(rows) for label in cell})
    colors: list[NamedColor] = ["red" if label.endswith(_OVERDUE) else "gray" for label in labels]
    return st.column_config.MultiselectColumn("Due", width=130, options=labels, color=colors)


def _findings_json(current: Current, findings: Sequence[Finding]) -> Callable[[], Iterable[str]]:
    return partial(findings_json, findings, current.posture.snapshot.regions)


def _document(write: Callable[[], Iterable[str]]) -> bytes:
    return "".join(write()).encode()


def _table_document(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> bytes:
    return "".join(table_csv(headings, rows)).encode()


@st.fragment(run_every=_REFRESH_SECONDS)
def _age(current: Current) -> None:
    # The words grow old while the page is open, and a run may end meanwhile.
    if data.current() is not current:
        st.rerun()
    now = datetime.now(UTC)
    ages = sorted(at for region in current.posture.snapshot.regions if (at := collected(region)))
    with st.container(horizontal=True, gap="small"):
        if ages:
            oldest, newest = times.ago(ages[0], now), times.ago(ages[-1], now)
            text = f"Collected {newest}" if oldest == newest else f"Collected {newest}, oldest part {oldest}"
            st.badge(text, icon=":material/schedule:", color="gray", help=times.stamp(ages[-1]))
        if current.posture.run is not None:
            run_badge(current.posture.run)


def _gap_notice(current: Current) -> None:
    gaps = [gap for gap in current.posture.gaps if not gap.gap.is_off]
    if not gaps:
        return
    # What a person can allow comes first.
    ordered = sorted(gaps, key=lambda gap: (gap.gap.reason is not Reason.DENIED, gap.gap.iam_action))
    actions = list(dict.fromkeys(gap.gap.iam_action for gap in ordered))
    more = f" and {len(actions) - 1} more" if len(actions) > 1 else ""
    label = f"{counted(len(gaps), 'gap')}: {actions[0].partition(':')[2]}{more}"
    with st.popover(
        label, icon=":material/lock:", type="tertiary", help="What could not be read, and what to do"
    ):
        gap_summary(gaps, current)
        iam_advice(gap.gap for gap in gaps)


def _failure_notice(current: Current) -> None:
    latest, run = current.posture.latest, current.posture.run
    if latest is None or run is None or latest.state is not RunState.FAILED:
        return
    when = times.ago(latest.finished_at or latest.started_at, datetime.now(UTC))
    st.warning(
        f"{code_span(latest.message or 'no reason was kept', _MESSAGE_LIMIT)}\n\n"
        f"This page shows run {run.id}, the newest one that brought data.",
        title=f"Run {latest.id} failed {when}",
        icon=":material/sync_problem:",
    )


def weighed(remedy: Remedy) -> None:
    """Draw what a person weighs before a change, and its steps."""
    facts = [
        ("Impact", remedy.impact),
        ("Touches", remedy.affected.value),
        ("App release", "needed" if remedy.needs_client_release else "not needed"),
        ("Can be undone", "yes" if remedy.is_reversible else "no"),
        *([("Can break", remedy.breaks)] if remedy.breaks else []),
        *([("Takes away", remedy.removes)] if remedy.removes else []),
    ]
    st.markdown("\n".join(f"- **{name}:** {escaped(text)}" for name, text in facts))
    st.markdown("**Step by step**")
    st.markdown("\n".join(f"{number}. {escaped(step)}" for number, step in enumerate(remedy.steps, 1)))
