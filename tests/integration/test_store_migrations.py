"""Migrations lead to the tables that the code means, and back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_mock_engine, inspect
from sqlalchemy.schema import CreateTable

from genepool.adapters.store import HEAD, embedded_url, open_store
from genepool.adapters.store.dialect import WRITES, connect
from genepool.adapters.store.schema import MIGRATIONS, current, migrate, upgrade
from genepool.adapters.store.tables import metadata
from tests.fakes.histories import a_history, a_spec


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return connect(embedded_url(tmp_path / "genepool.sqlite"), 5.0)


def differences(engine: Engine) -> list[object]:
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def downgrade(engine: Engine, target: str) -> None:
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        migrate(connection, "downgrade", target)


def test_the_newest_migration_is_the_one_that_the_code_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_from_empty_the_migrations_make_the_tables_of_the_code(engine: Engine) -> None:
    assert current(engine) is None
    upgrade(engine)
    assert current(engine) == HEAD
    assert differences(engine) == []


def test_alembic_itself_finds_nothing_to_do(engine: Engine) -> None:
    upgrade(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_checks_and_foreign_keys_are_those_of_the_code(engine: Engine) -> None:
    upgrade(engine)
    migrated = _constraints(engine)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        migrate(connection, "downgrade", "base")
        metadata.create_all(connection)
    assert _constraints(engine) == migrated
    assert len(migrated) == len(metadata.tables)


def test_down_and_up_again_is_the_same(engine: Engine) -> None:
    upgrade(engine)
    downgrade(engine, "base")
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert differences(engine) == []


def test_upgrading_twice_keeps_what_is_recorded(tmp_path: Path) -> None:
    url = embedded_url(tmp_path / "genepool.sqlite")
    for _ in range(2):
        store = open_store(url)
        if not store.summaries():
            store.create(a_spec())
            store.record("first", a_history()[0])
        store.close()
    assert open_store(url).populations("first") == [a_history()[0].population]


def test_a_failed_migration_leaves_nothing_behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from genepool.adapters.store import schema  # noqa: PLC0415 - patched here only

    def half_way(connection: object, direction: str, target: str) -> None:
        migrate(connection, direction, target)  # type: ignore[arg-type] # passed through
        raise RuntimeError("the power went out")

    monkeypatch.setattr(schema, "migrate", half_way)
    with pytest.raises(RuntimeError):
        upgrade(engine)
    assert current(engine) is None
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []


def test_the_tables_can_be_written_for_postgres() -> None:
    written = [
        str(CreateTable(table).compile(dialect=create_mock_engine("postgresql://", print).dialect))
        for table in metadata.sorted_tables
    ]
    assert len(written) == 8
    assert any("DOUBLE PRECISION" in text for text in written)
    assert not any("AUTOINCREMENT" in text for text in written)


def _constraints(engine: Engine) -> dict[str, tuple[list[str], list[str]]]:
    """Return checks and foreign keys by table, which Alembic's own comparison passes over."""
    with engine.begin() as connection:
        looking = inspect(connection)
        return {
            table: (
                sorted(str(dict(check)) for check in looking.get_check_constraints(table)),
                sorted(str(dict(key)) for key in looking.get_foreign_keys(table)),
            )
            for table in looking.get_table_names()
            if table != "alembic_version"
        }
