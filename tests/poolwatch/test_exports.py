"""The contracts of docs/json.md: exact keys and types, streams that parse, and nothing that runs."""

import csv
import io
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from poolwatch.exports import findings_csv, findings_json, gap_groups, rules_json, scan_json, write_atomically
from poolwatch.exports.findings import CSV_COLUMNS
from poolwatch.exports.rules import iam_actions
from poolwatch.handling import Muting, Source
from poolwatch.posture import Finding, Posture, read_posture
from records.errors import PoolwatchError
from records.evaluation import Evaluation, Outcome, Severity
from records.facet import FacetName, Gap, Reason
from records.facet import iam_actions as actions_of
from records.resource import ResourceType, Scope
from records.run import RunGap
from records.snapshot import Snapshot
from rules.catalogue import catalogue
from rules.engine import Rule

SCOPE = Scope("111122223333", "eu-west-1")
POOL = SCOPE.user_pool_arn("eu-west-1_abc")
DENIED = Gap(operation="cognito-idp:DescribeUserPoolClient", reason=Reason.DENIED, message="not authorized")

TEXT, NUMBER, LIST, TEXT_OR_NONE = str, int, list, (str, type(None))
FINDING = {
    "code": TEXT,
    "slug": TEXT,
    "title": TEXT,
    "severity": TEXT,
    "outcome": TEXT,
    "account_id": TEXT,
    "region": TEXT,
    "resource_arn": TEXT,
    "resource_type": TEXT,
    "messages": LIST,
    "evidence": LIST,
    "collected_at": TEXT_OR_NONE,
    "opened_at": TEXT_OR_NONE,
    "opened_by": type(None),
    "fix": TEXT_OR_NONE,
    "plan_needed": TEXT_OR_NONE,
    "fix_monthly_usd": type(None),
    "muted": bool,
    "mute": (dict, type(None)),
    "owner": TEXT_OR_NONE,
    "due": TEXT_OR_NONE,
    "ticket": TEXT_OR_NONE,
    "severity_reason": TEXT_OR_NONE,
    "base_severity": TEXT,
    "paths": LIST,
    "targets": LIST,
    "change": TEXT_OR_NONE,
    "in_use": (dict, type(None)),
}
GAP = {
    "account_id": TEXT,
    "region": TEXT,
    "resource_arn": TEXT,
    "facet": TEXT,
    "operation": TEXT,
    "reason": TEXT,
    "count": NUMBER,
    "message": TEXT,
    "iam_action": TEXT,
    "accepted": TEXT_OR_NONE,
}
RULE = {
    "code": TEXT,
    "slug": TEXT,
    "title": TEXT,
    "severity": TEXT,
    "family": TEXT,
    "applies_to": TEXT,
    "why": TEXT,
    "fix": TEXT,
    "unsure_when": TEXT_OR_NONE,
    "reads": LIST,
    "iam_actions": LIST,
    "parameters": dict,
    "names": dict,
    "stakes": TEXT,
    "plan_needed": TEXT_OR_NONE,
    "remedy": dict,
    "mappings": dict,
    "peers": dict,
    "url": TEXT,
}


def has_shape(document: dict[str, Any], shape: dict[str, Any]) -> bool:
    return list(document) == list(shape) and all(
        isinstance(document[name], kind) for name, kind in shape.items()
    )


@pytest.fixture(scope="module")
def posture(demo_store: Path) -> Posture:
    return read_posture(demo_store)


@pytest.fixture(scope="module")
def document(posture: Posture) -> dict[str, Any]:
    assert posture.run
    parsed: dict[str, Any] = json.loads("".join(scan_json(posture, posture.run, catalogue())))
    return parsed


def make_finding(**overrides: Any) -> Finding:
    rule: Rule = overrides.pop("rule", catalogue()[0])
    evaluation: dict[str, Any] = {
        "code": rule.code,
        "severity": Severity.HIGH,
        "outcome": Outcome.FAIL,
        "scope": SCOPE,
        "resource_arn": POOL,
        "resource_type": ResourceType.USER_POOL,
        "resource_name": "shop",
        "messages": ("is wrong",),
        "evidence": (("Tier", "LITE"),),
    }
    handling = {name: overrides.pop(name) for name in ("mute", "owner", "due", "ticket") if name in overrides}
    return Finding(evaluation=Evaluation(**(evaluation | overrides)), rule=rule, opened_at=None, **handling)


def rows(findings: list[Finding]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(findings_csv(findings)), newline="")))


def test_the_scan_document_has_exactly_the_fields_of_its_contract(document: dict[str, Any]) -> None:
    assert list(document) == ["schema_version", "generated_at", "run", "rules", "findings"]
    assert document["schema_version"] == 1
    assert list(document["run"]) == ["id", "state", "started_at", "finished_at", "gaps"]
    assert all(has_shape(each, GAP) for each in document["run"]["gaps"])
    assert all(has_shape(each, RULE) for each in document["rules"].values())
    assert all(has_shape(each, FINDING) for each in document["findings"])
    assert {tuple(pair) for each in document["findings"] for pair in each["evidence"]} == {("field", "value")}


def test_the_scan_document_tells_all_outcomes_and_a_fix_for_failures_alone(
    document: dict[str, Any], posture: Posture
) -> None:
    assert len(document["findings"]) == len(posture.findings)
    assert {each["outcome"] for each in document["findings"]} >= {"fail", "unknown", "pass", "not_applicable"}
    assert all((each["fix"] is not None) == (each["outcome"] == "fail") for each in document["findings"])
    assert {each["code"] for each in document["findings"]} <= set(document["rules"])


def test_times_carry_their_offset(document: dict[str, Any]) -> None:
    opened = [each["opened_at"] for each in document["findings"] if each["outcome"] == "fail"]
    times = [document["generated_at"], document["run"]["started_at"], document["run"]["finished_at"], *opened]
    assert all(datetime.fromisoformat(time).utcoffset() is not None for time in times)


def test_a_finding_tells_when_its_region_was_read(posture: Posture) -> None:
    assert posture.run
    old, *rest = posture.snapshot.regions
    before = old.collected_at - timedelta(days=3)
    aged = Snapshot(regions=(replace(old, collected_at=before), *rest))
    told = "".join(scan_json(replace(posture, snapshot=aged), posture.run, catalogue()))
    times = {
        (
            (each["account_id"], each["region"]) == (old.scope.account_id, old.scope.region),
            datetime.fromisoformat(each["collected_at"]),
        )
        for each in json.loads(told)["findings"]
    }
    assert times == {(True, before), *((False, each.collected_at) for each in rest)}


def test_without_regions_nothing_is_known_of_when_they_were_read() -> None:
    (finding,) = json.loads("".join(findings_json([make_finding()])))
    assert finding["collected_at"] is None


def test_the_demos_planted_gap_is_told(document: dict[str, Any]) -> None:
    gaps = [gap for gap in document["run"]["gaps"] if gap["reason"] != "not_in_plan"]
    assert document["run"]["state"] == "partial"
    assert {(gap["iam_action"], gap["operation"], gap["reason"]) for gap in gaps} == {
        (*["cognito-idp:DescribeRiskConfiguration"] * 2, "denied")
    }
    assert [(gap["facet"], gap["count"]) for gap in gaps] == [("client_risk", 4), ("risk_configuration", 1)]


def test_documents_are_written_piece_by_piece(posture: Posture) -> None:
    pieces = [len(piece) for piece in findings_json(posture.findings)]
    assert len(pieces) > len(posture.findings)
    assert max(pieces) < 5_000


def test_no_findings_are_an_empty_array_and_a_header() -> None:
    assert json.loads("".join(findings_json([]))) == []
    assert "".join(findings_csv([])) == ",".join(CSV_COLUMNS) + "\n"


def test_hostile_text_survives_json_without_reaching_a_terminal() -> None:
    name = "\x1b[2J\u202e\x9b'\"\\\x7f"
    text = "".join(findings_json([make_finding(messages=(name,))]))
    assert json.loads(text)[0]["messages"] == [name]
    assert text.replace("\n", "").isascii()
    assert text.replace("\n", "").isprintable()


MUTING = Muting(reason="gone in spring", author=None, until=date(2027, 3, 31), source=Source.SETTINGS)


def test_json_tells_how_a_finding_is_handled_and_why_it_is_so_bad() -> None:
    finding = make_finding(
        mute=MUTING,
        owner="web team",
        due=date(2027, 1, 31),
        ticket="SEC-7",
        severity_reason="raised because anybody can sign up",
        paths=(("open sign-up", "role"),),
        targets=("arn:aws:iam::111122223333:role/guests",),
    )
    (told,) = json.loads("".join(findings_json([finding])))
    assert told["muted"] is True
    assert told["mute"] == {
        "reason": "gone in spring",
        "author": None,
        "until": "2027-03-31",
        "source": "settings",
    }
    assert (told["owner"], told["due"], told["ticket"]) == ("web team", "2027-01-31", "SEC-7")
    assert told["severity_reason"] == "raised because anybody can sign up"
    assert told["base_severity"] == catalogue()[0].severity.value
    assert told["paths"] == [["open sign-up", "role"]]
    assert told["targets"] == ["arn:aws:iam::111122223333:role/guests"]


def test_csv_tells_how_a_finding_is_handled() -> None:
    muted, plain = rows([make_finding(mute=MUTING, owner="=web", ticket="SEC-7"), make_finding()])
    assert (muted["muted"], muted["mute_reason"], muted["mute_until"]) == (
        "true",
        "gone in spring",
        "2027-03-31",
    )
    assert (muted["owner"], muted["ticket"], muted["mute_source"]) == ("'=web", "SEC-7", "settings")
    assert (plain["muted"], plain["mute_until"], plain["owner"], plain["due"]) == ("false", "", "", "")


def test_csv_has_a_row_for_each_finding(posture: Posture) -> None:
    assert len(rows(list(posture.findings))) == len(posture.findings)


def test_csv_tells_evidence_as_json() -> None:
    (row,) = rows([make_finding(evidence=(("CallbackURLs", ("a", "b")), ("Tier", None)))])
    assert row["evidence"] == 'CallbackURLs=["a", "b"]; Tier=null'


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1"])
def test_csv_cells_are_no_formulas(name: str) -> None:
    (row,) = rows([make_finding(resource_name=name, messages=(name,), resource_arn=name)])
    assert all(row[column].startswith("'") for column in ("resource_name", "messages", "resource_arn"))


def test_csv_keeps_a_row_in_one_line() -> None:
    text = "".join(findings_csv([make_finding(resource_name='a\r\n"b",c')]))
    assert text.count("\n") == 2  # the header's and the row's
    (row,) = rows([make_finding(resource_name='a\r\n"b",c')])
    assert row["resource_name"] == 'a "b",c'


def test_gaps_of_app_clients_count_under_their_user_pool() -> None:
    def gap(arn: str, facet: FacetName = FacetName.APP_CLIENT, gap: Gap = DENIED) -> RunGap:
        return RunGap(scope=SCOPE, resource_arn=arn, facet=facet, gap=gap)

    throttled = Gap(operation=DENIED.operation, reason=Reason.THROTTLED, message="Rate exceeded")
    groups = gap_groups(
        [
            gap(f"{POOL}/client/one"),
            gap(f"{POOL}/client/two"),
            gap(f"{POOL}/client/three", gap=throttled),
            gap(f"{POOL}x/client/four"),
            gap(POOL, FacetName.USER_POOL),
        ]
    )
    assert [
        (group.resource_arn, group.facet.value, group.gap.reason.value, group.count) for group in groups
    ] == [
        (POOL, "app_client", "denied", 2),
        (POOL, "app_client", "throttled", 1),
        (POOL, "user_pool", "denied", 1),
        (f"{POOL}x", "app_client", "denied", 1),
    ]


def test_the_rules_document_has_exactly_the_fields_of_its_contract() -> None:
    document = json.loads(rules_json(catalogue()))
    assert list(document) == ["schema_version", "rules"]
    assert len(document["rules"]) == len(catalogue())
    assert all(has_shape(each, RULE) for each in document["rules"])


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.code)
def test_a_rules_iam_actions_are_those_of_what_it_reads_and_of_the_lists(rule: Rule) -> None:
    actions = iam_actions(rule)
    assert {action for facet in rule.reads for action in actions_of(facet.operation)} <= set(actions)
    assert any(":List" in action for action in actions)


def test_a_file_is_its_owners_alone_and_replaces_what_was_there(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("old", encoding="utf-8")
    report.chmod(0o644)
    write_atomically(report, ["a", "b"])
    assert report.read_text(encoding="utf-8") == "ab"
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [report]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "report")
    write_atomically(tmp_path / "link", ["new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_the_old_file_and_no_draft(tmp_path: Path, error: BaseException) -> None:
    def chunks() -> Iterator[str]:
        yield "half"
        raise error

    report = tmp_path / "report.json"
    report.write_text("old", encoding="utf-8")
    with pytest.raises((PoolwatchError, KeyboardInterrupt)):
        write_atomically(report, chunks())
    assert report.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [report]


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with pytest.raises(PoolwatchError, match="No space left"):
        write_atomically(Path("/dev/full"), ["text"])
    with pytest.raises(PoolwatchError, match="cannot be written: No such file"):
        write_atomically(tmp_path / "no" / "report", ["text"])


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_atomically(Path(os.devnull), ["text"])
    assert Path(os.devnull).is_char_device()
