"""Small random markets for tests, with volume, funding, regimes and fat tails."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from genepool.market.candles import PRICE_COLUMNS, Candles
from genepool.market.wild_futures import flow_columns, price_columns
from genepool.randomness import Purpose, generator

HOUR = 3_600_000_000_000


def random_market(seed: int, candles: int) -> Candles:
    """Return a market whose drift changes sign now and then; every candle an hour."""
    rng = generator(seed, Purpose.SYNTHETIC_MARKET)
    drift = 0.001 * np.repeat(rng.choice([-1.0, 0.0, 1.0], candles // 60 + 1), 60)[:candles]
    close = 100.0 * np.cumprod(1.0 + drift + 0.008 * np.clip(rng.standard_t(3, candles), -8.0, 8.0))
    stamps = np.arange(candles) * HOUR
    return Candles(
        "TEST", "1h", stamps, **price_columns(close, 0.004, rng), **flow_columns(rng, candles), synthetic=True
    )


def plain_market(closes: Sequence[float], funding: Sequence[float] | None = None) -> Candles:
    """Return candles without wicks, one unit traded in each."""
    close = np.array(closes, dtype=np.float64)
    rates = None if funding is None else np.array(funding, dtype=np.float64)
    ones = np.ones(len(close))
    return Candles(
        "TEST", "1h", np.arange(len(close)) * HOUR, close, close, close, close, ones, rates, synthetic=True
    )


def without(candles: Candles, *names: str) -> Candles:
    """Return the market without these optional columns."""
    volume = None if "volume" in names else candles.volume
    funding = None if "funding" in names else candles.funding
    return replace(candles, volume=volume, funding=funding)


def scaled(candles: Candles, factor: float) -> Candles:
    """Return the market with every price multiplied."""
    prices = {name: getattr(candles, name) * factor for name in PRICE_COLUMNS}
    return replace(candles, **prices)
