import pytest

from poolwatch.text import cell, counted, listed, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("tarnfell-shop", "tarnfell-shop", id="ordinary"),
        pytest.param("Ångström 東京", "Ångström 東京", id="other scripts"),
        pytest.param("\x1b[31mred\x1b[0m", "[31mred [0m", id="ANSI escape"),
        pytest.param("a\x9b31mb", "a 31mb", id="C1 control"),
        pytest.param("photo\u202egnp.exe", "photognp.exe", id="right-to-left override"),
        pytest.param("a\u2066b\u2069\u200e\u061cc", "abc", id="isolates and marks"),
        pytest.param("a\r\nb\tc\u2028d", "a b c d", id="line breaks"),
        pytest.param("  a   b ", "a b", id="runs of spaces"),
        pytest.param("a\x00\ud800b", "a b", id="NUL and lone surrogate"),
        pytest.param("👩\u200d🚒", "👩\u200d🚒", id="emoji of two"),
        pytest.param("", "", id="empty"),
    ],
)
def test_plain_keeps_text_and_drops_what_steers(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_plain_shortens_a_long_name() -> None:
    assert plain("n" * 10_000, 20) == "n" * 19 + "…"
    assert plain("n" * 20, 20) == "n" * 20


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_cell_never_starts_a_formula(start: str) -> None:
    assert cell(f"{start}1+1") == f"'{start}1+1"
    assert cell(f" \u200e{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_a_cell_that_began_with_a_separator_is_marked(start: str) -> None:
    assert cell(f"{start}=1") == "'=1"
    assert cell(f"{start}x") == "'x"


def test_an_ordinary_cell_stays_as_it_is() -> None:
    assert cell("a=b, c") == "a=b, c"
    assert len(cell("n" * 100_000)) == 32_000


def test_numbers_have_their_nouns() -> None:
    assert [counted(number, "user pool") for number in (0, 1, 1200)] == [
        "0 user pools",
        "1 user pool",
        "1,200 user pools",
    ]


def test_long_lists_end_in_a_number() -> None:
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"
