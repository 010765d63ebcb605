"""Order a job over the wire: what it names is resolved, and no client names a file of the server."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from genepool.errors import ConfigError
from genepool.jobs import NewJob
from genepool.ports import JobQueue, JobSchedule
from genepool.usecases.backtest_job import BacktestJob
from genepool.usecases.document import json_value
from genepool.usecases.job_document import JobDocument, ScheduleDocument, job_document, schedule_document
from genepool.usecases.nulls_job import NullsJob
from genepool.usecases.refresh_job import RefreshJob
from genepool.usecases.report_job import ReportJob

# Checks what a client calls a data set, or a run, and returns its name.
DataNamed: TypeAlias = Callable[[str], str]
RunNamed: TypeAlias = Callable[[str], str]

EVERY_SECONDS_AT_LEAST = 60.0
EVERY_SECONDS_AT_MOST = 366 * 86_400.0


def backtest_on(asked: BacktestJob, data_named: DataNamed) -> BacktestJob:
    """Return a backtest on candles that a client may name.

    Parameters
    ----------
    asked
        As the client says it.
    data_named
        Checks the name of candles.

    Raises
    ------
    ConfigError
        When neither the client nor the genome names such candles.
    """
    inner: Any = (asked.genome or {}).get("data")
    said = asked.data
    if said is None and isinstance(inner, dict):
        said = inner.get("source")
    if not isinstance(said, str):
        raise ConfigError("say on which candles: give data, or a genome that names them")
    name = data_named(said)
    if asked.genome is None or not isinstance(inner, dict):
        return replace(asked, data=name)
    # How a file was read says nothing of candles with a name, and might name another file.
    told = {**asked.genome, "data": {**inner, "reading": []}}
    return replace(asked, data=name, genome=told)


def refresh_order(run: str, data: str | None, run_named: RunNamed, *, download: bool) -> RefreshJob:
    """Return the refreshment of a run's champion.

    Raises
    ------
    RunNotFound
        When there is no such run.
    """
    return RefreshJob(run_named(run), data, download)


def report_order(run: str, run_named: RunNamed) -> ReportJob:
    """Return the writing of a run's report.

    Raises
    ------
    RunNotFound
        When there is no such run.
    """
    return ReportJob(run_named(run))


def nulls_order(run: str, count: int, generator: str, run_named: RunNamed, *, sequential: bool) -> NullsJob:
    """Return the null searches of a run.

    Raises
    ------
    RunNotFound
        When there is no such run.
    ConfigError
        When there is no such generator.
    """
    order = NullsJob(run_named(run), count, generator, sequential)
    # Refused now, while the client is here to read it.
    _ = order.asked
    return order


def order_job(asked: NewJob, jobs: JobQueue) -> JobDocument:
    """Queue a job, or return the one that was ordered under the same idempotency key.

    Raises
    ------
    JobConflict
        When something else was ordered under that key.
    """
    return job_document(jobs.submit(asked))


def order_schedule(asked: NewJob, every_seconds: float, schedule: JobSchedule) -> ScheduleDocument:
    """Have a job submitted again and again; ordered twice, it is one schedule.

    Parameters
    ----------
    asked
        The job.
    every_seconds
        How often.
    schedule
        Where it is kept.

    Raises
    ------
    ConfigError
        When that is too often, or too seldom.
    """
    if not EVERY_SECONDS_AT_LEAST <= every_seconds <= EVERY_SECONDS_AT_MOST:
        raise ConfigError(
            f"every {every_seconds:g} s cannot be planned: give {EVERY_SECONDS_AT_LEAST:g} s to 366 days"
        )
    for known in schedule.planned():
        if known.every_seconds == every_seconds and json_value(known.asked) == json_value(asked):
            return schedule_document(known)
    return schedule_document(schedule.plan(asked, every_seconds))
