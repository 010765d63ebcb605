"""How a genome trades, beyond its measures: which side it holds, and how far it moves with the market.

No evaluation records these, so that they cost nothing where nobody asks; they are worked out by trading a
genome again on the in-sample span, by the code that scored it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from genepool.backtest.account import EQUITY_ROW, UNITS_ROW
from genepool.backtest.overlay import traded_exposure
from genepool.backtest.problem import Problem
from genepool.backtest.venue import Venue
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.kernels import kernel
from genepool.market.candles import FloatArray

# The process that breeds holds these rows beside everything else: less than a worker may.
_ROW_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Habits:
    """How a genome traded on the in-sample span.

    Parameters
    ----------
    long_share
        Share of the candles held at the close that were held long, 0 to 1.
    correlation
        Pearson correlation of its returns with those of the market, candle by candle, from -1 to 1; 0 where
        either did not move.
    """

    long_share: float
    correlation: float


# Returns the habits of each genome, in the order asked; None for one that held nothing or failed.
ReadHabits: TypeAlias = Callable[[Sequence[Genome]], Sequence[Habits | None]]


class HabitReader:
    """Trades genomes again and says how they traded; the same bits in any order and on any machine.

    Parameters
    ----------
    problem
        What the genomes were scored against.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    def __call__(self, genomes: Sequence[Genome]) -> list[Habits | None]:
        """Return the habits of each genome, in the order asked; None for one that held nothing or failed."""
        # As the scorer does: genomes of one strategy follow each other, since they share rows.
        order = sorted(range(len(genomes)), key=lambda k: genomes[k].strategy)
        found = {k: self._read(genomes[k]) for k in order}
        return [found[k] for k in range(len(genomes))]

    def _read(self, genome: Genome) -> Habits | None:
        try:
            equity, units = self._traded(genome)
        except Exception:  # noqa: BLE001 - what failed has no habits; its evaluation says why
            return None
        long_share, correlation = _habits(equity, units, self._market).tolist()
        return Habits(long_share, correlation) if long_share >= 0.0 else None

    def _traded(self, genome: Genome) -> tuple[FloatArray, FloatArray]:
        problem, genes = self._problem, genome.values
        strategy = problem.strategies[genome.strategy]
        wanted = traded_exposure(strategy, self._venue[0], genes, problem.costs.max_leverage)
        span = np.array([problem.in_sample], dtype=np.int64)
        curve = self._venue[1].record(wanted, span, genes["atr_stop"], genes["atr_target"]).curve
        inside = curve[:, slice(*problem.in_sample)]
        return inside[EQUITY_ROW], inside[UNITS_ROW]

    @cached_property
    def _venue(self) -> tuple[IndicatorBank, Venue]:
        bank = IndicatorBank(self._problem.candles, _ROW_BYTES)
        return bank, Venue(bank, self._problem.costs)

    @cached_property
    def _market(self) -> FloatArray:
        """What one unit, bought at the span's first open, is worth then and at each close."""
        start, stop = self._problem.in_sample
        candles = self._problem.candles
        return np.concatenate([candles.open[start : start + 1], candles.close[start:stop]])


@kernel
def _habits(equity: FloatArray, units: FloatArray, market: FloatArray) -> FloatArray:
    """Return long share and correlation; a negative share where nothing was held, or equity has no end."""
    count, held, longs = len(equity), 0.0, 0.0
    own, other = np.zeros(count), np.zeros(count)
    own_sum, other_sum, before = 0.0, 0.0, 1.0
    for t in range(count):
        if units[t] != 0.0:
            held += 1.0
            if units[t] > 0.0:
                longs += 1.0
        own[t] = equity[t] / before - 1.0 if before > 0.0 else 0.0
        other[t] = market[t + 1] / market[t] - 1.0
        own_sum += own[t]
        other_sum += other[t]
        before = equity[t]
    own_mean, other_mean = own_sum / count, other_sum / count
    both, own_square, other_square = 0.0, 0.0, 0.0
    for t in range(count):
        a, b = own[t] - own_mean, other[t] - other_mean
        both += a * b
        own_square += a * a
        other_square += b * b
    found = np.array([-1.0, 0.0])
    product = np.sqrt(own_square) * np.sqrt(other_square)
    if held > 0.0 and np.isfinite(product):
        found[0] = longs / held
        if product > 0.0:
            found[1] = min(max(both / product, -1.0), 1.0)
    return found
