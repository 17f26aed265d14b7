"""The life of findings: what a run's evaluations open and close, and the counts that they leave."""

import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from records.evaluation import Evaluation, Outcome
from records.resource import Scope
from records.run import Cause
from store.scopes import scope_ids, shown_runs
from store.times import to_micros

# A rule that passes or does not apply leaves no trace but its count.
_LASTING = frozenset({Outcome.FAIL, Outcome.UNKNOWN, Outcome.ERROR})

_OPEN = """
    SELECT transitions.id, code, resource_arn, outcome, account_id, region, partition
    FROM transitions JOIN scopes ON scopes.id = scope_id
    WHERE closed_at IS NULL
"""
_OPENED = """
    INSERT INTO transitions (scope_id, code, resource_arn, outcome, opened_run, opened_at)
    VALUES (?, ?, ?, ?, ?, ?)
"""
_CLOSED = "UPDATE transitions SET closed_run = ?, closed_at = ?, cause = ? WHERE id = ?"
_COUNT = "INSERT INTO outcome_counts (run_id, severity, outcome, count) VALUES (?, ?, ?, ?)"
# Only where both lists were refused is a region off.
_IS_OFF = """
    SELECT scope_id FROM gaps
    WHERE run_id = ? AND scope_id = ? AND facet IN ('user_pools', 'identity_pools') AND reason = 'region_off'
    GROUP BY scope_id HAVING count(*) = 2
"""
_IS_KNOWN = "SELECT 1 FROM versions WHERE scope_id = ? AND resource_arn = ? AND state = 'current' LIMIT 1"


def record(
    connection: sqlite3.Connection,
    run_id: int,
    evaluations: Iterable[Evaluation],
    *,
    codes: Collection[str],
    at: datetime,
) -> None:
    """Take in all evaluations of a run, as a stream; `codes` are the rules that ran.

    A FAIL closes when its rule passes or no longer applies, never on missing data; one on an IAM role also
    when the list of roles was read and no longer has it. UNKNOWN and ERROR live
    beside it. What was not evaluated at all closes where its rule did not run, where its region is switched
    off, or where a list that was read whole no longer names the resource.
    """
    life = _Life(connection, run_id, at)
    counts: Counter[tuple[str, str]] = Counter()
    for evaluation in evaluations:
        counts[evaluation.severity.value, evaluation.outcome.value] += 1
        life.take(evaluation)
    life.close_unevaluated(frozenset(codes))
    connection.executemany(_COUNT, ((run_id, *key, count) for key, count in sorted(counts.items())))


@dataclass(slots=True)
class _Open:
    """The open transitions of one rule on one resource: their keys in the store, by outcome."""

    scope: Scope
    ids: dict[Outcome, int]
    is_evaluated: bool = False


class _Life:
    """The open transitions before a run, and what the run does to them."""

    def __init__(self, connection: sqlite3.Connection, run_id: int, at: datetime) -> None:
        self._connection = connection
        self._run_id = run_id
        self._at = to_micros(at)
        self._scopes = scope_ids(connection)
        self._open: dict[tuple[str, str], _Open] = {}
        # What stands for the roles of accounts whose list was not read.
        self._unread_roles: set[str] = set()
        for key, code, resource_arn, outcome, *scope in connection.execute(_OPEN):
            entry = self._open.setdefault((code, resource_arn), _Open(Scope(*scope), {}))
            entry.ids[Outcome(outcome)] = key

    def take(self, evaluation: Evaluation) -> None:
        entry = self._open.get((evaluation.code, evaluation.resource_arn))
        outcome = evaluation.outcome
        if _ROLES.match(evaluation.resource_arn) and evaluation.resource_name == "*":
            self._unread_roles.add(evaluation.resource_arn)
        if entry is not None:
            entry.is_evaluated = True
            for other in _ended_by(outcome, entry.ids):
                self._close(entry.ids[other], Cause.RESOURCE)
        if outcome in _LASTING and (entry is None or outcome not in entry.ids):
            scope_id = self._scopes[evaluation.scope]
            what = (scope_id, evaluation.code, evaluation.resource_arn, outcome.value)
            self._connection.execute(_OPENED, (*what, self._run_id, self._at))

    def close_unevaluated(self, codes: frozenset[str]) -> None:
        off = self._scopes_off()
        for (code, resource_arn), entry in self._open.items():
            if entry.is_evaluated:
                continue
            if code not in codes:
                cause: Cause | None = Cause.RULE
            elif roles := _ROLES.match(resource_arn):
                cause = None if f"{roles[0]}*" in self._unread_roles else _absence_of_role(resource_arn)
            elif entry.scope in off:
                cause = Cause.OUT_OF_SCOPE
            else:
                cause = self._absence(entry.scope, resource_arn)
            if cause is not None:
                for key in entry.ids.values():
                    self._close(key, cause)

    def _close(self, key: int, cause: Cause) -> None:
        self._connection.execute(_CLOSED, (self._run_id, self._at, cause.value, key))

    def _scopes_off(self) -> frozenset[Scope]:
        return frozenset(
            shown.scope
            for shown in shown_runs(self._connection, self._run_id)
            if self._connection.execute(_IS_OFF, (shown.run_id, shown.scope_id)).fetchone()
        )

    def _absence(self, scope: Scope, resource_arn: str) -> Cause | None:
        """Return why a resource was not evaluated, or None where it stands and only its list is missing."""
        # `/*` stands for a list that could not be read; it was read now.
        if _OF_A_LIST.fullmatch(resource_arn):
            return Cause.RESOURCE
        # A list that no longer names a resource has ended all its versions.
        known = self._connection.execute(_IS_KNOWN, (self._scopes[scope], resource_arn))
        return None if known.fetchone() else Cause.DELETED


_ROLES = re.compile(r"arn:[^:]*:iam::[^:]*:role/")
# An identity provider may be called `x/*`, which is no list.
_OF_A_LIST = re.compile(r"[^/]+:(user|identity)pool/(\*|[^/]+/(client|identityprovider|domain)/\*)")


def _absence_of_role(resource_arn: str) -> Cause:
    """Return why a role was not evaluated: the list, read anew, tells nothing of the versions of roles."""
    return Cause.RESOURCE if resource_arn.endswith("/*") else Cause.DELETED


def _ended_by(outcome: Outcome, open_outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield the open outcomes that cannot go on beside this one: a FAIL outlasts what cannot be judged."""
    for other in open_outcomes:
        if other is not outcome and (outcome.is_judged or other is not Outcome.FAIL):
            yield other
