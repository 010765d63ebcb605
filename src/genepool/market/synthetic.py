"""Seeded markets for tests and demonstrations, always labelled synthetic.

A candle opens at the close before it. Inside it the price runs as a Brownian bridge from open to
close, whose highest and lowest points are drawn from their exact laws, so that a stop or a target
filled at its level is as fair as a fill at the close: what a market offers is in its drift alone.
Prices compound simple returns; without drift they are a martingale, and no rule earns anything
before costs.

Every price is made with portable operations and is equal on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from genepool.errors import ConfigError
from genepool.market.candles import Candles, FloatArray
from genepool.market.timeframes import timeframe_nanoseconds
from genepool.market.variates import exponentials, normals
from genepool.randomness import Purpose, generator

# Standard deviation of one candle's return where a market has a single volatility.
VOLATILITY = 0.005
# Expected number of candles for which a planted drift keeps its sign.
PLANTED_LENGTH = 150
REGIME_LENGTH = 300
# Drift and volatility per candle: a calm rise, a nervous fall, no direction.
REGIMES = ((0.0003, 0.004), (-0.0004, 0.009), (0.0, 0.005))

_FIRST_STAMP = 1_577_836_800 * 1_000_000_000
_FIRST_PRICE = 10_000.0
# 114 years of hours; nanosecond stamps end in 2262.
_MOST_CANDLES = 1_000_000
_TYPICAL_VOLUME = 100.0
# One candle in twenty is three times as violent: a kurtosis of about 7.7 instead of 3.
_VIOLENT_SHARE = 0.05
_VIOLENCE = 3.0
_ROOT_MEAN_SQUARE = (1 - _VIOLENT_SHARE + _VIOLENT_SHARE * _VIOLENCE**2) ** 0.5
# Hyperliquid's rule: 8-hour rate = premium + clamp(interest - premium), an eighth of it each hour.
_INTEREST, _CLAMP, _HOURLY_CAP = 0.0001, 0.0005, 0.04
_PREMIUM_DECAY, _PREMIUM_PER_RETURN = 0.97, 0.02


@dataclass(frozen=True, slots=True)
class _Path:
    """Expected return and volatility of each candle, float64 of shape (n,)."""

    drift: FloatArray
    volatility: FloatArray


_Plan: TypeAlias = Callable[[int, int, float], _Path]


def synthetic_market(kind: str, seed: int = 0, candles: int = 10_000, edge: float = 0.0) -> Candles:
    """Generate hourly candles from 2020-01-01 on.

    Parameters
    ----------
    kind
        ``"regimes"``: drift and volatility switch between a calm rise, a nervous fall and no
        direction, each for 300 candles on average; hourly funding follows the premium, which
        follows past returns.

        ``"noise"``: no edge at all. Signs are independent of everything, tails are fat, there is
        no funding.

        ``"planted"``: the same noise plus a drift of ``edge * 0.005`` a candle, whose sign turns
        with probability 1/150 a candle, independently of the noise. An oracle that knows the sign
        and always holds one unit of equity on that side earns ``edge * 0.005`` a candle on average,
        before costs, at a Sharpe ratio of ``edge`` a candle: ``93.6 * edge`` a year.
    seed
        Equal seeds make equal candles; noise and planted markets of one seed share their noise.
    candles
        How many, 2 to 1,000,000.
    edge
        Planted drift in units of the volatility of one candle, 0 to 1; only for ``"planted"``.

    Raises
    ------
    ConfigError
        When there is no such kind, or a number is out of range.
    """
    _check(kind, seed, candles, edge)
    path = _KINDS[kind](seed, candles, edge)
    moves = normals(_stream(seed, 0), candles)
    violent = _stream(seed, 1).random(candles) < _VIOLENT_SHARE
    volatility = path.volatility * np.where(violent, _VIOLENCE, 1.0) / _ROOT_MEAN_SQUARE
    funding = _funding(seed, path.drift + volatility * moves) if kind == "regimes" else None
    return drawn_candles(kind, "1h", seed, moves, path.drift, volatility, funding)


def drawn_candles(
    name: str,
    timeframe: str,
    seed: int,
    moves: FloatArray,
    drift: FloatArray,
    volatility: FloatArray,
    funding: FloatArray | None = None,
) -> Candles:
    """Return candles from 2020-01-01 on whose returns are ``drift + volatility * moves``.

    Parameters
    ----------
    name
        What the symbol ends in.
    timeframe
        Such as ``"1d"``.
    seed
        Draws highs, lows and volumes.
    moves
        Of mean 0 and variance 1, one a candle.
    drift, volatility
        Expected return and standard deviation of each candle.
    funding
        Rates, as ``Candles.funding``.
    """
    returns = np.asarray(drift + volatility * moves, dtype=np.float64)
    close = np.asarray(_FIRST_PRICE * np.cumprod(1 + returns), dtype=np.float64)
    open_ = np.concatenate(([_FIRST_PRICE], close[:-1]))
    high, low = _extremes(seed, open_, close, returns, volatility)
    step = timeframe_nanoseconds(timeframe)
    return Candles(
        symbol=f"SYNTHETIC-{name.upper()}",
        timeframe=timeframe,
        stamps=_FIRST_STAMP + step * np.arange(len(moves), dtype=np.int64),
        open=open_,
        high=high,
        low=low,
        close=close,
        volume=_volume(seed, moves),
        funding=funding,
        synthetic=True,
    )


def _check(kind: str, seed: int, candles: int, edge: float) -> None:
    if kind not in _KINDS:
        raise ConfigError(f"there is no synthetic market {kind!r}: choose from {', '.join(_KINDS)}")
    if seed < 0 or not 2 <= candles <= _MOST_CANDLES:  # noqa: PLR2004 - two candles make a market
        raise ConfigError(
            f"seed {seed} and {candles} candles: give a seed from 0 and 2 to {_MOST_CANDLES:,} candles"
        )
    if not 0 <= edge <= 1 or (edge and kind != "planted"):
        raise ConfigError(f"an edge of {edge:g} in {kind}: give 0 to 1, and only with the kind 'planted'")


def _stream(seed: int, slot: int) -> np.random.Generator:
    return generator(seed, Purpose.SYNTHETIC_MARKET, slot=slot)


def _noise(_seed: int, count: int, _edge: float) -> _Path:
    return _Path(np.zeros(count), np.full(count, VOLATILITY))


def _planted(seed: int, count: int, edge: float) -> _Path:
    turns = _stream(seed, 2).random(count) < 1 / PLANTED_LENGTH
    first = 1.0 if _stream(seed, 3).random() < 0.5 else -1.0  # noqa: PLR2004 - a fair coin
    sign = first * np.cumprod(1.0 - 2.0 * turns.astype(np.float64))
    drift = np.asarray(edge * VOLATILITY * sign, dtype=np.float64)
    return _Path(drift, np.full(count, VOLATILITY))


def _regimes(seed: int, count: int, _edge: float) -> _Path:
    # A switch draws among the others too: its rate is 1 in the expected length.
    spell = np.cumsum(_stream(seed, 4).random(count) < 1 / REGIME_LENGTH)
    steps = _stream(seed, 5).integers(1, len(REGIMES), size=count + 1)
    regime: npt.NDArray[np.int64] = np.cumsum(steps)[spell] % len(REGIMES)
    drift, volatility = np.array(REGIMES).T
    return _Path(drift[regime], volatility[regime])


_KINDS: dict[str, _Plan] = {"regimes": _regimes, "noise": _noise, "planted": _planted}


def _extremes(
    seed: int, open_: FloatArray, close: FloatArray, returns: FloatArray, volatility: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Draw highs and lows of Brownian bridges.

    P(maximum > m) = exp(-2 m (m - r) / v^2) for m above 0 and r (Borodin and Salminen, "Handbook of
    Brownian Motion", 2002, 1.1.8), solved for m. Maximum and minimum are drawn apart: each is exact
    by itself, their dependence is not modelled.
    """
    count = len(open_)
    reach_up, reach_down = (
        np.sqrt(returns * returns + 2 * volatility * volatility * exponentials(_stream(seed, slot), count))
        for slot in (6, 7)
    )
    high = open_ * (1 + (returns + reach_up) / 2)
    low = open_ * (1 + (returns - reach_down) / 2)
    # Rounding may leave an extreme one bit inside the body.
    return np.maximum(high, np.maximum(open_, close)), np.minimum(low, np.minimum(open_, close))


def _volume(seed: int, moves: FloatArray) -> FloatArray:
    """Larger moves trade more; the rest is chance."""
    return _TYPICAL_VOLUME * (0.25 + exponentials(_stream(seed, 8), len(moves))) * (0.5 + np.abs(moves))


def _funding(seed: int, returns: FloatArray) -> FloatArray:
    """Hourly rates from the premium of the hour before, which leans the way that prices went."""
    shocks = 0.0001 * normals(_stream(seed, 9), len(returns))
    premium, rates = 0.0, []
    for pull, shock in zip((_PREMIUM_PER_RETURN * returns).tolist(), shocks.tolist(), strict=True):
        eight_hours = premium + min(max(_INTEREST - premium, -_CLAMP), _CLAMP)
        rates.append(min(max(eight_hours / 8, -_HOURLY_CAP), _HOURLY_CAP))
        premium = _PREMIUM_DECAY * premium + pull + shock
    return np.array(rates)
