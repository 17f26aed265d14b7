"""Records into pandas frames. Columns and dtypes are constants and hold for zero rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from itertools import chain
from typing import Any

import pandas as pd

from dashboard.links import finding_key
from dashboard.text import NAME_LIMIT
from dashboard.theme import MUTED, OUTCOMES, RUN_STATES, SEVERITIES
from dashboard.words import gap_words
from poolwatch.posture import Finding
from poolwatch.text import plain
from records.evaluation import Outcome, Severity
from records.facet import FacetName, Holder
from records.resource import ResourceType, Scope, user_pool_of
from records.run import OutcomeCount, Run, RunGap
from records.snapshot import IdentityPoolSnapshot, Snapshot, UserPoolSnapshot

Dtypes = Mapping[str, Any]

TIME = "datetime64[us, UTC]"
SEVERITY = pd.CategoricalDtype([look.word for look in SEVERITIES.values()], ordered=True)
OUTCOME = pd.CategoricalDtype([look.word for look in OUTCOMES.values()], ordered=True)
STATE = pd.CategoricalDtype([look.word for look in RUN_STATES.values()])
TYPES: Mapping[ResourceType, str] = {each: f"{each.noun[0].upper()}{each.noun[1:]}" for each in ResourceType}
NOUNS: Mapping[str, str] = {word: each.noun for each, word in TYPES.items()}

# `haystack` is what the search looks through; `pool` is the label of the user pool or identity pool, and
# `account_name` that of the account. `due` is an ISO 8601 day or empty, as are `owner` and `ticket`.
FINDINGS: Dtypes = {
    "key": "str",
    "severity": SEVERITY,
    "outcome": OUTCOME,
    "code": "str",
    "title": "str",
    "problem": "str",
    "family": "str",
    "resource": "str",
    "type": "str",
    "pool": "str",
    "account": "str",
    "account_name": "str",
    "region": "str",
    "since": TIME,
    "is_muted": "bool",
    "owner": "str",
    "due": "str",
    "is_overdue": "bool",
    "ticket": "str",
    "haystack": "str",
}
RULES: Dtypes = {
    "code": "str",
    "title": "str",
    "family": "str",
    "severity": SEVERITY,
    "fail": "int64",
    "unknown": "int64",
    "muted": "int64",
    "pass": "int64",
    "not_applicable": "int64",
}
RUNS: Dtypes = {
    "run": "int64",
    "state": STATE,
    "started": TIME,
    "seconds": "Float64",
    "scopes": "int64",
    "calls": "int64",
    "identity": "str",
    "message": "str",
}
GAPS: Dtypes = {
    "account": "str",
    "region": "str",
    "resource": "str",
    "facet": "str",
    "operation": "str",
    "reason": "str",
    "message": "str",
}
CALLS: Dtypes = {"operation": "str", "calls": "int64"}
COUNTS: Dtypes = {"run": "int64", "finished": TIME, "kind": "str", "order": "int64", "count": "int64"}
UNJUDGED = "Not judged"
UNJUDGED_WORDS = frozenset(look.word for outcome, look in OUTCOMES.items() if not outcome.is_judged)

# What stands between the ARN of a user pool and the id or name of what belongs to it.
_PARTS = {"client": "app client", "identityprovider": "identity provider", "domain": "domain"}
# What a table shows of a text; the whole of it stands in the finding's detail and in the downloads.
_CELL_LIMIT = 300


def findings_frame(
    findings: Iterable[Finding],
    pools: Mapping[str, str],
    accounts: Mapping[str, str] = {},
    *,
    today: date | None = None,
) -> pd.DataFrame:
    """Return a row for each finding, whose index is the finding's position.

    `pools` are `pool_labels`, `accounts` are `accounts.account_labels`; what is overdue is so on `today`.
    """
    today = today or datetime.now(UTC).date()
    return frame_of(FINDINGS, [_finding_row(each, pools, accounts, today) for each in findings])


def open_failures(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the failures that nobody has muted: those that ask for something to be done."""
    return findings[(findings["outcome"] == OUTCOMES[Outcome.FAIL].word) & ~findings["is_muted"]]


def pool_labels(snapshot: Snapshot) -> Mapping[str, str]:
    """Return a short label, unlike all others, for the ARN of each user pool and identity pool."""
    named = [
        (each.arn, each.member.id, plain(each.member.name, NAME_LIMIT))
        for each in chain[UserPoolSnapshot | IdentityPoolSnapshot](
            snapshot.user_pools, snapshot.identity_pools
        )
    ]
    seen = Counter(name for _, _, name in named)
    return {
        arn: name if seen[name] == 1 and name and "…" not in name else f"{name} ({identity})"
        for arn, identity, name in named
    }


def rules_frame(findings: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each rule among the findings, the one with the worst problems first."""
    if findings.empty:
        return frame_of(RULES, [])
    states = findings["outcome"].astype("str").mask(findings["is_muted"], MUTED.word)
    counts = pd.crosstab(findings["code"], states).reindex(
        columns=[*OUTCOME.categories, MUTED.word], fill_value=0
    )
    rules = findings.groupby("code", sort=False)[["title", "family", "severity"]].first()
    rules["fail"] = counts[OUTCOMES[Outcome.FAIL].word]
    rules["unknown"] = counts[[*UNJUDGED_WORDS]].sum(axis="columns")
    rules["muted"] = counts[MUTED.word]
    rules["pass"] = counts[OUTCOMES[Outcome.PASS].word]
    rules["not_applicable"] = counts[OUTCOMES[Outcome.NOT_APPLICABLE].word]
    rules = rules.reset_index()
    rules["failing"] = rules["fail"] > 0
    ordered = rules.sort_values(
        ["failing", "severity", "fail", "unknown", "code"], ascending=[False, True, False, False, True]
    )
    return ordered[[*RULES]].astype(dict(RULES)).reset_index(drop=True)


def runs_frame(runs: Iterable[Run]) -> pd.DataFrame:
    """Return a row for each run; `seconds` is missing where nobody saw the run's end."""
    return frame_of(
        RUNS,
        [
            {
                "run": run.id,
                "state": RUN_STATES[run.state].word,
                "started": run.started_at,
                "seconds": _seconds(run.started_at, run.finished_at),
                "scopes": len(run.scopes),
                "calls": sum(run.calls.values()),
                "identity": plain(run.identity_arn or "", _CELL_LIMIT),
                "message": plain(run.message or "", _CELL_LIMIT),
            }
            for run in runs
        ],
    )


def gaps_frame(
    gaps: Iterable[RunGap], pools: Mapping[str, str], accounts: Mapping[str, str] = {}
) -> pd.DataFrame:
    """Return a row for each gap, what nobody needs to mend last; `pools` and `accounts` are labels."""
    return frame_of(
        GAPS,
        [
            {
                "account": accounts.get(gap.scope.account_id, gap.scope.account_id),
                "region": gap.scope.region,
                "resource": resource_label(gap.resource_arn, gap.scope, pools),
                "facet": gap.facet.value.replace("_", " "),
                "operation": gap.gap.operation,
                "reason": gap_words(gap.gap),
                "message": plain(gap.gap.message, _CELL_LIMIT),
            }
            for gap in sorted(gaps, key=lambda each: each.gap.is_off)
        ],
    )


def calls_frame(run: Run) -> pd.DataFrame:
    """Return the calls of a run by operation, the most frequent first."""
    ordered = sorted(run.calls.items(), key=lambda call: (-call[1], call[0]))
    return frame_of(CALLS, [{"operation": operation, "calls": count} for operation, count in ordered])


def counts_frame(counts: Iterable[OutcomeCount]) -> pd.DataFrame:
    """Return open problems by severity, and checks that could not be judged, for each run."""
    totals: Counter[tuple[int, datetime, str, int]] = Counter()
    for each in counts:
        if each.outcome is Outcome.FAIL:
            kind, order = SEVERITIES[each.severity].word, each.severity.rank
        elif not each.outcome.is_judged:
            kind, order = UNJUDGED, len(Severity)
        else:
            continue
        totals[each.run_id, each.finished_at, kind, order] += each.count
    return frame_of(
        COUNTS,
        [
            {"run": run_id, "finished": finished, "kind": kind, "order": order, "count": count}
            for (run_id, finished, kind, order), count in sorted(totals.items())
        ],
    )


def resource_label(
    resource_arn: str, scope: Scope, pools: Mapping[str, str], accounts: Mapping[str, str] = {}
) -> str:
    """Return the name of the user pool or identity pool that an ARN is, or is in.

    Where there are several `accounts`, which are labels by id, what is about a whole region names its own.
    """
    account = f" in {accounts.get(scope.account_id, scope.account_id)}" if len(accounts) > 1 else ""
    if resource_arn in (scope.user_pool_arn("*"), scope.identity_pool_arn("*")):
        kind = "user" if ":userpool/" in resource_arn else "identity"
        return f"all {kind} pools of {scope.region}{account}"
    if resource_arn == scope.role_arn("*"):
        return f"all IAM roles of {accounts.get(scope.account_id, scope.account_id)}"
    if resource_arn in _region_arns(scope):
        return f"{scope.region}{account}"
    arn = user_pool_of(resource_arn)
    label = pools.get(arn, plain(arn, NAME_LIMIT * 2))
    noun, part = _part(resource_arn)
    return f"{label} / {noun} {plain(part, NAME_LIMIT)}" if noun else label


def frame_of(dtypes: Dtypes, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return the rows as a frame that has these columns and dtypes even without a row."""
    return pd.DataFrame(rows, columns=[*dtypes]).astype(dict(dtypes))


def _part(resource_arn: str) -> tuple[str, str]:
    """Return the noun and the id or name of what belongs to a user pool; nothing for other resources."""
    kind, _, name = resource_arn.removeprefix(user_pool_of(resource_arn)).removeprefix("/").partition("/")
    return _PARTS.get(kind, ""), name


@cache
def _region_arns(scope: Scope) -> frozenset[str]:
    return frozenset(scope.facet_arn(name) for name in FacetName.of(Holder.REGION))


def _finding_row(
    finding: Finding, pools: Mapping[str, str], accounts: Mapping[str, str], today: date
) -> Mapping[str, object]:
    evaluation, rule = finding.evaluation, finding.rule
    problem = plain("; ".join(evaluation.messages), _CELL_LIMIT)
    pool = resource_label(user_pool_of(evaluation.resource_arn), evaluation.scope, pools)
    name = plain(evaluation.resource_name, NAME_LIMIT)
    resource = name
    if name == "*":
        noun, _ = _part(evaluation.resource_arn)
        resource = f"{pool} / any {noun}" if noun else pool
    account = accounts.get(evaluation.scope.account_id, evaluation.scope.account_id)
    texts = (
        rule.code,
        rule.slug,
        rule.title,
        evaluation.resource_name,
        pool,
        account,
        evaluation.resource_arn,
        finding.owner or "",
        finding.ticket or "",
        *evaluation.messages,
        *(mapped for codes in rule.mappings.values() for mapped in codes),
    )
    return {
        "key": finding_key(finding),
        "severity": SEVERITIES[evaluation.severity].word,
        "outcome": OUTCOMES[evaluation.outcome].word,
        "code": rule.code,
        "title": rule.title,
        "problem": problem,
        "family": rule.family.capitalize(),
        "resource": resource,
        "type": TYPES[evaluation.resource_type],
        "pool": pool,
        "account": evaluation.scope.account_id,
        "account_name": account,
        "region": evaluation.scope.region,
        "since": finding.opened_at,
        "is_muted": finding.is_muted,
        "owner": plain(finding.owner or "", NAME_LIMIT),
        "due": finding.due.isoformat() if finding.due else "",
        "is_overdue": finding.is_overdue(today),
        "ticket": plain(finding.ticket or "", _CELL_LIMIT),
        "haystack": "\n".join(texts).casefold(),
    }


def _seconds(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else (end - start).total_seconds()
