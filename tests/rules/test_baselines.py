"""The baselines' data files: every code and key in them is a rule's, and they differ in what they say."""

import re
from importlib import resources

import pytest

from rules.baselines import BASELINES, FSBP
from rules.catalogue import catalogue
from rules.engine import Baseline
from tests.builders import make_mfa_configuration, make_password_policy
from tests.rules.judging import judge, user_pool

RULES = {rule.code: rule for rule in catalogue()}
each_baseline = pytest.mark.parametrize("baseline", BASELINES.values(), ids=lambda each: each.name)


def test_there_are_four() -> None:
    assert sorted(BASELINES) == ["fsbp", "nist", "pci", "strict"]
    assert FSBP is BASELINES["fsbp"]


@each_baseline
def test_codes_and_keys_are_those_of_rules(baseline: Baseline) -> None:
    assert baseline.title
    assert baseline.switched_off <= set(RULES)
    for code, parameters in baseline.parameters.items():
        assert set(parameters) <= set(RULES[code].parameters)
        assert parameters.items() - RULES[code].parameters.items()
    for code, names in baseline.names.items():
        assert set(names) <= set(RULES[code].names)


@each_baseline
def test_a_file_holds_nothing_else(baseline: Baseline) -> None:
    text = resources.files("rules.baselines").joinpath(f"{baseline.name}.toml").read_text(encoding="utf-8")
    tables = set(re.findall(r"^\[(.+)\]$", text, re.MULTILINE))
    assert tables == {f"rules.{code}" for code in (*baseline.parameters, *baseline.names)}
    assert set(re.findall(r"^(\w+) =", text.split("\n[")[0], re.MULTILINE)) <= {"title", "switched_off"}


def test_strict_runs_every_rule_and_asks_no_less_than_the_others() -> None:
    assert BASELINES["strict"].switched_off == frozenset()
    for each in BASELINES.values():
        assert each.switched_off == FSBP.switched_off or each.name == "strict"


@pytest.mark.parametrize(
    ("baseline", "mfa", "shortest"),
    [
        ("fsbp", "OFF", 8),
        ("fsbp", "ON", 8),
        ("nist", "OFF", 15),
        ("nist", "OPTIONAL", 15),
        ("nist", "ON", 8),
        ("pci", "ON", 12),
        ("strict", "ON", 14),
    ],
)
def test_the_shortest_password_that_each_accepts(baseline: str, mfa: str, shortest: int) -> None:
    def problems(length: int) -> tuple[str, ...]:
        policy = make_password_policy(minimum_length=length, temporary_password_days=1)
        snapshot = user_pool(password_policy=policy, mfa=make_mfa_configuration(mode=mfa))
        return judge(RULES["AUT005"], snapshot, baseline=BASELINES[baseline]).messages

    assert problems(shortest) == ()
    assert problems(shortest - 1)


def test_nist_asks_for_no_classes_of_characters() -> None:
    policy = make_password_policy(minimum_length=15, requires_symbols=False)
    snapshot = user_pool(password_policy=policy)
    assert judge(RULES["AUT005"], snapshot, baseline=BASELINES["nist"]).messages == ()
    assert judge(RULES["AUT005"], snapshot, baseline=FSBP).messages == ("accepts passwords without a symbol",)


def test_a_length_of_the_settings_goes_for_user_pools_with_mfa_too() -> None:
    longer = Baseline(name="own", parameters={"AUT005": {"minimum_length": 20}})
    snapshot = user_pool(password_policy=make_password_policy(minimum_length=19))
    assert judge(RULES["AUT005"], snapshot, baseline=longer).messages == (
        "accepts passwords of 19 characters, fewer than 20",
    )
