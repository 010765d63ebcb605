"""``genepool evolve``: breed strategies on a market, or continue a recorded run."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import typer

from genepool.adapters.store import SqlStore
from genepool.bootstrap.housekeeping import prune_by_rule
from genepool.bootstrap.placement import check_reachable, place
from genepool.bootstrap.stores import open_store
from genepool.cli import _evolve_flags as flag
from genepool.cli import _evolve_refusals as refusals
from genepool.cli._markets import markets_in, markets_of
from genepool.cli._new_run_flags import NewRunFlags
from genepool.cli._output import aside, tell_doubt
from genepool.cli._run_session import run_session
from genepool.cli._there import commands_there
from genepool.errors import ConfigError
from genepool.pool.planning import Plan
from genepool.ports.candles import CandleSource
from genepool.program import program
from genepool.reading.bundles import with_bundles, words_of
from genepool.reading.file_candles import FileCandles, refuse_unused
from genepool.reading.flags import FileFlags
from genepool.settings import load_settings
from genepool.usecases.held_genomes import holdings_of
from genepool.usecases.null_evolution import NullsAsked
from genepool.usecases.resume_run import OldRun, resume_run
from genepool.usecases.start_run import start_run

SAMPLE = "btcusd_1h"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_bundles(evolve))


def evolve(
    context: typer.Context,
    data: flag.Data = None,
    universe: flag.Universe = None,
    *,
    flags: FileFlags,
    rules: NewRunFlags,
    atlas: flag.Atlas = False,
    holding: flag.Holding = [],  # noqa: B006 - typer copies it
    max_correlation: flag.MaxCorrelation = None,
    mode: flag.ModeFlag = flag.ModeName.AUTO,
    workers: flag.Workers = None,
    resume: flag.Resume = None,
    name: flag.Name = "",
    output: flag.Output = None,
    report: flag.Report = True,
    nulls: flag.Nulls = 0,
    as_json: flag.AsJson = False,
) -> None:
    """Breed trading strategies on a market; Ctrl-C stops it, and --resume continues it."""
    settings = load_settings()
    reading, asked = words_of(flags), NullsAsked(nulls) if nulls else None
    if resume is not None:
        refusals.refuse_beside_resume(context)
    else:
        rules = replace(rules, optimizer=refusals.optimizer_of(context, rules.optimizer, atlas=atlas))
        named = _markets(data, universe, settings.home)
        if len(named) > 1:
            # It loads every kind of job.
            from genepool.cli._evolve_batch import evolve_markets  # noqa: PLC0415

            evolve_markets(context, named, flags, rules, settings, as_json=as_json)
            return
        data = named[0]
        refuse_unused(data, settings.home, flags)
    reports = (output or settings.results) if report else None
    if reports is not None:
        from genepool.adapters.report.write import check_folder  # noqa: PLC0415 - it draws

        check_folder(reports)
    with closing(open_store(settings)) as store:
        history = store.identity()
        check_reachable(mode.value, settings, history, commands_there(context, data, settings.home))
        source = FileCandles(settings.home, tell_doubt)
        if resume is None:
            held = holdings_of(holding, max_correlation, store, source, program())
            new = replace(rules.asked(data or SAMPLE, reading, name), holdings=held)
            planned = start_run(new, source, store)
        else:
            old = OldRun(resume, data, reading, refusals.given_budgets(context))
            planned = _resumed(old, source, store)
        placement = place(mode.value, workers, settings, planned, history)
        if resume is not None and data is not None:
            refusals.refuse_data_for(placement.site, planned.spec)
        run_session(planned, placement, store, settings, reports, asked, as_json=as_json)
        if placement.site != "coordinator":
            prune_by_rule(store, settings.keep_trials_days)


def _markets(data: str | None, universe: Path | None, home: Path) -> list[str]:
    if universe is None:
        return markets_of(data or SAMPLE, home)
    if data is not None:
        raise ConfigError("--data and --universe both say which markets: give one of them")
    return markets_in(universe, home)


def _resumed(old: OldRun, source: CandleSource, store: SqlStore) -> Plan:
    resumed = resume_run(old, source, store, program())
    if resumed.enlargement:
        aside().print(resumed.enlargement, soft_wrap=True, markup=False)
    return resumed.plan
