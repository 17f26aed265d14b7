"""docs/withstands.md names tests that exist."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = [
    line.rpartition("| ")[2].removesuffix(" |")
    for line in (ROOT / "docs" / "withstands.md").read_text().splitlines()
    if "::test_" in line
]


def test_there_are_rows() -> None:
    assert len(ROWS) > 30


@pytest.mark.parametrize("row", ROWS)
def test_the_test_is_there(row: str) -> None:
    file, _, name = row.partition("::")
    tree = ast.parse((ROOT / file).read_text())
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
