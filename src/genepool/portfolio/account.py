"""One account for all bots: its equity, its margin, and the venue that closes it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from genepool.market.arrays import BoolArray, FloatArray, IntArray
from genepool.portfolio.alignment import JoinedReturns
from genepool.portfolio.clocks import edges
from genepool.portfolio.records import BotRecord, common_spans


@dataclass(frozen=True, slots=True, eq=False)
class JointPeriods:
    """What the account did in each period, in multiples of its equity when the period began; shape (n,).

    Parameters
    ----------
    returns
        At the end of the period; where the venue closed the account, what was left then, less 1.
    lows
        Lowest equity at any close of a candle, less 1; never above the return.
    exposures
        Largest sum of the bots' notionals over equity at any close.
    margins
        Largest share of equity that the venue asks for as maintenance margin at any close.
    closed
        Whether the venue closed the account in the period.
    """

    returns: FloatArray
    lows: FloatArray
    exposures: FloatArray
    margins: FloatArray
    closed: BoolArray

    @property
    def kept(self) -> FloatArray:
        """Returns of the account as time went: 0 after the venue closed it."""
        after = np.cumsum(self.closed) - self.closed > 0
        return np.where(after, 0.0, self.returns)


_COLUMNS = tuple(one.name for one in fields(JointPeriods))


def joint_periods(records: Sequence[BotRecord], shares: FloatArray, joined: JoinedReturns) -> JointPeriods:
    """Trade bots in one account that goes back to its shares at the beginning of each period.

    Between, every bot trades its part as it did alone. Opposite positions of two bots are not netted: each
    asks for its own margin.

    Parameters
    ----------
    records
        The bots.
    shares
        Of the account's equity, shape (bots,); what is not shared out is cash.
    joined
        Over which periods.
    """
    parts = []
    for first, last in common_spans(records):
        marks = edges(joined.clock, first, last)
        if len(marks) > 1:
            parts.append(_span(records, shares, first, last, marks))
    return JointPeriods(*(np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS))


def _span(
    records: Sequence[BotRecord], shares: FloatArray, first: int, last: int, marks: IntArray
) -> JointPeriods:
    """Trade over one span that all share."""
    stretches = [record.over(first, last) for record in records]
    # The end of each period is a stamp of its own: a candle need not close there.
    stamps = np.unique(np.concatenate([*(one.closes for one in stretches), marks]))
    stamps = stamps[(stamps > marks[0]) & (stamps <= marks[-1])]
    period = np.searchsorted(marks, stamps, side="left") - 1
    equity, notional, margin = np.ones(len(stamps)), np.zeros(len(stamps)), np.zeros(len(stamps))
    for record, stretch, share in zip(records, stretches, shares.tolist(), strict=True):
        before = stretch.equity_at(marks)[period]
        value = np.where(before > 0, stretch.equity_at(stamps) / np.where(before > 0, before, 1.0), 1.0)
        equity += share * (value - 1.0)
        held = share * value * np.abs(stretch.exposure_at(stamps))
        notional += held
        margin += held * record.maintenance_margin
    begins = np.searchsorted(period, np.arange(len(marks) - 1))
    return _periods(equity, notional, margin, begins)


def _periods(equity: FloatArray, notional: FloatArray, margin: FloatArray, begins: IntArray) -> JointPeriods:
    safe = np.where(equity > 0, equity, np.inf)
    called = (equity <= margin) & ((margin > 0) | (equity <= 0))
    places = np.arange(len(equity))
    first_call = np.minimum.reduceat(np.where(called, places, len(equity)), begins)
    closed = first_call < len(equity)
    ends = np.append(begins[1:], len(equity)) - 1
    final = np.where(closed, np.minimum(first_call, ends), ends)
    returns = np.maximum(equity[final], 0.0) - 1.0
    lows = np.maximum(np.minimum.reduceat(equity, begins), 0.0) - 1.0
    # What a closed account would have done later in the period does not happen to it.
    lows = np.minimum(np.where(closed, returns, lows), returns)
    exposures = np.maximum.reduceat(notional / safe, begins)
    margins = np.maximum.reduceat(margin / safe, begins)
    return JointPeriods(returns, np.minimum(lows, 0.0), exposures, margins, closed)
