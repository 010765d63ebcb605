"""raptorbt's ``batch_single_backtest`` on one thread; its stops and its average's start differ from ours."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from benchmarks.peers.signals import Indicators, pieces, signals
from benchmarks.peers.work import FEE, Answers
from genepool.genome import Genome
from genepool.market.candles import Candles
from genepool.risk_genes import ATR_PERIOD

# Genomes whose results, equity curves among them, are held at a time.
_AT_ONCE = 64
_CAPITAL = 1e6


def evaluate(candles: Candles, genomes: Sequence[Genome]) -> Answers:
    """Return what raptorbt says of each genome; all of its capital is invested."""
    import raptorbt  # noqa: PLC0415 - optional, and measured as an import

    of = _indicators(raptorbt, candles)
    columns = (candles.stamps, candles.open, candles.high, candles.low, candles.close, candles.volume)
    trades, returns = list[int](), list[float]()
    for piece in pieces(genomes, _AT_ONCE * len(candles), len(candles)):
        items = []
        for genome in piece:
            wants_in, wants_out = signals(candles, genome, of)
            config = _config(raptorbt, candles, genome)
            items.append(raptorbt.BatchSingleItem(genome.fingerprint, wants_in, wants_out, config=config))
        for _, result in raptorbt.batch_single_backtest(*columns, items, _config(raptorbt, candles, None)):
            trades.append(int(result.metrics.total_trades))
            returns.append(result.metrics.total_return_pct / 100)
    return Answers(trades, returns)


def _config(raptorbt: Any, candles: Candles, genome: Genome | None) -> Any:  # noqa: ANN401 - no types
    config = raptorbt.BacktestConfig(
        initial_capital=_CAPITAL, fees=FEE, slippage=0.0, fill_timing="next_bar_open",
        periods_per_year=candles.candles_per_year,
    )  # fmt: skip
    if genome is not None and genome.values["atr_stop"]:
        config.set_atr_stop(float(genome.values["atr_stop"]), ATR_PERIOD)
    return config


def _indicators(raptorbt: Any, candles: Candles) -> Indicators:  # noqa: ANN401 - no types
    bands = cache(lambda n: raptorbt.bollinger_bands(candles.close, n, 1.0))
    return Indicators(
        ema=cache(lambda n: np.nan_to_num(raptorbt.ema(candles.close, n))),
        rsi=cache(lambda n: np.nan_to_num(raptorbt.rsi(candles.close, n), nan=50.0)),
        mean=lambda n: bands(n)[1],
        deviation=lambda n: bands(n)[0] - bands(n)[1],
        highest=cache(lambda n: np.nan_to_num(raptorbt.rolling_max(candles.high, n), nan=math.inf)),
        lowest=cache(lambda n: np.nan_to_num(raptorbt.rolling_min(candles.low, n), nan=-math.inf)),
    )
