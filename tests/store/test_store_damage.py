"""Full disks, damaged files, other programs: a clear error, and never a new store over the old one."""

import errno
import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from records.app_client import AppClient
from records.errors import StoreError
from records.run import RunState
from records.user_pool import UserPool
from store import check, database, open_reader
from store.failures import store_errors
from tests.builders import SCOPE, make_app_client, make_user_pool
from tests.store.store_builders import LATER, Answers, run, writing

PAGE = 4096


def region(count: int, name: str = "shop") -> list[tuple[UserPool, list[AppClient]]]:
    return [
        (
            make_user_pool(user_pool_id=f"p{number}", name=f"{name}-{number}"),
            [make_app_client(client_id=f"c{number}", name=f"{name}-{number}")],
        )
        for number in range(count)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(region(200)))
    # Without the room that the spool has left: damage to what nothing uses is none.
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        connection.execute("VACUUM")
    return tmp_path


def test_full_disk_keeps_what_was_there(store: Path) -> None:
    with open_reader(store) as reader:
        before = reader.snapshot()
        with writing(store) as writer:
            (pages,) = writer._connection.execute("PRAGMA page_count").fetchone()
            writer._connection.execute(f"PRAGMA max_page_count = {pages + 3}")
            with pytest.raises(StoreError, match=r"no room left .* MB free") as caught:
                run(writer, Answers(LATER).region(region(200, "renamed")), at=LATER)
            assert "kept" in caught.value.hint
            assert reader.snapshot() == before
            writer.finish_run(2, RunState.FAILED, at=LATER, calls={}, message=caught.value.message)
        assert [each.state for each in reader.runs()] == [RunState.FAILED, RunState.COMPLETE]
    assert check(store) == ()


def test_full_disk_while_a_run_reads_loses_nothing_that_was_kept(store: Path) -> None:
    first, rest = Answers(LATER).region(region(20, "renamed")), Answers(LATER).region(region(2000, "new"))
    with writing(store) as writer:
        run_id = writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=LATER)
        writer.keep(run_id, first)
        (pages,) = writer._connection.execute("PRAGMA page_count").fetchone()
        writer._connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(StoreError, match="no room left"):
            writer.keep(run_id, rest)
        writer.finish_run(run_id, RunState.FAILED, at=LATER, calls={})
    with writing(store) as writer:
        found = writer.resumable([SCOPE], within=timedelta(hours=1), at=LATER)
    assert found is not None
    assert found.answers == len(first)
    assert check(store) == ()


def test_full_disk_under_a_file_is_the_same_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no room left"), store_errors(tmp_path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_mistake_of_ours_is_no_store_error(tmp_path: Path) -> None:
    with (
        closing(sqlite3.connect(":memory:")) as connection,
        pytest.raises(sqlite3.OperationalError),
        store_errors(tmp_path),
    ):
        connection.execute("SELECT no_such_column")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_damaged_page_is_found_and_nothing_made_anew(store: Path, share: float) -> None:
    path = store / "state.sqlite"
    content = bytearray(path.read_bytes())
    page = int(len(content) / PAGE * share)
    content[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as caught, writing(store):
        pass
    assert "backup" in caught.value.hint
    (problem,) = check(store)
    assert "damaged" in problem
    assert path.read_bytes() == bytes(content)


def test_reader_of_a_damaged_page_says_so(store: Path) -> None:
    path = store / "state.sqlite"
    content = bytearray(path.read_bytes())
    content[4 * PAGE :] = b"\xa5" * (len(content) - 4 * PAGE)
    path.write_bytes(content)
    with open_reader(store) as reader, pytest.raises(StoreError, match="damaged"):
        reader.snapshot()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "damaged"),
        (b"no database at all" * 1000, "damaged"),
        (b"SQLite format 3\0" + b"\xff" * PAGE, "damaged"),
    ],
    ids=["empty", "other file", "bad header"],
)
def test_file_that_is_no_database_is_refused_and_kept(store: Path, content: bytes, message: str) -> None:
    path = store / "state.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=message), writing(store):
        pass
    with pytest.raises(StoreError, match=message):
        open_reader(store)
    assert message in check(store)[0]
    assert path.read_bytes() == content


def test_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        connection.execute("CREATE TABLE runs (id INTEGER)")
    with pytest.raises(StoreError, match="not a store of Poolwatch"), writing(tmp_path):
        pass
    with pytest.raises(StoreError, match="not a store of Poolwatch"):
        open_reader(tmp_path)


def test_altered_content_is_found(store: Path) -> None:
    with closing(sqlite3.connect(store / "state.sqlite")) as connection, connection:
        connection.execute(
            "UPDATE contents SET body = CAST(replace(CAST(body AS TEXT), 'shop-77', 'ship-77') AS BLOB)"
        )
    (problem, *_) = check(store)
    assert "not what was collected" in problem


def test_row_that_points_nowhere_is_found(store: Path) -> None:
    with closing(sqlite3.connect(store / "state.sqlite")) as connection, connection:
        connection.execute("DELETE FROM run_scopes")
        connection.execute("UPDATE versions SET last_run = 99 WHERE id = 1")
    assert check(store) == (
        "1 rows of versions point at rows that are not there; restore state.sqlite from a backup",
    )


def test_check_of_no_store_says_so(tmp_path: Path) -> None:
    (problem,) = check(tmp_path)
    assert "there is no store" in problem


def test_lock_of_another_program_is_named(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(store / "state.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked by another program") as caught, writing(store):
            pass
        assert "sqlite3 shell" in caught.value.hint
        with open_reader(store) as reader:
            assert len(tuple(reader.snapshot().user_pools)) == 200
