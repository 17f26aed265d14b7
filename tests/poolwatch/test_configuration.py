"""What poolwatch.toml may say: each mistake is told, with its place and the nearest right key."""

import os
import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from poolwatch import settings
from poolwatch.configuration import (
    AcceptedGap,
    AccountSettings,
    Configuration,
    DueSettings,
    FileSettings,
    MuteSettings,
    UserPoolSettings,
)
from poolwatch.configuration_file import parse
from records.errors import SettingsError
from records.evaluation import Outcome, Severity
from records.facet import FacetName, Gap, Reason
from records.intent import Intent
from records.resource import Scope
from records.run import RunGap
from rules.baselines import BASELINES
from rules.catalogue import catalogue
from rules.intents import DeclaredIntent
from tests.builders import SCOPE
from tests.command_line import run
from tests.store.store_builders import make_evaluation

ROOT = Path(__file__).parents[2]
ROLE = "arn:aws:iam::222233334444:role/audit/poolwatch"
HERE = Scope("222233334444", "eu-west-1")
RULE = next(rule for rule in catalogue() if rule.parameters)
PARAMETER = next(iter(RULE.parameters))


def parsed(text: str, **beside: str) -> Configuration:
    return parse(text, path=Path("/etc/poolwatch.toml"), read_beside=lambda name: beside[Path(name).stem])


def mistakes(text: str, **beside: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        parsed(text, **beside)
    return caught.value.mistakes


def mfa_gap(scope: Scope = HERE, pool: str = "eu-west-1_Shop") -> RunGap:
    facet = FacetName.MFA_CONFIGURATION
    gap = Gap(operation=facet.operation, reason=Reason.DENIED, message="no")
    return RunGap(scope=scope, resource_arn=scope.user_pool_arn(pool), facet=facet, gap=gap)


def test_an_empty_file_says_what_no_file_says() -> None:
    found = parsed("")
    assert (found.accounts, found.accepted_gaps, found.store) == ((), (), None)
    assert found.baseline == Configuration().baseline == BASELINES["fsbp"]


def test_everything_that_a_file_may_say() -> None:
    found = parsed(
        f"""
        store = "data"
        rate_share = 0.3
        baseline = "fsbp"
        accounts_file = "more.csv"
        [[accounts]]
        role_arn = "{ROLE}"
        external_id = "customer-7"
        profile = "hub"
        name = "shop"
        environment = "production"
        owner = "web"
        regions = ["eu-west-1"]
        [rules.{RULE.code}]
        {PARAMETER} = 7
        [rules.APP001]
        enabled = false
        [[user_pools]]
        tag = "environment=test"
        intents = ["development", "federated-only"]
        [[accepted_gaps]]
        facet = "mfa_configuration"
        reason = "the policy comes in March"
        until = 2027-03-31
        [[mutes]]
        code = "APP*"
        resource = "*:userpool/eu-west-1_Shop*"
        account = "222233334444"
        tag = "stage=test"
        reason = "gone in summer"
        author = "ann"
        until = 2027-06-30
        [due]
        high = 14
        """,
        more='id,name,regions\r\n333344445555,staging,"eu-west-1; us-east-1"\r\n,,\r\n',
    )
    shop, staging = found.accounts
    assert (shop.account_id, shop.profile, shop.external_id) == ("222233334444", "hub", "customer-7")
    assert (shop.info.name, shop.info.environment, shop.info.owner) == ("shop", "production", "web")
    assert (staging.account_id, staging.regions) == ("333344445555", ("eu-west-1", "us-east-1"))
    assert found.store == Path("/etc/data")
    assert found.rate_share == 0.3
    assert found.baseline.parameters == {RULE.code: {PARAMETER: 7}}
    assert found.baseline.switched_off == {*BASELINES["fsbp"].switched_off, "APP001"}
    assert found.baseline.intents.declared == (
        DeclaredIntent(
            intents=frozenset({Intent.DEVELOPMENT, Intent.FEDERATED_ONLY}), tag=("environment", "test")
        ),
    )
    assert found.accepted_gaps[0].covers(mfa_gap())
    (mute,) = found.handling.mutes
    assert (mute.code, mute.author, mute.until) == ("APP*", "ann", date(2027, 6, 30))
    assert found.handling.due == DueSettings(critical=7, high=14, medium=90, low=180)
    assert found.handling.owners == {"222233334444": "web"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stroe = 'x'", "stroe is unknown; did you mean store?"),
        ("events = []", "events is unknown; known here: store, "),
        ("store = ''", 'store is "", but must be a path'),
        ("rate_share = 5", 'rate_share is 5, but must be a number from 0.01 to 1, or "off"'),
        ("rate_share = true", "rate_share is true, but must be a number"),
        ("rate_share = nan", "rate_share is nan, but must be a number"),
        ("baseline = 'fsbq'", 'baseline: there is no baseline "fsbq"; did you mean fsbp?'),
        ("accounts = 3", "accounts is 3, but must be [[accounts]] tables"),
        ("accounts = [3]", "accounts[1] is 3, but must be a table"),
        ("[[accounts]]\nname = 'x'", "accounts[1].id is missing; an account has an id, or a role_arn"),
        (
            "[[accounts]]\nid = 222233334444",
            "accounts[1].id is 222233334444, but must be an account's id, 12",
        ),
        ("[[accounts]]\nid = '22223333444'", 'accounts[1].id is "22223333444", but must be'),
        (
            f"[[accounts]]\nrole_arn = '{ROLE}'\nid = '333344445555'",
            "role_arn is of another account, 222233334",
        ),
        ("[[accounts]]\nrole_arn = 'arn:aws:iam::2:role/x'", "accounts[1].role_arn is "),
        ("[[accounts]]\nid = '222233334444'\nexernal_id = 'x'", "did you mean external_id?"),
        ("[[accounts]]\nid = '222233334444'\nexternal_id = 'xx'", "external_id goes with a role_arn"),
        ("[[accounts]]\nid = '222233334444'\nregions = []", "regions is [], but must be a list of regions"),
        ("[[accounts]]\nid = '222233334444'\nregions = ['EU']", 'regions is ["EU"], but must be'),
        ('[[accounts]]\nid = "222233334444"\nname = "a\\nb"', "but must be a text on one line"),
        (
            f"[[accounts]]\nid = '222233334444'\n[[accounts]]\nrole_arn = '{ROLE}'",
            "accounts[2] is account 2222",
        ),
        ("[[user_pools]]\ntag = 'a=b'", "user_pools[1].intents is missing; it is a list of public-sign-up"),
        ("[[user_pools]]\nintents = ['development']", "user_pools[1] must have a resource or a tag"),
        (
            "[[user_pools]]\ntag = 'a=b'\nintents = ['developement']",
            'user_pools[1].intents: there is no intent "developement"; did you mean development?',
        ),
        ("[[user_pools]]\ntag = 'a'\nintents = ['development']", 'tag is "a", but must be a tag, such as'),
        ("[rules]\nAPP001 = 1", "rules.APP001 is 1, but must be a table"),
        ("[rules.APP01]", 'there is no rule "APP01"; did you mean APP0'),
        ("[rules.APP001]\nenabled = 1", "rules.APP001.enabled is 1, but must be true or false"),
        (f"[rules.{RULE.code}]\nx{PARAMETER} = 1", f"is unknown; did you mean {PARAMETER}?"),
        (f"[rules.{RULE.code}]\n{PARAMETER} = 1.5", "is 1.5, but must be a whole number"),
        (f"[rules.{RULE.code}]\n{PARAMETER} = -1", "is -1, but must be a whole number, 0 or more"),
        ("[rules.APP001]\nenabled = 0x" + "f" * 5000, "is a huge number, but must be true or false"),
        (
            "[[accepted_gaps]]\nfacet = 'mfa_configuration'\nuntil = 2027-01-01",
            "accepted_gaps[1].reason is missing",
        ),
        ("[[accepted_gaps]]\nfacet = 'mfa_configuration'\nreason = 'x'", "accepted_gaps[1].until is missing"),
        ("[[accepted_gaps]]\nreason = 'x'\nuntil = 2027-01-01", "must have either an operation or a facet"),
        ("[[accepted_gaps]]\nfacet = 'mfa'", 'accepted_gaps[1].facet: there is no facet of that name: "mfa"'),
        (
            "[[accepted_gaps]]\noperation = 'cognito-idp:GetUserPoolMFAConfig'",
            "did you mean cognito-idp:GetUserPoolMfaConfig?",
        ),
        ("[[accepted_gaps]]\nuntil = 'soon'", 'accepted_gaps[1].until is "soon", but must be a day'),
        ("[[accepted_gaps]]\nresource = 'pool'", 'resource is "pool", but must be an ARN'),
        (
            "[[mutes]]\nreason = 'x'\nuntil = 2027-01-01",
            "mutes[1] must have a code, a resource, an account or",
        ),
        ("[[mutes]]\ncode = 'APP001'\nuntil = 2027-01-01", "mutes[1].reason is missing"),
        ("[[mutes]]\ncode = 'APP001'\nreason = 'x'", "mutes[1].until is missing; it is a day"),
        ("[[mutes]]\ncode = 'APP001'\nresaon = 'x'", "mutes[1].resaon is unknown; did you mean reason?"),
        (
            "[[mutes]]\ncode = 'APP01'\nreason = 'x'\nuntil = 2027-01-01",
            'mutes[1].code: there is no rule "APP01"; did you mean APP0',
        ),
        (
            "[[mutes]]\ncode = 'QQQ*'\nreason = 'x'\nuntil = 2027-01-01",
            'mutes[1].code: no rule\'s code is like "QQQ*"',
        ),
        ("[[mutes]]\ncode = 'APP001'\nreason = ' '", 'mutes[1].reason is "", but must be a text on one line'),
        ("[[mutes]]\ntag = 'test'", 'mutes[1].tag is "test", but must be a tag'),
        ("mutes = 1", "mutes is 1, but must be [[mutes]] tables"),
        ("[due]\nhigh = -1", "due.high is -1, but must be a number of days from 0 to 3650"),
        ("[due]\nhihg = 1", "due.hihg is unknown; did you mean high?"),
        ("store = = 1", "is not TOML: Invalid value (at line 1, column 9)"),
        ("a = " + "[" * 100_000, "is nested too deeply"),
        ("a = " + "9" * 5000, "is not TOML: "),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, told: str) -> None:
    found = mistakes(text)
    assert any(told in each for each in found), found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "more.csv is empty; its first line names the columns"),
        ("id,reigons\n222233334444,eu-west-1\n", "more.csv line 2.reigons is unknown; did you mean regions?"),
        (
            "id\n222233334444\n222233334444\n",
            "more.csv line 3 is account 222233334444 again, which is more.csv l",
        ),
        ("id\n22223333444,x\n", "more.csv line 2 has 2 cells, but there are 1 columns"),
        ('id\n"2222', "more.csv line 2 is not CSV: unexpected end of data"),
        ("id,name,id\n222233334444,shop,333344445555\n", "more.csv has columns twice: id"),
        ("name\nshop\n", "more.csv line 2.id is missing"),
    ],
)
def test_a_mistake_in_the_accounts_file_is_told_with_its_line(text: str, told: str) -> None:
    (found, *_) = mistakes("accounts_file = 'more.csv'", more=text)
    assert told in found


def test_all_mistakes_are_told_at_once_and_no_secret_is() -> None:
    found = mistakes(
        f"""
        stroe = "x"
        [[accounts]]
        id = 1
        role_arn = "{ROLE}"
        external_id = "geheim und falsch"
        [[accounts]]
        id = "333344445555"
        exernal_id = "geheim"
        [[accepted_gaps]]
        facet = "mfa"
        """
    )
    assert len(found) == 7
    assert "geheim" not in str(found)
    assert "geheim" not in repr(parsed(f"[[accounts]]\nrole_arn = '{ROLE}'\nexternal_id = 'geheim'"))


@pytest.mark.parametrize(
    ("changes", "covers"),
    [
        ({}, True),
        ({"operation": "cognito-idp:DescribeUserPool"}, False),
        ({"operation": None, "facet": "mfa_configuration"}, True),
        ({"operation": None, "facet": "user_pool"}, False),
        ({"account": "222233334444"}, True),
        ({"account": "333344445555"}, False),
        ({"region": "eu-west-1"}, True),
        ({"region": "us-east-1"}, False),
        ({"resource": "*"}, True),
        ({"resource": "arn:aws:cognito-idp:*:userpool/eu-west-1_Sh*"}, True),
        ({"resource": "arn:aws:cognito-idp:*:userpool/eu-west-1_Sh"}, False),
        ({"resource": "arn:aws:cognito-idp:*:userpool/eu-west-1_.hop"}, False),
    ],
)
def test_what_an_accepted_gap_covers(changes: dict[str, str | None], *, covers: bool) -> None:
    whole = {"operation": "cognito-idp:GetUserPoolMfaConfig", "reason": "x", "until": date(2027, 3, 31)}
    assert msgspec.convert(whole | changes, AcceptedGap).covers(mfa_gap()) is covers


def test_an_accepted_gap_holds_through_its_last_day() -> None:
    accepted = AcceptedGap(facet="user_pool", reason="x", until=date(2027, 3, 31))
    assert [accepted.has_expired(date(2027, month, 1)) for month in (3, 4)] == [False, True]
    assert not accepted.has_expired(date(2027, 3, 31))


@pytest.mark.parametrize(
    ("changes", "covers"),
    [
        ({"code": "MFA001"}, True),
        ({"code": "MFA*"}, True),
        ({"code": "MFA"}, False),
        ({"code": "APP*"}, False),
        ({"account": SCOPE.account_id}, True),
        ({"account": "333344445555"}, False),
        ({"resource": "*:userpool/p*"}, True),
        ({"resource": "*:userpool/q*"}, False),
        ({"tag": "stage=test"}, True),
        ({"tag": "stage=prod"}, False),
        ({"tag": "stage="}, False),
        ({"code": "MFA001", "account": "333344445555"}, False),
    ],
)
def test_what_a_mute_covers(changes: dict[str, str], *, covers: bool) -> None:
    mute = msgspec.convert({"reason": "x", "until": date(2027, 3, 31)} | changes, MuteSettings)
    assert mute.covers(make_evaluation(Outcome.FAIL), (("stage", "test"),)) is covers


def test_nothing_is_due_for_what_is_no_problem() -> None:
    assert [DueSettings().days(each) for each in Severity] == [7, 30, 90, 180, None]


def test_the_file_is_found_by_option_variable_and_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POOLWATCH_CONFIG")
    assert settings.config_path() is None
    Path("poolwatch.toml").write_text("rate_share = 0.1", encoding="utf-8")
    assert settings.configuration().rate_share == 0.1
    Path("other.toml").write_text("rate_share = 0.2", encoding="utf-8")
    monkeypatch.setenv("POOLWATCH_CONFIG", "other.toml")
    assert settings.configuration().rate_share == 0.2
    assert settings.configuration(Path("poolwatch.toml")).rate_share == 0.1
    monkeypatch.setenv("POOLWATCH_CONFIG", "")
    assert settings.configuration().path is None


def test_options_and_variables_go_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    configured = parsed("store = 'here'\nrate_share = 0.2")
    monkeypatch.delenv("POOLWATCH_STORE")
    assert settings.default_store(configured) == Path("/etc/here")
    assert settings.rate_share(None, configured) == 0.2
    assert settings.rate_share(None, parsed("rate_share = 'off'")) is None
    monkeypatch.setenv("POOLWATCH_STORE", "/there")
    monkeypatch.setenv("POOLWATCH_RATE_SHARE", "0.4")
    assert settings.default_store(configured) == Path("/there")
    assert settings.rate_share(None, configured) == 0.4
    assert settings.rate_share("0.5", configured) == 0.5


def big(path: Path) -> None:
    path.write_bytes(b"#" * 10_000_000)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda _path: None, "cannot be read: No such file"),
        (Path.mkdir, "cannot be read: Is a directory"),
        (os.mkfifo, "is not a file"),
        (lambda path: path.symlink_to(path), "cannot be read: "),
        (lambda path: path.write_bytes(b"store = '\xff'"), "is not UTF-8, from byte 9 on"),
        (big, "is larger than 4 MiB"),
        (
            lambda path: path.write_text("accounts_file = 'nosuch.csv'", encoding="utf-8"),
            "nosuch.csv: cannot be",
        ),
    ],
    ids=["missing", "directory", "pipe", "loop", "not UTF-8", "10 MB", "names a file that is missing"],
)
def test_a_file_that_cannot_be_used_ends_with_2(
    tmp_path: Path, make: Callable[[Path], object], told: str
) -> None:
    path = tmp_path / "poolwatch.toml"
    make(path)
    for command in (["collect"], ["scan"], ["verify", "APP001", "x"], ["dashboard"]):
        result = run("--config", path, *command)
        assert result.exit_code == 2
        assert told in result.stderr


def test_every_mistake_is_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "poolwatch.toml"
    path.write_text("stroe = 1\nrate_share = 5\n[rules.APP01]\n", encoding="utf-8")
    lines = run("scan", "--config", path).stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["error", "error", "error", "hint"]


def documented(kind: type[msgspec.Struct]) -> set[str]:
    return {each.name for each in msgspec.structs.fields(kind)}


def test_the_example_is_sound_and_has_every_key() -> None:
    text = (ROOT / "poolwatch.example.toml").read_text(encoding="utf-8")
    # What is commented out is an example as well.
    whole = re.sub(r"^#(?=[a-z\[])", "", text, flags=re.MULTILINE)
    for each in (text, whole):
        parsed(each, accounts="id,name,profile\n999988887777,archive,archive\n")
    raw = tomllib.loads(whole)
    assert set(raw) == documented(FileSettings)
    assert {key for account in raw["accounts"] for key in account} == documented(AccountSettings)
    assert {key for gap in raw["accepted_gaps"] for key in gap} == documented(AcceptedGap)
    assert {key for pools in raw["user_pools"] for key in pools} == documented(UserPoolSettings)
    assert {key for mute in raw["mutes"] for key in mute} == documented(MuteSettings)
    assert set(raw["due"]) == documented(DueSettings)


def test_the_settings_page_has_every_key_and_no_other() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)
    tables = {
        section.splitlines()[0]: set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))
        for section in sections
    }
    assert tables["The file's own keys"] | {
        "accounts",
        "rules",
        "accepted_gaps",
        "user_pools",
        "mutes",
        "due",
    } == documented(FileSettings)
    assert tables["`[[accounts]]`"] == documented(AccountSettings)
    assert tables["`[[accepted_gaps]]`"] == documented(AcceptedGap)
    assert tables["`[[user_pools]]`"] == documented(UserPoolSettings)
    assert tables["`[[mutes]]`"] == documented(MuteSettings)
    assert tables["`[due]`"] == documented(DueSettings)
