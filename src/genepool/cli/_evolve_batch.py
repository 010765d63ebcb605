"""``genepool evolve`` over several markets: a batch of jobs, done here until all of them have ended."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import typer

from genepool.adapters.store import SqlStore
from genepool.bootstrap.acknowledging import told_jobs
from genepool.bootstrap.batch_breeding import batch_breeding
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.job_heart import JobHeart
from genepool.bootstrap.job_kinds import Means, job_kinds
from genepool.bootstrap.job_log import JobLog
from genepool.bootstrap.null_evaluating import own_evaluator
from genepool.bootstrap.stores import open_store
from genepool.cli import _evolve_flags as flag
from genepool.cli import _evolve_refusals as refusals
from genepool.cli._job_pages import parts_table
from genepool.cli._markets import lasting
from genepool.cli._new_run_flags import NewRunFlags
from genepool.cli._output import aside, print_json, screen, tell_doubt
from genepool.cli._stopping import stop_requests
from genepool.errors import Interrupted, StoreAway
from genepool.jobs import ENDED, Job, NewJob
from genepool.pool.job_worker import JobWorker
from genepool.pool.stop_request import StopRequest
from genepool.program import program
from genepool.reading.bundles import words_of
from genepool.reading.file_candles import FileCandles
from genepool.reading.flags import FileFlags
from genepool.resilience.time_limited_call import pause
from genepool.settings import Settings
from genepool.usecases.evolve_job import KIND
from genepool.usecases.job_document import job_document
from genepool.usecases.market_batch import MarketBatch, batch_of, queue_markets
from genepool.usecases.start_run import rehearse_run

_LOOK_SECONDS = 0.5


def evolve_markets(
    context: typer.Context,
    markets: Sequence[str],
    flags: FileFlags,
    rules: NewRunFlags,
    settings: Settings,
    *,
    as_json: bool,
) -> None:
    """Breed one run for each market, and show all of them side by side.

    Raises
    ------
    ConfigError, DataError
        When one of them could not be bred, before any is.
    Interrupted
        When the user stopped it; the message holds the command that continues.
    typer.Exit
        With the exit code of the worst, when not all are done.
    """
    refusals.refuse_beside_several(context)
    settings, source = _where(context, settings), FileCandles(settings.home, tell_doubt)
    asked = [rules.asked(lasting(each, settings.home, flags), words_of(flags), "") for each in markets]
    for each in asked:
        rehearse_run(each, source)
    with closing(open_store(settings)) as store, stop_requests() as stop:
        whole, *parts = queue_markets(store.jobs, asked, NewJob(KIND), settings.max_concurrent_symbols)
        aside().print(f"job {whole.id} is a batch of {len(parts)} markets", soft_wrap=True)
        _work(store, settings, whole, stop)
        ended = store.jobs.job(whole.id)
        batch = batch_of(ended, store.jobs)
        if ended.state not in ENDED:
            raise Interrupted(_continuing(batch))
        _show(ended, batch, as_json=as_json)
    if ended.state != "done" or batch.exit_code:
        own = (ended.result or {}).get("exit_code", Interrupted.exit_code)
        raise typer.Exit(batch.exit_code or own)


def _where(context: typer.Context, settings: Settings) -> Settings:
    """Return the settings with what the flags say of the place: jobs have no other way to hear of it."""
    changed: dict[str, Any] = {}
    if context.params["mode"] is flag.ModeName.LOCAL:
        changed |= {"service_url": "", "ray_address": ""}
    if (workers := context.params["workers"]) is not None:
        changed["cpu_threads"] = workers
    if (output := context.params["output"]) is not None:
        changed["results"] = Path(output)
    return settings.model_copy(update=changed)


def _work(store: SqlStore, settings: Settings, whole: Job, stop: StopRequest) -> None:
    """Work on a batch, so many markets at once as the settings allow, until it has ended or is stopped."""
    jobs = told_jobs(store.jobs, settings)
    with batch_breeding(settings, program(), store) as breeding:
        worker = JobWorker(
            jobs,
            job_kinds(Means(settings, store, breeding, partial(own_evaluator, settings))),
            lambda job: JobHeart(jobs, job, SystemClock(), stop),
            stop,
            partial(pause, interrupted=stop),
            JobLog(),
            family=whole.id,
        )
        _work_together(worker, partial(_is_over, store, whole.id), stop, settings.max_concurrent_symbols)


def _work_together(worker: JobWorker, over: Callable[[], bool], stop: StopRequest, together: int) -> None:
    with ThreadPoolExecutor(together) as threads:
        working = [threads.submit(_until, over, worker, stop) for _ in range(together)]
        # Signals are heard between two looks, on every system.
        while wait(working, _LOOK_SECONDS).not_done:
            pass
    for each in working:
        each.result()


def _until(over: Callable[[], bool], worker: JobWorker, stop: StopRequest) -> None:
    with suppress(Interrupted):
        while not (stop() or over()):
            worker.work(until_empty=True)
            if not over():
                pause(_LOOK_SECONDS, interrupted=stop)


def _is_over(store: SqlStore, number: int) -> bool:
    try:
        return store.jobs.job(number).state in ENDED
    except StoreAway:
        return False


def _continuing(batch: MarketBatch) -> str:
    done = sum(part.state == "done" for part in batch.parts)
    return (
        f"{batch.name} is stopped, {done} of {len(batch.parts)} markets are done and what the others have "
        f"found is kept; continue with\n  {program()} jobs work --until-empty"
    )


def _show(job: Job, batch: MarketBatch, *, as_json: bool) -> None:
    if as_json:
        print_json(job_document(job).as_json())
    else:
        screen().print(parts_table(batch))
        if (report := (job.result or {}).get("report")) is not None:
            screen().print(f"report      {report}: the table and a page for each market", soft_wrap=True)
    for part in batch.parts:
        if part.state != "done":
            aside().print(f"{part.data} is {part.state}: {part.error or 'ended by its user'}", soft_wrap=True)
