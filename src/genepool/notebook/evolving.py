"""Evolve from Python: a run that the command line would breed to the same digest, in the same history."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from genepool.adapters.store import SqlStore
from genepool.bootstrap.breeding import breeder_at
from genepool.bootstrap.housekeeping import prune_by_rule
from genepool.bootstrap.placement import Mode, check_reachable, place
from genepool.errors import Interrupted
from genepool.evolution.settings import EvolutionSettings
from genepool.market.split import SplitRule
from genepool.notebook._stopping import stop_requests
from genepool.notebook.backtesting import known_strategies
from genepool.notebook.costs import Costs
from genepool.notebook.evolved import Evolved
from genepool.notebook.market import MarketCandles
from genepool.notebook.progress import ProgressLine
from genepool.notebook.reading import CandlesInMemory
from genepool.notebook.store import HistoryPlace, place_of
from genepool.pool.planning import Plan
from genepool.ports import Event, Watcher
from genepool.robustness.look_ahead import refuse_look_ahead
from genepool.strategies import Strategy
from genepool.usecases.breed_run import Bred, breed_run
from genepool.usecases.conclude_run import conclude_run
from genepool.usecases.resume_run import OldRun, resume_run
from genepool.usecases.start_run import NewRun, start_run


def evolve(
    market: MarketCandles,
    /,
    *,
    strategies: Sequence[str | Strategy] = (),
    population_size: int = 100,
    generations: int = 15,
    max_evaluations: int | None = None,
    max_minutes: float | None = None,
    plateau: int | None = None,
    seed: int = 0,
    objective: str = "sharpe",
    optimizer: str = "genetic",
    preset: str = "development",
    candles: int | None = None,
    costs: Costs | None = None,
    holdout: float = 0.2,
    in_sample: float = 0.6,
    folds: int = 4,
    purge: int = 24,
    embargo: int = 24,
    mode: Mode = "auto",
    workers: int | None = None,
    name: str = "",
    store: str | Path | None = None,
    progress: bool | Watcher = True,
) -> Evolved:
    """Breed strategies on a market and judge the best: as ``genepool evolve --no-report``, bit for bit.

    Interrupting the cell, or Ctrl-C, stops it after the batches that run; ``resume`` continues it.

    Parameters
    ----------
    market
        The candles.
    strategies
        Names of seeds, and strategies of your own; none for all seeds that can take part. Strategies of your
        own are replayed first: one that sees the future is refused.
    population_size, generations, max_evaluations, max_minutes, plateau, seed, objective, optimizer
        How it is bred, and when it ends; as the flags of ``genepool evolve``.
    preset, candles
        Newest candles to use: a preset, or a number.
    costs
        What trading costs; what is not said is usual for the kind of market.
    holdout, in_sample, folds, purge, embargo
        How the candles are split.
    mode, workers
        ``"local"`` for this machine, with so many worker processes; ``"distributed"`` for a cluster;
        ``"auto"`` for whichever is faster. Strategies of your own are bred here or on the Ray cluster that
        ``GENEPOOL_RAY_ADDRESS`` names; a coordinator does not know them.
    name
        Of the run; made of market and time where it is not given.
    store
        The history: None for the command line's, a file or URL for another, ``":memory:"`` for none that
        stays. Trials are counted in the history that they are recorded in.
    progress
        Whether one line shows how it goes, or who is told of every event instead.

    Returns
    -------
    Evolved
        Leaderboard, champion, verdict, report.

    Raises
    ------
    LooksAhead
        When a strategy of your own sees the future.
    ConfigError, DataError
        When what is asked for cannot be bred.
    Interrupted
        When it was stopped; its sentence says how to resume it.

    Examples
    --------
    >>> import genepool as gp
    >>> candles = gp.read("synthetic:noise:seed=1,candles=3000")
    >>> run = gp.evolve(candles, strategies=["rsi_filter"], population_size=8, generations=2, workers=1,
    ...                 preset="all", store=":memory:", progress=False)
    >>> len(run.leaderboard) > 0, run.verdict.startswith("No edge found")
    (True, True)
    """
    own = _own(strategies)
    said = costs or Costs()
    asked = NewRun(
        data=market.name,
        reading=market.reading,
        run=name,
        seed=seed,
        preset=preset,
        candles=candles,
        split=SplitRule(holdout, in_sample, folds, purge, embargo),
        basis_points=said.basis_points,
        max_leverage=1.0 if said.max_leverage is None else said.max_leverage,
        settings=EvolutionSettings(
            population_size, generations, max_evaluations, max_minutes, plateau, optimizer=optimizer
        ),
        objective=objective,
        strategies=tuple(one.name if isinstance(one, Strategy) else one for one in strategies),
        version=version("genepool"),
        own=own,
    )
    _refuse_look_ahead(own, market)
    where = _where(place_of(store), own)
    with where.opened() as history:
        check_reachable(mode, where.settings, history.identity())
        plan = start_run(asked, CandlesInMemory(market.held), history)
        return _bred(market, plan, where, history, mode, workers, progress)


def resume(
    market: MarketCandles,
    run: str = "latest",
    /,
    *,
    strategies: Sequence[str | Strategy] = (),
    generations: int | None = None,
    max_evaluations: int | None = None,
    max_minutes: float | None = None,
    plateau: int | None = None,
    mode: Mode = "auto",
    workers: int | None = None,
    store: str | Path | None = None,
    progress: bool | Watcher = True,
) -> Evolved:
    """Continue a run that was stopped, or give a finished one a larger budget.

    Parameters
    ----------
    market
        The candles that it began with.
    run
        Its name, a unique beginning of it, or ``latest``.
    strategies
        The strategies of your own that it began with, unchanged.
    generations, max_evaluations, max_minutes, plateau
        Larger budgets; None for those that it has.
    mode, workers, store, progress
        As ``evolve``.

    Raises
    ------
    DataError
        When the candles, or a function, are not those that it began with.
    RunNotFound, ConfigError, Interrupted
        When there is no such run, a budget is smaller than before, or it was stopped again.
    """
    own = _own(strategies)
    budgets = {
        "generations": generations,
        "evaluations": max_evaluations,
        "minutes": max_minutes,
        "plateau": plateau,
    }
    given = {name: value for name, value in budgets.items() if value is not None}
    where = _where(place_of(store), own)
    with where.opened() as history:
        check_reachable(mode, where.settings, history.identity())
        plan = resume_run(OldRun(run, budgets=given, own=own), CandlesInMemory(market.held), history).plan
        _refuse_look_ahead(own, market)
        return _bred(market, plan, where, history, mode, workers, progress)


def _own(strategies: Sequence[str | Strategy]) -> tuple[Strategy, ...]:
    known_strategies(strategies)
    return tuple(one for one in strategies if isinstance(one, Strategy))


def _refuse_look_ahead(own: Sequence[Strategy], market: MarketCandles) -> None:
    for strategy in own:
        refuse_look_ahead(strategy, market.candles)


def _where(held: HistoryPlace, own: Sequence[Strategy]) -> HistoryPlace:
    """Return the history, with settings that name no coordinator where it would not know the strategies."""
    if not own:
        return held
    return HistoryPlace(held.settings.model_copy(update={"service_url": ""}), held.folder)


def _bred(
    market: MarketCandles,
    plan: Plan,
    where: HistoryPlace,
    history: SqlStore,
    mode: Mode,
    workers: int | None,
    progress: bool | Watcher,
) -> Evolved:
    settings = where.settings
    site = place(mode, workers, settings, plan, history.identity())
    watcher = _watcher(progress)
    with stop_requests() as stop:
        try:
            bred: Bred = breed_run(plan, breeder_at(site, history, settings), history, watcher, stop)
        except Interrupted as error:
            so_far, _, _ = str(error).partition(";")
            raise Interrupted(f"{so_far}; resume it by gp.resume(candles, {plan.spec.run!r})") from error
    concluded = conclude_run(bred, history, watcher)
    if site.site != "coordinator":
        prune_by_rule(history, settings.keep_trials_days)
    return Evolved(market, plan, concluded, where)


def _watcher(progress: bool | Watcher) -> Watcher:
    if callable(progress):
        return progress
    return ProgressLine() if progress else _told_nobody


def _told_nobody(_event: Event) -> None:
    """Take an event and do nothing."""
