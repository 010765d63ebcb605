"""A history leaves its server for a file, and continues there."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, event

from genepool.adapters.store import copying, embedded_url, export_history, open_sql_store
from genepool.errors import StoreError
from genepool.history import generation_digest
from tests.fakes.histories import a_generation, a_history, a_spec
from tests.fakes.postgres import history_url
from tests.fakes.recorded import newborn, populations


@pytest.fixture
def postgres_url() -> Iterator[str]:
    with history_url() as url:
        yield url


def test_everything_is_there_bit_for_bit_and_continues(postgres_url: str, tmp_path: Path) -> None:
    server = open_sql_store(postgres_url)
    server.create(a_spec())
    server.claim("first")
    for record in a_history():
        server.record("first", record)
    server.keys.add("gp_secret", "laptop", "admin")
    file = tmp_path / "carried.sqlite"
    assert export_history(postgres_url, None, file) == 1
    with_file = open_sql_store(embedded_url(file))
    assert with_file.keys.listed() == [], "a copy opens no service"
    assert with_file.spec("first") == server.spec("first")
    assert populations(with_file, "first") == populations(server, "first")
    assert newborn(with_file, "first") == newborn(server, "first")
    assert with_file.trials("d" * 64) == server.trials("d" * 64)
    server.close()
    with_file.claim("first")
    latest = with_file.last_population("first")
    following = a_generation(3, 100, before=latest)
    with_file.record("first", following)
    assert generation_digest(following)
    assert len(populations(with_file, "first")) == 4
    with_file.close()


def test_no_table_of_a_server_is_held_as_a_whole(postgres_url: str, tmp_path: Path) -> None:
    cursors = []

    def note(_connection: object, cursor: object, statement: str, *_: object) -> None:
        if isinstance(cursor, psycopg.Cursor) and "FROM lineage" in statement:
            cursors.append(cursor)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert export_history(postgres_url, None, tmp_path / "carried.sqlite") == 0
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [type(cursor) for cursor in cursors] == [psycopg.ServerCursor]


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    url = embedded_url(tmp_path / "source.sqlite")
    open_sql_store(url).close()
    taken = tmp_path / "taken.sqlite"
    taken.write_text("precious")
    with pytest.raises(StoreError, match=r"taken\.sqlite is there already"):
        export_history(url, None, taken)
    assert taken.read_text() == "precious"


def test_a_history_that_is_none_leaves_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        export_history(embedded_url(tmp_path / "absent.sqlite"), None, tmp_path / "new.sqlite")
    assert not list(tmp_path.glob("new*"))


def test_a_copy_that_breaks_off_leaves_no_half_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_reading: object, _writing: object) -> int:
        raise KeyboardInterrupt

    url = embedded_url(tmp_path / "source.sqlite")
    open_sql_store(url).close()
    monkeypatch.setattr(copying, "_copy", broken)
    with pytest.raises(KeyboardInterrupt):
        export_history(url, None, tmp_path / "new.sqlite")
    assert not list(tmp_path.glob("new*"))
