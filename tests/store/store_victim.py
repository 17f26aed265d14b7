"""A collector that dies on the spot: `python -m tests.store.store_victim DIRECTORY INSTANT`.

It does one run at LATER over a store that a first run has filled, and goes on with a run that was cut short.
INSTANT names where it dies: `answer N` or `evaluation N` (before the nth is handed over), `steps N` (after so
many thousand instructions of SQLite), `begun`, `kept`, `published`, `evaluated`, `finished`, `committed`,
`creating`, `migrating`, or `never`.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from records.evaluation import Evaluation, Outcome
from records.facet import FacetName
from records.run import Answer, RunState
from store import Writer, database, open_writer, schema
from tests.builders import NOW, SCOPE, make_app_client, make_identity_pool, make_user_pool
from tests.store.store_builders import DENIED, LATER, Answers, make_evaluation, run, without

T = TypeVar("T")

SIZE = 40
CODES = ("MFA001", "APP001")
PART = 16
HOUR = timedelta(hours=1)
THOUSAND = 1000


def first_run(writer: Writer) -> None:
    """Fill a store with what the victim's run will change."""
    run(writer, _answers("shop", range(SIZE), Answers(NOW)), _evaluations(Outcome.FAIL), at=NOW, codes=CODES)


def second_answers() -> list[Answer]:
    """Answer with some user pools gone, some new, all app clients changed, and one facet denied."""
    later = Answers(LATER)
    denied = later.one(FacetName.RISK_CONFIGURATION, SCOPE.user_pool_arn("p20"), DENIED)
    answers = without(_answers("store", range(5, SIZE + 5), later), FacetName.IDENTITY_POOL_ROLES)
    return [*(each for each in answers if not _is_of(denied, each)), denied]


def second_evaluations() -> list[Evaluation]:
    """Judge so that findings stay, close, open and cannot be judged."""
    outcomes = (Outcome.FAIL, Outcome.PASS, Outcome.UNKNOWN)
    return [each for outcome in outcomes for each in _evaluations(outcome)][1 :: len(outcomes)]


def second_run(writer: Writer, instant: str = "never", *, resumes: bool = True) -> int:
    """Do the run that is to be interrupted; return how many answers it had from one that was."""
    found = writer.resumable([SCOPE], within=HOUR, at=LATER) if resumes else None
    run_id = writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=LATER, resumes=found)
    _die_at(instant, "begun")
    carried = 0
    answers = _deadly(second_answers(), instant, "answer")
    while part := list(islice(answers, PART)):
        had = [writer.carried(run_id, each.scope, each.facet, each.resource_arn) for each in part]
        carried += sum(each is not None for each in had)
        writer.keep(run_id, [old or new for old, new in zip(had, part, strict=True)])
    _die_at(instant, "kept")
    with writer.transaction():
        writer.publish(run_id)
        _die_at(instant, "published")
        writer.snapshot(run_id)
        writer.record(run_id, _deadly(second_evaluations(), instant, "evaluation"), codes=CODES, at=LATER)
        _die_at(instant, "evaluated")
        writer.finish_run(run_id, RunState.PARTIAL, at=LATER, calls={})
        _die_at(instant, "finished")
    _die_at(instant, "committed")
    return carried


def _answers(name: str, numbers: Iterable[int], answers: Answers) -> list[Answer]:
    pools = [
        (
            make_user_pool(user_pool_id=f"p{number}", estimated_users=answers.at.hour),
            [make_app_client(client_id=f"c{number}", user_pool_id=f"p{number}", name=f"{name}-{number}")],
        )
        for number in numbers
    ]
    return answers.region(pools, [make_identity_pool(identity_pool_id="i1")])


def _evaluations(outcome: Outcome) -> list[Evaluation]:
    return [
        make_evaluation(outcome, code=code, arn=SCOPE.user_pool_arn(f"p{number}"))
        for code in CODES
        for number in range(SIZE)
    ]


def _is_of(one: Answer, other: Answer) -> bool:
    return (one.facet, one.resource_arn) == (other.facet, other.resource_arn)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at(instant: str, here: str) -> None:
    if instant == here:
        _die()


def _deadly(items: Iterable[T], instant: str, kind: str) -> Iterator[T]:
    for number, item in enumerate(items):
        _die_at(instant, f"{kind} {number}")
        yield item


def _die_after_steps(writer: Writer, steps: int) -> None:
    left = iter(range(steps))

    def count() -> int:
        if next(left, None) is None:
            _die()
        return 0

    writer._connection.set_progress_handler(count, THOUSAND)


def _die_while_migrating() -> None:
    connect = database._connect

    def connect_deadly(path: Path, mode: str) -> sqlite3.Connection:
        connection = connect(path, mode)
        connection.create_function("die", 0, _die)
        return connection

    script = "CREATE TABLE half (id INTEGER); INSERT INTO half VALUES (1); SELECT die();"
    patch("store.schema.MIGRATIONS", (*schema.MIGRATIONS, script)).start()
    patch("store.database._connect", connect_deadly).start()


def main(directory: Path, instant: str) -> None:
    if instant == "creating":
        patch("store.database.replace_durably", lambda *_: _die()).start()
    if instant == "migrating":
        _die_while_migrating()
    with open_writer(directory, is_demo=False) as writer:
        print("open", flush=True)  # noqa: T201  (the parent waits for it)
        if instant.startswith("steps "):
            _die_after_steps(writer, int(instant.removeprefix("steps ")))
        second_run(writer, instant)


if __name__ == "__main__":
    main(Path(sys.argv[1]), " ".join(sys.argv[2:]))
