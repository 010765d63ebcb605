"""Candles to be drawn: in as many buckets as a picture has room for, with the gaps between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.errors import ConfigError
from genepool.market.candles import Candles
from genepool.market.gaps import chosen_calendar, gaps_between
from genepool.market.moments import timestamp
from genepool.market.timeframes import timeframe_nanoseconds
from genepool.usecases.datasets import Shelf
from genepool.usecases.document import Document

MOST_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class PreviewGap(Document):
    """A hole: when its first missing candle would open, when the next candle opens, how many are missing.

    ``expected`` says whether the calendar of the market explains it.
    """

    first: str
    until: str
    missing: int
    expected: bool


@dataclass(frozen=True, slots=True)
class CandlePreview(Document):
    """Candles in buckets: the first one's open, the highest high, the lowest low, the last one's close.

    Parameters
    ----------
    opened
        When the first candle of each bucket opens.
    volume
        Sum over each bucket; None where the source has none.
    """

    name: str
    symbol: str
    timeframe: str
    candles: int
    synthetic: bool
    opened: Sequence[str]
    open: Sequence[float]
    high: Sequence[float]
    low: Sequence[float]
    close: Sequence[float]
    volume: Sequence[float] | None
    gaps: Sequence[PreviewGap]


def preview_candles(word: str, points: int, shelf: Shelf) -> CandlePreview:
    """Return the candles of a sample, an import or a synthetic market in at most so many buckets.

    Raises
    ------
    ConfigError
        When the number of points is impossible, or a word stands for nothing that has a name.
    DataError
        When the data set is damaged.
    """
    if not 1 <= points <= MOST_POINTS:
        raise ConfigError(f"{points} points cannot be drawn: give 1 to {MOST_POINTS:,}")
    return preview_of(shelf.name_of(word) or word, shelf.read(word).candles, points)


def preview_of(name: str, candles: Candles, points: int) -> CandlePreview:
    """Return candles in at most so many buckets.

    Parameters
    ----------
    name
        What they are called.
    candles
        The candles.
    points
        At least 1.
    """
    count = min(points, len(candles))
    starts = np.arange(count) * len(candles) // count
    ends = np.append(starts[1:], len(candles)) - 1
    volume = candles.volume
    return CandlePreview(
        name=name,
        symbol=candles.symbol,
        timeframe=candles.timeframe,
        candles=len(candles),
        synthetic=candles.synthetic,
        opened=[timestamp(int(stamp)) for stamp in candles.stamps[starts]],
        open=candles.open[starts].tolist(),
        high=np.maximum.reduceat(candles.high, starts).tolist(),
        low=np.minimum.reduceat(candles.low, starts).tolist(),
        close=candles.close[ends].tolist(),
        volume=None if volume is None else np.add.reduceat(volume, starts).tolist(),
        gaps=_gaps(candles),
    )


def _gaps(candles: Candles) -> list[PreviewGap]:
    step, stamps = timeframe_nanoseconds(candles.timeframe), candles.stamps
    found = gaps_between(stamps, step, chosen_calendar(stamps, step))
    return [
        PreviewGap(
            timestamp(int(stamps[after]) + step),
            timestamp(int(stamps[after + 1])),
            int(missing),
            bool(expected),
        )
        for after, missing, expected in zip(found.after, found.missing, found.expected, strict=True)
    ]
