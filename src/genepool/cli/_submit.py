"""``genepool jobs submit``: evolutions for a worker, one for each market that is named."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Annotated

import typer

from genepool.bootstrap.acknowledging import told_jobs
from genepool.bootstrap.stores import open_store
from genepool.cli import _evolve_flags as flag
from genepool.cli._again import EVERY_SECONDS_AT_LEAST
from genepool.cli._durations import seconds_at_least
from genepool.cli._markets import lasting, markets_of
from genepool.cli._new_run_flags import NewRunFlags
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.errors import ConfigError
from genepool.jobs import Job, NewJob, Priority
from genepool.names import checked_run_name
from genepool.ports import JobSchedule
from genepool.program import program
from genepool.reading.bundles import words_of
from genepool.reading.file_candles import FileCandles
from genepool.reading.flags import FileFlags
from genepool.settings import load_settings
from genepool.usecases.evolve_job import BATCH, KIND, terms_of
from genepool.usecases.job_document import job_document, schedule_document
from genepool.usecases.market_batch import queue_markets
from genepool.usecases.start_run import NewRun, rehearse_run

SAMPLE = "btcusd_1h"

Limit = Annotated[str, typer.Option(metavar="TIME", help="What each may take, such as 90m, 12h or 2d.")]
Every = Annotated[
    str | None, typer.Option(metavar="TIME", help="Submit it again every so often, such as 7d, from then on.")
]
Together = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="How many of several markets are bred at once.",
        show_default="GENEPOOL_MAX_CONCURRENT_SYMBOLS, 1 unless set",
    ),
]
Key = Annotated[
    str,
    typer.Option("--key", help="Submitted twice under one key, it is one job."),
]


def submit(
    data: Annotated[
        str, typer.Option(help="Sample, import, synthetic market or file; several parted by commas.")
    ] = SAMPLE,
    *,
    flags: FileFlags,
    rules: NewRunFlags,
    name: flag.Name = "",
    priority: Annotated[Priority, typer.Option(help="Whether a person waits for it.")] = "normal",
    time_limit: Limit = "12h",
    every: Every = None,
    together: Together = None,
    key: Key = "",
    as_json: flag.AsJson = False,
) -> None:
    """Queue evolutions for a worker (`genepool jobs work`); the flags are those of `genepool evolve`."""
    settings = load_settings()
    named = markets_of(data, settings.home)
    markets = [lasting(each, settings.home, flags) for each in named]
    if name and (len(markets) != 1 or every):
        raise ConfigError("--name is for one run: leave it out, and each run is called after its job")
    limit = seconds_at_least(1.0, time_limit, "--time-limit")
    source = FileCandles(settings.home, tell_doubt)
    run = checked_run_name(name) if name else ""
    asked = [rules.asked(market, words_of(flags), run) for market in markets]
    for each in asked:
        # Refused now, while the user is here to read it.
        rehearse_run(each, source)
    form = NewJob(KIND, {}, priority, limit, idempotency_key=key, run=run or None)
    with closing(open_store(settings)) as store:
        if every is not None:
            _plan(store.jobs, asked, form, every, as_json=as_json)
            return
        queue = told_jobs(store.jobs, settings)
        jobs = queue_markets(queue, asked, form, together or settings.max_concurrent_symbols)
    if as_json:
        print_json([job_document(job).as_json() for job in jobs])
        return
    for job in jobs:
        screen().print(f"job {job.id} waits: {_about(job)}", soft_wrap=True)
    screen().print(
        f"`{program()} jobs work` does what waits, `{program()} jobs list` shows it", soft_wrap=True
    )


def _plan(schedule: JobSchedule, asked: Sequence[NewRun], form: NewJob, every: str, *, as_json: bool) -> None:
    seconds = seconds_at_least(EVERY_SECONDS_AT_LEAST, every, "--every")
    planned = [schedule.plan(replace(form, request=terms_of(each)), seconds) for each in asked]
    if as_json:
        print_json([schedule_document(each).as_json() for each in planned])
        return
    for each, run in zip(planned, asked, strict=True):
        first = f"{each.next_at[:16]} UTC"
        line = f"schedule {each.id} queues {run.data} every {every}, for the first time at {first}"
        screen().print(line, soft_wrap=True)


def _about(job: Job) -> str:
    if job.asked.kind == BATCH:
        return f"a batch of {len(job.asked.request['data'])} markets"
    return f"evolve {job.asked.request['data']}"
