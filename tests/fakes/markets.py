"""Small random markets for tests, with volume, funding, regimes and fat tails."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from genepool.market.candles import PRICE_COLUMNS, Candles, FloatArray
from genepool.randomness import Purpose, generator

HOUR = 3_600_000_000_000


def _around(close: npt.NDArray[Any], wick: float, rng: np.random.Generator) -> dict[str, FloatArray]:
    opened = np.concatenate((close[:1], close[:-1]))
    high = np.maximum(opened, close) * (1.0 + wick * rng.random(len(close)))
    low = np.minimum(opened, close) * (1.0 - wick * rng.random(len(close)))
    return {"open": opened, "high": high, "low": low, "close": close}


def _flows(rng: np.random.Generator, candles: int) -> dict[str, FloatArray]:
    volume = np.where(rng.random(candles) < 0.02, 0.0, rng.gamma(2.0, 50.0, candles))
    level = 0.0003 * np.sin(np.arange(candles) / rng.uniform(40.0, 80.0))
    funding = np.where(np.arange(candles) % 8 == 0, level + 0.0001 * rng.standard_normal(candles), 0.0)
    return {"volume": volume, "funding": funding}


def random_market(seed: int, candles: int) -> Candles:
    """Return a market whose drift changes sign now and then; every candle an hour."""
    rng = generator(seed, Purpose.SYNTHETIC_MARKET)
    drift = 0.001 * np.repeat(rng.choice([-1.0, 0.0, 1.0], candles // 60 + 1), 60)[:candles]
    close = 100.0 * np.cumprod(1.0 + drift + 0.008 * np.clip(rng.standard_t(3, candles), -8.0, 8.0))
    stamps = np.arange(candles) * HOUR
    return Candles("TEST", "1h", stamps, **_around(close, 0.004, rng), **_flows(rng, candles), synthetic=True)


def plain_market(closes: Sequence[float], funding: Sequence[float] | None = None) -> Candles:
    """Return candles without wicks, one unit traded in each."""
    close = np.array(closes, dtype=np.float64)
    rates = None if funding is None else np.array(funding, dtype=np.float64)
    ones = np.ones(len(close))
    return Candles(
        "TEST", "1h", np.arange(len(close)) * HOUR, close, close, close, close, ones, rates, synthetic=True
    )


def wild_columns(
    rng: np.random.Generator, candles: int, price: float, *, runs: bool
) -> dict[str, FloatArray]:
    """Return columns that nothing sane would follow a price with: a runaway, or jumps by multiples."""
    drift = 0.02 * rng.choice([-1.0, 1.0]) * np.arange(1, candles + 1) if runs else 0.0
    close = price * np.exp(drift + rng.uniform(-2.0, 2.0, candles) * (0.01 if runs else 1.0))
    flows = _flows(rng, candles)
    return {**_around(close, 0.5, rng), "volume": flows["volume"] * 50.0, "funding": flows["funding"] * 90.0}


def with_columns(candles: Candles, start: int, stop: int, columns: dict[str, FloatArray]) -> Candles:
    """Return the market with [start, stop) replaced."""
    changed = {}
    for name, values in columns.items():
        column = getattr(candles, name).copy()
        column[start:stop] = values
        changed[name] = column
    return replace(candles, **changed)


def without(candles: Candles, *names: str) -> Candles:
    """Return the market without these optional columns."""
    volume = None if "volume" in names else candles.volume
    funding = None if "funding" in names else candles.funding
    return replace(candles, volume=volume, funding=funding)


def scaled(candles: Candles, factor: float) -> Candles:
    """Return the market with every price multiplied."""
    prices = {name: getattr(candles, name) * factor for name in PRICE_COLUMNS}
    return replace(candles, **prices)
