"""Wildcards mean any characters, nothing else has a meaning, and no number of them takes long."""

import time

import pytest

from records.wildcards import as_pattern

ARN = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_shop/identityprovider/" + "a" * 32


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("APP001", "APP001", True),
        ("APP001", "APP0011", False),
        ("APP*", "APP001", True),
        ("*", "", True),
        ("***", "anything", True),
        ("*001", "APP001", True),
        ("*01*01", "APP01", False),
        ("a*ab", "ab", False),
        ("*a*b*", "xaxbx", True),
        ("*aab", "aaab", True),
        ("a.c", "abc", False),
        ("(*", "(x", True),
        ("a*b", "a\nb", True),
    ],
)
def test_a_star_stands_for_any_characters_alone(pattern: str, text: str, *, fits: bool) -> None:
    assert (as_pattern(pattern).fullmatch(text) is not None) is fits


@pytest.mark.parametrize(
    "pattern", ["arn:" + "*" * 2_000 + "1X", "arn:" + "*a" * 30 + "X", "*a*a*" * 9 + "X"]
)
def test_no_number_of_stars_takes_long(pattern: str) -> None:
    began = time.monotonic()
    assert as_pattern(pattern).fullmatch(ARN) is None
    assert time.monotonic() - began < 1
