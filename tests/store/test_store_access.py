"""Who may open a store, what is made for it, and how it comes forward from older schemas."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from records.app_client import AppClient
from records.errors import StoreError
from records.facet import Facet, FacetName
from records.run import RunState
from records.user_pool import UserPool
from store import check, exists, open_reader, open_writer, schema
from tests.builders import NOW, SCOPE, make_user_pool
from tests.store.store_builders import LAST, LATER, Answers, run, writing

ROOT = Path(__file__).parents[2]
POOLS: list[tuple[UserPool, list[AppClient]]] = [(make_user_pool(user_pool_id="p1"), [])]
SCHEMA_1 = Path(__file__).with_name("schema_1.sql")
# All that was in the store then; gaps have gained a column since.
OF_SCHEMA_1 = (
    "SELECT * FROM runs ORDER BY 1",
    "SELECT * FROM scopes ORDER BY 1",
    "SELECT * FROM run_scopes ORDER BY 1, 2",
    "SELECT * FROM contents ORDER BY 1",
    "SELECT * FROM versions ORDER BY 1",
    """
    SELECT run_id, scope_id, resource_arn, facet, operation, reason, message
    FROM gaps ORDER BY 1, 2, 3, 4
    """,
    "SELECT * FROM usage_samples ORDER BY 1, 2, 3",
    "SELECT * FROM transitions ORDER BY 1",
    "SELECT * FROM outcome_counts ORDER BY 1, 2, 3",
)
NOTE = "ALTER TABLE runs ADD COLUMN note TEXT; UPDATE runs SET note = 'of version ' || version;"


@pytest.fixture
def _wide_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(directory: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (directory, *directory.iterdir())}


@pytest.mark.usefixtures("_wide_umask")
def test_directory_and_files_are_the_owners_alone(tmp_path: Path) -> None:
    store = tmp_path / "deep" / "store"
    with writing(store) as writer:
        run(writer, Answers().region(POOLS))
        with open_reader(store) as reader:
            reader.snapshot()
            found = modes(store)
    assert found.pop("store") == 0o700
    assert set(found) >= {
        "state.sqlite",
        "state.sqlite-wal",
        "state.sqlite-shm",
        "writer.lock",
        "writer.json",
    }
    assert set(found.values()) == {0o600}
    with open_reader(store) as reader:
        reader.snapshot()
        assert all(mode == 0o600 for name, mode in modes(store).items() if name != "store")


def test_store_that_was_opened_to_others_is_closed_to_them(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    tmp_path.chmod(0o755)
    (tmp_path / "state.sqlite").chmod(0o644)
    assert [problem.split()[0] for problem in check(tmp_path)] == [
        str(tmp_path),
        str(tmp_path / "state.sqlite"),
    ]
    with writing(tmp_path):
        pass
    assert check(tmp_path) == ()


def test_empty_directory_is_taken_and_closed_to_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with writing(tmp_path):
        assert modes(tmp_path)[tmp_path.name] == 0o700


def test_open_directory_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").touch(mode=0o644)
    tmp_path.chmod(0o755)
    with pytest.raises(StoreError, match="other files") as caught, writing(tmp_path):
        pass
    assert str(tmp_path / "poolwatch") in caught.value.hint
    assert modes(tmp_path) == {tmp_path.name: 0o755, "letters.txt": 0o644}


def test_file_is_no_directory(tmp_path: Path) -> None:
    file = tmp_path / "store"
    file.write_text("mine")
    with pytest.raises(StoreError, match="is a file"), writing(file):
        pass
    with pytest.raises(StoreError), writing(file / "below"):
        pass
    with pytest.raises(StoreError, match="no store"):
        open_reader(file)
    assert not exists(file)
    assert file.read_text() == "mine"


def test_store_exists_once_a_writer_has_made_it(tmp_path: Path) -> None:
    assert not exists(tmp_path / "store")
    with writing(tmp_path / "store"):
        assert exists(tmp_path / "store")


def test_directory_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    program = (
        "import os, sys, pathlib\n"
        "from records.errors import StoreError\n"
        "from store import open_writer\n"
        "if os.geteuid() == 0:\n"
        "    os.setuid(65534)\n"
        "try:\n"
        "    with open_writer(pathlib.Path(sys.argv[1]) / 'store', is_demo=False): pass\n"
        "except StoreError as error:\n"
        "    print(error.message, '|', error.hint)\n"
    )
    # pytest's own folder is closed to the user that the child becomes.
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o555)
        answer = subprocess.run(
            [sys.executable, "-c", program, place], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    assert f"the store in {place}/store cannot be opened or written (Permission denied)" in answer
    assert "--store" in answer
    assert tmp_path.exists()


@pytest.mark.parametrize("is_demo", [True, False])
def test_demo_and_real_accounts_do_not_mix(tmp_path: Path, *, is_demo: bool) -> None:
    with open_writer(tmp_path, is_demo=is_demo) as writer:
        run(writer, Answers().region(POOLS))
    with (
        pytest.raises(StoreError, match="the demo's") as caught,
        open_writer(tmp_path, is_demo=not is_demo),
    ):
        pass
    assert "--store" in caught.value.hint
    with open_reader(tmp_path) as reader:
        assert reader.is_demo is is_demo


def test_second_writer_is_refused_and_told_who_holds_the_store(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        with (
            pytest.raises(StoreError, match=rf"process {os.getpid()}, since \d{{4}}-"),
            writing(tmp_path),
        ):
            pass
        run(writer, Answers().region(POOLS))
    with writing(tmp_path):
        pass


def test_note_of_a_dead_writer_bars_nobody(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    (tmp_path / "writer.json").write_text(json.dumps({"pid": 1, "since": "2020-01-01T00:00:00Z"}))
    with writing(tmp_path):
        assert json.loads((tmp_path / "writer.json").read_bytes())["pid"] == os.getpid()
    assert not (tmp_path / "writer.json").exists()


def test_holder_without_a_note_is_still_a_holder(tmp_path: Path) -> None:
    with writing(tmp_path):
        (tmp_path / "writer.json").write_text("{")
        with pytest.raises(StoreError, match="another Poolwatch is writing"), writing(tmp_path):
            pass


def test_error_of_other_code_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError), writing(tmp_path) as writer, writer.transaction():
        raise ConnectionError


def test_run_of_a_killed_process_is_swept_as_failed(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=NOW)
    with writing(tmp_path), open_reader(tmp_path) as reader:
        (swept,) = reader.runs()
    assert (swept.state, swept.message, swept.finished_at) == (RunState.FAILED, "interrupted", None)


def test_run_of_a_killed_process_reads_as_failed_before_anybody_sweeps_it(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=NOW)
        with open_reader(tmp_path) as reader:
            assert reader.runs()[0].state is RunState.RUNNING
    with open_reader(tmp_path) as reader:
        (dead,) = reader.runs()
    assert (dead.state, dead.message, dead.finished_at) == (RunState.FAILED, "interrupted", None)


def test_migrations_are_numbered_without_a_break() -> None:
    folder = ROOT / "store" / "migrations"
    numbers = sorted(int(script.name.partition("_")[0]) for script in folder.glob("*.sql"))
    assert numbers == list(range(1, len(schema.MIGRATIONS) + 1))


def test_older_store_comes_forward_with_all_that_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(tmp_path) as writer:
        run(writer, Answers().region(POOLS))
        before = writer.snapshot(1)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, NOTE))
    with pytest.raises(StoreError, match="older Poolwatch") as caught:
        open_reader(tmp_path)
    assert "poolwatch collect" in caught.value.hint
    assert check(tmp_path) == ("an older Poolwatch wrote the store; the next collect brings it forward",)
    with writing(tmp_path) as writer:
        run(writer, at=LATER, scopes=[])
    with open_reader(tmp_path) as reader:
        assert reader.snapshot() == before
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        assert connection.execute("SELECT note FROM runs ORDER BY id").fetchall() == [
            ("of version 1",),
            (None,),
        ]
        assert schema.version(connection) == len(schema.MIGRATIONS)


def test_store_of_schema_1_comes_forward_with_all_that_is_in_it(tmp_path: Path) -> None:
    """The store was made by the Poolwatch before: two runs, the second partial, a user pool gone."""
    tmp_path.chmod(0o700)
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        connection.executescript(SCHEMA_1.read_text())
        before = [connection.execute(statement).fetchall() for statement in OF_SCHEMA_1]
    (tmp_path / "state.sqlite").chmod(0o600)
    with pytest.raises(StoreError, match="schema 1, this one needs"):
        open_reader(tmp_path)
    with writing(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        after = [connection.execute(statement).fetchall() for statement in OF_SCHEMA_1]
    assert after == before
    assert check(tmp_path) == ()
    with open_reader(tmp_path) as reader:
        (region,) = reader.snapshot().regions
        (gap,) = reader.gaps(2)
        (span,) = reader.transitions()
        assert [run.state for run in reader.runs()] == [RunState.PARTIAL, RunState.COMPLETE]
    assert (gap.facet, gap.gap.accepted) == (FacetName.MFA_CONFIGURATION, None)
    assert (span.code, span.opened_at) == ("MFA001", NOW)
    (pool,) = region.user_pools
    assert pool.settings.value.estimated_users == 1300
    assert pool.settings.value.name == "customers"
    assert [client.settings.value.client_id for client in pool.clients] == ["c1"]
    assert [domain.member.id for domain in pool.domains] == ["customers"]
    new: list[Facet[Any]] = [
        pool.web_acl,
        pool.groups,
        pool.domains[0].settings,
        region.trails,
        pool.clients[0].secrets,
    ]
    assert {facet.gap and facet.gap.message for facet in new} == {"was not read in this run"}


def test_store_of_schema_1_goes_on_where_it_was(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        connection.executescript(SCHEMA_1.read_text())
    # As it was when the store of that time was made.
    pool = make_user_pool(user_pool_id="eu-west-1_p1", first_factors=frozenset({"PASSWORD"}))
    with writing(tmp_path) as writer:
        run(writer, Answers(LAST).region([(pool, [])]), at=LAST)
    with open_reader(tmp_path) as reader:
        assert all(facet.gap is None for *_, facet in reader.snapshot().facets)
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        versions = connection.execute(
            "SELECT facet, first_run, last_run, state FROM versions WHERE resource_arn LIKE '%p1%'"
        ).fetchall()
    assert ("user_pool", 1, 3, "current") in versions
    assert ("app_client", 1, 2, "gone") in versions
    assert ("groups", 3, 3, "current") in versions


def test_migration_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(tmp_path):
        pass
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, f"{NOTE} SELECT no_such_function();"))
        with pytest.raises(sqlite3.OperationalError), writing(tmp_path):
            pass
    with writing(tmp_path) as writer:
        run(writer)
    assert check(tmp_path) == ()


def test_newer_store_is_refused(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer Poolwatch") as caught, writing(tmp_path):
        pass
    assert "Update Poolwatch" in caught.value.hint
    with pytest.raises(StoreError, match="newer Poolwatch"):
        open_reader(tmp_path)
    assert "newer Poolwatch" in check(tmp_path)[0]


def test_stamp_tells_a_store_that_was_made_anew_from_the_one_before_it(tmp_path: Path) -> None:
    stamps = []
    for name, at in (("before", NOW), ("after", LATER)):
        with writing(tmp_path / name) as writer:
            run_id = writer.start_run(scopes=[SCOPE], identity_arn=None, version="1", at=at)
            writer.finish_run(run_id, RunState.FAILED, at=at, calls={})
        with open_reader(tmp_path / name) as reader:
            stamps.append(reader.stamp)
    assert stamps[0] != stamps[1]
