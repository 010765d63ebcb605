"""A small fixed computation whose bits tell whether two machines score alike.

Every seed strategy is scored with its default genes on made-up candles. That also loads all compiled
kernels, so that the first batch of a worker takes no longer than the next.
"""

import hashlib
from functools import cache

import numpy as np

from genepool.backtest.problem import ENGINE_VERSION, Problem
from genepool.backtest.scorer import Scorer
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.strategies import seed_strategies

_CANDLES = 2_400
_HOUR = 3_600_000_000_000


@cache
def numeric_fingerprint() -> str:
    """Return sixteen hexadecimal digits over the engine's version and what every seed strategy scores."""
    strategies = seed_strategies()
    problem = Problem.seal(_candles(), SplitRule(), CostModel(taker_fee=0.0005), "sharpe")
    evaluations = Scorer(problem).evaluate([strategies[name].genome({}) for name in strategies])
    versions = [(name, strategy.version) for name, strategy in strategies.items()]
    text = f"{ENGINE_VERSION}|{versions}|{[(one.scored, one.error) for one in evaluations]}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _candles() -> Candles:
    """Return candles from whole numbers and divisions alone, which every machine computes alike."""
    k = np.arange(_CANDLES)
    opened = 100 + ((k * 7_919) % 1_013) / 50 + ((k // 200) % 5) * 2
    close = opened + ((k * 104_729) % 13 - 6) / 10
    high, low = np.maximum(opened, close) + 0.5, np.minimum(opened, close) - 0.5
    volume = 10 + (k * 31) % 97 / 7
    funding = np.where(k % 8 == 0, ((k * 17) % 11 - 5) / 100_000, 0.0)
    return Candles("PROBE", "1h", k * _HOUR, opened, high, low, close, volume, funding, synthetic=True)
