"""Markets that share a past and nothing else: what was decided in that past must be the same in all."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from genepool.market.candles import Candles, FloatArray
from genepool.randomness import Purpose, generator


def other_futures(candles: Candles, cut: int, seed: int) -> Iterator[Candles]:
    """Yield markets that share every candle up to the cut: two gone wild, and one that ends there.

    Both kinds of wildness are needed: against jumps alone a rule that learns one sign from the whole
    sample, "trends pay here", would always learn the same.

    Parameters
    ----------
    candles
        The market.
    cut
        The last candle that is kept.
    seed
        Of what follows it.
    """
    rng = generator(seed, Purpose.NULL_MARKET, slot=cut)
    missing, price = len(candles) - cut - 1, float(candles.close[cut])
    for runs in (False, True):
        future = wild_columns(rng, missing, price, runs=runs)
        held = {name: values for name, values in future.items() if name in candles.columns}
        yield with_columns(candles, cut + 1, len(candles), held)
    yield candles.slice(0, cut + 1)


def wild_columns(
    rng: np.random.Generator, candles: int, price: float, *, runs: bool
) -> dict[str, FloatArray]:
    """Return columns that nothing sane would follow a price with: a runaway, or jumps by multiples."""
    drift = 0.02 * rng.choice([-1.0, 1.0]) * np.arange(1, candles + 1) if runs else 0.0
    close = price * np.exp(drift + rng.uniform(-2.0, 2.0, candles) * (0.01 if runs else 1.0))
    flows = flow_columns(rng, candles)
    prices = price_columns(close, 0.5, rng)
    return {**prices, "volume": flows["volume"] * 50.0, "funding": flows["funding"] * 90.0}


def price_columns(
    close: npt.NDArray[np.floating[Any]], wick: float, rng: np.random.Generator
) -> dict[str, FloatArray]:
    """Return prices around closes: each opens where the one before closed."""
    opened = np.concatenate((close[:1], close[:-1]))
    high = np.maximum(opened, close) * (1.0 + wick * rng.random(len(close)))
    low = np.minimum(opened, close) * (1.0 - wick * rng.random(len(close)))
    return {"open": opened, "high": high, "low": low, "close": close}


def flow_columns(rng: np.random.Generator, candles: int) -> dict[str, FloatArray]:
    """Return volume, now and then none, and funding every eighth candle."""
    volume = np.where(rng.random(candles) < 0.02, 0.0, rng.gamma(2.0, 50.0, candles))  # noqa: PLR2004 - a share
    level = 0.0003 * np.sin(np.arange(candles) / rng.uniform(40.0, 80.0))
    funding = np.where(np.arange(candles) % 8 == 0, level + 0.0001 * rng.standard_normal(candles), 0.0)
    return {"volume": volume, "funding": funding}


def with_columns(candles: Candles, start: int, stop: int, columns: dict[str, FloatArray]) -> Candles:
    """Return the market with [start, stop) replaced."""
    changed = {}
    for name, values in columns.items():
        column = getattr(candles, name).copy()
        column[start:stop] = values
        changed[name] = column
    return replace(candles, **changed)
