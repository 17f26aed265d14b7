"""How findings are handled: mutes, owners, due days, and the one change that closes several."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from poolwatch import closing, deciding
from poolwatch.closing import closings
from poolwatch.configuration import Configuration, DueSettings, Handling, MuteSettings
from poolwatch.deciding import Desk
from poolwatch.handling import Muting, Source, is_link
from poolwatch.posture import Finding, read_posture
from poolwatch.settings_check import check_settings
from records.account import AccountInfo
from records.errors import UsageError
from records.evaluation import Outcome, Severity
from rules.catalogue import catalogue
from rules.remedies import Affected, Remedy
from store import open_reader
from tests.builders import SCOPE, make_region_snapshot, make_user_pool_snapshot
from tests.dashboard import stores
from tests.store.store_builders import make_evaluation

POOL_ARN = SCOPE.user_pool_arn("eu-west-1_pool00000")
CLIENT_ARN = f"{POOL_ARN}/client/client{0:020}"
RULES = {rule.code: rule for rule in catalogue()}
IMPLICIT = RULES["APP001"]
OPENED = stores.STARTED.date()
FAR = date(2999, 12, 31)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    stores.complete_run(tmp_path / "store")
    return tmp_path / "store"


def desk(store: Path, settings: Configuration | None = None, author: str = "ann") -> Desk:
    return Desk(store=store, settings=settings or Configuration(), author=author, wait_seconds=0)


def implicit(store: Path, *, now: datetime | None = None, **handling: Any) -> Finding:
    posture = read_posture(store, handling=Handling(**handling), now=now)
    return next(
        each
        for each in posture.findings
        if (each.rule.code, each.evaluation.resource_arn) == ("APP001", CLIENT_ARN)
    )


def muting(**keys: Any) -> MuteSettings:
    return msgspec.convert({"reason": "in the file", "until": FAR} | keys, MuteSettings)


def test_a_mute_of_the_store_mutes_one_finding(store: Path) -> None:
    deciding.mute(desk(store), IMPLICIT, CLIENT_ARN, reason=" gone  in spring ", until="2999-12-31")
    posture = read_posture(store)
    (muted,) = [each for each in posture.findings if each.is_muted]
    assert (muted.rule.code, muted.evaluation.resource_arn) == ("APP001", CLIENT_ARN)
    assert muted.mute is not None
    assert (muted.mute.reason, muted.mute.author, muted.mute.source) == (
        "gone in spring",
        "ann",
        Source.STORE,
    )
    assert muted in list(posture.having(Outcome.FAIL))
    assert muted not in list(posture.failures_at_least(Severity.INFO))


def test_a_mute_is_over_the_day_after_its_last(store: Path) -> None:
    today = datetime.now(UTC)
    deciding.mute(desk(store), IMPLICIT, CLIENT_ARN, reason="x", until=today.date().isoformat())
    assert implicit(store, now=today).is_muted
    assert not implicit(store, now=today + timedelta(days=1)).is_muted


def test_unmute_brings_a_finding_back_and_keeps_the_history(store: Path) -> None:
    deciding.mute(desk(store), IMPLICIT, CLIENT_ARN, reason="x", until="2999-12-31")
    deciding.unmute(desk(store, author="bob"), IMPLICIT, CLIENT_ARN)
    assert not implicit(store).is_muted
    with open_reader(store) as reader:
        (kept,) = reader.mutes(with_ended=True)
    assert (kept.author, kept.ended_by) == ("ann", "bob")
    with pytest.raises(UsageError, match="The store has no mute of APP001"):
        deciding.unmute(desk(store), IMPLICIT, CLIENT_ARN)


def test_a_mute_of_the_file_mutes_failures_alone(store: Path) -> None:
    posture = read_posture(store, handling=Handling(mutes=(muting(resource="*"),)))
    assert {each.evaluation.outcome for each in posture.findings if each.is_muted} == {Outcome.FAIL}
    assert not list(posture.failures_at_least(Severity.INFO))


def test_of_mutes_of_the_file_the_longest_counts_and_the_stores_goes_before(store: Path) -> None:
    short, long = muting(code="APP*", until=date(2998, 1, 1)), muting(code="APP001", author="bob")
    assert implicit(store, mutes=(short, long)).mute == implicit(store, mutes=(long,)).mute
    assert not implicit(store, mutes=(muting(code="APP001", until=date(2020, 1, 1)),)).is_muted
    deciding.mute(desk(store), IMPLICIT, CLIENT_ARN, reason="in the store", until="2998-12-31")
    mute = implicit(store, mutes=(long,)).mute
    assert mute is not None
    assert mute.reason == "in the store"


def tagged_store(tmp_path: Path, **tags: str) -> Path:
    (pool, clients), *_ = stores.make_pools(("customers",))
    tagged = replace(pool, tags=tuple(sorted(tags.items())))
    region = make_region_snapshot(user_pools=[make_user_pool_snapshot(tagged, clients=clients)])
    account = AccountInfo(
        account_id=SCOPE.account_id, name="shop", environment=None, owner="whoever owns the account"
    )
    stores.run_over(tmp_path / "store", [region], accounts=[account])
    return tmp_path / "store"


@pytest.mark.parametrize(
    ("tags", "owners", "owner"),
    [
        ({"owner": "web", "Owner": "other"}, {SCOPE.account_id: "from the file"}, "web"),
        ({"Owner": "web"}, {}, "web"),
        ({"owner": "  "}, {SCOPE.account_id: "from the file"}, "from the file"),
        ({}, {}, "whoever owns the account"),
    ],
    ids=["tag", "capital", "empty tag", "account"],
)
def test_who_owns_a_finding(tags: dict[str, str], owners: dict[str, str], owner: str, tmp_path: Path) -> None:
    store = tagged_store(tmp_path, **tags)
    assert implicit(store, owners=owners).owner == owner
    deciding.assign(desk(store), IMPLICIT, CLIENT_ARN, owner="ann herself")
    assert implicit(store, owners=owners).owner == "ann herself"
    deciding.assign(desk(store), IMPLICIT, CLIENT_ARN, owner="")
    assert implicit(store, owners=owners).owner == owner


def test_a_mute_by_tag_follows_the_pools_tags(tmp_path: Path) -> None:
    store = tagged_store(tmp_path, stage="test")
    assert implicit(store, mutes=(muting(tag="stage=test"),)).is_muted
    assert not implicit(store, mutes=(muting(tag="stage=prod"),)).is_muted


def test_a_failure_is_due_by_its_severity_from_its_opening(store: Path) -> None:
    finding = implicit(store, due=DueSettings(high=10))
    assert finding.evaluation.severity is Severity.HIGH
    assert finding.due == OPENED + timedelta(days=10)
    assert not finding.is_overdue(OPENED + timedelta(days=10))
    assert finding.is_overdue(OPENED + timedelta(days=11))
    posture = read_posture(store)
    assert all(each.due is None for each in posture.findings if each.evaluation.outcome is not Outcome.FAIL)


def test_what_is_muted_is_never_overdue(store: Path) -> None:
    finding = implicit(store, mutes=(muting(code="APP001"),), due=DueSettings(high=0))
    assert finding.due is not None
    assert not finding.is_overdue(FAR)


def test_an_assignment_changes_what_it_names_and_an_empty_text_takes_back(store: Path) -> None:
    deciding.assign(desk(store), IMPLICIT, CLIENT_ARN, owner="web", due="2999-01-31")
    deciding.assign(desk(store), IMPLICIT, CLIENT_ARN, ticket="https://tickets.example/7")
    finding = implicit(store)
    assert (finding.owner, finding.due, finding.ticket) == (
        "web",
        date(2999, 1, 31),
        "https://tickets.example/7",
    )
    deciding.assign(desk(store), IMPLICIT, CLIENT_ARN, due="", ticket=" ")
    finding = implicit(store)
    assert (finding.owner, finding.due, finding.ticket) == ("web", OPENED + timedelta(days=30), None)


def test_doctor_names_mutes_of_the_file_that_have_had_their_day(store: Path) -> None:
    mutes = (muting(code="APP001"), muting(code="APP002", reason="long ago", until=date(2020, 1, 1)))
    settings = Configuration(path=Path("poolwatch.toml"), mutes=mutes)
    (sound, expired) = check_settings(settings, store=store, today=date(2027, 1, 1))
    assert sound.message.endswith("2 mutes.")
    assert expired.message == "mutes[2] (long ago) held until 2020-01-01: what it covers counts again."


HOSTILE = ("", "  ", "a\nb", "a\x1b[31m", "a\u202eb", "\x00", "x" * 501)


@pytest.mark.parametrize("reason", HOSTILE)
def test_a_reason_that_is_none_is_refused(reason: str, store: Path) -> None:
    with pytest.raises(UsageError, match="The reason"):
        deciding.mute(desk(store), IMPLICIT, CLIENT_ARN, reason=reason, until="2999-12-31")
    assert not implicit(store).is_muted


@pytest.mark.parametrize("author", HOSTILE)
def test_an_author_that_is_none_is_refused(author: str, store: Path) -> None:
    with pytest.raises(UsageError, match="The author"):
        deciding.mute(desk(store, author=author), IMPLICIT, CLIENT_ARN, reason="x", until="2999-12-31")


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("2020-01-01", "2020-01-01 has passed"),
        ("soon", "'soon' is no day"),
        ("20991231", "is no day"),
        ("2999-02-30", "is no day"),
        ("2999-W01-1", "is no day"),
        ("", "is no day"),
    ],
)
def test_a_day_that_is_none_or_has_passed_is_refused(until: str, told: str, store: Path) -> None:
    with pytest.raises(UsageError, match=told):
        deciding.mute(desk(store), IMPLICIT, CLIENT_ARN, reason="x", until=until)


@pytest.mark.parametrize(
    "ticket",
    [
        "javascript:alert(1)",
        "ftp://tickets.example/7",
        "https://",
        "https://user:secret@tickets.example/7",
        "https://tickets.example/a b",
        "https://tickets.example\\@evil.example/",
        "//tickets.example/7",
        "https://[/",
        "two words",
        "https://tickets.example/" + "x" * 500,
        "S" * 100,
        "SEC-7\x1b[31m",
    ],
)
def test_a_ticket_that_is_no_address_and_no_key_is_refused(ticket: str, store: Path) -> None:
    with pytest.raises(UsageError, match="is no ticket"):
        deciding.assign(desk(store), IMPLICIT, CLIENT_ARN, ticket=ticket)
    assert implicit(store).ticket is None


@pytest.mark.parametrize("ticket", ["SEC-123", "#42", "web/7", "https://tickets.example/x?a=1#b", "http://a"])
def test_tickets_are_addresses_or_keys(ticket: str, store: Path) -> None:
    deciding.assign(desk(store), IMPLICIT, CLIENT_ARN, ticket=ticket)
    assert implicit(store).ticket == ticket
    assert is_link(ticket) is ticket.startswith("http")


def test_what_does_not_fail_and_what_is_not_there_cannot_be_muted(store: Path) -> None:
    passing = next(read_posture(store).having(Outcome.PASS))
    with pytest.raises(UsageError, match=f"{passing.rule.code} passes on .* no failure to decide about"):
        deciding.mute(
            desk(store), passing.rule, passing.evaluation.resource_arn, reason="x", until="2999-12-31"
        )
    with pytest.raises(UsageError, match="judges no resource") as caught:
        deciding.mute(desk(store), IMPLICIT, CLIENT_ARN[:-1], reason="x", until="2999-12-31")
    assert CLIENT_ARN in caught.value.hint
    off = Configuration(switched_off=frozenset({"APP001"}))
    with pytest.raises(UsageError, match="APP001 is switched off"):
        deciding.mute(desk(store, off), IMPLICIT, CLIENT_ARN, reason="x", until="2999-12-31")


def test_an_assignment_of_nothing_is_refused(store: Path) -> None:
    with pytest.raises(UsageError, match="Nothing is assigned"):
        deciding.assign(desk(store), IMPLICIT, CLIENT_ARN)


ROLE = "arn:aws:iam::111122223333:role/guests"


def remedy(code: str, change: str) -> Remedy:
    return Remedy(
        code=code,
        change=change,
        impact="Nobody notices.",
        affected=Affected.NOBODY,
        needs_client_release=False,
        is_reversible=True,
        steps=("Do it.",),
    )


REMEDIES = {
    code: remedy(code, change)
    for code, change in (("APP001", "Take the grant away"), ("GOV001", "Tag it"), ("APP003", "Tag it"))
}


def made(code: str, severity: Severity, arn: str, *targets: str, muted: bool = False) -> Finding:
    evaluation = make_evaluation(Outcome.FAIL, code=code, severity=severity, arn=arn, targets=targets)
    mute = Muting(reason="x", author=None, until=FAR, source=Source.STORE) if muted else None
    return Finding(evaluation=evaluation, rule=RULES[code], opened_at=None, mute=mute)


@pytest.fixture
def _remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("poolwatch.posture.remedies", lambda: REMEDIES)


@pytest.mark.usefixtures("_remedies")
def test_findings_are_grouped_by_the_change_and_where_it_is_made() -> None:
    found = closings(
        [
            made("GOV001", Severity.LOW, "pool-1"),
            made("APP003", Severity.MEDIUM, "pool-1"),
            made("GOV001", Severity.LOW, "pool-2"),
            made("APP001", Severity.HIGH, "client-1"),
            made("APP001", Severity.HIGH, "client-2", muted=True),
        ]
    )
    assert [(each.remedy.change, each.target, each.severity, len(each.findings)) for each in found] == [
        ("Take the grant away", "client-1", Severity.HIGH, 1),
        ("Tag it", "pool-1", Severity.MEDIUM, 2),
        ("Tag it", "pool-2", Severity.LOW, 1),
    ]
    assert len({each.key for each in found}) == 3


@pytest.mark.usefixtures("_remedies")
def test_what_has_to_be_changed_goes_before_the_resource() -> None:
    several = made("APP001", Severity.HIGH, "pool-1", ROLE, "other")
    (first, second) = closings([several, made("APP001", Severity.HIGH, "pool-2", ROLE)])
    assert (first.target, len(first.findings), len(first.closed)) == (ROLE, 2, 1)
    assert (second.target, len(second.findings), len(second.closed)) == ("other", 1, 0)
    assert closing.targets(several) == (ROLE, "other")


@pytest.mark.usefixtures("_remedies")
def test_of_changes_alike_in_severity_the_one_that_closes_more_comes_first() -> None:
    found = closings(
        [
            made("APP001", Severity.HIGH, "one"),
            made("GOV001", Severity.HIGH, "two"),
            made("APP003", Severity.HIGH, "two"),
        ]
    )
    assert [each.target for each in found] == ["two", "one"]


def test_a_store_of_everything_can_be_grouped(store: Path) -> None:
    posture = read_posture(store)
    found = closings(posture.findings)
    grouped = {id(finding) for each in found for finding in each.findings}
    assert grouped == {id(each) for each in posture.having(Outcome.FAIL)}
