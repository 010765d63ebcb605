"""Repeat a run's search on markets without an edge: what ``genepool nulls --json`` prints."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.history import NullSearch
from genepool.pool.job_worker import Attempt
from genepool.ports import NullsCompared, RunClimbed
from genepool.program import program
from genepool.reading.file_candles import FileCandles
from genepool.usecases.named_run import find_run
from genepool.usecases.null_evolution import evolve_nulls
from genepool.usecases.nulls_job import NullsJob
from genepool.usecases.past_run import PastRun
from genepool.usecases.resume_run import planned_again


def nulls(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; a later attempt makes the nulls that are still wanting."""
    store, asked = means.store, NullsJob.by(attempt.job.asked.request)
    wanted, summary = asked.asked, find_run(asked.run, store.summaries(), program())
    run = summary.spec.run
    tell = partial(structlog.get_logger().warning, "data_doubtful", run=run)
    source = FileCandles(means.settings.home, tell)
    plan = planned_again(summary.spec, source)

    def told(_null: NullSearch, done: int) -> None:
        attempt.tell({"run": run, "nulls": done, "of": wanted.count})

    with means.evaluating(store, attempt.job, plan, attempt.stop) as workers:
        at_once = workers.searches_at_once(plan.spec.settings.population_size)
        done = evolve_nulls(
            plan, summary, wanted, store, workers.evaluator, told, attempt.stop, program(), at_once
        )
    found = done.nulls
    means.watcher(NullsCompared(run, found.count, found.p_value, found.p_corrected))
    past = PastRun(summary, store, source)
    ladder, _ = past.climbed(past.judged(plan))
    means.watcher(RunClimbed(run, ladder.height))
    return done.as_json()


KIND = Kind(nulls)
