"""What a look over candles shows: numbers for people to judge a data set by, none of them a refusal."""

from dataclasses import dataclass, field

import numpy as np

from genepool.market.candles import PRICE_COLUMNS, Candles, FloatArray
from genepool.market.closed_days import ClosedDays, closed_days
from genepool.market.closed_hours import closed_candles
from genepool.market.gaps import chosen_calendar, gaps_between
from genepool.market.splits import split_jumps
from genepool.market.timeframes import timeframe_nanoseconds

# Sources that glue two downloads together repeat candles at the seam.
_FARTHEST_REPEAT = 24
# A return this many times the median one is worth a look: a bad tick, a split or a crash.
_JUMP = 50.0


@dataclass(frozen=True, slots=True)
class Survey:
    """Facts about candles.

    ``volatility`` is the annualised standard deviation of close-to-close returns (n - 1).
    ``unexpected_gaps`` are those that weekends and holidays do not explain in a market that has them;
    nights, short days and holidays of a market with sessions are no gaps at all.
    ``closed_flats`` counts flat candles without volume of hours when the market is closed every week,
    ``split_jumps`` what looks like splits that the prices do not hold.
    ``closures`` are the weekdays without a candle in a market that rests at weekends.
    ``zero_volume`` and ``repeated`` count candles without trades and candles that equal one of the 24
    before in every column; ``jumps`` counts returns beyond 50 times the median size. ``funding_paid``
    is the sum of the funding column, None without one.
    """

    candles_per_year: float
    gaps: int
    unexpected_gaps: int
    missing: int
    longest_gap: int
    lowest: float
    highest: float
    volatility: float
    zero_volume: int
    repeated: int
    jumps: int
    funding_paid: float | None
    closed_flats: int = 0
    split_jumps: int = 0
    closures: ClosedDays = field(default_factory=ClosedDays)


def survey(candles: Candles) -> Survey:
    """Look over candles.

    Parameters
    ----------
    candles
        At least two.
    """
    step = timeframe_nanoseconds(candles.timeframe)
    gaps = gaps_between(candles.stamps, step, chosen_calendar(candles.stamps, step))
    returns = np.diff(candles.close) / candles.close[:-1]
    deviation = float(np.std(returns, ddof=1)) if len(returns) > 1 else 0.0
    return Survey(
        candles_per_year=candles.candles_per_year,
        gaps=len(gaps.missing),
        unexpected_gaps=int(np.count_nonzero(~gaps.expected)),
        missing=int(gaps.missing.sum()),
        longest_gap=int(gaps.missing.max(initial=0)),
        lowest=float(candles.low.min()),
        highest=float(candles.high.max()),
        volatility=deviation * candles.candles_per_year**0.5,
        zero_volume=0 if candles.volume is None else int(np.count_nonzero(candles.volume == 0)),
        repeated=_repeated(candles),
        jumps=_jumps(returns),
        funding_paid=None if candles.funding is None else float(candles.funding.sum()),
        closed_flats=int(np.count_nonzero(closed_candles(candles, timeframe_nanoseconds(candles.timeframe)))),
        split_jumps=len(split_jumps(candles)),
        closures=closed_days(candles),
    )


def _repeated(candles: Candles) -> int:
    """Count the moving candles that equal one of those shortly before in every column."""
    columns = [getattr(candles, name) for name in PRICE_COLUMNS]
    columns += [] if candles.volume is None else [candles.volume]
    repeated = np.zeros(len(candles), dtype=bool)
    for lag in range(1, min(_FARTHEST_REPEAT, len(candles) - 1) + 1):
        same = candles.high[lag:] > candles.low[lag:]
        for column in columns:
            same &= column[lag:] == column[:-lag]
        repeated[lag:] |= same
    return int(np.count_nonzero(repeated))


def _jumps(returns: FloatArray) -> int:
    sizes = np.abs(returns)
    median = float(np.median(sizes))
    return int(np.count_nonzero(sizes > _JUMP * median)) if median > 0 else 0
