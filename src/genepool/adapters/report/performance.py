"""What the champion and buy-and-hold did, phase by phase, on the candles that may be seen."""

from collections.abc import Sequence

from genepool.adapters.report.curves import joined
from genepool.adapters.report.data import (
    IN_SAMPLE,
    WALK_FORWARD,
    ClosedTrade,
    Performance,
    SpanFigures,
    Stretch,
)
from genepool.backtest.evaluation import Scored
from genepool.backtest.holding import LONG, SHORT, held
from genepool.backtest.problem import Problem
from genepool.backtest.recorded import Backtest, backtest, buy_and_hold
from genepool.backtest.warm_up import first_candle_that_could_trade
from genepool.genome import Genome
from genepool.market.measures import Measures
from genepool.robustness.appraisal import BUY_AND_HOLD, SHORT_AND_HOLD, Run, appraise


def performance_of(problem: Problem, champion: Genome, scored: Scored) -> Performance:
    """Trade champion and buy-and-hold over each phase as they were scored: flat at each start.

    Parameters
    ----------
    problem
        What the champion was scored against; it holds no sealed candle.
    champion
        Who trades.
    scored
        What it scored, spans joined.
    """
    ours, holding = phase_backtests(problem, champion), phase_backtests(problem, None)
    trades = tuple(trade for phase, result in ours for trade in closed_trades(phase, result))
    first = first_candle_that_could_trade(champion, problem.in_sample[0])
    return Performance(
        _stretches(ours),
        _stretches(holding),
        trades,
        (
            _figures(IN_SAMPLE, problem, [problem.in_sample], ours[:1], scored.in_sample),
            _figures(WALK_FORWARD, problem, problem.folds, ours[1:], scored.walk_forward),
        ),
        int(problem.candles.stamps[first]),
    )


def phase_backtests(problem: Problem, genome: Genome | None) -> list[tuple[str, Backtest]]:
    """Return name and backtest of each phase, in-sample first; without a genome, of buy-and-hold."""
    candles, costs = problem.candles, problem.costs
    phases = [
        (IN_SAMPLE, problem.in_sample),
        *((f"fold {k}", fold) for k, fold in enumerate(problem.folds, 1)),
    ]
    if genome is None:
        return [(phase, buy_and_hold(candles, costs, *span)) for phase, span in phases]
    return [(phase, backtest(candles, genome, costs, *span)) for phase, span in phases]


def closed_trades(phase: str, result: Backtest) -> list[ClosedTrade]:
    """Return the trades of one phase as rows."""
    trades = result.trades
    columns = (
        trades.entry_stamps,
        trades.exit_stamps,
        trades.sides,
        trades.units,
        trades.entry_prices,
        trades.exit_prices,
        trades.fees,
        trades.funding,
        trades.results,
    )
    before = trades.opening_equities.tolist()
    rows = zip(*(column.tolist() for column in columns), trades.reasons, before, strict=True)
    return [ClosedTrade(phase, *row) for row in rows]


def _figures(
    name: str,
    problem: Problem,
    spans: Sequence[tuple[int, int]],
    results: Sequence[tuple[str, Backtest]],
    measures: Measures,
) -> SpanFigures:
    candles, costs, per_year = problem.candles, problem.costs, problem.candles_per_year
    sides = {BUY_AND_HOLD: LONG, SHORT_AND_HOLD: SHORT}
    benchmarks = {benchmark: held(candles, costs, spans, side, per_year) for benchmark, side in sides.items()}
    run = Run(measures, *joined(_stretches(results)), [result.trades for _, result in results])
    appraisal = appraise(run, benchmarks, per_year)
    beside = (benchmarks[BUY_AND_HOLD].measures, benchmarks[SHORT_AND_HOLD].measures)
    return SpanFigures(name, (measures, *beside), appraisal, per_year)


def _stretches(results: Sequence[tuple[str, Backtest]]) -> tuple[Stretch, ...]:
    stretches, opening = [], 1.0
    for phase, result in results:
        stretch = Stretch(phase, result.stamps, opening * result.equity, result.exposure)
        stretches.append(stretch)
        opening = float(stretch.equity[-1])
    return tuple(stretches)
