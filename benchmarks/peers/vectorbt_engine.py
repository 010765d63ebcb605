"""vectorbt's ``Portfolio.from_signals``, with the numba or the rust engine, in pieces of a million cells."""

import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from benchmarks.peers.signals import BoolArray, Indicators, before, pieces, signals
from benchmarks.peers.work import EXPOSURE, FEE, Answers
from genepool.genome import Genome
from genepool.market.candles import Candles, FloatArray
from genepool.risk_genes import ATR_PERIOD

CELLS = 1_000_000
# Of the cash, the fee paid out of it too: so it buys what GenePool buys.
_SIZE = EXPOSURE * (1 + FEE)


def evaluate(candles: Candles, genomes: Sequence[Genome], engine: str) -> Answers:
    """Return what vectorbt says of each genome."""
    import pandas as pd  # noqa: PLC0415 - takes seconds, and is measured as an import
    import vectorbt as vbt  # noqa: PLC0415 - as above

    warnings.simplefilter("ignore")
    close = pd.Series(candles.close, index=pd.to_datetime(candles.stamps))
    of, stops = _indicators(vbt, candles, close, engine), _true_range(vbt, candles, engine)
    trades, returns = list[int](), list[float]()
    for piece in pieces(genomes, CELLS, len(candles)):
        wanted = [signals(candles, genome, of) for genome in piece]
        entries = _next(np.column_stack([one[0] for one in wanted]))
        exits = _next(np.column_stack([one[1] for one in wanted]))
        portfolio = vbt.Portfolio.from_signals(
            close, entries, exits, price=candles.open[:, None], size=_SIZE, size_type="percent",
            fees=FEE, init_cash=1.0, freq="1h", engine=engine, **_stopped(candles, piece, stops),
        )  # fmt: skip
        trades += portfolio.trades.count().tolist()
        returns += portfolio.total_return().tolist()
        # What a search needs of each: vectorbt computes it when it is asked for.
        portfolio.sharpe_ratio()
        portfolio.max_drawdown()
    return Answers(trades, returns)


def _next(level: BoolArray) -> BoolArray:
    return np.vstack([np.zeros((1, level.shape[1]), bool), level[:-1]])


def _stopped(candles: Candles, piece: Sequence[Genome], true_range: FloatArray) -> dict[str, Any]:
    distances = np.array([genome.values["atr_stop"] for genome in piece])  # noqa: PD011 - no table
    if not distances.any():
        return {}
    return {
        "sl_stop": distances * (before(true_range) / candles.open)[:, None],
        "open": candles.open[:, None], "high": candles.high[:, None], "low": candles.low[:, None],
        "stop_entry_price": "fillprice",
    }  # fmt: skip


def _true_range(vbt: Any, candles: Candles, engine: str) -> FloatArray:  # noqa: ANN401 - no types
    # Its exponential windows are spans: Wilder's period n is a span of 2 n - 1.
    window = 2 * ATR_PERIOD - 1
    found: FloatArray = vbt.ATR.run(
        candles.high, candles.low, candles.close, window, ewm=True, engine=engine
    ).atr.to_numpy()
    return found.reshape(len(candles))


def _indicators(vbt: Any, candles: Candles, close: Any, engine: str) -> Indicators:  # noqa: ANN401 - no types
    import pandas as pd  # noqa: PLC0415 - as above

    high, low = pd.Series(candles.high), pd.Series(candles.low)
    return Indicators(
        ema=cache(lambda n: _flat(vbt.MA.run(close, n, ewm=True, engine=engine).ma)),
        rsi=cache(lambda n: _flat(vbt.RSI.run(close, 2 * n - 1, ewm=True, engine=engine).rsi)),
        mean=cache(lambda n: _flat(vbt.MA.run(close, n, engine=engine).ma)),
        deviation=cache(lambda n: _flat(close.vbt.rolling_std(n, ddof=0))),
        highest=cache(lambda n: _flat(high.vbt.rolling_max(n))),
        lowest=cache(lambda n: _flat(low.vbt.rolling_min(n))),
    )


def _flat(found: Any) -> FloatArray:  # noqa: ANN401 - no types
    column: FloatArray = np.asarray(found, dtype=np.float64).reshape(-1)
    return column
