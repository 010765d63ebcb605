"""What the champion and buy-and-hold did, phase by phase, on the candles that may be seen."""

from collections.abc import Sequence

from genepool.adapters.report.data import IN_SAMPLE, ClosedTrade, Performance, Stretch
from genepool.backtest.problem import Problem
from genepool.backtest.recorded import Backtest, backtest, buy_and_hold
from genepool.genome import Genome


def performance_of(problem: Problem, champion: Genome) -> Performance:
    """Trade champion and buy-and-hold over each phase as they were scored: flat at each start.

    Parameters
    ----------
    problem
        What the champion was scored against; it holds no sealed candle.
    champion
        Who trades.
    """
    ours, holding = phase_backtests(problem, champion), phase_backtests(problem, None)
    trades = tuple(trade for phase, result in ours for trade in closed_trades(phase, result))
    return Performance(_stretches(ours), _stretches(holding), trades)


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
    rows = zip(*(column.tolist() for column in columns), trades.reasons, strict=True)
    return [ClosedTrade(phase, *row) for row in rows]


def _stretches(results: Sequence[tuple[str, Backtest]]) -> tuple[Stretch, ...]:
    stretches, opening = [], 1.0
    for phase, result in results:
        stretch = Stretch(phase, result.stamps, opening * result.equity, result.exposure)
        stretches.append(stretch)
        opening = float(stretch.equity[-1])
    return tuple(stretches)
