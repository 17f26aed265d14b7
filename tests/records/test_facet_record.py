from dataclasses import replace

import pytest

from records.facet import Facet, NotCollectedError, Reading, Reason
from tests.builders import NOW, make_gap


def test_a_reading_gives_its_value() -> None:
    assert Facet[int].read(1, NOW).value == 1


def test_a_gap_hides_the_last_good_value() -> None:
    gap = make_gap("cognito-idp:GetUserPoolMfaConfig", Reason.THROTTLED)
    facet = Facet[int].missing(gap, Reading(1, NOW))

    with pytest.raises(NotCollectedError, match="cognito-idp:GetUserPoolMfaConfig: throttled") as error:
        _ = facet.value
    assert error.value.gap is gap


def test_what_is_known_is_this_runs_value_alone() -> None:
    gap = make_gap("iam:GetRole")

    assert Facet.read("on", NOW).known == "on"
    assert Facet[str].missing(gap).known is None
    assert Facet.missing(gap, Reading("on", NOW)).known is None


def test_a_facet_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="a reading or a gap"):
        Facet[int](None)


def test_a_region_that_is_off_is_no_fault() -> None:
    assert make_gap(reason=Reason.REGION_OFF).is_off
    assert not make_gap(reason=Reason.DENIED).is_off


def test_a_gap_that_its_owner_accepts_is_no_fault() -> None:
    assert replace(make_gap(reason=Reason.DENIED), accepted="another team's account").is_off
