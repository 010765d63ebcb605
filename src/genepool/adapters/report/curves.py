"""Numbers derived from equity: joined curves, drawdowns and monthly returns."""

from collections.abc import Sequence

import numpy as np

from genepool.adapters.report.charts.time_ticks import moment
from genepool.backtest.stretches import Stretch, joined
from genepool.market.candles import FloatArray


def drawdown(equity: FloatArray) -> FloatArray:
    """Return how far equity is below its peak so far, as a share of the peak: 0 or below.

    The peak counts the opening equity of 1 too.
    """
    peaks = np.maximum(np.maximum.accumulate(equity), 1.0) if len(equity) else equity
    return np.asarray(equity / peaks - 1.0, dtype=np.float64)


def monthly_returns(stretches: Sequence[Stretch]) -> dict[tuple[int, int], float]:
    """Return each month's simple return by (year, month); months without candles are not there."""
    stamps, equity = joined(stretches)
    last: dict[tuple[int, int], float] = {}
    months = stamps.astype("datetime64[ns]").astype("datetime64[M]").astype(np.int64)
    ends = np.flatnonzero(np.diff(months, append=np.int64(-1)))
    for end in ends.tolist():
        time = moment(int(stamps[end]))
        last[time.year, time.month] = float(equity[end])
    returns, before = {}, 1.0
    for month, value in last.items():
        returns[month] = value / before - 1.0 if before > 0 else 0.0
        before = value
    return returns


def yearly_returns(months: dict[tuple[int, int], float]) -> dict[int, float]:
    """Compound months to years."""
    years: dict[int, float] = {}
    for (year, _), value in months.items():
        years[year] = (1.0 + years.get(year, 0.0)) * (1.0 + value) - 1.0
    return years


def first_out_of_sample_month(stretches: Sequence[Stretch]) -> tuple[int, int] | None:
    """Return the month in which the walk-forward span begins; None when there is none."""
    stamps = [int(stretch.stamps[0]) for stretch in stretches if stretch.out_of_sample]
    if not stamps:
        return None
    time = moment(min(stamps))
    return time.year, time.month
