"""What older candles decide: a side that is held from before the lookback, and nothing once both have it."""

from pathlib import Path

import numpy as np

from genepool.backtest.detailed import Backtest, backtest
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.strategies import seed_strategies

_HOUR = 3_600_000_000_000
PAGES = Path(__file__).parents[3] / "docs"


def held_full() -> Candles:
    """Return 290 candles that leap by a tenth after the hundredth, and else creep upwards."""
    leap = np.where(np.arange(290) < 95, 0.0, 10.0)
    close = np.asarray(100 + 0.001 * np.arange(290) + leap, dtype=np.float64)
    opened = np.append(100.0, close[:-1])
    high, low = np.maximum(opened, close) + 0.01, np.minimum(opened, close) - 0.01
    return Candles("W", "1h", _HOUR * np.arange(290), opened, high, low, close)


def traded(candles: Candles, start: int) -> Backtest:
    genome = seed_strategies()["sma_trend_filter"].genome({"period": 10, "band": 0.05})
    return backtest(candles, genome, CostModel(), start)


def test_held_full_and_held_cut_csv_differ_in_a_side_that_was_taken_long_before() -> None:
    full = held_full()
    cut = full.slice(100, 290)
    assert traded(full, 200).measures.trades == 1
    assert traded(full, 200).measures.exposure == 1
    assert traded(cut, 100).measures.trades == 0


def test_the_pages_say_so() -> None:
    for page in ("adding-a-strategy.md", "adr/0007-learning-seeds-in-numba.md", "execution.md"):
        text = " ".join((PAGES / page).read_text().split())
        assert "side" in text
        assert "candles from before it make no difference." not in text
        assert "it is the one place where that is so" not in text
