"""Numbers that generated markets are made of, from portable operations only."""

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.calibration.markets._base import TIMEFRAME, VOLATILITY, Drawn, Order
from genepool.market.candles import FloatArray
from genepool.market.synthetic import drawn_candles
from genepool.market.variates import normals
from genepool.randomness import Purpose, generator

# The streams of a market.
MOVES, TAILS, RATES, PLACES = range(4)


def stream(order: Order, slot: int) -> np.random.Generator:
    """Return a generator of a market's own."""
    return generator(order.seed, Purpose.BENCHMARK, slot=slot)


def normal_moves(order: Order) -> FloatArray:
    """Return independent standard normal variates, one a candle."""
    return normals(stream(order, MOVES), order.candles)


def fat_moves(order: Order, degrees: int, most: float = 30.0) -> FloatArray:
    """Return Student's t variates scaled to variance 1, none beyond ``most`` deviations, one a candle."""
    count = order.candles
    squares = (normals(stream(order, TAILS), count * degrees).reshape(count, degrees) ** 2).sum(axis=1)
    spread = np.sqrt(degrees / squares) * np.sqrt((degrees - 2) / degrees)
    moves: FloatArray = np.clip(normal_moves(order) * spread, -most, most)
    return moves


def without_edge(order: Order, name: str, moves: FloatArray, drift: float = 0.0) -> Drawn:
    """Return a market of one volatility and one drift."""
    count = len(moves)
    return Drawn(
        drawn_candles(name, TIMEFRAME, order.seed, moves, np.full(count, drift), np.full(count, VOLATILITY))
    )


# From the closes until now, the first price included, to the side of the next candle.
Rule = Callable[[Sequence[float], int], float]


def with_rule(order: Order, name: str, rule: Rule, rates: FloatArray | None = None) -> Drawn:
    """Return a market in which a rule earns ``order.edge`` a candle, whatever it pays or is paid for holding.

    The price drifts against the payment of the candle: the rule's side earns the edge, payment included, and
    the other side loses it.
    """
    moves = normal_moves(order)
    paid = np.zeros(order.candles) if rates is None else rates
    closes, sides, drifts = [1.0], list[float](), list[float]()
    for number, (move, payment) in enumerate(zip(moves.tolist(), paid.tolist(), strict=True)):
        side = rule(closes, number)
        drift = side * order.edge + payment
        sides.append(side)
        drifts.append(drift)
        closes.append(closes[-1] * (1 + (drift + VOLATILITY * move)))
    volatility = np.full(order.candles, VOLATILITY)
    candles = drawn_candles(name, TIMEFRAME, order.seed, moves, np.array(drifts), volatility, rates)
    return Drawn(candles, np.array(sides))
