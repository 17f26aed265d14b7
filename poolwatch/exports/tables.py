"""Tables as CSV, in which no cell can be taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

from poolwatch.text import cell


def table_csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table of texts of any origin, its header first."""
    yield csv_row(cell(text) for text in header)
    for row in rows:
        yield csv_row(cell(text) for text in row)


def csv_row(cells: Iterable[str]) -> str:
    """Return one line of cells that are harmless already."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
