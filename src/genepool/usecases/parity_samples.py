"""Candles that a certificate is made on: plain ones, and the same with their opens shaken."""

from dataclasses import replace

import numpy as np

from genepool.market.candles import Candles
from genepool.randomness import Purpose, generator

PLAIN, SHAKEN = "plain", "shaken"
# Newest candles of the market; more where a genome looks further back.
CANDLES, AFTER_LOOKBACK = 3_000, 2_000
# Largest change of an open. Where a market never closes, opens equal the closes before, and fills at either
# would look the same.
SHAKE = 0.003
_SEED, _SHAKING, _FUNDING = 57, 1, 2
# A rate made up holds its sign for about a week of hours, as real ones do.
_PERSISTENCE, _RATE = 0.98, 0.0002


def parity_samples(candles: Candles, lookback: int) -> dict[str, Candles]:
    """Return the newest candles of a market, plain and shaken, by the name of the sample.

    Parameters
    ----------
    candles
        The market.
    lookback
        Candles before the genome's first decision.
    """
    count = min(len(candles), max(CANDLES, lookback + AFTER_LOOKBACK))
    plain = candles.slice(len(candles) - count, len(candles))
    return {PLAIN: plain, SHAKEN: with_shaken_opens(plain)}


def with_shaken_opens(candles: Candles) -> Candles:
    """Return candles whose opens are up to ``SHAKE`` off; highs and lows are widened to contain them."""
    draw = generator(_SEED, Purpose.CHECK, slot=_SHAKING)
    opens = candles.open * (1.0 + SHAKE * draw.uniform(-1.0, 1.0, len(candles)))
    return replace(
        candles, open=opens, high=np.maximum(candles.high, opens), low=np.minimum(candles.low, opens)
    )


def with_made_up_funding(candles: Candles) -> Candles:
    """Return candles with funding rates that were drawn, for a strategy that needs them."""
    steps = generator(_SEED, Purpose.CHECK, slot=_FUNDING).normal(0.0, 1.0, len(candles))
    rates = np.empty(len(candles))
    level = 0.0
    for place, step in enumerate(steps.tolist()):
        level = _PERSISTENCE * level + (1.0 - _PERSISTENCE**2) ** 0.5 * step
        rates[place] = _RATE * level
    return replace(candles, funding=rates)
