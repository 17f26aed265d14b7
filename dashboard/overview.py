"""The parts of Overview: the worst problems, counts by severity and their change, their course."""

from collections import Counter
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard import components, times
from dashboard.data import Current, runs
from dashboard.frames import (
    NOUNS,
    SEVERITY,
    UNJUDGED,
    UNJUDGED_WORDS,
    counts_frame,
    open_failures,
    rules_frame,
)
from dashboard.links import FINDING, POSTURE_PAGE, RULE
from dashboard.text import code_spans, escaped
from dashboard.theme import OUTCOMES, SEVERITIES
from poolwatch.text import counted
from records.evaluation import Outcome
from records.run import OutcomeCount

WORST = 3
WEEK = timedelta(days=7)
_TREND_RUNS = 40
_FAIL = OUTCOMES[Outcome.FAIL].word
_NOT_APPLICABLE = OUTCOMES[Outcome.NOT_APPLICABLE].word


def comparable_counts(current: Current) -> tuple[OutcomeCount, ...]:
    """Return the counts of the runs that read the same accounts and regions as the newest one.

    Empty where the snapshot rests on several runs: no single run's counts are those of what is shown.
    """
    newest = current.posture.run
    if newest is None or {region.run_id for region in current.posture.snapshot.regions} != {newest.id}:
        return ()
    same = {run.id for run in runs() if set(run.scopes) == set(newest.scopes)}
    return tuple(count for count in current.counts if count.run_id in same)


def worst_cards(findings: pd.DataFrame) -> None:
    """Draw the three worst problems, one for each rule, with a way to the finding."""
    failures = open_failures(findings)
    if failures.empty:
        _no_failure(findings)
        return
    worst = rules_frame(failures).head(WORST).to_dict("records")
    for column, rule in zip(st.columns(WORST), worst, strict=False):
        resources = failures[failures["code"] == rule["code"]]
        with column, st.container(border=True, height="stretch", key=f"worst_{rule['code']}"):
            look = next(look for look in SEVERITIES.values() if look.word == rule["severity"])
            with st.container(horizontal=True, gap="small"):
                components.badge(look)
                st.badge(counted(len(resources), NOUNS[resources["type"].iloc[0]]), color="gray")
            st.markdown(f"**{escaped(rule['title'])}**")
            st.caption(code_spans(resources["resource"]))
            st.space("stretch")
            st.page_link(
                POSTURE_PAGE,
                label="See evidence and fix",
                icon=":material/arrow_forward:",
                icon_position="right",
                query_params={RULE: rule["code"], FINDING: resources["key"].iloc[0]},
            )


def severity_counts(findings: pd.DataFrame, counts: tuple[OutcomeCount, ...]) -> None:
    """Draw open problems by severity, with the change within a week, and how much could be judged.

    `counts` is empty where a change cannot be told for exactly these findings.
    """
    failures = open_failures(findings)["severity"].value_counts()
    # Runs count what is muted, too: muting is no mending, so it changes nothing here.
    all_failures = findings.loc[findings["outcome"] == _FAIL, "severity"].value_counts()
    before = _a_week_ago(counts)
    with st.grid(len(SEVERITY.categories) + 1, gap="small", min_column_width=130):
        for look in SEVERITIES.values():
            now = int(failures.get(look.word, 0))
            change = None if before is None else int(all_failures.get(look.word, 0)) - before[look.word]
            _count(f":{look.named}[{look.icon}] {look.word}", now, change, counts)
        judged, applicable = judged_of(findings)
        change = None if before is None else applicable - judged - before[UNJUDGED]
        _count(":gray[:material/help:] Not judged", applicable - judged, change, counts)
    st.caption(
        f"{judged:,} of {applicable:,} checks that apply could be judged. "
        f"What could not be read counts neither as good nor as bad.{_muted_words(findings)}"
    )


def _muted_words(findings: pd.DataFrame) -> str:
    muted, overdue = int(findings["is_muted"].sum()), int(findings["is_overdue"].sum())
    return "".join(
        (
            f" {counted(muted, 'more failure')} {'is' if muted == 1 else 'are'} muted." if muted else "",
            f" {counted(overdue, 'failure')} {'is' if overdue == 1 else 'are'} overdue." if overdue else "",
        )
    )


def _no_failure(findings: pd.DataFrame) -> None:
    judged, applicable = judged_of(findings)
    if muted := int(findings["is_muted"].sum()):
        components.empty("Every failure is muted", f"{counted(muted, 'failure')} can be lived with for now.")
    elif not applicable:
        components.empty("Nothing to judge", "This scope holds no user pool and no identity pool.")
    elif judged < applicable:
        components.empty(
            "No failure among what could be judged",
            f"{applicable - judged:,} of {applicable:,} checks could not be judged: this is no clean result.",
        )
    else:
        st.success(f"All {applicable:,} checks that apply here have passed.", icon=":material/check_circle:")


def _count(label: str, now: int, change: int | None, counts: tuple[OutcomeCount, ...]) -> None:
    st.metric(
        label,
        now,
        change,
        delta_color="inverse",
        delta_description=None if change is None else _since(counts),
        format="localized",
        border=True,
        height="stretch",
    )


def judged_of(findings: pd.DataFrame) -> tuple[int, int]:
    """Return how many checks could be judged, of how many that apply."""
    applicable = int((findings["outcome"] != _NOT_APPLICABLE).sum())
    return applicable - int(findings["outcome"].isin(UNJUDGED_WORDS).sum()), applicable


def trend_frame(counts: tuple[OutcomeCount, ...]) -> pd.DataFrame:
    """Return the counts of the newest runs with a label for each, in the viewer's zone."""
    frame = counts_frame(counts)
    newest = sorted(set(frame["run"]))[-_TREND_RUNS:]
    frame = frame[frame["run"].isin(newest)]
    local = frame["finished"].dt.tz_convert(times.viewer_zone())
    return frame.assign(label=local.dt.strftime("%d %b %H:%M") + " · run " + frame["run"].astype("str"))


def _a_week_ago(counts: tuple[OutcomeCount, ...]) -> Counter[str] | None:
    """Count what the earliest run of the last seven days left open; None where there is no earlier one."""
    earliest = _earliest(counts)
    if earliest is None:
        return None
    then = Counter[str]()
    for each in counts:
        if each.run_id == earliest.run_id:
            then[SEVERITIES[each.severity].word] += each.count if each.outcome is Outcome.FAIL else 0
            then[UNJUDGED] += 0 if each.outcome.is_judged else each.count
    return then


def _since(counts: tuple[OutcomeCount, ...]) -> str:
    earliest = _earliest(counts)
    return "" if earliest is None else f"in {times.span(_newest(counts) - earliest.finished_at)}"


def _earliest(counts: tuple[OutcomeCount, ...]) -> OutcomeCount | None:
    if not counts:
        return None
    newest = max(each.run_id for each in counts)
    recent = [each for each in counts if each.finished_at >= _newest(counts) - WEEK and each.run_id != newest]
    return min(recent, key=lambda each: each.finished_at, default=None)


def _newest(counts: tuple[OutcomeCount, ...]) -> datetime:
    return max(each.finished_at for each in counts)
