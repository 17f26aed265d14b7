"""The tables of docs/json.md name the fields that the documents have: none is missing, none too many."""

import json
import re
from datetime import date
from pathlib import Path

from poolwatch.exports.findings import CSV_COLUMNS, findings_json
from poolwatch.exports.fixes import fix_json
from poolwatch.exports.mutes import mutes_json
from poolwatch.exports.rules import rules_json
from poolwatch.handling import Source
from poolwatch.muted import ListedMute, State
from poolwatch.planning import FixPlan, Status
from poolwatch.posture import Finding
from records.evaluation import Outcome
from records.resource import Resource
from rules.catalogue import catalogue
from tests.builders import SCOPE
from tests.store.store_builders import make_evaluation

CONTRACT = Path("docs/json.md").read_text(encoding="utf-8")
RULE = next(rule for rule in catalogue() if rule.code == "GOV001")
_NAMES = re.compile(r"`([a-z_]+)`")


def fields(heading: str, table: str = "Field") -> list[str]:
    """Return the names in the first column of a table under a heading; `table` is that column's title."""
    (section,) = re.findall(rf"(?ms)^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", CONTRACT)
    (rows,) = re.findall(rf"(?m)^\| {re.escape(table)} \|.*\n\| ---.*\n((?:\|.*\n)+)", section)
    return [name for row in rows.splitlines() for name in _NAMES.findall(row.split("|")[1])]


def test_a_finding() -> None:
    finding = Finding(rule=RULE, evaluation=make_evaluation(Outcome.FAIL), opened_at=None)
    (told,) = json.loads("".join(findings_json([finding])))
    assert sorted(told) == sorted(fields("A finding"))


def test_the_columns_of_csv() -> None:
    assert sorted(CSV_COLUMNS) == sorted(fields("`poolwatch scan --format csv`", "Column"))


def test_a_rule() -> None:
    told = json.loads(rules_json([RULE]))
    assert sorted(told["rules"][0]) == sorted(fields("A rule"))


def test_a_mute() -> None:
    mute = ListedMute(
        source=Source.SETTINGS,
        state=State.IN_FORCE,
        code=None,
        resource=None,
        account=None,
        tag=None,
        reason="x",
        author=None,
        until=date(2999, 12, 31),
        created_at=None,
        ended_at=None,
        ended_by=None,
        findings=0,
    )
    (told,) = json.loads(mutes_json([mute]))["mutes"]
    assert sorted(told) == sorted(fields("`poolwatch mutes --format json`"))


def test_a_fix_and_its_remedy() -> None:
    plan = FixPlan(
        rule=RULE,
        resource=Resource.of_arn(SCOPE.user_pool_arn("eu-west-1_shop")),
        status=Status.BY_HAND,
    )
    told, heading = json.loads(fix_json(plan)), "`poolwatch fix --format json`"
    assert sorted(told) == sorted(fields(heading))
    assert sorted(told["remedy"]) == sorted(fields(heading, "Field of `remedy`"))
    assert set(Status) == set(fields(heading, "`status`"))
