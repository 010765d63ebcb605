"""A run is ordered: recorded at once, bred by a job, and once under one key."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.errors import ConfigError, JobConflict, RunExists, RunNotFound, StoreAway
from genepool.jobs import Job, NewJob
from genepool.market.synthetic import synthetic_market
from genepool.ports import JobQueue
from genepool.usecases.order_run import Order, OrderedRun, order_resumption, order_run, stop_ordered
from genepool.usecases.run_rules import RunRules
from genepool.usecases.start_run import NewRun
from tests.fakes.candle_sources import NamedCandles


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def source() -> NamedCandles:
    return NamedCandles({"noise": synthetic_market("noise", 1, 3000)})


RULES = RunRules(population_size=6, generations=2, strategies="ema_crossover", candles=3000)


def asked(name: str = "", seed: int = 0) -> NewRun:
    return replace(RULES, seed=seed).asked("noise", (), name)


def ordered(
    store: SqlStore, source: NamedCandles, name: str = "", key: str = "", seed: int = 0
) -> OrderedRun:
    return order_run(asked(name, seed), source, store, store.jobs, Order(idempotency_key=key))


def test_an_ordered_run_waits_for_the_job_that_breeds_it(store: SqlStore, source: NamedCandles) -> None:
    run = ordered(store, source, "first")
    assert (run.run, run.state, run.generations) == ("first", "queued", 0)
    job = store.jobs.job(run.job or 0)
    assert (job.asked.run, job.asked.kind, job.asked.priority) == ("first", "evolve", "interactive")
    assert store.next_run() is None, "it is the job's, and no coordinator's"


def test_one_key_is_one_run_whatever_happens_to_the_answer(store: SqlStore, source: NamedCandles) -> None:
    first = ordered(store, source, key="nightly")
    assert ordered(store, source, key="nightly") == first
    assert len(store.summaries()) == len(store.jobs.jobs()) == 1
    with pytest.raises(JobConflict):
        ordered(store, source, key="nightly", seed=9)


class AwayQueue:
    """A queue whose database is away when a job is submitted."""

    def submit(self, _job: NewJob) -> Job:
        raise StoreAway("no answer")


def test_a_run_whose_order_broke_off_before_its_job_gets_one(store: SqlStore, source: NamedCandles) -> None:
    order = Order(idempotency_key="nightly")
    with pytest.raises(StoreAway):
        order_run(asked(), source, store, cast("JobQueue", AwayQueue()), order)
    (recorded,) = store.summaries()
    assert ordered(store, source, key="nightly").run == recorded.spec.run
    assert [job.asked.run for job in store.jobs.jobs()] == [recorded.spec.run]


def test_a_name_is_taken_once(store: SqlStore, source: NamedCandles) -> None:
    ordered(store, source, "first")
    with pytest.raises(RunExists, match="run first already"):
        ordered(store, source, "first")
    with pytest.raises(RunExists, match="not ordered under this key"):
        ordered(store, source, "first", key="nightly")


def test_a_waiting_run_is_stopped_at_once_and_continued_by_another_job(
    store: SqlStore, source: NamedCandles
) -> None:
    first = ordered(store, source, "first")
    assert stop_ordered("first", store, store.jobs).state == "interrupted"
    with pytest.raises(JobConflict, match="ended already"):
        stop_ordered("first", store, store.jobs)
    again = order_resumption("first", {"generations": 4}, store, store.jobs, Order())
    assert (again.state, again.resumed) == ("queued", True)
    assert again.job != first.job
    assert store.jobs.job(again.job or 0).asked.request == {"budgets": {"generations": 4}}
    with pytest.raises(JobConflict, match="bred by job"):
        order_resumption("first", {}, store, store.jobs, Order())


def test_a_running_run_is_asked_to_stop(store: SqlStore, source: NamedCandles) -> None:
    ordered(store, source, "first")
    store.jobs.take(["evolve"])
    store.claim("first")
    assert stop_ordered("first", store, store.jobs).state == "stopping"
    assert store.jobs.jobs(run="first")[0].state == "cancelling"


def test_a_finished_run_is_continued_with_larger_budgets_alone(store: SqlStore, source: NamedCandles) -> None:
    run = ordered(store, source, "first")
    job = store.jobs.take(["evolve"])
    assert job is not None
    assert job.id == run.job
    store.claim("first")
    store.finish("first", "finished", "d" * 64)
    store.jobs.end(job, "done", {})
    with pytest.raises(ConfigError, match="give it more generations"):
        order_resumption("first", {}, store, store.jobs, Order())
    with pytest.raises(ConfigError, match="generations"):
        order_resumption("first", {"generations": 1}, store, store.jobs, Order())
    assert order_resumption("first", {"generations": 3}, store, store.jobs, Order()).resumed


def test_nobody_stops_or_continues_what_is_not_there(store: SqlStore) -> None:
    with pytest.raises(RunNotFound):
        stop_ordered("x", store, store.jobs)
    with pytest.raises(RunNotFound):
        order_resumption("x", {}, store, store.jobs, Order())


def test_the_orphan_of_a_killed_worker_is_left_to_its_job(store: SqlStore, source: NamedCandles) -> None:
    ordered(store, source, "first")
    store.jobs.take(["evolve"])
    store.claim("first")
    assert store.next_run() is None
    store.jobs.cancel(1)
    job = store.jobs.job(1)
    store.jobs.end(job, "cancelled")
    assert store.next_run() == "first", "without a job it is any coordinator's"
