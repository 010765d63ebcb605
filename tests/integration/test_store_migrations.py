"""Migrations lead to the tables that the code means, and back."""

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, create_mock_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.schema import CreateTable

from genepool.adapters.store import HEAD, embedded_url, open_sql_store, upgrade_layout
from genepool.adapters.store.dialect import engine_of
from genepool.adapters.store.new_file import LAYOUT
from genepool.adapters.store.schema import MIGRATIONS, current, migrate, migrating, upgrade
from genepool.adapters.store.tables import common_candles, metadata
from genepool.robustness.ledger import KnownMarket
from genepool.usecases.verify_ledger import verify_ledger
from scripts.newest_layout import described, newest_layout
from tests.fakes.histories import a_history, a_spec
from tests.fakes.postgres import count_rows, empty_database, postgres_server
from tests.fakes.recorded import populations

# One row of each table as the first layout knew them.
FIRST_ROWS = (
    "INSERT INTO datasets VALUES ('d', 'BTCUSD', '1h', 10, 'a.csv', false)",
    """INSERT INTO runs (name, spec, state, data_digest, market_digest, problem_digest, started_at)
       VALUES ('first', '{}', 'running', 'd', 'm', 'p', '2026-01-02T03:04:05.678+00:00')""",
    "INSERT INTO generations (run_id, number, digest, seconds, cache_hits) VALUES (1, 0, 'x', 1.5, 2)",
    "INSERT INTO genomes VALUES ('f', 'imagined', '[]')",
    "INSERT INTO evaluations VALUES ('p', '1.1', 'f', 0.5, 0.25, '{}', NULL)",
    "INSERT INTO ledger VALUES ('m', 'f', 'first', '2026-01-02T03:04:05.678+00:00')",
    "INSERT INTO lineage VALUES (1, 0, 'f', 0, 'initial', '[]', '[]', '1.1')",
    "INSERT INTO individuals VALUES (1, 0, 0, 'f', 0, false, 0.5)",
)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = engine_of(embedded_url(tmp_path / "genepool.sqlite"), 5.0)
        yield made
        made.dispose()
    else:
        with empty_database() as name:
            made = engine_of(postgres_server().url(name), 5.0)
            yield made
            made.dispose()


def differences(engine: Engine) -> list[object]:
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def downgrade(engine: Engine, target: str) -> None:
    with migrating(engine) as connection:
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


def test_a_new_file_is_what_the_migrations_would_have_made(tmp_path: Path) -> None:
    kept = LAYOUT.read_text(encoding="utf-8")
    assert _clauses(kept) == _clauses(newest_layout()), "run: python -m scripts.newest_layout"
    made = engine_of(embedded_url(tmp_path / "genepool.sqlite"), 5.0)
    upgrade(made)
    with made.begin() as connection:
        assert _clauses(described(connection)) == _clauses(kept)
    assert current(made) == HEAD
    made.dispose()


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
    with migrating(engine) as connection:
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


def test_what_an_older_version_recorded_survives_the_way_up_and_down(engine: Engine) -> None:
    upgrade(engine, "0001")
    with engine.begin() as connection:
        for statement in FIRST_ROWS:
            connection.execute(text(statement))
    before = _rows(engine)
    upgrade(engine)
    assert _rows(engine) == before
    with engine.begin() as connection:
        assert connection.execute(text("SELECT epoch, owner, lease_until FROM runs")).one() == (0, None, None)
        connection.execute(text("UPDATE runs SET state = 'queued'"))
    downgrade(engine, "0001")
    after = _rows(engine)
    assert after.pop("runs")[0][3] == "interrupted"
    assert after == {table: rows for table, rows in before.items() if table != "runs"}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE runs SET state = 'queued'"))


def test_an_older_history_learns_which_of_its_data_sets_count_together(engine: Engine) -> None:
    upgrade(engine, "0005")
    with engine.begin() as connection:
        for digest, marks in {"m": (1, 2), "n": (2, 3), "o": (4,)}.items():
            packed = b64encode(np.array(marks, ">u8").tobytes()).decode("ascii")
            statement = text("INSERT INTO markets VALUES (:digest, 'BTCUSD', '1h', :marks)")
            connection.execute(statement, {"digest": digest, "marks": packed})
            for genome in (digest, "tried on all"):
                row = {
                    "digest": digest,
                    "genome": genome,
                    "run": digest,
                    "at": "2026-01-02T03:04:05.678+00:00",
                }
                connection.execute(text("INSERT INTO ledger VALUES (:digest, :genome, :run, :at)"), row)
    told = "SELECT market_digest, MAX(trials) FROM trial_growth GROUP BY 1 ORDER BY 1"
    for version, trials in (("0005", (2, 2, 2)), ("0006", (3, 3, 2)), ("0005", (2, 2, 2))):
        (upgrade if version == "0006" else downgrade)(engine, version)
        with engine.begin() as connection:
            found = [(digest, int(count)) for digest, count in connection.execute(text(told))]
            assert found == list(zip("mno", trials, strict=True))
            if version == "0006":
                pairs = connection.execute(select(common_candles).order_by(common_candles.c.digest)).all()
                assert [tuple(pair) for pair in pairs] == [("m", "n"), ("n", "m")]


def test_an_older_history_opens_its_chains_with_what_it_holds(engine: Engine) -> None:
    upgrade(engine, "0010")
    with engine.begin() as connection:
        for digest, mark in {"m": b"\0" * 8, "n": b"\0" * 8, "o": b"\1" * 8}.items():
            row = {"digest": digest, "marks": b64encode(mark).decode("ascii")}
            connection.execute(text("INSERT INTO markets VALUES (:digest, 'BTCUSD', '1h', :marks)"), row)
        connection.execute(text("INSERT INTO common_candles VALUES ('m', 'n'), ('n', 'm')"))
        for digest in "mp":
            for k in range(3):
                row = {
                    "digest": digest,
                    "genome": f"genome-{k}",
                    "at": f"2026-01-0{k + 1}T03:04:05.678+00:00",
                }
                statement = "INSERT INTO ledger VALUES (:digest, :genome, 'old', :at)"
                connection.execute(text(statement), row)
    upgrade(engine)
    store = open_sql_store(engine.url.render_as_string(hide_password=False))
    chains = {chain.market_digest: chain for chain in store.ledger_book.chains()}
    told = {digest: [entry.what for entry in chain.entries] for digest, chain in chains.items()}
    of_known = ["opening", "known"]
    assert told == {"m": [*of_known, "joined"], "n": [*of_known, "joined"], "o": of_known, "p": ["opening"]}
    assert [chains[digest].entries[0].trials for digest in "mnop"] == [3, 0, 0, 3]
    assert verify_ledger(store.ledger_book).faults == []
    assert [line.first_at[:10] for line in store.ledger_book.ledgers(0, 9)[0]] == ["2026-01-01"] * 2
    store.ledger_book.bring(KnownMarket("m", "BTCUSD", "1h", frozenset()), ["genome-3"], "")
    assert verify_ledger(store.ledger_book).valid
    assert store.trials("n") == 4
    store.close()


def test_declared_trials_are_not_forgotten_by_a_layout_that_cannot_say_them(engine: Engine) -> None:
    upgrade(engine)
    store = open_sql_store(engine.url.render_as_string(hide_password=False))
    store.ledger_book.declare(KnownMarket("m", "BTCUSD", "1h", frozenset()), 5, "")
    store.close()
    with pytest.raises(RuntimeError, match="1 entries of the ledger declare trials"):
        downgrade(engine, "0010")
    assert current(engine) == HEAD


def test_references_between_tables_hold_after_a_migration(engine: Engine) -> None:
    upgrade(engine, "0001")
    upgrade(engine)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(FIRST_ROWS[2]))


def test_a_history_with_pruned_runs_does_not_go_back_to_a_layout_that_cannot_say_so(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        for statement in FIRST_ROWS[:2]:
            connection.execute(text(statement))
        connection.execute(text("UPDATE runs SET pruned_at = '2026-01-02T03:04:05.678+00:00'"))
    with pytest.raises(RuntimeError, match="1 runs are pruned"):
        downgrade(engine, "0003")
    assert current(engine) == HEAD


@pytest.mark.parametrize("at_once", [1, 2])
def test_the_reader_of_dashboards_may_read_everything_and_write_nothing(at_once: int) -> None:
    server = postgres_server()
    with empty_database() as name, closing(server.connect(name)) as raw:
        raw.execute(
            "DO $$ BEGIN CREATE ROLE grafana_reader LOGIN PASSWORD 'reads'; "
            "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        for _ in range(at_once):
            upgrade_layout(server.url(name))
        raw.execute("SET ROLE grafana_reader")
        for table in ("leaderboard", "run_progress", "node_share", "trial_growth", "runs", "jobs"):
            assert count_rows(raw, table) == 0
        with pytest.raises(InsufficientPrivilege):
            raw.execute("DELETE FROM runs")
        with pytest.raises(InsufficientPrivilege):
            raw.execute("SELECT session_secret FROM api_keys")
        raw.execute("RESET ROLE")


def test_upgrading_twice_keeps_what_is_recorded(tmp_path: Path) -> None:
    url = embedded_url(tmp_path / "genepool.sqlite")
    for _ in range(2):
        store = open_sql_store(url)
        if not store.summaries():
            store.create(a_spec())
            store.record("first", a_history()[0])
        store.close()
    assert populations(open_sql_store(url), "first") == [a_history()[0].population]


def test_a_failed_migration_leaves_nothing_behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from genepool.adapters.store import schema  # noqa: PLC0415 - patched here only

    def half_way(connection: object, direction: str, target: str) -> None:
        migrate(connection, direction, target)  # type: ignore[arg-type] # passed through
        raise RuntimeError("the power went out")

    upgrade(engine, "0001")
    before = _constraints(engine)
    monkeypatch.setattr(schema, "migrate", half_way)
    with pytest.raises(RuntimeError):
        upgrade(engine)
    assert current(engine) == "0001"
    assert _constraints(engine) == before


def test_a_new_file_that_fails_half_way_stays_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from genepool.adapters.store import new_file  # noqa: PLC0415 - patched here only

    broken = tmp_path / "broken.sql"
    broken.write_text(LAYOUT.read_text(encoding="utf-8") + ";\n\nCREATE NONSENSE", encoding="utf-8")
    monkeypatch.setattr(new_file, "LAYOUT", broken)
    engine = engine_of(embedded_url(tmp_path / "genepool.sqlite"), 5.0)
    with pytest.raises(OperationalError):
        upgrade(engine)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()


def test_what_the_list_says_of_runs_that_ended_before_is_counted_on_the_way_up(engine: Engine) -> None:
    upgrade(engine, "0007")
    with engine.begin() as connection:
        for statement in FIRST_ROWS:
            # The key of evaluations has another order of columns by now.
            named = (
                "evaluations (problem_digest, rules, fingerprint, fitness, walk_forward_score, scored, error)"
            )
            connection.execute(text(statement.replace("INTO evaluations", f"INTO {named}")))
    counted = text("SELECT evaluated, best_fitness, champion, champion_born, champion_score, note FROM runs")
    for state, expected in {"running": (None,) * 5, "finished": (1, 0.5, "f", 0, 0.25)}.items():
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE runs SET state = '{state}'"))  # noqa: S608 - two words of ours
        upgrade(engine)
        with engine.begin() as connection:
            assert tuple(connection.execute(counted).one()) == (*expected, "")
        downgrade(engine, "0007")
        with engine.begin() as connection:
            found = connection.execute(text("SELECT evaluated, best_fitness FROM runs")).one()
        assert tuple(found) == (None, None)


def test_the_tables_can_be_written_for_postgres() -> None:
    written = [
        str(CreateTable(table).compile(dialect=create_mock_engine("postgresql://", print).dialect))
        for table in metadata.sorted_tables
    ]
    assert len(written) == 21
    assert any("DOUBLE PRECISION" in text for text in written)
    assert not any("AUTOINCREMENT" in text for text in written)


def _rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every table, without tables and columns that came after the first layout."""
    newer = {"owner", "epoch", "lease_until", "recorded_at"}
    newer |= {"pruned_at", "kept_births", "evaluated", "best_fitness"}
    newer |= {"note", "champion", "champion_born", "champion_score", "entry"}
    later = {"generation_nodes", "markets", "common_candles", "jobs", "schedules", "api_keys"}
    later |= {"node_budgets", "node_uses", "ledger_entries", "ledger_heads", "null_searches"}
    later |= {"sealed_looks", "weighings"}
    found = {}
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name not in later:
                wanted = [column for column in table.columns if column.name not in newer]
                found[table.name] = [tuple(row) for row in connection.execute(select(*wanted))]
    return found


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


def _clauses(layout: str) -> list[list[str]]:
    """Return the statements by their parts, sorted: Alembic copies constraints and indices in any order."""
    parts = (re.split(r"[,\n]", statement) for statement in layout.split(";\n\n"))
    return sorted(sorted(part.strip() for part in each if part.strip()) for each in parts)
