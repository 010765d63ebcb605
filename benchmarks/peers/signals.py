"""Entries and exits of the mixed genomes as the columns that vectorbt and raptorbt want."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.peers.work import lookback_of
from genepool.genome import Genome
from genepool.market.candles import Candles, FloatArray
from genepool.strategies import Genes

BoolArray = npt.NDArray[np.bool_]


class Indicators(NamedTuple):
    """An engine's own indicators of one market: each takes a period and returns a column."""

    ema: Callable[[int], FloatArray]
    rsi: Callable[[int], FloatArray]
    # Average and deviation of the close.
    mean: Callable[[int], FloatArray]
    deviation: Callable[[int], FloatArray]
    # Highest high and lowest low of so many candles, the current one among them.
    highest: Callable[[int], FloatArray]
    lowest: Callable[[int], FloatArray]


def signals(candles: Candles, genome: Genome, of: Indicators) -> tuple[BoolArray, BoolArray]:
    """Return at which closes a genome begins to want a position, and ends to; a stop changes neither."""
    wants_in, wants_out = _RULES[genome.strategy](candles, genome.values, of)
    told = np.where(wants_in | wants_out, np.arange(len(wants_in)), 0)
    held = wants_in[np.maximum.accumulate(told)]
    held[: lookback_of(genome)] = False
    return _edge(held), _edge(~held)


def _edge(level: BoolArray) -> BoolArray:
    begins = level.copy()
    begins[1:] &= ~level[:-1]
    return begins


def before(values: FloatArray) -> FloatArray:
    """Return the values of the candle before."""
    return np.concatenate([[np.nan], values[:-1]])


def pieces(genomes: Sequence[Genome], cells: int, candles: int) -> list[Sequence[Genome]]:
    """Divide genomes so that a piece has about so many cells."""
    size = max(cells // candles, 1)
    return [genomes[k : k + size] for k in range(0, len(genomes), size)]


def _crossover(_candles: Candles, genes: Genes, of: Indicators) -> tuple[BoolArray, BoolArray]:
    fast, slow = of.ema(int(genes["fast"])), of.ema(int(genes["slow"]))
    return fast > slow, fast < slow


def _strength(_candles: Candles, genes: Genes, of: Indicators) -> tuple[BoolArray, BoolArray]:
    level = of.rsi(int(genes["period"]))
    return level < genes["oversold"], level >= genes["exit"]


def _band(candles: Candles, genes: Genes, of: Indicators) -> tuple[BoolArray, BoolArray]:
    mean, deviation = of.mean(int(genes["period"])), of.deviation(int(genes["period"]))
    away = candles.close - mean
    return away < -genes["width"] * deviation, away >= -genes["exit"] * deviation


def _channel(candles: Candles, genes: Genes, of: Indicators) -> tuple[BoolArray, BoolArray]:
    top, bottom = before(of.highest(int(genes["entry"]))), before(of.lowest(int(genes["exit"])))
    return candles.close > top, candles.close < bottom


_RULES = {
    "ema_crossover": _crossover,
    "rsi_filter": _strength,
    "bollinger_bands": _band,
    "donchian_breakout": _channel,
}
