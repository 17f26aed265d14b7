from records.evaluation import Outcome, Severity


def test_the_worst_stands_first() -> None:
    assert min(Severity, key=lambda each: each.rank) is Severity.CRITICAL
    assert min(Outcome, key=lambda each: each.rank) is Outcome.FAIL


def test_what_could_not_be_decided_is_neither_good_nor_bad() -> None:
    assert {each for each in Outcome if not each.is_judged} == {Outcome.UNKNOWN, Outcome.ERROR}
