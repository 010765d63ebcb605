"""``genepool jobs resume`` and ``genepool jobs schedule``: recorded runs, resumed or refreshed by workers."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from genepool.adapters.files.catalogue import is_kept
from genepool.bootstrap.acknowledging import told_jobs
from genepool.bootstrap.stores import open_store
from genepool.cli._durations import seconds_at_least
from genepool.cli._output import print_json, screen, tell_doubt
from genepool.errors import ConfigError
from genepool.history import RunSpec
from genepool.jobs import NewJob, Priority
from genepool.pool.budgets import enlarged
from genepool.program import program
from genepool.reading.file_candles import FileCandles
from genepool.reading.live_trade_files import LiveTradeFiles
from genepool.settings import load_settings
from genepool.usecases.evolve_job import BUDGETS, KIND, budgets_of, continuation_of
from genepool.usecases.follow_job import FOLLOW, FollowJob
from genepool.usecases.job_document import job_document, schedule_document
from genepool.usecases.named_run import find_run
from genepool.usecases.refresh_job import REFRESH, RefreshJob

EVERY_SECONDS_AT_LEAST = 60.0

RunName = Annotated[str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")]
First = Annotated[Priority, typer.Option(help="Whether a person waits for it.")]
Limit = Annotated[str, typer.Option(metavar="TIME", help="What it may take, such as 90m, 12h or 2d.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def resume(
    run: RunName,
    *,
    generations: Annotated[int | None, typer.Option(min=1, help="Generations at most.")] = None,
    max_evaluations: Annotated[int | None, typer.Option(min=1, help="Unique evaluations at most.")] = None,
    max_minutes: Annotated[float | None, typer.Option(min=0, help="Minutes of each session.")] = None,
    plateau: Annotated[int | None, typer.Option(min=1, help="Generations without a better best.")] = None,
    priority: First = "normal",
    time_limit: Limit = "12h",
    as_json: AsJson = False,
) -> None:
    """Queue the continuation of a recorded run, by its own rules; larger budgets may be given."""
    limit = seconds_at_least(1.0, time_limit, "--time-limit")
    said = dict(zip(BUDGETS, (generations, max_evaluations, max_minutes, plateau), strict=True))
    terms = continuation_of({name: value for name, value in said.items() if value is not None})
    settings = load_settings()
    with closing(open_store(settings)) as store:
        summary = find_run(run, store.summaries(), program())
        # Refused now, while the user is here to read it.
        enlarged(summary, budgets_of(terms))
        asked = NewJob(KIND, terms, priority, limit, run=summary.spec.run)
        job = told_jobs(store.jobs, settings).submit(asked)
    if as_json:
        print_json(job_document(job).as_json())
    else:
        screen().print(f"job {job.id} waits: resume {summary.spec.run}", soft_wrap=True)


def schedule(
    run: RunName,
    every: Annotated[str, typer.Option(metavar="TIME", help="How often, such as 7d.")],
    *,
    download: Annotated[
        bool, typer.Option("--download", help="First continue candles that were downloaded.")
    ] = False,
    trades: Annotated[
        Path | None,
        typer.Option(help="Do not refresh the run: follow this live record with its champion's replay."),
    ] = None,
    since: Annotated[str, typer.Option(metavar="DATE", help="Of --trades: when the bot began.")] = "",
    pair: Annotated[str, typer.Option(help="Of --trades: which market of the record.")] = "",
    capital: Annotated[
        float | None, typer.Option(help="Of --trades: what the bot trades with, in quote currency.")
    ] = None,
    priority: First = "batch",
    time_limit: Limit = "12h",
    as_json: AsJson = False,
) -> None:
    """Refresh a run's champion again and again, by the run's rules, on the candles that there are then.

    With --trades, compare a live record with the champion's replay again and again instead.
    """
    settings = load_settings()
    seconds = seconds_at_least(EVERY_SECONDS_AT_LEAST, every, "--every")
    limit = seconds_at_least(1.0, time_limit, "--time-limit")
    with closing(open_store(settings)) as store:
        spec = find_run(run, store.summaries(), program()).spec
        kept = _lasting(spec, settings.home)
        terms = RefreshJob(spec.run, kept, download).terms
        asked = NewJob(REFRESH, terms, priority, limit)
        if trades is not None:
            follows = _follows(spec, trades, kept, download=download)
            terms = replace(follows, since=since, pair=pair, capital=capital).terms
            asked = NewJob(FOLLOW, terms, priority, limit)
        elif since or pair or capital is not None:
            raise ConfigError("--since, --pair and --capital tell of a live record: add --trades")
        planned = store.jobs.plan(asked, seconds)
    if as_json:
        print_json(schedule_document(planned).as_json())
        return
    first = f"for the first time at {planned.next_at[:16]} UTC"
    does = "refreshes" if trades is None else "follows"
    line = f"schedule {planned.id} {does} {spec.run} every {every}, {first}; `{program()} jobs work` does it"
    screen().print(line, soft_wrap=True)


def _follows(spec: RunSpec, trades: Path, data: str | None, *, download: bool) -> FollowJob:
    """Return what a worker follows, wherever it is started; the record must be readable now."""
    if download:
        raise ConfigError(
            "--download continues the candles of a refresh: leave it out; a schedule of a refresh with it "
            "beside this one continues them"
        )
    LiveTradeFiles().read(trades)
    return FollowJob(spec.run, str(trades.resolve()), data=data)


def _lasting(spec: RunSpec, home: Path) -> str | None:
    """Return where the candles are, wherever the worker is started; they must be there now."""
    FileCandles(home, tell_doubt).read(spec.data, spec.reading, symbol=spec.symbol, timeframe=spec.timeframe)
    return None if is_kept(spec.data, home) else str(Path(spec.data).resolve())
