"""A run that is newer than the server's statistics is read as quickly as any other."""

import time

import psycopg

from genepool.adapters.store import open_sql_store
from tests.fakes.histories import a_generation, a_spec
from tests.fakes.postgres import history_url

SIZE, GENERATIONS = 20, 40
LOOKED_UP = "SELECT idx_tup_fetch FROM pg_stat_user_indexes WHERE indexrelname = 'pk_evaluations'"


def test_it_looks_up_no_more_evaluations_than_it_returns() -> None:
    with history_url() as url:
        for run in ("first", "second", "third"):
            record(url, run)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("ALTER TABLE evaluations SET (autovacuum_enabled = false)")
            connection.execute("ALTER TABLE lineage SET (autovacuum_enabled = false)")
            connection.execute("ANALYZE")
            record(url, "new")
            before = settled(connection)
            reader = open_sql_store(url)
            found = reader.generations("new", 10, 5)
            reader.close()
            after = settled(connection)
    assert sum(len(one.newborn) for one in found) == 5 * SIZE
    assert 0 < after - before <= 2 * 5 * SIZE


def record(url: str, run: str) -> None:
    store = open_sql_store(url)
    store.create(a_spec(run, problem_digest=run))
    for number in range(GENERATIONS):
        store.record(run, a_generation(number, SIZE * number, size=SIZE))
    store.close()


def settled(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    """Return how many evaluations were looked up, once those who left have said what they did."""
    time.sleep(1.5)
    row = connection.execute(LOOKED_UP).fetchone()
    assert row is not None
    return int(str(row[0]))
