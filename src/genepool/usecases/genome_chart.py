"""The candles that a genome traded on, in as many as a picture shows, with what it did on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.backtest.detailed import Backtest
from genepool.market.candles import Candles, IntArray
from genepool.usecases.document import Document
from genepool.usecases.genome_of_run import Which, placed
from genepool.usecases.past_run import PastRun

CANDLES_AT_MOST = 400
MARKS_AT_MOST = 400
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class TradeMark(Document):
    """One end of a trade: when, at which price, which side it is of, and what the trade made."""

    time: int
    price: float
    side: int
    result: float


@dataclass(frozen=True, slots=True)
class GenomeChart(Document):
    """Candles, joined where there are too many, and the entries and exits among them.

    Parameters
    ----------
    times
        Openings, in unix seconds.
    joined
        How many candles of the market each of them is made of, the last one excepted.
    marks_left_out
        How many ends of trades are not among them: a narrower span shows all.
    """

    times: Sequence[int]
    open: Sequence[float]
    high: Sequence[float]
    low: Sequence[float]
    close: Sequence[float]
    joined: int
    entries: Sequence[TradeMark]
    exits: Sequence[TradeMark]
    marks_left_out: int


def genome_chart(past: PastRun, which: Which, start: int = 0, stop: int = 2**40) -> GenomeChart:
    """Return the visible candles of a span with a genome's entries and exits.

    Parameters
    ----------
    past
        The run.
    which
        Place or fingerprint.
    start, stop
        The span in unix seconds, ``stop`` excluded.

    Raises
    ------
    GenomeNotFound
        When there is no such genome.
    DataError
        When its candles are not there, or are not what the run began with.
    """
    _, individual = placed(past, which)
    candles = past.plan().problem.candles
    first, last = np.searchsorted(candles.stamps, [start * _SECOND, stop * _SECOND]).tolist()
    places = range(first, last)
    width = -(-len(places) // CANDLES_AT_MOST) or 1
    phases = past.traded(individual.genome)
    entries, exits = (_marks(phases, end, start * _SECOND, stop * _SECOND) for end in ("entry", "exit"))
    shown = min(MARKS_AT_MOST, len(entries)), min(MARKS_AT_MOST, len(exits))
    return GenomeChart(
        *_joined(candles, np.arange(first, last, width, dtype=np.int64), last),
        width,
        _spread(entries, shown[0]),
        _spread(exits, shown[1]),
        len(entries) + len(exits) - sum(shown),
    )


def _joined(
    candles: Candles, starts: IntArray, stop: int
) -> tuple[list[int], list[float], list[float], list[float], list[float]]:
    if not len(starts):
        return [], [], [], [], []
    ends = np.append(starts[1:], stop) - 1
    visible = slice(0, stop)
    return (
        (candles.stamps[starts] // _SECOND).tolist(),
        candles.open[starts].tolist(),
        np.maximum.reduceat(candles.high[visible], starts).tolist(),
        np.minimum.reduceat(candles.low[visible], starts).tolist(),
        candles.close[ends].tolist(),
    )


def _marks(phases: Sequence[tuple[str, Backtest]], end: str, start: int, stop: int) -> list[TradeMark]:
    return [
        TradeMark(stamp // _SECOND, price, 1 if side > 0 else -1, result)
        for _, backtest in phases
        for stamp, price, side, result in zip(
            getattr(backtest.trades, f"{end}_stamps").tolist(),
            getattr(backtest.trades, f"{end}_prices").tolist(),
            backtest.trades.sides.tolist(),
            backtest.trades.results.tolist(),
            strict=True,
        )
        if start <= stamp < stop
    ]


def _spread(marks: Sequence[TradeMark], count: int) -> list[TradeMark]:
    """Return so many of the marks, spread evenly."""
    if not count:
        return []
    return [marks[place] for place in np.linspace(0, len(marks) - 1, count).astype(int).tolist()]
