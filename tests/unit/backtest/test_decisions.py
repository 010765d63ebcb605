"""Decisions for other programs: what a backtest trades, from the past alone, with few packages."""

import subprocess
import sys

import numpy as np
import pytest

from genepool.backtest.decisions import decisions
from genepool.backtest.detailed import backtest
from genepool.errors import InvalidCandles
from genepool.market.costs import CostModel
from genepool.strategies import seed_strategies
from tests.fakes.markets import random_market, without

MARKET = random_market(5, 1_300)
RISK = {"atr_stop": 2.0, "atr_target": 3.0, "trend_filter": 50.0, "volatility_target": 0.5}
SEEDS = list(seed_strategies())


@pytest.mark.parametrize("name", SEEDS)
def test_a_change_of_what_is_wanted_is_what_a_backtest_trades_at_the_next_open(name: str) -> None:
    decided = decisions(name, {}, MARKET)
    result = backtest(MARKET, seed_strategies()[name].genome(), CostModel())
    changes = np.flatnonzero(np.diff(decided.wanted, prepend=0.0)) + 1
    traded = [
        stamp for stamp, why in zip(result.fills.stamps, result.fills.reasons, strict=True) if why == "signal"
    ]
    assert set(traded) == set(MARKET.stamps[changes[changes < len(MARKET)]])
    assert traded


@pytest.mark.parametrize("name", SEEDS)
def test_what_is_decided_at_a_close_knows_no_later_candle(name: str) -> None:
    whole = decisions(name, RISK, MARKET)
    for count in (700, 1_000, 1_299):
        then = decisions(name, RISK, MARKET.slice(0, count))
        assert np.array_equal(then.wanted, whole.wanted[:count])
        assert np.array_equal(then.average_true_range, whole.average_true_range[:count])


def test_leverage_bounds_what_is_wanted() -> None:
    # Where the target is far above what moves, the bound alone decides.
    genes = {"volatility_target": 1.0}
    assert np.abs(decisions("ema_crossover", genes, MARKET, 3.0).wanted).max() > 1.0
    assert np.abs(decisions("ema_crossover", genes, MARKET, 1.0).wanted).max() == 1.0


def test_a_market_that_lacks_a_column_is_refused_by_name() -> None:
    with pytest.raises(InvalidCandles, match="needs the column funding"):
        decisions("funding_rate_carry", {}, without(MARKET, "funding"))


# Finds no package but those that an environment of another program must have.
BARE = """
import sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names | {"genepool", "numpy", "numba", "llvmlite"}:
            raise ModuleNotFoundError(f"No module named {top!r}", name=top)

sys.meta_path.insert(0, Finder())
"""


def test_numpy_numba_and_llvmlite_are_enough() -> None:
    program = (
        BARE + "import numpy as np\nfrom genepool.market.candles import Candles\n"
        "from genepool.backtest.decisions import decisions\n"
        "price, stamps = 100 + np.arange(300) % 7.0, np.arange(300) * 3_600 * 10**9\n"
        "candles = Candles('X', '1h', stamps, price, price, price, price)\n"
        "print(len(decisions('ema_crossover', {}, candles).wanted))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("300\n", "")
