"""A genome traded in each phase of its problem as it was scored: flat at each start."""

from collections.abc import Sequence

from genepool.backtest.detailed import Backtest, backtest, buy_and_hold
from genepool.backtest.problem import Problem
from genepool.backtest.stretches import IN_SAMPLE, ClosedTrade, Stretch
from genepool.genome import Genome


def phase_backtests(problem: Problem, genome: Genome | None) -> list[tuple[str, Backtest]]:
    """Return name and backtest of each phase, in-sample first; without a genome, of buy-and-hold."""
    candles, costs = problem.candles, problem.costs
    phases = [
        (IN_SAMPLE, problem.in_sample),
        *((f"fold {k}", fold) for k, fold in enumerate(problem.folds, 1)),
    ]
    if genome is None:
        return [(phase, buy_and_hold(candles, costs, *span)) for phase, span in phases]
    return [
        (phase, backtest(candles, genome, costs, *span, strategies=problem.strategies))
        for phase, span in phases
    ]


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


def stretches(results: Sequence[tuple[str, Backtest]]) -> tuple[Stretch, ...]:
    """Return phases in order, the equity of each beginning with what the one before left."""
    found, opening = [], 1.0
    for phase, result in results:
        stretch = Stretch(phase, result.stamps, opening * result.equity, result.exposure)
        found.append(stretch)
        opening = float(stretch.equity[-1])
    return tuple(found)
