"""``genepool jobs work``: a worker that does what waits in the queue."""

import socket
from contextlib import closing
from functools import partial
from typing import Annotated

import structlog
import typer

from genepool.bootstrap.acknowledging import told_jobs
from genepool.bootstrap.breeding import own_breeder
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.job_heart import JobHeart
from genepool.bootstrap.job_kinds import Means, job_kinds
from genepool.bootstrap.job_log import JobLog
from genepool.bootstrap.null_evaluating import own_evaluator
from genepool.bootstrap.stores import open_store
from genepool.cli._stopping import stop_requests
from genepool.jobs import Priority
from genepool.pool.job_worker import JobWorker
from genepool.program import program
from genepool.resilience.time_limited_call import pause
from genepool.settings import load_settings


def work(
    *,
    until_empty: Annotated[
        bool, typer.Option("--until-empty", help="Leave when no job can be done.")
    ] = False,
    least: Annotated[
        Priority, typer.Option("--least", help="Leave jobs of lower priority to other workers.")
    ] = "batch",
) -> None:
    """Do what waits, one job after the other, until Ctrl-C; what it was busy with waits again then.

    Several workers may share one queue: no job is done by two of them, and what a killed one was busy with is
    taken up by another, or by the next, where it stopped.
    """
    settings = load_settings()
    with stop_requests() as stop, closing(open_store(settings)) as store:
        structlog.get_logger().info("worker_ready", host=socket.gethostname())
        jobs = told_jobs(store.jobs, settings)
        JobWorker(
            jobs,
            job_kinds(
                Means(
                    settings,
                    store,
                    partial(own_breeder, settings, program()),
                    partial(own_evaluator, settings),
                )
            ),
            lambda job: JobHeart(jobs, job, SystemClock(), stop),
            stop,
            partial(pause, interrupted=stop),
            JobLog(),
            least,
        ).work(until_empty=until_empty)
