"""What the history says when its server is not what it should be: one sentence, and never the password."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text

from genepool.adapters.store import HEAD, layout_of, open_sql_store, upgrade_layout
from genepool.adapters.store.dialect import engine_of
from genepool.adapters.store.schema import upgrade
from genepool.errors import ConfigError, StoreAway, StoreError
from tests.fakes.histories import a_spec
from tests.fakes.postgres import PASSWORD, USER, empty_database, migrated_database, postgres_server


@pytest.fixture
def migrated() -> Iterator[str]:
    with migrated_database() as name:
        yield name


@pytest.fixture
def empty() -> Iterator[str]:
    with empty_database() as name:
        yield name


def without_password(database: str) -> str:
    return f"postgresql+psycopg://{USER}@127.0.0.1:{postgres_server().port}/{database}"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_the_password_may_stand_apart_from_the_url(migrated: str, scheme: str) -> None:
    url = without_password(migrated).replace("postgresql+psycopg", scheme)
    with closing(open_sql_store(url, password=PASSWORD)) as store:
        store.create(a_spec())
        assert len(store.summaries()) == 1
    assert layout_of(url, PASSWORD) == HEAD


def test_a_wrong_password(migrated: str) -> None:
    with pytest.raises(
        StoreError, match="refuses the password: check GENEPOOL_DATABASE_PASSWORD_FILE"
    ) as said:
        open_sql_store(without_password(migrated), password="a secret")  # noqa: S106 - a wrong one
    assert not isinstance(said.value, StoreAway)
    assert "a secret" not in str(said.value)


def test_no_password(migrated: str) -> None:
    with pytest.raises(StoreError, match="wants a password: name a file with it"):
        open_sql_store(without_password(migrated))


def test_an_unknown_database() -> None:
    with pytest.raises(StoreError, match=r"history nowhere on .* does not exist: check GENEPOOL_DATA"):
        open_sql_store(postgres_server().url("nowhere"))


@pytest.mark.parametrize("host", ["127.0.0.1:1", "no-such-host.invalid:5432"])
def test_a_server_that_is_not_there(host: str) -> None:
    with pytest.raises(StoreAway, match=r"does not answer .*: check that its server runs"):
        open_sql_store(f"postgresql+psycopg://genepool:secret@{host}/genepool")


def test_a_database_without_tables_is_left_to_the_migration(empty: str) -> None:
    url = postgres_server().url(empty)
    with pytest.raises(StoreError, match="has no tables yet: run `genepool db upgrade`"):
        open_sql_store(url)
    assert layout_of(url) is None
    upgrade_layout(url)
    open_sql_store(url).close()
    assert layout_of(url) == HEAD


def test_an_older_layout_is_left_to_the_migration(empty: str) -> None:
    url = postgres_server().url(empty)
    engine = engine_of(url, 5.0)
    upgrade(engine, "0001")
    engine.dispose()
    with pytest.raises(StoreError, match=r"layout 0001, older than \d+: run `genepool db upgrade`"):
        open_sql_store(url)
    upgrade_layout(url)
    open_sql_store(url).close()


def test_a_newer_layout_is_refused(migrated: str) -> None:
    with closing(postgres_server().connect(migrated)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    for use in (open_sql_store, upgrade_layout):
        with pytest.raises(StoreError, match=r"layout 9999.*install a newer GenePool"):
            use(postgres_server().url(migrated))


def test_a_server_that_may_forget_what_it_acknowledged_is_refused(migrated: str) -> None:
    # Of the settings that matter, this one can be turned off without a restart of the server.
    with closing(postgres_server().connect()) as raw:
        raw.execute("ALTER SYSTEM SET full_page_writes = off")
        raw.execute("SELECT pg_reload_conf()")
        try:
            with pytest.raises(StoreError, match="its server runs with full_page_writes off; turn that on"):
                _open_until_refused(postgres_server().url(migrated))
        finally:
            raw.execute("ALTER SYSTEM RESET full_page_writes")
            raw.execute("SELECT pg_reload_conf()")


def test_every_write_is_on_disk_before_it_counts_and_says_who_wrote(migrated: str) -> None:
    engine = engine_of(postgres_server().url(migrated), 5.0)
    with engine.begin() as connection:
        found = {
            name: connection.execute(text(f"SHOW {name}")).scalar()
            for name in ("synchronous_commit", "application_name", "TimeZone")
        }
    engine.dispose()
    assert found == {"synchronous_commit": "on", "application_name": "genepool", "TimeZone": "UTC"}


def test_postgres_soon_gives_up_a_client_that_vanished_in_a_transaction(migrated: str) -> None:
    engine = engine_of(postgres_server().url(migrated), 5.0)
    with engine.begin() as connection:
        found = {
            name: connection.execute(text(f"SHOW {name}")).scalar()
            for name in ("idle_in_transaction_session_timeout", "tcp_user_timeout", "tcp_keepalives_idle")
        }
    engine.dispose()
    assert found == {
        "idle_in_transaction_session_timeout": "1min",
        "tcp_user_timeout": "15000",
        "tcp_keepalives_idle": "5",
    }


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"pip install 'genepool\[platform\]'"):
        open_sql_store("postgresql://genepool@localhost/genepool")


@pytest.mark.slow
def test_processes_that_migrate_at_once_agree(empty: str) -> None:
    program = "import sys; from genepool.adapters.store import upgrade_layout; upgrade_layout(sys.argv[1])"
    command = [sys.executable, "-c", program, postgres_server().url(empty)]
    racing = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=60)[1] for process in racing]
    assert [process.returncode for process in racing] == [0] * 4, said
    assert layout_of(postgres_server().url(empty)) == HEAD


def _open_until_refused(url: str) -> None:
    # A reload is a signal: the server may take a moment to act on it.
    for _ in range(200):
        open_sql_store(url).close()
