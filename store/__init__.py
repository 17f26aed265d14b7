"""The store: the one place that keeps what was read of AWS and what was judged of it.

A store is a directory with `state.sqlite` in it. One `Writer` at a time changes it, any number of `Reader`s
look at it meanwhile; a `Ledger` waits for its turn to keep what a person decides.
"""

from store.checks import check
from store.ledger import Ledger, open_ledger
from store.reader import Reader, exists, open_reader
from store.writer import Writer, open_writer

__all__ = [
    "Ledger",
    "Reader",
    "Writer",
    "check",
    "exists",
    "open_ledger",
    "open_reader",
    "open_writer",
]
