"""From which candle on a genome could trade."""

from genepool.genome import Genome
from genepool.strategies import Strategy


def first_candle_that_could_trade(strategy: Strategy, genome: Genome, start: int = 0) -> int:
    """Return the first candle of a span at whose open a decision of the genome could be filled.

    Nothing is wanted before its lookback, and a decision fills at the next open.

    Parameters
    ----------
    strategy, genome
        Who trades.
    start
        First candle of the span.
    """
    lookback = strategy.total_lookback(genome.values)
    return max(start, lookback + 1)
