"""One finding in full: what was read, why it matters, what to do, and what the rule looks at."""

import json
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from dashboard import handling, times
from dashboard.components import badge, iam_advice, weighed
from dashboard.data import Current
from dashboard.filters import open_finding
from dashboard.frames import TYPES
from dashboard.text import code_span, escaped
from dashboard.theme import MUTED, OUTCOMES, SEVERITIES
from dashboard.words import gap_words
from poolwatch.exports.rules import iam_actions
from poolwatch.posture import Finding
from poolwatch.text import counted, plain
from records.evaluation import Outcome
from records.facet import Facet, Holder, Reason
from records.resource import Scope, user_pool_of
from records.snapshot import Snapshot
from rules.engine import Rule

_NAME_LIMIT = 120
_VALUE_LIMIT = 2000
_MOST_PATHS = 5
_PLANS = {
    "LITE": "Works on every plan.",
    "ESSENTIALS": "Needs the Essentials or the Plus plan.",
    "PLUS": "Needs the Plus plan.",
}
_LASTING = {Outcome.FAIL: "Failing", Outcome.UNKNOWN: "Unknown", Outcome.ERROR: "In error"}
_FRAMEWORKS = {
    "security_hub": "AWS Security Hub",
    "aws_config": "AWS Config",
    "cis": "CIS",
    "nist": "NIST 800-53",
    "pci": "PCI DSS",
}


def finding_detail(current: Current, key: str) -> None:
    """Draw the finding that the address names, or say that there is none."""
    finding = current.finding(key)
    with st.container(border=True, key="finding_detail"):
        if finding is None:
            _close_row()
            st.info(
                "The newest run knows no such finding: its resource may be gone, or the rule.",
                title="Nothing to open",
                icon=":material/link_off:",
            )
            return
        _heading(current, finding)
        handling.standing(finding)
        _evidence(finding)
        chains(finding)
        _unread(current, finding)
        handling.forms(finding)
        _documentation(finding.rule, finding.evaluation.outcome)
        if finding.evaluation.outcome is Outcome.FAIL:
            _remedy(finding)
        st.code(plain(finding.evaluation.resource_arn), language=None, wrap_lines=True)
        _about(finding.rule)


def _close_row() -> None:
    st.button(
        "Close",
        icon=":material/close:",
        type="tertiary",
        on_click=open_finding,
        args=(None,),
        key="close_finding",
    )


def _heading(current: Current, finding: Finding) -> None:
    evaluation, rule = finding.evaluation, finding.rule
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(SEVERITIES[evaluation.severity])
        badge(MUTED if finding.is_muted else OUTCOMES[evaluation.outcome])
        st.badge(rule.code, color="gray")
        st.space("stretch")
        _close_row()
    st.subheader(escaped(rule.title), anchor=False)
    owner = user_pool_of(evaluation.resource_arn)
    pool = current.pools.get(owner)
    account = current.account_labels.get(evaluation.scope.account_id, evaluation.scope.account_id)
    inside = f" in {code_span(pool)}" if pool and owner != evaluation.resource_arn else ""
    st.markdown(
        f"{TYPES[evaluation.resource_type]} {code_span(evaluation.resource_name, _NAME_LIMIT)}{inside}, "
        f"account {code_span(account)}, {code_span(evaluation.scope.region)}"
    )
    if finding.opened_at is not None and evaluation.outcome in _LASTING:
        duration = times.span(datetime.now(UTC) - finding.opened_at)
        st.caption(f"{_LASTING[evaluation.outcome]} for {duration}, since {times.stamp(finding.opened_at)}")
    if evaluation.outcome is Outcome.FAIL and evaluation.severity_reason:
        st.caption(f"Severity {code_span(finding.severity_words, _VALUE_LIMIT)}")


def chains(finding: Finding) -> None:
    """Draw the chains that a failure has found, each a path of its links."""
    paths = finding.evaluation.paths
    if not paths:
        return
    st.markdown("**The way in**, link by link" if len(paths) == 1 else "**The ways in**, link by link")
    for path in paths[:_MOST_PATHS]:
        with st.container(border=True, gap=None):
            for number, link in enumerate(path):
                arrow = ":material/arrow_downward:" if number else ":material/login:"
                st.markdown(f"{arrow} {code_span(link, _VALUE_LIMIT)}")
    if (rest := len(paths) - _MOST_PATHS) > 0:
        st.caption(f"and {counted(rest, 'more way')}; JSON has them all")


def _evidence(finding: Finding) -> None:
    evaluation = finding.evaluation
    for message in evaluation.messages:
        st.text(f"{TYPES[evaluation.resource_type]} {plain(message, _VALUE_LIMIT)}")
    if evaluation.evidence:
        st.markdown("**Evidence**, as AWS answered it")
        lines = [f"{plain(field)}: {_value(value)}" for field, value in evaluation.evidence]
        st.code("\n".join(lines), language="yaml", wrap_lines=True)


def _unread(current: Current, finding: Finding) -> None:
    gaps = finding.evaluation.gaps
    if not gaps:
        return
    undecided = {gap for gap in gaps if gap.reason is Reason.UNDECIDABLE}
    if undecided:
        st.markdown("**What was read, but does not tell**")
        for gap in dict.fromkeys(gap for gap in gaps if gap in undecided):
            st.text(plain(gap.message, _VALUE_LIMIT))
    if len(undecided) < len(set(gaps)):
        st.markdown("**What was not read**")
    for gap in dict.fromkeys(gap for gap in gaps if gap not in undecided):
        readings = [
            facet.last_good.at
            for facet in _facets(
                current.posture.snapshot, finding.evaluation.scope, finding.evaluation.resource_arn
            )
            if facet.gap == gap and facet.last_good is not None
        ]
        last = f"last read {times.ago(min(readings), datetime.now(UTC))}" if readings else "never read before"
        st.markdown(f"{code_span(gap.operation)}: {gap_words(gap)}, {last}")
        st.text(plain(gap.message, _VALUE_LIMIT))
    iam_advice(gaps)


def _documentation(rule: Rule, outcome: Outcome) -> None:
    st.markdown(f"**Why it matters**  \n{escaped(_sentence(rule.why))}")
    fix = "Fix" if outcome is Outcome.FAIL else "Fix, where it fails"
    st.markdown(f"**{fix}**  \n{escaped(_sentence(rule.fix))}")
    if rule.plan_needed:
        st.caption(_PLANS.get(rule.plan_needed, f"Needs the plan {escaped(rule.plan_needed)}."))
    if rule.unsure_when:
        st.markdown(f"**Unsure when**  \n{escaped(_sentence(rule.unsure_when))}")


def _remedy(finding: Finding) -> None:
    """Draw the change with what a person weighs before it, and where the whole call is to be had."""
    remedy = finding.remedy
    st.markdown(f"**{escaped(remedy.change)}**")
    weighed(remedy)
    if remedy.removes:
        st.caption(f"Whether {escaped(remedy.removes)} is in use cannot be told: sign-ins are not read yet.")
    if remedy.changes is not None:
        st.caption("The complete call, built from the settings as they are then, with what it would change:")
        command = shlex.join(("poolwatch", "fix", finding.rule.code, finding.evaluation.resource_arn))
        st.code(command, language=None, wrap_lines=True)


def _about(rule: Rule) -> None:
    with st.expander("About this rule", icon=":material/menu_book:", key="about_rule"):
        facts = [
            ("Name", f"`{rule.code}` `{rule.slug}`, {rule.family}, severity {rule.severity.value}"),
            ("Looks at", f"every {rule.resource_type.noun}"),
            ("Reads", ", ".join(f"`{action}`" for action in iam_actions(rule))),
            *(
                (
                    _FRAMEWORKS.get(name, escaped(name.replace("_", " "))),
                    ", ".join(f"`{each}`" for each in ids),
                )
                for name, ids in (*rule.mappings.items(), *rule.peers.items())
            ),
        ]
        if rule.parameters:
            thresholds = ", ".join(f"`{name}` {value}" for name, value in rule.parameters.items())
            facts.append(("Thresholds", thresholds))
        if rule.names:
            lists = (
                f"`{name}` {', '.join(map(code_span, each)) or 'none'}" for name, each in rule.names.items()
            )
            facts.append(("Names", "; ".join(lists)))
        st.markdown("\n".join(f"- {label}: {fact}" for label, fact in facts))
        st.link_button("AWS documentation", rule.url, icon=":material/open_in_new:", type="tertiary")


def _facets(snapshot: Snapshot, scope: Scope, resource_arn: str) -> Iterator[Facet[Any]]:
    """Yield the facets of a resource's pool, of its region, and of what is pointed to from there."""
    pool = user_pool_of(resource_arn)
    for seen_from, arn, name, facet in snapshot.facets:
        if seen_from == scope and (
            name.holder in (Holder.REGION, Holder.ACCOUNT, Holder.REFERENCE) or user_pool_of(arn) == pool
        ):
            yield facet


def _value(value: object) -> str:
    # Escaped to ASCII, so that nothing in it is invisible or runs backwards.
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= _VALUE_LIMIT else f"{text[:_VALUE_LIMIT]}… ({len(text):,} characters)"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
