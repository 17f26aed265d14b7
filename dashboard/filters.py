"""The widgets that choose what a page shows; every choice stands in the address and can be passed on."""

from collections.abc import Mapping

import streamlit as st

from dashboard.data import Current
from dashboard.frames import OUTCOME, SEVERITY, UNJUDGED_WORDS
from dashboard.links import CLOSING, FINDING, RULE
from dashboard.selection import FindingChoice, Muted, ScopeChoice
from dashboard.theme import OUTCOMES
from records.evaluation import Outcome
from rules.catalogue import catalogue

OPEN_OUTCOMES = [
    word for word in OUTCOME.categories if word in {OUTCOMES[Outcome.FAIL].word, *UNJUDGED_WORDS}
]
_ACCOUNT, _REGION, _POOL = "account", "region", "pool"
_ACCOUNT_WIDGET = "account_choice"
_RULE_WIDGET = "rule_choice"
_TEXT_LIMIT = 200


def scope_sidebar(current: Current) -> None:
    """Draw the scope that all pages share; `scope` gives what was chosen."""
    regions = [region.scope for region in current.posture.snapshot.regions if not region.is_off]
    options = (
        (_REGION, "Regions", sorted({scope.region for scope in regions}), "All regions"),
        (_POOL, "User pools and identity pools", sorted(current.pools.values()), "All of them"),
    )
    with st.sidebar:
        _account_filter(current.account_labels)
        for key, label, values, everything in options:
            st.multiselect(label, values, key=key, placeholder=everything, bind="query-params")


def scope() -> ScopeChoice:
    """Return the scope that was chosen in the sidebar."""
    accounts, regions, pools = (
        tuple(st.session_state.get(key, ())) for key in (_ACCOUNT_WIDGET, _REGION, _POOL)
    )
    return ScopeChoice(accounts=accounts, regions=regions, pools=pools)


def narrow_to_account(account_id: str) -> None:
    """Filter by one account, for callbacks."""
    st.session_state[_ACCOUNT_WIDGET] = [account_id]


def _account_filter(labels: Mapping[str, str]) -> None:
    # Not bound: a bound widget would write the names into the address, and links would break with them.
    asked = st.query_params.get_all(_ACCOUNT)
    chosen = st.session_state.get(_ACCOUNT_WIDGET, asked)
    st.session_state[_ACCOUNT_WIDGET] = [each for each in chosen if each in labels]
    st.multiselect(
        "Accounts",
        sorted(labels, key=lambda account_id: (labels[account_id].casefold(), account_id)),
        format_func=labels.__getitem__,
        key=_ACCOUNT_WIDGET,
        placeholder="All accounts",
    )
    # On every run, for a change of page leaves the address without it.
    if st.session_state[_ACCOUNT_WIDGET]:
        if asked != st.session_state[_ACCOUNT_WIDGET]:
            st.query_params[_ACCOUNT] = st.session_state[_ACCOUNT_WIDGET]
    elif asked:
        st.query_params.pop(_ACCOUNT)


def finding_filters(*, by_outcome: bool) -> FindingChoice:
    """Draw the filters of Posture and return what was chosen; failures and unknowns are shown at first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        severities = st.pills(
            "Severity", [*SEVERITY.categories], selection_mode="multi", key="severity", bind="query-params"
        )
        outcomes = st.pills(
            "Outcome",
            [*OUTCOME.categories],
            selection_mode="multi",
            default=OPEN_OUTCOMES,
            key="outcome",
            bind="query-params",
            disabled=not by_outcome,
            help=None if by_outcome else "This view counts all outcomes.",
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            key="q",
            type="search",
            placeholder="Name, ARN, rule, control …",
            max_chars=_TEXT_LIMIT,
            live="300ms",
            bind="query-params",
        )
        families = st.multiselect(
            "Family",
            sorted({rule.family.capitalize() for rule in catalogue()}),
            key="family",
            placeholder="All families",
            bind="query-params",
        )
        codes = _rule_filter()
        muted = st.selectbox(
            "Muted", [each.value for each in Muted], key="muted", bind="query-params", width=110
        )
        st.button("Reset", icon=":material/filter_alt_off:", on_click=_reset, help="Take all filters away")
    return FindingChoice(
        severities=tuple(severities),
        outcomes=tuple(outcomes),
        families=tuple(families),
        codes=codes,
        text=text or "",
        muted=Muted(muted),
    )


def opened_finding() -> str | None:
    """Return the key of the finding that the address opens."""
    return st.query_params.get(FINDING)


def open_finding(key: str | None) -> None:
    """Put a finding into the address, or take it out."""
    if key is None:
        st.query_params.pop(FINDING, None)
    else:
        st.query_params[FINDING] = key


def opened_closing() -> str | None:
    """Return the key of the change that the address opens."""
    return st.query_params.get(CLOSING)


def open_closing(key: str | None) -> None:
    """Put a change into the address, or take it out; a finding that was open gives way to it."""
    open_finding(None)
    if key is None:
        st.query_params.pop(CLOSING, None)
    else:
        st.query_params[CLOSING] = key


def narrow_to_rule(code: str) -> None:
    """Filter by one rule, for callbacks."""
    st.session_state[_RULE_WIDGET] = [code]
    st.query_params[RULE] = [code]


def _rule_filter() -> tuple[str, ...]:
    # Not bound: a bound widget would write the titles into the address, and links would break with them.
    titles = {rule.code: f"{rule.code}  {rule.title}" for rule in catalogue()}
    asked = [code for code in st.query_params.get_all(RULE) if code in titles]
    if _RULE_WIDGET not in st.session_state:
        st.session_state[_RULE_WIDGET] = asked
    chosen = st.multiselect(
        "Rule",
        [*titles],
        format_func=titles.__getitem__,
        key=_RULE_WIDGET,
        placeholder="All rules",
        on_change=_keep_rules,
    )
    return tuple(chosen)


def _keep_rules() -> None:
    st.query_params[RULE] = st.session_state[_RULE_WIDGET]


def _reset() -> None:
    st.session_state["severity"] = []
    st.session_state["outcome"] = OPEN_OUTCOMES
    st.session_state["family"] = []
    st.session_state["q"] = ""
    st.session_state["muted"] = Muted.SHOWN.value
    st.session_state[_RULE_WIDGET] = []
    st.query_params.pop(RULE, None)
