"""Returns whose volatility clusters, without any direction."""

import numpy as np

from benchmarks.calibration.markets._base import TIMEFRAME, VOLATILITY, Drawn, KindOfMarket, Order
from benchmarks.calibration.markets._drawing import fat_moves
from genepool.market.synthetic import drawn_candles

_NEWS, _MEMORY, _DEGREES = 0.08, 0.90, 6


def draw(order: Order) -> Drawn:
    """Return a market without drift, of GARCH(1,1) volatility (Bollerslev 1986) and Student's t moves."""
    moves = fat_moves(order, _DEGREES)
    variance, variances = 1.0, list[float]()
    for square in (moves * moves).tolist():
        variances.append(variance)
        variance = (1 - _NEWS - _MEMORY) + (_NEWS * square + _MEMORY) * variance
    volatility = VOLATILITY * np.sqrt(np.array(variances))
    return Drawn(drawn_candles("garch", TIMEFRAME, order.seed, moves, np.zeros(len(moves)), volatility))


KIND = KindOfMarket(
    name="garch",
    title="GARCH",
    summary="GARCH(1,1) volatility (0.08, 0.90) of 2 % a day in the mean, Student's t moves of 6 degrees of "
    "freedom, without drift",
    draw=draw,
)
