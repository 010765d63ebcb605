"""The trade-count floor and the price of ruin, which every objective shares."""

from genepool.market.measures import Measures

# From this many trades on a ratio has full credit; below it, a few lucky trades could look like skill.
MINIMUM_TRADES = 20.0
# What a span without any trade scores.
IDLE_SCORE = -1.0
# Taken off after a liquidation, or when nearly everything was lost.
RUIN_PENALTY = 10.0
# A loss of this share of the opening equity, or of a peak, is ruin, closed by the venue or by the strategy.
RUIN_LOSS = 0.95


def credit(measures: Measures) -> float:
    """Return how far the trade count lets a ratio be believed: 0 without trades, 1 from the floor on.

    It is the square of trades over ``MINIMUM_TRADES``, so that half the trades earn a quarter.
    """
    share = min(max(measures.trades, 0.0) / MINIMUM_TRADES, 1.0)
    return share * share


def ruined(measures: Measures) -> bool:
    """Return whether the venue closed a position, or nearly everything was lost."""
    return (
        measures.liquidations > 0 or measures.total_return <= -RUIN_LOSS or measures.max_drawdown >= RUIN_LOSS
    )


def floored(ratio: float, measures: Measures) -> float:
    """Return a ratio that few trades shrink and ruin sinks.

    A gain shrinks with the credit, a loss counts in full, and what is missing in credit costs up
    to ``-IDLE_SCORE``: trading less never hides a loss, and doing nothing scores ``IDLE_SCORE``.
    """
    believed = credit(measures)
    score = believed * max(ratio, 0.0) + min(ratio, 0.0) + (1.0 - believed) * IDLE_SCORE
    return min(score, 0.0) - RUIN_PENALTY if ruined(measures) else score
