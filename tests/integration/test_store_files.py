"""What the SQL history says when its file is not what it should be."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from genepool.adapters.store import HEAD, SqlStore, embedded_url, layout_of, open_sql_store
from genepool.adapters.store.dialect import engine_of
from genepool.errors import ConfigError, StoreError
from tests.fakes.histories import a_history, a_spec
from tests.fakes.recorded import populations
from tests.fakes.stores import Crash


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "genepool.sqlite"


def filled(path: Path) -> None:
    store = open_sql_store(embedded_url(path))
    store.create(a_spec())
    for record in a_history():
        store.record("first", record)
    store.close()


class TestWrongFiles:
    def test_a_file_that_is_no_database(self, path: Path) -> None:
        path.write_bytes(b"time,open,high,low,close\n" * 100)
        with pytest.raises(StoreError, match="is not a GenePool history: point GENEPOOL_HOME"):
            open_sql_store(embedded_url(path))

    def test_a_damaged_database(self, path: Path) -> None:
        filled(path)
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xa5" * (len(content) - 4096)
        path.write_bytes(content)
        with pytest.raises(StoreError, match=r"genepool\.sqlite is (damaged|not a GenePool history)"):
            open_sql_store(embedded_url(path)).summaries()

    def test_a_truncated_database(self, path: Path) -> None:
        filled(path)
        path.write_bytes(path.read_bytes()[:9000])
        with pytest.raises(StoreError):
            populations(open_sql_store(embedded_url(path)), "first")

    def test_a_folder_where_the_file_should_be(self, path: Path) -> None:
        path.mkdir()
        with pytest.raises(StoreError, match="cannot be opened: check that its folder exists"):
            open_sql_store(embedded_url(path))

    def test_a_file_where_the_folder_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("")
        with pytest.raises(StoreError, match="cannot make the folder"):
            open_sql_store(embedded_url(tmp_path / "home" / "genepool.sqlite"))

    def test_a_database_that_may_only_be_read(self, path: Path) -> None:
        filled(path)
        store = open_sql_store(f"sqlite:///file:{path}?mode=ro&uri=true")
        assert len(populations(store, "first")) == 3
        with pytest.raises(StoreError, match="cannot be written: give this user write access"):
            store.create(a_spec("second"))

    def test_a_database_of_a_newer_version(self, path: Path) -> None:
        filled(path)
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
        with pytest.raises(StoreError, match=r"layout 9999.*install a newer GenePool"):
            open_sql_store(embedded_url(path))

    def test_a_database_of_something_else_gets_our_tables_beside_its_own(self, path: Path) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE theirs (x)")
        connection.close()
        open_sql_store(embedded_url(path)).close()
        assert layout_of(embedded_url(path)) == HEAD

    @pytest.mark.parametrize(
        "url",
        [
            "mysql://user:secret@host/db",
            "postgresql://user:secret@host",
            "postgresql+psycopg2://user:secret@host/db",
            "sqlite://",
            "nonsense",
            "sqlite:///:memory:",
            "http://host:port/db",
            "sqlite+unheard://h.sqlite",
        ],
    )
    def test_a_url_that_names_no_history(self, url: str) -> None:
        with pytest.raises(ConfigError, match="GENEPOOL_DATABASE_URL") as caught:
            open_sql_store(url)
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize("replaced", [False, True])
    def test_a_history_that_is_deleted_in_the_middle_of_a_run_is_noticed(
        self, path: Path, replaced: bool
    ) -> None:
        store = open_sql_store(embedded_url(path))
        store.create(a_spec())
        first, second = a_history()[:2]
        store.record("first", first)
        path.rename(path.with_name("elsewhere"))
        if replaced:
            filled(path)
        with pytest.raises(StoreError, match="was deleted or replaced while it was in use"):
            store.record("first", second)
        store.close()

    def test_asking_for_the_layout_makes_no_file(self, path: Path) -> None:
        assert layout_of(embedded_url(path)) is None
        assert not path.exists()


class TestDamage:
    def test_a_score_changed_behind_our_back_is_noticed(self, path: Path) -> None:
        filled(path)
        with sqlite3.connect(path) as connection:
            found = connection.execute(
                "SELECT rowid, scored FROM evaluations WHERE scored IS NOT NULL LIMIT 1"
            )
            row, scored = found.fetchone()
            changed = scored.replace("0.30000000000000004", "0.3", 1)
            assert changed != scored
            connection.execute("UPDATE evaluations SET scored = ? WHERE rowid = ?", (changed, row))
        connection.close()
        store = open_sql_store(embedded_url(path))
        with pytest.raises(StoreError, match="generation 0 of run first is damaged"):
            populations(store, "first")

    def test_the_tables_refuse_what_is_not_finite(self, path: Path) -> None:
        filled(path)
        with (
            sqlite3.connect(path) as connection,
            pytest.raises(sqlite3.IntegrityError, match="finite_fitness"),
        ):
            connection.execute("UPDATE evaluations SET fitness = 9e999 WHERE fitness IS NOT NULL")
        connection.close()


class TestOthers:
    def test_a_database_that_another_process_keeps_locked(self, path: Path) -> None:
        filled(path)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        store = open_sql_store(embedded_url(path), busy_seconds=0.2)
        assert len(store.summaries()) == 1
        with pytest.raises(StoreError, match="is busy: another process has been writing for too long"):
            store.create(a_spec("second"))
        other.execute("ROLLBACK")
        other.close()
        store.create(a_spec("second"))

    def test_a_writer_waits_for_another_that_is_soon_done(self, path: Path) -> None:
        filled(path)
        store = open_sql_store(embedded_url(path))
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda k: store.create(a_spec(f"run-{k}")), range(12)))
        assert len(store.summaries()) == 13

    @pytest.mark.slow
    def test_processes_that_make_the_history_at_once_agree(self, path: Path) -> None:
        opened = "open_sql_store(sys.argv[1]).close()"
        program = f"import sys; from genepool.adapters.store import open_sql_store; {opened}"
        command = [sys.executable, "-c", program, embedded_url(path)]
        racing = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
        said = [process.communicate(timeout=60)[1] for process in racing]
        assert [process.returncode for process in racing] == [0] * 4, said
        assert layout_of(embedded_url(path)) == HEAD


class TestTransactions:
    def test_a_crash_at_any_statement_leaves_a_generation_whole_or_absent(self, tmp_path: Path) -> None:
        statement = 0
        while True:
            path = tmp_path / f"{statement}.sqlite"
            store = open_sql_store(embedded_url(path))
            store.create(a_spec())
            store.record("first", a_history()[0])
            crashed = _crash_at(statement, store)
            survivor = open_sql_store(embedded_url(path))
            recorded = populations(survivor, "first")
            if not crashed:
                assert len(recorded) == 2
                break
            assert recorded == [a_history()[0].population]
            assert survivor.trials("d" * 64) == 4
            survivor.record("first", a_history()[1])
            assert populations(survivor, "first") == [record.population for record in a_history()[:2]]
            statement += 1
        assert statement > 5


def _crash_at(number: int, store: SqlStore) -> bool:
    """Record the second generation and die at a statement; tell whether it came so far."""
    count = iter(range(1_000))

    def die(*_arguments: object) -> None:
        if next(count) == number:
            raise Crash

    event.listen(Engine, "before_cursor_execute", die)
    try:
        store.record("first", a_history()[1])
    except Crash:
        return True
    finally:
        event.remove(Engine, "before_cursor_execute", die)
    return False


def test_durability_settings_hold_on_every_connection(path: Path) -> None:
    filled(path)
    engine = engine_of(embedded_url(path), 3.0)
    with engine.begin() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "wal_autocheckpoint", "foreign_keys")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "busy_timeout": 3000,
        "wal_autocheckpoint": 1000,
        "foreign_keys": 1,
    }
