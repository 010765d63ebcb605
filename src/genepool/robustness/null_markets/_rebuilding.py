"""Build a market from the moves of another one: which candle moves where, and which way.

A candle moves as a whole: its open, high and low relative to the close before it or to its open, its
volume and its funding. Stamps stay where they are, and so do pauses of the market: the step of the price
over a pause is taken from a step over a pause, any other from one without. The price is then tilted by
the same factor in every candle, so that the last close is that of the given market.

All of it is multiplication and division, or correctly rounded: equal on every machine.
"""

from dataclasses import dataclass, replace
from decimal import Context, Decimal

import numpy as np
import numpy.typing as npt

from genepool.market.candles import Candles, FloatArray, IntArray
from genepool.market.timeframes import timeframe_nanoseconds

Places = IntArray
Flags = npt.NDArray[np.bool_]

# Digits that the tilt of one candle is found with, far beyond those of a double.
_DIGITS = Context(prec=40)


@dataclass(frozen=True, slots=True)
class Moves:
    """How candles move, as ratios of prices, each of shape (n,).

    Parameters
    ----------
    step
        Open to the close before.
    high, low, body
        High, low and close to the open.
    """

    step: FloatArray
    high: FloatArray
    low: FloatArray
    body: FloatArray


def rebuilt(candles: Candles, places: Places, turned: Flags | None = None) -> Candles:
    """Return a market whose candle k moves as the candle at ``places[k]`` of the given one.

    Parameters
    ----------
    candles
        The given market.
    places
        Shape (n,), each from 0 to n - 1.
    turned
        Which candles of the new market move the other way, shape (n,): their logarithmic moves are
        reflected, so that high and low change places; None for none.
    """
    moves = moves_at(candles, places)
    return put_together(candles, places, moves if turned is None else _reflected(moves, turned))


def moves_at(candles: Candles, places: Places) -> Moves:
    """Return how the candles at these places move; each step is over a pause where candle k's own is."""
    before = np.concatenate((candles.open[:1], candles.close[:-1]))
    step = (candles.open / before)[_steps(candles, places)]
    columns = candles.high, candles.low, candles.close
    return Moves(step, *((column / candles.open)[places] for column in columns))


def put_together(candles: Candles, places: Places, moves: Moves) -> Candles:
    """Return the market that moves so, tilted to the last close of the given one.

    Parameters
    ----------
    candles
        The given market: its first open, last close and stamps are kept.
    places
        Whose volume and funding each candle has.
    moves
        The first step is not used: the market begins at its first open, wherever its first candle comes from.
    """
    step = moves.step.copy()
    step[0] = 1.0
    step[1:] *= _tilt(candles, step, moves.body)
    return _with_prices(candles, places, replace(moves, step=step))


def pauses(candles: Candles) -> Flags:
    """Tell of each candle whether the market paused before it."""
    found = np.zeros(len(candles), dtype=np.bool_)
    found[1:] = np.diff(candles.stamps) > timeframe_nanoseconds(candles.timeframe)
    return found


def _reflected(moves: Moves, turned: Flags) -> Moves:
    return Moves(
        step=np.where(turned, 1 / moves.step, moves.step),
        high=np.where(turned, 1 / moves.low, moves.high),
        low=np.where(turned, 1 / moves.high, moves.low),
        body=np.where(turned, 1 / moves.body, moves.body),
    )


def _steps(candles: Candles, places: Places) -> Places:
    """Return whose step from close to open each candle takes: its own, or the next of the right kind."""
    pause = pauses(candles)
    steps = places.copy()
    for kind in (True, False):
        alike = np.flatnonzero(pause == kind)
        # The first candle has no step.
        alike = alike[alike > 0]
        wanting = np.flatnonzero((pause == kind) & ((pause[places] != kind) | (places == 0)))
        if len(alike):
            steps[wanting] = alike[np.searchsorted(alike, places[wanting]) % len(alike)]
    return steps


def _tilt(candles: Candles, step: FloatArray, body: FloatArray) -> float:
    """Return the factor of each step but the first that restores the last close."""
    if len(candles) < 2:  # noqa: PLR2004 - one candle has no step to tilt
        return 1.0
    reached = candles.open[0] * np.cumprod(step * body)[-1]
    missing = _DIGITS.divide(Decimal(float(candles.close[-1])), Decimal(float(reached)))
    return float(_DIGITS.exp(_DIGITS.divide(_DIGITS.ln(missing), Decimal(len(candles) - 1))))


def _with_prices(candles: Candles, places: Places, moves: Moves) -> Candles:
    close = candles.open[0] * np.cumprod(moves.step * moves.body)
    open_ = np.concatenate((candles.open[:1], close[:-1])) * moves.step
    # Rounding may leave an extreme one bit inside the body.
    return replace(
        candles,
        open=open_,
        high=np.maximum(open_ * moves.high, np.maximum(open_, close)),
        low=np.minimum(open_ * moves.low, np.minimum(open_, close)),
        close=close,
        volume=None if candles.volume is None else candles.volume[places],
        funding=None if candles.funding is None else candles.funding[places],
        synthetic=True,
    )
