"""The views that dashboards read say what the history says, on both engines."""

import statistics
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.adapters.store.dialect import engine_of
from genepool.history import NodeWork, leaderboard
from genepool.robustness.ledger import KnownMarket
from tests.fakes.histories import a_genome, a_history, a_result, a_spec
from tests.fakes.postgres import history_url
from tests.fakes.recorded import newborn

WORK = (NodeWork("ray-worker-1", "cpu", 3, 0.75), NodeWork("ray-worker-2", "memory", 1, 0.5))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield embedded_url(tmp_path / "h.sqlite")
    else:
        with history_url() as made:
            yield made


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    made = open_sql_store(url)
    for run in ("first", "second"):
        made.create(a_spec(run))
        made.claim(run)
        for record in a_history():
            made.record(run, replace(record, work=WORK))
    yield made
    made.close()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = engine_of(url, 5.0)
    yield made
    made.dispose()


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_leaderboard_is_in_the_order_of_the_program(store: SqlStore, engine: Engine) -> None:
    found = rows(engine, "SELECT fingerprint, rank FROM leaderboard WHERE run = 'first' ORDER BY rank")
    board = leaderboard(individual for _, individual in newborn(store, "first"))
    assert found == [(one.genome.fingerprint, place) for place, one in enumerate(board, start=1)]
    best = rows(
        engine,
        "SELECT strategy, fitness, walk_forward_score, born FROM leaderboard "
        "WHERE run = 'second' AND rank = 1",
    )
    scored = board[0].evaluation.scored
    assert scored is not None
    assert best == [("imagined", board[0].fitness, scored.walk_forward_scores[0], board[0].born)]


@pytest.mark.usefixtures("store")
def test_progress_has_best_median_and_worst_of_each_generation(engine: Engine) -> None:
    found = rows(
        engine,
        "SELECT generation, seconds, cache_hits, best, median, worst, evaluations, state FROM run_progress "
        "WHERE run = 'first' ORDER BY generation",
    )
    expected = []
    for record in a_history():
        fitness = [one.fitness for one in record.population.individuals if one.fitness is not None]
        numbers = (max(fitness), statistics.median(fitness), min(fitness))
        expected.append((record.population.generation, 1.25, 1, *numbers, 4, "running"))
    assert [row[:3] + row[5:] for row in found] == [row[:3] + row[5:] for row in expected]
    for row, wanted in zip(found, expected, strict=True):
        assert row[3:6] == pytest.approx(wanted[3:6], rel=1e-15)


@pytest.mark.parametrize("view", ["run_progress", "leaderboard", "node_share"])
def test_a_view_of_one_run_looks_at_no_other(view: str) -> None:
    with history_url() as url:
        store, engine = open_sql_store(url), engine_of(url, 5.0)
        for run in ("first", "second", "third"):
            store.create(a_spec(run))
            for record in a_history():
                store.record(run, replace(record, work=WORK))
        with engine.begin() as connection:
            # On tables of this size the planner would read all of them.
            connection.execute(text("SET enable_seqscan = off"))
            query = f"EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM {view} WHERE run = 'second'"  # noqa: S608 - fixed words
            plan = connection.execute(text(query)).scalar_one()[0]["Plan"]
        engine.dispose()
        store.close()
    # Three generations of four, for each of five questions at most.
    assert 0 < rows_read(plan) <= 5 * 3 * 4


def rows_read(plan: dict[str, Any]) -> int:
    """Return how many rows a plan took from the tables that grow with every run."""
    grows = plan.get("Relation Name") in ("individuals", "lineage", "generation_nodes")
    here = plan["Actual Rows"] * plan["Actual Loops"] + plan.get("Rows Removed by Filter", 0) if grows else 0
    return int(here) + sum(rows_read(part) for part in plan.get("Plans", ()))


@pytest.mark.usefixtures("store")
def test_progress_knows_when_each_generation_was_recorded(engine: Engine) -> None:
    for (at,) in rows(engine, "SELECT recorded_at FROM run_progress"):
        moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
        assert abs((datetime.now(moment.tzinfo) - moment).total_seconds()) < 60


@pytest.mark.usefixtures("store")
def test_the_share_of_each_node_adds_up(engine: Engine) -> None:
    found = rows(
        engine,
        "SELECT node, worker_kind, evaluations, seconds, share FROM node_share "
        "WHERE run = 'first' AND generation = 1 ORDER BY node",
    )
    assert [(*row[:4], float(str(row[4]))) for row in found] == [
        ("ray-worker-1", "cpu", 3, 0.75, 0.75),
        ("ray-worker-2", "memory", 1, 0.5, 0.25),
    ]


@pytest.mark.usefixtures("store")
def test_trials_grow_up_to_the_count_of_the_ledger(store: SqlStore, engine: Engine) -> None:
    found = rows(engine, "SELECT run, trials FROM trial_growth ORDER BY at, run")
    trials = [int(str(row[1])) for row in found]
    assert trials == sorted(trials)
    assert trials[-1] == store.trials("d" * 64) == 12
    assert {row[0] for row in found} == {"first"}


def test_declared_trials_stand_in_the_view_as_in_the_count(store: SqlStore, engine: Engine) -> None:
    market = KnownMarket("d" * 64, "BTCUSD", "1h", frozenset({1}))
    store.ledger_book.declare(market, 100, "a notebook")
    store.know_market(KnownMarket("e" * 64, "BTCUSD", "1h", frozenset({1})))
    told = rows(engine, "SELECT market_digest, MAX(trials) FROM trial_growth GROUP BY 1 ORDER BY 1")
    assert [(digest, int(str(trials))) for digest, trials in told] == [("d" * 64, 112), ("e" * 64, 112)]
    assert store.trials("e" * 64) == 112


def test_trials_of_data_sets_with_candles_in_common_are_counted_as_the_program_counts_them(
    url: str, engine: Engine
) -> None:
    store = open_sql_store(url)
    shared = {"d": {1, 2}, "e": {2, 3}, "f": {3, 4}, "g": {5}}
    for place, (letter, marks) in enumerate(shared.items()):
        digest, problem = letter * 64, letter * 16
        store.create(a_spec(letter, market_digest=digest, data_digest=digest, problem_digest=problem))
        # Each data set tries one genome of the one before it again.
        store.remember(problem, [a_result(a_genome(number)) for number in range(2 * place, 2 * place + 3)])
        store.know_market(KnownMarket(digest, "BTCUSD", "1h", frozenset(marks)))
    told = {}
    for whose, trials in rows(engine, "SELECT market_digest, MAX(trials) FROM trial_growth GROUP BY 1"):
        told[str(whose)[0]] = int(str(trials))
    assert told == {"d": 5, "e": 7, "f": 5, "g": 3}
    assert told == {letter: store.trials(letter * 64) for letter in shared}
    store.close()
