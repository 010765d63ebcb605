"""From what a user asks for and a market to a run that can start: specification, problem, species."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from genepool.backtest.held_returns import HeldTrack
from genepool.backtest.problem import Problem
from genepool.errors import ConfigError, DataError, HistoryTooShort
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import OWN_MARK, is_own
from genepool.history import Holdings, RunSpec
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.grown import found_again
from genepool.market.split import SplitRule, newest_candles
from genepool.objectives import objectives
from genepool.optimizers import optimizers
from genepool.strategies import Strategy

Named = TypeVar("Named")

# The preset's name in the specification when the user gave a number of candles instead.
OWN_COUNT = "custom"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a user asks for.

    Parameters
    ----------
    run
        Name of the new run.
    seed
        Its seed.
    data
        How the candles are found again.
    preset
        Name of the candle-count preset.
    candles
        Newest candles to use; it goes before the preset.
    split, costs, settings, objective
        The rules of the run.
    strategies
        Names of the seeds that take part; empty for all that can.
    version
        Version of genepool.
    reading
        Words of the command line that say how the file was read.
    market
        Kind of the market; empty when nobody knows.
    own
        Strategies of the user's own that may take part beside the seeds.
    holdings, tracks
        Champions that the run is kept apart from, and what they earned.
    """

    run: str
    seed: int
    data: str
    preset: str
    candles: int | None
    split: SplitRule
    costs: CostModel
    settings: EvolutionSettings
    objective: str
    strategies: tuple[str, ...] = ()
    version: str = ""
    reading: tuple[str, ...] = ()
    market: str = ""
    own: tuple[Strategy, ...] = ()
    holdings: Holdings | None = None
    tracks: tuple[HeldTrack, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A run that can start.

    Parameters
    ----------
    spec
        What is written to the history.
    problem
        What genomes are scored against; without the holdout.
    strategies
        The species that take part, by name.
    candles
        All candles of the run, the holdout included.
    """

    spec: RunSpec
    problem: Problem
    strategies: Mapping[str, Strategy]
    candles: Candles


def plan(market: Candles, request: RunRequest) -> Plan:
    """Plan a new run.

    Raises
    ------
    ConfigError
        When a name is unknown, a package of the optimizer is missing, or no strategy can take part.
    HistoryTooShort
        When the candles do not suffice for the folds or the strategies.
    """
    named(request.objective, objectives(), "objective")
    named(request.settings.optimizer, optimizers(), "optimizer").check()
    candles = _chosen(market, request)
    limit = request.holdings.limit if request.holdings else 1.0
    rules = request.split, request.costs, request.objective, request.own
    problem = Problem.seal(candles, *rules, request.tracks, limit)
    strategies, left_out = choose_strategies(request.strategies, problem)
    spec = RunSpec(
        run=request.run,
        seed=request.seed,
        data=request.data,
        data_digest=candles.digest,
        market_digest=market.digest,
        preset=OWN_COUNT if request.candles else request.preset,
        problem_digest=problem.digest,
        symbol=candles.symbol,
        timeframe=candles.timeframe,
        candles=len(candles),
        split=request.split,
        costs=request.costs,
        settings=request.settings,
        objective=request.objective,
        strategies=tuple(strategies),
        left_out=left_out,
        version=request.version,
        synthetic=candles.synthetic,
        strategy_versions=tuple(strategy.version for strategy in strategies.values()),
        reading=request.reading,
        candles_per_year=problem.candles_per_year,
        market=request.market,
        first=int(candles.stamps[0]),
        holdings=request.holdings,
    )
    return Plan(spec, problem, strategies, candles)


def replan(
    market: Candles, spec: RunSpec, own: tuple[Strategy, ...] = (), tracks: tuple[HeldTrack, ...] = ()
) -> Plan:
    """Plan the continuation of a recorded run.

    Parameters
    ----------
    market
        The data set that its candles are in.
    spec
        What is recorded of it.
    own
        Strategies of the user's own that it may have.
    tracks
        What the champions earned that it is kept apart from.

    Raises
    ------
    DataError
        When the candles, how they are scored, a strategy's rules or a strategy of the user's own are not
        what the run began with.
    ConfigError
        When a strategy of the run is not there any more.
    """
    candles = found_again(market, spec.extent)
    if candles is None:
        raise DataError(
            f"the candles of {spec.data} are not those that run {spec.run} began with: restore them, give "
            "their file with --data, or start a new run"
        )
    limit = spec.holdings.limit if spec.holdings else 1.0
    problem = Problem.seal(candles, spec.split, spec.costs, spec.objective, own, tracks, limit)
    if problem.digest != spec.problem_digest:
        raise DataError(
            f"run {spec.run} was made by genepool {spec.version}, which scored otherwise: resume it with "
            "that version, or start a new run"
        )
    _refuse_other_functions(problem.strategies, spec)
    strategies = {name: named(name, problem.strategies, "strategy") for name in spec.strategies}
    _refuse_other_rules(strategies, spec)
    return Plan(spec, problem, strategies, candles)


def choose_strategies(
    asked: Iterable[str], problem: Problem
) -> tuple[dict[str, Strategy], tuple[tuple[str, str], ...]]:
    """Return the seeds that take part, and each that does not with the reason.

    A seed that lacks a column is left out. One whose longest lookback exceeds the in-sample span is
    left out when it was not asked for by name.

    Raises
    ------
    ConfigError
        When a name is unknown, or no seed has the columns that it needs.
    HistoryTooShort
        When a seed that was asked for, or every seed, looks back further than the in-sample span.
    """
    known, columns = problem.strategies, problem.candles.columns
    wanted = sorted(set(asked)) or sorted(known)
    span = problem.in_sample[1] - problem.in_sample[0]
    taking_part, left_out = {}, []
    for name in wanted:
        strategy = named(name, known, "strategy")
        lookback = strategy.longest_lookback
        if lacking := sorted(strategy.requires - columns):
            left_out.append((name, f"the data has no {' and no '.join(lacking)}"))
        elif lookback < span:
            taking_part[name] = strategy
        elif asked:
            raise HistoryTooShort(_too_short(span, lookback, name))
        else:
            left_out.append((name, f"it looks back up to {lookback} candles, in-sample has {span}"))
    if not taking_part:
        fitting = [known[name].longest_lookback for name in wanted if known[name].requires <= columns]
        raise _nothing_left(left_out, span, min(fitting, default=0))
    return taking_part, tuple(left_out)


def named(name: str, known: Mapping[str, Named], kind: str) -> Named:
    """Return what goes by a name, or raise ``ConfigError`` with the nearest one that there is."""
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(known)}"
    raise ConfigError(f"there is no {kind} {name!r}: {hint}")


def _chosen(market: Candles, request: RunRequest) -> Candles:
    preset = newest_candles(market, request.preset)
    if request.candles is None:
        return preset
    if request.candles > len(market):
        raise HistoryTooShort(
            f"{request.data} has {len(market)} candles, not {request.candles}: give a smaller --candles"
        )
    return market.slice(len(market) - request.candles, len(market))


def _refuse_other_rules(strategies: Mapping[str, Strategy], spec: RunSpec) -> None:
    """Half a run by old rules and half by new ones would be neither."""
    then = dict(zip(spec.strategies, spec.strategy_versions, strict=False))
    changed = [
        name for name, strategy in strategies.items() if then.get(name, strategy.version) != strategy.version
    ]
    if changed:
        raise DataError(
            f"run {spec.run} was made by genepool {spec.version}, where {', '.join(changed)} had other "
            "rules: resume it with that version, or start a new run"
        )


def _refuse_other_functions(known: Mapping[str, Strategy], spec: RunSpec) -> None:
    """Refuse to continue without the very functions that a run was bred with."""
    lacking = [name for name in spec.strategies if is_own(name) and name not in known]
    if not lacking:
        return
    before = lacking[0].partition(OWN_MARK)[0]
    now = next((name for name in known if is_own(name) and name.partition(OWN_MARK)[0] == before), None)
    if now is not None:
        raise DataError(
            f"run {spec.run} was bred with {lacking[0]}, and the function is another one now, {now}: restore "
            "it, or start a new run"
        )
    raise DataError(
        f"run {spec.run} was bred with {lacking[0]}, a strategy of your own: resume it from Python, "
        f"where its function is, by gp.resume(candles, {spec.run!r}, strategies=[...])"
    )


def _too_short(span: int, lookback: int, name: str) -> str:
    return (
        f"{name} looks back up to {lookback} candles, but the in-sample span has {span}: give more candles "
        "(--preset, --candles), a larger --in-sample or a smaller --holdout, or leave it out of --strategies"
    )


def _nothing_left(left_out: list[tuple[str, str]], span: int, shortest: int) -> Exception:
    if shortest:
        return HistoryTooShort(
            f"every strategy looks back further than the {span} candles of the in-sample span, the least of "
            f"them {shortest}: give more candles (--preset, --candles) or a larger --in-sample"
        )
    reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out)
    return ConfigError(f"no strategy can take part ({reasons}): name others with --strategies")
