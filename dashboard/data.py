"""What the pages read of the store, kept until the next run ends: the one cache of the dashboard.

Streamlit's caches belong to all sessions, so nothing here depends on who looks; frames are only filtered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.accounts import account_labels
from dashboard.frames import findings_frame, pool_labels
from dashboard.holdings import Resource, resources_of
from dashboard.kinds import Kind
from dashboard.links import finding_key
from dashboard.resources import resources_frame
from dashboard.selection import ScopeChoice
from poolwatch.configuration import AcceptedGap, Configuration
from poolwatch.handling import read_decisions
from poolwatch.posture import Finding, Posture, handled, read_posture
from poolwatch.settings import configuration, default_store
from records.account import AccountInfo
from records.run import OutcomeCount, Run, RunGap
from store.reader import exists, open_reader

# One for the present run and one for sessions that still draw the run before.
_KEPT = 2
_KEPT_RUNS = 16
_RUN_LIMIT = 200
_KEPT_INVENTORIES = _KEPT * len(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """Everything that pages show of the newest state of the store; `findings` has a row for each finding.

    `accounts` is what the owner calls accounts, by id, for those that have a name; `account_labels` and
    `pools` are the labels of all accounts by id, and of user pools and identity pools by ARN; `decided` tells
    what people decided of findings from what they decide later.
    """

    posture: Posture
    findings: pd.DataFrame
    pools: Mapping[str, str]
    accounts: Mapping[str, AccountInfo]
    account_labels: Mapping[str, str]
    counts: tuple[OutcomeCount, ...]
    decided: tuple[str, str]
    _by_key: Mapping[str, Finding]

    def finding(self, key: str) -> Finding | None:
        """Return a finding by its key, None where the newest runs know none of that name."""
        return self._by_key.get(key)

    def chosen(self, rows: pd.DataFrame) -> Sequence[Finding]:
        """Return the findings that rows of `findings` stand for, in their order."""
        return [self.posture.findings[position] for position in rows.index]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """The resources of one kind by ARN, and a row of words for each."""

    resources: Mapping[str, Resource]
    frame: pd.DataFrame

    def within(self, scope: ScopeChoice) -> pd.DataFrame:
        """Return the rows of the resources inside the scope; a role is in every scope that names it."""
        inside = [self._is_within(self.resources[arn], scope) for arn in self.frame["arn"]]
        return self.frame[inside]

    @staticmethod
    def _is_within(resource: Resource, scope: ScopeChoice) -> bool:
        return (not scope.pools or not set(scope.pools).isdisjoint(resource.pools)) and any(
            scope.holds(each.account_id, each.region) for each in resource.scopes
        )


def directory() -> Path:
    """Return where the store is looked for. Raises SettingsError."""
    return default_store(configuration())


def stamp() -> str | None:
    """Return a text that changes when a run has ended, None where there is no store. Raises StoreError."""
    if not exists(directory()):
        return None
    with open_reader(directory()) as reader:
        return reader.stamp


def current() -> Current | None:
    """Return the newest state, None where nothing was ever published. Raises StoreError and SettingsError."""
    now = stamp()
    if now is None:
        return None
    settings = configuration()
    # The settings are part of the key: what they switch off or set goes for what was read before, too.
    rules = repr((settings.baseline, sorted(settings.baseline.switched_off)))
    with open_reader(directory()) as reader:
        decided = reader.handling_stamp
    handling = repr(settings.handling)
    today = datetime.now(UTC).date()
    return _current(str(directory()), now, today, rules, (decided, handling), settings)


def accepted_gaps() -> tuple[AcceptedGap, ...]:
    """Return what the owner lives with until a day. Raises SettingsError."""
    return configuration().accepted_gaps


def published() -> Current:
    """Return the newest state for a page that is only drawn where there is one. Raises LookupError."""
    found = current()
    if found is None:
        raise LookupError("no run has published anything yet")
    return found


def runs() -> tuple[Run, ...]:
    """Return the newest runs, also one that is under way. Raises StoreError."""
    if not exists(directory()):
        return ()
    with open_reader(directory()) as reader:
        return reader.runs(limit=_RUN_LIMIT)


def gaps(run: Run) -> tuple[RunGap, ...]:
    """Return what an ended run could not read. Raises StoreError."""
    return _gaps(str(directory()), run.id, run.state.value)


def inventory(current: Current, kind: Kind) -> Inventory:
    """Return the resources of one kind in the newest state."""
    return _inventory(str(directory()), current.posture.judged_at, current.decided, kind, current)


# The date is part of the key because rules may judge by today's date.
@st.cache_resource(max_entries=_KEPT, show_spinner="Judging what the last run read …")
def _judged(store: str, stamp: str, today: date, rules: str, _settings: Configuration) -> Posture:
    del stamp, today, rules
    return read_posture(Path(store), baseline=_settings.baseline)


# What people decide changes nothing that was judged, so it is laid over it.
@st.cache_resource(max_entries=_KEPT, show_spinner=False)
def _current(
    store: str,
    stamp: str,
    today: date,
    rules: str,
    decided: tuple[str, str],
    _settings: Configuration,
) -> Current | None:
    judged = _judged(store, stamp, today, rules, _settings)
    if not judged.snapshot.regions:
        return None
    with open_reader(Path(store)) as reader:
        counts = reader.outcome_counts()
        accounts = reader.accounts()
        posture = handled(judged, read_decisions(reader), _settings.handling)
    pools = pool_labels(posture.snapshot)
    labels = account_labels(accounts, (region.scope.account_id for region in posture.snapshot.regions))
    return Current(
        posture=posture,
        findings=findings_frame(posture.findings, pools, labels, today=today),
        pools=pools,
        accounts=accounts,
        account_labels=labels,
        counts=counts,
        decided=decided,
        _by_key={finding_key(each): each for each in posture.findings},
    )


@st.cache_resource(max_entries=_KEPT_RUNS, show_spinner=False)
def _gaps(store: str, run_id: int, state: str) -> tuple[RunGap, ...]:
    del state
    with open_reader(Path(store)) as reader:
        return reader.gaps(run_id)


# It names the age of values that a later run could not read, to the minute.
@st.cache_resource(ttl="1m", max_entries=_KEPT_INVENTORIES, show_spinner=False)
def _inventory(
    store: str, judged_at: datetime, decided: tuple[str, str], kind: Kind, _current: Current
) -> Inventory:
    del store, judged_at, decided
    resources = tuple(resources_of(kind, _current.posture.snapshot, _current.pools))
    return Inventory(
        resources={each.arn: each for each in resources},
        frame=resources_frame(
            kind, resources, _current.posture.findings, datetime.now(UTC), _current.account_labels
        ),
    )
