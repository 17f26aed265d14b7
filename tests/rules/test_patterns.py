"""IAM's patterns compared with each other; every answer is checked against texts that a pattern matches."""

import itertools
import time

import pytest

from rules.patterns import covers, is_pattern, overlaps


def matches(pattern: str, text: str) -> bool:
    """Match as the definition of the wildcards says, however slowly."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(matches(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and matches(pattern[1:], text[1:])


# "c" stands for the letters that no pattern names.
PATTERNS = ["".join(letters) for n in range(4) for letters in itertools.product("ab*?", repeat=n)]
TEXTS = ["".join(letters) for n in range(7) for letters in itertools.product("abc", repeat=n)]


@pytest.fixture(scope="module")
def languages() -> dict[str, frozenset[str]]:
    return {pattern: frozenset(text for text in TEXTS if matches(pattern, text)) for pattern in PATTERNS}


def test_one_pattern_covers_another_only_where_it_matches_all_of_its_texts(
    languages: dict[str, frozenset[str]],
) -> None:
    missed = set()
    for one, other in itertools.product(PATTERNS, repeat=2):
        is_within = languages[other] <= languages[one]
        assert is_within or not covers(one, other), (one, other)
        if is_within and not covers(one, other):
            missed.add((one, "*" in other))
    assert all("*" in one and "?" in one and has_star for one, has_star in missed)


def test_patterns_overlap_where_they_share_a_text(languages: dict[str, frozenset[str]]) -> None:
    for one, other in itertools.product(PATTERNS, repeat=2):
        assert overlaps(one, other) == bool(languages[other] & languages[one]), (one, other)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*"),
        ("arn:aws:s3:::b/${x:y}", "arn:aws:s3:::b/${x:y}"),
    ],
)
def test_a_policy_variable_is_covered_by_a_star_and_by_itself(wide: str, narrow: str) -> None:
    assert covers(wide, narrow)


def test_a_policy_variable_covers_nothing_that_it_does_not_have_to() -> None:
    assert not covers("b/${aws:username}", "b/*")
    assert not covers("b/${aws:username}", "b/alice")
    assert not covers("b/alice", "b/${aws:username}")
    assert overlaps("b/${aws:username}", "b/alice")
    assert not overlaps("b/${aws:username}", "c/alice")


def test_brackets_dots_and_dollars_are_plain_letters() -> None:
    assert not covers("s3:[GP]et", "s3:Get")
    assert not covers("s3.Get", "s3:Get")
    assert not covers("s3:Get$", "s3:Get")
    assert covers("s3:Get\nObject", "s3:Get\nObject")
    assert (is_pattern("s3:Get?"), is_pattern("s3:[a]+")) == (True, False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("*a" * 3000 + "b", "a" * 6000, id="stars that could start over anywhere"),
        pytest.param("?" * 6000 + "b", "*" * 6000, id="question marks"),
        pytest.param("*?" * 3000 + "a", "?*" * 3000 + "b", id="runs of both"),
        pytest.param("a*" * 3000, "*b" * 3000, id="patterns against patterns"),
    ],
)
def test_no_pattern_is_expensive(one: str, other: str) -> None:
    start = time.process_time()
    covers(one, other), covers(other, one), overlaps(one, other), overlaps(other, one)
    assert time.process_time() - start < 2
