"""Volatility that a fitted GARCH(1,1) makes anew, filled with the market's own standardised candles.

Filtered historical simulation (Barone-Adesi, Giannopoulos and Vosper, "VaR without correlations for
portfolios of derivative securities", Journal of Futures Markets 19, 1999): each candle is drawn on its own
and taken whole, then its moves are scaled from the volatility that it had to the one that it comes into.
Drawn candles keep the fat tails as they are; no distribution is assumed.
"""

import math
from dataclasses import dataclass

import numpy as np

from genepool.market.candles import Candles, FloatArray
from genepool.market.logarithms import exponential, logarithm
from genepool.robustness.null_markets._base import DrawMarket, NullMarket
from genepool.robustness.null_markets._garch_fit import Garch, fit
from genepool.robustness.null_markets._rebuilding import (
    Flags,
    Moves,
    Places,
    moves_at,
    pauses,
    put_together,
)


@dataclass(frozen=True, slots=True)
class _Filtered:
    """A market without its calm and nervous times; all columns have the shape (n,).

    Parameters
    ----------
    garch
        How these times come and go.
    pause
        Whether the market paused before a candle.
    moves
        How each candle moves, in logarithms.
    mean
        Mean move of the candles of its kind: after a pause, or not.
    centre
        Move of which the standardised one is the mean of its kind, so that what a candle is expected to
        move does not depend on how nervous it is.
    spread
        Standard deviation of the moves that the candle came from.
    furthest
        The largest scale for its moves: none reaches further than the furthest of the market.
    """

    garch: Garch
    pause: Flags
    moves: Moves
    mean: FloatArray
    centre: FloatArray
    spread: FloatArray
    furthest: FloatArray


def prepare(candles: Candles) -> DrawMarket:
    """Return what draws a path of volatility, and a candle for each of its places."""
    market = _filtered(candles)

    def draw(rng: np.random.Generator) -> Candles:
        places = _drawn(market.pause, rng)
        first = float(market.spread[rng.integers(len(candles))])
        scales = _scales(market, places, first * first)
        return put_together(candles, places, _scaled(market, places, scales))

    return draw


def _filtered(candles: Candles) -> _Filtered:
    own, pause = moves_at(candles, np.arange(len(candles))), pauses(candles)
    moves = Moves(*(logarithm(column) for column in (own.step, own.high, own.low, own.body)))
    whole = moves.step + moves.body
    mean = _mean_of_kind(whole, pause)
    shocks = whole - mean
    garch = fit(shocks)
    spread = _spread(garch, shocks)
    centre = mean + spread * _mean_of_kind(shocks / spread, pause)
    reach = np.maximum.reduce([np.abs(one) for one in (moves.step, moves.high, moves.low, whole)])
    # A candle without any move may be scaled by anything.
    furthest = np.divide(reach.max(), reach, out=np.ones_like(reach), where=reach > 0)
    return _Filtered(garch, pause, moves, mean, centre, spread, furthest)


def _spread(garch: Garch, shocks: FloatArray) -> FloatArray:
    """Return each candle's standard deviation, such that standardised shocks have the variance 1."""
    spread: FloatArray = np.sqrt(garch.variances(shocks))
    standard = shocks / spread
    return spread * (math.sqrt(_mean(standard * standard)) or 1.0)


def _mean_of_kind(values: FloatArray, pause: Flags) -> FloatArray:
    """Return for each candle the mean over those that may be drawn for it."""
    found = np.empty_like(values)
    for kind in _kinds(pause):
        found[pause == kind] = _mean(values[_alike(pause, kind)])
    return found


def _mean(values: FloatArray) -> float:
    return math.fsum(values.tolist()) / len(values)


def _kinds(pause: Flags) -> list[np.bool_]:
    return list(np.unique(pause))


def _alike(pause: Flags, kind: np.bool_) -> Places:
    """Return the candles of a kind; the first has no step, so it is drawn only where it is the only one."""
    alike = np.flatnonzero(pause == kind)
    return alike[alike > 0] if len(alike) > 1 else alike


def _drawn(pause: Flags, rng: np.random.Generator) -> Places:
    places = np.empty(len(pause), dtype=np.int64)
    for kind in _kinds(pause):
        alike, wanting = _alike(pause, kind), pause == kind
        places[wanting] = alike[rng.integers(len(alike), size=int(wanting.sum()))]
    return places


def _scales(market: _Filtered, places: Places, first: float) -> FloatArray:
    """Return what the moves of each drawn candle are multiplied by; variance follows from them."""
    omega, alpha, beta = market.garch.omega, market.garch.alpha, market.garch.beta
    variance, scales = first, list[float]()
    shocks = ((market.moves.step + market.moves.body - market.centre)[places]).tolist()
    spreads, most = market.spread[places].tolist(), market.furthest[places].tolist()
    for shock, spread, furthest in zip(shocks, spreads, most, strict=True):
        scale = min(math.sqrt(variance) / spread, furthest)
        scales.append(scale)
        variance = omega + alpha * (scale * shock * scale * shock) + beta * variance
    return np.array(scales)


def _scaled(market: _Filtered, places: Places, scales: FloatArray) -> Moves:
    moves = market.moves
    step = scales * (moves.step - market.centre)[places] + market.mean[places]
    return Moves(
        exponential(step), *(exponential(scales * one[places]) for one in (moves.high, moves.low, moves.body))
    )


NULL_MARKET = NullMarket(
    name="garch",
    summary="Volatility of a fitted GARCH(1,1), filled with whole candles drawn one by one and scaled to it: "
    "new calm and nervous times, without blocks.",
    prepare=prepare,
)
